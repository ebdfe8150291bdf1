"""Reasons, as sentences, for which MLflow refuses a signature that sitegen can parse, and so cannot load the model."""

import re
from collections.abc import Iterator
from datetime import datetime

from sitegen.domain.signature import (
    AnyType,
    Array,
    Column,
    Json,
    Map,
    Object,
    ParamSpec,
    Scalar,
    Tensor,
    Type,
    Vector,
    type_name,
)
from sitegen.formats.dtypes import accepts_dtype
from sitegen.formats.text import quote

SCALARS = ("boolean", "integer", "long", "float", "double", "string", "binary", "datetime")


def item_refusals(items: list[Json]) -> Iterator[str]:
    """Reasons that are visible in the JSON but not in the parsed value."""
    if not items:
        yield "the list is empty"
    for item in items:
        if not isinstance(item, dict) or item.get("type") not in SCALARS:
            continue
        unknown = sorted(item.keys() - {"type", "name", "required"})
        if "optional" in unknown:
            yield f"column {item.get('name')} has the key `optional` of MLflow 2.4 to 2.9, which 2.10 and later refuse"
        elif unknown:
            yield f"column {item.get('name')} has the unknown key {quote(unknown[0])}"


def column_refusals(columns: tuple[Column, ...]) -> Iterator[str]:
    """Reasons for which MLflow refuses one side of a signature, except for having no columns."""
    tensors = [column for column in columns if isinstance(column.type, Tensor)]
    named = [column for column in columns if column.name is not None]
    if tensors and len(tensors) < len(columns):
        yield "tensors and columns are mixed"
    elif len(tensors) > 1 and not named:
        yield "more than one tensor, but none has a name"
    if named and len(named) < len(columns):
        yield "some columns have names and some have none"
    if any(column.name is None and column.required is False for column in columns):
        yield "a column without a name is optional"
    for column in columns:
        yield from type_refusals(column.type, column.name)


def type_refusals(type: Type, name: str | None) -> Iterator[str]:
    """Reasons for which MLflow refuses the type of a column."""
    match type:
        case Scalar(scalar) if scalar not in SCALARS:
            yield f"column {name} has the unknown type {quote(scalar)}"
        case Tensor(dtype, _) if not accepts_dtype(dtype):
            yield f"the dtype {quote(dtype)} is unknown"
        case Object(()):
            yield f"column {name} is an object without properties"
        case Object(properties):
            for member in properties:
                if member.type == Vector():  # in arrays and maps MLflow accepts vectors, even inside an object
                    yield f"column {name} has sparkml_vector as a property of an object"
                yield from type_refusals(member.type, name)
        case Array(inner) | Map(inner):
            yield from type_refusals(inner, name)


_DEFAULTS: dict[str, type | tuple[type, ...]] = {
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "string": str,
    "datetime": str,
}


_TIME = re.compile(r"\d{4}-\d\d-\d\d(?![\d-])(?!.*\.\d{7})", re.ASCII)


def param_refusals(item: Json, spec: ParamSpec) -> Iterator[str]:
    """Reasons for which MLflow refuses a param; `item` is its JSON, `spec` the parsed value."""
    kind = type_name(spec.type)
    if not isinstance(item, dict) or "default" not in item:
        yield f"param {spec.name} has no default"
    elif item.get("shape") not in (None, [-1]):
        yield f"param {spec.name} has the shape {quote(str(item['shape']))}; only null and [-1] are known"
    elif isinstance(spec.type, Scalar) and kind not in _DEFAULTS:
        yield f"param {spec.name} has the type {quote(kind)}"
    elif isinstance(spec.type, Scalar) and (spec.default is not None or spec.shape is not None):
        values = spec.default if spec.shape and isinstance(spec.default, list) else [spec.default]
        special = ("NaN", "Infinity", "-Infinity") if kind in ("float", "double") else ()
        wrong = [v for v in values if v not in special and not _fits(v, _DEFAULTS[kind])]
        wrong += [v for v in values if kind == "datetime" and not _is_time(str(v))]
        if wrong or (spec.shape is not None) != isinstance(spec.default, list):
            yield f"the default of param {spec.name} is no {kind}"
    elif isinstance(spec.type, Object):
        if item.get("type") != "object" or item.get("shape") is not None:
            yield f"param {spec.name} is an object with a shape, or with the key `dtype` in place of `type`"
        if not _fits_type(spec.default, spec.type):
            yield f"the default of param {spec.name} is not such an object"


def _fits_type(value: Json, type: Type) -> bool:
    """Whether MLflow certainly accepts a JSON value for a type inside an object; it accepts some odd values more."""
    match type, value:
        case Object(properties), dict():
            types = {member.name: member.type for member in properties}
            absent = {member.name for member in properties if not member.required and value.get(member.name) is None}
            present = value.keys() - absent
            return present == types.keys() - absent and all(_fits_type(value[name], types[name]) for name in present)
        case Map(values), dict():
            return all(_fits_type(inner, values) for inner in value.values())
        case Array(items), list():
            return all(_fits_type(inner, items) for inner in value)
        case Scalar("double"), float() | "NaN" | "Infinity" | "-Infinity":
            return True
        case Scalar("double" | "float"), int():
            return value in (0, 1) and not isinstance(value, bool)  # numpy's casts alter other integers
        case Scalar("long" | "string" | "boolean" | "binary" as name), _:
            return _fits(value, str if name == "binary" else _DEFAULTS[name])
    return isinstance(type, AnyType)


def _is_time(text: str) -> bool:
    """Whether a text is an ISO 8601 time that MLflow certainly reads: with dashes, without nanoseconds."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return _TIME.match(text) is not None


def _fits(value: Json, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
