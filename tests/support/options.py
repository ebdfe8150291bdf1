"""The options of the suite, and where the project lies."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]

LONG = os.environ.get("SITEGEN_TESTS") == "long"
"""Whether tests that look for rare things take hours instead of seconds."""

ALL = os.environ.get("SITEGEN_TESTS") in ("all", "long")
"""Whether it is a failure that a system does not let tests mount or make things; else it is told at their end."""


def untried(what: str) -> None:
    """Tell what a system does not let tests try; where all must be tried the test fails."""
    assert not ALL, f"this system does not let tests {what}"
    print(f"this system does not let tests {what}")
