"""The Atom feed and the sitemap."""

import re
from collections.abc import Iterable, Iterator

from markupsafe import escape

from sitegen.core.fingerprint import fingerprint
from sitegen.formats.times import iso
from sitegen.settings.settings import Settings
from sitegen.site import json_api
from sitegen.site.feed_entries import FeedEntry
from sitegen.site.model_pages import Page
from sitegen.site.summary import Summary
from sitegen.storage.listing import is_inside

MAX_FEED = 100
"""Versions in the feed."""


MAX_IN_SITEMAP = 50_000
"""URLs in one sitemap, the limit of the protocol."""


def feed(summaries: Iterable[Summary], settings: Settings, more: Iterable[FeedEntry] = ()) -> bytes:
    """An Atom feed of the newest versions, with the dates of the versions; its ids do not depend on the base URL.

    Entries in `more` replace those of the same version. The category of an entry is the level of its effect on callers.
    """
    known = (entry for summary in summaries for entry in summary.feed if is_inside(entry[2]))  # see `Summary`
    by_version = {entry[3]: entry for entries in (known, more) for entry in entries}
    entries = sorted(by_version.values(), key=lambda entry: (-entry[0], entry[3]))
    base, title = settings.site.base_url, xml(settings.site.title)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{title}</title>",
        f"<id>urn:sitegen:{json_api.urn(settings.site.title)}</id>",
        f"<updated>{iso(entries[0][0] if entries else 0)}</updated>",
        f"<author><name>{title}</name></author>",
    ]
    if base:
        lines.append(f'<link href="{escape(base)}"/>')
    for created, name, path, identity, text, level in entries[:MAX_FEED]:
        url = base + path.removesuffix("index.html") if base else path
        lines += [
            "<entry>",
            f"<title>{xml(name)}</title>",
            f"<id>urn:sitegen:{json_api.urn(identity)}</id>",
            f"<updated>{iso(created)}</updated>",
            f'<link href="{escape(url)}"/>',
            *([f'<category term="{xml("compatible" if level == "safe" else level)}"/>'] if level else ()),
            f"<summary>{xml(text)}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""]).encode("utf-8", "replace")


def xml(text: str) -> str:
    """Escape a text for XML, without the characters that XML does not allow even if escaped."""
    return str(escape(_NOT_IN_XML.sub("", text)))


_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def sitemap(paths: Iterable[str], base: str) -> Iterator[Page]:
    """The sitemap of all pages; several with an index if the pages exceed the limit of one."""
    pages = [path.removesuffix("index.html") for path in paths if path.endswith("index.html")]
    parts = [pages[start : start + MAX_IN_SITEMAP] for start in range(0, len(pages), MAX_IN_SITEMAP)]
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)] if len(parts) > 1 else ["sitemap.xml"]
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    for name, part in zip(names, parts, strict=True):
        rows = "\n".join(f"<url><loc>{escape(base + page)}</loc></url>" for page in part)
        yield text_page(name, f'<?xml version="1.0" encoding="utf-8"?>\n<urlset {space}>\n{rows}\n</urlset>\n')
    if len(parts) > 1:
        rows = "\n".join(f"<sitemap><loc>{escape(base + name)}</loc></sitemap>" for name in names)
        yield text_page(
            "sitemap.xml", f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex {space}>\n{rows}\n</sitemapindex>\n'
        )


def text_page(path: str, text: str) -> Page:
    """A file of UTF-8 text, as a page."""
    return Page(path, fingerprint(text), text.encode)
