"""The scalars of a YAML or CSV file, unfolded and unquoted, each with a source map back to the text of the file.

A YAML scalar may be folded over lines, and a CSV cell doubles its quotes, so patterns cannot search the raw text.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import yaml
from yaml._yaml import CParser

from sitegen.privacy.escapes import SourceMap, View

MAX_SCALARS = 50_000

_FOLD = re.compile(r"[ \t]*(?:\r?\n[ \t]*)+|\\\r?\n[ \t]*(?:\\(?=[ \t]))?")
_SINGLE = re.compile(r"''|[ \t]*(?:\r?\n[ \t]*)+")
_BLOCK = re.compile(r"(?<=[^\s])\r?\n[ \t]*(?=\S)")
_CELL = re.compile(r'(?<![^,;\t\n])"((?:[^"]|"")*)"(?![^,;\t\r\n])')
_DOUBLE_QUOTE = re.compile(r'""')
_CSV_PAIR = re.compile(r"(?m)^([\w .-]{2,60})[,;\t]([^\r\n,;\t]+)(?=\r?$)")


class ScalarText(NamedTuple):
    """One scalar of a file. `key` is its key, None where it is not the value of a key."""

    text: str
    to_source: SourceMap
    key: str | None


def scalars(text: str, path: str) -> Iterator[ScalarText]:
    """The scalars of a file; none if its name says that it is neither YAML nor CSV."""
    name = path.rpartition("/")[2].lower()
    if name == "mlmodel" or name.endswith((".yaml", ".yml")):
        return _of_yaml(text)
    if name.endswith((".csv", ".tsv")):
        return _of_csv(text)
    return iter(())


def _of_yaml(text: str) -> Iterator[ScalarText]:
    """The scalars of a YAML text; after a syntax error the rest is one scalar."""
    key: str | None = None
    state, last = "", 0
    try:
        for number, token in enumerate(_tokens(text)):
            if number > MAX_SCALARS:
                return
            if isinstance(token, yaml.ScalarToken):
                start, end = token.start_mark.index, token.end_mark.index
                if state == "key":
                    key = token.value
                yield _scalar(text, start, end, token.style, key if state == "value" else None)
                state, last = "", end
            elif isinstance(token, yaml.KeyToken | yaml.ValueToken):
                state = "key" if isinstance(token, yaml.KeyToken) else "value"
            elif not isinstance(token, yaml.AnchorToken | yaml.TagToken):
                state = ""
    except yaml.YAMLError:  # a text that was cut ends within a scalar
        yield _scalar(text, last, len(text), "cut", None)


def _tokens(text: str) -> Iterator[yaml.Token]:
    parser = CParser(text)
    while token := parser.get_token():
        yield token


def _scalar(text: str, start: int, end: int, style: str | None, key: str | None) -> ScalarText:
    if style in ("'", '"'):
        start, end = start + 1, end - 1
    elif style in ("|", ">"):
        start = text.find("\n", start, end) + 1 or start
        start += len(text[start:end]) - len(text[start:end].lstrip(" "))
        end = max(start, start + len(text[start:end].rstrip()))
    pattern = {"'": _SINGLE, "cut": _SINGLE, ">": _BLOCK, "|": _DOUBLE_QUOTE}.get(style or "", _FOLD)
    view = View(text[start:end], pattern, _unfold if style != "|" else lambda match: match[0])
    return ScalarText(view.text, partial(_shift_in_view, view, start), key)


def _shift_in_view(view: View, start: int, first: int, last: int) -> tuple[int, int]:
    begin, end = view.raw(first, last)
    return begin + start, end + start


def _unfold(match: re.Match[str]) -> str:
    """The text of a fold: a space, or as many line ends as there are empty lines."""
    found = match[0]
    if found == "''":
        return "'"
    if found.startswith("\\"):
        return ""
    return "\n" * (found.count("\n") - 1) or " "


def _of_csv(text: str) -> Iterator[ScalarText]:
    for found in _CELL.finditer(text):
        view = View(found[1], _DOUBLE_QUOTE, lambda _: '"')
        yield ScalarText(view.text, partial(_shift_in_view, view, found.start(1)), None)
    for found in _CSV_PAIR.finditer(text):
        yield ScalarText(found[2], partial(_shift, found.start(2)), found[1])


def _shift(by: int, first: int, last: int) -> tuple[int, int]:
    return first + by, last + by
