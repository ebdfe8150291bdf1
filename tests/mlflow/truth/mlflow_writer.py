"""Writes a registry of every kind of thing into a store. Runs in a Python that has MLflow 3, not in ours.

python mlflow_writer.py STORE_URI [ARTIFACTS_FOLDER]
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


class Doubled(mlflow.pyfunc.PythonModel):
    """A model that needs nothing."""

    def predict(self, context, model_input, params=None):  # noqa: ARG002 - as MLflow calls it
        """Twice the input."""
        return model_input * 2


FRAME = pandas.DataFrame({"bmi": [1.5, 2.5], "age": [30, 40]})


def main(store, artifacts=None):
    """Two experiments, registered and unregistered models, and one of all that MLflow hides.

    Without a folder the artifacts go where the store puts them.
    """
    mlflow.set_tracking_uri(store)
    mlflow.set_registry_uri(store)
    client = mlflow.MlflowClient()
    for name in ("houses", "north/south é"):
        client.create_experiment(name, artifacts and Path(artifacts, name.split("/")[0]).resolve().as_uri())
    versions = [register(client, number) for number in range(3)]
    client.set_registered_model_alias("prices", "champion", versions[1].version)
    client.set_registered_model_alias("prices", "next", versions[2].version)
    client.transition_model_version_stage("prices", versions[0].version, "Archived")
    client.delete_model_version("prices", register(client, 3).version)
    client.create_registered_model("without versions", description="Not yet *anything*.")
    mlflow.set_experiment("north/south é")
    with mlflow.start_run(run_name="never registered"):
        log(2)
    with mlflow.start_run(run_name="deleted") as run:
        log(1)
    client.delete_run(run.info.run_id)
    with mlflow.start_run(run_name="deleted model"):
        client.delete_logged_model(log(1).model_id)
    mlflow.genai.register_prompt("greeting", "Hello {{name}}")


def register(client, number):
    """A run with all that a run can have, and its model as a version of `prices`."""
    mlflow.set_experiment("houses")
    with mlflow.start_run(run_name=f"attempt {number}", description=f"the *{number}*th"):
        mlflow.log_params({"depth": number, "empty": "", "text": "a\nb", "nested/key": "x"})
        for step in range(20):
            mlflow.log_metric("loss", 1 / (step + number + 1), step=step)
        mlflow.log_metrics({"rmse": 50.5 - number, "unbounded": float("inf"), "val/r2": -0.25, "tiny": 1e-300})
        mlflow.log_metric("undefined", float("nan"))
        mlflow.set_tags({"team": "a", "free text": "é <b>"})
        mlflow.log_input(mlflow.data.from_pandas(FRAME, source="train.csv", name="train"), context="training")
        mlflow.log_input(mlflow.data.from_pandas(FRAME[:1], source="test.csv", name="test"), context="testing")
        mlflow.log_text("beside the model", "notes/readme.txt")
        found = mlflow.register_model(log(number).model_uri, "prices", tags={"checked": "yes"})
    client.update_model_version("prices", found.version, f"version **{number}**")
    client.update_registered_model("prices", "Prices of houses.")
    client.set_registered_model_tag("prices", "owner", "team a")
    return found


def log(number):
    """Log a model."""
    frame = FRAME if number < 2 else FRAME[["bmi"]]
    return mlflow.pyfunc.log_model(
        name="model",
        python_model=Doubled(),
        signature=infer_signature(frame, frame),
        pip_requirements=["pandas==2.2.0"],
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
