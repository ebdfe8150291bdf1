"""What each version of a model is judged against."""

from typing import NamedTuple

import pytest

from sitegen.analysis.compat.compare import compare_step
from sitegen.analysis.reference import Baseline, Reference, References, find_baseline, references
from sitegen.domain.model import Kind, MLmodel, Model, Version
from sitegen.domain.signature import Column, Scalar, Signature


class Case(NamedTuple):
    """A model of versions 1 to 4, and its baseline."""

    baseline: Baseline | None
    aliases: tuple[tuple[str, str], ...] = ()
    stages: dict[str, str] = {}  # noqa: RUF012 - never changed
    wished: str = "champion"
    kind: Kind = "registered"


BASELINES = {
    "no alias and no stage": Case(None),
    "an alias that says nothing": Case(None, (("challenger", "2"),)),
    "champion": Case(Baseline(2, "champion"), (("champion", "3"),)),
    "production": Case(Baseline(1, "production"), (("production", "2"),)),
    "prod": Case(Baseline(1, "prod"), (("prod", "2"),)),
    "live": Case(Baseline(1, "live"), (("live", "2"),)),
    "the first of the aliases": Case(
        Baseline(1, "champion"), (("champion", "2"), ("live", "4"), ("prod", "3"), ("production", "1"))
    ),
    "production before prod": Case(Baseline(0, "production"), (("prod", "3"), ("production", "1"))),
    "in another case": Case(Baseline(2, "Champion"), (("Champion", "3"),)),
    "the exact case first": Case(Baseline(1, "champion"), (("Champion", "3"), ("champion", "2"))),
    "the name counts before its case": Case(Baseline(2, "CHAMPION"), (("CHAMPION", "3"), ("production", "2"))),
    "the alias of the settings": Case(Baseline(3, "stable"), (("champion", "2"), ("stable", "4")), wished="stable"),
    "the alias of the settings in another case": Case(
        Baseline(3, "Stable"), (("Stable", "4"), ("champion", "2")), wished="stable"
    ),
    "the alias of the settings is none of this model": Case(
        Baseline(1, "champion"), (("champion", "2"),), wished="stable"
    ),
    "no alias in the settings": Case(Baseline(1, "live"), (("live", "2"),), wished=""),
    "an alias of a version that is not there": Case(None, (("champion", "9"),)),
    "an alias of no version, then one that has it": Case(Baseline(0, "live"), (("champion", "9"), ("live", "1"))),
    "part of a word": Case(None, (("champion-old", "1"), ("nonprod", "2"))),
    "stage Production": Case(Baseline(1, None), stages={"2": "Production"}),
    "stage in another case": Case(Baseline(1, None), stages={"2": "production"}),
    "the highest version in stage Production": Case(
        Baseline(2, None), stages={"1": "Production", "3": "Production", "4": "Staging"}
    ),
    "an alias before a stage": Case(Baseline(0, "live"), (("live", "1"),), {"4": "Production"}),
    "another stage": Case(None, stages={"2": "Staging", "3": "Archived"}),
    "a logged model": Case(None, (("champion", "2"),), {"2": "Production"}, kind="logged"),
}


@pytest.mark.parametrize("case", BASELINES.values(), ids=BASELINES)
def test_the_baseline_of_a_model(case: Case) -> None:
    """An alias, else the stage Production; a logged model has none."""
    versions = tuple(Version(name=name, stage=case.stages.get(name)) for name in "1234")
    model = Model(name="m", kind=case.kind, aliases=case.aliases, versions=versions)
    assert find_baseline(model, case.wished) == case.baseline


CHAMPION = Baseline(2, "champion")
FORWARD, BACK = Reference(2, CHAMPION), Reference(2, CHAMPION, backward=True)

REFERENCES = {
    "without a baseline: the version before": (3, None, References(Reference(2))),
    "the first version has none": (0, None, References()),
    "newer: the baseline, and the version before": (4, CHAMPION, References(FORWARD, Reference(3))),
    "the next after the baseline: it is the version before": (3, CHAMPION, References(FORWARD)),
    "the baseline itself: the version before": (2, CHAMPION, References(Reference(1))),
    "older: the version before, and going back": (1, CHAMPION, References(Reference(0), BACK)),
    "the first, older than the baseline: going back": (0, CHAMPION, References(None, BACK)),
    "the first is the baseline": (0, Baseline(0, None), References()),
}


@pytest.mark.parametrize(("place", "baseline", "found"), REFERENCES.values(), ids=REFERENCES)
def test_the_references_of_a_version(place: int, baseline: Baseline | None, found: References) -> None:
    """Newer versions than the baseline lead with it, all others with the version before."""
    assert references(place, baseline) == found


def test_a_baseline_that_cannot_be_read_makes_the_verdict_unknown() -> None:
    """Nobody knows what its callers send."""
    signature = Signature(
        inputs=(Column(name="a", type=Scalar("double")),), outputs=(Column(name="b", type=Scalar("double")),)
    )
    readable = Version(name="2", mlmodel=MLmodel(signature=signature))
    assert compare_step(readable, readable).verdict.severity == "safe"
    assert compare_step(Version(name="1"), readable).verdict.severity == "unknown"
