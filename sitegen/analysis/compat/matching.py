"""Which members two versions of something have in common: inputs of a table, properties of an object, params."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sitegen.domain.signature import Type


class Member(Protocol):
    """What has a name and a type: a column, a property, a param."""

    @property
    def name(self) -> str | None:
        """The name; None for an input without one."""

    @property
    def type(self) -> Type:
        """The type."""


M = TypeVar("M", bound=Member)


@dataclass(frozen=True, kw_only=True)
class Matches(Generic[M]):
    """Members by what became of them, each in the order of its side. `reordered` speaks of those that were kept."""

    kept: tuple[tuple[M, M], ...]
    renamed: tuple[tuple[M, M], ...]
    removed: tuple[M, ...]
    added: tuple[M, ...]
    reordered: bool


def match_members(old: Iterable[M], new: Iterable[M], alike: Callable[[M], Hashable]) -> Matches[M]:
    """Matches members by name, the rest by `alike`: the only one gone and the only one come that are alike.

    That two are alike makes a rename likely, not certain: it is a way to show changes, and no verdict hangs on it.
    """
    before, after = {member.name: member for member in old}, {member.name: member for member in new}
    gone = [member for name, member in before.items() if name not in after]
    come = [member for name, member in after.items() if name not in before]
    successors = _alone(come, alike)
    renamed = {one.name: successors[key] for key, one in _alone(gone, alike).items() if key in successors}
    taken = {member.name for member in renamed.values()}
    kept = tuple((member, after[name]) for name, member in before.items() if name in after)
    return Matches(
        kept=kept,
        renamed=tuple((before[name], other) for name, other in renamed.items()),
        removed=tuple(member for member in gone if member.name not in renamed),
        added=tuple(member for member in come if member.name not in taken),
        reordered=[one.name for one, _ in kept] != [name for name in after if name in before],
    )


def _alone(members: list[M], alike: Callable[[M], Hashable]) -> dict[Hashable, M]:
    """Members that are like no other, by what they are like."""
    times = Counter(map(alike, members))
    return {key: member for member in members if times[key := alike(member)] == 1}


def by_type(member: Member) -> Type:
    """Members of one type are alike."""
    return member.type


def presence(required: bool | None) -> str:
    """Whether something must be there. None: the file does not say, which MLflow takes for optional."""
    return "required" if required else "optional"
