"""Logged files that the settings publish."""

from pathlib import Path

import pytest

from sitegen.formats.image import MOST_PIXELS
from tests import sites
from tests.hostile.images import png
from tests.registry import Files, layout, write

PNG = b"\x89PNG\r\n\x1a\n\0 not a whole one"
LOGGED: Files = {
    "m/1/roc.png": PNG,
    "m/1/plots/ROC curve.PNG": PNG + b"2",
    "m/1/report.csv": "name,value\na@example.org,1\n",
    "m/1/page.html": "<script>alert(1)</script>",
    "m/1/drawing.svg": "<svg onload='alert(1)'/>",
    "m/1/weights": b"\0\1",
    "m/1/other.log": "kept here",
}


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One version with all kinds of files; commands run beside it."""
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "registry", layout("m", "1") | LOGGED)


def published(registry: Path, *patterns: str) -> dict[str, bytes]:
    """The copies in a site that is brought up to date with these globs."""
    Path("sitegen.toml").write_text(f"[files]\npublish = {list(patterns)}\n")
    site = sites.built(registry, Path("site"))
    prefix = "models/m/1/files/"
    return {path.removeprefix(prefix): data for path, data in sites.contents(site).items() if path.startswith(prefix)}


def test_an_empty_file_is_copied_once(registry: Path) -> None:
    """That nothing is in it is no sign of a damaged site; that it is gone is one."""
    write(registry, {"m/1/empty.txt": ""})
    assert set(published(registry, "*.txt").values()) == {b""}
    before = sites.stamps(Path("site"))
    published(registry, "*.txt")
    assert sites.stamps(Path("site")) == before
    (copy,) = Path("site/models/m/1/files").glob("empty*")
    copy.unlink()
    assert set(published(registry, "*.txt").values()) == {b""}


def test_nothing_is_copied_unasked(registry: Path) -> None:
    """Neither without the setting nor with one that matches nothing."""
    assert published(registry) == {}
    assert published(registry, "*.gif") == {}


def test_what_matches_is_copied_and_linked(registry: Path) -> None:
    """By name or by path; what no longer matches is taken away again."""
    found = published(registry, "*.png", "plots/*")
    assert sorted(found.values()) == [PNG, PNG + b"2"]
    assert "roc.png" in found
    page = sites.page(Path("site/models/m/1/index.html"))
    assert {link for link in page.links() if link.startswith("files/")} == {f"files/{name}" for name in found}
    assert published(registry, "*.gif") == {}


def test_an_image_that_no_browser_shows_is_not_copied(registry: Path) -> None:
    """Nor linked, until it is a smaller one."""
    huge, fine = png(MOST_PIXELS + 1, 1), png(MOST_PIXELS, 1)
    write(registry, {"m/1/roc.png": huge, "m/1/fine.png": fine, "m/1/plots/x.jpg": huge})
    assert sorted(published(registry, "*.png", "*.jpg")) == ["fine.png"]
    assert "files/fine.png" in (links := sites.page(Path("site/models/m/1/index.html")).links())
    assert not [link for link in links if "roc" in link or "x.jpg" in link]
    write(registry, {"m/1/roc.png": fine})
    assert sorted(published(registry, "*.png", "*.jpg")) == ["fine.png", "roc.png"]


def test_what_a_browser_could_run_becomes_a_text(registry: Path) -> None:
    """Whatever the file is called; a file without a suffix too."""
    found = published(registry, "*.html", "*.svg", "weights")
    assert {Path(name).suffix for name in found} == {".txt"}
    assert set(found.values()) == {b"<script>alert(1)</script>", b"<svg onload='alert(1)'/>", b"\0\1"}


def test_texts_lose_what_is_private(registry: Path) -> None:
    """As everything else that leaves."""
    assert published(registry, "*.csv") == {"report.csv": b"name,value\n[e-mail withheld],1\n"}


def test_a_changed_file_is_copied_again(registry: Path) -> None:
    """In an incremental build."""
    published(registry, "*.log")
    write(registry, {"m/1/other.log": "changed"})
    assert list(published(registry, "*.log").values()) == [b"changed"]
