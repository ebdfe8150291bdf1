"""Builds that are killed at a chosen moment: before the n-th time that they change something below a folder.

A small process that has loaded sitegen copies itself for each build, so that a thousand kills take minutes. The kill is
the system's own; the moment is told by Python's audit events.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

CHANGES = frozenset(["os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link"])


@dataclass(frozen=True)
class Killer:
    """The process that makes copies of itself."""

    process: subprocess.Popen[str]

    def build(self, arguments: list[str], below: str, moment: int, exchange: bool = True) -> int:
        """Build, and kill before change number `moment`; the exit code, or -9 for one that was killed."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps([arguments, below, moment, exchange]), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


@contextmanager
def killer() -> Iterator[Killer]:
    """A killer, until the block ends."""
    command = [sys.executable, "-m", "tests.support.kills"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Killer(process)
        assert process.stdin
        process.stdin.close()


def serve(orders: IO[str]) -> None:
    """Make a copy for each order."""
    from sitegen.build.pipeline import load_stages

    load_stages()

    for order in orders:
        child = os.fork()
        if not child:
            copy(*json.loads(order))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def copy(arguments: list[str], below: str, moment: int, exchange: bool) -> None:
    """Be one build."""
    from sitegen.cli.main import main
    from sitegen.storage import move, release

    if not exchange:
        move.exchange = release.exchange = lambda *_: False
    left = moment

    def hook(event: str, values: tuple[object, ...]) -> None:
        """Count the changes."""
        nonlocal left
        writes = event == "open" and isinstance(values[2], int) and values[2] & (os.O_WRONLY | os.O_RDWR)
        if (event in CHANGES or writes) and below in str(values[0]):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os._exit(main(arguments))


if __name__ == "__main__":
    serve(sys.stdin)
