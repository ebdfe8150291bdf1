"""Real MLflow is asked: run with SITEGEN_MLFLOW_PYTHON naming a Python that has MLflow 3, and those of older ones."""

import shutil
from pathlib import Path

import pytest

from tests.mlflow.truth.asking import HERE, PYTHONS, VARIABLE, ask
from tests.mlflow.truth.compare import SHARED
from tests.mlflow.truth.files import compare_files, mlmodels
from tests.mlflow.truth.registries import compare_registry
from tests.support.registries import mlmodel, write
from tests.support.sites import api, contents, sitegen, warm

REGISTRIES = sorted(path.name for path in (SHARED / "registries").glob("*") if path.is_dir())

pytestmark = pytest.mark.skipif(not PYTHONS, reason=f"{VARIABLE} names no Python that has MLflow")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file store that real MLflow wrote, called `store`, and the artifacts beside it."""
    root = tmp_path_factory.mktemp("written")
    ask(PYTHONS[0], HERE / "mlflow_writer.py", (root / "store").as_uri(), root / "artifacts")
    return root


@pytest.fixture(scope="module")
def migrated(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a database, called `store` too, with the same artifacts beside it."""
    source, root = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("migrated")
    shutil.copytree(written / "store", source / "mlruns")
    shutil.copytree(written / "artifacts", root / "artifacts")
    for path in source.rglob("metrics/**/*"):
        if path.is_file():  # MLflow writes points twice when it logs a model, and then fails to migrate them
            path.write_text("".join(dict.fromkeys(path.read_text().splitlines(keepends=True))))
    target = f"sqlite:///{root / 'store'}"
    ask(PYTHONS[0], "-m", "mlflow", "migrate-filestore", "--source", source, "--target", target)
    return root


def test_a_database_and_the_file_store_of_the_same_content_give_the_same_site(
    written: Path, migrated: Path, tmp_path: Path
) -> None:
    for name, registry in (("files", written), ("database", migrated / "store")):
        done = sitegen("build", registry, "--output", tmp_path / name, "--cache", warm(tmp_path / "cache"))
        assert done.code == 0, done.err
    files, database = contents(tmp_path / "files"), contents(tmp_path / "database")
    assert database.keys() == files.keys()
    assert [path for path in files if files[path] != database[path]] == []


def test_what_was_migrated_and_stays_beside_its_database_counts_once(
    written: Path, migrated: Path, tmp_path: Path
) -> None:
    both = tmp_path / "both"
    shutil.copytree(written, both)
    shutil.copy(migrated / "store", both / "mlflow.db")
    assert sitegen("build", both, "--output", tmp_path / "site", "--cache", warm(tmp_path / "cache")).code == 0
    assert sorted(model["name"] for model in api(tmp_path / "site").values()) == [
        "houses/model",
        "north/south é/model",
        "prices",
        "without versions",
    ]


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_registry_says_what_mlflow_says(name: str) -> None:
    assert not compare_registry(PYTHONS, SHARED / "registries" / name).unknown()


@pytest.mark.parametrize("kind", ["mlruns", "mlflow.db"])
def test_every_kind_of_thing_is_said_as_mlflow_says_it(
    kind: str, written: Path, migrated: Path, tmp_path: Path
) -> None:
    shutil.copytree(written / "artifacts", tmp_path / "artifacts")
    if kind == "mlruns":
        shutil.copytree(written / "store", tmp_path / kind)
    else:
        shutil.copy(migrated / "store", tmp_path / kind)
    assert not compare_registry(PYTHONS, tmp_path).unknown()


@pytest.mark.parametrize("kind", ["mlruns", "mlflow.db"])
def test_checkpoints_and_evaluations_are_said_as_mlflow_says_them(kind: str, tmp_path: Path) -> None:
    """Logged models by step, dataset and run, and what was renamed, deleted and restored."""
    uri = (tmp_path / kind).as_uri() if kind == "mlruns" else f"sqlite:///{tmp_path / kind}"
    ask(PYTHONS[0], HERE / "mlflow_evaluations.py", uri, tmp_path / "artifacts")
    outcome = compare_registry(PYTHONS, tmp_path)
    assert not outcome.unknown()
    assert {one.ours for one in outcome.differences if one.field == "shown"} >= {"copy", "older run"}
    assert outcome.compared["dataset_metrics"] >= 13


@pytest.mark.parametrize("folder", [path for path in ("corpus", "registries") if (SHARED / path).is_dir()])
def test_mlmodel_files_are_read_as_mlflow_reads_them(folder: str) -> None:
    assert not compare_files(PYTHONS[0], mlmodels([SHARED / folder])).unknown()


DTYPES = (
    *("foo", "bfloat16", "Float64", "string", "category", "int128", "torch.float32", "", "f8 "),
    *("<f8", ">f8", "=f8", "|b1", "float", "double", "f8", "int", "int_", "long", "longlong", "ulonglong", "intp", "p"),
    *("str", "<U5", "U5", "S10", "a5", "U", "S", "bytes", "object", "O", "half", "single", "byte", "short", "intc"),
    *("longdouble", "g", "f16", "clongdouble", "c32", "float128", "complex256", "csingle", "cdouble", "F", "D"),
    *("datetime64", "M", "M8", "<M8[ns]", "datetime64[ns]", "datetime64[foo]", "timedelta64[us]", "m8[D]", "V", "void"),
    *("datetime64[25s]", "datetime64[generic]", "timedelta64[Y]", "M8[M]", "datetime64[ns, UTC]", "n", "N"),
)
VECTOR = {"type": "sparkml_vector"}
NESTED = (
    VECTOR,
    *({"type": "array", "items": inner} for inner in (VECTOR, {"type": "any"}, {"type": "foo"}, {"type": "tensor"})),
    *({"type": "map", "values": inner} for inner in (VECTOR, {"type": "any"}, {"type": "object", "properties": {}})),
    *(
        {"type": "object", "properties": {"x": inner}}
        for inner in (VECTOR, {"type": "array", "items": VECTOR}, {"type": "map", "values": VECTOR}, {"type": "any"})
    ),
    {"type": "array", "items": {"type": "object", "properties": {"x": VECTOR}}},
)


def test_types_are_taken_and_refused_as_mlflow_does(tmp_path: Path) -> None:
    """Dtypes by all their names, and types inside types."""
    items = [{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": [-1, 2]}} for dtype in DTYPES]
    items += [{"name": "a", "required": True, **one} for one in NESTED]
    write(tmp_path, {f"{number}/MLmodel": mlmodel([one]) for number, one in enumerate(items)})
    paths = [tmp_path / f"{number}/MLmodel" for number in range(len(items))]
    assert not compare_files(PYTHONS[0], paths).unknown()
