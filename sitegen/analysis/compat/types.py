"""Changes of types, at any depth of nesting."""

from collections.abc import Iterator

from sitegen.analysis.compat.location import SignaturePath
from sitegen.analysis.compat.matching import by_type, match_members, presence
from sitegen.analysis.compat.mlflow_casts import (
    ACCIDENTS,
    IN_JSON,
    ROUNDING_CASTS,
    SCALARS_FROM_PYTHON,
    SCALARS_IN_CSV,
    SCALARS_IN_LISTS,
    SCALARS_IN_TABLES,
)
from sitegen.domain.comparison import Change
from sitegen.domain.signature import AnyType, Array, Map, Object, Property, Scalar, Tensor, Type, Vector, type_name

_DECODED_TYPES = frozenset({Scalar("binary"), Scalar("datetime")})
"""Columns that the scoring server decodes from text."""

_LOOSE = frozenset({Scalar("string"), Scalar("binary"), Scalar("boolean")})
"""Columns that pandas stores as objects, so that MLflow accepts lists and mappings in them."""


def type_changes(old: Type, new: Type, place: SignaturePath) -> Iterator[Change]:
    """The changes for values of type `old` if `new` is expected; not for tensors."""
    old, new = _as_loaded_by_mlflow(old), _as_loaded_by_mlflow(new)
    if old == new:
        return
    match old, new:
        case Scalar(before), Scalar(after):
            yield place.change(scalar_rule(before, after, nested=place.nested), before, after)
        case _, AnyType():
            yield from opened_type(old, place)
        case AnyType(), _:
            yield place.change("type-from-any", "any", type_name(new))
        case (Array() | Vector()) as before, (Array() | Vector()) as after:
            yield from _list_changes(before, after, place)
        case Map(before), Map(after):
            yield from type_changes(before, after, place.inside(".*"))
        case Object(before), Object(after):
            yield from property_changes(before, after, place)
        case Object(properties), Map(values):
            yield from _object_to_map(properties, values, place)
        case Map(), Object():
            yield place.change("map-to-object", type_name(old), type_name(new))
        case _:
            loose = new in _LOOSE and not isinstance(old, Scalar) and not place.nested
            yield place.change("type-accident" if loose else "type-refused", type_name(old), type_name(new))


def scalar_rule(old: str, new: str, *, nested: bool) -> str:
    """The rule for a change of the scalar type of a column, or of a value nested in one."""
    if (old, new) in ACCIDENTS:
        return "type-accident"
    python = SCALARS_FROM_PYTHON[old, new]
    if nested:
        return "type-widened" if python == "yes" else "type-refused"
    in_tables, in_lists = SCALARS_IN_TABLES[old, new], SCALARS_IN_LISTS[old, new]
    match python, in_tables, in_lists:
        case "yes", "yes", "yes":
            return "type-widened"
        case _, "yes", "yes":
            return "type-cast"
        case _, "yes", _:
            return "type-text"
        case _ if old == "boolean" and SCALARS_IN_CSV[old, new] == "yes":
            return "type-null"
        case _ if in_tables == "alters" or (old, new) in ROUNDING_CASTS:
            return "type-altered"
        case _:
            return "type-refused"


_OPEN_RULES = {"string": "text-any", "boolean": "null-altered", "float": "nan-altered", "double": "nan-altered"}
"""Rules about single forms for columns of these types if any value is accepted now."""


def opened_type(old: Type, place: SignaturePath) -> Iterator[Change]:
    """The changes for values of a type if any value is accepted now."""
    yield place.change(any_rule(old, nested=place.nested), type_name(old), "any")
    if not place.nested and type_name(old) in _OPEN_RULES:
        yield place.change(_OPEN_RULES[type_name(old)], type_name(old), "any")


def any_rule(old: Type, *, nested: bool = False) -> str:
    """The rule for a type that becomes any: the model now gets the values exactly as sent."""
    if isinstance(old, Tensor):
        return "type-any" if old.dtype in IN_JSON else "tensor-unread"
    if _has_array_of("datetime", old):
        return "type-any-dates"
    undecoded = (old in _DECODED_TYPES and not nested) or _has_array_of("binary", old)
    return "type-any-undecoded" if undecoded else "type-any"


def _has_array_of(scalar: str, type: Type) -> bool:
    match type:
        case Array(items):
            return items == Scalar(scalar) or _has_array_of(scalar, items)
        case Map(values):
            return _has_array_of(scalar, values)
        case Object(properties):
            return any(_has_array_of(scalar, member.type) for member in properties)
        case _:
            return False


_LOST_IN_LISTS = frozenset({Scalar("integer"), Scalar("float"), Scalar("datetime")})
"""Types that MLflow does not recognize in the lists that it makes from arrays."""


def changed_in_place(type: Type, *, inside: bool = False) -> bool:
    """Whether MLflow changes a value in place while enforcing its type, so that a second enforcement refuses it.

    In an object MLflow replaces an array by a plain list. `inside`: the type is inside of an object.
    """
    match type:
        case Array(items):
            return (inside and items in _LOST_IN_LISTS) or changed_in_place(items, inside=inside)
        case Map(values):
            return changed_in_place(values, inside=inside)
        case Object(properties):
            return any(changed_in_place(member.type, inside=True) for member in properties)
        case _:
            return False


def _as_loaded_by_mlflow(type: Type) -> Type:
    """A type as MLflow loads it: a map of Spark vectors becomes one vector."""
    return Vector() if type == Map(Vector()) else type


def _list_changes(old: Array | Vector, new: Array | Vector, place: SignaturePath) -> Iterator[Change]:
    if isinstance(old, Vector) != isinstance(new, Vector):
        yield place.change("array-vector", type_name(old), type_name(new))
    before, after = (Scalar("double") if isinstance(type, Vector) else type.items for type in (old, new))
    if isinstance(after, AnyType) and before != after:
        yield place.inside("[]").change(any_rule(old), type_name(before), "any")
    else:
        yield from type_changes(before, after, place.inside("[]"))


def _object_to_map(properties: tuple[Property, ...], values: Type, place: SignaturePath) -> Iterator[Change]:
    rule = "object-to-map" if all(member.required for member in properties) else "object-to-map-null"
    yield place.change(rule, type_name(Object(properties)), type_name(Map(values)))
    for member in properties:
        yield from type_changes(member.type, values, place.inside(f".{member.name}"))


def property_changes(old: tuple[Property, ...], new: tuple[Property, ...], place: SignaturePath) -> Iterator[Change]:
    """The changes of objects: unlike tables, they accept no properties that they do not state."""
    members = match_members(old, new, by_type)
    for before, after in members.renamed:
        yield place.inside(f".{before.name}").change("property-renamed", before.name, after.name)
    for member in members.removed:
        yield place.inside(f".{member.name}").change("property-removed", type_name(member.type))
    for member in members.added:
        rule = "property-added" if member.required else "property-added-optional"
        yield place.inside(f".{member.name}").change(rule, None, type_name(member.type))
    for before, after in members.kept:
        yield from _presence_change(before, after, place.inside(f".{before.name}"))


def _presence_change(old: Property, new: Property, place: SignaturePath) -> Iterator[Change]:
    if old.required != new.required:
        rule = "property-required" if new.required else "property-optional"
        yield place.change(rule, presence(old.required), presence(new.required))
    yield from type_changes(old.type, new.type, place)
