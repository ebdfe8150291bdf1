"""Filters: what they find, and that none takes long."""

import random
import re

import pytest

from sitegen.core.errors import SitegenError
from sitegen.domain.filter import parse_filter
from sitegen.domain.model import Model, Version


def holds(filter: str, text: str) -> bool:
    """Whether a version with this text passes."""
    version = Version(name="1", tags=(("t", text),))
    model = Model(name="m", kind="registered", versions=(version,))
    return all(condition.holds(model, version) for condition in parse_filter(filter))


def test_like_is_what_a_pattern_of_all_letters_is() -> None:
    """% stands for any letters and _ for one, wherever they stand."""
    some = random.Random(1)
    for _ in range(5000):
        like = "".join(some.choice("ab%_") for _ in range(some.randint(0, 7)))
        text = "".join(some.choice("abA") for _ in range(some.randint(0, 8)))
        plain = "".join({"%": ".*", "_": "."}.get(letter, letter) for letter in like)
        assert holds(f"tags.t LIKE '{like}'", text) == bool(re.fullmatch(plain, text)), (like, text)


@pytest.mark.parametrize(
    "filter", ["tags.t IN (" + "'a'  " * 5000 + "x", "tags.t IN (" + "'a', " * 5000, "tags.t IN ('a'" + " " * 50_000]
)
def test_a_list_that_does_not_end_is_refused_at_once(filter: str) -> None:
    """Each space could belong to what stands before it or behind it: trying all of them takes for ever."""
    with pytest.raises(SitegenError):
        parse_filter(filter)


def test_a_pattern_of_many_wildcards_is_matched_at_once() -> None:
    """Every % could stand for any part of the text: trying all of them takes for ever."""
    assert not holds("tags.t LIKE '" + "%a" * 50 + "b'", "a" * 10_000)
    assert holds("tags.t LIKE '" + "%a" * 50 + "%'", "a" * 10_000)
