"""The policy of `sitegen check`: which findings count, by the settings and by what was known before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.settings.accept import Accept
from sitegen.settings.settings import Check, Level

_ABOUT_MODELS = frozenset(["card-missing", "owner-missing", "licence-missing", "use-missing"])
"""Rules about a model, whose problems are listed with the file of its newest version."""


class Finding(NamedTuple):
    """A problem, and the model and version that have it; empty for what the registry itself has."""

    diagnostic: Diagnostic
    model: str = ""
    version: str = ""

    @property
    def subject(self) -> str:
        """The model or version as people call it."""
        return f"{self.model} {self.version}".strip()

    @property
    def key(self) -> str:
        """Rule, subject and file: the same when lines move, a message gets other words, or a model a newer version."""
        path = "-" if self.diagnostic.rule in _ABOUT_MODELS else self.diagnostic.path
        return "\t".join(map(_escape, (self.diagnostic.rule, self.subject, path)))


def _escape(text: str) -> str:
    """A text whose tabs and ends of lines are escaped, since keys stand in lines with tabs."""
    return text.translate(_ESCAPES)


_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Decision(NamedTuple):
    """The findings that count, and how many were set aside."""

    findings: tuple[Finding, ...]
    ignored: int = 0
    known: int = 0


def decide(findings: Iterable[Finding], settings: Check, known: Mapping[str, int], today: str) -> Decision:
    """Give each finding its level, and set aside what is off, ignored, or known.

    `known` counts findings by key: as many of one key are set aside, so that one more is new. Entries of `ignore` whose
    last day is before `today` (2026-01-31) ignore nothing, and are findings themselves.
    """
    levels, valid = dict(settings.levels), [one for one in settings.ignore if not one.ends_before(today)]
    left, counting, ignored = Counter(known), [], 0
    leveled = [one for finding in findings for one in _level(finding, levels)]
    for finding in leveled:
        if any(_covers(one, finding) for one in valid):
            ignored += 1
        elif left[finding.key] > 0:
            left[finding.key] -= 1
        else:
            counting.append(finding)
    known_count = len(leveled) - ignored - len(counting)
    expired = (one for one in settings.ignore if one.ends_before(today))
    return Decision((*map(_expiry, expired), *counting), ignored, known_count)


def _level(finding: Finding, levels: Mapping[str, Level]) -> Iterator[Finding]:
    diagnostic = at_level(finding.diagnostic, levels)
    if diagnostic is not None:
        yield finding._replace(diagnostic=diagnostic)


def at_level(diagnostic: Diagnostic, levels: Mapping[str, Level]) -> Diagnostic | None:
    """A problem with the level that the settings give to its rule; None where the rule is off."""
    match levels.get(diagnostic.rule):
        case None:
            return diagnostic
        case "off":
            return None
        case level:
            return replace(diagnostic, severity=level)


def _covers(one: Accept, finding: Finding) -> bool:
    return one.covers(finding.model, finding.version, finding.diagnostic.rule, finding.diagnostic.path)


def _expiry(one: Accept) -> Finding:
    names = {"model": one.model, "version": one.version, "rule": one.rule, "where": one.where}
    what = ", ".join(f"{name} {glob}" for name, glob in names.items() if glob != "*")
    return Finding(problem("ignore-expired", f"{what}: expired on {one.expires} ({one.reason})", "sitegen.toml"))
