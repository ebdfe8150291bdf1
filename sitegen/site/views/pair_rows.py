"""Rows of keys with their texts: params, tags, packages, also beside those of a version to compare with."""

from typing import Literal, NamedTuple

from sitegen.core.text import reveal
from sitegen.domain.model import Pairs
from sitegen.site.anchors import anchors
from sitegen.site.views.parts import MAX_ROWS

LONG = 120
"""The longest value, in characters, that is shown unfolded."""

Difference = Literal["", "same", "changed", "added", "removed"]
"""How a row differs from that of the other version; empty where nothing is compared."""


class PairRow(NamedTuple):
    """A key and its text; `long` texts are folded. `anchor` is the id of the row, empty for rows without one.

    `other` is the text of the other version where it differs.
    """

    key: str
    text: str
    long: bool
    anchor: str = ""
    difference: Difference = ""
    other: str = ""


class PairTable(NamedTuple):
    """Rows, and the number of those that only the API has.

    `differing` counts the rows that differ from those of the version to compare with; None if nothing is compared.
    """

    rows: tuple[PairRow, ...]
    hidden: int = 0
    differing: int | None = None


def pair_rows(pairs: Pairs, kind: str = "") -> tuple[PairRow, ...]:
    """The rows of keys and texts; long texts are folded. Rows of a `kind` have anchors."""
    ids = anchors(kind, [key for key, _ in pairs]) if kind else ("",) * len(pairs)
    return tuple(
        PairRow(reveal(key), text if len(text) > LONG else reveal(text), len(text) > LONG, id)
        for (key, text), id in zip(pairs, ids, strict=True)
    )


def pair_table(pairs: Pairs, kind: str, others: Pairs | None) -> PairTable:
    """The rows of a version beside those of the other one; at the end rows for what only that has."""
    shown = pairs[:MAX_ROWS]
    if not pairs or not others or pairs == others:
        return PairTable(pair_rows(shown, kind), len(pairs) - len(shown), 0 if pairs and others else None)
    known, own = dict(others), dict(pairs)
    ids = anchors(kind, [key for key, _ in shown])
    rows = [_compare(key, text, id, known.get(key)) for (key, text), id in zip(shown, ids, strict=True)]
    removed = [pair for pair in others if pair[0] not in own]
    beyond = removed[: MAX_ROWS - len(rows)]
    rows += [PairRow(reveal(key), "", False, "", "removed", _shorten(text)) for key, text in beyond]
    differing = sum(known.get(key) != text for key, text in pairs) + len(removed)
    return PairTable(tuple(rows), len(pairs) + len(removed) - len(rows), differing)


def _compare(key: str, text: str, anchor: str, other: str | None) -> PairRow:
    long = len(text) > LONG
    difference: Difference = "same" if other == text else "added" if other is None else "changed"
    old = _shorten(other) if other is not None and difference == "changed" else ""
    return PairRow(reveal(key), text if long else reveal(text), long, anchor, difference, old)


def _shorten(text: str) -> str:
    """The text of the other version, shortened: its own page has all of it."""
    return reveal(text) if len(text) <= LONG else f"{text[:LONG]}…"
