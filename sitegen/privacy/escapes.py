"""Views of a text with its escapes decoded, each with a source map back to positions in the text.

A token behind `\\n`, a path written `\\u002fhome\\u002f...` and JSON inside of JSON are found in what a reader sees.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

MAX_LEVELS = 5
"""Levels of nested escapes that are decoded: JSON in JSON in a YAML text has three."""

_ESCAPE = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|(\r?\n[ \t]*(?:\\(?=[ \t]))?)|"
    r"([abefnrtv0N_LP])|([!-/:-@\[-`{-~ ]))"
    r"|%([0-9a-fA-F]{2})"
    r"|&(\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});"
)
_LETTERS = {"n": "\n", "r": "\n", "N": "\n", "L": "\n", "P": "\n"}


def _decode(match: re.Match[str]) -> str:
    kind = match.lastindex
    found = match[kind or 0]
    if kind in (1, 2, 3, 7):
        code = int(found, 16)
        return chr(code) if code < 0x110000 else " "
    if kind == 4:  # a continuation line
        return ""
    if kind == 5:
        return _LETTERS.get(found, " ")
    return html.unescape(match[0]) if kind == 8 else found


class View:
    """A text with the matches of a pattern decoded; `raw` maps positions in it back to the source."""

    def __init__(self, source: str, pattern: re.Pattern[str], decode: Callable[[re.Match[str]], str]) -> None:
        pieces: list[str] = []
        self._starts: list[int] = [0]
        self._raws: list[tuple[int, int]] = [(0, -1)]  # source of each piece; end -1: copied unchanged
        length = last = 0
        for match in pattern.finditer(source):
            new = decode(match)
            pieces += (source[last : match.start()], new)
            length += match.start() - last
            self._starts += (length, length + len(new))
            self._raws += ((match.start(), match.end()), (match.end(), -1))
            length += len(new)
            last = match.end()
        pieces.append(source[last:])
        self.text = "".join(pieces)

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """The start and end in the source of a range of this text."""
        at = bisect_right(self._starts, start) - 1
        first, stop = self._raws[at]
        begin = first if stop >= 0 else first + start - self._starts[at]
        if end <= start:
            return begin, begin
        at = bisect_right(self._starts, end - 1) - 1
        first, stop = self._raws[at]
        return begin, stop if stop >= 0 else first + end - self._starts[at]


SourceMap = Callable[[int, int], tuple[int, int]]
"""Maps start and end in a view to start and end in the text that is published."""


def views(text: str, to_source: SourceMap = lambda start, end: (start, end)) -> Iterator[tuple[str, SourceMap]]:
    """The text, then the text with its escapes decoded, level by level; each with its source map."""
    yield text, to_source
    for _ in range(MAX_LEVELS):
        if not any(mark in text for mark in "\\%&") or not _ESCAPE.search(text):
            return
        view = View(text, _ESCAPE, _decode)
        to_source = _compose(to_source, view)
        text = view.text
        yield text, to_source


def _compose(outer: SourceMap, view: View) -> SourceMap:
    return lambda start, end: outer(*view.raw(start, end))
