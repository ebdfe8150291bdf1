"""Code on a version's page that logs it again, better."""

import json

import pytest

from sitegen.analysis.usage.log_signature import log_call, named_columns
from sitegen.domain.model import Version
from sitegen.formats.mlmodel import parse_mlmodel
from tests.support.registries import COLUMNS, mlmodel


def version(inputs: object, *flavors: str) -> Version:
    """A version with these inputs and flavors."""
    text = mlmodel(inputs, flavors={name: {} for name in flavors or ("python_function", "sklearn")})
    return Version(name="1", mlmodel=parse_mlmodel(text, "MLmodel").value)


def tensor(dtype: str, *shape: int) -> list[object]:
    """One unnamed array, as MLflow writes it."""
    return [{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": list(shape)}}]


CALLS = {
    ("python_function", "sklearn"): 'mlflow.sklearn.log_model(model, name="model", signature=signature)',
    ("fastai", "python_function"): 'mlflow.fastai.log_model(model, name="model", signature=signature)',
    ("python_function",): 'mlflow.pyfunc.log_model(name="model", python_model=model, signature=signature)',
    ("python_function", "our own"): 'mlflow.pyfunc.log_model(name="model", python_model=model, signature=signature)',
    ("mleap", "spark"): 'mlflow.spark.log_model(model, name="model", signature=signature)',
}


@pytest.mark.parametrize(("flavors", "call"), CALLS.items())
def test_a_model_is_logged_in_its_own_flavor(flavors: tuple[str, ...], call: str) -> None:
    """As a python_function where its library is not known."""
    assert log_call(version(None, *flavors)) == call
    assert log_call(version(COLUMNS, *flavors)) == call


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
    lines = named_columns(version(tensor(dtype, -1, width))).splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[-1] == CALLS["python_function", "sklearn"]
    assert f'ColSpec("{specs[0]}", name) for name in names' in lines[-2]
    names: dict[str, object] = {}
    exec("\n".join(lines[3:-3]), names)
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
    assert named_columns(version(inputs)) == ""
