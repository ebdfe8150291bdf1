"""A Dask cluster as an executor: workers on other machines.

Workers read the registry and write the site themselves. Both must be URLs, or folders of a file system that all
machines share.
"""

import asyncio
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Event, Thread
from typing import Any, TypeVar

from sitegen.core.errors import SitegenError
from sitegen.site.theme import load_theme
from sitegen.storage.extras import install_hint
from sitegen.storage.location import strip_credentials
from sitegen.version import VERSION, code_digest

PREFIX = "dask://"

ANSWER = 5.0
"""Seconds to wait for the answer of a scheduler."""

PATIENCE = 60.0
"""Seconds to wait for new workers of a cluster that has lost all, before the build goes on without it."""

_LOOK = 2.0

T = TypeVar("T")


@contextmanager
def connect(address: str) -> Iterator["Cluster"]:
    """Connect to a cluster by an address such as `dask://host:8786`.

    Raises SitegenError when no scheduler answers, or when a worker has another version of sitegen.
    """
    tcp = _to_tcp(address)
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        hint = install_hint("dask")
        raise SitegenError(f"dask:// needs a package that is not installed: {hint}") from error
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a lost worker changes nothing
    try:
        asyncio.run(asyncio.wait_for(_ping(distributed.rpc, tcp), ANSWER))
    except Exception as error:  # any class: Dask unpacks whatever answers, a web server's bytes to a MemoryError
        raise SitegenError(f"no Dask scheduler answers at {strip_credentials(address)}") from error
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sending large graph")  # jobs carry listings
        client = distributed.Client(tcp, timeout=ANSWER, set_as_default=False)
        cluster = Cluster(client, address)
        try:
            cluster.check_code()
            yield cluster
        finally:
            cluster.shutdown()
            with suppress(*_lost_errors()):  # the build is done, and must not fail for a scheduler that is gone
                client.close(timeout=ANSWER)


def _lost_errors() -> tuple[type[Exception], ...]:
    """The exceptions of a client that has lost its cluster; one that gave up has attributes that are None."""
    newer = getattr(import_module("distributed.client"), "ClosedClientError", RuntimeError)
    return OSError, RuntimeError, AttributeError, CancelledError, newer


def _to_tcp(address: str) -> str:
    host, colon, port = address.removeprefix(PREFIX).rpartition(":")
    if not address.startswith(PREFIX) or not host or not colon or not port.isdecimal():
        raise SitegenError(f"--executor {strip_credentials(address)}: it must look like {PREFIX}HOST:PORT")
    return f"tcp://{host}:{port}"


async def _ping(rpc: Any, address: str) -> None:
    """Ask the scheduler who it is. A Dask client without a scheduler takes long to fail."""
    async with rpc(address) as scheduler:
        await scheduler.identity()


class Cluster(Executor):
    """Runs functions on a cluster. A job that the cluster cannot finish raises BrokenExecutor; run it elsewhere."""

    def __init__(self, client: Any, address: str) -> None:
        self._client, self.address = client, address
        self._executor = client.get_executor(pure=False)
        self._pending: set[Future[Any]] = set()
        self._ended = Event()
        self._watcher = Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @property
    def threads(self) -> int:
        """The number of jobs that the workers run at the same time."""
        return sum(self._client.nthreads().values())

    def submit(self, function: Callable[..., T], /, *args: Any, **options: Any) -> Future[T]:
        """Run a function on a worker. Raises BrokenExecutor when the cluster is gone."""
        outer: Future[T] = Future()
        if self._ended.is_set():
            raise BrokenExecutor(self.address)
        try:
            inner = self._executor.submit(function, *args, **options)
        except _lost_errors() as error:
            raise BrokenExecutor(self.address) from error
        self._pending.add(outer)
        inner.add_done_callback(lambda done: self._settle(outer, done))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more jobs."""
        self._ended.set()
        if wait:
            self._watcher.join()
        if cancel_futures:
            self._give_up()

    def check_code(self) -> None:
        """Raises SitegenError unless every worker has the code of this process."""
        answers = self._client.run(code_digest, on_error="return")
        if not answers:
            raise SitegenError(f"the Dask cluster at {self.address} has no workers")
        for worker, answer in sorted(answers.items()):
            if answer != code_digest():
                has = "no" if "No module named 'sitegen" in str(answer) else "another"  # errors come back as texts
                raise SitegenError(f"the Dask worker {worker} has {has} sitegen: it needs this one, {VERSION}")

    def check_places(self, templates: str, places: tuple[str, ...]) -> None:
        """Raises SitegenError unless every worker sees these folders, and the same templates."""
        answers = self._client.run(_find_missing, templates, load_theme(templates).edition, places, on_error="return")
        for worker, answer in sorted(answers.items()):
            if answer:
                advice = "workers need the same file system, or URLs"
                raise SitegenError(f"the Dask worker {worker} does not see {answer}: {advice}")

    def _settle(self, outer: Future[T], inner: Future[T]) -> None:
        """Pass a result on. A worker that died, or an error that only workers have, becomes BrokenExecutor."""
        self._pending.discard(outer)
        with suppress(InvalidStateError):  # given up before
            error = BrokenExecutor(self.address) if inner.cancelled() else inner.exception()
            if error is None:
                outer.set_result(inner.result())
            else:
                outer.set_exception(error if isinstance(error, SitegenError) else BrokenExecutor(str(error)))

    def _watch(self) -> None:
        """Give up when the cluster has no workers for long; Dask itself would wait forever."""
        alone = 0.0
        while not self._ended.wait(_LOOK):
            with suppress(*_lost_errors()):  # no answer means no worker
                if self._client.nthreads():
                    alone = 0.0
                    continue
            alone += _LOOK
            if alone >= PATIENCE:
                self._ended.set()
                self._give_up()

    def _give_up(self) -> None:
        for future in tuple(self._pending):
            with suppress(InvalidStateError):  # done in this moment
                future.set_exception(BrokenExecutor(self.address))


def _find_missing(templates: str, digest: bytes, places: tuple[str, ...]) -> str:
    """The first folder that a worker does not see, or the templates if the worker has others. Runs on the worker."""
    if load_theme(templates).edition != digest:
        return f"the templates in {templates or 'sitegen'}"
    return next((place for place in places if not os.path.exists(place)), "")
