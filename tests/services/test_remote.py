"""Registries and sites in object stores: the same bytes, as little as a change takes, whole files at every moment."""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sitegen
from sitegen.core.errors import SitegenError
from sitegen.sources.discovery import open_registry
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from sitegen.storage.extras import install_hint
from sitegen.storage.listing import File
from sitegen.storage.location import is_remote, normalize, strip_credentials
from sitegen.storage.lock import lock_output
from sitegen.storage.object_store import lock
from sitegen.storage.object_store.listing import UNKNOWN, stamp
from sitegen.storage.object_store.tree import RemoteTree, open_tree
from sitegen.storage.tree import UnreadableError
from tests.support import buckets, sites
from tests.support.buckets import bucket, contents, put, upload
from tests.support.databases import PRICES, database
from tests.support.options import LONG, ROOT
from tests.support.previews import waited
from tests.support.registries import NAMES, SIGNED, every_layout, layout, mlmodel, write


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[str]:
    """An object store for the tests of this module."""
    with buckets.served() as address:
        yield address


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A registry of every layout in a folder."""
    return write(tmp_path / "registry", every_layout())


@pytest.fixture
def far(registry: Path) -> str:
    """The same registry in a bucket."""
    return upload(registry, f"{bucket()}/some/registry")


def near(registry: Path) -> dict[str, bytes]:
    """The site that a build from a folder into a new folder makes."""
    site = registry.with_name("near")
    shutil.rmtree(site, ignore_errors=True)
    return sites.contents(sites.built(registry, site))


def build(registry: str, output: str, *flags: str) -> str:
    """Build without a word of complaint; what was said."""
    done = sites.sitegen("build", registry, "--output", output, *flags)
    assert (done.code, done.out, done.err.count("\n")) == (0, "", 1), done.err
    return done.err


def forget() -> None:
    """Have the next build know nothing of those before."""
    for state in Path(os.environ["XDG_CACHE_HOME"], "sitegen").glob("*.db"):
        state.unlink()


# --- the same bytes --------------------------------------------------------------------------------------------


def test_the_sample_has_the_same_bytes_from_a_bucket_into_a_bucket(sample: Path) -> None:
    """And nothing but the site is there: no lock, no second names."""
    place = bucket()
    build(upload(ROOT / "sample_registry", f"{place}/registry"), f"{place}/site")
    assert contents(f"{place}/site") == sites.contents(sample)


@pytest.mark.parametrize("flags", [(), ("--jobs", "2")], ids=["in this process", "in two"])
def test_where_things_lie_does_not_matter(flags: tuple[str, ...], registry: Path, far: str, tmp_path: Path) -> None:
    """From a bucket into a folder, from a folder into a bucket, whose root may be the site."""
    expected, place = near(registry), bucket()
    build(far, str(tmp_path / "site"), *flags)
    build(str(registry), f"{place}/", *flags)
    assert sites.contents(tmp_path / "site") == expected
    assert contents(place) == expected


def test_the_memory_of_a_process_is_a_place(registry: Path) -> None:
    """For programs that use sitegen; its workers would not see it."""
    upload(registry, "memory://registry")
    build("memory://registry", "memory://site", "--jobs", "2")
    assert contents("memory://site") == near(registry)
    assert sitegen.read("memory://registry") == sitegen.read(str(registry))


def test_a_file_url_is_a_path(registry: Path, tmp_path: Path) -> None:
    """With what a folder has: links that are not followed, a site that is swapped in."""
    (registry / "leak").symlink_to(tmp_path)
    build(registry.as_uri(), (tmp_path / "a site").as_uri())
    assert sites.contents(tmp_path / "a site") == near(registry)
    assert normalize("file:///a%20b") == normalize("file://localhost/a%20b") == "/a b"


def test_commands_and_python_read_buckets(registry: Path, far: str) -> None:
    """Check says the same, read reads the same."""
    assert sites.sitegen("check", far) == sites.sitegen("check", registry)
    assert sitegen.read(far) == sitegen.read(str(registry))


def test_browsers_are_told_what_files_are(far: str) -> None:
    """A page without a type is downloaded, not shown."""
    place = bucket()
    build(far, place)
    files, root = buckets.files_of(place)
    types = {path.rpartition(".")[2]: files.info(path)["ContentType"] for path in files.find(root)}
    assert types == {
        "html": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
        "json": "application/json",
        "xml": "application/atom+xml; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
    }


# --- as little as a change takes -------------------------------------------------------------------------------


def test_a_build_without_a_change_writes_nothing(far: str) -> None:
    """No file is put again, even with the same bytes."""
    place = bucket()
    build(far, place)
    before = buckets.marks(place)
    assert "(0 files written)" in build(far, place)
    assert buckets.marks(place) == before


def metric(registry: Path) -> None:
    """A metric changes."""
    write(registry, {"churn/3/metrics.json": '{"auc": 0.99}'})


def version(registry: Path) -> None:
    """A version comes."""
    write(registry, {"other/2/MLmodel": mlmodel()})


def goes(registry: Path) -> None:
    """A model and a version go."""
    shutil.rmtree(registry / "loose")
    shutil.rmtree(registry / "churn/2")


@pytest.mark.parametrize("edit", [metric, version, goes])
@pytest.mark.parametrize("forgotten", [False, True], ids=["incremental", "clean, in place"])
def test_a_site_is_brought_up_to_date(edit: Callable[[Path], None], forgotten: bool, registry: Path, far: str) -> None:
    """What changed is written, what is gone is deleted; without the state of the last build all is written anew."""
    place = bucket()
    build(far, place)
    before = buckets.marks(place)
    time.sleep(1)  # a bucket tells times by the second
    edit(registry)
    files, root = buckets.files_of(far)
    for path in set(contents(far)) - set(sites.contents(registry)):
        files.rm_file(f"{root}/{path}")
    upload(registry, far)  # all times are new: the content counts
    if forgotten:
        forget()
    build(far, place)
    expected, after = near(registry), buckets.marks(place)
    assert contents(place) == expected
    same = {path for path in before.keys() & after.keys() if before[path] == after[path]}
    assert ("models/price/index.html" in same) is not forgotten
    assert "(0 files written)" in build(far, place)


STAMPS = (
    ({"ETag": '"a"', "LastModified": datetime(2026, 1, 1, tzinfo=UTC)}, {"ETag": '"a"'}, True),
    ({"ETag": '"a"'}, {"ETag": '"b"'}, False),
    ({"generation": "1", "etag": "x"}, {"generation": "2", "etag": "x"}, False),
    ({"created": 5.0}, {"created": 5.0}, True),
    ({"created": 5.0}, {"created": 6.0}, False),
    ({"mtime": 5}, {"last_modified": datetime.fromtimestamp(5, UTC)}, True),
)


@pytest.mark.parametrize(("one", "other", "same"), STAMPS)
def test_a_stamp_is_what_the_store_knows_of_the_content(one: dict, other: dict, same: bool) -> None:
    """Else of the time. A hash is far from all times of builds, so that it is not taken for one within its moment."""
    assert (stamp(one) == stamp(other)) is same
    assert stamp(one) < 1_000_000_000 * 10**9


def test_a_file_of_which_nothing_is_known_is_always_read() -> None:
    """Its stamp is later than every build."""
    assert stamp({"size": 3}) == stamp({"ETag": None, "mtime": 0}) == UNKNOWN > time.time_ns()


def test_files_travel_many_at_a_time(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would wait for an answer of its own: of thousands that is minutes."""
    store, asked = type(buckets.files_of("memory://")[0]), {"cat_ranges": 0, "pipe": 0}

    def counted(name: str) -> Callable[..., object]:
        real = getattr(store, name)

        def call(*arguments: object, **options: object) -> object:
            asked[name] += 1
            return real(*arguments, **options)

        return call

    write(registry, {path: text for n in range(150) for path, text in layout("many", str(n), tags_json="{}").items()})
    upload(registry, "memory://many")
    for name in asked:
        monkeypatch.setattr(store, name, counted(name))
    build("memory://many", "memory://many-site")
    assert len(contents("memory://many-site")) > 150
    assert 0 < asked["cat_ranges"] <= 20
    assert 0 < asked["pipe"] <= 40


# --- foreign files, other builds -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["notes.txt", "models/churn/notes.html", "sub/"])
@pytest.mark.parametrize("built", [False, True], ids=["in an empty place", "in a site"])
def test_foreign_files_are_refused_and_stay(path: str, built: bool, far: str) -> None:
    """One sentence; only the empty object of a folder, which consoles make, is no file."""
    place = f"{bucket()}/site"
    if built:
        build(far, place)
        forget()
    files, root = buckets.files_of(place)
    files.pipe_file(f"{root}/{path}", b"" if path.endswith("/") else b"mine")
    before = contents(place)
    done = sites.sitegen("build", far, "--output", place)
    if path.endswith("/"):
        assert done.code == 0
        return
    advice = "choose another --output" + ("" if path.startswith("models/") else ", or list it in [publish] keep")
    assert done.err == f"sitegen: {place} holds {path}, which sitegen did not write; {advice}\n"
    assert (done.code, contents(place)) == (2, before)


def test_the_registry_is_no_output(far: str) -> None:
    """Its files are foreign."""
    before = contents(far)
    assert sites.sitegen("build", far, "--output", far).code == 2
    assert contents(far) == before


def test_a_site_inside_of_the_registry_is_no_part_of_it(registry: Path, far: str) -> None:
    """Nor are its neighbours whose names only begin alike."""
    put(contents(far), f"{far}-other")
    build(far, f"{far}/site")
    build(far, f"{far}/another")
    assert contents(f"{far}/site") == contents(f"{far}/another") == near(registry)


def test_one_build_at_a_time(far: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that came first is not disturbed, and afterwards the place is free."""
    monkeypatch.setattr(lock, "BEAT", 0.1)
    place = bucket()
    with lock_output(place):
        done = sites.sitegen("build", far, "--output", place)
        assert (done.code, done.err) == (2, f"sitegen: another build is writing to {place}\n")
        assert list(contents(place)) == ["sitegen-lock.txt"]
    build(far, place)
    assert "sitegen-lock.txt" not in contents(place)


def test_a_build_that_lost_its_lock_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that slept so long that another build took it for dead."""
    monkeypatch.setattr(lock, "BEAT", 60.0)
    monkeypatch.setattr(lock, "PATIENCE", 0.2)
    place = bucket()
    with pytest.raises(SitegenError, match="another build has begun"), lock_output(place), lock_output(place):
        pass


# --- killed at any moment --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(60 if LONG else 3))
def test_a_killed_build_leaves_old_files_or_new_ones(
    seed: int, registry: Path, far: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole ones, and no link that leads nowhere; the next build waits until the lock is stale, and completes.

    New pages that link to each other may be there without these links, and in a first build the pages about all models.
    """
    place = bucket()
    old: dict[str, bytes] = {}
    if seed:
        build(far, place)
        old = contents(place)
    write(registry, {f"churn/{number}/metrics.json": '{"auc": 0.5}' for number in range(1, 30)})
    write(registry, {f"churn/{number}/MLmodel": SIGNED for number in range(4, 30)})
    upload(registry, far)
    new = near(registry)
    if seed % 2:
        forget()
    command = [*sites.SITEGEN, "build", far, "--output", place]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and len(buckets.marks(place)) < len(old) + 8:
            time.sleep(0.02)
        time.sleep(random.Random(seed).uniform(0, 0.2))
        process.kill()
    found = snapshot(place)
    found.pop("sitegen-lock.txt", None)
    unknown = {path for path, data in found.items() if data not in (old.get(path), new.get(path))}
    linked = {path for path in new.keys() - old.keys() if path.endswith(".html")}
    first = {"feed.xml", "api/catalog.json"} if not seed else set()
    assert unknown <= {"sitegen-manifest.txt"} | linked | first
    assert (old.keys() & new.keys()) <= found.keys()
    assert sites.lost_files(write(tmp_path / "found", found)) == []
    monkeypatch.setattr(lock, "PATIENCE", 0.5)
    build(far, place)
    assert contents(place) == new


def snapshot(url: str) -> dict[str, bytes]:
    """All files behind a URL. One may go while they are read: a store may still do what a dead build asked of it."""
    found: dict[str, bytes] = {}

    def look() -> bool:
        """Whether all that is listed is there."""
        with suppress(FileNotFoundError):
            found.update(contents(url))
            return True
        return False

    waited(look)
    return found


# --- hostile names, and what cannot be read --------------------------------------------------------------------


def test_names_that_folders_have_too_make_the_same_site(tmp_path: Path) -> None:
    """Line ends, markup, wildcards: whatever a folder can be called."""
    for name in NAMES:
        write(tmp_path / "registry", layout(name, "1") | {f"{name}/1/{name}": "x"})
    upload(tmp_path / "registry", "memory://hostile")
    build("memory://hostile", "memory://hostile-site")
    assert contents("memory://hostile-site") == near(tmp_path / "registry")


IMPOSSIBLE = ("../out/1/MLmodel", "a/../b/1/MLmodel", "x//1/MLmodel", "./1/MLmodel", "y/./MLmodel", "/z/1/MLmodel")


def test_names_that_no_folder_has_are_problems(registry: Path, far: str) -> None:
    """And nothing is read or written by them."""
    put(dict.fromkeys(IMPOSSIBLE, SIGNED.encode()), far)
    discovery = open_registry(far)
    assert [one.rule for one in discovery.problems] == ["unreadable"] * len(IMPOSSIBLE)
    assert {one.path for one in discovery.problems} == set(IMPOSSIBLE)
    assert discovery.models == open_registry(far).models
    assert [ref.name for ref in discovery.models] == [ref.name for ref in open_registry(str(registry)).models]


def test_what_is_no_part_of_a_folder_is_none_of_a_bucket(registry: Path, far: str) -> None:
    """Version control, environments, deleted runs, and the empty objects that stand for folders."""
    hidden = (".git/x/1/MLmodel", ".trash/x/1/MLmodel", ".venv/x/1/MLmodel", "a/node_modules/x/1/MLmodel")
    write(registry, dict.fromkeys(hidden, SIGNED))
    put(dict.fromkeys(hidden, SIGNED.encode()) | {"empty/": b"", "churn/": b""}, far)
    assert sitegen.read(far) == sitegen.read(str(registry))


def test_a_file_that_goes_while_it_is_read_is_a_problem_of_its_own(far: str) -> None:
    """All others are read, whatever wildcards are in a name."""
    put({"m/1/MLmodel": SIGNED.encode(), "m/1/[a-z]*": b"1", "m/1/a1": b"22"}, far)
    tree = RemoteTree(far)
    names = ("m/1/MLmodel", "gone", "m/1/[a-z]*", "churn/1/empty", "m/1/a1")
    listed = [File(name, 1 if name != "churn/1/empty" else 0, 1) for name in names]
    tree.ahead(listed)
    assert tree.read(listed[0], 10**6).data == SIGNED.encode()
    with pytest.raises(UnreadableError, match="not there any more"):
        tree.read(listed[1], 10)
    assert [tree.read(one, 10).data for one in listed[2:]] == [b"1", b"", b"22"]
    assert tree.read(File("churn/2/empty", 0, 0), 10).data == b""


def test_large_files_are_not_fetched(far: str) -> None:
    """Their sizes are known all the same; as with folders, files up to 16 MiB are hashed and up to the limit kept."""
    tree = RemoteTree(far)
    put({"big": b"x" * 5}, far)
    assert tree.read(File("big", 2**40, 1), 10) == (None, None)
    assert tree.read(File("big", 5, 1), 4).data is None
    assert tree.read(File("big", 5, 1), 4).sha256


# --- databases -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["", "/mlflow.db"], ids=["the folder", "the file"])
def test_a_database_is_copied_and_read(named: str, tmp_path: Path) -> None:
    """With what a writer has left beside it; every worker has a copy of its own."""
    root = tmp_path / "registry"
    database(root / "mlflow.db", *PRICES)
    write(root, layout("beside", "1"))
    place = bucket()
    upload(root, f"{place}/registry")
    build(f"{place}/registry{named}", f"{place}/site", "--jobs", "2")
    assert contents(f"{place}/site") == near(root)
    with closing(sqlite3.connect(root / "mlflow.db")) as connection:
        connection.execute("update registered_models set description = 'another'")
        connection.commit()
    upload(root, f"{place}/registry")
    build(f"{place}/registry{named}", f"{place}/site")
    assert contents(f"{place}/site") == near(root)
    assert b"another" in contents(f"{place}/site")["api/catalog.json"]


def test_a_database_that_is_too_large_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is built."""
    monkeypatch.setattr("sitegen.storage.object_store.local_copy.MAX_COPY_BYTES", 1000)
    database(tmp_path / "mlflow.db", *PRICES)
    write(tmp_path, layout("beside", "1"))
    found = sitegen.read(upload(tmp_path, bucket()))
    assert [model.name for model in found.models] == ["beside"]
    assert "more than the 1,000 that are copied" in found.problems[0].message


# --- one sentence ----------------------------------------------------------------------------------------------

SENTENCES = (
    (("check", "s3://no-such-bucket/x"), "s3://no-such-bucket/x does not exist"),
    (("check", "nonsense://x/y"), "nonsense:// is no storage that fsspec knows"),
    (("check", "oss://x/y"), "oss:// needs a package that is not installed: Install ossfs to access"),
    (("check", "ftp://me:hunter2@127.0.0.1:1/x"), "ftp://[redacted]@127.0.0.1:1/x: "),
    (("check", "ftp://me:hun/ter2@127.0.0.1:1/x"), "ftp://[redacted]@127.0.0.1:1/x is no address: write / as %2F"),
    (("check", "ftp://me:hun?ter2@127.0.0.1:1/x"), "ftp://[redacted]@127.0.0.1:1/x is no address: write / as %2F"),
    (("compare", "ftp://me:hun/ter2@h/x", "."), "ftp://[redacted]@h/x does not exist"),
    (("compare", "https://me:hunter2@h/x", "."), "https://[redacted]@h/x does not exist"),
    (("build", ".", "--output", "ftp://me:hun/ter2@h/x"), "ftp://[redacted]@h/x is no place for a site: use a folder"),
    (("build", ".", "--output", "ftp://me:hunter2@h/x"), "ftp://[redacted]@h/x is no place for a site: use a folder"),
    (("build", ".", "--output", "s3://no-such-bucket/x"), "s3://no-such-bucket/x does not exist"),
    (("build", ".", "--output", "http://me:hunter2@h/x"), "http://[redacted]@h/x is no place for a site: use a folder"),
    (("build", ".", "--output", "sqlite:///site.db"), "sqlite:///site.db is no place for a site: use a folder"),
    (("build", "nowhere", "--output", "HTTPS://h/x"), "HTTPS://h/x is no place for a site: use a folder"),
)


@pytest.mark.parametrize(("command", "sentence"), SENTENCES)
def test_what_cannot_be_reached_is_one_sentence(
    command: tuple[str, ...], sentence: str, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, no traceback, no password on the screen, and no folder that is called like a URL."""
    monkeypatch.chdir(registry)
    before = sorted(os.listdir())
    done = sites.sitegen(*command)
    assert sorted(os.listdir()) == before
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"sitegen: {sentence}")
    assert not re.search("hun|ter2", done.err)


@pytest.mark.parametrize(("missing", "extra"), [("s3fs", "s3"), ("fsspec.core", "s3")])
def test_a_missing_package_is_named(missing: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it."""
    monkeypatch.setattr(sys.modules["fsspec.registry"], "registry", {})
    monkeypatch.setitem(sys.modules, missing, None)
    done = sites.sitegen("check", "s3://bucket/registry")
    assert done.err == f"sitegen: s3:// needs a package that is not installed: {install_hint(extra)}\n"
    assert done.code == 2


def test_storage_that_stops_answering_stops_the_command(registry: Path) -> None:
    """A site full of problems that the registry has not would be worse than the old one."""
    with buckets.served():
        discovery = open_registry(upload(registry, bucket()))
        source = discovery.source
    with pytest.raises(SitegenError, match=r"^s3://bucket-\S+: Could not connect"):
        load_model(source.stores, discovery.models[0], ParseCache(source.tree, {}, 0))


LOCATIONS = (
    ("s3://bucket/x", True, "s3://bucket/x"),
    ("mlruns", False, "mlruns"),
    ("C:/models", False, "C:/models"),
    ("sqlite:///mlflow.db", False, "sqlite:///mlflow.db"),
    ("sqlite:////models/a:b@c.db", False, "sqlite:////models/a:b@c.db"),
    ("https://me:secret@host", False, "https://[redacted]@host"),
    ("sftp://me:s/e@cret@host/x", True, "sftp://[redacted]@host/x"),
    ("sftp://me:se@cret@host/x", True, "sftp://[redacted]@host/x"),
    ("sftp://me:s?e#c@ret@host/x?y", True, "sftp://[redacted]@host/x?[redacted]"),
    ("abfs://container@account/x", True, "abfs://container@account/x"),
    ("s3://arn:aws:s3:eu-west-1:1:accesspoint/x", True, "s3://arn:aws:s3:eu-west-1:1:accesspoint/x"),
    ("abfs://container@account/x?sig=abc", True, "abfs://container@account/x?[redacted]"),
)


@pytest.mark.parametrize(("location", "remote", "printed"), LOCATIONS)
def test_locations_are_told_apart_and_printed_without_secrets(location: str, remote: bool, printed: str) -> None:
    """What fsspec opens, and what this machine or a server has."""
    assert is_remote(location) is remote
    assert strip_credentials(location) == printed


def test_a_tree_behind_a_file_is_its_folder(far: str) -> None:
    """And the file is what was meant."""
    tree, name = open_tree(f"{far}/loose/MLmodel")
    assert (tree.url, name) == (f"{far}/loose", "MLmodel")


def test_the_lock_beats_while_a_build_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """By that others see that it lives."""
    monkeypatch.setattr(lock, "BEAT", 0.05)
    place = bucket()
    with lock_output(place):
        first = contents(place)["sitegen-lock.txt"]
        waited(lambda: contents(place)["sitegen-lock.txt"] != first)
        assert [one.name for one in threading.enumerate() if "beat" in one.name]
    assert contents(place) == {}
