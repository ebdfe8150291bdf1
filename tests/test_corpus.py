"""Real registries: each builds, twice to the same bytes, and has the models and versions that another counter counts.

The registries lie beside the repository; where they do not, these tests are skipped.
"""

import csv
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import yaml

import sitegen
from tests import sites
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared"
CORPUS, REGISTRIES = SHARED / "corpus", SHARED / "registries"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the real registries are not there: ../shared/corpus")

FOLDERS = [
    path for where in (CORPUS, REGISTRIES) if where.is_dir() for path in sorted(where.iterdir()) if path.is_dir()
]
EVERY = pytest.mark.parametrize("registry", FOLDERS, ids=[path.name for path in FOLDERS])


# --- another counter -------------------------------------------------------------------------------------------
#
# It shares nothing with sitegen: it walks the files itself, reads MLflow's YAML with PyYAML and its database with SQL,
# and knows how MLflow lays them out from MLflow's documentation.

RUN = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MODEL = re.compile(r"m-[0-9a-f]{32}")
VERSION = re.compile(r"v?\d+(\.\d+)*")


class Counted(NamedTuple):
    """What a registry has: registered models with how many versions each, and how many models nobody registered."""

    registered: Counter[str]
    others: int


class Address(NamedTuple):
    """Where a registered version is said to lie, and the run that logged it."""

    model: str
    places: tuple[str, ...]
    run: str


def count(root: Path) -> Counted:
    """Registered versions, and folders and logged models that none of them is."""
    metas = [path for path in root.rglob("meta.yaml") if ".trash" not in path.parts]
    databases = [path for path in root.rglob("*.db") if path.read_bytes()[:6] == b"SQLite"]
    deleted = {path.parent.name for path in metas if fields(path).get("lifecycle_stage") == "deleted"}
    versions = [found for path in metas for found in registered_in_files(path)]
    versions += [found for path in databases for found in registered_in_database(path)]
    folders = model_folders(root)
    layout = {path for path in folders if VERSION.fullmatch(path.name) and path != root and not ids(path, root)}
    loose = {ids(path, root) or (str(path),) for path in folders - layout if not set(path.parts) & deleted}
    loose -= {found for address in versions for found in meant(address, loose)}
    logged = {path.parent.name for path in metas if is_logged(path)} | {
        id for path in databases for id in logged_in(path)
    }
    here = {part for path in folders for part in path.parts if MODEL.fullmatch(part)}
    claimed = {id for address in versions for id in MODEL.findall(" ".join(address.places))}
    registered = Counter(address.model for address in versions)
    registered.update(path.parent.name if path.parent != root else "model" for path in layout)
    return Counted(registered, len(loose) + len(logged - here - claimed - deleted))


def fields(path: Path) -> dict[str, object]:
    """A meta.yaml."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}


def model_folders(root: Path) -> set[Path]:
    """Folders with an MLmodel, but for the copies in metadata/."""
    found = {path.parent for path in root.rglob("MLmodel") if path.is_file() and ".trash" not in path.parts}
    return {path for path in found if not (path.name == "metadata" and path.parent in found)}


def is_logged(path: Path) -> bool:
    """Whether a meta.yaml is that of a logged model of MLflow 3."""
    return path.parent.parent.name == "models" and MODEL.fullmatch(path.parent.name) is not None


def registered_in_files(path: Path) -> list[Address]:
    """The versions below a registered model's meta.yaml, if it is one; prompts are no models."""
    model = fields(path)
    if path.parent.parent.name != "models" or is_logged(path) or "name" not in model:
        return []
    if (path.parent / "tags/mlflow.prompt.is_prompt").exists():
        return []
    versions = [fields(one) for one in path.parent.glob("version-*/meta.yaml")]
    shown = [one for one in versions if one.get("current_stage") != "Deleted_Internal"]
    places = [(str(one.get("storage_location")), str(one.get("source"))) for one in shown]
    return [
        Address(str(model["name"]), place, str(one.get("run_id"))) for one, place in zip(shown, places, strict=True)
    ]


def registered_in_database(path: Path) -> list[Address]:
    """The same in an MLflow database."""
    sql = (
        "select name, source, run_id from model_versions where current_stage != 'Deleted_Internal' and name not in"
        " (select name from registered_model_tags where key = 'mlflow.prompt.is_prompt')"
    )
    return [Address(name, (source,), run or "") for name, source, run in select(path, sql)]


def logged_in(path: Path) -> list[str]:
    """The logged models of an MLflow database."""
    if not select(path, "select name from sqlite_master where name = 'logged_models'"):
        return []
    return [id for (id,) in select(path, "select model_id from logged_models where lifecycle_stage = 'active'")]


def select(path: Path, sql: str) -> list[Any]:
    """Rows of a database."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def ids(folder: Path, root: Path) -> tuple[str, ...]:
    """What identifies a model that a run logged: the id of the model, or that of the run and the path in its artifacts."""
    parts = folder.relative_to(root).parts
    for place in range(len(parts) - 1, 0, -1):
        if parts[place] == "artifacts" and MODEL.fullmatch(parts[place - 1]):
            return (parts[place - 1],)
        if parts[place] == "artifacts" and RUN.fullmatch(parts[place - 1]):
            return (parts[place - 1], *parts[place + 1 :])
    return ()


def meant(address: Address, models: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """The model that a registered version is, wherever its files lay when it was registered."""
    for place in address.places:
        for found in models:
            whole = f"{found[0]}/artifacts/{'/'.join(found[1:])}".rstrip("/")
            runs = f"runs:/{found[0]}/{'/'.join(found[1:])}"
            if place.rstrip("/").endswith((whole, runs, f"models:/{found[0]}")):
                return {found}
    of_run = {found for found in models if found[0] == address.run}
    return of_run if len(of_run) == 1 else set()  # files were moved, but the run logged only one model


# --- builds ----------------------------------------------------------------------------------------------------


@EVERY
def test_a_real_registry_builds_twice_to_the_same_bytes(registry: Path, tmp_path: Path) -> None:
    """Without a traceback, and its API keeps the schemas that it publishes."""
    one = sites.built(registry, tmp_path / "one", "--jobs", "1")
    other = sites.built(registry, tmp_path / "a different/place", "--jobs", "1")
    assert sites.contents(one) == sites.contents(other)
    schemas = {path.stem: json.loads(path.read_bytes()) for path in (one / "api/schema").glob("*.json")}
    jsonschema.validate(sites.catalog(one), schemas["catalog"])
    for model in sites.api(one).values():
        jsonschema.validate(model, schemas["model"])
    for path, page in sites.pages(one).items():
        assert page.mistakes == [], path


@EVERY
def test_models_and_versions_are_those_that_another_counter_counts(registry: Path) -> None:
    """No model is lost, none is shown twice, and what MLflow hides is hidden."""
    found = sitegen.read(str(registry))
    registered: Counter[str] = Counter()
    for model in found.search_registered_models():
        registered[model.name] += len(model.versions)
    others = sum(len(model.versions) for model in found.models if model.kind == "logged")
    assert Counted(registered, others) == count(registry)


SOURCES = list(csv.DictReader((CORPUS / "SOURCES.tsv").read_text().splitlines(), delimiter="\t")) if FOLDERS else []
OF_DELETED_RUNS = {
    "FraidoonOmarzai/Banking": 2,
    "LucasGasparello/KobeDatasetMlflow": 1,
    "cepdnaclk/e19-co544-Concentration-Difficulty-Prediction-Model": 8,
}
"""Model folders whose run has `lifecycle_stage: deleted`: SOURCES.tsv counts them, MLflow hides them."""


@pytest.mark.parametrize("row", SOURCES, ids=[row["repo"] for row in SOURCES])
def test_models_are_those_that_the_corpus_says(row: dict[str, str]) -> None:
    """Files named MLmodel, without the copies in metadata/, are versions; registered models are named."""
    found = sitegen.read(str(CORPUS / row["repo"].replace("/", "__")))
    folders = {version.path for model in found.models for version in model.versions if version.path}
    assert len(folders) == int(row["MLmodel_files"]) - int(row["of_which_metadata_dup"]) - OF_DELETED_RUNS.get(
        row["repo"], 0
    )
    named = [model for model in found.models if model.address]
    assert len(named) == int(row["registered_models"])
    assert sum(len(model.versions) for model in named) == int(row["versions"])
