"""Ids of the rows of a page: a link to one metric, column or file stays valid from build to build."""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

_PLAIN = re.compile(r"[A-Za-z0-9_][\w./-]{0,79}\Z", re.ASCII)
_WORD = re.compile(r"[a-z0-9]+")


def anchors(prefix: str, names: Sequence[str]) -> tuple[str, ...]:
    """An id for each name, such as `metric-rmse`; no id occurs twice, a repeated one ends in a number."""
    ids = tuple(_anchor(prefix, name) for name in names)
    return ids if len(set(ids)) == len(ids) else _number_repeats(ids)


@lru_cache(maxsize=8192)  # versions share their names
def _anchor(prefix: str, name: str) -> str:
    """The prefix with the name, or with its words and a hash where an address could not hold the name as it is."""
    if _PLAIN.match(name):
        return f"{prefix}-{name}"
    words = "-".join(_WORD.findall(name.lower()))[:40].strip("-")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(filter(None, (prefix, words, digest)))


def _number_repeats(ids: Sequence[str]) -> tuple[str, ...]:
    taken = set(ids)
    seen: set[str] = set()
    numbered = []
    for id in ids:
        number, free = 2, id
        while free in seen or (free != id and free in taken):
            free, number = f"{id}-{number}", number + 1
        seen.add(free)
        numbered.append(free)
    return tuple(numbered)
