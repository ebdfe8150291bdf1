"""Lines of pip's requirements files: requirements, editable ones, and options, as pip itself reads them."""

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

COMMENT = re.compile(r"(^|\s+)#.*$")
FLAGS = ("--no-index", "--prefer-binary", "--require-hashes", "--no-require-hashes", "--pre")
"""Options without a value."""

VALUES = (
    *("--index-url", "--pypi-url", "--extra-index-url", "--constraint", "--requirement", "--editable", "--find-links"),
    *("--no-binary", "--only-binary", "--trusted-host", "--use-feature", "--all-releases", "--only-final"),
    *("--hash", "--config-settings", "--global-option"),
)
"""Options with a value; the last three follow a requirement."""

LETTERS = {"i": "--index-url", "c": "--constraint", "r": "--requirement", "e": "--editable", "f": "--find-links"}
"""Short forms of options."""

LETTERS_AFTER = {"C": "--config-settings"}
"""Short forms of options that follow a requirement."""


BLOCK_START, BLOCK_END = "-----BEGIN", "-----END"
"""First and last line of a key or certificate in the PEM format (RFC 7468)."""


class PipLine(NamedTuple):
    """One requirement of a file, without its options. `error` says why pip refuses the line; empty if it does not."""

    number: int
    text: str
    editable: bool = False
    error: str = ""


def pip_lines(text: str) -> Iterator[PipLine]:
    """The requirements of a file, and the lines that pip refuses; lines with other options are left out.

    A key or certificate that somebody pasted in is one refused line, without its text: no line of it is a package.
    """
    in_block = False
    for number, line in _join_lines(text):
        bare = COMMENT.sub("", line).strip()
        if bare.startswith(BLOCK_START) and not in_block:
            yield PipLine(number, BLOCK_START, error="a key or certificate")
            in_block = True
        if in_block or not bare:
            in_block = in_block and BLOCK_END not in bare
            continue
        requirement, options = _separate_options(bare)
        if not options:
            yield PipLine(number, requirement)
            continue
        editable, error = _parse_options(options)
        if error:
            yield PipLine(number, bare, error=error)
        elif requirement:
            yield PipLine(number, requirement)
        elif editable:
            yield PipLine(number, editable, editable=True)


def _join_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that continue them, by the number of the first. A comment ends a line, even with a backslash."""
    begun, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        is_comment = COMMENT.match(line) is not None
        if line.endswith("\\") and not is_comment:
            begun, first = begun + line.strip("\\"), first or number
            continue
        yield first or number, f"{begun} {line}" if is_comment else begun + line
        begun, first = "", 0
    if begun:
        yield first, begun


def _separate_options(line: str) -> tuple[str, str]:
    """The requirement, and the options that follow it."""
    if "-" not in line or not (line[0] == "-" or " -" in line):
        return line, ""
    words = line.split(" ")
    count = next((place for place, word in enumerate(words) if word.startswith("-")), len(words))
    return " ".join(words[:count]).strip(), " ".join(words[count:])


def _parse_options(text: str) -> tuple[str, str]:
    """The value of `--editable`, if it is there, and why pip refuses the options, if it does."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        return "", str(error).lower()
    editable = ""
    while words:
        word = words.pop(0)
        if not word.startswith("-") or word == "-":
            continue  # pip ignores other words
        name, value = _parse_option(word)
        if name in FLAGS:
            continue
        if name not in VALUES:
            return "", f"pip knows no option {word.partition('=')[0]} in a requirements file"
        if value is None and not words:
            return "", f"the option {word} has no value"
        value = words.pop(0) if value is None else value
        editable = editable or (value if name == "--editable" else "")
    return editable, ""


def _parse_option(word: str) -> tuple[str, str | None]:
    """The full name of an option, and the value that is written together with it, if any."""
    if not word.startswith("--"):
        name = (LETTERS | LETTERS_AFTER).get(word[1], "")
        return name, word[2:] or None
    start, equals, value = word.partition("=")
    names = [name for name in (*FLAGS, *VALUES) if name.startswith(start)]
    name = start if start in names else names[0] if len(names) == 1 else ""
    return name, value if equals else None
