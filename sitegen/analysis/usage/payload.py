"""Payloads of MLflow's scoring server: JSON that the server accepts for a signature."""

import json
from typing import NamedTuple

from sitegen.analysis.usage.sample import (
    MAX_ELEMENTS,
    Cell,
    Sample,
    cell_value,
    count_elements,
    dimensions,
    made_up_values,
)
from sitegen.domain.model import Example
from sitegen.domain.signature import Array, Json, Map, Object, Scalar, Signature, Tensor, Type

_REFUSED_INSIDE = frozenset(["integer", "float", "binary", "datetime"])
"""Types of values inside lists and mappings that MLflow refuses over REST, because JSON has others."""

_NUMBERS = ("bool", "int", "uint", "float")
_ELEMENTS: dict[str, Json] = {"bool": True, "str": "text"}


class Payload(NamedTuple):
    """The JSON text of a request; empty where none can exist, and `refusal` says why.

    `made_up` names the values in it that no example has.
    """

    text: str = ""
    refusal: str = ""
    made_up: str = ""


def payload_of(signature: Signature | None, sample: Sample | None, type_hint: bool = False) -> Payload:
    """The payload of a sample call. `type_hint`: the signature is of type hints, and the function takes a list."""
    if not signature or not sample or not sample.cells or signature.kind == "mixed":
        return Payload(refusal="the signature does not say what the model takes")
    for cell in sample.cells:
        if refusal := _refusal(cell.column.type):
            name = "the input" if cell.column.name is None else f"the input {cell.column.name}"
            return Payload(refusal=f"{name} {refusal}")
    if type_hint and len(sample.cells) == 1:
        data: dict[str, Json] = {"inputs": [sample.cells[0].value]}
    else:
        data = _tensors(sample.cells) if signature.kind == "tensors" else _table(sample.cells)
    if sample.params:
        data["params"] = {spec.name: value for spec, value in sample.params}
    return Payload(json.dumps(data, ensure_ascii=False), made_up=made_up_values(sample))


def _refusal(type: Type, inside: bool = False) -> str:
    """Why no JSON value is one of the type; empty where there is one."""
    match type:
        case Scalar(name) if inside and name in _REFUSED_INSIDE:
            return f"holds values of type {name} in a list or mapping, which MLflow refuses over REST"
        case Array(inner) | Map(inner):
            return _refusal(inner, True)
        case Object(properties):
            return next(filter(None, (_refusal(member.type, True) for member in properties)), "")
        case Tensor(dtype, shape) if not (dtype.startswith(_NUMBERS) or dtype == "str"):
            return f"is an array of {dtype}, which JSON does not have"
        case Tensor(dtype, shape) if count_elements(shape) > MAX_ELEMENTS:
            return f"is an array of {count_elements(shape):,} values, too many to print"
    return ""


def _table(cells: tuple[Cell, ...]) -> dict[str, Json]:
    row: list[Json] = [cell.value for cell in cells]
    if cells[0].column.name is None:
        return {"dataframe_split": {"data": [row]}}
    return {"dataframe_split": {"columns": [cell.column.name for cell in cells], "data": [row]}}


def _tensors(cells: tuple[Cell, ...]) -> dict[str, Json]:
    if cells[0].column.name is None:
        return {"inputs": _array(cells[0])}
    return {"inputs": {cell.column.name or "": _array(cell) for cell in cells}}


def _array(cell: Cell) -> Json:
    """The values of a tensor as nested lists."""
    if cell.value is not None:
        return cell.value
    type = cell.column.type
    assert isinstance(type, Tensor)  # noqa: S101 - a signature of tensors has no columns
    value: Json = (
        1.0 if type.dtype.startswith("float") else "text" if type.dtype == "str" else type.dtype == "bool" or 1
    )
    for size in reversed(dimensions(type.shape)):
        value = [value] * size
    return value


# --- the logged example ----------------------------------------------------------------------------------------


def example_payload(example: Example, signature: Signature) -> str:
    """An example as a payload, from the texts of its cells; empty where they are cut or do not fit the signature."""
    types = {column.name: column.type for column in signature.inputs or ()}
    try:
        payload = _example_data(example, types)
        if payload and example.params:
            payload["params"] = json.loads(example.params)
    except ValueError:
        return ""
    return json.dumps(payload, ensure_ascii=False) if payload else ""


def _example_data(example: Example, types: dict[str | None, Type]) -> dict[str, object]:
    """Columns by name, or one unnamed array. Raises ValueError for a cell that is no value of its type."""
    only = types.get(None)
    if not example.columns and len(types) == 1 and isinstance(only, Tensor):
        values = [[cell_value(text, only) for text in row] for row in example.rows]
        return {"inputs": [value for row in values for value in row] if len(only.shape) == 1 else values}
    columns = [types.get(name) for name in example.columns]
    if not columns or any(type is None or isinstance(type, Tensor) for type in columns):
        return {}
    rows = [[cell_value(text, type) for text, type in zip(row, columns, strict=True)] for row in example.rows]
    return {"dataframe_split": {"columns": list(example.columns), "data": rows}}
