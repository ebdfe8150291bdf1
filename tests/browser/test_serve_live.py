"""A page of the preview in a real browser: it follows what happens to the registry, and stays where the reader is."""

import json
import mmap
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route

from tests.support import previews
from tests.support.browsers import leave, shown, until
from tests.support.previews import Preview, built, free_port
from tests.support.registries import SIGNED, layout, mlmodel, write

METRICS = {f"metric_{number:02d}": 0.5 for number in range(60)}


def text(page: Page) -> str:
    """What the page says."""
    return page.inner_text("body")


def registry(folder: Path, versions: int = 2) -> Path:
    for number in range(1, versions + 1):
        write(folder, layout("wine", str(number), metrics_json=json.dumps(METRICS)))
    return folder


def set_metric(folder: Path, name: str, value: float) -> None:
    """Change a metric."""
    target = folder / "metrics.json"
    save(target, json.dumps(json.loads(target.read_text()) | {name: value}))


def save(target: Path, content: str) -> None:
    """Write a file as editors do, a new one in the place of the old one: nobody ever sees half of it.

    Until then it lies where no registry is read: a build in between would tell of one more file.
    """
    aside = target.parent / ".git"
    aside.mkdir(exist_ok=True)
    (aside / target.name).write_text(content)
    os.replace(aside / target.name, target)


def loads(page: Page) -> str:
    """What is another after each load of the page."""
    found: str = page.evaluate("String(performance.timeOrigin)")
    return found


@contextmanager
def serving(folder: Path, *flags: str, port: int = 0) -> Iterator[Preview]:
    """A preview of `folder/registry`, with the settings in `folder`."""
    with previews.preview(folder / "registry", *flags, cwd=folder, port=port) as server:
        yield server


def test_a_page_opened_at_once_becomes_the_site_when_it_is_built(browser: Browser, tmp_path: Path) -> None:
    for number in range(200):
        write(tmp_path / "registry", layout(f"model-{number}", "1"))
    with serving(tmp_path) as server, shown(browser, server.url) as page:
        until(page, lambda: "200 models" in text(page))


def test_an_edit_shows_and_the_reader_stays_where_they_are(browser: Browser, tmp_path: Path) -> None:
    registry(tmp_path / "registry")
    with serving(tmp_path) as server:
        built(server)
        with (
            shown(browser, f"{server.url}models/wine/2/#metrics") as page,
            shown(browser, f"{server.url}models/wine/1/") as other,
            shown(browser, f"{server.url}about/") as about,
        ):
            page.evaluate("scrollBy(0, 700)")
            before = page.evaluate("scrollY")
            assert before > 800
            untouched = loads(other), loads(about)
            set_metric(tmp_path / "registry/wine/2", "metric_30", 0.625)
            until(page, lambda: page.locator("data[value='0.625']").count() == 1)
            until(page, lambda: page.evaluate("[location.hash, scrollY]") == ["#metrics", before])
            assert (loads(other), loads(about)) == untouched


def test_what_is_new_of_a_page_without_scripts_takes_its_place(browser: Browser, tmp_path: Path) -> None:
    """Nothing is loaded again, the rest stays as the reader has it; a change of what is around the parts loads all."""
    root = registry(tmp_path / "registry")
    with serving(tmp_path) as server:
        built(server)
        with shown(browser, f"{server.url}models/wine/2/") as page:
            first = loads(page)
            page.evaluate("document.querySelector('#flavors').dataset.mark = 'kept'")
            for value in ("0.625", "0.75"):
                set_metric(root / "wine/2", "metric_30", float(value))
                until(page, lambda value=value: page.locator(f"#metrics data[value='{value}']").count() == 1)
            assert page.locator("#flavors[data-mark=kept]").count() == 1
            assert loads(page) == first
            write(root, {"wine/2/README.md": "A card, and a link to it."})
            until(page, lambda: page.locator(".toc a[href='#card']").count() == 1)
            assert loads(page) != first


def test_what_is_pasted_stays_until_the_signature_changes(browser: Browser, tmp_path: Path) -> None:
    """A new metric takes its place beside a checked payload; by a new signature, the payload would be judged anew."""
    root = registry(tmp_path / "registry")
    with serving(tmp_path) as server:
        built(server)
        with shown(browser, f"{server.url}models/wine/2/") as page:
            first = loads(page)
            page.locator("#payload").fill("{}")
            until(page, lambda: "refused" in page.locator("[data-use-verdict]").inner_text())
            set_metric(root / "wine/2", "metric_30", 0.625)
            until(page, lambda: page.locator("#metrics data[value='0.625']").count() == 1)
            assert (page.locator("#payload").input_value(), loads(page)) == ("{}", first)
            assert "refused" in page.locator("[data-use-verdict]").inner_text()
            save(root / "wine/2/MLmodel", mlmodel([{"name": "new", "type": "double"}]))
            until(page, lambda: "new" in (page.locator("[data-use]").get_attribute("data-signature") or ""))
            assert loads(page) != first


def test_of_two_answers_the_later_question_counts(browser: Browser, tmp_path: Path) -> None:
    """Whichever comes last: a page does not go back to what it was."""
    root, held = registry(tmp_path / "registry"), list[tuple[Route, APIResponse]]()
    with serving(tmp_path) as server:
        built(server)
        with shown(browser, f"{server.url}models/wine/2/") as page:

            def hold(route: Route) -> None:
                """Ask at once, and keep the answer."""
                held.append((route, route.fetch()))

            page.route("**/models/wine/2/", hold, times=1)
            set_metric(root / "wine/2", "metric_30", 0.625)
            until(page, lambda: held and b"0.625" in held[0][1].body())
            set_metric(root / "wine/2", "metric_30", 0.75)
            until(page, lambda: page.locator("data[value='0.75']").count() == 1)
            held[0][0].fulfill(response=held[0][1])
            page.wait_for_timeout(300)
            assert page.locator("data[value='0.75']").count() == 1


@pytest.mark.parametrize("late", ["the form", "what is new"])
def test_a_form_that_is_opened_while_news_come_stays(browser: Browser, tmp_path: Path, late: str) -> None:
    """From the click on, and though the page has already asked for what is new of it."""
    root, held = registry(tmp_path / "registry"), list[Route]()
    with serving(tmp_path, "--edit") as server:
        built(server)
        with (
            shown(browser, f"{server.url}models/wine/1/") as page,
            shown(browser, f"{server.url}models/wine/1/") as other,
        ):
            edit, form = page.get_by_role("button", name="Edit", exact=True), page.get_by_label("Description")
            edit.wait_for()
            before = loads(page)
            page.route(
                "**/~sitegen/edit?*" if late == "the form" else "**/models/wine/1/",
                lambda route: held.append(route),
                times=1,
            )
            if late == "the form":
                edit.click()
                until(page, lambda: held)
            set_metric(root / "wine/1", "metric_30", 0.625)
            until(other, lambda: other.locator("data[value='0.625']").count() == 1)
            until(page, lambda: held)
            if late == "what is new":
                edit.click()
                form.wait_for()
            held[0].continue_()
            form.fill("half a sen")
            page.wait_for_timeout(300)
            assert (loads(page), form.input_value()) == (before, "half a sen")
            assert page.locator("data[value='0.625']").count() == 0
            page.get_by_role("button", name="Cancel").click()
            until(page, lambda: page.locator("data[value='0.625']").count() == 1)


def test_data_that_a_page_loads_is_part_of_it(browser: Browser, tmp_path: Path) -> None:
    """The comparison's own file stays as it is; its numbers lie in a script."""
    registry(tmp_path / "registry")
    with serving(tmp_path) as server:
        built(server)
        with shown(browser, f"{server.url}models/wine/compare/#v=1&v=2") as page:
            until(page, lambda: "v2 accepts every call" in text(page))
            set_metric(tmp_path / "registry/wine/2", "metric_30", 0.625)
            until(page, lambda: "0.625" in text(page) and page.evaluate("location.hash").startswith("#v=1&v=2"))


def test_versions_come_move_and_go(browser: Browser, tmp_path: Path) -> None:
    root = registry(tmp_path / "registry")
    with serving(tmp_path) as server:
        built(server)
        with (
            shown(browser, f"{server.url}models/wine/") as page,
            shown(browser, f"{server.url}models/wine/3/") as third,
        ):
            assert "There is no such page" in text(third)
            write(root, layout("wine", "3", metrics_json=json.dumps(METRICS)))
            until(page, lambda: page.locator("a[href='3/index.html']").count())
            until(third, lambda: "metric_30" in text(third))
            set_metric(root / "wine/3", "metric_30", 0.625)  # in a folder that was not there at the start
            until(third, lambda: third.locator("data[value='0.625']").count() == 1)
            os.rename(root / "wine/3", root / "wine/7")
            until(page, lambda: page.locator("a[href='7/index.html']").count())
            until(third, lambda: "There is no such page" in text(third))
            shutil.rmtree(root / "wine/7")
            until(page, lambda: not page.locator("a[href='7/index.html']").count())


def test_a_burst_of_changes_ends_in_the_last_state(browser: Browser, tmp_path: Path) -> None:
    root = registry(tmp_path / "registry", versions=30)
    with serving(tmp_path) as server:
        built(server)
        with shown(browser, f"{server.url}models/wine/30/") as page:
            for value in range(20):
                for number in range(1, 31):
                    set_metric(root / f"wine/{number}", "metric_30", value / 32)
            until(page, lambda: page.locator("data[value='0.59375']").count() == 1)
            for number in range(1, 31):  # an earlier build's news may load a page while the last one is published
                path = f"/models/wine/{number}/"
                until(page, lambda path=path: b'value="0.59375"' in server.ask(path).body)


def test_a_change_that_no_event_tells_of_shows_too(browser: Browser, tmp_path: Path) -> None:
    """The kernel does not report writes to mapped memory."""
    root = registry(tmp_path / "registry")
    with serving(tmp_path) as server:
        built(server)
        with (
            shown(browser, f"{server.url}models/wine/1/") as page,
            (root / "wine/1/metrics.json").open("r+b") as file,
            mmap.mmap(file.fileno(), 0) as memory,
        ):
            at = memory.find(b'"metric_30": 0.5') + len(b'"metric_30": ')
            memory[at : at + 3] = b"0.7"
            memory.flush()
            until(page, lambda: page.locator("data[value='0.7']").count() == 1)


def test_a_page_in_which_somebody_writes_is_not_loaded_anew(browser: Browser, tmp_path: Path) -> None:
    """Until they have done: what they wrote would be lost."""
    root = registry(tmp_path / "registry")
    with serving(tmp_path, "--edit") as server:
        built(server)
        with (
            shown(browser, f"{server.url}models/wine/1/") as page,
            shown(browser, f"{server.url}models/wine/1/") as other,
        ):
            page.get_by_role("button", name="Edit", exact=True).click()
            page.get_by_label("Description").fill("half a sen")
            before = loads(page)
            set_metric(root / "wine/1", "metric_30", 0.625)
            until(other, lambda: other.locator("data[value='0.625']").count() == 1)
            page.wait_for_timeout(500)  # both were told at once
            assert (loads(page), page.get_by_label("Description").input_value()) == (before, "half a sen")
            page.get_by_role("button", name="Cancel").click()
            until(page, lambda: page.locator("data[value='0.625']").count() == 1)


def test_a_registry_that_goes_and_comes_back(browser: Browser, tmp_path: Path) -> None:
    root = registry(tmp_path / "registry")
    with serving(tmp_path) as server:
        built(server)
        with shown(browser, f"{server.url}models/wine/1/") as page:
            os.rename(root, tmp_path / "aside")
            until(page, lambda: page.locator("#sitegen-problem").count())
            assert "registry does not exist" in page.locator("#sitegen-problem pre").inner_text()
            assert "metric_30" in text(page)
            os.rename(tmp_path / "aside", root)
            until(page, lambda: not page.locator("#sitegen-problem").count())
            set_metric(root / "wine/1", "metric_30", 0.625)
            until(page, lambda: page.locator("data[value='0.625']").count() == 1)


def test_what_is_wrong_lies_over_the_last_good_page(browser: Browser, tmp_path: Path) -> None:
    """A template, then the settings: each with its place, and gone as soon as it is mended."""
    registry(tmp_path / "registry")
    settings, templates = tmp_path / "sitegen.toml", tmp_path / "ours"
    write(tmp_path, {"sitegen.toml": "[site]\ntemplates = 'ours'\n", "ours/none": ""})
    with serving(tmp_path) as server:
        built(server)
        with shown(browser, f"{server.url}models/wine/1/") as page:
            problem = page.locator("#sitegen-problem pre")
            good = '{% extends "sitegen/version.html" %}\n{% block metrics %}<h2>Our numbers</h2>{% endblock %}\n'
            save(templates / "version.html", good)
            until(page, lambda: "Our numbers" in text(page))
            save(templates / "version.html", '{% extends "sitegen/version.html" %}\n\n{% block metrics %}{{\n')
            until(page, lambda: problem.count() and "ours/version.html:" in problem.inner_text())
            assert "Our numbers" in text(page)
            save(templates / "version.html", good.replace("Our numbers", "{{ page.nothing }}"))
            until(page, lambda: problem.count() and "ours/version.html:2: " in problem.inner_text())
            save(templates / "version.html", good.replace("Our", "More"))
            until(page, lambda: "More numbers" in text(page) and not problem.count())
            save(settings, "[site]\ntemplates = 'ours'\ntitle =\n")
            until(page, lambda: problem.count() and "sitegen.toml: Invalid value (at line 3" in problem.inner_text())
            assert "More numbers" in text(page)
            page.get_by_role("button", name="Hide").click()
            assert not problem.count()
            save(settings, "[site]\ntemplates = 'ours'\ntitle = 'Wines'\n")
            until(page, lambda: "Wines" in text(page))


def test_a_page_finds_a_server_that_was_started_again(browser: Browser, tmp_path: Path) -> None:
    root, port = registry(tmp_path / "registry"), free_port()
    with serving(tmp_path, port=port) as server:
        assert server.port == port
        built(server)
        page = browser.new_page()
        page.goto(f"{server.url}models/wine/1/")
        server.end()
    before = loads(page)
    listening: list[str] = []
    page.on("response", lambda answer: listening.append(answer.url) if "/~sitegen/events" in answer.url else None)
    with serving(tmp_path, port=port) as server:
        assert server.port == port
        until(page, lambda: listening)
        page.wait_for_timeout(500)
        assert loads(page) == before  # nothing has changed
        set_metric(root / "wine/1", "metric_30", 0.625)
        until(page, lambda: page.locator("data[value='0.625']").count() == 1)
        server.end()
    set_metric(root / "wine/1", "metric_30", 0.25)  # while nobody serves
    with serving(tmp_path, port=port) as server:
        assert server.port == port
        until(page, lambda: page.locator("data[value='0.25']").count() == 1)
    leave(page)


def test_a_model_that_needs_no_layout(browser: Browser, tmp_path: Path) -> None:
    """The only model is the registry's root itself."""
    write(tmp_path / "registry", {"MLmodel": SIGNED, "metrics.json": '{"rmse": 1.5}'})
    with serving(tmp_path) as server, shown(browser, server.url) as page:
        until(page, lambda: "1.5" in text(page))
        set_metric(tmp_path / "registry", "rmse", 2.5)
        until(page, lambda: "2.5" in text(page))
