"""Facts that people state about a model: its licence, task and origin, from model.yaml, a card or tags."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

FACTS = ("licence", "owner", "task", "language", "base_model", "intended_use")
"""The facts that are one text."""

_KEYS = {name: name for name in FACTS} | {name.replace("_", "-"): name for name in FACTS} | {"license": "licence"}


class CardResult(NamedTuple):
    """A result that a card reports. All are texts, exactly as they are written; empty where the card does not say."""

    task: str
    dataset: str
    metric: str
    value: str


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """What people state about a model or version; several languages or base models are one text with commas."""

    licence: str | None = None
    owner: str | None = None
    task: str | None = None
    language: str | None = None
    base_model: str | None = None
    intended_use: str | None = None
    labels: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    results: tuple[CardResult, ...] = ()


NO_FACTS = CardFacts()


def merge_facts(*sources: CardFacts) -> CardFacts:
    """Each fact from the first source that states it."""
    stated = [source for source in sources if source is not NO_FACTS]
    if not stated:
        return NO_FACTS
    merged = stated[0]
    for source in stated[1:]:
        added = {name: value for name, value in source.__dict__.items() if value and not getattr(merged, name)}
        merged = replace(merged, **added) if added else merged
    return merged


def texts_of_facts(facts: CardFacts) -> list[str]:
    """All texts in facts."""
    one = [text for name in FACTS if (text := getattr(facts, name))]
    return [*one, *facts.labels, *facts.datasets, *chain.from_iterable(facts.results)]


def fact_of_key(key: str) -> str | None:
    """The fact that a key of a file or tag states, if any: `license` and `licence`, `base_model` and `base-model`."""
    return _KEYS.get(key.lower())


def facts_of_pairs(pairs: Iterable[tuple[str, str]]) -> CardFacts:
    """The facts that tags of their names state."""
    found: dict[str, Any] = {name: text for key, text in pairs if (name := fact_of_key(key)) and text}
    return CardFacts(**found) if found else NO_FACTS
