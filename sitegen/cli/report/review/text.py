"""Reviews as text: the verdict, changed settings, moved aliases, then versions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen.analysis.review.policy import Decision, Review
from sitegen.analysis.review.values import Assessment, ModelReview, PointerMove, VersionReview
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.words import (
    LEVEL_WORDS,
    accept_text,
    hint_of,
    located_message_of,
    mark_of,
    metric_text,
    model_status_text,
    move_text,
    pointer_name,
    setting_text,
    status_text,
    verdict_line,
    version_label,
)
from sitegen.cli.report.words import GLYPHS, count_of
from sitegen.core.text import reveal, visible
from sitegen.domain.comparison import LEVELS
from sitegen.site.part_words import parts_text

_MAX_METRICS = 8
"""Metrics of a version that are listed."""

_MAX_ATTEMPTS = 20
"""New logged models of one group that are listed."""


def render_review(review: Review, _: Context) -> str:
    """The verdict first; then what a reviewer should look at, in the order of its effect."""
    lines = [f"{'✓' if review.passes else '✕'} {verdict_line(review)}"]
    lines += [f"  {review.base} → {review.head}; settings: {review.settings}"]
    by_subject = _group(review)
    lines += (f"  {line}" for line in _details(by_subject.get(("registry", (), "", ""), ())))
    changes = (setting_text(*change) for change in review.setting_changes)
    lines += _section("Changed settings of the gate (they count from the next review on):", changes)
    moves = (line for model in review.models for move in model.pointers for line in _move(model, move, by_subject))
    lines += _section("Aliases and stages that move:", moves)
    for model in review.models:
        lines += _model(model, by_subject)
    lines += _section("Accepted:", map(accept_text, review.accepts))
    lines += _section("Expired accepts, which cover nothing any more:", map(accept_text, review.expired_accepts))
    lines += _section(
        "Not compared, since a side does not have it:", filter(None, [parts_text(tuple(sorted(review.lacks)))])
    )
    return "\n".join([*map(visible, lines), ""])


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = [f"  {line}" for line in lines]
    return ["", title, *found] if found else []


_DecisionsBySubject = Mapping[tuple[str, tuple[str, ...], str, str], Sequence[Decision]]
"""The decisions by what they are about: kind of subject, key of the model, version and pointer."""


def _group(review: Review) -> _DecisionsBySubject:
    found: dict[tuple[str, tuple[str, ...], str, str], list[Decision]] = {}
    for decision in review.decisions:
        one = decision.finding
        version = one.version if one.about == "version" else ""
        pointer = one.pointer if one.about == "pointer" else ""
        found.setdefault((one.about, one.model_key, version, pointer), []).append(decision)
    return found


def _details(decisions: Sequence[Decision]) -> Iterator[str]:
    """What fails, and what callers and reviewers should know although it passes, the worst first."""
    for decision in sorted(decisions, key=lambda one: LEVELS.index(one.finding.level)):
        finding = decision.finding
        if not decision.fails and finding.level == "safe" and finding.rule != "new-problem":
            continue
        hint = hint_of(finding)
        line = f"{mark_of(finding)} {located_message_of(finding)}  [{finding.rule}]"
        yield line + ("  accepted" if decision.accept else "") + (f"  ({hint})" if hint else "")


def _move(model: ModelReview, move: PointerMove, by_subject: _DecisionsBySubject) -> Iterator[str]:
    verdict = f": {_verdict(move.assessment)}" if move.assessment else ""
    yield f"{reveal(model.name)} {pointer_name(move.name)} {move_text(move)}{verdict}"
    yield from (f"  {line}" for line in _details(by_subject.get(("pointer", model.key, "", move.name), ())))


def _verdict(assessment: Assessment) -> str:
    verdict = assessment.comparison.verdict
    who = (("Python", verdict.python), ("REST", verdict.rest), ("outputs", verdict.outputs))
    detail = ", ".join(f"{name} {LEVEL_WORDS[level]}" for name, level in who if level != "safe")
    word = f"{GLYPHS[assessment.level]} {LEVEL_WORDS[assessment.level]}"
    return f"{word} ({detail})" if detail else word


def _model(model: ModelReview, by_subject: _DecisionsBySubject) -> list[str]:
    if not (model.versions or model.parts or model.problems or model.status != "changed"):
        return []
    status = model_status_text(model)
    lines = ["", f"Model {reveal(model.name)}" + (f" ({status})" if status else "")]
    lines += [f"  differs: {parts_text(model.parts)}"] if model.parts else []
    lines += (f"  {line}" for line in _details(by_subject.get(("model", model.key, "", ""), ())))
    for version in model.versions[:_MAX_ATTEMPTS] if model.kind == "logged" else model.versions:
        lines += (f"  {line}" for line in _version(model, version, by_subject))
    if model.kind == "logged" and len(model.versions) > _MAX_ATTEMPTS:
        lines.append(f"  and {count_of(len(model.versions) - _MAX_ATTEMPTS, 'version')} more")
    return lines


def _version(model: ModelReview, version: VersionReview, by_subject: _DecisionsBySubject) -> Iterator[str]:
    label = version_label(version.name, model.kind)
    yield f"{label}: {status_text(version)}" + (f", {_lead(version)}" if version.lead else "")
    yield from (f"  {line}" for line in _details(by_subject.get(("version", model.key, version.name, ""), ())))
    if version.beside:
        against = f" (@{version.beside.pointer})" if version.beside.pointer else ""
        yield f"  also for callers of {version_label(version.beside.old)}{against}: {_verdict(version.beside)}"
    if version.parts:
        yield f"  differs: {parts_text(version.parts)}"
    metrics = version.lead.metrics if version.lead else ()
    yield from (f"  {metric_text(metric)}" for metric in metrics[:_MAX_METRICS])
    if len(metrics) > _MAX_METRICS:
        yield f"  and {count_of(len(metrics) - _MAX_METRICS, 'metric')} more"


def _lead(version: VersionReview) -> str:
    lead = version.lead
    if lead is None:
        return ""
    pointer = f" (@{lead.pointer})" if lead.pointer else ""
    callers = "its callers" if version.status == "changed" else f"callers of {version_label(lead.old)}{pointer}"
    return f"for {callers}: {_verdict(lead)}"
