"""The compare page of a model with so many versions that the data of most lies in files of its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from sitegen.site import script_data
from tests.support import sites
from tests.support.browsers import Tab, hash_of, rows
from tests.support.registries import COLUMNS, ONE, layout, mlmodel, write

COUNT = 130


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A site of a model whose inputs change once; files of ten versions, so that eleven files hold the older ones."""
    files = {"many/model.yaml": json.dumps({"aliases": {"champion": "7", "first": "1"}})}
    for number in range(1, COUNT + 1):
        text = mlmodel(COLUMNS if number < 60 else COLUMNS[:1], ONE)
        history = json.dumps({"rmse": [number + 0.5, number]})
        files |= layout("many", str(number), MLmodel=text, metrics_json=history, params_json=f'{{"depth": {number}}}')
    files |= layout("other", "1", metrics_json='{"rmse": 1}')
    folder = tmp_path_factory.mktemp("many")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_data, "PART", 10)
        sites.update(write(folder / "registry", files), folder / "site")
    assert len(list((folder / "site/models/many/compare").glob("versions-*.js"))) == 11
    yield folder / "site"


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab that has nothing to complain about in the end."""
    tab = Tab(browser)
    yield tab
    assert tab.complaints() == []
    tab.close()


def opened(tab: Tab, address: str) -> Page:
    """The page at an address, once its table is there."""
    page = tab.open(address)
    page.locator("#side").wait_for()
    return page


def cells(page: Page, row: str) -> list[str]:
    """The values of a row of the table."""
    line = page.locator(".cmp tbody tr").filter(has=page.get_by_text(row, exact=True))
    return [text.split(" ")[0] for text in line.locator("td").all_text_contents()]


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_every_version_is_compared_with_every_other(tab: Tab, address: str, site: Path, scheme: str) -> None:
    """The oldest, one from the middle and the newest; only the files that hold them are loaded."""
    root = address if scheme == "http" else site.as_uri() + "/"
    page = opened(tab, root + "models/many/compare/index.html#v=1&v=59&v=130&base=59")
    assert page.locator("#compare-status").text_content() == ""
    assert page.locator(".cmp thead th a").all_text_contents() == ["v1", "v59", "v130"]
    assert cells(page, "rmse") == ["1", "59", "130"]
    assert cells(page, "depth") == ["1", "59", "130"]
    verdicts = page.locator("#verdict tbody tr").all_inner_texts()
    assert "compatible" in verdicts[0]
    assert "lossy" in verdicts[1]
    loaded = page.evaluate("Object.keys(window.sitegenVersions).sort()")
    assert loaded == ["many/1", "many/6"]


def test_the_newest_is_compared_with_a_baseline_from_long_ago(tab: Tab, address: str) -> None:
    page = opened(tab, address + "models/many/compare/index.html")
    assert hash_of(page) == "v=7&v=130&base=7"


def test_pages_link_to_the_comparison_of_old_versions(tab: Tab, address: str) -> None:
    page = tab.open(address + "models/many/44/index.html")
    page.get_by_role("link", name="compare with").click()
    page.locator("#side").wait_for()
    assert page.locator(".cmp thead th a").all_text_contents() == ["v7", "v44"]


def test_old_versions_are_found_by_name_and_ticks_survive(tab: Tab, address: str) -> None:
    """The list shows the newest; a part of a name or an alias finds the others."""
    page = opened(tab, address + "models/many/compare/index.html#v=129&v=130")
    page.locator(".choose summary").click()
    assert page.locator(".picks input").count() == 100
    find = page.get_by_label("Find a version")
    find.fill("5")
    assert page.locator(".picks label").first.inner_text().strip() == "v5"
    page.locator(".picks").get_by_label("v5", exact=True).check()
    page.get_by_role("columnheader", name="v5", exact=True).wait_for()
    find.fill("FIRST")
    page.locator(".picks").get_by_label("v1 first").check()
    page.locator(".cmp thead th").filter(has_text="first").wait_for()
    assert hash_of(page) == "v=1&v=5&v=129&v=130&base=129"
    find.fill("")
    assert page.locator(".picks").get_by_label("v130").is_checked()
    assert page.locator(".choose summary").inner_text().endswith("Choose versions: 4 of 130")


def test_charts_and_histories_draw_old_versions_with_new_ones(tab: Tab, address: str) -> None:
    """Across the files that hold them."""
    page = opened(
        tab, address + "models/many/compare/index.html#v=2&v=130&chart=type%3Dline%26x%3Dstep%26y%3Dmetrics.rmse"
    )
    found = [(row["series"], row["x"], row["y"]) for row in rows(page)]
    assert found == [("v2", 0, 2.5), ("v2", 1, 2), ("v130", 0, 130.5), ("v130", 1, 130)]


def test_an_old_version_is_compared_with_another_model(tab: Tab, address: str) -> None:
    page = opened(tab, address + "compare/index.html#m=many%403&m=other%401")
    assert page.locator(".cmp thead th a").all_text_contents() == ["many v3", "other v1"]
    assert page.locator("#verdict tbody tr").count() == 1


def test_data_that_cannot_be_loaded_is_said(tab: Tab, address: str) -> None:
    """The others are compared."""
    tab.page.route("**/compare/versions-1.js", lambda route: route.fulfill(status=200, body=""))
    page = opened(tab, address + "models/many/compare/index.html#v=3&v=129&v=130")
    assert page.locator("#compare-status").text_content() == "Not found: 3."
    assert page.locator(".cmp thead th a").all_text_contents() == ["v129", "v130"]
