"""The changes for callers on a page of a model: of the headline's pair, then between consecutive versions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sitegen.domain.comparison import Comparison, worst_first
from sitegen.domain.model import Version
from sitegen.site.views.context import ModelContext
from sitegen.site.views.parts import Link
from sitegen.site.views.verdicts import verdict_views

MAX_STEPS = 20
MAX_CHANGES = 50
"""Rows of changes for callers, of all steps together."""

SIGNATURE = ("inputs", "outputs", "params")


class ChangeStep(NamedTuple):
    """How the signature changes from one version to another; `more` changes are not shown."""

    old: Link
    new: Link
    comparison: Comparison
    more: int = 0


class CallerChanges(NamedTuple):
    """The changes of signatures on one page of a model.

    `lead` compares the newest version with the one that it is judged against, also where nothing changes. `steps` are
    the newest other changes between consecutive versions, `older` is the number of further ones.
    """

    lead: ChangeStep | None = None
    steps: tuple[ChangeStep, ...] = ()
    older: int = 0


NO_CHANGES = CallerChanges()


def caller_changes(context: ModelContext, part: Sequence[int], inward: str) -> CallerChanges:
    """The changes of the versions at the places `part`, newest first.

    Logged models have none: they are attempts, often at unrelated models.
    """
    if context.model.kind == "logged" or not part:
        return NO_CHANGES
    lead, known = _lead(context, part[0], inward)
    steps = [step for number in part if number != known for step in _step(context, number, inward)]
    limited = list(_limit([lead, *steps] if lead else steps))
    shown = limited[1:] if lead else limited
    return CallerChanges(limited[0] if lead else None, tuple(shown), len(steps) - len(shown))


def _lead(context: ModelContext, number: int, inward: str) -> tuple[ChangeStep | None, int | None]:
    """The headline's pair, if the version is the newest; and its place if the pair is that of the step to it."""
    versions = context.model.versions
    lead, beside = verdict_views(context, number, inward)
    if number != len(versions) - 1 or lead is None or not _has_signature(lead.version, versions[number]):
        return None, None
    step = ChangeStep(Link(lead.name, lead.url), context.link(number, inward), lead.comparison)
    return step, None if beside and not beside.backward else number


def _step(context: ModelContext, number: int, inward: str) -> Iterator[ChangeStep]:
    """The step from the version before, if a signature is stated and changes."""
    comparison, before = context.steps[number], context.before(number)
    if comparison and before and _changes_signature(before, context.model.versions[number], comparison):
        yield ChangeStep(context.link(number - 1, inward), context.link(number, inward), comparison)


def _changes_signature(old: Version, new: Version, comparison: Comparison) -> bool:
    """Whether a signature is stated and changes."""
    return _has_signature(old, new) and any(change.area in SIGNATURE for change in comparison.changes)


def _has_signature(old: Version, new: Version) -> bool:
    return bool(old.signature or new.signature)


def _limit(steps: Sequence[ChangeStep]) -> Iterator[ChangeStep]:
    """The first steps, as many as have room. Of a step that has not enough room the worst changes are shown."""
    room = MAX_CHANGES
    for step in steps[:MAX_STEPS]:
        changes = step.comparison.changes
        if room and len(changes) > room:
            shown = replace(step.comparison, changes=tuple(worst_first(changes)[:room]))
            yield step._replace(comparison=shown, more=len(changes) - room)
        elif room:
            yield step
        room = max(0, room - len(changes))
