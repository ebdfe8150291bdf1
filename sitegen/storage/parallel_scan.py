"""Scanning a large folder in forked processes, while this process does other work."""

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
"""Folders from which on forking pays."""

_PARTS = 32
"""Parts of a large folder; each idle process takes the next one."""

_COPIES = 4
"""Forked processes. More than most CI machines have cores, because they wait for the disk in parallel."""


def walk(root: str) -> Scan:
    """Scan a folder."""
    with start_scan(root) as walking:
        return walking.result()


@contextmanager
def start_scan(root: str) -> Iterator["ParallelScan"]:
    """Start a scan; its processes end with the context."""
    walking = ParallelScan(root)
    try:
        yield walking
    finally:
        walking.end()


class ParallelScan:
    """A scan. That of a large folder runs in `copies`, forked processes; that of a small one runs in `result`."""

    def __init__(self, root: str) -> None:
        self._scanner = Scanner(root)
        todo = [""]
        while todo and len(todo) < MIN_FOLDERS:
            todo += self._scanner.scan_folder(todo.pop(0))
        self._parts = [todo[number::_PARTS] for number in range(_PARTS)]
        self._numbers, write = os.pipe()  # a pipe with the numbers of all parts: reading a byte takes that part
        os.write(write, bytes(range(_PARTS)))
        os.close(write)
        self.copies: list[ForkedCall] = []
        with suppress(OSError):  # the system may allow no more processes
            for _ in range(_COPIES if todo and can_fork() else 0):
                self.copies.append(ForkedCall(self._list_parts))

    @process.pause_gc()
    def result(self) -> Scan:
        """The result of the scan; this process lists the remaining parts."""
        for part in self._remaining_parts():
            self._scanner.scan_all(part)
        answers = [copy.answer() for copy in self.copies]
        if None in answers:  # a process failed, and its parts are unknown: scan everything again
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
        """Kill forked processes that are still running."""
        os.close(self._numbers)
        for copy in self.copies:
            copy.end()

    def _list_parts(self) -> bytes:
        """In a forked process: the results of the scan by part, as plain values for marshal."""
        one, answers = Scanner(self._scanner.root), []
        for part in self._remaining_parts():
            one.scan_all(part)
            folders = {path: tuple(folder) for path, folder in one.listing.items()}
            problems = [(found.rule, found.message, found.path) for found in one.problems]
            answers.append(marshal.dumps((folders, problems)))
            one.listing, one.problems = {}, []
        return marshal.dumps(answers)

    def _remaining_parts(self) -> Iterator[list[str]]:
        """Take parts that no other process has taken."""
        while number := os.read(self._numbers, 1):
            yield self._parts[number[0]]
