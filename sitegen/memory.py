"""What was parsed of a model, packed in parts of some versions each: a change packs its own part again, not all."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from sitegen.sources.recall import Memory
from sitegen.state import packed, unpacked

_MOST_OPEN = 40
"""Parts that stay unpacked: in a preview those of the model that is edited, which is built again and again."""

PER_PART = 32
"""Values of one part: more of them share more of their bytes, fewer are packed sooner."""


class Remembered:
    """What an earlier build parsed of a model, and what of it is packed already. `parts` may be damaged."""

    def __init__(self, parts: Sequence[bytes], name: str) -> None:
        self._name = name
        self._parts = [(part, _opened(part, name)) for part in parts]

    def values(self) -> Memory:
        """All values, by the kind and path of their bundle."""
        return dict(chain.from_iterable(known.items() for _, known in self._parts))

    def packed(self, fresh: Memory) -> tuple[bytes, ...]:
        """What is to be remembered from now on: parts in which nothing has changed stay as they are."""
        left = dict(fresh)
        kept = [part for part, known in self._parts if self._holds(known, left)]
        return *kept, *self._packed(left)

    def _holds(self, known: Memory, left: Memory) -> bool:
        """Whether a part is worth keeping and all of it is the same; then nothing of it is `left` to be packed."""
        if len(known) * 2 < PER_PART or any(left.get(name) is not value for name, value in known.items()):
            return False
        for name in known:
            del left[name]
        return True

    def _packed(self, left: Memory) -> Iterator[bytes]:
        """The values in new parts."""
        names = list(left)
        for start in range(0, len(names), PER_PART):
            yield packed({name: left[name] for name in names[start : start + PER_PART]}, self._name)


@lru_cache(maxsize=_MOST_OPEN)
def _opened(part: bytes, name: str) -> Memory:
    """The values of a part; none where it is damaged."""
    return unpacked(part, name) or {}
