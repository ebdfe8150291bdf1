"""Metrics in MLflow's tables: the latest values as MLflow reports them, with their histories."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from math import inf, nan
from operator import itemgetter

from sitegen.domain.model import Metric
from sitegen.formats.metrics import MAX_POINTS, Point, as_number, metric
from sitegen.formats.times import milliseconds
from sitegen.sources.database.rows import METRICS
from sitegen.sources.database.sqlite import Row, Sqlite, batches, placeholders

MAX_POINTS_AT_ONCE = 100_000
"""Points in memory at a time. Of a longer history only the extremes of each stretch are read."""

INFINITE = 1.7976931348623157e308
"""The numbers that MLflow stores for infinity, which SQL lacks: `sanitize_metric_value` in its sqlalchemy_store.py."""

NAN_VALUE = 0.0
"""The value by which NaN is compared with values of the same step and time: MLflow stores 0 for it.

Of NaN and 0 MLflow reports the one that was logged first. The tables do not record the order; here it is 0.
"""

_COLUMNS = (METRICS.id, *METRICS.names)

Histories = dict[str, dict[str, Metric]]
"""Metrics with their histories, by run and key."""


def read_histories(file: Sqlite, runs: Collection[str]) -> Histories:
    """The metrics of the runs that logged any of them more than once. Raises UnreadableError.

    Where there is no table of latest values, as in the first databases of MLflow, it is all runs.
    """
    once = 1 if "latest_metrics" in file.schema() else 0
    counts = _counts(file, runs)
    sizes = {run: sum(keys.values()) for run, keys in counts.items() if max(keys.values()) > once}
    found: Histories = {}
    for some in _batch_by_size({run: size for run, size in sizes.items() if size <= MAX_POINTS_AT_ONCE}):
        for run, key, history in _read_all_points(file, run_uuid=some):
            found.setdefault(run, {})[key] = history
    for run in (run for run, size in sizes.items() if size > MAX_POINTS_AT_ONCE):
        for key, count in counts[run].items():
            few = count <= MAX_POINTS_AT_ONCE
            parts = (
                _read_all_points(file, run_uuid=(run,), key=(key,)) if few else _read_extremes(file, run, key, count)
            )
            found.setdefault(run, {}).update((key, history) for _, key, history in parts)
    return found


def latest_metrics(latest: Iterable[Row], known: Mapping[str, Metric]) -> Iterator[Metric]:
    """The metrics of a run: the latest values that MLflow has a table for, with their histories.

    A value that is no number is left out.
    """
    for _, key, *columns in latest:
        own = point(*columns)
        if own is None or not isinstance(key, str):
            continue
        history = known.get(key)
        if history is None or history.logged == 1:
            yield Metric(key=key, value=own[2], step=own[0], timestamp=own[1])
        else:
            yield history._replace(value=own[2], step=own[0], timestamp=own[1])


def point(step: object, timestamp: object, value: object, is_nan: object = 0) -> Point | None:
    """A point from a row; None where the value is no number. A null is MLflow's NaN where there is no `is_nan`."""
    number = nan if is_nan or value is None else as_number(value if isinstance(value, int | float | str) else None)
    if number is None:
        return None
    if abs(number) >= INFINITE:
        number = inf if number > 0 else -inf
    return step if isinstance(step, int) else 0, milliseconds(timestamp), number


def _counts(file: Sqlite, runs: Collection[str]) -> dict[str, dict[str, int]]:
    """The number of points of each metric of each run."""
    found: dict[str, dict[str, int]] = {}
    for some in batches(runs) if "metrics" in file.schema() else ():
        statement = f"select run_uuid, key, count(*) from metrics where run_uuid in ({placeholders(some)})"  # noqa: S608
        for run, key, count in file.rows(f"{statement} group by run_uuid, key", some):
            if isinstance(key, str):
                found.setdefault(run, {})[key] = count
    return found


def _batch_by_size(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Split runs into batches of at most MAX_POINTS_AT_ONCE points."""
    some: list[str] = []
    load = 0
    for run, size in sizes.items():
        if load + size > MAX_POINTS_AT_ONCE and some:
            yield some
            some, load = [], 0
        some.append(run)
        load += size
    if some:
        yield some


def _read_all_points(file: Sqlite, **among: Collection[str]) -> Iterator[tuple[str, str, Metric]]:
    """Run, key and metric, from all points of a metric."""
    for (run, key), rows in groupby(file.select("metrics", _COLUMNS, **among), key=itemgetter(0, 1)):
        points = (point(*row[2:]) for row in rows)
        found = metric(key, [one for one in points if one], NAN_VALUE) if isinstance(key, str) else None
        if found:
            yield run, key, found


def _read_extremes(file: Sqlite, run: str, key: str, count: int) -> Iterator[tuple[str, str, Metric]]:
    """The same from the first and the last point of a history, and the lowest and highest of each stretch between."""
    known = file.schema()["metrics"]
    columns = ", ".join(name if name in known else f"null as {name}" for name in _COLUMNS[2:])
    history = f"(select {columns} from metrics where run_uuid = ?1 and key = ?2)"  # noqa: S608 - our own names
    undefined = "(ifnull(is_nan, 0) or value is null)"
    rank = ("step", "timestamp", f"case when {undefined} then {NAN_VALUE} else value end", f"not {undefined}")
    ends = (
        f"select * from (select step, timestamp, value, is_nan from {history} order by {order} limit 1)"  # noqa: S608
        for order in (", ".join(rank), ", ".join(f"{part} desc" for part in rank))
    )
    stretches = f"ntile({MAX_POINTS // 2 - 1}) over (order by step, timestamp, value) as stretch"
    finite = f"ifnull(is_nan, 0) = 0 and abs(value) < {INFINITE!r}"
    points = f"(select step, timestamp, value, {stretches} from {history} where {finite})"  # noqa: S608
    extremes = (
        f"select step, timestamp, {extreme}(value), 0 from {points} group by stretch"  # noqa: S608
        for extreme in ("min", "max")
    )
    rows = file.rows(" union all ".join([*ends, *extremes]), (run, key))
    found = metric(key, [one for one in (point(*row) for row in rows) if one], NAN_VALUE)
    if found:
        yield run, key, found._replace(logged=count)
