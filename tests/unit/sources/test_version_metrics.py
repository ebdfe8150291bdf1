"""Which value a version with a logged model has: its own, the copy of its run's, or its run's."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from sitegen.domain.model import Metric, Run
from sitegen.formats.metrics import ModelPoint, metric, parse_model_points
from sitegen.sources.model_metrics import ModelOutput, group_points
from sitegen.sources.refs import Bundle, Key, VersionRef
from sitegen.sources.tracking_store import LoggedFacts, RunFacts
from sitegen.sources.version_metrics import ModelMetrics, version_metrics

MODEL, SOURCE, OTHER = "m-1", "source", "other"
VAL, TEST = ("val", "1"), ("test", "2")
NONE = (None, None)

Own = tuple[str, str, tuple[str | None, str | None], int, int, float]
"""Key, run, dataset, step, time and value of a point of the logged model."""


def own_points(*points: Own) -> LoggedFacts:
    """The facts of a logged model with these points."""
    found: dict[str, list[ModelPoint]] = {}
    for key, run, (dataset, digest), step, time, value in points:
        found.setdefault(key, []).append(ModelPoint(run, dataset, digest, (step, time, value)))
    metrics = [one for key in sorted(found) for one in group_points(key, found[key], SOURCE)]
    return LoggedFacts(run=SOURCE, metrics=tuple(metrics))


def run_facts(run: str = SOURCE, outputs: Sequence[ModelOutput] = (), **values: list[float]) -> RunFacts:
    """A run that logged these values at the steps 0, 1, 2 ..."""
    points = {key: [(step, step, value) for step, value in enumerate(column)] for key, column in values.items()}
    metrics = [found for key in sorted(points) if (found := metric(key, points[key]))]
    return RunFacts(run=Run(id=run), metrics=tuple(metrics), outputs=tuple(outputs))


def of(logged: LoggedFacts, run: RunFacts, *, shares_run: bool = False) -> ModelMetrics:
    """The metrics of a version of this logged model and run."""
    ref = VersionRef(logged=Key(0, MODEL, Bundle("", ())), model_id=MODEL, run_id=SOURCE, shares_run=shares_run)
    return version_metrics(ref, run, logged, ())


def rows(metrics: Sequence[Metric]) -> dict[tuple[str, str | None], float]:
    """Values by key and dataset."""
    return {(one.key, one.dataset[0]): one.value for one in metrics}


RUN = run_facts(rmse=[56.0, 53.7], loss=[4.0, 3.0])
VALUES: dict[str, tuple[tuple[Own, ...], dict[tuple[str, str | None], float]]] = {
    "a copy at step 0 is the run's latest value": ((("rmse", SOURCE, NONE, 0, 0, 56.0),), {("rmse", None): 53.7}),
    "a copy of what the run has not stays": ((("auc", SOURCE, NONE, 0, 0, 0.5),), {("auc", None): 0.5}),
    "a point of a dataset is the model's": ((("rmse", SOURCE, VAL, 0, 0, 50.0),), {("rmse", "val"): 50.0}),
    "a point of another run is the model's": ((("rmse", OTHER, NONE, 0, 9, 51.0),), {("rmse", None): 51.0}),
    "a point behind step 0 is the model's": ((("rmse", SOURCE, NONE, 1, 1, 52.0),), {("rmse", None): 52.0}),
    "an own value hides a copy": (
        (("rmse", SOURCE, NONE, 0, 0, 56.0), ("rmse", SOURCE, NONE, 1, 1, 52.0)),
        {("rmse", None): 52.0},
    ),
    "the row without a dataset comes first": (
        (("rmse", SOURCE, VAL, 0, 9, 50.0), ("rmse", SOURCE, NONE, 0, 0, 56.0)),
        {("rmse", None): 53.7},
    ),
    "else the row with the newest point": (
        (("rmse", SOURCE, VAL, 5, 1, 50.0), ("rmse", OTHER, TEST, 0, 9, 49.0)),
        {("rmse", "test"): 49.0},
    ),
    "the run with the newest point counts": (
        (("rmse", SOURCE, VAL, 9, 1, 50.0), ("rmse", OTHER, VAL, 0, 5, 49.0), ("rmse", OTHER, VAL, 1, 4, 48.0)),
        {("rmse", "val"): 48.0},
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_the_value_of_a_key(name: str) -> None:
    """Whatever the order of the points; what the model has not is its run's, and says so."""
    points, expected = VALUES[name]
    for order in permutations(points):
        found = of(own_points(*order), RUN).metrics
        filled = {one.key for one in found if one.origin and one.origin.of_run}
        assert rows([one for one in found if one.key not in filled]) == expected
        assert filled == {"rmse", "loss"} - {key for key, _ in expected}


def test_every_row_of_a_dataset_is_there() -> None:
    points = (("rmse", SOURCE, VAL, 0, 1, 50.0), ("rmse", OTHER, TEST, 0, 9, 49.0), ("rmse", OTHER, VAL, 0, 0, 1.0))
    found = of(own_points(*points), RUN)
    assert rows(found.of_datasets) == {("rmse", "val"): 50.0, ("rmse", "test"): 49.0}
    assert [one.origin.run_id for one in found.of_datasets if one.origin] == [OTHER, SOURCE]


def test_two_digests_of_one_dataset_are_two_rows() -> None:
    points = (("rmse", SOURCE, ("val", "1"), 0, 1, 50.0), ("rmse", SOURCE, ("val", "2"), 0, 2, 49.0))
    assert [one.dataset for one in of(own_points(*points), RUN).of_datasets] == [("val", "1"), ("val", "2")]


def test_a_copy_has_the_curve_of_the_run() -> None:
    (_, rmse) = of(own_points(("rmse", SOURCE, NONE, 0, 0, 56.0)), RUN).metrics
    assert rmse == RUN.metrics[1]


def test_a_row_has_its_curve_from_one_run() -> None:
    points = [("acc", SOURCE, VAL, step, step, step / 10) for step in range(1, 4)]
    (row,) = of(own_points(*points, ("acc", OTHER, VAL, 9, 0, 0.9)), RUN).of_datasets
    assert (row.value, row.points, row.logged) == (0.3, ((1, 0.1), (2, 0.2), (3, 0.3)), 3)


@pytest.mark.parametrize("shares_run", [False, True])
def test_checkpoints_have_the_values_of_their_steps(shares_run: bool) -> None:
    """Of a run with several models all points are the model's own, and what it lacks is the run's value at its step."""
    at_step = tuple(run_facts(loss=[3.0]).metrics)
    outputs = (ModelOutput(MODEL, 1, at_step), *(() if shares_run else (ModelOutput("m-2", 2),)))
    run = run_facts(outputs=outputs, rmse=[56.0, 53.7], loss=[4.0, 3.0, 2.0], late=[0.0, 1.0])
    found = of(own_points(("rmse", SOURCE, NONE, 0, 0, 56.0)), run, shares_run=shares_run).metrics
    assert rows(found) == {("rmse", None): 56.0, ("loss", None): 3.0}
    assert [one.key for one in found if one.origin and one.origin.of_run] == ["loss"]


def test_a_model_whose_step_nobody_knows_has_no_value_of_a_run_with_several() -> None:
    assert of(own_points(), RUN, shares_run=True).metrics == ()


def test_early_and_late_points_of_a_run_with_several_models_are_one_curve() -> None:
    points = [("acc", SOURCE, NONE, step, step, float(5 - step)) for step in range(4)]
    (acc,) = of(own_points(*points), run_facts(), shares_run=True).metrics
    assert acc == metric("acc", [(step, step, float(5 - step)) for step in range(4)])


def test_a_value_of_another_run_names_the_run() -> None:
    found = of(own_points(("rmse", OTHER, NONE, 0, 9, 51.0)), run_facts()).metrics
    assert [one.origin.run_id for one in found if one.origin] == [OTHER]


def test_points_of_a_run_that_is_not_the_source_are_no_copies() -> None:
    """A version that was registered for another run: the model's own values count."""
    logged, run = own_points(("rmse", SOURCE, NONE, 0, 0, 56.0)), run_facts("registered", rmse=[1.0])
    assert rows(of(logged, run).metrics) == {("rmse", None): 56.0}


def test_without_a_logged_model_the_run_counts_and_without_a_run_the_files() -> None:
    files = (Metric("rmse", 1.0),)
    assert version_metrics(VersionRef(), RUN, LoggedFacts(), files).metrics == RUN.metrics
    assert version_metrics(VersionRef(), RunFacts(), LoggedFacts(), files).metrics == files


LINES = {
    "7 0.5 3 run": ModelPoint("run", None, None, (3, 7, 0.5)),
    "7 0.5 3 run val 1a": ModelPoint("run", "val", "1a", (3, 7, 0.5)),
    "7 nan 0 run the test set 1a": ModelPoint("run", "the test set", "1a", (0, 7, float("nan"))),
    "7 0.5 3 run val": ModelPoint("run", "val", None, (3, 7, 0.5)),
    "7 0.5": ModelPoint("", None, None, (0, 7, 0.5)),
}


@pytest.mark.parametrize("line", LINES)
def test_lines_of_logged_models(line: str) -> None:
    assert repr(parse_model_points(f"{line}\n", "f").value) == repr([LINES[line]])


def test_a_line_that_is_no_point_is_a_problem() -> None:
    loaded = parse_model_points("7 0.5 3 run\n7 much 3 run\n", "f")
    assert (len(loaded.value), [found.line for found in loaded.problems]) == (1, [2])
