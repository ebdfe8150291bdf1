"""Runs in the catalog's search: each is found by the beginning of its name or id, with the versions that it logged."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import sitegen
from tests.support import sites
from tests.support.browsers import Tab
from tests.support.registries import Files, experiment, registered, run, write

READY = "() => document.documentElement.dataset.catalog === 'ready'"
SEED, MODELS = 5, 150
WORDS = ("calm", "Ölig", "fox", "ridge", "éclair", "🎉", "train", "run", "İzmir", "Straße", "x")
LONG = "a-name-of-a-run-that-is-much-longer-than-its-cell"


def registry() -> Files:
    """Models with up to five versions, whose runs have names of all kinds; two models share a run."""
    rng = random.Random(SEED)
    files = experiment("1", "e")
    ids = [f"{rng.getrandbits(128):032x}" for _ in range(MODELS * 2)]
    for id in ids:
        name = rng.choice([" ", "-", "_"]).join(rng.choice(WORDS) for _ in range(3)) + f"-{rng.randrange(50)}"
        files |= run("1", id, run_name=name)
    files |= run("1", "5e" * 16, run_name="Ridge and boosting") | run("1", "6f" * 16, run_name=LONG)
    for number in range(MODELS):
        chosen = [rng.choice(ids) for _ in range(rng.randrange(1, 6))]
        files |= registered(f"model-{number}", *(fields(id) for id in chosen))
    shared = [fields(id) for id in (ids[0], "5e" * 16, ids[1], "5e" * 16, *["6f" * 16] * 7)]
    files |= registered("house-price", *shared) | registered("house-copy", fields("5e" * 16))
    return files | {"mlruns/models/house-price/aliases/champion": "3"}


def fields(id: str) -> dict[str, object]:
    """What a version says of the run that logged it."""
    return {"run_id": id, "source": f"mlruns/1/{id}/artifacts/model"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("runs")
    return sites.built(write(root / "registry", registry()), root / "site")


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """The catalog, opened as a file; it must complain of nothing."""
    tab = Tab(browser, viewport={"width": 1440, "height": 900})
    page = tab.open(f"file://{site}/index.html")
    page.wait_for_function(READY)
    yield page
    assert tab.complaints() == []
    tab.close()


def reason(page: Page, name: str) -> Locator:
    """Why the row of a model was found."""
    return page.locator("#models tr", has=page.get_by_role("link", name=name, exact=True)).locator(".why")


TEXTS = {
    "a name": ("Ridge and boosting", "run Ridge and boosting: v2, v4"),
    "the beginning of a name": ("ridge and boo", "run Ridge and boosting: v2, v4"),
    "an id": ("5e" * 16, "run 5e5e5e5e…: v2, v4"),
    "the beginning of an id": ("5E5E5E5E", "run 5e5e5e5e…: v2, v4"),
    "a long name": (LONG[:20], "run a-name-of-a-run-that-is-…: v5, v6, v7, v8, v9 and 2 more"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_run_is_found_with_its_versions(page: Page, case: str) -> None:
    """By its name or id, of older versions, too; each version is a link."""
    text, said = TEXTS[case]
    page.fill("#q", text)
    expect(reason(page, "house-price")).to_have_text(said)
    version = said.partition(": ")[2][:2]
    reason(page, "house-price").get_by_role("link", name=version, exact=True).click()
    expect(page.locator("h1")).to_have_text(f"house-price {version}")


def test_every_run_is_found(page: Page, site: Path) -> None:
    """By its whole name and id, with the models and versions that Python finds; files are many and small."""
    assert len(list((site / "catalog").glob("runs-*.js"))) > 2
    expected: dict[str, set[tuple[str, str]]] = {}
    for model, version in sitegen.read(site.parent / "registry").search("version != ''"):
        assert version.run
        for text in (version.run.id, version.run.name):
            assert text
            expected.setdefault(text, set()).add((model.name, version.name))
    found = page.evaluate(
        """async (texts) => {
            const { catalog } = window.sitegen, { rows } = catalog.data, runs = [];
            for (const text of texts) {
                const word = catalog.fold(text);
                await catalog.loadRuns([word]);
                const exact = Array.from(catalog.runsOf(word).values()).filter(({ place }) => place === 0);
                const entries = exact.flatMap((one) => one.entries).filter((entry) => entry.text === text);
                const folder = (version) => (Array.isArray(version) ? version[1] : version.slice(1));
                runs.push(entries.flatMap(({ row, versions }) => versions.map((one) => [rows[row].name, folder(one)])));
            }
            return runs;
        }""",
        list(expected),
    )
    assert [{tuple(pair) for pair in pairs} for pairs in found] == list(expected.values())
    assert len(expected) > MODELS


def test_a_word_loads_few_files(page: Page) -> None:
    """None before somebody types, and one for the first letters of a word."""
    loaded = "() => Array.from(document.scripts).filter(({ src }) => src.includes('/catalog/runs-')).length"
    page.focus("#q")
    assert page.evaluate(loaded) == 0
    page.fill("#q", "ridge")
    page.wait_for_function("() => window.sitegen.catalog.hasRuns(['ridge'])")
    assert page.evaluate(loaded) == 1


def test_an_alias_may_have_its_sign(page: Page) -> None:
    page.fill("#q", "@champion")
    expect(reason(page, "house-price")).to_have_text("alias champion → v3")


NOTHING = {
    "words": ("zzzzz", "Searched: names, tags, aliases"),
    "a query": ("name = 'zzzzz'", "A query looks only at the latest version of each model."),
}


@pytest.mark.parametrize("case", NOTHING)
def test_a_search_without_result_says_what_was_searched(page: Page, case: str) -> None:
    text, said = NOTHING[case]
    page.fill("#q", text)
    expect(page.locator("#nothing")).to_contain_text(said)


def test_a_query_for_a_run_of_an_older_version_leads_to_its_run(page: Page) -> None:
    """Queries look at latest versions; the search for words does not."""
    page.fill("#q", "run_name = 'Ridge and boosting'")
    expect(page.locator("#count")).to_have_text("1 of 153 models")
    page.fill("#q", f"name = 'house-price' AND run_id = '{'5e' * 16}'")
    page.get_by_role("button", name="5e" * 16).click()
    expect(reason(page, "house-price")).to_have_text("run 5e5e5e5e…: v2, v4")
