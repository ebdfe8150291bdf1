"""Learning curves: their path, their axes, and what they say in words."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.site.charts.curve import (
    HEIGHT,
    MAX_POINTS,
    MIN_POINTS,
    PAGE_POINTS,
    PLOT_HEIGHT,
    TOP,
    WIDTH,
    Curve,
    curve,
    points_each,
)
from sitegen.site.display import digits_of

Points = list[tuple[int, float]]


def drawn(points: Points, most: int = MAX_POINTS) -> Curve | None:
    """The curve of a whole history."""
    return curve(points, len(points), digits_of(value for _, value in points), most)


def places(path: str) -> list[list[tuple[int, int]]]:
    """The points of each stretch of a path, in units of it."""
    stretches = []
    for start, steps in re.findall(r"M([^Ml]*)l([^M]*)", path):
        x, y = map(int, start.split())
        stretch, numbers = [(x, y)], [int(number) for number in re.findall(r"-?\d+", steps)]
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + right, y + down
            stretch.append((x, y))
        stretches.append(stretch)
    return stretches


def test_a_curve_has_its_points_at_their_steps() -> None:
    """The highest value at the top; the axes have round values."""
    found = drawn([(0, 1.0), (100, 0.5), (400, 0.0)])
    assert found
    assert places(found.path) == [[(0, 0), (250, 150), (1000, 300)]]
    assert found.end == "1000 300"
    assert [tick.text for tick in found.y_ticks] == ["0", "0.25", "0.5", "0.75", "1"]
    assert [(tick.place, tick.text, tick.anchor) for tick in found.x_ticks[:2]] == [
        (0, "0", "start"),
        (25, "100", "middle"),
    ]
    assert found.note == "3 values, steps 0 to 400: lowest 0.0000 at step 400, highest 1.0000 at step 0"


def test_a_history_within_one_step_is_drawn_in_its_order() -> None:
    found = drawn([(7, 1.0), (7, 3.0), (7, 2.0)])
    assert found and found.x_ticks == ()
    assert places(found.path) == [[(0, 300), (500, 0), (1000, 150)]]
    assert found.note == "3 values, step 7: lowest 1, highest 3"


def test_equal_values_are_a_line_in_the_middle() -> None:
    found = drawn([(0, 2.0), (1, 2.0)])
    assert found and [tick.text for tick in found.y_ticks] == ["2"]
    assert places(found.path) == [[(0, 150), (1000, 150)]]
    assert found.note.endswith("always 2")


def test_what_is_not_finite_is_a_gap() -> None:
    found = drawn([(0, 1.0), (1, 2.0), (2, math.nan), (3, 1.0), (4, math.inf)])
    assert found
    assert places(found.path) == [[(0, 300), (250, 0)], [(750, 300), (750, 300)]]
    assert found.end == "750 300"


@pytest.mark.parametrize("values", [[], [1.0], [math.nan, 1.0], [math.inf, -math.inf]])
def test_fewer_than_two_finite_values_have_no_curve(values: list[float]) -> None:
    assert drawn([(0, math.nan), *enumerate(values, 1)]) is None


HISTORIES = st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.floats()), min_size=1, max_size=60).map(sorted)


@given(HISTORIES, st.integers(MIN_POINTS, MAX_POINTS))
def test_no_history_leaves_the_chart(points: Points, most: int) -> None:
    """Whatever steps and values it has: no point and no mark of an axis is outside."""
    found = drawn(points, most)
    if not found:
        return
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for stretch in places(found.path) for x, y in stretch)
    assert 1 <= len(found.y_ticks) <= 6
    assert all(TOP + 3 <= tick.place <= TOP + PLOT_HEIGHT + 5 for tick in found.y_ticks)
    assert len(found.x_ticks) <= 6
    assert all(-0.1 <= tick.place <= 100.1 for tick in found.x_ticks)


def test_a_page_has_few_points_however_many_curves() -> None:
    assert points_each(1) == MAX_POINTS
    assert points_each(50) * 50 <= PAGE_POINTS
    found = drawn([(step, math.sin(step)) for step in range(5000)], points_each(50))
    assert found and sum(map(len, places(found.path))) <= points_each(50)
