"""Inputs: seeds with parts cut out, repeated, spliced and replaced, and values of all shapes with the seeds' keys."""

import json
import re
from collections.abc import Callable
from functools import cache
from random import Random

LARGEST = 65_536
"""Bytes of an input."""

MOST_STEPS = 6

_PLACES = re.compile(rb"[:=,] *[\"']?|\n *")
"""Where a value or a line begins: a change there leaves the rest to be read."""

_VALUE = re.compile(rb"[\w.+-]+")


def mutated(random: Random, seeds: tuple[bytes, ...], pieces: tuple[bytes, ...]) -> bytes:
    """A seed after some changes, or a value of some shape; `pieces` are put into it."""
    if random.random() < 0.3:
        return json.dumps(_value(random, _keys(seeds), pieces, 0), ensure_ascii=random.random() < 0.5).encode()
    data = random.choice(seeds)
    for _ in range(min(random.randint(1, MOST_STEPS), random.randint(1, MOST_STEPS))):
        places = [match.end() for match in _PLACES.finditer(data)] if random.random() < 0.6 else ()
        first = random.choice(places) if places else random.randint(0, len(data))
        value = _VALUE.match(data, first)
        last = value.end() if value and random.random() < 0.6 else min(len(data), first + int(random.expovariate(0.02)))
        middle = random.choice(_CHANGES)(random, data[first:last], pieces, seeds)
        data = data[:first] + middle + data[last:]
    return data[:LARGEST]


_SCALARS = (None, True, False, 0, -1, 1.5, 2**63, 10**40, float("nan"), float("-inf"), "", "long", "tensor", "1.10")


@cache
def _keys(seeds: tuple[bytes, ...]) -> tuple[str, ...]:
    """The keys that the seeds have."""
    found = {key.decode() for data in seeds for key in re.findall(rb"""([A-Za-z][\w.-]*)["'`]?\s*[:=]""", data)}
    return tuple(sorted(found)) or ("key", "value")


def _value(random: Random, keys: tuple[str, ...], pieces: tuple[bytes, ...], depth: int) -> object:
    """A value as JSON has it; some texts are JSON themselves, as in a signature."""
    kind = random.randrange(8) if depth else random.choice((0, 0, 0, 1, 1, 4))
    if kind < 3 and depth < 5:
        inner = [_value(random, keys, pieces, depth + 1) for _ in range(random.randrange(4))]
        if kind == 1:
            return inner
        whole = {random.choice(keys): one for one in inner}
        return json.dumps([whole]) if kind == 2 else whole
    if kind < 5:
        return random.choice(_SCALARS)
    if kind == 5:
        return random.choice(keys)
    return random.choice(pieces).decode("utf-8", "replace")


Change = Callable[[Random, bytes, tuple[bytes, ...], tuple[bytes, ...]], bytes]


def _gone(_random: Random, _part: bytes, _pieces: tuple[bytes, ...], _seeds: tuple[bytes, ...]) -> bytes:
    return b""


def _piece(random: Random, part: bytes, pieces: tuple[bytes, ...], _seeds: tuple[bytes, ...]) -> bytes:
    return part + random.choice(pieces) if random.random() < 0.5 else random.choice(pieces)


def _many(random: Random, part: bytes, pieces: tuple[bytes, ...], _seeds: tuple[bytes, ...]) -> bytes:
    one = part[:40] if random.random() < 0.5 else random.choice(pieces)
    return one * min(LARGEST // (len(one) or 1), int(random.expovariate(0.005)) + 2)


def _bytes(random: Random, _part: bytes, _pieces: tuple[bytes, ...], _seeds: tuple[bytes, ...]) -> bytes:
    return random.randbytes(random.randint(1, 4))


def _splice(random: Random, _part: bytes, _pieces: tuple[bytes, ...], seeds: tuple[bytes, ...]) -> bytes:
    other = random.choice(seeds)
    first = random.randint(0, len(other))
    return other[first : first + int(random.expovariate(0.01))]


_CHANGES: tuple[Change, ...] = (_gone, _piece, _piece, _piece, _many, _bytes, _splice)
