"""JSON texts to plain values, with a limit of depth; reports duplicate keys, and replaces NaN and infinities."""

import json
from collections import Counter
from functools import partial
from typing import Any

from sitegen.domain.diagnostic import Findings, Loaded, problem
from sitegen.domain.signature import Json
from sitegen.formats.text import quote
from sitegen.formats.yaml import MAX_DEPTH, strict_number

_INT64 = range(-(2**63), 2**63)


def load_json(text: str, path: str, *, verbatim: bool = False) -> Loaded[Json]:
    """The value of a JSON text; None and a problem if it cannot be parsed.

    NaN and infinities, which Python writes into JSON, become the texts "NaN", "Infinity", "-Infinity".
    `verbatim` keeps every number as it is written in the file, as a text.
    """
    findings = Findings(path)

    def members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        """An object from its members; reports duplicate keys."""
        value = dict(pairs)
        if len(value) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            for name in sorted(name for name, count in counts.items() if count > 1):
                findings.add("json-duplicate-key", partial(_duplicate_key, name))
        return value

    numbers: dict[str, Any] = {"parse_float": _float, "parse_int": _integer}
    if verbatim:
        numbers = {"parse_float": str, "parse_int": str}
    decoder = json.JSONDecoder(object_pairs_hook=members, parse_constant=str, **numbers)
    try:
        value: Json = decoder.decode(text)
    except json.JSONDecodeError as error:
        return Loaded(None, (problem("json-syntax", error.msg, path, error.lineno, error.colno),))
    except RecursionError:
        return Loaded(None, (problem("json-syntax", "nested too deep to be read", path),))
    if _too_deep(text, value):
        return Loaded(None, (problem("json-syntax", f"nested more than {MAX_DEPTH} deep", path),))
    return Loaded(value, findings.problems())


def _duplicate_key(name: str) -> str:
    return f"the key {quote(name)} is there twice"


def _float(text: str) -> Json:
    """A finite number, or its text if it is too large for a float."""
    return strict_number(float(text))


def _integer(text: str) -> Json:
    """An integer, or its text if it does not fit into 64 bits."""
    # 18 digits always fit; more than a sign and 19 digits never do, since JSON allows no leading zeros
    return int(text) if len(text) < 19 or (len(text) <= 20 and int(text) in _INT64) else text


def _too_deep(text: str, value: Json) -> bool:
    """Whether a value is nested deeper than MAX_DEPTH."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inner(outer)]
    return bool(level)


def _inner(value: Json) -> list[Json]:
    if isinstance(value, dict):
        value = list(value.values())
    return [item for item in value if isinstance(item, list | dict)] if isinstance(value, list) else []
