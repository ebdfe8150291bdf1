"""Metrics: MLflow's metric files, and JSON, YAML and CSV files next to a model."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import inf
from typing import NamedTuple, TypeVar

from sitegen.domain.diagnostic import Diagnostic, Findings, Loaded, problem
from sitegen.domain.model import Metric
from sitegen.domain.signature import Json
from sitegen.formats.json import load_json
from sitegen.formats.key_values import MAX_KEY_LENGTH
from sitegen.formats.text import quote
from sitegen.formats.times import milliseconds
from sitegen.formats.yaml import load_yaml

T = TypeVar("T")

MAX_POINTS = 500

_STEPS = range(-(2**63), 2**63)
"""Steps that fit into 64 bits, as in MLflow's database."""

Point = tuple[int, int | None, float]
"""Step, timestamp in milliseconds, value."""


class ModelPoint(NamedTuple):
    """A point of a metric of a logged model: who logged it, for which dataset, and the point itself."""

    run_id: str
    dataset: str | None
    digest: str | None
    point: Point


def metric(key: str, points: Iterable[Point], undefined: float = -inf) -> Metric | None:
    """The metric with this history; None if the history is empty.

    As in MLflow, the latest value is the one with the highest (step, timestamp, value), not the last line.
    MLflow 3 writes some points twice; duplicates count once. `undefined` is the value as which NaN is sorted among
    the values of one step and time.
    """
    history = list(points)
    if len(history) > 1:
        # equal points have equal ranks, even if their value is NaN
        ranked = {_rank(point, undefined): point for point in history}
        history = [ranked[rank] for rank in sorted(ranked)]
    if not history:
        return None
    step, timestamp, value = history[-1]
    if len(history) == 1:
        return Metric(key=key, value=value, step=step, timestamp=timestamp)
    finite = [point[2] for point in history if point[2] - point[2] == 0]
    return Metric(
        key=key,
        value=value,
        step=step,
        timestamp=timestamp,
        logged=len(history),
        least=min(finite, default=None),
        most=max(finite, default=None),
        points=thin_out([(point[0], point[2]) for point in history]),
    )


def _rank(point: Point, undefined: float) -> tuple[int, int, float, bool]:
    step, timestamp, value = point
    return step, timestamp or 0, value if value == value else undefined, value == value


def thin_out(points: list[tuple[int, float]], most: int = MAX_POINTS) -> tuple[tuple[int, float], ...]:
    """At most `most` of the points: the first, the last, and the lowest and highest of each interval between them.

    NaN and infinities count only in an interval that has no finite value: one of them is kept there.
    """
    if len(points) <= most:
        return tuple(points)
    stretch = (len(points) - 2) / (most // 2 - 1)
    kept = {0, len(points) - 1}
    for number in range(most // 2 - 1):
        inside = range(1 + int(number * stretch), 1 + int((number + 1) * stretch))
        finite = [i for i in inside if points[i][1] - points[i][1] == 0] or inside[:1]
        kept |= {min(finite, key=lambda i: points[i][1]), max(finite, key=lambda i: points[i][1])}
    return tuple(points[i] for i in sorted(kept))


def parse_metric_lines(text: str, key: str, path: str) -> Loaded[Metric | None]:
    """A metric file of a run: lines of `timestamp value [step [dataset, digest]]`."""
    loaded = parse_points(text, path)
    return Loaded(metric(key, loaded.value), loaded.problems)


def parse_points(text: str, path: str) -> Loaded[list[Point]]:
    """The points in a metric file of a run, in the order of its lines."""
    return _parse_lines(text, path, _point)


def parse_model_points(text: str, path: str) -> Loaded[list[ModelPoint]]:
    """The points in a metric file of a logged model: lines of `timestamp value step run [dataset digest]`."""
    return _parse_lines(text, path, _model_point)


def _parse_lines(text: str, path: str, parse: Callable[[list[str]], T]) -> Loaded[list[T]]:
    found: list[T] = []
    findings = Findings(path)
    for number, line in enumerate(text.splitlines(), 1):
        try:
            found.append(parse(line.split(" ")))
        except (ValueError, IndexError):
            if line.strip():
                findings.add("metric-value", partial(_no_point, line), number)
    return Loaded(found, findings.problems())


def _no_point(line: str) -> str:
    return f"{quote(line)} is no point of a metric"


def _no_number(key: str, value: Json) -> str:
    return f"{quote(key)} is {quote(str(value))}, no number"


def _point(fields: list[str]) -> Point:
    # Split from the left: a dataset name after the step may contain spaces. Lines of old MLflow have no step.
    step = int(fields[2]) if len(fields) > 2 else 0
    if step not in _STEPS:
        raise ValueError(step)
    return step, milliseconds(fields[0]), float(fields[1])


def _model_point(fields: list[str]) -> ModelPoint:
    """A point of a logged model. The digest is the last field: a dataset's name may hold spaces."""
    run = fields[3] if len(fields) > 3 else ""
    digest = fields[-1] if len(fields) > 5 else None
    dataset = " ".join(fields[4:-1] if digest else fields[4:])
    return ModelPoint(run, dataset or None, digest, _point(fields))


def parse_metrics(text: str, path: str) -> Loaded[tuple[Metric, ...]]:
    """The metrics of a JSON, YAML or CSV file, sorted by key; the suffix decides the format.

    JSON and YAML hold `key: number`, `key: [numbers, one a step]`, `key: {value, step, timestamp}`, a list of such
    objects, or mappings of these, whose keys are joined by `/`. CSV holds `key,value[,step[,timestamp]]`, or one
    column per metric with a row per step.
    """
    histories: dict[str, list[Point]] = {}
    problems: tuple[Diagnostic, ...] = ()
    findings = Findings(path)
    if path.endswith(".csv"):
        rows = _csv_points(text)
    else:
        loaded = load_json(text, path) if path.endswith(".json") else load_yaml(text, path)
        problems = loaded.problems
        rows = iter(()) if loaded.value is None else _json_points(loaded.value)
    try:
        for key, step, timestamp, value in rows:
            number = as_number(value)
            if number is not None:
                histories.setdefault(key, []).append((step, timestamp, number))
            else:
                findings.add("metric-value", partial(_no_number, key, value))
    except csv.Error as error:
        problems = (*problems, problem("pairs-shape", f"not readable as CSV: {error}", path))
    metrics = (metric(key, points) for key, points in sorted(histories.items()))
    return Loaded(tuple(each for each in metrics if each), (*problems, *findings.problems()))


def as_number(value: Json) -> float | None:
    """The number that a value is, or that a text spells; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


Row = tuple[str, int, int | None, Json]
"""Key, step, timestamp, value as in the file."""


def _json_points(value: Json, prefix: str = "") -> Iterator[Row]:
    if isinstance(value, dict) and ("key" in value or prefix) and "value" in value:
        key = prefix or str(value.get("key"))
        yield key, as_step(value.get("step")), milliseconds(value.get("timestamp")), value["value"]
    elif isinstance(value, dict) and len(prefix) < MAX_KEY_LENGTH:
        for key, inner in value.items():
            yield from _json_points(inner, f"{prefix}/{key}" if prefix else key)
    elif isinstance(value, list):
        for step, inner in enumerate(value):
            if isinstance(inner, dict | list):
                yield from _json_points(inner, prefix)
            else:
                yield prefix or str(step), step, None, inner
    else:
        yield prefix or "metric", 0, None, value


def as_step(value: Json) -> int:
    """The step that a value is or spells; 0 for anything else."""
    number = as_number(value)
    return int(number) if number is not None and number - number == 0 and int(number) in _STEPS else 0


def _csv_points(text: str) -> Iterator[Row]:
    lines = (row for row in csv.reader(io.StringIO(text, newline="")) if row)
    header = [name.strip() for name in next(lines, [])]
    names = [name.lower() for name in header]
    if "value" in names and {"key", "metric", "name"} & set(names):
        key = next(i for i, name in enumerate(names) if name in ("key", "metric", "name"))
        for row in lines:
            cell = dict(zip(names, row, strict=False))
            if len(row) > key and row[key]:
                yield row[key], as_step(cell.get("step")), milliseconds(cell.get("timestamp")), cell.get("value")
    elif len(header) == 2 and as_number(header[1]) is not None:  # no header: key,value from the first line on
        for row in (header, *lines):
            yield row[0], 0, None, row[1] if len(row) > 1 else None
    else:
        yield from _wide(header, lines)


def _wide(header: list[str], lines: Iterator[list[str]]) -> Iterator[Row]:
    """One column per metric; a first column `step` or `epoch` counts the rows."""
    counted = bool(header) and header[0].lower() in ("step", "epoch", "iteration")
    for number, row in enumerate(lines):
        step = as_step(row[0]) if counted else number
        for key, value in list(zip(header, row, strict=False))[counted:]:
            if value.strip():  # empty: the metric was not logged at this step
                yield key, step, None, value
