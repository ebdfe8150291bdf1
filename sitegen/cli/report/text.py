"""Comparisons as text."""

from sitegen.analysis.compat.rules.table import fix, reason
from sitegen.analysis.gate import NO_BLOCKERS, Blockers
from sitegen.cli.report.problems import diagnostic_line
from sitegen.cli.report.words import (
    GLYPHS,
    SIGNATURE_AREAS,
    blockers_by_model,
    form_names,
    level_word,
    levels_by_form,
    step_of,
    subject_of,
    verdict_word,
)
from sitegen.core.text import visible
from sitegen.domain.comparison import PYTHON_FORMS, REST_FORMS, Change, Comparison


def render_comparison(comparison: Comparison, blockers: Blockers = NO_BLOCKERS) -> str:
    """The verdict, why a model cannot be judged, each change of the signature with its reason, the other changes."""
    verdict = comparison.verdict
    lines = [
        f"Python callers: {verdict_word(verdict.python)}{levels_by_form(comparison, PYTHON_FORMS)}",
        f"REST callers:   {verdict_word(verdict.rest)}{levels_by_form(comparison, REST_FORMS)}",
        f"outputs:        {verdict_word(verdict.outputs)}",
    ]
    for model, reasons in blockers_by_model(blockers):
        lines += ["", f"{model} cannot be judged:", *(f"  {diagnostic_line(one)}" for one in reasons)]
    for change in (change for change in comparison.changes if change.area in SIGNATURE_AREAS):
        subject, step = visible(subject_of(change)), visible(step_of(change))
        lines += ["", f"{GLYPHS[change.severity]} {subject}: {step}  ({_levels(change)})"]
        lines += [f"    {visible(sentence)}" for sentence in (reason(change), fix(change)) if sentence]
    others = [change for change in comparison.changes if change.area not in SIGNATURE_AREAS]
    if others:
        lines += ["", "Also different:"]
    lines += [f"  {visible(subject_of(change))}: {visible(step_of(change))}" for change in others]
    if blockers == NO_BLOCKERS and not comparison.changes:
        lines += ["", "Nothing differs."]
    return "\n".join([*lines, ""])


def _levels(change: Change) -> str:
    who = (("Python", change.python), ("REST", change.rest), ("readers", change.outputs))
    levels = ", ".join(f"{name} {level_word(level)}" for name, level in who if level)
    return f"{levels}; concerns {form_names(change.forms)}" if change.forms else levels
