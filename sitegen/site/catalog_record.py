"""What the catalog's scripts know of one model, as JSON that its summary holds ready-made."""

from typing import Any, NamedTuple

from sitegen.analysis.usage.python import chat_words
from sitegen.analysis.usage.snippets import chat_task
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.model import Model, Version
from sitegen.domain.signature import Column, Signature, Tensor, type_name
from sitegen.site.json_api import dumps, facts_of_model, strict
from sitegen.site.markdown import plain
from sitegen.site.views.model import signature_arity

MAX_INPUTS = 200
"""Inputs of one signature that the first index holds; the second has the names of the others."""

MAX_CARD = 300
"""Characters of a card that can be searched."""


VersionLink = str | tuple[str, str]
"""A version in the data of the catalog: its label, or label and folder."""


class CatalogRecord(NamedTuple):
    """The JSON of a model's record, and about the bytes of metrics, params and attributes in it."""

    json: bytes
    values_size: int


def catalog_record(model: Model, fields: dict[str, Any]) -> CatalogRecord:
    """The record of a model; `fields` are those of its row in the catalog, with its description.

    `index` and the tags are for the first index, `text` for the second one, and the values for files of their own.
    """
    latest, facts, description = model.latest, facts_of_model(model), fields.pop("description")
    card = plain(model.card, MAX_CARD) if model.card else ""
    values = {
        "metrics": {metric.key: strict(metric.value) for metric in latest.metrics} if latest else {},
        "params": dict(latest.params) if latest else {},
        "attributes": _attributes(latest) if latest else {},
    }
    values_json = dumps(values)
    record = dumps(
        {
            "index": fields | {"licence": facts.licence, "owner": facts.owner, "task": facts.task},
            "signature": _signature(latest),
            "tags": dict(latest.tags) if latest else {},
            "model_tags": dict(model.tags),
            "text": [description, "" if card == description else card, *_columns(latest)],
        }
    )
    return CatalogRecord(record[:-1] + b"," + values_json[1:], len(values_json))


def version_link(label: str, folder: str) -> VersionLink:
    """The link to a version; the folder mostly is the label without its "v"."""
    return label if label == f"v{folder}" else (label, folder)


def contract(version: Version | None) -> tuple[str, str]:
    """What the latest version takes and returns, and the kind of its signature: `11 → 1`, `columns`.

    An agent or chat model takes messages, whatever the columns of its signature.
    """
    task = chat_task(version.mlmodel) if version and version.mlmodel else ""
    if task:
        return chat_words(task)
    signature = version.signature if version else None
    return (signature_arity(signature), signature.kind) if signature else ("", "")


def _signature(version: Version | None) -> str:
    if version is None:
        return '["","",[]]'
    if version.mlmodel and chat_task(version.mlmodel):
        taken, kind = contract(version)
        return dumps([kind, taken, _inputs(version.signature) if version.signature else []]).decode()
    return _signature_text(version.signature) if version.signature else '["no signature","",[]]'


@memoize_by_identity(256)
def _signature_text(signature: Signature) -> str:
    """Kind, numbers of inputs and outputs, and the inputs of a signature, as JSON."""
    return dumps([signature.kind, signature_arity(signature), _inputs(signature)]).decode()


def _inputs(signature: Signature) -> list[tuple[str, str]]:
    return [(column.name or "", _type(column)) for column in (signature.inputs or ())[:MAX_INPUTS]]


def _type(column: Column) -> str:
    """The type of a column; a tensor with its shape."""
    shape = column.type.shape if isinstance(column.type, Tensor) else ()
    return f"{type_name(column.type)}{list(shape) if shape else ''}"


def _columns(version: Version | None) -> tuple[str, str]:
    """The outputs, and the inputs that the first index leaves out, one a line."""
    signature = version.signature if version else None
    return _column_texts(signature) if signature else ("", "")


@memoize_by_identity(256)
def _column_texts(signature: Signature) -> tuple[str, str]:
    outputs = (f"{column.name}: {_type(column)}" for column in signature.outputs or () if column.name)
    others = (f"{column.name}: {_type(column)}" for column in (signature.inputs or ())[MAX_INPUTS:] if column.name)
    return "\n".join(outputs), "\n".join(others)


def _attributes(version: Version) -> dict[str, Any]:
    """The attributes that a query may name, as `domain.filter` has them; those that are unknown are left out."""
    run = version.run
    values: dict[str, Any] = {
        "source_path": version.source,
        "stage": version.stage,
        "created": version.created,
        "alias": version.aliases or None,
        "flavor": [flavor.name for flavor in version.mlmodel.flavors] or None if version.mlmodel else None,
    }
    if run:
        values |= {
            "run_id": run.id or None,
            "run_name": run.name,
            "experiment": run.experiment,
            "status": run.status,
            "user_id": run.user,
            "start_time": run.start,
            "end_time": run.end,
        }
    return {key: value for key, value in values.items() if value is not None}
