"""The links of a page to other files of the site, and their removal while the target is missing."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from posixpath import dirname, join, normpath
from urllib.parse import unquote

_HREF = re.compile(rb"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|\Z", re.IGNORECASE)


def is_page(path: str) -> bool:
    """Whether a file of the site is a page, whose links people follow."""
    return path.endswith(".html")


def targets(path: str, data: bytes) -> Iterator[str]:
    """The files of the site that the page at `path` links to."""
    for found in _HREF.finditer(data):
        target = _target(path, found)
        if target is not None:
            yield target


def without_links(path: str, data: bytes, absent: Callable[[str], bool]) -> bytes:
    """The page at `path` with plain text in place of each link to an absent file."""

    def remove_link(found: re.Match[bytes]) -> bytes:
        """Drop the attribute if its target is absent: an `a` without `href` shows as plain text."""
        target = _target(path, found)
        return b"" if target is not None and absent(target) else found[0]

    return _HREF.sub(remove_link, data)


def _target(path: str, found: re.Match[bytes]) -> str | None:
    """The file of the site that an attribute links to; None for a fragment or another site."""
    text = unescape((found[1] or found[2] or b"").decode("utf-8", "replace"))
    address = text.partition("#")[0].partition("?")[0]
    if _ELSEWHERE.match(address):
        return None
    whole = normpath(join(dirname(path), unquote(address)))
    return f"{whole}/index.html" if address.endswith("/") else whole
