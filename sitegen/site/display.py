"""Values as people read them: numbers, sizes, times, labels. No sentences, no markup."""

import math
from bisect import bisect
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from posixpath import commonprefix
from typing import NamedTuple

from sitegen.domain.model import Version
from sitegen.formats.times import iso

MINUS = "−"


MEANINGFUL = (-100.0, -1.0, 0.0, 1.0, 100.0)
"""Values that say something by themselves, such as a perfect score: no other value is rounded to one of them."""

MAX_EXTRA = 3
"""Digits that a column shows at most in addition to its five or so, to tell its values apart."""


class Digits(NamedTuple):
    """How the numbers of a column are written.

    With `places` decimals, None for exponents; what is too small for them has three digits of its own. Both have
    `extra` digits more. The values in `exact` are written in full.
    """

    places: int | None
    extra: int = 0
    exact: frozenset[float] = frozenset()


def digits_of(values: Iterable[float]) -> Digits:
    """The digits of a column of numbers: about five each, and as many more as different values need to look different.

    Where `MAX_EXTRA` more do not tell two values apart, both are written in full.
    """
    finite = {value for value in values if value - value == 0}  # neither NaN nor infinite
    largest = max(map(abs, finite), default=0.0)
    if largest < 1e9 and all(map(float.is_integer, map(float, finite))):
        return Digits(0)
    places = None if largest < 1e-3 or largest >= 1e9 else 4 - bisect((10, 100, 1e3, 1e4), largest)
    order, apart = sorted(finite.union(MEANINGFUL)), math.inf if places is None else 1.5 * 10.0**-places
    close = [(a, b) for a, b in pairwise(order) if b - a <= apart]
    return _refine(places, close, finite) if close else Digits(places)


def _refine(places: int | None, close: Sequence[tuple[float, float]], finite: Collection[float]) -> Digits:
    """As few digits as tell apart all pairs of values that `MAX_EXTRA` more do; `close` has the pairs to look at."""
    alike = set(_equal_pairs(close, Digits(places, MAX_EXTRA)))
    rest = [pair for pair in close if pair not in alike]
    extra = next(extra for extra in range(MAX_EXTRA + 1) if not any(_equal_pairs(rest, Digits(places, extra))))
    return Digits(places, extra, frozenset(value for pair in alike for value in pair if value in finite))


def _equal_pairs(pairs: Iterable[tuple[float, float]], digits: Digits) -> Iterator[tuple[float, float]]:
    """The pairs of values, the lower first, that are one number when they are written with these digits."""
    places, extra, _ = digits
    small, apart = (math.inf, 0.0) if places is None else (10.0 ** (1 - places), 1.5 * 10.0 ** -(places + extra))
    for a, b in pairs:
        near = b - a <= apart or (-small < a and b < small)
        if near and float(_round(a, digits)) == float(_round(b, digits)):
            yield a, b


def _round(value: float, digits: Digits) -> str:
    """A finite number with these digits."""
    places, extra, _ = digits
    if places is None or 0 < abs(value) < 10.0 ** (1 - places):
        return f"{value + 0.0:.{3 + extra}g}"
    return f"{value + 0.0:.{places + extra}f}"  # adding zero turns -0.0 into 0.0


def number(value: float, digits: Digits) -> str:
    """A number with these digits, a minus sign (U+2212), NaN and ∞.

    A number with fewer than two significant digits at these decimals gets three.
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
    text = repr(value + 0.0).removesuffix(".0") if value in digits.exact else _round(value, digits)
    return text.replace("-", MINUS)


def with_sign(value: float, digits: Digits) -> str:
    """A difference with its sign; zero has none."""
    if value == 0:
        return "0"
    text = number(abs(value), digits)
    return f"{MINUS if value < 0 else '+'}{text}"


def exact(value: float) -> str:
    """The shortest text of a number from which the same number can be read."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


@lru_cache(maxsize=4096)
def size(count: int) -> str:
    """A number of bytes in a suitable unit; 1 kB is 1000 bytes. What would round to 1000.0 gets the next unit."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        text = f"{value:.1f}"
        if float(text) < 1000:
            return f"{text} {unit}"
    return f"{value / 1000:.1f} TB"


def day(time: int | None) -> str:
    """`2026-01-03`, UTC."""
    return "" if time is None else iso(time)[:10]


def minute(time: int | None) -> str:
    """`2026-01-03 10:00`, UTC."""
    return "" if time is None else iso(time)[:16].replace("T", " ")


def datetime_attribute(time: int | None) -> str:
    """The time for the attribute `datetime` of `<time>`; empty if it is not known."""
    return "" if time is None else iso(time)


class Moment(NamedTuple):
    """A time as text, to the minute, and for the attribute `datetime` of `<time>`; UTC."""

    text: str
    iso: str


def moment(time: int) -> Moment:
    """The time, given in milliseconds since 1970."""
    return Moment(minute(time), datetime_attribute(time))


def label(version: Version) -> str:
    """The label of a version: `v4` if it is registered, else the name of its run or the start of its id."""
    name, run = version.name, version.run
    if run and run.name and _has_id_as_name(version):
        return run.name
    if name[:1].isdigit():
        return f"v{name}" if len(name) < 32 else name[:8]
    return name if len(name) < 32 else name[:10] if name.startswith("m-") else name[:8]


def _has_id_as_name(version: Version) -> bool:
    """Whether the name is an id, as of all versions that are not registered; a second one of an id has a suffix."""
    uuid = version.mlmodel.model_uuid if version.mlmodel else None
    ids = (version.model_id, version.run.id if version.run else None, uuid)
    return any(id and (version.name == id or version.name.startswith(f"{id}-")) for id in ids)


MIN_ID_LENGTH = 4
"""Characters of ids that are shown to tell equal labels apart, at least."""


def labels(versions: Sequence[Version]) -> tuple[str, ...]:
    """The labels of the versions of one model; equal ones end in the first characters of the ids that differ."""
    found = [label(version) for version in versions]
    if len(set(found)) == len(found):
        return tuple(found)
    places: dict[str, list[int]] = {}
    for place, text in enumerate(found):
        places.setdefault(text, []).append(place)
    for text, same in places.items():
        if len(same) > 1:
            for place, part in zip(same, _distinct_parts([versions[place].name for place in same]), strict=True):
                found[place] = f"{text} {part}"
    return tuple(found)


def _distinct_parts(names: Sequence[str]) -> list[str]:
    """The beginnings of names that tell them apart, without what all have in common if that is long."""
    common = len(commonprefix(names))
    ordered = sorted(names)
    shared = max((len(commonprefix(pair)) for pair in pairwise(ordered)), default=0)
    end = max(shared + 1, common + MIN_ID_LENGTH)
    start = 0 if common <= MIN_ID_LENGTH else common
    return [("…" if start else "") + name[start:end] for name in names]
