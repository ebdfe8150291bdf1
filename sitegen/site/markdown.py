"""GitHub's markdown of model cards and descriptions to HTML that is safe to publish.

A text that would take too long to convert is shown as it is. `nh3` removes all tags and URLs that are not in an
allow-list, and so everything that a browser would fetch, but for images with a copy in the site.
"""

import re
from functools import lru_cache, partial
from html import escape, unescape
from importlib import import_module

from markupsafe import Markup

from sitegen.formats.card_images import image_path
from sitegen.formats.markdown_cost import CACHE_LIMIT, MAX_LENGTH, is_too_costly

_PLAIN = re.compile(r"[^*_`\[\]<>#|!&\\~^]*\Z")
_LISTS = re.compile(r"^\s*(?:[-+*]|\d+\.)\s|^ {4}|^\t|\n\s*(?:[-+*]|\d+\.)\s|={3}|-{3}|https?://|www\.")
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code"),
    *("em", "strong", "del", "sub", "sup", "kbd", "table", "thead", "tbody", "tr", "th", "td", "a", "abbr"),
    *("details", "summary", "img"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width"},
    "abbr": {"title"},
    "th": {"scope"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"id"},
}
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
_EXTENSIONS = (
    *("tables", "fenced_code", "sane_lists", "footnotes", "md_in_html"),
    *("pymdownx.tasklist", "pymdownx.tilde", "pymdownx.magiclink"),
)
_OPTIONS = {"pymdownx.tilde": {"subscript": False}, "footnotes": {"BACKLINK_TITLE": "Back to the text"}}
_DETAILS = re.compile(r"(?im)^<details(?: open)?>[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"(?:[-+*]|1[.)])[ \t]+(?![-|: \t]*\Z)\S")
_PARAGRAPH_END = re.compile(r"[^\s>|#<=-].*[^\s]")
_IMAGE = re.compile(r'<img(?P<facts>(?: (?:src|alt|width)="[^"]*")*)>')
_SOURCE = re.compile(r' src="')
_ALT = re.compile(r' alt="([^"]*)"')
_WIDTH = re.compile(r"[1-9]\d{0,3}\Z")
_TASK = re.compile(r'<input type="checkbox" disabled(?P<checked> checked)?\s*/?>')
_NOTE = re.compile(r"#?fn(?:ref)?\d*:[\w.-]{1,100}\Z")
_NOTE_LINK = re.compile(r' id="fn(?:ref)?\d*:[^"]*"|<a href="#fn(?:ref)?\d*:[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_HEADING_TAG = re.compile(r"<(/?)h[3-6]>")
_NO_LINK = re.compile(
    r'<a(?: title="[^"]*")? rel="noopener noreferrer nofollow"(?: title="[^"]*")?>(.*?)</a>', re.DOTALL
)


Images = tuple[tuple[str, str], ...]
"""The addresses of a card's images by their path in the folder of the card."""


def card(text: str, images: Images = ()) -> Markup:
    """The HTML of a markdown text. Cached for short texts, which repeat from version to version.

    All images but these are replaced by their descriptions.
    """
    return _card_cache(text, images) if len(text) <= CACHE_LIMIT else _card(text, images)


def _card(text: str, images: Images) -> Markup:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) < 2000 and _PLAIN.match(text) and not _LISTS.search(text):
        paragraphs = re.split(r"\n\s*\n", text)
        return Markup("\n").join(Markup("<p>{}</p>").format(paragraph) for paragraph in paragraphs)
    if is_too_costly(text):
        return Markup('<pre tabindex="0">{}</pre>').format(text[:MAX_LENGTH])
    markdown = import_module("markdown")  # many registries have no cards
    converter = markdown.Markdown(extensions=_EXTENSIONS, extension_configs=_OPTIONS, output_format="html")
    return sanitize(converter.convert(_adapt(text)), images)


def _adapt(text: str) -> str:
    """GitHub's markdown as `markdown` reads it: `<details>` holds markdown, and a list may follow a line of text."""
    text = _DETAILS.sub(lambda tag: f'{tag[0].rstrip()[:-1]} markdown="1">', text)
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        if opening := _FENCE.match(line):
            fence = "" if fence and opening[1].startswith(fence) else fence or opening[1]
        elif not fence and lines and _ITEM.match(line) and _ends_paragraph(lines[-1]):
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def _ends_paragraph(line: str) -> bool:
    """Whether a line is text, and no item of a list."""
    return _PARAGRAPH_END.match(line) is not None and _ITEM.match(line) is None and not re.match(r"\d+[.)]\s", line)


_card_cache = lru_cache(maxsize=512)(_card)


def description(text: str) -> Markup:
    """The HTML of a text below the title of a page, with bold text for headings, which would skip a level there."""
    html = str(card(text))
    html = _NOTE_LINK.sub(r"\1", html)  # the card of the page may have notes of the same names
    bold = _HEADING_TAG.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", html)
    return Markup(bold)  # noqa: S704 - of a card, which is safe


def sanitize(html: str, images: Images = ()) -> Markup:
    """HTML without active content; headings move down below those of the page, and skip no level.

    Of relative links only the text stays: they lead to files that are not in the site. Images that are none of `images`
    are replaced by their descriptions.
    """
    clean: str = import_module("nh3").clean(  # like markdown, for cards alone
        _lower_headings(_TASK.sub(_box, html)),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=partial(_public_value, dict(images)),
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        generic_attribute_prefixes=set(),
    )
    clean = _IMAGE.sub(_image, _NO_LINK.sub(r"\1", clean))
    clean = clean.replace("<table>", '<div class="wrap" tabindex="0" role="group" aria-label="Table"><table>')
    clean = clean.replace("</table>", "</table></div>")
    clean = clean.replace("<th></th>", "<td></td>").replace("<th>", '<th scope="col">')
    return Markup(clean.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704 - nh3 has just cleaned it


def _box(box: re.Match[str]) -> str:
    """A letter for the box of a task list."""
    return "\N{BALLOT BOX WITH CHECK}" if box["checked"] else "\N{BALLOT BOX}"


def _image(tag: re.Match[str]) -> str:
    """The tag of an image of the site, loaded when it is scrolled into view; for others, the description."""
    if _SOURCE.search(tag["facts"]):
        return f'<img{tag["facts"]} loading="lazy">'
    alt = _ALT.search(tag["facts"])
    return escape(unescape(alt[1]), quote=False) if alt else ""


def _lower_headings(html: str) -> str:
    """Move headings below those of the page: each one level below the section that it is in, whatever its own level."""
    sections: list[int] = []

    def below(tag: re.Match[str]) -> str:
        """The tag at its new level."""
        if not tag[1]:
            sections[:] = [*(level for level in sections if level < int(tag[2])), int(tag[2])]
        return f"<{tag[1]}h{min(6, 2 + max(1, len(sections)))}"

    return _HEADING.sub(below, html)


def _public_value(images: dict[str, str], tag: str, attribute: str, value: str) -> str | None:
    """Keep URLs with a scheme, of footnotes and of images; drop all others, and all ids but those of footnotes."""
    if tag == "img":
        return _image_value(images, attribute, value)
    if attribute == "id" or (attribute == "href" and value.startswith("#")):
        return value if _NOTE.match(value) else None
    return value if attribute != "href" or value.lower().startswith(("http://", "https://", "mailto:")) else None


def _image_value(images: dict[str, str], attribute: str, value: str) -> str | None:
    """The address of an image in place of its path in the card; its description, and its width in pixels."""
    if attribute == "src":
        return images.get(image_path(value) or "")
    return value if attribute == "alt" or _WIDTH.match(value) else None


def plain(text: str, limit: int = 160) -> str:
    """The beginning of a markdown text without markup, on one line; code stays as it is."""
    bare = _MARKS.sub(lambda mark: mark[2] or mark[3] or "", text[:2000])
    line = " ".join(bare.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
