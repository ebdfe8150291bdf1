"""What `pip install .` gives to a user: all modules, all templates, and advice that works for this installation."""

import subprocess
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.options import ROOT
from tests.support.wheels import build_wheel, copy_sources, pip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources."""
    return copy_sources(tmp_path_factory.mktemp("sources") / "of sitegen")


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the sources."""
    return build_wheel(source, tmp_path_factory.mktemp("wheels"))


def below(folder: Path) -> set[str]:
    """The files in a folder of the sources, as they are called in the wheel."""
    return {path.relative_to(folder.parent).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_in_the_wheel(wheel: Path) -> None:
    """Templates lie inside of the package there, so that one folder has all."""
    expected = below(ROOT / "sitegen") | {f"sitegen/{path}" for path in below(ROOT / "templates")}
    expected = {path for path in expected if "__pycache__" not in path}
    assert wheel.name.startswith("model_sitegen-")
    assert {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name} == expected


@pytest.mark.parametrize("form", ["folder", "editable", "wheel", "index"])
def test_an_installation_says_how_to_add_an_extra(form: str, source: Path, wheel: Path, tmp_path: Path) -> None:
    """By the place that it came from, until that is gone; a package index has the name alone."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = next(path for path in (tmp_path / "venv").glob("*/python*") if path.stem == "python")
    wanted = {
        "folder": ([str(source)], f"pip install '{source}[s3]'", "pip install '.[s3]'"),
        "editable": (["-e", str(source)], f"pip install -e '{source}[s3]'", "pip install -e '.[s3]'"),
        "wheel": ([str(wheel)], f"pip install '{wheel}[s3]'", f"pip install '{wheel}[s3]'"),
        "index": (
            ["--no-index", "--find-links", str(wheel.parent), "model-sitegen"],
            "pip install 'model-sitegen[s3]'",
            "pip install 'model-sitegen[s3]'",
        ),
    }
    arguments, hint, hint_at_home = wanted[form]
    pip("--python", str(python), "install", "--no-deps", "--no-compile", *arguments)
    command = [str(python), "-I", "-c", "from sitegen.storage.extras import install_hint; print(install_hint('s3'))"]
    for folder, expected in ((tmp_path, hint), (source, hint_at_home)):
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        assert done.stdout == expected + "\n"
