"""A fast check for texts that hold nothing private: most texts do, and no pattern has to search them."""

import re
from operator import add

from sitegen.privacy.names import is_user_name, secret_strength
from sitegen.privacy.patterns import PATTERNS, Pattern

PATHS = ("/", "\\")
HINTS = (*PATHS, "@", "%2f", "%5c", "%40", "&#", "&sol", "&bsol", "&commat")
"""Substrings, in lower case, of every text with a path, an address or an escape."""

_NAMES = frozenset(
    (
        *("pass", "pwd", "secret", "token", "key", "cred", "auth", "conn", "cookie", "jwt", "sas", "dsn", "pat", "otp"),
        *("pw", "user", "logname", "login", "bearer", "mnemonic", "phrase", "recovery", "senha", "contrasena"),
        *("wachtwoord", "sessid", "sessionid"),
    )
)
"""Parts of every name that announces a secret or a user, in lower case."""

_NAME = re.compile(r"[\w.$-]{2,120}")
_NAME_WITH_SPACE = re.compile(
    r"(?i)\b(?:api|access|secret|private|auth|client|account|connection|conn|user|login|seed|recovery)[ ]"
    r"(?:key|token|string|str|id|name|phrase|codes?)\b"
)


def _patterns_by_marker() -> dict[str, list[Pattern]]:
    """What must be searched in a text that holds a marker; nothing for the parts of names, which are markers, too."""
    found: dict[str, list[Pattern]] = {name: [] for name in _NAMES}
    for pattern in PATTERNS:
        for marker in pattern.markers:
            found.setdefault(marker, []).append(pattern)
    return found


_PATTERNS = _patterns_by_marker()
_SHORT_MARKERS = tuple(marker for marker in _PATTERNS if len(marker) < 3)


def _markers_by_pair() -> dict[str, list[str]]:
    """The longer markers by their first two and by their second two letters."""
    found: dict[str, list[str]] = {}
    for marker in _PATTERNS:
        for pair in {marker[:2], marker[1:3]} if len(marker) > 2 else ():
            found.setdefault(pair, []).append(marker)
    return found


_MARKERS = _markers_by_pair()
_PAIRS = frozenset(_MARKERS)


def is_clean(text: str, hints: tuple[str, ...] = HINTS) -> bool:
    """Whether a text surely holds nothing private. Any of `hints` in it means that it must be searched."""
    return not has_hint(text, hints) and holds_no_secret(text)


def has_hint(text: str, hints: tuple[str, ...]) -> bool:
    """Whether any of the hints, which are in lower case, is in a text."""
    lower = text.lower()
    return any(hint in lower for hint in hints)


def holds_no_secret(text: str) -> bool:
    """Whether a text surely holds no token, and no name of a secret or a user.

    There are some 280 markers, and few pairs of letters in a text: only markers with one of these pairs are looked for.
    Each second pair is enough, since one of them lies in every marker of three letters.
    """
    lower = text.lower()
    pairs = _PAIRS.intersection(map(add, lower[::2], lower[1::2]))
    markers = {marker for pair in pairs for marker in _MARKERS[pair] if marker in lower}
    markers.update([marker for marker in _SHORT_MARKERS if marker in lower])
    for marker in markers:
        for pattern in _PATTERNS[marker]:
            if pattern.expression.search(text):
                return False
    return _NAMES.isdisjoint(markers) or not names_secret(text)


def names_secret(text: str) -> bool:
    """Whether any name in a text announces a secret or a user."""
    if _NAME_WITH_SPACE.search(text):
        return True
    return any(secret_strength(name) or is_user_name(name, of_pair=True) for name in set(_NAME.findall(text)))
