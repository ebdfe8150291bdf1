"""All change rules: the level of each change for callers, with the sentences about it."""

from typing import NamedTuple

from sitegen.analysis.compat.rules.forms import FORM_RULES
from sitegen.analysis.compat.rules.inputs import INPUT_RULES
from sitegen.analysis.compat.rules.params_outputs import OTHER_RULES
from sitegen.analysis.compat.rules.tensors import TENSOR_RULES
from sitegen.analysis.compat.rules.types import TYPE_RULES
from sitegen.core.text import reveal
from sitegen.domain.comparison import Area, Change, ChangeRule, worst

CHANGE_RULES: dict[str, ChangeRule] = {**INPUT_RULES, **FORM_RULES, **TYPE_RULES, **TENSOR_RULES, **OTHER_RULES}
"""All rules by id, in the order of the pages."""

HARSHER: dict[str, str] = {name: rule.harsher for name, rule in CHANGE_RULES.items() if rule.harsher}
"""The rules that are harsher than MLflow, each with its reason. No other rule may be.

One reason holds for all: MLflow cannot accept some types at all as JSON (lists and objects of integer or float values),
others not even from Python (objects with dates). They are judged as if it could, since other ways to call a model can.
"""

_SEVERITIES = {name: worst((rule.python, rule.rest, rule.outputs, rule.others)) for name, rule in CHANGE_RULES.items()}


def change(rule: str, area: Area, where: str, old: str | None = None, new: str | None = None) -> Change:
    """A change with the levels of its rule."""
    known = CHANGE_RULES[rule]
    return Change(
        rule=rule,
        area=area,
        where=where,
        old=old,
        new=new,
        severity=_SEVERITIES[rule],
        python=known.python,
        rest=known.rest,
        outputs=known.outputs,
        forms=known.forms,
    )


def reason(change: Change) -> str:
    """The reason for the levels of a change, as one sentence."""
    return _fill_in(CHANGE_RULES[change.rule].reason, change)


def fix(change: Change) -> str | None:
    """The advice on a change; None if there is nothing to do."""
    template = CHANGE_RULES[change.rule].fix
    return None if template is None else _fill_in(template, change)


class Span(NamedTuple):
    """A piece of a sentence. `code`: in backticks in the rule, not in the texts of the change."""

    text: str
    code: bool


def spans(template: str, change: Change) -> tuple[Span, ...]:
    """A reason or fix of a rule, filled in from a change, as pieces of text and code."""
    pieces = enumerate(template.split("`"))
    return tuple(Span(_fill_in(piece, change), number % 2 == 1) for number, piece in pieces if piece)


def _fill_in(template: str, change: Change) -> str:
    where, old, new = reveal(change.where), reveal(change.old or "nothing"), reveal(change.new or "nothing")
    return template.format(where=where, old=old, new=new)
