"""Templates of the charts that a reader can draw of a model's versions, declared with altair.

A template does not depend on the registry: its rows have the columns below, not the names of metrics, because names
such as `eval.f1` or `loss[0]` have another meaning in Vega-Lite. The page adds rows, titles and scales.

x, y      the chosen values of a point            series    the metric that y is of
label     the version as people call it           order     its place among the versions
rank      its place among the rows at one x, for bars
color, size, facet    further values, where the reader chose any
baseline  the value that others are held against
mark, mark_align      the value of a point, and which side of it is at the point
end, end_y            the name of a line beside its last point, and the height at which it stands
beside, beside_y      the same for the line of a baseline
share     where a value lies on its axis of parallel coordinates, 0 to 1
value     y in full, as a text
least, most, only     what such an axis says at its ends, or in its middle where it has one value
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
        alt.Tooltip("value:N", title="value"),
    ]


def _x(kind: Literal["quantitative", "ordinal", "nominal"] = "ordinal") -> alt.X:
    return alt.X("x", type=kind, title="x", sort=None, axis=AXIS)


def _y() -> alt.Y:
    return alt.Y("y:Q", title="y", scale=alt.Scale(zero=False))


def _series() -> dict[str, Any]:
    """Distinguish metrics by dash and shape as well as by color."""
    return {
        "color": alt.Color("series:N", title=None, sort=None),
        "detail": alt.Detail("series:N"),
    }


def _baseline() -> tuple[alt.Chart, alt.Chart]:
    """A dashed line at the baseline's value, and its label; rows without a baseline draw nothing."""
    rows = alt.Chart(ROWS)
    rule = rows.transform_filter("isValid(datum.baseline)").mark_rule(strokeDash=[4, 3])
    return (
        rule.encode(y=alt.Y("mean(baseline):Q", title="y"), detail="series:N"),
        _text(rows, "beside").encode(x=alt.value("width"), y=alt.Y("beside_y:Q", title="y")),
    )


def _text(
    base: alt.Chart, field: str, align: Literal["left", "center", "right"] = "left", dx: int = 7, dy: int = 0
) -> alt.Chart:
    """A text for each row that has one."""
    rows = base.transform_filter(f"isValid(datum.{field})")
    text: alt.Chart = rows.mark_text(align=align, dx=dx, dy=dy, clip=False).encode(text=f"{field}:N")
    return text


def _values(base: alt.Chart) -> alt.Chart:
    """The value of a point above it, on the side where the line does not cross it."""
    apart = alt.ExprRef("datum.mark_align == 'right' ? -4 : 0")
    marked = base.transform_filter("isValid(datum.mark)")
    text: alt.Chart = marked.mark_text(align=alt.ExprRef("datum.mark_align"), dx=apart, dy=-12, clip=False).encode(
        text="mark:N"
    )
    return text


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
    ends = _text(base, "end").encode(x=_x(), y=alt.Y("end_y:Q", title="y", scale=alt.Scale(zero=False)))
    values = _values(base).encode(x=_x(), y=_y())
    return alt.layer(line, points, ends, values, *_baseline())


def _bar() -> Chart:
    bars = (
        alt.Chart(ROWS)
        .mark_bar()
        .encode(
            x=_x(),
            y=alt.Y("y:Q", title="y", stack=None),  # a sum of metrics means nothing
            xOffset=alt.XOffset("series:N", sort=None),
            tooltip=_tooltip(),
            **_series(),
        )
    )
    return alt.layer(bars, *_baseline())


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
    return alt.layer(points, *_baseline())


def _box() -> Chart:
    boxes = (
        alt.Chart(ROWS)
        .mark_boxplot(extent=1.5)
        .encode(
            x=_x("nominal"),
            y=_y(),
            xOffset=alt.XOffset("series:N", sort=None),
            color=alt.Color("series:N", title=None, sort=None),
        )
    )
    return alt.layer(boxes, *_baseline())


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
    """One line for each version across the metrics, each scaled to the range that its axis shows."""
    base = alt.Chart(ROWS)
    axis = alt.Axis(labelAngle=0, labelPadding=24, ticks=False, domain=False, grid=True)
    x = alt.X("series:N", title=None, sort=None, axis=axis)
    y = alt.Y("share:Q", title=None, axis=None, scale=alt.Scale(domain=[0, 1]))
    color = alt.Color("label:N", title=None, sort=None, legend=None)
    lines = base.mark_line().encode(
        detail="label:N",
        strokeDash=alt.StrokeDash("label:N", title=None, sort=None, legend=None),
        x=x,
        y=y,
        color=color,
    )
    points = base.mark_point(filled=True, size=45).encode(tooltip=_tooltip(), x=x, y=y, color=color)
    least = _text(base, "least", "center", 0, 13).encode(x=x, y=alt.value("height"))
    most = _text(base, "most", "center", 0, -11).encode(x=x, y=alt.value(0))
    only = _text(base, "only", "right", -4, -12).encode(x=x, y=y)
    halo = only.copy()
    halo.mark.strokeWidth = 5  # so that lines that meet in the middle of an axis do not hide its value
    ends = _text(base, "end").encode(x=x, y=alt.Y("end_y:Q", title=None, axis=None))
    return alt.layer(lines, points, halo, least, most, only, ends)


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
