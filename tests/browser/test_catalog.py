"""The catalog in a browser: search, queries, filters, columns, order, selection and keys, all kept in the address."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import sitegen
from tests.support import sites
from tests.support.browsers import Tab, hash_of
from tests.support.registries import COLUMNS, ONE, Files, layout, mlmodel, write

READY = "() => document.documentElement.dataset.catalog === 'ready'"


WIDE = [{"type": "float", "name": f"c{number}", "required": True} for number in range(220)]
INPUTS = (COLUMNS, [{"type": "string", "name": "age", "required": True}], WIDE, None)
"""Inputs of signatures; those of the third are more than the first index holds."""


def many(seed: int, count: int) -> Files:
    """Models with some of a few metrics, params and tags, and with values that differ little."""
    rng = random.Random(seed)
    files: Files = {}
    words = ["alpha", "Beta", "gamma ray", "ålpha", "50%", "a_b", "A_B", ""]
    for number in range(count):
        metrics = {
            key: rng.choice([0, 0.5, 1, -1, 1e300, 0.25]) for key in ("auc", "rmse", "a b") if rng.random() < 0.7
        }
        params, tags = (
            {key: rng.choice(words) for key in keys if rng.random() < 0.7}
            for keys in (("depth", "x.y"), ("team", "long"))
        )
        if "long" in tags:
            tags["long"] *= rng.choice([1, 200])
        texts = {"metrics_json": metrics, "params_json": params, "tags_json": tags}
        version = rng.choice(["1", "2", "v3", "1.2.0"])
        name = f"{rng.choice(['churn', 'Fraud', 'rank_it'])}-{number}"
        files |= layout(name, version, **{key: json.dumps(value) for key, value in texts.items()})
        files[f"{name}/{version}/MLmodel"] = mlmodel(rng.choice(INPUTS), ONE)
        aliases = {alias: version for alias in ("champion", "Beta") if rng.random() < 0.4}
        files[f"{name}/model.yaml"] = json.dumps({"tags": {"unit": rng.choice(words)}, "aliases": aliases})
    return files


def queries(seed: int, count: int) -> Iterator[str]:
    """Queries of the grammar, about keys that some models have and about others."""
    rng = random.Random(seed)
    texts = [
        "'string'",
        "'float'",
        "'champion'",
        "'python_function'",
        "'alpha'",
        "'Beta'",
        "''",
        '"gamma ray"',
        "'ålpha'",
        "'50%'",
        "'a_b'",
    ]
    patterns = ["'%a%'", "'a_b'", "'_____'", "'%A%a'", "'%'", "'50\\%'", "'%ray'", "'gam%'", "'fraud-%'", "'%-1_'"]
    keys = [
        "params.depth",
        "param.`x.y`",
        "params.x.y",
        "tags.team",
        'tag."long"',
        "model_tags.unit",
        "params.none",
        "inputs.age",
        "input.c215",
        "inputs.none",
        "alias",
        "flavor",
        "name",
    ]
    numbers = ["metrics.auc", "metrics.rmse", "metric.`a b`", "metrics.none", "version_number"]

    def condition() -> str:
        kind = rng.randrange(6)
        if kind == 0:
            compare, value = (
                rng.choice(["<", "<=", ">", ">=", "=", "!="]),
                rng.choice(["0", ".5", "1e300", "-1", "+0.25", "1."]),
            )
            return f"{rng.choice(numbers)} {compare} {value}"
        if kind == 1:
            return f"{rng.choice(keys)} {rng.choice(['=', '!='])}{rng.choice(texts)}"
        if kind == 2:
            return f"{rng.choice(keys)} {rng.choice(['LIKE', 'ilike', 'ILIKE'])} {rng.choice(patterns)}"
        if kind == 3:
            return f"{rng.choice(keys)} {rng.choice(['in', 'NOT  IN'])} ('alpha', 'Beta','', 'long', 'champion')"
        if kind == 4:
            return f"{rng.choice([*keys[:-1], *numbers])} {rng.choice(['IS NULL', 'is not null'])}"
        return rng.choice(["version = '1'", "version != 'v3'", "version_number > 1", "attributes.name LIKE 'churn%'"])

    for _ in range(count):
        yield rng.choice([" and ", " AND "]).join(condition() for _ in range(rng.choice([1, 1, 2, 3])))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalog of 400 models, whose list scrolls in a box of its own."""
    root = tmp_path_factory.mktemp("catalog")
    return sites.built(write(root / "registry", many(1, 400)), root / "site")


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """The catalog, opened as a file; it must complain of nothing."""
    tab = Tab(browser, viewport={"width": 1440, "height": 900})
    yield ready(tab.open(f"file://{site}/index.html"))
    assert tab.complaints() == []
    tab.close()


@pytest.fixture
def sample_page(browser: Browser, sample: Path) -> Iterator[Page]:
    """The catalog of the sample registry, opened as a file."""
    tab = Tab(browser, viewport={"width": 1440, "height": 900})
    yield ready(tab.open(f"file://{sample}/index.html"))
    assert tab.complaints() == []
    tab.close()


def ready(page: Page) -> Page:
    """The page when its data are there."""
    page.wait_for_function(READY)
    return page


def names(page: Page) -> list[str]:
    """The names in the table."""
    return page.locator("#models tbody th a").all_inner_texts()


def search(page: Page, text: str) -> None:
    """Type a text and wait until nothing is loading."""
    page.fill("#q", text)
    page.wait_for_function("() => !/oading/.test(document.getElementById('status').textContent)")


def test_an_input_column_finds_the_models_that_take_it(sample_page: Page) -> None:
    """Whatever its case; the row says why, and the word is marked."""
    search(sample_page, "age")
    assert names(sample_page)[:2] == ["diabetes-regression", "heart-disease-classifier"]
    reasons = sample_page.locator("#models .why").all_inner_texts()
    assert [reason.strip() for reason in reasons[:2]] == ["input AGE: integer", "input age: double"]
    assert sample_page.locator("#models mark").first.inner_text() == "AGE"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CHAMPION diabetes", ["diabetes-regression"]),
        ("regression dia", ["diabetes-regression"]),
        ("stable", ["text-scorer"]),
        ("fastai", ["breast-cancer-image-classifier"]),
        ("malignant", ["breast-cancer-image-classifier"]),  # of the description: in the second index
        ("zzz", []),
    ],
)
def test_words_find_models(sample_page: Page, text: str, found: list[str]) -> None:
    search(sample_page, text)
    assert names(sample_page)[: len(found) or None] == found


def test_a_query_finds_what_python_finds(page: Page, site: Path) -> None:
    """Of random queries: the models whose latest version `Registry.search` has among its results."""
    registry = sitegen.read(site.parent / "registry")
    for query in queries(7, 150):
        expected = sorted(m.name for m, version in registry.search(query) if version is m.latest)
        found = page.evaluate(
            """async (query) => {
                const { catalog } = window.sitegen, conditions = catalog.parse(query);
                await catalog.loadValues(catalog.keysIn(conditions));
                if (catalog.needsTexts(conditions)) await catalog.loadTexts();
                const scores = catalog.evaluate(conditions);
                return catalog.data.rows.filter((row) => scores[row.number] === 0).map((row) => row.name);
            }""",
            query,
        )
        assert sorted(found) == expected, query


REFUSED = (
    "metrics.auc <",
    "metrics.auc < 'x'",
    "metrics.auc LIKE 'x'",
    "params.depth < 1",
    "params.depth IN 'x'",
    "tags.team = ('a')",
    "nothing = 'x'",
    "name = 'x' OR name = 'y'",
    "name = 'x' AND",
    "metrics.auc == 1",
    "tags.team IS NULL 'x'",
    "name = x",
)


@pytest.mark.parametrize("text", REFUSED)
def test_what_python_refuses_is_no_query(page: Page, site: Path, text: str) -> None:
    """The page says so in words, and the list stays."""
    with pytest.raises(sitegen.SitegenError):
        sitegen.read(site.parent / "registry").search(text)
    page.fill("#q", text)
    if page.evaluate("(text) => window.sitegen.catalog.looksLikeQuery(text)", text):
        assert page.inner_text("#hint")
        assert page.inner_text("#count").startswith("400 ")


def test_an_unknown_metric_has_near_ones_and_a_repair(sample_page: Page) -> None:
    search(sample_page, "metrics.acuracy > 0.9")
    sample_page.get_by_role("button", name="metrics.accuracy").click()
    sample_page.wait_for_function("() => document.querySelectorAll('#models tbody tr').length === 1")
    assert names(sample_page) == ["text-scorer"]


def test_every_example_of_a_query_finds_models(sample_page: Page, page: Page) -> None:
    """They are made of what the models have, once somebody asks for help."""
    for one in (sample_page, page):
        assert one.locator("#examples button").count() == 0
        one.get_by_text("Query help").click()
        one.locator("#examples button").first.wait_for()
        examples = one.locator("#examples button").all_text_contents()
        assert len(examples) >= 4
        for text in examples:
            search(one, text)
            assert one.inner_text("#hint") == "", text
            assert one.inner_text("#count").split()[0] not in ("0", one.inner_text("#count").split()[-2]), text


MEANT = {"rmse < 60": "metrics.rmse < 60", "acuracy>0.9": "metrics.accuracy >0.9"}


@pytest.mark.parametrize("text", MEANT)
def test_a_condition_without_prefix_has_a_repair(sample_page: Page, text: str) -> None:
    """As words it finds nothing."""
    sample_page.fill("#q", text)
    sample_page.get_by_role("button", name=MEANT[text].split()[0], exact=True).click()
    assert sample_page.input_value("#q") == MEANT[text]
    assert sample_page.inner_text("#hint") == ""


def test_the_second_link_leads_to_the_list(sample_page: Page) -> None:
    """It is seen when it has the focus; the filters come between it and the list."""
    sample_page.keyboard.press("Tab")
    sample_page.keyboard.press("Tab")
    link = sample_page.get_by_role("link", name="Skip to the list")
    box = link.bounding_box()
    assert box and box["width"] > 50
    sample_page.keyboard.press("Enter")
    sample_page.keyboard.press("Tab")
    inside = sample_page.evaluate("document.getElementById('wrap').contains(document.activeElement)")
    assert inside


def test_a_slash_leads_to_the_search_of_each_page(sample_page: Page) -> None:
    """Of the catalog, and of a model; not while somebody types."""
    focused = "[document.activeElement.id, document.activeElement.value]"
    sample_page.keyboard.press("/")
    sample_page.keyboard.type("a/b")
    assert sample_page.evaluate(focused) == ["q", "a/b"]
    sample_page.keyboard.press("Escape")
    sample_page.get_by_role("link", name="diabetes-regression", exact=True).click()
    sample_page.wait_for_selector("#filter")
    sample_page.keyboard.press("/")
    sample_page.keyboard.type("a/b")
    assert sample_page.evaluate(focused) == ["filter", "a/b"]


def test_the_main_metric_sorts_where_all_models_have_the_same(
    sample_page: Page, browser: Browser, tmp_path: Path
) -> None:
    """Else its head says how to sort by a metric."""
    assert sample_page.locator("th.c-main button").count() == 0
    assert "add one as a column" in (sample_page.locator("th.c-main").get_attribute("title") or "")
    values = {"a": 0.5, "b": 0.9, "c": 0.7}
    files = [layout(name, "1", metrics_json=json.dumps({"auc": value})) for name, value in values.items()]
    site = sites.built(write(tmp_path / "registry", files[0] | files[1] | files[2]), tmp_path / "site")
    tab = Tab(browser)
    page = ready(tab.open(f"file://{site}/index.html"))
    page.get_by_role("button", name="Main metric").click()
    assert names(page) == ["b", "c", "a"]
    tab.close()


def test_filters_count_what_the_other_choices_leave(sample_page: Page) -> None:
    sample_page.get_by_role("checkbox", name="sklearn 5").check()
    assert sample_page.inner_text("#count") == "5 of 7 models"
    breaking = sample_page.locator("#facets label", has_text="breaking")
    assert breaking.locator(".n").inner_text() == "1"
    breaking.locator("input").check()
    assert names(sample_page) == ["heart-disease-classifier"]
    sample_page.keyboard.press("Escape")
    assert len(names(sample_page)) == 7


def test_a_metric_becomes_a_column_that_sorts(sample_page: Page) -> None:
    """Models without it come last; the values are those of the API."""
    sample_page.get_by_text("Columns", exact=True).click()
    sample_page.locator("#chooser input[value='metrics.accuracy']").check()
    sample_page.keyboard.press("Escape")
    sample_page.get_by_role("button", name="accuracy", exact=True).click()
    sample_page.wait_for_function("() => document.querySelectorAll('#models td.c-other data').length === 2")
    values = [float(one.get_attribute("value") or "") for one in sample_page.locator("#models td.c-other data").all()]
    assert values == sorted(values, reverse=True)
    assert names(sample_page)[:2] == ["text-scorer", "heart-disease-classifier"]


def test_the_score_is_a_column_that_sorts(sample_page: Page, sample: Path) -> None:
    """The values are those of the API; a logged model has none and comes last."""
    sample_page.get_by_text("Columns", exact=True).click()
    sample_page.locator("#chooser").get_by_text("Score", exact=True).click()
    sample_page.keyboard.press("Escape")
    sample_page.get_by_role("button", name="Score", exact=True).click()
    shown = sample_page.locator("#models tbody td:last-child").all_inner_texts()
    entries = json.loads((sample / "api/catalog.json").read_text())["models"]
    scores = sorted((entry["score"] for entry in entries if entry["score"] is not None), reverse=True)
    assert shown == [*map(str, scores), "none"]
    assert len(set(scores)) > 1


def test_the_address_keeps_what_was_chosen(browser: Browser, sample: Path) -> None:
    tab = Tab(browser)
    page = ready(
        tab.open(
            f"file://{sample}/index.html#q=s&sort=-name&f.flavor=sklearn&column=versions&select=text-scorer%401.1.0"
        )
    )
    assert page.input_value("#q") == "s"
    assert names(page) == sorted(names(page), key=str.lower, reverse=True)
    assert page.locator("#models thead th").all_inner_texts()[1].startswith("Versions")
    assert "text-scorer" in page.inner_text("#selected")
    page.locator("[data-tick]").first.check()
    page.wait_for_function("() => location.hash.split('select=').length === 3")
    assert "f.flavor=sklearn" in hash_of(page)
    page.click("#compare-selected")
    page.wait_for_url("**/compare/index.html#m=*")
    assert tab.complaints() == []
    tab.close()


def test_a_long_list_scrolls_in_a_box_of_its_own(page: Page) -> None:
    """With few rows in the page; keys move through it, and open a model."""
    assert page.locator("#models tbody tr").count() < 60
    assert page.evaluate("document.documentElement.scrollHeight") < 3000
    page.evaluate("const box = document.getElementById('wrap'); box.scrollTop = box.scrollHeight")
    last = page.evaluate("window.sitegen.catalog.data.rows.at(-1).name")
    page.wait_for_function("(name) => document.getElementById('models').textContent.includes(name)", arg=last)
    page.keyboard.press("/")
    page.keyboard.type("fraud")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    name = page.locator("tr.cursor th a").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/**")
    assert page.locator("h1").inner_text() == name


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1440])
def test_every_state_is_accessible(browser: Browser, site: Path, width: int, theme: str) -> None:
    """And no wider than the window: a search, a query that cannot be read, and the chooser."""
    tab = Tab(browser, viewport={"width": width, "height": 900}, color_scheme=theme)
    page = ready(tab.open(f"file://{site}/index.html"))
    search(page, "alpha")
    page.locator("[data-tick]").first.check()
    assert tab.faults() == []
    page.fill("#q", "metrics.auc < 'x'")
    page.get_by_text("Columns", exact=True).click()
    assert tab.faults() == []
    assert tab.complaints() == []
    tab.close()


def test_added_columns_stand_below_the_name_on_a_telephone(browser: Browser, site: Path) -> None:
    """Each on a line with its name; a long list keeps its place while somebody scrolls."""
    tab = Tab(browser, viewport={"width": 390, "height": 800})
    page = ready(tab.open(f"file://{site}/index.html#column=latest&column=metrics.auc&column=params.depth"))
    row = page.locator("#models tbody tr").nth(3)
    added = row.locator(".c-other")
    assert [cell.get_attribute("data-label") for cell in added.all()] == ["auc", "depth"]
    name, first, second = (place.bounding_box() for place in (row.locator(".name"), added.nth(0), added.nth(1)))
    assert name and first and second
    assert name["y"] < first["y"] < second["y"]
    height = page.evaluate("document.querySelector('#wrap').scrollHeight / 400")
    box = row.bounding_box()
    assert box
    assert abs(height - box["height"]) < 1
    assert tab.faults() == []
    assert tab.complaints() == []
    tab.close()


@pytest.mark.parametrize("width", [768, 950])
def test_all_columns_are_in_sight_on_a_tablet(browser: Browser, sample: Path, width: int) -> None:
    """On three lines, without scrolling sideways; facts stand below each other, and aliases are not cut."""
    tab = Tab(browser, viewport={"width": width, "height": 900})
    page = ready(tab.open(f"file://{sample}/index.html"))
    assert page.evaluate("document.getElementById('wrap').scrollWidth <= document.getElementById('wrap').clientWidth")
    rows = page.locator("#models tbody tr")
    heights = {round(box["height"]) for row in rows.all() if (box := row.bounding_box())}
    assert len(heights) == 1 and heights.pop() < 80
    for column in ("change", "main", "signature", "flavor", "problems"):
        boxes = [cell.bounding_box() for cell in page.locator(f"#models td.c-{column}:not(:empty)").all()]
        assert len({round(box["x"]) for box in boxes if box}) == 1, column
    cut = "(cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length"
    assert page.eval_on_selector_all("#models td:is(.c-aliases, .c-change)", cut) == 0
    page.get_by_label("Sort").select_option("-name")
    assert names(page) == sorted(names(page), key=str.lower, reverse=True)
    assert tab.faults() == []
    tab.close()


ADDED = {
    "no column": ("latest", 2),
    "one line": ("latest main", 3),
    "another line": ("latest aliases", 3),
    "both": ("latest aliases change main signature", 4),
    "added ones alone": ("latest score owner", 4),
    "added ones after one line": ("latest flavor score owner", 5),
    "added ones after both": ("latest change flavor score owner", 6),
}


@pytest.mark.parametrize("case", ADDED)
def test_a_row_on_a_telephone_has_no_empty_line(browser: Browser, sample: Path, case: str) -> None:
    """Whichever columns the reader chooses; no two of them lie on one place."""
    columns, lines = ADDED[case]
    tab = Tab(browser, viewport={"width": 390, "height": 800})
    state = "&".join(f"column={name}" for name in columns.split())
    page = ready(tab.open(f"file://{sample}/index.html#{state}"))
    row = page.locator("#models tbody tr").nth(1)
    boxes = [cell.bounding_box() for cell in row.locator("> :not(.tick)").all()]
    places = [(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in boxes if box]
    bottom = max(place[3] for place in places)
    assert round((bottom - min(place[1] for place in places)) / 19.2) == lines
    whole = row.bounding_box()
    assert whole and abs(bottom - whole["y"] - whole["height"]) < 8
    for number, (left, top, _, _) in enumerate(places):
        assert not [1 for a, b, c, d in places[number + 1 :] if a <= left < c and b <= top < d]
    tab.close()


def test_names_have_room_on_paper(browser: Browser, sample: Path) -> None:
    """At least a fifth of the width, with the standard columns and with a column more."""
    tab = Tab(browser, viewport={"width": 794, "height": 1123})
    for state in (
        "",
        "#" + "&".join(f"column={name}" for name in ("latest", "change", "main", "flavor", "metrics.rmse")),
    ):
        page = ready(tab.open(f"file://{sample}/index.html{state}"))
        page.emulate_media(media="print")
        box = page.locator("#models th.c-name").bounding_box()
        assert box
        assert box["width"] > 794 / 5
        assert page.evaluate("document.documentElement.scrollWidth") <= 794
        page.emulate_media(media="screen")
    tab.close()
