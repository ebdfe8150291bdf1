"""Writes checkpoints, evaluations, and what MLflow renames, deletes and restores. Runs in a Python that has MLflow.

python mlflow_evaluations.py STORE_URI [ARTIFACTS_FOLDER]

MLflow 2 has no logged models: there the script writes what it has.
"""

import logging
import os
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

import mlflow  # noqa: E402
import pandas  # noqa: E402
from mlflow.models import infer_signature  # noqa: E402

THREE = int(mlflow.__version__.partition(".")[0]) >= 3
FRAME = pandas.DataFrame({"x": [1.0, 2.0]})
VALIDATION, TEST = (mlflow.data.from_pandas(FRAME[:rows], name=name) for name, rows in (("val", 2), ("test", 1)))
DAY = 24 * 60 * 60 * 1000


class Same(mlflow.pyfunc.PythonModel):
    """A model that needs nothing."""

    def predict(self, context, model_input, params=None):  # noqa: ARG002 - as MLflow calls it
        """The input."""
        return model_input


def main(store, artifacts=None):
    """Write it all. Without a folder the artifacts go where the store puts them."""
    mlflow.set_tracking_uri(store)
    mlflow.set_registry_uri(store)
    client = mlflow.MlflowClient()
    for name in ("nets", "gone", "back"):
        client.create_experiment(name, artifacts and Path(artifacts, name).resolve().as_uri())
    mlflow.set_experiment("nets")
    one_model()
    several_runs()
    deletions(client)
    if THREE:
        last = checkpoints()
        without_steps()
        evaluations(last)
        statuses(client)
    renames(client)


def log(name, **how):
    """Log a model; before MLflow 3 it has a path and no step."""
    signature = infer_signature(FRAME, FRAME)
    how |= {"name": name} if THREE else {"artifact_path": name}
    return mlflow.pyfunc.log_model(python_model=Same(), signature=signature, pip_requirements=["pandas==2.2.0"], **how)


def one_model():
    """A run with one model: values before and after it, and those that only one of the two has."""
    with mlflow.start_run(run_name="one model"):
        mlflow.log_params({"depth": 4, "lr": 0.1})
        for step in range(5):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metric("before", 1.5)
        info = log("single", **({"params": {"lr": 0.5, "layers": 3}} if THREE else {}))
        mlflow.log_metric("after", 2.5)
        mlflow.log_metric("later", 3.5, step=7)
        if THREE:
            for step in range(3):
                mlflow.log_metric("own", float(step), step=step, model_id=info.model_id)
            mlflow.log_metric("own on data", 0.5, model_id=info.model_id, dataset=VALIDATION)
            mlflow.log_metric("before", 9.5, model_id=info.model_id, dataset=VALIDATION)


def several_runs():
    """Runs in runs, each with a model."""
    with mlflow.start_run(run_name="parent"):
        mlflow.log_metric("rmse", 3.0)
        log("parent")
        for number in range(2):
            with mlflow.start_run(run_name=f"child {number}", nested=True):
                mlflow.log_metric("rmse", 2.0 - number)
                mlflow.log_metric("rmse", 1.0 - number, step=1)
                log("child")
    with mlflow.start_run(run_name="two models"):
        mlflow.log_metric("rmse", 5.0)
        mlflow.log_metric("rmse", 4.0, step=1)
        log("first")
        mlflow.log_metric("mae", 1.0)
        log("second")


def checkpoints():
    """Models of one run by step, each evaluated; the last one is registered, too."""
    with mlflow.start_run(run_name="training"):
        mlflow.log_param("lr", 0.1)
        for epoch, value in enumerate([0.5, 0.9, 0.7]):
            mlflow.log_metric("loss", 1 - value, step=epoch)
            mlflow.log_metric("undefined", float("nan"), step=epoch)
            info = log("checkpoint", step=epoch, params={"epoch": epoch}, registered_model_name="net")
            mlflow.log_metric("acc", value, step=epoch, model_id=info.model_id, dataset=VALIDATION)
            mlflow.log_metric("acc", value - 0.1, step=epoch, model_id=info.model_id, dataset=TEST)
            mlflow.log_metric("f1", value / 2, step=epoch, model_id=info.model_id)
    return info


def without_steps():
    """Models of one run that say no step."""
    with mlflow.start_run(run_name="without steps"):
        for epoch in range(3):
            mlflow.log_metric("loss", 3.0 - epoch, step=epoch)
            info = log("unordered")
            mlflow.log_metric("acc", epoch / 4, model_id=info.model_id, dataset=VALIDATION)


def evaluations(last):
    """A day later: another dataset, the same dataset again, and none."""
    with mlflow.start_run(run_name="evaluation") as run:
        client, id = mlflow.MlflowClient(), run.info.run_id
        time = mlflow.get_logged_model(last.model_id).creation_timestamp + DAY
        rows = (("toxicity", 0.01, TEST), ("acc", 0.72, VALIDATION), ("f1", 0.33, None))
        for key, value, data in (*rows, ("unbounded", float("inf"), TEST)):
            named = {"dataset_name": data.name, "dataset_digest": data.digest} if data else {}
            client.log_metric(id, key, value, timestamp=time, model_id=last.model_id, **named)


def statuses(client):
    """Logged models that are not ready, one without a run, and a deleted one."""
    mlflow.initialize_logged_model(name="pending")
    failed = mlflow.initialize_logged_model(name="failed")
    mlflow.finalize_logged_model(failed.model_id, "FAILED")
    mlflow.create_external_model(name="external", params={"where": "elsewhere"})
    with mlflow.start_run(run_name="of a deleted model"):
        mlflow.log_metric("rmse", 1.0, step=1)
        client.delete_logged_model(log("deleted").model_id)
        log("remaining")


def deletions(client):
    """Runs and experiments that are deleted, and those that come back."""
    for back in (False, True):
        with mlflow.start_run(run_name=f"deleted, {back}") as run:
            mlflow.log_metric("rmse", 1.0)
            log("model")
        client.delete_run(run.info.run_id)
        if back:
            client.restore_run(run.info.run_id)
    for name in ("gone", "back"):
        experiment = mlflow.set_experiment(name)
        with mlflow.start_run(run_name=f"of {name}"):
            mlflow.log_metric("rmse", 2.0)
            log("model")
        client.delete_experiment(experiment.experiment_id)
        if name == "back":
            client.restore_experiment(experiment.experiment_id)
    mlflow.set_experiment("nets")


def renames(client):
    """Everything that has another name than before, and versions that are gone."""
    with mlflow.start_run(run_name="before") as run:
        mlflow.log_metric("rmse", 1.0)
        source = log("model").model_uri
    mlflow.register_model(source, "old name")
    gone = mlflow.register_model(source, "old name")
    client.delete_model_version("old name", gone.version)
    client.rename_registered_model("old name", "new name")
    client.set_registered_model_alias("new name", "champion", "1")
    client.update_run(run.info.run_id, name="after")
    client.rename_experiment(client.get_experiment_by_name("back").experiment_id, "renamed")


if __name__ == "__main__":
    main(*sys.argv[1:])
