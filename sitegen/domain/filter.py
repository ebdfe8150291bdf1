"""MLflow's search syntax over versions: `metrics.rmse < 60 AND tags.team = 'x'`.

As in MLflow's search_runs, conditions are joined by AND alone; metrics compare as numbers, params and tags as texts,
with =, !=, LIKE, ILIKE and IS [NOT] NULL; a version without the key matches nothing but IS NULL, not even !=.
Beyond MLflow, every text may be compared by [NOT] IN and every key by IS [NOT] NULL, `model_tags` are the tags of the
model itself, `inputs` the types of input columns, and AND may not be left out. `alias` and `flavor` are all aliases and
flavors of a version: one of them must match, or, with != and NOT IN, each of them.
"""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sitegen.core.errors import SitegenError
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.model import Model, Version
from sitegen.domain.signature import Signature, type_name

_CONDITION = re.compile(
    r"""\s*(?:(?P<kind>[A-Za-z_]+)\.)?
    (?:`(?P<ticked>[^`]+)`|"(?P<quoted>[^"]+)"|(?P<bare>[^\s<>=!()'"`,]+))
    \s*(?P<compare><=|>=|!=|=|<|>|\b(?:not\s+in|in|i?like|is\s+not\s+null|is\s+null)\b)
    \s*(?P<value>'[^']*'|"[^"]*"|\((?:\s*+'[^']*+'\s*+,?+)++\)|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)?
    \s*""",
    re.VERBOSE | re.IGNORECASE,
)
_AND = re.compile(r"and\b", re.IGNORECASE)
KINDS = {
    **dict.fromkeys(("metrics", "metric"), "metrics"),
    **dict.fromkeys(("params", "param", "parameters", "parameter"), "params"),
    **dict.fromkeys(("tags", "tag"), "tags"),
    **dict.fromkeys(("model_tags", "model_tag"), "model_tags"),
    **dict.fromkeys(("inputs", "input"), "inputs"),
    **dict.fromkeys(("attributes", "attribute", "attr", "run"), "attributes"),
}
"""The spellings of each kind of key."""

NUMBERS = ("version_number", "created", "start_time", "end_time")
"""Attributes that are numbers; times are milliseconds since 1970, UTC."""

TEXTS = ("name", "version", "source_path", "stage", "run_id", "run_name", "experiment", "status", "user_id")
LISTS = ("alias", "flavor")
ATTRIBUTES = (*TEXTS, *LISTS, *NUMBERS)
"""Attributes of versions and their runs; `created` is when the version was made, not its run."""

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_TEXT_ORDER = ("=", "!=", "LIKE", "ILIKE", "IN", "NOT IN")
_NULL = ("IS NULL", "IS NOT NULL")
_NUMBER = re.compile(r"v?(\d{1,18})")

Value = str | float | tuple[str, ...] | None


@dataclass(frozen=True)
class Condition:
    """One comparison of a value of a version, or of a model, with a constant."""

    kind: str
    key: str
    compare: str
    value: str | float | tuple[str, ...]

    def holds(self, model: Model, version: Version) -> bool:
        """Whether the version matches the condition."""
        return self._accepts(_value(model, version, self.kind, self.key))

    def holds_for_model(self, model: Model) -> bool:
        """Whether the model itself meets the condition, which is about its name or tags. Raises SitegenError."""
        if self.kind in ("tags", "model_tags"):
            return self._accepts(dict(model.tags).get(self.key))
        if (self.kind, self.key) == ("attributes", "name"):
            return self._accepts(model.name)
        raise SitegenError(f"models are searched by name and tags alone; {self.key} is neither")

    def _accepts(self, found: Value) -> bool:
        if self.compare in _NULL:
            return (found is None) == (self.compare == "IS NULL")
        if found is None:
            return False
        if isinstance(found, tuple):
            every = self.compare in ("!=", "NOT IN")
            return all(map(self._accepts, found)) if every else any(map(self._accepts, found))
        if self.compare in _ORDER:
            return _ORDER[self.compare](found, self.value)
        if isinstance(self.value, tuple):
            return (found in self.value) == (self.compare == "IN")
        flags = re.DOTALL | (re.IGNORECASE if self.compare == "ILIKE" else re.NOFLAG)
        return re.fullmatch(_pattern(str(self.value)), str(found), flags) is not None


def parse_filter(text: str) -> tuple[Condition, ...]:
    """The conditions of a filter; none for an empty one. Raises SitegenError with the text that is wrong."""
    return tuple(_conditions(text)) if text.strip() else ()


def _conditions(text: str) -> Iterator[Condition]:
    place = 0
    while True:
        match = _CONDITION.match(text, place)
        if match is None:
            rest = text[place:].strip()[:60]
            raise SitegenError(
                f"the filter is not understood from here on: {rest!r}" if rest else "nothing follows AND"
            )
        yield _condition(match)
        place = match.end()
        if place == len(text):
            return
        joined = _AND.match(text, place)
        if joined is None:
            raise SitegenError(f"conditions are joined by AND; found {text[place:].strip()[:60]!r}")
        place = joined.end()


def _condition(match: re.Match[str]) -> Condition:
    key = match["ticked"] or match["quoted"] or match["bare"]
    kind = KINDS.get((match["kind"] or "attributes").lower())
    compare = " ".join(match["compare"].upper().split())
    if kind is None:
        raise SitegenError(f"{match['kind']}.{key} is neither a metric, param, tag, model_tag, input nor attribute")
    if kind == "attributes" and key not in ATTRIBUTES:
        raise SitegenError(f"{key} is no attribute; there are {', '.join(ATTRIBUTES)}")
    return Condition(kind, key, compare, _right(kind, key, compare, match["value"]))


def _right(kind: str, key: str, compare: str, text: str | None) -> str | float | tuple[str, ...]:
    """The value on the right. Raises SitegenError if the key or the comparison does not accept it."""
    if compare in _NULL:
        if text is not None:
            raise SitegenError(f"{compare} takes no value")
        return ""
    if text is None:
        raise SitegenError(f"{key} {compare} is not followed by a value")
    if kind == "metrics" or key in NUMBERS:
        if key == "version_number" and re.fullmatch(r"'\d+'", text):  # as MLflow does
            text = text[1:-1]
        if text[0] in "'\"(" or compare not in _ORDER:
            raise SitegenError(f"{key} is a number: compare it by {' '.join(_ORDER)} with a number")
        return float(text)
    if compare not in _TEXT_ORDER:
        raise SitegenError(f"{key} is a text: compare it by {', '.join(_TEXT_ORDER)}")
    return _text(key, compare, text)


def _text(key: str, compare: str, text: str) -> str | tuple[str, ...]:
    """A text in quotes, or texts in parentheses where a list is asked for."""
    if compare in ("IN", "NOT IN"):
        if text[0] != "(":
            raise SitegenError(f"{compare} takes a list in parentheses")
        return tuple(re.findall(r"'([^']*)'", text))
    if text[0] == "(":
        raise SitegenError(f"{compare} takes one value, not a list")
    if text[0] not in "'\"":
        raise SitegenError(f"the value of {key} must be in quotes")
    return text[1:-1]


def _pattern(like: str) -> str:
    """The regular expression of a LIKE pattern: % matches any letters, _ one letter.

    Atomic groups match what follows each % once, from left to right: backtracking would take exponential time and
    match nothing else.
    """
    first, *parts = (
        "".join("." if letter == "_" else re.escape(letter) for letter in part) for part in like.split("%")
    )
    if not parts:
        return first
    return first + "".join(f"(?>.*?{part})" for part in parts[:-1] if part) + ".*" + parts[-1]


def _value(model: Model, version: Version, kind: str, key: str) -> Value:
    if kind == "metrics":
        return next((metric.value for metric in version.metrics if metric.key == key), None)
    if kind == "inputs":
        return _input_types(version.signature).get(key) if version.signature else None
    if kind != "attributes":
        pairs = {"params": version.params, "tags": version.tags, "model_tags": model.tags}[kind]
        return dict(pairs).get(key)
    run, number = version.run, _NUMBER.fullmatch(version.name)
    attributes: dict[str, Value] = {
        "name": model.name,
        "version": version.name,
        "version_number": int(number[1]) if number else None,
        "source_path": version.source,
        "stage": version.stage,
        "created": version.created,
        "alias": version.aliases or None,
        "flavor": tuple(flavor.name for flavor in version.mlmodel.flavors) or None if version.mlmodel else None,
    }
    if run:
        attributes |= {
            "run_id": run.id or None,
            "run_name": run.name,
            "experiment": run.experiment,
            "status": run.status,
            "user_id": run.user,
            "start_time": run.start,
            "end_time": run.end,
        }
    return attributes.get(key)


@memoize_by_identity(256)
def _input_types(signature: Signature) -> dict[str, str]:
    """The types of the input columns by their names."""
    return {column.name: type_name(column.type) for column in signature.inputs or () if column.name}
