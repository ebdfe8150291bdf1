"""What MLflow finds: a registry of six runs and versions, and the answers to filters. Runs in a Python with MLflow 3.

python mlflow_search.py STORE_URI < filters.json

Filters are pairs of `runs`, `versions` or `models` and a text; the answers are lists of versions or of models' names,
or null where MLflow refuses.
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

from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402


def main(store):
    """Write, then ask."""
    client = MlflowClient(store, store)
    experiment = client.create_experiment("searched")
    client.create_registered_model("m", tags={"team": "risk", "a b": "c"})
    client.create_registered_model("other", tags={"team": "Pricing"})
    client.create_registered_model("plain")
    versions = dict(register(client, experiment, number) for number in range(1, 7))
    answers = []
    for kind, text in json.load(sys.stdin):
        try:
            if kind == "runs":
                found = [versions[run.info.run_id] for run in client.search_runs([experiment], text)]
            elif kind == "models":
                found = [one.name for one in client.search_registered_models(text)]
            else:
                found = [one.version for one in client.search_model_versions(text)]
            answers.append(sorted(str(one) for one in found))
        except MlflowException:
            answers.append(None)
    print(json.dumps(answers))


def register(client, experiment, number):
    """A run whose facts differ from those of the others, and its version."""
    user = {"mlflow.user": f"user {number}"}
    run = client.create_run(experiment, start_time=number * 1000, run_name=f"Run_{number}", tags=user)
    id = run.info.run_id
    client.log_metric(id, "rmse", 50 + number)
    client.log_metric(id, "eval.f1", number / 10)
    client.log_metric(id, "val loss", -number)
    if number == 3:
        client.log_metric(id, "bad", float("nan"))
    client.log_param(id, "lr", f"0.{number}")
    client.log_param(id, "n", str(number * 4))
    client.log_param(id, "text", ["it's", 'say "x"', "100%", "a_b", "axb", "Über\nline"][number - 1])
    if number % 2:
        client.set_tag(id, "team", "Risk" if number == 1 else "risk")
    client.set_tag(id, "a b", "c" * number)
    client.set_terminated(id, "FAILED" if number == 4 else "FINISHED", end_time=number * 2000)
    made = client.create_model_version("m", f"runs:/{id}/model", id)
    return id, str(made.version)


if __name__ == "__main__":
    main(sys.argv[1])
