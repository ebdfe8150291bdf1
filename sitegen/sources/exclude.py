"""Excluding folders of a registry by the globs of the settings."""

import re
from collections.abc import Sequence
from functools import cache

from sitegen.storage.listing import folder_of, printable
from sitegen.storage.scan import Scan

_PARTS = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]/]*\]|.", re.DOTALL)


def exclude_folders(walked: Scan, globs: Sequence[str]) -> Scan:
    """Remove the folders that a glob matches, all folders below them, and their problems.

    Globs are relative to the root and `/`-separated: `*` and `?` match inside one name, `**` matches any folders.
    """
    if not globs:
        return walked
    pattern = re.compile("|".join(map(_regular, globs)), re.DOTALL)

    @cache
    def is_outside(path: str) -> bool:
        """Whether a folder or one above it matches."""
        return bool(path) and (pattern.fullmatch(printable(path)) is not None or is_outside(folder_of(path)))

    listing, problems = walked
    kept = {path: folder for path, folder in listing.items() if not is_outside(path)}
    return kept, tuple(found for found in problems if not is_outside(found.path))


def _regular(glob: str) -> str:
    """A glob as a regular expression; `old/` and `old/**` both mean the folder `old`."""
    text = glob.removeprefix("./").rstrip("/")
    while text.endswith("/**"):
        text = text.removesuffix("/**").rstrip("/")
    return "".join(map(_part, _PARTS.findall(text)))


def _part(part: str) -> str:
    match part:
        case "**/":
            return "(?:[^/]+/)*"
        case "**":
            return ".*"
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
    if len(part) > 1:  # a set of letters
        negated = part.startswith("[!")
        letters = re.escape(part[2 if negated else 1 : -1]).replace(r"\-", "-")
        return f"[{'^' if negated else ''}{letters}]" if _is_valid_set(letters) else re.escape(part)
    return re.escape(part)


def _is_valid_set(letters: str) -> bool:
    """Whether a character set is valid: not empty, with ascending ranges."""
    try:
        re.compile(f"[{letters}]")
    except re.error:
        return False
    return True
