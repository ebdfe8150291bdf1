"""Matching the members of two versions: inputs of a table, properties of an object, params."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sitegen.domain.signature import Type


class Member(Protocol):
    """A column, a property or a param: it has a name and a type."""

    @property
    def name(self) -> str | None:
        """The name; None for an input without one."""

    @property
    def type(self) -> Type:
        """The type."""


M = TypeVar("M", bound=Member)


@dataclass(frozen=True, kw_only=True)
class Matches(Generic[M]):
    """Members that are kept, renamed, removed or added. `reordered`: the kept members have another order."""

    kept: tuple[tuple[M, M], ...]
    renamed: tuple[tuple[M, M], ...]
    removed: tuple[M, ...]
    added: tuple[M, ...]
    reordered: bool


def match_members(old: Iterable[M], new: Iterable[M], alike: Callable[[M], Hashable]) -> Matches[M]:
    """Match members by name, the others by `alike`: a removed and an added member that no other resembles are a rename.

    Such a rename is likely, not certain: it only affects how changes are shown, not the verdict.
    """
    before, after = {member.name: member for member in old}, {member.name: member for member in new}
    unmatched = [member for name, member in before.items() if name not in after]
    come = [member for name, member in after.items() if name not in before]
    successors = _alone(come, alike)
    renamed = {member.name: successors[key] for key, member in _alone(unmatched, alike).items() if key in successors}
    taken = {member.name for member in renamed.values()}
    kept = tuple((member, after[name]) for name, member in before.items() if name in after)
    return Matches(
        kept=kept,
        renamed=tuple((before[name], other) for name, other in renamed.items()),
        removed=tuple(member for member in unmatched if member.name not in renamed),
        added=tuple(member for member in come if member.name not in taken),
        reordered=[member.name for member, _ in kept] != [name for name in after if name in before],
    )


def _alone(members: list[M], alike: Callable[[M], Hashable]) -> dict[Hashable, M]:
    """The members whose key `alike` is unique, by this key."""
    times = Counter(map(alike, members))
    return {key: member for member in members if times[key := alike(member)] == 1}


def by_type(member: Member) -> Type:
    """The key for `match_members` by which members of the same type are alike."""
    return member.type


def presence(required: bool | None) -> str:
    """The text for `required`; None, if the file does not say, means optional as in MLflow."""
    return "required" if required else "optional"
