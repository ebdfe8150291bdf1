"""What MLflow's client says of a store, as one JSON text. Runs in a Python that has MLflow, not in ours.

python mlflow_store.py TRACKING_URI REGISTRY_URI
"""

import json
import logging
import os
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.tracking import MlflowClient  # noqa: E402


def main(tracking, registry):
    """Ask for everything that a page may show."""
    client = MlflowClient(tracking, registry)
    experiments = {one.experiment_id: one.name for one in paged(client.search_experiments, view_type=3)}
    active = [one.experiment_id for one in paged(client.search_experiments, view_type=1)]
    models = [model(client, one) for one in paged(client.search_registered_models)]
    logged = {} if not hasattr(client, "search_logged_models") else logged_models(client, active, experiments)
    wanted = {one["run_id"] for each in models for one in each["versions"]} | {one["run_id"] for one in logged.values()}
    runs = {one.info.run_id: run(client, one, experiments) for one in paged(client.search_runs, experiment_ids=active)}
    for id in wanted - set(runs) - {None, ""}:
        try:
            runs[id] = run(client, client.get_run(id), experiments)
        except MlflowException:
            continue
    print(json.dumps({"models": models, "runs": runs, "logged": logged}))


def paged(search, **how):
    """All results of a search, page by page; old clients have searches without pages."""
    page = search(**how)
    yield from page
    while getattr(page, "token", None):
        page = search(page_token=page.token, **how)
        yield from page


def model(client, one):
    """A registered model with its versions."""
    whole = client.get_registered_model(one.name)
    quoted = one.name.replace("'", "\\'")
    return {
        "name": one.name,
        "description": whole.description,
        "updated": whole.last_updated_timestamp,
        "tags": whole.tags,
        "aliases": {alias: str(version) for alias, version in dict(getattr(whole, "aliases", {})).items()},
        "versions": [version(found) for found in paged(client.search_model_versions, filter_string=f"name='{quoted}'")],
    }


def version(one):
    """A registered version."""
    return {
        "version": str(one.version),
        "created": one.creation_timestamp,
        "updated": one.last_updated_timestamp,
        "description": one.description,
        "run_id": one.run_id or None,
        "source": one.source,
        "stage": one.current_stage,
        "status": one.status,
        "tags": one.tags,
    }


def run(client, one, experiments):
    """A run, the histories of its metrics as lists of step, timestamp, value."""
    inputs, id = getattr(one, "inputs", None), one.info.run_id
    return {
        "name": getattr(one.info, "run_name", None) or one.data.tags.get("mlflow.runName"),
        "experiment": experiments.get(one.info.experiment_id),
        "active": one.info.lifecycle_stage == "active",
        "status": one.info.status,
        "start": one.info.start_time,
        "end": one.info.end_time,
        "metrics": {key: number(value) for key, value in one.data.metrics.items()},
        "histories": histories(client, id, one.data.metrics),
        "params": one.data.params,
        "tags": one.data.tags,
        "datasets": [dataset(used) for used in (inputs.dataset_inputs if inputs else [])],
        "outputs": outputs(one),
    }


def outputs(one):
    """The logged models of a run, each with its step; runs have them since MLflow 3."""
    found = getattr(one, "outputs", None)
    return {model.model_id: model.step for model in (found.model_outputs if found else [])}


def histories(client, id, keys):
    """All points of a run's metrics; none where MLflow cannot find the run by its id, as without its empty folders."""
    try:
        points = {key: client.get_metric_history(id, key) for key in keys}
    except MlflowException:
        return {}
    return {key: [[one.step, one.timestamp, number(one.value)] for one in found] for key, found in points.items()}


def dataset(used):
    """A dataset that a run used."""
    context = {tag.key: tag.value for tag in used.tags}.get("mlflow.data.context")
    found = used.dataset
    return {"name": found.name, "digest": found.digest, "context": context, "source_type": found.source_type}


def logged_models(client, experiments, names):
    """The logged models of MLflow 3, by id. `shown` are the metrics that the client has, `points` all points."""
    return {
        one.model_id: {
            "id": one.model_id,
            "name": one.name,
            "experiment": names.get(one.experiment_id),
            "created": one.creation_timestamp,
            "updated": one.last_updated_timestamp,
            "run_id": one.source_run_id or None,
            "status": str(one.status),
            "shown": [point(metric) for metric in one.metrics or []],
            "points": [point(metric) for metric in points(client, one)],
            "params": one.params,
            "tags": one.tags,
        }
        for one in paged(client.search_logged_models, experiment_ids=experiments)
    }


def points(client, one):
    """All points of a logged model. Of a file store the client gives the one with the highest step for each dataset."""
    store = client._tracking_client.store
    if not hasattr(store, "_find_model_root"):
        return one.metrics or []
    parent, files = store._get_resource_files(store._find_model_root(one.model_id)[1], "metrics")
    return [
        store._get_model_metric_from_line(one.model_id, name, line)
        for name in files
        for line in Path(parent, name).read_text().splitlines()
    ]


def point(metric):
    """A point of a logged model; `mlflow migrate-filestore` puts nothing in the place of NaN."""
    return {
        "key": metric.key,
        "value": "nan" if metric.value is None else number(metric.value),
        "step": metric.step,
        "timestamp": metric.timestamp,
        "run": metric.run_id,
        "dataset": metric.dataset_name,
        "digest": metric.dataset_digest,
    }


def number(value):
    """A number as strict JSON can hold it; a database may have nothing in its place."""
    return value if value is None or value - value == 0 else repr(float(value))


if __name__ == "__main__":
    main(*sys.argv[1:])
