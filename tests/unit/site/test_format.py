"""Values as people read them."""

import pytest

from sitegen.site import display

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
    (float("nan"), float("-inf"), 2): ("NaN", "−∞", "2"),
}


@pytest.mark.parametrize(("values", "texts"), COLUMNS.items())
def test_numbers_of_a_column(values: tuple[float, ...], texts: tuple[str, ...]) -> None:
    """As many decimals as the largest needs; what is much smaller keeps digits of its own, and zero has no sign."""
    places = display.decimals(values)
    assert tuple(display.number(value, places) for value in values) == texts


DIFFERENCES = {
    (0.25, 4): "+0.2500",
    (-0.25, 4): "−0.2500",
    (-0.00084, 0): "−0.00084",
    (0.3, 0): "+0.3",
    (12.0, 0): "+12",
    (0.0, 4): "0",
    (-0.0, 0): "0",
    (0.0, None): "0",
}


@pytest.mark.parametrize(("difference", "text"), DIFFERENCES.items())
def test_differences(difference: tuple[float, int | None], text: str) -> None:
    """With their sign, which no difference has not."""
    assert display.with_sign(*difference) == text
