"""The sentence about the metrics that two versions have in common."""

from typing import Any

import pytest

from sitegen.analysis.metric_ranking import tally
from sitegen.domain.model import Metric, Origin, Version
from sitegen.site.metric_sentence import metric_sentence

Values = dict[str, Any]

CASES: dict[str, tuple[Values, Values, str]] = {
    "no metrics": ({}, {}, ""),
    "one side has metrics": ({"auc": 1}, {}, "No metric in common."),
    "other metrics": ({"auc": 1}, {"rmse": 1}, "No metric in common."),
    "one": ({"auc": 0.9, "f1": 1}, {"auc": 0.8}, "The only common metric, auc, is worse."),
    "two": ({"auc": 0.9, "rmse": 2}, {"auc": 0.95, "rmse": 1}, "Both common metrics are better."),
    "all": ({"auc": 2, "rmse": 2, "f1": 2}, {"auc": 1, "rmse": 3, "f1": 1}, "All 3 common metrics are worse."),
    "all the same": ({"auc": 1, "f1": 1, "r2": 1}, {"auc": 1, "f1": 1, "r2": 1}, "All 3 common metrics are the same."),
    "both ways": (
        {"auc": 1, "rmse": 2, "f1": 1, "r2": 0},
        {"auc": 2, "rmse": 3, "f1": 2, "r2": 0},
        "Common metrics: 2 better, 1 worse, 1 the same.",
    ),
    "no direction": ({"alpha": 1}, {"alpha": 2}, ""),
    "some have no direction": ({"auc": 1, "n": 1}, {"auc": 2, "n": 2}, "The only comparable metric, auc, is better."),
    "not a number": ({"auc": float("nan")}, {"auc": 1}, ""),
    "of the machine": ({"system/cpu_time": 1}, {"system/cpu_time": 2}, ""),
    "another dataset": ({"auc": (1, "train")}, {"auc": (2, "test")}, "No metric in common on the same dataset."),
    "one dataset of two": (
        {"auc": (1, "train"), "f1": (1, "test")},
        {"auc": (2, "test"), "f1": (2, "test")},
        "The only common metric, f1, is better.",
    ),
}
"""Metrics of two versions, as values or (value, dataset), and the sentence."""


def version(metrics: Values, name: str = "1") -> Version:
    """A version with these metrics."""
    pairs = {key: value if isinstance(value, tuple) else (value, None) for key, value in metrics.items()}
    found = [Metric(key, value, origin=Origin(dataset) if dataset else None) for key, (value, dataset) in pairs.items()]
    measured = (metric for metric in found if metric.origin)
    return Version(name=name, path=None, metrics=tuple(found), dataset_metrics=tuple(measured))


@pytest.mark.parametrize(("old", "new", "sentence"), CASES.values(), ids=CASES)
def test_the_sentence_says_whether_metrics_moved(old: Values, new: Values, sentence: str) -> None:
    assert metric_sentence(tally(version(old), version(new), ())) == sentence
