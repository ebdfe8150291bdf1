"""The chart studio in a real browser: every choice, every type, what it exports, and what it shows of odd data."""

import csv
import io
import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import sitegen
from tests.support import sites
from tests.support.browsers import Tab, choose, go, hash_of, rows, settle, specification, until
from tests.support.registries import COLUMNS, Files, layout, mlmodel, write

ODD = ("eval.f1", "loss[0]", "it's", "a\\b", "__proto__", "constructor", "=1+1", "<b>bold</b>")
"""Names of metrics that mean something else to Vega-Lite, JavaScript, spreadsheets or HTML."""

FORMULAS = ("\uff1d1+1", "\uff0b1+1", "\uff0d1+1", "\uff20SUM(A1)", "\n=1+1", "\t=1+1")
"""Texts that spreadsheets run: behind full-width signs, a line feed or a tab."""

PARALLEL = "type=parallel&y=metrics.loss&y=metrics.early&y=metrics.score"
"""Axes of which the one in the middle has one version's value."""

TYPES = {
    "line": ".mark-line path",
    "bar": ".mark-rect path",
    "scatter": ".mark-symbol path",
    "box": ".mark-rect path",
    "histogram": ".mark-rect path",
    "parallel": ".mark-line path",
    "heat": ".mark-rect path",
}
"""Each type of chart, and the marks that it draws."""


def models() -> Files:
    """Models whose metrics have odd names and values; one with 300 metrics, one without any, and one with gaps."""
    files: Files = {"odd/model.yaml": json.dumps({"aliases": {"champion": "2"}})}
    for number in range(1, 7):
        metrics: dict[str, Any] = {key: number * (place + 1) / 8 for place, key in enumerate(ODD)}
        metrics |= {"rmse": [9.5 - step / number for step in range(5)], "constant": 1, "nothing": math.nan}
        metrics |= {"gap": math.nan if number == 2 else number - 3}
        metrics |= {"rare": 0.25} if number == 4 else {}
        params = {"lr": str(number / 100), "kind": "ab"[number % 2], "note": "=1+1", "rmse": "10"}
        params |= {"sly": FORMULAS[number - 1]}
        params |= {"late": "yes"} if number > 3 else {}
        made = {"utc_time_created": f"2026-01-0{number} 10:00:00.000000"} if number < 6 else {}
        texts = {
            "MLmodel": mlmodel(COLUMNS, **made),
            "metrics_json": json.dumps(metrics),
            "params_json": json.dumps(params),
        }
        files |= layout(
            "odd", str(number), **texts, tags_json=json.dumps({"team": "xy"[number % 2], "+note": "@SUM(A1)"})
        )
    for number in (1, 2):
        files |= layout("wide", str(number), metrics_json=json.dumps({f"m{key:03}": key for key in range(301)}))
        files |= layout("none", str(number))
        equal = {"accuracy": 0.5526, "other": 197.4987, "loss": 0.0003}
        files |= layout("equal", str(number), metrics_json=json.dumps(equal), params_json='{"rate": "0.125"}')
    for number in range(1, 5):
        metrics = {"loss": number, "score": 9 - number} | ({"early": 0.5} if number == 4 else {})
        files |= layout("gaps", str(number), metrics_json=json.dumps(metrics))
    return files


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("studio") / "registry", models())


@pytest.fixture(scope="module")
def site(registry: Path) -> Path:
    return sites.built(registry, registry.parent / "site")


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab that has nothing to complain about in the end."""
    tab = Tab(browser, accept_downloads=True)
    yield tab
    assert tab.complaints() == []
    tab.close()


@pytest.fixture
def page(tab: Tab, address: str) -> Page:
    """The model's page with the studio opened, and a metric chosen."""
    page = studio(tab, address)
    choose(page, "Y", "metrics.rmse")
    return page


def studio(tab: Tab, address: str, model: str = "odd") -> Page:
    page = tab.open(f"{address}models/{model}/index.html")
    page.click("#open-studio")
    settle(page)
    return page


def reference(registry: Path, column: str) -> dict[str, Any]:
    """The values of a column by version, from pandas, without those that no chart can show."""
    frame = sitegen.read(str(registry)).to_frame()
    own = frame[frame["model"] == "odd"].set_index("version")[column].dropna()
    return {f"v{version}": value for version, value in own.items()}


def layers(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of a specification, of each small chart where it is split."""
    found: list[dict[str, Any]] = spec.get("spec", spec)["layer"]
    return found


def encoding(page: Page, channel: str) -> dict[str, Any]:
    """How the first layer shows something."""
    found: dict[str, Any] = layers(specification(page))[0]["encoding"][channel]
    return found


# --- choices ---------------------------------------------------------------------------------------------------


def test_the_first_chart_shows_the_main_metric_beside_the_champion(tab: Tab, address: str, registry: Path) -> None:
    """Without a choice, the chart that the page has without scripts."""
    page, main = studio(tab, address), "metrics.eval.f1"
    assert {row["label"]: row["y"] for row in rows(page)} == reference(registry, main)
    assert {row["baseline"] for row in rows(page)} == {reference(registry, main)["v2"]}
    assert specification(page)["title"] == "eval.f1 by version"


def test_each_type_of_chart_is_in_the_table(page: Page) -> None:
    """Python has the templates of types and the scripts the rest: a type that one of them lacks cannot be drawn."""
    templates, names, table = page.evaluate(
        "[sitegenCharts.templates, sitegenCharts.types, sitegen.chartTypes].map((each) => Object.keys(each).sort())"
    )
    assert templates == names == table == sorted(TYPES)
    entries = page.evaluate("Object.values(sitegen.chartTypes).map((entry) => Object.keys(entry).sort().join())")
    assert len(set(entries)) == 1


def test_charts_are_printed_in_dark_letters(page: Page) -> None:
    """Also where a dark theme drew them in light ones."""
    page.emulate_media(color_scheme="dark")
    letters = page.locator("svg.marks text").first
    expect(letters).to_have_css("fill", "rgb(163, 158, 148)")
    page.emulate_media(media="print", color_scheme="dark")
    expect(letters).to_have_css("fill", "rgb(28, 27, 25)")


def test_the_title_is_what_is_typed(page: Page) -> None:
    """It is text: neither markup nor an expression."""
    choose(page, "Title", "<b>{{ 7*7 }} 'x'")
    assert specification(page)["title"] == "<b>{{ 7*7 }} 'x'"
    assert page.locator(".drawing .role-title-text").first.text_content() == "<b>{{ 7*7 }} 'x'"


def test_typing_a_title_letter_by_letter_keeps_the_place(page: Page) -> None:
    """Drawing anew does not take the words out of anybody's mouth."""
    page.get_by_text("More choices").click()
    page.get_by_label("Title", exact=True).click()
    page.keyboard.type("Errors of all versions")
    settle(page)
    assert specification(page)["title"] == "Errors of all versions"
    assert page.locator(".drawing svg").count() == 1


@pytest.mark.parametrize("type", TYPES)
def test_each_type_draws(page: Page, type: str) -> None:
    """Its marks are there, each with a place."""
    choose(page, "Type of chart", type)
    marks = page.locator(f".drawing {TYPES[type]}")
    drawn = [text for text in marks.evaluate_all("all => all.map((one) => one.getAttribute('d'))") if text]
    assert drawn
    assert not [text for text in drawn if "NaN" in text]
    assert page.locator(".drawing svg[role=img]").get_attribute("aria-label")


@pytest.mark.parametrize("field", ["time", "step", "params.lr", "params.kind", "tags.team", "metrics.eval.f1"])
def test_x_is_any_field(page: Page, registry: Path, field: str) -> None:
    """Values as pandas has them; numbers as numbers."""
    choose(page, "X", field)
    found = {(row["label"], row["x"]) for row in rows(page)} if field not in ("time", "step") else set()
    if field == "step":
        assert len(rows(page)) == 6 * 5
        assert [row["y"] for row in rows(page) if row["series"] == "v2"] == [9.5, 9.0, 8.5, 8.0, 7.5]
    elif field != "time":
        expected = reference(registry, field)
        assert found == {(k, float(v) if field in ("params.lr", "metrics.eval.f1") else v) for k, v in expected.items()}
    assert encoding(page, "x")["title"] == field.partition(".")[2] or field


def test_bars_along_time_are_drawn_without_a_warning(page: Page) -> None:
    """A moment has no room for bars beside each other."""
    choose(page, "X", "time")
    choose(page, "Type of chart", "bar")
    assert page.locator(".drawing .mark-rect.role-mark path").count() == 5


def test_versions_without_a_time_are_counted(page: Page) -> None:
    """No file says when the last was made."""
    choose(page, "X", "time")
    assert [row["x"] for row in rows(page)] == [f"2026-01-0{number}T10:00:00Z" for number in range(1, 6)]
    assert page.locator(".chart > p.soft").first.text_content() == "1 point is left out: no finite value."


@pytest.mark.parametrize("key", [*ODD, "constant", "rare"])
def test_metrics_of_any_name_are_drawn(page: Page, registry: Path, key: str) -> None:
    """Values in the chart, in the table and in pandas are the same."""
    choose(page, "Y", f"metrics.{key}")
    expected = reference(registry, f"metrics.{key}")
    assert {row["label"]: row["y"] for row in rows(page)} == expected
    page.locator(".chart > .more > summary").click()
    page.locator(".chart table").wait_for()
    shown = page.locator(".chart table tbody tr").evaluate_all(
        "all => all.map((row) => [...row.cells].map((one) => one.textContent))"
    )
    assert {(cells[0], cells[1], float(cells[3])) for cells in shown} == {(k, key, v) for k, v in expected.items()}
    assert specification(page)["title"] == f"{key} by version"


def test_the_axis_of_a_metric_says_which_values_are_better(page: Page) -> None:
    """As the first chart does; not for a metric that may be either, nor for several."""
    assert encoding(page, "y")["title"] == "rmse, lower is better"
    choose(page, "Y", "metrics.constant")
    assert encoding(page, "y")["title"] == "constant"
    page.get_by_role("button", name="and another").click()
    choose(page, "Y 2", "metrics.rmse")
    assert encoding(page, "y")["title"] == "constant, rmse"


def test_what_is_no_number_is_counted(page: Page) -> None:
    """NaN has no place; a metric that is never a number has no chart."""
    choose(page, "Y", "metrics.gap")
    assert [row["y"] for row in rows(page)] == [-2, 0, 1, 2, 3]
    assert page.locator(".chart > p.soft").first.text_content() == "1 point is left out: no finite value."
    choose(page, "Scale of Y", "1")
    assert [row["y"] for row in rows(page)] == [1, 2, 3]
    assert encoding(page, "y")["scale"]["type"] == "log"
    choose(page, "Y", "metrics.nothing")
    assert page.locator(".drawing").text_content() == "No version has a value to draw here."


def test_several_y_are_several_series(page: Page) -> None:
    """They can be added, changed and taken away."""
    page.get_by_role("button", name="and another").click()
    choose(page, "Y 2", "metrics.it's")
    assert {row["series"] for row in rows(page)} == {"rmse (metric)", "it's"}
    assert {row["end"] for row in rows(page) if "end" in row} == {"rmse (metric)", "it's"}
    page.get_by_role("button", name="Remove the last Y").click()
    assert {row["series"] for row in rows(page)} == {"rmse (metric)"}


def test_colour_size_and_facet_are_fields(page: Page, registry: Path) -> None:
    """Each has a legend or a head with the field's name."""
    choose(page, "Type of chart", "scatter")
    choose(page, "Colour", "params.kind")
    choose(page, "Size", "metrics.eval.f1")
    choose(page, "Facet", "tags.team")
    spec = specification(page)
    assert (encoding(page, "color")["title"], encoding(page, "size")["title"]) == ("kind", "eval.f1")
    assert spec["facet"]["title"] == "team"
    for name, column in (("color", "params.kind"), ("size", "metrics.eval.f1"), ("facet", "tags.team")):
        assert {row["label"]: row[name] for row in rows(page)} == reference(registry, column)
    choose(page, "Facet", "params.late")
    assert {row["facet"] for row in rows(page)} == {"not logged", "yes"}


def gaps(tab: Tab, address: str) -> Page:
    """The studio of the model whose metric `early` only its fourth version has."""
    page = studio(tab, address, "gaps")
    choose(page, "Y", "metrics.loss")
    return page


def test_a_heat_map_is_coloured_by_a_metric_without_gaps_until_it_is_left(tab: Tab, address: str) -> None:
    """All versions are in it, and in what is drawn afterwards."""
    page = gaps(tab, address)
    choose(page, "Type of chart", "heat")
    assert {row["label"]: row["color"] for row in rows(page)} == {f"v{number}": 9 - number for number in range(1, 5)}
    choose(page, "Type of chart", "line")
    assert "color" not in charts(page)[0]
    assert page.locator(".drawing .mark-symbol path").count() == 4
    choose(page, "Type of chart", "heat")
    choose(page, "Colour", "metrics.early")
    assert page.locator(".chart > p.soft").first.text_content() == "3 points are left out: no finite value."
    choose(page, "Type of chart", "scatter")
    assert charts(page)[0]["color"] == ["metrics.early"]


@pytest.mark.parametrize("type", ["line", "bar", "scatter"])
def test_versions_without_a_value_to_colour_or_size_by_are_drawn(tab: Tab, address: str, type: str) -> None:
    """In the colour of what says less."""
    page = gaps(tab, address)
    choose(page, "Type of chart", type)
    choose(page, "Colour", "metrics.early")
    if type != "bar":
        choose(page, "Size", "metrics.early")
    marks = page.locator(f".drawing {'.mark-rect.role-mark' if type == 'bar' else '.mark-symbol.role-mark'} path")
    soft = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--soft').trim()")
    assert [one == soft for one in marks.evaluate_all("all => all.map((one) => one.getAttribute('fill'))")] == [
        *[True] * 3,
        False,
    ]


def test_log_scale_of_x(page: Page) -> None:
    """For numbers."""
    choose(page, "X", "params.lr")
    choose(page, "Scale of X", "1")
    assert encoding(page, "x")["scale"]["type"] == "log"


def test_bars_are_sorted_by_value(page: Page) -> None:
    """The order of the axis, as drawn."""
    choose(page, "Type of chart", "bar")
    choose(page, "Y", "metrics.eval.f1")
    labels = page.locator(".drawing .role-axis-label").first.locator("text")
    for order, first in (("down", "v6"), ("up", "v1"), ("", "v1")):
        choose(page, "Sort", order)
        assert labels.first.text_content() == first


@pytest.mark.parametrize("colour", ["", "&color=tags.team", "&y=metrics.constant"])
def test_bars_of_several_versions_stand_beside_each_other(tab: Tab, address: str, colour: str) -> None:
    """All on the same ground and none before another: the sum of their values means nothing."""
    page = drawn(tab, address, f"type=bar&x=params.kind&y=metrics.eval.f1{colour}")
    boxes = sorted(
        (box["x"], box["x"] + box["width"], round(box["y"] + box["height"]))
        for bar in page.locator(".mark-rect.role-mark path").all()
        if (box := bar.bounding_box())
    )
    assert len(boxes) == (12 if "constant" in colour else 6)
    assert len({ground for _, _, ground in boxes}) == 1
    assert all(right <= left + 0.5 for (_, right, _), (left, _, _) in pairwise(boxes))


def test_the_baseline_is_a_line_or_not_there(page: Page, registry: Path) -> None:
    """Any version may be it."""
    choose(page, "Baseline", "5")
    assert {row["baseline"] for row in rows(page)} == {reference(registry, "metrics.rmse")["v5"]}
    assert page.locator(".drawing .role-mark.mark-rule line").count() == 1
    choose(page, "Baseline", "")
    assert page.locator(".drawing .role-mark.mark-rule line").count() == 0


def texts(page: Page, part: str = ".mark-text.role-mark") -> list[str]:
    """What stands in a part of the drawing."""
    return sorted(text for text in page.locator(f".drawing {part} text").all_text_contents() if text)


def overlapping(page: Page) -> list[str]:
    """Texts within the drawing that lie over each other."""
    found: list[str] = page.evaluate("""() => {
        const boxes = [...document.querySelectorAll(".drawing .mark-text.role-mark text")]
            .filter((one) => !one.hasAttribute("stroke")).map((one) => [one.textContent, one.getBoundingClientRect()]);
        const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom - 3 && b.top < a.bottom - 3;
        return boxes.flatMap(([text, box], number) =>
            boxes.slice(number + 1).filter(([, other]) => over(box, other)).map(([other]) => text + " over " + other));
    }""")
    return found


def drawn(tab: Tab, address: str, chart: str, model: str = "odd") -> Page:
    """The chart that an address holds."""
    page = tab.open(f"{address}models/{model}/index.html#{urlencode({'chart': chart})}")
    settle(page)
    return page


NEAR = ("constant", "eval.f1", "loss[0]", "rmse", "it's")
"""Metrics whose lines end near each other."""


@pytest.mark.parametrize("width", [1280, 390])
def test_few_lines_carry_their_names_instead_of_a_legend(tab: Tab, address: str, width: int) -> None:
    """None over another, and within the drawing; so does a single line."""
    tab.page.set_viewport_size({"width": width, "height": 900})
    ys = [("y", f"metrics.{key}") for key in NEAR]
    page = drawn(tab, address, urlencode([("type", "line"), *ys, ("baseline", "6")]))
    assert set(texts(page)) == {*NEAR[:3], "rmse (metric)", "it's", "baseline v6"}
    assert page.locator(".drawing .role-legend").count() == 0
    assert overlapping(page) == []
    assert page.locator(".drawing").evaluate("one => one.scrollWidth <= one.clientWidth")
    edge = "one => one.closest('.drawing').getBoundingClientRect().right + 1 - one.getBoundingClientRect().right"
    assert all(page.locator(".drawing .mark-text.role-mark text").nth(n).evaluate(edge) > 0 for n in range(6))
    page = drawn(tab, address, "type=line&y=metrics.constant")
    assert set(texts(page)) == {"constant", "1"}
    assert overlapping(page) == []


def test_many_lines_have_one_legend_that_tells_them_apart(tab: Tab, address: str) -> None:
    """By colour, shape and dash together; a name at the end of each would cover others."""
    ys = [("y", f"metrics.{key}") for key in (*ODD, "rmse")]
    page = drawn(tab, address, urlencode([("type", "line"), *ys]))
    legend = page.locator(".drawing .role-legend")
    assert legend.count() == 1
    assert len(texts(page, ".role-legend-label")) == 9
    looks = legend.locator(".role-legend-symbol path").evaluate_all(
        "all => all.map((one) => [one.getAttribute('d'), one.getAttribute('stroke'), one.getAttribute('fill')].join())"
    )
    assert len(set(looks)) == 9
    assert texts(page) == []


def test_the_line_of_the_baseline_says_what_it_is(page: Page) -> None:
    """Its alias and version, whatever the type of the chart; at its height where nothing is in the way."""
    for type in ("scatter", "bar", "box", "line"):
        choose(page, "Type of chart", type)
        found = [text for text in texts(page) if text != "rmse (metric)" and not text[0].isdigit()]
        assert found == ["champion v2"], type
    choose(page, "Type of chart", "bar")
    middle = "one => { const box = one.getBoundingClientRect(); return (box.top + box.bottom) / 2 }"
    line = page.locator(".drawing .role-mark.mark-rule line").evaluate(middle)
    assert page.locator(".drawing .mark-text.role-mark text").evaluate(middle) == pytest.approx(line, abs=3)
    choose(page, "Baseline", "5")
    assert texts(page) == ["baseline v5"]
    choose(page, "Baseline", "")
    assert texts(page) == []
    choose(page, "Type of chart", "line")
    choose(page, "Facet", "tags.team")
    choose(page, "Baseline", "5")
    assert texts(page) == ["baseline v5"] * 2 + ["rmse (metric)"] * 2
    assert overlapping(page) == []


def test_a_line_coloured_by_kinds_of_single_versions_is_drawn(page: Page) -> None:
    """Its points have the colours, and one legend tells them."""
    choose(page, "Colour", "params.sly")
    lines = page.locator(".drawing .mark-line.role-mark path").evaluate_all(
        "all => all.map((one) => one.getAttribute('d'))"
    )
    assert [text.count("L") for text in lines] == [5]
    assert page.locator(".drawing .role-legend").count() == 1
    choose(page, "Colour", "params.kind")
    assert page.locator(".drawing .mark-line.role-mark path").count() == 2
    assert page.locator(".drawing .role-legend").count() == 1


def test_boxes_of_several_metrics_stand_beside_each_other(tab: Tab, address: str) -> None:
    """As bars do."""
    page = drawn(tab, address, "type=box&x=tags.team&y=metrics.rmse&y=metrics.eval.f1")
    places = page.locator(".drawing .mark-rect.role-mark path").evaluate_all(
        "all => all.filter((one) => one.getAttribute('d').includes('v')).map((one) => one.getBoundingClientRect().left)"
    )
    assert len({round(one) for one in places}) == 4


def test_texts_look_as_the_specification_says(page: Page) -> None:
    """The styles of the page do not reach into a drawing, so its files look the same."""
    title = page.locator(".drawing .role-title-text text")
    assert title.evaluate("one => [getComputedStyle(one).fontSize, getComputedStyle(one).fontWeight]") == [
        "14px",
        "600",
    ]


def test_charts_are_added_and_removed(page: Page) -> None:
    """Each has its own place in the address."""
    page.get_by_role("button", name="Add a chart").click()
    settle(page)
    choose(page, "Type of chart", "bar", 1)
    assert len(charts(page)) == 2
    page.get_by_role("button", name="Remove", exact=True).first.click()
    assert [chart["type"] for chart in charts(page)] == [["bar"]]
    assert page.locator(".chart").count() == 1


def charts(page: Page) -> list[dict[str, list[str]]]:
    """The charts that the address holds."""
    return [parse_qs(text) for text in parse_qs(hash_of(page)).get("chart", [])]


def test_no_series_has_the_colour_of_an_alarm(page: Page) -> None:
    """Red is what breaks, and nothing else."""
    choose(page, "Colour", "version")
    colours = "all => all.flatMap((one) => ['fill', 'stroke'].map((name) => one.getAttribute(name)))"
    drawn = page.locator(".drawing .mark-symbol.role-mark path").evaluate_all(colours)
    alarm = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--alarm').trim()")
    assert len({one for one in drawn if one}) >= 6
    assert alarm not in drawn


# --- the address -----------------------------------------------------------------------------------------------

LAYOUT = (
    ("Type of chart", "scatter"),
    ("Y", "metrics.loss[0]"),
    ("X", "params.lr"),
    ("Colour", "tags.team"),
    ("Size", "metrics.a\\b"),
    ("Facet", "params.kind"),
    ("Scale of X", "1"),
    ("Scale of Y", "1"),
    ("Baseline", "3"),
    ("Title", "100 % & more = #1"),
)


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_address_gives_the_same_specification(tab: Tab, site: Path, address: str, scheme: str) -> None:
    """After a reload, and in another tab; from a server and from a folder."""
    page = studio(tab, address if scheme == "http" else site.as_uri() + "/")
    for label, value in LAYOUT:
        choose(page, label, value)
    page.get_by_role("button", name="Add a chart").click()
    settle(page)
    before = [specification(page, number) for number in (0, 1)]
    link = page.evaluate("location.href")
    page.reload()
    assert [specification(page, number) for number in (0, 1)] == before
    assert [specification(tab.open(link), number) for number in (0, 1)] == before


@pytest.mark.parametrize(
    "text",
    [
        "type=constructor",
        "type=pie",
        "x=metrics.gone",
        "y=metrics.gone",
        "y=version",
        "y=time",
        "y=step",
        "y=tags.team",
        "color=step",
        "size=step",
        "size=params.kind",
        "facet=step",
        "facet=time",
        "baseline=99",
        "%25E0%25A4%25A",
        "sort=sideways",
    ],
)
def test_a_malformed_address_is_told_and_the_rest_works(tab: Tab, address: str, text: str) -> None:
    """What is not there is left out, with a message if it was a choice."""
    page = tab.open(f"{address}models/odd/index.html#chart=title%3Dkept%26{text.replace('=', '%3D')}")
    assert specification(page)["title"] == "kept"
    status = page.locator("[data-studio] [role=status]").text_content() or ""
    assert ("Not available" in status) == ("=" in text)
    choose(page, "Type of chart", "bar")
    assert layers(specification(page))[0]["mark"]["type"] == "bar"


EQUAL = {
    "line": "type=line",
    "line, log": "type=line&logy=1",
    "bar, log": "type=bar&logy=1",
    "scatter": "type=scatter&x=params.rate&color=metrics.other&size=metrics.loss",
    "box": "type=box",
}
"""Charts of a metric that is the same in all versions."""


@pytest.mark.parametrize("chart", EQUAL.values(), ids=EQUAL)
def test_axes_and_legends_of_equal_values_name_that_value(tab: Tab, address: str, chart: str) -> None:
    """In full: Vega rounds the only tick of such an axis to a whole number."""
    page = tab.open(f"{address}models/equal/index.html#{urlencode({'chart': f'{chart}&y=metrics.accuracy'})}")
    settle(page)
    texts = page.locator(".chart svg text").all_text_contents()
    expected = {"0.5526"} | ({"0.125", "197.4987", "0.0003"} if "scatter" in chart else set())
    assert {text for text in texts if text[0].isdigit()} == expected


def test_a_heat_map_of_equal_colours_names_that_value(tab: Tab, address: str) -> None:
    chart = urlencode({"chart": "type=heat&y=metrics.accuracy&color=metrics.other"})
    page = tab.open(f"{address}models/equal/index.html#{chart}")
    settle(page)
    assert "197.4987" in page.locator(".chart svg text").all_text_contents()


def test_a_point_tells_its_value_in_full(page: Page) -> None:
    """A rounded one could be one that means something."""
    assert [row["value"] for row in rows(page)] == [str(row["y"]) for row in rows(page)]
    [tip] = [one for one in layers(specification(page))[1]["encoding"]["tooltip"] if one["title"] == "value"]
    assert (tip["field"], tip["type"], "format" in tip) == ("value", "nominal", False)


def test_a_chart_that_could_not_be_drawn_is_drawn_after_the_next_choice(page: Page) -> None:
    """One failure does not end it for good."""
    failed = page.evaluate("""async () => {
        const { context, panels } = window.sitegen.openStudio, { places } = context;
        context.places = () => { throw new Error("no places") };
        try { return await panels[0].draw().catch((error) => error.message) } finally { context.places = places }
    }""")
    assert failed == "no places"
    choose(page, "Y", "metrics.constant")
    assert [row["y"] for row in rows(page)] == [1] * 6


@pytest.mark.parametrize("gone", ["vega", "data"])
def test_charts_that_cannot_be_loaded_are_told_and_tried_again(browser: Browser, address: str, gone: str) -> None:
    """A page that is older than the site asks for files that are gone."""
    tab = Tab(browser)
    page = tab.open(f"{address}models/odd/index.html")
    page.route(f"**/*{gone}*.js*", lambda route: route.fulfill(status=404))
    page.click("#open-studio")
    page.get_by_text("The charts cannot be loaded; load the page again.", exact=True).wait_for()
    assert not page.get_by_role("button", name="Add a chart").is_visible()
    page.unroute_all()
    page.click("#open-studio")
    assert specification(page)["title"] == "eval.f1 by version"
    assert page.get_by_text("The charts cannot be loaded").count() == 0
    assert page.get_by_role("button", name="Add a chart").is_visible()
    assert [text for text in tab.complaints() if "404" not in text] == []
    tab.close()


def test_two_quick_changes_of_the_address_open_one_studio(tab: Tab, address: str) -> None:
    """The last of them is drawn."""
    held: list[Route] = []
    page = tab.open(f"{address}models/odd/index.html")
    page.route("**/models/odd/data.js*", lambda route: held.append(route))
    page.evaluate("""() => {
        const { studio } = window.sitegen;
        window.made = 0;
        window.sitegen.studio = (...all) => { window.made += 1; return studio(...all); };
    }""")
    for title in ("first", "second"):
        go(page, f"chart=title%3D{title}")
    until(page, lambda: held)
    for one in held:
        one.continue_()
    assert specification(page)["title"] == "second"
    assert (page.evaluate("window.made"), page.locator(".charts").count(), page.locator(".chart").count()) == (1, 1, 1)


# --- exports ---------------------------------------------------------------------------------------------------


def exported(page: Page, name: str) -> bytes:
    """The file that a link of the chart saves."""
    with page.expect_download() as waiting:
        page.locator(".chart .links").get_by_role("button", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def test_exports_are_whole_files(page: Page) -> None:
    """A picture of vectors, one of pixels, and a specification that stands alone."""
    picture = ElementTree.fromstring(exported(page, "SVG"))
    assert picture.tag.endswith("svg")
    assert "rmse by version" in "".join(picture.itertext())
    assert exported(page, "PNG").startswith(b"\x89PNG\r\n\x1a\n")
    spec = json.loads(exported(page, "Vega-Lite"))
    assert spec == specification(page)
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


def test_a_spreadsheet_runs_nothing_of_the_table(page: Page) -> None:
    """Texts that look like formulas begin with an apostrophe; numbers stay numbers, negative ones too."""
    choose(page, "Y", "metrics.gap")
    choose(page, "X", "params.note")
    choose(page, "Colour", "tags.+note")
    page.get_by_role("button", name="and another").click()
    choose(page, "Y 2", "metrics.=1+1")
    found = list(csv.reader(io.StringIO(exported(page, "CSV").decode())))
    assert found[0] == ["label", "series", "x", "y", "color", "size", "facet"]
    assert found[1][:5] == ["v1", "gap", "'=1+1", "-2", "'@SUM(A1)"]
    assert {row[1] for row in found[1:]} == {"gap", "'=1+1"}
    choose(page, "X", "params.sly")
    found = list(csv.reader(io.StringIO(exported(page, "CSV").decode(), newline="")))
    assert {row[2] for row in found[1:]} == {f"'{text}" for text in FORMULAS}


# --- much, and little ------------------------------------------------------------------------------------------


def test_three_hundred_metrics_can_be_chosen(tab: Tab, address: str) -> None:
    """Those beyond are in the API alone."""
    page = studio(tab, address, "wide")
    keys = page.get_by_label("Y", exact=True).locator("option")
    assert (keys.count(), keys.last.text_content()) == (300, "m299")
    choose(page, "Y", "metrics.m299")
    assert [row["y"] for row in rows(page)] == [299, 299]


def test_a_model_without_metrics_has_no_chart(tab: Tab, address: str) -> None:
    """Nor a button to draw one."""
    page = tab.open(f"{address}models/none/index.html")
    assert page.locator("#open-studio").count() == 0


def test_a_change_of_theme_draws_anew(page: Page) -> None:
    """In the colours of the page."""
    backgrounds = set()
    for _ in range(3):
        page.locator("[data-theme-toggle]").click()
        settle(page)
        backgrounds.add(specification(page)["config"]["background"])
    assert len(backgrounds) == 2


def test_a_button_that_goes_leaves_the_keyboard_with_its_neighbour(tab: Tab, address: str) -> None:
    """Where the last Y is taken away, or there is no other to add."""
    page = studio(tab, address, "gaps")
    focused = "[document.activeElement.tagName, document.activeElement.textContent]"
    page.locator("[data-name=more]").focus()
    for expected in ("and another", "less"):
        page.keyboard.press("Enter")
        settle(page)
        assert page.evaluate(focused) == ["BUTTON", expected]
    for expected in ("less", "and another"):
        page.keyboard.press("Enter")
        settle(page)
        assert page.evaluate(focused) == ["BUTTON", expected]


def test_a_line_of_parallel_coordinates_is_broken_where_a_value_is_missing(tab: Tab, address: str) -> None:
    """No version passes through an axis on which it has no place."""
    page = tab.open(f"{address}models/gaps/index.html#{urlencode({'chart': PARALLEL})}")
    settle(page)
    lines = page.locator(".drawing .mark-line.role-mark path").evaluate_all(
        "all => all.map((one) => one.getAttribute('d'))"
    )
    points = [text.count("L") + 1 for text in lines]
    assert sorted(points) == [1, 1, 1, 1, 1, 1, 3]
    assert page.locator(".drawing .mark-symbol.role-mark path").count() == 9


def test_each_axis_of_parallel_coordinates_tells_its_values(tab: Tab, address: str) -> None:
    """Its least and its most; one value in its middle says that all versions have it, or the only one."""
    page = drawn(tab, address, "type=parallel&y=metrics.rmse&y=metrics.constant&y=metrics.rare&y=metrics.gap")
    names = [f"v{number}" for number in range(1, 7)]
    assert texts(page) == sorted(
        ["5.5000", "8.8333", "all 1", "all 1", "only 0.2500", "only 0.2500", "3", "−2", *names]
    )
    assert overlapping(page) == []
    constant = page.locator(".drawing .mark-text.role-mark text", has_text="all 1").last
    paper, ink = (
        page.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--{name}').trim()")
        for name in ("paper", "ink")
    )
    assert constant.get_attribute("fill") == ink
    assert page.locator(".drawing .mark-text.role-mark text", has_text="all 1").first.get_attribute("stroke") == paper
    page = drawn(tab, address, "type=parallel&y=metrics.rmse&y=metrics.constant&facet=tags.team")
    assert texts(page).count("5.5000") == 2


def test_names_of_axes_have_room(tab: Tab, address: str) -> None:
    """A narrow window scrolls the drawing."""
    tab.page.set_viewport_size({"width": 390, "height": 900})
    ys = [("y", f"metrics.{key}") for key in ODD]
    page = drawn(tab, address, urlencode([("type", "parallel"), *ys]))
    assert len(texts(page, ".role-axis-label")) == len(ODD)
    boxes = page.locator(".drawing .role-axis-label text").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.right])"
    )
    assert all(one[1] < other[0] for one, other in pairwise(boxes))
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_keyboard_alone_draws(tab: Tab, address: str) -> None:
    """The focus stays in the blank that was filled in, though the sentence is made anew."""
    page = tab.open(f"{address}models/odd/index.html")
    page.locator("#open-studio").focus()
    page.keyboard.press("Enter")
    settle(page)
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == "Type of chart"
    page.keyboard.press("b")
    settle(page)
    assert layers(specification(page))[0]["mark"]["type"] == "bar"
    assert page.evaluate(focused) == "Type of chart"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    settle(page)
    assert page.evaluate(focused) == "Y"
