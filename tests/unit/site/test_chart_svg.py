"""The chart of a model's page: what stands at its points."""

from itertools import pairwise

import pytest

from sitegen.site.charts.svg import MAX_Y, MIN_Y, Dot, Line, Tick, line

SHAPES = {
    "peak": ([1, 3, 2], "below middle, above middle, below middle"),
    "valley": ([3, 1, 2], "above middle, below middle, above middle"),
    "up": ([1, 2, 3], "below middle, above end, above middle"),
    "down": ([3, 2, 1], "above middle, above start, below middle"),
    "flat": ([2, 2, 1], "above middle, above middle, below middle"),
}


def drawn(values: list[float | None], best: frozenset[int] = frozenset()) -> Line:
    """The chart of values, one a version."""
    found = line("m", "lower", [f"v{number}" for number in range(1, len(values) + 1)], values, best, None)
    assert found
    return found


@pytest.mark.parametrize(("values", "places"), SHAPES.values(), ids=SHAPES)
def test_the_line_does_not_cross_the_numbers(values: list[float | None], places: str) -> None:
    """They stand above peaks, below valleys, and on the outer side of slopes."""
    assert ", ".join(map(place, drawn(values).dots)) == places


def place(dot: Dot) -> str:
    """Where the text of a point stands."""
    return f"{'above' if dot.text_y < dot.y else 'below'} {dot.anchor}"


def test_equal_values_have_one_tick_at_their_height() -> None:
    """In the middle: a value at the top would look high."""
    found = drawn([0.5526, 0.5526, 0.5526])
    [tick] = found.ticks
    assert (tick.text, {dot.y for dot in found.dots}) == ("0.5526", {tick.y})
    assert MIN_Y < tick.y < MAX_Y


def test_ticks_stand_at_the_lowest_and_the_highest_value() -> None:
    found = drawn([0.99996, 0.5, 1.0])
    heights = [dot.y for dot in found.dots]
    assert found.ticks == (Tick(heights[1], "0.50000"), Tick(heights[2], "1.00000"))


def test_long_numbers_have_room() -> None:
    """Beside the axis and beside each other."""
    values = [0.3, 0.1 + 0.2, *(number / 10 for number in range(4, 20))]
    found = drawn([*values])
    assert found.margin >= 6 * len("0.30000000000000004") - 42
    told = [dot.x for dot in found.dots if dot.text]
    assert all(b - a >= 6 * len("0.30000000000000004") for a, b in pairwise(told))
    assert drawn([0.25, 0.5]).margin == 0


def test_of_several_best_ones_the_newest_says_so() -> None:
    """All are marked; all values stand in the text for screen readers."""
    found = drawn([1, 2, 1, 2], frozenset({0, 2}))
    assert [dot.text for dot in found.dots] == ["1", "2", "1 best", "2"]
    assert [dot.best for dot in found.dots] == [True, False, True, False]
    assert found.label == "m by version: v1 1, v2 2, v3 1, v4 2"


def test_the_best_of_many_has_its_room_to_itself() -> None:
    """No number beside it, and the names of versions as far apart as ever."""
    values = [float(number % 7) for number in range(60)]
    found = drawn([*values[:31], -1.0, *values[32:]], frozenset({31}))
    assert {dot.anchor for dot in found.dots} == {"middle"}
    told = [number for number, dot in enumerate(found.dots) if dot.text]
    assert [number for number in told if abs(number - 31) < 5] == [31]
    assert [dot.version for dot in found.dots if dot.version] == [f"v{number}" for number in (*range(1, 60, 5), 60)]
