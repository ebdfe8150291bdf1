"""A disk that is lost in the middle of a build: one sentence, old pages stay, and the next build completes the rest."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.test_full_disk import mounted
from tests.support import sites
from tests.support.options import untried
from tests.support.registries import Files, layout, write

LOSING = """
import errno, os, sys
below, moment, command = sys.argv[1], int(sys.argv[2]), sys.argv[3]
from sitegen.cli.main import main
from sitegen.build.pipeline import load_stages
load_stages()
opened = 0

def watch(event, arguments):
    global opened
    if event != "open" or not str(arguments[0]).startswith(below + "/"):
        return
    opened += 1
    if opened == moment and command:
        os.system(command)
    if opened >= moment and not command:
        raise OSError(errno.EIO, os.strerror(errno.EIO), arguments[0])

sys.addaudithook(watch)
code = main(sys.argv[4:])
assert opened >= moment, f"the disk was to be lost at file {moment} of {opened}"
sys.exit(code)
"""
"""A build whose registry is lost when it opens its n-th file: by a command of the shell, else every file fails."""

MODELS = 6


def wide(value: float) -> Files:
    """Models with two versions."""
    found: Files = {}
    for number in range(MODELS):
        for version in ("1", "2"):
            found |= layout(f"team/model-{number}", version, metrics_json=f'{{"auc": {value + number / 1000}}}')
            found |= layout(f"model-{number}", version, metrics_json=f'{{"auc": {value + number / 1000}}}')
    return found


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Path]:
    """A registry with a disk of its own in a subfolder, where the system allows that."""
    root = tmp_path / "registry"
    (root / "team").mkdir(parents=True)
    there = mounted(root / "team", "16m")
    yield write(root, wide(0.1))
    for place in (root / "team", root.with_name("away") / "team") if there else ():  # a folder takes its disks along
        if place.is_mount():
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def lose(registry: Path, site: Path, moment: int, command: str, *flags: str) -> subprocess.CompletedProcess[str]:
    """Build, and lose the registry in the middle."""
    arguments = [str(registry), str(moment), command, "build", str(registry), "--output", str(site), *flags]
    return subprocess.run([sys.executable, "-c", LOSING, *arguments], capture_output=True, text=True, timeout=120)


def losses(registry: Path) -> dict[str, tuple[str, str, str]]:
    """Ways to lose a registry: the command, how to bring it back, and what is said."""
    team, away = registry / "team", registry.with_name("away")
    keep = f"mkdir {away} && cp -a {team}/. {away}"
    back = f"mount -t tmpfs -o size=16m tmpfs {team} && cp -a {away}/. {team}"
    return {
        "the folder is gone": (f"mv {registry} {away}", f"mv {away} {registry}", "vanished while it was read"),
        "a disk in it is unmounted": (f"{keep} && umount --lazy {team}", back, "vanished while it was read"),
        "every file fails": ("", "", "cannot be read: Input/output error"),
    }


@pytest.mark.parametrize("moment", [1, 30])
@pytest.mark.parametrize("case", losses(Path("registry")))
def test_old_pages_stay_when_a_disk_is_lost_in_the_middle(
    case: str, moment: int, registry: Path, tmp_path: Path
) -> None:
    """Each page is the old one or that of the new registry: none tells of files that cannot be read."""
    command, back, message = losses(registry)[case]
    if "umount" in command and not os.path.ismount(registry / "team"):
        untried("mount a file system")
        pytest.skip("no file system could be mounted")
    flags = ("--cache", str(sites.warm(tmp_path / "cache")))
    site = sites.built(registry, tmp_path / "site", *flags)
    before = sites.contents(site)
    write(registry, wide(0.2))
    after = sites.contents(sites.built(registry, tmp_path / "clean"))
    done = lose(registry, site, moment, command, *flags, "--jobs", "1")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert message in done.stderr
    found = sites.contents(site)
    assert [path for path, data in found.items() if data not in (before.get(path), after.get(path))] == []
    assert found.keys() == before.keys()
    subprocess.run(back or "true", shell=True, check=True)
    assert sites.contents(sites.built(registry, site, *flags)) == after


@pytest.mark.parametrize("case", losses(Path("registry")))
def test_a_clean_build_whose_disk_is_lost_leaves_the_old_site(case: str, registry: Path, tmp_path: Path) -> None:
    """A model that no build has read may be damaged for ever: its page says so, where its disk is still there."""
    command, _, message = losses(registry)[case]
    if "umount" in command and not os.path.ismount(registry / "team"):
        untried("mount a file system")
        pytest.skip("no file system could be mounted")
    site = sites.built(registry, tmp_path / "site")
    before = sites.contents(site)
    done = lose(registry, site, 9, command, "--cache", str(sites.warm(tmp_path / "other")), "--jobs", "1")
    if command:
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert message in done.stderr
        assert sites.contents(site) == before
    else:
        assert done.returncode == 0
        assert message in (site / "problems/index.html").read_text()


def test_a_file_that_is_deleted_in_the_middle_is_no_lost_disk(registry: Path, tmp_path: Path) -> None:
    """The build goes on, and the next one shows what is there then."""
    site = sites.built(registry, tmp_path / "site")
    write(registry, wide(0.2))
    done = lose(registry, site, 5, f"rm -r {registry}/model-5", "--jobs", "1")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    sites.built(registry, site)
    assert len(sites.catalog(site)["models"]) == 2 * MODELS - 1
    assert sites.contents(site) == sites.contents(sites.built(registry, tmp_path / "clean"))
