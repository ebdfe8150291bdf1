"""A system that lacks what only POSIX has: sitegen imports, builds, checks and compares there.

What is taken away is what Windows lacks. Its paths, and its rules about files that are open, cannot be had here.
"""

import subprocess
import sys
from pathlib import Path

from sitegen.storage.lock import LOCK_FILE
from tests.support import sites
from tests.support.registries import SIGNED, auc, every_layout, write

WINDOWS = """
import importlib.abc, os, sys
GONE = {"fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "posix_ipc", "syslog", "crypt", "nis", "spwd"}

class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in GONE:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

import multiprocessing.util, concurrent.futures.process, asyncio, subprocess, tempfile, shutil, ssl  # Python's own
for name in GONE:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Refuse())
for name in ("uname", "getuid", "geteuid", "getgid", "getegid", "setuid", "setgid", "getgroups", "fork", "forkpty",
             "chown", "fchown", "lchown", "mkfifo", "mknod", "getpgid", "setsid", "killpg", "nice", "sched_getaffinity",
             "statvfs", "pread", "pwrite", "O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_DIRECTORY", "register_at_fork"):
    if hasattr(os, name):
        delattr(os, name)
sys.argv[0] = "sitegen"
from sitegen.cli.main import main
codes = []
for command in sys.argv[1].split(";"):
    codes.append(main(command.split(" ")))
print(codes, file=sys.stderr)
posix = {name for name in GONE if name in sys.modules}
assert not posix, posix
"""


def windows(*commands: str) -> subprocess.CompletedProcess[str]:
    """Run commands in a process without what only POSIX has."""
    arguments = [sys.executable, "-W", "ignore", "-c", WINDOWS, ";".join(commands)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def test_every_command_runs_where_nothing_of_posix_is(tmp_path: Path) -> None:
    """And makes the same bytes; the lock is a file, which is no part of the site."""
    registry = write(tmp_path / "registry", every_layout())
    flags = f"--output {tmp_path / 'site'} --cache {sites.warm(tmp_path / 'cache')} --jobs 1"
    model = registry / "churn/3"
    done = windows(f"build {registry} {flags}", f"check {registry}", f"compare {model} {model}")
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[0, 0, 0]", done.stderr
    write(registry, {"churn/4/MLmodel": SIGNED, "churn/5/MLmodel": SIGNED, "churn/3/metrics.json": auc(0.9)})
    done = windows(f"build {registry} {flags}")
    assert done.returncode == 0, done.stderr
    found = sites.contents(tmp_path / "site")
    found.pop(LOCK_FILE, None)
    assert found == sites.contents(sites.built(registry, tmp_path / "clean"))
