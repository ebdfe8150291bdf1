"""A cache that somebody else has written: nothing of it is run, followed, or leads a build out of its folders."""

import hashlib
import importlib
import io
import marshal
import os
import pickle
import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jinja2.bccache import bc_magic

from sitegen.build.packing import dump, load, seal
from sitegen.domain.diagnostic import Diagnostic
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.private_folder import is_private, private_folder, read_private, write_private
from sitegen.site.summary import Summary
from sitegen.site.theme import load_theme
from sitegen.sources.database.sqlite import Sqlite
from sitegen.sources.server.mirror import MirrorTree, MirrorWriter
from sitegen.storage.listing import is_inside
from sitegen.storage.tree import LocalTree
from tests.support.registries import SIGNED, write
from tests.support.sites import SITEGEN, contents, sitegen


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's cache of its own, with the scripts of charts that take long to make."""
    scripts = private_folder()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    chart_scripts_of(scripts)
    yield tmp_path / "home/sitegen"


def chart_scripts_of(known: Path | None) -> None:
    """Copies the scripts that another private folder has."""
    own = private_folder()
    assert own is not None
    for path in [*known.glob("*.js")] if known else []:
        (own / path.name).write_bytes(path.read_bytes())


def build(folder: Path, *flags: str) -> None:
    """A build of a small registry with a cache that may be shared."""
    write(folder / "registry", {"wine/1/MLmodel": SIGNED, "ale/1/MLmodel": SIGNED})
    build_again(folder, *flags)


def build_again(folder: Path, *flags: str) -> None:
    """A build of the registry as it is."""
    done = sitegen("build", folder / "registry", "--output", folder / "site", "--cache", folder / "shared", *flags)
    assert (done.code, done.err.count("\n")) == (0, 1), done.err


# --- code ----------------------------------------------------------------------------------------------------------


def test_no_code_lies_in_a_cache_that_is_shared(home: Path, tmp_path: Path) -> None:
    """Compiled templates and the scripts of charts lie in a folder of the user alone."""
    build(tmp_path)
    assert {path.suffix for path in (tmp_path / "shared").rglob("*") if path.is_file()} <= {".db"}
    assert (home / "private").stat().st_mode & 0o777 == 0o700
    assert len([*(home / "private").iterdir()]) > 5


def poisoned(compiled: Path, mark: Path) -> bytes:
    """A compiled template in whose place somebody has put code of his own, with the digest that makes it whole."""
    stream = io.BytesIO(compiled.read_bytes()[32 + len(bc_magic) :])
    checksum = pickle.load(stream)
    code = compile(f"open({str(mark)!r}, 'w').close()\n{SOURCE}", "evil", "exec")
    whole = bc_magic + pickle.dumps(checksum, 2) + marshal.dumps(code)
    return hashlib.sha256(load_theme("").edition + whole).digest() + whole


SOURCE = """
name = "evil"
blocks, debug_info = {}, ""
def root(context, *_):
    yield ""
"""


def test_code_in_a_cache_that_is_shared_is_not_run(home: Path, tmp_path: Path) -> None:
    """It is code that would run: in the folder of the user alone it does."""
    build(tmp_path)
    before = contents(tmp_path / "site")
    keys = [path for path in (home / "private").iterdir() if path.suffix != ".js"]
    evil = {path.name: poisoned(path, tmp_path / "ran") for path in keys}
    for folder in (tmp_path / "shared", tmp_path / "shared/templates", tmp_path / "shared/private"):
        folder.mkdir(exist_ok=True)
        for name, data in evil.items():
            (folder / name).write_bytes(data)
    command = [*SITEGEN, "build", str(tmp_path / "registry"), "--cache", str(tmp_path / "shared"), "--output"]
    subprocess.run([*command, str(tmp_path / "other")], check=True, capture_output=True)
    assert contents(tmp_path / "other") == before
    assert not (tmp_path / "ran").exists()
    for name, data in evil.items():
        (home / "private" / name).write_bytes(data)
    subprocess.run([*command, str(tmp_path / "third")], check=False, capture_output=True)
    assert (tmp_path / "ran").exists()


UNSAFE = {
    "others may write in it": lambda folder: folder.chmod(0o777),
    "a group may write in it": lambda folder: folder.chmod(0o770),
    "others may replace it": lambda folder: folder.parent.chmod(0o777),
    "it is a link": lambda folder: (folder.rename(folder.with_name("x")), folder.symlink_to(folder.with_name("x"))),
    "it is a file": lambda folder: (folder.rmdir(), folder.write_text("")),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_a_folder_that_others_may_change_is_not_used(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = private_folder()
    assert folder == cache_folder(None) / "private"
    assert is_private(folder)
    UNSAFE[case](folder)
    assert private_folder() is None
    assert not is_private(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_or_file_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = private_folder()
    assert folder is not None
    write_private(folder / "file", b"mine")
    assert read_private(folder / "file") == b"mine"
    os.chown(folder / "file", 12345, 12345)
    assert read_private(folder / "file") is None
    os.chown(folder, 12345, 12345)
    assert private_folder() is None


def test_a_build_without_a_private_folder_makes_its_code_anew(home: Path, tmp_path: Path) -> None:
    build(tmp_path)
    before = contents(tmp_path / "site")
    (home / "private").chmod(0o777)
    held = contents(home / "private")
    done = sitegen("build", tmp_path / "registry", "--output", tmp_path / "other", "--cache", tmp_path / "shared")
    assert done.code == 0
    assert contents(tmp_path / "other") == before
    assert contents(home / "private") == held


def test_a_link_in_the_private_folder_is_neither_read_nor_written_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = private_folder()
    assert folder is not None
    (tmp_path / "victim").write_bytes(b"precious")
    (folder / "link").symlink_to(tmp_path / "victim")
    assert read_private(folder / "link") is None
    write_private(folder / "link", b"new")
    assert ((tmp_path / "victim").read_bytes(), read_private(folder / "link")) == (b"precious", b"new")
    os.mkfifo(folder / "pipe")
    assert read_private(folder / "pipe") is None


# --- values --------------------------------------------------------------------------------------------------------

CALLS = {
    "a folder that is taken away": b"csitegen.storage.object_store.local_copy\nTemporaryDirectory\n(S'%s'\ntR.",
    "an output": b"csitegen.storage.output\nFolderOutput\n(S'%s'\ntR.",
    "the state of a build": b"csitegen.build.state\nState\n(S'%s'\nS'a'\nS'b'\ntR.",
    "a copy of a server": b"csitegen.sources.server.mirror\nMirrorWriter\n(S'%s'\nS'a'\ntR.",
    "a database": b"csitegen.sources.database.sqlite\nSqlite\n(S'%s'\nS'a'\ntR.",
    "an editor": b"csitegen.serve.edit_api\nEditor\n(S'%s'\ntR.",
    "a draft": b"csitegen.authoring.draft\nDraft\n(S'%s'\nS'a'\ntR.",
    "code of templates": b"csitegen.site.render\n_TemplateCache\n(S'%s'\nS'a'\ntR.",
    "a class of exceptions": b"csitegen.core.errors\nSitegenError\n(S'%s'\ntR.",
    "a function of a room of values": b"csitegen.domain.diagnostic\nproblem\n(S'%s'\nS'a'\nS'b'\ntR.",
}


@pytest.mark.parametrize("case", CALLS)
def test_only_values_are_built(case: str, tmp_path: Path) -> None:
    module, name = CALLS[case].decode()[1:].split("\n")[:2]
    assert hasattr(importlib.import_module(module), name)
    data = CALLS[case].replace(b"%s", str(tmp_path / "made").encode())
    assert load(seal(data, "wine"), "wine") is None
    assert not [*tmp_path.iterdir()]


OUTSIDE = [
    "../victim",
    "/etc/passwd",
    "a/../../victim",
    "a//b",
    "",
    ".",
    "..",
    "a/..",
    "c:/x",
    "a\\..\\b",
    "a\0b",
    7,
    None,
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_paths_that_lead_out_of_a_site_are_none(path: object) -> None:
    assert not is_inside(path)
    assert is_inside("models/wine/1/index.html")
    assert is_inside("models/a..b/v1.0/index.html")


def poison(folder: Path, table: str, column: str, where: str) -> None:
    """Put a path that leads out of the site into the pages, or the lines of the manifest, of a state."""
    (path,) = folder.glob("*.db")
    with closing(sqlite3.connect(path)) as database, database:
        rows = database.execute(f"select {where}, {column} from {table}").fetchall()
        for name, blob in rows:
            if column == "lines":
                data = seal(b"0" * 64 + b"  ../victim\n" + blob[16:], name)
            else:
                value = load(blob, name)
                if table == "header" and name not in ("extras", "indexes"):
                    continue
                page = {"../victim": (b"x", "0" * 64), "../../victim": (b"x", "0" * 64)}
                value = (value[0], value[1] | page) if name == "indexes" else value | page
                data = seal(pickle.dumps(value), name)
            database.execute(f"update {table} set {column} = ? where {where} = ?", (data, name))


POISONED = {
    "pages of a model": ("models", "pages", "identity"),
    "lines of the manifest": ("summaries", "lines", "identity"),
    "pages about all models": ("header", "value", "name"),
}


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("case", POISONED)
def test_paths_of_a_poisoned_state_lead_nowhere(case: str, tmp_path: Path) -> None:
    """Neither where nothing has changed, nor where a model is gone and its pages are deleted."""
    build(tmp_path)
    (tmp_path / "victim").write_text("precious")
    before = contents(tmp_path / "site")
    poison(tmp_path / "shared", *POISONED[case])
    build(tmp_path)
    assert contents(tmp_path / "site") == before
    poison(tmp_path / "shared", *POISONED[case])
    (tmp_path / "registry/ale/1/MLmodel").unlink()
    done = sitegen("build", tmp_path / "registry", "--output", tmp_path / "site", "--cache", tmp_path / "shared")
    assert done.code == 0
    assert (tmp_path / "victim").read_text() == "precious"
    assert "victim" not in (tmp_path / "site/sitegen-manifest.txt").read_text()


EVIL = "javascript:'\"><script>alert(1)</script>"


def with_markup(value: Any) -> Any:
    """A value of a state with markup in place of every text in it."""
    if isinstance(value, str):
        return EVIL
    if isinstance(value, Diagnostic):
        return replace(value, message=EVIL, path=EVIL, hint=EVIL)
    if isinstance(value, tuple):
        parts = map(with_markup, value)
        return value._make(parts) if hasattr(value, "_make") else tuple(parts)
    return value


def with_poison(_: str, summary: tuple[Any, ...]) -> tuple[Any, ...]:
    """A model's summary with markup in all texts but the ids of rules: a state with an unknown rule ends the build."""
    counts = Summary._fields.index("counts")
    return tuple(value if place == counts else with_markup(value) for place, value in enumerate(summary))


def edit_state(folder: Path, table: str, column: str, where: str, edit: Callable[[str, Any], Any]) -> None:
    """Change the values of one column of a state, and seal them again."""
    (path,) = folder.glob("*.db")
    with closing(sqlite3.connect(path)) as database, database:
        for name, blob in database.execute(f"select {where}, {column} from {table}").fetchall():
            data = dump(edit(name, load(blob, name)), name)
            database.execute(f"update {table} set {column} = ? where {where} = ?", (data, name))


@pytest.mark.usefixtures("home")
def test_markup_in_a_poisoned_state_is_text_on_every_page(tmp_path: Path) -> None:
    """The pages about all models are made of values that the state holds for each of them."""
    registry = tmp_path / "registry"
    for version in (1, 2):
        facts = {f"ale/{version}/metrics.json": f'{{"auc": 0.{version}}}', f"ale/{version}/tags.json": "[broken"}
        write(registry, facts | {"ale/model.yaml": "description: d\naliases: {a: 1}", f"ale/{version}/MLmodel": SIGNED})
    build(tmp_path)
    edit_state(tmp_path / "shared", "summaries", "summary", "identity", with_poison)
    write(registry, {"wine/1/tags.json": '{"a": "b"}'})
    build_again(tmp_path)
    pages = {path: data.decode() for path, data in contents(tmp_path / "site").items() if path[-4:] in ("html", ".xml")}
    assert not [path for path, text in pages.items() if "<script>alert" in text]
    assert not [path for path, text in pages.items() if re.search(r"(?:href|src)=[\"']?javascript:", text)]
    assert pages["index.html"].count("&lt;script&gt;alert(1)") > 6
    assert "&lt;script&gt;alert(1)" in pages["problems/index.html"]


@pytest.mark.usefixtures("home")
def test_a_poisoned_state_names_no_other_file_as_a_script(tmp_path: Path) -> None:
    """Not even one of the site: a published text runs where a page loads it."""
    build(tmp_path)
    victim = "models/ale/data.js"

    def edit(name: str, value: Any) -> Any:
        if name == "extras":
            return value | {victim: (b"x", "0" * 64)}
        return dict.fromkeys(value, victim) if name == "assets" else value

    edit_state(tmp_path / "shared", "header", "value", "name", edit)
    write(tmp_path / "registry", {"wine/1/tags.json": '{"a": "b"}'})
    build_again(tmp_path)
    assert f'src="{victim}"' not in (tmp_path / "site/index.html").read_text()
    assert "assets/site-" in (tmp_path / "site/index.html").read_text()


@pytest.mark.usefixtures("home")
def test_a_state_that_is_a_link_is_not_written_through(tmp_path: Path) -> None:
    build(tmp_path)
    (state,) = (tmp_path / "shared").glob("*.db")
    state.unlink()
    with closing(sqlite3.connect(tmp_path / "victim.db")) as database:
        database.execute("create table header (a)")
    before = (tmp_path / "victim.db").read_bytes()
    state.symlink_to(tmp_path / "victim.db")
    build(tmp_path)
    assert (tmp_path / "victim.db").read_bytes() == before
    assert not state.is_symlink()


def test_a_copy_of_a_server_names_no_files_elsewhere_and_follows_no_link(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "victim.db")) as database:
        database.execute("create table files (a)")
    before = (tmp_path / "victim.db").read_bytes()
    path = tmp_path / "servers/copy.db"
    path.parent.mkdir()
    path.symlink_to(tmp_path / "victim.db")
    rows = {
        "files": [(name, 1, 0, "0" * 64, b"x", None) for name in ("1/r/artifacts/MLmodel", "../x", "/etc/x", "a//x")]
    }
    with closing(MirrorWriter(path, "")) as copy:
        copy.put("files", b"", rows)
    assert (tmp_path / "victim.db").read_bytes() == before
    listing, _ = MirrorTree(Sqlite(LocalTree(str(path.parent)), path.name)).walk()
    assert [name for folder in listing.values() for name in folder.names] == ["MLmodel"]
