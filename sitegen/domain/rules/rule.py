"""`Rule`, one check rule."""

from typing import Literal, NamedTuple


class Rule(NamedTuple):
    """One check rule. `title` names the problem, `hint` says what to do, `reason` says why it matters."""

    severity: Literal["error", "warning", "info"]
    title: str
    hint: str
    reason: str
