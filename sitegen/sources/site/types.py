"""Types of signatures from the texts that the API has: the inverse of `type_name`."""

import json

from sitegen.core.errors import SitegenError
from sitegen.domain.signature import AnyType, Array, Map, Object, Property, Scalar, Type, Vector

_MAX_DEPTH = 64
_DECODER = json.JSONDecoder()


def parse_type_name(text: str) -> Type:
    """The type that a text names. Raises SitegenError for a text that no type has."""
    found, end = _parse(text, 0, 0)
    if end != len(text):
        raise SitegenError(f"{text[:80]!r} is not the name of a type")
    return found


def _parse(text: str, place: int, depth: int) -> tuple[Type, int]:
    """A type that begins at a place, and where it ends."""
    if depth > _MAX_DEPTH:
        raise SitegenError("a type is nested too deep")
    for start in ("array<", "map<"):
        if text.startswith(start, place):
            inner, end = _parse(text, place + len(start), depth + 1)
            return Array(inner) if start == "array<" else Map(inner), _expect(text, end, ">")
    if text.startswith("object{", place):
        return _parse_object(text, place + len("object{"), depth)
    end = place
    while end < len(text) and (depth == 0 or text[end] not in ">,}"):
        end += 1
    name = text[place:end]
    special: dict[str, Type] = {"any": AnyType(), "sparkml_vector": Vector()}
    return special.get(name) or Scalar(name), end


def _parse_object(text: str, place: int, depth: int) -> tuple[Type, int]:
    members: list[Property] = []
    while not text.startswith("}", place):
        place = _expect(text, place, ",") if members else place
        try:
            name, place = _DECODER.raw_decode(text, place)
        except ValueError as error:
            raise SitegenError(f"{text[:80]!r} is not the name of a type") from error
        required = not text.startswith("?", place)
        inner, place = _parse(text, _expect(text, place + (not required), ":"), depth + 1)
        members.append(Property(str(name), inner, required))
    return Object(tuple(members)), place + 1


def _expect(text: str, place: int, mark: str) -> int:
    if not text.startswith(mark, place):
        raise SitegenError(f"{text[:80]!r} is not the name of a type")
    return place + 1
