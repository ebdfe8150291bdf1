"""The short reason beside a verdict: the changes that make it, and how many others there are."""

import pytest

from sitegen.analysis.compat.compare import compare_signatures
from sitegen.domain.signature import Column, ParamSpec, Scalar, Signature
from sitegen.site.views.steps import MAX_NAMES, StepView, step_view

LONG, DOUBLE, STRING = Scalar("long"), Scalar("double"), Scalar("string")
AGE, BMI = Column(name="age", type=LONG), Column(name="bmi", type=DOUBLE)
NOTE = Column(name="note", type=STRING, required=False)
FLAG = Column(name="flag", type=Scalar("boolean"))
SCORE = Column(name="score", type=DOUBLE)


def signature(*inputs: Column, outputs: tuple[Column, ...] = (SCORE,), top: int | None = None) -> Signature:
    """A signature, with a param where `top` is its default."""
    params = () if top is None else (ParamSpec(name="top_k", type=LONG, default=top, shape=None),)
    return Signature(inputs=inputs, outputs=outputs, params=params)


CASES: dict[str, tuple[Signature | None, Signature | None, str]] = {
    "nothing": (signature(AGE), signature(AGE), ""),
    "the only change": (signature(AGE), signature(AGE, NOTE), "added note"),
    "several of one kind": (signature(AGE), signature(AGE, BMI, SCORE), "added bmi score"),
    "a lesser change is only counted": (
        signature(AGE, BMI, top=5),
        signature(AGE, BMI, NOTE, top=3),
        "changed param top_k +1",
    ),
    "what breaks, before what is dropped": (
        signature(AGE, BMI),
        signature(AGE, FLAG, NOTE),
        "added flag +2",
    ),
    "inputs and outputs that both break": (
        signature(AGE),
        signature(AGE, BMI, outputs=(Column(name="score", type=STRING),)),
        "added bmi; changed output score",
    ),
    "outputs alone": (signature(AGE), signature(AGE, outputs=(NOTE,)), "removed output score +1"),
    "what only some ways to call make worse": (signature(AGE), signature(AGE, NOTE), "added note"),
    "no signature": (None, None, "inputs and outputs not stated"),
    "one without signature": (None, signature(AGE), "inputs and outputs not stated"),
    "unreadable": (signature(AGE), Signature(unreadable=("inputs", "outputs")), "inputs and outputs unreadable"),
    "another order": (signature(AGE, BMI), signature(BMI, AGE), "inputs in another order"),
}


def words(step: StepView) -> str:
    """The causes as one text, and the number of other changes."""
    causes = "; ".join(" ".join((cause.text, *cause.names)) for cause in step.causes)
    return causes + (f" +{step.others}" if step.others else "")


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_the_reason_is_what_makes_the_verdict(old: Signature | None, new: Signature | None, expected: str) -> None:
    assert words(step_view(compare_signatures(old, new), judged=True)) == expected


def test_attempts_tell_all_changes() -> None:
    """There is no verdict, and what is unknown before and after does not change."""
    step = step_view(compare_signatures(signature(AGE, BMI, top=5), signature(AGE, BMI, NOTE, top=3)), judged=False)
    assert (step.verdict, words(step)) == (None, "added note; changed param top_k")
    assert words(step_view(compare_signatures(None, None), judged=False)) == ""


def test_long_reasons_are_cut() -> None:
    """The first names of each kind, and a number."""
    many = tuple(Column(name=f"c{number}", type=DOUBLE) for number in range(MAX_NAMES + 3))
    [cause] = step_view(compare_signatures(signature(AGE), signature(AGE, *many)), judged=True).causes
    assert (cause.names, cause.more) == (("c0", "c1", "c2", "c3"), 3)
