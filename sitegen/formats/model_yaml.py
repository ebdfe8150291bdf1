"""model.yaml: description, owner, tags and aliases that people write for a model or version of the directory layout."""

from dataclasses import dataclass
from functools import partial

from sitegen.domain.diagnostic import Findings, Loaded, problem
from sitegen.domain.facts import NO_FACTS, CardFacts, fact_of_key, facts_of_pairs
from sitegen.domain.model import Pairs
from sitegen.domain.signature import Json
from sitegen.formats.front_matter import join_texts
from sitegen.formats.key_values import as_text
from sitegen.formats.text import quote
from sitegen.formats.times import parse_time
from sitegen.formats.yaml import Positions, load_yaml

TEXTS = ("description", "stage", "run_name", "experiment", "created")
"""Fields that are one text and no facts."""

LISTS = ("language", "base_model")
"""Facts that may be a list of texts."""


@dataclass(frozen=True, kw_only=True)
class Sidecar:
    """The fields of a model.yaml. `aliases` are pairs of alias and version; in the file of a version, that is empty."""

    description: str | None = None
    facts: CardFacts = NO_FACTS
    stage: str | None = None
    run_name: str | None = None
    experiment: str | None = None
    created: int | None = None
    tags: Pairs = ()
    aliases: Pairs = ()


NO_SIDECAR = Sidecar()


def parse_sidecar(text: str, path: str) -> Loaded[Sidecar]:
    """The fields of a model.yaml; reports unknown fields, which are mostly typing errors."""
    loaded = load_yaml(text, path, verbatim=True)
    fields, problems = loaded.value, list(loaded.problems)
    if not isinstance(fields, dict):
        if fields is not None:
            problems.append(problem("sidecar-field", "the file holds no fields", path))
        return Loaded(NO_SIDECAR, tuple(problems))
    wrong = [(name, message) for name, value in fields.items() if (message := _wrong(name, value))]
    texts = {name: value for name in TEXTS if isinstance(value := fields.get(name), str)}
    created = parse_time(texts["created"]) if "created" in texts else None
    if "created" in texts and created is None:
        wrong.insert(0, ("created", f"created {quote(texts['created'])} is no date"))
    places, findings = Positions(text), Findings(path)
    for name, message in wrong:
        place = (None, None) if findings.full("sidecar-field") else places.of(name)
        findings.add("sidecar-field", partial(str, message), *place)
    tags, aliases = _pairs(fields.get("tags")), _pairs(fields.get("aliases"))
    named = {name: texts.get(name) for name in TEXTS if name != "created"}
    stated = ((name, join_texts(value)) for name, value in fields.items() if fact_of_key(name))
    facts = facts_of_pairs((name, text) for name, text in stated if text)
    sidecar = Sidecar(**named, facts=facts, created=created, tags=tags, aliases=aliases)
    return Loaded(sidecar, (*problems, *findings.problems()))


def _pairs(value: Json) -> Pairs:
    if isinstance(value, dict):
        return tuple(sorted((key, as_text(inner)) for key, inner in value.items() if inner is not None))
    if isinstance(value, list):  # the aliases of the version that the file belongs to
        return tuple(sorted((item, "") for item in value if isinstance(item, str)))
    return ()


def _wrong(name: str, value: Json) -> str | None:
    """The message for a field with a wrong value; None if it is fine."""
    if name in ("tags", "aliases"):
        return None if value is None or isinstance(value, dict | list) else f"{name} has the wrong form"
    fact = fact_of_key(name)
    if fact in LISTS and isinstance(value, list):
        return None if all(isinstance(item, str) for item in value) else f"{name} is not a list of texts"
    if name not in TEXTS and fact is None:
        return f"the field {quote(name)} is not known"
    return None if value is None or isinstance(value, str) else f"{name} is not a text"
