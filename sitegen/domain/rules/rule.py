"""`Rule`, one check rule."""

from typing import Literal, NamedTuple


class Rule(NamedTuple):
    """One check rule. `title` names the problem, `hint` says what to do, `reason` says why it matters.

    `points` are what a model's score loses if the rule finds anything in the model or its newest version.
    """

    severity: Literal["error", "warning", "info"]
    title: str
    hint: str
    reason: str
    points: int = 0
