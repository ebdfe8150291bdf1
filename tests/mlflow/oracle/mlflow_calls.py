"""Calls that fit a schema of MLflow's: what a Python caller hands over, and what a REST caller sends.

Runs in an interpreter that has MLflow and imports nothing of this repository.
"""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from mlflow.types.schema import AnyType, Array, DataType, Map, Object, Property, Schema
from mlflow_forms import JSON_KINDS, Sent, Table, arrays, null_arrays, null_tables, other_tables, plain_table, with_null

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


NUMPY_PARAMS = {
    "boolean": (np.bool_(True),),
    "integer": (np.int32(7),),
    "long": (np.int64(7), np.int32(7)),
    "float": (np.float32(0.5),),
    "double": (np.float64(0.5), np.float32(0.5)),
    "string": (np.str_("text"),),
    "datetime": (np.datetime64("2024-01-02T03:04:05"), datetime.datetime(2024, 1, 2)),
}
"""Values of params as numpy and datetime have them."""


@dataclass
class Call:
    """One call. `parts` are the inputs and properties that it fills."""

    label: str
    sent: Sent
    parts: frozenset[str]


def calls(schema: Schema) -> Iterator[Call]:
    """Calls that fit a schema, as far as their callers can know: MLflow may refuse some."""
    return tensor_calls(schema) if schema.is_tensor_spec() else column_calls(schema)


# --- tables ----------------------------------------------------------------------------------------------------


def column_calls(schema: Schema) -> Iterator[Call]:
    """Tables: with all columns, with each way to leave optional ones out, and with a null in each column."""
    kinds = {i if spec.name is None else spec.name: spec.type for i, spec in enumerate(schema.inputs)}
    required = set(schema.required_input_names())
    optional = [name for name in kinds if isinstance(name, str) and name not in required]
    absences = [(), tuple(optional), *((name,) for name in optional)] if optional else [()]
    nested = not all(isinstance(kind, DataType) for kind in kinds.values())
    fills = FILLS if nested else FILLS[:1]
    unnamed = not schema.has_input_names()
    least = absences[:2][-1], fills[:2][-1]
    one_row = any(isinstance(kind, Array | Object) for kind in kinds.values())
    for variant, absent, fill in itertools.product((0, 1), absences, fills):
        present = {name: kind for name, kind in kinds.items() if name not in absent}
        frame = pd.DataFrame({name: series(kind, variant, fill) for name, kind in present.items()}, index=range(2))
        parts = frozenset(part for name, kind in present.items() for part in inner_parts(kind, place(name), fill))
        label = f"without {absent}, {fill}, {variant}"
        flat = all(isinstance(kind, DataType) for kind in present.values())
        yield from (Call(label, sent, parts) for sent in plain_table(frame))
        if present and (variant, absent, fill) in ((0, (), FILLS[0]), (1, *least)):
            sent_forms = other_tables(Table(frame, flat, unnamed, one_row))
            yield from (Call(label, sent, parts) for sent in sent_forms)
        if variant == 0 and not absent and fill == "full":
            for name in present:
                sent_forms = null_tables(Table(with_null(frame, name), flat, unnamed, one_row))
                others = frozenset(part for part in parts if not part.startswith(place(name)))
                yield from (Call(f"null in {name}", sent, others) for sent in sent_forms)


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
    """Arrays, the free dimensions in two sizes."""
    parts = all_parts(schema)
    plain = all(spec.type.kind in JSON_KINDS for spec in schema.inputs)
    for variant, size in itertools.product(range(3), (2, 3)):
        label = f"free dimensions of {size}, {variant}"
        named = {spec.name: array(spec.type, spec.shape, variant, size) for spec in schema.inputs}
        sent_forms = arrays(named, plain=plain and variant < 2)
        yield from (
            Call(label, sent, parts) for sent in sent_forms if (variant, size) != (1, 3) or sent.form == "ndarray"
        )
        if variant == 0:
            yield from (Call(f"{label}, null", sent, parts) for sent in null_arrays(named))


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


def param_calls(schema: object) -> Iterator[tuple[dict[str, object], bool]]:
    """Each param alone: its default, an ordinary value, null, and numpy's; with each, whether JSON has it."""
    for spec in schema.params if schema else ():
        kind = getattr(spec.dtype, "name", "")
        ordinary, numpy = PARAMS.get(kind), NUMPY_PARAMS.get(kind, ())
        yield {spec.name: spec.default}, True
        yield {spec.name: [None] if spec.shape else None}, True
        if ordinary is not None:
            yield {spec.name: [ordinary] if spec.shape else ordinary}, True
        for value in numpy:
            yield {spec.name: [value] if spec.shape else value}, False
            if spec.shape:
                yield {spec.name: np.array([value])}, False
