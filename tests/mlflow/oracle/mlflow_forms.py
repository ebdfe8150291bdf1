"""The documented forms of a call: one table or array as each form of Python object and of request that may carry it.

Runs in an interpreter that has MLflow and imports nothing of this repository.
"""

import base64
import datetime
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csc_matrix, csr_matrix

PYTHON_FORMS = ("dataframe", "dict", "records", "series", "ndarray", "list", "sparse")
JSON_KINDS = "biufOU"
"""Kinds of numpy's dtypes whose values JSON has."""

REST_FORMS = ("dataframe_split", "dataframe_records", "inputs", "instances", "csv")
FORMS = (*PYTHON_FORMS, *REST_FORMS)


@dataclass
class Sent:
    """What a caller sends in one form: an object for predict(), or the text of a request."""

    form: str
    data: object

    @property
    def over_rest(self) -> bool:
        """Whether it is the text of a request."""
        return self.form in REST_FORMS


def request(key: str, data: object) -> Sent:
    """A JSON request whose body has one key. Values that JSON does not have make an empty one, which no model takes."""
    try:
        return Sent(key, json.dumps({key: jsonable(data)}))
    except TypeError:
        return Sent(key, "")


# --- tables ----------------------------------------------------------------------------------------------------


def plain_table(frame: pd.DataFrame) -> Iterator[Sent]:
    """The two forms that carry any table."""
    yield Sent("dataframe", frame)
    rows = frame.to_numpy(dtype=object).tolist()
    yield request("dataframe_split", {"columns": list(frame.columns), "data": nulls(rows)})


@dataclass
class Table:
    """What the forms of a table depend on beside its values.

    `flat`: its columns hold no lists or mappings. `unnamed`: the schema has no names. `one_row`: MLflow takes a dict
    for one row, since the schema has arrays or objects.
    """

    frame: pd.DataFrame
    flat: bool
    unnamed: bool
    one_row: bool

    @property
    def columns(self) -> dict[object, list[object]]:
        """The columns as lists."""
        return {name: list(self.frame[name]) for name in self.frame}

    @property
    def rows(self) -> list[list[object]]:
        """The rows as lists."""
        return [list(row) for row in zip(*self.columns.values(), strict=True)]

    @property
    def records(self) -> list[dict[object, object]]:
        """The rows as dicts."""
        return [dict(zip(self.frame.columns, row, strict=True)) for row in self.rows]


def other_tables(table: Table) -> Iterator[Sent]:
    """The other forms of a table."""
    yield from python_tables(table)
    records, columns = nulls(table.records), nulls(table.columns)
    yield request("dataframe_records", records)
    if not table.one_row:
        yield request("inputs", columns)
        yield request("instances", records)
    if table.one_row or table.flat:
        yield request("inputs", records[-1])
    yield request("inputs", records)
    if len(columns) == 1:
        [only] = columns.values()
        yield request("inputs", only)
        if isinstance(only[-1], list | np.ndarray):
            yield request("inputs", only[-1])
        if not table.one_row:
            yield request("instances", only)
        if table.flat and table.unnamed:
            yield request("inputs", only[-1])
    elif table.unnamed:
        yield request("inputs", nulls(table.rows))
        yield request("instances", nulls(table.rows))
    if table.flat:
        yield Sent("csv", table.frame.map(jsonable).to_csv(index=False))


def python_tables(table: Table) -> Iterator[Sent]:
    """The objects that a Python caller may hand over instead of a DataFrame."""
    arrays = {name: table.frame[name].to_numpy() for name in table.frame}
    rows = [{name: items[i] for name, items in arrays.items()} for i in range(len(table.frame))]  # numpy's values
    if not table.one_row:
        yield Sent("dict", arrays)
        yield Sent("dict", table.columns)
    if table.one_row or table.flat:
        yield Sent("dict", table.records[-1])
        yield Sent("dict", rows[-1])
    yield Sent("records", table.records)
    yield Sent("records", rows)
    if len(arrays) == 1:
        [only] = table.columns.values()
        yield Sent("series", table.frame.iloc[:, 0])
        yield Sent("list", native(only))
        if table.unnamed:
            yield Sent("list", native(only[-1]))
    if table.unnamed:
        yield Sent("ndarray", table.frame.to_numpy())
        yield Sent("list", native(table.rows))


def null_tables(table: Table) -> Iterator[Sent]:
    """Forms of a table that has nulls."""
    yield from plain_table(table.frame)
    wanted = ("dict", "series", "dataframe_records", "inputs", "instances", "csv")
    yield from (sent for sent in other_tables(table) if sent.form in wanted)


def with_null(frame: pd.DataFrame, name: object) -> pd.DataFrame:
    """The table with a null in the last row of a column: as pandas writes it where the column has one of its own."""
    column = frame[name]
    empty = {"M": pd.NaT, "f": np.nan}.get(column.dtype.kind)
    items = [*column[:-1], empty]
    dtype = column.dtype if empty is not None else object
    return pd.DataFrame({other: pd.Series(items, dtype=dtype) if other == name else frame[other] for other in frame})


def native(data: object) -> object:
    """Plain Python values for numpy's."""
    match data:
        case dict():
            return {key: native(item) for key, item in data.items()}
        case list():
            return [native(item) for item in data]
        case np.generic() | np.ndarray():
            return data.tolist()
        case _:
            return data


def nulls(data: object) -> object:
    """NaN and NaT as the null that JSON has."""
    match data:
        case dict():
            return {key: nulls(item) for key, item in data.items()}
        case list():
            return [nulls(item) for item in data]
        case float() | np.floating() if data != data:
            return None
    return None if data is pd.NaT else data


# --- arrays ----------------------------------------------------------------------------------------------------


def arrays(named: dict[str | None, np.ndarray], *, plain: bool) -> Iterator[Sent]:
    """The forms of one array, or of several with names. `plain`: JSON has their values."""
    if None in named:
        yield from one_array(named[None])
    else:
        yield Sent("dict", named)
        yield request("inputs", named)
        yield request("instances", [dict(zip(named, row, strict=False)) for row in zip(*named.values(), strict=False)])
        if len(named) == 1:
            [only] = named.values()
            yield Sent("ndarray", only)
            yield request("inputs", only)
    if plain and all(data.ndim for data in named.values()):
        yield from cells({"a" if name is None else name: data for name, data in named.items()})


def one_array(data: np.ndarray) -> Iterator[Sent]:
    """The forms of an array without a name."""
    yield Sent("ndarray", data)
    yield request("inputs", data)
    yield request("instances", data)
    if data.ndim != 2:
        return
    with suppress(TypeError, ValueError):  # neither pandas nor scipy has all dtypes
        frame = pd.DataFrame(data)
        yield Sent("dataframe", frame)
        if data.dtype.kind not in "MmV":
            yield request("dataframe_split", {"columns": [f"c{i}" for i in frame], "data": data})
            yield request("dataframe_records", [{f"c{i}": item for i, item in enumerate(row)} for row in data])
    with suppress(TypeError, ValueError):
        yield Sent("sparse", csr_matrix(data))
        yield Sent("sparse", csc_matrix(data))


def cells(named: dict[str, np.ndarray]) -> Iterator[Sent]:
    """Arrays as columns of a table: a single value or a flat list in each cell."""
    columns = {
        name: list(data) if data.ndim == 1 else list(data.reshape(len(data), -1)) for name, data in named.items()
    }
    yield from columns_as_tables(columns)
    yield from columns_as_tables(
        {
            name: [item.tolist() if isinstance(item, np.ndarray) else item for item in items]
            for name, items in columns.items()
        }
    )


def columns_as_tables(columns: dict[str, list[object]]) -> Iterator[Sent]:
    """A DataFrame, a Series where there is one column, and the two forms of tables in JSON."""
    with suppress(TypeError, ValueError):
        frame = pd.DataFrame(columns)
        yield Sent("dataframe", frame)
        if len(columns) == 1:
            yield Sent("series", frame.iloc[:, 0])
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        yield request("dataframe_split", {"columns": list(columns), "data": rows})
        yield request("dataframe_records", [dict(zip(columns, row, strict=True)) for row in rows])


def null_arrays(named: dict[str | None, np.ndarray]) -> Iterator[Sent]:
    """Requests with a null in one of the arrays; numpy has none."""
    for name, data in named.items():
        if data.dtype.kind not in JSON_KINDS:
            continue
        lists = {other: jsonable(items) for other, items in named.items()} | {name: last_null(jsonable(data))}
        if name is None:
            yield request("inputs", lists[None])
            yield request("instances", lists[None])
            if data.ndim == 2:
                columns = [f"c{i}" for i in range(data.shape[1])]
                yield request("dataframe_split", {"columns": columns, "data": lists[None]})
            continue
        yield request("inputs", lists)
        if all(items.ndim == 1 for items in named.values()):
            rows = [list(row) for row in zip(*lists.values(), strict=False)]
            yield request("dataframe_split", {"columns": list(named), "data": rows})


def last_null(data: object) -> object:
    """A nested list whose last value is null."""
    return [*data[:-1], last_null(data[-1])] if isinstance(data, list) and data else None


# --- JSON ------------------------------------------------------------------------------------------------------


def jsonable(data: object) -> object:
    """What a REST client would send: base64 for bytes, ISO 8601 for dates, plain numbers and lists."""
    match data:
        case bytes():
            return base64.b64encode(data).decode()
        case datetime.date():  # so are datetimes and pandas' Timestamps
            return data.isoformat()
        case np.longdouble():
            return float(data)
        case np.ndarray() if data.dtype.kind == "M":
            return np.datetime_as_string(data).tolist()
        case np.ndarray() if data.dtype.kind == "m":
            return data.astype("int64").tolist()
        case np.ndarray() | np.generic() if not np.issubdtype(data.dtype, np.clongdouble):
            return jsonable(data.tolist())
        case dict():
            return {key: jsonable(item) for key, item in data.items()}
        case list():
            return [jsonable(item) for item in data]
        case _:
            return data
