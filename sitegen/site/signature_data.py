"""Signatures as the scripts of pages get them: rows to show, and the values that verdicts are made of.

`templates/assets/compat` judges any two of them in the browser, as `sitegen.analysis.compat` does in Python.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sitegen.analysis.compat.compare import NO_SIGNATURE, UNREADABLE, refuses_columns, refuses_params
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.model import Version
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
    Type,
    Vector,
)
from sitegen.site.views.parts import SchemaRow, signature_view


class Contract(NamedTuple):
    """The facts that decide verdicts: the signature, and whether it came from type hints, so that MLflow skips it."""

    signature: Signature | None
    hinted: bool


def contracts(versions: Sequence[Version]) -> tuple[list[Contract], list[int]]:
    """The distinct contracts, newest first, and the index of each version's contract among them."""
    distinct: list[Contract] = []
    place_by_identity: dict[tuple[int, bool], int] = {}
    places: list[int] = []
    for version in reversed(versions):
        hinted = bool(version.mlmodel and version.mlmodel.signature_from_type_hint)
        contract = Contract(version.signature if version.mlmodel else UNREADABLE, hinted)
        place = place_by_identity.get((id(contract.signature), hinted))
        if place is None:
            place = next((number for number, other in enumerate(distinct) if other == contract), len(distinct))
            place_by_identity[id(contract.signature), hinted] = place
            distinct += [contract] if place == len(distinct) else []
        places.append(place)
    return distinct, places[::-1]


def contract_data(contract: Contract) -> dict[str, Any]:
    """A contract for scripts: the rows to show, without those beyond the limit of a page, and the whole signature."""
    signature = contract.signature or NO_SIGNATURE
    return {**_signature(signature), "hinted": contract.hinted}


@memoize_by_identity(256)
def _signature(signature: Signature) -> dict[str, Any]:
    view = signature_view(signature)
    return {
        "kind": view.kind,
        "rows": {"inputs": _rows(view.inputs), "outputs": _rows(view.outputs), "params": _rows(view.params)},
        "inputs": _columns(signature.inputs),
        "outputs": _columns(signature.outputs),
        "params": None if signature.params is None else [_param(spec) for spec in signature.params],
        "unreadable": signature.unreadable,
        "refused": _refused_sides(signature),
    }


def _rows(rows: tuple[SchemaRow, ...] | None) -> list[list[str]]:
    """The path and type of each row; optional inputs are marked."""
    texts: list[list[str]] = []
    above: list[str] = []
    for number, row in enumerate(rows or ()):
        above = [*above[: row.depth], row.name or f"[{number}]"]
        optional = f" = {row.default}" if row.default else "" if row.required == "yes" else ", optional"
        texts.append([".".join(above), row.type + optional])
    return texts


def _refused_sides(signature: Signature) -> list[str]:
    """The sides of a signature that MLflow refuses."""
    sides = {"inputs": signature.inputs, "outputs": signature.outputs}
    refused = [name for name, columns in sides.items() if columns is not None and refuses_columns(columns)]
    return [*refused, "params"] if refuses_params(signature.params or ()) else refused


def _columns(columns: tuple[Column, ...] | None) -> list[dict[str, Any]] | None:
    if columns is None:
        return None
    return [{"name": one.name, "type": _type(one.type), "required": one.required} for one in columns]


def _param(spec: ParamSpec) -> dict[str, Any]:
    """A param; its default is JSON text. Equal defaults have equal keys: Python tells numbers from JavaScript's."""
    return {
        "name": spec.name,
        "type": _type(spec.type),
        "shape": spec.shape,
        "default": json.dumps(spec.default, ensure_ascii=False, sort_keys=True),
        "key": f"{isinstance(spec.default, bool)} {json.dumps(_comparable(spec.default), sort_keys=True)}",
    }


def _comparable(value: Json) -> Json:
    """A value in which numbers that Python takes for equal are written alike."""
    match value:
        case bool():
            return int(value)
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_comparable(item) for item in value]
        case dict():
            return {key: _comparable(item) for key, item in value.items()}
        case _:
            return value


def _type(type: Type) -> str | dict[str, Any]:
    """A type as `templates/assets/compat/types.js` describes it."""
    match type:
        case Scalar(name):
            return name
        case Array(items):
            return {"array": _type(items)}
        case Map(values):
            return {"map": _type(values)}
        case Object(members):
            return {
                "object": [{"name": one.name, "type": _type(one.type), "required": one.required} for one in members]
            }
        case AnyType():
            return {"any": True}
        case Vector():
            return {"vector": True}
        case _:
            return {"dtype": type.dtype, "shape": type.shape}
