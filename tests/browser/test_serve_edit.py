"""Editing in the preview's pages: the form, and what follows from it."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.process.test_serve_edit import editing
from tests.support import previews, sites
from tests.support.browsers import Tab, shown, until
from tests.support.previews import built, waited
from tests.support.registries import SIGNED, write


def test_tags_aliases_and_the_description_from_the_page(browser: Browser, tmp_path: Path) -> None:
    """Add, change, remove, in the browser; the page follows."""
    with (
        editing(tmp_path) as server,
        shown(browser, f"{server.url}models/wine/1/") as page,
    ):
        edit = page.get_by_role("button", name="Edit", exact=True)
        edit.click()
        page.get_by_label("Value").fill("blue")
        page.get_by_role("button", name="Add a tag").click()
        page.get_by_label("Tag", exact=True).last.fill("land")
        page.get_by_label("Value").last.fill("Pfalz")
        page.get_by_role("button", name="Add an alias").click()
        page.get_by_label("Alias", exact=True).fill("v1")
        page.get_by_label("Description").fill("Dry, mostly.")
        page.get_by_role("button", name="Save to the files").click()
        until(page, lambda: "'v1' is no alias" in page.locator("#sitegen-edit [role=alert]").inner_text())
        page.get_by_label("Alias", exact=True).fill("champion")
        page.get_by_role("button", name="Save to the files").click()
        until(page, lambda: page.locator(".lede").inner_text() == "Dry, mostly.")
        until(page, lambda: "Pfalz" in page.locator("#tags").inner_text())
        until(page, lambda: "champion" in page.locator(".facts").first.inner_text())
        assert (
            sites.contents(tmp_path / "registry")["wine/1/tags.json"] == b'{\n  "team": "blue",\n  "land": "Pfalz"\n}\n'
        )
        assert (tmp_path / "registry/wine/model.yaml").read_text() == "aliases:\n  champion: '1'\n"
        until(page, lambda: server.shows("/models/wine/1/", b"champion"))  # a build in between may have loaded the page
        page.reload()
        edit.click()
        page.get_by_role("button", name="Remove team").click()
        page.get_by_role("button", name="Save to the files").click()
        until(page, lambda: page.locator("#tags").count() and "team" not in page.locator("#tags").inner_text())
        assert (tmp_path / "registry/wine/1/tags.json").read_text() == '{\n  "land": "Pfalz"\n}\n'


def test_removing_a_row_leaves_the_keyboard_beside_it(browser: Browser, tmp_path: Path) -> None:
    """At the next one, at the one before the last, and at the button for another one after the only one."""
    with (
        editing(tmp_path, '{"a": "1", "b": "2", "c": "3"}') as server,
        shown(browser, f"{server.url}models/wine/1/") as page,
    ):
        page.get_by_role("button", name="Edit", exact=True).click()
        page.get_by_role("button", name="Remove b").focus()
        for then in ("Remove c", "Remove a", "Add a tag"):
            page.keyboard.press("Enter")
            focused = page.locator("#sitegen-edit :focus")
            assert (focused.get_attribute("aria-label") or focused.inner_text()) == then
        page.keyboard.press("Enter")
        assert page.locator("#sitegen-edit :focus").get_attribute("aria-label") == "Tag"


def test_files_that_cannot_be_read_are_a_reason_in_the_form(browser: Browser, tmp_path: Path) -> None:
    """And nothing can be saved there, until they can."""
    with editing(tmp_path) as server:
        tags = tmp_path / "registry/wine/1/tags.json"
        tags.rename(tmp_path / "elsewhere.json")
        tags.symlink_to(tmp_path / "elsewhere.json")
        waited(lambda: server.shows("/models/wine/1/", b'Tags</a></h2></header>\n<p class="soft">Not logged</p>'))
        with shown(browser, f"{server.url}models/wine/1/") as page:
            edit = page.get_by_role("button", name="Edit", exact=True)
            edit.click()
            assert "tags.json is a link" in page.locator("#sitegen-edit [role=alert]").inner_text()
            assert page.get_by_role("button", name="Save to the files").is_disabled()
            page.get_by_role("button", name="Cancel").click()
            tags.unlink()
            edit.click()
            assert page.get_by_role("button", name="Save to the files").is_enabled()


def test_without_the_flag_there_is_no_form(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path / "registry", {"wine/1/MLmodel": SIGNED})
    with (
        previews.preview(tmp_path / "registry", cwd=tmp_path) as server,
    ):
        built(server)
        with shown(browser, f"{server.url}models/wine/1/") as page:
            assert page.evaluate("sitegenLive.edit") is False
            assert not page.locator("script[src$='edit.js'], #sitegen-edit").count()  # nor will there be one


def test_the_console_stays_empty_on_pages_that_cannot_be_edited(browser: Browser, tmp_path: Path) -> None:
    """A browser writes every answer that is no success to it."""
    with editing(tmp_path) as server:
        tags = tmp_path / "registry/wine/2/tags.json"
        tags.symlink_to(tmp_path / "elsewhere.json")
        tab = Tab(browser)
        for page in ("models/loose/", "models/wine/", "models/wine/1/", "models/wine/2/"):
            with tab.page.expect_response("**/~sitegen/edit?**"):
                tab.open(f"{server.url}{page}")
            assert tab.complaints() == []
        for page in ("", "problems/", "compare/"):
            with tab.page.expect_request("**/~sitegen/events?**"):
                tab.open(f"{server.url}{page}")
            assert tab.complaints() == []
        tab.context.close()
