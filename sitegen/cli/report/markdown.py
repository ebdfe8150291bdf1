"""Markdown for comments in code review."""

import re
from collections.abc import Iterator

from sitegen.analysis.compat.rules.table import CHANGE_RULES, Span, spans
from sitegen.analysis.gate import NO_BLOCKERS, Blockers
from sitegen.cli.report.words import (
    SIGNATURE_AREAS,
    blockers_by_model,
    form_names,
    levels_by_form,
    step_of,
    subject_of,
    verdict_word,
)
from sitegen.core.text import visible
from sitegen.domain.comparison import PYTHON_FORMS, REST_FORMS, Change, Comparison


def render_comparison(comparison: Comparison, blockers: Blockers = NO_BLOCKERS) -> str:
    """The verdict, why a model cannot be judged, a table of the changes of the signature, and one of the others."""
    verdict = comparison.verdict
    head = (
        f"Python callers: **{verdict_word(verdict.python)}**{levels_by_form(comparison, PYTHON_FORMS)} · "
        f"REST callers: **{verdict_word(verdict.rest)}**{levels_by_form(comparison, REST_FORMS)} · "
        f"outputs: **{verdict_word(verdict.outputs)}**"
    )
    for model, reasons in blockers_by_model(blockers):
        items = (f"- {code_span(one.place)} {escape_cell(f'{one.rule}: {one.message}')}" for one in reasons)
        head += "\n\n" + "\n".join([f"**{model} cannot be judged**", "", *items])
    if not comparison.changes:
        return head + ("\n\nNothing differs.\n" if blockers == NO_BLOCKERS else "\n")
    ours = [change for change in comparison.changes if change.area in SIGNATURE_AREAS]
    others = [change for change in comparison.changes if change.area not in SIGNATURE_AREAS]
    lines = [head]
    if ours:
        lines += ["", "| | Where | Before → after | Reason and fix |", "|---|---|---|---|", *map(_change_row, ours)]
    if others:
        lines += ["", "Also different:", "", "| What | Before → after |", "|---|---|"]
        lines += [f"| {escape_cell(subject_of(change))} | {escape_cell(step_of(change))} |" for change in others]
    return "\n".join([*lines, ""])


def _change_row(change: Change) -> str:
    """A change of the signature with its level, its reason and what helps."""
    rule = CHANGE_RULES[change.rule]
    why = " ".join(_sentence(spans(text, change)) for text in (rule.reason, rule.fix) if text)
    why += f" Concerns {form_names(change.forms)}." if change.forms else ""
    where, step = escape_cell(subject_of(change)), escape_cell(step_of(change))
    return f"| {verdict_word(change.severity)} | {where} | {step} | {why} |"


def _sentence(parts: tuple[Span, ...]) -> str:
    """A sentence in a cell of a table, with a capital letter and a full stop."""
    text = "".join(code_span(span.text) if span.code else escape_cell(span.text) for span in parts)
    capital = text if parts[0].code else text[0].upper() + text[1:]
    return capital + ("" if text.endswith((".", "?")) else ".")


def code_span(text: str) -> str:
    """A text as code in a cell of a table, where a backslash escapes nothing but a bar."""
    if "\\|" in text:  # renderers disagree whether the backslash escapes the bar
        return escape_cell(text)
    code = visible(text.replace("\n", " ")).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", code)), default=0))
    pad = " " if len(fence) > 1 or code[:1] in ("", " ") or code[-1:] == " " else ""
    return f"{fence}{pad}{code}{pad}{fence}"


def escape_cell(text: str) -> str:
    """A text in a cell of a table, without markup."""
    return "".join(_escape_letters(visible(text.replace("\n", " "))))


def _escape_letters(text: str) -> Iterator[str]:
    for letter in text:
        yield f"\\{letter}" if letter in "\\`|*_[]<>#~@&$" else letter
