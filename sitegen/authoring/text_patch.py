"""Change one key in a JSON, YAML or CSV text and leave all other characters as they are, for small diffs.

The result is not checked: the caller parses it again and compares, since files can use syntax that is not handled here.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

KeyPath = tuple[str, ...]
"""A key, or the keys that lead to one."""

_LITERAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false")
_SPACE = re.compile(r"\s*")


class PatchError(Exception):
    """The text uses syntax that cannot be patched."""


def patch_text(text: str, path: str, place: KeyPath, value: str | None) -> str:
    """The text with the value of a key set or added, or with the key removed if the value is None.

    Raises PatchError.
    """
    if path.endswith(".csv"):
        return _csv(text, place[-1], value)
    if path.endswith(".json"):
        return _json(text, place[-1], value)
    try:
        return _yaml(text, place, value)
    except yaml.YAMLError as error:
        raise PatchError(str(error)) from error


# --- CSV -------------------------------------------------------------------------------------------------------


def _csv(text: str, key: str, value: str | None) -> str:
    ending = "\r\n" if "\r\n" in text else "\n"
    row = [] if value is None else [_csv_row(key, value) + ending]
    lines = (text or f"key,value{ending}").splitlines(keepends=True)
    if not lines[-1].endswith(ending):
        lines[-1] += ending
    found = [number for number, line in enumerate(lines) if next(csv.reader([line]), [""])[:1] == [key]]
    for number in reversed(found):
        lines[number : number + 1] = row if number == found[-1] else []
    return "".join(lines if found else [*lines, *row])


def _csv_row(key: str, value: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([key, value])
    return out.getvalue()


# --- JSON ------------------------------------------------------------------------------------------------------


class _Member(NamedTuple):
    """Offsets of a key and its value in a text."""

    key: str
    start: int
    key_end: int
    value: int
    end: int


def _json(text: str, key: str, value: str | None) -> str:
    if not text.strip():
        text = "{}\n"
    members = list(_members(text))
    number = next((number for number, one in enumerate(members) if one.key == key), None)
    if value is None:
        return text if number is None else _remove_member(text, members, number)
    said = json.dumps(value, ensure_ascii=text.isascii() and not value.isprintable())
    if number is not None:
        old = members[number]
        if text[old.value] != '"' and _LITERAL.fullmatch(value):
            said = value  # a number stays a number
        return text[: old.value] + said + text[old.end :]
    name = json.dumps(key, ensure_ascii=False)
    if not members:
        opening = text.index("{") + 1
        return f"{text[:opening]}\n  {name}: {said}\n{text[text.index('}', opening) :]}"
    first, last = members[0], members[-1]
    before = text[text.index("{") + 1 : first.start]
    between = text[first.key_end : first.value]
    return f"{text[: last.end]},{before or ' '}{name}{between}{said}{text[last.end :]}"


def _members(text: str) -> Iterator[_Member]:
    """The members of the object that a text is."""
    decoder = json.JSONDecoder()
    at = _skip(text, 0)
    if text[at : at + 1] != "{":
        raise PatchError("it is no object")
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        try:
            key, key_end = decoder.raw_decode(text, at)
            value = _skip(text, _skip(text, key_end) + 1)
            _, end = decoder.raw_decode(text, value)
        except (ValueError, RecursionError) as error:
            raise PatchError(str(error)) from error
        yield _Member(key, at, key_end, value, end)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _remove_member(text: str, members: list[_Member], number: int) -> str:
    """The text without a member and the comma that belongs to it."""
    own = members[number]
    if number + 1 < len(members):
        return text[: own.start] + text[members[number + 1].start :]
    if number:
        return text[: members[number - 1].end] + text[own.end :]
    return text[: text.index("{") + 1] + text[text.index("}", own.end) :]


# --- YAML ------------------------------------------------------------------------------------------------------


def _yaml(text: str, place: KeyPath, value: str | None) -> str:
    """As for the others; a mapping that gets its first key is made, one that loses its last goes."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise PatchError("it is no mapping")
    lines = _Text(text)
    mapping = root
    for depth, key in enumerate(place):
        found = _pair(mapping, key)
        last = depth == len(place) - 1
        if found is None or (not last and _empty(found[1])):
            if value is None:
                return text
            return (
                lines.add_key(mapping, place[depth:], value)
                if found is None
                else lines.fill_empty(found, place[depth + 1 :], value)
            )
        if last:
            return lines.replace_value(mapping, found, value) if value is not None else _remove_pair(text, root, place)
        mapping = _inner(found[1], key)
    raise PatchError("no key is given")


def _inner(node: yaml.Node, key: str) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode):
        raise PatchError(f"{key} is no mapping")
    return node


Pair = tuple[yaml.Node, yaml.Node]


def _pair(mapping: yaml.MappingNode | None, key: str) -> Pair | None:
    pairs = mapping.value if mapping else []
    return next(
        (pair for pair in reversed(pairs) if isinstance(pair[0], yaml.ScalarNode) and pair[0].value == key), None
    )


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _remove_pair(text: str, root: yaml.MappingNode | None, place: KeyPath) -> str:
    """The text without the pair, and without the mappings that held nothing else."""
    mapping, cut = root, (root, _pair(root, place[0]))
    for key in place[:-1]:
        pair = _pair(mapping, key)
        mapping = _inner(pair[1], key) if pair else None
        if mapping and len(mapping.value) > 1:
            cut = mapping, _pair(mapping, place[place.index(key) + 1])
    if cut[0] is None or cut[1] is None:
        return text
    return _Text(text).without(cut[0], cut[0].value.index(cut[1]))


class _Text:
    """A YAML text, and the places of its nodes in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in re.finditer(r"\r\n|[\r\n\x85\u2028\u2029]", text))]

    def start(self, node: yaml.Node) -> int:
        """Where a node begins in the text."""
        return self.starts[node.start_mark.line] + int(node.start_mark.column)

    def end(self, node: yaml.Node) -> int:
        """Where a node ends: that of a block collection is where its last value does."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self.end(last[1] if isinstance(last, tuple) else last)
        return self.starts[node.end_mark.line] + int(node.end_mark.column)

    def line_end(self, at: int) -> int:
        """Where the line ends that a place is in, its end included; a block scalar ends in one by itself."""
        if at in self.starts and at > 0:
            return at
        return next((start for start in self.starts if start > at), len(self.text))

    def replace_value(self, mapping: yaml.MappingNode | None, pair: Pair, value: str) -> str:
        """The text with another value for a key."""
        start, end = self.start(pair[1]), self.end(pair[1])
        if _empty(pair[1]) and start == end:
            start = end = self.text.index(":", self.end(pair[0])) + 1
        tail = "\n" if end > start and self.text[start:end].endswith("\n") else ""
        flow = mapping is not None and bool(mapping.flow_style)
        space = "" if self.text[start - 1 : start].isspace() else " "
        return self.text[:start] + space + _scalar(value, pair[0].start_mark.column, flow) + tail + self.text[end:]

    def fill_empty(self, pair: Pair, place: KeyPath, value: str) -> str:
        """The text with a mapping in the place of nothing."""
        at = self.text.index(":", self.end(pair[0])) + 1
        rest = self.line_end(at)
        indent = pair[0].start_mark.column + 2
        return self.text[:at] + "\n" + _block(place, value, indent) + self.text[rest:]

    def add_key(self, mapping: yaml.MappingNode | None, place: KeyPath, value: str) -> str:
        """The text with one more key, behind the others of its mapping."""
        if mapping is None or not (mapping.value or mapping.flow_style):
            text = self.text if not self.text or self.text.endswith("\n") else self.text + "\n"
            return text + _block(place, value, 0)
        if mapping.flow_style:
            at = self.end(mapping.value[-1][1]) if mapping.value else self.start(mapping) + 1
            inner = f"{_scalar(place[-1], 0, True)}: {_scalar(value, 0, True)}"
            return self.text[:at] + (", " if mapping.value else "") + inner + self.text[at:]
        at = self.line_end(self.end(mapping))
        before = self.text[:at] if self.text[:at].endswith("\n") else self.text[:at] + "\n"
        return before + _block(place, value, mapping.value[0][0].start_mark.column) + self.text[at:]

    def without(self, holder: yaml.CollectionNode, number: int) -> str:
        """The text without one part of a collection, by its place in it."""
        parts = [part if isinstance(part, tuple) else (part, part) for part in holder.value]
        first, last = parts[number]
        start, end = self.start(first), self.end(last)
        if not holder.flow_style:
            return self.text[: self.starts[first.start_mark.line]] + self.text[self.line_end(end) :]
        if number + 1 < len(parts):
            return self.text[:start] + self.text[self.start(parts[number + 1][0]) :]
        if number:
            return self.text[: self.end(parts[number - 1][1])] + self.text[end:]
        return self.text[:start] + self.text[end:]


def remove_item(text: str, key: str, item: str) -> str:
    """A YAML text without an item of the list that a key has; without the key where it was the only one.

    Raises PatchError.
    """
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise PatchError(str(error)) from error
    pair = _pair(root, key) if isinstance(root, yaml.MappingNode) else None
    if pair is None or not isinstance(pair[1], yaml.SequenceNode):
        raise PatchError(f"{key} is no list")
    items = pair[1].value
    if [one.value for one in items] == [item]:
        return _yaml(text, (key,), None)
    found = next((number for number, one in enumerate(items) if one.value == item), None)
    return text if found is None else _Text(text).without(pair[1], found)


def _block(place: KeyPath, value: str, indent: int) -> str:
    """Lines of block style."""
    lines = [f"{' ' * (indent + 2 * depth)}{_scalar(key, 0, True)}:" for depth, key in enumerate(place)]
    return "\n".join(lines) + f" {_scalar(value, indent + 2 * (len(place) - 1), False)}\n"


def _scalar(value: str, indent: int, flow: bool) -> str:
    """A text as YAML; one of several lines as such, below a key at `indent`."""
    if "\n" in value and not flow and value == value.strip() and value.replace("\n", "").isprintable():
        return "\n".join(["|-", *(f"{' ' * (indent + 2)}{line}" if line else "" for line in value.split("\n"))])
    style = '"' if "\n" in value else None
    said: str = yaml.safe_dump(value, allow_unicode=True, width=10**9, default_style=style)
    said = said.removesuffix("\n").removesuffix("\n...")
    plain = said[:1] not in ("'", '"')
    return json.dumps(value, ensure_ascii=False) if flow and plain and re.search(r"[\[\]{},?:]", said) else said
