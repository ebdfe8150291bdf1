"""Ordered map over an executor, with a fallback when a worker dies, and worker processes of this machine.

`concurrent.futures` and `multiprocessing` are loaded when they are needed: small builds start no process.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from sitegen.build.fork_server import can_copy, copy_context
from sitegen.build.request import Workers
from sitegen.storage.location import HERE, is_remote, scheme

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

WORTH_WORKERS = 400
"""Versions from which on starting worker processes pays."""

J = TypeVar("J")
R = TypeVar("R")


def run_in_order(executor: "Executor | None", function: Callable[[J], R], jobs: Iterator[J], ahead: int) -> Iterator[R]:
    """The results of a function for all jobs, in order.

    `executor` None runs all jobs in this process, and so runs a job whose worker died. `ahead` is the maximum number of
    jobs in the executor's queue.
    """
    if executor is None:
        yield from map(function, jobs)
        return
    broken: type[Exception] = import_module("concurrent.futures").BrokenExecutor
    queue: deque[tuple[J, Future[R]]] = deque()
    for job in jobs:
        try:
            queue.append((job, executor.submit(function, job)))
        except broken:
            yield function(job)
            continue
        if len(queue) >= ahead:
            yield _result(*queue.popleft(), function, broken)
    while queue:
        yield _result(*queue.popleft(), function, broken)


def _result(job: J, future: "Future[R]", function: Callable[[J], R], broken: type[Exception]) -> R:
    try:
        return future.result()
    except broken:
        return function(job)


def local_workers(jobs: int | None = None, places: tuple[str, ...] = ()) -> Workers:
    """Worker processes of this machine, if they save time. `jobs` None means one per core.

    `places` are the registry and the output: processes cannot share those of a file system in memory.
    """

    @contextmanager
    def workers(versions: int) -> "Iterator[Executor | None]":
        """Worker processes for this number of versions; None if they do not save time."""
        count = 1 if HERE in map(scheme, places) else jobs or os.cpu_count() or 1
        if count == 1 or (not jobs and versions < WORTH_WORKERS):
            yield None
            return
        with start_processes(count, near=not any(map(is_remote, places))) as executor:
            yield executor

    return workers


def start_processes(count: int, near: bool = True) -> "Executor":
    """Start worker processes of this machine.

    They are copies of a small process rather than of this one, whose listing of a large registry each would keep. With
    remote storage, `near` False, each starts afresh: a copy would have the credentials of an earlier moment.
    """
    futures, processing = import_module("concurrent.futures"), import_module("multiprocessing")
    context = copy_context() if near and can_copy() else processing.get_context("spawn")
    executor: Executor = futures.ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent)
    return executor


def _end_with_parent() -> None:
    """End this worker when its build ends, even by SIGKILL: it would wait for work forever.

    A terminal sends Ctrl-C to all of its processes; only the main process handles it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = import_module("multiprocessing").parent_process()
    connection, threading = import_module("multiprocessing.connection"), import_module("threading")

    def watch() -> None:
        """Wait for the end of the build."""
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
