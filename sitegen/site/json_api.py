"""The API: the content of the pages as strict JSON, described by the schemas in `api/schema/`."""

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from sitegen.core.memoize import memoize_by_identity, memoize_weakly
from sitegen.domain.comparison import Level
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.facts import FACTS, CardFacts, merge_facts
from sitegen.domain.model import NO_ORIGIN, Dataset, LoggedFile, Metric, Model, Run, Version
from sitegen.domain.signature import Column, ParamSpec, Signature, Tensor, type_name
from sitegen.formats.times import iso

SCHEMA_VERSION = 1

MAX_FILE_SIZE = 2_000_000 - 1_000
"""Bytes of the parts that one file of the API holds: it stays below 2 MB with what else is in it."""


MAX_VERSIONS = 500
"""Versions in one file of the API."""


def file_parts(sizes: Sequence[int], most: int, head: int = 0) -> Iterator[tuple[int, int]]:
    """Which parts each file of a paged list holds, as start and end; the first file may be empty.

    `sizes` are the bytes of the parts, `head` the other bytes of each file. A file has at most `most` parts and
    MAX_FILE_SIZE bytes, but at least one part; a long head leaves half of these bytes to the parts.
    """
    room = max(MAX_FILE_SIZE - head, MAX_FILE_SIZE // 2)
    start = total = 0
    for place, size in enumerate(sizes):
        if place > start and (place - start == most or total + size + 1 > room):
            yield start, place
            start, total = place, 0
        total += size + 1
    yield start, len(sizes)


def model_json(
    model: Model, slug: str, versions: Iterable[bytes], score: int | None = None, following: str | None = None
) -> bytes:
    """One file of a model in the API: the model with `versions`, each as `version_json` writes it.

    `following` is the path of the file with the next versions.
    """
    head = {
        "schema_version": SCHEMA_VERSION,
        "next": following,
        "name": model.name,
        "slug": slug,
        "kind": model.kind,
        "description": model.description,
        "facts": facts_fields(facts_of_model(model)),
        "score": score,
        "updated": time(model.updated),
        "tags": dict(model.tags),
        "aliases": dict(model.aliases),
    }
    problems = dumps([_problem(diagnostic) for diagnostic in model.problems])
    return dumps(head)[:-1] + b',"versions":[' + b",".join(versions) + b'],"problems":' + problems + b"}"


class BaselineVerdict(NamedTuple):
    """The verdict of a version against the baseline of its model: the version that users call today, and its alias."""

    version: str
    alias: str | None
    verdict: Level


def version_json(version: Version, baseline: BaselineVerdict | None = None) -> bytes:
    """A version as written JSON; no baseline for the baseline itself, and in a model without one."""
    return b'%s,"baseline":%s}' % (_version(version), dumps(baseline._asdict() if baseline else None))


@memoize_weakly
def _version(version: Version) -> bytes:
    """A version as written JSON, without the closing brace. Cached: in a preview most versions do not change."""
    return dumps(version_fields(version))[:-1]


def version_fields(version: Version) -> dict[str, Any]:
    """The fields of a version in the API."""
    mlmodel, run = version.mlmodel, version.run
    return {
        "version": version.name,
        "path": version.path,
        "model_uuid": mlmodel.model_uuid if mlmodel else None,
        "run_id": (run.id or None) if run else None,
        "run_name": run.name if run else None,
        "experiment": run.experiment if run else None,
        "experiment_id": run.experiment_id if run else None,
        "source": version.source,
        "created": time(version.created),
        "updated": time(version.updated),
        "description": version.description,
        "run": _run(version.run) if version.run else None,
        "mlflow_version": mlmodel.mlflow_version if mlmodel else None,
        "flavors": {flavor.name: flavor.keys for flavor in mlmodel.flavors} if mlmodel else {},
        "signature": _signature(version.signature) if version.signature else None,
        "metrics": {metric.key: strict(metric.value) for metric in version.metrics},
        "dataset_metrics": [_dataset_metric(metric) for metric in version.dataset_metrics],
        "params": dict(version.params),
        "tags": dict(version.tags),
        "aliases": version.aliases,
        "stage": version.stage,
        "facts": facts_fields(version.facts),
        "status": version.status,
        "model_status": version.model_status,
        "copy_of": version.copy_of,
        "environment": {
            "python": version.environment.python,
            "requirements": [requirement.text for requirement in version.environment.requirements],
        },
        "datasets": [_dataset(dataset) for dataset in version.datasets],
        "files": [_file(file) for file in version.files],
        "problems": [_problem(diagnostic) for diagnostic in version.problems],
    }


def _run(run: Run) -> dict[str, str | None]:
    """The facts about a run that MLflow's own pages show first."""
    return {"status": run.status, "description": run.description, "start": time(run.start), "end": time(run.end)}


def facts_of_model(model: Model) -> CardFacts:
    """What is stated about a model; what it does not state itself, its latest version does."""
    return merge_facts(model.facts, model.latest.facts) if model.latest else model.facts


def facts_fields(facts: CardFacts) -> dict[str, str | None]:
    """Facts as the API has them."""
    return {name: getattr(facts, name) for name in FACTS}


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "digest": dataset.digest,
        "context": dataset.context,
        "source_type": dataset.source_type,
    }


def _file(file: LoggedFile) -> dict[str, Any]:
    return {"path": file.path, "size": file.size, "role": file.role, "sha256": file.sha256}


def _dataset_metric(metric: Metric) -> dict[str, Any]:
    dataset, digest, run_id, _ = metric.origin or NO_ORIGIN
    return {
        "key": metric.key,
        "dataset": dataset,
        "digest": digest,
        "value": strict(metric.value),
        "step": metric.step,
        "run_id": run_id,
    }


def time(milliseconds: int | None) -> str | None:
    """A time in the API's form."""
    return None if milliseconds is None else iso(milliseconds)


def strict(value: float) -> float | str:
    """A number, or its text if it is NaN or infinite."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def dumps(value: Any) -> bytes:
    """JSON in UTF-8, the keys in their order. Replaces lone surrogates, which UTF-8 does not allow."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return orjson.dumps(_writable(value))


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_writable(key): _writable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(inner) for inner in value]
    return value


def call_json(signature: Signature) -> bytes:
    """The inputs and params of a signature in the API's form, for the script that checks calls."""
    return dumps({"inputs": _columns(signature.inputs), "params": _params(signature.params)})


@memoize_by_identity(256)
def _signature(signature: Signature) -> orjson.Fragment:
    """A signature as written JSON. Cached, since versions share signatures."""
    inputs, outputs = _columns(signature.inputs), _columns(signature.outputs)
    parts = {"inputs": inputs, "outputs": outputs, "params": _params(signature.params)}
    return orjson.Fragment(dumps(parts))


def _columns(columns: tuple[Column, ...] | None) -> list[dict[str, Any]] | None:
    return None if columns is None else [_column(column) for column in columns]


def _column(column: Column) -> dict[str, Any]:
    shape = list(column.type.shape) if isinstance(column.type, Tensor) else None
    return {"name": column.name, "type": type_name(column.type), "required": column.required, "shape": shape}


def _params(params: tuple[ParamSpec, ...] | None) -> list[dict[str, Any]] | None:
    return None if params is None else [_param(spec) for spec in params]


def _param(spec: ParamSpec) -> dict[str, Any]:
    shape = None if spec.shape is None else list(spec.shape)
    return {"name": spec.name, "type": type_name(spec.type), "default": spec.default, "shape": shape}


def _problem(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "hint": diagnostic.hint,
        **({"count": diagnostic.count} if diagnostic.count > 1 else {}),
    }


def urn(identity: str) -> str:
    """A URN derived from a text, for ids that must never change."""
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]
