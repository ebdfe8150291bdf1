"""From MLflow's store to folders: what a run and a registered version say, as files beside the MLmodel.

MLflow draws ids at random and takes times from the clock, so that every rerun would change every file. Here ids are
derived from the version's folder, and times come from its `Place`. Replaced are also the absolute paths that MLflow 3
writes: `artifact_path` becomes the name under which the model was logged (as up to MLflow 2), `model_code_path` and the
`uri` of an artifact become names of files. MLflow loads the models all the same.
"""

import csv
import hashlib
import json
import re
import shutil
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import mlflow
import yaml
from mlflow.artifacts import download_artifacts
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion

Form = Literal["json", "yaml", "csv", "folder", "steps", "model.yaml"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a version goes, the time it gets, and in which of the possible forms its facts are written.

    The form `steps` (for metrics) is a CSV with a row per step, `model.yaml` (for tags) the version's model.yaml,
    where `alias_here` puts its alias, too. Ids are given only where they are known from elsewhere.
    """

    folder: str
    created: datetime
    metrics: Form = "json"
    params: Form = "json"
    tags: Form = "json"
    alias_here: bool = False
    run_id: str | None = None
    model_uuid: str | None = None

    @property
    def version(self) -> str:
        """The name of the folder, which is the name of the version."""
        return self.folder.rpartition("/")[2]

    def id(self, kind: str) -> str:
        """32 hex digits that depend on the folder alone."""
        return hashlib.sha256(f"{self.folder} {kind}".encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Logged:
    """What MLflow knows of one logged model. `name` is None for models kept among a run's artifacts, as before 3.0."""

    name: str | None
    uri: str
    run: Run
    version: ModelVersion | None = None


# --- out of the store -------------------------------------------------------------------------------------------


def registered(name: str, number: str) -> Logged:
    """A version of a registered model."""
    client = mlflow.MlflowClient()
    version = client.get_model_version(name, number)
    run = client.get_run(version.run_id)
    if not version.source.startswith("models:/"):
        return Logged(name=None, uri=version.source, run=run, version=version)
    model = client.get_logged_model(version.source.removeprefix("models:/"))
    return Logged(name=model.name, uri=model.artifact_location, run=run, version=version)


def unregistered(name: str) -> Logged:
    """The one logged model of this name."""
    experiments = [experiment.experiment_id for experiment in mlflow.search_experiments()]
    models = mlflow.search_logged_models(experiments, filter_string=f"name = '{name}'", output_format="list")
    (model,) = models
    run = mlflow.MlflowClient().get_run(model.source_run_id)
    return Logged(name=model.name, uri=model.artifact_location, run=run)


def histories(run: Run) -> dict[str, list[tuple[int, float]]]:
    """The metrics as (step, value), by step. A model that is logged repeats points: each is there once."""
    client = mlflow.MlflowClient()
    points = {key: client.get_metric_history(run.info.run_id, key) for key in sorted(run.data.metrics)}
    return {key: sorted({(point.step, point.value) for point in history}) for key, history in points.items()}


def tags(logged: Logged) -> dict[str, str]:
    """The tags of run and version, without those that MLflow sets for itself (the user's name is one)."""
    both = logged.run.data.tags | (logged.version.tags if logged.version else {})
    return {key: value for key, value in both.items() if not key.startswith("mlflow.")}


# --- into folders -----------------------------------------------------------------------------------------------


def export_model(name: str, places: dict[str, Place], target: Path) -> None:
    """The versions of a registered model, and the model's own model.yaml."""
    model = mlflow.MlflowClient().get_registered_model(name)
    for number, place in places.items():
        aliases = [alias for alias, version in model.aliases.items() if str(version) == number and place.alias_here]
        logged = registered(name, number)
        export_version(logged, place, target)
        write_yaml(target / place.folder / "model.yaml", version_facts(logged, place, aliases))
    own = dict(model.tags)
    aliases = {
        alias: places[str(version)].version
        for alias, version in sorted(model.aliases.items())
        if not places[str(version)].alias_here
    }
    facts = {"description": model.description, "owner": own.pop("owner", None), "licence": own.pop("licence", None)}
    write_yaml(target / name / "model.yaml", facts | {"tags": own, "aliases": aliases})


def export_version(logged: Logged, place: Place, target: Path) -> None:
    """The files of the model and of its run, and the run's metrics, params and tags."""
    folder = target / place.folder
    shutil.copytree(download_artifacts(logged.uri), folder)
    copy_artifacts(logged.run, folder)
    settle(folder / "MLmodel", logged.name, place)
    for path in folder.glob("*.skops"):
        settle_skops(path)
    write_metrics(folder, place, histories(logged.run))
    write_pairs(folder / "params", place.params, logged.run.data.params)
    if place.tags != "model.yaml":
        write_pairs(folder / "tags", place.tags, tags(logged))


def copy_artifacts(run: Run, folder: Path) -> None:
    """What the run logged beside the model."""
    if not mlflow.MlflowClient().list_artifacts(run.info.run_id):
        return
    artifacts = Path(download_artifacts(run_id=run.info.run_id))
    for entry in sorted(artifacts.iterdir()):
        if entry.is_file():
            shutil.copy(entry, folder)
        elif not (entry / "MLmodel").exists():  # that would be the model itself, as before MLflow 3
            shutil.copytree(entry, folder / entry.name, dirs_exist_ok=True)


def settle(mlmodel: Path, name: str | None, place: Place) -> None:
    """Replaces in an MLmodel file what differs from run to run, and what tells about the machine."""
    fields = yaml.safe_load(mlmodel.read_text(encoding="utf-8"))
    model_id = f"m-{place.id('model')}"
    settled = {
        "run_id": place.run_id or place.id("run"),
        "model_uuid": place.model_uuid or model_id,
        "model_id": model_id,
        "utc_time_created": place.created.strftime("%Y-%m-%d %H:%M:%S.%f"),
        "artifact_path": name or fields["artifact_path"],
    }
    fields |= {key: value for key, value in settled.items() if key in fields}
    function = fields["flavors"]["python_function"]
    for artifact in function.get("artifacts", {}).values():
        artifact["uri"] = Path(artifact["path"]).name
    if "model_code_path" in function:
        function["model_code_path"] = Path(function["model_code_path"]).name
    mlmodel.write_text(yaml.safe_dump(fields, default_flow_style=False), encoding="utf-8")


def settle_skops(path: Path) -> None:
    """Replaces the memory addresses and the clock's time that a .skops file, a zip archive, is full of."""
    with zipfile.ZipFile(path) as archive:
        content = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    schema = content.pop("schema.json").decode()
    addresses = dict.fromkeys(re.findall(r'(?:"__id__": |"file": ")(\d+)', schema))
    numbers = {address: str(10**14 + place) for place, address in enumerate(addresses)}
    entries = {numbers[Path(name).stem] + ".npy": array for name, array in content.items()}
    entries["schema.json"] = re.sub(r"\d{9,}", lambda found: numbers.get(found[0], found[0]), schema).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data)  # without a time: 1980


def version_facts(logged: Logged, place: Place, aliases: list[str]) -> dict:
    """The fields of a version's model.yaml."""
    experiment = mlflow.get_experiment(logged.run.info.experiment_id)
    stage = logged.version.current_stage
    return {
        "description": logged.version.description,
        "run_name": logged.run.info.run_name,
        "experiment": experiment.name,
        "created": place.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "stage": None if stage == "None" else stage,
        "aliases": aliases,
        "tags": tags(logged) if place.tags == "model.yaml" else {},
    }


# --- the forms --------------------------------------------------------------------------------------------------


def write_metrics(folder: Path, place: Place, metrics: dict[str, list[tuple[int, float]]]) -> None:
    """Latest values, or all of them with `steps` and `folder`: there the last one gets the version's own time."""
    match place.metrics:
        case "steps":
            steps = [step for step, _ in next(iter(metrics.values()))]
            columns = [[value for _, value in history] for history in metrics.values()]
            write_csv(folder / "metrics.csv", ["step", *metrics], zip(steps, *columns, strict=True))
        case "folder":
            end = int(place.created.timestamp() * 1000)
            for key, history in metrics.items():
                times = range(end - 1000 * (len(history) - 1), end + 1, 1000)
                lines = [f"{time} {value} {step}\n" for time, (step, value) in zip(times, history, strict=True)]
                write_text(folder / "metrics" / key, "".join(lines))
        case form:
            write_pairs(folder / "metrics", form, {key: history[-1][1] for key, history in metrics.items()})


def write_pairs(path: Path, form: Form, pairs: dict[str, str] | dict[str, float]) -> None:
    """Keys and values as `<path>.json`, `.yaml`, `.csv`, or as a folder with a file per key. None: no file."""
    ordered = dict(sorted(pairs.items()))
    match form if pairs else None:
        case "json":
            write_text(path.with_suffix(".json"), json.dumps(ordered, indent=2) + "\n")
        case "yaml":
            write_yaml(path.with_suffix(".yaml"), ordered)
        case "csv":
            write_csv(path.with_suffix(".csv"), ["key", "value"], ordered.items())
        case "folder":
            for key, value in ordered.items():
                write_text(path / key, str(value))


def write_csv(path: Path, header: list[str], rows) -> None:
    """A table; lines end as in all other files."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_yaml(path: Path, fields: dict) -> None:
    """The fields that say something."""
    said = {key: value for key, value in fields.items() if value not in (None, "", [], {})}
    if said:
        write_text(path, yaml.safe_dump(said, sort_keys=False, width=110, allow_unicode=True))


def write_text(path: Path, text: str) -> None:
    """UTF-8, in a folder that is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
