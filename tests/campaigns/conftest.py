"""Searches for what breaks a build, and benchmarks."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of this folder."""
    item.add_marker("campaigns")
