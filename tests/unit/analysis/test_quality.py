"""The quality rules: for each a model in which it finds something, and one in which it does not; scores."""

from dataclasses import replace

import pytest

from sitegen.analysis.quality import quality_findings
from sitegen.analysis.score import score_of
from sitegen.domain.diagnostic import problem
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.facts import CardFacts
from sitegen.domain.model import Example, Flavor, LoggedFile, Metric, MLmodel, Model, PickleFile, Version
from sitegen.domain.rules import RULES
from sitegen.domain.rules.quality import QUALITY_RULES
from sitegen.domain.signature import Column, Json, Scalar, Signature
from sitegen.settings.settings import Check, Metrics, read_settings
from tests.support.sites import READING

DAY = 86_400_000
TODAY = 20_000 * DAY
MIB = 2**20

AGE, SIZE = (Column(name=name, type=Scalar("double")) for name in ("age", "size"))
FINE = Version(
    name="2",
    path="m/2",
    created=TODAY - 10 * DAY,
    card="# A card",
    facts=CardFacts(owner="team", licence="mit", intended_use="tests"),
    metrics=(Metric(key="rmse", value=1.0),),
    mlmodel=MLmodel(signature=Signature(inputs=(AGE, SIZE))),
    example=Example(columns=("age", "size"), rows=(("1.0", "2.0"),), count=1),
    environment=Environment(requirements=(Requirement(name="scikit_learn", text="scikit-learn==1.0", version="1.0"),)),
    files=(LoggedFile(path="model.pkl", size=MIB, role="", sha256="a"),),
    pickles=(PickleFile(path="model.pkl", imports=(("sklearn.linear_model", "LinearRegression"),)),),
)
CHAMPION = replace(FINE, name="1", path="m/1", aliases=("champion",))
MODEL = Model(name="m", kind="registered", aliases=(("champion", "1"),), versions=(CHAMPION, FINE))


def with_newest(**fields: object) -> Model:
    """The model, whose newest version is another."""
    return replace(MODEL, versions=(CHAMPION, replace(FINE, **fields)))  # type: ignore[arg-type]


LOOSE = Environment(requirements=(Requirement(name="scikit-learn", text="scikit-learn"),))
WRITTEN: dict[str, Json] = {"sklearn_version": "1.9.1"}
FACTS = CardFacts(owner="team", licence="mit", intended_use="tests")
FAULTS: dict[str, list[Model]] = {
    "card-missing": [with_newest(card=None)],
    "owner-missing": [with_newest(facts=replace(FACTS, owner=None))],
    "licence-missing": [with_newest(facts=replace(FACTS, licence=None))],
    "use-missing": [with_newest(facts=replace(FACTS, intended_use=None))],
    "metrics-missing": [with_newest(metrics=())],
    "example-fit": [with_newest(example=Example(columns=("age",), rows=(("1.0",),), count=1))],
    "requirement-differs": [
        with_newest(mlmodel=replace(FINE.mlmodel or MLmodel(), flavors=(Flavor(name="sklearn", keys=WRITTEN),)))
    ],
    "metric-worse": [with_newest(metrics=(Metric(key="rmse", value=1.1),))],
    "environment-worse": [with_newest(environment=LOOSE)],
    "version-stale": [with_newest(created=TODAY - 366 * DAY)],
    "pickle-imports": [with_newest(pickles=(PickleFile(path="model.pkl", imports=(("os", "system"),)),))],
    "file-huge": [with_newest(files=(LoggedFile(path="model.pkl", size=501 * MIB, role=""),))],
    "file-double": [with_newest(files=(*FINE.files, FINE.files[0]._replace(path="copy.pkl")))],
    "private-path": [
        with_newest(tags=(("data", "[private path]/train.csv"),)),
        with_newest(params=(("data", "see [private path]"),)),
        with_newest(description="in [private path]"),
    ],
}
"""Models in which one rule finds something. `ignore-expired` is about settings: `test_check_policy.py`."""


def rules(model: Model, settings: Check = Check()) -> list[str]:  # noqa: B008 - never changed
    """The rules that find something."""
    return [one.diagnostic.rule for one in quality_findings(model, Metrics(), settings, TODAY)]


def test_every_rule_has_a_fault() -> None:
    assert set(FAULTS) == set(QUALITY_RULES) - {"ignore-expired"}


def test_tests_about_reading_switch_all_of_them_off() -> None:
    levels = dict(read_settings(READING[1]).check.levels)
    assert levels == dict.fromkeys(QUALITY_RULES, "off")


def test_a_good_model_has_no_findings() -> None:
    assert rules(MODEL) == []


@pytest.mark.parametrize(("rule", "model"), [(rule, model) for rule, models in FAULTS.items() for model in models])
def test_a_fault_is_found(rule: str, model: Model) -> None:
    """Once, about the newest version or the model, and by no other rule."""
    [found] = [one for one in quality_findings(model, Metrics(), Check(), TODAY) if one.version != 0]
    assert found.diagnostic.rule == rule
    assert found.diagnostic.path.startswith("m/2") and found.diagnostic.severity == RULES[rule].severity


@pytest.mark.parametrize("rule", ["card-missing", "owner-missing", "licence-missing", "use-missing"])
def test_the_model_answers_for_its_versions(rule: str) -> None:
    """A card and facts of the model are enough."""
    model = replace(FAULTS[rule][0], description="About it", facts=FACTS)
    assert rules(model) == []


def test_attempts_need_no_papers() -> None:
    """Logged models are attempts: nobody is asked for an owner, and nothing is worse than a baseline."""
    for rule in ("card-missing", "owner-missing", "metrics-missing", "metric-worse", "version-stale"):
        assert rules(replace(FAULTS[rule][0], kind="logged", aliases=())) == []
    assert rules(replace(FAULTS["pickle-imports"][0], kind="logged", aliases=())) == ["pickle-imports"]


@pytest.mark.parametrize("rule", ["metric-worse", "environment-worse"])
def test_the_baseline_itself_is_not_worse(rule: str) -> None:
    """Nor is a model without one."""
    newest = FAULTS[rule][0].versions[1]
    for aliases in ((), (("champion", "2"),)):
        assert rules(replace(MODEL, aliases=aliases, versions=(replace(CHAMPION, aliases=()), newest))) == []


def test_limits_can_be_switched_off() -> None:
    settings = Check(stale_days=0, huge_mib=0)
    assert rules(FAULTS["version-stale"][0], settings) == rules(FAULTS["file-huge"][0], settings) == []
    assert rules(MODEL, Check(stale_days=9)) == ["version-stale"]


def test_small_files_may_be_equal() -> None:
    small = FINE.files[0]._replace(size=MIB - 1)
    assert rules(with_newest(files=(small, small._replace(path="copy.pkl")))) == []


# --- scores ----------------------------------------------------------------------------------------------------


def test_a_score_is_arithmetic() -> None:
    """100, less the points of each rule, whatever finds it."""
    found = score_of(MODEL)
    assert found and found.value == 100 and found.losses == ()
    model = with_newest(
        card=None,
        facts=replace(FACTS, licence=None),
        problems=(problem("signature-tensor", "x", "m/2/MLmodel"), problem("signature-tensor", "y", "m/2/MLmodel")),
    )
    found = score_of(model)
    assert found and found.value == 100 - 10 - 5 - 5
    assert [loss.rule for loss in found.losses] == ["card-missing", "licence-missing", "signature-tensor"]


def test_a_score_does_not_depend_on_the_day_or_on_other_versions() -> None:
    for rule in ("version-stale", "metric-worse", "environment-worse"):
        assert RULES[rule].points == 0
        found = score_of(FAULTS[rule][0])
        assert found and found.value == 100


def test_a_score_is_never_negative() -> None:
    broken = [name for name, rule in RULES.items() if rule.points]
    assert sum(RULES[name].points for name in broken) > 100
    found = score_of(with_newest(problems=tuple(problem(name, "x", "m") for name in broken)))
    assert found and found.value == 0


def test_attempts_have_no_score() -> None:
    assert score_of(replace(MODEL, kind="logged")) is None and score_of(replace(MODEL, versions=())) is None
