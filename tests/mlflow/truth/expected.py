"""The metrics that a version must have, from what MLflow's client says of its logged model and its run.

Written once more, from the contract alone and without the package: a point of the logged model is the model's own if it
names a dataset, comes from another run or a later step, or if the run logged several models; the others are copies.
"""

from typing import Any, NamedTuple

Facts = dict[str, Any]
Row = tuple[str, str | None, str | None]


class Expected(NamedTuple):
    """Values by key, values by row of a dataset, and the points of each key that a page draws."""

    metrics: Facts
    rows: dict[Row, Any]
    histories: dict[str, list[Any]]


def expected(model: Facts, run: Facts, several: bool) -> Expected:
    """The metrics of a version with a logged model; `several`: its run logged others, too."""
    copies = {row: points for row, points in _rows(model).items() if not several and _all_copies(points, model)}
    own = {row: _points(points, model, several) for row, points in _rows(model).items() if row not in copies}
    newest = {row: max(points, key=_age) for row, points in own.items()}
    chosen = {row: [one for one in points if one["run"] == newest[row]["run"]] for row, points in own.items()}
    metrics, histories = {}, {}
    for row in sorted(chosen, key=lambda row: (row[1] is None, newest[row]["timestamp"], row[1] or "", row[2] or "")):
        histories[row[0]] = [[one["step"], one["timestamp"], one["value"]] for one in chosen[row]]
        metrics[row[0]] = _latest(histories[row[0]])
    for (key, _, _), points in copies.items():
        histories[key] = run["histories"].get(key) or [[one["step"], one["timestamp"], one["value"]] for one in points]
        metrics[key] = run["metrics"].get(key, _latest(histories[key]))
    for key, points in run["histories"].items():
        at_step = [point for point in points if not several or point[0] == run["outputs"].get(model["id"])]
        if key not in metrics and at_step:
            metrics[key] = _latest(at_step) if several else run["metrics"][key]
            histories[key] = at_step
    rows = {row: _latest([[one["step"], one["timestamp"], one["value"]] for one in chosen[row]]) for row in chosen}
    return Expected(metrics, {row: value for row, value in rows.items() if row[1] is not None}, histories)


def reason(model: Facts, run: Facts, several: bool, shown: Facts) -> str:
    """Why a value that MLflow shows for a logged model is on no page; empty where that has no reason."""
    points = _rows(model)[shown["key"], shown["dataset"], shown["digest"]]
    if not several and _is_copy(shown, model):
        return "copy" if shown["key"] in run["metrics"] or not all(_is_copy(one, model) for one in points) else ""
    if any(one["run"] != shown["run"] and one["timestamp"] >= shown["timestamp"] for one in points):
        return "older run"
    same = [one for one in points if one["run"] == shown["run"]]
    return "earlier point" if any(_rank(one) > _rank(shown) for one in same) else ""


def _rows(model: Facts) -> dict[Row, list[Facts]]:
    found: dict[Row, list[Facts]] = {}
    for one in model["points"]:
        found.setdefault((one["key"], one["dataset"], one["digest"]), []).append(one)
    return found


def _is_copy(point: Facts, model: Facts) -> bool:
    return point["dataset"] is None and point["run"] == model["run_id"] and point["step"] <= 0


def _all_copies(points: list[Facts], model: Facts) -> bool:
    return all(_is_copy(point, model) for point in points)


def _points(points: list[Facts], model: Facts, several: bool) -> list[Facts]:
    return points if several else [point for point in points if not _is_copy(point, model)]


def _age(point: Facts) -> tuple[int, int, str]:
    return point["timestamp"], point["step"], point["run"]


def _rank(point: Facts) -> tuple[int, int, float]:
    return point["step"], point["timestamp"], float(point["value"])


def _latest(points: list[Any]) -> Any:
    """The value with the highest step, time and value."""
    return max(points, key=lambda point: (point[0], point[1], float(point[2])))[2]
