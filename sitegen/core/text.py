"""Text for people: without control characters and commands, and with escapes for what nobody can see."""

import re
import unicodedata
from collections.abc import Sequence

_UNSEEN = frozenset(["Cf", "Zl", "Zp", "Zs"])
"""Categories of characters that have no mark, or that of a space."""

_COMMAND = re.compile(r"##(?=\w*\[)")


def visible(text: str) -> str:
    """A text that is safe to print in a terminal or in the log of a build server.

    Escapes control characters, which could move the cursor or colour the screen, and the marks that start a command
    anywhere in a line (`##[...]` of GitHub, `##vso[...]` of Azure).
    """
    escaped = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return _COMMAND.sub(r"#\\x23", escaped)


def reveal(text: str) -> str:
    """A text in which two that differ look different, with escapes such as `\\u00a0`.

    Escapes blanks at the ends, blanks other than a space, characters without a mark, and accents apart from their
    letters where one character has both. `templates/assets/common/texts.js` does the same.
    """
    if text.isascii() and text == text.strip():
        return text
    inner = text.strip()
    start = text.index(inner) if inner else len(text)
    end = start + len(inner)
    composed = unicodedata.normalize("NFC", text) == text
    return "".join(
        _escape(letter) if not start <= place < end or _is_unseen(letter, composed) else letter
        for place, letter in enumerate(text)
    )


def _is_unseen(letter: str, composed: bool) -> bool:
    category = unicodedata.category(letter)
    if category in _UNSEEN:
        return letter != " "
    if "\ufe00" <= letter <= "\ufe0f":  # selects one of two shapes
        return True
    is_part = category[0] == "M" or "\u1160" <= letter <= "\u11ff"  # an accent, or part of a Korean character
    return not composed and (is_part or unicodedata.normalize("NFC", letter) != letter)


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}"


def join_names(names: Sequence[str]) -> str:
    """Names as a sentence lists them: `Python, REST and outputs`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
