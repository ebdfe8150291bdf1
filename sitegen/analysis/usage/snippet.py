"""`Snippet`, a piece of code for a reader to copy, and the literals in it."""

from collections.abc import Iterable
from typing import NamedTuple

MAX_LINE_LENGTH = 100
"""Characters of a line, where there is a place to break it."""

URI = "\0uri\0"
"""Stands for the address of the version, as a text in quotes, until `fill` knows it."""


class Snippet(NamedTuple):
    """A piece of code that runs as it stands.

    `language` is python or shell. `needs` names what must be there first, such as a variable; the text says so, too,
    in a comment.
    """

    title: str
    language: str
    text: str
    needs: tuple[str, ...] = ()


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


def quote(text: str) -> str:
    """A text as a Python literal, in double quotes where that needs no escapes."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in text else literal


def call(function: str, arguments: Iterable[str], close: str = ")") -> str:
    """A call on one line where it fits, else with one argument a line."""
    arguments = list(arguments)
    line = f"{function}({', '.join(arguments)}{close}"
    if len(line) <= MAX_LINE_LENGTH and "\n" not in line:
        return line
    return "\n".join([f"{function}(", *(f"    {indent(one)}," for one in arguments), close])


def indent(text: str) -> str:
    """A text whose lines after the first stand further right."""
    return text.replace("\n", "\n    ")
