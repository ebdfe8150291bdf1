"""A source that cannot be read now is not a source that holds nothing: the site of the last build stays as it is."""

import json
import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from sitegen.domain.diagnostic import Diagnostic
from sitegen.registry import Registry
from sitegen.registry import read as sitegen_read
from sitegen.serve.live_listing import LiveListing
from sitegen.settings import settings
from sitegen.sources.discovery import open_registry
from sitegen.storage.lock import lock_output
from tests.support import previews
from tests.support.confined import confined
from tests.support.databases import MODEL, PRICES, RUN, change, database, fill, logged, registered, version
from tests.support.registries import SIGNED, Files, layout, write
from tests.support.registries import experiment as experiment_files
from tests.support.registries import registered as registered_files
from tests.support.registries import run as run_files
from tests.support.sites import READING, Outcome, catalog, contents, sitegen

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"
STORE = (*PRICES, logged(), registered("rents", {"champion": 1}), version("rents"))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits long for a lock."""
    monkeypatch.setattr("sitegen.sources.database.sqlite.PATIENCE", 0.2)


def registry(root: Path, place: str = "store/mlflow.db") -> Path:
    """A database with models, and beside it a model that is in no store. Returns the database."""
    write(root, layout("churn", "1"))
    return database(root / place, *STORE)


def build(root: Path, site: Path, *flags: str) -> Outcome:
    """A build of a registry."""
    return sitegen("build", root, "--output", site, *flags)


def names(site: Path) -> set[str]:
    """The models of a site."""
    return {model["name"] for model in catalog(site)["models"]}


def rewrite(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """A damage that writes other bytes."""
    return lambda path: path.write_bytes(change(path.read_bytes())) and None


def drop(table: str) -> Callable[[Path], None]:
    """A damage that takes a table away."""
    return lambda path: change(path, f"drop table {table}")


def rename(table: str, column: str) -> Callable[[Path], None]:
    """A damage that calls a column something else."""
    return lambda path: change(path, f"alter table {table} rename column {column} to other")


def unnamed(path: Path) -> None:
    """A damage that leaves no valid name to a column."""
    data = path.read_bytes()
    assert b"creation_time" in data
    path.write_bytes(data.replace(b"registered_models (name", b"registered_models (\xff\xfe\xffe"))


def linked(path: Path) -> None:
    """A damage that leaves a link to nothing, as git-annex does."""
    path.unlink()
    path.symlink_to("gone")


def piped(path: Path) -> None:
    """A damage that leaves something that is no ordinary file."""
    path.unlink()
    os.mkfifo(path)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty": rewrite(lambda _: b""),
    "a pointer": rewrite(lambda _: POINTER.encode()),
    "text": rewrite(lambda _: b"hello\n"),
    "half": rewrite(lambda data: data[: len(data) // 2]),
    "its beginning": rewrite(lambda data: data[:50]),
    "another header": rewrite(lambda data: b"X" + data[1:]),
    "no pages": rewrite(lambda data: data[:100] + b"\xff" * (len(data) - 100)),
    "no table of models": drop("registered_models"),
    "no table of aliases": drop("registered_model_aliases"),
    "no table of runs": drop("runs"),
    "no column": rename("registered_models", "name"),
    "no name of a column": unnamed,
    "a link to nothing": linked,
    "a pipe": piped,
}


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program that writes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("begin exclusive")
        yield
        writer.execute("rollback")


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_database_that_was_readable_keeps_its_pages(damage: Callable[[Path], None], tmp_path: Path) -> None:
    """The build says which file it is, in one line, and the next build after a repair goes on."""
    path = registry(tmp_path / "registry")
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    before, whole = contents(tmp_path / "site"), path.read_bytes()
    damage(path)
    write(tmp_path / "registry", layout("new", "1"))
    done = build(tmp_path / "registry", tmp_path / "site")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done.err
    assert "store/mlflow.db" in done.err
    assert "Traceback" not in done.err
    assert contents(tmp_path / "site") == before
    path.unlink()
    path.write_bytes(whole)
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    assert names(tmp_path / "site") >= {"prices", "rents", "churn", "new"}


@pytest.mark.parametrize("damage", sorted(set(DAMAGES) - {"no table of aliases", "a link to nothing"}))
def test_a_database_that_was_never_readable_is_an_error_beside_the_rest(damage: str, tmp_path: Path) -> None:
    """Nothing tells that a table of aliases was there; a link is a note, whatever it is called."""
    DAMAGES[damage](registry(tmp_path / "registry"))
    for number in range(2):
        done = build(tmp_path / "registry", tmp_path / "site")
        assert (done.code, names(tmp_path / "site")) == (0, {"churn"}), (number, done.err)
        assert "; 1 error," in done.err
    assert build(tmp_path / "registry", tmp_path / "site", "--strict").code == 1
    checked = sitegen("check", tmp_path / "registry", *READING)
    assert checked.code == 1
    assert "store/mlflow.db: error[" in checked.out


def test_a_pointer_says_what_to_do(tmp_path: Path) -> None:
    """Whatever the database is called."""
    write(tmp_path / "registry", layout("churn", "1") | {"tracking.sqlite": POINTER})
    done = sitegen("check", tmp_path / "registry", *READING)
    assert "tracking.sqlite: error[lfs-pointer]" in done.out
    assert "run `git lfs pull` before the build" in done.out
    named = sitegen("check", tmp_path / "registry/tracking.sqlite", *READING)
    assert named.code == 2
    assert "git lfs pull" in named.err


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_database_that_is_the_registry_must_be_readable(damage: Callable[[Path], None], tmp_path: Path) -> None:
    """Also where nothing was built before; only lost aliases cannot be told from none."""
    path = registry(tmp_path / "registry", "mlflow.db")
    damage(path)
    for command in (("build", "--output", tmp_path / "site"), ("check", *READING)):
        done = sitegen(command[0], path, *command[1:])
        if damage is DAMAGES["no table of aliases"]:
            assert done.code == 0 or command[0] == "check"
        else:
            assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("place", ["registry", "registry/store/mlflow.db"])
def test_a_lock_keeps_the_site(place: str, tmp_path: Path) -> None:
    path = registry(tmp_path / "registry")
    assert build(tmp_path / place, tmp_path / "site").code == 0
    before = contents(tmp_path / "site")
    with locked(path):
        done = build(tmp_path / place, tmp_path / "site")
        assert (done.code, contents(tmp_path / "site")) == (2, before)
        assert "another program has locked it" in done.err
    assert build(tmp_path / place, tmp_path / "site").code == 0


def test_a_site_of_which_nothing_is_known_loses_no_model_to_a_lock(tmp_path: Path) -> None:
    """The cache may be lost, as in CI."""
    path = registry(tmp_path / "registry")
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    before = contents(tmp_path / "site")
    with locked(path):
        done = build(tmp_path / "registry", tmp_path / "site", "--cache", str(tmp_path / "cache"))
    assert (done.code, contents(tmp_path / "site")) == (2, before)


def test_a_lock_in_the_middle_of_a_build_publishes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All answers of a database come before the first page that is written in place."""
    path = registry(tmp_path / "registry")
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    before = contents(tmp_path / "site")
    change(path, "update registered_models set description = 'new'")
    monkeypatch.setattr("sitegen.build.model_stage.BATCH", 1)
    with locked_at(path, monkeypatch, number=2):
        done = build(tmp_path / "registry", tmp_path / "site")
    assert (done.code, contents(tmp_path / "site")) == (2, before), done.err
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    assert {model["description"] for model in catalog(tmp_path / "site")["models"]} >= {"new"}


@contextmanager
def locked_at(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[None]:
    """A writer that comes when a database is asked for the facts of a registered model for the so-manieth time."""
    from sitegen.sources.database import store as module

    ask, asked = module.model_rows, iter(range(1, 100))
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:

        def late(*arguments: object) -> object:
            if next(asked) == number:
                writer.execute("begin exclusive")
            return ask(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(module, "model_rows", late)
        yield
        monkeypatch.setattr(module, "model_rows", ask)
        writer.execute("rollback")


# --- folders ---------------------------------------------------------------------------------------------------


def mlruns(root: Path) -> Path:
    """A file store beside a folder with a model."""
    files = layout("churn", "1") | experiment_files("1", "exp") | run_files("1", RUN)
    return write(root, files | registered_files("prices", {"run_id": RUN, "source": f"runs:/{RUN}/model"}))


@pytest.mark.parametrize("folder", ["mlruns", "mlruns/models", "mlruns/1", "churn", "churn/1"])
def test_a_folder_that_cannot_be_listed_keeps_its_pages(folder: str, tmp_path: Path) -> None:
    mlruns(tmp_path / "registry")
    assert confined(tmp_path, "build", "registry", "--output", tmp_path / "site").code == 0
    before = contents(tmp_path / "site")
    (tmp_path / "registry" / folder).chmod(0)
    try:
        done = confined(tmp_path, "build", "registry", "--output", tmp_path / "site")
    finally:
        (tmp_path / "registry" / folder).chmod(0o755)
    assert (done.code, contents(tmp_path / "site")) == (2, before), done.err
    assert f"sitegen: {folder}: the folder cannot be listed" in done.err


def test_an_empty_folder_in_place_of_a_store_is_a_lost_disk(tmp_path: Path) -> None:
    mlruns(tmp_path / "registry")
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    before = contents(tmp_path / "site")
    shutil.rmtree(tmp_path / "registry/mlruns")
    (tmp_path / "registry/mlruns").mkdir()
    done = build(tmp_path / "registry", tmp_path / "site")
    assert (done.code, contents(tmp_path / "site")) == (2, before)
    assert build(tmp_path / "registry", tmp_path / "site", "--allow-empty").code == 0
    assert names(tmp_path / "site") == {"churn"}


def test_a_disk_that_is_lost_while_it_is_read_keeps_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All was listed, and then nothing is there."""
    mlruns(tmp_path / "registry")
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    before = contents(tmp_path / "site")
    folder = tmp_path / "registry"
    monkeypatch.setattr("sitegen.cli.building.lock_output", lambda root: _lost(folder, lock_output(root)))
    done = build(tmp_path / "registry", tmp_path / "site", "--cache", str(tmp_path / "cache"))
    assert (done.code, contents(tmp_path / "site")) == (2, before), done.err


@contextmanager
def _lost(folder: Path, held: AbstractContextManager[None]) -> Iterator[None]:
    """A lock on an output, after which the registry's folder is empty."""
    with held:
        shutil.rmtree(folder)
        folder.mkdir()
        yield


def test_a_registry_without_models_empties_a_site_only_when_allowed(tmp_path: Path) -> None:
    """A recognised registry without models is fine where there is no site yet."""
    write(tmp_path / "empty", experiment_files("0", "Default"))
    mlruns(tmp_path / "registry")
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    before = contents(tmp_path / "site")
    done = build(tmp_path / "empty", tmp_path / "site")
    assert (done.code, contents(tmp_path / "site")) == (2, before)
    assert "--allow-empty" in done.err
    assert build(tmp_path / "empty", tmp_path / "site", "--allow-empty").code == 0
    assert build(tmp_path / "empty", tmp_path / "site").code == 0
    assert build(tmp_path / "empty", tmp_path / "new").code == 0


def test_a_folder_in_which_nothing_is_recognised_says_what_was_looked_for(tmp_path: Path) -> None:
    write(tmp_path / "registry", {"README.md": "text"})
    done = build(tmp_path / "registry", tmp_path / "site")
    assert done.code == 2
    assert "an MLmodel file, an MLflow file store (mlruns/) or an MLflow database" in done.err


# --- meta.yaml -------------------------------------------------------------------------------------------------

META = {
    "the model": "mlruns/models/prices/meta.yaml",
    "the version": "mlruns/models/prices/version-12/meta.yaml",
    "the experiment": "mlruns/1/meta.yaml",
    "the run": f"mlruns/1/{RUN}/meta.yaml",
    "the logged model": f"mlruns/1/models/{MODEL}/meta.yaml",
}


def store(root: Path) -> Path:
    """A file store with one model, its version 12, an alias and tags, as MLflow writes them."""
    source = {"version": "12", "run_id": RUN, "source": f"runs:/{RUN}/model"}
    logged = f"experiment_id: '1'\nmodel_id: {MODEL}\nname: other\nsource_run_id: {RUN}\nstatus: 2\n"
    files = experiment_files("1", "exp") | run_files("1", RUN) | registered_files("prices", source)
    files |= {META["the logged model"]: logged, "mlruns/models/prices/aliases/champion": "12"}
    files |= {"mlruns/models/prices/tags/team": "pricing", "mlruns/models/prices/version-12/tags/kind": "linear"}
    return write(root, files)


@pytest.mark.parametrize("name", META)
def test_a_file_that_is_empty_or_cut_off_anywhere_hides_nothing(name: str, tmp_path: Path) -> None:
    """The model, its version, its alias and what lies beside the file stay, under the names of their folders."""
    path = store(tmp_path) / META[name]
    whole = path.read_text()
    for length in range(len(whole)):
        path.write_text(whole[:length])
        found = sitegen_read(tmp_path)
        model = found.get_registered_model("prices")
        assert [one.name for one in model.versions] == ["12"], length
        assert model.aliases == (("champion", "12"),)
        assert (model.tags, model.versions[0].tags) == ((("team", "pricing"),), (("kind", "linear"),))
        severities = {problem.severity for problem in everything(found)}
        assert "error" in severities or length > whole.rindex(":"), (length, whole[:length])


def everything(found: Registry) -> Iterator[Diagnostic]:
    """All problems of a registry."""
    yield from found.problems
    for model in found.models:
        yield from model.problems
        for one in model.versions:
            yield from one.problems


def test_an_empty_file_of_a_registered_model_is_one_error(tmp_path: Path) -> None:
    (store(tmp_path / "registry") / META["the model"]).write_text("")
    assert build(tmp_path / "registry", tmp_path / "site", "--strict").code == 1
    assert sitegen("check", tmp_path / "registry", *READING).out.count("error[meta-incomplete]") == 1
    assert "prices" in names(tmp_path / "site")


@pytest.mark.parametrize("text", ["package:\n  name: tool\n", "{% set version = 1 %}\npackage:\n  name: tool\n"])
def test_a_file_of_another_program_is_no_model(text: str, tmp_path: Path) -> None:
    """conda's recipes are called meta.yaml, too."""
    write(store(tmp_path), {"mlruns/models/tool/meta.yaml": text, "recipe/meta.yaml": text})
    assert {model.name for model in sitegen_read(tmp_path).models} == {"prices", "exp/other"}


# --- folders that are left out ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("globs", "left"),
    [
        (["old"], {"a", "b"}),
        (["old/"], {"a", "b"}),
        (["old/**"], {"a", "b"}),
        (["**/b"], {"a", "c"}),
        (["*/b"], {"a", "b", "c"}),
        (["deep/*/b"], {"a", "c"}),
        (["deep/**/b", "ol?"], {"a"}),
        (["[no]ld"], {"a", "b"}),
        (["[!o]ld"], {"a", "b", "c"}),
        (["o.d", "b", ""], {"a", "b", "c"}),
    ],
)
def test_folders_that_the_settings_exclude_are_not_there(globs: list[str], left: set[str], tmp_path: Path) -> None:
    root = write(tmp_path, layout("a", "1") | layout("deep/er/b", "1") | layout("old/c", "1"))
    assert {ref.name for ref in open_registry(str(root), settings=settings.Registry(exclude=globs)).models} == left
    inventory = LiveListing(str(root))
    inventory.walk()
    assert {ref.name for ref in inventory.discovery(globs).models} == left
    assert len(inventory.discovery().models) == 3


def test_a_store_that_is_excluded_is_no_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In build and check; and when it is not excluded any more, it is there again."""
    monkeypatch.chdir(tmp_path)
    path = registry(tmp_path / "registry")
    whole = path.read_bytes()
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    path.write_bytes(b"")
    (tmp_path / "sitegen.toml").write_text('[registry]\nexclude = ["store"]\n')
    assert build(tmp_path / "registry", tmp_path / "site", "--strict").code == 0
    assert names(tmp_path / "site") == {"churn"}
    assert sitegen("check", tmp_path / "registry").code == 0
    path.write_bytes(whole)
    (tmp_path / "sitegen.toml").write_text("")
    assert build(tmp_path / "registry", tmp_path / "site").code == 0
    assert names(tmp_path / "site") >= {"churn", "prices", "rents"}


# --- a folder of artifacts beside its database -----------------------------------------------------------------


@pytest.mark.parametrize("folder", ["mlruns", "mlartifacts"])
def test_the_database_beside_artifacts_is_read(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow's layout since 3.7; one line says so."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {f"{folder}/1/models/{MODEL}/artifacts/MLmodel": SIGNED, "aaa.db": b""})
    database(tmp_path / "mlflow.db", *STORE)
    said = f"sitegen: {folder} holds artifacts only; reading mlflow.db beside it\n"
    done = build(Path(folder), tmp_path / "site")
    assert (done.code, done.err.startswith(said)) == (0, True)
    beside = contents(tmp_path / "site")
    assert names(tmp_path / "site") == {"prices", "rents", "houses/model"}
    assert sitegen("check", folder, *READING).err == said
    assert build(Path("mlflow.db"), tmp_path / "named").code == 0
    assert contents(tmp_path / "named") == beside
    inventory = LiveListing(folder)
    inventory.walk()
    assert (inventory.root, len(inventory.discovery().models)) == (str(tmp_path), 3)
    assert f"sitegen: {inventory.note}\n" == said


def test_an_empty_folder_of_artifacts_counts_as_one(tmp_path: Path) -> None:
    (tmp_path / "mlruns").mkdir()
    database(tmp_path / "mlflow.db", *STORE)
    assert len(open_registry(str(tmp_path / "mlruns")).models) == 3


def test_a_database_beside_artifacts_that_cannot_be_read_stops_the_command(tmp_path: Path) -> None:
    """As if it had been named."""
    write(tmp_path, {f"mlruns/1/models/{MODEL}/artifacts/MLmodel": SIGNED, "mlflow.db": POINTER})
    done = sitegen("check", tmp_path / "mlruns", *READING)
    assert done.code == 2
    assert "git lfs pull" in done.err


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (layout("churn", "1"), "a directory layout"),
        (experiment_files("1", "exp", store="."), "a file store"),
        ({f"1/{RUN}/artifacts/model/MLmodel": SIGNED, "loose/MLmodel": SIGNED}, "a loose model"),
    ],
)
def test_a_folder_that_is_a_registry_itself_is_read_alone(files: Files, kind: str, tmp_path: Path) -> None:
    write(tmp_path / "mlruns", files)
    database(tmp_path / "mlflow.db", *STORE)
    assert "prices" not in {ref.name for ref in open_registry(str(tmp_path / "mlruns")).models}, kind


def test_a_database_of_another_program_beside_artifacts_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {f"mlruns/1/models/{MODEL}/artifacts/MLmodel": SIGNED})
    database(tmp_path / "notes.db", schema={"notes": "text"})
    assert open_registry(str(tmp_path / "mlruns")).note == ""


# --- the preview -----------------------------------------------------------------------------------------------


def problem(server: previews.Preview) -> str:
    """What a page is told that keeps the preview from showing a newer site."""
    with (
        closing(socket.create_connection((server.host, server.port), timeout=previews.PATIENCE)) as client,
        client.makefile("rb") as events,
    ):
        client.sendall(b"GET /~sitegen/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        data = next(line for line in events if line.startswith(b"data: "))
        return json.loads(data.removeprefix(b"data: "))["problem"] or ""


def test_a_preview_keeps_its_pages_while_a_database_is_locked(tmp_path: Path) -> None:
    """It says why, and goes on by itself when the lock ends: no file changes then."""
    path = registry(tmp_path / "registry")
    with previews.preview(tmp_path / "registry", cwd=tmp_path) as server:
        previews.built(server)
        with locked(path):
            write(tmp_path / "registry", layout("new", "1"))
            previews.waited(lambda: "another program has locked it" in problem(server))
            assert server.shows("/models/prices/", b"prices")
            assert server.ask("/models/new/").status == 404
        previews.waited(lambda: server.ask("/models/new/").status == 200)
        assert server.shows("/models/prices/", b"prices")
        code, said = server.end()
    assert code == 0
    assert said.count("another program has locked it") == 1


def test_a_preview_keeps_its_pages_while_a_disk_is_lost(tmp_path: Path) -> None:
    """An emptied file, a pointer, an empty folder."""
    path = registry(tmp_path / "registry")
    whole = path.read_bytes()
    with previews.preview(tmp_path / "registry", cwd=tmp_path) as server:
        previews.built(server)
        for damage in (b"", POINTER.encode(), whole[:1000]):
            path.write_bytes(damage)
            previews.waited(lambda: "mlflow.db" in problem(server))
            assert server.shows("/models/prices/", b"prices")
            path.write_bytes(whole)
            previews.waited(lambda: not problem(server))
        server.end()


def test_a_preview_of_artifacts_watches_the_database_beside_them(tmp_path: Path) -> None:
    write(tmp_path, {f"mlruns/1/models/{MODEL}/artifacts/MLmodel": SIGNED})
    path = database(tmp_path / "mlflow.db", *STORE)
    with previews.preview(tmp_path / "mlruns", cwd=tmp_path) as server:
        previews.built(server)
        assert server.shows("/models/prices/", b"prices")
        fill(path, registered("boats"), version("boats"))
        previews.waited(lambda: server.ask("/models/boats/").status == 200)
        _, said = server.end()
    assert said.count("mlruns holds artifacts only; reading mlflow.db beside it") == 1
