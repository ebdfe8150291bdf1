"""Workflow commands of GitHub Actions, within the number of annotations that GitHub shows."""

import posixpath
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sitegen.cli.report.words import count_of
from sitegen.core.text import visible
from sitegen.domain.diagnostic import Diagnostic, Severity

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}

MAX_PER_COMMAND = 10
"""Annotations of one kind that GitHub shows for a step."""


class Annotation(NamedTuple):
    """A text at a file and line, for reviewers. `path` is that from the root of the repository."""

    severity: Severity
    path: str
    title: str
    message: str
    line: int | None = None
    column: int | None = None


def render_diagnostics(diagnostics: Sequence[Diagnostic], folder: str = "") -> str:
    """One command a problem: GitHub shows it at its file and line.

    `folder` is the path of the registry from the root of the repository, where GitHub looks for files.
    """
    return render_annotations([_of_diagnostic(one, folder) for one in diagnostics], "sitegen check")


def _of_diagnostic(diagnostic: Diagnostic, folder: str) -> Annotation:
    return Annotation(
        severity=diagnostic.severity,
        path=posixpath.normpath(posixpath.join(folder, diagnostic.path)),
        title=diagnostic.rule,
        message=f"{diagnostic.message} ({diagnostic.hint})" if diagnostic.hint else diagnostic.message,
        line=diagnostic.line,
        column=diagnostic.column,
    )


def render_annotations(annotations: Sequence[Annotation], command: str) -> str:
    """One workflow command an annotation; where there are more than are shown, the last one counts the rest."""
    totals = Counter(one.severity for one in annotations)
    counts: Counter[Severity] = Counter()
    lines = []
    for one in annotations:
        counts[one.severity] += 1
        limit = MAX_PER_COMMAND - (totals[one.severity] > MAX_PER_COMMAND)
        if counts[one.severity] <= limit:
            lines.append(_workflow_command(one))
    for severity, total in totals.items():
        if total > MAX_PER_COMMAND:
            more = count_of(total - MAX_PER_COMMAND + 1, "more finding")
            lines.append(f"::{_COMMANDS[severity]} title={command}::{more}: see the other formats\n")
    return "".join(lines)


def _workflow_command(one: Annotation) -> str:
    place = [f"file={escape_property(one.path)}"]
    place += [f"line={one.line}"] if one.line is not None else []
    place += [f"col={one.column}"] if one.column is not None else []
    place.append(f"title={escape_property(one.title)}")
    return f"::{_COMMANDS[one.severity]} {','.join(place)}::{escape_message(one.message)}\n"


def escape_message(text: str) -> str:
    """A text as the message of a command."""
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def escape_property(text: str) -> str:
    """A text as a property of a command."""
    return escape_message(text).replace(":", "%3A").replace(",", "%2C")
