"""An upper bound on the cost of converting a markdown text, by counting.

`markdown` is quadratic on hostile texts: 10,000 open brackets take 9 s. So a text is counted before it is converted.
"""

import re
from functools import lru_cache

MAX_LENGTH = 256 * 1024
"""Characters of a card that are converted."""

MAX_MARKS = 400
"""Marks of one kind in one block: the cost grows with their square."""

MAX_WORK = 600_000
"""Sum of the squared marks of all blocks: at most half a second, mostly a tenth of that."""

MAX_STEPS = 4_000_000
"""Letters between opening brackets and their closing bracket, or the end of the block: a search of at most 0.5 s."""

MAX_CUTS = 15_000_000
"""Headings and rules of a block times its length, plus the squared blocks: each one copies the rest. At most 0.4 s."""

MAX_NOTES = 1000
"""References to footnotes, and the notes themselves: the cost grows with their square."""

MAX_DEPTH = 40
"""Nested quotes and lists."""

CACHE_LIMIT = 2**15
"""The longest text whose result is cached, in characters."""

_CUTS = re.compile(r"^ {0,3}(?:#|[-_*=][-_*= \t]*$)", re.MULTILINE)
_BRACKETS = re.compile(r"[\[\]]")
_NESTED_BLOCK = re.compile(r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t])))+")
_OPENERS = re.compile(r">|[-+*]|\d+[.)]")


def is_too_costly(text: str) -> bool:
    """Whether converting the text could take seconds."""
    return _is_too_costly_cache(text) if len(text) <= CACHE_LIMIT else _is_too_costly(text)


def _is_too_costly(text: str) -> bool:
    if len(text) > MAX_LENGTH or any(_depth(line) > MAX_DEPTH for line in text.splitlines()):
        return True
    if text.count("[^") > MAX_NOTES:
        return True
    blocks = re.split(r"\n\s*\n", text)
    work, looked, cuts = 0, 0, len(blocks) * len(blocks) // 20
    for block in blocks:
        marks = max(block.count(mark) for mark in "[(<`*_!&\\")
        work += marks * marks
        looked += _bracket_distance(block)
        cuts += sum(1 for _ in _CUTS.finditer(block)) * len(block)
        if marks > MAX_MARKS or work > MAX_WORK or cuts > MAX_CUTS or looked > MAX_STEPS or len(block) > 65536:
            return True
    return False


def _bracket_distance(block: str) -> int:
    """The letters between each opening bracket and its closing bracket, summed over all brackets."""
    unclosed: list[int] = []
    total = 0
    for bracket in _BRACKETS.finditer(block):
        if bracket[0] == "[":
            unclosed.append(bracket.start())
        elif unclosed:
            total += bracket.start() - unclosed.pop()
    return total + sum(len(block) - start for start in unclosed)


_is_too_costly_cache = lru_cache(maxsize=512)(_is_too_costly)


def _depth(line: str) -> int:
    """The nesting depth of quotes and lists at the beginning of a line."""
    markers = _NESTED_BLOCK.match(line)
    if markers is None:
        return 0
    indent = len(line) - len(line.lstrip())
    return sum(1 for _ in _OPENERS.finditer(markers[0])) + indent // 4
