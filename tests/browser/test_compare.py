"""The compare page in a real browser: what it shows, what the address holds, and that verdicts are sitegen's own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, Route

import sitegen
from sitegen.site import display as plain
from sitegen.site.urls import slug
from tests.campaigns.bench.compare import large
from tests.support import sites
from tests.support.browsers import Tab, choose, go, hash_of, rows, settle, specification, until
from tests.support.registries import COLUMNS, ONE, SIGNED, Files, experiment, layout, mlmodel, registered, run, write

CONTRACTS = (
    mlmodel(COLUMNS, ONE),
    mlmodel([{**COLUMNS[0], "type": "long"}, COLUMNS[1]], ONE),
    mlmodel(COLUMNS[:1], [{"type": "string"}]),
    mlmodel(
        [*COLUMNS, {"type": "string", "name": "note", "required": False}],
        ONE,
        [{"name": "t", "type": "long", "default": 1, "shape": None}],
    ),
    mlmodel(),
    mlmodel(),
    mlmodel(COLUMNS, ONE),
    "flavors: {python_function: {loader_module: x}}\nsignature: {inputs: 'no json', outputs: '[]'}\n",
)
"""MLmodel files whose signatures meet each other: wider, narrower, other outputs, none, none, the first, broken."""


NUMBERS = (
    (0.53125, 0.53135, 0.53145),
    (2.5, 12.34565, 0.03125),
    (1.5e9, 2, -1234567),
    (1.234e-5, 1.225e-4, -2e-5),
    (15905.2, 0.17, -0.00084),
    (15905.5, 15906.5, 0),
    (10000.5, 9.5, -2.125),
    (8, -8, 0),
    (999.96, 0.0999, 0.1),
    (0.000244140625, 0.0006103515625, -0.0),
    (1e300, 1e-300, -1e300),
    (123456.7, 99.95, -0.03),
    (float("nan"), 0.5, 0.25),
    (0.99996, 0.99998, 1.0),
    (0.3, 0.1 + 0.2, 0.7),
)
"""Values of metrics, a column each: ties, ones far apart, tiny, huge, none, and ones next to each other."""


LOGGED = Path(__file__).parents[1] / "cases/logged-model-metrics/registry"
"""Checkpoints with values of two datasets."""


def models() -> Files:
    """Models to compare; one of them in MLflow's store, with a version whose run was deleted."""
    files: Files = {"steps/model.yaml": json.dumps({"aliases": {"champion": "3"}})}
    for number, text in enumerate(CONTRACTS, 1):
        metrics = {"rmse": 9.5 - number, "auc": 0.5, "it's": [3, 1, 2][number % 3], "__proto__": number}
        metrics |= {"bad": "NaN"} if number == 2 else {"bad": number} if number != 4 else {}
        params = {"lr": str(10 - number), "kind": "null" if number == 1 else "a"} if number != 5 else {"kind": ""}
        files |= layout(
            "steps", str(number), MLmodel=text, metrics_json=json.dumps(metrics), params_json=json.dumps(params)
        )
    files |= (
        layout("other", "1.0", metrics_json='{"rmse": 3}')
        | layout("a b'c", "1")
        | layout("long", "1", metrics_json='{"rmse": [2, 1, 0]}')
        | layout("long", "2", metrics_json='{"rmse": [3, 2, 1]}')
        | layout("same", "1")
        | layout("same", "2")
    )
    files |= {f"logged/{path.relative_to(LOGGED)}": path.read_text() for path in LOGGED.rglob("*") if path.is_file()}
    files |= large()
    for number, column in enumerate(zip(*NUMBERS, strict=True), 1):
        metrics = {f"m{key:02}": value for key, value in enumerate(column)}
        files |= layout("numbers", str(number), metrics_json=json.dumps(metrics))
    files["numbers/model.yaml"] = json.dumps({"aliases": {"live": "3"}})
    ids = "1a" * 16, "2b" * 16
    files |= experiment("1", "training") | run("1", ids[0], metrics={"rmse": "1767434400000 1.5 0\n"}, model=SIGNED)
    return files | registered("kept", *({"run_id": id, "source": f"runs:/{id}/model"} for id in ids))


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("compare") / "registry", models())


@pytest.fixture(scope="module")
def site(registry: Path) -> Path:
    done = sites.sitegen("build", registry, "--output", registry.parent / "site")
    assert done.code == 0, done.err
    return registry.parent / "site"


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab that has nothing to complain about in the end, but files that the address asked for in vain."""
    tab = Tab(browser)
    yield tab
    assert [text for text in tab.complaints() if "404" not in text] == []
    tab.close()


def opened(tab: Tab, address: str, *versions: str, model: str = "steps", **state: str) -> Page:
    """The page that compares versions of a model."""
    fragment = urlencode([*(("v", version) for version in versions), *state.items()])
    page = tab.open(f"{address}models/{model}/compare/index.html#{fragment}")
    page.locator("#side").wait_for()
    return page


def across(tab: Tab, address: str, *versions: str, **state: str) -> Page:
    """The page that compares versions of several models."""
    page = tab.open(f"{address}compare/index.html#{urlencode([*(('m', one) for one in versions), *state.items()])}")
    page.locator("#compare > :not([hidden])").first.wait_for()
    return page


def select(page: Page, *labels: str) -> None:
    """Tick what the table of versions or models has under these names."""
    for label in labels:
        page.get_by_label(f"Select {label}", exact=True).check()


def table(page: Page) -> dict[str, list[str]]:
    """The rows of the table by name, as shown."""
    lines = cells(page.locator(".cmp tbody tr:not(.group)"))
    names = page.locator(".cmp tbody tr:not(.group) th code").all_text_contents()
    return {name: line[1:] for name, line in zip(names, lines, strict=True)}


def cells(lines: Locator) -> list[list[str]]:
    """The texts of rows of a table."""
    found: list[list[str]] = lines.evaluate_all("all => all.map((row) => [...row.cells].map((one) => one.textContent))")
    return found


def heads(page: Page) -> list[str]:
    """The versions in the order in which they are shown."""
    return page.locator(".cmp thead th a").all_text_contents()


def state(page: Page) -> dict[str, list[str]]:
    """What the address holds."""
    return parse_qs(hash_of(page))


# --- verdicts --------------------------------------------------------------------------------------------------


def test_verdicts_are_those_of_python_for_every_pair(tab: Tab, address: str, registry: Path) -> None:
    """From each version to each other; the sentences of the changes too."""
    versions = {version.name: version for version in sitegen.read(str(registry)).get_registered_model("steps").versions}
    for old in versions:
        page = opened(tab, address, *versions, base=old)
        shown = cells(page.locator("#verdict tbody > tr"))
        expected = {f"v{old} → v{new}": sitegen.compare(versions[old], versions[new]) for new in versions if new != old}
        assert [row[0] for row in shown] == list(expected)
        for name, python, rest, outputs, changes, *_ in shown:
            verdict = expected[name].verdict
            levels = [level.replace("safe", "compatible") for level in (verdict.python, verdict.rest, verdict.outputs)]
            assert [text[2:] for text in (python, rest, outputs)] == levels, name
            signature = [
                one for one in expected[name].changes if one.area in ("inputs", "outputs", "params", "signature")
            ]
            assert changes.startswith(f"{len(signature)} change" if signature else "none"), name


def test_names_in_the_reasons_of_a_verdict_are_code(tab: Tab, address: str) -> None:
    """As on the model's page."""
    changes = opened(tab, address, "1", "3", base="1").locator("#verdict tbody li")
    reason = changes.filter(has_text="drops").locator(".soft")
    assert "`" not in (reason.text_content() or "`")
    assert reason.locator("code").count() >= 1


def test_a_sentence_says_whom_the_versions_break(tab: Tab, address: str) -> None:
    """Above the table of verdicts."""
    said = opened(tab, address, "1", "2", "5", base="1").locator(".say").text_content()
    assert said == "v2 breaks callers of v1; compatibility is unknown for v5."


def test_metrics_in_common_are_told(tab: Tab, address: str) -> None:
    """A sentence for two versions, a column for more; without any, the charts say why there are none."""
    page = opened(tab, address, "2", "5", base="2")
    assert page.locator("#verdict .say + p").text_content() == "Comparable metrics: 1 better, 1 the same."
    page = opened(tab, address, "2", "4", "5", base="2")
    assert [row[5] for row in cells(page.locator("#verdict tbody > tr"))] == [
        "Comparable metrics: 1 better, 1 the same."
    ] * 2
    page = across(tab, address, "other@1.0", "same@1")
    assert page.locator("#verdict .say + p").text_content() == "No metric in common."
    assert page.locator("#no-plots").text_content() == "They have no metric in common."


def test_versions_of_different_models_are_judged_as_python_does(tab: Tab, address: str, registry: Path) -> None:
    """Whether callers of one model can call another."""
    found = sitegen.read(str(registry))
    names = {"steps": "8", "other": "1.0", "a b'c": "1", "numbers": "3"}
    slugs = dict(zip(names, ("steps", "other", slug("a b'c", "registered"), "numbers"), strict=True))
    for base in names:
        page = across(
            tab, address, *(f"{slugs[name]}@{names[name]}" for name in names), base=f"{slugs[base]}@{names[base]}"
        )
        assert (
            f"Can callers of {base} v{names[base]} call the other models?"
            in page.locator("#verdict header").inner_text()
        )
        for name, python, rest, outputs, *_ in cells(page.locator("#verdict tbody > tr")):
            other = next(one for one in names if name.endswith(f"→ {one} v{names[one]}"))
            old, new = (found.get_registered_model(one).versions[-1] for one in (base, other))
            verdict = sitegen.compare(old, new).verdict
            levels = [level.replace("safe", "compatible") for level in (verdict.python, verdict.rest, verdict.outputs)]
            assert [text[2:] for text in (python, rest, outputs)] == levels, (base, name)
    assert table(page)["rmse"] == ["1.5000 best differs", "3.0000 differs", "not logged", "not logged"]


# --- the table -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "base", "newest"), [("steps", "3", "8"), ("same", "1", "2"), ("numbers", "2", "3")])
def test_the_newest_is_compared_with_its_baseline_where_nothing_is_asked(
    tab: Tab, address: str, model: str, base: str, newest: str
) -> None:
    """With the champion; with the version before where there is none, or where the newest is the champion itself."""
    page = opened(tab, address, model=model)
    assert state(page) == {"v": [base, newest], "base": [base]}
    assert page.locator("#verdict tbody th").all_text_contents() == [f"v{base} → v{newest}"]


def test_a_link_to_a_comparison_opens_the_pair_that_is_shown(tab: Tab, address: str) -> None:
    """From the page of the champion itself, too, which is judged against the version before."""
    for version, shown in (("3", ["v2 → v3"]), ("5", ["v3 → v5"]), ("2", ["v1 → v2"])):
        page = tab.open(f"{address}models/steps/{version}/index.html")
        page.get_by_role("link", name="compare with").click()
        page.locator("#side").wait_for()
        assert page.locator("#verdict tbody th").all_text_contents() == shown


def test_only_differences_are_shown_until_all_are_asked_for(tab: Tab, address: str) -> None:
    """An empty text, the text null and nothing are three things."""
    page = opened(tab, address, "1", "2", "5")
    assert "auc" not in table(page)
    assert table(page)["kind"] == ["null", "a differs", "empty string differs"]
    assert table(page)["lr"] == ["9", "8 differs", "not logged differs"]
    page.get_by_label("Only differences").uncheck()
    assert table(page)["auc"] == ["0.5000"] * 3
    assert state(page)["only"] == ["0"]


def test_what_callers_meet_stands_first_and_what_always_differs_is_not_marked(tab: Tab, address: str) -> None:
    """Inputs before metrics, the runs last: their names say nothing of the model."""
    page = opened(tab, address, "1", "2", only="0", base="1")
    titles = page.locator(".cmp .group").all_text_contents()
    assert titles[:3] == ["Signature inputs", "Signature outputs", "Metrics"]
    assert titles[-1] == "Metadata"
    assert marked(page, "lr") == 1
    page = opened(tab, address, "1", "2", model="kept", base="1")
    first, second = table(page)["run id"]
    assert first != second
    assert marked(page, "run id") == 0


def test_what_is_not_there_is_said_in_words_and_what_differs_is_heard(tab: Tab, address: str) -> None:
    """The same words whether the baseline has a value or not; a mark says whether that differs from it."""
    page = opened(tab, address, "1", "4", "5", only="0", base="4")
    assert table(page)["age"] == ["long", "long", "not there differs"]
    assert table(page)["bad"] == ["1 differs", "not logged", "5 differs"]
    assert table(page)["lr"] == ["9 differs", "6", "not logged differs"]
    assert table(page)["aliases"] == ["not there"] * 3
    assert marked(page, "bad") == 2
    assert marked(page, "lr") == 2
    said = page.locator("#side").inner_text() + page.locator("#verdict").inner_text()
    assert "absent" not in said
    assert "–" not in said
    for words in ("Underlined", "best value", "Metrics show the difference"):
        assert words in page.locator("#side header").inner_text()
    assert set(page.locator(".cmp td.no .chg").all_text_contents()) == {"not there", "not logged"}
    page.locator("#verdict summary").last.click()
    assert "not there" in page.locator("#verdict li").all_inner_texts()[-1]


def marked(page: Page, row: str) -> int:
    """How many values of a row are marked as changes."""
    return page.locator(".cmp tr").filter(has=page.get_by_text(row, exact=True)).locator(".chg").count()


def test_turned_it_shows_the_same(tab: Tab, address: str) -> None:
    """Versions as rows."""
    page = opened(tab, address, "1", "2", "5")
    before = table(page)
    page.get_by_label("Versions as rows").check()
    names = page.locator(".cmp thead tr").last.locator("code").all_text_contents()
    turned = zip(*(row[1:] for row in cells(page.locator(".cmp tbody tr"))), strict=True)
    assert dict(zip(names, map(list, turned), strict=True)) == before
    assert state(page)["flip"] == ["1"]


@pytest.mark.parametrize(
    ("row", "up"),
    [
        ("rmse", ["v4", "v2", "v1"]),
        ("lr", ["v4", "v2", "v1"]),
        ("bad", ["v1", "v2", "v4"]),
        ("__proto__", ["v1", "v2", "v4"]),
    ],
)
def test_any_row_sorts_the_versions(tab: Tab, address: str, row: str, up: list[str]) -> None:
    """Numbers as numbers; NaN behind them and nothing last, whichever way."""
    page = opened(tab, address, "1", "2", "4", only="0")
    button = page.locator(".cmp .sort").filter(has=page.get_by_text(row, exact=True))
    button.click()
    assert heads(page) == up
    button.click()
    assert heads(page) == (up[::-1] if row != "bad" else up)
    button.click()
    assert heads(page) == ["v1", "v2", "v4"]


def test_the_baseline_is_the_champion_until_another_is_chosen(tab: Tab, address: str) -> None:
    """Differences are told against it; the best value is marked whatever it is."""
    page = opened(tab, address, "1", "3")
    assert table(page)["rmse"] == ["8.5000 +2.0000 worse", "6.5000 best"]
    page.get_by_label("Baseline").first.select_option("0")
    assert table(page)["rmse"] == ["8.5000", "6.5000 best −2.0000 better"]
    assert state(page)["base"] == ["1"]


def test_the_mark_of_the_best_value_is_seen_in_the_first_column(tab: Tab, address: str) -> None:
    """The names of the rows, which stay where they are, do not cover it."""
    page = opened(tab, address, "4", "1", base="4")
    assert table(page)["rmse"][0] == "5.5000 best"
    before_cell = page.locator(".cmp .best").first.evaluate("""one => {
        const text = document.createRange();
        text.selectNodeContents(one);
        const mark = text.getBoundingClientRect().left + parseFloat(getComputedStyle(one, "::before").marginLeft);
        return one.closest("td").getBoundingClientRect().left - mark;
    }""")
    assert before_cell <= 0


def test_numbers_and_differences_have_the_digits_of_all_other_pages(tab: Tab, address: str) -> None:
    """Python's text of each, ties too; and the table of the model's page has the same."""
    page = opened(tab, address, "1", "2", "3", model="numbers", only="0", base="2")
    for key, values in enumerate(NUMBERS):
        digits = plain.digits_of(values)
        line = page.locator(".cmp tbody tr").filter(has=page.get_by_text(f"m{key:02}", exact=True))
        assert line.locator("data").all_text_contents() == [plain.number(value, digits) for value in values]
        changes = [value - values[1] for value in values if value - values[1]]  # NaN is among them
        told = [plain.with_sign(one, digits) for one in changes if one == one]
        assert line.locator(".d.by").all_text_contents() == told
    texts = {name: {cell.split(" ")[0] for cell in line} for name, line in table(page).items()}
    tab.open(f"{address}models/numbers/index.html")
    other = page.locator("#versions-table tbody data").all_text_contents()
    assert other
    assert set(other) <= set.union(*texts.values())


def test_versions_are_picked_by_check_boxes(tab: Tab, address: str) -> None:
    """On the model's page, in the catalog, and on the page itself."""
    page = tab.open(f"{address}models/steps/index.html")
    select(page, "v2", "v4")
    page.get_by_role("link", name="Compare 2 versions").click()
    page.locator("#side").wait_for()
    assert heads(page) == ["v2", "v4"]
    page.locator(".choose summary").click()
    page.locator(".picks").get_by_label("v3").check()
    assert (heads(page), state(page)["v"]) == (["v2", "v3", "v4"], ["2", "3", "4"])
    tab.open(f"{address}index.html")
    select(page, "steps", "other", "kept")
    page.locator("#compare-selected").click()
    page.locator("#side").wait_for()
    assert sorted(heads(page)) == ["kept v2", "other v1.0", "steps v8"]


def test_a_version_without_its_run_is_compared(tab: Tab, address: str) -> None:
    """Values of the run are not logged."""
    page = opened(tab, address, "1", "2", model="kept")
    assert table(page)["rmse"] == ["1.5000", "not logged differs"]
    assert page.locator("#verdict tbody td").first.text_content() == "? unknown"


def test_equal_versions_do_not_differ(tab: Tab, address: str) -> None:
    """The names stand above."""
    page = opened(tab, address, "1", "2", model="same")
    assert "Nothing differs." in page.locator("#side").inner_text()
    assert page.locator(".say").text_content() == "v2 accepts every call of v1."


# --- charts of several models ----------------------------------------------------------------------------------


def test_models_chosen_in_the_catalog_are_drawn(tab: Tab, address: str) -> None:
    """The chart has the values of the table, and the address holds it."""
    page = tab.open(f"{address}index.html")
    select(page, "steps", "other")
    page.locator("#compare-selected").click()
    page.get_by_role("button", name="Change chart").click()
    choose(page, "Y", "metrics.rmse")
    values = page.locator(".cmp tr").filter(has=page.get_by_text("rmse", exact=True)).locator("data")
    shown = [float(text) for text in values.evaluate_all("all => all.map((one) => one.value)")]
    assert {row["label"]: row["y"] for row in rows(page)} == dict(zip(heads(page), shown, strict=True))
    assert {row["label"]: row["y"] for row in rows(page)} == {"steps v8": 1.5, "other v1.0": 3}
    choose(page, "X", "model")
    choose(page, "Colour", "params.kind")
    assert {(row["x"], row["color"]) for row in rows(page)} == {("steps", "a"), ("other", "not logged")}
    before = specification(page)
    page.reload()
    assert specification(page) == before


def test_histories_of_several_models_are_drawn(tab: Tab, address: str) -> None:
    """Each from its own model's file; a version without a history draws none."""
    page = across(tab, address, "long@2", "other@1.0", "long@1", chart="type=line&x=step&y=metrics.rmse")
    found = [(row["series"], row["x"], row["y"]) for row in rows(page)]
    assert found == [("long v2", step, 3 - step) for step in range(3)] + [
        ("long v1", step, 2 - step) for step in range(3)
    ]


def test_another_choice_of_models_is_drawn_anew(tab: Tab, address: str) -> None:
    """Where another link is opened in the same tab; what is not available there is said."""
    page = across(tab, address, "steps@1", "other@1.0", chart="type=bar&y=metrics.rmse")
    assert [row["y"] for row in rows(page)] == [8.5, 3]
    page.evaluate("location.hash = 'm=other%401.0&m=long%401&chart=' + encodeURIComponent('type=bar&y=metrics.auc')")
    until(page, lambda: heads(page) == ["other v1.0", "long v1"])
    assert [row["label"] for row in rows(page)] == ["other v1.0", "long v1"]
    assert "Not available: metrics.auc" in (page.locator("#studio [role=status]").text_content() or "")


def test_charts_that_cannot_be_loaded_are_told(tab: Tab, address: str) -> None:
    """The table is there all the same."""
    tab.page.route("**/*vega*.js*", lambda route: route.fulfill(status=404))
    page = opened(tab, address, "1", "2", chart="type=bar&y=metrics.rmse")
    page.locator("#studio").get_by_text("The charts cannot be loaded; load the page again.").wait_for()
    assert not page.get_by_role("button", name="Add a chart").is_visible()
    page.get_by_label("Baseline").first.select_option("1")
    assert heads(page) == ["v1", "v2"]


# --- the address -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_address_holds_the_comparison(tab: Tab, address: str, site: Path, scheme: str) -> None:
    """A reload, and another tab, show the same: table, verdicts, charts."""
    page = opened(tab, address if scheme == "http" else site.as_uri() + "/", "1", "2", "4", "7")
    page.get_by_label("Only differences").uncheck()
    page.get_by_label("Versions as rows").check()
    page.get_by_label("Baseline").first.select_option("2")
    page.locator(".cmp .sort").filter(has=page.get_by_text("lr", exact=True)).click()
    page.get_by_role("button", name="Change chart").click()
    settle(page)
    page.get_by_label("Type of chart").select_option("bar")
    before, link = (specification(page), page.locator("main").inner_text(), heads(page)), page.evaluate("location.href")
    page.reload()
    assert (specification(page), page.locator("main").inner_text(), heads(page)) == before
    tab.open(link)
    assert (specification(page), page.locator("main").inner_text(), heads(page)) == before


def test_another_link_in_the_same_tab_opens_its_comparison(tab: Tab, address: str) -> None:
    """Only the part behind the # changes; a place on the page changes nothing."""
    page = opened(tab, address, "1", "2")
    page.evaluate("location.hash = 'v=3&v=4&chart=' + encodeURIComponent('type=bar&y=metrics.rmse')")
    until(page, lambda: heads(page) == ["v3", "v4"])
    assert specification(page)["title"] == "rmse by version"
    page.evaluate("location.hash = 'main'")
    page.wait_for_function("() => location.hash.includes('v=3')")
    assert heads(page) == ["v3", "v4"]


def test_a_slow_answer_does_not_replace_a_newer_comparison(tab: Tab, address: str) -> None:
    """What is asked for last is shown."""
    page = across(tab, address, "other@1.0")
    held: list[Route] = []
    page.route("**/models/steps/data.js*", lambda route: held.append(route))
    go(page, "m=steps%401&m=other%401.0")
    until(page, lambda: held)
    go(page, "m=long%401&m=long%402")
    until(page, lambda: heads(page) == ["v1", "v2"])
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_function("() => window.sitegenModels.steps")
    page.wait_for_timeout(100)
    assert (heads(page), state(page)["m"]) == (["v1", "v2"], ["long@1", "long@2"])


@pytest.mark.parametrize(
    ("fragment", "gone", "shown"),
    [
        ("v=1&v=99", "99", ["v1"]),
        ("v=98&v=99", "98, 99", ["v3", "v8"]),
        ("v=1&v=2&base=77", "the baseline 77", ["v1", "v2"]),
        ("v=1&v=2&sort=metrics.gone&only=maybe&flip=", None, ["v1", "v2"]),
        ("v=1&v=2&chart=%E0%A4%A%%&v=1", None, ["v1", "v2"]),
        ("=&&&=", None, ["v3", "v8"]),
        ("v=", "a version without a name", ["v3", "v8"]),
    ],
)
def test_what_is_gone_is_told_and_the_rest_compared(
    tab: Tab, address: str, fragment: str, gone: str | None, shown: list[str]
) -> None:
    """A malformed address is no reason to show nothing."""
    page = tab.open(f"{address}models/steps/compare/index.html#{fragment}")
    page.locator("#side").wait_for()
    said = f"Not found: {gone}." if gone else ""
    assert page.locator("#compare-status").text_content() == said
    assert heads(page) == shown


@pytest.mark.parametrize(
    ("asked", "gone"),
    [
        ("gone@1", "gone"),
        ("constructor@1", "constructor"),
        ("__proto__@1", "__proto__"),
        ("../steps@1", "../steps"),
        ("steps", "steps "),
        ("steps@9", "steps 9"),
        ("@", "a model without a name"),
        ("%FF", "%FF"),
    ],
)
def test_models_that_are_gone_are_told_and_the_rest_compared(tab: Tab, address: str, asked: str, gone: str) -> None:
    """Names of JavaScript's own, and ways out of the folder, are no models."""
    page = across(tab, address, "steps@1", asked, "other@1.0")
    assert page.locator("#compare-status").text_content() == f"Not found: {gone}."
    assert heads(page) == ["steps v1", "other v1.0"]


def test_the_page_for_several_models_says_how_to_choose(tab: Tab, address: str) -> None:
    """Where no model is named."""
    page = across(tab, address)
    advice = page.locator("#compare > .lede")
    assert advice.text_content() == "Select models in the catalog, then follow the link to compare them."
    assert page.locator("h1").text_content() == "Compare models"
    advice.get_by_role("link", name="the catalog").click()
    assert page.locator("#versions-table, .catalog").count()


def test_the_heading_names_what_is_compared(tab: Tab, address: str) -> None:
    """Versions of one model, or of several."""
    assert opened(tab, address, "1", "2", "5").locator("h1").text_content() == "v1, v2 and v5 compared"
    assert opened(tab, address, "2").locator("h1").text_content() == "Compare versions of steps"
    assert (
        across(tab, address, "steps@1", "other@1.0").locator("h1").text_content() == "steps v1 and other v1.0 compared"
    )


def test_texts_that_do_not_change_are_named(tab: Tab, address: str) -> None:
    """Of those that the versions have."""
    page = opened(tab, address, "1", "2", model="same")
    assert page.locator("#texts").get_by_text("Unchanged: MLmodel.", exact=True).count() == 1
    assert page.locator("#texts summary").count() == 0


# --- much, and by keyboard -------------------------------------------------------------------------------------


WIDE = tuple(str(number) for number in range(1, 51))


def wide(tab: Tab, address: str, **state: str) -> Page:
    """Fifty versions of two hundred metrics; all of the table is there."""
    page = opened(tab, address, *WIDE, model="wide", only="0", **state)
    whole(page)
    return page


def whole(page: Page) -> None:
    """Wait until the table has no part left to make."""
    page.locator(".wrap:has(> .cmp):not([aria-busy])").wait_for()


def test_fifty_versions_of_two_hundred_metrics_are_shown(tab: Tab, address: str) -> None:
    """Each value at its place; `tests.campaigns.bench.compare` measures what changes of such a table take."""
    page = wide(tab, address)
    values = page.locator(".cmp tbody tr").filter(has=page.get_by_text("m199", exact=True)).locator("data")
    assert values.evaluate_all("all => all.map((one) => Number(one.value))") == [n * 199 % 17 for n in range(1, 51)]
    assert page.locator(".cmp td").count() > 10_000


@pytest.mark.parametrize("flip", ["", "1"])
def test_a_change_shows_what_is_in_view_at_once_and_all_of_it_in_the_end(tab: Tab, address: str, flip: str) -> None:
    """The same table as one that is made in one go; what stood in view stays there."""
    page = wide(tab, address, flip=flip)
    place = page.locator(".cmp .sort").filter(has=page.get_by_text("m150", exact=True))
    place.scroll_into_view_if_needed()
    at = """() => { const place = document.querySelector("[data-name='sort metrics.m150']").getBoundingClientRect();
        return [place.left, place.top].map(Math.round) }"""
    before = page.evaluate(at)
    made = """() => { document.querySelector("[data-name='sort metrics.m150']").click();
        const place = document.querySelector("[data-name='sort metrics.m150']").getBoundingClientRect();
        const below = document.elementFromPoint(place.left + 4, place.bottom + (FLIP ? 40 : -4)).closest("td, th");
        return [below.textContent, document.querySelectorAll(".cmp td").length] }"""
    shown, count = page.evaluate(made.replace("FLIP", "true" if flip else "false"))
    assert shown.startswith("0" if flip else "m150 ↑")
    assert 0 < count < 5000
    whole(page)
    assert page.locator(".cmp td").count() > 10_000
    assert page.evaluate(at) == pytest.approx(before, abs=2)
    grown = cells(page.locator(".cmp tr"))
    page.reload()
    page.locator("#side").wait_for()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert cells(page.locator(".cmp tr")) == grown


def test_columns_are_as_wide_as_what_they_hold(tab: Tab, address: str) -> None:
    """No cell of a table with many columns runs into the next."""
    for flip in ("", "1"):
        page = wide(tab, address, flip=flip)
        over = page.locator(".cmp :is(td, th)").evaluate_all(
            "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length"
        )
        assert over == 0


def test_the_keyboard_alone_compares(tab: Tab, address: str) -> None:
    """The focus stays where it was though all is made anew."""
    page = opened(tab, address, "1", "2")
    page.get_by_label("Only differences").focus()
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.dataset.name") == "only"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.dataset.name") == "flip"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert (page.evaluate("document.activeElement.dataset.name"), state(page)["base"]) == ("base", ["2"])
    while not str(page.evaluate("document.activeElement.dataset.name")).startswith("sort "):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert state(page)["sort"] == [str(page.evaluate("document.activeElement.dataset.name")).removeprefix("sort ")]


def test_without_scripts_the_newest_is_compared_with_its_references(browser: Browser, address: str) -> None:
    """With the baseline and the version before, as tables; the model's page has all versions."""
    tab = Tab(browser, java_script_enabled=False)
    page: Any = tab.page
    page.goto(f"{address}models/steps/compare/index.html")
    assert page.get_by_role("heading", level=2).all_text_contents()[:2] == ["Against @champion v3", "Against v7"]
    table = page.get_by_role("group", name="Other differences from @champion v3")
    values = [[cell.strip() for cell in row] for row in cells(table.locator("tbody tr"))]
    assert ["metrics rmse", "6.5", "1.5"] in values
    assert ["params lr", "7", "2"] in values
    page.get_by_role("link", name="The model's page").click()
    assert page.locator("#versions-table .v-breaking").count() >= 1
    tab.close()


# --- datasets --------------------------------------------------------------------------------------------------


def test_only_values_of_one_dataset_are_compared(tab: Tab, address: str, site: Path) -> None:
    """Each dataset has a row; a value of another dataset has no difference, and none of several datasets is best."""
    (folder,) = (site / "models").glob("nets-checkpoint-*")
    versions = [f"m-{str(number) * 32}" for number in (1, 2, 3)]
    shown = table(opened(tab, address, *versions, model=folder.name, base=versions[1]))
    assert shown["acc"] == ["0.5000 −0.4000 worse", "0.9000", "0.6500 other dataset"]
    assert shown["acc on val (1234)"] == ["0.5000 −0.4000 worse", "0.9000 best", "0.7000 −0.2000 worse"]
    assert shown["acc on test set (99)"] == ["not logged", "not logged", "0.6500 differs"]
