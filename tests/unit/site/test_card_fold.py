"""The fold of a card: where a long one is cut, and the sections that its summary names."""

import pytest

from sitegen.site.markdown import card
from sitegen.site.views.card import CardFold, card_fold

LINES = "\n\n".join(f"Line {number}." for number in range(14))
ROWS = "| a | b | c |\n|---|---|---|\n" + "| 1 | 2 | 3 |\n" * 8

CARDS = {
    "no card": ("", None),
    "a short one": ("# Price\n\nWhat a house costs.\n\n## Inputs\n\nRooms.", None),
    "one line too many": ("\n\n".join("abcdefghijklm"), None),
    "lines without sections": (f"{LINES}\n\n{LINES}", CardFold((), 0)),
    "one long line": ("word " * 1000 + "\n\n" + LINES, CardFold((), 0)),
    "one line without an end": ("x" * 200_000, None),
    "sections": (
        f"# A\n\n{LINES}\n\n## Inputs\n\n{LINES}\n\n### Part\n\n## <b>Bias</b> & *risk*",
        (("Inputs", "Bias & risk"), 0),
    ),
    "sections without a title": (
        f"{LINES}\n\n## Inputs\n\nRooms.\n\n## Evaluation\n\n{LINES}",
        (("Inputs", "Evaluation"), 0),
    ),
    "many sections": (
        f"{LINES}\n\n" + "\n\n".join(f"# S{n}\n\nText." for n in range(8)),
        (("S0", "S1", "S2", "S3", "S4"), 3),
    ),
    "a long name": (f"{LINES}\n\n# {'long ' * 30}\n\n{LINES}", (("long " * 11 + "long…",), 0)),
    "a table is as long as its rows": (f"{ROWS}\n\nEnd.", None),
    "code is as long as its lines": ("```\n" + "x = 1\n" * 30 + "```\n\n# End", (("End",), 0)),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_long_card_has_a_fold(name: str) -> None:
    """It names the sections of the highest level that it hides."""
    text, expected = CARDS[name]
    assert card_fold(card(text) if text else None) == expected
