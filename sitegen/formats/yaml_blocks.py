"""Fast path for YAML mappings whose blocks repeat from file to file: each block is parsed once.

The versions of a model have the same flavors and the same signature in files that differ in an id and a time. So a
file is cut before each key of its outermost mapping. A block of several lines is parsed once for all files that have
it; blocks of one line, ids and times among them, are parsed together, where they need a parser at all.

A cut may fall into the middle of a value. So the whole text is parsed unless every piece is YAML of its own, without
a problem, and has its keys and no others: then YAML itself ends a value at each cut. Anchors alone reach over cuts; a
text that may have one is not cut.
"""

import re
from functools import lru_cache

from sitegen.domain.diagnostic import Loaded
from sitegen.domain.signature import Json
from sitegen.formats.yaml import load_yaml, scalar

_MAX_CHARACTERS = 2**14
"""Of a text that is cut: 512 blocks are 8 MiB then, and no piece reaches a limit that the whole text would break."""

_BLOCK_START = re.compile(r"^(?=\S)", re.MULTILINE)
_KEY = re.compile(r"([A-Za-z_]\w*):[ \r\n]", re.ASCII)
_SIMPLE = re.compile(r"\w{1,99}: (?:((?!\d{19})[A-Za-z0-9][\w.-]*)|'([ -&(-~]*)')\n", re.ASCII)
"""A key with a plain scalar or a quoted text in which nothing has a meaning to YAML; long numbers may be a problem."""


def load_by_blocks(text: str, path: str) -> Loaded[Json]:
    """What `load_yaml` makes of a text. Values below the outermost mapping may be those of other files, too."""
    if len(text) < _MAX_CHARACTERS and "&" not in text:
        fields = _fields(text)
        if fields:
            return Loaded(fields)
    return load_yaml(text, path)


def _fields(text: str) -> dict[str, Json] | None:
    """The fields of a text that can be cut; None for any other."""
    blocks: dict[str, str] = {}
    for block in filter(None, _BLOCK_START.split(text)):
        named = _KEY.match(block)
        if named is None or named[1] in blocks:
            return None
        blocks[named[1]] = block
    found = _lines({key: block for key, block in blocks.items() if "\n" not in block[:-1]})
    if found is None:
        return None
    for key, block in blocks.items():
        if key not in found:
            value = _block(block)
            if value.keys() != {key}:
                return None
            found |= value
    return {key: found[key] for key in blocks}


def _lines(blocks: dict[str, str]) -> dict[str, Json] | None:
    """The fields of one line; None where the lines are no fields by themselves."""
    found: dict[str, Json] = {}
    others: dict[str, str] = {}
    for key, block in blocks.items():
        if simple := _SIMPLE.fullmatch(block):
            found[key] = simple[2] if simple[1] is None else scalar(simple[1])
        else:
            others[key] = block
    parsed = _alone("".join(others.values())) if others else {}
    return found | parsed if parsed.keys() == others.keys() else None


def _alone(text: str) -> dict[str, Json]:
    """The mapping that a text is by itself; an empty one where it is none, or has a problem."""
    loaded = load_yaml(text, "")
    return loaded.value if isinstance(loaded.value, dict) and not loaded.problems else {}


_block = lru_cache(maxsize=512)(_alone)
