"""The data of the catalog's scripts, as script files, since fetch() does not work from file://.

A long catalog is cut into parts of PART models, so that a changed model changes the files of one part only. Each part
has a first index, a second one that is loaded with the first search, and files of values and of runs that are loaded on
demand. Values are stored in columns; `sitegen.site.columns` says how.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

import orjson

from sitegen.analysis.metric_direction import Direction, direction
from sitegen.core.fingerprint import fingerprint
from sitegen.core.memoize import memoize_by_identity
from sitegen.site.columns import Column, file_of, make_column, sparse_columns
from sitegen.site.json_api import dumps
from sitegen.site.model_pages import Page
from sitegen.site.run_scripts import run_files, run_scripts
from sitegen.site.summary import Summary

PART = 2000
"""Models of one part."""

MAX_FILE = 100_000
"""About the bytes of one file of values."""

MAX_KEYS = 300
"""Metrics and hyperparameters, each, that the first index lists; a query finds the others, too."""

MAX_TAG = 200
"""Characters of a tag's value up to which its column is in the first index."""

Directions = tuple[tuple[str, Direction], ...]


def part_count(models: int) -> int:
    """How many parts a catalog of so many models has."""
    return -(-models // PART)


def script_path(name: str, number: int) -> str:
    """Path of a file of the n-th part, counted from 1."""
    return f"catalog/{name}-{number}.js"


def catalog_scripts(summaries: Sequence[Summary], directions: Directions, base: bytes) -> Iterator[Page]:
    """The files of all parts."""
    for number in range(1, part_count(len(summaries)) + 1):
        part = tuple(summaries[(number - 1) * PART : number * PART])
        mark = fingerprint(base, str(number), b"".join(summary.digest for summary in part))
        yield Page(script_path("index", number), mark, partial(_index_script, part, number, directions))
        yield Page(script_path("text", number), mark, partial(_text_script, part, number))
        for place in range(_value_files(part)):
            yield Page(script_path(f"values-{place}", number), mark, partial(_values_script, part, number, place))
        yield from run_scripts(part, number, base)


def _value_files(part: Sequence[Summary]) -> int:
    """How many files hold the values of a part."""
    return -(-sum(summary.values_size for summary in part) // MAX_FILE)


Record = dict[str, Any]


@memoize_by_identity(1)
def _records(part: tuple[Summary, ...]) -> list[Record]:
    """The records of a part. Cached, since several files are made of them."""
    return [orjson.loads(summary.record) for summary in part]


def _index_script(part: tuple[Summary, ...], number: int, directions: Directions) -> bytes:
    """The first index: what the table shows without being asked, and what a search looks through first."""
    records = _records(part)
    places: dict[str, int] = {}
    signatures = [places.setdefault(record["signature"], len(places)) for record in records]
    index: dict[str, Any] = {
        "models": len(records),
        "columns": {key: make_column([record["index"][key] for record in records]) for key in records[0]["index"]},
        "signature": make_column(signatures),
        "signatures": [orjson.Fragment(text) for text in places],
        "tags": {kind: _short_columns(records, kind) for kind in ("tags", "model_tags")},
        "metrics": [[key, count, direction(key, directions) or ""] for key, count in _common_keys(records, "metrics")],
        "params": _common_keys(records, "params"),
        "files": _value_files(part),
        "run_files": run_files(part),
    }
    return _call("index", number, index)


def _text_script(part: tuple[Summary, ...], number: int) -> bytes:
    """The second index: descriptions, cards, outputs, and inputs that the first one leaves out."""
    texts = [record["text"] for record in _records(part)]
    return _call("text", number, [make_column([text[place] for text in texts]) for place in range(4)])


def _values_script(part: tuple[Summary, ...], number: int, place: int) -> bytes:
    """The columns of the keys that belong to one file."""
    return _call("values", number, {"file": place, "columns": _value_columns(part)[place]})


@memoize_by_identity(1)
def _value_columns(part: tuple[Summary, ...]) -> list[list[tuple[str, str, Column]]]:
    """Kind, key and column of all values, by the file that they belong to."""
    records, files = _records(part), _value_files(part)
    columns: list[list[tuple[str, str, Column]]] = [[] for _ in range(files)]
    for kind in ("metrics", "params", "attributes"):
        for key, column in sparse_columns([record[kind] for record in records]):
            columns[file_of(kind, key, files)].append((kind, key, column))
    for kind in ("tags", "model_tags"):
        for key, column in sparse_columns([record[kind] for record in records]):
            if _is_long(column):
                columns[file_of(kind, key, files)].append((kind, key, column))
    return columns


def _short_columns(records: Sequence[Record], kind: str) -> dict[str, Column | None]:
    """The columns of tags; null for those with long values, which are in the files of values."""
    return {
        key: None if _is_long(column) else column
        for key, column in sparse_columns([record[kind] for record in records])
    }


def _is_long(column: Column) -> bool:
    values = column if isinstance(column, list) else column["v"]
    return any(len(value) > MAX_TAG for value in values if value is not None)


def _common_keys(records: Sequence[Record], kind: str) -> list[tuple[str, int]]:
    """The keys that most models have, with the number of models."""
    counts = Counter(chain.from_iterable(record[kind] for record in records))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_KEYS]


def _call(name: str, number: int, data: object) -> bytes:
    """A classic script that hands its data to the catalog."""
    return b"window.sitegenCatalog.%s(%d,%s);\n" % (name.encode(), number - 1, dumps(data))
