"""Places of values on an axis."""


def share(value: float, low: float, high: float) -> float:
    """The place of a value between two others, 0 to 1; 0.5 where these are equal or too small to tell apart.

    Halves the values, since differences may overflow.
    """
    span = high / 2 - low / 2
    return (value / 2 - low / 2) / span if span else 0.5
