"""The chart of a model's page: what stands at its points."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.site.charts.svg import AXIS, GAP, MAX_LETTERS, MAX_Y, MIN_WIDTH, MIN_Y, Dot, Line, Tick, line, width

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
    """To the left of the axis; a short number needs less."""
    found = drawn([0.3, 0.1 + 0.2, *(-number / 10 for number in range(16))])
    assert found.left == AXIS + GAP + width("0.30000000000000004")
    assert drawn([0.25, 0.5]).left == AXIS + GAP + width("0.2500")


@given(
    values=st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=100),
    chosen=st.integers(0, 99),
    name=st.text("abcdef", min_size=1, max_size=40),
)
def test_no_label_lies_on_another(values: list[float | None], chosen: int, name: str) -> None:
    """Neither of values nor of versions, nor on the axis or the label of the baseline, in the narrowest chart."""
    versions, place = [f"{name}{number}" for number in range(len(values))], chosen % len(values)
    found = line("m", "lower", versions, values, frozenset({place}), place)
    if found is None:
        return
    texts = [extent(dot, dot.text, dot.anchor) for dot in found.dots if dot.text]
    names = [extent(dot, dot.version, "middle") for dot in found.dots if dot.version]
    for ends in (texts, names):
        assert all(b >= a + GAP for (_, a), (b, _) in pairwise(sorted(ends)))
        assert all(start >= -AXIS - width(name[:MAX_LETTERS]) for start, _ in ends)
    if found.baseline_label:
        assert all(end <= MIN_WIDTH + found.right - width(found.baseline_label) for _, end in texts)
    assert all(start >= -AXIS for start, _ in texts)


def extent(dot: Dot, text: str, anchor: str) -> tuple[float, float]:
    """The ends of a text at a point, in pixels."""
    x, room = MIN_WIDTH * dot.x / 100, width(text)
    start = x - {"start": 0, "middle": room / 2, "end": room}[anchor]
    return start, start + room


def test_of_several_best_ones_the_newest_says_so() -> None:
    """All are marked; all values stand in the text for screen readers."""
    found = drawn([1, 2, 1, 2], frozenset({0, 2}))
    assert [dot.text for dot in found.dots] == ["1", "2", "1 best", "2"]
    assert [dot.best for dot in found.dots] == [True, False, True, False]
    assert found.label == "m by version: v1 1, v2 2, v3 1, v4 2"


def test_the_best_of_many_has_its_room_to_itself() -> None:
    """No number over it; names of versions stand evenly, the last one always."""
    values = [float(number % 7) for number in range(60)]
    found = drawn([*values[:31], -1.0, *values[32:]], frozenset({31}))
    assert found.dots[31].text.endswith(" best")
    assert found.dots[-1].text
    assert [dot.version for dot in found.dots if dot.version] == [f"v{number}" for number in (*range(1, 60, 5), 60)]
