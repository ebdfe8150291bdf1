"""Facts from the tables of MLflow's database (`mlflow.db`), versions 1.0 to 3.x."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Dataset, Metric, Pairs, Run
from sitegen.formats.meta_yaml import MODEL_STATUS
from sitegen.formats.metrics import ModelPoint, metric
from sitegen.formats.text import quote
from sitegen.formats.times import milliseconds
from sitegen.sources.database.metrics import NAN_VALUE, latest_metrics, point, read_histories
from sitegen.sources.database.rows import (
    Conditions,
    LoggedRows,
    ModelRows,
    RunRows,
    VersionRows,
    digest,
    group_rows,
    logged_rows,
    model_rows,
    run_rows,
    text,
    version_name,
    version_rows,
)
from sitegen.sources.database.sqlite import LockedError, Row, Sqlite
from sitegen.sources.model_metrics import ModelMetric, ModelOutput, group_points
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.refs import Key
from sitegen.sources.tracking_store import LoggedFacts, ModelFacts, RunFacts, VersionFacts
from sitegen.storage.tree import UnreadableError

HIDDEN_STAGE = "deleted"
"""The lifecycle stage of runs and experiments that MLflow hides."""

T = TypeVar("T")


@dataclass(frozen=True)
class Database:
    """Facts from the tables of a database. `path` is relative to the registry's root.

    A database of MLflow 3 may hold several workspaces, each with its own models: each is a store of its own. None
    stands for a database without workspaces. It uses no parse cache: unchanged models are not queried. A failed query
    stops the command where the database is `required`.
    """

    file: Sqlite
    path: str
    workspace: str | None = None
    required: bool = False

    def runs(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, RunFacts]:  # noqa: ARG002
        """Facts of runs, by id."""
        return self._answer(keys, self._runs, RunFacts)

    def logged_models(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, LoggedFacts]:  # noqa: ARG002
        """Facts of logged models, by id."""
        return self._answer(keys, self._logged_models, LoggedFacts)

    def versions(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, VersionFacts]:  # noqa: ARG002
        """Facts of registered versions, by the keys' ids."""
        return self._answer(keys, self._versions, VersionFacts)

    def model(self, key: Key, recall: ParseCache) -> ModelFacts:  # noqa: ARG002
        """Facts of a registered model."""
        return self._answer([key], self._models, ModelFacts).get(key.id, ModelFacts())

    def conditions(self, names: Collection[str] | None = None) -> Conditions:
        """The conditions for registered models: their names, and the workspace where there are several."""
        chosen = {} if names is None else {"name": names}
        return chosen if self.workspace is None else chosen | {"workspace": (self.workspace,)}

    def _answer(
        self, keys: Iterable[Key], ask: Callable[[list[str]], dict[str, T]], facts: Callable[..., T]
    ) -> dict[str, T]:
        """Run a query, or return a problem in place of the facts.

        A locked database stops the command: it was readable when the build started, and pages without its facts would
        stay until the facts change. So does any failure of a required database.
        """
        ids = [key.id for key in keys]
        try:
            return ask(ids)
        except LockedError as error:
            raise SitegenError(f"{self.path} cannot be read: {error}") from error
        except UnreadableError as error:
            if self.required:
                raise SitegenError(f"{self.path} cannot be read: {error}") from error
            found = problem("database", f"cannot be read: {error}", self.path)
            return {id: facts(problems=(found,), digest=digest(str(error))) for id in ids}

    def _runs(self, ids: list[str]) -> dict[str, RunFacts]:
        logged = read_histories(self.file, ids)
        found = {}
        for id, rows in run_rows(self.file, ids).items():
            known = logged.get(id, {})
            latest = (
                tuple(latest_metrics(rows.latest, known)) if "latest_metrics" in self.file.schema() else known.values()
            )
            found[id] = _run_facts(rows, tuple(sorted(latest, key=lambda one: one.key)), self.path)
        return found

    def _logged_models(self, ids: list[str]) -> dict[str, LoggedFacts]:
        return {id: _logged_facts(rows, self.path) for id, rows in logged_rows(self.file, ids).items()}

    def _versions(self, ids: list[str]) -> dict[str, VersionFacts]:
        found = version_rows(self.file, self.conditions({version_name(id) for id in ids}))
        return {id: _version(found[id]) for id in ids if id in found}

    def _models(self, names: list[str]) -> dict[str, ModelFacts]:
        return {name: _model(rows) for name, rows in model_rows(self.file, self.conditions(names)).items()}


def _run_facts(rows: RunRows, metrics: tuple[Metric, ...], path: str) -> RunFacts:
    id, name, experiment, status, start, end, user, stage, artifacts = rows.own[0]
    tags = _pairs(rows.tags)
    system = tuple(pair for pair in tags if pair[0].startswith("mlflow."))
    known = dict(system)
    run = Run(
        id=id,
        name=text(name) or known.get("mlflow.runName"),
        experiment_id=text(experiment),
        status=text(status),
        start=milliseconds(start),
        end=milliseconds(end),
        user=text(user) or known.get("mlflow.user"),
        artifact_uri=text(artifacts),
        description=known.get("mlflow.note.content"),
        system=system,
    )
    return RunFacts(
        run=run,
        params=_pairs(rows.params),
        metrics=metrics,
        tags=tuple(pair for pair in tags if pair[0] not in known),
        datasets=tuple(_dataset(row) for row in rows.datasets),
        outputs=tuple(_outputs(rows)),
        deleted=stage == HIDDEN_STAGE,
        problems=_not_numbers(rows.latest, metrics, path),
        digest=digest(*rows, [(one.key, one.logged, one.least, one.most, one.points) for one in metrics if one.points]),
    )


def _logged_facts(rows: LoggedRows, path: str) -> LoggedFacts:
    _, _, _, run, _, created, status, updated = rows.own[0]
    metrics: list[ModelMetric] = []
    for key, some in sorted(group_rows(rows.metrics, itemgetter(1)).items()):
        metrics += group_points(key, (one for one in map(_model_point, some) if one), text(run))
    return LoggedFacts(
        created=milliseconds(created),
        updated=milliseconds(updated),
        status=MODEL_STATUS.get(text(status) or "", text(status)),
        run=text(run) or None,
        params=_pairs(rows.params),
        metrics=tuple(metrics),
        tags=tuple(pair for pair in _pairs(rows.tags) if not pair[0].startswith("mlflow.")),
        problems=_not_numbers(rows.metrics, [one.metric for one in metrics], path),
        digest=digest(*rows),
    )


def _model_point(row: Row) -> ModelPoint | None:
    """A point of a logged model; None where the value is no number."""
    found, (run, dataset, identity) = point(*row[2:5]), row[5:]
    return ModelPoint(text(run) or "", text(dataset), text(identity), found) if found else None


def _outputs(rows: RunRows) -> Iterator[ModelOutput]:
    """The logged models of a run, each with the run's values at its step."""
    at_steps: dict[object, list[Metric]] = {}
    for (step, key), some in sorted(_by_step_and_key(rows.at_steps).items()):
        value = metric(key, [one for one in (point(*row[2:]) for row in some) if one], NAN_VALUE)
        at_steps.setdefault(step, []).extend([value] if value else [])
    for _, model, step, *_ in sorted(rows.outputs, key=lambda row: str(row[1])):
        number = step if isinstance(step, int) else 0
        yield ModelOutput(text(model) or "", number, tuple(at_steps.get(step, ())))


def _by_step_and_key(rows: Iterable[Row]) -> dict[tuple[int, str], list[Row]]:
    found: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        if isinstance(row[1], str) and isinstance(row[2], int):
            found.setdefault((row[2], row[1]), []).append(row)
    return found


def _version(rows: VersionRows) -> VersionFacts:
    _, _, created, description, stage, source, _, _, status, updated = rows.own[0]
    return VersionFacts(
        created=milliseconds(created),
        updated=milliseconds(updated),
        description=text(description) or None,
        source=text(source) or None,
        stage=None if stage == "None" else text(stage) or None,  # MLflow writes the text
        status=text(status) or None,
        tags=_pairs(rows.tags),
        digest=digest(*rows),
    )


def _model(rows: ModelRows) -> ModelFacts:
    return ModelFacts(
        updated=milliseconds(rows.own[0][3]),
        description=text(rows.own[0][1]) or None,
        tags=_pairs(rows.tags),
        aliases=_pairs(rows.aliases),
        digest=digest(*rows),
    )


def _pairs(rows: Iterable[Row]) -> Pairs:
    """Pairs from the last two columns of the rows, without null keys and values."""
    found = ((text(row[-2]), text(row[-1])) for row in rows)
    return tuple(sorted((key, value) for key, value in found if key is not None and value is not None))


def _dataset(row: Row) -> Dataset:
    name, digest, context, source_type, source, schema, profile = (text(value) for value in row[1:])
    return Dataset(
        name=name or "dataset",
        digest=digest,
        context=context,
        source_type=source_type,
        source=source,
        schema=schema,
        profile=profile,
    )


def _not_numbers(rows: Iterable[Row], metrics: Iterable[Metric], path: str) -> tuple[Diagnostic, ...]:
    """A problem for each metric that has a row and no value."""
    lost = {text(row[1]) or "" for row in rows} - {one.key for one in metrics}
    return tuple(problem("metric-value", f"{quote(key)} is no number", path) for key in sorted(lost))
