"""Values and functions, one folder for each room of the package: no site, no process, no browser."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of this folder."""
    item.add_marker("unit")
