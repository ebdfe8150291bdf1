"""Twelve everyday tasks, each in at most two clicks from the catalog, in a folder and on a host, without a network."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.support import sites
from tests.support.browsers import Tab, served
from tests.support.registries import COLUMNS, ONE, Files, layout, mlmodel, write

COUNT_CLICKS = """addEventListener("pointerdown", (event) => { if (event.isTrusted) window.noteClick(); }, true);"""

RUN = "5e" * 16
WIDER = [*COLUMNS, {"type": "string", "name": "city", "required": True}]
SCORES = {1: 14.0, 2: 13.5, 3: 12.0, 5: 11.5}
CURVE = "".join(f"{1790000000000 + step} {20 - step / 10} {step}\n" for step in range(60))


def prices() -> Files:
    """Five versions, of which callers use the third, without an example; and a model whose signature nobody logged."""
    files: Files = {"prices/model.yaml": json.dumps({"aliases": {"champion": "3", "challenger": "5"}})}
    for number in range(1, 6):
        inputs = WIDER if number == 2 else COLUMNS
        run = {1: RUN, 2: RUN}.get(number, f"{number}" * 32)
        files |= layout("prices", str(number), MLmodel=mlmodel(inputs, ONE, run_id=run))
        if number in SCORES:
            files[f"prices/{number}/metrics.json"] = json.dumps({"rmse": SCORES[number]})
        row = [1.5, 40, "Ulm"][: len(inputs)]
        example = {"columns": [one["name"] for one in inputs], "data": [row]}
        if number != 3:
            files[f"prices/{number}/input_example.json"] = json.dumps(example)
        files[f"prices/{number}/requirements.txt"] = f"mlflow==3.1.0\nscikit-learn==1.{number}.0\n"
        files[f"prices/{number}/plots/errors-{number}.json"] = "{}"
    files["prices/4/metrics/rmse"] = CURVE
    return files | layout("notes", "1", MLmodel=mlmodel())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tasks")
    return sites.built(write(folder / "registry", prices()), folder / "host/docs")


@pytest.fixture(scope="module", params=["file", "http"])
def start(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """The address of the catalog: a file, or a path on a host."""
    if request.param == "file":
        yield (site / "index.html").as_uri()
    else:
        with served(site.parent) as address:
            yield address + "docs/index.html"


def search(page: Page, text: str) -> None:
    """Type into the catalog's search, without a click."""
    page.keyboard.press("/")
    page.keyboard.type(text)


def row_of(page: Page, name: str) -> Locator:
    """The row of a version in the table of a model's page, or of a model in the catalog."""
    return page.locator("tbody tr").filter(has=page.get_by_role("rowheader").get_by_role("link", name=name, exact=True))


def open_version(page: Page, version: str) -> None:
    """Go to a version of the model, by its page."""
    page.get_by_role("link", name="prices", exact=True).click()
    row_of(page, version).get_by_role("link", name=version, exact=True).click()
    expect(page.locator("h1")).to_have_text(f"prices {version}")


def models_that_take_age(page: Page) -> None:
    search(page, "age")
    expect(row_of(page, "prices")).to_contain_text("input age: long")
    expect(row_of(page, "notes")).to_have_count(0)


def is_v5_better_than_the_champion(page: Page) -> None:
    page.get_by_role("link", name="prices", exact=True).click()
    expect(row_of(page, "v5")).to_contain_text("vs @champion v3")
    expect(row_of(page, "v5")).to_contain_text("−0.500 better")


def what_to_send_v3_over_rest(page: Page) -> None:
    open_version(page, "v3")
    body = page.get_by_role("group", name="Body of the request")
    expect(body).to_be_visible()
    assert json.loads(body.inner_text()) == {"dataframe_split": {"columns": ["bmi", "age"], "data": [[1.0, 1]]}}


def does_v3_break_me(page: Page) -> None:
    page.get_by_role("link", name="prices", exact=True).click()
    expect(row_of(page, "v3")).to_contain_text("✕ breaking REST: removed city")
    expect(row_of(page, "v3")).to_contain_text("vs v2")


def files_of_v2(page: Page) -> None:
    open_version(page, "v2")
    for name in ("MLmodel", "requirements.txt", "plots/errors-2.json"):
        expect(page.locator("#files").get_by_text(name, exact=True)).to_be_visible()


def where_to_load_it_from(page: Page) -> None:
    open_version(page, "v3")
    expect(page.locator("#use")).to_contain_text("Load from folder prices/3")


def which_environment(page: Page) -> None:
    open_version(page, "v3")
    packages = page.locator("#environment")
    expect(packages.get_by_role("row", name="scikit-learn 1.3.0")).to_be_visible()
    expect(packages.get_by_role("row", name="python 3.11.9")).to_be_visible()


def link_the_exact_metric(page: Page) -> None:
    row_of(page, "prices").get_by_role("link", name="v5", exact=True).click()
    page.locator("#metrics").get_by_role("link", name="rmse", exact=True).click()
    expect(page.locator(":target")).to_contain_text("rmse")
    expect(page.locator(":target")).to_contain_text("11.5")


def versions_of_a_run(page: Page) -> None:
    search(page, RUN)
    expect(row_of(page, "prices")).to_contain_text("run 5e5e5e5e…: v1, v2")
    expect(row_of(page, "notes")).to_have_count(0)
    row_of(page, "prices").get_by_role("link", name="v2", exact=True).click()
    expect(page.locator("h1")).to_have_text("prices v2")


def what_changed_in_the_requirements(page: Page) -> None:
    row_of(page, "prices").get_by_role("link", name="compatible", exact=True).click()
    page.locator("summary").filter(has_text="requirements.txt: v3 → v5").click()
    expect(page.locator("#texts del")).to_contain_text("scikit-learn==1.3.0")
    expect(page.locator("#texts ins")).to_contain_text("scikit-learn==1.5.0")


def learning_curve_of_v4(page: Page) -> None:
    open_version(page, "v4")
    curve = page.locator("#metrics").get_by_role("row", name="rmse").locator("svg")
    expect(curve).to_be_visible()


def models_without_signature(page: Page) -> None:
    page.get_by_role("checkbox", name="no signature").click()
    expect(row_of(page, "notes")).to_be_visible()
    expect(row_of(page, "prices")).to_have_count(0)


TASKS: dict[str, tuple[Callable[[Page], None], int]] = {
    "models that take age": (models_that_take_age, 0),
    "is v5 better than the champion": (is_v5_better_than_the_champion, 1),
    "what to send v3 over REST": (what_to_send_v3_over_rest, 2),
    "does v3 break me": (does_v3_break_me, 1),
    "files of v2": (files_of_v2, 2),
    "where to load it from": (where_to_load_it_from, 2),
    "which environment": (which_environment, 2),
    "link the exact metric": (link_the_exact_metric, 2),
    "versions of a run": (versions_of_a_run, 1),
    "what changed in requirements.txt": (what_changed_in_the_requirements, 2),
    "learning curve of v4": (learning_curve_of_v4, 2),
    "models without signature": (models_without_signature, 1),
}
"""How to do each, and the clicks that it takes; keys are free."""


@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_two_clicks(browser: Browser, start: str, task: str) -> None:
    """Each click counts, wherever it goes; nothing is asked of another host."""
    tab, asked, clicks = Tab(browser, viewport={"width": 1440, "height": 900}), [], []
    host = start.removesuffix("docs/index.html") if start.startswith("http") else "file:"

    def deny(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    tab.page.route(lambda url: not url.startswith((host, "data:")), deny)
    tab.page.expose_binding("noteClick", lambda _: clicks.append(1))
    tab.page.add_init_script(COUNT_CLICKS)
    page = tab.open(start)
    page.wait_for_function("() => document.documentElement.dataset.catalog === 'ready'")
    do, count = TASKS[task]
    do(page)
    assert tab.complaints() == []
    assert (len(clicks), asked) == (count, [])
    assert count <= 2
    tab.close()
