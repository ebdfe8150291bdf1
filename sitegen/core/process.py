"""Running a function in a forked helper process, and pausing the garbage collector."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_NICENESS = 5
"""How much a copy gives way to the process that made it, which has work that nobody can share."""


def can_fork() -> bool:
    """Whether copies of this process can work beside it: one of a process with threads may wait for ever for a lock."""
    return threading.active_count() == 1 and sys.platform == "linux" and hasattr(os, "fork")


class ForkedCall:
    """A function at work in a copy of this process. Raises OSError where there may be no more processes."""

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
        self._pipe = open(read, "rb")  # noqa: SIM115 - until the end

    def answer(self) -> bytes | None:
        """What the function returns, once it does; None where it failed."""
        data = self._pipe.read()
        process, self._process = self._process, 0
        return None if os.waitpid(process, 0)[1] else data

    def end(self) -> None:
        """End the copy, unless it has answered."""
        self._pipe.close()
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


@contextmanager
def fork(function: Callable[[], bytes] | None) -> Iterator[ForkedCall | None]:
    """A function at work until it is answered or nobody waits any more; None where there is none, or no process."""
    try:
        one = ForkedCall(function) if function else None
    except OSError:
        one = None
    try:
        yield one
    finally:
        if one:
            one.end()


def call_in_fork(function: Callable[[], bytes]) -> bytes:
    """What a function returns, out of a copy of this process where there can be one: what it loads is gone with it."""
    with fork(function if can_fork() else None) as one:
        answer = one.answer() if one else None
    return function() if answer is None else answer


def _send(function: Callable[[], bytes], read: int, write: int) -> None:
    """Work, and send the answer; whatever happens, nothing else of this process is run."""
    status = 1
    with suppress(BaseException), pause_gc():
        os.nice(_NICENESS)
        os.close(read)  # else a copy whose parent was killed would wait for ever for itself to read
        data = function()
        with open(write, "wb") as answer:
            answer.write(data)
        status = 0
    os._exit(status)


@contextmanager
def pause_gc() -> Iterator[None]:
    """Leave garbage that has cycles where it is, for as long as this lasts; all other is freed at once as ever."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        (gc.enable if before else gc.disable)()


def freeze_gc() -> None:
    """Look for garbage from now on, but not among what is there: modules and a registry are many values that stay."""
    gc.freeze()
    gc.enable()
