"""Fixtures that many tests share, the options of the suite, and how long hypothesis looks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import sites

ROOT = Path(__file__).parent.parent

settings.register_profile("short", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=20_000, deadline=None)
settings.load_profile(os.environ.get("SITEGEN_TESTS", "short"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-cases` rewrites what the cases expect."""
    parser.addoption("--update-cases", action="store_true", help="rewrite tests/cases/*/expected; read the diff")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the cache of whoever runs it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site of the sample registry."""
    folder = tmp_path_factory.mktemp("sample")
    done = sites.sitegen("build", ROOT / "sample_registry", "--output", folder / "site", "--cache", folder / "cache")
    assert done.code == 0, done.err
    yield folder / "site"
