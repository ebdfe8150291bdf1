"""Running the command line confined: little memory, a time after which it counts as hanging, permissions that hold."""

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from tests.support.sites import SITEGEN, locale_free

ADDRESSES = 2 * 2**30
"""Bytes that a process may address: less than the largest file of the registry has."""

PATIENCE = 300
"""Seconds after which a command hangs."""

_DROP = 24  # prctl's PR_CAPBSET_DROP
_CAPABILITIES = (1, 2)  # to write and to read what permissions deny: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


class Confined(NamedTuple):
    """What a command said, and what it took: seconds, and megabytes of its largest process."""

    code: int
    out: str
    err: str
    seconds: float
    memory: int


def confined(folder: Path, *arguments: str | Path) -> Confined:
    """Run a command in a folder."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [*SITEGEN, *map(str, arguments)],
            cwd=folder,
            stdout=out,
            stderr=err,
            env=locale_free(PYTHONPATH=os.pathsep.join(path for path in sys.path if path)),
            preexec_fn=_confine,
        )
        guard = threading.Timer(PATIENCE, process.kill)
        guard.start()
        _, status, usage = os.wait4(process.pid, 0)
        guard.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = out.read().decode(), err.read().decode()
    return Confined(process.returncode, *said, time.perf_counter() - begun, usage.ru_maxrss // 1024)


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    if os.geteuid() == 0:  # whom permissions do not bind, but for these two powers
        libc = ctypes.CDLL(None)
        for capability in _CAPABILITIES:
            libc.prctl(_DROP, capability, 0, 0, 0)
