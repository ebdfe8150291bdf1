"""Redacts models, versions and diagnostics, with a fast check for values that hold nothing private."""

import dataclasses
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

import orjson

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.facts import NO_FACTS, texts_of_facts
from sitegen.domain.model import Model, Version
from sitegen.privacy.hints import HINTS, PATHS, has_hint, holds_no_secret, is_clean
from sitegen.privacy.redactor import SECRET, USER, Redactor
from sitegen.settings.settings import Privacy

_IN_PLACES = tuple(hint for hint in HINTS if hint not in PATHS)
_IN_JSON = tuple(hint for hint in HINTS if hint != "\\")
_ESCAPE = re.compile(r"\\(?:[bfnrt]|u00[01].)")

_Owner = TypeVar("_Owner", Model, Version)

_MAX_LINES, _MAX_LINE_LENGTH = 2**12, 2000
_clean: set[str] = set()
"""Cache of lines that hold nothing private. The versions of a model share most of their lines."""


def redact_model(model: Model, privacy: Privacy) -> Model:
    """The redacted model. A diagnostic of the model or version reports its secrets."""
    redactor = Redactor(privacy)
    shell: Model = _redact_fields(dataclasses.replace(model, versions=()), redactor)
    shell = add_secret_problem(shell, redactor, "/".join(filter(None, (shell.store, shell.name))))
    return dataclasses.replace(shell, versions=tuple(redact_version(version, privacy) for version in model.versions))


def redact_version(version: Version, privacy: Privacy) -> Version:
    """The redacted version, without the address of its run's files, and with a diagnostic if it held secrets."""
    if version.run and version.run.artifact_uri:
        version = dataclasses.replace(version, run=dataclasses.replace(version.run, artifact_uri=None))
    redactor = Redactor(privacy)
    redacted: Version = _redact_fields(version, redactor)
    if redacted.run and redacted.run.user and not privacy.users:
        redacted = dataclasses.replace(redacted, run=dataclasses.replace(redacted.run, user=USER))
    if redactor.secrets:
        redacted = dataclasses.replace(redacted, environment=_environment(version.environment, redacted.environment))
    return add_secret_problem(redacted, redactor, redacted.path or redacted.name)


def redact_problems(problems: Iterable[Diagnostic], privacy: Privacy) -> tuple[Diagnostic, ...]:
    """The redacted diagnostics of the registry itself, and a diagnostic for the secrets in them."""
    result: list[Diagnostic] = []
    secrets: list[Diagnostic] = []
    for one in problems:
        redactor = Redactor(privacy)
        redacted: Diagnostic = redactor.value(one)
        result.append(redacted)
        secrets += _secret(redactor, redacted.path)
    return (*result, *dict.fromkeys(secrets))


def add_secret_problem(redacted: _Owner, redactor: Redactor, place: str) -> _Owner:
    """The model or version, with a diagnostic at `place` if the redactor found secrets."""
    if not redactor.secrets:
        return redacted
    return dataclasses.replace(redacted, problems=(*redacted.problems, *_secret(redactor, place)))


def _secret(redactor: Redactor, place: str) -> tuple[Diagnostic, ...]:
    """The diagnostic of the secrets that the redactor found; none without secrets."""
    kinds = ", ".join(sorted(set(redactor.secrets)))
    return (problem("secret", f"replaced by {SECRET}: {kinds}", place),) if kinds else ()


def _environment(old: Environment, new: Environment) -> Environment:
    """The environment, without names of packages that were parts of a secret in their line."""
    requirements = _withhold_names(old.requirements, new.requirements)
    return dataclasses.replace(new, requirements=requirements, build=_withhold_names(old.build, new.build))


def _withhold_names(old: tuple[Requirement, ...], new: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    return tuple(one if one.text == before.text else _withhold_parts(one) for before, one in zip(old, new, strict=True))


def _withhold_parts(one: Requirement) -> Requirement:
    """A requirement whose line was redacted, without the parts that are no longer in the line."""
    version = one.version if one.version and one.version in one.text else None
    return dataclasses.replace(one, name=one.name if one.name in one.text else SECRET, version=version)


def _redact_fields(value: Any, redactor: Redactor) -> Any:
    """A model or version with its fields redacted, where anything in them has to be."""
    if _are_clean(value.__dict__):
        return value
    return dataclasses.replace(value, **{name: redactor.value(inner) for name, inner in value.__dict__.items()})


_TEXTS = frozenset(
    [
        *("name", "description", "card", "source", "stage", "address", "model_id"),
        *("status", "model_status", "copy_of"),
    ]
)
_PAIRS = frozenset(["tags", "params"])
_APART = (
    _TEXTS
    | _PAIRS
    | {
        "facts",
        "texts",
        "environment",
        "metrics",
        "dataset_metrics",
        "problems",
        "path",
        "files",
        "images",
        "previews",
        "store",
        "mlmodel",
        "digest",
        "run",
    }
)


def _lines(fields: dict[str, Any]) -> list[str]:
    """The lines of the fields that hold most of the text of a model or version.

    The text of MLmodel covers the values parsed from it, and the lines of the environment cover their parts.
    """
    found = [text for name in _TEXTS if (text := fields.get(name))]
    found += [shown.text for shown in fields.get("texts", ())]
    found += [one.message for one in fields["problems"]]
    if fields["facts"] != NO_FACTS:
        found += texts_of_facts(fields["facts"])
    found = "\n".join(found).split("\n")
    for name in _PAIRS:
        found += chain.from_iterable(fields.get(name, ()))
    if "environment" in fields:
        environment: Environment = fields["environment"]
        found += [one.text for one in (*environment.requirements, *environment.build)]
        found.append(environment.python or "")
    for metric in chain(fields.get("metrics", ()), fields.get("dataset_metrics", ())):
        found.append(metric.key)
        if metric.origin:
            found += [text for text in metric.origin[:3] if text]
    return found


def _others(fields: dict[str, Any]) -> list[Any]:
    """All other fields, and the values parsed from an MLmodel whose text is incomplete."""
    found = [inner for name, inner in fields.items() if inner and name not in _APART]
    if run := fields.get("run"):
        found += run.__dict__.values()  # its fields are no keys: one is called user
    texts = fields.get("texts", ())
    if not texts or not all(one.complete for one in texts):
        found.append(fields.get("mlmodel"))
    return found


def _are_clean(fields: dict[str, Any]) -> bool:
    """Whether no field of a model or version holds anything private.

    The first line of a multi-line secret is enough to find it, so that lines that are known need no second search.
    """
    fresh = set(_lines(fields)).difference(_clean)
    lines, places, others = "\n".join(fresh), _places(fields), _as_json(_others(fields))
    if others is None or has_hint(lines, HINTS) or has_hint(places, _IN_PLACES) or has_hint(others, _IN_JSON):
        return False
    if not _are_clean_names(_names(fields)) or not holds_no_secret(f"{lines}\n{places}\n{others}"):
        return False
    if len(_clean) > _MAX_LINES:
        _clean.clear()
    _clean.update([line for line in fresh if len(line) <= _MAX_LINE_LENGTH])
    return True


def _places(fields: dict[str, Any]) -> str:
    """The relative paths, where a slash is not private."""
    return "\n".join([fields.get("path") or "", fields.get("store", ""), *[one.path for one in fields["problems"]]])


def _names(fields: dict[str, Any]) -> tuple[str, ...]:
    """The paths and roles of files."""
    return tuple([text for file in fields.get("files", ()) for text in (file.path, file.role)])


@lru_cache(maxsize=256)
def _are_clean_names(names: tuple[str, ...]) -> bool:
    """`is_clean` with a cache: versions have the same files."""
    return is_clean("\n".join(names), _IN_PLACES)


def _as_json(values: list[Any]) -> str | None:
    """Values as one JSON text, which is searched fast; None if a text in them may hide something."""
    try:
        text = orjson.dumps(values, default=lambda _: None).decode()
    except orjson.JSONEncodeError:  # a text that is no UTF-8
        return None
    if "\\\\" in text:  # a backslash of a text, and nothing else, is two in JSON
        return None
    # letters that stand for control characters are no part of the words behind them
    return _ESCAPE.sub(" ", text)
