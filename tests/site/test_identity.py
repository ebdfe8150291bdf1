"""No two models are one, no two versions: each has its pages, whatever folders and files are called."""

import json
from pathlib import Path

import pytest

import sitegen
from tests.support import sites
from tests.support.registries import SIGNED, Files, experiment, mlmodel, registered, run, write

RUN, OTHER = "1a" * 16, "2b" * 16
MODEL = "m-" + "3c" * 16

AT_THE_ROOT = {path.removeprefix("mlruns/"): text for path, text in (experiment("1", "exp") | run("1", RUN)).items()}
COPIED = {path.replace("/m/", "/n/"): text for path, text in registered("m", {"source": "s3://b/y"}).items()}

SAME: dict[str, tuple[Files, list[str]]] = {
    "the root and a folder called model": ({"MLmodel": SIGNED, "model/MLmodel": SIGNED}, ["same-name model"]),
    "versions in the root and in a folder called model": (
        {"1/MLmodel": SIGNED, "model/1/MLmodel": SIGNED},
        ["same-name model"],
    ),
    "a loose folder that is called like a model of a run": (
        AT_THE_ROOT | {"exp/model/MLmodel": SIGNED},
        [],
    ),
    "a folder in a store that is called like a registered model": (
        registered("m", {"source": "s3://b/x"}) | {"mlruns/m/1/MLmodel": SIGNED},
        ["same-name mlruns/m", "mlmodel-missing mlruns/models/m/version-1"],
    ),
    "a copy of a registered model's folder": (
        registered("m", {"source": "s3://b/x"}) | COPIED,
        [
            "meta-shape mlruns/models/n/meta.yaml",
            "mlmodel-missing mlruns/models/m/version-1",
            "mlmodel-missing mlruns/models/n/version-1",
        ],
    ),
}


@pytest.mark.parametrize(("files", "problems"), SAME.values(), ids=SAME)
def test_models_that_are_called_alike_are_told_apart(files: Files, problems: list[str], tmp_path: Path) -> None:
    """Each has its pages, and it is told why an address is not the name."""
    registry = write(tmp_path / "registry", files)
    site = sites.built(registry, tmp_path / "site")
    assert len({model["slug"] for model in sites.catalog(site)["models"]}) == 2
    assert len({(model.kind, model.store, model.name) for model in sitegen.read(str(registry)).models}) == 2
    found = json.loads(sites.sitegen("check", registry, *sites.READING, "--format", "json").out)
    assert [f"{one['rule']} {one['path']}" for one in found] == problems


def test_a_copied_version_of_a_file_store_has_the_number_of_its_folder(tmp_path: Path) -> None:
    """Both say that they are version 1; MLflow finds a version by its folder."""
    place = "mlruns/models/m/version-"
    files = registered("m", {"source": "s3://b/x"}, {"source": "s3://b/y"})
    write(
        tmp_path, files | {f"{place}2/meta.yaml": str(files[f"{place}2/meta.yaml"]).replace("version: 2", "version: 1")}
    )
    registry = sitegen.read(str(tmp_path))
    (model,) = registry.models
    assert [(one.name, one.source) for one in model.versions] == [("1", "s3://b/x"), ("2", "s3://b/y")]
    assert [(one.rule, one.path) for one in registry.problems] == [("meta-shape", f"{place}2/meta.yaml")]


def test_copies_of_a_model_of_mlflow_3_in_the_artifacts_of_runs_are_versions_of_their_own(tmp_path: Path) -> None:
    """Each of them says that it is the model that the first of the runs logged."""
    text = mlmodel(model_id=MODEL, run_id=RUN)
    write(tmp_path, experiment("1", "exp") | run("1", RUN, model=text) | run("1", OTHER, model=text))
    (model,) = sitegen.read(str(tmp_path)).models
    assert sorted((one.name, one.run.id) for one in model.versions if one.run) == [(OTHER, OTHER), (MODEL, RUN)]
    copy = write(tmp_path / "loose", {"a/MLmodel": text, "b/MLmodel": text})
    assert len(sitegen.read(str(copy)).models) == 2
