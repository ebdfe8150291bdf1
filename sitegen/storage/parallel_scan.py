"""Walking a folder with all cores: copies of this process list parts of a large one, while this one does other work."""

import marshal
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sitegen.core import process
from sitegen.core.process import ForkedCall, can_fork
from sitegen.domain.diagnostic import problem
from sitegen.storage.listing import Folder
from sitegen.storage.scan import Scan, Scanner, sort_problems

MIN_FOLDERS = 256
"""Folders that lie side by side before copies pay."""

_PARTS = 32
"""Parts of a large folder: who has nothing else to do takes the next one."""

_COPIES = 4
"""More than most machines of CI have cores: folders that are not in memory are waited for at the same time."""


def walk(root: str) -> Scan:
    """Walk a folder."""
    with start_scan(root) as walking:
        return walking.result()


@contextmanager
def start_scan(root: str) -> Iterator["ParallelScan"]:
    """A walk of a folder that has begun; its copies end with it."""
    walking = ParallelScan(root)
    try:
        yield walking
    finally:
        walking.end()


class ParallelScan:
    """A walk: that of a large folder is under way in `copies`, that of a small one takes place when it is asked for."""

    def __init__(self, root: str) -> None:
        self._scanner = Scanner(root)
        todo = [""]
        while todo and len(todo) < MIN_FOLDERS:
            todo += self._scanner.scan_folder(todo.pop(0))
        self._parts = [todo[number::_PARTS] for number in range(_PARTS)]
        self._numbers, write = os.pipe()  # of parts: whoever reads a byte has that part
        os.write(write, bytes(range(_PARTS)))
        os.close(write)
        self.copies: list[ForkedCall] = []
        with suppress(OSError):  # where there may be no more processes, this one does without
            for _ in range(_COPIES if todo and can_fork() else 0):
                self.copies.append(ForkedCall(self._list_parts))

    @process.pause_gc()
    def result(self) -> Scan:
        """What the walk finds; this process lists what is left."""
        for part in self._remaining_parts():
            self._scanner.scan_all(part)
        answers = [copy.answer() for copy in self.copies]
        if None in answers:  # nobody knows which parts a copy had that failed
            self._scanner = Scanner(self._scanner.root)
            self._scanner.scan_all([""])
            answers = []
        for answer in filter(None, answers):
            for part in marshal.loads(answer):  # noqa: S302 - from a copy of this process
                folders, problems = marshal.loads(part)  # noqa: S302
                self._scanner.listing.update((path, Folder._make(folder)) for path, folder in folders.items())
                self._scanner.problems += [problem(*found) for found in problems]
        return self._scanner.listing, sort_problems(self._scanner.problems)

    def end(self) -> None:
        """End the copies that nobody waits for any more."""
        os.close(self._numbers)
        for copy in self.copies:
            copy.end()

    def _list_parts(self) -> bytes:
        """What a copy finds, part by part, as plain values."""
        one, answers = Scanner(self._scanner.root), []
        for part in self._remaining_parts():
            one.scan_all(part)
            folders = {path: tuple(folder) for path, folder in one.listing.items()}
            problems = [(found.rule, found.message, found.path) for found in one.problems]
            answers.append(marshal.dumps((folders, problems)))
            one.listing, one.problems = {}, []
        return marshal.dumps(answers)

    def _remaining_parts(self) -> Iterator[list[str]]:
        """The parts that nobody else has taken."""
        while number := os.read(self._numbers, 1):
            yield self._parts[number[0]]
