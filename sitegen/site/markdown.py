"""Markdown of model cards and descriptions to HTML that is safe to publish.

A text that would take too long to convert is shown as it is. `nh3` removes all tags and URLs that are not in an
allow-list, and so images and everything else that a browser would fetch.
"""

import re
from functools import lru_cache
from importlib import import_module

from markupsafe import Markup

from sitegen.formats.markdown_cost import CACHE_LIMIT, MAX_LENGTH, is_too_costly

_PLAIN = re.compile(r"[^*_`\[\]<>#|!&\\~^]*\Z")
_LISTS = re.compile(r"^\s*(?:[-+*]|\d+\.)\s|^ {4}|^\t|\n\s*(?:[-+*]|\d+\.)\s|={3}|-{3}|https?://")
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code"),
    *("em", "strong", "del", "sub", "sup", "kbd", "table", "thead", "tbody", "tr", "th", "td", "a", "abbr"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "th": {"scope"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_MARKS = re.compile(
    r"""
    ```.*?(?:```|\Z) | </?[a-z!?][^>]{0,200}>                  # blocks of code, tags
    | ^[ \t]*(?:[-=*_|:][ \t]*){3,}$                           # rules
    | ^[ \t]*(?:\#{1,6}[ \t] | >[ \t]? | [-+*][ \t])+          # headings, quotes, lists
    | ^[ \t]*\| | \|[ \t]*$                                    # edges of tables
    | (?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)                        # code, which is kept
    | \\([-\\`*_{}\[\]()\#+.!|>])                              # what is escaped, too
    | !?\[(?=[^\]]{0,200}\]\() | \]\([^)]{0,500}\)             # around the text of links
    | (?<!\w)[*_]+(?=\S) | (?<=\S)[*_]+(?!\w)                  # emphasis: never within a word
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_HEADING_TAG = re.compile(r"<(/?)h[3-6]>")
_NO_LINK = re.compile(
    r'<a(?: title="[^"]*")? rel="noopener noreferrer nofollow"(?: title="[^"]*")?>(.*?)</a>', re.DOTALL
)


def card(text: str) -> Markup:
    """The HTML of a markdown text. Cached for short texts, which repeat from version to version."""
    return _card_cache(text) if len(text) <= CACHE_LIMIT else _card(text)


def _card(text: str) -> Markup:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) < 2000 and _PLAIN.match(text) and not _LISTS.search(text):
        paragraphs = re.split(r"\n\s*\n", text)
        return Markup("\n").join(Markup("<p>{}</p>").format(paragraph) for paragraph in paragraphs)
    if is_too_costly(text):
        return Markup('<pre tabindex="0">{}</pre>').format(text[:MAX_LENGTH])
    markdown = import_module("markdown")  # many registries have no cards
    converter = markdown.Markdown(extensions=["tables", "fenced_code", "sane_lists"], output_format="html")
    return sanitize(converter.convert(text))


_card_cache = lru_cache(maxsize=512)(_card)


def description(text: str) -> Markup:
    """The HTML of a text below the title of a page, with bold text for headings, which would skip a level there."""
    html = str(card(text))
    bold = _HEADING_TAG.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", html)
    return Markup(bold)  # noqa: S704 - of a card, which is safe


def sanitize(html: str) -> Markup:
    """HTML without active content; headings move down below those of the page, and skip no level.

    Of relative links only the text stays: they lead to files that are not in the site.
    """
    clean: str = import_module("nh3").clean(  # like markdown, for cards alone
        _lower_headings(html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_absolute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        generic_attribute_prefixes=set(),
    )
    clean = _NO_LINK.sub(r"\1", clean)
    clean = clean.replace("<table>", '<div class="wrap" tabindex="0" role="group" aria-label="Table"><table>')
    clean = clean.replace("</table>", "</table></div>")
    clean = clean.replace("<th></th>", "<td></td>").replace("<th>", '<th scope="col">')
    return Markup(clean.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704 - nh3 has just cleaned it


def _lower_headings(html: str) -> str:
    """Move headings two levels down, each at most one level below the heading before it."""
    level = 2

    def below(tag: re.Match[str]) -> str:
        """The tag at its new level."""
        nonlocal level
        level = level if tag[1] else min(6, level + 1, int(tag[2]) + 2)
        return f"<{tag[1]}h{level}"

    return _HEADING.sub(below, html)


def _absolute(_tag: str, attribute: str, value: str) -> str | None:
    """Keep URLs with a scheme; drop all others."""
    return value if attribute != "href" or value.lower().startswith(("http://", "https://", "mailto:")) else None


def plain(text: str, limit: int = 160) -> str:
    """The beginning of a markdown text without markup, on one line; code stays as it is."""
    bare = _MARKS.sub(lambda mark: mark[2] or mark[3] or "", text[:2000])
    line = " ".join(bare.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
