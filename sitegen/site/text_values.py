"""The texts of versions that scripts compare line by line: MLmodel, the environment's files and the card."""

from collections.abc import Iterator, Sequence
from typing import Any

from sitegen.domain.model import Version

CARD = "card"
"""The name of the card among the texts."""


def text_values(versions: Sequence[Version]) -> dict[str, Any]:
    """Each distinct text once, and for each version the places of its texts by name.

    `cut` has the places of the texts of which only the beginning is there.
    """
    places: dict[str, int] = {}
    cut: set[int] = set()
    by_version: list[dict[str, int]] = []
    for version in versions:
        named: dict[str, int] = {}
        for name, text, complete in _texts(version):
            named[name] = places.setdefault(text, len(places))
            if not complete:
                cut.add(named[name])
        by_version.append(named)
    return {"texts": list(places), "cut": sorted(cut), "named": by_version}


def _texts(version: Version) -> Iterator[tuple[str, str, bool]]:
    for text in version.texts:
        yield text.path, text.text, text.complete
    if version.card:
        yield CARD, version.card, True
