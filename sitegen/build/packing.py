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
"""Parsed values by the packed part that holds them."""

PER_PART = 32
"""Values of one part: values of a large part share more bytes, a small part is packed faster."""

DIGEST = 16
"""Bytes of the digest in front of sealed data."""


def seal(data: bytes, name: str) -> bytes:
    """Data behind a digest of itself and of the name that it belongs to."""
    return _digest(data, name) + data


def unseal(blob: object, name: str) -> bytes | None:
    """The data of a blob that is undamaged and belongs to the name; None for any other."""
    if not isinstance(blob, bytes) or _digest(blob[DIGEST:], name) != blob[:DIGEST]:
        return None
    return blob[DIGEST:]


def dump(value: Any, name: str) -> bytes:
    """A value as sealed data."""
    return seal(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), name)


def dump_by_value(value: Any, name: str) -> bytes:
    """A value as sealed data whose bytes are equal for equal values.

    Pickle writes an object that it meets again as a reference, so that its bytes depend on which of equal texts are one
    object: in a build that parses a file others than in one that loads it. Without references they do not.
    """
    file = BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.fast = True
    pickler.dump(value)
    return seal(file.getvalue(), name)


def load(blob: object, name: str) -> Any:
    """The value of a blob that is undamaged and belongs to the name; None for any other."""
    data = unseal(blob, name)
    if data is None:
        return None
    try:
        return _Values(BytesIO(data)).load()
    except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, ValueError, EOFError):
        return None


class _Values(pickle.Unpickler):
    """An unpickler for values of this package alone: a cache may come from another machine."""

    def find_class(self, module: str, name: str) -> Any:
        """A class of values. Raises UnpicklingError for any other."""
        return _value_class(module, name)


_VALUE_MODULES = tuple(
    f"sitegen.{name}." for name in ("analysis", "domain", "formats", "site", "sources", "build.request")
)
"""Prefixes of the modules whose classes may be unpickled: other modules write, listen or start processes."""

_HOOKS = frozenset(["__post_init__", "__setstate__", "__reduce__", "__reduce_ex__", "__getnewargs_ex__", "__del__"])
"""Methods that run when a value of a class is created, unpickled or deleted."""


@lru_cache(maxsize=256)  # ten thousand models are ten thousand blobs of the same classes
def _value_class(module: str, name: str) -> Any:
    value_class = getattr(import_module(module), name) if f"{module}.".startswith(_VALUE_MODULES) else None
    if not isinstance(value_class, type) or value_class.__module__ != module or not _is_value(value_class):
        raise pickle.UnpicklingError(f"{module}.{name} is no value of a registry")
    return value_class


def _is_value(candidate: type) -> bool:
    """Whether a class has nothing but fields: a named tuple, or a dataclass without default factories of its own."""
    if _HOOKS.intersection(vars(candidate)):
        return False
    if issubclass(candidate, tuple):
        return hasattr(candidate, "_fields")
    if not is_dataclass(candidate):
        return False
    return all(field.default_factory in (MISSING, dict, list) for field in fields(candidate))


def _digest(data: bytes, name: str) -> bytes:
    # SHA-256 is faster than BLAKE2 on processors with instructions for it.
    sha256 = hashlib.sha256(name.encode("utf-8", "surrogatepass") + b"\0")
    sha256.update(data)
    return sha256.digest()[:DIGEST]


class PackedParts:
    """The parsed values of a model in the packed parts of an earlier build. `parts` may be damaged.

    `opened` has parts whose values are in memory already.
    """

    def __init__(self, parts: Iterable[bytes], name: str, opened: OpenedParts = MappingProxyType({})) -> None:
        self._name = name
        self._parts = {part: opened.get(part) or load(part, name) or {} for part in parts}

    def values(self) -> ParsedValues:
        """All values, by the kind and path of their bundle."""
        return dict(chain.from_iterable(known.items() for known in self._parts.values()))

    def repack(self, fresh: ParsedValues) -> OpenedParts:
        """The parts of the values of this build; a part without changes stays as it is."""
        unpacked = dict(fresh)
        same = {part: values for part, values in self._parts.items() if self._take(values, unpacked)}
        return same | dict(self._new_parts(unpacked))

    def _take(self, values: ParsedValues, unpacked: ParsedValues) -> bool:
        """Take a part's values out of `unpacked`; False where one has changed or the part is half empty."""
        if len(values) * 2 < PER_PART or any(unpacked.get(name) is not value for name, value in values.items()):
            return False
        for name in values:
            del unpacked[name]
        return True

    def _new_parts(self, unpacked: ParsedValues) -> Iterator[tuple[bytes, ParsedValues]]:
        """The values in new parts."""
        names = list(unpacked)
        for start in range(0, len(names), PER_PART):
            part = {name: unpacked[name] for name in names[start : start + PER_PART]}
            yield dump(part, self._name), part
