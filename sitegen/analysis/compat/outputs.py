"""What changes for those who read predictions. MLflow enforces no outputs, so this is our own policy.

Removed, renamed and retyped outputs break readers; added and reordered ones may be noticed by those who go by position.
"""

from collections.abc import Iterator, Sequence

from sitegen.analysis.compat.inputs import Columns, merged, named
from sitegen.analysis.compat.location import SignaturePath, listed, shape_shown, shown
from sitegen.analysis.compat.matching import by_type, matched, presence
from sitegen.domain.comparison import Change
from sitegen.domain.signature import Array, Column, Map, Object, Property, Tensor, Type, kind_of

OUTPUTS = SignaturePath("outputs", "")
"""The outputs as a whole."""


def output_changes(old: Columns, new: Columns) -> Iterator[Change]:
    """What changes between the outputs of two versions."""
    if old == new:
        return
    if (kind_of(old), named(old)) != (kind_of(new), named(new)):
        yield OUTPUTS.change("outputs-kind", _kind_shown(old), _kind_shown(new))
    elif named(old):
        yield from _members(merged(old), merged(new), OUTPUTS)
    else:
        for number, (before, after) in enumerate(zip(old, new, strict=False)):
            yield from _types(before.type, after.type, SignaturePath("outputs", f"[{number}]"))
        for number, column in enumerate(old[len(new) :], len(new)):
            yield SignaturePath("outputs", f"[{number}]").change("output-removed", shown(column.type))
        for number, column in enumerate(new[len(old) :], len(old)):
            yield SignaturePath("outputs", f"[{number}]").change("output-added", None, shown(column.type))


def _kind_shown(columns: Columns) -> str:
    return f"{'named ' if named(columns) else ''}{kind_of(columns)}: {listed(columns)}"


def _members(
    old: Sequence[Column | Property], new: Sequence[Column | Property], outer: SignaturePath
) -> Iterator[Change]:
    """What changes between named outputs, or the properties of one."""
    members = matched(old, new, by_type)
    for one, other in members.renamed:
        yield _inside(outer, one).change("output-renamed", one.name, other.name)
    for member in members.removed:
        yield _inside(outer, member).change("output-removed", shown(member.type))
    for member in members.added:
        yield _inside(outer, member).change("output-added", None, shown(member.type))
    if members.reordered:
        yield outer.change("outputs-reordered", _names(old), _names(new))
    for one, other in members.kept:
        yield from _kept(one, other, _inside(outer, one))


def _names(members: Sequence[Column | Property]) -> str:
    return ", ".join(str(member.name) for member in members)


def _kept(old: Column | Property, new: Column | Property, place: SignaturePath) -> Iterator[Change]:
    if bool(old.required) != bool(new.required):
        rule = "output-required" if new.required else "output-optional"
        yield place.change(rule, presence(old.required), presence(new.required))
    yield from _types(old.type, new.type, place)


def _types(old: Type, new: Type, place: SignaturePath) -> Iterator[Change]:
    match old, new:
        case _ if old == new:
            return
        case Object(before), Object(after):
            yield from _members(before, after, place)
        case Array(before), Array(after):
            yield from _types(before, after, place.inside("[]"))
        case Map(before), Map(after):
            yield from _types(before, after, place.inside(".*"))
        case Tensor() as before, Tensor() as after if before.dtype == after.dtype:
            yield place.change("output-reshaped", shape_shown(before), shape_shown(after))
        case _:
            yield place.change("output-retyped", shown(old), shown(new))


def _inside(outer: SignaturePath, member: Column | Property) -> SignaturePath:
    return outer.inside(f".{member.name}") if outer.where else SignaturePath("outputs", member.name or "")
