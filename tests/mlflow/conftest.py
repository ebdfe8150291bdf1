"""What MLflow itself says: run where SITEGEN_MLFLOW_PYTHON names a Python that has it."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of this folder."""
    item.add_marker("mlflow")
