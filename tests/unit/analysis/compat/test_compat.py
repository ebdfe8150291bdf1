"""The compatibility verdict: a case for every rule, and what holds for all signatures."""

import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from sitegen.analysis.compat.compare import compare, compare_signatures
from sitegen.analysis.compat.rules.table import CHANGE_RULES, HARSHER, change, fix, reason
from sitegen.domain.comparison import LEVELS, Verdict, worst
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.model import Flavor, LoggedFile, Metric, MLmodel, Version
from sitegen.domain.signature import ParamSpec, Scalar, Signature
from tests.support.shorthand import signature

ROUTES = ("python", "rest", "outputs")


class Case(NamedTuple):
    """One case of compat_cases.txt."""

    name: str
    old: str
    new: str
    verdict: list[str]
    rules: list[str]


def read_cases() -> list[Case]:
    """The cases of compat_cases.txt."""
    text = Path(__file__).with_name("compat_cases.txt").read_text()
    blocks = [block.splitlines() for block in text.split("\n\n") if not block.startswith("#")]
    lines = [[line.strip() for line in block] for block in blocks]
    return [Case(name, old, new, verdict.split(), rules) for name, old, new, verdict, *rules in lines]


CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_change_of_signature_has_its_verdict_and_rules(case: Case) -> None:
    """The verdict, and one change for each thing that changed, at its place."""
    found = compare_signatures(signature(case.old), signature(case.new))
    routes = ROUTES[: len(case.verdict)]
    assert [getattr(found.verdict, route) for route in routes] == case.verdict
    spoken_of = [one for one in found.changes if one.area != "outputs" or "outputs" in routes]
    assert [f"{one.rule} {one.where}".strip() for one in spoken_of] == case.rules


def version(**facts: object) -> Version:
    """A version that differs from others in these facts only."""
    return replace(Version(name="1", mlmodel=MLmodel(signature=signature("a: long -> double"))), **facts)


def mlmodel(*flavors: Flavor) -> MLmodel:
    """An MLmodel with these flavors."""
    return MLmodel(signature=signature("a: long -> double"), flavors=flavors)


def packages(*texts: str, python: str | None = None) -> Environment:
    """An environment that asks for these packages."""
    requirements = tuple(Requirement(name=text.partition("=")[0], text=text) for text in texts)
    return Environment(python=python, requirements=requirements)


SKLEARN = Flavor(name="sklearn", keys={"sklearn_version": "1.4.0", "code": None})
PYFUNC = Flavor(name="python_function", keys={})

VERSIONS = {
    "a flavor added": (
        version(mlmodel=mlmodel(SKLEARN)),
        version(mlmodel=mlmodel(SKLEARN, PYFUNC)),
        [("flavor-added", "python_function", None, "python_function", "safe")],
    ),
    "a flavor removed": (
        version(mlmodel=mlmodel(SKLEARN, PYFUNC)),
        version(mlmodel=mlmodel(PYFUNC)),
        [("flavor-removed", "sklearn", "sklearn", None, "breaking")],
    ),
    "another library version": (
        version(mlmodel=mlmodel(SKLEARN)),
        version(mlmodel=mlmodel(Flavor(name="sklearn", keys={"sklearn_version": "1.5.0", "code": None}))),
        [("flavor-changed", "sklearn.sklearn_version", "1.4.0", "1.5.0", "behaviour")],
    ),
    "another Python and other packages": (
        version(environment=packages("numpy==1.0", "pandas", "six", python="3.10")),
        version(environment=packages("numpy==2.0", "pandas", "dill", python="3.11")),
        [
            ("python-changed", "python", "3.10", "3.11", "behaviour"),
            ("requirement-changed", "dill", None, "dill", "behaviour"),
            ("requirement-changed", "numpy", "numpy==1.0", "numpy==2.0", "behaviour"),
            ("requirement-changed", "six", "six", None, "behaviour"),
        ],
    ),
    "a package that two files ask for": (
        version(environment=packages("numpy==1.0", "numpy")),
        version(environment=packages("numpy", "numpy==1.0", "numpy")),
        [],
    ),
    "files": (
        version(
            files=(
                LoggedFile(path="a", size=1, role="", sha256="x"),
                LoggedFile(path="b", size=2, role="", sha256="y"),
                LoggedFile(path="c", size=3, role=""),
                LoggedFile(path="d", size=4, role="", sha256="z"),
            )
        ),
        version(
            files=(
                LoggedFile(path="a", size=1, role="", sha256="z"),
                LoggedFile(path="b", size=2, role="other", sha256="y"),
                LoggedFile(path="c", size=3, role=""),
                LoggedFile(path="e", size=5, role=""),
            )
        ),
        [
            ("file-changed", "a", "1 B", "1 B", "behaviour"),
            ("file-changed", "d", "4 B", None, "behaviour"),
            ("file-changed", "e", None, "5 B", "behaviour"),
        ],
    ),
    "tags": (
        version(tags=(("a", "1"), ("b", "2"))),
        version(tags=(("a", "3"), ("c", "2"))),
        [
            ("tag-changed", "a", "1", "3", "safe"),
            ("tag-changed", "b", "2", None, "safe"),
            ("tag-changed", "c", None, "2", "safe"),
        ],
    ),
    "aliases": (
        version(name="1", aliases=("champion",)),
        version(name="2", aliases=("latest-good",)),
        [
            ("alias-moved", "champion", "1", None, "behaviour"),
            ("alias-moved", "latest-good", None, "2", "behaviour"),
        ],
    ),
    "an alias that moved between two registries": (
        version(name="1", aliases=("champion",)),
        version(name="2", aliases=("champion",)),
        [("alias-moved", "champion", "1", "2", "behaviour")],
    ),
    "params of the run": (
        version(params=(("alpha", "0.1"),)),
        version(params=(("alpha", "0.2"),)),
        [("hyperparameter-changed", "alpha", "0.1", "0.2", "behaviour")],
    ),
    "metrics": (
        version(metrics=(Metric(key="loss", value=float("nan")), Metric(key="rmse", value=1.5))),
        version(metrics=(Metric(key="loss", value=float("nan"), step=3), Metric(key="rmse", value=2.0))),
        [("metric-changed", "rmse", "1.5", "2.0", "safe")],
    ),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_what_is_outside_the_signature_has_its_changes(name: str) -> None:
    """Plain differences: they concern neither callers nor readers, so the verdict stays."""
    old, new, expected = VERSIONS[name]
    found = compare(old, new)
    assert [(one.rule, one.where, one.old, one.new, one.severity) for one in found.changes] == expected
    assert found.verdict == Verdict(python="safe", rest="safe", outputs="safe")


def test_every_rule_has_a_case() -> None:
    """Together the cases use each rule of the table, and none that is not in it."""
    used = {rule.split()[0] for case in CASES for rule in case.rules}
    used |= {found[0] for _, _, changes in VERSIONS.values() for found in changes}
    used |= {"inputs-unreadable", "outputs-unreadable", "params-unreadable", "inputs-type-hint"}  # tested below
    assert used == CHANGE_RULES.keys()


def test_signatures_from_type_hints_are_unknown() -> None:
    """MLflow skips the schema of the inputs; params and outputs are judged as ever."""
    old, new = (signature(text) for text in ("a: long | p: long = 1 -> double", "b: double | p: long = [1] -> double"))
    hinted = MLmodel(signature=old, signature_from_type_hint=True)
    found = compare(version(mlmodel=hinted), version(mlmodel=hinted))
    assert found.verdict == Verdict(python="unknown", rest="unknown", outputs="safe")
    found = compare(version(mlmodel=hinted), version(mlmodel=MLmodel(signature=new)))
    levels = {one.rule: one.python for one in found.changes}
    assert levels["inputs-type-hint"] == levels["input-added"] == levels["input-removed"] == "unknown"
    assert levels["param-list"] == "breaking"


@pytest.mark.parametrize("part", ["inputs", "outputs", "params"])
def test_a_part_that_cannot_be_read_is_unknown(part: str) -> None:
    """On either side, and whatever of it can be read."""
    whole = signature("a: long | p: long = 1 -> double")
    assert whole
    broken = replace(whole, unreadable=(part,))
    for old, new in ((whole, broken), (broken, whole), (broken, broken)):
        found = compare_signatures(old, new)
        assert [one.rule for one in found.changes] == [f"{part}-unreadable"]
        assert "unknown" in (found.verdict.outputs if part == "outputs" else found.verdict.python)


def test_a_version_whose_mlmodel_cannot_be_read_is_unknown() -> None:
    """It says nothing, so it does not say either that there is no signature."""
    found = compare(version(mlmodel=MLmodel(signature=signature("a: datetime -> double"))), version(mlmodel=None))
    assert found.verdict == Verdict(python="unknown", rest="unknown", outputs="unknown")


def test_unknown_never_hides_what_breaks_and_never_reads_as_safe() -> None:
    """The order of levels is total, and the worst of several is the first of them."""
    for length in (1, 2, 3):
        for levels in itertools.product(LEVELS, repeat=length):
            assert worst(levels) == next(level for level in LEVELS if level in levels)
    assert worst([]) == worst([None]) == "safe"


@pytest.mark.parametrize("rule", CHANGE_RULES)
def test_every_rule_tells_its_reason_in_one_sentence(rule: str) -> None:
    """Placeholders are filled, nothing in a registry's names is taken for one, and the full stop is the page's."""
    found = change(rule, "inputs", "{old}", "long {x}", None)
    for phrase in (CHANGE_RULES[rule].title, reason(found), fix(found) or "-", HARSHER.get(rule, "-")):
        assert not phrase.endswith(".") and ". " not in phrase
        assert not re.search(r"\{(where|new)\}|None", phrase)
    assert CHANGE_RULES[rule].title[0].isupper()


@pytest.mark.parametrize("rule", CHANGE_RULES)
def test_every_rule_has_a_level_for_someone(rule: str) -> None:
    """Callers from Python and over REST are told apart, so a rule has a level for both or for none."""
    known = CHANGE_RULES[rule]
    assert any((known.python, known.rest, known.outputs, known.others))
    assert (known.python is None) == (known.rest is None)
    assert known.harsher is None or known.python is not None


def test_the_same_pair_is_compared_once() -> None:
    """Versions of a model mostly share their signature; defaults that have no hash do not matter."""
    old, new = (signature(text) for text in ("a: long | p: long = [1] -> double", "a: long | p: long = [2] -> double"))
    assert compare_signatures(old, new) is compare_signatures(old, new)
    assert compare_signatures(old, new).verdict == Verdict(python="behaviour", rest="behaviour", outputs="safe")
    assert compare_signatures(None, None) is compare_signatures(None, None)


def test_defaults_that_are_equal_to_python_are_told_apart() -> None:
    """1 equals True, but it is another default; 1.0 is the same one."""
    one, true, whole = (
        Signature(params=(ParamSpec(name="p", type=Scalar("boolean"), default=value),)) for value in (1, True, 1.0)
    )
    assert "param-default" in [found.rule for found in compare_signatures(one, true).changes]
    assert "param-default" not in [found.rule for found in compare_signatures(one, whole).changes]
