"""Metrics by their direction: which version is best, what a change means, which metric stands for a model."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from sitegen.analysis.metric_direction import Direction, direction, is_machine_time, split_words, words_of
from sitegen.domain.model import Metric, Row, Version, metrics_by_row

Judgement = Literal["better", "worse", "same"]


class Delta(NamedTuple):
    """The difference of a metric between two versions. `judgement` is None if the direction is not known."""

    difference: float
    judgement: Judgement | None
    regression: bool = False


def delta(
    key: str, new: float, old: float, directions: tuple[tuple[str, Direction], ...], tolerance: float
) -> Delta | None:
    """The difference of two values; None if one of them is NaN.

    `regression` is set where the new value is worse by more than `tolerance`, a share of the old value.
    """
    if not (math.isfinite(new) and math.isfinite(old)):
        return None
    difference = new - old
    better = direction(key, directions)
    if difference == 0:
        return Delta(difference=0.0, judgement="same" if better else None)
    if better is None:
        return Delta(difference=difference, judgement=None)
    worse = (difference > 0) == (better == "lower")
    return Delta(
        difference=difference,
        judgement="worse" if worse else "better",
        regression=worse and abs(difference) > tolerance * abs(old),
    )


class Tally(NamedTuple):
    """How the metrics that two versions have in common differ: the keys of those that are better, worse or the same.

    `unjudged` is the number of common metrics without a direction or a finite value. `keys` is the number of keys that
    both have, on whatever dataset; None where neither has a metric.
    """

    better: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    unjudged: int = 0
    keys: int | None = None


def tally(old: Version, new: Version, directions: tuple[tuple[str, Direction], ...]) -> Tally:
    """The metrics of two versions by what their change means; only values of the same dataset are compared."""
    before, after = metrics_by_row(old), metrics_by_row(new)
    known, stated = ({key for key, _ in rows if ranks(key)} for rows in (before, after))
    found: dict[Judgement | None, list[str]] = {"better": [], "worse": [], "same": [], None: []}
    for row, metric in after.items():
        if row in before and ranks(row[0]):
            change = delta(row[0], metric.value, before[row].value, directions, 0.0)
            found[change.judgement if change else None].append(row[0])
    better, worse, same = (tuple(found[judgement]) for judgement in ("better", "worse", "same"))
    return Tally(better, worse, same, len(found[None]), len(known & stated) if known or stated else None)


def best(key: str, values: Mapping[str, float], directions: tuple[tuple[str, Direction], ...]) -> frozenset[str]:
    """The versions with the best value; none where the direction is unknown or all values are the same.

    NaN and infinities are left out.
    """
    finite = {name: value for name, value in values.items() if math.isfinite(value)}
    better = direction(key, directions)
    if better is None or len(set(finite.values())) < 2:
        return frozenset()
    top = min(finite.values()) if better == "lower" else max(finite.values())
    return frozenset(name for name, value in finite.items() if value == top)


def best_rows(
    versions: Sequence[Version], directions: tuple[tuple[str, Direction], ...]
) -> tuple[tuple[Row, ...], ...]:
    """For each version the metrics that are best in it, in their order; values of different datasets are apart."""
    if len(versions) < 2:
        return ((),) * len(versions)
    values: dict[Row, dict[str, float]] = {}
    for version in versions:
        for row, metric in metrics_by_row(version).items():
            values.setdefault(row, {})[version.name] = metric.value
    found: dict[str, list[Row]] = {}
    for row, by_version in values.items():
        for name in best(row[0], by_version, directions) if ranks(row[0]) else ():
            found.setdefault(name, []).append(row)
    return tuple(_in_order(version, found.get(version.name, [])) for version in versions)


def _in_order(version: Version, rows: list[Row]) -> tuple[Row, ...]:
    """Rows in the order of the version's metrics: that in which they were found depends on other versions."""
    return tuple(row for row in metrics_by_row(version) if row in rows) if rows else ()


SYSTEM = "system/"
"""What MLflow measures of the machine has names that begin with this."""

TRAINING = split_words("train training trn fit epoch epochs")
HELD_OUT = split_words("val valid validation test testing eval evaluation holdout held oof cv")
"""Words of names that say which data a metric was measured on."""


def ranks(key: str) -> bool:
    """Whether a metric is about the model; those of the machine it ran on are not."""
    return not key.startswith(SYSTEM)


def main_metric(
    counts: Mapping[str, int],
    curves: Collection[str],
    preferred: tuple[str, ...],
    directions: tuple[tuple[str, Direction], ...],
) -> str | None:
    """The main metric of a model: the first of `preferred` that it has, else the most common one with a direction.

    `counts` is the number of versions with each metric; `curves` are those that a version logged several times;
    `directions` are those in the settings. Metrics of training data and of time come last. Of equally common ones, that
    of held-out data comes first, then one that is no curve.
    """
    for key in preferred:
        if key in counts:
            return key

    def order(key: str) -> tuple[int, int, bool, bool, str]:
        """Lower comes first."""
        words = words_of(key)
        behind = (0 if direction(key, directions) else 2) + (not TRAINING.isdisjoint(words) or is_machine_time(words))
        return behind, -counts[key], HELD_OUT.isdisjoint(words), key in curves, key

    return min(filter(ranks, counts), key=order, default=None)


def values_by_version(versions: Iterable[Version], key: str) -> dict[str, float]:
    """The values of one metric by version, as far as they were measured on the same dataset as the newest one."""
    metrics = {version.name: metric for version in versions for metric in version.metrics if metric.key == key}
    newest = next(reversed(metrics.values()), None)
    return {name: metric.value for name, metric in metrics.items() if newest and metric.dataset == newest.dataset}


def metrics_by_key(version: Version) -> dict[str, Metric]:
    """The metrics of a version by their key."""
    return {metric.key: metric for metric in version.metrics}
