"""An upper bound on the cost of converting a markdown text, by counting.

`markdown` is quadratic on hostile texts: 10,000 open brackets take 9 s. So a text is counted before it is converted.
"""

import re
from functools import lru_cache

MAX_LENGTH = 256 * 1024
"""Characters of a card that are converted."""

MAX_MARKS = 400
"""Marks of one kind in one block that are still converted: the cost grows with their square."""

MAX_WORK = 600_000
"""Squares of marks, over all blocks, that are still converted: at most half a second, mostly a tenth of that."""

MAX_STEPS = 4_000_000
"""Letters between brackets and their ends, or the block's where they have none: each looks for its own, in 0.5 s."""

MAX_CUTS = 15_000_000
"""Headings and rules of a block, times its length, and blocks, squared: each is cut off the rest. At most 0.4 s."""

MAX_DEPTH = 40
"""Quotes and lists inside of each other."""

CACHE_LIMIT = 2**15
"""Characters of texts whose result is cached."""

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
    """How many letters lie between brackets and their ends, all brackets taken together."""
    opened: list[int] = []
    total = 0
    for bracket in _BRACKETS.finditer(block):
        if bracket[0] == "[":
            opened.append(bracket.start())
        elif opened:
            total += bracket.start() - opened.pop()
    return total + sum(len(block) - place for place in opened)


_is_too_costly_cache = lru_cache(maxsize=512)(_is_too_costly)


def _depth(line: str) -> int:
    """How deep quotes and lists nest at the beginning of a line."""
    opened = _NESTED_BLOCK.match(line)
    if opened is None:
        return 0
    indent = len(line) - len(line.lstrip())
    return sum(1 for _ in _OPENERS.finditer(opened[0])) + indent // 4
