"""What a reader of a registry must know: a problem as a value, and the one error that stops a command."""

import re
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from sitegen.rules import RULES

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One problem of a registry, at one place.

    `path` is relative to the registry's root and `/`-separated; `line` and `column` count from 1 and are None
    where the problem concerns the whole file. `rule` is a key of `sitegen.rules.RULES`.
    """

    rule: str
    severity: Severity
    message: str
    path: str
    line: int | None = None
    column: int | None = None
    hint: str = ""

    @property
    def place(self) -> str:
        """`path:line:column`, as far as it is known."""
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


def problem(rule: str, message: str, path: str, line: int | None = None, column: int | None = None) -> Diagnostic:
    """A diagnostic with the severity and the hint that the rule has."""
    known = RULES[rule]
    return Diagnostic(
        rule=rule, severity=known.severity, message=message, path=path, line=line, column=column, hint=known.hint
    )


class Loaded(NamedTuple, Generic[T_co]):
    """What a parser made of a text, and what was wrong with the text."""

    value: T_co
    problems: tuple[Diagnostic, ...] = ()


class SitegenError(Exception):
    """What stops the command: one sentence for the user, never a traceback. The command line exits 2."""


_COMMAND = re.compile(r"##(?=\w*\[)")


def visible(text: str) -> str:
    """A text for a terminal or a log of a build server, where it is nothing but text.

    Control characters, which could move the cursor or colour the screen, become escapes; so do the marks that begin
    a command anywhere in a line (`##[...]` of GitHub, `##vso[...]` of Azure).
    """
    shown = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return _COMMAND.sub(r"#\\x23", shown)
