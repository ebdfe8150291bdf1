"""Databases for tests: the tables that MLflow reads, without those that a version did not have yet."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

REGISTRY = {
    "registered_models": "name creation_time last_updated_time description workspace",
    "registered_model_tags": "name key value workspace",
    "registered_model_aliases": "name alias version workspace",
    "model_versions": (
        "name version creation_time last_updated_time description current_stage source storage_location run_id status "
        "workspace"
    ),
    "model_version_tags": "name version key value workspace",
}
TRACKING = {
    "experiments": "experiment_id name lifecycle_stage workspace",
    "runs": "run_uuid name experiment_id status start_time end_time user_id lifecycle_stage artifact_uri",
    "metrics": "run_uuid key step timestamp value is_nan",
    "latest_metrics": "run_uuid key step timestamp value is_nan",
    "params": "run_uuid key value",
    "tags": "run_uuid key value",
    "datasets": "dataset_uuid name digest dataset_source_type dataset_source dataset_schema dataset_profile",
    "inputs": "input_uuid source_type source_id destination_type destination_id step",
    "input_tags": "input_uuid name value",
    "logged_models": (
        "model_id experiment_id name source_run_id lifecycle_stage creation_timestamp_ms last_updated_timestamp_ms "
        "status"
    ),
    "logged_model_metrics": (
        "model_id metric_name metric_step metric_timestamp_ms metric_value run_id dataset_name dataset_digest"
    ),
    "logged_model_params": "model_id param_key param_value",
    "logged_model_tags": "model_id tag_key tag_value",
}
SCHEMAS = {
    "3.17": REGISTRY | TRACKING,
    "2.9": {
        table: columns.replace(" workspace", "")
        for table, columns in (REGISTRY | TRACKING).items()
        if not table.startswith("logged_")
    },
    "1.30": {
        table: columns.replace(" workspace", "").replace(" storage_location", "")
        for table, columns in (REGISTRY | TRACKING).items()
        if not table.startswith(("logged_", "input", "datasets")) and not table.endswith("aliases")
    },
    "1.0": {
        table: columns.replace(" workspace", "")
        for table, columns in TRACKING.items()
        if table in ("experiments", "runs", "metrics", "params", "tags")
    },
}
"""Tables with their columns, by the version of MLflow that had them."""

Rows = Mapping[str, Iterable[Mapping[str, Any]]]
"""Rows by table, each as columns with values."""

RUN, OTHER = "a" * 32, "b" * 32
MODEL = "m-" + "c" * 32
TIME = 1_700_000_000_000


def database(path: Path, *parts: Rows, schema: Mapping[str, str] = SCHEMAS["3.17"]) -> Path:
    """A database with these rows; what the schema has no table or column for is left out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        for table, columns in schema.items():
            connection.execute(f"create table {table} ({', '.join(columns.split())})")
        connection.commit()
    fill(path, *parts)
    return path


def fill(path: Path, *parts: Rows) -> None:
    """Add rows."""
    with closing(sqlite3.connect(path)) as connection:
        for part in parts:
            for table, rows in part.items():
                known = {row[1] for row in connection.execute(f"pragma table_info({table})")}
                for row in rows:
                    own = {column: value for column, value in row.items() if column in known}
                    marks = ", ".join("?" * len(own))
                    if own:
                        connection.execute(f"insert into {table} ({', '.join(own)}) values ({marks})", (*own.values(),))
        connection.commit()


def change(path: Path, statement: str, *values: object) -> None:
    """Run one statement."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement, values)
        connection.commit()


def experiment(id: object = 1, name: str = "houses", stage: str = "active", workspace: str = "default") -> Rows:
    """An experiment."""
    return {"experiments": [{"experiment_id": id, "name": name, "lifecycle_stage": stage, "workspace": workspace}]}


def run(
    id: str = RUN,
    *,
    experiment: object = 1,
    metrics: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    **own: object,
) -> Rows:
    """A run. A metric is a value, or the list of its values at the steps 0, 1, 2 ..."""
    facts = {"run_uuid": id, "name": f"run {id[:1]}", "experiment_id": experiment, "status": "FINISHED"}
    points = [
        {"run_uuid": id, "key": key, "step": step, "timestamp": TIME + step, "value": one, "is_nan": 0}
        for key, value in (metrics or {}).items()
        for step, one in enumerate(value if isinstance(value, list) else [value])
    ]
    latest = {point["key"]: point for point in points}
    return {
        "runs": [{**facts, "start_time": TIME, "lifecycle_stage": "active", **own}],
        "metrics": points,
        "latest_metrics": list(latest.values()),
        "params": [{"run_uuid": id, "key": key, "value": value} for key, value in (params or {}).items()],
        "tags": [{"run_uuid": id, "key": key, "value": value} for key, value in (tags or {}).items()],
    }


def version(name: str = "prices", number: object = 1, *, run: str | None = RUN, **own: object) -> Rows:
    """A version of a registered model, which its run logged as `model`."""
    source = f"file:///elsewhere/mlruns/1/{run}/artifacts/model"
    facts = {"name": name, "version": number, "creation_time": TIME, "current_stage": "None", "source": source}
    return {"model_versions": [{**facts, "run_id": run, "workspace": "default", **own}]}


def registered(name: str = "prices", aliases: Mapping[str, int] | None = None, **own: object) -> Rows:
    """A registered model."""
    facts = {"name": name, "creation_time": TIME, "workspace": "default", **own}
    return {
        "registered_models": [facts],
        "registered_model_aliases": [
            {"name": name, "alias": alias, "version": number, "workspace": facts["workspace"]}
            for alias, number in (aliases or {}).items()
        ],
    }


def datasets(used: Mapping[str, str]) -> Iterator[Rows]:
    """Datasets by id with the run that used each for training."""
    for id, run in used.items():
        facts = {"dataset_uuid": id, "name": f"data {id}", "digest": f"0{id}", "dataset_source_type": "local"}
        used_by = {"source_type": "DATASET", "source_id": id, "destination_type": "RUN", "destination_id": run}
        yield {
            "datasets": [{**facts, "dataset_source": "{}", "dataset_schema": "{}", "dataset_profile": "{}"}],
            "inputs": [{"input_uuid": f"i{id}", **used_by}],
            "input_tags": [{"input_uuid": f"i{id}", "name": "mlflow.data.context", "value": "training"}],
        }


def logged(
    id: str = MODEL, name: str = "model", *, run: str | None = RUN, experiment: object = 1, **own: object
) -> Rows:
    """A logged model of MLflow 3."""
    facts = {"model_id": id, "name": name, "experiment_id": experiment, "source_run_id": run}
    return {
        "logged_models": [{**facts, "lifecycle_stage": "active", "creation_timestamp_ms": TIME, "status": 2, **own}]
    }


def outputs(steps: Mapping[str, object], run: str = RUN) -> Rows:
    """The logged models of a run, each with its step."""
    link = {"source_type": "RUN_OUTPUT", "source_id": run, "destination_type": "MODEL_OUTPUT"}
    rows = [{**link, "input_uuid": id, "destination_id": id, "step": step} for id, step in steps.items()]
    return {"inputs": rows}


PRICES = (
    experiment(),
    run(metrics={"rmse": [3.0, 2.5]}, params={"depth": "4"}, tags={"team": "a"}),
    registered(),
    version(),
)
"""A registered model with one version and its run."""
