"""Words and marks that several formats use: counts, verdicts, and what a change or a model is called."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sitegen.domain.diagnostic import Diagnostic, Severity

if TYPE_CHECKING:  # a build prints counts and needs no comparison
    from sitegen.analysis.gate import Doubts
    from sitegen.domain.comparison import Change, Level

SIGNATURE_AREAS = ("inputs", "params", "outputs")
"""Areas of a change that the signature states."""

GLYPHS: "dict[Level, str]" = {"breaking": "✕", "unknown": "?", "lossy": "◐", "behaviour": "≈", "safe": "✓"}
"""The mark of each level."""


def count_of(number: int, noun: str) -> str:
    """A number with its noun: `1 model`, `1,200 models`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def severities(counts: Mapping[Severity, int]) -> str:
    """The number of problems of each severity: `2 errors, 1 warning, 0 notes`."""
    words: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
    return ", ".join(count_of(counts[name], word) for name, word in words.items())


def doubts_by_model(doubts: "Doubts") -> Iterator[tuple[str, tuple[Diagnostic, ...]]]:
    """The models that cannot be judged, by their names on the command line, with the reasons."""
    if doubts.old:
        yield "OLD", doubts.old
    if doubts.new:
        yield "NEW", doubts.new


def subject_of(change: "Change") -> str:
    """What changed: the area, and where in it."""
    return f"{change.area} {change.where}" if change.where else change.area


def step_of(change: "Change") -> str:
    """The old and the new value: `long → double`."""
    return f"{'absent' if change.old is None else change.old} → {'absent' if change.new is None else change.new}"
