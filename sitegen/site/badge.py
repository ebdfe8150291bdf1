"""The badge of a model's score: an SVG image for a README or a merge request."""

from sitegen.analysis.score import FULL, Score

_HEIGHT = 20
_LABEL = "model score"
_LABEL_WIDTH, _VALUE_WIDTH = 84, 52
"""Pixels; the texts have a known length."""

_COLORS = ((80, "#2e6e43"), (50, "#8a5a00"), (0, "#a3282b"))
"""The colour of the value from a score on. White text has a contrast of at least 4.5 on each."""


def score_badge(score: Score) -> bytes:
    """The badge; its title says the same to those who do not see it."""
    value, color = f"{score.value}/{FULL}", next(color for least, color in _COLORS if score.value >= least)
    width, middle = _LABEL_WIDTH + _VALUE_WIDTH, _LABEL_WIDTH + _VALUE_WIDTH // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" role="img" '
        f'aria-label="{_LABEL}: {value}"><title>{_LABEL}: {value}</title>'
        f'<rect width="{width}" height="{_HEIGHT}" rx="3" fill="#444"/>'
        f'<path fill="{color}" d="M{_LABEL_WIDTH} 0h{_VALUE_WIDTH - 3}a3 3 0 0 1 3 3v14'
        f'a3 3 0 0 1-3 3H{_LABEL_WIDTH}z"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{_LABEL_WIDTH // 2}" y="14">{_LABEL}</text><text x="{middle}" y="14">{value}</text></g></svg>\n'
    ).encode()
