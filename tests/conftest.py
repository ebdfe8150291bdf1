"""Fixtures that many tests share, the options of the suite, and how long hypothesis looks."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import sites
from tests.support.options import LONG, ROOT

SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
"""A machine that stops for a while is no mistake of a test."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs the suite in the background has it ignore Ctrl-C, and what tests start would ignore it, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("short", max_examples=60, derandomize=True, **SLOW)
settings.register_profile("long", max_examples=20_000, **SLOW)
settings.load_profile("long" if LONG else "short")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-cases` rewrites what the cases expect."""
    parser.addoption("--update-cases", action="store_true", help="rewrite tests/cases/*/expected; read the diff")


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
