"""Bad input costs one diagnosed item each: never the build, and never a second problem that follows from the first."""

import json
import os
import sys
from pathlib import Path

import pytest

import sitegen
from tests.support import sites
from tests.support.confined import confined
from tests.support.registries import NAMES, SIGNED, Files, experiment, layout, mlmodel, registered, run, write

RUN = "1a" * 16
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"
PICKLED = mlmodel([{"type": "long", "name": "a"}], flavors={"sklearn": {"pickled_model": "model.pkl"}})
STORE = experiment("1", "exp") | run("1", RUN)

BAD: dict[str, tuple[Files, list[str]]] = {
    "broken YAML": (layout("m", "1", MLmodel="a: ["), ["yaml-syntax m/1/MLmodel"]),
    "an empty file": (layout("m", "1", MLmodel=""), ["mlmodel-empty m/1/MLmodel"]),
    "not UTF-8": (layout("m", "1", MLmodel=b"\xff\xff"), ["encoding m/1/MLmodel"]),
    "a pointer": (layout("m", "1", MLmodel=POINTER), ["lfs-pointer m/1/MLmodel"]),
    "too large": (layout("m", "1", MLmodel="#" * (9 * 2**20)), ["too-large m/1/MLmodel"]),
    "broken JSON in the signature": (
        layout("m", "1", MLmodel=mlmodel(signature={"inputs": "[{"})),
        ["signature-json m/1/MLmodel"],
    ),
    "an item of the signature": (
        layout("m", "1", MLmodel=mlmodel(signature={"inputs": "[5]"})),
        ["signature-shape m/1/MLmodel"],
    ),
    "a metric that is no number": (layout("m", "1", metrics_json='{"a": "x"}'), ["metric-value m/1/metrics.json"]),
    "broken metrics": (layout("m", "1", metrics_json='{"a": '), ["json-syntax m/1/metrics.json"]),
    "an empty JSON file": (layout("m", "1", params_json=""), ["json-syntax m/1/params.json"]),
    "metrics that are no UTF-8": (layout("m", "1", metrics_json=b"\xff"), ["encoding m/1/metrics.json"]),
    "a metric file of a run": (
        experiment("1", "exp") | run("1", RUN, metrics={"rmse": "x"}),
        [f"metric-value mlruns/1/{RUN}/metrics/rmse"],
    ),
    "a broken run": (STORE | {f"mlruns/1/{RUN}/meta.yaml": "a: ["}, [f"yaml-syntax mlruns/1/{RUN}/meta.yaml"]),
    "an empty run": (STORE | {f"mlruns/1/{RUN}/meta.yaml": ""}, [f"meta-incomplete mlruns/1/{RUN}/meta.yaml"]),
    "a broken experiment": (STORE | {"mlruns/1/meta.yaml": "a: ["}, ["yaml-syntax mlruns/1/meta.yaml"]),
    "missing artifacts": (registered("m", {"source": "s3://b/x"}), ["mlmodel-missing mlruns/models/m/version-1"]),
    "a missing run": (
        registered("m", {"run_id": RUN, "source": f"runs:/{RUN}/model"}) | {f"x/{RUN}/artifacts/model/MLmodel": SIGNED},
        [f"run-missing x/{RUN}/artifacts/model"],
    ),
    "a broken registered model": (
        registered("m", {"source": f"runs:/{RUN}/model"}) | STORE | {"mlruns/models/m/meta.yaml": "name: ["},
        ["yaml-syntax mlruns/models/m/meta.yaml"],
    ),
    "a missing file": (layout("m", "1", MLmodel=PICKLED), ["file-missing m/1/MLmodel"]),
    "an alias to nowhere": (layout("m", "1") | {"m/model.yaml": "aliases: {a: 7}"}, ["alias-target m"]),
    "a broken model.yaml": (layout("m", "1", model_yaml="a: ["), ["yaml-syntax m/1/model.yaml"]),
    "a card that is no UTF-8": (layout("m", "1") | {"m/1/README.md": b"\xff"}, ["encoding m/1/README.md"]),
    "a broken conda.yaml": (layout("m", "1", conda_yaml="a: ["), ["yaml-syntax m/1/conda.yaml"]),
    "a broken example": (layout("m", "1") | {"m/1/input_example.json": "{"}, ["json-syntax m/1/input_example.json"]),
    "a secret": (layout("m", "1", params_json='{"password": "x"}'), ["secret m/1"]),
    "a broken version": (
        registered("m", {"source": f"runs:/{RUN}/model"})
        | STORE
        | {"mlruns/models/m/version-1/meta.yaml": "version: ["},
        ["yaml-syntax mlruns/models/m/version-1/meta.yaml"],
    ),
    "a pointer in place of the trained model": (
        layout("m", "1", MLmodel=PICKLED) | {"m/1/model.pkl": POINTER},
        ["lfs-pointer m/1/model.pkl"],
    ),
    "a pointer among too many files": (
        layout("m", "1") | {"m/1/a.bin": POINTER} | {f"m/1/plots/{number}": "x" for number in range(1000)},
        ["lfs-pointer m/1/a.bin", "too-many-files m/1"],
    ),
}


@pytest.mark.parametrize(("files", "expected"), BAD.values(), ids=BAD)
def test_a_bad_file_is_one_problem(files: Files, expected: list[str], tmp_path: Path) -> None:
    """The model beside it is not harmed."""
    write(tmp_path, files | layout("beside", "1"))
    found = json.loads(sites.sitegen("check", tmp_path, *sites.READING, "--format", "json").out)
    assert [f"{one['rule']} {one['path']}" for one in found] == expected
    registry = sitegen.read(str(tmp_path))
    assert {model.name for model in registry.models} > {"beside"}
    assert registry.get_model_version("beside", 1).signature


SPECIAL = {
    "a pipe": lambda path: os.mkfifo(path),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link out of the registry": lambda path: path.symlink_to("../../../outside"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a folder": lambda path: path.mkdir(),
    "a link to a folder": lambda path: path.symlink_to("."),
}


@pytest.mark.parametrize("make", SPECIAL.values(), ids=SPECIAL)
@pytest.mark.parametrize("name", ["metrics.json", "MLmodel"])
def test_what_is_no_file_is_not_opened(make: object, name: str, tmp_path: Path) -> None:
    """Nothing waits, and nothing outside of the registry is read."""
    write(tmp_path, {"outside": '{"leaked": 0.123}'})
    registry = write(tmp_path / "registry", layout("m", "1") | layout("beside", "1"))
    place = registry / "m/1" / name
    place.unlink(missing_ok=True)
    make(place)  # type: ignore[operator]
    built = sites.sitegen("build", registry, "--output", tmp_path / "site")
    assert built.code == 0
    assert catalog_names(tmp_path / "site") == (["beside"] if name == "MLmodel" else ["beside", "m"])
    assert not [path for path, data in sites.contents(tmp_path / "site").items() if b"leaked" in data]


def catalog_names(site: Path) -> list[str]:
    """The names of all models."""
    return [model["name"] for model in sites.catalog(site)["models"]]


def test_a_link_to_a_folder_of_datasets_is_not_followed(tmp_path: Path) -> None:
    """A run's inputs name a dataset, and what leads to it leads out of the registry."""
    outside = {"outside/d/meta.yaml": "name: leaked\n"}
    inputs = {f"r/mlruns/1/{RUN}/inputs/a/meta.yaml": "source_id: d\nsource_type: DATASET\n"}
    write(tmp_path, outside | inputs | {f"r/{path}": text for path, text in STORE.items()})
    (tmp_path / "r/mlruns/1/datasets").symlink_to(tmp_path / "outside")
    registry = sitegen.read(str(tmp_path / "r"))
    assert [found.path for found in registry.problems] == ["mlruns/1/datasets"]
    ((version,),) = (model.versions for model in registry.models)
    assert version.datasets == ()
    assert [(one.rule, one.path) for one in version.problems] == [
        ("dataset-missing", f"mlruns/1/{RUN}/inputs/a/meta.yaml")
    ]


@pytest.mark.parametrize("above", ["", "models/", "1/models/", "a/1/models/"])
def test_the_folder_of_a_logged_model_may_be_anywhere(above: str, tmp_path: Path) -> None:
    """An experiment's own folder is a registry, too, and the meta.yaml need not name the experiment."""
    id = "m-" + "2b" * 16
    files = {f"{above}{id}/meta.yaml": f"model_id: {id}\nname: trees\n", f"{above}{id}/artifacts/MLmodel": SIGNED}
    (model,) = sitegen.read(str(write(tmp_path, files))).models
    assert [one.model_id for one in model.versions] == ([id] if above else [None])
    assert model.name == {"": f"{id}/artifacts", "models/": "trees"}.get(above, "1/trees")


@pytest.mark.parametrize("folder", ["usermetadata", "x/usermetadata", "x/metadata"])
def test_only_twins_in_a_folder_metadata_are_no_models(folder: str, tmp_path: Path) -> None:
    """MLflow keeps the MLmodel a second time in `metadata/`; a name that only ends so is one like any other."""
    files = {f"{place}/MLmodel": SIGNED for place in ("m", "m/metadata", f"m/{folder}")}
    write(tmp_path, files | {f"m/{folder}/own.txt": "x"})
    found = {model.name: model.versions[0] for model in sitegen.read(str(tmp_path)).models}
    assert found.keys() == {"m", f"m/{folder}"}
    assert {file.path for file in found["m"].files} == {"MLmodel", "metadata/MLmodel"}


@pytest.mark.parametrize(("text", "hidden"), [("true", True), ("false", False), ("True", False), ("", False)])
def test_only_what_says_that_it_is_a_prompt_is_none_of_the_models(text: str, hidden: bool, tmp_path: Path) -> None:
    """As MLflow has it, whose tag may also say that it is none."""
    write(tmp_path, registered("m", {"source": "s3://b/x"}) | layout("beside", "1"))
    write(tmp_path, {"mlruns/models/m/tags/mlflow.prompt.is_prompt": text})
    assert ("m" in {model.name for model in sitegen.read(str(tmp_path)).models}) is not hidden


def test_a_run_with_too_many_files_is_named(tmp_path: Path) -> None:
    """The problem lies with the folder; what a run logged holds no MLmodel of its own."""
    logged = {f"mlruns/1/{RUN}/artifacts/plots/{number}.txt": "x" for number in range(1001)}
    ((version,),) = (model.versions for model in sitegen.read(str(write(tmp_path, STORE | logged))).models)
    assert [(one.rule, one.path) for one in version.problems] == [("too-many-files", f"mlruns/1/{RUN}/artifacts")]


def test_a_link_inside_the_registry_is_read(tmp_path: Path) -> None:
    """To a file; its content is that of the target."""
    write(tmp_path, layout("m", "1") | {"shared/metrics": '{"auc": 0.5}'})
    (tmp_path / "m/1/metrics.json").symlink_to("../../shared/metrics")
    assert sitegen.read(str(tmp_path)).get_model_version("m", 1).metrics[0].value == 0.5


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a registry whose folders have hostile names, one of them no UTF-8."""
    root = tmp_path_factory.mktemp("hostile")
    for name in NAMES:
        write(
            root / "registry",
            layout(name, "1") | layout(name, "2", metrics_json='{"a": 1}') | {f"{name}/1/{name}": "x"},
        )
    odd = os.fsencode(root / "registry") + b"/no-\xff-utf-8/1"
    os.makedirs(odd)
    Path(os.fsdecode(odd), "MLmodel").write_text(SIGNED)
    built = sites.sitegen("build", root / "registry", "--output", root / "site")
    assert built.code == 0
    return root / "site"


def test_every_name_has_its_model(hostile: Path) -> None:
    """With both versions, and folders that differ on every file system."""
    models = sites.catalog(hostile)["models"]
    assert sorted(model["name"] for model in models) == sorted([*NAMES, "no-\\xff-utf-8"])
    assert len({model["url"].casefold() for model in models}) == len(models)
    assert {model["versions"] for model in models if model["name"] in NAMES} == {2}


def test_no_folder_of_the_site_has_a_hostile_name(hostile: Path) -> None:
    """Every path can be typed, sent and written on every system."""
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789-_./")
    assert [path for path in sites.contents(hostile) if not set(path) <= allowed] == []


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_a_file_that_may_not_be_read_is_one_problem(tmp_path: Path) -> None:
    """Its version keeps its page; a folder that may not be listed is one problem, too."""
    write(tmp_path / "r", layout("m", "1") | layout("m", "2") | layout("closed", "1") | layout("beside", "1"))
    (tmp_path / "r/m/1/MLmodel").chmod(0)
    (tmp_path / "r/closed").chmod(0)
    done = confined(tmp_path, "check", "r", *sites.READING)
    (tmp_path / "r/closed").chmod(0o755)
    assert done.err == ""
    assert [line.partition("  (")[0] for line in done.out.splitlines()] == [
        "closed: error[unreadable]: the folder cannot be listed: Permission denied",
        "m/1/MLmodel: error[unreadable]: m v1: cannot be read: Permission denied",
        "2 models, 3 versions: 2 errors, 0 warnings, 0 notes",
    ]
