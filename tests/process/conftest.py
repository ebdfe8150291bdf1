"""The program as a process: its command line, its end, and what the system does to it."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of this folder."""
    item.add_marker("process")
