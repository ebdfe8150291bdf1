"""Other servers: object stores, Dask clusters, tracking servers of MLflow."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of this folder."""
    item.add_marker("services")
