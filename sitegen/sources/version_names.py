"""Names of versions: which folders are versions, and their order."""

import re
from functools import lru_cache

_NUMBERS = r"v?(?P<numbers>\d+(?:\.\d+)*)"
_VERSION = re.compile(_NUMBERS + r"(?:-(?P<suffix>[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)|(?P<rc>rc\d+))?\Z", re.ASCII)
_SIMILAR = re.compile(
    r"(?:version|ver|v|release|rel|r)?[ ._-]*\d+(?:[._-]\d+)*[ ._+-]*"
    r"(?:[ab]|rc|alpha|beta|pre|dev|post|final|build|x)?[0-9._+-]*"
    r"|v?\d+(?:\.\d+)*(?:-[0-9a-z.-]*)?\+[0-9a-z.-]+",
    re.ASCII | re.IGNORECASE,
)

MAX_NAME_LENGTH = 400
"""Characters of a name that decide its order: more than people write, few enough for fast sorting."""

MAX_PARTS = 20
"""Numbers and words of a name that count for its order."""

Part = tuple[bool, int, str]
"""Whether it is a word, the number, the word: numbers come before words."""

VersionOrder = tuple[tuple[int, ...], bool, tuple[tuple[Part, ...], ...], str]
"""A key to sort versions by: numbers, whether it is a release, the parts of a pre-release, the name itself."""

_RELEASE: tuple[tuple[Part, ...], ...] = ()


@lru_cache(maxsize=4096)  # models call the folders of their versions alike, and names of folders are short
def is_version(name: str) -> bool:
    """Whether a folder of this name is a version: `1`, `v2`, `1.2.0`, and pre-releases `1.2.0-rc1` and `1.2.0rc1`."""
    return _VERSION.match(name) is not None


def is_similar_to_version(name: str) -> bool:
    """Whether a name is not a version, but looks like one in another notation: `version-3`, `1.2.0+gpu`."""
    return len(name) <= MAX_NAME_LENGTH and not is_version(name) and _SIMILAR.fullmatch(name) is not None


def version_order(name: str) -> VersionOrder:
    """The order of semantic versions: v2 before v10, a pre-release before its release, ties by text.

    Words in pre-releases may end in a number, which counts as one: rc2 before rc10.
    """
    if name.isdecimal() and len(name) < MAX_PARTS:  # nearly every name; more digits than any number of MLflow's
        return (int(name),), True, _RELEASE, name
    short = name[:MAX_NAME_LENGTH]
    match = _VERSION.match(short)
    suffix = match and (match["suffix"] or match["rc"])
    numbers = match["numbers"] if match else short
    parts = () if not suffix else tuple(map(_pieces, re.split(r"[.-]", suffix)[:MAX_PARTS]))
    return tuple(int(part) for part in re.findall(r"\d+", numbers)[:MAX_PARTS]), not suffix, parts, name


def _pieces(identifier: str) -> tuple[Part, ...]:
    """The numbers and words of one part of a pre-release."""
    pieces = re.findall(r"\d+|\D+", identifier)[:MAX_PARTS]
    return tuple((False, int(piece), "") if piece.isdigit() else (True, 0, piece) for piece in pieces)


folder_order = lru_cache(maxsize=4096)(version_order)
"""`version_order` with a cache, for names of folders, which models share."""
