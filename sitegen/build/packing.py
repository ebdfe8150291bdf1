"""Sealed, restricted serialization of cached values, packed in groups: a change packs its own group again, not all.

A seal detects damage; it is no signature.
"""

import hashlib
import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from importlib import import_module
from io import BytesIO
from itertools import chain
from types import MappingProxyType
from typing import Any

from sitegen.sources.parse_cache import ParsedValues

OpenedParts = Mapping[bytes, ParsedValues]
"""Packed parts, each with its values."""

PER_PART = 32
"""Values of one part: more of them share more of their bytes, fewer are packed sooner."""

DIGEST = 16
"""Bytes in front of sealed data that change whenever it does."""


def seal(data: bytes, name: str) -> bytes:
    """Data that knows whether it is whole and whose it is."""
    return _digest(data, name) + data


def unseal(blob: object, name: str) -> bytes | None:
    """The data of a blob that is whole and belongs to the name; None for any other."""
    if not isinstance(blob, bytes) or _digest(blob[DIGEST:], name) != blob[:DIGEST]:
        return None
    return blob[DIGEST:]


def dump(value: Any, name: str) -> bytes:
    """A value as sealed data."""
    return seal(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), name)


def load(blob: object, name: str) -> Any:
    """The value of a blob that is whole and belongs to the name; None for any other."""
    data = unseal(blob, name)
    if data is None:
        return None
    try:
        return _Values(BytesIO(data)).load()
    except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, ValueError, EOFError):
        return None


class _Values(pickle.Unpickler):
    """Builds values of this package and nothing else: a cache may come from another machine."""

    def find_class(self, module: str, name: str) -> Any:
        """A class of values. Raises UnpicklingError for any other."""
        return _value_class(module, name)


_VALUE_MODULES = tuple(
    f"sitegen.{name}." for name in ("analysis", "domain", "formats", "site", "sources", "build.request")
)
"""Prefixes of the modules with classes of values: others write, listen or start processes."""

_HOOKS = frozenset(["__post_init__", "__setstate__", "__reduce__", "__reduce_ex__", "__getnewargs_ex__", "__del__"])
"""What runs code of a class when a value of it is made, filled or given up."""


@lru_cache(maxsize=256)  # ten thousand models are ten thousand blobs of the same classes
def _value_class(module: str, name: str) -> Any:
    found = getattr(import_module(module), name) if f"{module}.".startswith(_VALUE_MODULES) else None
    if not isinstance(found, type) or found.__module__ != module or not _is_value(found):
        raise pickle.UnpicklingError(f"{module}.{name} is no value of a registry")
    return found


def _is_value(found: type) -> bool:
    """Whether a class is nothing but fields: a named tuple, or a dataclass whose defaults are made by nobody."""
    if _HOOKS.intersection(vars(found)):
        return False
    if issubclass(found, tuple):
        return hasattr(found, "_fields")
    if not is_dataclass(found):
        return False
    return all(one.default_factory in (MISSING, dict, list) for one in fields(found))


def _digest(data: bytes, name: str) -> bytes:
    whole = hashlib.sha256(name.encode("utf-8", "surrogatepass") + b"\0")  # faster than BLAKE2 where the processor can
    whole.update(data)
    return whole.digest()[:DIGEST]


class PackedParts:
    """What an earlier build parsed of a model, and what of it is packed already. `parts` may be damaged.

    `opened` has parts that need not be unpacked again.
    """

    def __init__(self, parts: Iterable[bytes], name: str, opened: OpenedParts = MappingProxyType({})) -> None:
        self._name = name
        self._parts = {part: opened.get(part) or load(part, name) or {} for part in parts}

    def values(self) -> ParsedValues:
        """All values, by the kind and path of their bundle."""
        return dict(chain.from_iterable(known.items() for known in self._parts.values()))

    def repack(self, fresh: ParsedValues) -> OpenedParts:
        """What is to be remembered from now on: parts in which nothing has changed stay as they are."""
        left = dict(fresh)
        kept = {part: known for part, known in self._parts.items() if self._holds(known, left)}
        return kept | dict(self._new_parts(left))

    def _holds(self, known: ParsedValues, left: ParsedValues) -> bool:
        """Whether a part is worth keeping and all of it is the same; then nothing of it is `left` to be packed."""
        if len(known) * 2 < PER_PART or any(left.get(name) is not value for name, value in known.items()):
            return False
        for name in known:
            del left[name]
        return True

    def _new_parts(self, left: ParsedValues) -> Iterator[tuple[bytes, ParsedValues]]:
        """The values in new parts."""
        names = list(left)
        for start in range(0, len(names), PER_PART):
            part = {name: left[name] for name in names[start : start + PER_PART]}
            yield dump(part, self._name), part
