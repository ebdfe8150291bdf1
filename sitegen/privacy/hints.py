"""A fast check for texts that hold nothing private: most texts do, and no pattern has to search them."""

import re

from sitegen.privacy.names import is_user_name, secret_strength
from sitegen.privacy.patterns import PATTERNS

PATHS = ("/", "\\")
HINTS = (*PATHS, "@", "%2f", "%5c", "%40", "&#", "&sol", "&bsol", "&commat")
"""Substrings, in lower case, of every text with a path, an address or an escape."""

_NAMES = (
    *(
        "pass",
        "pwd",
        "secret",
        "token",
        "key",
        "cred",
        "auth",
        "conn",
        "cookie",
        "jwt",
        "sas",
        "dsn",
        "pat",
        "otp",
        "pw",
    ),
    *("user", "logname", "login", "bearer", "mnemonic", "phrase", "recovery", "senha", "contrasena", "wachtwoord"),
    *("sessid", "sessionid"),
)
_NAME = re.compile(r"[\w.$-]{2,120}")
_NAME_WITH_SPACE = re.compile(
    r"(?i)\b(?:api|access|secret|private|auth|client|account|connection|conn|user|login|seed|recovery)[ ]"
    r"(?:key|token|string|str|id|name|phrase|codes?)\b"
)
_TOKENS = tuple((marker, pattern.expression) for pattern in PATTERNS for marker in pattern.markers)


def is_clean(text: str, hints: tuple[str, ...] = HINTS) -> bool:
    """Whether a text surely holds nothing private. Any of `hints` in it means that it must be searched."""
    lower = text.lower()
    for hint in hints:
        if hint in lower:
            return False
    for marker, expression in _TOKENS:
        if marker in lower and expression.search(text):
            return False
    for hint in _NAMES:
        if hint in lower:
            return not names_secret(text)
    return True


def names_secret(text: str) -> bool:
    """Whether any name in a text announces a secret or a user."""
    if _NAME_WITH_SPACE.search(text):
        return True
    return any(secret_strength(name) or is_user_name(name, of_pair=True) for name in set(_NAME.findall(text)))
