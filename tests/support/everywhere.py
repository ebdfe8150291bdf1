"""Values of the domain with a text in every field, made from the types of the fields: no new field is forgotten."""

import dataclasses
import itertools
import types
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from sitegen.domain import signature
from sitegen.domain.model import CardImage, Model, Version
from sitegen.domain.rules import RULES
from sitegen.settings.settings import Settings

Texts = Callable[[str], str]
"""From the name of a field to the text in it."""

DEEPEST = 3
"""Types inside types, and lists inside lists: from here on only texts."""


def model(texts: Texts, versions: int = 2) -> Model:
    """A model of versions whose fields all hold something; their requirements are folders, which no code installs."""
    version = _one(Version, texts)
    folders = tuple(dataclasses.replace(one, text=f"./{one.text}") for one in version.environment.requirements)
    version = dataclasses.replace(version, environment=dataclasses.replace(version.environment, requirements=folders))
    made = [dataclasses.replace(version, name=f"{texts('name')}{number}") for number in range(versions)]
    return dataclasses.replace(_one(Model, texts), versions=tuple(made), digest=b"m", kind="registered")


def settings(texts: Texts) -> Settings:
    """Settings whose texts are all filled; addresses stay addresses, folders are left out, and all images are shown."""
    filled = _one(Settings, texts)
    site = dataclasses.replace(filled.site, base_url="https://example.org/", templates="")
    files, links = (
        dataclasses.replace(filled.files, url=f"https://example.org/{{path}}?{texts('url')}", preview=("*",)),
        dataclasses.replace(
            filled.links,
            run=f"https://example.org/{{run_id}}/{{experiment_id}}/{{experiment}}#{texts('run')}",
            commit=f"https://example.org/{{commit}}#{texts('commit')}",
            edit_url=f"https://example.org/{{path}}#{texts('edit_url')}",
        ),
    )
    return dataclasses.replace(filled, site=site, files=files, links=links)


def _one(kind: Any, texts: Texts) -> Any:
    return values(kind, texts, "", 0)[0]


def values(hint: Any, texts: Texts, field: str, depth: int) -> list[Any]:
    """Values of a type: one of each kind that it allows. `field` is where they stand."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return list(inner)
    if origin in (Union, types.UnionType):
        kinds = [one for one in inner if one is not type(None)]
        recursive = [one for one in kinds if one in (str, signature.Scalar)] if len(kinds) > 3 else []
        if recursive:
            kinds = recursive if depth >= DEEPEST else kinds[::-1]  # those that hold others come last
        return [value for one in kinds for value in values(one, texts, field, depth + bool(recursive))]
    if origin in (tuple, list, dict):
        return [_collection(origin, inner, texts, field, depth)]
    if is_record(hint):
        return list(_instances(hint, texts, depth))
    if hint == "Json" or getattr(hint, "__forward_arg__", "") == "Json":
        return values(signature.Json, texts, field, depth)
    plain: dict[Any, list[Any]] = {str: [texts(field)], bool: [True], int: [3], float: [0.5], bytes: [b"d"]}
    return plain[hint]


def _collection(origin: Any, inner: tuple[Any, ...], texts: Texts, field: str, depth: int) -> Any:
    if origin is dict:
        return {f"{texts(field)}{n}": value for n, value in enumerate(values(inner[1], texts, field, depth))}
    if origin is list:
        return values(inner[0], texts, field, depth)
    if inner[-1] is Ellipsis:
        return tuple(values(inner[0], texts, field, depth))
    return tuple(values(one, texts, field, depth)[0] for one in inner)


def _instances(kind: Any, texts: Texts, depth: int) -> Any:
    """As many instances as the field with most kinds of values needs."""
    columns = {name: values(hint, texts, name, depth) for name, hint in hints(kind).items()}
    if "rule" in columns:
        columns["rule"] = [next(iter(RULES))]  # pages look it up
    if kind is CardImage:
        columns["name"] = columns["path"]  # the same file, from the folder of the card
    for number in range(max(map(len, columns.values()), default=1)):
        yield kind(**{name: found[number % len(found)] for name, found in columns.items()})


def is_record(kind: Any) -> bool:
    """Whether a type has named fields: a dataclass, or a named tuple."""
    return dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")


@cache
def hints(kind: Any) -> dict[str, Any]:
    """The fields of a record with their types."""
    known = get_type_hints(kind)
    names = kind._fields if hasattr(kind, "_fields") else [field.name for field in dataclasses.fields(kind)]
    return {name: known[name] for name in names}


def fields_of(*kinds: Any) -> set[str]:
    """Every field of text that values of these types can hold, by class and name."""
    found: set[str] = set()
    todo, seen = list(kinds), set()
    while todo:
        kind = todo.pop()
        if is_record(kind) and kind not in seen:
            seen.add(kind)
            todo += hints(kind).values()
            found |= {f"{kind.__name__}.{name}" for name, hint in hints(kind).items() if "str" in str(hint)}
        todo += [one for one in itertools.chain(get_args(kind)) if one is not Ellipsis]
    return found
