"""`Diagnostic`, one problem of a registry, and `Loaded`, a value with its problems."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, Literal, NamedTuple, TypeVar

from sitegen.domain.rules import RULES

Severity = Literal["error", "warning", "info"]


SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


MAX_PER_FILE = 20
"""Listed diagnostics of one rule in one file; one more counts the rest."""


MAX_PER_RULE = 200
"""Listed diagnostics of one rule in one version or model; one more counts the rest."""


T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One problem of a registry, at one place.

    `path` is relative to the registry's root and `/`-separated; `line` and `column` count from 1 and are None
    where the problem concerns the whole file. `rule` is a key of `sitegen.domain.rules.RULES`. `count` is the number of
    problems that it stands for, where that is more than one.
    """

    rule: str
    severity: Severity
    message: str
    path: str
    line: int | None = None
    column: int | None = None
    hint: str = ""
    count: int = 1

    @property
    def place(self) -> str:
        """`path:line:column`, without the parts that are None."""
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


def problem(rule: str, message: str, path: str, line: int | None = None, column: int | None = None) -> Diagnostic:
    """A diagnostic with the severity and the hint of its rule."""
    entry = RULES[rule]
    return Diagnostic(
        rule=rule, severity=entry.severity, message=message, path=path, line=line, column=column, hint=entry.hint
    )


_EACH = frozenset(["image-size"])
"""Rules without a limit: each diagnostic decides about the preview of a file, and few files are checked."""


class Findings:
    """Collects the diagnostics of one file for a parser: the first of each rule, and the count of the rest."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._listed: list[Diagnostic] = []
        self._counts: Counter[str] = Counter()

    def add(self, rule: str, message: Callable[[], str], line: int | None = None, column: int | None = None) -> None:
        """Add a diagnostic. `message` is called only when the diagnostic is listed."""
        self._counts[rule] += 1
        if self._counts[rule] <= MAX_PER_FILE:
            self._listed.append(problem(rule, message(), self._path, line, column))

    def full(self, rule: str) -> bool:
        """Whether the next diagnostic of a rule is only counted."""
        return self._counts[rule] >= MAX_PER_FILE

    def problems(self) -> tuple[Diagnostic, ...]:
        """The diagnostics so far."""
        more = {rule: count - MAX_PER_FILE for rule, count in self._counts.items() if count > MAX_PER_FILE}
        return (*self._listed, *(_others(rule, self._path, count) for rule, count in more.items()))


def cap_problems(problems: Iterable[Diagnostic], place: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of one version or model, limited to MAX_PER_FILE and MAX_PER_RULE; one more counts the rest.

    `place` is the path of the version or model, where the rest beyond MAX_PER_RULE is reported.
    """
    listed: list[Diagnostic] = []
    in_file: Counter[tuple[str, str]] = Counter()
    of_rule: Counter[str] = Counter()
    others: Counter[tuple[str, str]] = Counter()
    for one in problems:
        key = one.rule, one.path
        if one.rule in _EACH:
            listed.append(one)
        elif of_rule[one.rule] >= MAX_PER_RULE:
            others[one.rule, place] += one.count
        elif in_file[key] >= MAX_PER_FILE:
            others[key] += one.count
        else:
            listed.append(one)
            in_file[key] += 1
            of_rule[one.rule] += 1
    return (*listed, *(_others(rule, path, count) for (rule, path), count in others.items()))


def count_problems(problems: Iterable[Diagnostic]) -> int:
    """The number of problems, including those that are only counted."""
    return sum(one.count for one in problems)


def _others(rule: str, path: str, count: int) -> Diagnostic:
    """The diagnostic that counts the rest."""
    return replace(problem(rule, f"and {count:,} more", path), count=count)


class Loaded(NamedTuple, Generic[T_co]):
    """The value that a parser read, and the problems of its text."""

    value: T_co
    problems: tuple[Diagnostic, ...] = ()
