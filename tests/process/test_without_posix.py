"""What Windows has not: every module is imported, and commands run, without the parts of Python that only POSIX has.

It is no test on Windows: the file system and the processes are still Linux's.
"""

import ast
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from sitegen.storage.parallel_scan import MIN_FOLDERS
from tests.support import sites
from tests.support.options import ROOT
from tests.support.previews import waited
from tests.unit.test_layers import MODULES, tree

GONE = """
import importlib, os, sys
for name in OTHERS:
    importlib.import_module(name)  # those ask which system it is, and would be told Linux
MODULES = ["fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"]
# O_NONBLOCK stays: filelock believes the name of the system, and uses it there
NAMES = ["O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "chown", "chroot", "fchmod", "fchown", "fork",
    "forkpty", "getegid", "geteuid", "getgid", "getgroups", "getloadavg", "getpgid", "getuid", "initgroups", "killpg",
    "lchown",
    "major", "mkfifo", "mknod", "nice", "pread", "pwrite", "register_at_fork", "sched_getaffinity", "sched_yield",
    "setsid", "setuid", "statvfs", "sync", "uname", "wait", "wait3", "wait4", "waitid"]
for name in MODULES:
    sys.modules[name] = None
for name in NAMES:
    delattr(os, name)
"""


def others() -> list[str]:
    """The modules of other packages and of Python that sitegen imports, wherever in its code."""
    found: set[str] = set()
    for module in MODULES:
        for node in ast.walk(tree(module)):
            match node:
                case ast.Import(names=names):
                    found |= {alias.name for alias in names}
                case ast.ImportFrom(module=str(name)):
                    found.add(name)
                case ast.Call(func=ast.Name("import_module"), args=[ast.Constant(str(name))]):
                    found.add(name)
    return sorted(name for name in found if name.split(".")[0] not in ("sitegen", "mlflow", "distributed"))


def run(script: str, folder: Path, before: str = GONE) -> subprocess.CompletedProcess[str]:
    """Run a script in a Python that has lost what only POSIX has."""
    return subprocess.run(whole(script, before), cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def whole(script: str, before: str = GONE) -> list[str]:
    """The command of a script."""
    lines = f"OTHERS = {others()!r}\n{before}\n{script}"
    return [sys.executable, "-c", lines]


def test_every_module_is_imported_without_posix(tmp_path: Path) -> None:
    modules = sorted(MODULES)
    done = run(f"for name in {modules!r}: importlib.import_module(name)", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


SAMPLE = ROOT / "sample_registry"

COMMANDS = {
    "build": ["build", str(SAMPLE), "--output", "site", "--cache", "cache", "--jobs", "1"],
    "check": ["check", str(SAMPLE), "--format", "github", "--fail-on", "info"],
    "compare": ["compare", str(SAMPLE / "text-scorer/1.0.0"), str(SAMPLE / "text-scorer/1.1.0"), "--format", "json"],
}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_command_says_the_same_without_posix(arguments: list[str], tmp_path: Path) -> None:
    """And does the same, byte for byte."""
    with_posix, without = tmp_path / "with", tmp_path / "without"
    outcomes = []
    for folder, script in ((with_posix, "import sys"), (without, GONE)):
        folder.mkdir()
        done = run(f"from sitegen.cli.main import main\nsys.exit(main({arguments!r}))", folder, script)
        assert "Traceback" not in done.stderr
        outcomes.append((done.returncode, done.stdout, re.sub(r"[0-9.]+ s$", "", done.stderr)))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0] in (0, 1)
    (without / "site/.sitegen-lock").unlink(missing_ok=True)  # is never published; POSIX locks the folder itself
    assert sites.contents(with_posix / "site") == sites.contents(without / "site")


def test_a_large_folder_is_listed_without_fork(tmp_path: Path) -> None:
    """In this process, as a small one is."""
    for number in range(2 * MIN_FOLDERS):
        (tmp_path / "r" / str(number)).mkdir(parents=True)
    done = run("from sitegen.storage.parallel_scan import walk\nprint(len(walk('r')[0]))", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{2 * MIN_FOLDERS + 1}\n", "")


def shows(address: str) -> bool:
    """Whether there is a page; before the first build ends there is none."""
    try:
        with urlopen(address, timeout=60) as answer:
            return answer.status == 200
    except HTTPError:
        return False


def test_a_preview_ends_where_event_loops_take_no_signals(tmp_path: Path) -> None:
    """As on Windows."""
    script = f"""
import asyncio
from sitegen.cli.main import main
def refuse(*_):
    raise NotImplementedError
asyncio.SelectorEventLoop.add_signal_handler = refuse
sys.exit(main(["serve", {str(SAMPLE)!r}, "--port", "0", "--cache", "cache"]))
"""
    with subprocess.Popen(whole(script), cwd=tmp_path, stdout=subprocess.PIPE, text=True) as one:
        try:
            assert one.stdout is not None
            address = re.search(r"http://\S+/", one.stdout.readline())
            assert address
            waited(lambda: shows(address[0]))
            one.send_signal(signal.SIGTERM)
            assert one.wait(60) == 0
        finally:
            one.kill()
