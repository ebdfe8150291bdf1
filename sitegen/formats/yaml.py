"""YAML texts to plain values, in one pass over libyaml's events, with limits of depth and size.

PyYAML's loaders recurse in C: a 60 kB file nested 30,000 deep crashes the process. So values are built here from the
parser's events, with an explicit stack. Plain scalars mean what they mean to `yaml.safe_load`, with four
exceptions: timestamps stay texts, keys are always texts, NaN and infinities become the texts "NaN", "Infinity" and
"-Infinity", and integers that need more than 64 bits stay texts.
"""

import math
from collections.abc import Callable
from functools import cached_property, lru_cache, partial
from typing import Any

import yaml
from yaml._yaml import CParser

from sitegen.domain.diagnostic import Diagnostic, Findings, Loaded, problem
from sitegen.domain.signature import Json
from sitegen.formats.text import quote

MAX_DEPTH = 64
MAX_NODES = 200_000

_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_CONSTRUCTOR = yaml.constructor.SafeConstructor()
_TAG = "tag:yaml.org,2002:"
_TYPED_TAGS = {_TAG + name for name in ("int", "float", "bool", "null")}
_MAX_COLONS = 10  # of an integer in base 60, which has no leading zero: 60**11 needs more than 64 bits
_READABLE_TAGS = {None, "!", _TAG + "str", _TAG + "map", _TAG + "seq"} | _TYPED_TAGS


def load_yaml(text: str, path: str, *, verbatim: bool = False) -> Loaded[Json]:
    """The first document of a YAML text; None and a problem if it cannot be parsed.

    `verbatim` keeps every scalar but null as it is written in the file (`1e-5`, `1.10`, `yes`).
    """
    builder = _DocumentBuilder(path, verbatim)
    try:
        builder.read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        limit = _limit_before(mark.index, text, path) if mark else None
        last = limit or problem("yaml-syntax", str(error.problem), path, *place)
        return Loaded(None, (*builder.problems, last))
    except yaml.YAMLError as error:
        return Loaded(None, (*builder.problems, problem("yaml-syntax", str(error).split("\n")[0], path)))
    except _LimitError as refused:
        return Loaded(None, (*builder.problems, refused.problem))
    return Loaded(builder.root, builder.problems)


def _limit_before(index: int, text: str, path: str) -> Diagnostic | None:
    """The limit that a text exceeds before the character at which the parser failed; None if it keeps all limits.

    libyaml reads up to 1,024 characters ahead of its events. There some versions refuse deep nesting as a syntax error
    before `_DocumentBuilder` sees the depth. So the text is parsed again up to that character.
    """
    try:
        _DocumentBuilder(path, verbatim=True).read(text[:index])
    except _LimitError as refused:
        return refused.problem if refused.problem.rule == "yaml-limit" else None
    except yaml.YAMLError:
        return None
    return None


class Positions:
    """Line and column of values in a valid YAML text. The first call of `of` parses the text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, *keys: str | int) -> tuple[int, int] | tuple[None, None]:
        """Line and column, from 1, of the value below `keys`, an int being a place in a list; None if not found."""
        node = self._root
        for key in keys:
            if isinstance(key, int):
                node = node.value[key] if isinstance(node, yaml.SequenceNode) else None
                continue
            pairs = node.value if isinstance(node, yaml.MappingNode) else ()
            node = next((value for name, value in pairs if name.value == key), None)
            if node is None:
                return None, None
        return (node.start_mark.line + 1, node.start_mark.column + 1) if node else (None, None)

    @cached_property
    def _root(self) -> yaml.Node | None:
        try:
            return yaml.compose(self._text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:  # PyYAML refuses a reused anchor, which YAML allows
            return None


@lru_cache(maxsize=8192)
def scalar(text: str) -> Json:
    """The value of a plain scalar."""
    for tag, pattern in _RESOLVERS.get(text[:1], ()):
        if pattern.match(text):
            return _scalar_value(tag.removeprefix(_TAG), text)
    return text


def _scalar_value(kind: str, text: str) -> Json:
    if kind == "null":
        return None
    construct = {
        "bool": _CONSTRUCTOR.construct_yaml_bool,
        "int": _CONSTRUCTOR.construct_yaml_int,
        "float": _CONSTRUCTOR.construct_yaml_float,
    }.get(kind)
    if construct is None or (kind == "int" and text.count(":") > _MAX_COLONS):
        return text
    try:
        value: int | float | bool = construct(yaml.ScalarNode(_TAG + kind, text))
    except (ValueError, OverflowError, KeyError):
        return text
    return strict_number(value) if kind != "int" or -(2**63) <= value < 2**63 else text


def strict_number(value: int | float | bool) -> Json:
    """The number itself, or its text if it is NaN or infinite."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


class _LimitError(Exception):
    """The document exceeds a limit of this parser."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.problem = diagnostic


class _DocumentBuilder:
    """Builds one document from events; each open collection is a frame on a stack."""

    def __init__(self, path: str, verbatim: bool) -> None:
        self.path, self.verbatim = path, verbatim
        self._findings = Findings(path)
        self.root: Json = None
        self._nodes = 0
        self._here: list[Json] | dict[str, Json] | None = None
        self._key: str | None = None
        self._depth = 0
        self._frames: list[tuple[list[Json] | dict[str, Json] | None, str | None, str | None, int, int]] = []
        self._anchors: dict[str, tuple[Json, int, int]] = {}
        self._documents = 0

    def read(self, text: str) -> None:
        """Consume all events of the first document."""
        next_event = CParser(text).get_event
        steps: dict[type[yaml.Event] | type[None], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        while not isinstance(event := next_event(), yaml.StreamEndEvent):
            step = steps.get(type(event))
            if step:
                step(event)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _LimitError(self._problem("yaml-syntax", "the file holds more than one document", event))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        # Nine in ten events of a file are scalars, so this method inlines what the other methods call.
        text: str = event.value
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._count(0, event)
        if event.tag is not None and event.tag not in _READABLE_TAGS:
            self._unread_tag(event)
        if self._key is None and type(self._here) is dict:
            self._set_key(text, event)
            return
        value: Json = text
        if event.implicit[0] or event.tag in _TYPED_TAGS:
            meaning = scalar(text)
            value = text if self.verbatim and meaning is not None else meaning
            if len(text) > 18 and value == text and not self.verbatim and text.lstrip("+-").isdigit():
                self._note("yaml-number", "the number has more digits than fit 64 bits", event)
        self._put(value, event.anchor, 1)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self._count(1, event)
        if event.tag not in _READABLE_TAGS:
            self._unread_tag(event)
        if self._wants_key():
            raise _LimitError(self._problem("yaml-syntax", "a key is a collection", event))
        if len(self._frames) >= MAX_DEPTH:
            raise _LimitError(self._problem("yaml-limit", f"nested more than {MAX_DEPTH} deep", event))
        self._frames.append((self._here, self._key, event.anchor, self._nodes, self._depth))
        if event.anchor:
            self._anchors.pop(event.anchor, None)  # an alias inside the collection would be a cycle
        self._here, self._key, self._depth = {} if isinstance(event, yaml.MappingStartEvent) else [], None, 0

    def _close(self, _event: yaml.Event) -> None:
        value, depth = self._here, self._depth + 1
        self._here, self._key, anchor, before, self._depth = self._frames.pop()
        if isinstance(value, dict) and "<<" in value:
            value = _apply_merge_keys(value)
        self._put(value, anchor, self._nodes - before + 1, depth)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self._anchors:
            raise _LimitError(self._problem("yaml-limit", f"*{event.anchor} refers to itself or to nothing", event))
        value, weight, depth = self._anchors[event.anchor]
        self._count(weight, event)
        if len(self._frames) + depth > MAX_DEPTH:
            raise _LimitError(self._problem("yaml-limit", f"nested more than {MAX_DEPTH} deep by aliases", event))
        if self._wants_key():
            self._set_key(str(value), event)
        else:
            self._put(value, None, weight, depth)

    def _wants_key(self) -> bool:
        return self._key is None and isinstance(self._here, dict)

    def _set_key(self, key: str, event: yaml.NodeEvent) -> None:
        if isinstance(self._here, dict) and key in self._here:
            self._note("yaml-duplicate-key", f"the key {quote(key)} is there twice", event)
        self._key = key

    def _put(self, value: Json, anchor: str | None, weight: int, depth: int = 0) -> None:
        if anchor:
            self._anchors[anchor] = (value, weight, depth)
        if depth > self._depth:
            self._depth = depth
        if isinstance(self._here, list):
            self._here.append(value)
        elif self._here is not None and self._key is not None:
            self._here[self._key], self._key = value, None
        else:
            self.root = value

    def _count(self, nodes: int, event: yaml.Event) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise _LimitError(self._problem("yaml-limit", f"more than {MAX_NODES:,} values, aliases included", event))

    def _unread_tag(self, event: yaml.NodeEvent) -> None:
        tag = str(getattr(event, "tag", "")).replace(_TAG, "!!")
        self._note("yaml-tag", f"the tag {quote(tag)} is not read", event)

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The diagnostics so far."""
        return self._findings.problems()

    def _note(self, rule: str, message: str, event: yaml.Event) -> None:
        diagnostic = self._problem(rule, message, event)
        self._findings.add(rule, partial(str, message), diagnostic.line, diagnostic.column)

    def _problem(self, rule: str, message: str, event: yaml.Event) -> Diagnostic:
        mark = event.start_mark
        return problem(rule, message, self.path, *((mark.line + 1, mark.column + 1) if mark else ()))


def _apply_merge_keys(value: dict[str, Json]) -> dict[str, Json]:
    """A mapping with the keys from `<<` merged in; the mapping's keys win."""
    bases = value.pop("<<")
    merged: dict[str, Json] = {}
    for base in reversed(bases if isinstance(bases, list) else [bases]):
        merged.update(base if isinstance(base, dict) else {})
    return merged | value
