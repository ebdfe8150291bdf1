"""Every kind of page in a real browser: accessible, no wider than its window, and without a complaint."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support import sites
from tests.support.browsers import WIDTHS, Tab, faults_of, settle
from tests.support.registries import Files, layout, run, write

PAGES = {
    "catalog": "sample/index.html",
    "about": "sample/about/index.html",
    "problems": "sample/problems/index.html",
    "model": "sample/models/diabetes-regression/index.html",
    "model with a card": "sample/models/breast-cancer-image-classifier/index.html",
    "version": "sample/models/diabetes-regression/3/index.html",
    "version with a curve": "odd/models/curves/1/index.html#curve-metric-loss",
    "version with many curves": f"odd/models/curves/2/index.html#curve-metric-{'x' * 90}3",
    "version with nested inputs": "sample/models/text-scorer/1.1.0/index.html",
    "comparison": "sample/models/heart-disease-classifier/compare/index.html#v=1&v=2&v=3&only=0",
    "comparison, turned": "sample/models/diabetes-regression/compare/index.html#v=1&v=2&v=3&v=4&flip=1",
    "models compared": "sample/compare/index.html#m=diabetes-regression@3&m=heart-disease-classifier@2",
    "nothing compared": "sample/compare/index.html",
    "much": "odd/models/much/index.html",
    "much compared": "odd/models/much/compare/index.html#v=1&v=2&v=3&v=20",
    "model with headings": "odd/models/told/index.html",
    "version with headings": "odd/models/told/2/index.html",
    "version without anything": "odd/models/bare/1/index.html",
    "model without anything": "odd/models/bare/index.html",
    "long names": "odd/models/long/1/index.html",
    "model of long names": "odd/models/long/index.html",
    "catalog of long names": "odd/index.html",
    "runs of one long name": "odd/models/7-model-fe2330a3/index.html",
    "run of a long name": "odd/models/7-model-fe2330a3/a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1/index.html",
    "runs of one long name compared": f"odd/models/7-model-fe2330a3/compare/index.html#v={'a1' * 16}&v={'b2' * 16}",
}

CHARTS = ("line", "bar", "scatter", "box", "histogram", "parallel", "heat")


def odd() -> Files:
    """Models with nothing, with much, and with texts that have no place to break."""
    word = "x" * 150
    files: Files = {f"bare/{number}/MLmodel": "artifact_path: model\n" for number in (1, 2)}
    files["long/model.yaml"] = json.dumps({"description": word, "owner": word, "aliases": {word: "1"}})
    for number in (1, 2):
        texts = {
            f"{name}_json": json.dumps({word: number, f"{word}/y": number}) for name in ("metrics", "params", "tags")
        }
        files |= layout("long", str(number), **texts) | {f"long/{number}/{word}.txt": "x"}
    headings = {
        "model.yaml": json.dumps({"description": "# Use\n\nText"}),
        "README.md": "### Deep\n\n# High\n\n###### Low",
    }
    for id in ("a1" * 16, "b2" * 16):
        files |= run("7", id, run_name="kedro_random_forest_" + "x" * 40)
    files |= layout("told", "1") | layout("told", "2", **headings)
    files |= {f"told/{name}": text for name, text in headings.items()}
    curves = {"1": ["loss", "system/gpu_0_memory_usage_megabytes"], "2": [f"{'x' * 90}{number}" for number in range(6)]}
    for number, keys in curves.items():
        histories = {key: [1e9, 2.5, -3e9, 4.25, 1] for key in keys}
        files |= layout("curves", number, metrics_json=json.dumps(histories))
    for number in range(1, 61):
        metrics = {f"metric {key}": (number * 7 + key) % 13 for key in range(40)}
        files |= layout("much", str(number), metrics_json=json.dumps(metrics))
    return files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """A folder with both sites."""
    root = tmp_path_factory.mktemp("pages")
    (root / "sample").symlink_to(sample)
    done = sites.sitegen("build", write(root / "registry", odd()), "--output", root / "odd")
    assert done.code == 0, done.err
    return root


@pytest.mark.parametrize("kind", PAGES)
def test_pages_are_accessible_and_fit_their_window(browser: Browser, folder: Path, kind: str) -> None:
    """Light and dark, on a telephone and on a desk."""
    path, _, state = PAGES[kind].partition("#")
    address = (folder / path).absolute().as_uri() + (f"#{state}" if state else "")
    assert faults_of(browser, address, lambda page: page.wait_for_load_state("networkidle")) == {}


@pytest.mark.parametrize("type", CHARTS)
def test_charts_are_accessible_and_fit_their_window(browser: Browser, folder: Path, type: str) -> None:
    """Each type, of sixty versions."""
    found = {}
    for theme, width in (("light", 1440), ("dark", 390)):
        tab = Tab(browser, color_scheme=theme, viewport={"width": width, "height": 900})
        page = tab.open((folder / "odd/models/much/index.html").as_uri() + f"#chart=type%3D{type}")
        settle(page)
        page.locator(".chart > .more > summary").click()
        page.locator(".chart table").wait_for()
        found[theme] = tab.faults() + tab.complaints()
        tab.close()
    assert found == {"light": [], "dark": []}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_small_curve_leads_to_a_large_one(browser: Browser, folder: Path, width: int) -> None:
    """Without scripts too: the chart draws the path of the table, with axes that lie beside it."""
    tab = Tab(browser, java_script_enabled=False, viewport={"width": width, "height": 900})
    page = tab.page
    page.goto((folder / "odd/models/curves/1/index.html").as_uri())
    if width > 600:
        page.get_by_role("link", name="Learning curve of loss").click()
    chart = page.locator("#curve-metric-loss")
    chart.scroll_into_view_if_needed()
    drawing, axis = (chart.locator(one).bounding_box() for one in (".points use", ".edge text >> nth=-1"))
    assert drawing and axis
    assert drawing["width"] > 200 and drawing["height"] > 150
    assert axis["x"] + axis["width"] < drawing["x"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


PRINTED = {
    "curves": ("odd/models/curves/2/index.html", ["Metric", "Steps"]),
    "catalog": ("sample/index.html", ["Signature", "Problems", "Latest version"]),
    "catalog of long names": ("odd/index.html", ["Signature"]),
    "model": ("sample/models/diabetes-regression/index.html", ["Run", "Problems", "run · date"]),
    "comparison": ("sample/models/heart-disease-classifier/compare/index.html#v=1&v=2&v=3&only=0", ["v1", "v3"]),
}
PAPER = {"width": 718, "height": 1000}
"""An A4 page between its margins."""


@pytest.mark.parametrize("kind", PRINTED)
def test_paper_has_all_columns_and_no_controls(browser: Browser, folder: Path, kind: str) -> None:
    """Nothing lies beyond its edge, and nothing is there that only a screen can use."""
    path, heads = PRINTED[kind]
    place, _, state = path.partition("#")
    tab = Tab(browser, viewport=PAPER)
    page = tab.open((folder / place).absolute().as_uri() + (f"#{state}" if state else ""))
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    assert [one for one in page.locator("input, select, button:not(.sort), .links").all() if one.is_visible()] == []
    for head in heads:
        assert page.locator("thead th").filter(has_text=head).first.is_visible(), head
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    tab.close()


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_paper_is_light(browser: Browser, folder: Path, theme: str) -> None:
    """Whatever the theme of the screen; verdicts with a background keep it, since their letters are pale."""
    tab = Tab(browser, color_scheme="dark")
    page = tab.open((folder / "sample/models/diabetes-regression/2/index.html").absolute().as_uri())
    page.evaluate("theme => { if (theme !== 'auto') document.documentElement.dataset.theme = theme; }", theme)
    colours = "() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    assert page.evaluate(colours) == ["rgb(230, 227, 220)", "rgb(21, 23, 26)"]
    page.emulate_media(media="print")
    assert page.evaluate(colours) == ["rgb(28, 27, 25)", "rgb(255, 255, 255)"]
    pill = page.locator(".against .v-breaking")
    assert pill.evaluate("one => getComputedStyle(one).printColorAdjust") == "exact"
    tab.close()


def test_models_and_versions_are_chosen_on_a_telephone(browser: Browser, folder: Path) -> None:
    """The link to their comparison is in view as soon as there is one, however long the table."""
    tab = Tab(browser, viewport={"width": 390, "height": 500})
    catalog = ("sample/index.html", "[data-tick]", "#compare-selected")
    for path, box, compare in (catalog, ("odd/models/much/index.html", "[data-select]", "#compare-selected")):
        page = tab.open((folder / path).absolute().as_uri())
        boxes = page.locator(box)
        assert boxes.count() > 2
        for number in (0, 1):
            boxes.nth(number).check()
        link = page.locator(compare).bounding_box()
        assert link
        assert link["y"] + link["height"] <= 500
    tab.close()


@pytest.mark.parametrize("width", [700, 768, 1024, 1440])
def test_words_of_a_table_of_changes_do_not_overlap(browser: Browser, folder: Path, width: int) -> None:
    """Heads and verdicts keep to their columns."""
    tab = Tab(browser, viewport={"width": width, "height": 900})
    page = tab.open((folder / "sample/models/diabetes-regression/index.html").absolute().as_uri())
    overlapping = page.evaluate(OVERLAPPING)
    assert overlapping == []
    tab.close()


OVERLAPPING = """() => [...document.querySelectorAll(".chgs :is(th, td)")].flatMap((cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return range.getBoundingClientRect().right > cell.getBoundingClientRect().right ? [cell.textContent] : [];
})"""


def test_pages_are_whole_without_scripts(browser: Browser, folder: Path) -> None:
    """The chart is drawn, nothing that needs a script is shown, tables are full."""
    tab = Tab(browser, java_script_enabled=False)
    page = tab.page
    page.goto((folder / "sample/models/diabetes-regression/index.html").as_uri())
    assert page.locator("#plot svg circle").count() == 4
    assert page.locator("#versions-table tbody tr").count() == 4
    for control in ("#open-studio", "#versions-table input", "[data-theme-toggle]", "#filter", "#compare-selected"):
        assert not any(one.is_visible() for one in page.locator(control).all()), control
    tab.close()
