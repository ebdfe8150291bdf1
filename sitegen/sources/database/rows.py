"""The rows of MLflow's tables about runs, logged models, registered models and versions, by id."""

import hashlib
import marshal
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sitegen.formats.meta_yaml import CONTEXT_TAG
from sitegen.sources.database.sqlite import Row, Sqlite, batches, placeholders

Conditions = Mapping[str, Collection[str]]
"""Values by column: rows whose columns hold one of them."""


class RunRows(NamedTuple):
    """A run's rows; each begins with the run's id.

    `own`: name, experiment, status, start, end, user, lifecycle stage, artifact URI.
    `latest`: key, step, timestamp, value, is NaN.
    `datasets`: name, digest, context, source type, source, schema, profile.
    """

    own: list[Row]
    latest: list[Row]
    params: list[Row]
    tags: list[Row]
    datasets: list[Row]


class LoggedRows(NamedTuple):
    """A logged model's rows; each begins with the model's id.

    `own`: name, experiment, run, lifecycle stage, created, status. `metrics`: key, step, timestamp, value.
    """

    own: list[Row]
    metrics: list[Row]
    params: list[Row]
    tags: list[Row]


class ModelRows(NamedTuple):
    """A registered model's rows; each begins with the name. `own`: description, created; `aliases`: alias, version."""

    own: list[Row]
    tags: list[Row]
    aliases: list[Row]


class VersionRows(NamedTuple):
    """A registered version's rows; each begins with name and version.

    `own`: created, description, stage, source, storage location, run.
    """

    own: list[Row]
    tags: list[Row]


def run_rows(file: Sqlite, ids: Collection[str]) -> dict[str, RunRows]:
    """The rows of runs, by id. Raises UnreadableError, as all functions here do."""
    times = ("start_time", "end_time")
    own = ("run_uuid", "name", "experiment_id", "status", *times, "user_id", "lifecycle_stage", "artifact_uri")
    latest = ("run_uuid", "key", "step", "timestamp", "value", "is_nan")
    parts = (
        group_rows(file.select("runs", own, run_uuid=ids)),
        group_rows(file.select("latest_metrics", latest, run_uuid=ids)),
        group_rows(file.select("params", ("run_uuid", "key", "value"), run_uuid=ids)),
        group_rows(file.select("tags", ("run_uuid", "key", "value"), run_uuid=ids)),
        group_rows(_dataset_rows(file, ids)),
    )
    return {id: RunRows(*(part.get(id, []) for part in parts)) for id in ids if id in parts[0]}


def _dataset_rows(file: Sqlite, runs: Collection[str]) -> list[Row]:
    """The datasets that runs used, by the table `inputs`; its tags are their purposes."""
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
    columns = ("name", "digest", "dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile")
    found = file.select("datasets", ("dataset_uuid", *columns), dataset_uuid={row[1] for row in used})
    datasets = {row[0]: row[1:] for row in found}
    return [
        (run, *datasets[id][:2], context.get(input), *datasets[id][2:]) for run, id, input in used if id in datasets
    ]


def logged_rows(file: Sqlite, ids: Collection[str]) -> dict[str, LoggedRows]:
    """The rows of logged models, by id."""
    own = ("name", "experiment_id", "source_run_id", "lifecycle_stage", "creation_timestamp_ms", "status")
    metrics = ("model_id", "metric_name", "metric_step", "metric_timestamp_ms", "metric_value")
    parts = (
        group_rows(file.select("logged_models", ("model_id", *own), model_id=ids)),
        group_rows(file.select("logged_model_metrics", metrics, model_id=ids)),
        group_rows(file.select("logged_model_params", ("model_id", "param_key", "param_value"), model_id=ids)),
        group_rows(file.select("logged_model_tags", ("model_id", "tag_key", "tag_value"), model_id=ids)),
    )
    return {id: LoggedRows(*(part.get(id, []) for part in parts)) for id in ids if id in parts[0]}


def model_rows(file: Sqlite, among: Conditions) -> dict[str, ModelRows]:
    """The rows of registered models, by name."""
    parts = (
        group_rows(file.select("registered_models", ("name", "description", "creation_time"), **among)),
        group_rows(file.select("registered_model_tags", ("name", "key", "value"), **among)),
        group_rows(file.select("registered_model_aliases", ("name", "alias", "version"), **among)),
    )
    return {name: ModelRows(*(part.get(name, []) for part in parts)) for name in parts[0]}


def version_rows(file: Sqlite, among: Conditions) -> dict[str, VersionRows]:
    """The rows of all versions of registered models, by the ids of their keys."""
    own = ("creation_time", "description", "current_stage", "source", "storage_location", "run_id")
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


def sums(
    file: Sqlite, table: str, id: str, texts: Sequence[str], numbers: Sequence[str], ids: Collection[str]
) -> dict[str, list[Row]]:
    """One row for each id that changes whenever its rows of a table do: count, joined texts, totals of numbers.

    That is a third of the work of reading the rows. Two numbers that change places go unnoticed here, but MLflow
    never exchanges numbers: it adds points, each with a time.
    """
    known = file.schema().get(table)
    if not known:
        return {}
    joined = " || char(31) || ".join(f"ifnull(\"{name}\", '')" for name in texts if name in known)
    totals = [f'total("{name}")' for name in numbers if name in known]
    what = ", ".join(["count(*)", "max(rowid)", *([f"group_concat({joined})"] if joined else []), *totals])
    found: list[Row] = []
    for some in batches(ids):
        statement = f'select "{id}", {what} from "{table}" where "{id}" in ({placeholders(some)}) group by 1'  # noqa: S608 - our names
        found += file.rows(statement, some)
    return group_rows(found)


def digest(*parts: Any) -> bytes:
    """A digest that changes whenever a value in the rows does. Marshal is exact, and ten times as fast as repr."""
    return hashlib.blake2b(marshal.dumps(parts, 2), digest_size=16).digest()


def text(value: object) -> str | None:
    """A value as the text that MLflow put there: a database takes values of any type in any column."""
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
