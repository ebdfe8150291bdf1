"""The output formats of commands, one module a format; `FORMATS` is the table of formats.

The choices of `--format` and the README's lists come from the table. A new format is a module and a row.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # the parser reads the table, and --version stays fast
    from sitegen.analysis.gate import Blockers
    from sitegen.analysis.review.policy import Review
    from sitegen.cli.report.check_result import CheckResult
    from sitegen.cli.report.review.context import Context
    from sitegen.domain.comparison import Comparison

    RenderDiagnostics = Callable[[CheckResult], str]
    """From the problems of a registry to the output."""

    RenderComparison = Callable[[Comparison, Blockers], str]
    """From a comparison, and the reasons why a model cannot be judged, to the output."""

    RenderReview = Callable[[Review, Context], str]
    """From a review, and where it is shown, to the output."""


class Format(NamedTuple):
    """An output format: a function for each kind of result that it can print, None for the other kinds."""

    diagnostics: "RenderDiagnostics | None" = None
    comparison: "RenderComparison | None" = None
    review: "RenderReview | None" = None
    ascii_only: bool = False
    """The output is ASCII; it is written byte for byte, in any encoding of the terminal."""


# Each module is imported when it prints.


def _text_diagnostics(result: "CheckResult") -> str:
    from sitegen.cli.report import problems

    return problems.render_check(result)


def _text_comparison(comparison: "Comparison", blockers: "Blockers") -> str:
    from sitegen.cli.report import text

    return text.render_comparison(comparison, blockers)


def _json_diagnostics(result: "CheckResult") -> str:
    from sitegen.cli.report import json

    return json.render_diagnostics(result.diagnostics)


def _json_comparison(comparison: "Comparison", blockers: "Blockers") -> str:
    from sitegen.cli.report import json

    return json.render_comparison(comparison, blockers)


def _markdown_comparison(comparison: "Comparison", blockers: "Blockers") -> str:
    from sitegen.cli.report import markdown

    return markdown.render_comparison(comparison, blockers)


def _github_diagnostics(result: "CheckResult") -> str:
    from sitegen.cli.report import github

    return github.render_diagnostics(result.diagnostics, result.folder)


def _text_review(review: "Review", context: "Context") -> str:
    from sitegen.cli.report.review import text

    return text.render_review(review, context)


def _json_review(review: "Review", context: "Context") -> str:
    from sitegen.cli.report.review import json

    return json.render_review(review, context)


def _markdown_review(review: "Review", context: "Context") -> str:
    from sitegen.cli.report.review import markdown

    return markdown.render_review(review, context)


def _github_review(review: "Review", context: "Context") -> str:
    from sitegen.cli.report.review import github

    return github.render_review(review, context)


def _gitlab_review(review: "Review", context: "Context") -> str:
    from sitegen.cli.report.review import gitlab

    return gitlab.render_review(review, context)


def _junit_review(review: "Review", context: "Context") -> str:
    from sitegen.cli.report.review import junit

    return junit.render_review(review, context)


def _html_review(review: "Review", context: "Context") -> str:
    from sitegen.cli.report.review import html

    return html.render_review(review, context)


def _sarif_review(review: "Review", context: "Context") -> str:
    from sitegen.cli.report.review import sarif

    return sarif.render_review(review, context)


FORMATS = {
    "text": Format(diagnostics=_text_diagnostics, comparison=_text_comparison, review=_text_review),
    "json": Format(diagnostics=_json_diagnostics, comparison=_json_comparison, review=_json_review, ascii_only=True),
    "markdown": Format(comparison=_markdown_comparison, review=_markdown_review),
    "github": Format(diagnostics=_github_diagnostics, review=_github_review),
    "gitlab": Format(review=_gitlab_review, ascii_only=True),
    "junit": Format(review=_junit_review, ascii_only=True),
    "sarif": Format(review=_sarif_review, ascii_only=True),
    "html": Format(review=_html_review),
}
"""The formats by name."""

DIAGNOSTIC_FORMATS = {name: form.diagnostics for name, form in FORMATS.items() if form.diagnostics}
"""Formats of `check`: functions that print the problems of a registry."""

COMPARISON_FORMATS = {name: form.comparison for name, form in FORMATS.items() if form.comparison}
"""Formats of `compare`: functions that print a comparison of two models."""

REVIEW_FORMATS = {name: form.review for name, form in FORMATS.items() if form.review}
"""Formats of `diff`: functions that print a review."""
