"""Reviews as JSON, by the schema `review.json` of the API."""

import json
from typing import Any

from sitegen.analysis.review.policy import Decision, Review
from sitegen.analysis.review.values import Assessment, MetricChange, ModelReview, PointerMove, VersionReview
from sitegen.cli.report.json import change_fields, diagnostic_fields
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.words import hint_of, message_of, reason_of
from sitegen.domain.comparison import Verdict
from sitegen.settings.accept import Accept
from sitegen.site.display import exact

SCHEMA_VERSION = 1


def render_review(review: Review, context: Context) -> str:
    """An object in the order of every format: verdict, settings, moved pointers, models, findings."""
    return dump(review_fields(review, context))


def review_fields(review: Review, context: Context) -> dict[str, Any]:
    """The fields of a review."""
    return {
        "schema_version": SCHEMA_VERSION,
        "passes": review.passes,
        "level": review.level,
        "fail_on": list(review.fail_on),
        "base": review.base,
        "head": review.head,
        "settings": review.settings,
        "setting_changes": [change._asdict() for change in review.setting_changes],
        "accepts": [_accept(one) for one in review.accepts],
        "expired_accepts": [_accept(one) for one in review.expired_accepts],
        "not_compared": sorted(review.lacks),
        "moved": [{"model": model.name, **_move(move, context)} for model in review.models for move in model.pointers],
        "models": [_model(model, context) for model in review.models],
        "findings": [_finding(decision, context) for decision in review.decisions],
    }


def dump(value: object) -> str:
    """ASCII without `##`, which begins a command in the log of a build server."""
    return json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False).replace("##", "#\\u0023") + "\n"


def _accept(accept: Accept) -> dict[str, str]:
    return {
        "model": accept.model,
        "version": accept.version,
        "rule": accept.rule,
        "where": accept.where,
        "reason": accept.reason,
        "expires": accept.expires,
    }


def _model(model: ModelReview, context: Context) -> dict[str, Any]:
    return {
        "name": model.name,
        "kind": model.kind,
        "status": model.status,
        "old_name": model.old_name,
        "url": context.model_url(model.raw_name, model.kind, model.store) or None,
        "differs": list(model.parts),
        "problems": [diagnostic_fields(one) for one in model.problems],
        "versions": [_version(one, context) for one in model.versions],
    }


def _version(version: VersionReview, context: Context) -> dict[str, Any]:
    return {
        "version": version.name,
        "status": version.status,
        "old_version": version.old_name,
        "path": None if version.path is None else context.path(version.path),
        "against": _assessment(version.lead),
        "beside": _assessment(version.beside),
        "differs": list(version.parts),
        "blockers": [diagnostic_fields(one) for one in version.blockers],
        "problems": [diagnostic_fields(one) for one in version.problems],
    }


def _move(move: PointerMove, _: Context) -> dict[str, Any]:
    return {
        "name": move.name,
        "kind": move.kind,
        "old": move.old,
        "new": move.new,
        "lost": move.lost,
        "against": _assessment(move.assessment),
    }


def _assessment(assessment: Assessment | None) -> dict[str, Any] | None:
    """The verdict for callers of another version, and the changes that they meet."""
    if assessment is None:
        return None
    blockers = (("old", assessment.blockers.old), ("new", assessment.blockers.new))
    return {
        "version": assessment.old,
        "pointer": assessment.pointer,
        "level": assessment.level,
        "verdict": _verdict(assessment.comparison.verdict),
        "forms": dict(assessment.comparison.forms),
        "changes": [change_fields(change) for change in assessment.comparison.changes],
        "metrics": [_metric(one) for one in assessment.metrics],
        "problems": [{"side": side, **diagnostic_fields(one)} for side, some in blockers for one in some],
    }


def _verdict(verdict: Verdict) -> dict[str, str]:
    return {"python": verdict.python, "rest": verdict.rest, "outputs": verdict.outputs}


def _metric(change: MetricChange) -> dict[str, Any]:
    delta = change.delta
    return {
        "key": change.key,
        "dataset": change.dataset or None,
        "old": _number(change.old),
        "new": _number(change.new),
        "difference": _number(delta.difference) if delta else None,
        "judgement": delta.judgement if delta else None,
        "regression": bool(delta and delta.regression),
    }


def _number(value: float | None) -> float | str | None:
    """A number; NaN and infinities as texts, which strict JSON has not."""
    return value if value is None or value - value == 0 else exact(value)


def _finding(decision: Decision, context: Context) -> dict[str, Any]:
    finding = decision.finding
    return {
        "rule": finding.rule,
        "level": finding.level,
        "fails": decision.fails,
        "accepted": decision.accept is not None,
        "model": finding.model or None,
        "version": finding.version or None,
        "against": finding.against or None,
        "pointer": finding.pointer or None,
        "where": finding.where,
        "message": message_of(finding),
        "reason": reason_of(finding),
        "hint": hint_of(finding),
        "path": None if finding.path is None else context.path(finding.path),
        "line": finding.line,
        "column": finding.column,
    }
