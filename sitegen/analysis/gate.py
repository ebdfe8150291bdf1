"""Whether a new model may take the place of an old one: only where both can be judged, and nothing breaks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sitegen.analysis.compat.compare import compare, compare_step
from sitegen.domain.comparison import Comparison, Verdict, worst
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Version
from sitegen.formats.mlmodel_limits import find_load_problems
from sitegen.formats.yaml import Positions

_REFUSAL_RULES = ("signature-json", "signature-shape", "signature-refused")
"""Rules of signatures with which MLflow does not load a model."""


@dataclass(frozen=True, kw_only=True)
class Blockers:
    """What keeps the old or the new model from being judged: diagnostics with file and line."""

    old: tuple[Diagnostic, ...] = ()
    new: tuple[Diagnostic, ...] = ()


NO_BLOCKERS = Blockers()


def judge(old: Version, new: Version, blockers: Blockers) -> Comparison:
    """The comparison of two models, of which one that cannot be judged makes all verdicts unknown, or worse."""
    readable = old.mlmodel is not None and new.mlmodel is not None
    found = compare(old, new) if readable else compare_step(old, new)
    # What a missing signature means for each verdict is the comparison's business.
    if readable and all(one.rule == "signature-missing" for one in blockers.old + blockers.new):
        return found
    known = (found.verdict.python, found.verdict.rest, found.verdict.outputs)
    python, rest, outputs = (worst((level, "unknown")) for level in known)
    return replace(found, verdict=Verdict(python=python, rest=rest, outputs=outputs))


def passes(verdict: Verdict) -> bool:
    """Whether the new model may take the place of the old one: nothing breaks, and nothing is unknown."""
    return verdict.severity not in ("breaking", "unknown")


def find_blockers(version: Version, text: str, path: str) -> Iterator[Diagnostic]:
    """Why a model that can be read cannot be judged. `text` is that of its MLmodel, `path` the file's."""
    yield from find_load_problems(text, path)
    refused = [one for one in version.problems if one.path == path and one.rule in _REFUSAL_RULES]
    yield from (replace(one, severity="error", line=one.line or 1) for one in refused)
    signature = version.signature
    parts = (("inputs", signature and signature.inputs), ("outputs", signature and signature.outputs))
    lacking = [name for name, columns in parts if columns is None]
    if lacking and not refused:
        line, column = Positions(text).of("signature")
        message = f"the signature states no {' and no '.join(lacking)}" if signature else "the model has no signature"
        yield problem("signature-missing", message, path, line or 1, column)
