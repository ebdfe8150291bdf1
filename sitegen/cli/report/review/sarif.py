"""Reviews as SARIF 2.1.0, for GitHub code scanning and editors."""

from collections import Counter
from urllib.parse import quote

from sitegen.analysis.compat.rules.table import CHANGE_RULES
from sitegen.analysis.review.policy import Review
from sitegen.analysis.review.rules import REVIEW_RULES
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.entries import SETTING, VERDICT, Entry, entries
from sitegen.cli.report.review.gitlab import fingerprint_of
from sitegen.cli.report.review.json import dump
from sitegen.cli.report.review.words import accept_text
from sitegen.version import VERSION

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

MAX_RESULTS = 5000
"""Results of one run that GitHub shows."""

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_TITLES = {VERDICT: "The verdict of a review", SETTING: "A setting of the review is changed"}


def render_review(review: Review, context: Context) -> str:
    """One run; the verdict is its first result, and the fingerprints of results stay when lines move."""
    seen: Counter[tuple[str, ...]] = Counter()
    results: list[dict[str, object]] = []
    rules: dict[str, int] = {}
    for one in entries(review, context):
        seen[one.identity] += 1
        if len(results) < MAX_RESULTS:
            rules.setdefault(one.rule, len(rules))
            results.append(_result(one, rules[one.rule], seen[one.identity]))
    driver = {
        "name": "sitegen",
        "version": VERSION,
        "rules": [{"id": rule, "shortDescription": {"text": _title(rule)}} for rule in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _title(rule: str) -> str:
    if rule in REVIEW_RULES:
        return REVIEW_RULES[rule].title
    return CHANGE_RULES[rule].title if rule in CHANGE_RULES else _TITLES[rule]


def _result(entry: Entry, index: int, number: int) -> dict[str, object]:
    region = {"startLine": entry.line} | ({"startColumn": entry.column} if entry.column else {}) if entry.line else None
    location = {"artifactLocation": {"uri": quote(entry.path, errors="surrogateescape")}}
    hint = f" ({entry.hint})" if entry.hint else ""
    return {
        "ruleId": entry.rule,
        "ruleIndex": index,
        "level": _LEVELS[entry.severity],
        "message": {"text": f"{entry.subject}: {entry.message}{hint}"},
        "locations": [{"physicalLocation": location | ({"region": region} if region else {})}],
        "partialFingerprints": {"sitegen/v1": fingerprint_of(entry, number)},
        **(
            {"suppressions": [{"kind": "external", "justification": accept_text(entry.accept)}]} if entry.accept else {}
        ),
    }
