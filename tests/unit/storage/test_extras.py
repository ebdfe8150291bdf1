"""How a user adds an extra to the installation that runs."""

from pathlib import Path

import pytest

from sitegen.storage.extras import install_command, install_hint
from tests.support.options import ROOT

ORIGINS: dict[str, tuple[dict[str, object], str]] = {
    "a package index": ({}, "pip install 'model-sitegen[s3]'"),
    "a wheel elsewhere": (
        {"url": "https://example.org/a.whl", "archive_info": {}},
        "pip install 'model-sitegen[s3] @ https://example.org/a.whl'",
    ),
    "a repository": (
        {"url": "https://example.org/a.git", "vcs_info": {"vcs": "git", "commit_id": "4f2a"}},
        "pip install 'model-sitegen[s3] @ git+https://example.org/a.git@4f2a'",
    ),
    "a folder that is gone": ({"url": "file:///no/such/folder", "dir_info": {}}, "pip install 'model-sitegen[s3]'"),
    "tables that are none": ({"url": "file:///", "dir_info": []}, "pip install '/[s3]'"),
}


@pytest.mark.parametrize(("origin", "expected"), ORIGINS.values(), ids=ORIGINS)
def test_the_command_names_the_origin(origin: dict[str, object], expected: str) -> None:
    assert install_command("s3", origin) == expected


@pytest.mark.parametrize("editable", [True, False])
def test_a_folder_is_named_by_its_path_or_as_the_current_one(
    editable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the quotes that a shell needs."""
    folder = tmp_path / "it's 100% ours"
    folder.mkdir()
    origin: dict[str, object] = {"url": folder.as_uri(), "dir_info": {"editable": editable} if editable else {}}
    option = "-e " if editable else ""
    written = str(folder).replace("'", "'\"'\"'")
    assert install_command("dask", origin) == f"pip install {option}'{written}[dask]'"
    monkeypatch.chdir(folder)
    assert install_command("dask", origin) == f"pip install {option}'.[dask]'"


def test_a_hint_in_a_clone_is_about_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed from it or not."""
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT)  # where a build leaves metadata that names no origin
    assert install_hint("mlflow") in ("pip install '.[mlflow]'", "pip install -e '.[mlflow]'")
