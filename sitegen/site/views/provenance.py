"""The origin of a version: its run, the times and places of its making, and the address of its run."""

from sitegen.domain.model import Pairs, Version
from sitegen.formats.key_values import as_text
from sitegen.settings.settings import Settings
from sitegen.site import display, urls


def run_url(version: Version, settings: Settings) -> str:
    """The address of the version's run in MLflow's UI, where the settings have a template; else empty."""
    run = version.run
    if not run or not run.id:
        return ""
    ids = {"run_id": run.id, "experiment_id": run.experiment_id or "", "experiment": run.experiment or ""}
    return urls.external(settings.links.run, **ids) or ""


def provenance(version: Version) -> Pairs:
    """The origin of the version, earliest facts first, without unknown ones."""
    run, mlmodel = version.run, version.mlmodel
    system = dict(run.system) if run else {}
    facts: list[tuple[str, str | None]] = [
        ("Experiment", run.experiment if run else None),
        ("Run name", run.name if run else None),
        ("Run", run.id if run else None),
        ("Run status", run.status if run else None),
        ("Started", display.minute(run.start) if run else None),
        ("Ended", display.minute(run.end) if run else None),
        ("User", run.user if run else None),
        ("Code", system.get("mlflow.source.name")),
        ("Git commit", system.get("mlflow.source.git.commit")),
        ("Logged to", mlmodel.artifact_path if mlmodel else None),
        ("Logged at", display.minute(mlmodel.created) if mlmodel else None),
        ("Model id", version.model_id),
        ("Model uuid", mlmodel.model_uuid if mlmodel and mlmodel.model_uuid != version.model_id else None),
        ("MLflow", mlmodel.mlflow_version if mlmodel else None),
        ("Databricks runtime", mlmodel.databricks_runtime if mlmodel else None),
        ("Size when logged", display.size(mlmodel.size) if mlmodel and mlmodel.size is not None else None),
        ("Last changed", display.minute(version.updated)),
        ("Source", version.source),
        ("Stage", version.stage),
        ("Registration", version.status),
        ("Model status", version.model_status),
        ("Copy of", version.copy_of),
        ("Metadata", as_text(mlmodel.metadata) if mlmodel and mlmodel.metadata else None),
    ]
    rest = mlmodel.rest if mlmodel else {}
    facts += [(key, as_text(value)) for key, value in rest.items() if value not in (None, False, {}, [])]
    return tuple((key, text) for key, text in facts if text)
