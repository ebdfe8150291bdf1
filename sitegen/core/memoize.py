"""Remembering what a function made of an object, where versions of a model share the object."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import TypeVar
from weakref import ref

A = TypeVar("A")
R = TypeVar("R")


def memoize_by_identity(size: int) -> Callable[[Callable[[A], R]], Callable[[A], R]]:
    """Decorates a pure function of one value, so that the same object is computed once.

    The same object, not an equal one: hashing a deep value costs more than most functions. At most `size` results
    are kept.
    """

    def decorate(function: Callable[[A], R]) -> Callable[[A], R]:
        """The function with a memory of its own."""
        known: OrderedDict[Hashable, tuple[A, R]] = OrderedDict()

        @wraps(function)
        def remembered(value: A) -> R:
            """What the function made of the same object, or makes of it now."""
            hit = known.get(id(value))
            if hit is not None and hit[0] is value:
                return hit[1]
            result = function(value)
            known[id(value)] = value, result  # keeping the value keeps its id from being given away
            if len(known) > size:
                known.popitem(last=False)
            return result

        return remembered

    return decorate


def memoize_weakly(function: Callable[[A], R]) -> Callable[[A], R]:
    """Decorates a pure function of one value whose result is remembered as long as the value is there.

    Whoever keeps the value keeps what was made of it; it must not be a part of that.
    """
    known: dict[int, tuple[ref[A], R]] = {}

    @wraps(function)
    def remembered(value: A) -> R:
        """What the function made of the same object, or makes of it now."""
        name = id(value)
        hit = known.get(name)
        if hit is None:
            hit = ref(value, lambda _: known.pop(name, None)), function(value)
            known[name] = hit
        return hit[1]

    return remembered
