"""A comparison in few words, for tables: the verdict, and the changes that make it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sitegen.core.memoize import memoize_by_identity
from sitegen.core.text import join_names
from sitegen.domain.comparison import LEVELS, Change, Comparison, Level, Verdict

MAX_CAUSES = 4
MAX_NAMES = 4
"""Names of each cause."""

AREAS = {"inputs": ("", ""), "params": (" param", " params"), "outputs": (" output", " outputs")}
"""What the names of an area are called, one and several. Inputs are the usual case, which needs no word."""

VERBS = ("added", "removed", "renamed")
"""Kinds of changes, as the ids of their rules name them; all others are changes of what stays."""

STATES = {
    "unstated": "not stated",
    "unreadable": "unreadable",
    "refused": "refused by MLflow",
    "reordered": "in another order",
    "hint": "from type hints",
}
"""What a change of a whole area says about it, by the last word of the rule's id."""


class Cause(NamedTuple):
    """Changes of one kind: `added` and the names, of which `more` are left out; `outputs not stated` needs none."""

    text: str
    names: tuple[str, ...] = ()
    more: int = 0


class StepView(NamedTuple):
    """A verdict with its causes: the changes of the worst level. `others` is the number of further changes.

    `verdict` is None between logged models; then all changes are causes.
    """

    verdict: Verdict | None
    causes: tuple[Cause, ...]
    others: int


def step_view(comparison: Comparison, *, judged: bool) -> StepView:
    """The changes in short; without a verdict between logged models."""
    return _judged_step(comparison) if judged else _plain_step(comparison)


@memoize_by_identity(512)
def _judged_step(step: Comparison) -> StepView:
    return _step(step.verdict, step.changes, (step.verdict.severity,))


@memoize_by_identity(512)
def _plain_step(step: Comparison) -> StepView:
    """What changes, without a verdict; a side that is unknown before and after does not change."""
    return _step(None, [change for change in step.changes if change.old != change.new], LEVELS)


def _step(verdict: Verdict | None, changes: Sequence[Change], levels: Sequence[Level]) -> StepView:
    """The causes are the changes of these levels.

    A change of a whole area is that of its members, where some change: those are named in its place.
    """
    members = {change.area for change in changes if change.where}
    whole = {change.area for change in changes if not change.where and change.severity in levels and not _state(change)}
    told = [change for change in changes if change.where or _state(change) or change.area not in members]
    decisive = [change for change in told if change.severity in levels or change.area in whole]
    causes = _causes(decisive)
    others = {_place(change) for change in told} - {_place(change) for change in decisive}
    return StepView(verdict, causes[:MAX_CAUSES], len(others) + len(causes[MAX_CAUSES:]))


def _place(change: Change) -> tuple[str, str]:
    return change.area, change.where


def _state(change: Change) -> str:
    """What a change of a whole area says about it; empty for one that only changes."""
    return "" if change.where else STATES.get(change.rule.rpartition("-")[2], "")


def _causes(changes: Iterable[Change]) -> tuple[Cause, ...]:
    """The changes by kind, in their order; a place is in the first of its kinds."""
    names: dict[tuple[str, str], dict[str, None]] = {}
    states: dict[str, dict[str, None]] = {}
    known: set[tuple[str, str]] = set()
    for change in changes:
        if not change.where:
            states.setdefault(_state(change) or "changed", {})[change.area] = None
        elif _place(change) not in known:
            known.add(_place(change))
            names.setdefault((_verb(change), change.area), {})[change.where] = None
    of_members = tuple(_cause(verb, area, tuple(some)) for (verb, area), some in names.items())
    return of_members + tuple(Cause(f"{join_names(tuple(areas))} {state}") for state, areas in states.items())


def _verb(change: Change) -> str:
    words = change.rule.split("-")
    return next((verb for verb in VERBS if verb in words), "changed")


def _cause(verb: str, area: str, names: tuple[str, ...]) -> Cause:
    word = AREAS[area][len(names) > 1]
    return Cause(verb + word, names[:MAX_NAMES], max(0, len(names) - MAX_NAMES))
