"""The first row of the logged example beside the inputs of a signature."""

import pytest

from sitegen.domain.model import Example
from sitegen.domain.signature import Array, Column, Object, Property, Scalar, Signature, Tensor, Type
from sitegen.site.views.example_column import signature_with_example
from sitegen.site.views.parts import signature_view

DOUBLE = Scalar("double")
NESTED = Object((Property("age", DOUBLE),))


def columns(**types: Type) -> Signature:
    """A signature with these inputs."""
    return Signature(inputs=tuple(Column(name=name, type=type) for name, type in types.items()))


def example(*rows: tuple[str, ...], names: tuple[str, ...] = ("age", "note")) -> Example:
    """An example with these columns."""
    return Example(columns=names, rows=rows, count=len(rows))


def test_each_input_has_its_value_of_the_first_row() -> None:
    view = signature_with_example(
        columns(note=Scalar("string"), age=DOUBLE, bmi=DOUBLE), example(("1.5", "x"), ("2", "y"))
    )
    assert [(row.name, row.example) for row in view.inputs or ()] == [("note", "x"), ("age", "1.5"), ("bmi", "")]
    assert view.has_example


def test_members_of_an_object_have_none() -> None:
    """Although one has the name of a column; a long value is cut."""
    view = signature_with_example(
        columns(note=NESTED, age=Array(DOUBLE)), example(("[1, " + "2, " * 50 + "3]", '{"age": 1}'))
    )
    found = [row.example for row in view.inputs or ()]
    assert found[:2] == ['{"age": 1}', ""] and len(found[2]) <= 60 and found[2].endswith("…")


@pytest.mark.parametrize(
    ("signature", "logged"),
    [
        (columns(age=DOUBLE), None),
        (columns(age=DOUBLE), example()),
        (columns(age=DOUBLE), example(("1",), names=("other",))),
        (columns(age=DOUBLE), example(("1",), names=())),
        (Signature(inputs=(Column(name=None, type=Tensor("float32", (-1, 2))),)), example(("1", "2"))),
        (Signature(outputs=()), example(("1", "2"))),
    ],
)
def test_without_values_the_tables_are_those_of_the_signature(signature: Signature, logged: Example | None) -> None:
    assert signature_with_example(signature, logged) is signature_view(signature)


def test_versions_with_equal_examples_share_their_tables() -> None:
    """So that pages share the text, too."""
    signature = columns(age=DOUBLE)
    assert signature_with_example(signature, example(("1", "x"))) is signature_with_example(
        signature, example(("1", "x"))
    )
