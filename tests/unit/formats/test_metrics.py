"""Metrics: which value is the latest, and every form of file that holds them."""

import json
import math
import random

import pytest

from sitegen.domain.diagnostic import count_problems
from sitegen.domain.model import Metric
from sitegen.formats.metrics import MAX_POINTS, as_number, metric, parse_metric_lines, parse_metrics, thin_out

LATEST = {
    "one point": ("1700000000000 0.5 0", 0.5, 1),
    "the last line": ("1 0.5 0\n2 0.6 1", 0.6, 2),
    "the highest step, not the last line": ("1 0.5 0\n2 0.6 2\n3 0.7 1", 0.6, 3),
    "the latest time of one step": ("9 0.5 1\n8 0.6 1", 0.5, 2),
    "the highest value of one moment": ("5 0.5 1\n5 0.9 1\n5 0.6 1", 0.9, 3),
    "a point that is there twice": ("1 0.5 0\n2 0.6 1\n1 0.5 0", 0.6, 2),
    "no step, as MLflow 1.0 wrote it": ("1 0.5\n2 0.6", 0.6, 2),
    "a dataset with spaces in its name": ("1 0.5 3 training set 2 abc123", 0.5, 1),
    "a run behind the step": ("1 0.5 3 0123456789abcdef0123456789abcdef", 0.5, 1),
    "negative steps": ("1 0.5 -1\n1 0.6 -2", 0.5, 2),
    "a large step": ("1 0.5 9223372036854775807\n2 0.6 1", 0.5, 2),
    "NaN is nobody's best": ("5 nan 1\n5 0.5 1", 0.5, 2),
    "NaN at the highest step": ("5 0.5 1\n6 nan 2", math.nan, 2),
    "infinity": ("5 inf 1\n5 0.5 1", math.inf, 2),
    "minus infinity": ("5 -inf 1", -math.inf, 1),
    "a tiny number": ("5 1e-300 1", 1e-300, 1),
    "lines of Windows": ("1 0.5 0\r\n2 0.6 1\r\n", 0.6, 2),
    "blank lines": ("\n1 0.5 0\n\n", 0.5, 1),
}


@pytest.mark.parametrize(("text", "value", "count"), LATEST.values(), ids=LATEST)
def test_the_latest_value_has_the_highest_step_time_and_value(text: str, value: float, count: int) -> None:
    """In this order, as MLflow has it; points that are there twice count once."""
    loaded = parse_metric_lines(text, "m", "f")
    assert loaded.value is not None
    assert repr(loaded.value.value) == repr(value)
    assert loaded.value.logged == count
    assert not loaded.problems


def test_the_order_of_lines_does_not_matter() -> None:
    """Nor does it for NaN, which has no order of its own."""
    lines = [f"{time} {value} {step}" for time in (1, 2) for value in ("0.5", "nan", "-inf", "7") for step in (0, 3)]
    whole = repr(parse_metric_lines("\n".join(lines), "m", "f").value)
    for seed in range(20):
        random.Random(seed).shuffle(lines)
        assert repr(parse_metric_lines("\n".join(lines), "m", "f").value) == whole


BROKEN_LINES = ("nonsense", "1 0.5 9223372036854775808", "1", "1 x", "1 0.5 x", "1 0.5 1.5", "1,0.5,0", "1\t0.5\t0")


@pytest.mark.parametrize("line", BROKEN_LINES)
def test_a_line_that_is_no_point_costs_itself(line: str) -> None:
    """The other points count, and the problem has its line."""
    loaded = parse_metric_lines(f"1 0.5 0\n{line}\n2 0.6 1\n", "m", "f")
    assert loaded.value is not None
    assert (loaded.value.value, loaded.value.logged) == (0.6, 2)
    assert [(found.rule, found.line) for found in loaded.problems] == [("metric-value", 2)]


def test_a_file_without_points_is_no_metric() -> None:
    """An empty one is not even a problem; of many broken lines a few are named."""
    assert parse_metric_lines("", "m", "f").value is None
    assert not parse_metric_lines("\n", "m", "f").problems
    problems = parse_metric_lines("x\n" * 1000, "m", "f").problems
    assert (len(problems), count_problems(problems)) == (21, 1000)


FORMS: dict[str, tuple[str, str, dict[str, float]]] = {
    "numbers by key": (".json", '{"rmse": 1.5, "n": 3}', {"rmse": 1.5, "n": 3}),
    "numbers as texts": (".json", '{"rmse": "1.5", "n": " 3 "}', {"rmse": 1.5, "n": 3}),
    "what JSON has no number for": (
        ".json",
        '{"a": NaN, "b": -Infinity, "c": 1e999}',
        {"a": math.nan, "b": -math.inf, "c": math.inf},
    ),
    "one number a step": (".json", '{"loss": [3, 2, 2.5]}', {"loss": 2.5}),
    "value, step and time": (".json", '{"loss": {"value": 2, "step": 7, "timestamp": 1700000000000}}', {"loss": 2}),
    "points of one metric": (".json", '{"loss": [{"value": 2, "step": 7}, {"value": 1, "step": 3}]}', {"loss": 2}),
    "a list of points": (
        ".json",
        '[{"key": "a", "value": 1, "step": 1}, {"key": "a", "value": 2, "step": 0}, {"key": "b", "value": 3}]',
        {"a": 1, "b": 3},
    ),
    "mappings inside": (".json", '{"val": {"loss": 1, "f1": {"macro": 2}}}', {"val/loss": 1, "val/f1/macro": 2}),
    "YAML": (
        ".yaml",
        "rmse: 1.5\nexponent: 1e-5\nnan: .nan\nval:\n  loss: 1\n",
        {"exponent": 1e-5, "nan": math.nan, "rmse": 1.5, "val/loss": 1},
    ),
    "YAML as .yml": (".yml", "rmse: 1.5", {"rmse": 1.5}),
    "CSV of keys and values": (".csv", "key,value\nrmse,1.5\nr2,0.5\n", {"r2": 0.5, "rmse": 1.5}),
    "CSV with other names": (".csv", "Metric, Value\nrmse,1.5\n", {"rmse": 1.5}),
    "CSV with a key of two lines": (".csv", 'key,value\n"a\nb",1.5\n', {"a\nb": 1.5}),
    "CSV with steps": (".csv", "name,step,value\na,1,5\na,0,6\n", {"a": 5}),
    "CSV without a header": (".csv", "rmse,1.5\nr2,0.5\n", {"r2": 0.5, "rmse": 1.5}),
    "CSV with a column a metric": (".csv", "loss,acc\n3,0.1\n2,0.2\n", {"acc": 0.2, "loss": 2}),
    "CSV with epochs": (".csv", "epoch,loss\n1,3\n0,4\n", {"loss": 3}),
    "CSV with gaps": (".csv", "loss,acc\n3,0.1\n2,\n", {"acc": 0.1, "loss": 2}),
    "CSV with quotes": (".csv", 'key,value\n"a, b",1\n', {"a, b": 1}),
    "keys that are hostile": (".json", '{"a b/c?%#<i>": 1}', {"a b/c?%#<i>": 1}),
    "nothing": (".json", "{}", {}),
    "an empty YAML file": (".yaml", "", {}),
    "an empty CSV file": (".csv", "", {}),
}


@pytest.mark.parametrize(("suffix", "text", "values"), FORMS.values(), ids=FORMS)
def test_forms_of_files_beside_a_model(suffix: str, text: str, values: dict[str, float]) -> None:
    """Sorted by key."""
    loaded = parse_metrics(text, f"metrics{suffix}")
    assert repr({one.key: one.value for one in loaded.value}) == repr(
        {key: float(values[key]) for key in sorted(values)}
    )
    assert not loaded.problems


NO_NUMBERS: dict[str, tuple[str, str, str]] = {
    "a text": (".json", '{"a": "high", "b": 1}', "metric-value"),
    "true": (".json", '{"a": true, "b": 1}', "metric-value"),
    "null": (".json", '{"a": null, "b": 1}', "metric-value"),
    "a value that is a mapping": (".json", '{"a": {"value": {"x": 1}}, "b": 1}', "metric-value"),
    "a text in YAML": (".yaml", "a: high\nb: 1", "metric-value"),
    "a text in CSV": (".csv", "key,value\na,high\nb,1\n", "metric-value"),
    "no value in CSV": (".csv", "key,value\na\nb,1\n", "metric-value"),
    "a key twice": (".json", '{"b": 2, "b": 1}', "json-duplicate-key"),
}


@pytest.mark.parametrize(("suffix", "text", "rule"), NO_NUMBERS.values(), ids=NO_NUMBERS)
def test_what_is_no_number_costs_itself(suffix: str, text: str, rule: str) -> None:
    """One problem; the other metrics count."""
    loaded = parse_metrics(text, f"metrics{suffix}")
    assert [(one.key, one.value) for one in loaded.value] == [("b", 1.0)]
    assert [found.rule for found in loaded.problems] == [rule]


BROKEN = {
    ".json": ("{", "json-syntax"),
    ".yaml": ("a: [", "yaml-syntax"),
    ".csv": ('key,value\n"' + "x" * 200_000, "pairs-shape"),
}


@pytest.mark.parametrize("suffix", BROKEN)
def test_a_broken_file_is_one_problem(suffix: str) -> None:
    """And holds no metrics."""
    text, rule = BROKEN[suffix]
    loaded = parse_metrics(text, f"metrics{suffix}")
    assert loaded.value == ()
    assert [found.rule for found in loaded.problems] == [rule]


def test_keys_are_joined_as_far_as_mlflow_takes_them() -> None:
    """A long key before each of many would fill the memory."""
    long = "k" * 250
    loaded = parse_metrics(json.dumps({"a": {"b": 1}, long: {"b": 2}, long[1:]: {"b": 3}}), "metrics.json")
    assert {metric.key: metric.value for metric in loaded.value} == {"a/b": 1, f"{long[1:]}/b": 3}
    assert [found.rule for found in loaded.problems] == ["metric-value"]
    huge = json.dumps({"k" * 2**21: {f"k{number}": 1 for number in range(20_000)}})
    assert parse_metrics(huge, "metrics.json").value == ()


def test_a_history_is_kept_with_its_extremes() -> None:
    """NaN and infinities are in the history, but are no extremes."""
    found = parse_metric_lines("1 3 0\n2 1 1\n3 nan 2\n4 inf 3\n5 2 4", "m", "f").value
    assert found is not None
    assert (found.value, found.step, found.timestamp, found.logged) == (2.0, 4, 5, 5)
    assert (found.least, found.most) == (1.0, 3.0)
    assert repr(found.points) == "((0, 3.0), (1, 1.0), (2, nan), (3, inf), (4, 2.0))"


def test_a_single_value_has_no_history() -> None:
    """Nothing to draw."""
    assert metric("m", [(0, None, 1.0)]) == Metric(key="m", value=1.0)
    assert metric("m", []) is None


@pytest.mark.parametrize("length", [MAX_POINTS, MAX_POINTS + 1, 1_234, 100_000])
def test_a_long_history_keeps_its_ends_and_extremes(length: int) -> None:
    """At most 500 points; a spike does not get lost."""
    points = [(step, math.sin(step)) for step in range(length)]
    points[length // 3] = (length // 3, 99.0)
    points[length // 2] = (length // 2, -99.0)
    kept = thin_out(points)
    assert len(kept) <= MAX_POINTS
    assert set(kept) <= set(points)
    assert list(kept) == sorted(kept)
    assert {points[0], points[-1], points[length // 3], points[length // 2]} <= set(kept)


@pytest.mark.parametrize("gaps", [range(495, 499), range(1, 499), range(501, 999)])
def test_a_spike_behind_points_without_a_number_is_kept(gaps: range) -> None:
    """NaN is neither lower nor higher than anything; one of a stretch says that there is a gap."""
    points = [(step, math.nan if step in gaps else float(step % 7)) for step in range(1000)]
    points[499], points[500] = (499, 100.0), (500, -100.0)
    points[497] = (497, -math.inf)
    kept = thin_out(points)
    assert len(kept) <= MAX_POINTS
    assert {(499, 100.0), (500, -100.0)} <= set(kept)
    assert len(gaps) < 20 or any(math.isnan(value) for _, value in kept)


NUMBERS = {"1.5": 1.5, " 7 ": 7.0, "-inf": -math.inf, "1e-5": 1e-5, 3: 3.0, 2.5: 2.5}
NOT_NUMBERS = (True, False, None, "", "x", "1,5", [1], {"value": 1}, 10**400)


def test_numbers_and_what_spells_them() -> None:
    """True is no number."""
    assert {value: as_number(value) for value in NUMBERS} == NUMBERS
    assert [as_number(value) for value in NOT_NUMBERS] == [None] * len(NOT_NUMBERS)
