"""Reviews as pages in the design of the site, written to a folder that stands alone."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sitegen.analysis.review.policy import Review
from sitegen.analysis.review.values import ModelReview
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.json import render_review as render_json
from sitegen.cli.report.review.page import Section, sections_of
from sitegen.cli.report.review.words import accept_text, failure_reason, setting_text, verdict_line
from sitegen.cli.report.words import count_of
from sitegen.core.errors import SitegenError
from sitegen.domain.comparison import Level
from sitegen.settings.settings import Settings
from sitegen.site.assets import join_script, site_view
from sitegen.site.part_words import parts_text
from sitegen.site.render import render
from sitegen.site.theme import Theme, asset_name, load_theme
from sitegen.site.views.parts import Link, Shell, SiteView
from sitegen.storage.output import make_folder, write_new

DATA = "review.json"
"""The review as JSON, by which a folder of an earlier review is known."""

MAX_SECTIONS = 150
"""Sections of one page."""

_STYLES = ("site.css", "review.css", "icon.svg")


class ReviewView(NamedTuple):
    """A page of a review. `facts` are pairs of a name and a text; `pages` links to all pages, `page` is its number."""

    shell: Shell
    heading: str
    passes: bool
    word: str
    level: Level
    base: str
    head: str
    facts: tuple[tuple[str, str], ...]
    site_url: str
    settings: tuple[str, ...]
    accepts: tuple[str, ...]
    expired_accepts: tuple[str, ...]
    lacks: str
    sections: tuple[Section, ...]
    pages: tuple[Link, ...]
    page: int


def render_review(review: Review, context: Context) -> str:
    """Write the pages to the folder of the context; the text is the line for the terminal."""
    files = dict(review_files(review, context))
    write_folder(context.output or "review", files)
    return f"{verdict_line(review)}\n{os.path.join(context.output or 'review', 'index.html')}\n"


def review_files(review: Review, context: Context) -> Iterator[tuple[str, bytes]]:
    """The files of a review by path: pages, assets and the review as JSON."""
    theme = load_theme("")
    assets = _assets(theme)
    paths = {name: asset_name(name, content) for name, content in assets.items()}
    yield from ((paths[name], content) for name, content in assets.items())
    site = site_view(Settings(), {"custom.css": "", **paths})
    sections = [one for model in _in_order(review) for one in _sections(review, model, context)]
    parts = [sections[start : start + MAX_SECTIONS] for start in range(0, len(sections), MAX_SECTIONS)] or [[]]
    pages = tuple(Link(str(number), page_path(number)) for number in range(1, len(parts) + 1))
    for number, part in enumerate(parts, 1):
        view = _view(review, context, site, tuple(part))._replace(pages=pages, page=number)
        yield page_path(number), render(theme, "review.html", view)
    yield DATA, render_json(review, context).encode()


def page_path(number: int) -> str:
    """The path of the n-th page."""
    return "index.html" if number == 1 else f"page-{number}.html"


def _assets(theme: Theme) -> dict[str, bytes]:
    """The style sheets and scripts of a review by name."""
    return {name: theme.asset(name) for name in _STYLES} | {"site.js": join_script(theme, "common")}


def _in_order(review: Review) -> Sequence[ModelReview]:
    """Models with moved pointers first."""
    return sorted(review.models, key=lambda model: not model.pointers)


def _sections(review: Review, model: ModelReview, context: Context) -> Iterator[Section]:
    exists = model.status != "removed"
    url = context.model_url(model.raw_name, model.kind, model.store) if exists else ""
    urls = {
        one.name: context.version_url(model.raw_name, model.kind, model.store, one.name)
        for one in model.versions
        if exists and one.status != "removed"
    }
    return sections_of(review, model, url, urls)


def _view(review: Review, context: Context, site: SiteView, sections: tuple[Section, ...]) -> ReviewView:
    return ReviewView(
        shell=Shell(site=site, title=f"Review of {review.head}", description="", up=""),
        heading=verdict_line(review),
        passes=review.passes,
        word="passes" if review.passes else f"fails: {failure_reason(review)}",
        level="safe" if review.passes else "unknown" if review.level == "unknown" else "breaking",
        base=review.base,
        head=review.head,
        facts=tuple(_facts(review)),
        site_url=context.site_url,
        settings=tuple(setting_text(*change) for change in review.setting_changes),
        accepts=tuple(map(accept_text, review.accepts)),
        expired_accepts=tuple(map(accept_text, review.expired_accepts)),
        lacks=parts_text(tuple(sorted(review.lacks))),
        sections=sections,
        pages=(),
        page=1,
    )


def _facts(review: Review) -> Iterator[tuple[str, str]]:
    yield "Before", review.base
    yield "After", review.head
    for status, word in (("changed", "Changed"), ("added", "New"), ("renamed", "Renamed"), ("removed", "Removed")):
        models = sum(model.status == status for model in review.models)
        versions = sum(one.status == status for model in review.models for one in model.versions)
        counts = [count_of(models, "model")] if models else []
        counts += [count_of(versions, "version")] if versions else []
        if counts:
            yield word, ", ".join(counts)
    yield "Settings", review.settings


# --- writing ----------------------------------------------------------------------------------------------------


def write_folder(folder: str, files: dict[str, bytes]) -> None:
    """Write the files, each whole, and delete pages of an earlier review. Raises SitegenError for another's folder."""
    root = Path(folder)
    if root.exists() and not root.is_dir():
        raise SitegenError(f"{folder} is not a folder")
    present = set(os.listdir(root)) if root.is_dir() else set()
    if present and DATA not in present:
        raise SitegenError(f"{folder} holds other files than a review; name a new folder")
    os.makedirs(root, exist_ok=True)
    if (root / "assets").is_symlink():
        raise SitegenError(f"{folder}/assets is a link, which is not followed")
    for path, data in files.items():
        _write(root / path, data)
    for name in present:
        if name.startswith("page-") and name.endswith(".html") and name not in files:
            (root / name).unlink()


def _write(target: Path, data: bytes) -> None:
    make_folder(str(target.parent))
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    write_new(str(temporary), data)
    os.replace(temporary, target)
