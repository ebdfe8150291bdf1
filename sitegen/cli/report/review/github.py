"""Reviews as workflow commands of GitHub Actions, within the number of annotations that GitHub shows."""

from collections import Counter

from sitegen.analysis.review.policy import Review
from sitegen.cli.report.github import escape_message, escape_property
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.entries import Entry, entries
from sitegen.cli.report.words import count_of

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}

MAX_PER_COMMAND = 10
"""Annotations of one kind that GitHub shows for a step."""


def render_review(review: Review, context: Context) -> str:
    """One command an entry, the verdict first; where there are more than are shown, the last one counts the rest."""
    found = list(entries(review, context))
    totals = Counter(one.severity for one in found)
    counts: Counter[str] = Counter()
    lines = []
    for one in found:
        counts[one.severity] += 1
        limit = MAX_PER_COMMAND - (totals[one.severity] > MAX_PER_COMMAND)
        if counts[one.severity] <= limit:
            lines.append(_command(one))
    for severity, total in totals.items():
        if total > MAX_PER_COMMAND:
            more = count_of(total - MAX_PER_COMMAND + 1, "more finding")
            lines.append(f"::{_COMMANDS[severity]} title=sitegen diff::{more}: see the other formats\n")
    return "".join(lines)


def _command(entry: Entry) -> str:
    place = [f"file={escape_property(entry.path)}"]
    place += [f"line={entry.line}"] if entry.line is not None else []
    place += [f"col={entry.column}"] if entry.column is not None else []
    place.append(f"title={escape_property(f'{entry.subject}: {entry.rule}')}")
    message = f"{entry.message} ({entry.hint})" if entry.hint else entry.message
    return f"::{_COMMANDS[entry.severity]} {','.join(place)}::{escape_message(message)}\n"
