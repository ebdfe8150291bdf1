"""The text of a comment that anybody may have written: it keeps its form, and mentions, links or embeds nothing.

A job for a fork runs code of the fork, so its artifact may hold any text, whoever seems to have made it.
"""

import re

from sitegen.cli.report.review.markdown import MARKER
from sitegen.core.errors import SitegenError

MAX_LENGTH = 65_000
"""Characters of a comment: GitHub refuses more than 65,536."""

_TAG = re.compile(r"<(?!/?(?:details|summary|sub|code)>|/a>|a>|a href=\"\x00\d+\x00\">)")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|#x27);)")
_LINK = re.compile(r'<a href="([^"<>\s]*)">')
_TARGET = re.compile(r"\]\(([^()\s]*\))?")
_MENTION = re.compile(r"((?<!&)[@#]|@(?=&)|\b[Gg][Hh]-)(?=[\w&])")
_AUTOLINK = re.compile(r"(:(?=//)|\bwww(?=\.)|\bmailto(?=:)|\bxmpp(?=:))", re.IGNORECASE)
_COMMAND = re.compile(r"^([ \t>*+-]*)(?=/\w)", re.MULTILINE)
_FENCE = re.compile(r"(`{3}|~{3})(?=[^`~\n])(?![ \t]*(?:diff[ \t]*)?$)", re.MULTILINE)
_COMMIT = re.compile(r"\b(?=[0-9a-f]*[a-f])([0-9a-f]{3})(?=[0-9a-f]{4,37}\b)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_UP = re.compile(r"\.\.|%2e|%5c|\\", re.IGNORECASE)
_MARK = re.compile("\x00(\\d+)\x00")
"""Stands for the n-th address that is kept."""

_BREAK = "\u200b"
"""A space without width: behind it a host finds no tag, entity, mention, command or id of a commit.

It stands before the slashes of an address and the point after www: behind these, a host takes it for a letter.
"""


def comment_text(text: str, site_url: str) -> str:
    """The text of a comment that `sitegen diff --format markdown` wrote, with links to `site_url` alone.

    Raises SitegenError for a text that is too long, or that does not begin with the marker of a review.
    """
    head, _, body = text.partition("\n")
    if head.strip() != MARKER:
        raise SitegenError(f"the file is no comment of `sitegen diff --format markdown`: it must begin with {MARKER}")
    if len(text) > MAX_LENGTH:
        raise SitegenError(f"the file has {len(text):,} characters; a comment may have {MAX_LENGTH:,}")
    links = _Links(site_url)
    body = _CONTROLS.sub("", body.replace("\r\n", "\n"))
    body = _LINK.sub(links.element, body)
    body = _TARGET.sub(links.markdown, body)
    for pattern, sign in ((_TAG, "<"), (_ENTITY, "&")):
        body = pattern.sub(f"{sign}{_BREAK}", body)
    body = body.replace("![", "!\\[").replace("]:", "]\\:")  # images, and definitions of links
    for pattern in (_MENTION, _AUTOLINK, _COMMIT, _COMMAND, _FENCE):
        body = pattern.sub(rf"\1{_BREAK}", body)
    return f"{MARKER}\n{links.restore(body)}"


class _Links:
    """The links of a text to one site. While the rest is made harmless, marks stand for their addresses."""

    def __init__(self, site_url: str) -> None:
        self._site_url = site_url
        self._urls: list[str] = []

    def element(self, found: re.Match[str]) -> str:
        """A link in HTML; without its address where that is elsewhere."""
        mark = self._mark(found[1])
        return f'<a href="{mark}">' if mark else "<a>"

    def markdown(self, found: re.Match[str]) -> str:
        """The target of a link in markdown; no link where that is elsewhere, or not closed."""
        target = found[1] or ""
        mark = self._mark(target.removesuffix(")"))
        return f"]({mark})" if mark else f"]\\({target}"

    def _mark(self, url: str) -> str:
        if not self._site_url or not url.startswith(self._site_url) or _UP.search(url):
            return ""
        self._urls.append(url)
        return f"\x00{len(self._urls) - 1}\x00"

    def restore(self, text: str) -> str:
        """The text with the addresses in place of their marks."""
        return _MARK.sub(lambda found: self._urls[int(found[1])], text)
