"""What the preview tells a page that was loaded some builds ago: the files that have changed since."""

import asyncio
import json

import pytest

from sitegen.serve.http.messages import Request
from sitegen.serve.http.server import PreviewServer
from sitegen.serve.live_state import MAX_BUILDS, MAX_CHANGED_FILES, LiveState, PublishedSite

BUILDS = (
    PublishedSite("one", {"index.html": "a", "wine.html": "a", "beer.html": "a"}),
    PublishedSite("two", {"index.html": "b", "wine.html": "a", "beer.html": "a"}),
    PublishedSite("two", {"index.html": "b", "wine.html": "a", "beer.html": "a"}, problem="a template is wrong"),
    PublishedSite("three", {"index.html": "b", "wine.html": "b", "cider.html": "a"}),
)
"""A page changes, then nothing while the site cannot be built, then one changes, one goes and one comes."""

SINCE = {
    "one": ["beer.html", "cider.html", "index.html", "wine.html"],
    "two": ["beer.html", "cider.html", "wine.html"],
    "three": [],
    "of another server": None,
    "": None,
}


@pytest.mark.parametrize(("build", "changed"), SINCE.items())
def test_what_changed_since_a_build_is_all_that_changed_after_it(build: str, changed: list[str] | None) -> None:
    """None is all that there is: nobody knows what a page shows that was loaded before."""
    board = LiveState()
    for shown in BUILDS:
        board.show(shown)
    assert board.since(build) == changed


def test_what_was_changed_back_counts_as_changed() -> None:
    """A page that was loaded between the two builds shows the other one."""
    board = LiveState()
    for build, digest in (("one", "a"), ("two", "b"), ("three", "a")):
        board.show(PublishedSite(build, {"index.html": digest}))
    assert [board.since(build) for build in ("one", "two", "three")] == [["index.html"], ["index.html"], []]


def test_the_oldest_builds_are_forgotten() -> None:
    """A preview that runs for weeks does not grow."""
    board = LiveState()
    for number in range(MAX_BUILDS + 2):
        board.show(PublishedSite(str(number), {"index.html": str(number)}))
    assert [board.since(build) for build in ("0", "1", str(MAX_BUILDS))] == [None, ["index.html"], ["index.html"]]


@pytest.mark.parametrize(("count", "named"), [(MAX_CHANGED_FILES, True), (MAX_CHANGED_FILES + 1, False)])
def test_very_many_changed_files_are_all(count: int, named: bool) -> None:
    """A message of that length would cost more than loading a page anew."""
    board = LiveState()
    board.show(PublishedSite("one", {str(number): "a" for number in range(count)}))
    board.show(PublishedSite("two", {}))
    assert (board.since("one") is not None) is named


@pytest.mark.parametrize(("digest", "changed"), [("a", []), ("b", None)])
def test_a_page_that_asks_before_anything_is_shown_is_judged_by_what_is_shown_first(
    digest: str, changed: list[str] | None
) -> None:
    """A page of the server before asks as soon as somebody listens; it is loaded anew only where it is another one."""

    async def first() -> str:
        """What it is told first."""
        board, gone = LiveState(), asyncio.get_running_loop().create_future()
        request = Request(method="GET", path="/~sitegen/events", query="since=one&path=index.html&page=a")
        events = PreviewServer(board, "nowhere", "127.0.0.1", None)._events(request, gone)
        assert (await anext(events)).startswith("retry")
        asyncio.get_running_loop().call_later(0.05, board.show, PublishedSite("one", {"index.html": digest}))
        return await anext(events)

    told = asyncio.run(asyncio.wait_for(first(), 60)).partition("data: ")[2]
    assert json.loads(told) == {"changed": changed, "problem": None}
