"""Code on a version's page that logs it again, better."""

import json
from dataclasses import replace

import pytest

from sitegen.analysis.usage.log_signature import log_signature, named_columns
from sitegen.domain.model import MLmodel, Version
from sitegen.formats.mlmodel import parse_mlmodel
from tests.support.registries import COLUMNS, mlmodel


def version(inputs: object, *flavors: str) -> Version:
    """A version with these inputs and flavors."""
    text = mlmodel(inputs, flavors={name: {} for name in flavors or ("python_function", "sklearn")})
    return Version(name="1", mlmodel=parse_mlmodel(text, "MLmodel").value)


def tensor(dtype: str, *shape: int) -> list[object]:
    """One unnamed array, as MLflow writes it."""
    return [{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": list(shape)}}]


LOG = 'log_model(model, "model", signature=signature'
CALLS = {
    ("python_function", "sklearn"): f'mlflow.sklearn.{LOG}, serialization_format="cloudpickle")',
    ("lightgbm", "python_function"): f"mlflow.lightgbm.{LOG})",
    ("python_function", "xgboost"): f"mlflow.xgboost.{LOG})",
    ("mleap", "spark"): f"mlflow.spark.{LOG})",
    ("python_function", "shap"): f"mlflow.shap.{LOG.replace('log_model', 'log_explainer')})",
    ("python_function",): 'mlflow.pyfunc.log_model("model", python_model=model, input_example=X)',
    ("python_function", "our own"): 'mlflow.pyfunc.log_model("model", python_model=model, input_example=X)',
    ("fastai", "python_function"): 'mlflow.pyfunc.log_model("model", python_model=model, input_example=X)',
}


@pytest.mark.parametrize(("flavors", "call"), CALLS.items())
def test_a_model_is_logged_in_its_own_flavor(flavors: tuple[str, ...], call: str) -> None:
    """As a python_function where its library is not known, or MLflow lacks it today. The code says what it needs."""
    for inputs in (None, COLUMNS):
        snippet = log_signature(version(inputs, *flavors))
        compile(snippet.text, "snippet", "exec")
        assert snippet.text.startswith("import mlflow\n")
        assert snippet.text.splitlines()[-1] == call
        assert len(snippet.needs) == 2 and all(f"# {need}" in snippet.text for need in snippet.needs)


@pytest.mark.parametrize(("written", "name"), [("3.17.2", 'name="model"'), ("2.22.5", '"model"'), ("x", '"model"')])
def test_the_name_of_the_model_is_an_argument_since_mlflow_3(written: str, name: str) -> None:
    for flavors in (("sklearn",), ("python_function",)):
        mlmodel = replace(version(None, *flavors).mlmodel or MLmodel(), mlflow_version=written)
        call = log_signature(Version(name="1", mlmodel=mlmodel)).text.rpartition("log_model(")[2]
        assert name in [one.strip() for one in call.split(",")]


FORMATS = {
    "serialization_format: pickle, skops_trusted_types: null": 'serialization_format="pickle")',
    "serialization_format: skops, skops_trusted_types: [a.B]": (
        'serialization_format="skops", skops_trusted_types=["a.B"], )'
    ),
}


@pytest.mark.parametrize(("keys", "options"), FORMATS.items())
def test_a_model_is_logged_in_its_own_format(keys: str, options: str) -> None:
    """MLflow's default changed, and refuses types that nobody trusts."""
    text = mlflow_text(f"sklearn: {{{keys}}}")
    snippet = log_signature(Version(name="1", mlmodel=parse_mlmodel(text, "MLmodel").value))
    assert " ".join(snippet.text.split()).endswith(f"signature=signature, {options}")


def mlflow_text(flavors: str) -> str:
    """An MLmodel file with these flavors."""
    return f"flavors: {{{flavors}}}\n"


SPECS = {
    ("float64", 3): ("double", ["column_1", "column_2", "column_3"]),
    ("float32", 1): ("float", ["column_1"]),
    ("uint8", 20): ("integer", [f"column_{number}" for number in range(1, 21)]),
    ("int64", 784): ("long", [f"column_{number}" for number in range(1, 785)]),
    ("str", 2): ("string", ["column_1", "column_2"]),
}


@pytest.mark.parametrize(("array", "specs"), SPECS.items())
def test_each_column_of_an_array_gets_a_name(array: tuple[str, int], specs: tuple[str, list[str]]) -> None:
    """As many as the array has, of the type that holds its values; the code does what it says."""
    dtype, width = array
    snippet = named_columns(version(tensor(dtype, -1, width)))
    assert snippet
    lines = snippet.text.splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[-1] == CALLS["python_function", "sklearn"]
    assert f'ColSpec("{specs[0]}", name) for name in names' in lines[-2]
    names: dict[str, object] = {}
    exec("\n".join(lines[4:-3]), names)
    assert names["names"] == specs[1]


NO_COLUMNS = (
    tensor("uint8", -1, 300, 300, 3),
    tensor("float64", -1),
    tensor("float64", -1, -1),
    tensor("float64", 10, 4),
    tensor("complex128", -1, 4),
    tensor("float64", -1, 4) * 2,
    [{**tensor("float64", -1, 4)[0], "name": "x"}],  # type: ignore[dict-item]
    COLUMNS,
    None,
)


@pytest.mark.parametrize("inputs", NO_COLUMNS, ids=json.dumps)
def test_what_has_no_columns_gets_no_names(inputs: object) -> None:
    """Images, arrays of any width, what is named or a table already."""
    assert named_columns(version(inputs)) is None
