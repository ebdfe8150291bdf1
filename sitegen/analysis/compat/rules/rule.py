"""The row of a table that says what one kind of change means."""

from typing import NamedTuple

from sitegen.domain.comparison import Level


class ChangeRule(NamedTuple):
    """What one kind of change means, and for whom.

    `reason` and `fix` are templates: `{where}`, `{old}` and `{new}` stand for those of the change. `python`, `rest`
    and `outputs` are the levels for callers and for readers of predictions; `others` is the level of what is outside
    the signature. `harsher` tells why the level is worse than what MLflow itself does with such a call, where it is.
    """

    title: str
    reason: str
    fix: str | None = None
    python: Level | None = None
    rest: Level | None = None
    outputs: Level | None = None
    others: Level | None = None
    harsher: str | None = None
