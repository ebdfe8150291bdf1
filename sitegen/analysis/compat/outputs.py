"""Changes of outputs. MLflow does not enforce outputs, so their levels are a policy of sitegen.

Removed, renamed and retyped outputs break consumers; added and reordered ones may affect consumers that use positions.
"""

from collections.abc import Iterator, Sequence

from sitegen.analysis.compat.inputs import Columns, have_names, merge_duplicates
from sitegen.analysis.compat.location import SignaturePath, columns_text, shape_text, type_text
from sitegen.analysis.compat.matching import by_type, match_members, presence
from sitegen.domain.comparison import Change
from sitegen.domain.signature import Array, Column, Map, Object, Property, Tensor, Type, kind_of

OUTPUTS = SignaturePath("outputs", "")
"""The outputs as a whole."""


def output_changes(old: Columns, new: Columns) -> Iterator[Change]:
    """The changes between the outputs of two versions."""
    if old == new:
        return
    if (kind_of(old), have_names(old)) != (kind_of(new), have_names(new)):
        yield OUTPUTS.change("outputs-kind", _kind_text(old), _kind_text(new))
    elif have_names(old):
        yield from _members(merge_duplicates(old), merge_duplicates(new), OUTPUTS)
    else:
        for number, (before, after) in enumerate(zip(old, new, strict=False)):
            yield from _types(before.type, after.type, SignaturePath("outputs", f"[{number}]"))
        for number, column in enumerate(old[len(new) :], len(new)):
            yield SignaturePath("outputs", f"[{number}]").change("output-removed", type_text(column.type))
        for number, column in enumerate(new[len(old) :], len(old)):
            yield SignaturePath("outputs", f"[{number}]").change("output-added", None, type_text(column.type))


def _kind_text(columns: Columns) -> str:
    return f"{'named ' if have_names(columns) else ''}{kind_of(columns)}: {columns_text(columns)}"


def _members(
    old: Sequence[Column | Property], new: Sequence[Column | Property], outer: SignaturePath
) -> Iterator[Change]:
    """The changes between named outputs, or between the properties of one output."""
    members = match_members(old, new, by_type)
    for before, after in members.renamed:
        yield _inside(outer, before).change("output-renamed", before.name, after.name)
    for member in members.removed:
        yield _inside(outer, member).change("output-removed", type_text(member.type))
    for member in members.added:
        yield _inside(outer, member).change("output-added", None, type_text(member.type))
    if members.reordered:
        yield outer.change("outputs-reordered", _names(old), _names(new))
    for before, after in members.kept:
        yield from _member_changes(before, after, _inside(outer, before))


def _names(members: Sequence[Column | Property]) -> str:
    return ", ".join(str(member.name) for member in members)


def _member_changes(old: Column | Property, new: Column | Property, place: SignaturePath) -> Iterator[Change]:
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
            yield place.change("output-reshaped", shape_text(before), shape_text(after))
        case _:
            yield place.change("output-retyped", type_text(old), type_text(new))


def _inside(outer: SignaturePath, member: Column | Property) -> SignaturePath:
    return outer.inside(f".{member.name}") if outer.where else SignaturePath("outputs", member.name or "")
