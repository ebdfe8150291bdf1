"""What `pip install .` gives to a user: all modules and all templates."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.conftest import ROOT


def below(folder: str) -> set[str]:
    """The files of a folder of the repository, as they are called in the wheel."""
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(ROOT).as_posix() for path in paths}


def test_everything_is_in_the_wheel(tmp_path: Path) -> None:
    """Templates lie inside of the package there, so that one folder has all."""
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == below("sitegen") | {f"sitegen/{path}" for path in below("templates")}
