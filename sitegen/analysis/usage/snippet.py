"""`Snippet`, a piece of code for a reader to copy, and the literals in it."""

import shlex
from collections.abc import Iterable
from typing import NamedTuple

from sitegen.analysis.usage.address import Address

MAX_LINE_LENGTH = 100
"""Characters of a line, where there is a place to break it."""

URI = "\0uri\0"
"""Stands for the address of the version, as a literal of the language, until `fill` knows it."""

NEED = "\0need\0"
"""Stands for what the address needs, until `fill` knows it."""


class Snippet(NamedTuple):
    """A piece of code that runs as it stands.

    `language` is python, shell, yaml or json. `needs` names what must be there first, such as a variable; the text says
    so, too, in a comment. `table` is the part that makes the table, or names its columns: a page puts the columns there
    that its reader has mapped. Empty where nothing can be mapped.
    """

    title: str
    language: str
    text: str
    needs: tuple[str, ...] = ()
    table: str = ""


_IMPORTS = {
    "base64": "import base64",
    "h2o": "import h2o",
    "mlflow": "import mlflow",
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "torch": "import torch",
    "xgboost": "import xgboost",
}
"""The import of each module that Python code may use, by the name in front of the dot."""


def python_snippet(title: str, lines: Iterable[str], needs: Iterable[str] = (), more: Iterable[str] = ()) -> Snippet:
    """Python code with the imports that it uses; `more` are others, such as `from x import y`."""
    body, needs = "\n".join(lines), tuple(needs)
    used = [text for name, text in _IMPORTS.items() if _uses(body, name)]
    comments = [f"# {need}" for need in needs]
    head = "\n".join([*used, *more])
    return Snippet(title, "python", "\n".join([head, "", *comments, body]), needs)


def _uses(body: str, name: str) -> bool:
    """Whether code uses a module: its name stands in front of a dot, and is no attribute or part of a word."""
    before = body.split(f"{name}.")[:-1]
    return any(not (text[-1:].isalnum() or text[-1:] in ("_", ".", '"', "'", "/")) for text in before)


def note_need(snippet: Snippet) -> Snippet:
    """The snippet with a comment, in front of the line that has the address, about what the address needs."""
    before, mark, after = snippet.text.partition(URI)
    if not mark:
        return snippet
    head, newline, line = before.rpartition("\n")
    return snippet._replace(text=f"{head}{newline}# {NEED}\n{line}{mark}{after}")


def fill(snippet: Snippet, address: Address) -> Snippet:
    """The snippet with the address of a version in it, where it has a place for one."""
    if URI not in snippet.text:
        return snippet
    text = snippet.text.replace(NEED, address.need).replace(URI, literal(address.text, snippet.language))
    return snippet._replace(text=text, needs=(*snippet.needs, address.need))


def literal(text: str, language: str) -> str:
    """A text as a literal of Python or as a word of the shell."""
    return quote(text) if language == "python" else shlex.quote(text)


def quote(text: str) -> str:
    """A text as a Python literal, in double quotes where that needs no escapes."""
    single = repr(text)
    return f'"{single[1:-1]}"' if single[0] == "'" and '"' not in text else single


def warn(text: str, values: str) -> str:
    """Code with a comment in front of it, of Python or the shell, that says which values to replace, if any."""
    return f"# {values}: replace them\n{text}" if values else text


def call(function: str, arguments: Iterable[str], close: str = ")") -> str:
    """A call on one line where it fits, else with one argument a line; a dict alone stays at the parenthesis."""
    arguments = list(arguments)
    line = f"{function}({', '.join(arguments)}{close}"
    if len(arguments) == 1 and arguments[0].startswith("{\n"):
        return line
    if len(line) <= MAX_LINE_LENGTH and "\n" not in line:
        return line
    return "\n".join([f"{function}(", *(f"    {indent(one)}," for one in arguments), close])


def indent(text: str) -> str:
    """A text whose lines after the first stand further right."""
    return text.replace("\n", "\n    ")
