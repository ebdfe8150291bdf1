"""JSON for programs."""

import json
from collections.abc import Sequence

from sitegen.analysis.compat.rules.table import fix, reason
from sitegen.analysis.gate import NO_BLOCKERS, Blockers
from sitegen.cli.report.words import blockers_by_model
from sitegen.domain.comparison import Change, Comparison
from sitegen.domain.diagnostic import Diagnostic


def render_diagnostics(diagnostics: Sequence[Diagnostic]) -> str:
    """A list, one object a problem."""
    return _dump([diagnostic_fields(diagnostic) for diagnostic in diagnostics])


def render_comparison(comparison: Comparison, blockers: Blockers = NO_BLOCKERS) -> str:
    """`{"verdict": {"python", "rest", "outputs"}, "forms": {form: level}, "changes": [...], "problems": [...]}`.

    Each problem has the fields that those of `sitegen check` have, and `side`: `old` or `new`.
    """
    verdict = comparison.verdict
    fields = {
        "verdict": {"python": verdict.python, "rest": verdict.rest, "outputs": verdict.outputs},
        "forms": dict(comparison.forms),
        "changes": [change_fields(change) for change in comparison.changes],
        "problems": [
            {"side": model.lower(), **diagnostic_fields(reason)}
            for model, reasons in blockers_by_model(blockers)
            for reason in reasons
        ],
    }
    return _dump(fields)


def diagnostic_fields(diagnostic: Diagnostic) -> dict[str, str | int | None]:
    """The fields of a problem; `count` only if the problem represents several."""
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "hint": diagnostic.hint,
        **({"count": diagnostic.count} if diagnostic.count > 1 else {}),
    }


def change_fields(change: Change) -> dict[str, object]:
    """The fields of a change, its sentences included. `forms`: the ways to call that it concerns; empty: all."""
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
        "forms": list(change.forms),
        "reason": reason(change),
        "fix": fix(change),
    }


def _dump(value: object) -> str:
    """ASCII without `##`, which begins a command in the log of a build server."""
    return json.dumps(value, indent=2, ensure_ascii=True).replace("##", "#\\u0023") + "\n"
