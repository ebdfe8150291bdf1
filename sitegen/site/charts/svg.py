"""The chart of a metric over versions as SVG, drawn without scripts."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.site import display
from sitegen.site.charts.scale import share


class Dot(NamedTuple):
    """A point of a chart with its value `text` and its `version` on the axis, each empty if there is no room.

    `x` is in percent of the width, `y` in pixels from the top. `anchor` is the end of the text that is at the point.
    """

    x: float
    y: float
    text: str
    text_y: float
    anchor: str
    version: str
    best: bool


class Tick(NamedTuple):
    """A value beside the vertical axis, and its height there."""

    y: float
    text: str


class Line(NamedTuple):
    """A chart of one metric over versions, as wide as its column, with a text for screen readers.

    `ticks` are the lowest and the highest value; one in the middle where all are equal. `left` and `right` are the
    pixels on both sides of the points: for the ticks, and for the label of the baseline. `path` is in percent of the
    width; `baseline` is a height.
    """

    note: str
    ticks: tuple[Tick, ...]
    left: int
    right: int
    path: str
    dots: tuple[Dot, ...]
    baseline: float | None
    baseline_label: str
    label: str


MIN_Y, MAX_Y = 44.0, 170.0
MIN_WIDTH = 480
"""Width of the narrowest chart, in pixels: labels that have room there have room everywhere."""

AXIS = 48
"""Pixels between the vertical axis and the first point."""

GAP = 6
"""Least pixels between two labels."""

MAX_LABELS = 12
MAX_LETTERS = 12
"""Letters of a version's name on the axis."""


def width(text: str) -> int:
    """About how wide a label is, in pixels."""
    return math.ceil(7.7 * len(text))


def line(
    key: str,
    note: str,
    versions: Sequence[str],
    values: Sequence[float | None],
    best: frozenset[int],
    baseline: int | None,
) -> Line | None:
    """The chart of a metric, or None if fewer than two values are finite.

    `best` and `baseline` are indexes into `versions`; the value of the baseline is drawn as a dashed line.
    """
    finite = [(n, value) for n, value in enumerate(values) if value is not None and math.isfinite(value)]
    if len(finite) < 2:
        return None
    numbers = [value for _, value in finite]
    low, high = min(numbers), max(numbers)
    digits = display.digits_of(numbers)
    texts = [display.number(value, digits) for value in numbers]
    dots = tuple(_dots(finite, texts, versions, best))
    ticks = tuple(Tick(_height(end, low, high), display.number(end, digits)) for end in sorted({low, high}))
    at = next((dot.y for (number, _), dot in zip(finite, dots, strict=True) if number == baseline), None)
    label = "" if baseline is None or at is None else versions[baseline][:MAX_LETTERS]
    labels = [f"{versions[number]} {text}" for (number, _), text in zip(finite, texts, strict=True)]
    return Line(
        note=note,
        ticks=ticks,
        left=AXIS + GAP + max(width(tick.text) for tick in ticks),
        right=_right_end(dots) + (GAP + width(label) if label else 0),
        path="M" + " L".join(f"{dot.x} {dot.y}" for dot in dots),
        dots=dots,
        baseline=at,
        baseline_label=label,
        label=f"{key} by version: " + ", ".join(labels[-30:]),
    )


def _right_end(dots: Sequence[Dot]) -> int:
    """How far the labels at the right edge reach beyond it, in pixels."""
    last = [text for dot in dots if dot.x == 100 for text in (dot.text, dot.version)]
    return GAP + max((width(text) for text in last), default=0) // 2


def _height(value: float, low: float, high: float) -> float:
    """The height of a value, in pixels from the top."""
    return round(MIN_Y + (MAX_Y - MIN_Y) * (1 - share(value, low, high)), 1)


def _dots(
    finite: Sequence[tuple[int, float]], texts: Sequence[str], versions: Sequence[str], best: frozenset[int]
) -> Iterator[Dot]:
    """The points. Of several best versions the newest is labelled; other labels stand where they have room."""
    numbers = [value for _, value in finite]
    low, high, count = min(numbers), max(numbers), len(versions)
    newest = max((place for place, (number, _) in enumerate(finite) if number in best), default=-1)
    names = [version[:MAX_LETTERS] for version in versions]
    shown_names = _with_room([_Label(number / (count - 1), name) for number, name in enumerate(names)], (count - 1,))
    labels: list[_Label] = []
    above: list[bool] = []
    for place, (number, value) in enumerate(finite):
        before, after = numbers[max(0, place - 1)], numbers[min(place + 1, len(numbers) - 1)]
        high_up, anchor = _beside(before, value, after)
        above.append(high_up)
        text = f"{texts[place]} best" if place == newest else texts[place]
        start = number == 0 and width(text) > 2 * (AXIS - GAP)  # it would cross the axis
        labels.append(_Label(number / (count - 1), text, "start" if start else anchor))
    shown = _with_room(labels, (newest, len(labels) - 1) if newest >= 0 else (len(labels) - 1,))
    for place, (number, value) in enumerate(finite):
        y = _height(value, low, high)
        yield Dot(
            x=round(100 * number / (count - 1), 2),
            y=y,
            text=labels[place].text if place in shown else "",
            text_y=y - 10 if above[place] else y + 18,
            anchor=labels[place].anchor,
            version=names[number] if number in shown_names else "",
            best=number in best,
        )


class _Label(NamedTuple):
    """A text at a place of the horizontal axis, 0 to 1."""

    x: float
    text: str
    anchor: str = "middle"

    def ends(self) -> tuple[float, float]:
        """Its ends in pixels, in the narrowest chart."""
        room, x = width(self.text), MIN_WIDTH * self.x
        start = x - {"start": 0.0, "middle": room / 2, "end": room}[self.anchor]
        return start, start + room


def _with_room(labels: Sequence[_Label], first: Sequence[int]) -> set[int]:
    """The labels that are shown: the `first` ones before the others, evenly, none over another."""
    widest = max(width(label.text) for label in labels) + GAP
    every = max(1, math.ceil(len(labels) / min(MAX_LABELS, 1 + MIN_WIDTH // widest)))
    shown: dict[int, tuple[float, float]] = {}
    for place in dict.fromkeys((*first, *range(0, len(labels), every))):
        start, end = labels[place].ends()
        if all(end + GAP <= left or right + GAP <= start for left, right in shown.values()):
            shown[place] = start, end
    return set(shown)


def _beside(before: float, value: float, after: float) -> tuple[bool, str]:
    """Whether a text is above its point, and which end is at the point, so that the line does not cross it."""
    if before < value < after:
        return True, "end"
    if before > value > after:
        return True, "start"
    return value >= max(before, after), "middle"
