"""What every model of the sample needs: logging with pinned requirements, registering, and MLmodel files of old."""

import json
from pathlib import Path

import mlflow
import yaml

PINS = Path(__file__).parent.with_name("requirements.txt").read_text(encoding="utf-8").splitlines()
SKLEARN = ("mlflow", "scikit-learn", "numpy", "cloudpickle")


def pinned(*packages: str) -> list[str]:
    """The lines of requirements.txt for these packages: what a model asks for does not depend on the machine."""
    return [pin for pin in PINS if pin.split("==")[0] in packages]


def log_sklearn(model, name: str, packages=(*SKLEARN, "pandas"), **details):
    """`mlflow.sklearn.log_model` with cloudpickle, which was MLflow's choice for years, and pinned requirements."""
    details = {"serialization_format": "cloudpickle", "pip_requirements": pinned(*packages), **details}
    return mlflow.sklearn.log_model(model, name=name, **details)


def log_metrics(**metrics: float) -> None:
    """Metrics to four decimals, so that the last bits of a processor do not change a file."""
    mlflow.log_metrics({key: round(float(value), 4) for key, value in metrics.items()})


def log_curve(key: str, values) -> None:
    """A metric with one value per step; steps count from 1."""
    for step, value in enumerate(values, 1):
        mlflow.log_metric(key, round(float(value), 4), step=step)


def log_table(table, path: str, index_label: str | None = None) -> None:
    """A DataFrame as CSV, with its index if the index has a label."""
    text = table.to_csv(index=index_label is not None, index_label=index_label, lineterminator="\n")
    mlflow.log_text(text, path)


def log_json(value, path: str) -> None:
    """A value as indented JSON, floats to four decimals."""
    rounded = json.loads(json.dumps(value), parse_float=lambda text: round(float(text), 4))
    mlflow.log_text(json.dumps(rounded, indent=2) + "\n", path)


def create(name: str, description: str, owner: str, licence: str, **tags: str) -> None:
    """A registered model. MLflow has no fields for owner and licence; they are tags, as is usual."""
    tags = {"owner": owner, "licence": licence, **tags}
    mlflow.MlflowClient().create_registered_model(name, tags=tags, description=description)


def register(uri: str, name: str, description: str | None = None, tags: dict[str, str] | None = None) -> None:
    """The next version of a registered model."""
    version = mlflow.register_model(uri, name, tags=tags).version
    if description:
        mlflow.MlflowClient().update_model_version(name, version, description)


def set_aliases(name: str, **aliases: str) -> None:
    """Names by which callers load a version, such as `models:/diabetes-regression@champion`."""
    for alias, version in aliases.items():
        mlflow.MlflowClient().set_registered_model_alias(name, alias, version)


def log_folder(folder: Path, name: str) -> str:
    """Logs a model's folder among the run's artifacts, where MLflow 1 and 2 kept models; its URI."""
    mlflow.log_artifacts(str(folder), name)
    return f"runs:/{mlflow.active_run().info.run_id}/{name}"


def keep_fields(mlmodel: Path, *names: str) -> None:
    """Leaves only the fields that MLflow 1 wrote: `env` was a text before 2.0, a signature had no params before 2.6."""
    fields = yaml.safe_load(mlmodel.read_text(encoding="utf-8"))
    fields["flavors"] = {
        flavor: {key: value for key, value in keys.items() if value is not None}
        for flavor, keys in fields["flavors"].items()
    }
    fields["flavors"]["python_function"]["env"] = "conda.yaml"
    fields.get("signature", {}).pop("params", None)
    kept = {name: fields[name] for name in names}
    mlmodel.write_text(yaml.safe_dump(kept, default_flow_style=False), encoding="utf-8")
