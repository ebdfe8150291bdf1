"""Registries: what sitegen's API says and what MLflow's client says, compared field by field."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sitegen.domain.model import Model, Version
from sitegen.formats.times import iso
from sitegen.site import json_api
from sitegen.sources.discovery import open_registry
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from tests.mlflow.truth.asking import HERE, AskedInVainError, ask
from tests.mlflow.truth.expected import expected, reason
from tests.mlflow.truth.known import INFINITE
from tests.mlflow.truth.outcome import Outcome

Facts = dict[str, Any]


def compare_registry(pythons: list[str], registry: Path) -> Outcome:
    """Every model, version, run and logged model of a registry; the first Python counts that can open it."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, registry.name)
        shutil.copytree(registry, copy)
        ours = [
            (model, json.loads(json_api.model_json(model, "", map(json_api.version_json, model.versions))))
            for model in models(copy)
        ]
        theirs = said_by(pythons, copy)
    outcome = Outcome()
    registered = {shown["name"]: (model, shown) for model, shown in ours if model.address}
    known = {one["name"]: one for one in theirs["models"]}
    outcome.compare(registry.name, "registered models", sorted(registered), sorted(known))
    for name in registered.keys() & known.keys():
        _model(outcome, *registered[name], known[name], theirs)
    _logged(outcome, registry.name, [(model, shown) for model, shown in ours if not model.address], theirs)
    return outcome


def models(registry: Path) -> Iterator[Model]:
    """The models as sitegen loads them, nothing withheld."""
    discovery = open_registry(str(registry))
    for ref in discovery.models:
        model = load_model(discovery.source.stores, ref, ParseCache(discovery.source.tree, {}, 0))
        if model:
            yield model


def said_by(pythons: list[str], registry: Path) -> Facts:
    """What MLflow's client says of a copy of a registry, which it may upgrade."""
    database = next(iter(sorted(registry.glob("*.db"))), None)
    files = registry / "mlruns"
    stores = [f"sqlite:///{database}" if database else "", files.as_uri() if any(files.glob("*/meta.yaml")) else ""]
    tracking, registered = stores[1] or stores[0], stores[0] or stores[1]
    failures = []
    for python in pythons:
        try:
            found: Facts = json.loads(ask(python, HERE / "mlflow_store.py", tracking, registered))
        except AskedInVainError as error:
            failures.append(str(error))
        else:
            return found
    raise AskedInVainError("\n".join(failures))


def _model(outcome: Outcome, model: Model, shown: Facts, known: Facts, theirs: Facts) -> None:
    """A registered model with its versions."""
    place = known["name"]
    outcome.compare(place, "description", shown["description"], known["description"] or None)
    outcome.compare(place, "updated", shown["updated"], time(known["updated"]))
    outcome.compare_members(place, "tags", shown["tags"], known["tags"])
    outcome.compare_members(place, "aliases", shown["aliases"], known["aliases"])
    own = {version["version"]: version for version in shown["versions"]}
    other = {version["version"]: version for version in known["versions"]}
    outcome.compare(place, "versions", sorted(own), sorted(other))
    loaded = {version.name: version for version in model.versions}
    for name in own.keys() & other.keys():
        mine, said = own[name], other[name]
        here = f"{place} {name}"
        outcome.compare(here, "description", mine["description"], said["description"] or None)
        outcome.compare(here, "created", mine["created"], iso(said["created"]))
        outcome.compare(here, "updated", mine["updated"], time(said["updated"]))
        outcome.compare(here, "source", mine["source"], said["source"])
        outcome.compare(here, "stage", mine["stage"] or "None", said["stage"])
        outcome.compare(here, "run_id", mine["run_id"], said["run_id"])
        aliases = sorted(alias for alias, version in known["aliases"].items() if version == name)
        outcome.compare(here, "aliases of the version", list(mine["aliases"]), aliases)
        outcome.compare(here, "status", mine["status"], said["status"])
        _facts(outcome, here, mine, theirs, said["run_id"], model_id(said["source"]), said["tags"])
        _metrics(outcome, here, loaded[name], mine, theirs, said["run_id"], model_id(said["source"]))


def _facts(
    outcome: Outcome, place: str, mine: Facts, theirs: Facts, run: str, model: str, tags: dict[str, str]
) -> None:
    """What a version has of its run and its logged model; the model's params and the registry's tags count most."""
    of_run = theirs["runs"].get(run, {"params": {}, "tags": {}, "datasets": []})
    of_model = theirs["logged"].get(model, {"params": {}, "tags": {}, "status": None})
    if "name" in of_run:
        outcome.compare(place, "run_name", mine["run_name"], of_run["name"])
        outcome.compare(place, "experiment", mine["experiment"], of_run["experiment"])
        outcome.compare_members(place, "run", mine["run"], about(of_run))
    outcome.compare(place, "model_status", mine["model_status"], of_model["status"])
    outcome.compare_members(place, "params", mine["params"], of_run["params"] | (of_model["params"] or {}))
    outcome.compare_members(place, "tags", mine["tags"], free(of_run["tags"]) | free(of_model["tags"]) | tags)
    datasets = [{key: one[key] for key in ("name", "digest", "context", "source_type")} for one in mine["datasets"]]
    outcome.compare(place, "datasets", sorted(datasets, key=repr), sorted(of_run["datasets"], key=repr))


def _metrics(outcome: Outcome, place: str, version: Version, mine: Facts, theirs: Facts, run: str, model: str) -> None:
    """The metrics of a version: its logged model's, else its run's; and whether each that MLflow shows is there."""
    of_run: Facts = theirs["runs"].get(run, {"metrics": {}, "histories": {}, "outputs": {}})
    of_model = theirs["logged"].get(model)
    if of_model is None:
        outcome.compare_members(place, "metrics", mine["metrics"], numbers(of_run["metrics"]))
        _histories(outcome, place, version, of_run["histories"])
        return
    logged = {id for id, one in theirs["logged"].items() if one["run_id"] == run}
    several = len(logged | of_run["outputs"].keys()) > 1
    wanted = expected(of_model, of_run, several)
    rows = {(one["key"], one["dataset"], one["digest"]): one["value"] for one in mine["dataset_metrics"]}
    outcome.compare_members(place, "metrics", mine["metrics"], numbers(wanted.metrics))
    outcome.compare_members(place, "dataset_metrics", named(rows), numbers(named(wanted.rows)))
    _histories(outcome, place, version, wanted.histories)
    for one in of_model["shown"]:
        row, value = (one["key"], one["dataset"], one["digest"]), json_api.strict(float(one["value"]))
        own = rows.get(row) if one["dataset"] else mine["metrics"].get(one["key"])
        there = value in (own, INFINITE if own == "Infinity" else own)
        outcome.compare(f"{place} {row}", "shown", there or reason(of_model, of_run, several, one), True)


def named(rows: Facts) -> Facts:
    """Values of rows by texts."""
    return {" ".join(map(str, row)): value for row, value in rows.items()}


def _histories(outcome: Outcome, place: str, version: Version, logged: Facts) -> None:
    """The histories of metrics, as far as a page draws them: what was logged twice counts once."""
    for metric in (metric for metric in version.metrics if metric.key in logged):
        points = {(step, timestamp, json_api.strict(float(value))) for step, timestamp, value in logged[metric.key]}
        drawn = [(step, value) for step, _, value in sorted(points, key=lambda point: (*point[:2], str(point[2])))]
        ours = sorted((step, json_api.strict(value)) for step, value in metric.points)
        outcome.compare(f"{place} {metric.key}", "histories", ours, sorted(drawn) if len(points) > 1 else [])


def _logged(outcome: Outcome, place: str, ours: list[tuple[Model, Facts]], theirs: Facts) -> None:
    """Models that are in no registry, by name and id: logged models, and before MLflow 3 models of runs."""
    own = {(shown["name"], version["version"]): version for _, shown in ours for version in shown["versions"]}
    loaded = {(model.name, version.name): version for model, _ in ours for version in model.versions}
    expected = dict(_unregistered(theirs))
    outcome.compare(place, "logged models", sorted(own), sorted(expected))
    for key in own.keys() & expected.keys():
        run, model = expected[key]
        here = " ".join(key)
        outcome.compare(here, "run_id", own[key]["run_id"], run)
        if model:
            known = theirs["logged"][model]
            outcome.compare(here, "created", own[key]["created"], iso(known["created"]))
            outcome.compare(here, "updated", own[key]["updated"], iso(known["updated"]))
        _facts(outcome, here, own[key], theirs, run, model, {})
        _metrics(outcome, here, loaded[key], own[key], theirs, run, model)


def _unregistered(theirs: Facts) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Name and version, with run and logged model, of all models that no registered version points at."""
    versions = [version for model in theirs["models"] for version in model["versions"]]
    taken = {model_id(version["source"]) for version in versions}
    for id, model in theirs["logged"].items():
        if id not in taken:
            yield (f"{model['experiment']}/{model['name']}", id), (model["run_id"], id)
    sources = [version["source"] for version in versions]
    for id, run in theirs["runs"].items():
        for entry in json.loads(run["tags"].get("mlflow.log-model.history", "[]")) if run["active"] else ():
            path = entry["artifact_path"]
            if not any(source.endswith(f"{id}/artifacts/{path}") for source in sources):
                yield (f"{run['experiment']}/{path}", id), (id, "")


def model_id(source: str) -> str:
    """The logged model that a version's source names; empty where it names none."""
    return source.partition("models:/")[2] if source.startswith("models:/m-") else ""


def time(milliseconds: int | None) -> str | None:
    """A time as the API writes it; MLflow has 0 where there is none."""
    return iso(milliseconds) if milliseconds else None


def about(run: Facts) -> Facts:
    """What the API says of a run itself."""
    note = run["tags"].get("mlflow.note.content") or None
    return {"status": run["status"], "description": note, "start": time(run["start"]), "end": time(run["end"])}


def free(tags: dict[str, str]) -> dict[str, str]:
    """The tags that people wrote."""
    return {key: text for key, text in tags.items() if not key.startswith("mlflow.")}


def numbers(metrics: Facts) -> Facts:
    """Metrics as the API writes them."""
    return {key: None if value is None else json_api.strict(float(value)) for key, value in metrics.items()}
