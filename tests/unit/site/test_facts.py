"""Facts on pages: which need lines of their own, and which the card beside them has; names that may break."""

from sitegen.domain.facts import CardFacts
from sitegen.site.render import add_breaks
from sitegen.site.views.facts import FactRow, facts_view

USE = "Ranks houses by price for the team that sells them. It is not meant for loans, taxes or any other decision."


def test_a_long_fact_needs_lines_of_its_own() -> None:
    rows = facts_view(CardFacts(licence="mit", intended_use=USE)).rows
    assert rows == (FactRow("Licence", "mit"), FactRow("Intended use", USE, long=True))


def test_a_long_fact_that_the_card_has_is_not_repeated() -> None:
    """A short one stays in the head: the card says it somewhere in the middle."""
    facts = CardFacts(licence="mit", intended_use=USE)
    assert facts_view(facts, card=f"mit\n# Intended use\n{USE}\n").rows == (FactRow("Licence", "mit"),)
    assert len(facts_view(facts, card="# Another card").rows) == 2


def test_long_names_may_break_behind_their_signs() -> None:
    """Short ones stay as they are; markup is escaped."""
    assert add_breaks("a_short_name") == "a_short_name"
    assert add_breaks("val/a_rather__long_name_of_a_metric_") == (
        "val/<wbr>a_<wbr>rather__<wbr>long_<wbr>name_<wbr>of_<wbr>a_<wbr>metric_"
    )
    assert add_breaks("<b>" * 10) == "&lt;b&gt;" * 10
