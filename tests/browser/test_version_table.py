"""The table of versions in a browser: filter, order, columns, pages and selection, all kept in the address."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from sitegen.site import version_scripts
from sitegen.site.views import model as model_module
from tests.support import sites
from tests.support.browsers import Tab, hash_of, settle
from tests.support.options import ROOT
from tests.support.registries import COLUMNS, ONE, Files, experiment, mlmodel, run, write

LONGER = [*COLUMNS, {"type": "double", "name": "bp", "required": True}]
DRAWN = "() => document.getElementById('versions-table').dataset.drawn === 'yes'"
CASES = (
    "baseline",
    "hostile-names",
    "logged-model-metrics",
    "mlruns-2",
    "mlruns-3",
    "numbers",
    "signatures",
    "two-stores",
)


def risk() -> Files:
    """Eight versions with metrics, hyperparameters and tags; the sixth is the champion."""
    files: Files = {"risk/model.yaml": "aliases: {champion: '6', 'a b': '7'}"}
    for number in range(1, 9):
        folder, inputs = f"risk/{number}", COLUMNS if number % 4 else LONGER
        files[f"{folder}/MLmodel"] = mlmodel(
            inputs, ONE, utc_time_created=f"2026-0{number}-03 10:00:00.000000", run_id=f"{number:032x}"
        )
        metrics = {"accuracy": number / 10, "log_loss": [0.5, 0.4][number % 2], "size": 7, "odd name": -number}
        files[f"{folder}/metrics.json"] = json.dumps(metrics if number != 3 else {"accuracy": 0.35})
        files[f"{folder}/params.json"] = json.dumps({"depth": 12 - number, "booster": ["tree", "dart"][number % 2]})
        files[f"{folder}/tags.json"] = json.dumps({"team": "pricing"} if number > 4 else {"team": "fraud", "old": "x"})
    return files


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A model whose table has three pages and values in files of their own, a group of logged models, and cases."""
    folder = tmp_path_factory.mktemp("table")
    logged = experiment("1", "trials")
    for number in range(3):
        values = {"auc": f"1700000000000 0.{number + 5} 0\n"}
        logged |= run("1", f"{number}a" * 16, metrics=values, model=mlmodel([LONGER, COLUMNS, ONE][number], ONE))
    write(folder / "registry", risk() | logged)
    for case in CASES:
        shutil.copytree(ROOT / "tests/cases" / case / "registry", folder / "registry/cases" / case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_module, "PER_PAGE", 3)
        patch.setattr(version_scripts, "MAX_FILE", 400)
        yield sites.built(folder / "registry", folder / "site")


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """The page of the model, opened as a file; it must complain of nothing."""
    tab = Tab(browser, viewport={"width": 1440, "height": 900})
    yield tab.open(f"file://{site}/models/risk/index.html")
    assert tab.complaints() == []
    tab.close()


def versions(page: Page) -> list[str]:
    """The versions in the table."""
    return page.locator("#versions-table tbody th > a").all_inner_texts()


def filtered(page: Page, text: str) -> list[str]:
    """The versions that a filter leaves on the first page, when their values are there."""
    page.fill("#filter", text)
    page.wait_for_function(DRAWN)
    page.wait_for_function("() => !/oading/.test(document.getElementById('table-status').textContent)")
    return versions(page)


def column(page: Page, number: int) -> Locator:
    """The cells of a column."""
    return page.locator(f"#versions-table tbody tr > :nth-child({number})")


def kept(page: Page, text: str) -> None:
    """Wait until the address keeps a state."""
    page.wait_for_function("(text) => location.hash.includes(text)", arg=text)


def test_the_drawn_table_is_that_of_the_page(browser: Browser, site: Path) -> None:
    """Whatever the model: with and without a baseline, registered or logged, hostile names, several datasets."""
    quiet, tab = Tab(browser, java_script_enabled=False), Tab(browser)
    seen = 0
    for path in sorted(site.glob("models/*/index.html")):
        quiet.page.goto(path.as_uri())
        if not quiet.page.locator("#versions-table[data-versions]").count():
            continue
        page = tab.open(f"{path.as_uri()}#page=1")
        page.wait_for_function(DRAWN)
        assert contents(page) == contents(quiet.page), path.parent.name
        seen += 1
    assert seen >= 8
    assert tab.complaints() == []
    tab.close()
    quiet.close()


def contents(page: Page) -> list[list[str]]:
    """The texts and links of the table, line by line."""
    found: list[list[str]] = []
    for line in page.locator("#versions-table tr").all():
        cells = [" ".join(text.split()) for text in line.locator("th, td").all_text_contents()]
        links = [link.get_attribute("href") or "" for link in line.locator("a").all()]
        best = [cell.inner_text() for cell in line.locator(".best").all()]
        links += [cell.get_attribute("data-l") or "" for cell in line.locator("td").all()]
        found.append(
            [*cells, *links, *best, *[rail.get_attribute("class") or "" for rail in line.locator(".rail").all()]]
        )
    return found


FILTERS = {
    "a metric's threshold": ("accuracy > 0.55", ["v8", "v7", "v6"]),
    "two conditions": ("accuracy >= 0.5 and log_loss<0.45", ["v7", "v5"]),
    "a missing value matches nothing": ("log_loss != 0.4 accuracy > 0.2", ["v8", "v6", "v4"]),
    "a key with a blank": ("`odd name` <= -7", ["v8", "v7"]),
    "a prefix": ("params.depth < 6", ["v8", "v7"]),
    "numbers of hyperparameters are compared as numbers": ("depth >= 11", ["v1"]),
    "a text": ("booster = 'dart' accuracy < .4", ["v3", "v1"]),
    "a tag": ("tags.team = fraud depth > 9", ["v2", "v1"]),
    "an alias": ("alias = @champion", ["v6"]),
    "a time": ("created >= 2026-07", ["v8", "v7"]),
    "a day in words": ("2026-05", ["v5"]),
    "words of a shown column": ("DART 2026-0 accuracy > 0.1", ["v7", "v5", "v3"]),
    "the run": ("00000004", ["v4"]),
    "an alias in words": ("@a b", ["v7"]),
    "nothing": ("no such version", []),
}


@pytest.mark.parametrize(("text", "expected"), FILTERS.values(), ids=FILTERS)
def test_the_filter_finds_versions(page: Page, text: str, expected: list[str]) -> None:
    """By words, and by conditions about metrics, hyperparameters, tags and properties."""
    assert filtered(page, text) == expected
    assert page.locator("#count").inner_text() == f"{len(expected)} of 8 versions"


HINTS = {
    "accuracy": "accuracy is a metric. Add a comparison, such as accuracy > 0.5.",
    "accuracy >": "Add a value, such as accuracy > 0.5.",
    "accuracy > high": "accuracy is a number: compare it with a number.",
    "booster = 'da": "Add a value, such as booster > 0.5.",
    "sped > 3": "No version has a metric, hyperparameter or tag named sped.",
}


@pytest.mark.parametrize(("text", "hint"), HINTS.items())
def test_an_unfinished_filter_leaves_all_and_says_what_is_missing(page: Page, text: str, hint: str) -> None:
    assert filtered(page, text) == ["v8", "v7", "v6"]
    assert page.locator("#table-status").inner_text() == hint


def test_a_click_on_a_head_sorts_all_pages(page: Page) -> None:
    """The best value first, then the worst, then as before; versions without a value come last."""
    head = page.get_by_role("button", name="log_loss")
    head.click()
    page.wait_for_function(DRAWN)
    assert versions(page) == ["v7", "v5", "v1"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Page 3").click()
    assert versions(page) == ["v2", "v3"]
    head.click()
    assert versions(page) == ["v8", "v6", "v4"]
    head.click()
    assert versions(page) == ["v8", "v7", "v6"]
    assert page.locator("th[aria-sort]").count() == 0


def test_a_threshold_and_the_order_are_kept_in_the_address(page: Page) -> None:
    """The same address shows the same rows; an empty state leaves no trace."""
    filtered(page, "accuracy < 0.7")
    page.get_by_role("button", name="accuracy").click()
    shown = versions(page)
    kept(page, "sort=-metrics.accuracy")
    page.reload()
    page.wait_for_function(DRAWN)
    assert versions(page) == shown == ["v6", "v5", "v4"]
    filtered(page, "")
    for _ in range(2):
        page.get_by_role("button", name="accuracy").click()
    page.wait_for_function("() => !location.hash")


def test_columns_are_chosen_in_four_groups(page: Page) -> None:
    """Added ones are loaded and stand last; the standard ones come back."""
    page.locator("summary", has_text="Columns").click()
    legends = page.locator("#chooser legend")
    legends.first.wait_for()
    titles = [text.split() for text in legends.all_inner_texts()]
    assert titles == [["Properties"], ["Metrics", "versions"], ["Tags", "versions"], ["Hyperparameters", "versions"]]
    before = page.locator("#versions-table thead th").count()
    page.locator("#chooser").get_by_label("team").check()
    page.locator("#chooser").get_by_label("odd name").uncheck()
    page.locator("#chooser").get_by_label("Run ID").check()
    page.wait_for_function("() => document.querySelector('[data-column=run_id]')")
    assert page.locator("#versions-table thead th").count() == before + 1
    assert page.locator("#versions-table thead th").all_inner_texts()[-2:] == ["team\ntag", "Run ID\nof the run"]
    assert column(page, before + 3).all_inner_texts()[0] == f"{8:032x}"
    kept(page, "column=tags.team")
    page.get_by_role("button", name="Standard columns").click()
    assert page.locator("#versions-table thead th").count() == before
    assert page.locator("#chooser").get_by_label("odd name").is_checked()


def test_changes_are_from_the_version_that_the_reader_chooses(page: Page) -> None:
    """From the baseline for newer versions, from it for all, or from the previous version."""
    page.get_by_role("button", name="Next →").or_(page.get_by_role("link", name="Next →")).click()
    page.wait_for_function(DRAWN)
    place = 1 + page.locator("#versions-table thead tr > *").evaluate_all(
        "(heads) => heads.findIndex((head) => head.dataset.column === 'metrics.accuracy')"
    )

    def changes() -> list[str]:
        return column(page, place).locator(".u").all_inner_texts()

    assert changes() == ["+0.1000 better", "+0.0500 better", "+0.1500 better"]
    page.select_option("#change-from", "baseline")
    assert changes() == ["−0.1000 worse", "−0.2000 worse", "−0.2500 worse"]
    kept(page, "from=baseline")
    page.get_by_role("button", name="Page 1").click()
    assert changes() == ["+0.2000 better", "+0.1000 better", "baseline"]
    page.select_option("#change-from", "previous")
    assert changes() == ["+0.1000 better"] * 3


def test_ticks_survive_pages_filters_and_reloads(page: Page) -> None:
    """One link opens all of them in the comparison, oldest first."""
    page.get_by_label("Select v7", exact=True).check()
    page.get_by_role("link", name="Next →").click()
    page.get_by_label("Select v4", exact=True).check()
    filtered(page, "accuracy < 0.3")
    page.get_by_label("Select v1", exact=True).check()
    kept(page, "select=1")
    page.reload()
    page.wait_for_function(DRAWN)
    assert page.locator("#selected").inner_text() == "3 selected: v1, v4, v7"
    link = page.get_by_role("link", name="Compare 3 versions")
    assert (link.get_attribute("href") or "").endswith("compare/index.html#v=1&v=4&v=7")
    page.get_by_role("button", name="Clear selection").click()
    assert not page.locator("#tray").is_visible()
    page.wait_for_function("() => !location.hash.includes('select')")


def test_a_further_page_has_the_same_table(page: Page, site: Path) -> None:
    """Its own rows first; its links lead to the same versions."""
    page.goto(f"file://{site}/models/risk/versions/2/index.html")
    assert versions(page) == ["v5", "v4", "v3"]
    assert filtered(page, "@champion") == ["v6"]
    link = page.locator("#versions-table tbody th > a")
    assert link.get_attribute("href") == "../../6/index.html"
    link.click()
    assert "v6" in page.locator("h1").inner_text()


def test_the_chart_keeps_what_the_table_has_in_the_address(page: Page) -> None:
    """Table and chart builder share the address."""
    filtered(page, "accuracy < 0.7")
    kept(page, "filter=")
    page.get_by_role("button", name="Change chart").click()
    page.get_by_text("More choices").click()
    page.get_by_label("Title", exact=True).fill("Accuracy")
    kept(page, "chart=")
    assert "filter=accuracy" in hash_of(page)


def test_the_chart_builder_keeps_what_the_chart_has(page: Page) -> None:
    """Values, versions and the best one; what few readers change is folded."""
    labels = set(page.locator("#plot .points text").all_text_contents())
    assert {"0.6000", "0.8000 best", "v8"} <= labels
    page.get_by_role("button", name="Change chart").click()
    settle(page)
    assert labels <= set(page.locator(".chart svg text").all_text_contents())
    title = page.get_by_label("Title", exact=True)
    assert not title.is_visible()
    page.get_by_text("More choices").click()
    assert title.is_visible()


@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_table_can_be_used_by_all(browser: Browser, site: Path, width: int, theme: str) -> None:
    """axe finds nothing, and the page is as wide as its window, with a filter, ticks and the open menu, too."""
    tab = Tab(browser, viewport={"width": width, "height": 900}, color_scheme=theme)
    page = tab.open(f"file://{site}/models/risk/index.html")
    assert tab.faults() == []
    page.get_by_label("Select v7", exact=True).check()
    page.get_by_label("Select v8", exact=True).check()
    filtered(page, "accuracy > 0.1")
    page.locator("summary", has_text="Columns").click()
    page.locator("#chooser legend").first.wait_for()
    assert tab.faults() == []
    assert tab.complaints() == []
    tab.close()


def test_a_version_is_a_block_of_lines_on_a_telephone(browser: Browser, site: Path) -> None:
    """Values stand below its name behind the names of their columns, none to the side; drawn anew it looks the same."""
    tab = Tab(browser, viewport={"width": 390, "height": 900})
    page = tab.open(f"file://{site}/models/risk/index.html")
    seen = []
    for address in ("", "#page=1&sort=-version"):
        page = tab.open(f"file://{site}/models/risk/index.html{address}")
        if address:
            page.wait_for_function(DRAWN)
        row = page.locator("#versions-table tbody tr").first
        boxes = [
            one.bounding_box() for one in (row.locator("th"), row.locator(".effect"), row.locator("[data-l]").first)
        ]
        tops = [box["y"] for box in boxes if box]
        assert len(tops) == 3
        assert tops == sorted(set(tops))
        assert all(box["x"] + box["width"] <= 390 for box in boxes if box)
        assert page.evaluate("() => document.querySelector('.wrap:has(> .two)').scrollWidth") <= 390
        seen.append((row.locator("[data-l]").evaluate_all(LABELS), row.evaluate("row => row.offsetHeight")))
    assert seen[0] == seen[1]
    assert seen[0][0][0][0] == '"accuracy"'
    tab.close()


LABELS = "all => all.map((cell) => [getComputedStyle(cell, '::before').content, cell.textContent.trim()])"
