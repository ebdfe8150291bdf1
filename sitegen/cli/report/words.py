"""Words and marks that several formats use: counts, verdicts, names of changes and models."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sitegen.core.text import reveal
from sitegen.domain.diagnostic import Diagnostic, Severity

if TYPE_CHECKING:  # a build prints counts and needs no comparison
    from sitegen.analysis.gate import Blockers
    from sitegen.domain.comparison import Change, Comparison, Form, Level

SIGNATURE_AREAS = ("inputs", "params", "outputs")
"""Areas of a change that the signature states."""

_LOGGED_AREAS = ("metrics", "hyperparameters", "tags")
"""Areas whose values a run logs."""

GLYPHS: "dict[Level, str]" = {"breaking": "✕", "unknown": "?", "lossy": "◐", "behaviour": "≈", "safe": "✓"}
"""The mark of each level."""


def level_word(level: "Level") -> str:
    """A level as pages call it: what the API calls safe is compatible."""
    return "compatible" if level == "safe" else level


def verdict_word(level: "Level") -> str:
    """A level with its mark: `✓ compatible`."""
    return f"{GLYPHS[level]} {level_word(level)}"


FORM_LABELS: "dict[Form, str]" = {
    "dataframe": "DataFrame",
    "dict": "dict",
    "records": "list of dicts",
    "series": "Series",
    "ndarray": "array",
    "list": "list",
    "sparse": "sparse matrix",
    "csv": "CSV",
    "params": "plain values",
    "numpy_params": "numpy values",
}
"""Names of ways to call a model; all others are named by the keys of requests."""


def count_of(number: int, noun: str) -> str:
    """A number with its noun: `1 model`, `1,200 models`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def severities(counts: Mapping[Severity, int]) -> str:
    """The number of problems of each severity: `2 errors, 1 warning, 0 notes`."""
    words: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
    return ", ".join(count_of(counts[name], word) for name, word in words.items())


def blockers_by_model(blockers: "Blockers") -> Iterator[tuple[str, tuple[Diagnostic, ...]]]:
    """The models that cannot be judged, by their names on the command line, with the reasons."""
    if blockers.old:
        yield "OLD", blockers.old
    if blockers.new:
        yield "NEW", blockers.new


def subject_of(change: "Change") -> str:
    """The subject of a change: the area, and the place in it."""
    return f"{change.area} {reveal(change.where)}" if change.where else change.area


def step_of(change: "Change") -> str:
    """The old and the new value: `long → double`."""
    if change.rule.endswith("-unreadable"):
        sides = ("cannot be read" if value is None else reveal(value) for value in (change.old, change.new))
        return " → ".join(dict.fromkeys(sides))
    nothing = "not logged" if change.area in _LOGGED_AREAS else "not there"
    old, new = (nothing if value is None else reveal(value) for value in (change.old, change.new))
    return f"{old} → {new}"


def form_names(forms: "Iterable[Form]") -> str:
    """Ways to call a model, as people call them: `dict, list of dicts`."""
    return ", ".join(FORM_LABELS.get(form, form) for form in forms)


def levels_by_form(comparison: "Comparison", forms: "tuple[Form, ...]") -> str:
    """The verdict by form where these forms differ: ` (dict: breaking; DataFrame, Series: compatible)`. Else empty."""
    levels = {form: level for form, level in comparison.forms if form in forms}
    if len(set(levels.values())) < 2:
        return ""
    groups = {level: [form for form, one in levels.items() if one == level] for level in GLYPHS}
    return (
        " (" + "; ".join(f"{form_names(group)}: {level_word(level)}" for level, group in groups.items() if group) + ")"
    )
