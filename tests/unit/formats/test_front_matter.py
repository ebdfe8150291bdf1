"""Model cards: what is front matter and what is text, and which facts the front matter states."""

import pytest

from sitegen.domain.facts import NO_FACTS, CardFacts, CardResult, facts_of_pairs, merge_facts
from sitegen.formats.front_matter import Card, parse_card

CARDS = {
    "no front matter": ("# Title\n", Card("# Title\n")),
    "plain": ("---\nlicense: mit\n---\nText.\n", Card("Text.\n", CardFacts(licence="mit"))),
    "Windows": ("---\r\nlicense: mit\r\n---\r\nText.\r\n", Card("Text.\n", CardFacts(licence="mit"))),
    "blank lines before": ("\n\n---\nlicense: mit\n---\nText.\n", Card("Text.\n", CardFacts(licence="mit"))),
    "dots at the end": ("---\nowner: me\n...\nText.\n", Card("Text.\n", CardFacts(owner="me"))),
    "nothing else": ("---\nlicense: mit\n---", Card(None, CardFacts(licence="mit"))),
    "blanks after the dashes": ("---  \nlicense: mit\n--- \nText.\n", Card("Text.\n", CardFacts(licence="mit"))),
    "empty": ("---\n---\nText.\n", Card("Text.\n")),
    "comments alone": ("---\n# nothing yet\n---\nText.\n", Card("Text.\n")),
    "in the middle": ("Text.\n\n---\nlicense: mit\n---\n", Card("Text.\n\n---\nlicense: mit\n---\n")),
    "without an end": ("---\nlicense: mit\n", Card("---\nlicense: mit\n")),
    "prose": ("---\nProse.\n---\nText.\n", Card("---\nProse.\n---\nText.\n")),
    "a list": ("---\n- a\n---\n", Card("---\n- a\n---\n")),
    "four dashes": ("----\nlicense: mit\n----\n", Card("----\nlicense: mit\n----\n")),
}


@pytest.mark.parametrize(("text", "card"), CARDS.values(), ids=CARDS)
def test_front_matter_stands_between_two_lines_at_the_start(text: str, card: Card) -> None:
    loaded = parse_card(text, "README.md")
    assert loaded == (card, ())


FACTS = {
    "license: other\nlicense_name: house\n": CardFacts(licence="house"),
    "license: other\n": CardFacts(licence="other"),
    "license: mit\nlicense_name: house\n": CardFacts(licence="mit"),
    "licence: mit\n": CardFacts(licence="mit"),
    "License: mit\n": CardFacts(licence="mit"),
    "language: [en, no, de]\n": CardFacts(language="en, no, de"),
    "language: no\n": CardFacts(language="no"),
    "base_model:\n- a/b\n- c/d\n": CardFacts(base_model="a/b, c/d"),
    "pipeline_tag: text-classification\n": CardFacts(task="text-classification"),
    "pipeline_tag: text-classification\ntask: mine\n": CardFacts(task="mine"),
    "tags: [a, b]\ndatasets: c\n": CardFacts(labels=("a", "b"), datasets=("c",)),
    "intended_use: ranking\n": CardFacts(intended_use="ranking"),
    "layout: page\ntitle: x\nwidget: [{text: y}]\n": NO_FACTS,
    "license: {a: b}\ntags: 5\nlanguage: [[x]]\n": CardFacts(labels=("5",)),
    "model-index: [{results: [{metrics: [{type: f1, value: 0.50}]}]}]\n": CardFacts(
        results=(CardResult("", "", "f1", "0.50"),)
    ),
    "model-index: {results: 5}\n": NO_FACTS,
    "model-index: [5, {results: [5, {metrics: [5, {value: [5]}], task: 5}]}]\n": NO_FACTS,
}


@pytest.mark.parametrize(("yaml", "facts"), FACTS.items())
def test_the_fields_of_model_cards_are_facts(yaml: str, facts: CardFacts) -> None:
    """Texts stay as they are written; other fields are left out."""
    assert parse_card(f"---\n{yaml}---\n", "README.md").value == Card(None, facts)


def test_a_broken_front_matter_is_a_problem_and_code() -> None:
    """It has the line of the card at which YAML fails."""
    loaded = parse_card("---\nlicense: mit\nlanguage: [en\n---\nText.\n", "README.md")
    assert loaded.value == Card("```yaml\nlicense: mit\nlanguage: [en\n```\n\nText.\n")
    assert [(one.rule, one.path, one.line) for one in loaded.problems] == [("front-matter", "README.md", 4)]


USES = {
    "# Intended use\nRank.\n\n## More\nDetail.\n# Other\nNo.\n": "Rank.\n\n## More\nDetail.",
    "## Intended uses & limitations\nRank.": "Rank.",
    "## Training\nRank.": None,
    "Intended use: rank.": None,
    "```\n# Intended use\nRank.\n```\n": None,
    "# Intended use\n```\n# Code\n```\n# Other\n": "```\n# Code\n```",
    "# Unintended use\nRank.": None,
    "# Intended use\n": None,
}


@pytest.mark.parametrize(("text", "use"), USES.items())
def test_the_intended_use_may_be_a_heading(text: str, use: str | None) -> None:
    assert parse_card(text, "README.md").value.facts.intended_use == use
    stated = parse_card(f"---\nintended_use: stated\n---\n{text}", "README.md").value
    assert stated.facts.intended_use == "stated"


def test_the_first_source_that_states_a_fact_counts() -> None:
    sources = (CardFacts(licence="mit"), NO_FACTS, CardFacts(licence="x", labels=("a",)), CardFacts(owner="me"))
    assert merge_facts(*sources) == CardFacts(licence="mit", labels=("a",), owner="me")
    assert merge_facts() == NO_FACTS


def test_tags_of_these_names_are_facts() -> None:
    tags = (("License", "mit"), ("base-model", "a/b"), ("team", "x"), ("tags", "y"), ("owner", ""))
    assert facts_of_pairs(tags) == CardFacts(licence="mit", base_model="a/b")
