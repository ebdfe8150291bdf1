"""Values that a text gives to names: `password: x`, `--token x`, `{"api_key": "x"}`, `PGPASSWORD=x`, `<pwd>x</pwd>`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.privacy.names import Strength, is_secret_value, is_user_name, looks_random, secret_strength


class Assignment(NamedTuple):
    """Start and end of a value that is a secret or, if `user` is set, the name of a user."""

    start: int
    end: int
    user: bool


_NAME = (
    r"(?<![\w.-])(?:(?i:api|access|secret|private|auth|client|account|bearer|user)[ ](?=[a-zA-Z]))?[\w@$-][\w.-]{0,100}"
)
_ASSIGNMENT = re.compile(
    rf"(?P<name>{_NAME})(?:[\"'`]?\]?\**[\"'`]?)[ \t]{{0,20}}"
    r"(?P<sign>:=|=>|==?|::?(?![/:])|\|)\**[ \t]{0,20}(?:[bru](?=[\"']))?"
)
_FLAG = re.compile(r"(?<![\w-])--?(?P<name>[a-zA-Z][\w.-]{1,60})[\"']?,?[ \t]{1,20}(?!-)")
_CALL = re.compile(
    r"(?i:option|set|setenv|config|conf|property|putenv|header|put|add_header|setconf|setproperty|set_tag|log_param)"
    r"\([ ]?[\"'](?P<name>[\w.-]{2,100})[\"'],[ ]?(?=[\"'])"
)
_ELEMENT = re.compile(r"<(?P<name>[A-Za-z][\w.:-]{1,60})(?:\s[^<>]{0,200})?>")
_FIELD = re.compile(
    r"[\"']?\b(?:name|key|Name|Key)[\"']?[ ]?[:=][ ]?[\"']?(?P<name>[\w.-]{2,100})[\"']?"
    r"[^{}\[\]\n]{0,120}?[,\s{]\s{0,20}[\"']?(?:value|default|Value)[\"']?[ ]?[:=][ ]?"
)
_SENTENCE = re.compile(
    r"(?i)\b(?P<name>password|passwd|passphrase|passcode|pwd|(?:api|access|secret|private) key|token|secret)"
    r"(?: (?:for|of|to) [\w.-]{1,40})? (?:is|was|=|are)[ ]?:?[ ]{1,3}"
)
_VALUE = re.compile(
    r"\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)'|`(?P<back>[^`\n]*)`|"
    r"(?P<bare>[^\s\"'`,;&<>(){}\[\]|][^\s\"'`,;&<>{}|]*)"
)
_LONG = 500
_INNER = re.compile(r"(?P<bare>[^<>\n]{1,2000})(?=</)")


def find_assignments(text: str) -> Iterator[Assignment]:
    """Find all values whose names say that they are secrets or users."""
    for pattern in (_ASSIGNMENT, _FLAG, _CALL, _ELEMENT, _FIELD, _SENTENCE):
        at = 0
        while before := pattern.search(text, at):
            at = max(before.end("name"), before.start() + 1)
            if place := _judge(pattern, before):
                yield place
                if place.end - place.start > _LONG:  # the inside of a short value is searched, too
                    at = place.end


def _judge(pattern: re.Pattern[str], before: re.Match[str]) -> Assignment | None:
    """The value behind a name and a sign, if it is private."""
    name = before["name"]
    strength = secret_strength(name)
    user = not strength and pattern in (_ASSIGNMENT, _FLAG) and is_user_name(name)
    if not strength and not user:
        return None
    found = (_INNER if pattern is _ELEMENT else _VALUE).match(before.string, before.end())
    kind = found.lastgroup if found else None
    if not found or not kind or not is_secret_value(strength or "strong", name, found[kind]):
        return None
    if kind == "bare" and strength and not _is_value(pattern, before, found, strength):
        return None
    value = found[kind]
    end = found.end(kind) - (len(value) - len(value.rstrip(".)]:")) if kind == "bare" else 0)
    return Assignment(found.start(kind), max(end, found.start(kind) + 1), user)


def _is_value(pattern: re.Pattern[str], before: re.Match[str], found: re.Match[str], strength: Strength) -> bool:
    """Whether an unquoted text is a value, not a word of a sentence, call or table."""
    value = found["bare"]
    if pattern is _ELEMENT:
        return " " not in value.strip()
    if "(" in value and not looks_random(value.split("(", 1)[0]):
        return False
    if pattern is _SENTENCE:
        return looks_random(value)
    if pattern is not _ASSIGNMENT:
        return strength == "strong" or looks_random(value)
    return _is_whole_value(before, found, strength)


def _is_whole_value(before: re.Match[str], found: re.Match[str], strength: Strength) -> bool:
    """Whether a word behind a sign is the whole value, or looks random."""
    text, value, sign = found.string, found["bare"], before["sign"]
    if looks_random(value):
        return True
    if sign == "|" or (sign.startswith("=") and strength == "weak"):
        return False
    if sign == "=":
        spaces = text[before.start("sign") - 1] in " \t", text[before.end() - 1] in " \t"
        if spaces != (True, True):
            return spaces == (False, False)
    rest = text[found.end() : found.end() + 40].split("\n", 1)[0].strip()
    alone = not rest or rest[0] in "\"'`,;&<>{}|#)]\\*"
    return alone and (strength == "strong" or (len(value) >= 8 and not value.isalpha()))
