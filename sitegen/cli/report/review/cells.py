"""Texts of a registry in markdown: they break no table, mention nobody, and link, close and inject nothing.

A host links `@name`, `#1`, addresses and ids of commits in the HTML that it made of the markdown, so that a backslash
does not help: such texts become code, where it links nothing.
"""

import re
from html import escape

from sitegen.cli.report.markdown import code_span, escape_cell
from sitegen.core.text import reveal, visible
from sitegen.formats.text import shorten

MAX_CELL = 80
"""Characters of a text of the registry in a cell."""

_LABEL = re.compile(r"v\d{1,6}(?:\.\d{1,6}){0,3}(?:-?(?:rc|alpha|beta)\.?\d{0,4})?\Z")
_AUTOLINK = re.compile(r"[@#]|gh-\d|://|www\.|[0-9a-f]{7}", re.IGNORECASE)


def code(text: str) -> str:
    """A text as code, cut to the width of a cell."""
    return code_span(_short(text))


def cell(text: str) -> str:
    """A text of ours with words of the registry in it, without markup."""
    short = _short(text, 3 * MAX_CELL)
    return code_span(short) if _AUTOLINK.search(short) else escape_cell(short)


def label(text: str) -> str:
    """The label of a version: plain where it is one of ours, such as v3, else code."""
    return text if _LABEL.match(text) else code(text)


def html_code(text: str) -> str:
    """A text as code in HTML, for the summary of details."""
    return f"<code>{escape(visible(_short(text)))}</code>"


def html_label(text: str) -> str:
    """The label of a version in HTML."""
    return text if _LABEL.match(text) else html_code(text)


def _short(text: str, limit: int = MAX_CELL) -> str:
    return shorten(reveal(" ".join(text.split())) or '""', limit)
