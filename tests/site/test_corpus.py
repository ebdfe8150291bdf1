"""Real registries: each builds, twice to the same bytes, and has the models and versions that another counter counts.

The registries lie beside the repository; where they do not, these tests are skipped.
"""

import csv
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import sitegen
from sitegen.domain.signature import Column, Signature, Tensor, type_name
from sitegen.formats.times import iso
from tests.support import schemas, sites
from tests.support.options import ROOT

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
    metas = metas_of(root)
    databases = [path for path in root.rglob("*.db") if path.read_bytes()[:6] == b"SQLite"]
    deleted = deleted_ids(root)
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


def metas_of(root: Path) -> list[Path]:
    """The meta.yaml files outside of `.trash`."""
    return [path for path in root.rglob("meta.yaml") if ".trash" not in path.parts]


def deleted_ids(root: Path) -> set[str]:
    """Runs and logged models that MLflow hides: marked as deleted, or of an experiment that lies in `.trash`."""
    deleted = {path.parent.name for path in metas_of(root) if fields(path).get("lifecycle_stage") == "deleted"}
    return deleted | trash_ids(root)


def trash_ids(root: Path) -> set[str]:
    """The runs and logged models in `.trash`."""
    names = {path.parent.name for path in root.rglob("meta.yaml") if ".trash" in path.parts}
    return {name for name in names if RUN.fullmatch(name) or MODEL.fullmatch(name)}


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
    """What identifies a model that a run logged: its own id, or that of the run and the path in the artifacts."""
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
    schemas.check(sites.catalog(one), one / "api/schema/catalog.json")
    for model in sites.api(one).values():
        schemas.check(model, one / "api/schema/model.json")
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


LISTED = (CORPUS / "SOURCES.tsv").read_text().splitlines() if CORPUS.is_dir() else []
SOURCES = list(csv.DictReader(LISTED, delimiter="\t"))


@pytest.mark.parametrize("row", SOURCES, ids=[row["repo"] for row in SOURCES])
def test_models_are_those_that_the_corpus_says(row: dict[str, str]) -> None:
    """Files named MLmodel, without the copies in metadata/ and those of deleted runs, are versions."""
    root = CORPUS / row["repo"].replace("/", "__")
    found = sitegen.read(str(root))
    folders = {version.path for model in found.models for version in model.versions if version.path}
    assert len(folders) == int(row["MLmodel_files"]) - int(row["of_which_metadata_dup"]) - hidden(root)
    named = [model for model in found.models if model.address]
    assert len(named) == int(row["registered_models"])
    assert sum(len(model.versions) for model in named) == int(row["versions"])


def hidden(root: Path) -> int:
    """Model folders that MLflow does not show: of deleted runs, and of deleted experiments unless registered."""
    registered = {address.run for path in metas_of(root) for address in registered_in_files(path)}
    deleted = deleted_ids(root)
    return len([path for path in model_folders(root) if set(path.parts) & deleted - (registered & trash_ids(root))])


# --- versions, read by hand ------------------------------------------------------------------------------------

SKLEARN = ["python_function", "sklearn"]
DIABETES = "age:double sex:double bmi:double bp:double s1:double s2:double s3:double s4:double s5:double s6:double"
HEART = (
    "age:long sex:long cp:long trestbps:long chol:long restecg:long thalach:long exang:long oldpeak:double slope:long"
    " ca:long thal:string"
)
TAXI = (
    "distance:double dropoff_latitude:double dropoff_longitude:double passengers:long pickup_latitude:double"
    " pickup_longitude:double store_forward:long vendor:long pickup_weekday:long pickup_month:long"
    " pickup_monthday:long pickup_hour:long pickup_minute:long pickup_second:long dropoff_weekday:long"
    " dropoff_month:long dropoff_monthday:long dropoff_hour:long dropoff_minute:long dropoff_second:long"
)

HAND_READ: dict[tuple[Path, str, str], dict[str, object]] = {
    (REGISTRIES / "v2_file", "diabetes-regression", "3"): {
        "created": "2026-11-21T01:49:30.033Z",
        "run": "sgd curve",
        "experiment": "diabetes",
        "metrics": {
            "diverged": "nan",
            "lr": "1e-05",
            "r2": "0.4987042881162057",
            "rmse": "54.52179262263531",
            "train_rmse": "53.70640556329933",
            "unbounded": "inf",
            "val/nested.metric name": "0.25",
            "val_rmse": "56.92878989709729",
        },
        "params": {
            "empty": "",
            "long/param": "x" * 240,
            "max_depth": "2",
            "model": "gbr",
            "multi line": "a\nb\nc",
            "n_estimators": "15",
        },
        "aliases": ["also-champion", "champion"],
        "inputs": DIABETES,
        "flavors": SKLEARN,
        "mlflow": "2.22.5",
    },
    (REGISTRIES / "v3_file", "text-scorer", "4"): {
        "created": "2026-11-21T02:08:29.375Z",
        "description": "signature variant 4",
        "run": "scorer 4",
        "experiment": "text",
        "metrics": {"score": "0.7"},
        "params": {},
        "inputs": None,
        "call": [
            ("temperature", "double", 0.1, None),
            ("since", "datetime", "2024-01-01", None),
            ("top", "long", [1, 2], (-1,)),
            ("nul", "string", None, None),
        ],
        "flavors": ["python_function"],
        "mlflow": "3.17.2",
    },
    (REGISTRIES / "v3_sqlite", "heart-disease-classifier", "2"): {
        "created": "2026-11-21T02:08:41.969Z",
        "description": "fewer inputs: compatible",
        "run": "heart v2",
        "experiment": "heart",
        "stage": "Production",
        "aliases": ["champion"],
        "metrics": {"accuracy": "0.9866666666666667", "positives": "163.0"},
        "inputs": HEART,
        "flavors": SKLEARN,
    },
    (REGISTRIES / "v1_file", "diabetes-regression", "4"): {
        "created": "2026-11-21T01:50:30.416Z",
        "description": "**Breaking**: `bmi` renamed, `sex` now integer.",
        "run": "renamed column",
        "experiment": "diabetes",
        "metrics": {"rmse": "53.74784824203898"},
        "params": {"alpha": "0.1", "model": "ridge"},
        "inputs": DIABETES.replace("sex:double bmi", "sex:long body_mass_index"),
        "mlflow": "1.30.1",
    },
    (REGISTRIES / "v21_file", "legacy-no-signature", "3"): {
        "created": "2026-11-21T01:50:40.376Z",
        "run": "respected-seal-116",
        "experiment": "legacy",
        "metrics": {},
        "params": {},
        "inputs": None,
        "stage": None,
        "mlflow": "2.1.1",
    },
    (CORPUS / "2023ac05355__mlops_california_housing", "California_Housing_Best_Model", "1"): {
        "created": "2025-08-10T05:57:39.095Z",
        "run": "Register_Best_Model",
        "path": "mlartifacts/340664372522611120/models/m-6106f77520be45049764871537fdea3a/artifacts",
        "metrics": {"r2": "0.7301474449759471", "rmse": "60747.695228140765"},
        "inputs": None,
        "mlflow": "3.2.0",
    },
    (
        CORPUS / "cepdnaclk__e19-co544-Concentration-Difficulty-Prediction-Model",
        "My ML Experiment/RF_Normal_without_Social Media User?",
        "867db308d0ed409d95c5b43ac606f192",
    ): {
        "created": "2024-06-25T19:58:19.803Z",
        "run": "Normal_withot_Social Media User?",
        "experiment": "My ML Experiment",
        "metrics": {
            "Macro-average F1-score": "0.46205374134124994",
            "Macro-average precision": "0.4894830659536542",
            "Macro-average recall": "0.4663299663299663",
            "Testing accuracy": "0.7395833333333334",
            "Training accuracy": "0.6536458333333334",
            "Weighted-average F1-score": "0.6771237725508108",
            "Weighted-average precision": "0.6459224598930482",
            "Weighted-average recall": "0.7395833333333334",
        },
        "flavors": SKLEARN,
        "mlflow": "2.14.1",
    },
    (CORPUS / "kirenz__mlflow", "R/archive", "1"): {
        "created": None,
        "run": None,
        "path": "R/archive",
        "metrics": {},
        "inputs": None,
        "flavors": ["crate"],
        "mlflow": None,
    },
    (CORPUS / "kirenz__mlflow", "IrisClassifier", "3"): {
        "created": "2023-03-16T09:25:36.476Z",
        "stage": "Production",
        "path": "slides/project_auto/mlruns/140368831435798405/da22e09d42d94b0db3e7981e919d3b1d/artifacts/model",
    },
    (CORPUS / "ctava-msft__upmc-mlstudio-automl-jobs", "secondary_cvd_risk", "1"): {
        "created": "2024-10-01T00:00:00Z",
        "path": "models/secondary_cvd_risk/1",
        "metrics": {},
        "flavors": SKLEARN,
        "mlflow": "2.9.2",
        "python": "3.9.22",
        "pinned": "azureml-train-automl-runtime prophet azureml-interpret azureml-defaults numpy pandas scikit-learn"
        " holidays psutil",
    },
    (
        CORPUS / "Azure__azureml-examples",
        "cli/jobs/pipelines-with-components/nyc_taxi_data_regression/artifacts/model",
        "0046d24d-b433-45d5-bcdd-65d0720b6d69",
    ): {
        "created": "2022-09-09T23:12:33.935Z",
        "inputs": TAXI,
        "outputs": ":float64[-1]",
        "mlflow": "1.28.0",
    },
}


@pytest.mark.parametrize(("place", "expected"), HAND_READ.items(), ids=[name for _, name, _ in HAND_READ])
def test_a_version_says_what_its_files_say(place: tuple[Path, str, str], expected: dict[str, object]) -> None:
    """Numbers compare as texts, so that no digit is lost."""
    registry, name, version = place
    models = [model for model in sitegen.read(str(registry)).models if model.name == name]
    [found] = [one for model in models for one in model.versions if one.name == version]
    seen = facts(found)
    assert {key: seen[key] for key in expected} == expected


def facts(version: sitegen.Version) -> dict[str, object]:
    """What the table above speaks of."""
    mlmodel, run, signature = version.mlmodel, version.run, version.signature or Signature()
    return {
        "created": None if version.created is None else iso(version.created),
        "description": version.description,
        "path": version.path,
        "stage": version.stage,
        "aliases": list(version.aliases),
        "run": run and run.name,
        "experiment": run and run.experiment,
        "metrics": {metric.key: repr(metric.value) for metric in version.metrics},
        "params": dict(version.params),
        "inputs": columns(signature.inputs),
        "outputs": columns(signature.outputs),
        "call": [(spec.name, type_name(spec.type), spec.default, spec.shape) for spec in signature.params or ()],
        "flavors": [flavor.name for flavor in mlmodel.flavors] if mlmodel else [],
        "mlflow": mlmodel and mlmodel.mlflow_version,
        "python": version.environment.python,
        "pinned": " ".join(one.name for one in version.environment.requirements if one.version),
    }


def columns(side: tuple[Column, ...] | None) -> str | None:
    """One side of a signature as `name:type name:type`, tensors with their shape."""
    if side is None:
        return None
    shapes = (str(list(one.type.shape)) if isinstance(one.type, Tensor) else "" for one in side)
    return " ".join(f"{one.name or ''}:{type_name(one.type)}{shape}" for one, shape in zip(side, shapes, strict=True))
