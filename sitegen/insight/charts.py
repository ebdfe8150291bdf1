"""The charts that a reader can draw of a model's versions, declared once with altair as templates.

A template knows nothing of a registry: its rows have the columns below whatever the metrics are called, because names
such as `eval.f1` or `loss[0]` mean something else to Vega-Lite. The page puts rows, titles and scales in.

x, y      the chosen values of a point            series    the metric that y is of
label     the version as people call it           order     its place among the versions
color, size, facet    further values, where the reader chose any
"""

from typing import Any, Literal

import altair as alt

TYPES: dict[str, str] = {
    "line": "line",
    "bar": "bar",
    "scatter": "scatter plot",
    "box": "box plot",
    "histogram": "histogram",
    "parallel": "parallel coordinates",
    "heat": "heat map",
}
"""Types of charts with their names."""

ROWS = alt.NamedData("rows")
AXIS = alt.Axis(labelAngle=0, labelOverlap=True, labelSeparation=6)
Chart = alt.LayerChart | alt.FacetChart


def templates() -> dict[str, dict[str, Any]]:
    """A Vega-Lite specification for each type of chart, with the data named `rows` and no colours of its own."""
    charts: dict[str, Chart] = {
        "line": _line(),
        "bar": _bar(),
        "scatter": _scatter(),
        "box": _box(),
        "histogram": _histogram(),
        "parallel": _parallel(),
        "heat": _heat(),
    }
    return {name: chart.to_dict() for name, chart in charts.items()}


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title="version"),
        alt.Tooltip("series:N", title="metric"),
        alt.Tooltip("x:N", title="x"),
        alt.Tooltip("y:Q", title="y", format=".6~g"),
    ]


def _x(kind: Literal["quantitative", "ordinal", "nominal"] = "ordinal") -> alt.X:
    return alt.X("x", type=kind, title="x", sort=None, axis=AXIS)


def _y() -> alt.Y:
    return alt.Y("y:Q", title="y", scale=alt.Scale(zero=False))


def _series() -> dict[str, Any]:
    """Several metrics are told apart by dash and shape as well as by colour."""
    return {
        "color": alt.Color("series:N", title=None, sort=None),
        "detail": alt.Detail("series:N"),
    }


def _baseline() -> alt.Chart:
    """A dashed line at the baseline's value; rows without one draw nothing."""
    rule: alt.Chart = (
        alt.Chart(ROWS)
        .transform_filter("isValid(datum.baseline)")
        .mark_rule(strokeDash=[4, 3])
        .encode(y=alt.Y("mean(baseline):Q", title="y"), detail="series:N")
    )
    return rule


def _line() -> Chart:
    base = alt.Chart(ROWS)
    line = base.mark_line(clip=True).encode(
        x=_x(),
        y=_y(),
        order=alt.Order("order:Q"),
        strokeDash=alt.StrokeDash("series:N", title=None, sort=None, legend=None),
        **_series(),
    )
    points = base.mark_point(filled=True, size=45).encode(
        x=_x(), y=_y(), shape=alt.Shape("series:N", title=None, sort=None, legend=None), tooltip=_tooltip(), **_series()
    )
    return alt.layer(line, points, _ends(base).encode(x=_x(), y=_y()), _baseline())


def _ends(base: alt.Chart) -> alt.Chart:
    """The name of a line at its end; rows carry it in `end`."""
    text: alt.Chart = (
        base.transform_filter("isValid(datum.end)").mark_text(align="left", dx=7, clip=False).encode(text="end:N")
    )
    return text


def _bar() -> Chart:
    bars = (
        alt.Chart(ROWS)
        .mark_bar()
        .encode(
            x=_x(),
            y=alt.Y("y:Q", title="y"),
            xOffset=alt.XOffset("series:N", sort=None),
            tooltip=_tooltip(),
            **_series(),
        )
    )
    return alt.layer(bars, _baseline())


def _scatter() -> Chart:
    points = (
        alt.Chart(ROWS)
        .mark_point(filled=True, size=60)
        .encode(
            x=_x("quantitative"),
            y=_y(),
            shape=alt.Shape("series:N", title=None, sort=None),
            tooltip=_tooltip(),
            **_series(),
        )
    )
    return alt.layer(points, _baseline())


def _box() -> Chart:
    boxes = (
        alt.Chart(ROWS)
        .mark_boxplot(extent=1.5)
        .encode(x=_x("nominal"), y=_y(), color=alt.Color("series:N", title=None))
    )
    return alt.layer(boxes, _baseline())


_WHOLE = "datum.value % 1 === 0 ? format(datum.value, 'd') : ''"


def _histogram() -> Chart:
    bars = (
        alt.Chart(ROWS)
        .mark_bar()
        .encode(
            x=alt.X("y:Q", bin=alt.Bin(maxbins=20), title="y"),
            y=alt.Y("count():Q", title="versions", axis=alt.Axis(labelExpr=_WHOLE)),
            color=alt.Color("series:N", title=None, sort=None),
        )
    )
    return alt.layer(bars)


def _parallel() -> Chart:
    """One line a version across the metrics, each scaled to its own range."""
    base = (
        alt.Chart(ROWS)
        .transform_filter("isValid(datum.y)")
        .transform_joinaggregate(least="min(y)", most="max(y)", groupby=["series"])
        .transform_calculate(
            share="datum.most === datum.least ? 0.5 : (datum.y - datum.least) / (datum.most - datum.least)"
        )
    )
    axis = alt.Axis(values=[0, 1], labelExpr="datum.value === 0 ? 'least' : 'most'", tickCount=2)
    x = alt.X("series:N", title=None, sort=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y("share:Q", title=None, axis=axis)
    color = alt.Color("label:N", title=None, sort=None, legend=None)
    lines = base.mark_line().encode(
        detail="label:N",
        strokeDash=alt.StrokeDash("label:N", title=None, sort=None, legend=None),
        x=x,
        y=y,
        color=color,
    )
    points = base.mark_point(filled=True, size=45).encode(tooltip=_tooltip(), x=x, y=y, color=color)
    return alt.layer(lines, points, _ends(base).encode(x=x, y=y))


def _heat() -> Chart:
    cells = (
        alt.Chart(ROWS)
        .mark_rect()
        .encode(
            x=alt.X("x:O", title="x", sort=None, axis=AXIS),
            y=alt.Y("y:Q", title="y", bin=alt.Bin(maxbins=12)),
            color=alt.Color("mean(color):Q", title="colour", scale=alt.Scale(interpolate="lab")),
            tooltip=[alt.Tooltip("count():Q", title="versions"), alt.Tooltip("mean(color):Q", title="colour")],
        )
    )
    return alt.layer(cells)
