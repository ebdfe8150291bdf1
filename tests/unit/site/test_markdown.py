"""Model cards: markdown as HTML that holds nothing active, made in bounded work."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.markdown_cost import is_too_costly
from sitegen.site.markdown import card, description, plain

CARDS = {
    "": "<p></p>",
    "One line.": "<p>One line.</p>",
    "One.\n\nTwo.": "<p>One.</p>\n<p>Two.</p>",
    "5 < 6 & 7": "<p>5 &lt; 6 &amp; 7</p>",
    "*soft* **loud** `code`": "<p><em>soft</em> <strong>loud</strong> <code>code</code></p>",
    "# Title": "<h3>Title</h3>",
    "###### Deep": "<h3>Deep</h3>",
    "## A\n### B\n###### C\n# D\n### E": "<h3>A</h3>\n<h4>B</h4>\n<h5>C</h5>\n<h3>D</h3>\n<h4>E</h4>",
    "- a\n- b": "<ul>\n<li>a</li>\n<li>b</li>\n</ul>",
    "    code": "<p>code</p>",
    "```\na < b\n```": '<pre tabindex="0"><code>a &lt; b\n</code></pre>',
    "[site](https://example.org)": '<p><a href="https://example.org" rel="noopener noreferrer nofollow">site</a></p>',
    '[t](https://example.org "x")': (
        '<p><a href="https://example.org" title="x" rel="noopener noreferrer nofollow">t</a></p>'
    ),
    "<kbd>x</kbd>": "<p><kbd>x</kbd></p>",
    "Text:\n- [x] done\n- [ ] to do": "<p>Text:</p>\n<ul>\n<li>☑ done</li>\n<li>☐ to do</li>\n</ul>",
    "~~gone~~": "<p><del>gone</del></p>",
    "H~2~O": "<p>H~2~O</p>",
    "<details>\n<summary>More</summary>\n\n- *a*\n\n</details>": (
        "<details>\n<summary>More</summary>\n<ul>\n<li><em>a</em></li>\n</ul>\n</details>"
    ),
    "a[^n]\n\n[^n]: Note.": (
        '<p>a<sup id="fnref:n"><a href="#fn:n" rel="noopener noreferrer nofollow">1</a></sup></p>\n\n<hr>\n<ol>\n'
        '<li id="fn:n">\n<p>Note.&nbsp;<a href="#fnref:n" title="Back to the text" rel="noopener noreferrer nofollow">'
        "↩</a></p>\n</li>\n</ol>\n"
    ),
    "![a plot](plots/roc.png) and <img src=x alt='b'>": "<p>a plot and b</p>",
    "www.example.org": (
        '<p><a href="http://www.example.org" rel="noopener noreferrer nofollow">www.example.org</a></p>'
    ),
    "One\n1. a\n2. b": "<p>One</p>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>",
    "born in\n1986. A year": "<p>born in\n1986. A year</p>",
    "```\ntext\n- no list\n```": '<pre tabindex="0"><code>text\n- no list\n</code></pre>',
    "a | b\n- | -\n1 | 2": (
        '<div class="wrap" tabindex="0" role="group" aria-label="Table"><table>\n<thead>\n<tr>\n'
        '<th scope="col">a</th>\n<th scope="col">b</th>\n</tr>\n</thead>\n'
        "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table></div>"
    ),
}


@pytest.mark.parametrize(("text", "html"), CARDS.items())
def test_markdown(text: str, html: str) -> None:
    """Headings move down, since the page has its own; what scrolls can be reached by key."""
    assert str(card(text)) == html


IMAGES = (("plots/roc.png", "../card/a.png"), ("my plot.PNG", "../card/b.png"))
"""The addresses of images by their path in the card."""

CARDS_WITH_IMAGES = {
    "![A curve](plots/roc.png)": '<p><img alt="A curve" src="../card/a.png" loading="lazy"></p>',
    "![](./my%20plot.PNG 'T')": '<p><img alt="" src="../card/b.png" loading="lazy"></p>',
    "![a](<my plot.PNG>) ![b](other.png)": '<p><img alt="a" src="../card/b.png" loading="lazy"> b</p>',
    "<img src='plots/roc.png?raw=true' width=300 height=9 class=x onload=x()>": (
        '<p><img src="../card/a.png" width="300" loading="lazy"></p>'
    ),
    "<img src=plots/roc.png width=100% alt='\">'>": '<p><img src="../card/a.png" alt="&quot;&gt;" loading="lazy"></p>',
    "[![a](plots/roc.png)](https://example.org)": (
        '<p><a href="https://example.org" rel="noopener noreferrer nofollow">'
        '<img alt="a" src="../card/a.png" loading="lazy"></a></p>'
    ),
    "![<b> & 'c'](x.png) <img alt='d &gt; e' src=/y.png>": "<p>&lt;b&gt; &amp; 'c' d &gt; e</p>",
    "![a](../plots/roc.png) ![b](../card/a.png) ![c](https://x/plots/roc.png)": "<p>a b c</p>",
    "`![a](plots/roc.png)`": "<p><code>![a](plots/roc.png)</code></p>",
}


@pytest.mark.parametrize(("text", "html"), CARDS_WITH_IMAGES.items())
def test_images_with_a_copy_in_the_site_are_shown(text: str, html: str) -> None:
    """Of all others the description stays. Old versions of nh3 leave `>` in attributes as it is."""
    assert str(card(text, IMAGES)).replace("&gt;", ">") == html.replace("&gt;", ">")
    assert "<img" not in str(card(text))


DESCRIPTIONS = {
    "One line.": "<p>One line.</p>",
    "# Title\n\nText with `code`\n\n### More": (
        "<p><strong>Title</strong></p>\n<p>Text with <code>code</code></p>\n<p><strong>More</strong></p>"
    ),
    "- ## a": "<ul>\n<li>\n<p><strong>a</strong></p>\n</li>\n</ul>",
    "`<h3>`": "<p><code>&lt;h3&gt;</code></p>",
    "[" * 10_000 + "<h3>": '<pre tabindex="0">' + "[" * 10_000 + "&lt;h3&gt;</pre>",
}


@pytest.mark.parametrize(("text", "html"), DESCRIPTIONS.items())
def test_descriptions_have_no_headings(text: str, html: str) -> None:
    """They stand below the title of the page, two levels above the headings of cards."""
    assert str(description(text)) == html


NO_LINKS = (
    *("[notes](NOTES.md)", "[notes](../NOTES.md#x)", "[notes](#part)", "[notes](//example.org/x)", "[notes](/x)"),
    *('[notes](NOTES.md "title")', "[notes](javascript:alert(1))", "[notes](JaVaScRiPt:alert(1))", "[notes]()"),
    *(
        "[notes](data:text/html,x)",
        "[notes](vbscript:x)",
        "[notes](file:///etc/passwd)",
        "[notes](java\tscript:alert(1))",
    ),
    *("[notes][1]\n\n[1]: NOTES.md", "<a href='x.html'>notes</a>", "<a name='x'>notes</a>", "<a>notes</a>"),
)


@pytest.mark.parametrize("text", NO_LINKS)
def test_a_link_to_nowhere_is_its_text(text: str) -> None:
    """Files beside the card are not in the site, and nothing but web addresses and mail is followed."""
    html = str(card(text))
    assert "notes" in html
    assert "<a" not in html


ACTIVE = (
    *(
        "<script>alert(1)</script>",
        "<script src=//x></script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://x/y.png)",
    ),
    *("<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<iframe src=x></iframe>", "<object data=x>"),
    *(
        "<a href=https://x onclick=alert(1)>x</a>",
        "<p style='background:url(//x)'>x</p>",
        "<style>@import '//x'</style>",
    ),
    *(
        "<form action=//x><input name=a></form>",
        "<meta http-equiv=refresh content='0;url=//x'>",
        "<link rel=stylesheet href=//x>",
    ),
    *(
        "<base href=//x>",
        "<video src=//x autoplay>",
        "<audio src=//x>",
        "<math><mtext><script>alert(1)</script></math>",
    ),
    *(
        "<p id=main class=vh>x</p>",
        "<details ontoggle=alert(1) open>x</details>",
        "<noscript><p title='</noscript><img src=x>'>",
    ),
    *(
        "<!--><script>alert(1)</script>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?xml <script>alert(1)</script>?>",
    ),
    *('[x](https://x/"onmouseover=alert(1) )', "[x](<javascript:alert(1)>)", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    *(
        "<javascript:alert(1)>",
        "<div\n\n<script>alert(1)</script>",
        "```html\n<script>alert(1)</script>\n```",
        "`<script>`",
    ),
    *(
        "<table background=//x><tr><td background=//x>x</table>",
        "<title></title><script>alert(1)</script>",
        "<plaintext>",
    ),
)
TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "em"),
    *("strong", "del", "sub", "sup", "kbd", "table", "thead", "tbody", "tr", "th", "td", "a", "abbr", "div"),
    *("details", "summary"),
}
IMAGE_ATTRIBUTES = {"src", "alt", "width", "loading"}
ATTRIBUTES = {"href", "title", "rel", "scope", "start", "tabindex", "role", "class", "aria-label", "id"}


class Elements(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


def inactive(html: str, images: tuple[tuple[str, str], ...] = ()) -> bool:
    """Whether HTML holds only what cards may hold; `images` are the addresses of the images that it may show."""
    addresses = {address for _, address in images}
    for tag, attributes in Elements(html).found:
        if tag == "img":
            if attributes.get("src") not in addresses or not attributes.keys() <= IMAGE_ATTRIBUTES:
                return False
            continue
        allowed = tag in TAGS and attributes.keys() <= ATTRIBUTES
        if not re.match(r"fn(ref)?\d*:", attributes.get("id") or "fn:"):
            return False
        href = attributes.get("href") or "https://"
        if not allowed or not re.match(r"https?://|mailto:|#fn(ref)?\d*:", href, re.IGNORECASE):
            return False
        if attributes.get("class") not in (None, "wrap"):
            return False
    return True


@pytest.mark.parametrize("text", ACTIVE)
def test_nothing_active_survives(text: str) -> None:
    """Neither does what a browser would fetch."""
    assert inactive(str(card(text)))
    assert inactive(str(card(text, IMAGES)), IMAGES)
    assert inactive(str(card(f"before {text} after")))
    assert inactive(str(card(f"- {text}\n\n| {text} |\n|-|\n")))


PIECES = [
    *ACTIVE,
    *NO_LINKS,
    *CARDS,
    *CARDS_WITH_IMAGES,
    "[",
    "](",
    "<",
    ">",
    '"',
    "'",
    "`",
    "```",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "\t",
    "&",
    "\x00",
    "\u202e",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join))
def test_no_card_is_active_and_none_raises(text: str) -> None:
    """However the pieces are put together."""
    assert inactive(str(card(text)))
    assert inactive(str(card(text, IMAGES)), IMAGES)
    assert inactive(str(description(text)))
    assert not re.search("<h[1-6]", str(description(text)))
    assert "\n" not in plain(text)
    assert len(plain(text)) <= 160


HOSTILE = {
    "brackets in a long block": ("[aaaa " * 300).ljust(60_000, "x"),
    "brackets in brackets": "[" * 200 + "x" * 20_000 + "]" * 200,
    "brackets": "[" * 10_000,
    "images": "![" * 5_000,
    "parentheses": "[a](" + "(" * 5_000,
    "angles": "<" * 10_000,
    "addresses": "\n\n".join(["<http://" * 390] * 10),
    "backticks": "`a " * 5_000,
    "stars": "*a " * 5_000,
    "underscores": "_a " * 5_000,
    "ampersands": "&" * 10_000,
    "backslashes": "\\" * 10_000,
    "brackets in many blocks": "\n\n".join(["[" * 390] * 100),
    "numbers of lists": "1. " * 3_000,
    "dashes of lists": "- " * 3_000,
    "lists in lists": "\n".join("    " * depth + "- a" for depth in range(200)),
    "quotes": "> " * 1_000,
    "quotes in lists in quotes": "> - " * 1_000,
    "rules": "---\n" * 15_000,
    "rules of Windows": "---\r\n" * 15_000,
    "rules of old Macs": "---\r" * 15_000,
    "headings": "# a\n" * 15_000,
    "underlined headings": "a\n=\n" * 15_000,
    "one long line": "a" * 70_000,
    "one long card": "a\n\n" * 200_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_card_is_shown_as_it_is_written(text: str) -> None:
    """Converting it would take seconds to hours, or end the process."""
    html = str(card(text))
    assert re.match('<pre tabindex="0">(?!<)', html)
    assert inactive(html)


HARD = {
    "fences": "```\n```\n\n" * 8_000,
    "paragraphs": "a\n\n" * 15_000,
    "items": "- a\n" * 15_000,
    "tables": "a|b\n-|-\n1|2\n\n" * 2_000,
    "tags": "<p>\n\n" * 10_000,
    "comments": "<!-- a -->\n\n" * 5_000,
    "definitions": "[a]: https://x\n\n" * 5_000,
    "pipes": "|" * 60_000,
    "spaces": "a" + " " * 60_000 + "b",
    "code": "    a\n\n" * 10_000,
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_a_long_card_is_converted(text: str) -> None:
    """Its work grows with its length alone."""
    assert not is_too_costly(text)
    assert inactive(str(card(text)))


def test_an_ordinary_card_is_not_too_hard() -> None:
    """With a long table of code, many links and headings without blank lines."""
    table = "name | meaning\n--- | ---\n" + "".join(
        f"`column_{n}` | *the* [n-th](https://x/{n}) column\n" for n in range(150)
    )
    assert not is_too_costly(table)
    assert not is_too_costly("".join(f"## Part {n}\nText with `code` and more.\n" for n in range(60)))
    assert not is_too_costly("> quoted\n> > twice\n\n- a\n    - b\n        1. c\n")


PLAIN = {
    "A *model* with `code` and a [link](https://x).": "A model with code and a link.",
    "# Title\n\nText": "Title Text",
    "```\ncode\n```\nText": "Text",
    "<p>Text</p>": "Text",
    "![picture](x.png) Text": "picture Text",
    "`max_heart_rate` and *max_heart_rate* in a_b_c": "max_heart_rate and max_heart_rate in a_b_c",
    "__Bold__, ***both***, [**x**](y), `**not**`, ``a ` b``": "Bold, both, x, **not**, a ` b",
    "max\\_heart\\_rate": "max_heart_rate",
    "2*3, 2 * 3, a > b, 5 < 6 > 4, a || b, C#, #1": "2*3, 2 * 3, a > b, 5 < 6 > 4, a || b, C#, #1",
    "> quoted\n> > twice\n\n* a\n- b\n  + c": "quoted twice a b c",
    "Title\n===\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n***\nend": "Title a | b 1 | 2 end",
    "": "",
    "word " * 100: ("word " * 100)[:159].rstrip() + "…",
}


@pytest.mark.parametrize(("text", "line"), PLAIN.items())
def test_the_beginning_of_a_card_on_one_line(text: str, line: str) -> None:
    """For the catalog and for search engines."""
    assert plain(text) == line
