"""A disk that is full: one sentence, no half file, and the next build completes the rest."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import sites
from tests.support.options import untried
from tests.support.registries import SIGNED, Files, layout, write


def mounted(place: Path, size: str) -> bool:
    """Whether a file system of so many bytes could be put at a place."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    return shutil.which("mount") is not None and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system."""
    place = tmp_path / "disk"
    place.mkdir()
    if not mounted(place, "4m"):
        untried("mount a file system")
        pytest.skip("no file system could be mounted")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def grow(disk: Path) -> None:
    """Room for everything."""
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)


def fill(disk: Path, left: int) -> None:
    """Leave so many bytes."""
    room = os.statvfs(disk)
    (disk / "filler").write_bytes(b"\0" * (room.f_bavail * room.f_bsize - left))


def wide(value: float) -> Files:
    """Forty versions."""
    found: Files = {}
    for number in range(40):
        found |= layout("churn", str(number + 1), metrics_json=f'{{"auc": {value + number / 1000}}}')
    return found


def test_a_clean_build_leaves_what_was_there(disk: Path, tmp_path: Path) -> None:
    """The new folder is taken away again."""
    registry = write(tmp_path / "registry", wide(0.1))
    site = sites.built(registry, disk / "site", "--cache", str(sites.warm(tmp_path / "cache")))
    before = sites.contents(site)
    write(registry, wide(0.2))
    fill(disk, 300_000)
    done = sites.sitegen("build", registry, "--output", site, "--cache", sites.warm(tmp_path / "other"))
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "No space left on device" in done.err
    assert sites.contents(site) == before
    assert sorted(path.name for path in disk.iterdir()) == ["filler", "site"]
    grow(disk)
    assert sites.contents(sites.built(registry, site)) == sites.contents(sites.built(registry, tmp_path / "clean"))


def test_an_incremental_build_leaves_whole_files(disk: Path, tmp_path: Path) -> None:
    """Each is the old one or the new one; the state on the full disk is lost, and costs time alone."""
    registry = write(tmp_path / "registry", wide(0.1))
    flags = ("--cache", str(sites.warm(disk / "cache")))
    site = sites.built(registry, disk / "site", *flags)
    before = sites.contents(site)
    write(registry, wide(0.2) | {"new/1/MLmodel": SIGNED})
    after = sites.contents(sites.built(registry, tmp_path / "clean"))
    fill(disk, 12_000)
    done = sites.sitegen("build", registry, "--output", site, *flags)
    assert (done.code, done.err.count("\n")) == (2, 1)
    found = sites.contents(site)
    assert [path for path, data in found.items() if data not in (before.get(path), after.get(path))] == []
    assert before.keys() <= found.keys()
    grow(disk)
    assert sites.contents(sites.built(registry, site, *flags)) == after
