"""Values in columns, the form in which scripts load the data of long tables: compact, and quick to search and sort."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Column = list[Any] | dict[str, list[Any]]
"""The values of all rows: one a row, or the distinct values `v` with the place `i` of each row's value among them, or a
few values `v` of the rows at the places `at`. null: the row has none. templates/assets/common/columns.js reads them."""


def make_column(values: list[Any]) -> Column:
    """Values as a column, with a dictionary where that is shorter."""
    keys = [repr(value) if isinstance(value, list | tuple) else value for value in values]
    distinct = dict(zip(keys, values, strict=True))
    if len(distinct) == 1:
        return {"v": list(distinct.values())}
    if len(distinct) * 2 >= len(values):
        return values
    places = {key: place for place, key in enumerate(distinct)}
    return {"v": list(distinct.values()), "i": [places[key] for key in keys]}


def sparse_columns(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Column]]:
    """The columns of the keys that any row has; of a rare key only the rows that have it are listed."""
    found: dict[str, tuple[list[int], list[Any]]] = {}
    for place, row in enumerate(rows):
        for key, value in row.items():
            at, values = found.setdefault(key, ([], []))
            at.append(place)
            values.append(value)
    for key, (at, values) in sorted(found.items()):
        yield key, _from_places(at, values, len(rows))


def optional_column(values: Iterable[Any]) -> Column:
    """A column of values that may be None or empty; of a rare one only the rows that have it are listed."""
    every = [value or None for value in values]
    at = [place for place, value in enumerate(every) if value is not None]
    return _from_places(at, [every[place] for place in at], len(every))


def _from_places(at: list[int], values: list[Any], rows: int) -> Column:
    if len(at) * 3 < rows:
        return {"at": at, "v": values}
    known = dict(zip(at, values, strict=True))
    return make_column([known.get(place) for place in range(rows)])


def file_of(kind: str, key: str, files: int) -> int:
    """The file that has the column of a key, among so many files; scripts compute it, too."""
    return zlib.crc32(f"{kind}.{key}".encode("utf-8", "replace")) % files
