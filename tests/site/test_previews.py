"""Images among the files of a version: shown beside them without metadata, never a link, few and small ones."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from sitegen.formats.card_images import MAX_BYTES
from sitegen.settings.settings import Files as FileSettings
from sitegen.settings.settings import Settings
from sitegen.sources.reading import MAX_PREVIEWS
from tests.support import sites
from tests.support.images import whole_png
from tests.support.registries import Files, layout, write

PNG, OTHER = whole_png(8, 8), whole_png(16, 2)
PAGE = "models/m/1/index.html"


def shown(site: Path) -> dict[str, bytes]:
    """The images of the page by their descriptions."""
    found = [one for one in sites.page(site / PAGE).all("img") if "preview/" in (one["src"] or "")]
    return {one["alt"] or "": ((site / PAGE).parent / (one["src"] or "")).read_bytes() for one in found}


def photo() -> bytes:
    """An image that says who made it."""
    exif = Image.Exif()
    exif[0x010E] = "somebody"
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 2, 3)).save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_images_are_shown_beside_the_files(tmp_path: Path) -> None:
    """Those of every raster format, with a link to their row; equal ones have one copy."""
    files: Files = {"m/1/plots/My curve.PNG": PNG, "m/1/photo.jpg": photo(), "m/1/same.png": PNG, "m/1/a.svg": "<svg/>"}
    site = sites.built(write(tmp_path / "registry", layout("m", "1") | files), tmp_path / "site")
    images = shown(site)
    assert images.keys() == {"plots/My curve.PNG", "photo.jpg", "same.png"} and images["same.png"] == PNG
    assert b"somebody" in photo() and b"somebody" not in images["photo.jpg"]
    assert len(list((site / "models/m/preview").iterdir())) == 2
    assert sites.lost_links(site) == []


LEFT_OUT: dict[str, Callable[[Path], object]] = {
    "a broken image": lambda root: write(root, {"m/1/x.png": PNG[:-1]}),
    "a text": lambda root: write(root, {"m/1/x.png": "text"}),
    "a large image": lambda root: write(root, {"m/1/x.bmp.png": whole_png(2000, 2000) + bytes(MAX_BYTES)}),
    "a link": lambda root: (root / "m/1/x.png").symlink_to(root / "m/1/a.png"),
    "a private name": lambda root: write(root, {"m/1/ghp_a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1.png": OTHER}),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_other_files_are_not_shown(tmp_path: Path, case: str) -> None:
    root = write(tmp_path / "registry", layout("m", "1") | {"m/1/a.png": PNG})
    LEFT_OUT[case](root)
    site = tmp_path / "site"
    sites.update(root, site)
    assert list(shown(site)) == ["a.png"]


def test_twenty_images_are_shown(tmp_path: Path) -> None:
    files = {f"m/1/{number:02}.png": whole_png(8, number + 1) for number in range(MAX_PREVIEWS + 1)}
    site = sites.built(write(tmp_path / "registry", layout("m", "1") | files), tmp_path / "site")
    assert list(shown(site)) == [f"{number:02}.png" for number in range(MAX_PREVIEWS)]


CHOICES: dict[tuple[str, ...], list[str]] = {
    (): [],
    ("*.csv",): [],
    ("plots/*",): ["plots/curve.PNG"],
    ("*.png",): ["a.png", "plots/curve.PNG"],
    ("A.PNG", "photo*"): ["a.png", "photo.jpg"],
}


def test_settings_choose_images(tmp_path: Path) -> None:
    """By globs of names and paths, in letters of either case; a site that had others equals a clean one."""
    files: Files = {"m/1/a.png": PNG, "m/1/plots/curve.PNG": OTHER, "m/1/photo.jpg": photo()}
    root = write(tmp_path / "registry", layout("m", "1") | files)
    for number, (globs, expected) in enumerate(CHOICES.items()):
        settings, clean = Settings(files=FileSettings(preview=globs)), tmp_path / str(number)
        sites.update(root, tmp_path / "site", settings)
        assert list(shown(tmp_path / "site")) == expected
        sites.update(root, clean, settings)
        assert sites.contents(tmp_path / "site") == sites.contents(clean)


def become_link(path: Path) -> None:
    """A link to a file of the same content in place of a file."""
    path.rename(path.with_name("moved.dat"))
    path.symlink_to("moved.dat")


EDITS: dict[str, Callable[[Path], object]] = {
    "replaced": lambda root: write(root, {"m/1/a.png": OTHER}),
    "removed": lambda root: (root / "m/1/a.png").unlink(),
    "broken": lambda root: write(root, {"m/1/a.png": PNG[:-1]}),
    "a link": lambda root: become_link(root / "m/1/a.png"),
    "added": lambda root: write(root, {"m/1/b.png": OTHER}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_incremental_build_equals_a_clean_one(tmp_path: Path, edit: str) -> None:
    """Whatever happens to an image; with trusted stamps and without them."""
    for after in (sites.LATER, 0):
        root = write(tmp_path / f"{after}/registry", layout("m", "1") | layout("m", "2") | {"m/1/a.png": PNG})
        site, clean = tmp_path / f"{after}/site", tmp_path / f"{after}/clean"
        sites.update(root, site, after=after)
        assert list(shown(site)) == ["a.png"]
        EDITS[edit](root)
        sites.update(root, site, after=after)
        sites.update(root, clean, after=after)
        assert sites.contents(site) == sites.contents(clean)
