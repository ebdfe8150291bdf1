"""Cases: a folder is a test, a registry and what it must become."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of this folder."""
    item.add_marker("cases")
