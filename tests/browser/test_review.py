"""The pages of `sitegen diff --format html`, and *What's new* on the catalog, in a real browser."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.process.test_diff import MORE, diff
from tests.process.test_diff_formats import NAMES, hostile, scenario
from tests.support import sites
from tests.support.browsers import Tab, faults_of
from tests.support.registries import Files, layout
from tests.support.repositories import commit, git, repository

LONG = "x" * 150


def hostile_review(folder: Path) -> Path:
    """A repository whose names try to be markup, or have no place to break."""
    files: Files = dict(pair for name in (*NAMES, LONG) for pair in hostile(name))
    changes = {path.replace("/1/", "/2/"): str(text).replace('"double"', '"string"') for path, text in files.items()}
    changes = {path: text.replace(": 1}", ": 2}").replace('"1"', '"2"') for path, text in changes.items()}
    return commit(repository(folder, files), changes, "change")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reviews of some of everything, of hostile names and of nothing; and a site that says what is new."""
    root = tmp_path_factory.mktemp("reviews")
    scenario(root / "git")
    hostile_review(root / "hostile-git")
    many = {path: text for number in range(160) for path, text in layout(f"m{number}", "2", MLmodel=MORE).items()}
    before = {path.replace("/2/", "/1/"): text for path, text in many.items()}
    commit(repository(root / "many-git", before), many, "change")
    for name, base in (("git", "main"), ("hostile-git", "main"), ("many-git", "main"), ("git", "change")):
        output = root / ("nothing" if base == "change" else name.removesuffix("-git").replace("git", "all"))
        done = diff(root / name, base, "change", "--format", "html", "--output", str(output))
        assert done.code in (0, 1), done.err
    build_both(root, root / "hostile-git")
    return root


def build_both(root: Path, repository: Path) -> None:
    """The sites of both branches of a repository, the later one with *What's new*."""
    for branch, flags in (("main", ()), ("change", ("--previous", root / "site-of-main"))):
        git(repository, "checkout", "--quiet", branch)
        done = sites.sitegen("build", repository, "--output", root / f"site-of-{branch}", *flags)
        assert done.code == 0, done.err


PAGES = {
    "of everything": "all/index.html",
    "of hostile and long names": "hostile/index.html",
    "of many models": "many/page-2.html",
    "of nothing": "nothing/index.html",
    "what is new": "site-of-change/index.html",
}


@pytest.mark.parametrize("kind", PAGES)
def test_reviews_are_accessible_and_fit_their_window(browser: Browser, folder: Path, kind: str) -> None:
    """Light and dark, on a telephone and on a desk; without a complaint of the console."""
    unfold = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
    assert faults_of(browser, (folder / PAGES[kind]).as_uri(), lambda page: page.evaluate(unfold)) == {}


def test_a_permalink_leads_to_its_change(browser: Browser, folder: Path) -> None:
    """Each of them, into view, and the change is marked."""
    tab = Tab(browser, viewport={"width": 1440, "height": 900})
    address = (folder / "all/index.html").as_uri()
    page = tab.open(address)
    links = [one.get_attribute("href") for one in page.locator("main a.perma").all()]
    assert len(links) >= 10
    for link in links:
        page = tab.open(f"{address}{link}")
        page.wait_for_function(IN_VIEW, arg=(link or "")[1:])
        assert page.evaluate("document.querySelector(':target') !== null"), link
    tab.close()


IN_VIEW = """(id) => {
  const box = document.getElementById(id).getBoundingClientRect();
  return box.top >= -1 && box.top < innerHeight && box.left >= 0 && box.left < innerWidth;
}"""
"""Whether the element with an id begins in the window, which the browser scrolls once the page is there."""


def test_names_are_text(browser: Browser, folder: Path) -> None:
    """They add no element, and can be read."""
    tab = Tab(browser)
    page = tab.open((folder / "hostile/index.html").as_uri())
    assert page.locator("main img, main script, main iframe").count() == 0
    heads = json.dumps(page.locator("main h2").all_inner_texts())
    for name in ("@all", "</details>", "<script>x", "::error"):
        assert name in heads
    tab.close()
