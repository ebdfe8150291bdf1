"""Views of the facts that people state about a model or version."""

from typing import NamedTuple

from sitegen.analysis.score import Score
from sitegen.domain.facts import FACTS, NO_FACTS, CardFacts, CardResult, merge_facts
from sitegen.formats.text import shorten
from sitegen.site.markdown import plain

TITLES = {
    "licence": "Licence",
    "owner": "Owner",
    "task": "Task",
    "language": "Language",
    "base_model": "Base model",
    "intended_use": "Intended use",
}
MAX_LENGTH = 300
"""Characters of a fact that a page shows; the API has all."""


MAX_HEAD_LENGTH = 80
"""Characters of a fact that stands in one row with others; a longer one needs lines of its own."""


class FactRow(NamedTuple):
    """A fact with its title. `long`: it needs lines of its own."""

    title: str
    text: str
    long: bool = False


class FactsView(NamedTuple):
    """What is stated about a model or version: facts, and results that the card reports; and the score of a model."""

    rows: tuple[FactRow, ...] = ()
    results: tuple[CardResult, ...] = ()
    score: Score | None = None


_EMPTY = FactsView()


def facts_view(*sources: CardFacts, score: Score | None = None, card: str | None = None) -> FactsView:
    """The facts of the first source that states each; without long ones that the card beside them has."""
    facts = merge_facts(*sources)
    if facts == NO_FACTS:
        return FactsView(score=score) if score else _EMPTY
    stated = [(TITLES[name], _short_text(name, text)) for name in FACTS if (text := _own_text(facts, name, card))]
    lists = [("Labels", ", ".join(facts.labels)), ("Datasets of the card", ", ".join(facts.datasets))]
    rows = tuple(FactRow(title, text, len(text) > MAX_HEAD_LENGTH) for title, text in (*stated, *lists) if text)
    return FactsView(rows, facts.results, score)


def _own_text(facts: CardFacts, name: str, card: str | None) -> str:
    """The text of a fact; empty for a long one that the card says, too."""
    text: str = getattr(facts, name) or ""
    return "" if card and len(text) > MAX_HEAD_LENGTH and text[:MAX_HEAD_LENGTH] in card else text


def _short_text(name: str, text: str) -> str:
    """The text of a fact on one line; that of the intended use may be markdown."""
    return (plain(text, MAX_LENGTH) if name == "intended_use" else "") or shorten(text, MAX_LENGTH)
