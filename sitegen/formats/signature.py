"""Signatures: the JSON texts inside MLmodel to columns, tensors and params.

Reads a superset of what MLflow reads (sections b and c of its grammar were established by running MLflow 2.22 and
3.17) and says where MLflow itself would refuse: then the model cannot be loaded, though a reader still learns what
it takes.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from sitegen.domain.signature import (
    AnyType,
    Array,
    Column,
    Json,
    Map,
    Object,
    ParamSpec,
    Property,
    Scalar,
    Signature,
    Tensor,
    Type,
    Vector,
)
from sitegen.formats.dtypes import dtype_name
from sitegen.formats.json import load_json
from sitegen.formats.signature_limits import column_refusals, item_refusals, param_refusals
from sitegen.formats.text import quote

PARTS = ("inputs", "outputs", "params")

_MAX_PER_KIND = 5
"""Of one kind in one part: mistakes repeat from column to column, and the first ones tell what to do."""


_AMBIGUOUS = re.compile(r'"(NaN|-?Infinity)"|[:\[,]\s*-?\d{19,}')
"""In JSON, a text that `load_json` gives for a number, too; or a number for which it gives a text."""


class SignatureProblem(NamedTuple):
    """A problem of one part of a signature, without its file and line."""

    rule: str
    message: str
    part: str


class _ItemError(Exception):
    """An item of a schema that means nothing, not even to a tolerant reader."""


def parse_signature(inputs: Json, outputs: Json, params: Json) -> tuple[Signature, tuple[SignatureProblem, ...]]:
    """The signature that the three parts of an MLmodel file state, and what is wrong with it.

    Each is None or a JSON text. Results are cached, since versions mostly repeat a signature.
    """
    parts = (inputs, outputs, params)
    if all(part is None or isinstance(part, str) for part in parts):
        return _parse_texts(*parts)  # type: ignore[arg-type]
    return _parse_sides(*parts)


@lru_cache(maxsize=4096)
def _parse_texts(
    inputs: str | None, outputs: str | None, params: str | None
) -> tuple[Signature, tuple[SignatureProblem, ...]]:
    return _parse_sides(inputs, outputs, params)


def _parse_sides(inputs: Json, outputs: Json, params: Json) -> tuple[Signature, tuple[SignatureProblem, ...]]:
    findings: list[SignatureProblem] = []
    sides = [_columns(text, part, findings) for part, text in (("inputs", inputs), ("outputs", outputs))]
    specs = _params(params, findings)
    if sides == [None, None] and specs is None and not findings:
        findings.append(SignatureProblem("signature-refused", "inputs, outputs and params are all empty", "inputs"))
    unreadable = {found.part for found in findings if found.rule in ("signature-json", "signature-shape")}
    signature = Signature(inputs=sides[0], outputs=sides[1], params=specs, unreadable=tuple(sorted(unreadable)))
    return signature, tuple(findings)


def _items(text: Json, part: str, findings: list[SignatureProblem]) -> list[Json] | None:
    """The list that a part holds, or None where it states none."""
    if text is None:
        return None
    value: Json = text
    if isinstance(text, str):
        loaded = load_json(text, part)
        value = loaded.value
        for found in loaded.problems:
            syntax = found.rule == "json-syntax"
            place = f" at character {found.column}" if syntax and found.line == 1 else ""
            rule = "signature-json" if syntax else found.rule
            findings.append(SignatureProblem(rule, f"signature {part}: {found.message}{place}", part))
        if value is None and any(found.rule == "signature-json" for found in findings if found.part == part):
            return None
    else:
        findings.append(SignatureProblem("signature-refused", f"signature {part} is YAML, not a JSON text", part))
    if isinstance(value, list):
        return value
    findings.append(SignatureProblem("signature-shape", f"signature {part} is not a list", part))
    return None


def _columns(text: Json, part: str, findings: list[SignatureProblem]) -> tuple[Column, ...] | None:
    items = _items(text, part, findings)
    if items is None:
        return None
    columns = []
    unreadable: list[str] = []
    for number, item in enumerate(items):
        try:
            columns.append(_column(item))
        except _ItemError as why:
            unreadable.append(f"signature {part}, item {number}: {why}")
    result = tuple(columns)
    reasons = chain(item_refusals(items), column_refusals(result)) if columns or not items else ()
    findings += _few(part, unreadable, reasons)
    return result


def _few(part: str, unreadable: list[str], reasons: Iterable[str]) -> Iterator[SignatureProblem]:
    """The first findings of each kind in a part."""
    for message in unreadable[:_MAX_PER_KIND]:
        yield SignatureProblem("signature-shape", message, part)
    for reason in islice(reasons, _MAX_PER_KIND):
        yield SignatureProblem("signature-refused", f"signature {part}: {reason}", part)


def _column(item: Json) -> Column:
    if not isinstance(item, dict):
        raise _ItemError(f"{quote(str(item))} is not a column")
    name = item.get("name")
    if item.get("type") == "tensor":
        return Column(name=None if name is None else str(name), type=_tensor(item.get("tensor-spec")))
    kind = parse_type(item)
    required: bool | None = True if isinstance(kind, Scalar) else None
    if "required" in item:
        required = None if item["required"] is None else bool(item["required"])  # "false" is a true text to MLflow
    elif "optional" in item:  # MLflow 2.4 to 2.9
        required = not item["optional"]
    return Column(name=None if name is None else str(name), type=kind, required=required)


def _tensor(spec: Json) -> Tensor:
    if not isinstance(spec, dict) or not isinstance(spec.get("dtype"), str):
        raise _ItemError("a tensor without a tensor-spec")
    shape = spec.get("shape")
    if not isinstance(shape, list):
        raise _ItemError(f"the shape {quote(str(shape))} is not a list")
    sizes = [-1 if size is None else size for size in shape]
    if not all(isinstance(size, int) and not isinstance(size, bool) for size in sizes):
        raise _ItemError(f"the shape {quote(str(shape))} is not made of integers")
    return Tensor(dtype_name(str(spec["dtype"])), tuple(sizes))  # type: ignore[arg-type]


def parse_type(item: Json) -> Type:
    """The type that a column, a property, an item or a param states.

    A name that MLflow does not know stays as it is written; `refused_columns` tells.
    """
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        raise _ItemError(f"{quote(str(item))} states no type")
    match item["type"]:
        case "array":
            return Array(parse_type(item.get("items")))
        case "map":
            return Map(parse_type(item.get("values")))
        case "object":
            return Object(_properties(item.get("properties")))
        case "any":
            return AnyType()
        case "sparkml_vector":
            return Vector()
        case name:
            return Scalar(str(name))


def _properties(members: Json) -> tuple[Property, ...]:
    if not isinstance(members, dict):
        raise _ItemError("an object without properties")
    found = [
        Property(name, parse_type(item), bool(item.get("required", True)) if isinstance(item, dict) else True)
        for name, item in members.items()
    ]
    return tuple(sorted(found, key=lambda member: member.name))


def _params(text: Json, findings: list[SignatureProblem]) -> tuple[ParamSpec, ...] | None:
    items = _items(text, "params", findings)
    if items is None:
        return None
    specs: dict[str, ParamSpec] = {}
    unreadable: list[str] = []
    reasons: list[str] = []
    ambiguous = isinstance(text, str) and _AMBIGUOUS.search(text) is not None
    for number, item in enumerate(items):
        try:
            spec = _param(item)
        except _ItemError as why:
            unreadable.append(f"signature params, item {number}: {why}")
            continue
        reasons += param_refusals(item, spec)
        reasons += [f"the default of param {spec.name} is an odd number"] if ambiguous and _is_odd(spec.default) else []
        reasons += [f"param {spec.name} is there twice"] if spec.name in specs else []
        specs[spec.name] = spec
    findings += _few("params", unreadable, reasons)
    return tuple(specs.values())


def _param(item: Json) -> ParamSpec:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        raise _ItemError(f"{quote(str(item))} is not a param")
    kind = parse_type(item if "type" in item else {**item, "type": item.get("dtype")})  # dtype: MLflow 2.6
    shape = item.get("shape")
    default = item.get("default")
    if kind in (Scalar("float"), Scalar("double")):
        default = _as_floats(default)
    return ParamSpec(name=str(item["name"]), type=kind, default=default, shape=(-1,) if shape is not None else None)


def _is_odd(default: Json) -> bool:
    """Whether a default holds a text that may stand for a number, or a number that strict JSON does not have."""
    texts = [one for one in (default if isinstance(default, list) else [default]) if isinstance(one, str)]
    return any(one in ("NaN", "Infinity", "-Infinity") or one.lstrip("-").isdigit() for one in texts)


def _as_floats(value: Json) -> Json:
    if isinstance(value, list):
        return [_as_floats(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
