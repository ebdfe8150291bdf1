"""Values as people read them: numbers, sizes, times, labels. No sentences, no markup."""

import math
from collections.abc import Iterable
from functools import lru_cache

from sitegen.domain.model import Version
from sitegen.formats.times import iso

MINUS = "−"


def decimals(values: Iterable[float]) -> int | None:
    """Digits behind the point that a column of numbers shows, so that each has about five; None: use exponents."""
    largest, whole = 0.0, True
    for value in values:
        if value - value == 0:  # neither NaN nor infinite
            largest = max(largest, abs(value))
            whole = whole and value == int(value)
    if whole and largest < 1e9:
        return 0
    if largest < 1e-3 or largest >= 1e9:
        return None
    return max(0, 4 - max(0, int(math.log10(largest))))


def number(value: float, places: int | None) -> str:
    """A number with so many decimals, a true minus, NaN and ∞ as such.

    What is so small beside the largest of its column that it would lose its digits has three of its own.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if places is None or 0 < abs(value) < 10.0 ** (1 - places):
        return f"{value + 0.0:.3g}".replace("-", MINUS)
    return f"{value + 0.0:.{places}f}".replace("-", MINUS)  # adding zero makes -0.0 a plain one


def with_sign(value: float, places: int | None) -> str:
    """A difference, with its sign; no difference has none."""
    if value == 0:
        return "0"
    text = number(abs(value), places)
    return f"{MINUS if value < 0 else '+'}{text}"


def exact(value: float) -> str:
    """A number so that reading it gives the same number again."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


@lru_cache(maxsize=4096)
def size(count: int) -> str:
    """Bytes in the unit that suits them, 1 kB being 1000 bytes."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 1000 or unit == "TB":
            return f"{value:.1f} {unit}"
    return ""


def day(time: int | None) -> str:
    """`2026-01-03`, UTC."""
    return "" if time is None else iso(time)[:10]


def minute(time: int | None) -> str:
    """`2026-01-03 10:00`, UTC."""
    return "" if time is None else iso(time)[:16].replace("T", " ")


def datetime_attribute(time: int | None) -> str:
    """The time for programs, as `<time datetime>` has it; empty where it is not known."""
    return "" if time is None else iso(time)


def label(version: Version) -> str:
    """A version as people call it: `v4`; for one of no registry its run's name, else the start of its id."""
    name = version.name
    if name.isdigit() or name[:1].isdigit():
        return f"v{name}" if len(name) < 20 else name[:8]
    if version.run and version.run.name and len(name) >= 32:
        return version.run.name
    return name if len(name) < 32 else name[:10] if name.startswith("m-") else name[:8]
