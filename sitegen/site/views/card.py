"""The view of a card on the page of a model: the fold of a long one."""

import re
from typing import NamedTuple

from markupsafe import Markup

from sitegen.site.views.parts import html

MAX_LINES = 12
"""Lines of a folded card; `site.css` gives it the same height."""

SPARE_LINES = 4
"""A card that is only so much longer is not folded."""

MAX_NAMES = 5
MAX_NAME = 60
WIDTH = 85
"""Letters in a line of a card, on average."""

_LINE_END = re.compile(r"</(?:p|li|dt|dd|tr|h[2-6]|summary)>|<br>|<hr>|\n(?!</?t)")
_HEADING = re.compile(r"<h([2-6])[^>]*>(.*?)</h\1>", re.DOTALL)


class CardFold(NamedTuple):
    """The fold of a long card. `names` are the hidden sections, at most MAX_NAMES; `more` counts the others."""

    names: tuple[str, ...]
    more: int


def card_fold(card: Markup | None) -> CardFold | None:
    """The fold of a card; None for a short one. Its lines are estimated, since the browser breaks them."""
    end = _end_of_lines(card, MAX_LINES) if card else None
    if not card or end is None or _end_of_lines(card[end:], SPARE_LINES) is None:
        return None
    headings = [(int(found[1]), _words(found[2])) for found in _HEADING.finditer(card, end)]
    top = min((level for level, _ in headings), default=0)
    names = [name for level, name in headings if level == top and name]
    return CardFold(tuple(names[:MAX_NAMES]), max(0, len(names) - MAX_NAMES))


def _end_of_lines(prose: str, count: int) -> int | None:
    """Where a number of lines ends; None if there are no more."""
    start = 0
    for end in _LINE_END.finditer(prose):
        text = html(prose[start : end.start()]).striptags()
        start = end.end()
        count -= -(-len(text) // WIDTH)
        if count <= 0:
            return start if prose[start:].strip() else None
    return None


def _words(heading: str) -> str:
    """The text of a heading, cut if it is long."""
    text = html(heading).striptags()
    return text if len(text) <= MAX_NAME else text[: MAX_NAME - 1].rstrip() + "…"
