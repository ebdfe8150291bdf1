"""Models as they may be published: each goes through here once, right after it is read."""

import dataclasses
import re
from typing import Any

import orjson

from sitegen.diagnostics import problem
from sitegen.domain.environment import Environment
from sitegen.domain.model import Model, Version
from sitegen.privacy import HINTS, SECRET, SECRETS, USER, Redactor
from sitegen.settings import Privacy

_IN_JSON = tuple(b"\\\\" if marker == "\\" else marker.encode() for marker in HINTS)
_IN_PATHS = tuple(marker for marker in _IN_JSON if marker not in (b"/", b"\\\\"))
_ESCAPE = re.compile(r"\\(?:[bfnrt]|u00[01].)")
_TOKENS = tuple((marker.encode(), pattern) for _, markers, pattern in SECRETS for marker in markers)


def redact_model(model: Model, privacy: Privacy) -> Model:
    """The model as it may be published; a version that held secrets has a problem that says so."""
    redactor = Redactor(privacy)
    shell: Model = _redacted(dataclasses.replace(model, versions=()), redactor)
    return dataclasses.replace(shell, versions=tuple(redact_version(version, privacy) for version in model.versions))


def redact_version(version: Version, privacy: Privacy) -> Version:
    """A version as it may be published, with a problem that says so where it held secrets."""
    redactor = Redactor(privacy)
    redacted: Version = _redacted(version, redactor)
    if redacted.run and redacted.run.user and not privacy.users:
        redacted = dataclasses.replace(redacted, run=dataclasses.replace(redacted.run, user=USER))
    if redactor.secrets:
        redacted = dataclasses.replace(redacted, environment=_environment(version.environment, redacted.environment))
        kinds = ", ".join(sorted(set(redactor.secrets)))
        found = problem("secret", f"replaced by {SECRET}: {kinds}", redacted.path or redacted.name)
        redacted = dataclasses.replace(redacted, problems=(*redacted.problems, found))
    return redacted


def _environment(old: Environment, new: Environment) -> Environment:
    """The environment, without names of packages that were parts of a secret in their line."""
    found = tuple(
        dataclasses.replace(one, name=SECRET) if one.text != before.text and one.name not in one.text else one
        for before, one in zip(old.requirements, new.requirements, strict=True)
    )
    return dataclasses.replace(new, requirements=found)


def _redacted(value: Any, redactor: Redactor) -> Any:
    """A model or version with its fields redacted, where anything in them has to be."""
    fields = value.__dict__
    files = fields.get("files", ())
    paths = [fields.get("path"), *[file.path for file in files], *{file.role for file in files}]
    if not _suspicious(_texts(fields), _IN_JSON) and not _suspicious(paths, _IN_PATHS):
        return value
    return dataclasses.replace(value, **{name: redactor.value(inner) for name, inner in fields.items()})


def _texts(fields: dict[str, Any]) -> list[Any]:
    """All texts of a model or version but relative paths, in which a slash means nothing.

    The text of the MLmodel stands for what was parsed of it, and the lines of the environment for their parts.
    """
    found = [inner for name, inner in fields.items() if inner and name not in _APART]
    found += [one.message for one in fields["problems"]]
    found += [metric.key for metric in fields.get("metrics", ())]
    if "environment" in fields:
        found += [one.text for one in fields["environment"].requirements]
    if not fields.get("texts"):
        found.append(fields.get("mlmodel"))
    return found


_APART = frozenset(["path", "files", "problems", "store", "mlmodel", "metrics", "environment", "digest"])


def _suspicious(value: object, hints: tuple[bytes, ...]) -> bool:
    """Whether any text inside may have to be replaced: written as JSON, all texts are searched in a moment."""
    try:
        data = orjson.dumps(value, default=lambda _: None)
    except orjson.JSONEncodeError:  # a text that is no UTF-8
        return True
    lower = data.lower()
    for hint in hints:
        if hint in lower:
            return True
    return any(marker in lower and pattern.search(_unescaped(data)) for marker, pattern in _TOKENS)


def _unescaped(data: bytes) -> str:
    """JSON as a text in which letters that stand for control characters are no part of the words behind them."""
    return _ESCAPE.sub(" ", data.decode())
