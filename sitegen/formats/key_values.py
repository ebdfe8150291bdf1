"""Params and tags: keys and texts from JSON, YAML and CSV files, values exactly as written."""

import csv
import io
import json
from collections.abc import Iterator

from sitegen.domain.diagnostic import Loaded, problem
from sitegen.domain.model import Pairs
from sitegen.domain.signature import Json
from sitegen.formats.json import load_json
from sitegen.formats.yaml import load_yaml

MAX_KEY_LENGTH = 250
"""The longest key that MLflow accepts. A mapping below a longer key stays JSON: joined keys could fill the memory."""


def parse_pairs(text: str, path: str) -> Loaded[Pairs]:
    """The pairs of a file, sorted by key; the suffix decides the format.

    Numbers stay texts (`1e-5` stays `1e-5`). Keys of nested mappings are joined by `/`; lists stay JSON, with numbers
    as numbers. CSV holds `key,value`, with or without a header.
    """
    if path.endswith(".csv"):
        return _csv_pairs(text, path)
    loader = load_json if path.endswith(".json") else load_yaml
    loaded = loader(text, path, verbatim=True)
    value = _by_key(loaded.value)
    if isinstance(value, dict):
        typed = _by_key(loader(text, path).value) if "[" in text or "- " in text else value
        return Loaded(tuple(sorted(_flat(value, typed))), loaded.problems)
    if value is None:
        return Loaded((), loaded.problems)
    return Loaded((), (*loaded.problems, problem("pairs-shape", "the file holds no keys", path)))


def as_text(value: Json) -> str:
    """A text as it is, any other value as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _by_key(value: Json) -> Json:
    """The mapping that a list such as [{"key": ..., "value": ...}] describes; other values unchanged."""
    if not isinstance(value, list):
        return value
    return {str(item["key"]): item.get("value") for item in value if isinstance(item, dict) and "key" in item}


def _flat(value: dict[str, Json], typed: Json, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Keys and texts. `typed` is the same value with numbers as numbers: lists are taken from it."""
    for key, inner in value.items():
        other = typed.get(key) if isinstance(typed, dict) else None
        if isinstance(inner, dict) and inner and len(prefix) + len(key) < MAX_KEY_LENGTH:
            yield from _flat(inner, other, f"{prefix}{key}/")
        else:
            yield prefix + key, as_text(other if isinstance(inner, list) else inner)


def _csv_pairs(text: str, path: str) -> Loaded[Pairs]:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error as error:
        return Loaded((), (problem("pairs-shape", f"not readable as CSV: {error}", path),))
    if rows and [cell.strip().lower() for cell in rows[0][1:2]] == ["value"]:
        rows = rows[1:]
    pairs = {row[0]: row[1] for row in rows if len(row) > 1}
    short = next((number for number, row in enumerate(rows, 1) if len(row) < 2), None)
    problems = () if short is None else (problem("pairs-shape", "a row has no value", path),)
    return Loaded(tuple(sorted(pairs.items())), problems)
