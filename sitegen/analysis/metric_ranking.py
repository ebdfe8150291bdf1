"""Metrics with a direction: which direction is better, which version is best, whether a change is a regression."""

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from sitegen.domain.model import Metric, Version

Direction = Literal["lower", "higher"]
Judgement = Literal["better", "worse", "same"]

LOWER = frozenset(
    [
        "loss",
        "error",
        "err",
        "rmse",
        "mse",
        "mae",
        "mape",
        "smape",
        "wape",
        "rmsle",
        "msle",
        "medae",
        "logloss",
        "deviance",
        "perplexity",
        "ppl",
        "wer",
        "cer",
        "ece",
        "brier",
        "latency",
        "duration",
        "seconds",
        "time",
        "ms",
        "divergence",
        "fpr",
        "fnr",
        "hinge",
        "crps",
        "pinball",
        "regret",
        "aic",
        "bic",
    ]
)
HIGHER = frozenset(
    [
        "accuracy",
        "acc",
        "auc",
        "roc",
        "auroc",
        "auprc",
        "prauc",
        "f1",
        "fbeta",
        "precision",
        "recall",
        "sensitivity",
        "specificity",
        "r2",
        "score",
        "map",
        "mrr",
        "ndcg",
        "bleu",
        "rouge",
        "meteor",
        "iou",
        "dice",
        "jaccard",
        "kappa",
        "mcc",
        "gini",
        "tpr",
        "tnr",
        "hit",
        "lift",
        "throughput",
        "reward",
        "psnr",
        "ssim",
        "spearman",
        "pearson",
        "explained",
        "silhouette",
    ]
)


@lru_cache(maxsize=4096)
def direction(key: str, overrides: tuple[tuple[str, Direction], ...] = ()) -> Direction | None:
    """Whether lower or higher is better, by the words of the name; None if they do not say.

    `overrides` come first: a key matches the whole name or its last part behind a `/`. An error word wins over a
    score word: `f1_loss` is a loss, `score_error` an error.
    """
    directions = dict(overrides)
    for name in (key, key.rpartition("/")[2]):
        if name in directions:
            return directions[name]
    words = set(re.findall(r"[a-z]+\d?|\d+", re.sub(r"([a-z])([A-Z])", r"\1 \2", key).lower().replace("_", " ")))
    words |= {"logloss"} if {"log", "loss"} <= words else set()
    if words & LOWER:
        return "lower"
    return "higher" if words & HIGHER else None


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


def main_metric(
    counts: Mapping[str, int], preferred: tuple[str, ...], directions: tuple[tuple[str, Direction], ...]
) -> str | None:
    """The main metric of a model: the first of `preferred` that it has, else the most common one with a direction.

    `counts` is the number of versions with each metric; `directions` are those in the settings.
    """
    for key in preferred:
        if key in counts:
            return key
    return min(counts, key=lambda key: (_weight(key, directions), -counts[key], key), default=None)


def _weight(key: str, directions: tuple[tuple[str, Direction], ...]) -> int:
    """The rank of a metric as main metric: 0 if measured on held-out data with a known direction, up to 3."""
    training = bool(re.search(r"train|time|second|duration|latency|epoch", key.lower()))
    return (0 if direction(key, directions) else 2) + training


def values_by_version(versions: Iterable[Version], key: str) -> dict[str, float]:
    """The values of one metric by version."""
    return {version.name: metric.value for version in versions for metric in version.metrics if metric.key == key}


def metrics_by_key(version: Version) -> dict[str, Metric]:
    """The metrics of a version by their key."""
    return {metric.key: metric for metric in version.metrics}
