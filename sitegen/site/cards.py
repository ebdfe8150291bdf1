"""Model cards and descriptions: markdown to HTML that is safe to publish.

`markdown` is quadratic on hostile texts (10,000 open brackets take 9 s), so a text is counted before it is
converted; what fails is shown as it is written. Then `nh3` keeps only an allow-list of tags and addresses. Images
and other things that a browser would fetch do not survive.
"""

import re
from functools import lru_cache

import markdown
import nh3
from markupsafe import Markup

LARGEST = 256 * 1024
"""Characters of a card that are converted."""

MOST_MARKS = 400
"""Marks of one kind in one block that are still converted: the cost grows with their square."""

MOST_WORK = 2_000_000
"""Squares of marks, over all blocks, that are still converted: about 0.2 s."""

_PLAIN = re.compile(r"[^*_`\[\]<>#|!&\\~^]*\Z")
_LISTS = re.compile(r"^\s*(?:[-+*]|\d+\.)\s|^ {4}|^\t|\n\s*(?:[-+*]|\d+\.)\s|={3}|-{3}|https?://")
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code"),
    *("em", "strong", "del", "sub", "sup", "kbd", "table", "thead", "tbody", "tr", "th", "td", "a", "abbr"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "th": {"scope"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_MARKS = re.compile(r"```.*?(?:```|\Z)|<[^>]{0,200}>|[#*`_>|]|!?\[([^\]]{0,200})\]\([^)]{0,500}\)", re.DOTALL)
_HEADING = re.compile(r"<(/?)h([1-6])\b")


@lru_cache(maxsize=512)
def card(text: str) -> Markup:
    """The HTML of a markdown text; texts repeat from version to version, so they are remembered."""
    text = text.strip()
    if len(text) < 2000 and _PLAIN.match(text) and not _LISTS.search(text):
        paragraphs = re.split(r"\n\s*\n", text)
        return Markup("\n").join(Markup("<p>{}</p>").format(paragraph) for paragraph in paragraphs)
    if too_hard(text):
        return Markup("<pre>{}</pre>").format(text[:LARGEST])
    converter = markdown.Markdown(extensions=["tables", "fenced_code", "sane_lists"], output_format="html")
    return sanitized(converter.convert(text))


def sanitized(html: str) -> Markup:
    """HTML with nothing active in it; headings move down, since the page has its own."""
    lowered = _HEADING.sub(lambda match: f"<{match[1]}h{min(6, int(match[2]) + 2)}", html)
    clean = nh3.clean(
        lowered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        generic_attribute_prefixes=set(),
    )
    clean = clean.replace("<table>", '<div class="wrap" tabindex="0" role="group" aria-label="Table"><table>')
    clean = clean.replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')
    return Markup(clean.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704 - nh3 has just cleaned it


def too_hard(text: str) -> bool:
    """Whether converting would take longer than the text is worth, judged by counting alone."""
    if len(text) > LARGEST:
        return True
    work = 0
    for block in re.split(r"\n\s*\n", text):
        marks = max(block.count(mark) for mark in "[(<`*_!&\\")
        quotes = max((len(line) - len(line.lstrip("> \t")) for line in block.splitlines()), default=0)
        work += marks * marks
        if max(marks, quotes) > MOST_MARKS or work > MOST_WORK or len(block) > 65536:
            return True
    return False


def plain(text: str, limit: int = 160) -> str:
    """The beginning of a markdown text without its marks, on one line."""
    bare = _MARKS.sub(r"\1", text[:2000])
    line = " ".join(bare.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
