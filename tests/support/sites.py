"""Built sites for tests: the command line, and what stands in the pages and files that it made."""

import hashlib
import io
import json
import os
import sys
import time
from collections.abc import Iterable
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sitegen.build.executor import start_processes
from sitegen.build.pipeline import build
from sitegen.build.request import BuildReport, BuildRequest, Workers
from sitegen.build.session import Session
from sitegen.build.state import State
from sitegen.cli.main import main
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.keep import MANIFEST
from sitegen.settings.settings import Settings
from sitegen.site.urls import is_site_path
from sitegen.sources.database.stamp_cache import StampCache
from sitegen.sources.discovery import open_registry
from sitegen.storage.lock import lock_output
from sitegen.storage.manifest import manifest_paths

SITEGEN = (sys.executable, "-c", "from sitegen.__main__ import program; program()")
"""The command line in a process of its own."""

READING = ("--config", str(Path(__file__).parent / "reading.toml"))
"""Options of `sitegen check` for tests about reading: what a registry lacks is no problem then."""

LATER = 60 * 10**9
"""Nanoseconds after which a file counts as old: its stamp is trusted."""


@dataclass(frozen=True)
class Outcome:
    """What a command said."""

    code: int
    out: str
    err: str


def sitegen(*arguments: str | Path) -> Outcome:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:  # argparse leaves like this
            code = int(left.code or 0)
    return Outcome(code, out.getvalue(), err.getvalue())


def built(registry: Path, site: Path, *flags: str) -> Path:
    """The site of a registry, built by the command line without a word of complaint."""
    done = sitegen("build", registry, "--output", site, *flags)
    *notes, _summary = done.err.splitlines()
    assert (done.code, done.out) == (0, ""), done.err
    assert all(note.startswith("sitegen: ") for note in notes), done.err
    written = manifest_paths((site / MANIFEST).read_bytes())
    unknown = [path for path in written if not is_site_path(path)]
    assert not unknown, "a build that is killed would leave these, and the next one would refuse them"
    return site


def warm(cache: Path) -> Path:
    """A cache of one's own. The scripts of charts, which take longer than the site of most tests, are the user's."""
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def update(
    registry: Path,
    site: Path,
    settings: Settings | None = None,
    after: int = LATER,
    jobs: int = 1,
    workers: Workers | None = None,
    session: Session | None = None,
    allow_empty: bool = False,
) -> BuildReport:
    """Bring a site up to date, `after` nanoseconds from now, and tell what was done.

    `session` is that of a preview.
    """
    cache = cache_folder(None)
    with lock_output(str(site)), State(cache, str(registry), str(site)) as state:
        started = time.time_ns() + after
        request = BuildRequest(
            discovery=open_registry(str(registry), stamps=StampCache(cache, started)),
            settings=settings or Settings(),
            root=str(site),
            cache=cache,
            state=state,
            started=started,
            workers=workers or (lambda _: start_processes(jobs) if jobs > 1 else nullcontext()),
            threads=jobs,
            allow_empty=allow_empty,
        )
        return build(request, session)


def contents(root: Path) -> dict[str, bytes]:
    """All files below a folder by path."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    """What changes whenever a file or folder is written, made anew or replaced."""
    return {
        str(path.relative_to(root)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in (root, *root.rglob("*"))
    }


def digest(files: dict[str, bytes]) -> str:
    """What tells one set of files from another."""
    return hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()


def catalog(site: Path) -> dict[str, Any]:
    """`api/catalog.json` with the models of all files that continue it."""
    found: dict[str, Any] = json.loads((site / "api/catalog.json").read_bytes())
    while found["next"]:
        following = json.loads((site / found["next"]).read_bytes())
        found |= {"models": found["models"] + following["models"], "next": following["next"]}
    return found


def api(site: Path) -> dict[str, Any]:
    """The API's models by slug, each with the versions of all files that continue it."""
    return {path.stem: _whole_model(site, path) for path in sorted((site / "api/models").glob("*.json"))}


def _whole_model(site: Path, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    while found["next"]:
        following = json.loads((site / found["next"]).read_bytes())
        found |= {"versions": found["versions"] + following["versions"], "next": following["next"]}
    return found


def pages(site: Path) -> dict[str, "Page"]:
    """All pages by path."""
    return {path.relative_to(site).as_posix(): page(path) for path in sorted(site.rglob("*.html"))}


def page(path: Path) -> "Page":
    """A page."""
    found = Page()
    found.feed(path.read_text(encoding="utf-8"))
    found.close()
    return found


VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


@dataclass
class Page(HTMLParser):
    """What a page holds: its elements with their attributes, its ids, and what is not well-formed."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    title: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    """The `value` of each data element, and the text that it shows."""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        facts = {name: value or "" for name, value in attributes}
        if len(facts) < len(attributes):
            self.mistakes.append(f"<{tag}> has an attribute twice")
        self.elements.append((tag, facts))
        self.ids += [facts["id"]] if "id" in facts else []
        if tag not in VOID:
            self._open.append(tag)
        if tag == "data":
            self.values.append((facts.get("value", ""), ""))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note an element of SVG that holds nothing."""
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Check that the element is the one that was opened last."""
        if not self._open or self._open.pop() != tag:
            self.mistakes.append(f"</{tag}> at line {self.getpos()[0]} closes nothing")

    def handle_data(self, data: str) -> None:
        """Note the texts that tests ask for."""
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data
        if self._open and self._open[-1] == "data":
            value, text = self.values[-1]
            self.values[-1] = value, text + data

    def close(self) -> None:
        """Check that nothing stays open."""
        super().close()
        self.mistakes += [f"<{tag}> is never closed" for tag in self._open]

    def all(self, tag: str, **facts: str) -> list[dict[str, str]]:
        """The attributes of all elements of a kind that have these attributes."""
        return [found for name, found in self.elements if name == tag and facts.items() <= found.items()]

    def links(self) -> list[str]:
        """Every address in the page."""
        named = ("href", "src", "action", "poster", "data", "srcset", "cite", "xlink:href")
        return [found[name] for tag, found in self.elements for name in named if name in found and tag != "svg"]


def lost_links(site: Path, paths: Iterable[str] | None = None) -> list[str]:
    """The links that lead nowhere, with their pages: of all pages, or of those at these paths."""
    found = pages(site) if paths is None else {path: page(site / path) for path in paths}
    known = dict(found)
    for target in {place for path, one in found.items() for link in one.links() if (place := _place(path, link))}:
        if target not in known and target.endswith(".html") and (site / target).is_file():
            known[target] = page(site / target)
    return [
        f"{path}: {link}" for path, one in found.items() for link in one.links() if not leads(site, known, path, link)
    ]


def _place(path: str, link: str) -> str:
    """The path of the page to a place on which a link leads; empty for a link to a whole page, or out of the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.fragment or not parts.path:
        return ""
    return os.path.normpath(os.path.join(os.path.dirname(path), unquote(parts.path)))


def lost_files(site: Path) -> list[str]:
    """The links to files that are not there, on pages that can be reached; places on them may be of the next build."""
    return [
        f"{path}: {link}"
        for path, page in reached(site).items()
        for link in page.links()
        if not leads(site, {}, path, link)
    ]


def reached(site: Path) -> dict[str, "Page"]:
    """The pages to which links lead from the first, by path."""
    found: dict[str, Page] = {}
    todo = ["index.html"]
    while todo:
        path = todo.pop()
        if path not in found and path.endswith(".html") and (site / path).is_file():
            found[path] = page(site / path)
            links = [unquote(urlsplit(link).path) for link in found[path].links()]
            todo += [os.path.normpath(os.path.join(os.path.dirname(path), link)) for link in links]
    return found


def leads(site: Path, pages: dict[str, "Page"], path: str, link: str) -> bool:
    """Whether a link of the page at `path` leads to a file of the site, and to a place on it if it names one."""
    parts = urlsplit(link)
    if parts.scheme in ("http", "https", "mailto"):
        return True
    target = (site / path).parent / unquote(parts.path) if parts.path else site / path
    if parts.scheme or parts.netloc or not target.is_file() or not target.resolve().is_relative_to(site.resolve()):
        return False
    place = target.resolve().relative_to(site.resolve()).as_posix()
    state = "=" in parts.fragment and place.endswith("compare/index.html")
    return not parts.fragment or state or place not in pages or unquote(parts.fragment) in pages[place].ids


def locale_free(**changes: str) -> dict[str, str]:
    """The environment of a process with these changes, and without what colours or caches its output."""
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **changes}
