"""The metric that tells in one line how a version did against another."""

import pytest

from sitegen.site.views.metric_rows import OTHER_DATASET, DeltaCell, MetricRow, main_delta

WORSE = DeltaCell("+1.0", "worse", True)
ROWS = (("a", DeltaCell("", "", False)), ("b", DeltaCell(OTHER_DATASET, "", False)), ("c", WORSE), ("d", WORSE))


def row(key: str, delta: DeltaCell) -> MetricRow:
    """The row of a metric with one reference."""
    return MetricRow(key, "", "", "", "", "1", "1", None, "", "", 1, (delta,))


@pytest.mark.parametrize(("main", "key"), [((), "c"), (("d",), "d"), (("a", "d"), "d"), (("b",), "c")])
def test_the_main_metric_comes_first(main: tuple[str, ...], key: str) -> None:
    """Where both have it on one dataset; else the first such metric."""
    found = main_delta([row(*one) for one in ROWS], 0, main)
    assert found and (found.key, found.cell) == (key, WORSE)


def test_without_a_shared_metric_there_is_none() -> None:
    assert main_delta([row(*one) for one in ROWS[:2]], 0, ("a",)) is None
