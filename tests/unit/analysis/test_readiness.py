"""Readiness: each check by the facts that decide it, and the answer."""

from dataclasses import replace
from typing import Any

import pytest

from sitegen.analysis.readiness import Answer, Level, Readiness, readiness
from sitegen.domain.diagnostic import problem
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.model import Example, Flavor, LoggedFile, MLmodel, PickleFile, Version
from sitegen.domain.signature import Array, Column, Map, Object, Property, Scalar, Signature, Tensor, Type, Vector

DOUBLE, ARRAY = Scalar("double"), Tensor("float64", (-1, 2))
COLUMNS = (Column(name="age", type=DOUBLE), Column(name="bmi", type=DOUBLE, required=False))
SIGNATURE = Signature(inputs=COLUMNS, outputs=(Column(name=None, type=DOUBLE),))
SKLEARN = Flavor(name="sklearn", keys={"pickled_model": "model.skops"})
PYFUNC = Flavor(name="python_function", keys={"model_path": "model.skops", "env": {"virtualenv": "python_env.yaml"}})
MLMODEL = MLmodel(flavors=(PYFUNC, SKLEARN), signature=SIGNATURE)
VERSION = Version(
    name="1",
    path="m/1",
    mlmodel=MLMODEL,
    environment=Environment(python="3.11.7", requirements=(Requirement(name="numpy", text="numpy==2", version="2"),)),
    example=Example(columns=("age",), rows=(("1.0",),), count=1),
)
PAYLOAD = '{"dataframe_split": {}}'


def check(version: Version, title: str, payload: str = PAYLOAD) -> tuple[Answer, Level, str]:
    """The answer, and the level and detail of one check."""
    found = readiness(version, payload)
    assert found
    [one] = [one for one in found.checks if one.title == title]
    return found.answer, one.level, one.detail


def model(**fields: Any) -> Version:
    """The version with other fields in its MLmodel."""
    return replace(VERSION, mlmodel=replace(MLMODEL, **fields))


def signed(*inputs: Column) -> Version:
    """The version with other inputs."""
    return model(signature=Signature(inputs=inputs))


REFUSED = "from Spark MLflow refuses vectors, and integer, float and datetime values in maps and objects"
NESTED: list[tuple[Type, Answer, Level]] = [
    (Map(Scalar("integer")), "limits", "limit"),
    (Array(Object((Property("a", Scalar("datetime")),))), "limits", "limit"),
    (Vector(), "limits", "limit"),
    (Map(Array(Scalar("integer"))), "ready", "pass"),
    (Object((Property("a", Scalar("long")),)), "ready", "pass"),
]
LOOSE = Environment(
    requirements=(Requirement(name="a", text="a"), Requirement(name="b", text="b @ https://e.org/b.whl"))
)
PICKLE = PickleFile(path="model.pkl", imports=(("numpy", "ndarray"),))
COMMAND = PickleFile(path="model.pkl", imports=(("os", "system"), ("posix", "fork"), ("pty", "spawn")))
MISSING = (problem("file-missing", "x", "m/1/MLmodel"),)
NO_CONDA = (problem("environment-missing", "x", "m/1/MLmodel"),)
NOT_INCLUDED = (problem("environment-missing", "x", "m/1/requirements.txt"),)
PICKLED = model(flavors=(Flavor(name="python_function", keys={"model_path": "model.pkl"}),))


def with_releases(required: str, written: str) -> Version:
    """A version that requires one release of scikit-learn, and was written with another."""
    flavor = Flavor(name="sklearn", keys={"sklearn_version": written})
    pin = Requirement(name="scikit_learn", text=f"scikit-learn=={required}", version=required)
    return replace(model(flavors=(PYFUNC, flavor)), environment=Environment(requirements=(pin,)))


OTHER_RELEASE = with_releases("1.5.0", "1.9.1")
CHECKS: list[tuple[str, Version, Answer, Level, str]] = [
    ("Signature", VERSION, "ready", "pass", "1 required input, 1 optional, 1 output"),
    ("Signature", model(signature=None), "no", "fail", "none: Fabric PREDICT needs one"),
    ("Signature", model(signature=Signature(outputs=COLUMNS)), "no", "fail", "states no inputs"),
    ("Column-based", VERSION, "ready", "pass", "one field per input in the Fabric wizard"),
    (
        "Column-based",
        signed(Column(name=None, type=ARRAY)),
        "limits",
        "limit",
        "one array: the Fabric wizard shows a single field",
    ),
    (
        "Column-based",
        signed(*[Column(name=name, type=ARRAY) for name in "ab"]),
        "no",
        "fail",
        "several arrays: Fabric PREDICT accepts tables only",
    ),
    ("python_function flavor", model(flavors=(SKLEARN,)), "no", "fail", "missing"),
    (
        "python_function flavor",
        model(flavors=(PYFUNC,)),
        "limits",
        "limit",
        "spark_udf loads it; the documentation of Fabric PREDICT lists other libraries only",
    ),
    ("Example input", VERSION, "ready", "pass", "1 row, all required inputs present"),
    ("Example input", replace(VERSION, example=None), "ready", "none", "none logged"),
    (
        "Example input",
        signed(Column(name="other", type=DOUBLE)),
        "limits",
        "limit",
        "1 row, but a required input is missing",
    ),
    ("Requirements pinned", VERSION, "ready", "pass", "1 of 1; Python 3.11.7"),
    ("Requirements pinned", replace(VERSION, environment=LOOSE), "limits", "limit", "1 of 2"),
    ("Requirements pinned", replace(VERSION, environment=Environment()), "limits", "limit", "no file lists packages"),
    ("Files present", VERSION, "ready", "pass", "2 of 2 that flavors name"),
    ("Files present", replace(VERSION, problems=MISSING), "broken", "fail", "1 of 2 that flavors name"),
    ("Files present", replace(VERSION, problems=NO_CONDA), "limits", "limit", "1 of 2 that flavors name"),
    ("Files present", replace(VERSION, problems=NOT_INCLUDED), "ready", "pass", "2 of 2 that flavors name"),
    ("Files present", replace(VERSION, path=None), "broken", "fail", "the files are not below the registry's folder"),
    ("Pickle", VERSION, "ready", "pass", "none found"),
    ("Pickle", replace(PICKLED, problems=MISSING), "broken", "unknown", "the file is missing"),
    ("Pickle", replace(PICKLED, path=None), "broken", "unknown", "the files are missing"),
    (
        "Requirements",
        OTHER_RELEASE,
        "limits",
        "limit",
        "scikit-learn pinned to another release than the one that wrote the model, see Environment; 1 of 1 pinned",
    ),
    (
        "Pickle",
        replace(VERSION, pickles=(PICKLE,)),
        "ready",
        "limit",
        "loading a pickle runs code; 1 import, none on the list of dangerous ones",
    ),
    (
        "Pickle",
        replace(VERSION, pickles=(COMMAND,)),
        "limits",
        "limit",
        "imports os.system, posix.fork and 1 more: may run any command",
    ),
    (
        "Pickle",
        replace(VERSION, files=(LoggedFile("a.pkl", 1, ""),)),
        "ready",
        "limit",
        "loading a pickle runs code; not all imports could be read",
    ),
    (
        "Source of the signature",
        model(signature_from_type_hint=True),
        "ready",
        "limit",
        "type hints of the predict function: calls are checked against these",
    ),
]


@pytest.mark.parametrize(("title", "version", "answer", "level", "detail"), CHECKS)
def test_checks_of_batch_scoring(title: str, version: Version, answer: Answer, level: Level, detail: str) -> None:
    """A check that fails decides; those of pickles without danger, and of origins, decide nothing."""
    assert check(version, title) == (answer, level, detail)


def test_an_agent_without_resources_lacks_nothing() -> None:
    version = model(metadata={"task": "agent/v1/responses"})
    assert check(version, "Resources", "") == ("ready", "none", "the MLmodel names none")


@pytest.mark.parametrize(("required", "written"), [("1.9", "1.9.0"), ("2.1.0", "2.1.0+cu121"), ("1.9.1", "1.9.1")])
def test_one_release_has_several_spellings(required: str, written: str) -> None:
    assert check(with_releases(required, written), "Requirements pinned") == ("ready", "pass", "1 of 1")


def test_the_answer_names_its_limits() -> None:
    found = readiness(replace(VERSION, environment=LOOSE, pickles=(COMMAND,)), PAYLOAD)
    assert found and found.limits == ("1 package not pinned", "a pickle that may run any command")


def test_every_limit_that_decides_has_a_name() -> None:
    for _, version, _, _, _ in CHECKS:
        found = readiness(version, PAYLOAD)
        assert found and all(found.limits)


def test_an_example_that_is_shown_in_part_is_not_judged() -> None:
    assert check(VERSION, "Example input", "") == ("ready", "unknown", "1 row, not compared with the signature")


def test_agents_are_asked_other_questions() -> None:
    """Of tables nothing, of code and resources something."""
    code = Flavor(name="python_function", keys={"model_code_path": "/home/me/agent.py"})
    resources: Any = {"api_version": "1", "databricks": {"function": [{"name": "f"}], "table": [{"name": "t"}]}}
    version = model(metadata={"task": "agent/v1/responses"}, flavors=(code,), rest={"resources": resources})
    found = readiness(version, "")
    assert isinstance(found, Readiness) and found.answer == "ready" and found.task == "agent/v1/responses"
    titles = [one.title for one in found.checks]
    assert "Column-based" not in titles and "Example input" not in titles
    assert check(version, "Code file", "")[2] == "agent.py: loading runs it"
    assert check(version, "Resources", "")[1:] == ("pass", "2 resources of other services named")


def test_nothing_is_said_of_an_unreadable_mlmodel() -> None:
    assert readiness(replace(VERSION, mlmodel=None), "") is None


def test_versions_with_equal_facts_share_their_checks() -> None:
    """So that pages share the text, too."""
    assert readiness(VERSION, PAYLOAD) is readiness(replace(VERSION, name="2"), PAYLOAD)


@pytest.mark.parametrize(("type", "answer", "level"), NESTED)
def test_nested_values_that_spark_changes_are_a_limit(type: Type, answer: Answer, level: Level) -> None:
    example = Example(columns=("age",), rows=(("x",),), count=1)
    version = replace(signed(Column(name="age", type=type)), example=example)
    detail = REFUSED if level == "limit" else "one field per input in the Fabric wizard"
    assert check(version, "Column-based") == (answer, level, detail)
