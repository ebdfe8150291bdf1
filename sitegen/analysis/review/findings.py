"""The findings of a review: each has a rule, a level and a place, so that a policy can accept it or fail on it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from sitegen.analysis.review.rules import REVIEW_RULES
from sitegen.analysis.review.values import Assessment, MetricChange, ModelReview, PointerMove, VersionReview
from sitegen.domain.comparison import Change, Level
from sitegen.domain.diagnostic import Diagnostic


@dataclass(frozen=True, kw_only=True)
class ReviewFinding:
    """One thing that a reviewer should know, about a part of the registry.

    `rule` is a key of `REVIEW_RULES` or, with a `change`, of `CHANGE_RULES`. `where` is the place in the signature, the
    metric or the rule of a problem. `model_key` tells the model from others of the same name. `against` names the
    version whose callers meet it, `pointer` the alias or stage. `path` and `line` are those of the MLmodel or of the
    file with the problem.
    """

    rule: str
    level: Level
    about: Literal["registry", "model", "pointer", "version"] = "model"
    model: str = ""
    model_key: tuple[str, ...] = field(default=(), repr=False)
    version: str = ""
    against: str = ""
    pointer: str = ""
    where: str = ""
    change: Change | None = None
    metric: MetricChange | None = None
    diagnostic: Diagnostic | None = None
    path: str | None = None
    line: int | None = None
    column: int | None = None


def registry_findings(problems: Iterable[Diagnostic]) -> Iterator[ReviewFinding]:
    """The findings about the registry itself: stores that cannot be read, and other problems."""
    for one in problems:
        rule = "source-unreadable" if one.severity == "error" else "new-problem"
        yield _of_problem(ReviewFinding(rule=rule, level=REVIEW_RULES[rule].level, about="registry"), one)


def model_findings(model: ModelReview) -> Iterator[ReviewFinding]:
    """The findings about one model: pointers first, then versions; a change that both tell is told once."""
    seen: set[tuple[str, str, Change | Diagnostic | str]] = set()
    for one in _model_findings(model):
        metric = one.where if one.metric else None
        what = one.change or one.diagnostic or metric
        key = (one.against, one.version, what) if what is not None else None
        if key not in seen:
            yield one
        if key is not None:
            seen.add(key)


def _model_findings(model: ModelReview) -> Iterator[ReviewFinding]:
    start = ReviewFinding(rule="", level="safe", model=model.name, model_key=model.key, path=model.path)
    registered = model.kind == "registered"
    if model.status != "changed":
        removed = "model-removed" if registered else "logged-removed"
        rule = {"removed": removed, "renamed": "model-renamed", "added": "model-added"}[model.status]
        level = REVIEW_RULES[rule].level if registered else "safe"
        yield replace(start, rule=rule, level=level, where=model.old_name or "")
    if model.parts:
        yield replace(start, rule="model-changed")
    yield from (_of_problem(replace(start, rule="new-problem"), one) for one in model.problems)
    for move in model.pointers:
        yield from _pointer_findings(start, move)
    if model.status != "removed":
        for version in model.versions:
            yield from _version_findings(start, version, registered)


def _pointer_findings(start: ReviewFinding, move: PointerMove) -> Iterator[ReviewFinding]:
    start = replace(start, about="pointer", pointer=move.name, version=move.new or "", against=move.old or "")
    start = replace(start, path=move.path or start.path, line=move.line)
    rule = "pointer-lost" if move.lost else "pointer-removed" if move.new is None else "pointer-moved"
    yield replace(start, rule=rule, level=REVIEW_RULES[rule].level)
    if move.assessment:
        yield from _assessment_findings(start, move.assessment)
    elif move.old is not None and move.new is not None and not move.lost:
        yield replace(start, rule="not-judged", level="unknown")


def _version_findings(start: ReviewFinding, version: VersionReview, registered: bool) -> Iterator[ReviewFinding]:
    start = replace(start, about="version", version=version.name, path=version.path, line=version.line)
    if version.status == "removed" and not registered:
        yield replace(start, rule="logged-removed")
    else:
        rule = f"version-{version.status}"
        yield replace(start, rule=rule, level=REVIEW_RULES[rule].level, where=version.old_name or "")
    yield from (_of_blocker(start, one) for one in version.blockers)
    if version.lead:
        start = replace(start, against=version.lead.old, pointer=version.lead.pointer or "")
        yield from _assessment_findings(start, version.lead)
    blocking = {(one.rule, one.path) for one in version.blockers}
    if version.lead:
        blocking |= {(one.rule, one.path) for one in version.lead.blockers.new}
    for one in version.problems:
        if (one.rule, one.path) not in blocking:
            yield _of_problem(replace(start, rule="new-problem"), one)


def _assessment_findings(start: ReviewFinding, assessment: Assessment) -> Iterator[ReviewFinding]:
    """What callers meet; first why a model cannot be judged, which explains the rest."""
    old = replace(start, version=assessment.old)
    for begin, blockers in ((old, assessment.blockers.old), (start, assessment.blockers.new)):
        # A comparison has changes, with levels, for signatures that are missing.
        yield from (_of_blocker(begin, one) for one in blockers if one.rule != "signature-missing")
    for change in assessment.comparison.changes:
        yield replace(start, rule=change.rule, level=_level(change), where=change.where, change=change)
    for metric in assessment.metrics:
        if metric.delta and metric.delta.regression:
            yield replace(start, rule="metric-regression", where=metric.key, metric=metric)


def _level(change: Change) -> Level:
    """The level for callers and readers; what is outside of the signature concerns neither."""
    return change.severity if change.python or change.rest or change.outputs else "safe"


def _of_blocker(start: ReviewFinding, diagnostic: Diagnostic) -> ReviewFinding:
    """A reason why a model cannot be judged."""
    return _of_problem(replace(start, rule="not-judged", level="unknown"), diagnostic)


def _of_problem(start: ReviewFinding, one: Diagnostic) -> ReviewFinding:
    return replace(start, where=one.rule, diagnostic=one, path=one.path, line=one.line, column=one.column)
