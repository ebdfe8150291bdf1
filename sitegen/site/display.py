"""Values as people read them: numbers, sizes, times, labels. No sentences, no markup."""

import math
from collections.abc import Iterable
from functools import lru_cache

from sitegen.domain.model import Version
from sitegen.formats.times import iso

MINUS = "−"


def decimals(values: Iterable[float]) -> int | None:
    """The decimals of a column of numbers, so that each has about five digits; None: use exponents."""
    largest, integers = 0.0, True
    for value in values:
        if value - value == 0:  # neither NaN nor infinite
            largest = max(largest, abs(value))
            integers = integers and value == int(value)
    if integers and largest < 1e9:
        return 0
    if largest < 1e-3 or largest >= 1e9:
        return None
    return max(0, 4 - max(0, int(math.log10(largest))))


def number(value: float, places: int | None) -> str:
    """A number with `places` decimals, a minus sign (U+2212), NaN and ∞.

    A number with fewer than two significant digits at these decimals gets three.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if places is None or 0 < abs(value) < 10.0 ** (1 - places):
        return f"{value + 0.0:.3g}".replace("-", MINUS)
    return f"{value + 0.0:.{places}f}".replace("-", MINUS)  # adding zero turns -0.0 into 0.0


def with_sign(value: float, places: int | None) -> str:
    """A difference with its sign; zero has none."""
    if value == 0:
        return "0"
    text = number(abs(value), places)
    return f"{MINUS if value < 0 else '+'}{text}"


def exact(value: float) -> str:
    """The shortest text of a number from which the same number can be read."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


@lru_cache(maxsize=4096)
def size(count: int) -> str:
    """A number of bytes in a suitable unit; 1 kB is 1000 bytes."""
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
    """The time for the attribute `datetime` of `<time>`; empty if it is not known."""
    return "" if time is None else iso(time)


def label(version: Version) -> str:
    """The label of a version: `v4` if it is registered, else the name of its run or the start of its id."""
    name = version.name
    if name.isdigit() or name[:1].isdigit():
        return f"v{name}" if len(name) < 20 else name[:8]
    if version.run and version.run.name and len(name) >= 32:
        return version.run.name
    return name if len(name) < 32 else name[:10] if name.startswith("m-") else name[:8]
