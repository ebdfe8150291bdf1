"""Reviews as GitLab's report of code quality: https://docs.gitlab.com/ci/testing/code_quality/."""

import hashlib
from collections import Counter

from sitegen.analysis.review.policy import Review
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.entries import Entry, entries
from sitegen.cli.report.review.json import dump

_SEVERITIES = {"error": "critical", "warning": "minor", "info": "info"}


def render_review(review: Review, context: Context) -> str:
    """A list with an object an entry, the verdict first. No two have the same fingerprint."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for one in entries(review, context):
        seen[one.identity] += 1
        found.append(_issue(one, seen[one.identity]))
    return dump(found)


def _issue(entry: Entry, number: int) -> dict[str, object]:
    hint = f" ({entry.hint})" if entry.hint else ""
    return {
        "description": f"{entry.subject}: {entry.message}{hint}",
        "check_name": entry.rule,
        "fingerprint": fingerprint_of(entry, number),
        "severity": _SEVERITIES[entry.severity],
        "location": {"path": entry.path, "lines": {"begin": entry.line or 1}},
    }


def fingerprint_of(entry: Entry, number: int) -> str:
    """A hash that tells an entry from all others; `number` counts those with the same identity."""
    text = "\0".join((*entry.identity, str(number)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
