"""Rows of the table of metrics on a version's page."""

from collections.abc import Iterable
from typing import NamedTuple

from sitegen.analysis.metric_direction import direction
from sitegen.analysis.metric_ranking import delta, metrics_by_key
from sitegen.domain.model import Metric, Version
from sitegen.settings.settings import Settings
from sitegen.site import display
from sitegen.site.charts.svg import Spark, spark
from sitegen.site.views.parts import MAX_ROWS
from sitegen.site.views.verdicts import VerdictView


class DeltaCell(NamedTuple):
    """How a metric differs from that of a reference; `judgement` is better, worse, same or empty."""

    difference: str
    judgement: str
    regression: bool


class MetricRow(NamedTuple):
    """One metric, with a delta for each version that the page's version is judged against."""

    key: str
    direction: str
    value: str
    exact: str
    spark: Spark | None
    least: str
    most: str
    steps: int
    deltas: tuple[DeltaCell, ...]


def metric_rows(version: Version, verdicts: Iterable[VerdictView], settings: Settings) -> tuple[MetricRow, ...]:
    """The metrics of a version by key, each against those that it is judged against."""
    others = [(metrics_by_key(one.version), one.judged) for one in verdicts]
    return tuple(_metric_row(metric, others, settings) for metric in version.metrics[:MAX_ROWS])


def _metric_row(metric: Metric, others: Iterable[tuple[dict[str, Metric], bool]], settings: Settings) -> MetricRow:
    values = [metric.value, *(value for value in (metric.least, metric.most) if value is not None)]
    places = display.decimals(values)
    return MetricRow(
        key=metric.key,
        direction=direction(metric.key, settings.metrics.directions) or "",
        value=display.number(metric.value, places),
        exact=display.exact(metric.value),
        spark=spark(metric.key, [value for _, value in metric.points]) if len(metric.points) > 2 else None,
        least="" if metric.least is None else display.number(metric.least, places),
        most="" if metric.most is None else display.number(metric.most, places),
        steps=metric.logged,
        deltas=tuple(_delta(metric, known.get(metric.key), places, settings, judged) for known, judged in others),
    )


def _delta(metric: Metric, other: Metric | None, places: int | None, settings: Settings, judged: bool) -> DeltaCell:
    """The difference from a reference; between attempts a change for the worse is no regression."""
    rules = settings.metrics
    change = delta(metric.key, metric.value, other.value, rules.directions, rules.tolerance) if other else None
    if change is None:
        return _NO_DELTA
    text = display.with_sign(change.difference, places)
    return DeltaCell(text, change.judgement or "", change.regression and judged)


_NO_DELTA = DeltaCell("", "", False)
