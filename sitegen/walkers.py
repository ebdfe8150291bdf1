"""Walking a folder with all cores: copies of this process list parts of a large one, while this one does other things.

A walk waits for the system at every step, and threads of Python wait with it.
"""

import marshal
import os
import signal
import sys
import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sitegen import garbage
from sitegen.diagnostics import problem
from sitegen.listing import Folder
from sitegen.walk import Walk, Walked, ordered

WORTH_SHARING = 32
"""Folders that lie side by side before copies pay."""

_PARTS = 32
"""Parts of a large folder: who has nothing else to do takes the next one."""

_MOST_COPIES = 3


def walk(root: str) -> Walked:
    """Walk a folder."""
    with begun(root) as walking:
        return walking.found()


@contextmanager
def begun(root: str) -> Iterator["Walking"]:
    """A walk of a folder that has begun; its copies end with it."""
    walking = Walking(root)
    try:
        yield walking
    finally:
        walking.end()


class Walking:
    """A walk: that of a large folder is under way in `copies`, that of a small one takes place when it is asked for."""

    def __init__(self, root: str) -> None:
        self._walk = Walk(root)
        todo = [""]
        while todo and len(todo) < WORTH_SHARING:
            todo += self._walk.folder(todo.pop(0))
        self._parts = [todo[number::_PARTS] for number in range(_PARTS)]
        self._numbers, write = os.pipe()  # of parts: whoever reads a byte has that part
        os.write(write, bytes(range(_PARTS)))
        os.close(write)
        self.copies: list[_Copy] = []
        with suppress(OSError):  # where there may be no more processes, this one does without
            for _ in range(_copies() if todo else 0):
                self.copies.append(_Copy(self._walk.root, self._take))

    @garbage.left()
    def found(self) -> Walked:
        """What the walk finds; this process lists what is left."""
        self._take(self._walk)
        answers = [copy.answer() for copy in self.copies]
        if None in answers:  # nobody knows which parts a copy had that failed
            self._walk = Walk(self._walk.root)
            self._walk.all([""])
            answers = []
        for answer in filter(None, answers):
            self._add(*marshal.loads(answer))  # noqa: S302 - from a copy of this process
        return self._walk.listing, ordered(self._walk.problems)

    def end(self) -> None:
        """End the copies that nobody waits for any more."""
        os.close(self._numbers)
        for copy in self.copies:
            copy.end()

    def _take(self, walk: Walk) -> None:
        while number := os.read(self._numbers, 1):
            walk.all(self._parts[number[0]])

    def _add(
        self,
        folders: list[tuple[str, tuple[str, ...], bytes, bytes, tuple[str, ...]]],
        problems: list[tuple[str, str, str]],
    ) -> None:
        for path, names, sizes, stamps, inner in folders:
            exact = [array("q", data)[:] for data in (sizes, stamps)]  # copies of arrays have no spare room
            self._walk.listing[path] = Folder(names, exact[0], exact[1], inner)
        self._walk.problems += [problem(*found) for found in problems]


def _copies() -> int:
    """How many copies can be made, and pay."""
    alone = threading.active_count() == 1  # a copy of a process with threads may wait for ever for a lock of theirs
    return min((os.cpu_count() or 1) - 1, _MOST_COPIES) if alone and sys.platform == "linux" else 0


class _Copy:
    """A copy of this process that walks parts of a folder."""

    def __init__(self, root: str, take: Callable[[Walk], None]) -> None:
        read, write = os.pipe()
        try:
            self._process = os.fork()
        except OSError:
            os.close(read)
            os.close(write)
            raise
        if self._process == 0:
            _send(root, take, write)
        os.close(write)
        self._pipe = open(read, "rb")  # noqa: SIM115 - until the end

    def answer(self) -> bytes | None:
        """What the copy has found; None where it failed."""
        data = self._pipe.read()
        process, self._process = self._process, 0
        return None if os.waitpid(process, 0)[1] else data

    def end(self) -> None:
        """End the copy, unless it has answered."""
        self._pipe.close()
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _send(root: str, take: Callable[[Walk], None], write: int) -> None:
    """Walk, and send what was found as plain values; whatever happens, nothing else of this process is run."""
    status = 1
    with suppress(BaseException), garbage.left():
        one = Walk(root)
        take(one)
        folders = [
            (path, folder.names, folder.sizes.tobytes(), folder.stamps.tobytes(), folder.folders)
            for path, folder in one.listing.items()
        ]
        problems = [(found.rule, found.message, found.path) for found in one.problems]
        with open(write, "wb") as answer:
            answer.write(marshal.dumps((folders, problems)))
        status = 0
    os._exit(status)
