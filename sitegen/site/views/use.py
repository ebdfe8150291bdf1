"""The view of the tools for callers of a version, which check a payload and map columns."""

import json
from typing import NamedTuple

from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.model import Example, MLmodel, Version
from sitegen.domain.signature import Scalar, Signature, Tensor, Type
from sitegen.site.json_api import call_json
from sitegen.site.views.parts import MAX_ROWS

_TEXTS = frozenset(["string", "binary", "datetime"])
"""The scalar types whose values JSON holds as texts."""


class UseView(NamedTuple):
    """The inputs of the tools. `maps` is True if there are columns to map.

    `signature` holds the inputs and params as JSON, in the API's form. `example` is the logged input example as a
    payload of the scoring server; empty if the page has only a part of it.
    """

    signature: str
    maps: bool
    example: str


def use_view(version: Version) -> UseView | None:
    """The tools of a version; None if MLflow checks no calls by the signature, or the signature is incomplete.

    MLflow checks calls of the flavor `python_function`. A signature from type hints describes the arguments of the
    function, not the payload.
    """
    mlmodel, signature = version.mlmodel, version.signature
    if not mlmodel or not signature or not _checks_calls(mlmodel, signature):
        return None
    example = _payload(version.example, signature) if version.example else ""
    return UseView(_call_text(signature), signature.kind == "columns" and _have_names(signature), example)


def _checks_calls(mlmodel: MLmodel, signature: Signature) -> bool:
    inputs, params = signature.inputs or (), signature.params or ()
    return (
        not mlmodel.signature_from_type_hint
        and any(flavor.name == "python_function" for flavor in mlmodel.flavors)
        and 0 < len(inputs) + len(params) <= MAX_ROWS
        and signature.kind != "mixed"
        and not {"inputs", "params"} & set(signature.unreadable)
    )


def _have_names(signature: Signature) -> bool:
    return all(column.name is not None for column in signature.inputs or ())


@memoize_by_identity(256)
def _call_text(signature: Signature) -> str:
    """The JSON text of a signature. Cached, since versions share signatures."""
    return call_json(signature).decode()


def _payload(example: Example, signature: Signature) -> str:
    """An example as a payload, from the texts of its cells; empty if they are cut or do not fit the signature."""
    types = {column.name: column.type for column in signature.inputs or ()}
    try:
        payload = _data(example, types)
        if payload and example.params:
            payload["params"] = json.loads(example.params)
    except ValueError:
        return ""
    return json.dumps(payload, ensure_ascii=False) if payload else ""


def _data(example: Example, types: dict[str | None, Type]) -> dict[str, object]:
    """Columns by name, or one unnamed array. Raises ValueError for a cell that does not fit its type."""
    only = types.get(None)
    if not example.columns and len(types) == 1 and isinstance(only, Tensor):
        values = [[_cell(text, only) for text in row] for row in example.rows]
        return {"inputs": [value for row in values for value in row] if len(only.shape) == 1 else values}
    columns = [types.get(name) for name in example.columns]
    if not columns or any(type is None or isinstance(type, Tensor) for type in columns):
        return {}
    rows = [[_cell(text, type) for text, type in zip(row, columns, strict=True)] for row in example.rows]
    return {"dataframe_split": {"columns": list(example.columns), "data": rows}}


def _cell(text: str, type: Type | None) -> object:
    """The value of a cell. Raises ValueError if its text is cut or redacted."""
    if text == "null":
        return None
    if isinstance(type, Scalar) and type.name in _TEXTS:
        return text
    value: object = json.loads(text)
    return value
