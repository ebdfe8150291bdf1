"""Which versions offer tools for callers, and the payload that is made of an example."""

import json
from dataclasses import replace

import pytest

from sitegen.domain.model import Example, Flavor, MLmodel, Version
from sitegen.domain.signature import Array, Column, ParamSpec, Scalar, Signature, Tensor
from sitegen.site.views.parts import MAX_ROWS
from sitegen.site.views.use import use_view

AGE, NOTE = Column(name="age", type=Scalar("long")), Column(name="note", type=Scalar("string"))
TOP = ParamSpec(name="top", type=Scalar("long"), default=3)
TABLE = Signature(inputs=(AGE, NOTE), outputs=(AGE,), params=(TOP,))
PYFUNC = MLmodel(flavors=(Flavor(name="python_function", keys={}),))


def version(
    signature: Signature | None = TABLE, mlmodel: MLmodel | None = PYFUNC, example: Example | None = None
) -> Version:
    """A version that has a signature."""
    return Version(name="1", mlmodel=mlmodel and replace(mlmodel, signature=signature), example=example)


def payload(signature: Signature, columns: tuple[str, ...], *rows: tuple[str, ...], params: str | None = None) -> str:
    """The payload of an example."""
    one = Example(columns=columns, rows=rows, count=len(rows), params=params)
    found = use_view(version(signature, example=one))
    assert found
    return found.example


def test_the_signature_is_that_of_the_api_without_outputs() -> None:
    found = use_view(version())
    assert found and found.maps and found.example == ""
    stated = json.loads(found.signature)
    assert stated["inputs"][0] == {"name": "age", "type": "long", "required": True, "shape": None}
    assert stated["params"] == [{"name": "top", "type": "long", "default": 3, "shape": None}]
    assert stated.keys() == {"inputs", "params"}


@pytest.mark.parametrize(
    "other",
    [
        version(None),
        version(mlmodel=None),
        version(mlmodel=MLmodel(flavors=(Flavor(name="sklearn", keys={}),))),
        version(mlmodel=replace(PYFUNC, signature_from_type_hint=True)),
        version(Signature(outputs=(AGE,))),
        version(Signature(inputs=(), params=())),
        version(replace(TABLE, unreadable=("inputs",))),
        version(Signature(inputs=(AGE, Column(name="x", type=Tensor("float32", (-1,)))))),
        version(Signature(inputs=(AGE,) * (MAX_ROWS + 1))),
    ],
)
def test_no_tools_where_mlflow_checks_nothing_or_something_else(other: Version) -> None:
    assert use_view(other) is None


def test_params_alone_are_checked_and_nothing_is_mapped() -> None:
    found = use_view(version(Signature(params=(TOP,))))
    assert found and not found.maps


def test_an_example_is_a_payload() -> None:
    """Texts stay texts, numbers become numbers, params come along."""
    found = json.loads(payload(TABLE, ("age", "note"), ("4", "7"), ("null", "a"), params='{"top": 5}'))
    assert found == {
        "dataframe_split": {"columns": ["age", "note"], "data": [[4, "7"], [None, "a"]]},
        "params": {"top": 5},
    }


def test_an_example_of_arrays() -> None:
    for shape, rows, values in (((-1,), (("1",), ("2",)), [1, 2]), ((-1, 2), (("1", "[2]"),), [[1, [2]]])):
        unnamed = Signature(inputs=(Column(name=None, type=Tensor("int64", shape)),))
        assert json.loads(payload(unnamed, (), *rows)) == {"inputs": values}


@pytest.mark.parametrize(
    ("signature", "columns", "row"),
    [
        (TABLE, ("age", "other"), ("1", "a")),
        (TABLE, ("age",), ("12 hidden",)),
        (TABLE, ("age", "note"), ("1",)),
        (TABLE, (), ("1",)),
        (Signature(inputs=(Column(name="a", type=Array(Scalar("long"))),)), ("a",), ("[1, 2, …",)),
        (Signature(inputs=(Column(name="a", type=Tensor("int64", (-1,))),)), ("a",), ("[1, 2]",)),
    ],
)
def test_an_example_that_the_page_has_in_part_is_no_payload(
    signature: Signature, columns: tuple[str, ...], row: tuple[str, ...]
) -> None:
    assert payload(signature, columns, row) == ""


@pytest.mark.parametrize("task", ["agent/v1/responses", "agent/v3/chat", "llm/v1/chat"])
def test_the_payload_of_an_agent_is_not_checked(task: str) -> None:
    """The agent itself checks its messages, beyond the signature."""
    assert use_view(version(mlmodel=replace(PYFUNC, metadata={"task": task}))) is None
    assert use_view(version(mlmodel=replace(PYFUNC, metadata={"task": "regression"})))
