"""The curve of a metric by step, drawn without scripts: one path for a small line in a table and a chart with axes."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from sitegen.formats.metrics import thin_out
from sitegen.site import display
from sitegen.site.charts.scale import share
from sitegen.site.display import Digits

WIDTH, HEIGHT = 1000, 300
"""The units of a path; pages stretch it."""

TOP, PLOT_HEIGHT = 8, 180
"""Pixels above the curve in its chart, and the height of the curve there."""

MIN_POINTS, MAX_POINTS = 40, 240
"""Points of one curve."""

PAGE_POINTS = 3000
"""Points of all curves of a page: a path has some six bytes a point."""

MAX_RATIO = 1e6
"""Values that are more steps of an axis away from zero have no round ticks."""

_LETTER = 7.7
"""About the width of a letter on an axis, in pixels."""

Point = tuple[int, float]
"""A step and the value at it."""


class Tick(NamedTuple):
    """A mark of an axis: its place in pixels from the top or in percent of the width; `anchor` is that of its text."""

    place: float
    text: str
    anchor: str = "end"


class Curve(NamedTuple):
    """A curve. `path` is in units of WIDTH and HEIGHT and ends at `end`; `grid` has a line at each of the `y_ticks`.

    `left` are the pixels for the texts of `y_ticks`; a history within one step has no `x_ticks`. `note` says in words
    what the chart shows.
    """

    path: str
    end: str
    grid: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    left: int
    note: str


def points_each(curves: int) -> int:
    """How many points each of several curves on one page has."""
    return max(MIN_POINTS, min(MAX_POINTS, PAGE_POINTS // max(1, curves)))


def curve(history: Sequence[Point], logged: int, digits: Digits, most: int) -> Curve | None:
    """The curve of a history in the order of its steps, of at most `most` points; None if two values are not finite.

    `logged` is the number of values before any was left out; `digits` are those of the note.
    """
    points = thin_out(list(history), most)
    finite = [value for _, value in points if math.isfinite(value)]
    if len(finite) < 2:
        return None
    low, high, first, last = min(finite), max(finite), points[0][0], points[-1][0]
    marks = [_mark(points, number, low, high) for number in range(len(points))]
    values = _round_values(low, high)
    heights = [1 - share(value, low, high) for value in values]
    texts = [_short(value) for value in values]
    y_ticks = (Tick(round(TOP + 4 + PLOT_HEIGHT * y, 1), text) for y, text in zip(heights, texts, strict=True))
    return Curve(
        path=_path(marks),
        end=next(f"{mark[0]} {mark[1]}" for mark in reversed(marks) if mark),
        grid="".join(f"M0 {round(HEIGHT * y)}h{WIDTH}" for y in heights),
        x_ticks=tuple(_step_ticks(first, last)) if first < last else (),
        y_ticks=tuple(y_ticks),
        left=8 + math.ceil(_LETTER * max(map(len, texts))),
        note=_note(points, logged, digits),
    )


def _mark(points: Sequence[Point], number: int, low: float, high: float) -> tuple[int, int] | None:
    """The n-th point in units of the path: by its step or, in a history within one step, by its place; None for NaN."""
    step, value = points[number]
    if not math.isfinite(value):
        return None
    first, last = points[0][0], points[-1][0]
    x = share(step, first, last) if first < last else number / (len(points) - 1)
    return round(WIDTH * x), round(HEIGHT * (1 - share(value, low, high)))


def _path(marks: Sequence[tuple[int, int] | None]) -> str:
    """A path in relative coordinates, which are short, with gaps where values are not finite."""
    return "".join(_stretch([mark for mark in some if mark]) for there, some in groupby(marks, bool) if there)


def _stretch(marks: Sequence[tuple[int, int]]) -> str:
    steps = [(x - before[0], y - before[1]) for before, (x, y) in pairwise(marks)] or [(0, 0)]
    return f"M{marks[0][0]} {marks[0][1]}l" + " ".join(f"{x}{y}" if y < 0 else f"{x} {y}" for x, y in steps)


# --- axes ------------------------------------------------------------------------------------------------------


def _round_values(low: float, high: float, count: int = 4) -> list[float]:
    """About `count` round values from `low` to `high`; both ends where no value is round, one where they are equal."""
    if low == high:
        return [low]
    rough = high / count - low / count
    unit = 10.0 ** math.floor(math.log10(rough)) if rough > 1e-300 else math.inf
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10, math.inf) if unit * factor >= rough)
    if max(abs(low), abs(high)) > MAX_RATIO * step or not math.isfinite(step):
        return [low, high]
    return [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)] or [low, high]


def _short(value: float) -> str:
    text = f"{value:,}" if isinstance(value, int) else f"{value + 0.0:,.10g}"
    return text.replace("-", display.MINUS)


def _step_ticks(first: int, last: int) -> Iterator[Tick]:
    """Round steps; fewer where they have many digits, so that their texts have room on a telephone."""
    for step in _round_values(first, last, 2 if len(_short(last)) > 6 else 4):
        if step == int(step):
            place = share(step, first, last)
            anchor = "start" if place < 0.06 else "end" if place > 0.94 else "middle"
            yield Tick(round(100 * place, 1), _short(int(step)), anchor)


def _note(points: Iterable[Point], logged: int, digits: Digits) -> str:
    """How many values there are, from which steps, and which of them are the lowest and the highest."""
    finite = [point for point in points if math.isfinite(point[1])]
    first, last = finite[0][0], finite[-1][0]
    ends = min(finite, key=_value), max(finite, key=_value)
    at = [f" at step {_short(step)}" if first < last else "" for step, _ in ends]
    low, high = (display.number(value, digits) for _, value in ends)
    extremes = f"lowest {low}{at[0]}, highest {high}{at[1]}" if ends[0][1] < ends[1][1] else f"always {low}"
    steps = f"steps {_short(first)} to {_short(last)}" if first < last else f"step {_short(first)}"
    return f"{logged:,} values, {steps}: {extremes}"


def _value(point: Point) -> float:
    return point[1]
