"""The layout of the compare page: nothing moves, charts are there at once, the head stays in view. And its texts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support import sites
from tests.support.browsers import NOTE_SHIFTS, Tab
from tests.support.registries import COLUMNS, ONE, Files, layout, mlmodel, write

LINES = [f"package{number}==1.{number}" for number in range(30)]


def prices() -> Files:
    """Four versions with metrics, environments and cards."""
    files: Files = {"price/model.yaml": json.dumps({"aliases": {"champion": "1"}})}
    for number in range(1, 5):
        metrics = json.dumps(
            {f"m{key:02}": round(number * key / 7, 4) for key in range(40)} | {"rmse": 1234.5 - number}
        )
        lines = [line if place != 20 else f"package20==2.{number}" for place, line in enumerate(LINES)]
        files |= layout("price", str(number), MLmodel=mlmodel(COLUMNS, ONE), metrics_json=metrics)
        files[f"price/{number}/requirements.txt"] = "\n".join(lines if number > 1 else LINES) + "\n"
        files[f"price/{number}/README.md"] = "# Prices\n\nThe same in all versions.\n"
        files[f"price/{number}/params.json"] = json.dumps({"path": "a-value-without-a-blank-" * 4, "n": number})
    files |= layout("rent", "1", metrics_json='{"rmse": 9}')
    files["rent/1/requirements.txt"] = "package1==1.1\n"
    return files


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layout")
    return sites.built(write(folder / "registry", prices()), folder / "site")


def open_tab(browser: Browser, width: int, **options: object) -> Tab:
    """A tab of this width, which counts what moves."""
    tab = Tab(browser, viewport={"width": width, "height": 900}, **options)
    tab.page.add_init_script(NOTE_SHIFTS)
    return tab


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A wide tab that has nothing to complain about in the end."""
    tab = open_tab(browser, 1440)
    yield tab
    assert tab.complaints() == []
    tab.close()


def opened(tab: Tab, address: str, fragment: str) -> Page:
    page = tab.open(f"{address}models/price/compare/index.html#{fragment}")
    page.locator("#side").wait_for()
    return page


@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize(
    "path",
    [
        "models/price/compare/index.html",
        "models/price/compare/index.html#v=1&v=2&v=3&v=4&only=0",
        "compare/index.html#m=price%404&m=rent%401",
        "compare/index.html",
    ],
)
def test_nothing_moves_while_the_page_loads(browser: Browser, address: str, width: int, path: str) -> None:
    """Cumulative layout shift is 0, on a slow connection too."""
    tab = open_tab(browser, width)
    tab.page.route("**/data.js", lambda route: (tab.page.wait_for_timeout(300), route.continue_()))
    page = tab.open(address + path)
    page.wait_for_load_state("networkidle")
    page.locator("#compare > :not([hidden])").first.wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("window.moved") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.complaints() == []
    tab.close()


@pytest.mark.parametrize(("width", "versions"), [(1440, "1234"), (390, "12")])
def test_versions_fit_beside_each_other(browser: Browser, address: str, width: int, versions: str) -> None:
    """Four on a screen, two on a phone: without scrolling sideways, long values go on below."""
    tab = open_tab(browser, width)
    page = opened(tab, address, "&".join(f"v={one}" for one in versions))
    assert page.locator(".wrap.fits > .cmp").count() == 1
    box = page.locator(".cmp").bounding_box()
    assert box
    assert box["x"] + box["width"] <= width
    tab.close()


def test_charts_are_there_at_once_and_before_files(tab: Tab, address: str) -> None:
    """Without a library: it comes with the chart builder."""
    requested: list[str] = []
    tab.page.on("request", lambda request: requested.append(request.url))
    page = opened(tab, address, "v=1&v=2&v=3")
    charts = page.locator("#plots figure")
    assert charts.count() == 6
    assert re.sub(r"\s+", " ", charts.first.inner_text()) == (
        "rmse lower is better v1 1233.5 baseline v2 1232.5 v3 1231.5 best"
    )
    places = page.locator("#verdict, #charts, #side, #rows-metrics, #rows-files, #texts").evaluate_all(
        "all => all.map((one) => one.id)"
    )
    assert places == ["verdict", "charts", "side", "rows-metrics", "rows-files", "texts"]
    assert not any("vega" in url for url in requested)
    page.get_by_label("Baseline").select_option("1")
    assert "v2 1232.5 baseline" in re.sub(r"\s+", " ", charts.first.inner_text())


def test_print_has_charts_and_the_whole_table(tab: Tab, address: str) -> None:
    page = opened(tab, address, "v=1&v=2&v=3&v=4&only=0")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#plots figure svg").first.is_visible()
    assert page.locator(".cmp tbody tr").filter(has=page.get_by_text("m39", exact=True)).locator("td").count() == 4
    assert len(page.pdf()) > 20_000


@pytest.mark.parametrize(("versions", "flip"), [("v=1&v=4", ""), ("v=1&v=2&v=3&v=4", "1")])
def test_the_head_of_the_table_stays_in_view(tab: Tab, address: str, versions: str, flip: str) -> None:
    """Where the table scrolls with the page, and where it scrolls in a box of its own."""
    page = opened(tab, address, f"{versions}&only=0&flip={flip}")
    page.locator(".cmp tbody tr").last.scroll_into_view_if_needed()
    head, contents = page.locator(".cmp thead").bounding_box(), page.locator("nav.toc").bounding_box()
    assert head
    assert contents
    assert 0 <= head["y"] < 900
    assert head["y"] >= contents["y"] + contents["height"] - 2 or flip


def test_links_lead_to_the_parts_of_the_page(tab: Tab, address: str) -> None:
    """The address keeps the comparison."""
    page = opened(tab, address, "v=1&v=4&only=0")
    links = page.locator("nav.toc a")
    assert links.all_text_contents()[:3] == ["Compatibility", "Charts", "Side by side"]
    for link in links.all():
        target = page.locator(link.get_attribute("href") or "")
        assert target.count() == 1
    links.filter(has_text="Files").click()
    page.wait_for_function("() => location.hash.includes('v=1&v=4')")
    top = 'document.getElementById("rows-files").getBoundingClientRect().top'
    page.wait_for_function(f"() => {top} > 0 && {top} < 400")


def test_changed_texts_are_compared_line_by_line(tab: Tab, address: str) -> None:
    """They are loaded when one is opened; texts that are the same are not in the list."""
    requested: list[str] = []
    tab.page.on("request", lambda request: requested.append(request.url))
    page = opened(tab, address, "v=1&v=2&v=4")
    assert page.locator("#texts summary").all_text_contents() == [
        "requirements.txt: v1 → v2",
        "requirements.txt: v1 → v4",
    ]
    assert not any("/texts-" in url for url in requested)
    page.locator("#texts summary").last.click()
    text = page.locator("#texts pre").text_content() or ""
    assert text.splitlines() == [
        "… 17 equal lines",
        *(f"  {line}" for line in LINES[17:20]),
        "− package20==1.20",
        "+ package20==2.4",
        *(f"  {line}" for line in LINES[21:24]),
        "… 6 equal lines",
    ]
    assert sum("/texts-" in url for url in requested) == 1


def test_texts_of_two_models_are_compared(tab: Tab, address: str) -> None:
    """A model with one version has its texts in its data; a text that one of them lacks is said."""
    page = tab.open(f"{address}compare/index.html#m=rent%401&m=price%401&base=rent%401")
    page.locator("#side").wait_for()
    page.locator("#texts summary").filter(has_text="card").click()
    page.get_by_text("Not logged before.").wait_for()
    page.locator("#texts summary").filter(has_text="requirements").click()
    page.locator("#texts pre").filter(has_text="+ package2==1.2").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_has_no_fault(browser: Browser, address: str, theme: str, width: int) -> None:
    """Texts opened and the list of versions open, too."""
    tab = open_tab(browser, width, color_scheme=theme)
    page = opened(tab, address, "v=1&v=3&v=4")
    page.locator("#texts summary").first.click()
    page.locator("#texts pre").first.wait_for()
    page.locator(".choose summary").click()
    assert tab.faults() == []
    assert tab.complaints() == []
    tab.close()
