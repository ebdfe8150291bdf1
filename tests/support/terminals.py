"""The command line on a terminal: everything that a command writes there, byte for byte."""

import os
import pty
import signal
import subprocess
from pathlib import Path
from threading import Timer

from tests.support.sites import SITEGEN, locale_free

PATIENCE = 60.0
"""Seconds after which a command hangs."""


def on_terminal(folder: Path, *arguments: str | Path, until: bytes = b"", **variables: str) -> tuple[int, bytes]:
    """Run a command in a folder, and end it as Ctrl-C does once it has written `until`; exit code and output.

    `variables` are those of its environment that differ.
    """
    own, theirs = pty.openpty()
    command = [*SITEGEN, *map(str, arguments)]
    usual = {"TERM": "xterm-256color", "COLUMNS": "200", "PYTHONPATH": str(Path(__file__).parents[2])}
    environment = locale_free(**{**usual, **variables})
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    guard = Timer(PATIENCE, process.kill)
    guard.start()
    written = b""
    while part := _read(own):
        written += part
        if until and until in written:
            process.send_signal(signal.SIGINT)
            until = b""
    os.close(own)
    code = process.wait()
    guard.cancel()
    return code, written


def _read(terminal: int) -> bytes:
    """What comes next; nothing when nobody writes any more."""
    try:
        return os.read(terminal, 2**16)
    except OSError:  # what Linux says when the last writer has gone
        return b""
