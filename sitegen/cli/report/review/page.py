"""The view of a review page: sections with a permalink each, for settings, aliases, models and versions."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.analysis.review.policy import Decision, Review
from sitegen.analysis.review.values import Assessment, ModelReview, PointerMove, VersionReview
from sitegen.cli.report.review.lines import Line, LineRow, line_rows, text_lines
from sitegen.cli.report.review.words import (
    hint_of,
    located_message_of,
    metric_arrow,
    metric_effect,
    metric_values,
    model_status_text,
    move_text,
    pointer_name,
    status_text,
    version_label,
)
from sitegen.cli.report.words import SIGNATURE_AREAS
from sitegen.core.text import reveal
from sitegen.domain.comparison import Change, Level
from sitegen.domain.environment import normal_name
from sitegen.domain.signature import Column, ParamSpec, Signature, Tensor, Type, type_name
from sitegen.site.part_words import parts_text
from sitegen.site.urls import anchor
from sitegen.site.views.parts import type_text


class Why(NamedTuple):
    """A change with its level for each kind of user, and its permalink."""

    levels: tuple[tuple[str, Level], ...]
    place: str
    change: Change
    anchor: str


class DiffRow(NamedTuple):
    """A row of a table of lines, with what it means for callers."""

    line: LineRow
    whys: tuple[Why, ...] = ()


class DiffTable(NamedTuple):
    """Lines side by side. `one_sided`: a text that only one side has, which readers need not see at once."""

    title: str
    rows: tuple[DiffRow, ...]
    one_sided: bool = False


class MetricRow(NamedTuple):
    """A metric that differs; `worse` if it is worse by more than the tolerance."""

    anchor: str
    name: str
    arrow: str
    dataset: str
    old: str
    new: str
    effect: str
    worse: bool


class Note(NamedTuple):
    """A sentence about a section, with its level; `detail` is what to do."""

    level: Level
    text: str
    detail: str = ""


class Section(NamedTuple):
    """A pointer, a model or a version. `before` and `after` name the two sides of its tables."""

    anchor: str
    title: str
    status: str
    level: Level | None
    verdicts: tuple[tuple[str, Level], ...] = ()
    url: str = ""
    beside: str = ""
    beside_level: Level | None = None
    notes: tuple[Note, ...] = ()
    before: str = ""
    after: str = ""
    tables: tuple[DiffTable, ...] = ()
    others: tuple[Why, ...] = ()
    metrics: tuple[MetricRow, ...] = ()
    parts: str = ""


def _full_name(model: ModelReview) -> str:
    """The name of a model with what tells it from others of the same name."""
    return " ".join(filter(None, (model.kind, model.store, model.name)))


def sections_of(review: Review, model: ModelReview, url: str, version_urls: dict[str, str]) -> Iterator[Section]:
    """The sections of a model: its pointers, itself where it is new, gone or renamed, and its versions."""
    own = review.decisions_about(model)
    for move in model.pointers:
        yield _pointer_section(model, move, [one for one in own if one.finding.about == "pointer"])
    itself = [one for one in own if one.finding.about == "model"]
    if model.status != "changed" or model.parts or itself:
        levels = [one.finding.level for one in itself if not one.accept]
        level: Level | None = next((one for one in levels if one in ("breaking", "unknown")), None)
        yield Section(
            anchor=anchor("model", _full_name(model)),
            title=reveal(model.name),
            status=model_status_text(model) or "changed",
            level=level,
            url=url,
            notes=_notes(itself),
            parts=parts_text(model.parts),
        )
    if model.status != "removed":
        for version in model.versions:
            decisions = [one for one in own if one.finding.about == "version" and one.finding.version == version.name]
            yield _version_section(model, version, decisions, version_urls.get(version.name, ""))


def _pointer_section(model: ModelReview, move: PointerMove, decisions: Sequence[Decision]) -> Section:
    own = [one for one in decisions if one.finding.pointer == move.name]
    place = anchor("pointer", f"{_full_name(model)} {move.kind} {move.name}")
    told = any(one.name == move.new and one.lead and one.lead.old == move.old for one in model.versions)
    level: Level = move.assessment.level if move.assessment else "breaking" if move.lost or not move.new else "safe"
    section = Section(
        anchor=place,
        title=f"{reveal(model.name)} {pointer_name(move.name)}",
        status=move_text(move),
        level=level if move.old else None,
        notes=_notes(own),
    )
    return _with_assessment(section, move.assessment, version_label(move.new or ""), not told)


def _version_section(model: ModelReview, version: VersionReview, decisions: Sequence[Decision], url: str) -> Section:
    label, lead = version_label(version.name, model.kind), version.lead
    registered_loss: Level | None = "breaking" if version.status in ("removed", "renamed") else None
    level = lead.level if lead else "unknown" if version.blockers else registered_loss
    status = status_text(version)
    if lead:
        callers = "its callers" if version.status == "changed" else f"callers of {_old_name(lead)}"
        status += f", for {callers}"
    section = Section(
        anchor=anchor("version", f"{_full_name(model)} {version.name}"),
        title=f"{reveal(model.name)} {label}",
        status=status,
        level=level if model.kind == "registered" or lead else None,
        url=url,
        beside=f"for callers of {_old_name(version.beside)}" if version.beside else "",
        beside_level=version.beside.level if version.beside else None,
        notes=_notes(decisions),
        parts=parts_text(version.parts),
    )
    return _with_assessment(section, lead, label, True)


def _old_name(assessment: Assessment) -> str:
    pointer = f" ({pointer_name(assessment.pointer)})" if assessment.pointer else ""
    return version_label(assessment.old) + pointer


def _notes(decisions: Sequence[Decision]) -> tuple[Note, ...]:
    """What no table has: events, problems, blockers, and what is accepted."""
    found = []
    for one in decisions:
        finding = one.finding
        if finding.change is not None or finding.metric is not None:
            if one.accept:
                detail = f"{one.accept.reason}, until {one.accept.expires}"
                found.append(Note("safe", f"accepted: {located_message_of(finding)}", detail))
        elif one.fails or one.accept or finding.level != "safe" or finding.diagnostic:
            accepted = f"accepted: {one.accept.reason}, until {one.accept.expires}" if one.accept else ""
            found.append(Note(finding.level, located_message_of(finding), accepted or hint_of(finding)))
    return tuple(dict.fromkeys(found))


def _with_assessment(section: Section, assessment: Assessment | None, label: str, tables: bool) -> Section:
    if assessment is None:
        return section
    verdict = assessment.comparison.verdict
    section = section._replace(
        verdicts=(("Python", verdict.python), ("REST", verdict.rest), ("outputs", verdict.outputs)),
        before=_old_name(assessment),
        after=label,
    )
    if not tables:
        return section
    changes = [one for one in assessment.comparison.changes if one.area in SIGNATURE_AREAS]
    found, others = _signature_tables(section.anchor, assessment, changes)
    requirements = line_rows(
        _requirements(assessment.before.requirements), _requirements(assessment.after.requirements)
    )
    cards = line_rows(text_lines(assessment.before.card), text_lines(assessment.after.card))
    found += [
        DiffTable(title, tuple(map(DiffRow, rows)), one_sided={row.kind for row in rows} in ({"added"}, {"removed"}))
        for title, rows in (("Requirements", requirements), ("Card", cards))
        if any(row.kind not in ("same", "folded") for row in rows)
    ]
    return section._replace(tables=tuple(found), others=others, metrics=_metric_rows(section.anchor, assessment))


# --- tables -----------------------------------------------------------------------------------------------------


def _signature_tables(
    place: str, assessment: Assessment, changes: Sequence[Change]
) -> tuple[list[DiffTable], tuple[Why, ...]]:
    """A table for each part of the signature that differs, and the changes that belong to no line."""
    old, new = (one or Signature() for one in (assessment.before.signature, assessment.after.signature))
    parts = (
        ("Inputs", "inputs", _columns(old.inputs), _columns(new.inputs)),
        ("Params", "params", _params(old.params), _params(new.params)),
        ("Outputs", "outputs", _columns(old.outputs), _columns(new.outputs)),
    )
    tables, left = [], list(changes)
    for title, area, before, after in parts:
        own = [one for one in changes if one.area == area]
        if not own or any(one.rule == f"{area}-unreadable" for one in own):  # what cannot be read is not removed
            continue
        rows = []
        for row in line_rows(before, after):
            concerned = [one for one in own if row.kind != "folded" and row.key and _is_at(one.where, row.key)]
            concerned = [one for one in concerned if one in left]
            left = [one for one in left if one not in concerned]
            rows.append(DiffRow(row, tuple(_why(place, one) for one in concerned)))
        tables.append(DiffTable(title, tuple(rows)))
    return tables, tuple(_why(place, one) for one in left)


def _is_at(where: str, key: str) -> bool:
    """Whether a change is about a column or something inside of it."""
    return where == key or where.startswith((f"{key}.", f"{key}["))


def _why(place: str, change: Change) -> Why:
    levels = (("Python", change.python), ("REST", change.rest), ("readers", change.outputs))
    return Why(
        levels=tuple((name, level) for name, level in levels if level),
        place=f"{change.area} {reveal(change.where)}".strip(),
        change=change,
        anchor=f"{place}-{anchor(change.rule, f'{change.area} {change.where}')}",
    )


def _columns(columns: tuple[Column, ...] | None) -> tuple[Line, ...]:
    found = []
    for number, column in enumerate(columns or ()):
        key = f"[{number}]" if column.name is None else column.name
        optional = "" if column.required else ", optional"
        found.append(Line(key, f"{reveal(key)}: {_type(column.type)}{optional}"))
    return tuple(found)


def _type(type: Type) -> str:
    return type_text(type) if isinstance(type, Tensor) else type_name(type)


def _params(params: tuple[ParamSpec, ...] | None) -> tuple[Line, ...]:
    return tuple(
        Line(one.name, f"{reveal(one.name)}: {'list of ' if one.shape else ''}{_type(one.type)} = {one.default}")
        for one in params or ()
    )


def _requirements(texts: Sequence[str]) -> tuple[Line, ...]:
    names = ((re.match(r"[\w.-]+", text), text) for text in texts)
    return tuple(Line(normal_name(name[0]) if name else text, text) for name, text in names)


def _metric_rows(place: str, assessment: Assessment) -> tuple[MetricRow, ...]:
    rows = []
    for one in assessment.metrics:
        old, new = metric_values(one)
        rows.append(
            MetricRow(
                anchor=f"{place}-{anchor('metric', f'{one.key} {one.dataset}'.strip())}",
                name=reveal(one.key),
                arrow=metric_arrow(one).strip(),
                dataset=reveal(one.dataset),
                old=old,
                new=new,
                effect=metric_effect(one).strip(" ()"),
                worse=bool(one.delta and one.delta.regression),
            )
        )
    return tuple(rows)
