"""Wheels of the package, made from a copy of its sources."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.options import ROOT


def copy_sources(folder: Path) -> Path:
    """A copy of the sources: setuptools keeps what it packed in the folder that it packs, and would pack it again."""
    for name in ("sitegen", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def build_wheel(source: Path, folder: Path) -> Path:
    """The wheel of sources, in a folder."""
    pip("wheel", str(source), "--no-deps", "--wheel-dir", str(folder))
    (wheel,) = folder.glob("*.whl")
    return wheel


def pip(*arguments: str) -> None:
    """Run pip."""
    subprocess.run([sys.executable, "-m", "pip", "-q", *arguments], check=True, capture_output=True)
