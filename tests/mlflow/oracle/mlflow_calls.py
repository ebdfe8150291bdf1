"""Calls that fit a schema of MLflow's: what a Python caller hands over, and what a REST caller sends.

Runs in an interpreter that has MLflow and imports nothing of this repository.
"""

import base64
import datetime
import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd
from mlflow.types.schema import AnyType, Array, DataType, Map, Object, Property, Schema

VALUES = {
    "boolean": ([True, False], [False, True]),
    "integer": ([-7, 123456], [0, 1]),
    "long": ([-3, 5_000_000_000], [1, 0]),
    "float": ([0.5, -1.25], [0.0, 1.0]),
    "double": ([0.1, -1e30], [1.0, 0.0]),
    "string": (["a", "naïve"], ["0", "1"]),
    "binary": ([b"\x00\xffx", b"abc"], [b"0", b"1"]),
    "datetime": (
        [pd.Timestamp("2024-01-02T03:04:05"), pd.Timestamp("1999-12-31")],
        [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02")],
    ),
}
"""Two sets of values per scalar type: ordinary ones, and ones that many types can hold."""

ANYTHING = ([{"x": 1}, "text"], [2.5, [1, 2]])
KEYS = ("one key", "other key")
FILLS = ("full", "absent", "null", "absent leaves", "null leaves")
"""What becomes of optional properties; those that are objects are no leaves."""

PARAMS = {"boolean": True, "integer": 7, "long": 7, "float": 0.5, "double": 0.5, "string": "text"}


@dataclass
class Call:
    """One call. `payload` is None where REST has no like of it; `parts` are the inputs and properties that it fills."""

    label: str
    data: object
    payload: object
    parts: frozenset[str]


def calls(schema: Schema) -> Iterator[Call]:
    """Calls that fit a schema, as far as their callers can know: MLflow may refuse some."""
    return tensor_calls(schema) if schema.is_tensor_spec() else column_calls(schema)


# --- tables ----------------------------------------------------------------------------------------------------


def column_calls(schema: Schema) -> Iterator[Call]:
    """Tables: with all columns, and with each way to leave optional ones out."""
    kinds = {i if spec.name is None else spec.name: spec.type for i, spec in enumerate(schema.inputs)}
    required = set(schema.required_input_names())
    optional = [name for name in kinds if isinstance(name, str) and name not in required]
    absences = [(), tuple(optional), *((name,) for name in optional)] if optional else [()]
    nested = not all(isinstance(kind, DataType) for kind in kinds.values())
    fills = FILLS if nested else FILLS[:1]
    for variant, absent, fill in itertools.product((0, 1), absences, fills):
        present = {name: kind for name, kind in kinds.items() if name not in absent}
        frame = pd.DataFrame({name: series(kind, variant, fill) for name, kind in present.items()}, index=range(2))
        rows = jsonable(frame.to_numpy(dtype=object).tolist())
        payload = {"dataframe_split": {"columns": list(frame.columns), "data": rows}}
        parts = {part for name, kind in present.items() for part in inner_parts(kind, place(name), fill)}
        yield Call(f"without {absent}, {fill}, {variant}", frame, payload, frozenset(parts))


def all_parts(schema: Schema) -> frozenset[str]:
    """Every input and property of a schema, as paths: `age`, `address.zip`, `tags[]`, `prices.*`, `[0]`."""
    names = [i if spec.name is None else spec.name for i, spec in enumerate(schema.inputs)]
    if schema.is_tensor_spec():
        return frozenset(map(place, names))
    pairs = zip(names, schema.inputs, strict=True)
    return frozenset(part for name, spec in pairs for part in inner_parts(spec.type, place(name), "full"))


def place(name: str | int) -> str:
    """The path of an input."""
    return name if isinstance(name, str) else f"[{name}]"


def inner_parts(kind: object, path: str, fill: str) -> Iterator[str]:
    """The path of a value and of all that is nested in it."""
    yield path
    if isinstance(kind, Array):
        yield from inner_parts(kind.dtype, path + "[]", fill)
    elif isinstance(kind, Map):
        yield from inner_parts(kind.value_type, path + ".*", fill)
    elif isinstance(kind, Object):
        for member in kind.properties:
            if is_there(member, fill):
                yield from inner_parts(member.dtype, f"{path}.{member.name}", fill)


def series(kind: object, variant: int, fill: str) -> pd.Series:
    """A column of two rows."""
    values = [value(kind, variant, row, fill) for row in (0, 1)]
    if not isinstance(kind, DataType) or kind.name in ("string", "binary"):
        return pd.Series(values, dtype=object)
    return pd.Series(values, dtype="datetime64[ns]" if kind.name == "datetime" else kind.to_numpy())


def value(kind: object, variant: int, row: int, fill: str) -> object:
    """One value of a type. `fill` is one of FILLS."""
    if isinstance(kind, DataType):
        plain = VALUES[kind.name][variant][row % 2]
        return kind.to_numpy().type(plain) if kind.name in ("integer", "long", "float", "double") else plain
    if isinstance(kind, AnyType):
        return ANYTHING[variant][row % 2]
    if isinstance(kind, Array):
        items = [value(kind.dtype, variant, i, fill) for i in range(2 + row)]
        numeric = isinstance(kind.dtype, DataType) and kind.dtype.to_numpy().kind in "iuf"
        # MLflow refuses plain lists for arrays of integer and float: only numpy keeps the width
        return np.array(items, dtype=kind.dtype.to_numpy()) if numeric else items
    if isinstance(kind, Map):
        return {key: value(kind.value_type, variant, i, fill) for i, key in enumerate(KEYS)}
    assert isinstance(kind, Object)
    return {
        member.name: value(member.dtype, variant, row, fill) if is_there(member, fill) else None
        for member in kind.properties
        if is_there(member, fill) or fill.startswith("null")
    }


def is_there(member: Property, fill: str) -> bool:
    """Whether a property has a value."""
    return member.required or fill == "full" or (fill.endswith("leaves") and isinstance(member.dtype, Object))


# --- tensors ---------------------------------------------------------------------------------------------------


def tensor_calls(schema: Schema) -> Iterator[Call]:
    """Arrays, the free dimensions in two sizes; a two-dimensional array without a name also as a table."""
    for variant, size in itertools.product(range(3), (2, 3)):
        label = f"free dimensions of {size}, {variant}"
        arrays = {spec.name: array(spec.type, spec.shape, variant, size) for spec in schema.inputs}
        payload = {name: jsonable(data) for name, data in arrays.items()}
        if schema.has_input_names():
            yield Call(label, arrays, {"inputs": payload}, all_parts(schema))
            continue
        yield Call(label, arrays[None], {"inputs": payload[None]}, all_parts(schema))
        if arrays[None].ndim == 2 and arrays[None].dtype.kind not in "MmV":
            yield Call(f"{label}, table", pd.DataFrame(arrays[None]), None, all_parts(schema))
        elif arrays[None].ndim == 2:
            with suppress(TypeError, ValueError):  # pandas has no such column
                yield Call(f"{label}, table", pd.DataFrame(arrays[None]), None, all_parts(schema))


def array(dtype: np.dtype, shape: tuple[int, ...], variant: int, size: int) -> np.ndarray:
    """An array: of ordinary values, of whole numbers, and of the limits of an integer dtype."""
    sizes = tuple(size if length == -1 else length for length in shape)
    count = int(np.prod(sizes))
    match dtype.kind:
        case "i" | "u":
            limits = np.iinfo(dtype)
            items = [[-7 if dtype.kind == "i" else 7, 100], [0, 1], [int(limits.min), int(limits.max)]][variant]
        case "b":
            items = [True, False]
        case "f":
            items = [0.0, 1.0] if variant == 1 else [0.1, -2.5]
        case "c":
            items = [1j, 0]
        case "M":
            items = ["2024-01-02", "1999-12-31"]
        case "m":
            items = [7, 0]
        case "V":
            items = [b"", b""]
        case _:
            items = ["0", "1"] if variant == 1 else ["a", "b"]
    filled = np.array((items * (count // 2 + 1))[:count], dtype=object)
    return filled.astype(dtype if dtype.kind in "biufcUSMmV" else object).reshape(sizes)


# --- params and JSON -------------------------------------------------------------------------------------------


def param_calls(schema: object) -> Iterator[dict[str, object]]:
    """Each param alone: its default, and an ordinary value of its type."""
    for spec in schema.params if schema else ():
        ordinary = PARAMS.get(getattr(spec.dtype, "name", ""))
        values = [spec.default, None if ordinary is None else [ordinary] if spec.shape else ordinary]
        yield from ({spec.name: item} for item in values if item is not None)


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
