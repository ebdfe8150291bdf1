"""Draws the picture of a review in README: `python -m tests.campaigns.picture` writes `.github/review.png`.

The review is of a branch that adds the newest version of a model to the sample registry.
"""

import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image

from sitegen.cli.main import main as command
from tests.support.browsers import chromium
from tests.support.repositories import commit, repository

ROOT = Path(__file__).parents[2]
MODEL, VERSION = "heart-disease-classifier", "3"
SIZE = {"width": 1120, "height": 900}
COLORS = 64
"""Colors of the picture: text in few colors needs no more, and a repository should not carry large files."""


def review(folder: Path) -> Path:
    """The pages of the review."""
    registry = shutil.copytree(ROOT / "sample_registry" / MODEL, folder / "git" / MODEL)
    sidecar = registry / "model.yaml"
    whole, version = sidecar.read_text(), registry / VERSION
    sidecar.write_text("".join(line for line in whole.splitlines(keepends=True) if "challenger" not in line))
    version.rename(folder / VERSION)
    repository(folder / "git", {})
    (folder / VERSION).rename(version)
    sidecar.write_text(whole)
    commit(folder / "git", {}, "exact-age")
    os.chdir(folder / "git")
    command(["diff", "main", "exact-age", "--format", "html", "--output", str(folder / "review")])
    return folder / "review/index.html"


def main() -> None:
    """Review, draw, write."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(review(folder).as_uri())
        page.screenshot(path=folder / "review.png")
        with Image.open(folder / "review.png") as image:
            target = ROOT / ".github/review.png"
            image.convert("RGB").quantize(COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
                target, optimize=True
            )
        print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
