"""Facts about all versions of a model: metric columns, the best version, differing params."""

from collections import Counter
from itertools import chain
from typing import NamedTuple

from sitegen.analysis.metric_ranking import best, direction, main_metric, values_by_version
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.diagnostic import count_problems
from sitegen.domain.model import Model
from sitegen.settings.settings import Settings
from sitegen.site import display
from sitegen.site.views.context import ModelContext

MAX_METRICS = 3


MAX_PARAMS = 2


class MetricColumn(NamedTuple):
    """A metric shown for every version, with the decimals its values have and the versions that are best."""

    key: str
    direction: str
    places: int | None
    best: frozenset[str]


def metric_columns(model: Model, settings: Settings) -> tuple[int, tuple[MetricColumn, ...]]:
    """How many metrics there are, and those that most versions have, the main one first."""
    counts = Counter([metric.key for version in model.versions for metric in version.metrics])
    directions = settings.metrics.directions
    main = main_metric(counts, settings.metrics.main, directions)
    order = sorted(counts, key=lambda key: (key != main, -counts[key], direction(key, directions) is None, key))
    found: dict[str, dict[str, float]] = {key: {} for key in order[:MAX_METRICS]}
    for version in model.versions:
        for metric in version.metrics:
            if metric.key in found:
                found[metric.key][version.name] = metric.value
    return len(order), tuple(_column(key, values, settings) for key, values in found.items())


def _column(key: str, found: dict[str, float], settings: Settings) -> MetricColumn:
    """The column of a metric with these values."""
    directions = settings.metrics.directions
    places = display.decimals(found.values())
    return MetricColumn(key, direction(key, directions) or "", places, best(key, found, directions))


def differing_params(model: Model) -> tuple[str, ...]:
    """Params that differ between versions, those that most versions have first."""
    seen: dict[str, list[int]] = {}
    for (key, _), count in Counter(chain.from_iterable(version.params for version in model.versions)).items():
        seen.setdefault(key, []).append(count)
    total = len(model.versions)
    telling = [key for key, counts in seen.items() if len(counts) > 1 or counts[0] < total]
    return tuple(sorted(telling, key=lambda key: (-sum(seen[key]), key)))


class Overview(NamedTuple):
    """A model's versions together.

    `metrics` says how many there are, of which `columns` stand in tables, the main one first; `params` are all that
    differ. `place` is where a version stands in the model's order. `best` is the newest version with the best main
    metric, and its value. `updated` is when the newest version was made, in milliseconds since 1970.
    """

    metrics: int
    columns: tuple[MetricColumn, ...]
    params: tuple[str, ...]
    place: dict[str, int]
    best: tuple[str, float] | None
    updated: int | None
    problems: int


@memoize_by_identity(1)
def overview(context: ModelContext) -> Overview:
    """The overview of a model that is about to be shown."""
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
        updated=max((version.created for version in model.versions if version.created is not None), default=None),
        problems=count_problems(model.problems) + sum(count_problems(version.problems) for version in model.versions),
    )
