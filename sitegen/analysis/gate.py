"""The gate: a new model may replace an old one only if both can be judged and nothing breaks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sitegen.analysis.compat.compare import compare, compare_step
from sitegen.domain.comparison import Comparison, Verdict, worst
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Version
from sitegen.formats.mlmodel_limits import find_load_problems
from sitegen.formats.yaml import Positions

_REFUSAL_RULES = ("signature-json", "signature-shape", "signature-refused")
"""Rules about signatures that make MLflow refuse a model."""


@dataclass(frozen=True, kw_only=True)
class Blockers:
    """Diagnostics, with file and line, for which the old or the new model cannot be judged."""

    old: tuple[Diagnostic, ...] = ()
    new: tuple[Diagnostic, ...] = ()


NO_BLOCKERS = Blockers()


def judge(old: Version, new: Version, blockers: Blockers) -> Comparison:
    """The comparison of two models; all verdicts are unknown or worse if one of them cannot be judged."""
    readable = old.mlmodel is not None and new.mlmodel is not None
    comparison = compare(old, new) if readable else compare_step(old, new)
    # The comparison has verdicts on missing signatures.
    if readable and all(diagnostic.rule == "signature-missing" for diagnostic in blockers.old + blockers.new):
        return comparison
    verdict = comparison.verdict
    python, rest, outputs = (worst((level, "unknown")) for level in (verdict.python, verdict.rest, verdict.outputs))
    return replace(comparison, verdict=Verdict(python=python, rest=rest, outputs=outputs))


def passes(verdict: Verdict) -> bool:
    """Whether the new model may replace the old one: nothing breaks, and nothing is unknown."""
    return verdict.severity not in ("breaking", "unknown")


def find_blockers(version: Version, text: str, path: str) -> Iterator[Diagnostic]:
    """The reasons why a readable model cannot be judged. `text` and `path` are those of its MLmodel file."""
    yield from find_load_problems(text, path)
    refusals = [problem for problem in version.problems if problem.path == path and problem.rule in _REFUSAL_RULES]
    yield from (replace(refusal, severity="error", line=refusal.line or 1) for refusal in refusals)
    signature = version.signature
    parts = (("inputs", signature and signature.inputs), ("outputs", signature and signature.outputs))
    lacking = [name for name, columns in parts if columns is None]
    if lacking and not refusals:
        line, column = Positions(text).of("signature")
        message = f"the signature states no {' and no '.join(lacking)}" if signature else "the model has no signature"
        yield problem("signature-missing", message, path, line or 1, column)
