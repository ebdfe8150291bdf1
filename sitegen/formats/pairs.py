"""Params and tags: keys with texts, from JSON, YAML and CSV files, exactly as they are written."""

import csv
import json
from collections.abc import Iterator

from sitegen.diagnostics import Loaded, problem
from sitegen.domain.model import Pairs
from sitegen.domain.signature import Json
from sitegen.formats.json import load_json
from sitegen.formats.yaml import load_yaml


def parse_pairs(text: str, path: str) -> Loaded[Pairs]:
    """The pairs of a file, told apart by its suffix and sorted by key.

    Numbers stay texts (`1e-5` stays `1e-5`). Mappings inside mappings have their keys joined by `/`; lists stay
    JSON. CSV holds `key,value`, with or without a header.
    """
    if path.endswith(".csv"):
        return _csv_pairs(text, path)
    loader = load_json if path.endswith(".json") else load_yaml
    loaded = loader(text, path, verbatim=True)
    value = loaded.value
    if isinstance(value, list):  # [{"key": ..., "value": ...}]
        value = {str(item["key"]): item.get("value") for item in value if isinstance(item, dict) and "key" in item}
    if isinstance(value, dict):
        return Loaded(tuple(sorted(_flat(value))), loaded.problems)
    if value is None:
        return Loaded((), loaded.problems)
    return Loaded((), (*loaded.problems, problem("pairs-shape", "the file holds no keys", path)))


def as_text(value: Json) -> str:
    """A value as the text that stands for it."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _flat(value: dict[str, Json], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            yield from _flat(inner, f"{prefix}{key}/")
        else:
            yield prefix + key, as_text(inner)


def _csv_pairs(text: str, path: str) -> Loaded[Pairs]:
    try:
        rows = [row for row in csv.reader(text.splitlines()) if row]
    except csv.Error as error:
        return Loaded((), (problem("pairs-shape", f"not readable as CSV: {error}", path),))
    if rows and [cell.strip().lower() for cell in rows[0][1:2]] == ["value"]:
        rows = rows[1:]
    pairs = {row[0]: row[1] for row in rows if len(row) > 1}
    short = next((number for number, row in enumerate(rows, 1) if len(row) < 2), None)
    problems = () if short is None else (problem("pairs-shape", "a row has no value", path),)
    return Loaded(tuple(sorted(pairs.items())), problems)
