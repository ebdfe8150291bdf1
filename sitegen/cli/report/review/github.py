"""Reviews as workflow commands of GitHub Actions, within the number of annotations that GitHub shows."""

from sitegen.analysis.review.policy import Review
from sitegen.cli.report.github import Annotation, render_annotations
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.entries import Entry, entries


def render_review(review: Review, context: Context) -> str:
    """One command an entry, the verdict first; where there are more than are shown, the last one counts the rest."""
    return render_annotations([_annotation(one) for one in entries(review, context)], "sitegen diff")


def _annotation(entry: Entry) -> Annotation:
    return Annotation(
        severity=entry.severity,
        path=entry.path,
        title=f"{entry.subject}: {entry.rule}",
        message=f"{entry.message} ({entry.hint})" if entry.hint else entry.message,
        line=entry.line,
        column=entry.column,
    )
