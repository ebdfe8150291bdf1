"""Where a site may be written, what stays in its folder, and that nothing outside of it is touched."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sitegen.build.packing import dump
from sitegen.build.state import ModelRow, State
from sitegen.core.errors import SitegenError
from sitegen.settings.keep import Keep, parse_keep
from sitegen.site.charts.scripts import chart_scripts
from sitegen.storage.lock import LOCK_FILE, lock_output
from sitegen.storage.manifest import measure_output
from sitegen.storage.move import move
from sitegen.storage.object_store.output import RemoteOutput
from sitegen.storage.output import FolderOutput
from sitegen.storage.site_paths import leads_out
from tests.process.test_full_disk import mounted
from tests.site.test_publish import NOBODY
from tests.support import buckets, sites
from tests.support.options import untried
from tests.support.registries import SIGNED, auc, every_layout, layout, write


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A registry of every layout."""
    return write(tmp_path / "registry", every_layout())


def expected(registry: Path, tmp_path: Path) -> dict[str, bytes]:
    """The site that a build in an ordinary new folder makes."""
    shutil.rmtree(tmp_path / "ordinary", ignore_errors=True)
    return site_in(sites.built(registry, tmp_path / "ordinary"))


def site_in(folder: Path) -> dict[str, bytes]:
    """What is published in a folder."""
    return {path: data for path, data in sites.contents(folder).items() if path != LOCK_FILE}


# --- links -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("links", [1, 2], ids=["a link", "a link to a link"])
@pytest.mark.parametrize("filled", [False, True], ids=["empty", "with a site"])
def test_a_link_to_a_folder_is_followed(links: int, filled: bool, registry: Path, tmp_path: Path) -> None:
    """The folder gets the site, clean or incremental, and the links stay."""
    folder = tmp_path / "www/real"
    folder.mkdir(parents=True)
    if filled:
        sites.built(registry, folder)
        write(registry, {"churn/8/MLmodel": SIGNED})
    place = tmp_path / "site0"
    place.symlink_to("www/real")
    for number in range(1, links):
        place = tmp_path / f"site{number}"
        place.symlink_to(f"site{number - 1}")
    for version in (5, 6):
        write(registry, {f"churn/{version}/MLmodel": SIGNED})
        sites.built(registry, place)
        assert place.is_symlink()
        assert sites.contents(folder) == expected(registry, tmp_path)
    sites.built(registry, place, "--cache", str(sites.warm(tmp_path / "other")))
    assert sites.contents(folder) == expected(registry, tmp_path)
    assert [path.name for path in folder.parent.iterdir()] == ["real"]


def test_a_link_to_nothing_is_one_sentence(registry: Path, tmp_path: Path) -> None:
    """Nobody knows whether the folder is to be made, or is on a volume that is not mounted."""
    place = tmp_path / "site"
    place.symlink_to(tmp_path / "www")
    done = sites.sitegen("build", registry, "--output", place)
    message = f"sitegen: {place} is a link to {tmp_path / 'www'}, which is not there; make that folder first\n"
    assert (done.code, done.err) == (2, message)
    assert not (tmp_path / "www").exists()


def test_links_in_a_circle_are_one_sentence(registry: Path, tmp_path: Path) -> None:
    """Exit 2."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    done = sites.sitegen("build", registry, "--output", tmp_path / "a")
    assert (done.code, done.err.count("\n")) == (2, 1)


@pytest.mark.parametrize("folder", ["models", "models/churn", "models/churn/3", "assets", "api"])
@pytest.mark.parametrize("known", [True, False], ids=["incremental", "clean"])
@pytest.mark.parametrize("stays", [True, False], ids=["in place", "swapped"])
def test_a_link_in_place_of_a_folder_of_the_site_is_not_followed(
    folder: str, known: bool, stays: bool, registry: Path, tmp_path: Path
) -> None:
    """Nothing is written or deleted where it leads to."""
    cache = ("--cache", str(sites.warm(tmp_path / "cache")))
    site = sites.built(registry, tmp_path / "site", *cache)
    shutil.copytree(site / folder, tmp_path / "precious")
    write(tmp_path / "precious", {"mine.txt": "mine"})
    shutil.rmtree(site / folder)
    (site / folder).symlink_to(tmp_path / "precious")
    if stays:
        (site / "CNAME").write_text("example.org")
    before = sites.contents(tmp_path / "precious")
    shutil.rmtree(registry / "churn/2")
    write(registry, {"churn/3/metrics.json": auc(0.9), "churn/9/MLmodel": SIGNED})
    flags = cache if known else ("--cache", str(sites.warm(tmp_path / "other")))
    done = sites.sitegen("build", registry, "--output", site, *flags)
    assert sites.contents(tmp_path / "precious") == before
    assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert "which sitegen did not write" in done.err


# --- mount points, and folders that may not be written ---------------------------------------------------------


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    place = tmp_path / "volume"
    place.mkdir()
    if not mounted(place, "32m"):
        untried("mount a file system")
        pytest.skip("no file system could be mounted")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def bound(tmp_path: Path) -> Iterator[Path]:
    """A folder that is another one: no file system of its own, so that only the system's refusal tells."""
    place, other = tmp_path / "bound", tmp_path / "other folder"
    place.mkdir()
    other.mkdir()
    if subprocess.run(["mount", "--bind", str(other), str(place)], capture_output=True).returncode:
        untried("mount a folder")
        pytest.skip("no folder could be mounted")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("kind", ["volume", "bound"])
def test_a_mount_point(kind: str, registry: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Clean, incremental, and clean over a site."""
    place: Path = request.getfixturevalue(kind)
    for flags in ((), (), ("--cache", str(sites.warm(tmp_path / "cache")))):
        sites.built(registry, place, *flags)
        assert sites.contents(place) == expected(registry, tmp_path)
        write(registry, {f"churn/{len(flags)}{number}/MLmodel": SIGNED for number in (5, 6)})
        shutil.rmtree(registry / "loose", ignore_errors=True)


def test_a_file_whose_bytes_stay_is_left_alone_in_place(volume: Path, registry: Path, tmp_path: Path) -> None:
    """Also where the build knows nothing of the site: mirrors go by times."""
    sites.built(registry, volume)
    before = sites.stamps(volume)
    sites.built(registry, volume, "--cache", str(sites.warm(tmp_path / "cache")))
    after = sites.stamps(volume)
    assert {path for path in before if (volume / path).is_file() and before[path] != after[path]} == set()


def test_a_full_volume_keeps_its_site(volume: Path, registry: Path, tmp_path: Path) -> None:
    """Written in place or not, a build that finds no room leaves every file as it was."""
    sites.built(registry, volume)
    write(registry, {path: text for n in range(60) for path, text in layout(f"new-{n}", "1").items()})
    (volume / "CNAME").write_bytes(b"")
    before = sites.contents(volume)
    for flags in ((), ("--cache", str(sites.warm(tmp_path / "cache")))):
        room = os.statvfs(volume)
        (volume / "CNAME").write_bytes(b"\0" * (room.f_bavail * room.f_bsize - 100_000))
        done = sites.sitegen("build", registry, "--output", volume, *flags)
        (volume / "CNAME").write_bytes(b"")
        assert (done.code, done.err) == (2, f"sitegen: {volume}: No space left on device\n")
        assert sites.contents(volume) == before
    sites.built(registry, volume)
    assert site_in(volume) == expected(registry, tmp_path) | {"CNAME": b""}


def as_nobody(registry: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """A build by a user who may write only what belongs to them."""
    for folder in (registry, *registry.parents):
        if len(folder.parts) > 2:
            folder.chmod(0o755)
    command = [
        sites.SITEGEN[0],
        "-c",
        f"import encodings.unicode_escape\n{NOBODY}",
        "build",
        str(registry),
        "--output",
        str(site),
    ]
    cache = registry.parent / "cache"
    sites.warm(cache)
    chart_scripts()  # made here: the modules that make them may lie where the other user reads nothing
    shutil.copytree(Path(os.environ["XDG_CACHE_HOME"]), cache / "user", dirs_exist_ok=True)
    for path in (cache, *cache.rglob("*")):
        os.chown(path, 65534, 65534)
    command += ["--cache", str(cache)]
    theirs = os.environ | {"XDG_CACHE_HOME": str(cache / "user")}
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=theirs)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nobody may write but in its `site`."""
    if os.geteuid():
        untried("be another user")
        pytest.skip("only root can be another user")
    place = tmp_path / "closed"
    (place / "site").mkdir(parents=True)
    os.chown(place / "site", 65534, 65534)
    place.chmod(0o555)
    yield place
    place.chmod(0o755)


def test_a_folder_whose_parent_may_not_be_written(closed: Path, registry: Path, tmp_path: Path) -> None:
    """Written in place, clean and incremental."""
    for _ in range(2):
        done = as_nobody(registry, closed / "site")
        assert done.returncode == 0, done.stdout
        assert sites.contents(closed / "site") == expected(registry, tmp_path)
        assert os.listdir(closed) == ["site"]
        write(registry, {"churn/7/MLmodel": SIGNED, "churn/8/MLmodel": SIGNED})


def test_a_folder_that_may_only_be_read(closed: Path, registry: Path) -> None:
    """One sentence that names it."""
    (closed / "site").chmod(0o555)
    done = as_nobody(registry, closed / "site")
    message = f"sitegen: {closed / 'site'} cannot be written: Permission denied; choose another --output\n"
    assert (done.returncode, done.stdout) == (2, message)


# --- what is not sitegen's -------------------------------------------------------------------------------------

STAYS = {
    ".git/config": "git",
    ".nojekyll": "",
    "CNAME": "example.org",
    "pr-1/index.html": "a preview",
    "pr-22/deep/down.txt": "x",
    "docs/a/b/notes.txt": "y",
}


@pytest.mark.parametrize("where", ["folder", "memory"])
def test_files_that_stay_are_neither_listed_nor_touched(where: str, tmp_path: Path) -> None:
    """In a clean build, an incremental one, and a clean one over a site; all others are refused."""
    registry = write(tmp_path / "registry", every_layout())
    config = tmp_path / "sitegen.toml"
    config.write_text('[publish]\nkeep = ["pr-*/", "docs/**/notes.txt"]\n')
    place = str(tmp_path / "site") if where == "folder" else "memory://stays"
    contents = (lambda: sites.contents(Path(place))) if where == "folder" else (lambda: buckets.contents(place))
    if where == "folder":
        write(Path(place), STAYS)
        before = sites.stamps(Path(place))
    else:
        buckets.put({path: text.encode() for path, text in STAYS.items()}, place)
    cache = str(sites.warm(tmp_path / "cache"))
    for number, flags in enumerate((cache, cache, str(sites.warm(tmp_path / "other")))):
        done = sites.sitegen("build", registry, "--output", place, "--config", config, "--cache", flags)
        assert done.code == 0, done.err
        stay = {path: text.encode() for path, text in STAYS.items()}
        assert contents() == expected_with(config, registry, tmp_path) | stay
        assert b"pr-1" not in contents()["sitegen-manifest.txt"]
        write(registry, {f"churn/{number + 4}/MLmodel": SIGNED, f"churn/1{number}/MLmodel": SIGNED})
        shutil.rmtree(registry / "other", ignore_errors=True)
    if where == "folder":
        after = sites.stamps(Path(place))
        assert {path: after[path] for path in STAYS} == {path: before[path] for path in STAYS}


def expected_with(config: Path, registry: Path, tmp_path: Path) -> dict[str, bytes]:
    """The site in an ordinary folder."""
    shutil.rmtree(tmp_path / "ordinary", ignore_errors=True)
    return sites.contents(sites.built(registry, tmp_path / "ordinary", "--config", str(config)))


COVERED = {
    ("pr-*/", "pr-1/index.html"): True,
    ("pr-*/", "pr-1"): False,
    ("pr-*", "pr-1"): True,
    ("pr-*", "a/pr-1"): False,
    ("**/pr-*", "a/b/pr-1/x"): True,
    ("./docs", "docs/x"): True,
    ("docs/[ab].txt", "docs/a.txt"): True,
    ("docs/[!ab].txt", "docs/a.txt"): False,
    ("*", "models/x/index.html"): False,
    ("*", "x"): True,
    ("*", "sitegen-manifest.txt"): False,
    ("x", ".git/objects/aa"): True,
    ("x", ".gitignore"): False,
    ("x", "a/.git/config"): False,
    ("pr-*/", ".pr-1.sitegen-new-0123456789abcdef/index.html"): True,
    ("pr-*/", ".qr-1.sitegen-new-0123456789abcdef/index.html"): False,
    ("*", ".models.sitegen-new-0123456789abcdef/index.html"): False,
}


@pytest.mark.parametrize(("case", "stays"), COVERED.items())
def test_what_a_glob_covers(case: tuple[str, str], stays: bool) -> None:
    """Relative to the output, and never a file of the site."""
    assert Keep((case[0],)).covers(case[1]) is stays


@pytest.mark.parametrize(
    "glob", ["", "/", "/abs", "../x", "a/../b", "a\\b", "models/x", "index.html", "assets/", "a//b"]
)
def test_a_glob_that_leads_elsewhere_is_one_sentence(glob: str) -> None:
    """Out of the output, or into the site."""
    with pytest.raises(SitegenError, match=r"publish\.keep"):
        parse_keep((glob,), "sitegen.toml")


# --- nothing outside -------------------------------------------------------------------------------------------

OUTSIDE = (
    "../victim.txt",
    "a/../../victim.txt",
    "models/../../victim.txt",
    "..\\victim.txt",
    "models\\..\\..\\victim.txt",
    "nul\0byte",
    "",
    ".",
    "..",
    "a//b",
    "a/./b",
    "a/",
    "C:victim.txt",
    "C:/victim.txt",
    "/etc/hostname",
)


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out_of_an_output(path: str, tmp_path: Path) -> None:
    """Neither in a folder nor in an object store, to write, read, look or delete."""
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    site = tmp_path / "site"
    site.mkdir()
    url = "memory://outside/site"
    buckets.put({"victim.txt": b"precious"}, "memory://outside")
    assert leads_out(path)
    remote = RemoteOutput(url)
    for output in (FolderOutput(str(site)), remote):
        with pytest.raises(SitegenError):
            output.write(path, b"x")
        assert output.read(path) is None
        assert output.sizes([path]) is None
    remote.delete([path, str(victim)])
    (tmp_path / "staging").mkdir()
    move(str(tmp_path / "staging"), str(site), Keep(), [path, str(victim)])
    assert victim.read_text() == "precious"
    assert buckets.contents("memory://outside") == {"victim.txt": b"precious"}
    assert list(site.iterdir()) == []


@pytest.mark.parametrize("path", [path for path in OUTSIDE if "\0" not in path])
def test_a_cache_of_somebody_else_deletes_nothing_outside(path: str, tmp_path: Path) -> None:
    """Its list of pages has paths out of the site, of models that are gone and of one that changes."""
    registry = write(tmp_path / "registry", layout("m", "1") | layout("gone", "1") | layout("stays", "1"))
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    sites.update(registry, tmp_path / "site")
    cache = Path(os.environ["XDG_CACHE_HOME"], "sitegen")
    with State(cache, str(registry), str(tmp_path / "site")) as state:
        for name in state.stamps():
            pages = state.pages(name) | {path: (b"x", "0" * 64)}
            state.save_models([ModelRow(name, dump(pages, name), (), ())])
        state.set_header(extras=(state.header("extras") or {}) | {path: (b"x", "0" * 64)})
    shutil.rmtree(registry / "gone")
    write(registry, {"m/1/metrics.json": auc(0.7)})
    sites.update(registry, tmp_path / "site")
    assert victim.read_text() == "precious"
    assert Path("/etc/hostname").exists()
    assert sites.contents(tmp_path / "site") == expected(registry, tmp_path)


# --- leftovers and locks ---------------------------------------------------------------------------------------


def test_what_killed_builds_left_is_taken_away(registry: Path, tmp_path: Path) -> None:
    """In the output and beside it, and nothing that only looks alike."""
    site = sites.built(registry, tmp_path / "site")
    precious = write(tmp_path / "precious", {"a.txt": "mine"})
    write(site / ".sitegen-0123456789abcdef", {"models/x/index.html": "x"})
    write(tmp_path / ".site.sitegen-new-0123456789abcdef", {"index.html": "x"})
    write(site, {".sitegen-4711-index.html": "x"})
    (site / ".sitegen-fedcba9876543210").symlink_to(precious)
    (tmp_path / ".site.sitegen-new").symlink_to(precious)
    write(tmp_path, {".site.sitegen-newer/a.txt": "mine", ".other.sitegen-new/a.txt": "mine"})
    sites.built(registry, site)
    assert sites.contents(site) == expected(registry, tmp_path)
    assert (precious / "a.txt").read_text() == "mine"
    left = {path.name for path in tmp_path.iterdir() if path.name.startswith(".")}
    assert left == {".site.sitegen-newer", ".other.sitegen-new"}


def test_a_link_that_waits_under_the_name_of_a_temporary_file_is_not_followed(tmp_path: Path) -> None:
    """A file is made anew: nothing of that name may be there."""
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/a.txt").symlink_to(victim)
    FolderOutput(str(tmp_path / "site")).write("a.txt", b"x")
    assert victim.read_text() == "precious"
    assert not (tmp_path / "site/a.txt").is_symlink()


def test_a_folder_that_cannot_be_locked_has_a_file_that_is(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows and on some network file systems; the site is written in place, and the file is no part of it."""
    real = pytest.importorskip("fcntl")
    site, flock = tmp_path / "site", real.flock

    def refused(handle: int, operation: int) -> None:
        """No lock for a folder."""
        if os.path.isdir(f"/proc/self/fd/{handle}"):
            raise OSError(9, "Bad file descriptor")
        flock(handle, operation)

    monkeypatch.setattr(real, "flock", refused)
    for number in range(2):
        sites.built(registry, site)
        assert site_in(site) == expected(registry, tmp_path)
        write(registry, {f"churn/{number + 6}/MLmodel": SIGNED})
    with lock_output(str(site)):
        done = sites.sitegen("build", registry, "--output", site)
        assert (done.code, done.err) == (2, f"sitegen: another build is writing to {site}\n")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.unlink() or path.mkdir(),
    "a link": lambda path: path.unlink() or path.symlink_to("data.js"),
    "gone": Path.unlink,
    "cut off": lambda path: os.truncate(path, 100),
    "cut off by a byte": lambda path: os.truncate(path, path.stat().st_size - 1),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b" "),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("stays", [True, False], ids=["in place", "swapped"])
def test_a_file_of_the_site_that_is_none_any_more_is_written_again(
    damage: Callable[[Path], object], stays: bool, registry: Path, tmp_path: Path
) -> None:
    """Whatever took its place."""
    site = sites.built(registry, tmp_path / "site")
    if stays:
        (site / ".nojekyll").touch()
    whole = measure_output(str(site))
    damage(site / "models/churn/index.html")
    assert measure_output(str(site)) != whole
    sites.built(registry, site)
    assert sites.contents(site) == expected(registry, tmp_path) | ({".nojekyll": b""} if stays else {})
