"""Which metrics and params stand for the versions of a model where there is no room for all."""

from typing import NamedTuple

from sitegen.domain.model import Model
from sitegen.insight.ranking import best, direction, main_metric
from sitegen.settings import Settings
from sitegen.site import shown

MOST_METRICS = 3
MOST_PARAMS = 2


class MetricColumn(NamedTuple):
    """A metric shown for every version, with the decimals its values have and the versions that are best."""

    key: str
    direction: str
    places: int | None
    best: frozenset[str]


def metric_columns(model: Model, settings: Settings) -> tuple[int, tuple[MetricColumn, ...]]:
    """How many metrics there are, and those that most versions have, the main one first."""
    counts: dict[str, int] = {}
    found: dict[str, dict[str, float]] = {}
    for version in model.versions:
        for metric in version.metrics:
            counts[metric.key] = counts.get(metric.key, 0) + 1
            found.setdefault(metric.key, {})[version.name] = metric.value
    directions = settings.metrics.directions
    main = main_metric(model.versions, settings.metrics.main, directions)
    order = sorted(counts, key=lambda key: (key != main, -counts[key], direction(key, directions) is None, key))
    return len(order), tuple(_column(key, found[key], settings) for key in order[:MOST_METRICS])


def _column(key: str, found: dict[str, float], settings: Settings) -> MetricColumn:
    """The column of a metric with these values."""
    directions = settings.metrics.directions
    places = shown.decimals(found.values())
    return MetricColumn(key, direction(key, directions) or "", places, best(key, found, directions))


def differing_params(model: Model) -> tuple[str, ...]:
    """Params that differ between versions, those that most versions have first."""
    seen: dict[str, dict[str, int]] = {}
    for version in model.versions:
        for key, text in version.params:
            texts = seen.setdefault(key, {})
            texts[text] = texts.get(text, 0) + 1
    total = len(model.versions)
    telling = [key for key, texts in seen.items() if len(texts) > 1 or sum(texts.values()) < total]
    return tuple(sorted(telling, key=lambda key: (-sum(seen[key].values()), key)))
