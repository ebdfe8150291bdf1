"""The views of problems, about and 404."""

from collections.abc import Iterable
from typing import NamedTuple

from sitegen.analysis.compat.rules.table import CHANGE_RULES
from sitegen.analysis.flavors import FLAVORS, FlavorNote
from sitegen.domain.comparison import ChangeRule
from sitegen.domain.diagnostic import SEVERITIES, Diagnostic, Severity, count_problems
from sitegen.domain.rules import RULES
from sitegen.domain.rules.rule import Rule
from sitegen.settings.settings import Settings
from sitegen.site.summary import ProblemEntry, Summary
from sitegen.site.views.context import shell
from sitegen.site.views.parts import Shell, SiteView

MAX_ENTRIES = 200
"""Problems of one rule that are listed."""


class RuleGroup(NamedTuple):
    """All problems of one rule; `hidden` is the number of those that only the API lists."""

    id: str
    rule: Rule
    severity: Severity
    total: int
    entries: tuple[ProblemEntry, ...]
    hidden: int


class ProblemsView(NamedTuple):
    """The page of all problems, by rule, worst first."""

    shell: Shell
    groups: tuple[RuleGroup, ...]
    counts: dict[Severity, int]


class AboutView(NamedTuple):
    """Glossary, flavors and rules."""

    shell: Shell
    flavors: dict[str, FlavorNote]
    rules: dict[str, Rule]
    changes: dict[str, ChangeRule]


class NotFoundView(NamedTuple):
    """The page for URLs that do not exist."""

    shell: Shell


def problems_view(
    summaries: Iterable[Summary], others: Iterable[Diagnostic], site: SiteView, settings: Settings
) -> tuple[str, ProblemsView]:
    """The page of all problems; `others` are problems that belong to no model."""
    entries: dict[str, list[ProblemEntry]] = {}
    counts: dict[str, int] = {}
    severities: dict[str, Severity] = {}
    for diagnostic in others:
        entries.setdefault(diagnostic.rule, []).append(ProblemEntry(diagnostic, "", ""))
        counts[diagnostic.rule] = counts.get(diagnostic.rule, 0) + diagnostic.count
        severities[diagnostic.rule] = diagnostic.severity
    for summary in summaries:
        for entry in summary.problems:
            entries.setdefault(entry.found.rule, []).append(entry)
        for rule, severity, count in summary.counts:
            counts[rule] = counts.get(rule, 0) + count
            severities[rule] = severity
    order = sorted(counts, key=lambda rule: (SEVERITIES.index(severities[rule]), -counts[rule], rule))
    groups = tuple(
        RuleGroup(
            id=rule,
            rule=RULES[rule],
            severity=severities[rule],
            total=counts[rule],
            entries=tuple(entries.get(rule, ())[:MAX_ENTRIES]),
            hidden=counts[rule] - count_problems(entry.found for entry in entries.get(rule, ())[:MAX_ENTRIES]),
        )
        for rule in order
    )
    sums = {name: sum(group.total for group in groups if group.severity == name) for name in SEVERITIES}
    path = "problems/index.html"
    frame = shell(site, settings, path, "Problems", "What is wrong in the registry, and what to do", "problems")
    return path, ProblemsView(shell=frame, groups=groups, counts=sums)


def about_view(site: SiteView, settings: Settings) -> tuple[str, AboutView]:
    """Glossary, flavors and rules: the same for every registry."""
    path = "about/index.html"
    frame = shell(site, settings, path, "About", "What the words on these pages mean", "about")
    return path, AboutView(shell=frame, flavors=FLAVORS, rules=RULES, changes=CHANGE_RULES)


def not_found_view(site: SiteView, settings: Settings) -> tuple[str, NotFoundView]:
    """The page for URLs that do not exist; its links use the base URL, so that they work at any depth."""
    frame = shell(site, settings, "404.html", "Not found", "There is no such page", "")
    base = settings.site.base_url
    return "404.html", NotFoundView(shell=frame._replace(up=base, canonical=""))
