"""One model of a review in markdown: a table of what differs, and details to open."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.analysis.compat.rules.table import CHANGE_RULES, spans
from sitegen.analysis.review.policy import Decision, Review
from sitegen.analysis.review.values import Assessment, MetricChange, ModelReview, PointerMove, VersionReview
from sitegen.cli.report.review.cells import cell, code, html_label, label
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.words import (
    LEVEL_WORDS,
    hint_of,
    located_message_of,
    mark_of,
    metric_arrow,
    metric_effect,
    metric_values,
    model_status_text,
    status_text,
    version_label,
)
from sitegen.cli.report.words import GLYPHS, SIGNATURE_AREAS, count_of, form_names, step_of, subject_of
from sitegen.core.text import join_names, visible
from sitegen.domain.comparison import LEVELS, Change, Level
from sitegen.formats.text import shorten
from sitegen.site.part_words import parts_text

_MAX_ROWS = 25
"""Rows of a table, and lines of a list of requirements."""

_MAX_DETAILS = 10
"""Versions of one model with details."""

_MAX_LINE = 200
"""Characters of a requirement."""


_LEVELS_IN_COUNTS: dict[Level, str] = {"unknown": "not judged", "safe": "compatible"}
"""What counts call the levels that have another name there."""


class ModelBlock(NamedTuple):
    """A model in the comment: its heading with the table, and its details, which may be left out."""

    table: str
    details: tuple[str, ...]


def model_block(review: Review, model: ModelReview, context: Context) -> ModelBlock:
    """The heading, table and details of a model."""
    decisions = review.decisions_about(model)
    url = context.model_url(model.raw_name, model.kind, model.store) if model.status != "removed" else ""
    lines = [f"#### [{code(model.name)}]({url})" if url else f"#### {code(model.name)}"]
    for sentence in _sentences(model, decisions):
        lines += ["", sentence]
    rows = [row for move in model.pointers for row in _pointer_rows(move)]
    if model.status != "removed":
        rows += [row for version in model.versions for row in _version_rows(model, version, context)]
    if rows:
        lines += ["", "| | For existing callers | Before | After |", "|:--|:--|:--|:--|", *_first(rows, 4)]
    details = [text for move in model.pointers for text in _move_details(model, move)]
    for version in model.versions[:_MAX_DETAILS]:
        details += _version_details(model, version, decisions)
    return ModelBlock("\n".join(lines), tuple(dict.fromkeys(details)))


def _sentences(model: ModelReview, decisions: Sequence[Decision]) -> Iterator[str]:
    status = model_status_text(model)
    if status:
        yield cell(status[0].upper() + status[1:]) + "."
    for one in decisions:
        if one.finding.about == "model" and (one.fails or one.accept):
            accepted = " (accepted)" if one.accept else ""
            yield f"{mark_of(one.finding)} {cell(located_message_of(one.finding))}{accepted}"
    if model.parts:
        yield f"Differs: {cell(parts_text(model.parts))}."


def _first(rows: Sequence[str], columns: int) -> list[str]:
    more = len(rows) - _MAX_ROWS
    return [*rows[:_MAX_ROWS], *([f"| {more:,} more |" + " |" * (columns - 1)] if more > 0 else [])]


# --- the table --------------------------------------------------------------------------------------------------


def _pointer_rows(move: PointerMove) -> Iterator[str]:
    old, new = ("" if one is None else label(version_label(one)) for one in (move.old, move.new))
    if move.lost:
        effect = "✕ **breaking**: the version does not exist"
    elif move.new is None:
        effect = "✕ **breaking**: removed"
    elif move.old is None:
        effect = "new"
    else:
        effect = _effect(move.assessment) if move.assessment else "? **could not be judged**"
    yield f"| {code('@' + move.name)} | {effect} | {old} | {f'**{new}**' if new else ''} |"


def _version_rows(model: ModelReview, version: VersionReview, context: Context) -> Iterator[str]:
    plain = label(version_label(version.name, model.kind))
    url = context.version_url(model.raw_name, model.kind, model.store, version.name)
    name = f"[{plain}]({url})" if url and version.status != "removed" else plain
    lead = version.lead
    if version.status == "removed":
        effect = "✕ **breaking**: removed" if model.kind == "registered" else "removed"
        yield f"| {cell(status_text(version))} | {effect} | {name} | |"
        return
    effect = (
        _effect(lead)
        if lead
        else "? **could not be judged**"
        if version.blockers
        else "not judged: nobody calls it yet"
    )
    if version.status == "renamed":
        effect = "✕ **breaking**: calls by the old number fail"
    before = ""
    if lead:
        before = label(version_label(lead.old)) + (f" {code('@' + lead.pointer)}" if lead.pointer else "")
    yield f"| {cell(status_text(version))} | {effect} | {before} | **{name}** |"
    if version.beside:
        against = label(version_label(version.beside.old))
        pointer = f" {code('@' + version.beside.pointer)}" if version.beside.pointer else ""
        reference = "baseline" if version.beside.pointer else "previous version"
        yield f"| against the {reference} | {_effect(version.beside)} | {against}{pointer} | {plain} |"
    for metric in lead.metrics if lead else ():
        if metric.delta and metric.delta.judgement == "worse":
            old, new = metric_values(metric)
            effect = f"**{_step(metric)}**" if metric.delta.regression else _step(metric)
            yield f"| {plain} {_metric_name(metric)} | {effect} | {old} | {new} |"


def _effect(assessment: Assessment) -> str:
    """The verdict, and whom it concerns."""
    verdict, level = assessment.comparison.verdict, assessment.level
    who = (("Python", verdict.python), ("REST", verdict.rest), ("outputs", verdict.outputs))
    concerned = [name for name, own in who if own == level]
    if level == "safe":
        return "✓ compatible"
    return f"{GLYPHS[level]} **{LEVEL_WORDS[level]}** for {join_names(concerned)}"


def _metric_name(metric: MetricChange) -> str:
    dataset = f" on {code(metric.dataset)}" if metric.dataset else ""
    return f"{code(metric.key)}{metric_arrow(metric)}{dataset}"


def _step(metric: MetricChange) -> str:
    return metric_effect(metric).strip(" ()").replace(", ", " ")


# --- details ----------------------------------------------------------------------------------------------------


def _move_details(model: ModelReview, move: PointerMove) -> Iterator[str]:
    """The changes that callers of an alias meet, unless the details of the version have them."""
    told = any(one.name == move.new and one.lead and one.lead.old == move.old for one in model.versions)
    if move.assessment and move.new and not told:
        yield from _signature_details(move.assessment, version_label(move.new))
        yield from _metric_details(move.assessment, version_label(move.new))


def _version_details(model: ModelReview, version: VersionReview, decisions: Sequence[Decision]) -> Iterator[str]:
    if version.status == "removed":
        return
    name = version_label(version.name, model.kind)
    if version.lead:
        yield from _signature_details(version.lead, name)
        yield from _metric_details(version.lead, name)
        yield from _requirement_details(version.lead, name)
    rows = [
        f"- {mark_of(one.finding)} {cell(located_message_of(one.finding))}: {cell(hint_of(one.finding))}"
        for one in decisions
        if one.finding.about == "version" and one.finding.version == version.name and one.finding.diagnostic
    ]
    if rows:
        yield _details(f"{html_label(name)} problems: {len(rows):,}", _first_lines(rows))
    if version.parts:
        yield _details(f"{html_label(name)} also differs", [cell(parts_text(version.parts))])


def _first_lines(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _MAX_ROWS
    return [*lines[:_MAX_ROWS], *([f"- {more:,} more"] if more > 0 else [])]


def _details(summary: str, lines: Sequence[str]) -> str:
    return "\n".join(["", f"<details><summary>{summary}</summary>", "", *lines, "", "</details>"])


def _signature_details(assessment: Assessment, name: str) -> Iterator[str]:
    changes = [one for one in assessment.comparison.changes if one.area in SIGNATURE_AREAS]
    if not changes:
        return
    changes.sort(key=lambda one: LEVELS.index(one.severity))
    counts = {level: sum(one.severity == level for one in changes) for level in LEVELS}
    parts = [f"{number} {_LEVELS_IN_COUNTS.get(level, level)}" for level, number in counts.items() if number]
    readers = any(one.outputs for one in changes)
    rows = [f"| {_place(one)} | {code(step_of(one))} | {_marks(one, readers)} | {_fix(one)} |" for one in changes]
    old = label(version_label(assessment.old))
    who = "Python | REST | Readers" if readers else "Python | REST"
    lines = [f"| Place | {old} → {label(name)} | {who} | Fix |", "|:--" * (6 if readers else 5) + "|"]
    legend = "✕ calls fail · ◐ a value is dropped · ≈ may behave differently · ? not known · ✓ compatible"
    summary = f"{html_label(name)} signature changes: {', '.join(parts)}"
    yield _details(summary, [*lines, *_first(rows, 6 if readers else 5), "", legend])


def _place(change: Change) -> str:
    """What changed, and for which ways to call the model, if not for all."""
    return code(subject_of(change)) + (f" sent as {cell(form_names(change.forms))}" if change.forms else "")


def _marks(change: Change, readers: bool) -> str:
    """What a change means for each kind of callers and, in a table that has them, for readers of outputs."""
    levels: tuple[Level | None, ...] = (change.python, change.rest, *([change.outputs] if readers else []))
    return " | ".join(GLYPHS[level] if level else "" for level in levels)


def _fix(change: Change) -> str:
    template = CHANGE_RULES[change.rule].fix
    if template is None:
        return ""
    return "".join(code(span.text) if span.code else _words(span.text) for span in spans(template, change))


def _words(text: str) -> str:
    """Words between pieces of code, with the blanks at their ends."""
    inner = text.strip()
    return text.replace(inner, cell(inner), 1) if inner else text


def _metric_details(assessment: Assessment, name: str) -> Iterator[str]:
    if not assessment.metrics:
        return
    judged = [one.delta.judgement for one in assessment.metrics if one.delta]
    worse, better = judged.count("worse"), judged.count("better")
    rows = []
    for metric in assessment.metrics:
        old, new = metric_values(metric)
        rows.append(f"| {_metric_name(metric)} | {old} | {new} | {_step(metric)} |")
    old = label(version_label(assessment.old))
    lines = [f"| Metric | {old} | {label(name)} | Change |", "|:--|--:|--:|:--|", *_first(rows, 4)]
    yield _details(f"{html_label(name)} metrics: {worse} worse, {better} better", lines)


def _requirement_details(assessment: Assessment, name: str) -> Iterator[str]:
    changes = [one for one in assessment.comparison.changes if one.area == "environment"]
    if not changes:
        return
    lines = []
    for one in changes:
        prefix = "python " if one.rule == "python-changed" else ""
        lines += [f"-{prefix}{_line(one.old)}"] if one.old is not None else []
        lines += [f"+{prefix}{_line(one.new)}"] if one.new is not None else []
    more = len(lines) - _MAX_ROWS
    shown = [*lines[:_MAX_ROWS], *([f" {more:,} more lines"] if more > 0 else [])]
    summary = f"{html_label(name)} environment: {count_of(len(changes), 'change')}"
    yield _details(summary, ["```diff", *shown, "```"])


def _line(text: str) -> str:
    return shorten(visible(" ".join(text.split())), _MAX_LINE)
