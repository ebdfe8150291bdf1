"""Sites of registries that are databases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.databases import OTHER, PRICES, RUN, change, database, experiment, fill, registered, run, version
from tests.support.sites import contents, sitegen, stamps, update


def test_a_database_without_models_is_an_empty_registry(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", experiment(0, "Default"))
    done = sitegen("build", tmp_path, "--output", tmp_path / "site")
    assert (done.code, done.err.partition(",")[0]) == (0, "0 models")


# --- incremental builds ----------------------------------------------------------------------------------------

EDITS: dict[str, Callable[[Path], None]] = {
    "nothing": lambda path: change(path, "analyze"),
    "a metric": lambda path: change(path, "update latest_metrics set value = 2.25 where run_uuid = ?", RUN),
    "a point": lambda path: fill(
        path, {"metrics": [{"run_uuid": RUN, "key": "rmse", "step": 0, "timestamp": 1, "value": 9}]}
    ),
    "a param": lambda path: change(path, "update params set value = '5' where run_uuid = ?", RUN),
    "a tag": lambda path: change(path, "update tags set value = 'b' where run_uuid = ?", RUN),
    "a run's name": lambda path: change(path, "update runs set name = 'new' where run_uuid = ?", RUN),
    "a description": lambda path: change(path, "update registered_models set description = 'x' where name = 'prices'"),
    "a version's description": lambda path: change(
        path, "update model_versions set description = 'x' where run_id = ?", RUN
    ),
    "a version's tag": lambda path: fill(
        path,
        {"model_version_tags": [{"name": "prices", "version": 1, "key": "k", "value": "v", "workspace": "default"}]},
    ),
    "an alias": lambda path: fill(path, registered_alias("prices", "champion")),
    "a stage": lambda path: change(path, "update model_versions set current_stage = 'Staging' where run_id = ?", RUN),
    "a version's status": lambda path: change(
        path, "update model_versions set status = 'FAILED_REGISTRATION' where run_id = ?", RUN
    ),
    "an experiment's name": lambda path: change(path, "update experiments set name = 'new' where experiment_id = 1"),
    "a version": lambda path: fill(path, version(number=2)),
    "a deletion": lambda path: change(path, "delete from model_versions where run_id = ?", RUN),
}


def registered_alias(name: str, alias: str) -> Any:
    """An alias of version 1."""
    return {"registered_model_aliases": [{"name": name, "alias": alias, "version": 1, "workspace": "default"}]}


@pytest.mark.parametrize("edit", EDITS)
def test_a_change_renews_its_model_and_no_other(tmp_path: Path, edit: str) -> None:
    path = database(
        tmp_path / "registry/mlflow.db",
        *PRICES,
        experiment(2, "ships"),
        run(OTHER, experiment=2, metrics={"mae": [1.0, 0.5]}),
        registered("ships"),
        version("ships", run=OTHER),
    )
    update(path.parent, tmp_path / "site")
    before = stamps(tmp_path / "site")
    EDITS[edit](path)
    done = update(path.parent, tmp_path / "site")
    after = stamps(tmp_path / "site")
    touched = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert not {name for name in touched if name.startswith(("models/ships/", "api/models/ships"))}
    assert any(name.startswith("models/prices/") for name in touched) is (edit != "nothing")
    assert (done.counts.rendered == 0) is (edit == "nothing")
    update(path.parent, tmp_path / "clean")
    assert contents(tmp_path / "site") == contents(tmp_path / "clean")
