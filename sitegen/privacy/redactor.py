"""Redacts texts and nested values: private paths, user names, e-mail addresses and secrets become placeholders.

Every text of a model is redacted once, right after loading; pages, API, previews and reports get the result.
Newlines stay, so that line numbers stay.
"""

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sitegen.domain.model import Example, Text
from sitegen.privacy.assignments import find_assignments
from sitegen.privacy.escapes import SourceMap, views
from sitegen.privacy.hints import is_clean
from sitegen.privacy.names import is_secret_value, is_user_name, secret_strength
from sitegen.privacy.paths import path_places
from sitegen.privacy.patterns import PATTERNS
from sitegen.privacy.scalars import ScalarText, scalars
from sitegen.settings.settings import Privacy

EMAIL = "[e-mail withheld]"
USER = "[user withheld]"
SECRET = "[redacted]"  # noqa: S105 - the replacement of a secret

_EMAIL = re.compile(
    r"(?<![\w.%+-])(?<!abfs://)(?<!abfss://)(?<!wasb://)(?<!wasbs://)(?!git@)"
    r"[\w.%+'-]{1,200}@(?:[\w-]{1,63}\.){1,10}[^\W\d_]{2,63}\b"
)
_MAX_PASSES = 4
_CACHE_LIMIT = 400  # characters of texts whose result is cached

Texts = Iterable[tuple[str, SourceMap]]


class _PrivateSpan(NamedTuple):
    """A private part of a text, its placeholder, and the name of the pattern if it is a secret."""

    start: int
    end: int
    placeholder: str
    secret: str = ""


class Redactor:
    """Redacts texts and values; `secrets` collects the names of the secrets found."""

    def __init__(self, privacy: Privacy) -> None:
        self.privacy = privacy
        self.secrets: list[str] = []

    def text(self, text: str) -> str:
        """The redacted text."""
        if len(text) <= _CACHE_LIMIT:
            shown, found = _redact_short(text, self.privacy)
        elif is_clean(text):
            return text
        else:
            shown, found = _redact(text, "", self.privacy)
        self.secrets += found
        return shown

    def document(self, text: str, path: str) -> str:
        """The redacted text of a file; its name decides the format."""
        if is_clean(text):
            return text
        shown, found = _redact(text, path, self.privacy)
        self.secrets += found
        return shown

    def pair(self, key: str, text: str) -> tuple[str, str]:
        """The redacted text of a param or tag; its key may mark it as a secret or a user."""
        shown = self.text(key)
        if not text:
            return shown, text
        if not self.privacy.users and _is_user(key, text):
            return shown, USER
        if not self.privacy.secrets and _is_secret(key, text):
            self.secrets.append("secret-by-name")
            return shown, SECRET
        return shown, self.text(text)

    def value(self, value: Any) -> Any:
        """A value with all its texts redacted."""
        kind = type(value)
        if kind is str:
            return self.text(value)
        if kind is tuple:
            return tuple(self.pair(*item) if _is_pair(item) else self.value(item) for item in value)
        if isinstance(value, tuple):  # a named tuple
            return kind(*map(self.value, value))
        if kind is list:
            return [self.value(item) for item in value]
        if kind is dict:
            return self._mapping(value)
        if kind is Text:
            return dataclasses.replace(value, path=self.text(value.path), text=self.document(value.text, value.path))
        if kind is Example:
            return self._example(value)
        if dataclasses.is_dataclass(kind):
            return dataclasses.replace(value, **self._fields(value.__dict__))
        return value

    def _mapping(self, value: dict[str, Any]) -> dict[str, Any]:
        shown = {self.text(key): self._member(key, item) for key, item in value.items()}
        return self._redact_named_values(value, shown)

    def _fields(self, fields: dict[str, Any]) -> dict[str, Any]:
        return self._redact_named_values(fields, {name: self.value(inner) for name, inner in fields.items()})

    def _redact_named_values(self, before: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
        """Redact `value` and `default` of a mapping by the name that its `name` or `key` gives."""
        name = before.get("name") or before.get("key")
        if isinstance(name, str):
            for member in ("value", "default"):
                if isinstance(text := before.get(member), str):
                    shown[member] = self.pair(name, text)[1]
        return shown

    def _member(self, key: str, item: Any) -> Any:
        if isinstance(item, str) or (type(item) in (int, float) and _is_secret(key, str(item))):
            return self.pair(key, str(item))[1]
        return self.value(item)

    def _example(self, example: Example) -> Example:
        """An example, without the cells of columns that hold passwords."""
        secret = [secret_strength(name) == "strong" and not self.privacy.secrets for name in example.columns]
        user = [is_user_name(name) and not self.privacy.users for name in example.columns]
        kinds = [SECRET if one else USER if other else "" for one, other in zip(secret, user, strict=True)]
        rows = tuple(
            tuple((kinds[at] if at < len(kinds) and cell else "") or self.text(cell) for at, cell in enumerate(row))
            for row in example.rows
        )
        params = None if example.params is None else self.text(example.params)
        columns = tuple(map(self.text, example.columns))
        self.secrets += ["secret-by-name"] if any(secret) and rows else []
        return dataclasses.replace(example, columns=columns, rows=rows, params=params)


def _is_pair(item: object) -> bool:
    return type(item) is tuple and len(item) == 2 and type(item[0]) is str and type(item[1]) is str


def _is_secret(key: str, text: str) -> bool:
    """Whether a key says that its text is a secret; of an object it says that of the members at most."""
    strength = secret_strength(key)
    return bool(strength and is_secret_value(strength, key, text) and not _is_json(text))


def _is_user(key: str, text: str) -> bool:
    """Whether a key says that its text is the name of a user; longer texts are sentences, not names."""
    short = len(text) < 100 and text.count(" ") < 3 and not _is_json(text)
    return short and is_user_name(key, of_pair=True) and is_secret_value("strong", key, text)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


# --- one text --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32768)
def _redact_short(text: str, privacy: Privacy) -> tuple[str, tuple[str, ...]]:
    """`_redact` with a cache: short texts repeat."""
    return (text, ()) if is_clean(text) else _redact(text, "", privacy)


def _redact(text: str, path: str, privacy: Privacy) -> tuple[str, tuple[str, ...]]:
    """The redacted text, and the names of the secrets in it."""
    names: list[str] = []
    for _ in range(_MAX_PASSES):  # a replacement may uncover another match
        before = text
        found = chain.from_iterable(search(text, path, privacy) for search in (_secrets, _paths, _people))
        text = _replace(text, found, names)
        if text == before:
            break
    return text, tuple(names)


def _texts(text: str, path: str) -> Iterator[tuple[str, SourceMap]]:
    yield from views(text)
    for scalar in scalars(text, path) if path else ():
        yield from views(scalar.text, scalar.to_source)


def _secrets(text: str, path: str, privacy: Privacy) -> Iterator[_PrivateSpan]:
    if privacy.secrets and privacy.users:
        return
    for shown, place in _texts(text, path):
        if not privacy.secrets:
            yield from _of_patterns(shown, place)
        for one in find_assignments(shown):
            if one.user and not privacy.users:
                yield _PrivateSpan(*place(one.start, one.end), USER)
            elif not one.user and not privacy.secrets:
                yield _PrivateSpan(*place(one.start, one.end), SECRET, "secret-by-name")
    for scalar in scalars(text, path) if path else ():
        yield from _of_key(scalar, privacy)


def _of_patterns(shown: str, place: SourceMap) -> Iterator[_PrivateSpan]:
    lower = shown.lower()
    for pattern in PATTERNS:
        if any(marker in lower for marker in pattern.markers):
            expression = pattern.expression
            group = 1 if expression.groups else 0
            for match in expression.finditer(shown):
                yield _PrivateSpan(*place(*match.span(group)), SECRET, pattern.name)


def _of_key(scalar: ScalarText, privacy: Privacy) -> Iterator[_PrivateSpan]:
    """The whole text, where its key says that it is a secret or a user."""
    key, text = scalar.key, scalar.text
    if key is None or not text:
        return
    if not privacy.secrets and _is_secret(key, text):
        yield _PrivateSpan(*scalar.to_source(0, len(text)), SECRET, "secret-by-name")
    elif not privacy.users and _is_user(key, text):
        yield _PrivateSpan(*scalar.to_source(0, len(text)), USER)


def _paths(text: str, path: str, privacy: Privacy) -> Iterator[_PrivateSpan]:
    if not privacy.paths:
        for shown, place in _texts(text, path):
            for start, end, placeholder in path_places(shown):
                yield _PrivateSpan(*place(start, end), placeholder)


def _people(text: str, path: str, privacy: Privacy) -> Iterator[_PrivateSpan]:
    if not privacy.emails:
        for shown, place in _texts(text, path):
            if "@" in shown:
                for match in _EMAIL.finditer(shown):
                    yield _PrivateSpan(*place(*match.span()), EMAIL)


def _replace(text: str, found: Iterable[_PrivateSpan], names: list[str]) -> str:
    """The text with placeholders. Of overlapping spans, a secret or the longest one wins."""
    pieces: list[str] = []
    last = 0
    for start, end, shown, name in _apart(text, found):
        pieces += (text[last:start], shown, "\n" * text.count("\n", start, end))
        last = end
        names += [name] if name else []
    return "".join(pieces) + text[last:] if pieces else text


def _apart(text: str, found: Iterable[_PrivateSpan]) -> Iterator[_PrivateSpan]:
    current: _PrivateSpan | None = None
    widest = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.end <= one.start or text[one.start : one.end].strip() in (SECRET, USER, EMAIL):
            continue
        if current and one.start < current.end:
            longer = one.end - one.start > widest
            widest = max(widest, one.end - one.start)
            chosen = one if (longer and not current.secret) or (one.secret and not current.secret) else current
            current = chosen._replace(start=current.start, end=max(one.end, current.end))
            continue
        if current:
            yield current
        current, widest = one, one.end - one.start
    if current:
        yield current
