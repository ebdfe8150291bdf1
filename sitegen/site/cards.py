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

MOST_WORK = 600_000
"""Squares of marks, over all blocks, that are still converted: at most half a second, mostly a tenth of that."""

MOST_CUTS = 15_000_000
"""Headings and rules of a block, times its length, and blocks, squared: each is cut off the rest. At most 0.4 s."""

DEEPEST = 40
"""Quotes and lists inside of each other."""

CACHED = 2**15
"""Characters up to which a card is remembered."""

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
_CUTS = re.compile(r"^ {0,3}(?:#|[-_*=][-_*= \t]*$)", re.MULTILINE)
_NESTED = re.compile(r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t])))+")
_OPENERS = re.compile(r">|[-+*]|\d+[.)]")
_NO_LINK = re.compile(
    r'<a(?: title="[^"]*")? rel="noopener noreferrer nofollow"(?: title="[^"]*")?>(.*?)</a>', re.DOTALL
)


def card(text: str) -> Markup:
    """The HTML of a markdown text; texts repeat from version to version, so small ones are remembered."""
    return _remembered(text) if len(text) <= CACHED else _card(text)


def _card(text: str) -> Markup:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) < 2000 and _PLAIN.match(text) and not _LISTS.search(text):
        paragraphs = re.split(r"\n\s*\n", text)
        return Markup("\n").join(Markup("<p>{}</p>").format(paragraph) for paragraph in paragraphs)
    if too_hard(text):
        return Markup('<pre tabindex="0">{}</pre>').format(text[:LARGEST])
    converter = markdown.Markdown(extensions=["tables", "fenced_code", "sane_lists"], output_format="html")
    return sanitized(converter.convert(text))


_remembered = lru_cache(maxsize=512)(_card)


def sanitized(html: str) -> Markup:
    """HTML with nothing active in it; headings move down, since the page has its own.

    Relative links lead to files beside the card, which the site has not: their text stays.
    """
    lowered = _HEADING.sub(lambda match: f"<{match[1]}h{min(6, int(match[2]) + 2)}", html)
    clean = nh3.clean(
        lowered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_absolute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        generic_attribute_prefixes=set(),
    )
    clean = _NO_LINK.sub(r"\1", clean)
    clean = clean.replace("<table>", '<div class="wrap" tabindex="0" role="group" aria-label="Table"><table>')
    clean = clean.replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')
    return Markup(clean.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704 - nh3 has just cleaned it


def _absolute(_tag: str, attribute: str, value: str) -> str | None:
    """Addresses stay where they name their scheme."""
    return value if attribute != "href" or value.lower().startswith(("http://", "https://", "mailto:")) else None


def too_hard(text: str) -> bool:
    """Whether converting would take longer than the text is worth, judged by counting alone."""
    if len(text) > LARGEST or any(_depth(line) > DEEPEST for line in text.splitlines()):
        return True
    blocks = re.split(r"\n\s*\n", text)
    work, cuts = 0, len(blocks) * len(blocks) // 20
    for block in blocks:
        marks = max(block.count(mark) for mark in "[(<`*_!&\\")
        work += marks * marks
        cuts += sum(1 for _ in _CUTS.finditer(block)) * len(block)
        if marks > MOST_MARKS or work > MOST_WORK or cuts > MOST_CUTS or len(block) > 65536:
            return True
    return False


def _depth(line: str) -> int:
    """How deep quotes and lists nest at the beginning of a line."""
    opened = _NESTED.match(line)
    if opened is None:
        return 0
    indent = len(line) - len(line.lstrip())
    return sum(1 for _ in _OPENERS.finditer(opened[0])) + indent // 4


def plain(text: str, limit: int = 160) -> str:
    """The beginning of a markdown text without its marks, on one line."""
    bare = _MARKS.sub(r"\1", text[:2000])
    line = " ".join(bare.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
