"""Walking large folders with copies of the process: they find what one process finds, and none is left behind."""

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.core.process import ForkedCall
from sitegen.storage.parallel_scan import MIN_FOLDERS, start_scan, walk
from sitegen.storage.scan import Scan, Scanner, sort_problems
from tests.support import sites
from tests.support.registries import SIGNED, layout, write

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """One copy can be made, whatever the machine and the tests before have."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture
def large(tmp_path: Path) -> str:
    """A folder with many folders in it, three faults, and a site, which is none of its business."""
    root = tmp_path / "registry"
    for number in range(3 * MIN_FOLDERS):
        write(root, layout(f"model-{number}", "1") | {f"model-{number}/1/files/{number}.txt": "x" * number})
    for number in (0, 40, 80):
        os.symlink("/nowhere", root / f"model-{number}/1/lost")
    write(root, {"site/sitegen-manifest.txt": "", "site/MLmodel": SIGNED})
    return str(root)


def alone(root: str) -> Scan:
    """What one process finds."""
    one = Scanner(root)
    one.scan_all([""])
    return one.listing, sort_problems(one.problems)


def children() -> str:
    """The processes that this one has started."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text()


def refuse() -> int:
    """What making a process does where there may be no more."""
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


def test_copies_find_what_one_process_finds(large: str) -> None:
    """Files, sizes, times, problems; no process and no open file stays."""
    before = children(), os.listdir("/proc/self/fd")
    with start_scan(large) as walking:
        assert len(walking.copies) > 1
        assert children() != before[0]
        assert walking.result() == alone(large)
    assert len(alone(large)[1]) == 3
    assert (children(), os.listdir("/proc/self/fd")) == before


def test_what_a_dead_copy_had_is_found_here(large: str) -> None:
    """Whatever it was."""
    before = set(children().split())
    with start_scan(large) as walking:
        for process in set(children().split()) - before:
            os.kill(int(process), signal.SIGKILL)
        assert walking.result() == alone(large)


def test_where_no_process_can_be_made_one_does_it_all(large: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a container has all that it may have."""
    before = os.listdir("/proc/self/fd")
    monkeypatch.setattr(os, "fork", refuse)
    with start_scan(large) as walking:
        assert walking.copies == []
        assert walking.result() == alone(large)
    assert os.listdir("/proc/self/fd") == before


def test_a_walk_that_nobody_waits_for_ends(large: str) -> None:
    """As where the settings are wrong."""
    before = children(), os.listdir("/proc/self/fd")
    with pytest.raises(KeyError), start_scan(large):
        raise KeyError
    assert (children(), os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("copies", [1, 3])
def test_copies_end_when_their_process_is_killed(copies: int) -> None:
    """However large their answers are: whoever waits for the output of the command would wait for them, too."""
    program = f"""
import os, signal, time
from sitegen.core.process import ForkedCall

def large():
    time.sleep(0.2)
    return bytes(1_000_000)

copies = [ForkedCall(large) for _ in range({copies})]
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")


def test_a_small_folder_is_walked_here(tmp_path: Path) -> None:
    """A copy takes longer to make than to do without."""
    write(tmp_path, layout("m", "1"))
    with start_scan(str(tmp_path)) as walking:
        assert walking.copies == []
        assert walking.result() == alone(str(tmp_path)) == walk(str(tmp_path))


def test_a_site_that_was_walked_by_copies_is_the_same(
    large: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, and nothing is to be done for it afterwards."""
    site = sites.built(Path(large), tmp_path / "shared")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fork", refuse)
        assert sites.contents(sites.built(Path(large), tmp_path / "alone")) == sites.contents(site)
    assert "(0 files written)" in sites.sitegen("build", large, "--output", site).err


@pytest.mark.parametrize("hurt", [Path.unlink, lambda page: page.write_bytes(b"")], ids=["lost", "empty"])
def test_a_page_that_went_is_made_again(large: str, tmp_path: Path, hurt: Callable[[Path], object]) -> None:
    """A copy looks whether the last site is whole, while this process lists and loads."""
    site = sites.built(Path(large), tmp_path / "site")
    before = sites.contents(site)
    hurt(site / "models/model-40/1/index.html")
    sites.sitegen("build", large, "--output", site)
    assert sites.contents(site) == before


def test_a_copy_that_looks_and_dies_changes_nothing(
    large: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This process looks again."""
    site = sites.built(Path(large), tmp_path / "site")
    began = ForkedCall.__init__

    def die(copy: ForkedCall, _: Callable[[], bytes]) -> None:
        """A copy that ends without an answer."""
        began(copy, lambda: os._exit(9))

    monkeypatch.setattr(ForkedCall, "__init__", die)
    before = children(), os.listdir("/proc/self/fd")
    assert "(0 files written)" in sites.sitegen("build", large, "--output", site).err
    (site / "models/model-40/1/index.html").unlink()
    assert "(0 files written)" not in sites.sitegen("build", large, "--output", site).err
    assert (children(), os.listdir("/proc/self/fd")) == before


BUILD = """
import sys
from sitegen.cli.main import main
code = main(sys.argv[1:])
print(code, *sorted({"altair", "pandas", "vl_convert"} & sys.modules.keys()))
"""


def loaded(before: str, folder: Path) -> list[str]:
    """What a process that has done something before has loaded of all that once after a build into `folder`."""
    registry, site, cache = folder / "registry", folder / "site", folder / "cache"
    write(registry, layout("m", "1"))
    options = ["build", str(registry), "--output", str(site), "--cache", str(cache)]
    fresh = os.environ | {"XDG_CACHE_HOME": str(folder / "user")}  # where scripts of charts are kept
    command = [sys.executable, "-c", before + BUILD, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=fresh)
    code, *names = done.stdout.split()
    assert code == "0", done.stderr
    return names


def test_what_makes_the_scripts_of_charts_stays_out_of_a_build(tmp_path: Path) -> None:
    """It takes 120 MB, once a machine; where there can be no copy of the process, the build itself makes them."""
    threads = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    assert loaded("", tmp_path / "apart") == []
    assert loaded(threads, tmp_path / "here") == ["altair", "vl_convert"]
    assert sites.contents(tmp_path / "apart/site") == sites.contents(tmp_path / "here/site")


STARTED = """
import os, sys
from pathlib import Path
from sitegen.cli.main import main
assert main(sys.argv[1:]) == 0
for number in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
    print(Path(f"/proc/{number}/cmdline").read_text())
"""
"""The commands of all processes that are left when a build is done."""


def has_fork_server(*options: str) -> bool:
    """Whether a build starts the process of which workers are copies."""
    command = [sys.executable, "-c", STARTED, "build", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return "forkserver" in done.stdout


def test_only_the_first_build_of_a_large_registry_prepares_workers(large: str, tmp_path: Path) -> None:
    """A build without changes needs none, and has no time for them."""
    options = (large, "--cache", str(sites.warm(tmp_path / "cache")), "--output", str(tmp_path / "site"), "--jobs", "2")
    assert has_fork_server(*options)
    assert not has_fork_server(*options)
