"""Folders and files that change places without a change of their stamps; what does not change is not parsed."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.build.request import Counts
from tests.campaigns.edits.sequences import KINDS, LOGGED, first_difference
from tests.support import sites
from tests.support.registries import SIGNED, experiment, write

ATTEMPTS = 2000


def swap(one: Path, other: Path) -> None:
    """Two folders or files change places."""
    between = one.with_name("between")
    one.rename(between)
    other.rename(one)
    between.rename(other)


def twins(root: Path, one: str, other: str) -> Path:
    """Two versions whose files differ in their bytes alone: names, sizes and times are equal.

    Files that are written within one tick of the clock of a file system share a time, as `git clone` leaves them. They
    are new at each attempt: some systems give a file that somebody has looked at a finer time.
    """
    for _ in range(ATTEMPTS):
        for place in (one, other):
            (root / place).mkdir(parents=True)
        written = {}
        for name, texts in (("MLmodel", (SIGNED, SIGNED)), ("metrics.json", ('{"auc": 0.1}', '{"auc": 0.2}'))):
            for place, text in zip((one, other), texts, strict=True):
                written[place, name] = root / place / name
                handle = os.open(written[place, name], os.O_CREAT | os.O_WRONLY)  # nothing looks before it writes
                os.write(handle, text.encode())
                os.close(handle)
        times = [path.stat().st_ctime_ns for path in written.values()]
        if times[0] == times[1] and times[2] == times[3]:
            return root
        shutil.rmtree(root)
    pytest.fail("no two files were written within one tick")


MOVES: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "versions": ("m/1", "m/2", lambda root: swap(root / "m/1", root / "m/2")),
    "models": ("a/1", "b/1", lambda root: swap(root / "a", root / "b")),
    "folders of models": ("x/m/1", "y/m/1", lambda root: swap(root / "x", root / "y")),
    "files": ("m/1", "m/2", lambda root: swap(root / "m/1/metrics.json", root / "m/2/metrics.json")),
    "a link": (
        "m/1",
        "parts/v-2",
        lambda root: (
            (root / "m/3/metrics.json").unlink()
            or (root / "m/3/metrics.json").symlink_to("../../parts/v-2/metrics.json")
        ),
    ),
}
"""Two folders of equal files, and a move after which pages must show other values."""


@pytest.mark.parametrize(("one", "other", "move"), MOVES.values(), ids=MOVES)
def test_what_changes_places_is_seen(one: str, other: str, move: Callable[[Path], object], tmp_path: Path) -> None:
    """The site is that of a clean build, and another than before."""
    registry, site = twins(tmp_path / "registry", one, other), tmp_path / "site"
    write(registry, {"m/3/MLmodel": SIGNED})
    (registry / "m/3/metrics.json").symlink_to(f"../../{one}/metrics.json")
    sites.update(registry, site)
    before = sites.contents(site)
    move(registry)
    sites.update(registry, site)
    sites.update(registry, tmp_path / "clean")
    assert sites.contents(site) == sites.contents(tmp_path / "clean") != before
    assert sites.update(registry, site).counts == Counts()


def test_a_link_to_a_registry_may_be_pointed_to_another(tmp_path: Path) -> None:
    """Whose files have the same names, sizes and times."""
    twins(tmp_path / "releases", "1/m/1", "2/m/1")
    current, site = tmp_path / "current", tmp_path / "site"
    for n in (1, 2):
        current.unlink(missing_ok=True)
        current.symlink_to(f"releases/{n}")
        sites.update(current, site)
        assert sites.api(site)["m"]["versions"][0]["metrics"] == {"auc": n / 10}


def test_problems_name_the_folder_where_things_lie_now(tmp_path: Path) -> None:
    """A moved or copied experiment: the facts are the same, and only the place of a problem is another."""
    stated = f"model_id: {LOGGED}\nname: tree\nexperiment_id: '1'\nstatus: 2\n"  # its files are not here
    files = experiment("1", "prices") | {f"mlruns/1/models/{LOGGED}/meta.yaml": stated}
    registry, site = write(tmp_path / "registry", files), tmp_path / "site"
    sites.update(registry, site)
    (registry / "mlruns/1").rename(registry / "mlruns/0")
    sites.update(registry, site)
    sites.update(registry, tmp_path / "clean")
    assert sites.contents(site) == sites.contents(tmp_path / "clean")
    paths = {one["path"] for model in sites.api(site).values() for v in model["versions"] for one in v["problems"]}
    assert any(path.startswith("mlruns/0/") for path in paths)
    assert not any(path.startswith("mlruns/1/") for path in paths)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_any_sequence_of_moves_ends_in_the_site_of_a_clean_build(kind: str, seed: int, tmp_path: Path) -> None:
    """A part of the campaign `python -m tests.campaigns.edits`."""
    assert first_difference(kind, seed, tmp_path) == ""


def test_a_file_that_many_names_share_is_one_file(tmp_path: Path) -> None:
    """What is written through one name of a hard link changes all versions that have it."""
    registry = write(tmp_path / "registry", {f"m/{number}/MLmodel": SIGNED for number in (1, 2)})
    (registry / "m/1/metrics.json").touch()
    os.link(registry / "m/1/metrics.json", registry / "m/2/metrics.json")
    for value in (0.1, 0.2):
        (registry / "m/1/metrics.json").write_text(f'{{"auc": {value}}}')
        sites.update(registry, tmp_path / "site")
        assert [one["metrics"] for one in sites.api(tmp_path / "site")["m"]["versions"]] == [{"auc": value}] * 2
