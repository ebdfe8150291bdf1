"""The text of a comment that anybody may have written: it keeps its form, and mentions, links or embeds nothing.

A job for a fork runs code of the fork, so its artifact may hold any text, whoever seems to have made it.
"""

import re

from sitegen.cli.report.review.markdown import MARKER
from sitegen.core.errors import SitegenError

MAX_LENGTH = 65_000
"""Characters of a comment: GitHub refuses more than 65,536."""

_TAG = re.compile(r"<(?!/?(?:details|summary|sub|code)>|/a>)")
_LINK = re.compile(r'&lt;a href="([^"<>\s]*)">')
_TARGET = re.compile(r"\]\(([^()\s]*\))?")
_DEFINITION = re.compile(r"^(\s*(?:>\s*)*\[[^\]]*\]):", re.MULTILINE)
_MENTION = re.compile(r"([@#]|\b[Gg][Hh]-)(?=\w)")
_AUTOLINK = re.compile(r"(://|\bwww\.|\bmailto:|\bxmpp:)", re.IGNORECASE)
_COMMIT = re.compile(r"\b(?=[0-9a-f]*[a-f])([0-9a-f]{3})(?=[0-9a-f]{4,37}\b)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

_BREAK = "\u200b"
"""A space without width: behind it a host finds no mention, address or id of a commit."""


def comment_text(text: str, site_url: str) -> str:
    """The text of a comment that `sitegen diff --format markdown` wrote, with links to `site_url` alone.

    Raises SitegenError for a text that is too long, or that does not begin with the marker of a review.
    """
    head, _, body = text.partition("\n")
    if head.strip() != MARKER:
        raise SitegenError(f"the file is no comment of `sitegen diff --format markdown`: it must begin with {MARKER}")
    if len(text) > MAX_LENGTH:
        raise SitegenError(f"the file has {len(text):,} characters; a comment may have {MAX_LENGTH:,}")
    body = _CONTROLS.sub("", body.replace("\r\n", "\n"))
    links: list[str] = []

    def keep(url: str) -> str:
        links.append(url)
        return f"\x00{len(links) - 1}\x00"

    def is_ours(url: str) -> bool:
        return bool(site_url) and url.startswith(site_url) and ".." not in url

    body = _TAG.sub("&lt;", body)
    body = _LINK.sub(lambda found: f'<a href="{keep(found[1])}">' if is_ours(found[1]) else "<a>", body)
    body = _TARGET.sub(
        lambda found: f"]({keep(found[1])}" if is_ours(found[1] or "") else f"]\\({found[1] or ''}", body
    )
    body = _DEFINITION.sub(r"\1\\:", body.replace("![", "!\\["))
    for pattern in (_MENTION, _AUTOLINK, _COMMIT):
        body = pattern.sub(rf"\1{_BREAK}", body)
    for number, url in enumerate(links):
        body = body.replace(f"\x00{number}\x00", url)
    return f"{MARKER}\n{body}"
