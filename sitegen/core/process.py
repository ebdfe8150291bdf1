"""Running a function in a forked helper process, and pausing the garbage collector."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_NICENESS = 5
"""Niceness of a forked process: the main process, whose work cannot be divided, comes first."""


def can_fork() -> bool:
    """Whether this process may fork: on Linux, and without threads, whose locks would stay locked in the fork."""
    return threading.active_count() == 1 and sys.platform == "linux" and hasattr(os, "fork")


class ForkedCall:
    """A function that runs in a forked process. Raises OSError when the system refuses another process."""

    def __init__(self, function: Callable[[], bytes]) -> None:
        read, write = os.pipe()
        try:
            self._process = os.fork()
        except OSError:
            os.close(read)
            os.close(write)
            raise
        if self._process == 0:
            _send(function, read, write)
        os.close(write)
        self._pipe = open(read, "rb")  # noqa: SIM115 - closed by `end`

    def answer(self) -> bytes | None:
        """Wait for the result of the function; None when it failed."""
        data = self._pipe.read()
        process, self._process = self._process, 0
        return None if os.waitpid(process, 0)[1] else data

    def end(self) -> None:
        """Kill the process, unless it has answered."""
        self._pipe.close()
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


@contextmanager
def fork(function: Callable[[], bytes] | None) -> Iterator[ForkedCall | None]:
    """Run a function in a forked process, killed at the end of the block. None without a function or a process."""
    try:
        call = ForkedCall(function) if function else None
    except OSError:
        call = None
    try:
        yield call
    finally:
        if call:
            call.end()


def call_in_fork(function: Callable[[], bytes]) -> bytes:
    """The result of a function, run in a forked process where possible, so that its memory is freed at once."""
    with fork(function if can_fork() else None) as call:
        answer = call.answer() if call else None
    return function() if answer is None else answer


def _send(function: Callable[[], bytes], read: int, write: int) -> None:
    """Child process: run the function, write the result to the pipe, `_exit`."""
    status = 1
    with suppress(BaseException), pause_gc():
        os.nice(_NICENESS)
        os.close(read)  # else the child keeps a reader, and its write blocks for ever once the parent is dead
        data = function()
        with open(write, "wb") as answer:
            answer.write(data)
        status = 0
    os._exit(status)


@contextmanager
def pause_gc() -> Iterator[None]:
    """Pause the garbage collector. Reference counts free objects without cycles as usual."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        (gc.enable if before else gc.disable)()


def freeze_gc() -> None:
    """Enable the garbage collector, but exempt all present objects: modules and a registry are large and stay."""
    gc.freeze()
    gc.enable()
