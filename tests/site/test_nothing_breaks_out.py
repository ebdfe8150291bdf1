"""No text of a registry becomes markup, script, style, address, JSON, a terminal's escape or a build server's command.

Each template and each output format is made twice of values with a text in every field: once with a harmless text,
once with one that tries to break out. Both have the same structure, and where texts may become markup, in cards and
descriptions, nothing active comes of it.
"""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from sitegen.analysis.check_policy import Finding
from sitegen.analysis.compat.compare import compare
from sitegen.analysis.gate import NO_BLOCKERS
from sitegen.cli.report import COMPARISON_FORMATS, DIAGNOSTIC_FORMATS
from sitegen.cli.report.check_result import CheckResult
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Model
from sitegen.site.assets import ASSET_NAMES
from sitegen.site.feeds import sitemap
from sitegen.site.index_pages import fixed_pages, index_pages
from sitegen.site.model_pages import model_pages, version_pages
from sitegen.site.summary import summarize
from sitegen.site.theme import load_theme, shipped_folder
from sitegen.site.views.context import model_context
from sitegen.site.views.parts import SiteView
from tests.support import everywhere, sites
from tests.support.registries import layout, mlmodel, write
from tests.support.terminals import on_terminal

MARK = "mkr"
HOSTILE = {
    "script": f"<script>{MARK}()</script>",
    "end of a script": f"</script><script>{MARK}()</script>",
    "image": f"<img src=x onerror={MARK}()>",
    "quotes": f'"\' onload={MARK}() x="',
    "address": f"javascript:{MARK}()",
    "data address": f"data:text/html,<script>{MARK}()</script>",
    "other host": f"//{MARK}.example/x",
    "link in a card": f"[x](javascript:{MARK}) ![y](https://{MARK}.example/x.png)",
    "line separators": f"\u2028{MARK}\u2029",
    "end of a comment": f"*/{MARK}/*-->]]><!--",
    "style": f"</style><style>*{{x:{MARK}}}</style>;}}x{{color:red",
    "expression": f"{{{{ {MARK} }}}}{{% {MARK} %}}${{{MARK}}}",
    "formula": f"=cmd|'/C {MARK}'!A0",
    "escapes": f"\x1b[31m{MARK}\x07\x9b2J\x08\r",
    "directions": f"\u202e{MARK}\u2066\u200f",
    "command": f"\n::error file=a::{MARK}\n##vso[task.x]{MARK}##[group]{MARK}\r::stop-commands::x",
    "command at once": f"::warning ::{MARK}",
    "table": f"|{MARK}|\n|---|---|\n`{MARK}`**",
    "entity": f"&lt;script&gt;{MARK}&#x3c;",
    "no text": f"\x00{MARK}\ud800\ufffe\uffff",
    "our own marks": f"<up>{MARK}[redacted]",
    "backslashes": f'\\"{MARK}\\u003cscript\\',
}
CARDS = frozenset(["card", "description"])
"""Fields of markdown: what becomes of them is markup by design."""

ASSETS = {name: f"assets/{name}" for name in (*ASSET_NAMES, "charts.js", "vega.js")}
TEMPLATES = sorted(path.relative_to(shipped_folder()).as_posix() for path in shipped_folder().rglob("*.html"))
SITE = SiteView(title="t", description="d", version="1", assets={**ASSETS, "custom.css": ""})


def harmless(text: str) -> str:
    """A text of the same length in which nothing means anything; a mark of ours stays: it withholds images."""
    end = "[redacted]" if text.endswith("[redacted]") else ""
    return (MARK * len(text))[: len(text) - len(end)] + end


def texts(text: str, cards: str) -> everywhere.Texts:
    """The text in every field; another one in those of markdown, and none with a slash in paths of files."""

    def of(field: str) -> str:
        if field in CARDS:
            return cards
        return text.replace("/", "|") if field == "path" else text

    return of


@cache
def made(text: str, cards: str) -> dict[str, bytes]:
    """Every file of a site about two models with a text in every field, and every report on a terminal."""
    fill = texts(text, cards)
    settings, theme, model = everywhere.settings(fill), load_theme(""), everywhere.model(fill)
    site = SITE._replace(title=fill("title"), description=fill("description"))
    others = problems(fill)
    files: dict[str, bytes] = {}
    summaries = []
    for slug, one in (("a", model), ("b", replace(model, kind="logged", card=None))):
        shared = model_context(one, slug, settings, site)
        pages = [*version_pages(shared, theme, b""), *model_pages(shared, theme, b"")]
        names = {folder: f"v{number}" for number, folder in enumerate(shared.folders)}
        for page in pages:
            files["/".join(names.get(piece, piece) for piece in page.path.split("/"))] = page.make()
        summaries.append(summarize(shared))
        files |= terminal(slug, one)
    shared_pages = index_pages(summaries, others, 0, theme, settings, site, b"", b"")
    files |= {page.path: page.make() for page in (*fixed_pages(theme, settings, site, b""), *shared_pages)}
    files |= {page.path: page.make() for page in sitemap(list(files), settings.site.base_url)}
    result = CheckResult(tuple(Finding(problem, fill("name")) for problem in others))
    files |= {f"check.{_ending(name)}": render(result).encode() for name, render in DIAGNOSTIC_FORMATS.items()}
    return files


def problems(fill: everywhere.Texts) -> list[Diagnostic]:
    """Problems of a place and message of every kind."""
    found = problem("yaml-syntax", fill("message"), fill("message"), 3, 4)
    return [found, replace(found, line=None, column=None, hint=fill("hint")), *everywhere.model(fill).problems]


def terminal(slug: str, model: Model) -> dict[str, bytes]:
    """What `sitegen compare` says of the model's versions, as one with another signature and without any."""
    old, new = model.versions
    assert new.mlmodel
    half = replace(new, mlmodel=replace(new.mlmodel, signature=None, flavors=(), run_id=None), tags=(), files=())
    files = {}
    for number, (one, other) in enumerate(((old, half), (half, old), (old, shuffled(new)))):
        found = compare(one, other)
        assert found.changes
        for name, render in COMPARISON_FORMATS.items():
            files[f"compare-{slug}-{number}.{_ending(name)}"] = render(found, NO_BLOCKERS).encode()
    return files


def _ending(name: str) -> str:
    """How the name of a file ends that holds the output of a format."""
    return {"text": "txt", "markdown": "md"}.get(name, name)


def shuffled(version: Any) -> Any:
    """The version with other types, defaults and names in its signature."""
    signature = version.signature
    inputs = tuple(
        replace(column, type=other.type, required=False)
        for column, other in zip(signature.inputs, reversed(signature.inputs), strict=True)
    )
    params = tuple(replace(spec, name=f"{spec.name}x", default=None) for spec in signature.params)
    changed = replace(signature, inputs=inputs, outputs=inputs[:1], params=params)
    return replace(version, mlmodel=replace(version.mlmodel, signature=changed))


def structure(data: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page with the names of their attributes.

    Without the places where a long name may break: they follow from its underscores and slashes, and hold nothing.
    """
    page = parsed(data)
    return [(tag, tuple(facts)) for tag, facts in page.elements if facts or tag != "wbr"]


def parsed(data: bytes) -> sites.Page:
    page = sites.Page()
    page.feed(data.decode())
    page.close()
    assert page.mistakes == []
    return page


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_changes_the_structure_of_a_page(text: str) -> None:
    """Elements and attributes are the same as with a harmless text, in every page."""
    hostile, plain = made(text, MARK), made(harmless(text), MARK)
    assert list(hostile) == list(plain)
    for path, data in hostile.items():
        if path.endswith(".html"):
            assert structure(data) == structure(plain[path]), path
            assert_inactive(path, data)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_card_brings_anything_active(text: str) -> None:
    """Cards and descriptions may become markup: paragraphs, tables, links to the web."""
    hostile, plain = made(text, f"{text}\n\n{text}"), made(harmless(text), MARK)
    for path, data in hostile.items():
        if path.endswith(".html"):
            assert_inactive(path, data)
            scripts = [facts for tag, facts in structure(data) if tag == "script"]
            assert scripts == [facts for tag, facts in structure(plain[path]) if tag == "script"], path


ACTIVE = {"iframe", "object", "embed", "form", "base", "style", "frame", "image", "foreignobject", "template"}
IMAGE = re.compile(r"(?:\.\./)*(?:card|preview)/[0-9a-f]{16}\.(?:png|jpg|gif|webp)")
SCHEMES = re.compile(r"(?:https?://(?!mkr)|mailto:|[\w./#?%=-]*\Z|[^:]*\Z)")


def assert_inactive(path: str, data: bytes) -> None:
    """No element, attribute or address of a page does anything."""
    page = parsed(data)
    assert not {tag for tag, _ in page.elements} & ACTIVE, path
    for tag, facts in page.elements:
        assert not [name for name in facts if name.startswith("on") or name in ("style", "srcdoc", "formaction")], path
        assert tag != "script" or facts.get("src", "").startswith(("../", "assets/", "data.js", "https://")), path
        assert tag != "script" or MARK not in facts.get("src", ""), path
        assert tag != "img" or IMAGE.fullmatch(facts.get("src", "")), path
        assert tag != "meta" or facts.get("http-equiv", "") in ("", "Content-Security-Policy"), path
    for link in page.links():
        assert SCHEMES.match(link.strip().lower()), (path, link)
        assert not link.startswith(("//", "\\", "/")), (path, link)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_breaks_out_of_data(text: str) -> None:
    """JSON, scripts of data and XML are as they are with a harmless text, but for the texts."""
    hostile, plain = made(text, MARK), made(harmless(text), MARK)
    for path, data in hostile.items():
        if path.endswith(".json") and "schema" not in path:
            assert keys(json.loads(data)) == keys(json.loads(plain[path])), path
        elif path.startswith("catalog/") or ("/versions/" in path and path.endswith(".js")):
            assert columns(json.loads(script(data))) == columns(json.loads(script(plain[path]))), path
        elif path.endswith(".js"):
            assert keys(json.loads(script(data))) == keys(json.loads(script(plain[path]))), path
        elif path.endswith(".xml"):
            tags = [[element.tag for element in ElementTree.fromstring(one[path]).iter()] for one in (hostile, plain)]
            assert tags[0] == tags[1], path


def script(data: bytes) -> str:
    """The JSON in a script of data, which is nothing but one assignment or call."""
    call = re.fullmatch(r"window\.sitegen(?:Catalog|VersionTable)\.\w+\((?:\d+,)?(.*)\);\n", data.decode(), re.DOTALL)
    found = re.fullmatch(
        r'\(window\.(\w+) = window\.\1 \|\| \{\}\)\["[ab](?:/\d+)?"\] = (.*);\n', data.decode(), re.DOTALL
    )
    assert call or found
    return call[1] if call else found[2] if found else ""


def columns(value: Any) -> Any:
    """The shape of the catalog's data: columns are written in several ways, by how many of their values are equal."""
    if isinstance(value, dict) and "v" not in value:
        return [columns(inner) for inner in value.values()]
    return type(value) if isinstance(value, str | int) else "column"


def keys(value: Any) -> Any:
    """The shape of a value: lists and objects, without the texts."""
    if isinstance(value, dict):
        return [keys(inner) for inner in value.values()]
    return [keys(inner) for inner in value] if isinstance(value, list) else type(value)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_reaches_a_terminal_as_more_than_text(text: str) -> None:
    """No control character but the ends of our own lines, and no line that a build server takes for a command."""
    hostile, plain = made(text, MARK), made(harmless(text), MARK)
    for path, data in hostile.items():
        if not path.startswith(("check.", "compare-")):
            continue
        said = data.decode()
        assert said.count("\n") == plain[path].decode().count("\n"), path
        assert [letter for letter in said if not letter.isprintable() and letter != "\n"] == [], path
        if not path.endswith(".github"):
            assert not re.search(r"(?m)^\s*::|##\w*\[", said), path
        else:
            lines = said.splitlines()
            assert [line for line in lines if not re.match(r"::(?:error|warning|notice) file=[^:,]*,", line)] == []
            assert len(lines) == len(plain[path].decode().splitlines())
        if path.endswith(".md"):
            bars = [len(re.findall(r"(?<!\\)\|", line)) for line in said.splitlines()]
            assert bars == [len(re.findall(r"(?<!\\)\|", line)) for line in plain[path].decode().splitlines()]
            tokens = MarkdownIt("commonmark").enable("table").parse(said)
            inside = {one.type for token in tokens for one in token.children or ()}
            assert inside <= {"text", "text_special", "code_inline", "strong_open", "strong_close"}, path


ESCAPES = f"\x1b[7;77m{MARK}\x1b]0;{MARK}\x07\x9b7;77m\x08\x0e{MARK}\r\n\x1bc{MARK}"
"""A style that nothing else has, a title, a bell, a step back, other letters, a line of its own, a cleared screen."""
OWN = re.compile(rb"\x1b\[(?:\?25[lh]|2K|1A|\d{1,3}(?:;\d{1,3}){0,6}m|0?m)|\r\n|\r")
"""What a progress bar and the ends of lines are made of."""


def escaping() -> dict[str, str | bytes]:
    """A registry whose names and problems hold escapes."""
    column = mlmodel([{"type": "long", "name": ESCAPES}], utc_time_created=ESCAPES)
    named = layout(ESCAPES, "1", metrics_json=json.dumps({ESCAPES: ESCAPES})) | layout(ESCAPES, ESCAPES)
    files = {f"{ESCAPES}/1/{name}": content for name, content in ((ESCAPES, "x"), ("model.yaml", f"{MARK}: [[\x1b"))}
    return named | files | {f"{ESCAPES}/2/MLmodel": column, f"{ESCAPES}/3/MLmodel": "a: ["}


COMMANDS: dict[str, tuple[tuple[str, ...], int, tuple[bytes, ...]]] = {
    "build": (("build", ESCAPES, "--output", f"site {ESCAPES}"), 0, (b"versions ", b" models, ")),
    "build of nothing": (("build", f"{ESCAPES}{ESCAPES}"), 2, (b" does not exist",)),
    "build of no registry": (("build", f"none {ESCAPES}"), 2, (b" cannot be read",)),
    "check": (("check", ESCAPES), 1, (b" errors, ",)),
    "check for GitHub": (("check", ESCAPES, "--format", "github"), 1, (b"::error",)),
    "compare": (("compare", f"{ESCAPES}/{ESCAPES}/1", f"{ESCAPES}/{ESCAPES}/2"), 1, (rb"\x1b[7;77m",)),
    "settings": (("check", ESCAPES, "--config", f"{ESCAPES}.toml"), 2, (b".toml",)),
    "templates": (("build", ESCAPES, "--config", "templates.toml", "--output", "other"), 2, (b"base.html",)),
}


@pytest.mark.parametrize(("arguments", "code", "said"), COMMANDS.values(), ids=COMMANDS)
@pytest.mark.usefixtures("sample")  # makes the chart scripts
def test_no_text_moves_the_cursor_of_a_terminal(
    arguments: tuple[str, ...], code: int, said: tuple[bytes, ...], tmp_path: Path
) -> None:
    """Names of files, messages, places and the progress bar, as a terminal gets them."""
    surroundings(tmp_path)
    left, written = on_terminal(tmp_path, *arguments)
    assert (left, [text for text in said if text not in written]) == (code, []), written
    assert_calm(written)


def test_no_text_moves_the_cursor_of_a_terminal_while_it_is_served(tmp_path: Path) -> None:
    """What stops a preview's build is told on the terminal too."""
    surroundings(tmp_path)
    _, written = on_terminal(tmp_path, "serve", f"none {ESCAPES}", "--port", "0", until=b"cannot be read")
    assert written.count(b"http://") == 1
    assert written.count(b"cannot be read") == 1
    assert_calm(written)


def surroundings(folder: Path) -> None:
    """A registry, a folder that is none, settings and templates, all of them with escapes."""
    write(folder / ESCAPES, escaping())
    write(folder / f"none {ESCAPES}", {f"{ESCAPES}.db": b"SQLite format 3\0" + b"x" * 999})
    templates = f"templates {ESCAPES}"
    write(folder, {f"{ESCAPES}.toml": "a = [", f"{templates}/base.html": f"{{% {ESCAPES} %}}"})
    write(folder, {"templates.toml": f"[site]\ntemplates = {json.dumps(templates)}\n"})


def assert_calm(written: bytes) -> None:
    """Nothing but text, the ends of lines, and what a progress bar is made of."""
    assert b"\x1b[7;77m" not in written
    rest = OWN.sub(b"", written).decode()
    assert [letter for letter in rest if not letter.isprintable()] == [], written


def test_every_field_of_text_is_filled() -> None:
    """Whatever fields the values get: the walk finds them by their types."""
    seen: set[str] = set()

    def note(value: Any, place: str) -> None:
        if isinstance(value, str):
            seen.add(place)
        elif everywhere.is_record(type(value)):
            for name in everywhere.hints(type(value)):
                note(getattr(value, name), f"{type(value).__name__}.{name}")
        elif isinstance(value, tuple | list):
            for inner in value:
                note(inner, place)
        elif isinstance(value, dict):
            note([*value, *value.values()], place)

    note(everywhere.model(texts(MARK, MARK)), "")
    wanted = everywhere.fields_of(Model)
    assert len(wanted) > 60
    assert wanted - seen == set()


def test_every_template_is_walked() -> None:
    """Those that pages are made of, and the parts that they include; all show texts of the registry."""
    rendered = {template for template, needle in SHOWN.items() if needle(made(MARK, MARK))}
    assert set(TEMPLATES) == rendered | PARTS | REVIEW
    for path, data in made(MARK, MARK).items():
        if path.endswith((".html", ".js", ".json", ".xml")) and not re.match("404|about|sitemap|api/schema", path):
            assert MARK in data.decode(), path


REVIEW = {"review.html"}
"""Pages of `sitegen diff`, which `tests/process/test_diff_formats.py` walks."""

PARTS = {"base.html"} | {template for template in TEMPLATES if template.startswith("parts/")}
SHOWN = {
    "404.html": lambda files: "404.html" in files,
    "about.html": lambda files: "about/index.html" in files,
    "catalog.html": lambda files: "index.html" in files,
    "compare.html": lambda files: {"compare/index.html", "models/a/compare/index.html"} <= set(files),
    "model.html": lambda files: "models/a/index.html" in files,
    "problems.html": lambda files: "problems/index.html" in files,
    "version.html": lambda files: {"models/a/v0/index.html", "models/b/v1/index.html"} <= set(files),
}
