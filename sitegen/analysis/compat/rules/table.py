"""What each kind of change means for callers: the table behind every verdict, and the sentences that go with it."""

from typing import NamedTuple

from sitegen.analysis.compat.rules.forms import FORM_RULES
from sitegen.analysis.compat.rules.inputs import INPUT_RULES
from sitegen.analysis.compat.rules.params_outputs import OTHER_RULES
from sitegen.analysis.compat.rules.tensors import TENSOR_RULES
from sitegen.analysis.compat.rules.types import TYPE_RULES
from sitegen.domain.comparison import Area, Change, ChangeRule, worst

CHANGE_RULES: dict[str, ChangeRule] = {**INPUT_RULES, **FORM_RULES, **TYPE_RULES, **TENSOR_RULES, **OTHER_RULES}
"""Every rule by its id, in the order in which a reader would want them."""

HARSHER: dict[str, str] = {name: rule.harsher for name, rule in CHANGE_RULES.items() if rule.harsher}
"""The rules that judge worse than MLflow does, each with its reason. No other rule may.

One reason holds for all: some parts of a signature no caller can send as JSON (lists and objects of integer or float
values, which MLflow refuses from JSON), others not even from Python (objects with dates). They are judged as if callers
could, since other ways to call a model do not have the same gaps.
"""

_SEVERITIES = {name: worst((rule.python, rule.rest, rule.outputs, rule.others)) for name, rule in CHANGE_RULES.items()}


def change(rule: str, area: Area, where: str, old: str | None = None, new: str | None = None) -> Change:
    """A change with the levels that its rule has."""
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
    """Why a change has its levels, as one sentence."""
    return _fill_in(CHANGE_RULES[change.rule].reason, change)


def fix(change: Change) -> str | None:
    """What to do about a change; None where there is nothing to do."""
    template = CHANGE_RULES[change.rule].fix
    return None if template is None else _fill_in(template, change)


class Span(NamedTuple):
    """A piece of a sentence. `code` is what the rule has in backticks; what the change says may hold some, too."""

    text: str
    code: bool


def spans(template: str, change: Change) -> tuple[Span, ...]:
    """A rule's reason or fix with what the change says, for readers who see code in another way than text."""
    pieces = enumerate(template.split("`"))
    return tuple(Span(_fill_in(piece, change), number % 2 == 1) for number, piece in pieces if piece)


def _fill_in(template: str, change: Change) -> str:
    return template.format(where=change.where, old=change.old or "nothing", new=change.new or "nothing")
