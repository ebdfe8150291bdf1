"""Two lists of lines side by side: which are equal, changed, removed or added, and what changed within a line."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from posixpath import commonprefix
from typing import Literal, NamedTuple

_MIN_FOLD = 4
"""Equal lines in a row from which on the inner ones are folded."""

_MAX_LINES = 400
"""Lines of a text that are compared; of a longer one only the first."""


class Line(NamedTuple):
    """A line: what tells it from the others, and its text."""

    key: str
    text: str


class Piece(NamedTuple):
    """A text in three parts; the middle differs from that of the other side."""

    start: str
    middle: str
    end: str


class LineRow(NamedTuple):
    """A row of the table. Numbers count from 1; None where a side has no line. `names` are those of folded lines."""

    kind: Literal["same", "changed", "removed", "added", "folded"]
    key: str = ""
    old_number: int | None = None
    new_number: int | None = None
    old: Piece | None = None
    new: Piece | None = None
    names: tuple[str, ...] = ()


def line_rows(old: Sequence[Line], new: Sequence[Line]) -> tuple[LineRow, ...]:
    """The rows of both lists; long runs of equal lines are folded."""
    return tuple(_fold(list(_rows(old[:_MAX_LINES], new[:_MAX_LINES]))))


def text_lines(text: str | None) -> tuple[Line, ...]:
    """The lines of a text; each is its own key."""
    return tuple(Line(line, line) for line in (text or "").splitlines())


def _rows(old: Sequence[Line], new: Sequence[Line]) -> Iterator[LineRow]:
    keys = [line.key for line in old], [line.key for line in new]
    for tag, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            for place in range(b - a):
                yield _pair(old[a + place], new[c + place], a + place + 1, c + place + 1)
            continue
        for place in range(a, b):
            line = old[place]
            yield LineRow("removed", line.key, old_number=place + 1, old=Piece("", line.text, ""))
        for place in range(c, d):
            line = new[place]
            yield LineRow("added", line.key, new_number=place + 1, new=Piece("", line.text, ""))


def _pair(old: Line, new: Line, old_number: int, new_number: int) -> LineRow:
    if old.text == new.text:
        whole = Piece(old.text, "", "")
        return LineRow("same", old.key, old_number, new_number, whole, whole)
    start = len(commonprefix([old.text, new.text]))
    end = len(commonprefix([old.text[start:][::-1], new.text[start:][::-1]]))
    pieces = (Piece(one[:start], one[start : len(one) - end], one[len(one) - end :]) for one in (old.text, new.text))
    before, after = pieces
    return LineRow("changed", old.key, old_number, new_number, before, after)


def _fold(rows: list[LineRow]) -> Iterator[LineRow]:
    """Fold the inner lines of long runs of equal ones."""
    place = 0
    while place < len(rows):
        end = place
        while end < len(rows) and rows[end].kind == "same":
            end += 1
        if end - place >= _MIN_FOLD:
            first = place if place == 0 else place + 1
            last = end if end == len(rows) else end - 1
            yield from rows[place:first]
            yield LineRow("folded", names=tuple(row.key for row in rows[first:last]))
            yield from rows[last:end]
        else:
            yield from rows[place:end]
        place = end
        if place < len(rows):
            yield rows[place]
            place += 1
