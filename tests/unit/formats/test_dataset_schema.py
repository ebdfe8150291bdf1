"""Columns and rows of datasets, from the texts that MLflow logs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.domain.model import Pairs
from sitegen.formats.dataset_schema import MAX_COLUMNS, dataset_columns, dataset_rows

COLSPEC = [{"type": "double", "name": "age", "required": True}, {"type": "long", "name": "sex", "required": True}]
TENSOR = {"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 3]}}
SCHEMAS: list[tuple[object, Pairs | None]] = [
    ({"mlflow_colspec": COLSPEC}, (("age", "double"), ("sex", "long"))),
    (
        {"mlflow_tensorspec": {"features": [TENSOR], "targets": [TENSOR | {"name": "y"}]}},
        (("", "float64 [-1, 3]"), ("y", "float64 [-1, 3]")),
    ),
    ({"mlflow_tensorspec": {"features": [TENSOR], "targets": None}}, (("", "float64 [-1, 3]"),)),
    ({"mlflow_colspec": [{"type": {"nested": 1}}, 7]}, (("", "?"),)),
    ({}, None),
    ([], None),
    ("text", None),
]


@pytest.mark.parametrize(("schema", "expected"), SCHEMAS)
def test_columns(schema: object, expected: Pairs | None) -> None:
    assert dataset_columns(json.dumps(schema)) == expected


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"num_rows": 442, "num_elements": 4862}', 442),
        ('{"features_shape": [1]}', None),
        ("[", None),
        ('{"num_rows": true}', None),
    ],
)
def test_rows(text: str, rows: int | None) -> None:
    assert dataset_rows(text) == rows


def test_columns_are_limited() -> None:
    columns = dataset_columns(json.dumps({"mlflow_colspec": COLSPEC * MAX_COLUMNS}))
    assert columns and len(columns) == MAX_COLUMNS


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    dataset_columns(text)
    dataset_rows(text)
