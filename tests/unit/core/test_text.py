"""Texts for people: what nobody can see is written as an escape."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.core.text import join_names, reveal

TEXTS = {
    "prod": "prod",
    "two words\nand lines": "two words\nand lines",
    "caf\u00e9": "caf\u00e9",
    "cafe\u0301": "cafe\\u0301",
    "prod ": "prod\\u0020",
    " prod": "\\u0020prod",
    "prod\n": "prod\\u000a",
    "a\u00a0b": "a\\u00a0b",
    "a\u200bb": "a\\u200bb",
    "a\u2009b": "a\\u2009b",
    "\ufeffa": "\\ufeffa",
    "soft\u00adhyphen": "soft\\u00adhyphen",
    "\u2764\ufe0f": "\u2764\\ufe0f",
    "\u212b": "\\u212b",
    "\u0915\u093f": "\u0915\u093f",  # two characters of one letter, for which there is no single one
    "\u1112\u1161\u11ab": "\u1112\\u1161\\u11ab",  # the parts of one Korean character
    "": "",
    "  ": "\\u0020\\u0020",
}


@pytest.mark.parametrize(("text", "shown"), TEXTS.items())
def test_what_cannot_be_seen_is_an_escape(text: str, shown: str) -> None:
    """Letters of all languages stay as they are."""
    assert reveal(text) == shown


ALIKE = st.text(alphabet="ae\u0301\u00e9 \u00a0\u200bx\u1112\u1161\u11ab\ud55c", max_size=6)


@given(ALIKE, ALIKE)
def test_texts_that_differ_look_different(one: str, other: str) -> None:
    """As long as neither holds an escape itself."""
    looks = [unicodedata.normalize("NFC", reveal(text)) for text in (one, other)]
    assert (looks[0] == looks[1]) == (one == other)
    assert not any(look != look.strip() for look in looks)


@pytest.mark.parametrize(
    ("names", "text"),
    [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")],
)
def test_names_are_listed_as_in_a_sentence(names: tuple[str, ...], text: str) -> None:
    assert join_names(names) == text
