"""Model cards: the YAML front matter of Hugging Face, skops and Jekyll as facts, the rest as text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sitegen.domain.diagnostic import Diagnostic, Loaded, problem
from sitegen.domain.facts import FACTS, NO_FACTS, CardFacts, CardResult, fact_of_key
from sitegen.domain.signature import Json
from sitegen.formats.text import shorten
from sitegen.formats.yaml import load_yaml

MAX_LENGTH = 2**16
"""Characters of a front matter that is read."""

MAX_ITEMS = 100
"""Labels, datasets and results of a card that are read."""

MAX_USE_LENGTH = 1000
"""Characters of a section about the intended use."""

_BLOCK = re.compile(r"\s*^---[ \t]*$\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t#]*\Z")
_USE = re.compile(r"\W*intended[ _-]+uses?\b", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(```|~~~)")


class Card(NamedTuple):
    """A card: its text without front matter, None where nothing is left, and the facts that it states.

    `images` has the paths of the images in the text that lie below the folder of the card.
    """

    text: str | None
    facts: CardFacts = NO_FACTS
    images: tuple[str, ...] = ()


NO_CARD = Card(None)


def parse_card(text: str, path: str) -> Loaded[Card]:
    """The card of a text. A front matter that is not valid YAML is a problem, and is kept as a block of code."""
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    block = _BLOCK.match(text[:MAX_LENGTH]) if text.lstrip()[:3] == "---" else None
    if block is None:
        return Loaded(_card(text, NO_FACTS))
    loaded = load_yaml(block["yaml"], path, verbatim=True)
    line = text.count("\n", 0, block.start("yaml"))
    failure = next((one for one in loaded.problems if one.severity == "error"), None)
    rest = text[block.end() :]
    if failure:
        message = f"the front matter cannot be read: {failure.message}"
        found = problem("front-matter", message, path, line + (failure.line or 1), failure.column)
        return Loaded(_card(f"```yaml\n{block['yaml'].replace('```', '')}```\n\n{rest}", NO_FACTS), (found,))
    if not isinstance(loaded.value, dict | None):
        return Loaded(_card(text, NO_FACTS))  # a rule, and prose up to the next rule
    problems = tuple(_move(one, line) for one in loaded.problems)
    return Loaded(_card(rest, facts_of_front_matter(loaded.value or {})), problems)


def _move(found: Diagnostic, lines: int) -> Diagnostic:
    return replace(found, line=found.line + lines) if found.line else found


def _card(text: str, facts: CardFacts) -> Card:
    use = facts.intended_use or _intended_use(text)
    facts = replace(facts, intended_use=use) if use else facts
    return Card(text if text.strip() else None, facts)


def _intended_use(text: str) -> str | None:
    """The text below a heading about the intended use, up to the next heading of its level."""
    if not re.search(r"intended", text, re.IGNORECASE):
        return None
    level, fenced, lines = 0, False, list[str]()
    for line in text.splitlines():
        fenced ^= _FENCE.match(line) is not None
        heading = None if fenced else _HEADING.match(line)
        if level and heading and len(heading["marks"]) <= level:
            break
        if level:
            lines.append(line)
        elif heading and _USE.match(heading["title"]):
            level = len(heading["marks"])
    return shorten("\n".join(lines).strip(), MAX_USE_LENGTH) or None


# --- front matter ----------------------------------------------------------------------------------------------


def facts_of_front_matter(fields: dict[str, Json]) -> CardFacts:
    """The facts that the fields of Hugging Face's model cards state, and those of the same names."""
    stated = {name: text for key, value in fields.items() if (name := fact_of_key(key)) and (text := join_texts(value))}
    task = join_texts(fields.get("pipeline_tag"))
    name = join_texts(fields.get("license_name"))
    if name and stated.get("licence", "other").lower() == "other":
        stated["licence"] = name
    if task:
        stated.setdefault("task", task)
    facts = CardFacts(
        **{name: stated.get(name) for name in FACTS},
        labels=tuple(_texts(fields.get("tags"))),
        datasets=tuple(_texts(fields.get("datasets"))),
        results=tuple(_results(fields.get("model-index")))[:MAX_ITEMS],
    )
    return NO_FACTS if facts == NO_FACTS else facts


def join_texts(value: Json) -> str | None:
    """A text, or the texts of a list as one; None for anything else."""
    return ", ".join(_texts(value)) or None


def _texts(value: Json) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and item][:MAX_ITEMS]


def _results(index: Json) -> Iterator[CardResult]:
    for model in _mappings(index):
        for result in _mappings(model.get("results")):
            task, dataset = (_name(result.get(key)) for key in ("task", "dataset"))
            for metric in _mappings(result.get("metrics")):
                value = metric.get("value")
                if isinstance(value, str):
                    yield CardResult(task, dataset, _name(metric), value)


def _name(value: Json) -> str:
    """The name of a task, dataset or metric, else its type."""
    fields = value if isinstance(value, dict) else {}
    return next((text for key in ("name", "type") if isinstance(text := fields.get(key), str) and text), "")


def _mappings(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)][:MAX_ITEMS] if isinstance(value, list) else []
