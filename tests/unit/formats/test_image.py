"""How many pixels images say they have."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

import sitegen
from sitegen.formats.media import image_size
from sitegen.sources.directory.model_folder import read_folder
from sitegen.sources.discovery import open_registry
from tests.support.images import avif, gif, jpeg, png, webp
from tests.support.registries import layout, write

MAKERS = {"png": png, "gif": gif, "jpg": jpeg, "webp": webp, "avif": avif}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("size", [(300, 1), (640, 480), (65535, 257)])
def test_the_header_says_how_large_an_image_is(make: Callable[[int, int], bytes], size: tuple[int, int]) -> None:
    """Whatever the format; a header that is cut off says nothing."""
    assert image_size(make(*size)) == size
    assert image_size(make(*size)[:20]) is None


def test_segments_before_the_frame_of_a_jpeg_are_passed_over() -> None:
    """Tables, profiles, and what looks like a frame inside of them."""
    assert image_size(jpeg(640, 480, b"\xff\xe2" + b"\xff\xc0" * 9000, b"\xff\xc4abc", b"\xff\xdbabc")) == (640, 480)
    assert image_size(b"\xff\xd8\xff" + jpeg(640, 480)[2:]) == (640, 480)


def test_a_jpeg_of_segments_alone_is_given_up() -> None:
    """Megabytes of them take no time."""
    begun = time.process_time()
    assert image_size(b"\xff\xd8" + b"\xff\xe0\0\2" * 2**22) is None
    assert image_size(b"\xff\xd8" + b"\xff" * 2**24) is None
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"<svg/>" * 9, b"RIFF0000WEBPVP8 " + b"x" * 30])
def test_what_is_no_such_image_has_no_size(data: bytes) -> None:
    """A WebP without the extended form has too few bits for its sides to be large."""
    assert image_size(data) is None


@pytest.mark.parametrize("place", ["plot.png", "plots/PLOT.JPEG", "metrics/plot.gif", "README.png"])
def test_an_image_with_too_many_pixels_is_one_problem(place: str, tmp_path: Path) -> None:
    """Wherever it lies, and whatever its suffix says: browsers do not trust suffixes. Others are none."""
    write(tmp_path, layout("m", "1") | {f"m/1/{place}": png(2**15, 2**14), "m/1/plots/fine.png": png(2**15, 2**14 - 1)})
    version = sitegen.read(str(tmp_path)).get_model_version("m", 1)
    assert [(found.rule, found.path) for found in version.problems] == [("image-size", f"m/1/{place}")]


def test_of_an_image_the_bytes_are_not_kept(tmp_path: Path) -> None:
    """Only its hash: a version may have a thousand, of 16 MiB each."""
    write(tmp_path, layout("m", "1") | {"m/1/plot.png": png(5, 5) + b"x" * 2**21})
    found = open_registry(str(tmp_path))
    [version] = found.models[0].versions
    assert version.folder
    contents = read_folder(found.source.tree, version.folder)
    assert {path: loaded.value.data is None for path, (_, loaded) in contents.files.items()} == {
        "MLmodel": False,
        "plot.png": True,
    }
    assert contents.files["plot.png"][1].value.sha256
