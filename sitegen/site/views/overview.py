"""Facts about all versions of a model: metric columns, the best version, differing params."""

from collections import Counter
from itertools import chain
from typing import NamedTuple

from sitegen.analysis.metric_direction import direction
from sitegen.analysis.metric_ranking import best, main_metric, ranks, values_by_version
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.diagnostic import count_problems
from sitegen.domain.model import Model
from sitegen.settings.settings import Settings
from sitegen.site import display
from sitegen.site.display import Digits
from sitegen.site.views.context import ModelContext

MAX_METRICS = 4
MAX_PARAMS = 2


class MetricColumn(NamedTuple):
    """A metric in the table of versions, with the digits of its values and the best versions."""

    key: str
    direction: str
    digits: Digits
    best: frozenset[str]


def metric_columns(model: Model, settings: Settings) -> tuple[int, tuple[MetricColumn, ...]]:
    """The number of metrics, and the columns of those that most versions have, the main metric first."""
    counts = Counter([metric.key for version in model.versions for metric in version.metrics])
    directions = settings.metrics.directions
    curves = {metric.key for version in model.versions for metric in version.metrics if metric.logged > 1}
    main = main_metric(counts, curves, settings.metrics.main, directions)
    ranking = [key for key in counts if ranks(key) or key == main]
    order = sorted(ranking, key=lambda key: (key != main, -counts[key], direction(key, directions) is None, key))
    values: dict[str, dict[str, float]] = {key: {} for key in order[:MAX_METRICS]}
    datasets: dict[str, set[tuple[str | None, str | None]]] = {key: set() for key in values}
    for version in model.versions:
        for metric in version.metrics:
            if metric.key in values:
                values[metric.key][version.name] = metric.value
                datasets[metric.key].add(metric.dataset)
    columns = (_column(key, by_version, settings, len(datasets[key]) == 1) for key, by_version in values.items())
    return len(counts), tuple(columns)


def _column(key: str, values: dict[str, float], settings: Settings, comparable: bool) -> MetricColumn:
    """The column of a metric; `values` are by version. None is best if they were measured on several datasets."""
    directions = settings.metrics.directions
    digits = display.digits_of(values.values())
    ranked = values if comparable else {}
    return MetricColumn(key, direction(key, directions) or "", digits, best(key, ranked, directions))


def differing_params(model: Model) -> tuple[str, ...]:
    """The params that differ between versions; those that most versions have come first."""
    counts_by_key: dict[str, list[int]] = {}
    for (key, _), count in Counter(chain.from_iterable(version.params for version in model.versions)).items():
        counts_by_key.setdefault(key, []).append(count)
    total = len(model.versions)
    differing = [key for key, counts in counts_by_key.items() if len(counts) > 1 or counts[0] < total]
    return tuple(sorted(differing, key=lambda key: (-sum(counts_by_key[key]), key)))


class Overview(NamedTuple):
    """Facts about all versions of a model.

    `metrics` is the number of metrics; `columns` are those in tables, the main metric first; `params` are all that
    differ. `place` is the index of each version in the model's order. `best` is the newest version with the best main
    metric, and its value.
    """

    metrics: int
    columns: tuple[MetricColumn, ...]
    params: tuple[str, ...]
    place: dict[str, int]
    best: tuple[str, float] | None
    problems: int


def main_key(context: ModelContext) -> str:
    """The key of the main metric of a model; empty for a model without metrics."""
    columns = overview(context).columns
    return columns[0].key if columns else ""


@memoize_by_identity(1)
def overview(context: ModelContext) -> Overview:
    """The overview of a model."""
    model = context.model
    count, columns = metric_columns(model, context.settings)
    main = columns[0] if columns else None
    best = next((version.name for version in reversed(model.versions) if main and version.name in main.best), None)
    return Overview(
        metrics=count,
        columns=columns,
        params=differing_params(model),
        place={version.name: number for number, version in enumerate(model.versions)},
        best=(best, values_by_version(model.versions, main.key)[best]) if main and best else None,
        problems=count_problems(model.problems) + sum(count_problems(version.problems) for version in model.versions),
    )
