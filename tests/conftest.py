"""Fixtures that many tests share, the options of the suite, and how long hypothesis looks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests import sites
from tests.browsing import chromium, served

ROOT = Path(__file__).parent.parent

LONG = os.environ.get("SITEGEN_TESTS") == "long"
"""Whether tests that look for rare things take hours instead of seconds."""

ALL = os.environ.get("SITEGEN_TESTS") in ("all", "long")
"""Whether it is a failure that a system does not let tests mount or make things; else it is told at their end."""

SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
"""A machine that stops for a while is no mistake of a test."""

settings.register_profile("short", max_examples=60, derandomize=True, **SLOW)
settings.register_profile("long", max_examples=20_000, **SLOW)
settings.load_profile("long" if LONG else "short")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-cases` rewrites what the cases expect."""
    parser.addoption("--update-cases", action="store_true", help="rewrite tests/cases/*/expected; read the diff")


def untried(what: str) -> None:
    """Tell what a system does not let tests try; where all must be tried the test fails."""
    assert not ALL, f"this system does not let tests {what}"
    print(f"this system does not let tests {what}")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the cache of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the sample registry."""
    return sites.built(ROOT / "sample_registry", tmp_path_factory.mktemp("sample") / "site")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, for one module: playwright's event loop must not be there for others, which have their own."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The address at which the module's site is served."""
    with served(site) as address:
        yield address
