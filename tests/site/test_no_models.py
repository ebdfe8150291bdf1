"""Registries with runs of which none logged a model: the commands and the catalog say so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.registries import experiment, registered, run, write
from tests.support.sites import READING, contents, sitegen

IDS = [f"{number:032x}" for number in range(1, 4)]
SAID = "2 runs read; none logged a model; log one in a run with mlflow.<flavor>.log_model"


def of_files(folder: Path) -> Path:
    """A file store with two runs."""
    return write(
        folder / "r", experiment("1", "training") | run("1", IDS[0], model=None) | run("1", IDS[1], model=None)
    )


def of_database(folder: Path) -> Path:
    """A database with two runs, one that is deleted, and one of a deleted experiment."""
    (folder / "r").mkdir()
    databases.database(
        folder / "r" / "mlflow.db",
        databases.experiment(),
        databases.experiment(2, stage="deleted"),
        databases.run(IDS[0]),
        databases.run(IDS[1]),
        databases.run(IDS[2], lifecycle_stage="deleted"),
        databases.run("f" * 32, experiment=2),
    )
    return folder / "r"


def of_both(folder: Path) -> Path:
    """A store that was migrated, and stays beside its database."""
    root = of_database(folder)
    return write(root, experiment("1", "training") | run("1", IDS[0], model=None))


@pytest.mark.parametrize("make", [of_files, of_database, of_both])
def test_commands_and_catalog_say_that_no_run_logged_a_model(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """And how to log one."""
    root = make(tmp_path)
    check = sitegen("check", root, *READING)
    assert (check.code, SAID in check.err) == (0, True)
    build = sitegen("build", root, "--output", tmp_path / "site", "--cache", tmp_path / "cache")
    assert (build.code, SAID in build.err) == (0, True)
    page = (tmp_path / "site/index.html").read_text("utf-8")
    assert "2 runs read; none logged a model." in page
    assert "log_model(" in page


def test_the_catalog_follows_the_number_of_runs(tmp_path: Path) -> None:
    """A build after a change gives the bytes of a clean one, whether runs or the first model come to it."""
    root = of_files(tmp_path)
    more = run("1", IDS[2], model=None)
    model = registered("price", {"run_id": IDS[0], "source": "elsewhere"})
    for files, text in (({}, "2 runs read"), (more, "3 runs read"), (model, "price")):
        write(root, files)
        for name in ("site", f"clean {text}"):
            done = sitegen("build", root, "--output", tmp_path / name, "--cache", tmp_path / f"cache of {name}")
            assert done.code == 0, done.err
            assert ("none logged a model" in done.err) == (text != "price")
        assert contents(tmp_path / "site") == contents(tmp_path / f"clean {text}")
        assert text in (tmp_path / "site/index.html").read_text("utf-8")
