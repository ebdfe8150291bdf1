"""Converting entities of MLflow's client to rows of MLflow's tables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sitegen.formats.meta_yaml import CONTEXT_TAG
from sitegen.sources.database.rows import LAST_UPDATE, LAST_UPDATE_MS, digest

Entity = Any
"""An entity of MLflow's client: an experiment, a run, a model."""

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows by table, their values in the order of the table's columns."""

TABLES: dict[str, tuple[str, ...]] = {
    "experiments": ("experiment_id", "name", "lifecycle_stage"),
    "registered_models": ("name", "creation_time", "description", LAST_UPDATE),
    "registered_model_tags": ("name", "key", "value"),
    "registered_model_aliases": ("name", "alias", "version"),
    "model_versions": (
        *("name", "version", "creation_time", "description"),
        *("current_stage", "source", "run_id", "status", LAST_UPDATE),
    ),
    "model_version_tags": ("name", "version", "key", "value"),
    "runs": (
        *("run_uuid", "name", "experiment_id", "status"),
        *("start_time", "end_time", "user_id", "lifecycle_stage", "artifact_uri"),
    ),
    "latest_metrics": ("run_uuid", "key", "step", "timestamp", "value", "is_nan"),
    "metrics": ("run_uuid", "key", "step", "timestamp", "value", "is_nan"),
    "params": ("run_uuid", "key", "value"),
    "tags": ("run_uuid", "key", "value"),
    "inputs": ("input_uuid", "source_type", "source_id", "destination_type", "destination_id", "step"),
    "input_tags": ("input_uuid", "name", "value"),
    "datasets": (
        *("dataset_uuid", "name", "digest", "dataset_source_type"),
        *("dataset_source", "dataset_schema", "dataset_profile"),
    ),
    "logged_models": (
        *("model_id", "experiment_id", "name", "source_run_id"),
        *("lifecycle_stage", "creation_timestamp_ms", "status", LAST_UPDATE_MS),
    ),
    "logged_model_metrics": (
        *("model_id", "metric_name", "metric_step", "metric_timestamp_ms", "metric_value"),
        *("run_id", "dataset_name", "dataset_digest"),
    ),
    "logged_model_params": ("model_id", "param_key", "param_value"),
    "logged_model_tags": ("model_id", "tag_key", "tag_value"),
}
"""The tables and columns of MLflow's database that are read."""

END_STATES = ("FINISHED", "FAILED", "KILLED")
"""The statuses of a run that has ended."""


def registry_rows(experiments: Iterable[Entity], models: Iterable[Entity], versions: Iterable[Entity]) -> Rows:
    """Experiments, registered models and their versions."""
    rows: Rows = {"experiments": [(one.experiment_id, one.name, one.lifecycle_stage) for one in experiments]}
    registered = list(models)
    rows["registered_models"] = [
        (one.name, one.creation_timestamp, one.description, one.last_updated_timestamp) for one in registered
    ]
    rows["registered_model_tags"] = [(one.name, *pair) for one in registered for pair in _pairs(one.tags)]
    rows["registered_model_aliases"] = [
        (one.name, alias, str(version)) for one in registered for alias, version in sorted(one.aliases.items())
    ]
    rows |= {"model_versions": [], "model_version_tags": []}
    for one in sorted(versions, key=lambda one: (one.name, str(one.version))):
        own = (one.creation_timestamp, one.description, one.current_stage, one.source, one.run_id, one.status)
        rows["model_versions"].append((one.name, str(one.version), *own, one.last_updated_timestamp))
        rows["model_version_tags"] += [(one.name, str(one.version), *pair) for pair in _pairs(one.tags)]
    return rows


def run_rows(run: Entity) -> Rows:
    """A run without the histories of its metrics."""
    info, data = run.info, run.data
    id = info.run_id
    own = (info.status, info.start_time, info.end_time, info.user_id, info.lifecycle_stage, info.artifact_uri)
    latest = sorted(run.to_proto().data.metrics, key=lambda one: one.key)  # the client's own values have no steps
    rows: Rows = {
        "runs": [(id, info.run_name, info.experiment_id, *own)],
        "latest_metrics": [(id, *_point(one)) for one in latest],
        "params": [(id, *pair) for pair in _pairs(data.params)],
        "tags": [(id, *pair) for pair in _pairs(data.tags)],
        "inputs": [],
        "input_tags": [],
        "datasets": [],
    }
    for number, used in enumerate(run.inputs.dataset_inputs if run.inputs else ()):
        place, one = f"{id} {number}", used.dataset
        rows["inputs"].append((place, "DATASET", place, "RUN", id, 0))
        rows["datasets"].append((place, one.name, one.digest, one.source_type, one.source, one.schema, one.profile))
        rows["input_tags"] += [(place, tag.key, tag.value) for tag in used.tags if tag.key == CONTEXT_TAG]
    outputs = getattr(run, "outputs", None)  # since MLflow 3
    for one in outputs.model_outputs if outputs else ():
        rows["inputs"].append((f"{id} {one.model_id}", "RUN_OUTPUT", id, "MODEL_OUTPUT", one.model_id, one.step))
    return rows


def history_rows(run: str, points: Iterable[Entity]) -> list[tuple[Any, ...]]:
    """Points of a run's metric."""
    return [(run, *_point(one)) for one in points]


def logged_rows(model: Entity) -> Rows:
    """A logged model."""
    id, status = model.model_id, str(getattr(model.status, "value", model.status))
    own = (model.creation_timestamp, status, model.last_updated_timestamp)
    metrics = sorted(model.metrics or (), key=lambda one: (one.key, one.step, one.timestamp, one.run_id or ""))
    return {
        "logged_models": [(id, str(model.experiment_id), model.name, model.source_run_id, "active", *own)],
        "logged_model_metrics": [(id, *_model_point(one)) for one in metrics],
        "logged_model_params": [(id, *pair) for pair in _pairs(model.params)],
        "logged_model_tags": [(id, *pair) for pair in _pairs(model.tags)],
    }


def history_mark(run: Entity) -> bytes:
    """The mark of a run's histories, which changes with them; empty while the run is active."""
    latest = run_rows(run)["latest_metrics"]
    return digest(run.info.status, run.info.end_time, latest) if run.info.status in END_STATES else b""


def run_files_mark(run: Entity) -> bytes:
    """The mark of a run's files, which changes with them; empty while the run is active."""
    return digest(run.info.status, run.info.end_time) if run.info.status in END_STATES else b""


def logged_files_mark(model: Entity) -> bytes:
    """The mark of a logged model's files, which are final once its status is READY; empty before."""
    return digest(model.model_id) if str(getattr(model.status, "value", model.status)) == "READY" else b""


def _pairs(values: Mapping[str, str] | None) -> Iterator[tuple[str, str]]:
    return ((key, text) for key, text in sorted((values or {}).items()))


def _point(metric: Entity) -> tuple[str, int, int, float, int]:
    """Key, step, timestamp, value and `is_nan`: MLflow's tables have a column for NaN, which SQL lacks."""
    undefined = metric.value != metric.value
    return metric.key, metric.step, metric.timestamp, 0.0 if undefined else metric.value, int(undefined)


def _model_point(metric: Entity) -> tuple[Any, ...]:
    """Key, step, timestamp, value, run, dataset, digest. A point that is NaN has no value: the table has no column."""
    value = None if metric.value != metric.value else metric.value
    return (
        *(metric.key, metric.step, metric.timestamp, value),
        *(metric.run_id, metric.dataset_name, metric.dataset_digest),
    )
