"""Rows of the table of metrics on a version's page."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sitegen.analysis.metric_direction import direction
from sitegen.analysis.metric_ranking import delta
from sitegen.domain.model import NO_DATASET, Metric, Row, Version, metrics_by_row, name_dataset
from sitegen.settings.settings import Settings
from sitegen.site import display
from sitegen.site.anchors import anchors
from sitegen.site.charts.curve import Curve, curve, points_each
from sitegen.site.display import Digits
from sitegen.site.views.verdicts import VerdictView

OTHER_DATASET = "other dataset"
"""In place of a difference: the version to compare with has this metric on other datasets only."""

NO_VALUE = "not logged"
"""In place of a difference: the version to compare with lacks this metric."""

ORIGIN_NOTE = "The logged model has no such metric: this is a value of the run that logged it."

MIN_HISTORY = 3
"""Values of the shortest history that has a curve."""

Rows = Mapping[Row, Metric]
"""Metrics by key and dataset."""


class DeltaCell(NamedTuple):
    """How a metric differs from that of a reference; `judgement` is better, worse, same or empty.

    `value` is that of the reference; empty where it has none on the same dataset.
    """

    difference: str
    judgement: str
    regression: bool
    value: str = ""


class MetricRow(NamedTuple):
    """One metric, on one dataset if it names one, with a delta for each version that the page's is judged against.

    `anchor` is the id of the row: that of the key for the first of its datasets. `best`: no other version of the model
    has a better value.
    `of_run` explains that the value is that of the run, `source` names another run that logged it; empty otherwise.
    """

    anchor: str
    key: str
    dataset: str
    of_run: str
    source: str
    direction: str
    value: str
    exact: str
    best: bool
    curve: Curve | None
    least: str
    most: str
    steps: int
    deltas: tuple[DeltaCell, ...]


def version_metrics(version: Version) -> tuple[Metric, ...]:
    """All metrics of a version by key, first that which stands for the key, then those of other datasets."""
    if not version.dataset_metrics:
        return version.metrics
    return tuple(sorted(metrics_by_row(version).values(), key=lambda metric: metric.key))


def metric_rows(
    metrics: Iterable[Metric],
    version: Version,
    verdicts: Iterable[VerdictView],
    best: Collection[Row],
    settings: Settings,
) -> tuple[MetricRow, ...]:
    """Rows of metrics of a version, each against the same key and dataset of those that it is judged against.

    `best` are those whose value is the best of the model.
    """
    listed = tuple(metrics)
    table = _Table(
        run_id=version.run.id if version.run else None,
        others=tuple((metrics_by_row(one.version), one.judged) for one in verdicts),
        best=best,
        points=points_each(sum(len(metric.points) >= MIN_HISTORY for metric in listed)),
        settings=settings,
    )
    digits = _digits(listed, (rows for rows, _ in table.others))
    ids = anchors("metric", _row_names(listed))
    return tuple(_metric_row(id, metric, digits[metric.key], table) for id, metric in zip(ids, listed, strict=True))


class _Table(NamedTuple):
    """What the rows of one page share. `others` are the metrics of references; `points` is the length of a curve."""

    run_id: str | None
    others: tuple[tuple[Rows, bool], ...]
    best: Collection[Row]
    points: int
    settings: Settings


def _row_names(metrics: Iterable[Metric]) -> list[str]:
    """The key of each metric; for a further dataset of the same key with that dataset."""
    keys: set[str] = set()
    names = []
    for metric in metrics:
        names.append(f"{metric.key} {name_dataset(metric)}" if metric.key in keys else metric.key)
        keys.add(metric.key)
    return names


class MetricDelta(NamedTuple):
    """The metric that tells in one line how a version did: the main one, else the first that both have."""

    key: str
    dataset: str
    cell: DeltaCell


def main_delta(rows: Iterable[MetricRow], place: int, main: tuple[str, ...]) -> MetricDelta | None:
    """The metric for one line about the reference at a place; `main` are the keys of the main metric."""
    shared = [row for row in rows if row.deltas[place].difference not in ("", OTHER_DATASET, NO_VALUE)]
    row = next((row for key in main for row in shared if row.key == key), shared[0] if shared else None)
    return MetricDelta(row.key, row.dataset, row.deltas[place]) if row else None


def _digits(metrics: Iterable[Metric], others: Iterable[Rows]) -> dict[str, Digits]:
    """The digits of the values of each key: those of several datasets, and of references, stand beside each other."""
    values: dict[str, list[float]] = {}
    for metric in metrics:
        known = values.setdefault(metric.key, [])
        known += [value for value in (metric.value, metric.least, metric.most) if value is not None]
    for rows in others:
        for (key, _), metric in rows.items():
            if key in values:
                values[key].append(metric.value)
    return {key: display.digits_of(some) for key, some in values.items()}


def _metric_row(anchor: str, metric: Metric, digits: Digits, table: _Table) -> MetricRow:
    origin, settings, history = metric.origin, table.settings, metric.points
    return MetricRow(
        anchor=anchor,
        key=metric.key,
        dataset=name_dataset(metric) if metric.dataset != NO_DATASET else "",
        of_run=ORIGIN_NOTE if origin and origin.of_run else "",
        source=(origin.run_id or "") if origin and not origin.of_run and origin.run_id != table.run_id else "",
        direction=direction(metric.key, settings.metrics.directions) or "",
        value=display.number(metric.value, digits),
        exact=display.exact(metric.value),
        best=bool(table.best) and (metric.key, metric.dataset) in table.best,
        curve=curve(history, metric.logged, digits, table.points) if len(history) >= MIN_HISTORY else None,
        least="" if metric.least is None else display.number(metric.least, digits),
        most="" if metric.most is None else display.number(metric.most, digits),
        steps=metric.logged,
        deltas=tuple([_delta(metric, rows, digits, settings, judged) for rows, judged in table.others]),
    )


def _delta(metric: Metric, rows: Rows, digits: Digits, settings: Settings, judged: bool) -> DeltaCell:
    """The difference from a reference; between attempts a change for the worse is no regression."""
    rules, other = settings.metrics, rows.get((metric.key, metric.dataset))
    if other is None:
        return _OTHER_DATASET if any(key == metric.key for key, _ in rows) else _NO_VALUE
    change = delta(metric.key, metric.value, other.value, rules.directions, rules.tolerance)
    if change is None:
        return _NO_DELTA
    text = display.with_sign(change.difference, digits)
    return DeltaCell(text, change.judgement or "", change.regression and judged, display.number(other.value, digits))


_NO_DELTA = DeltaCell("", "", False)
_NO_VALUE = DeltaCell(NO_VALUE, "", False)
_OTHER_DATASET = DeltaCell(OTHER_DATASET, "", False)
