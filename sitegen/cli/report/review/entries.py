"""The entries of a review for formats that are lists: the verdict first, then settings, pointers and versions."""

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.analysis.review.policy import Decision, Review
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.words import accept_text, hint_of, message_of, setting_text, subject, verdict_line
from sitegen.core.text import reveal
from sitegen.domain.diagnostic import Severity
from sitegen.settings.accept import Accept
from sitegen.settings.settings import NAME

VERDICT, SETTING = "verdict", "changed-setting"
"""The rules of entries that are about the whole review, and about a setting that HEAD changes."""


class Entry(NamedTuple):
    """One entry. `identity` tells it from all others, and stays when lines move."""

    rule: str
    severity: Severity
    subject: str
    message: str
    identity: tuple[str, ...]
    path: str
    hint: str = ""
    line: int | None = None
    column: int | None = None
    accept: Accept | None = None


def entries(review: Review, context: Context) -> Iterator[Entry]:
    """The entries in the order of every format."""
    main: Severity = "info" if review.passes else "error"
    place = next((context.path(one.finding.path) for one in review.decisions if one.fails), context.path(NAME))
    verdict = f"{verdict_line(review)} ({review.base} → {review.head}, settings: {review.settings})"
    yield Entry(VERDICT, main, "sitegen diff", verdict, (VERDICT,), place)
    for change in review.setting_changes:
        text = f"{setting_text(*change)}; it counts from the next review on"
        yield Entry(SETTING, "warning", "settings", text, (SETTING, *map(str, change)), context.path(NAME))
    order = {"registry": 0, "pointer": 1, "model": 2, "version": 3}
    for decision in sorted(review.decisions, key=lambda one: order[one.finding.about]):
        if _is_worth_an_entry(decision):
            yield _entry(decision, context)


def _is_worth_an_entry(decision: Decision) -> bool:
    finding = decision.finding
    telling = ("metric-regression", "new-problem", "pointer-moved", "pointer-removed", "pointer-lost")
    return decision.fails or finding.level != "safe" or finding.rule in telling


def _entry(decision: Decision, context: Context) -> Entry:
    finding = decision.finding
    message = message_of(finding)
    if decision.accept:
        message += f"; accepted: {accept_text(decision.accept)}"
    identity = (finding.rule, finding.model, finding.version, finding.against, finding.pointer, finding.where, message)
    return Entry(
        rule=finding.rule,
        severity=_severity(decision),
        subject=subject(finding),
        message=message,
        identity=tuple(map(reveal, identity)),
        path=context.path(finding.path),
        hint=hint_of(finding),
        line=finding.line,
        column=finding.column,
        accept=decision.accept,
    )


def _severity(decision: Decision) -> Severity:
    if decision.fails:
        return "error"
    return "info" if decision.accept or decision.finding.rule == "pointer-moved" else "warning"
