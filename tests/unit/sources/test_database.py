"""Databases: what stands in MLflow's tables is on the pages, whoever writes them meanwhile, and nothing is written."""

import math
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.model import Model, Origin, Version
from sitegen.site.json_api import model_json, version_json
from sitegen.sources.database.metrics import INFINITE
from sitegen.sources.database.sqlite import Sqlite
from sitegen.sources.discovery import Discovery, open_registry
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from sitegen.storage.tree import LocalTree
from tests.support.databases import (
    MODEL,
    OTHER,
    PRICES,
    RUN,
    SCHEMAS,
    TIME,
    TRACKING,
    change,
    database,
    experiment,
    fill,
    logged,
    outputs,
    registered,
    run,
    version,
)
from tests.support.registries import SIGNED, write
from tests.support.registries import experiment as file_experiment
from tests.support.registries import registered as file_registered
from tests.support.registries import run as file_run
from tests.support.sites import contents, sitegen, stamps


def models(location: Path | str) -> dict[str, Model]:
    """The models of a registry by name."""
    return {model.name: model for model in loaded(open_registry(str(location)))}


def loaded(discovery: Discovery) -> list[Model]:
    """The models of a discovered registry."""
    recall = ParseCache(discovery.source.tree, {}, 0)
    found = (load_model(discovery.source.stores, ref, recall) for ref in discovery.models)
    return [model for model in found if model]


def only(location: Path | str) -> Version:
    """The only version of the only model of a registry."""
    (model,) = models(location).values()
    (version,) = model.versions
    return version


def problems(location: Path | str) -> list[Diagnostic]:
    """What is wrong with finding the models of a registry."""
    return list(open_registry(str(location)).problems)


def values(version: Version) -> dict[str, float]:
    """The metrics of a version."""
    return {metric.key: metric.value for metric in version.metrics}


# --- finding ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("artifacts", ["mlruns/1", "mlartifacts/1", "artifacts", "deep/inside/1"])
def test_files_are_found_by_the_id_of_the_run_wherever_they_lie(tmp_path: Path, artifacts: str) -> None:
    database(tmp_path / "mlflow.db", *PRICES)
    write(tmp_path, {f"{artifacts}/{RUN}/artifacts/model/MLmodel": SIGNED})
    assert only(tmp_path).path == f"{artifacts}/{RUN}/artifacts/model"


def test_files_are_found_by_the_id_of_the_logged_model(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", experiment(), run(), logged(), registered(), version(source=f"models:/{MODEL}"))
    write(tmp_path, {f"mlartifacts/1/models/{MODEL}/artifacts/MLmodel": SIGNED})
    found = only(tmp_path)
    assert (found.path, found.model_id) == (f"mlartifacts/1/models/{MODEL}/artifacts", MODEL)


def test_a_model_that_is_not_registered_has_the_facts_of_its_run(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", *PRICES[:2])
    write(tmp_path, {f"mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    assert list(models(tmp_path)) == ["houses/model"]
    assert values(only(tmp_path)) == {"rmse": 2.5}


def test_a_logged_model_without_files_is_there(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", experiment(), run(), logged(name="trees"))
    assert list(models(tmp_path)) == ["houses/trees"]


def test_checkpoints_have_values_of_datasets_and_of_their_steps(tmp_path: Path) -> None:
    """As the file store of the case logged-model-metrics says it."""
    points = [
        (MODEL, "acc", 0, TIME, 0.5, RUN, "val", "1234"),
        (LAST, "acc", 1, TIME + 1, 0.75, RUN, "val", "1234"),
        (LAST, "acc", 0, TIME + 2, 0.65, OTHER, "test", "99"),
        (LAST, "rmse", 1, TIME + 1, 2.5, RUN, None, None),
    ]
    database(
        tmp_path / "mlflow.db",
        experiment(),
        run(metrics={"acc": [0.5, 0.75], "rmse": [3.0, 2.5], "loss": [4.0, 3.0]}, params={"lr": "0.1", "depth": "4"}),
        run(OTHER),
        logged(name="net"),
        logged(LAST, name="net", creation_timestamp_ms=TIME + 1, status=3),
        outputs({MODEL: 0, LAST: 1}),
        {"logged_model_metrics": [dict(zip(MODEL_POINT, one, strict=True)) for one in points]},
        {"logged_model_params": [{"model_id": LAST, "param_key": "lr", "param_value": "0.01"}]},
    )
    first, last = models(tmp_path)["houses/net"].versions
    assert values(first) == {"acc": 0.5, "loss": 4.0, "rmse": 3.0}
    assert values(last) == {"acc": 0.65, "loss": 3.0, "rmse": 2.5}
    rows = [(one.key, one.value, one.origin) for one in last.dataset_metrics]
    assert rows == [("acc", 0.65, Origin("test", "99", OTHER)), ("acc", 0.75, Origin("val", "1234", RUN))]
    assert [one.key for one in last.metrics if one.origin and one.origin.of_run] == ["loss"]
    assert (dict(last.params), last.model_status) == ({"lr": "0.01", "depth": "4"}, "FAILED")


LAST = "m-" + "d" * 32
MODEL_POINT = (
    *("model_id", "metric_name", "metric_step", "metric_timestamp_ms", "metric_value"),
    *("run_id", "dataset_name", "dataset_digest"),
)


def test_the_status_of_a_version_is_the_registrys(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", *PRICES[:3], version(status="FAILED_REGISTRATION"))
    found = only(tmp_path)
    assert (found.status, [one.rule for one in found.problems]) == ("FAILED_REGISTRATION", [])


@pytest.mark.parametrize("name", ["mlflow.db", "registry.sqlite", "a b?#%é.sqlite3"])
def test_databases_are_told_by_their_tables(tmp_path: Path, name: str) -> None:
    database(tmp_path / "below" / name, *PRICES)
    (model,) = loaded(open_registry(str(tmp_path)))
    assert (model.name, model.store, model.address) == ("prices", f"below/{name}", "models:/prices")


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}", "sqlite:///{}?timeout=10"])
def test_the_registry_may_be_a_database_called_anything(tmp_path: Path, form: str) -> None:
    database(tmp_path / "models", *PRICES)
    write(tmp_path, {f"mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    assert only(form.format(tmp_path / "models")).path == f"mlruns/1/{RUN}/artifacts/model"


def test_an_address_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database(tmp_path / "mlflow.db", *PRICES)
    monkeypatch.chdir(tmp_path)
    assert list(models("sqlite:///mlflow.db")) == ["prices"]


def test_a_link_to_a_database_leads_to_what_lies_beside_it(tmp_path: Path) -> None:
    database(tmp_path / "there/mlflow.db", *PRICES)
    write(tmp_path, {f"there/mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    (tmp_path / "current.db").symlink_to("there/mlflow.db")
    assert only(tmp_path / "current.db").path == f"mlruns/1/{RUN}/artifacts/model"


def test_what_a_run_logged_is_no_store(tmp_path: Path) -> None:
    database(tmp_path / f"mlruns/1/{RUN}/artifacts/index/chroma.sqlite3", *PRICES)
    write(tmp_path, {f"mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    assert list(models(tmp_path)) == ["1/model"]
    assert problems(tmp_path) == []


# --- facts -----------------------------------------------------------------------------------------------------


def test_everything_that_is_known_of_a_version(tmp_path: Path) -> None:
    dataset = {"dataset_uuid": "d", "name": "train", "digest": "12ab", "dataset_source_type": "local"}
    database(
        tmp_path / "mlflow.db",
        experiment(),
        run(
            metrics={"rmse": 2.5},
            params={"depth": "4", "empty": ""},
            tags={"team": "a", "mlflow.user": "someone", "mlflow.note.content": "a *note*"},
            user_id="someone",
            end_time=TIME + 5,
        ),
        registered(aliases={"champion": 1}, description="Prices of houses"),
        {"registered_model_tags": [{"name": "prices", "key": "owner", "value": "us", "workspace": "default"}]},
        version(description="the first", current_stage="Production"),
        {"model_version_tags": [{"name": "prices", "version": 1, "key": "ok", "value": "yes", "workspace": "default"}]},
        {
            "datasets": [dataset],
            "input_tags": [{"input_uuid": "i", "name": "mlflow.data.context", "value": "training"}],
        },
        {
            "inputs": [
                {
                    "input_uuid": "i",
                    "source_type": "DATASET",
                    "source_id": "d",
                    "destination_type": "RUN",
                    "destination_id": RUN,
                }
            ]
        },
    )
    model = models(tmp_path)["prices"]
    assert (model.description, model.tags, model.aliases) == (
        "Prices of houses",
        (("owner", "us"),),
        (("champion", "1"),),
    )
    (found,) = model.versions
    assert (found.name, found.description, found.stage, found.created) == ("1", "the first", "Production", TIME)
    assert (found.tags, found.params) == ((("ok", "yes"), ("team", "a")), (("depth", "4"), ("empty", "")))
    assert found.aliases == ("champion",)
    assert found.run
    assert (found.run.name, found.run.experiment, found.run.status) == ("run a", "houses", "FINISHED")
    assert (found.run.start, found.run.end, found.run.user) == (TIME, TIME + 5, "someone")
    assert found.run.description == "a *note*"
    assert [(one.name, one.digest, one.context) for one in found.datasets] == [("train", "12ab", "training")]


def test_times_of_the_last_change(tmp_path: Path) -> None:
    """MLflow's own of a model, a version and a logged model; of models outside of its registry the newest version's."""
    database(
        tmp_path / "mlflow.db",
        experiment(),
        run(),
        registered(last_updated_time=TIME + 7),
        version(last_updated_time=TIME + 9),
        registered("silent"),
        version("silent", run=None),
        logged(run=None, last_updated_timestamp_ms=TIME + 3),
    )
    found = models(tmp_path)
    assert {name: one.updated for name, one in found.items()} == {
        "prices": TIME + 7,
        "silent": TIME,
        "houses/model": TIME + 3,
    }
    assert {name: one.versions[-1].updated for name, one in found.items()} == {
        "prices": TIME + 9,
        "silent": None,
        "houses/model": TIME + 3,
    }


def test_many_versions_of_one_run_have_its_facts_once(tmp_path: Path) -> None:
    """More than fit into one question."""
    many = (version(number=number, run=RUN) for number in range(1, 602))
    run_of_all = run(metrics={"rmse": [3.5, 2.5]}, params={"depth": "4"}, tags={"team": "a"})
    database(tmp_path / "mlflow.db", experiment(), run_of_all, registered(), *many)
    found = models(tmp_path)["prices"].versions
    assert len(found) == 601
    assert {one.params for one in found} == {(("depth", "4"),)}
    assert {(metric.key, metric.value, metric.logged) for one in found for metric in one.metrics} == {("rmse", 2.5, 2)}
    assert {len(one.metrics) for one in found} == {1}


@pytest.mark.parametrize("count", [1, 500, 1300])
def test_a_value_that_is_asked_for_twice_is_answered_once(count: int, tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", *(run(f"{number:032x}") for number in range(count)))
    ids = [f"{number:032x}" for number in range(count)] * 2
    rows = Sqlite(LocalTree(str(tmp_path)), "mlflow.db").select("runs", ("run_uuid",), run_uuid=ids)
    assert sorted(row[0] for row in rows) == sorted(set(ids))


def test_the_stage_none_is_none_and_an_empty_description_is_none(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", *PRICES[:3], version(description=""))
    found = only(tmp_path)
    assert (found.stage, found.description) == (None, None)


def test_numbers_that_sql_lacks_are_what_was_logged(tmp_path: Path) -> None:
    big = 1.7976931348623157e308
    database(tmp_path / "mlflow.db", *PRICES[:1], run(metrics={"up": big, "down": -big, "none": 0.0}), *PRICES[2:])
    change(tmp_path / "mlflow.db", "update latest_metrics set is_nan = 1 where key = 'none'")
    found = values(only(tmp_path))
    assert (found["up"], found["down"]) == (math.inf, -math.inf)
    assert math.isnan(found["none"])


def test_the_latest_value_is_the_one_that_mlflow_reports(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", *PRICES)
    fill(
        tmp_path / "mlflow.db",
        {"metrics": [{"run_uuid": RUN, "key": "rmse", "step": 0, "timestamp": TIME, "value": 9.0}]},
    )
    (rmse,) = only(tmp_path).metrics
    assert (rmse.value, rmse.step, rmse.logged, rmse.least, rmse.most) == (2.5, 1, 3, 2.5, 9.0)
    assert rmse.points == ((0, 3.0), (0, 9.0), (1, 2.5))


def test_a_history_too_long_for_memory_keeps_its_extremes(tmp_path: Path) -> None:
    count = 150_000
    database(tmp_path / "mlflow.db", *PRICES)
    points = [
        {"run_uuid": RUN, "key": "loss", "step": n, "timestamp": TIME, "value": 1 / (n + 1)} for n in range(count)
    ]
    points[70_000]["value"] = 77.0
    fill(tmp_path / "mlflow.db", {"metrics": points, "latest_metrics": points[-1:]})
    loss, rmse = only(tmp_path).metrics
    assert (loss.logged, loss.most, loss.least, loss.value) == (count, 77.0, 1 / count, 1 / count)
    assert (70_000, 77.0) in loss.points
    assert len(loss.points) <= 500
    assert rmse.points == ((0, 3.0), (1, 2.5))


@pytest.mark.parametrize("last", [0.5, -9.0, math.nan, math.inf])
@pytest.mark.parametrize("without", ["", "is_nan", "step", "is_nan step"])
def test_the_latest_value_of_a_long_history_needs_no_table_of_its_own(
    last: float, without: str, tmp_path: Path
) -> None:
    """The first databases have no latest values, and some of them neither steps nor NaN: those are nulls."""
    count = 101_000
    columns = " ".join(name for name in TRACKING["metrics"].split() if name not in without.split())
    database(tmp_path / "mlflow.db", run(), schema=SCHEMAS["1.0"] | {"metrics": columns})
    points = [
        {"run_uuid": RUN, "key": "loss", "step": n, "timestamp": TIME + n, "value": float(n % 100), "is_nan": 0}
        for n in range(count)
    ]
    stored = {"value": None if "is_nan" in without else 0, "is_nan": 1} if math.isnan(last) else {"value": last}
    points[-1] |= stored
    fill(tmp_path / "mlflow.db", {"metrics": points})
    write(tmp_path, {f"mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    (loss,) = only(tmp_path).metrics
    assert (repr(loss.value), loss.timestamp, loss.logged) == (repr(last), TIME + count - 1, count)
    assert loss.step == (0 if "step" in without else count - 1)
    assert len(loss.points) <= 500
    assert loss.points[0][1] == 0.0


AT_ONE_MOMENT = (
    ((math.nan, -1.0), math.nan),
    ((math.nan, 1.0), 1.0),
    ((math.nan, math.inf), math.inf),
    ((math.nan, -math.inf), math.nan),
    ((-2.0, math.nan, 2.0), 2.0),
)
"""Values at the last step and time, and the one that MLflow 3.17 reports, in whatever order they are logged."""


@pytest.mark.parametrize("count", [3, 101_000])
@pytest.mark.parametrize(("last", "latest"), AT_ONE_MOMENT)
def test_of_nan_and_numbers_at_one_moment_the_latest_is_mlflows(
    last: tuple[float, ...], latest: float, count: int, tmp_path: Path
) -> None:
    """NaN is stored as 0 and compared so, in a short history and in one of which not all points are read."""
    database(tmp_path / "mlflow.db", run(), schema=SCHEMAS["1.0"])
    values = [*(float(n % 100) for n in range(count)), *last]
    points = [
        {
            "run_uuid": RUN,
            "key": "loss",
            "step": min(n, count),
            "timestamp": TIME + min(n, count),
            "value": 0 if math.isnan(value) else max(-INFINITE, min(INFINITE, value)),
            "is_nan": math.isnan(value),
        }
        for n, value in enumerate(values)
    ]
    fill(tmp_path / "mlflow.db", {"metrics": points})
    write(tmp_path, {f"mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    (loss,) = only(tmp_path).metrics
    assert (repr(loss.value), loss.logged) == (repr(latest), len(values))
    assert repr(loss.points[-1][1]) == repr(latest)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_schema_is_read(tmp_path: Path, schema: str) -> None:
    database(tmp_path / "mlflow.db", *PRICES, schema=SCHEMAS[schema])
    write(tmp_path, {f"mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    found = only(tmp_path)
    assert values(found) == {"rmse": 2.5}
    assert found.metrics[0].points == ((0, 3.0), (1, 2.5))
    assert (found.params, found.tags) == ((("depth", "4"),), (("team", "a"),))


# --- what MLflow hides -----------------------------------------------------------------------------------------


def test_a_deleted_version_and_a_prompt_are_hidden(tmp_path: Path) -> None:
    database(
        tmp_path / "mlflow.db",
        *PRICES,
        version(number=2, current_stage="Deleted_Internal"),
        registered("greeting"),
        version("greeting"),
        {
            "registered_model_tags": [
                {"name": "greeting", "key": "mlflow.prompt.is_prompt", "value": "true", "workspace": "default"}
            ]
        },
    )
    assert {name: len(model.versions) for name, model in models(tmp_path).items()} == {"prices": 1}


@pytest.mark.parametrize(
    "change_of",
    [
        "update runs set lifecycle_stage = 'deleted'",
        "update experiments set lifecycle_stage = 'deleted'",
    ],
)
def test_the_model_of_a_deleted_run_or_experiment_is_hidden(tmp_path: Path, change_of: str) -> None:
    database(tmp_path / "mlflow.db", *PRICES[:2])
    write(tmp_path, {f"mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    change(tmp_path / "mlflow.db", change_of)
    assert models(tmp_path) == {}


def test_a_deleted_logged_model_is_hidden_with_its_files(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", experiment(), run(), logged(lifecycle_stage="deleted"))
    write(tmp_path, {f"mlruns/1/models/{MODEL}/artifacts/MLmodel": SIGNED})
    assert models(tmp_path) == {}


def test_a_registered_version_outlives_its_run(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", *PRICES)
    change(tmp_path / "mlflow.db", "update runs set lifecycle_stage = 'deleted'")
    assert values(only(tmp_path)) == {"rmse": 2.5}


def test_a_deleted_experiment_hides_nothing_that_lies_in_a_folder_of_its_number(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", experiment(1), experiment(2, "old", "deleted"), run())
    write(tmp_path, {f"mlartifacts/2/{RUN}/artifacts/model/MLmodel": SIGNED})
    assert list(models(tmp_path)) == ["houses/model"]


# --- several stores --------------------------------------------------------------------------------------------


def test_a_registry_of_its_own_is_joined_with_the_runs_of_a_file_store(tmp_path: Path) -> None:
    database(tmp_path / "registry.db", registered(), version(), schema=SCHEMAS["1.30"])
    write(tmp_path, file_experiment("1", "houses") | file_run("1", RUN, metrics={"rmse": f"{TIME} 2.5 0"}))
    found = only(tmp_path)
    assert (found.path, values(found)) == (f"mlruns/1/{RUN}/artifacts/model", {"rmse": 2.5})
    assert found.run
    assert found.run.experiment == "houses"


def test_what_a_database_and_a_file_store_both_have_counts_once_as_the_database_has_it(tmp_path: Path) -> None:
    empty = {"creation_timestamp": str(TIME)}
    database(tmp_path / "mlflow.db", *PRICES, registered("empty"))
    write(
        tmp_path,
        file_experiment("1", "houses")
        | file_run("1", RUN, metrics={"rmse": f"{TIME} 7.0 0"})
        | file_registered("prices", {"run_id": RUN, "source": "runs:/x"})
        | file_registered("empty", **empty)
        | file_registered("mine", **empty),
    )
    found = models(tmp_path)
    assert {name: model.store for name, model in found.items()} == {
        "empty": "mlflow.db",
        "mine": "mlruns",
        "prices": "mlflow.db",
    }
    assert values(found["prices"].versions[0]) == {"rmse": 2.5}


def test_two_databases_may_have_models_of_one_name(tmp_path: Path) -> None:
    database(tmp_path / "a.db", experiment(), run(OTHER), registered(), version(run=OTHER))
    database(tmp_path / "b.db", *PRICES)
    assert [model.store for model in loaded(open_registry(str(tmp_path)))] == ["a.db", "b.db"]
    assert [model.store for model in loaded(open_registry(str(tmp_path / "b.db")))] == ["a.db", "b.db"]


def test_of_two_databases_the_one_that_was_named_is_believed(tmp_path: Path) -> None:
    for name in "a", "b":
        database(tmp_path / f"{name}.db", *PRICES[:2], registered(description=name), version())
    assert models(tmp_path / "b.db")["prices"].description == "b"


def test_workspaces_are_stores_of_their_own(tmp_path: Path) -> None:
    database(
        tmp_path / "mlflow.db",
        *PRICES,
        experiment(2, "ships", workspace="harbour"),
        run(OTHER, experiment=2, metrics={"rmse": 9.0}),
        registered(workspace="harbour", description="other prices", aliases={"best": 1}),
        version(run=OTHER, workspace="harbour"),
    )
    one, other = loaded(open_registry(str(tmp_path)))
    assert (one.store, one.aliases, values(one.versions[0])) == ("mlflow.db", (), {"rmse": 2.5})
    assert (other.store, other.aliases, values(other.versions[0])) == (
        "mlflow.db/harbour",
        (("best", "1"),),
        {"rmse": 9.0},
    )
    assert other.versions[0].run
    assert other.versions[0].run.experiment == "ships"


# --- nothing is written, nobody waits --------------------------------------------------------------------------


def journal(root: Path, mode: str) -> Path:
    """A database in a journal mode, with one model."""
    path = database(root / "mlflow.db", *PRICES)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma journal_mode = {mode}")
    return path


def crashed(root: Path, mode: str, *lost: str) -> None:
    """What a writer leaves that dies in the middle: after a commit in WAL mode, before it otherwise."""
    path = journal(root / "alive", mode)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        if mode == "wal":
            writer.execute("update registered_models set description = 'committed'")
        else:
            writer.execute("pragma cache_size = 1")
            writer.execute("begin immediate")
            for number in range(2000):
                writer.execute("insert into registered_models (name) values (?)", (f"unfinished {number} {'x' * 500}",))
        shutil.copytree(path.parent, root / "registry")
    for suffix in lost:
        (root / f"registry/mlflow.db{suffix}").unlink()


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_reading_writes_nothing(tmp_path: Path, mode: str) -> None:
    journal(tmp_path / "registry", mode)
    before = contents(tmp_path), stamps(tmp_path)
    assert list(models(tmp_path / "registry")) == ["prices"]
    assert (contents(tmp_path), stamps(tmp_path)) == before


@pytest.mark.parametrize("lost", [(), ("-shm",)])
def test_what_a_writer_committed_before_it_died_is_read_and_nothing_written(
    tmp_path: Path, lost: tuple[str, ...]
) -> None:
    crashed(tmp_path, "wal", *lost)
    before = contents(tmp_path / "registry"), stamps(tmp_path / "registry")
    assert "mlflow.db-wal" in before[0]
    assert models(tmp_path / "registry")["prices"].description == "committed"
    assert (contents(tmp_path / "registry"), stamps(tmp_path / "registry")) == before


def test_what_a_writer_did_not_commit_before_it_died_is_not_read_and_not_rolled_back(tmp_path: Path) -> None:
    crashed(tmp_path, "delete")
    before = contents(tmp_path / "registry"), stamps(tmp_path / "registry")
    assert "mlflow.db-journal" in before[0]
    assert list(models(tmp_path / "registry")) == ["prices"]
    assert (contents(tmp_path / "registry"), stamps(tmp_path / "registry")) == before


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_writer_at_work_neither_waits_nor_is_waited_for(tmp_path: Path, mode: str) -> None:
    path = journal(tmp_path, mode)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        writer.execute("update registered_models set description = 'new'")
        discovery = open_registry(str(tmp_path))
        assert loaded(discovery)[0].description is None
        writer.execute("commit")
        assert loaded(discovery)[0].description == "new"


def test_a_writer_that_comes_while_a_database_is_read_is_noticed(tmp_path: Path) -> None:
    path = journal(tmp_path, "wal")
    discovery = open_registry(str(tmp_path))
    assert loaded(discovery)[0].description is None
    change(path, "update registered_models set description = 'new'")
    assert loaded(discovery)[0].description == "new"


def test_a_lock_that_ends_is_waited_for(tmp_path: Path) -> None:
    """What the writer wrote is there."""
    path = journal(tmp_path, "delete")
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("begin exclusive")
        writer.execute("update registered_models set description = 'new'")
        ending = Timer(0.5, lambda: writer.execute("commit"))
        ending.start()
        assert models(tmp_path)["prices"].description == "new"
        ending.join()


def test_a_locked_database_is_one_problem(tmp_path: Path) -> None:
    path = journal(tmp_path, "delete")
    write(tmp_path, {"loose/MLmodel": SIGNED})
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("begin exclusive")
        (found,) = problems(tmp_path)
    assert (found.rule, found.path) == ("database", "mlflow.db")
    assert found.message == "cannot be read: another program has locked it"


def test_a_database_that_is_locked_while_it_is_loaded_stops_the_command(tmp_path: Path) -> None:
    path = journal(tmp_path, "delete")
    discovery = open_registry(str(tmp_path))
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("begin exclusive")
        with pytest.raises(SitegenError, match=r"mlflow\.db cannot be read: another program has locked it"):
            loaded(discovery)


# --- bad databases ---------------------------------------------------------------------------------------------


def test_a_database_of_something_else_is_one_note(tmp_path: Path) -> None:
    database(tmp_path / "notes.db", schema={"notes": "text"})
    write(tmp_path, {"loose/MLmodel": SIGNED, "Thumbs.db": b"\0" * 999, "empty.db": b""})
    assert [(found.rule, found.path) for found in problems(tmp_path)] == [
        ("database-foreign", "Thumbs.db"),
        ("database-foreign", "empty.db"),
        ("database-foreign", "notes.db"),
    ]


@pytest.mark.parametrize("share", [0.003, 0.1, 0.5, 0.9])
def test_a_truncated_database_is_one_problem_and_the_rest_is_built(tmp_path: Path, share: float) -> None:
    path = database(tmp_path / "mlflow.db", *PRICES)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    write(tmp_path, {"loose/MLmodel": SIGNED})
    assert [found.rule for found in problems(tmp_path)] == ["database"]
    assert list(models(tmp_path)) == ["loose"]


def test_a_database_that_is_damaged_anywhere_raises_nothing(tmp_path: Path) -> None:
    whole = database(tmp_path / "mlflow.db", *PRICES, logged()).read_bytes()
    write(tmp_path, {f"mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    noticed = []
    for place in range(100, len(whole), 997):
        damaged = whole[:place] + bytes([whole[place] ^ 255, 255, 0, 127]) + whole[place + 4 :]
        (tmp_path / "mlflow.db").write_bytes(damaged)
        found = [problem.rule for problem in problems(tmp_path)]
        assert found in ([], ["database"], ["database-foreign"])
        noticed += found
        assert models(tmp_path)
    assert "database" in noticed


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"other.txt": "text"}, "other.txt has no tables of MLflow's; name the folder of a registry, or a database"),
        ({"other.txt": b"SQLite format 3\0" + b"\1" * 4000}, "other.txt cannot be read: it is damaged"),
    ],
)
def test_a_registry_that_is_a_file_must_be_a_database(tmp_path: Path, files: dict[str, str], sentence: str) -> None:
    write(tmp_path, files)
    done = sitegen("check", tmp_path / "other.txt")
    assert (done.code, done.err) == (2, f"sitegen: {sentence}\n")


def test_a_folder_with_nothing_but_a_damaged_database_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"mlflow.db": b"SQLite format 3\0" + b"\1" * 4000})
    with pytest.raises(SitegenError, match=r"; mlflow\.db cannot be read: it is damaged$"):
        open_registry(str(tmp_path))


def test_a_view_is_not_asked(tmp_path: Path) -> None:
    path = database(tmp_path / "mlflow.db", *PRICES)
    change(path, "drop table tags")
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select x run_uuid, x key, x value from n"
    change(path, f"create view tags as {endless}")
    assert only(tmp_path).tags == ()


def test_a_question_ends_after_so_many_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database(tmp_path / "mlflow.db", *PRICES, *(registered(f"model {number}") for number in range(300)))
    write(tmp_path, {"loose/MLmodel": SIGNED})
    monkeypatch.setattr("sitegen.sources.database.sqlite.MAX_STEPS", 3_000)
    monkeypatch.setattr("sitegen.sources.database.sqlite._STRIDE", 1_000)
    (found,) = problems(tmp_path)
    assert "steps" in found.message


VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(st.characters(codec="utf-8")),
    st.binary(),
    st.sampled_from([RUN, MODEL, "prices", "default", f"models:/{MODEL}"]),
)
ANYTHING = st.fixed_dictionaries(
    {
        table: st.lists(st.fixed_dictionaries(dict.fromkeys(columns.split(), VALUES)), max_size=3)
        for table, columns in SCHEMAS["3.17"].items()
    }
)


@given(rows=ANYTHING)
def test_no_value_in_any_column_raises(tmp_path_factory: pytest.TempPathFactory, rows: Any) -> None:
    root = tmp_path_factory.mktemp("anything")
    database(root / "mlflow.db", *PRICES, logged(), rows)
    write(root, {f"mlruns/1/{RUN}/artifacts/model/MLmodel": SIGNED})
    assert not problems(root)
    assert all(model_json(model, "slug", map(version_json, model.versions)) for model in models(root).values())


def test_text_that_is_no_utf_8_is_shown_as_far_as_it_is(tmp_path: Path) -> None:
    path = database(tmp_path / "mlflow.db", *PRICES)
    change(path, "update registered_models set description = cast(x'6166c3ff7a' as text)")
    assert models(tmp_path)["prices"].description == "af\ufffd\ufffdz"


def test_a_metric_that_is_no_number_is_a_problem_and_left_out(tmp_path: Path) -> None:
    path = database(tmp_path / "mlflow.db", *PRICES)
    fill(path, {"latest_metrics": [{"run_uuid": RUN, "key": "note", "value": "good"}]})
    found = only(tmp_path)
    assert values(found) == {"rmse": 2.5}
    assert ("metric-value", "'note' is no number") in [(one.rule, one.message) for one in found.problems]
