"""Memoization by the identity of an object. Versions of a model share many of their values."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import TypeVar
from weakref import ref

A = TypeVar("A")
R = TypeVar("R")


def memoize_by_identity(size: int) -> Callable[[Callable[[A], R]], Callable[[A], R]]:
    """Memoize a pure function of one value by the identity of the value.

    Hashing a deep value would cost more than most functions. The cache holds the last `size` results.
    """

    def decorate(function: Callable[[A], R]) -> Callable[[A], R]:
        """The function with a cache."""
        cache: OrderedDict[Hashable, tuple[A, R]] = OrderedDict()

        @wraps(function)
        def look_up(value: A) -> R:
            """The cached result for this object, or a new one."""
            hit = cache.get(id(value))
            if hit is not None and hit[0] is value:
                return hit[1]
            result = function(value)
            cache[id(value)] = value, result  # a reference to the value, so that no other object gets its id
            if len(cache) > size:
                cache.popitem(last=False)
            return result

        return look_up

    return decorate


def memoize_weakly(function: Callable[[A], R]) -> Callable[[A], R]:
    """Memoize a pure function of one value for the lifetime of the value.

    The result must not reference the value, else neither is ever freed.
    """
    cache: dict[int, tuple[ref[A], R]] = {}

    @wraps(function)
    def look_up(value: A) -> R:
        """The cached result for this object, or a new one."""
        key = id(value)
        hit = cache.get(key)
        if hit is None:
            hit = ref(value, lambda _: cache.pop(key, None)), function(value)
            cache[key] = hit
        return hit[1]

    return look_up
