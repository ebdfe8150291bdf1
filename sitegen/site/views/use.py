"""The view of the tools for callers of a version, which check a payload and map columns."""

from typing import NamedTuple

from sitegen.analysis.usage.payload import example_payload
from sitegen.analysis.usage.snippets import chat_task
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.model import MLmodel, Version
from sitegen.domain.signature import Signature
from sitegen.site.json_api import call_json
from sitegen.site.views.parts import MAX_ROWS


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
    function, not the payload. An agent or chat model checks its messages itself, beyond the signature.
    """
    mlmodel, signature = version.mlmodel, version.signature
    tools = _tools(signature) if mlmodel and signature and _checks_calls(mlmodel) else None
    if not tools or not signature or not version.example:
        return tools
    return tools._replace(example=example_payload(version.example, signature))


def _checks_calls(mlmodel: MLmodel) -> bool:
    return (
        not mlmodel.signature_from_type_hint
        and not chat_task(mlmodel)
        and any(flavor.name == "python_function" for flavor in mlmodel.flavors)
    )


@memoize_by_identity(256)
def _tools(signature: Signature) -> UseView | None:
    """The tools for a signature, without an example. Cached, since versions share signatures."""
    inputs, params = signature.inputs or (), signature.params or ()
    if not 0 < len(inputs) + len(params) <= MAX_ROWS or signature.kind == "mixed":
        return None
    if {"inputs", "params"} & set(signature.unreadable):
        return None
    have_names = all(column.name is not None for column in inputs)
    return UseView(call_json(signature).decode(), signature.kind == "columns" and have_names, "")
