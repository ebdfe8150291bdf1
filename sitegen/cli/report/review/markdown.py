"""Reviews as a comment in markdown: the verdict, a table a model, details to open; always below the limits of hosts."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from sitegen.analysis.review.policy import Review
from sitegen.analysis.review.values import ModelReview
from sitegen.cli.report.review.cells import cell, code, label
from sitegen.cli.report.review.context import Context
from sitegen.cli.report.review.markdown_model import ModelBlock, model_block
from sitegen.cli.report.review.words import (
    LEVEL_WORDS,
    accept_text,
    failure_reason,
    failure_word,
    located_message_of,
    mark_of,
    setting_text,
    version_label,
)
from sitegen.cli.report.words import GLYPHS, count_of
from sitegen.site.part_words import parts_text

MARKER = "<!-- sitegen-review -->"
"""The first line of the comment, by which it is found again and updated in place."""

NO_DIFFERENCE = "### ✓ Nothing differs"
"""The second line of the comment where a change touches no model."""

MAX_LENGTH = 59_000
"""Characters of a comment: hosts refuse more than 65,536."""

_MAX_ROWS = 20
"""Settings, accepts and aliases that are listed."""

_MAX_LIST = 6_000
"""Characters of such a list: a text of a cell may take two thousand, if all of its characters are escaped."""

_MAX_SUBJECTS = 3

_SERIOUS = ("breaking", "unknown")
"""Levels that fail unless something lets them pass."""


def render_review(review: Review, context: Context) -> str:
    """The comment. What does not fit is counted, with a link to the site where there is one."""
    models = sorted(review.models, key=lambda model: not _fails(review, model))
    head = [MARKER, f"### {_title(review)}", "", *_notes(review, context)]
    foot = ["", f"<sub>{_footer(review, context)}</sub>", ""]
    room = MAX_LENGTH - sum(len(line) + 1 for line in (*head, *foot))
    blocks = _fit([model_block(review, model, context) for model in models], room, context)
    return "\n".join([*head, *blocks, *foot])


def _fails(review: Review, model: ModelReview) -> bool:
    return any(decision.fails for decision in review.decisions_about(model))


def _fit(blocks: Sequence[ModelBlock], room: int, context: Context) -> list[str]:
    """As many models as fit: first their tables, then their details, in order."""
    sizes = [len(block.table) + 2 for block in blocks]
    reserve = 200  # the line that counts the rest
    shown = 0
    while shown < len(blocks) and sizes[shown] <= room - reserve:
        room -= sizes[shown]
        shown += 1
    lines: list[str] = []
    for block in blocks[:shown]:
        lines += ["", block.table]
        for detail in block.details:
            if len(detail) + 2 <= room - reserve:
                room -= len(detail) + 2
                lines.append(detail)
    more = len(blocks) - shown
    if more:
        text = f"{count_of(more, 'model')} more changed"
        lines += ["", f"[{text}]({context.site_url})" if context.site_url else f"{text}: `sitegen diff` lists all."]
    return lines


# --- the head ---------------------------------------------------------------------------------------------------


def _title(review: Review) -> str:
    """The verdict that decides the exit code."""
    failing = [decision for decision in review.decisions if decision.fails]
    if not failing:
        if not review.passes:
            return f"✕ Fails: {failure_reason(review)}"
        if not review.decisions and not review.setting_changes:
            return NO_DIFFERENCE.removeprefix("### ")
        if review.level not in _SERIOUS and review.accepted_level in _SERIOUS:
            accepted = review.accepted_level
            return f"{GLYPHS[accepted]} {LEVEL_WORDS[accepted].capitalize()}, and accepted"
        word = LEVEL_WORDS[review.level].capitalize()
        never = ": `--fail-on never` lets it pass" if review.level in _SERIOUS else ""
        return f"{GLYPHS[review.level]} {word}{never}"
    subjects = list(dict.fromkeys((one.finding.model, one.finding.about, one.finding.version, one.finding.pointer)
                                  if one.finding.about in ("pointer", "version") else (one.finding.model, "", "", "")
                                  for one in failing))  # fmt: skip
    names = [_subject(*one) for one in subjects[:_MAX_SUBJECTS]]
    more = [f"{len(subjects) - _MAX_SUBJECTS:,} more"] if len(subjects) > _MAX_SUBJECTS else []
    return f"✕ {failure_word(failing)}: {', '.join([*names, *more])}"


def _subject(model: str, about: str, version: str, pointer: str) -> str:
    if not model:
        return "the registry"
    if about == "pointer":
        return f"{code(model)} {code('@' + pointer)}"
    return f"{code(model)} {label(version_label(version))}" if about == "version" else code(model)


def _notes(review: Review, context: Context) -> Iterator[str]:
    """What a reviewer must know beside the verdict: changed settings, moved aliases, accepts."""
    changes = [f"- {cell(setting_text(*change))}" for change in review.setting_changes]
    if changes:
        yield "**The change touches settings of this review.** They count from the next review on:"
        yield from ["", *_first(changes), ""]
    moved = [
        f"- {code(model.name)} {code('@' + move.name)} moves to {label(version_label(move.new))}: "
        f"{_level(move.assessment.level if move.assessment else None)}"
        for model in review.models
        for move in model.pointers
        if move.new and move.old and not move.lost
    ]
    if moved:
        yield from ["**Callers get another model** by these aliases and stages:", "", *_first(moved), ""]
    registry = [one for one in review.decisions if one.finding.about == "registry"]
    yield from _first([f"- {mark_of(one.finding)} {cell(located_message_of(one.finding))}" for one in registry])
    if review.accepts:
        yield from ["Accepted:", "", *_first([f"- {cell(accept_text(one))}" for one in review.accepts]), ""]
    if review.expired_accepts:
        expired = [f"- {cell(accept_text(one))}" for one in review.expired_accepts]
        yield from ["Expired accepts, which cover nothing any more:", "", *_first(expired), ""]
    if review.lacks:
        yield from [
            f"Not compared, since a side does not have it: {cell(parts_text(tuple(sorted(review.lacks))))}.",
            "",
        ]
    if context.site_url:
        yield f"[Preview of the site]({context.site_url})"


def _level(level: str | None) -> str:
    for known, word in LEVEL_WORDS.items():
        if known == level:
            return f"{GLYPHS[known]} {word}"
    return "? could not be judged"


def _first(lines: Sequence[str]) -> Iterable[str]:
    """The first lines of a list; of long ones only as many as leave room for the rest of the comment."""
    sizes = accumulate(len(line) for line in lines[:_MAX_ROWS])
    shown = sum(size <= _MAX_LIST for size in sizes)
    more = [f"- {len(lines) - shown:,} more"] if len(lines) > shown else []
    return [*lines[:shown], *more]


def _footer(review: Review, context: Context) -> str:
    result = "passed" if review.passes else f"failed: {failure_reason(review)}"
    levels = f' · <a href="{context.site_url}about/index.html">levels</a>' if context.site_url else ""
    # The line begins with HTML, and markdown in it is read all the same: sub is no block.
    return f"{code(review.base)} → {code(review.head)} · check {result} · settings: {code(review.settings)}{levels}"
