"""Fast path for YAML mappings whose blocks repeat from file to file: each block is parsed once.

The MLmodel files of a model's versions often differ only in an id and a time. So a file is cut before each key of its
outermost mapping. A block of several lines is parsed once for all files that contain it; blocks of one line, such as
ids and times, are parsed together, if they need a parser at all.

A cut may fall into the middle of a value. So the whole text is parsed unless every block is valid YAML by itself, with
exactly the expected keys: then each cut is the end of a value. Only anchors reach across cuts; a text that may have
one is not cut.
"""

import re
from functools import lru_cache

from sitegen.domain.diagnostic import Loaded
from sitegen.domain.signature import Json
from sitegen.formats.yaml import load_yaml, scalar

_MAX_CHARACTERS = 2**14
"""The longest text that is cut: the cache of 512 blocks stays below 8 MiB, and no limit depends on cutting."""

_BLOCK_START = re.compile(r"^(?=\S)", re.MULTILINE)
_KEY = re.compile(r"([A-Za-z_]\w*):[ \r\n]", re.ASCII)
_SIMPLE = re.compile(r"\w{1,99}: (?:((?!\d{19})[A-Za-z0-9][\w.-]*)|'([ -&(-~]*)')\n", re.ASCII)
"""A key with a simple plain scalar or quoted text. Numbers of 19 digits or more are left to the parser."""


def load_by_blocks(text: str, path: str) -> Loaded[Json]:
    """The same result as `load_yaml`. Values below the outermost mapping may be shared with other files."""
    fields = _fields(text)
    return Loaded(fields) if fields else load_yaml(text, path)


def cut_blocks(text: str) -> dict[str, str] | None:
    """The text of each block by its key; None for a text that cannot be cut.

    A cut is the end of a value only if every block is valid YAML by itself, a mapping with its key alone.
    """
    if len(text) >= _MAX_CHARACTERS or "&" in text:
        return None
    blocks: dict[str, str] = {}
    for block in filter(None, _BLOCK_START.split(text)):
        named = _KEY.match(block)
        if named is None or named[1] in blocks:
            return None
        blocks[named[1]] = block
    return blocks


def _fields(text: str) -> dict[str, Json] | None:
    """The fields of a text that can be cut; None if it cannot."""
    blocks = cut_blocks(text)
    if blocks is None:
        return None
    fields = _lines({key: block for key, block in blocks.items() if "\n" not in block[:-1]})
    if fields is None:
        return None
    for key, block in blocks.items():
        if key not in fields:
            value = _block(block)
            if value.keys() != {key}:
                return None
            fields |= value
    return {key: fields[key] for key in blocks}


def _lines(blocks: dict[str, str]) -> dict[str, Json] | None:
    """The fields of the blocks of one line; None if a line is not a complete field."""
    fields: dict[str, Json] = {}
    others: dict[str, str] = {}
    for key, block in blocks.items():
        if simple := _SIMPLE.fullmatch(block):
            fields[key] = simple[2] if simple[1] is None else scalar(simple[1])
        else:
            others[key] = block
    parsed = _alone("".join(others.values())) if others else {}
    return fields | parsed if parsed.keys() == others.keys() else None


def _alone(text: str) -> dict[str, Json]:
    """The mapping in a text; empty if the text is not a mapping, or has a problem."""
    loaded = load_yaml(text, "")
    return loaded.value if isinstance(loaded.value, dict) and not loaded.problems else {}


_block = lru_cache(maxsize=512)(_alone)
