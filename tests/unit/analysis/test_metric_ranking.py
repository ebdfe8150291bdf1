"""Metrics with a direction: what a change means, which version is best, and the metric that stands for a model."""

import math

import pytest

from sitegen.analysis.metric_ranking import Delta, best, best_rows, delta, main_metric, values_by_version
from sitegen.domain.model import Metric, Origin, Version

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
    "training before a name that says nothing": ({"alpha": 1, "training_auc": 1}, (), "training_auc"),
    "not one of training data in camel case": ({"trainAuc": 2, "zAuc": 1}, (), "zAuc"),
    "a word that only begins like training": ({"trainable_accuracy": 1, "z_accuracy": 1}, (), "trainable_accuracy"),
    "validation, of as many versions": ({"accuracy": 2, "val_loss": 2}, (), "val_loss"),
    "test, of as many versions": ({"accuracy": 2, "loss": 2, "test/f1": 2}, (), "test/f1"),
    "what more versions have, before validation": ({"accuracy": 2, "val_accuracy": 1}, (), "accuracy"),
    "a score before a time": ({"fit_time": 3, "inference_latency": 3, "mape": 1}, (), "mape"),
    "never one of the machine": ({"system/cpu_time": 3, "n": 1}, (), "n"),
    "none but those of the machine": ({"system/cpu_time": 3}, (), None),
    "one of the machine, if wished": ({"system/cpu_time": 3, "n": 1}, ("system/cpu_time",), "system/cpu_time"),
    "the first by name": ({"f1": 1, "auc": 1}, (), "auc"),
}


@pytest.mark.parametrize(("counts", "wished", "key"), MAIN.values(), ids=MAIN)
def test_the_metric_that_stands_for_a_model(counts: dict[str, int], wished: tuple[str, ...], key: str | None) -> None:
    """Time spent and training data come last. `counts` says how many versions have each metric."""
    assert main_metric(counts, (), wished, ()) == key


@pytest.mark.parametrize(
    ("counts", "key"),
    [({"loss": 3, "rmse": 3}, "rmse"), ({"loss": 3, "rmse": 2}, "loss"), ({"accuracy": 1, "val_loss": 1}, "val_loss")],
)
def test_a_learning_curve_comes_after_a_single_value(counts: dict[str, int], key: str) -> None:
    """Of metrics that are equally common and on data of the same kind."""
    assert main_metric(counts, {"loss", "val_loss"}, (), ()) == key


def test_a_metric_whose_direction_the_settings_state_may_stand_for_a_model() -> None:
    """Before one whose name says nothing."""
    assert main_metric({"alpha": 1, "zeal": 1}, (), (), (("zeal", "higher"),)) == "zeal"


def test_the_best_metrics_of_each_version() -> None:
    """Apart for each dataset; what a machine measures of itself, and what one version has alone, is not ranked."""
    val, test = Origin("val", "1"), Origin("test", "1")
    versions = [
        Version(
            name=str(number),
            metrics=(Metric("acc", value, origin=val), Metric("system/latency", value), Metric("rmse", 1)),
            dataset_metrics=(Metric("acc", -value, origin=test), *extra),
        )
        for number, (value, extra) in enumerate([(0.1, ()), (0.3, (Metric("auc", 1),)), (0.3, ())])
    ]
    on_val, on_test = ("acc", ("val", "1")), ("acc", ("test", "1"))
    assert best_rows(versions, ()) == ((on_test,), (on_val,), (on_val,))
    assert best_rows(versions[:1], ()) == ((),)


def test_values_of_another_dataset_are_no_trend() -> None:
    """Only values of the dataset of the newest version are compared."""
    datasets = (Origin("val", "1"), None, Origin("val", "1"), Origin("val", "2"), Origin("val", "1", "run"))
    versions = [
        Version(name=str(number), metrics=(Metric("acc", float(number), origin=origin),))
        for number, origin in enumerate(datasets)
    ]
    assert values_by_version(versions, "acc") == {"0": 0.0, "2": 2.0, "4": 4.0}
    assert values_by_version(versions[:2], "acc") == {"1": 1.0}
