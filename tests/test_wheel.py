"""What `pip install .` gives to a user: all modules and all templates."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.conftest import ROOT


def below(folder: Path) -> set[str]:
    """The files in a folder of the sources, as they are called in the wheel."""
    return {path.relative_to(folder.parent).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_in_the_wheel(tmp_path: Path) -> None:
    """Templates lie inside of the package there, so that one folder has all.

    It is made of a copy: setuptools keeps what it packed in the folder that it packs, and would pack it again.
    """
    source = tmp_path / "source"
    for name in ("sitegen", "templates"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    expected = below(source / "sitegen") | {f"sitegen/{path}" for path in below(source / "templates")}
    command = [sys.executable, "-m", "pip", "wheel", str(source), "--no-deps", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name} == expected
