"""The schemas of the API: strict ones for what the site itself writes, and their fields as lines of text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema


def check(found: Any, schema: Path | bytes) -> None:
    """Validate what the API says. A field that the schema does not describe is refused, unlike by the schema itself."""
    text = schema.read_bytes() if isinstance(schema, Path) else schema
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(found, close(json.loads(text)), format_checker=checker)


def close(schema: Any) -> Any:
    """A schema whose objects have no fields but those that it describes."""
    if isinstance(schema, list):
        return [close(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: close(value) for key, value in schema.items()}
    return {"additionalProperties": False} | inner if isinstance(schema.get("properties"), dict) else inner


def fields(schema: dict[str, Any]) -> Iterator[str]:
    """A line for each field that the schema describes: its path, whether it is always there, and its type."""
    yield from _fields(schema, schema, "")


def _fields(part: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    part = _resolve(part, schema)
    for one in part.get("anyOf", ()):
        yield from _fields(one, schema, path)
    if "items" in part:
        yield from _fields(part["items"], schema, f"{path}[]")
    for name, value in part.get("properties", {}).items():
        place = f"{path}.{name}".lstrip(".")
        always = "always" if name in part.get("required", ()) else "sometimes"
        yield f"{place} {always} {_type(value, schema)}"
        yield from _fields(value, schema, place)


def _type(part: dict[str, Any], schema: dict[str, Any]) -> str:
    """The type of a value in one word for each kind that it allows."""
    part = _resolve(part, schema)
    if "anyOf" in part:
        return "|".join(_type(one, schema) for one in part["anyOf"])
    if "const" in part or "enum" in part:
        return "|".join(json.dumps(value) for value in part.get("enum", [part.get("const")]))
    kinds = part.get("type", "any")
    found = "|".join([kinds] if isinstance(kinds, str) else kinds)
    found += f":{part['format']}" if "format" in part else ""
    if "items" in part:
        found += f"[{_type(part['items'], schema)}]"
    values = part.get("additionalProperties")
    return found + (f"{{{_type(values, schema)}}}" if values else "")


def _resolve(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for; the schemas refer only to their own definitions."""
    found: dict[str, Any] = schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    return found
