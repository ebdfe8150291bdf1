"""The origin of a version: its run, code, datasets, prompts and resources."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sitegen.core.text import reveal
from sitegen.domain.model import Dataset, MLmodel, Run, Version
from sitegen.domain.signature import Json
from sitegen.formats.dataset_schema import dataset_columns, dataset_rows
from sitegen.formats.key_values import as_text
from sitegen.settings.settings import Links
from sitegen.site import display, urls
from sitegen.site.copy_names import has_redaction
from sitegen.site.views.parts import Link

LONG = 120
"""The longest text, in characters, that is shown unfolded."""

MAX_NAMES = 50
"""Prompts, or resources of one kind, that are listed."""

_KEYS_ABOVE = frozenset(["prompts", "resources"])
"""Fields of an MLmodel that have an entry of their own."""

_COPY_SOURCE = re.compile(r"models:/[^/]+[/@]")
"""The source of a version that was copied from another model; that of a logged model has its id alone."""


class Fact(NamedTuple):
    """A fact with its title. `url` is empty where it has no link; `long` texts are folded."""

    title: str
    text: str
    url: str = ""
    long: bool = False


class DatasetRow(NamedTuple):
    """A dataset that the run used. `columns` are names with types, None where nobody logged them."""

    name: str
    use: str
    digest: str
    source: str
    rows: str
    columns: tuple[tuple[str, str], ...] | None


class ProvenanceView(NamedTuple):
    """The origin of a version, earliest facts first. `missing` names what nobody recorded."""

    facts: tuple[Fact, ...]
    missing: tuple[str, ...]
    datasets: tuple[DatasetRow, ...]
    run_versions: tuple[Link, ...]
    run_url: str


def provenance(version: Version, links: Links, run_versions: tuple[Link, ...]) -> ProvenanceView:
    """The origin of the version. `run_versions` are other versions of the model that its run logged."""
    run, mlmodel = version.run, version.mlmodel
    url = _run_url(run, run.id, links) if run else ""
    facts = [*_run_facts(run, url, links), *_code_facts(version, links), *_model_facts(version)]
    if mlmodel:
        rest = ((key, value) for key, value in mlmodel.rest.items() if key not in _KEYS_ABOVE)
        facts += [_fact(reveal(key), as_text(value)) for key, value in rest if value not in (None, False, {}, [])]
    known = {fact.title for fact in facts if fact.text}
    missing = tuple(title for title in _USUAL_ROWS if title not in known)
    return ProvenanceView(
        facts=tuple(fact for fact in facts if fact.text),
        missing=missing if version.datasets else (*missing, "Datasets"),
        datasets=tuple(map(_dataset_row, version.datasets)),
        run_versions=run_versions,
        run_url=url,
    )


_USUAL_ROWS = ("Run ID", "Experiment", "Code", "Git commit", "Base model")
"""Facts whose absence is stated."""


def _fact(title: str, text: str | None, url: str = "") -> Fact:
    long = text is not None and len(text) > LONG
    return Fact(title, (text if long else reveal(text)) if text else "", url, long)


def _run_url(run: Run, id: str, links: Links) -> str:
    """The address of a run in MLflow's UI, where the settings have a template; else empty."""
    if not id:
        return ""
    ids = {"run_id": id, "experiment_id": run.experiment_id or "", "experiment": run.experiment or ""}
    return urls.external(links.run, **ids) or ""


def _run_facts(run: Run | None, url: str, links: Links) -> Iterable[Fact]:
    if run is None:
        return
    parent = dict(run.system).get("mlflow.parentRunId")
    yield _fact("Experiment", run.experiment)
    yield _fact("Run name", run.name, url if not run.id else "")
    yield _fact("Run ID", run.id, url)
    yield _fact("Parent run", parent, _run_url(run, parent, links) if parent else "")
    yield _fact("Run status", run.status)
    yield _fact("Started", display.minute(run.start))
    yield _fact("Ended", display.minute(run.end))
    yield _fact("User", run.user)


def _code_facts(version: Version, links: Links) -> Iterable[Fact]:
    system = dict(version.run.system) if version.run else {}
    commit = system.get("mlflow.source.git.commit")
    yield _fact("Code", system.get("mlflow.source.name"))
    yield _fact("Repository", system.get("mlflow.source.git.repoURL"))
    yield _fact("Git branch", system.get("mlflow.source.git.branch"))
    yield _fact("Git commit", commit, (urls.external(links.commit, commit=commit) or "") if commit else "")
    if version.mlmodel:
        yield _fact("Code file", _flavor_text(version.mlmodel, "model_code_path").rpartition("/")[2])


def _model_facts(version: Version) -> Iterable[Fact]:
    mlmodel = version.mlmodel
    source = version.source or ""
    yield _fact(
        "Base model", version.facts.base_model or (_flavor_text(mlmodel, "source_model_name") if mlmodel else "")
    )
    yield _fact("Copied from" if _COPY_SOURCE.match(source) else "Source", source)
    yield _fact("Copy of", version.copy_of)
    if mlmodel:
        yield _fact("Prompts", ", ".join(_prompts(mlmodel.rest.get("prompts"))))
        yield from _resources(mlmodel.rest.get("resources"))
        yield _fact("Artifact path", mlmodel.artifact_path)
        yield _fact("Logged at", display.minute(mlmodel.created))
    yield _fact("Model id", version.model_id)
    if mlmodel:
        yield _fact("Model uuid", mlmodel.model_uuid if mlmodel.model_uuid != version.model_id else None)
        yield _fact("MLflow", mlmodel.mlflow_version)
        yield _fact("Databricks runtime", mlmodel.databricks_runtime)
        yield _fact("Model size as logged", display.size(mlmodel.size) if mlmodel.size is not None else None)
    yield _fact("Last changed", display.minute(version.updated))
    yield _fact("Stage", version.stage)
    yield _fact("Registration", version.status)
    yield _fact("Model status", version.model_status)
    if mlmodel and mlmodel.metadata:
        yield _fact("Metadata", as_text(mlmodel.metadata))


def _flavor_text(mlmodel: MLmodel, key: str) -> str:
    """The first text that a flavor has for a key."""
    return next((text for flavor in mlmodel.flavors if isinstance(text := flavor.keys.get(key), str) and text), "")


def _prompts(stated: Json) -> list[str]:
    """The prompts by name: `prompts:/answer/3` is `answer version 3`."""
    names = (
        [one.removeprefix("prompts:/") for one in stated if isinstance(one, str)] if isinstance(stated, list) else []
    )
    pairs = [name.rpartition("/") for name in names[:MAX_NAMES]]
    return [
        f"{name} version {number}" if name and number.isdigit() else name + slash + number
        for name, slash, number in pairs
    ]


def _resources(stated: Json) -> Iterable[Fact]:
    """One fact for each kind of resource, such as `serving_endpoint`."""
    groups = [group for group in stated.values() if isinstance(group, dict)] if isinstance(stated, dict) else []
    for group in groups:
        for kind, entries in group.items():
            listed = entries[:MAX_NAMES] if isinstance(entries, list) else []
            names = [one.get("name") for one in listed if isinstance(one, dict)]
            title = f"Resource: {reveal(kind.replace('_', ' '))}"
            yield _fact(title, ", ".join(name for name in names if isinstance(name, str)))


def _dataset_row(dataset: Dataset) -> DatasetRow:
    rows = dataset_rows(dataset.profile) if dataset.profile else None
    columns = dataset_columns(dataset.schema) if dataset.schema else None
    return DatasetRow(
        name=reveal(dataset.name),
        use=dataset.context or "",
        digest=dataset.digest or "",
        source=dataset.source_type or "",
        rows="" if rows is None else f"{rows:,}",
        columns=columns and tuple((reveal(name), type) for name, type in columns),
    )


def edit_url(version: Version, name: str, links: Links) -> str:
    """The address at which a file of the version can be changed; empty if it is not there or no template is set."""
    if not links.edit_url or version.path is None or all(file.path != name for file in version.files):
        return ""
    path = name if version.path == "." else f"{version.path}/{name}"
    return "" if has_redaction(path) else urls.external(links.edit_url, path=path) or ""


MAX_RUN_VERSIONS = 5
"""Versions of the same run that are named before, and after, the version of the page."""


def run_neighbours(versions: Iterable[Version]) -> tuple[tuple[int, ...], ...]:
    """For each version the places of its neighbours among the versions of the same run.

    Only the nearest ones, so that a new version changes few pages.
    """
    listed = tuple(versions)
    by_run: dict[str, list[int]] = {}
    for place, version in enumerate(listed):
        if version.run and version.run.id:
            by_run.setdefault(version.run.id, []).append(place)
    neighbours: list[tuple[int, ...]] = [()] * len(listed)
    for places in by_run.values():
        if len(places) > 1:
            for number, place in enumerate(places):
                before = places[max(0, number - MAX_RUN_VERSIONS) : number]
                neighbours[place] = (*before, *places[number + 1 : number + 1 + MAX_RUN_VERSIONS])
    return tuple(neighbours)
