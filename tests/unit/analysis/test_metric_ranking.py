"""Metrics with a direction: which way is better, by how much, which version is best, and the metric that counts."""

import math

import pytest

from sitegen.analysis.metric_ranking import Delta, Direction, best, delta, direction, main_metric
from sitegen.domain.model import Metric, Version

DIRECTIONS: dict[str, Direction | None] = {
    "rmse": "lower",
    "test_rmse": "lower",
    "val/RMSE": "lower",
    "valLoss": "lower",
    "log_loss": "lower",
    "f1_loss": "lower",
    "score_error": "lower",
    "mean_absolute_error": "lower",
    "training_time": "lower",
    "accuracy": "higher",
    "eval-f1": "higher",
    "f1_macro": "higher",
    "roc_auc": "higher",
    "r2_score": "higher",
    "held_out/r2": "higher",
    "Recall@10": "higher",
    "n_rows": None,
    "step": None,
    "lossless": None,
    "epochs": None,
    "": None,
    "测试": None,
}


@pytest.mark.parametrize(("key", "better"), DIRECTIONS.items())
def test_words_of_the_name_tell_the_direction(key: str, better: Direction | None) -> None:
    """Whole words; an error word wins over a score word."""
    assert direction(key) == better


def test_settings_come_before_words() -> None:
    """For the whole name, or for its last part."""
    wished: tuple[tuple[str, Direction], ...] = (("loss", "higher"), ("val/auc", "lower"))
    assert direction("loss", wished) == "higher"
    assert direction("val/loss", wished) == "higher"
    assert direction("val/auc", wished) == "lower"
    assert direction("test/auc", wished) == "higher"


DELTAS: dict[str, tuple[str, float, float, float, Delta | None]] = {
    "lower is better": ("rmse", 1.0, 2.0, 0.0, Delta(difference=-1.0, judgement="better")),
    "lower got higher": ("rmse", 2.0, 1.0, 0.0, Delta(difference=1.0, judgement="worse", regression=True)),
    "higher is better": ("auc", 2.0, 1.0, 0.0, Delta(difference=1.0, judgement="better")),
    "the same": ("auc", 1.0, 1.0, 0.0, Delta(difference=0.0, judgement="same")),
    "unknown direction": ("n", 2.0, 1.0, 0.0, Delta(difference=1.0, judgement=None)),
    "unknown and the same": ("n", 1.0, 1.0, 0.0, Delta(difference=0.0, judgement=None)),
    "within the tolerance": ("rmse", 10.5, 10.0, 0.1, Delta(difference=0.5, judgement="worse")),
    "beyond the tolerance": ("rmse", 11.5, 10.0, 0.1, Delta(difference=1.5, judgement="worse", regression=True)),
    "a share of a negative value": (
        "score",
        -11.5,
        -10.0,
        0.1,
        Delta(difference=-1.5, judgement="worse", regression=True),
    ),
    "NaN": ("rmse", math.nan, 1.0, 0.0, None),
    "infinity": ("rmse", 1.0, math.inf, 0.0, None),
}


@pytest.mark.parametrize(("key", "new", "old", "tolerance", "found"), DELTAS.values(), ids=DELTAS)
def test_a_change_is_judged(key: str, new: float, old: float, tolerance: float, found: Delta | None) -> None:
    """A regression is worse by more than the tolerance."""
    assert delta(key, new, old, (), tolerance) == found


BEST: dict[str, tuple[str, dict[str, float], set[str]]] = {
    "lower": ("rmse", {"1": 2.0, "2": 1.0, "3": 3.0}, {"2"}),
    "higher": ("auc", {"1": 2.0, "2": 1.0, "3": 3.0}, {"3"}),
    "two are best": ("auc", {"1": 3.0, "2": 1.0, "3": 3.0}, {"1", "3"}),
    "all the same": ("auc", {"1": 3.0, "2": 3.0}, set()),
    "only one": ("auc", {"1": 3.0}, set()),
    "none": ("auc", {}, set()),
    "unknown direction": ("n", {"1": 2.0, "2": 1.0}, set()),
    "NaN and infinities are left out": ("auc", {"1": math.nan, "2": math.inf, "3": 1.0, "4": 2.0}, {"4"}),
    "minus infinity is not the lowest": ("rmse", {"1": -math.inf, "2": 1.0, "3": 2.0}, {"2"}),
}


@pytest.mark.parametrize(("key", "values", "names"), BEST.values(), ids=BEST)
def test_the_best_versions(key: str, values: dict[str, float], names: set[str]) -> None:
    """Of versions that differ, by a metric whose direction is known."""
    assert best(key, values, ()) == names


def version(name: str, **metrics: float) -> Version:
    """A version with these metrics."""
    return Version(name=name, metrics=tuple(Metric(key=key, value=value) for key, value in metrics.items()))


MAIN: dict[str, tuple[dict[str, int], tuple[str, ...], str | None]] = {
    "none": ({}, (), None),
    "the wished one": ({"auc": 1, "n": 1}, ("gone", "n"), "n"),
    "one with a direction": ({"aaa": 1, "auc": 1}, (), "auc"),
    "the one that most versions have": ({"auc": 1, "f1": 2}, (), "f1"),
    "one of held-out data": ({"train_auc": 2, "auc": 1}, (), "auc"),
    "the first by name": ({"f1": 1, "auc": 1}, (), "auc"),
}


@pytest.mark.parametrize(("counts", "wished", "key"), MAIN.values(), ids=MAIN)
def test_the_metric_that_stands_for_a_model(counts: dict[str, int], wished: tuple[str, ...], key: str | None) -> None:
    """Time spent and training data come last. `counts` says how many versions have each metric."""
    assert main_metric(counts, wished, ()) == key


def test_a_metric_whose_direction_the_settings_state_may_stand_for_a_model() -> None:
    """Before one whose name says nothing."""
    assert main_metric({"alpha": 1, "zeal": 1}, (), (("zeal", "higher"),)) == "zeal"
