"""The view of "Use it" on the page of a version: code by tab, and the addresses that it can be written for."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from sitegen.analysis.readiness import Readiness, readiness
from sitegen.analysis.usage.address import Address
from sitegen.analysis.usage.azure import azure_commands
from sitegen.analysis.usage.cloud_names import CloudNames, cloud_names, place
from sitegen.analysis.usage.environment import environment_texts, source_of
from sitegen.analysis.usage.python import chat_note
from sitegen.analysis.usage.snippet import NEED, URI, Snippet, literal
from sitegen.analysis.usage.snippets import Usage, chat_task, usage_texts
from sitegen.core.memoize import memoize_by_identity
from sitegen.core.text import reveal
from sitegen.domain.model import Version
from sitegen.site.views.parts import html

_LABELS = {"version": "Version", "alias": "Alias", "logged": "Logged model", "folder": "Folder"}


class AddressRow(NamedTuple):
    """An address as a reader sees it, and as code has it: a literal of Python and a word of the shell.

    `source` says which commands recreate the environment: those for a folder, or those for a registry.
    """

    label: str
    text: str
    python: str
    shell: str
    need: str
    source: str


class Block(NamedTuple):
    """A piece of code. `source` is the kind of address that it is for; empty for all. `first`: shown at first."""

    title: str
    text: Markup
    source: str = ""
    first: bool = True


class Tab(NamedTuple):
    """Code for one way to use a version, and a sentence about it. `first`: open at first."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    note: str = ""
    first: bool = False


class CodeView(NamedTuple):
    """The addresses, the one that code is written for first, and the tabs.

    Versions of one content share `tabs`, the code that loads and calls the model. `environment` holds the last tab,
    code that recreates the environment, which more versions have to themselves. `names` are those that code has in
    clouds. `task` is that of an agent or chat model, and `note` a sentence about it; empty for all others. `request` is
    the JSON text that a REST request sends, `made_up` a sentence about the values in it that no example has, and
    `refusal` a sentence that says why there is no request. `readiness` is None if no MLmodel can be read.
    """

    addresses: tuple[AddressRow, ...]
    names: CloudNames
    tabs: tuple[Tab, ...]
    environment: tuple[Tab, ...] = ()
    task: str = ""
    note: str = ""
    request: str = ""
    refusal: str = ""
    made_up: str = ""
    readiness: Readiness | None = None


def code_view(model: str, version: Version, addresses: tuple[Address, ...], example: str = "") -> CodeView:
    """The code of a version; no tabs where no file says anything about its use. `example` is a request."""
    usage = usage_texts(version) if addresses else Usage()
    rows = tuple(map(_address_row, addresses))
    sources = tuple(dict.fromkeys(row.source for row in rows)) or ("",)
    task = chat_task(version.mlmodel) if version.mlmodel else ""
    tabs = _tabs(usage, sources)
    environment = tuple((source, environment_texts(version, source or None)) for source in sources)
    return CodeView(
        addresses=rows,
        names=cloud_names(model, version.name),
        tabs=tabs,
        environment=_environment_tabs(environment, not tabs),
        task=task,
        note=chat_note(task),
        request=usage.request,
        refusal=_refusal(usage),
        made_up=f"It has {_note(usage.made_up)}: replace them." if usage.made_up else "",
        readiness=readiness(version, example),
    )


def _address_row(address: Address) -> AddressRow:
    return AddressRow(
        label=_LABELS[address.kind],
        text=reveal(address.text),
        python=literal(address.text, "python"),
        shell=literal(address.text, "shell"),
        need=address.need,
        source=source_of(address.kind),
    )


@lru_cache(maxsize=256)
def _tabs(usage: Usage, sources: tuple[str, ...]) -> tuple[Tab, ...]:
    """The tabs that have code. Cached, so that versions of one content share them."""
    tabs = [
        Tab("python", "Python", _blocks(usage.python, "pandas")),
        *(Tab("native", one.title.removeprefix("Load with "), _blocks([one], "pandas")) for one in usage.native),
        Tab("spark", "Spark", _blocks(usage.spark, "spark")),
        Tab("fabric", "Fabric", _blocks(usage.fabric, "columns"), usage.fabric_note),
        Tab("rest", "REST", _blocks(usage.serving), _refusal(usage)),
        Tab("cli", "CLI", _blocks(usage.batch)),
        Tab("azure", "Azure ML", _azure_blocks(usage, sources), _note(usage.azure_note)),
    ]
    found = [tab for tab in tabs if tab.blocks]
    return tuple(tab._replace(first=number == 0) for number, tab in enumerate(found))


@lru_cache(maxsize=256)
def _environment_tabs(environment: tuple[tuple[str, tuple[Snippet, ...]], ...], first: bool) -> tuple[Tab, ...]:
    """The tab with the commands for each source, if there are any. Cached as `_tabs` is."""
    blocks = _source_blocks(environment)
    return (Tab("environment-code", "Environment", blocks, first=first),) if blocks else ()


def _refusal(usage: Usage) -> str:
    return f"No request can be written: {_note(usage.refusal)}." if usage.refusal else ""


def _note(text: str) -> str:
    """A sentence that has names, with no place in it."""
    return reveal(text).replace(_MARK, "�")


def _azure_blocks(usage: Usage, sources: Iterable[str]) -> tuple[Block, ...]:
    if not usage.azure:
        return ()
    has_request = len(usage.azure) > 1
    commands = tuple((source, (azure_commands(source, has_request),)) for source in sources)
    return (*_source_blocks(commands), *_blocks(usage.azure))


def _source_blocks(texts: tuple[tuple[str, tuple[Snippet, ...]], ...]) -> tuple[Block, ...]:
    """The commands for each source of the files; those for the first address are shown at first."""
    several = len(texts) > 1
    return tuple(
        Block(one.title, _mark_places(one, source), source if several else "", number == 0)
        for number, (source, snippets) in enumerate(texts)
        for one in snippets
    )


def _blocks(snippets: Iterable[Snippet], form: str = "") -> tuple[Block, ...]:
    """The code; `form` is the form in which a page writes the columns that its reader maps."""
    return tuple(Block(one.title, _mark_places(one, form=form)) for one in snippets)


# --- places in code ------------------------------------------------------------------------------------------------


def _mark_places(snippet: Snippet, source: str = "", form: str = "") -> Markup:
    """The code as HTML, with elements whose text a script replaces: by another address, or by the reader's columns."""
    text = _escape(snippet.text)
    if snippet.table:
        table = _escape(snippet.table)
        text = text.replace(table, f'<span data-code-table="{form}">{table}</span>', 1)
    for field in CloudNames._fields:
        text = text.replace(place(field), _place("", field))
    address = _place(source, snippet.language)
    text = text.replace(NEED, f"<span data-code-need>{_place(source, 'need')}</span>")
    return html(text.replace(URI, f'<var data-code-address="{snippet.language}">{address}</var>'))


def _escape(text: str) -> str:
    """A text as the text of an element, where quotes need no escapes: code has many."""
    return str(escape(text)).replace("&#34;", '"').replace("&#39;", "'")


def _place(source: str, field: str) -> str:
    """Stands for a field of the first address of a source, or of the first of all."""
    return f"{_MARK}{source} {field}{_MARK}"


_MARK = "\0"
"""Stands around a place; no code has it, since literals have escapes for it."""


def fill_places(text: Markup, code: CodeView) -> Markup:
    """HTML with the names and the first address in all places, or the first address of the source that code is for."""
    pieces = _pieces(text)
    if len(pieces) == 1:
        return text
    texts = _place_texts(code)
    filled = list(pieces)
    filled[1::2] = [texts[place] for place in pieces[1::2]]
    return html("".join(filled))


@memoize_by_identity(1)
def _place_texts(code: CodeView) -> dict[str, str]:
    """The texts of all places. Cached, since a page has several texts with places."""
    texts = {f" {field}": _escape(name) for field, name in code.names._asdict().items()}
    for row in reversed(code.addresses):
        for field in ("python", "shell", "need"):
            texts[f" {field}"] = texts[f"{row.source} {field}"] = _escape(getattr(row, field))
    return texts


@memoize_by_identity(256)
def _pieces(text: Markup) -> tuple[str, ...]:
    """HTML, and at odd positions the places in it. Cached, since versions share texts."""
    return tuple(str(text).split(_MARK))
