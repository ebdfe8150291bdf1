"""Numbers as pages show them: examples for Python's pages and for the scripts in browsers, which must agree."""

import math
import random
from collections.abc import Iterator

COLUMNS: dict[tuple[float, ...], tuple[str, ...]] = {
    (0.53125, 0.5): ("0.5312", "0.5000"),
    (15905.2, 0.17, -0.00084): ("15905", "0.17", "−0.00084"),
    (15905.2, 5.3, 15.3, 0.0): ("15905", "5.3", "15", "0"),
    (104.5, 0.1, 0.0999, 0.0123): ("104.50", "0.10", "0.0999", "0.0123"),
    (1.0, 0.5, 1e-17): ("1.0000", "0.5000", "1e−17"),
    (3, 20_000_000, -0.0): ("3", "20000000", "0"),
    (0.5, -0.0): ("0.5000", "0.0000"),
    (1.5e9, -0.0): ("1.5e+09", "0"),
    (0.00001234, -0.0000001): ("1.23e−05", "−1e−07"),
    (math.nan, -math.inf, 2): ("NaN", "−∞", "2"),
    (): (),
    # What means something is reached by no other value.
    (0.99996,): ("0.99996",),
    (1.00004,): ("1.00004",),
    (-0.99996, 0.5): ("−0.99996", "0.50000"),
    (99.9996, 98.5): ("99.9996", "98.5000"),
    (15905.2, 99.7): ("15905.2", "99.7"),
    (0.00004, 0.5): ("4e−05", "0.5000"),
    (0.99999999999, 0.5): ("0.99999999999", "0.5000"),
    (math.nextafter(1, 0), 1.0): ("0.9999999999999999", "1"),
    (math.nextafter(100, 0),): ("99.99999999999999",),
    (0.49999, 0.4): ("0.5000", "0.4000"),
    # Different values look different, with as few digits as that takes.
    (0.99996, 0.99998, 1.0): ("0.99996", "0.99998", "1.00000"),
    (0.8512, 0.85123): ("0.85120", "0.85123"),
    (0.85123, 0.85127, 0.9): ("0.8512", "0.8513", "0.9000"),
    (0.3, 0.1 + 0.2, 0.7): ("0.3", "0.30000000000000004", "0.7000"),
    (12345678.9, 12345679.0): ("12345678.9", "12345679.0"),
    (12345678.9,): ("12345679",),
    (1700000000001.0, 1700000000002.0): ("1700000000001", "1700000000002"),
    (1.5e-7, 1.5001e-7, 2e-7): ("1.5e−07", "1.5001e−07", "2e−07"),
    (1e22, 1.00000000001e22): ("1e+22", "1.00000000001e+22"),
    (5e-324, 1e-323): ("4.94e−324", "9.88e−324"),
    (2.5, -2.50001, 2.50001): ("2.50000", "−2.50001", "2.50001"),
}
"""Values of a column, and their texts."""

DIFFERENCES: dict[tuple[float, tuple[float, ...]], str] = {
    (0.25, (0.5, 0.25)): "+0.2500",
    (-0.25, (0.5, 0.25)): "−0.2500",
    (-0.00084, (15905.2,)): "−0.00084",
    (0.3, (15905.2,)): "+0.3",
    (12.0, (15905.2,)): "+12",
    (0.00004, (0.5, 0.50004)): "+4e−05",
    (1e-12, (0.5, 0.500000000001)): "+1e−12",
    (0.0, (0.5,)): "0",
    (-0.0, (3.0,)): "0",
    (0.0, (1e-9,)): "0",
}
"""Differences, each with the values of its column, and their texts."""


def columns(seed: int, count: int) -> Iterator[list[float]]:
    """Random columns: values of every size, values next to each other, and values next to what means something."""
    chance = random.Random(seed)
    for _ in range(count):
        size = chance.choice([1, 1, 1, 10, 100, 1e4, 1e8, 1e9, 1e12, 1e300, 1e-5, 1e-300])
        column: list[float] = []
        for _ in range(chance.randrange(1, 12)):
            column.append(_value(chance) * chance.choice([size, size, 1, -size]))
            if chance.random() < 0.4:
                column.append(column[-1] * (1 + chance.random() * 10.0 ** -chance.randrange(1, 17)))
        yield column


def _value(chance: random.Random) -> float:
    """A value of about 1."""
    return chance.choice(
        [
            chance.random(),
            round(chance.random(), chance.randrange(6)),
            chance.randrange(1000) / 8,  # ties
            1 - chance.random() * 10.0 ** -chance.randrange(1, 17),
            chance.random() * 10.0 ** -chance.randrange(1, 9),
            float(chance.randrange(-1, 10)),
        ]
    )
