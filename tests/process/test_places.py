"""Where things are on each system: the cache, and what `file://` means."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sitegen.core.errors import SitegenError
from sitegen.settings.cache_folder import cache_folder
from sitegen.storage.location import normalize
from tests.support.options import ROOT
from tests.unit.test_layers import PACKAGE


def test_the_cache_is_where_the_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder(None) == tmp_path / "sitegen"
    assert cache_folder("elsewhere") == Path("elsewhere")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other folders")
def test_the_cache_of_a_user_is_below_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/ann")
    assert cache_folder(None) == Path("/home/ann/.cache/sitegen")


def test_a_user_without_a_home_is_told_of_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user has no entry in the list of users."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME")

    def unknown(_number: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", unknown)
    with pytest.raises(SitegenError, match="name a folder with --cache"):
        cache_folder(None)


@pytest.mark.parametrize(
    ("system", "url", "path"),
    [
        ("posix", "file:///srv/my%20models", "/srv/my models"),
        ("posix", "file://localhost/srv", "/srv"),
        ("posix", "file:///C:/models", "/C:/models"),
        ("nt", "file:///C:/my%20models", "C:/my models"),
        ("nt", "file:///srv", "/srv"),
    ],
)
def test_a_file_url_is_a_path(system: str, url: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.storage.location.os", SimpleNamespace(name=system))
    assert normalize(url) == path


def test_texts_are_read_in_the_encoding_that_the_code_names(tmp_path: Path) -> None:
    """Windows has another default than UTF-8, and Python warns of who relies on it."""
    registry = ROOT / "sample_registry"
    script = f"from sitegen.cli.main import main; main(['build', {str(registry)!r}, '--output', 'site', '--jobs', '1'])"
    warned = ["-X", "warn_default_encoding", "-W", "always::EncodingWarning"]
    done = subprocess.run(
        [sys.executable, *warned, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert not [line for line in done.stderr.splitlines() if "EncodingWarning" in line and str(PACKAGE) in line]
