"""What MLflow's client says of a store, as one JSON text. Runs in a Python that has MLflow, not in ours.

python mlflow_store.py TRACKING_URI REGISTRY_URI
"""

import json
import logging
import os
import sys
import warnings

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
        "tags": whole.tags,
        "aliases": {alias: str(version) for alias, version in dict(getattr(whole, "aliases", {})).items()},
        "versions": [version(found) for found in paged(client.search_model_versions, filter_string=f"name='{quoted}'")],
    }


def version(one):
    """A registered version."""
    return {
        "version": str(one.version),
        "created": one.creation_timestamp,
        "description": one.description,
        "run_id": one.run_id or None,
        "source": one.source,
        "stage": one.current_stage,
        "tags": one.tags,
    }


def run(client, one, experiments):
    """A run, the histories of its metrics as lists of step, timestamp, value."""
    inputs, id = getattr(one, "inputs", None), one.info.run_id
    return {
        "name": getattr(one.info, "run_name", None) or one.data.tags.get("mlflow.runName"),
        "experiment": experiments.get(one.info.experiment_id),
        "active": one.info.lifecycle_stage == "active",
        "metrics": {key: number(value) for key, value in one.data.metrics.items()},
        "histories": histories(client, id, one.data.metrics),
        "params": one.data.params,
        "tags": one.data.tags,
        "datasets": [dataset(used) for used in (inputs.dataset_inputs if inputs else [])],
    }


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
    """The logged models of MLflow 3, by id; their metrics only where they speak of the model alone."""
    return {
        one.model_id: {
            "name": one.name,
            "experiment": names.get(one.experiment_id),
            "created": one.creation_timestamp,
            "run_id": one.source_run_id or None,
            "metrics": {metric.key: number(metric.value) for metric in sorted(one.metrics or [], key=_rank)},
            "params": one.params,
            "tags": one.tags,
        }
        for one in paged(client.search_logged_models, experiment_ids=experiments)
    }


def _rank(metric):
    return metric.step, metric.timestamp


def number(value):
    """A number as strict JSON can hold it; a database may have nothing in its place."""
    return value if value is None or value - value == 0 else repr(float(value))


if __name__ == "__main__":
    main(*sys.argv[1:])
