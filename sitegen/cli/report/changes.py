"""Changes between two versions as text, JSON and markdown."""

import re
from collections.abc import Iterator

from sitegen.analysis.compat.rules.table import CHANGE_RULES, Span, fix, reason, spans
from sitegen.analysis.gate import NO_DOUBTS, Doubts
from sitegen.cli.report.diagnostics import dump_json, fields_of, line_of
from sitegen.core.text import visible
from sitegen.domain.comparison import Change, Comparison, Level
from sitegen.domain.diagnostic import Diagnostic

SIGNATURE = ("inputs", "params", "outputs")
GLYPHS: dict[Level, str] = {"breaking": "✕", "unknown": "?", "lossy": "◐", "behaviour": "≈", "safe": "✓"}


def text(found: Comparison, doubts: Doubts = NO_DOUBTS) -> str:
    """The verdict; what keeps it from being known; each change of the signature with its reason; what else differs."""
    verdict = found.verdict
    lines = [
        f"Python callers: {GLYPHS[verdict.python]} {verdict.python}",
        f"REST callers:   {GLYPHS[verdict.rest]} {verdict.rest}",
        f"outputs:        {GLYPHS[verdict.outputs]} {verdict.outputs}",
    ]
    for side, problems in _sides(doubts):
        lines += ["", f"{side} cannot be judged:", *(f"  {line_of(one)}" for one in problems)]
    for change in (change for change in found.changes if change.area in SIGNATURE):
        lines += [
            "",
            f"{GLYPHS[change.severity]} {visible(_place(change))}: {visible(_step(change))}  ({_levels(change)})",
        ]
        lines += [f"    {visible(sentence)}" for sentence in (reason(change), fix(change)) if sentence]
    others = [change for change in found.changes if change.area not in SIGNATURE]
    if others:
        lines += ["", "Also different:"]
    lines += [f"  {visible(_place(change))}: {visible(_step(change))}" for change in others]
    if doubts == NO_DOUBTS and not found.changes:
        lines += ["", "Nothing differs."]
    return "\n".join([*lines, ""])


def _sides(doubts: Doubts) -> Iterator[tuple[str, tuple[Diagnostic, ...]]]:
    """The models that cannot be judged, by their names on the command line, with the reasons."""
    if doubts.old:
        yield "OLD", doubts.old
    if doubts.new:
        yield "NEW", doubts.new


def json(found: Comparison, doubts: Doubts = NO_DOUBTS) -> str:
    """`{"verdict": {"python", "rest", "outputs"}, "changes": [...], "problems": [...]}`.

    Each problem has the fields that those of `sitegen check` have, and `side`: `old` or `new`.
    """
    verdict = found.verdict
    fields = {
        "verdict": {"python": verdict.python, "rest": verdict.rest, "outputs": verdict.outputs},
        "changes": [change_fields(change) for change in found.changes],
        "problems": [{"side": side.lower(), **fields_of(one)} for side, problems in _sides(doubts) for one in problems],
    }
    return dump_json(fields)


def change_fields(change: Change) -> dict[str, str | None]:
    """A change for programs, its sentences included."""
    return {
        "rule": change.rule,
        "area": change.area,
        "where": change.where,
        "old": change.old,
        "new": change.new,
        "severity": change.severity,
        "python": change.python,
        "rest": change.rest,
        "outputs": change.outputs,
        "reason": reason(change),
        "fix": fix(change),
    }


def markdown(found: Comparison, doubts: Doubts = NO_DOUBTS) -> str:
    """A verdict line, what keeps it from being known, and a table, for comments in code review."""
    verdict = found.verdict
    head = (
        f"Python callers: **{GLYPHS[verdict.python]} {verdict.python}** · REST callers: **{GLYPHS[verdict.rest]} "
        f"{verdict.rest}** · outputs: **{GLYPHS[verdict.outputs]} {verdict.outputs}**"
    )
    for side, problems in _sides(doubts):
        reasons = (f"- {_code(one.place)} {_escape_cell(f'{one.rule}: {one.message}')}" for one in problems)
        head += "\n\n" + "\n".join([f"**{side} cannot be judged**", "", *reasons])
    if not found.changes:
        return head + ("\n\nNothing differs.\n" if doubts == NO_DOUBTS else "\n")
    lines = [head, "", "| | Where | Was → is | Why, and what to do |", "|---|---|---|---|"]
    for change in found.changes:
        rule = CHANGE_RULES[change.rule]
        why = " ".join(_sentence(spans(said, change)) for said in (rule.reason, rule.fix) if said)
        where, step = _escape_cell(_place(change)), _escape_cell(_step(change))
        lines.append(f"| {GLYPHS[change.severity]} {change.severity} | {where} | {step} | {why} |")
    return "\n".join([*lines, ""])


def _place(change: Change) -> str:
    return f"{change.area} {change.where}" if change.where else change.area


def _step(change: Change) -> str:
    return f"{'absent' if change.old is None else change.old} → {'absent' if change.new is None else change.new}"


def _levels(change: Change) -> str:
    who = (("Python", change.python), ("REST", change.rest), ("readers", change.outputs))
    return ", ".join(f"{name} {level}" for name, level in who if level)


def _sentence(found: tuple[Span, ...]) -> str:
    """A sentence inside a table's cell of markdown."""
    said = "".join(_code(span.text) if span.code else _escape_cell(span.text) for span in found)
    begun = said if found[0].code else said[0].upper() + said[1:]
    return begun + ("" if said.endswith((".", "?")) else ".")


def _code(text: str) -> str:
    """A text as code inside a table's cell of markdown, where backslashes escape nothing but bars."""
    if "\\|" in text:  # no renderer tells whether the backslash is the bar's or the text's
        return _escape_cell(text)
    said = visible(text.replace("\n", " ")).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", said)), default=0))
    pad = " " if len(fence) > 1 or said[:1] in ("", " ") or said[-1:] == " " else ""
    return f"{fence}{pad}{said}{pad}{fence}"


def _escape_cell(text: str) -> str:
    """A text inside a table's cell of markdown, where it is nothing but text."""
    return "".join(_letters(visible(text.replace("\n", " "))))


def _letters(text: str) -> Iterator[str]:
    for letter in text:
        yield f"\\{letter}" if letter in "\\`|*_[]<>#~@&$" else letter
