"""Small charts as SVG paths, drawn without scripts: a sparkline, and the line of a metric over versions."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.site import display


class Spark(NamedTuple):
    """A sparkline of 150 x 20 pixels: its path, its last point, and its text for screen readers."""

    path: str
    x: float
    y: float
    label: str


def spark(key: str, values: Sequence[float], width: float = 146, height: float = 15) -> Spark | None:
    """The sparkline of values, oldest first; None if fewer than two values are finite."""
    points = [(number, value) for number, value in enumerate(values) if math.isfinite(value)]
    if len(points) < 2:
        return None
    low, high = min(value for _, value in points), max(value for _, value in points)
    step = width / (len(values) - 1)
    marks = [(2 + number * step, 2.5 + height * _below(value, low, high)) for number, value in points]
    path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in marks)
    ends = points[0][1], points[-1][1]
    digits = display.digits_of([low, high, *ends])
    first, last = (display.number(value, digits) for value in ends)
    return Spark(
        path, round(marks[-1][0], 1), round(marks[-1][1], 1), f"{key}, {len(values)} steps from {first} to {last}"
    )


def _below(value: float, low: float, high: float) -> float:
    """The distance of a value below the highest, 0 to 1; 0.5 where all are equal.

    Halves the values, since differences may overflow.
    """
    return 0.5 if low == high else (high / 2 - value / 2) / (high / 2 - low / 2)


class Dot(NamedTuple):
    """A point of a chart with its value `text` and its `version` on the axis, each empty if there is no room.

    `anchor` is the end of the text that is at the point.
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
    """A chart of one metric over versions, 760 x 222 pixels, with a text for screen readers.

    `ticks` are the lowest and the highest value; one in the middle where all are equal. `margin` is the room that they
    need to the left of the drawing.
    """

    title: str
    note: str
    ticks: tuple[Tick, ...]
    margin: int
    path: str
    dots: tuple[Dot, ...]
    baseline: float | None
    baseline_label: str
    label: str


MIN_X, MAX_X, MIN_Y, MAX_Y = 96.0, 650.0, 32.0, 170.0
MAX_LABELS = 12
LETTER = 7
"""About how wide a letter is, in pixels."""


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
    at = next((dot.y for (number, _), dot in zip(finite, dots, strict=True) if number == baseline), None)
    labels = [f"{versions[number]} {text}" for (number, _), text in zip(finite, texts, strict=True)]
    return Line(
        title=f"{key} by version",
        note=note,
        margin=max(0, LETTER * max(map(len, texts)) - 42),
        ticks=tuple(Tick(_height(end, low, high), display.number(end, digits)) for end in sorted({low, high})),
        path="M" + " L".join(f"{dot.x} {dot.y}" for dot in dots),
        dots=dots,
        baseline=at,
        baseline_label="" if baseline is None else versions[baseline],
        label=f"{key} by version: " + ", ".join(labels[-30:]),
    )


def _height(value: float, low: float, high: float) -> float:
    """The height of a value, in pixels from the top."""
    return round(MIN_Y + (MAX_Y - MIN_Y) * _below(value, low, high), 1)


def _dots(
    finite: Sequence[tuple[int, float]], texts: Sequence[str], versions: Sequence[str], best: frozenset[int]
) -> Iterator[Dot]:
    """The points. Of several best versions the newest is labelled, with no other label next to it."""
    numbers = [value for _, value in finite]
    low, high, step = min(numbers), max(numbers), (MAX_X - MIN_X) / (len(versions) - 1)
    room = LETTER * max(map(len, texts)) + 6
    every = max(1, math.ceil(len(versions) / min(MAX_LABELS, 1 + (MAX_X - MIN_X) // room)))
    last = len(versions) - 1
    newest = max((number for number, _ in finite if number in best), default=-len(versions))
    for place, (number, value) in enumerate(finite):
        has_label = number % every == 0 or number == last
        free = has_label and abs(number - newest) >= every and (number == last or last - number >= every)
        before, after = numbers[max(0, place - 1)], numbers[min(place + 1, len(numbers) - 1)]
        above, anchor = _beside(before, value, after)
        y = _height(value, low, high)
        yield Dot(
            x=round(MIN_X + number * step, 1),
            y=y,
            text=f"{texts[place]} best" if number == newest else texts[place] if free else "",
            text_y=y - 10 if above else y + 18,
            anchor=anchor if every == 1 else "middle",  # further apart, their sides could meet
            version=versions[number] if has_label else "",
            best=number in best,
        )


def _beside(before: float, value: float, after: float) -> tuple[bool, str]:
    """Whether a text is above its point, and which end is at the point, so that the line does not cross it."""
    if before < value < after:
        return True, "end"
    if before > value > after:
        return True, "start"
    return value >= max(before, after), "middle"
