"""The score of a model: 100, less the points of each rule that finds something in it."""

from typing import NamedTuple

from sitegen.analysis.quality import lasting_findings
from sitegen.domain.model import Model
from sitegen.domain.rules import RULES
from sitegen.settings.settings import Check

FULL = 100
"""The score of a model in which no rule finds anything."""


class Loss(NamedTuple):
    """A rule that finds something in a model, and what it costs."""

    rule: str
    title: str
    points: int


class Score(NamedTuple):
    """The score of a model, from 0 to 100, and the rules that lower it, the dearest first."""

    value: int
    losses: tuple[Loss, ...]


def score_of(model: Model) -> Score | None:
    """The score of a registered model with its newest version; None for a logged model, and one without versions.

    Each rule counts once, however often it finds something, and by its default settings: neither a level, an ignored
    finding nor the day changes a score.
    """
    if model.kind != "registered" or not model.versions:
        return None
    found = (*model.problems, *model.versions[-1].problems, *lasting_findings(model, Check()))
    rules = dict.fromkeys(one.rule for one in found)
    losses = [Loss(rule, RULES[rule].title, RULES[rule].points) for rule in rules if RULES[rule].points]
    losses.sort(key=lambda loss: (-loss.points, loss.rule))
    return Score(max(0, FULL - sum(loss.points for loss in losses)), tuple(losses))
