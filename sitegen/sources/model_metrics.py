"""Metrics of logged models as stores have them: points by metric, run and dataset."""

from collections.abc import Iterable
from typing import NamedTuple

from sitegen.domain.model import Metric
from sitegen.formats.metrics import ModelPoint, Point, metric


class ModelMetric(NamedTuple):
    """Points of a metric of a logged model, from one run and for one dataset.

    `newest` is the time of the newest point. `may_be_copy`: the points stand where `log_model` puts its copies of the
    values of the source run: at step 0 of that run, without a dataset.
    """

    metric: Metric
    run_id: str
    dataset: str | None
    digest: str | None
    newest: int
    may_be_copy: bool


class ModelOutput(NamedTuple):
    """A logged model of a run, and its step. `metrics` are the run's values at that step, where the run has several."""

    model_id: str
    step: int
    metrics: tuple[Metric, ...] = ()


def group_points(key: str, points: Iterable[ModelPoint], source: str | None) -> list[ModelMetric]:
    """The points of a metric by run and dataset. `source` is the model's source run."""
    grouped: dict[tuple[str, str, str, bool], list[Point]] = {}
    for run, dataset, digest, point in points:
        copy = dataset is None and run == source and point[0] <= 0
        grouped.setdefault((run, dataset or "", digest or "", copy), []).append(point)
    found = []
    for (run, dataset, digest, copy), history in sorted(grouped.items()):
        value = metric(key, history)
        newest = max(timestamp or 0 for _, timestamp, _ in history)
        if value:
            found.append(ModelMetric(value, run, dataset or None, digest or None, newest, copy))
    return found
