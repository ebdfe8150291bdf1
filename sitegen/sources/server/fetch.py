"""Fetching a tracking server of MLflow into a local mirror, which is read as a database.

Each build fetches what can change: registered models, versions, aliases, tags, the latest values of runs. Final items
are fetched once: the histories and files of a run that has ended, the files of a logged model.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.formats.text import quote
from sitegen.sources.artifact_location import MODEL_URI
from sitegen.sources.database.sqlite import Sqlite
from sitegen.sources.directory.model_folder import PARSER_KEY
from sitegen.sources.server.address import Address
from sitegen.sources.server.client import TrackingServer, connect
from sitegen.sources.server.failures import GoneError, RefusedError
from sitegen.sources.server.files import fetch_files, logged_root, run_root
from sitegen.sources.server.limits import BudgetError
from sitegen.sources.server.mirror import MirrorTree, MirrorWriter
from sitegen.sources.server.rows import (
    Entity,
    Rows,
    history_mark,
    history_rows,
    logged_files_mark,
    logged_rows,
    registry_rows,
    run_files_mark,
    run_rows,
)
from sitegen.storage.listing import printable
from sitegen.storage.tree import LocalTree

THREADS = 8
"""Concurrent requests."""

MAX_QUEUE = 64
"""Tasks in the queue of the threads."""

MAX_FAILURES = 100
"""Failed items after which fetching stops, because each failure takes seconds."""

Progress = Callable[[int, int], None]
"""Takes the number of items that have just been fetched, and the number of all items to fetch."""


def fetch(
    address: Address, cache: Path, page: int, minutes: float, progress: Progress
) -> tuple[MirrorTree, tuple[Diagnostic, ...]]:
    """Update the mirror of a server. A failed item is a problem, and the next build fetches it again.

    Raises SitegenError if the server cannot be reached, stops answering, does not list its content, or if the whole
    fetch takes more minutes, requests or bytes than it may.
    """
    name = hashlib.sha256(address.url.encode()).hexdigest()[:32]
    path = cache / "servers" / f"{name}.db"
    try:
        with connect(address, page, minutes) as server, closing(MirrorWriter(path, PARSER_KEY)) as copy:
            problems = _Fetch(server, copy, progress).run()
    except BudgetError as error:
        advice = "what was fetched is kept, and the next build fetches the rest"
        raise SitegenError(f"{address.url} cannot be fetched: {error}; {advice}") from error
    except GoneError as error:
        raise SitegenError(f"{address.url} stopped answering: {error}; what was fetched is kept") from error
    except RefusedError as error:
        raise SitegenError(f"{address.url} does not say what it has: {error}") from error
    return MirrorTree(Sqlite(LocalTree(str(path.parent)), path.name)), problems


@dataclass(frozen=True)
class Task:
    """An item to fetch: its name in the mirror, its path for problems, its mark, and the request.

    The request returns rows, and whether they are complete.
    """

    item: str
    place: str
    mark: bytes
    ask: Callable[[], tuple[Rows, bool]]


class _Fetch:
    """One update of a mirror."""

    def __init__(self, server: TrackingServer, copy: MirrorWriter, progress: Progress) -> None:
        self.server, self.copy, self.progress = server, copy, progress
        self.problems: list[Diagnostic] = []

    def run(self) -> tuple[Diagnostic, ...]:
        """Fetch items that are not in the mirror, and delete those that the server no longer has."""
        experiments, models = self.server.experiments(), self.server.registered_models()
        versions = self.server.versions() if models else []
        logged = self._logged_models(experiments, versions)
        runs = self._runs(experiments, [one.run_id for one in versions] + [one.source_run_id for one in logged])
        facts = {"registry": registry_rows(experiments, models, versions)}
        facts |= {f"run {one.info.run_id}": run_rows(one) for one in runs}
        facts |= {f"logged {one.model_id}": logged_rows(one) for one in logged}
        if not (models or logged or runs):
            bare = self.server.some_runs(_ids(experiments, "active"))
            facts["runs without models"] = {"runs": [row for one in bare for row in run_rows(one)["runs"]]}
        for item, rows in facts.items():
            self.copy.put(item, b"", rows)
        tasks = [*(task for one in runs for task in self._run_tasks(one)), *(self._model_task(one) for one in logged)]
        self._fetch([task for task in tasks if not self.copy.has(task.item, task.mark)])
        self.copy.delete_others(facts.keys() | {task.item for task in tasks})
        return tuple(sorted(self.problems, key=lambda found: (found.path, found.message)))

    # --- items -------------------------------------------------------------------------------------------------

    def _logged_models(self, experiments: list[Entity], versions: list[Entity]) -> list[Entity]:
        """The logged models of all experiments that are not deleted, and those that versions were made of."""
        found = {one.model_id: one for one in self.server.logged_models(_ids(experiments, "active"))}
        named = {match[1] for one in versions if (match := MODEL_URI.match(one.source or ""))}
        for id in sorted(named - found.keys()):
            self._add(found, id, f"models/{id}", self.server.logged_model)
        return list(found.values())

    def _runs(self, experiments: list[Entity], ids: Iterable[str | None]) -> list[Entity]:
        """The runs with these ids, and those that logged a model before MLflow 3."""
        found = {one.info.run_id: one for one in self.server.runs_with_models(_ids(experiments, "active"))}
        wanted = sorted({id for id in ids if id} - found.keys())
        try:
            found |= {one.info.run_id: one for one in self.server.runs(_ids(experiments), wanted)}
        except RefusedError:  # an old server knows no such question, and one that fails at a run fails at all of them
            for id in wanted:
                self._add(found, id, f"runs/{id}", self.server.run)
        return list(found.values())

    def _add(self, found: dict[str, Entity], id: str, place: str, ask: Callable[[str], Entity | None]) -> None:
        """Add the item with this id."""
        try:
            one = ask(id)
        except RefusedError as error:
            self._add_failure(place, str(error))
        else:
            found |= {} if one is None else {id: one}

    # --- facts of items ----------------------------------------------------------------------------------------

    def _run_tasks(self, run: Entity) -> Iterator[Task]:
        """The histories and files of a run."""
        id, root = run.info.run_id, run_root(run)
        place = root.path.removesuffix("/artifacts")
        keys = sorted(run.data.metrics)
        yield Task(f"history {id}", place, history_mark(run), partial(_history, self.server, id, keys, place))
        yield Task(f"files of run {id}", root.path, run_files_mark(run), partial(fetch_files, self.server, root))

    def _model_task(self, model: Entity) -> Task:
        """The files of a logged model."""
        root, mark = logged_root(model), logged_files_mark(model)
        return Task(f"files of {model.model_id}", root.path, mark, partial(fetch_files, self.server, root))

    def _fetch(self, tasks: list[Task]) -> None:
        """Fetch in several threads, and store each answer at once. Raises GoneError when the server is gone."""
        waiting: dict[Future[tuple[Rows, bool]], Task] = {}
        todo = iter(tasks)
        with ThreadPoolExecutor(THREADS) as pool:
            try:
                waiting |= {pool.submit(task.ask): task for task in islice(todo, MAX_QUEUE)}
                while waiting:
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        self._keep(waiting.pop(future), future)
                        self.progress(1, len(tasks))
                        waiting |= {pool.submit(task.ask): task for task in islice(todo, 1)}
            finally:
                pool.shutdown(cancel_futures=True)
                for future, task in waiting.items():
                    if not future.cancelled() and not future.exception():
                        self._keep(task, future)

    def _keep(self, task: Task, future: "Future[tuple[Rows, bool]]") -> None:
        """Store an answer; after a failure the rows of an earlier build stay."""
        try:
            rows, whole = future.result()
        except RefusedError as error:
            self._add_failure(task.place, str(error))
        except GoneError as error:
            self.server.probe()  # it may have broken off at this one item only
            self._add_failure(task.place, str(error))
        else:
            self.copy.put(task.item, task.mark if whole else b"", rows)

    def _add_failure(self, place: str, why: str) -> None:
        if len(self.problems) >= MAX_FAILURES:
            raise RefusedError(f"it fails at more than {MAX_FAILURES} items; the last: {why}")
        self.problems.append(problem("server", f"the server does not give it: {why}", printable(place)))


def _ids(experiments: Iterable[Entity], stage: str | None = None) -> list[str]:
    return [one.experiment_id for one in experiments if stage in (None, one.lifecycle_stage)]


def _history(server: TrackingServer, run: str, keys: Iterable[str], place: str) -> tuple[Rows, bool]:
    """The histories of a run's metrics. Raises GoneError."""
    rows: Rows = {"metrics": [], "notes": []}
    for key in keys:
        try:
            rows["metrics"] += history_rows(run, server.history(run, key))
        except RefusedError as error:
            message = f"the server does not give the history of {quote(key)}: {error}"
            rows["notes"].append(("server", message, place))
    return rows, not rows["notes"]
