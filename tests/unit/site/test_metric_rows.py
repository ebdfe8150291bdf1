"""Rows of the table of metrics on a version's page, and the one that tells how a version did against another."""

import pytest

from sitegen.domain.model import Metric, Model, Origin, Version
from sitegen.settings.settings import Settings
from sitegen.site.views.context import model_context
from sitegen.site.views.metric_rows import NO_VALUE, OTHER_DATASET, DeltaCell, MetricRow, main_delta, metric_rows
from sitegen.site.views.parts import SiteView
from sitegen.site.views.verdicts import verdict_views

WORSE = DeltaCell("+1.0", "worse", True)
ROWS = (
    ("a", DeltaCell("", "", False)),
    ("b", DeltaCell(OTHER_DATASET, "", False)),
    ("e", DeltaCell(NO_VALUE, "", False)),
    ("c", WORSE),
    ("d", WORSE),
)


def row(key: str, delta: DeltaCell) -> MetricRow:
    """The row of a metric with one reference."""
    return MetricRow("", key, "", "", "", "", "1", "1", False, None, "", "", 1, (delta,))


@pytest.mark.parametrize(("main", "key"), [((), "c"), (("d",), "d"), (("a", "d"), "d"), (("b",), "c")])
def test_the_main_metric_comes_first(main: tuple[str, ...], key: str) -> None:
    """Where both have it on one dataset; else the first such metric."""
    found = main_delta([row(*one) for one in ROWS], 0, main)
    assert found and (found.key, found.cell) == (key, WORSE)


def test_without_a_shared_metric_there_is_none() -> None:
    assert main_delta([row(*one) for one in ROWS[:3]], 0, ("a",)) is None


def texts(*metrics: Metric) -> list[str]:
    """The values of a table of these metrics."""
    return [row.value for row in metric_rows(metrics, Version(name="1"), (), (), Settings())]


def test_different_values_of_a_metric_on_several_datasets_look_different() -> None:
    """They stand below each other; other metrics have digits of their own."""
    train, test = (Metric("auc", value, origin=Origin(name)) for value, name in ((0.91234, "train"), (0.91232, "test")))
    assert texts(train, test, Metric("rmse", 0.91231)) == ["0.91234", "0.91232", "0.9123"]
    assert texts(train, test._replace(value=0.5)) == ["0.9123", "0.5000"]


def test_a_value_and_its_extremes_look_different() -> None:
    metric = Metric("auc", 0.99996, logged=3, least=0.99991, most=0.99999)
    [row] = metric_rows([metric], Version(name="1"), (), (), Settings())
    assert (row.least, row.value, row.most) == ("0.99991", "0.99996", "0.99999")


def test_a_value_has_the_digits_of_those_beside_it() -> None:
    """A whole number beside a fraction, and the difference of the two: as in a column of both."""
    versions = [
        Version(name=str(place), metrics=(Metric("rmse", value),)) for place, value in enumerate((4799.5, 5000))
    ]
    model = Model(name="m", kind="registered", versions=tuple(versions))
    lead = verdict_views(model_context(model, "m", Settings(), SiteView("", "", "", {})), 1, "").lead
    assert lead
    [row] = metric_rows(versions[1].metrics, versions[1], (lead,), (), Settings())
    assert (row.value, row.deltas[0].value, row.deltas[0].difference) == ("5000.0", "4799.5", "+200.5")
