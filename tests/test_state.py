"""What is read back from a state that may come from anybody."""

import sys

import pytest

from sitegen.domain.model import Metric
from sitegen.state import opened, packed, sealed, unpacked


def test_what_was_packed_comes_back_under_its_own_name() -> None:
    """A value of the package, and nothing for another name or a changed byte."""
    value = (Metric(key="auc", value=0.5), {"a": [1, None, b"x"]})
    blob = packed(value, "churn")
    assert unpacked(blob, "churn") == value
    assert unpacked(blob, "credit") is None
    assert all(unpacked(blob[:n] + bytes([blob[n] ^ 1]) + blob[n + 1 :], "churn") is None for n in range(len(blob)))
    assert opened(sealed(b"lines", "churn"), "churn") == b"lines"


CALLS = {
    "a function of Python": b"cthis\nd\n.",
    "a module that is imported": b"csitegen.state\nimport_module\n(S'this'\ntR.",
    "a function of the package": b"csitegen.cli\nmain\n((S'--version'\nltR.",
    "a module that does something": b"csitegen.__main__\nmain\n.",
    "a class that the package has from elsewhere": b"csitegen.state\nPath\n(S'/'\ntR.",
    "an attribute of an attribute": b"\x80\x04\x8c\x0dsitegen.state\x8c\x0bPath.unlink\x93.",
}


@pytest.mark.parametrize("data", CALLS.values(), ids=CALLS)
def test_nothing_but_values_of_the_package_is_built(data: bytes) -> None:
    """Nothing is called, nothing is imported: the blob reads as unknown."""
    assert unpacked(sealed(data, "churn"), "churn") is None
    assert "this" not in sys.modules
