"""Values and functions, one folder for each room of the package: no site, no process, no browser."""

import sys
from collections.abc import Iterator

import pytest

STARTS = frozenset(["os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"])
_in_unit_test = False


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of this folder."""
    item.add_marker("unit")


@sys.addaudithook
def _refuse_processes(event: str, _arguments: tuple[object, ...]) -> None:
    """A test that starts a process belongs into another folder."""
    if _in_unit_test and event in STARTS:
        raise AssertionError(f"a unit test starts no process: {event}")


@pytest.fixture(autouse=True)
def _unit_test() -> Iterator[None]:
    """Whether a test of this folder runs."""
    global _in_unit_test
    _in_unit_test = True
    yield
    _in_unit_test = False
