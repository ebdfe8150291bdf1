"""Logged files that the settings publish."""

import codecs
import gzip
import hashlib
import io
import pickle
import re
import sqlite3
import tarfile
import zipfile
from array import array
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from sitegen.formats.media import MAX_PIXELS
from tests.support import sites
from tests.support.images import png, whole_png
from tests.support.registries import Files, layout, write

PNG = whole_png(8, 8)
PNG_OF_TWO = whole_png(16, 2)
LOGGED: Files = {
    "m/1/roc.png": PNG,
    "m/1/plots/ROC curve.PNG": PNG_OF_TWO,
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
    assert sorted(found.values()) == sorted([PNG, PNG_OF_TWO])
    assert "roc.png" in found
    page = sites.page(Path("site/models/m/1/index.html"))
    assert {link for link in page.links() if link.startswith("files/")} == {f"files/{name}" for name in found}
    assert published(registry, "*.gif") == {}


def test_no_two_files_of_a_site_differ_only_in_case(registry: Path) -> None:
    """On Windows and macOS one of them would overwrite the other."""
    pairs = ("m/1/roc.PNG", "m/1/Roc.png", "m/1/ROC.png", "m/1/plots/a.png", "m/1/Plots/a.png", "m/1/plots/A.png")
    write(registry, dict.fromkeys(pairs, PNG) | layout("M", "1") | layout("Fraud", "1") | layout("fraud", "1"))
    write(registry, layout("m", "1.0-rc1") | layout("m", "1.0-RC1") | layout("m", "V2") | layout("m", "v2"))
    assert len(published(registry, "*")) == len(LOGGED) + len(pairs) + 1  # and the MLmodel
    assert {"Fraud", "fraud", "M", "m"} <= {model["name"] for model in sites.catalog(Path("site"))["models"]}
    paths = [*sites.contents(Path("site"))]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert [path for path in paths if path != path.lower()] == []
    page = (Path("site/models/m/index.html")).read_text()
    ids = re.findall(r' id="([^"]*)"', page)
    assert len({*ids}) == len(ids)


def test_an_image_that_no_browser_shows_is_not_copied(registry: Path) -> None:
    """Nor linked, until it is a smaller one."""
    huge, fine = png(MAX_PIXELS + 1, 1), whole_png(MAX_PIXELS, 1)
    write(registry, {"m/1/roc.png": huge, "m/1/fine.png": fine, "m/1/plots/x.jpg": huge})
    assert sorted(published(registry, "*.png", "*.jpg")) == ["fine.png"]
    assert "files/fine.png" in (links := sites.page(Path("site/models/m/1/index.html")).links())
    assert not [link for link in links if not link.startswith("#") and ("roc" in link or "x.jpg" in link)]
    write(registry, {"m/1/roc.png": fine})
    assert sorted(published(registry, "*.png", "*.jpg")) == ["fine.png", "roc.png"]


def test_what_a_browser_could_run_becomes_a_text(registry: Path) -> None:
    """Whatever the file is called; a file without a suffix too."""
    found = published(registry, "*.html", "*.svg", "weights")
    assert {Path(name).suffix for name in found} == {".txt"}
    assert set(found.values()) == {b"<script>alert(1)</script>", b"<svg onload='alert(1)'/>", b"\0\1"}


LINKS = {
    "beside": ("m/1/link.log", "other.log", b"kept here"),
    "to a file of a folder": ("m/1/link.png", "plots/ROC curve.PNG", PNG_OF_TWO),
    "to another version": ("m/1/link.log", "../2/other.log", None),
    "to a file above": ("m/1/link.log", "../../notes.log", None),
    "to a folder that is not read": ("m/1/link.log", "../../.git/config", None),
    "by way of a link beside": ("m/1/link.log", "../1/way", None),
}


@pytest.mark.parametrize("case", LINKS)
def test_a_link_publishes_only_files_of_its_version(registry: Path, case: str) -> None:
    """A problem names any other link."""
    path, target, content = LINKS[case]
    write(registry, layout("m", "2") | dict.fromkeys(("m/2/other.log", "notes.log", ".git/config"), "private notes"))
    (registry / "m/1/way").symlink_to("../../notes.log")
    (registry / path).symlink_to(target)
    assert list(published(registry, "link.*").values()) == ([] if content is None else [content])
    versions = sites.api(Path("site"))["m"]["versions"]
    withheld = [one["path"] for version in versions for one in version["problems"] if one["rule"] == "copy-withheld"]
    assert withheld == ([path] if content is None else [])
    assert ("files/link" in Path("site/models/m/1/index.html").read_text()) == (content is not None)


def test_a_file_that_becomes_a_link_is_withheld(registry: Path) -> None:
    """In an incremental build, though its content stays; and it is copied again when the link is a file again."""
    write(registry, {"m/other.log": "kept here"})
    for number in range(3):
        assert len(published(registry, "*.log")) == 1 - number % 2
        files = sites.contents(Path("site"))
        assert files == sites.contents(sites.built(registry, Path(f"clean{number}")))
        (registry / "m/1/other.log").unlink()
        if number:
            write(registry, {"m/1/other.log": "kept here"})
        else:
            (registry / "m/1/other.log").symlink_to("../other.log")


def test_texts_lose_what_is_private(registry: Path) -> None:
    """As everything else that leaves."""
    assert published(registry, "*.csv") == {"report.csv": b"name,value\n[e-mail withheld],1\n"}


TOKEN = "ghp_" + "a1" * 18
PRIVATE = f"ma\xf1ana,value\na@example.org,1\nkey,{TOKEN}\n"
WITHHELD = "ma\xf1ana,value\n[e-mail withheld],1\nkey,[redacted]\n"
WRITTEN = {
    "with a mark": (codecs.BOM_UTF8, "utf-8", b""),
    "Latin-1": (b"", "latin-1", b""),
    "UTF-8 and Latin-1": (b"caf\xe9\n", "utf-8", b"\xff"),
    "with a NUL": (b"", "utf-8", b"a\0b"),
    "mostly NUL": (bytes(5000), "utf-8", b""),
    "UTF-16": (codecs.BOM_UTF16_LE, "utf-16-le", b""),
    "UTF-16, high byte first": (codecs.BOM_UTF16_BE, "utf-16-be", b""),
    "UTF-16, cut off within a letter": (codecs.BOM_UTF16_LE, "utf-16-le", b"a"),
    "UTF-16, half of a pair": (codecs.BOM_UTF16_LE + b"\x3d\xd8", "utf-16-le", b""),
    "UTF-16 without a mark": (b"", "utf-16-le", b""),
    "UTF-16 without a mark, high byte first": (b"", "utf-16-be", b""),
    "UTF-32": (codecs.BOM_UTF32_LE, "utf-32-le", b""),
    "UTF-32, high byte first": (codecs.BOM_UTF32_BE, "utf-32-be", b"ab"),
}
"""Encodings, with what stands before a text and behind it."""


@pytest.mark.parametrize("case", WRITTEN)
def test_a_text_in_any_encoding_loses_what_is_private_and_nothing_else(registry: Path, case: str) -> None:
    """Byte for byte, whatever the file is called - but that zeros are no beginning of a text without a suffix."""
    before, encoding, after = WRITTEN[case]
    data, expected = (before + text.encode(encoding) + after for text in (PRIVATE, WITHHELD))
    names = ["m/1/x.csv", "m/1/x.log"] + [name for name in ("m/1/notes", "m/1/x.dat") if case != "mostly NUL"]
    write(registry, dict.fromkeys(names, data))
    found = published(registry, "x.*", "notes")
    assert (len(found), set(found.values())) == (len(names), {expected})


def database(place: Path) -> bytes:
    """A database that is mostly a text."""
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.execute("INSERT INTO notes VALUES (?)", [PRIVATE * 3000])
    return place.read_bytes()


SEARCHED: Files = {
    "m/1/w.wav": array("h", range(-3000, 3000)).tobytes(),
    "m/1/w.bin": hashlib.shake_128(b"noise").digest(200_000),
    "m/1/w.joblib": pickle.dumps(["ordinary text", 1.5]),
    "m/1/w.safetensors": b"\x40" + bytes(7) + b'{"layer": {"dtype": "F32"}}' + bytes(200),
}
"""Binaries that are searched, and hold nothing private."""


def test_what_is_no_text_is_copied_byte_for_byte(registry: Path) -> None:
    """Numbers hold what looks like a path, and a change of length breaks a file; archives are searched inside."""
    ordinary = SEARCHED | {
        "m/1/w.zip": zipped({"a/notes.txt": b"ordinary"}),
        "m/1/w.tar": archive(b"ordinary"),
        "m/1/w.gz": gzip.compress(archive(b"ordinary"), mtime=0),
    }
    write(registry, ordinary)
    assert sorted(published(registry, "w.*").values()) == sorted(ordinary.values())


def test_what_holds_private_texts_or_cannot_be_searched_is_not_copied(registry: Path, tmp_path: Path) -> None:
    """A problem says which file and why; with everything opened each is copied as it is."""
    latin = PRIVATE.encode("latin-1")
    binaries = {
        "m/1/w.joblib": pickle.dumps([PRIVATE]),
        "m/1/w.bin": bytes(100) + TOKEN.encode() + bytes(100),
        "m/1/w.npy": bytes(100) + "see /home/someone/x.csv".encode("utf-16-le") + bytes(100),
        "m/1/w.tar": archive(latin),
        "m/1/w.gz": gzip.compress(archive(latin), mtime=0),
        "m/1/w.zip": zipped({"a.txt": latin}),
        "m/1/w1.zip": zipped({"someone@example.org.txt": b"x"}),
        "m/1/w2.zip": zipped({"inner.zip": zipped({"a.txt": latin})}),
        "m/1/w3.gz": gzip.compress(latin)[:-20],
        "m/1/w.parquet": b"PAR1" + bytes(100),
        "m/1/w.h5": b"\x89HDF\r\n\x1a\n" + bytes(100),
        "m/1/w.db": database(tmp_path / "w.db"),
        "m/1/w.png": png(1, 1) + latin,
        "m/1/w.avif": b"\0\0\0\x1cftypavif" + bytes(100),
    }
    write(registry, binaries)
    assert published(registry, "w*.*") == {}
    told = [one for one in sites.api(Path("site"))["m"]["versions"][0]["problems"] if one["rule"] == "copy-withheld"]
    assert sorted(one["path"] for one in told) == sorted(binaries)
    assert all("is not published: it" in one["message"] for one in told)
    assert "w.joblib" in (page := Path("site/models/m/1/index.html").read_text())
    assert "files/w" not in page
    everything = "".join(f"{kind} = true\n" for kind in ("paths", "users", "emails", "secrets"))
    Path("sitegen.toml").write_text(f'[files]\npublish = ["w*.*"]\n[privacy]\n{everything}')
    copies = sites.contents(sites.built(registry, Path("site")) / "models/m/1/files")
    assert sorted(copies.values()) == sorted(binaries.values())


def noted_images() -> dict[str, bytes]:
    """An image of each format with a note where programs put them, and behind its end."""
    note = f"/home/someone/x {TOKEN}".encode()
    found = {}
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        file = io.BytesIO()
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", note.decode())
        exif = Image.Exif()
        exif[0x010E] = note.decode()
        options = {"PNG": {"pnginfo": text}, "GIF": {"comment": note}, "JPEG": {"comment": note}, "WEBP": {"xmp": note}}
        Image.new("RGB", (40, 30), (1, 2, 3)).save(
            file, kind, **options[kind], **({} if kind == "GIF" else {"exif": exif})
        )
        found[kind.lower().replace("jpeg", "jpg")] = file.getvalue() + note
    return found


def test_images_lose_what_was_noted_in_them(registry: Path) -> None:
    """And are drawn as before."""
    images = noted_images()
    assert all(TOKEN.encode() in data for data in images.values())
    write(registry, {f"m/1/noted.{suffix}": data for suffix, data in images.items()})
    found = published(registry, "noted.*")
    assert sorted(found) == sorted(f"noted.{suffix}" for suffix in images)
    for suffix, data in images.items():
        copy = found[f"noted.{suffix}"]
        assert b"someone" not in copy
        assert TOKEN.encode() not in copy
        assert (
            Image.open(io.BytesIO(copy)).convert("RGB").tobytes()
            == Image.open(io.BytesIO(data)).convert("RGB").tobytes()
        )


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip file, deflated."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return whole.getvalue()


def archive(data: bytes) -> bytes:
    """A tar file that is mostly a text."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        member = tarfile.TarInfo("notes")
        member.size = len(data) * 3000
        tar.addfile(member, io.BytesIO(data * 3000))
    return whole.getvalue()


def test_a_changed_file_is_copied_again(registry: Path) -> None:
    """In an incremental build."""
    published(registry, "*.log")
    write(registry, {"m/1/other.log": "changed"})
    assert list(published(registry, "*.log").values()) == [b"changed"]
