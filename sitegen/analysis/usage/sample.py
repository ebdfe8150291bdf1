"""A sample call: a value for each input and param of a signature, from the logged example or made up."""

import base64
import binascii
import json
import math
import re
from typing import NamedTuple

from sitegen.domain.model import Example
from sitegen.domain.signature import (
    AnyType,
    Array,
    Column,
    Json,
    Map,
    Object,
    ParamSpec,
    Scalar,
    Signature,
    Tensor,
    Type,
    Vector,
)
from sitegen.formats.text import shorten

MAX_ELEMENTS = 64
"""Elements of an array that are written one by one."""

TEXTS = frozenset(["string", "binary", "datetime"])
"""The scalar types whose values JSON holds as texts."""

_SCALARS: dict[str, Json] = {
    "boolean": True,
    "integer": 1,
    "long": 1,
    "float": 1.0,
    "double": 1.0,
    "string": "text",
    "binary": "dGV4dA==",
    "datetime": "2026-01-31T12:00:00",
}
_LIMITS = {"integer": 2**31, "long": 2**63}
_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?Z?")


class Cell(NamedTuple):
    """An input and its value in JSON; None for a tensor whose values are made up.

    `made_up`: the value is not that of an example.
    """

    column: Column
    value: Json
    made_up: bool = False


class Sample(NamedTuple):
    """The inputs of one call, and its params."""

    cells: tuple[Cell, ...]
    params: tuple[tuple[ParamSpec, Json], ...] = ()


def sample_call(signature: Signature, example: Example | None) -> Sample:
    """A call that the signature allows: the first row of the example where it fits, else made-up values.

    Optional inputs that the example leaves out are left out, too. Without cells where MLflow does not know a type.
    """
    inputs = signature.inputs or ()
    if not all(_mlflow_has(column.type) for column in inputs):
        return Sample(())
    values = _values(example, inputs) if example else {}
    cells = [_cell(column, values) for column in inputs]
    found = tuple(cell for cell in cells if cell is not None)
    params = ((spec, spec.default) for spec in signature.params or () if spec.default is not None)
    return Sample(found or tuple(map(_made_up_cell, inputs)), tuple(params))


def made_up_values(sample: Sample) -> str:
    """Words for the values that are made up, with the names of their inputs unless all are; empty for none."""
    names = [cell.column.name for cell in sample.cells if cell.made_up]
    if not names or len(names) == len(sample.cells) or None in names:
        return "made-up values" if names else ""
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return f"made-up values of {', '.join(repr(shorten(name or '', 40)) for name in names[:MAX_NAMES])}{more}"


MAX_NAMES = 3
"""Inputs that a comment names."""


def _made_up_cell(column: Column) -> Cell:
    return Cell(column, placeholder(column.type), made_up=True)


def _cell(column: Column, values: dict[str | None, Json]) -> Cell | None:
    """The value of an input; None where the example leaves it out and may do so."""
    if column.name in values:
        value = values[column.name]
        if value is None and not column.required and not isinstance(column.type, Tensor):
            return None
        if fits(column.type, value):
            return Cell(column, value)
    return _made_up_cell(column)


def _mlflow_has(type: Type) -> bool:
    """Whether MLflow has the types of scalars in a type; a file may state others, such as a dtype of numpy."""
    match type:
        case Scalar(name):
            return name in _SCALARS
        case Array(inner) | Map(inner):
            return _mlflow_has(inner)
        case Object(properties):
            return all(_mlflow_has(member.type) for member in properties)
    return True


def placeholder(type: Type) -> Json:
    """A value of a type; None for a tensor."""
    match type:
        case Scalar(name):
            return _SCALARS[name]
        case Array(items):
            return [placeholder(items)]
        case Map(values):
            return {"key": placeholder(values)}
        case Object(properties):
            return {member.name: placeholder(member.type) for member in properties}
        case AnyType():
            return "text"
        case Vector():
            return [1.0, 0.0]
        case Tensor():
            return None


def fits(type: Type, value: Json) -> bool:
    """Whether a value in JSON is one of the type."""
    match type:
        case Scalar(name):
            return _fits_scalar(name, value)
        case Array(items):
            return isinstance(value, list) and bool(value) and all(fits(items, one) for one in value)
        case Map(values):
            return isinstance(value, dict) and bool(value) and all(fits(values, one) for one in value.values())
        case Object(properties):
            known = {member.name: member for member in properties}
            return (
                isinstance(value, dict)
                and value.keys() <= known.keys()
                and all(name in value for name, member in known.items() if member.required)
                and all(fits(known[name].type, one) for name, one in value.items())
            )
        case Vector():
            return isinstance(value, list) and all(_fits_scalar("double", one) for one in value)
        case AnyType():
            return value is not None
        case Tensor(dtype, shape):
            return _fits_tensor(dtype, shape, value)


def _fits_scalar(name: str, value: Json) -> bool:
    match name:
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "long":
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LIMITS[name]
        case "float" | "double":
            return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53
        case "binary":
            return isinstance(value, str) and _is_base64(value)
        case "datetime":
            return isinstance(value, str) and _TIME.fullmatch(value) is not None
    return isinstance(value, str)


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _fits_tensor(dtype: str, shape: tuple[int, ...], value: Json) -> bool:
    """Whether nested lists have the shape, and few elements of the dtype."""
    level: list[Json] = [value]
    for size in shape:
        if not all(isinstance(one, list) for one in level):
            return False
        lists = [one for one in level if isinstance(one, list)]
        if len({len(one) for one in lists}) != 1 or (size != -1 and len(lists[0]) != size):
            return False
        level = [inner for one in lists for inner in one]
    return 0 < len(level) <= MAX_ELEMENTS and all(_fits_dtype(dtype, one) for one in level)


def _fits_dtype(dtype: str, value: Json) -> bool:
    if dtype == "bool":
        return isinstance(value, bool)
    if dtype.startswith("float"):
        return _fits_scalar("double", value)
    if dtype.startswith(("int", "uint")):
        return _fits_scalar("long", value) and isinstance(value, int) and (value >= 0 or dtype.startswith("int"))
    return dtype == "str" and isinstance(value, str)


# --- the logged example ----------------------------------------------------------------------------------------


def _values(example: Example, inputs: tuple[Column, ...]) -> dict[str | None, Json]:
    """The values of the example by name of the input; those of cells that are cut or withheld are left out."""
    if not example.rows:
        return {}
    if len(inputs) == 1 and isinstance(inputs[0].type, Tensor):
        try:
            return {inputs[0].name: _array(example, inputs[0].type)}
        except ValueError:
            return {}
    types = {column.name: column.type for column in inputs}
    names: tuple[str | None, ...] = example.columns or tuple(column.name for column in inputs)
    if len(set(names)) != len(names) or len(types) != len(inputs):
        return {}
    found: dict[str | None, Json] = dict.fromkeys(types) if example.columns else {}
    for name, text in zip(names, example.rows[0], strict=False):
        if name in types:
            try:
                found[name] = cell_value(text, types[name])
            except ValueError:
                found.pop(name, None)
    return found


def _array(example: Example, type: Tensor) -> Json:
    """The rows of an unnamed array. Raises ValueError for a cell that is cut."""
    values = [[cell_value(text, type) for text in row] for row in example.rows]
    return [value for row in values for value in row] if len(type.shape) == 1 else list(values)


def cell_value(text: str, type: Type | None) -> Json:
    """The value that a cell's text stands for. Raises ValueError for a text that is cut, or hidden as a secret."""
    if text == "null":
        return None
    if isinstance(type, Scalar) and type.name in TEXTS:
        return text
    value: Json = json.loads(text)
    return value


def dimensions(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape with 1 in place of any number."""
    return tuple(1 if size == -1 else size for size in shape)


def count_elements(shape: tuple[int, ...]) -> int:
    """The number of elements of a made-up tensor."""
    return math.prod(dimensions(shape))
