"""The rows of MLflow's tables about runs, logged models, registered models and versions, by id."""

import hashlib
import marshal
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from sitegen.formats.meta_yaml import CONTEXT_TAG
from sitegen.sources.database.checksum import CHECKSUM, exact
from sitegen.sources.database.sqlite import Row, Sqlite, batches, placeholders

MAX_STEPS = 500
"""Steps that one query asks for: SQLite limits the values of a query."""

Conditions = Mapping[str, Collection[str]]
"""Values by column: rows whose columns hold one of them."""

LAST_UPDATE, LAST_UPDATE_MS = "last_updated_time", "last_updated_timestamp_ms"
"""MLflow's columns for the time of the last change, in milliseconds: of models and versions, of logged models."""


class Columns(NamedTuple):
    """The columns of a table that are read for entries of one kind, and the column `id` with the id of the entry.

    Both reading and stamps are made from it: a column that pages show is in the stamp. `where` holds conditions, each
    a column with the value that it must have.
    """

    table: str
    id: str
    names: tuple[str, ...]
    where: tuple[tuple[str, str], ...] = ()


RUNS = Columns(
    "runs",
    "run_uuid",
    ("name", "experiment_id", "status", "start_time", "end_time", "user_id", "lifecycle_stage", "artifact_uri"),
)
LATEST_METRICS = Columns("latest_metrics", "run_uuid", ("key", "step", "timestamp", "value", "is_nan"))
METRICS = Columns("metrics", "run_uuid", ("key", "step", "timestamp", "value", "is_nan"))
PARAMS = Columns("params", "run_uuid", ("key", "value"))
TAGS = Columns("tags", "run_uuid", ("key", "value"))
OUTPUTS = Columns(
    "inputs",
    "source_id",
    ("destination_id", "step"),
    (("source_type", "RUN_OUTPUT"), ("destination_type", "MODEL_OUTPUT")),
)
DATASETS = Columns(
    "datasets",
    "dataset_uuid",
    ("name", "digest", "dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile"),
)

LOGGED_MODELS = Columns(
    "logged_models",
    "model_id",
    (
        *("name", "experiment_id", "source_run_id", "lifecycle_stage"),
        *("creation_timestamp_ms", "status", LAST_UPDATE_MS),
    ),
)
LOGGED_METRICS = Columns(
    "logged_model_metrics",
    "model_id",
    (
        *("metric_name", "metric_step", "metric_timestamp_ms", "metric_value"),
        *("run_id", "dataset_name", "dataset_digest"),
    ),
)
LOGGED_PARAMS = Columns("logged_model_params", "model_id", ("param_key", "param_value"))
LOGGED_TAGS = Columns("logged_model_tags", "model_id", ("tag_key", "tag_value"))

AT_ONCE = 50
"""Ids in one query for checksums: some millions of rows reach the limit of steps."""


class RunRows(NamedTuple):
    """A run's rows; each begins with the run's id.

    `own`: name, experiment, status, start, end, user, lifecycle stage, artifact URI.
    `latest`: key, step, timestamp, value, is NaN.
    `datasets`: name, digest, context, source type, source, schema, profile. `outputs`: logged model, step; `at_steps`,
    of a run with several logged models: key, step, timestamp, value, is NaN of its points at the steps of these.
    """

    own: list[Row]
    latest: list[Row]
    params: list[Row]
    tags: list[Row]
    datasets: list[Row]
    outputs: list[Row]
    at_steps: list[Row]


class LoggedRows(NamedTuple):
    """A logged model's rows; each begins with the model's id.

    `own`: name, experiment, run, lifecycle stage, created, status, updated. `metrics`: key, step, timestamp, value,
    run, dataset, digest.
    """

    own: list[Row]
    metrics: list[Row]
    params: list[Row]
    tags: list[Row]


class ModelRows(NamedTuple):
    """A registered model's rows; each begins with the name.

    `own`: description, created, updated; `aliases`: alias, version.
    """

    own: list[Row]
    tags: list[Row]
    aliases: list[Row]


class VersionRows(NamedTuple):
    """A registered version's rows; each begins with name and version.

    `own`: created, description, stage, source, storage location, run, status, updated.
    """

    own: list[Row]
    tags: list[Row]


def run_rows(file: Sqlite, ids: Collection[str]) -> dict[str, RunRows]:
    """The rows of runs, by id. Raises UnreadableError, as all functions here do."""
    outputs = list(_rows(file, OUTPUTS, ids))
    parts = (
        *(_rows_by_id(file, columns, ids) for columns in (RUNS, LATEST_METRICS, PARAMS, TAGS)),
        group_rows(_dataset_rows(file, ids)),
        group_rows(outputs),
        group_rows(_rows_at_steps(file, outputs)),
    )
    return {id: RunRows(*(part.get(id, []) for part in parts)) for id in ids if id in parts[0]}


def run_stamps(file: Sqlite, ids: Collection[str]) -> dict[str, bytes]:
    """A stamp for each run that changes with everything that is read for it, its metrics' histories included."""
    parts = [checksums(file, columns, ids) for columns in (RUNS, LATEST_METRICS, METRICS, PARAMS, TAGS, OUTPUTS)]
    datasets = _dataset_stamps(file, ids)
    return {id: digest(*(part.get(id) for part in parts), datasets.get(id)) for id in ids if id in parts[0]}


def _rows_at_steps(file: Sqlite, outputs: list[Row]) -> Iterator[Row]:
    """The points of runs with several logged models at the steps of these."""
    several = {run for run, count in Counter(run for run, *_ in outputs).items() if count > 1}
    steps = {(run, step) for run, _, step, *_ in outputs if run in several}
    if steps:
        few = {} if len(steps) > MAX_STEPS else {"step": {step for _, step in steps}}
        found = file.select(METRICS.table, (METRICS.id, *METRICS.names), run_uuid=several, **few)
        yield from (row for row in found if (row[0], row[2]) in steps)


def _used_datasets(file: Sqlite, runs: Collection[str]) -> list[Row]:
    """Run, dataset and context of each dataset that a run used, from the table `inputs` and its tags."""
    used = list(
        file.select(
            "inputs",
            ("destination_id", "source_id", "input_uuid"),
            destination_id=runs,
            destination_type=("RUN",),
            source_type=("DATASET",),
        )
    )
    tags = file.select("input_tags", ("input_uuid", "value"), input_uuid=[row[2] for row in used], name=(CONTEXT_TAG,))
    context: dict[str, object] = dict(tags)
    return [(run, id, context.get(input)) for run, id, input in used]


def _dataset_rows(file: Sqlite, runs: Collection[str]) -> list[Row]:
    """The datasets that runs used."""
    used = _used_datasets(file, runs)
    rows = file.select(DATASETS.table, (DATASETS.id, *DATASETS.names), dataset_uuid={row[1] for row in used})
    datasets = {row[0]: row[1:] for row in rows}
    return [(run, *datasets[id][:2], context, *datasets[id][2:]) for run, id, context in used if id in datasets]


def _dataset_stamps(file: Sqlite, runs: Collection[str]) -> dict[str, list[Row]]:
    """The stamps of the datasets that runs used, with their contexts, by run. Many runs may share a dataset."""
    used = _used_datasets(file, runs)
    datasets = checksums(file, DATASETS, {id for _, id, _ in used if isinstance(id, str)})
    return group_rows((run, context, datasets.get(text(id) or "")) for run, id, context in used)


def logged_rows(file: Sqlite, ids: Collection[str]) -> dict[str, LoggedRows]:
    """The rows of logged models, by id."""
    parts = [_rows_by_id(file, columns, ids) for columns in (LOGGED_MODELS, LOGGED_METRICS, LOGGED_PARAMS, LOGGED_TAGS)]
    return {id: LoggedRows(*(part.get(id, []) for part in parts)) for id in ids if id in parts[0]}


def logged_stamps(file: Sqlite, ids: Collection[str]) -> dict[str, bytes]:
    """A stamp for each logged model that changes with everything that is read for it."""
    parts = [checksums(file, columns, ids) for columns in (LOGGED_MODELS, LOGGED_METRICS, LOGGED_PARAMS, LOGGED_TAGS)]
    return {id: digest(*(part.get(id) for part in parts)) for id in ids if id in parts[0]}


def model_rows(file: Sqlite, among: Conditions) -> dict[str, ModelRows]:
    """The rows of registered models, by name."""
    parts = (
        group_rows(file.select("registered_models", ("name", "description", "creation_time", LAST_UPDATE), **among)),
        group_rows(file.select("registered_model_tags", ("name", "key", "value"), **among)),
        group_rows(file.select("registered_model_aliases", ("name", "alias", "version"), **among)),
    )
    return {name: ModelRows(*(part.get(name, []) for part in parts)) for name in parts[0]}


def version_rows(file: Sqlite, among: Conditions) -> dict[str, VersionRows]:
    """The rows of all versions of registered models, by the ids of their keys."""
    own = (
        *("creation_time", "description", "current_stage", "source"),
        *("storage_location", "run_id", "status", LAST_UPDATE),
    )
    parts = (
        group_rows(file.select("model_versions", ("name", "version", *own), **among), version_id),
        group_rows(file.select("model_version_tags", ("name", "version", "key", "value"), **among), version_id),
    )
    return {id: VersionRows(*(part.get(id, []) for part in parts)) for id in parts[0]}


def version_id(row: Row) -> str:
    """The id of a version in its key: the number, then the name, which may hold anything."""
    return f"{text(row[1])} {text(row[0])}"


def version_name(id: str) -> str:
    """The name of the model that a version's id speaks of."""
    return id.partition(" ")[2]


def group_rows(rows: Iterable[Row], id: Callable[[Row], object] = itemgetter(0)) -> dict[str, list[Row]]:
    """Rows by id, without rows whose id is not a text."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        name = id(row)
        if isinstance(name, str):
            found.setdefault(name, []).append(row)
    return found


def _rows(file: Sqlite, columns: Columns, ids: Collection[str]) -> Iterator[Row]:
    """The rows of a table that belong to these ids."""
    conditions = {column: (value,) for column, value in columns.where}
    return file.select(columns.table, (columns.id, *columns.names), **{columns.id: ids}, **conditions)


def _rows_by_id(file: Sqlite, columns: Columns, ids: Collection[str]) -> dict[str, list[Row]]:
    """The rows of a table by id."""
    return group_rows(_rows(file, columns, ids))


def checksums(file: Sqlite, columns: Columns, ids: Collection[str]) -> dict[str, bytes]:
    """A digest of the rows of a table for each id that has any. It may change with the order of equal rows on the disk.

    That is half of the work of reading them: 800,000 points take 1.0 s of processor time.
    """
    known = file.schema().get(columns.table, frozenset())
    if columns.id not in known:
        return {}
    values = ", ".join(exact(f'"{name}"') if name in known else "null" for name in columns.names)
    fixed = {column: value for column, value in columns.where if column in known}
    also = "".join(f' and "{column}" = ?' for column in fixed)
    found: list[Row] = []
    for some in batches(ids, AT_ONCE):
        condition = f'"{columns.id}" in ({placeholders(some)}){also}'
        what = f'"{columns.id}", {CHECKSUM}({values})'
        statement = f'select {what} from "{columns.table}" where {condition} group by 1'  # noqa: S608 - our own names
        found += file.rows(statement, [*some, *fixed.values()])
    return {id: whole for id, whole in found if isinstance(id, str)}


def digest(*parts: Any) -> bytes:
    """A digest that changes whenever a value in the rows does. Marshal is exact, and ten times as fast as repr."""
    return hashlib.blake2b(marshal.dumps(parts, 2), digest_size=16).digest()


def text(value: object) -> str | None:
    """A value as the text that MLflow put there: a database takes values of any type in any column."""
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
