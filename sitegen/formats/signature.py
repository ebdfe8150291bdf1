"""Signatures: the JSON texts inside MLmodel to columns, tensors and params.

Accepts a superset of MLflow's grammar, which was established by running MLflow 2.22 and 3.17, and reports what MLflow
refuses: such a model cannot be loaded, but its page can still show the signature.
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
"""Problems of one kind that are reported per part: mistakes repeat from column to column."""


_AMBIGUOUS = re.compile(r'"(NaN|-?Infinity)"|[:\[,]\s*-?\d{19,}')
"""JSON for which `load_json` returns an ambiguous text: "NaN" and the like, or an integer of 19 or more digits."""


class SignatureProblem(NamedTuple):
    """A problem in one part of a signature, before its file and line are known."""

    rule: str
    message: str
    part: str


class _ItemError(Exception):
    """An item of a schema that cannot be parsed."""


def parse_signature(inputs: Json, outputs: Json, params: Json) -> tuple[Signature, tuple[SignatureProblem, ...]]:
    """The signature from the three parts in an MLmodel file, and its problems.

    Each part is None or a JSON text. Results are cached, since versions mostly repeat a signature.
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
    unreadable = {finding.part for finding in findings if finding.rule in ("signature-json", "signature-shape")}
    signature = Signature(inputs=sides[0], outputs=sides[1], params=specs, unreadable=tuple(sorted(unreadable)))
    return signature, tuple(findings)


def _items(text: Json, part: str, findings: list[SignatureProblem]) -> list[Json] | None:
    """The list in a part, or None if it states none."""
    if text is None:
        return None
    value: Json = text
    if isinstance(text, str):
        loaded = load_json(text, part)
        value = loaded.value
        for diagnostic in loaded.problems:
            syntax = diagnostic.rule == "json-syntax"
            place = f" at character {diagnostic.column}" if syntax and diagnostic.line == 1 else ""
            rule = "signature-json" if syntax else diagnostic.rule
            findings.append(SignatureProblem(rule, f"signature {part}: {diagnostic.message}{place}", part))
        if value is None and any(finding.rule == "signature-json" for finding in findings if finding.part == part):
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
        required = None if item["required"] is None else bool(item["required"])  # as in MLflow, "false" is true
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
    """The type of a column, a property, an item or a param.

    A name that MLflow does not know is kept as it is; `column_refusals` reports it.
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
    properties = [
        Property(name, parse_type(item), bool(item.get("required", True)) if isinstance(item, dict) else True)
        for name, item in members.items()
    ]
    return tuple(sorted(properties, key=lambda member: member.name))


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
    """Whether a default holds a text that may be a number, or a number outside of strict JSON."""
    texts = [one for one in (default if isinstance(default, list) else [default]) if isinstance(one, str)]
    return any(one in ("NaN", "Infinity", "-Infinity") or one.lstrip("-").isdigit() for one in texts)


def _as_floats(value: Json) -> Json:
    if isinstance(value, list):
        return [_as_floats(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
