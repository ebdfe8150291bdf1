"""What was parsed of a model, packed in parts of some versions each: a change packs its own part again, not all."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType

from sitegen.build.state import dump, load
from sitegen.sources.parse_cache import ParsedValues

OpenedParts = Mapping[bytes, ParsedValues]
"""Packed parts, each with its values."""

PER_PART = 32
"""Values of one part: more of them share more of their bytes, fewer are packed sooner."""


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
