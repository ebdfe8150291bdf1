"""The images that a card names, and which bytes are an image."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sitegen.formats.card_images import MAX_BYTES, MAX_NAMES, image_path, image_paths, image_suffix
from sitegen.formats.media import MAX_PIXELS
from tests.support.images import avif, png, whole_png

NAMES = {
    "![roc](plots/roc.png)": ("plots/roc.png",),
    "![roc](./plots/roc.png 'A title')": ("plots/roc.png",),
    "![roc](<my plot.png>) ![roc](my other plot.png)": ("my plot.png", "my other plot.png"),
    "![roc](my%20plot.PNG) ![roc](plot%20%281%29.png) ![roc](plot (2).png)": (
        *("my plot.PNG", "plot (1).png", "plot (2).png"),
    ),
    "![a [b] c](x.png)": ("x.png",),
    "![two\nlines](x.png?raw=true) ![x](y.png#top)": ("x.png", "y.png"),
    "[![badge](x.png)](https://example.org)": ("x.png",),
    "![x][1] and ![y]\n\n[1]: x.png 'Title'\n[y]: <y z.png>": ("x.png", "y z.png"),
    '<p align="center"><img width=300 src="a &amp; b.png" alt="x"></p><IMG SRC=c.png>': ("a & b.png", "c.png"),
    "<img\n  alt='x'\n  src='d.png'\n/>": ("d.png",),
    "![b](b.png) ![a](a.png) ![b](b.png)": ("b.png", "a.png"),
    "`![a](code.png)`\n```\n![a](fence.png)\n```\n![a](x.png)": ("x.png",),
    "[no image](x.png), plots/roc.png": (),
    "![a](../x.png) ![a](x/../../y.png) ![a](%2e%2e/x.png) ![a](/x.png) ![a](//host/x.png)": (),
    "![a](https://x/y.png) ![a](data:image/png;base64,iVBO) ![a](file:x.png) ![a](C:\\x.png) ![a](a\\b.png)": (),
    "![a](x%00.png) ![a](x%0a.png) ![a]() ![a](.) ![a](x//y.png)": (),
}


@pytest.mark.parametrize(("text", "paths"), NAMES.items())
def test_the_images_of_a_card(text: str, paths: tuple[str, ...]) -> None:
    """In markdown and HTML, each once; what leaves the folder of the card is none of them."""
    assert image_paths(text) == paths


def test_a_card_names_a_bounded_number_of_images() -> None:
    """The first of them."""
    text = "".join(f"![a]({number}.png) " for number in range(MAX_NAMES + 1))
    assert image_paths(text) == tuple(f"{number}.png" for number in range(MAX_NAMES))


@given(
    st.lists(st.sampled_from(["/", "..", ".", "%2e", "%2F", "\\", ":", "a", "\0", "?", "#"]), max_size=8).map("".join)
)
def test_no_path_leaves_the_folder(address: str) -> None:
    """However it is written."""
    path = image_path(address)
    assert path is None or not ({"", ".", ".."} & set(path.split("/")) or {"\\", "\0"} & set(path))


def encoded(kind: str) -> bytes:
    """A small image of a format."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind)
    return file.getvalue()


IMAGES = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp", "BMP": None, "TIFF": None}


@pytest.mark.parametrize(("kind", "suffix"), IMAGES.items())
def test_the_content_decides_what_is_an_image(kind: str, suffix: str | None) -> None:
    """A beginning alone is none."""
    data = encoded(kind)
    assert image_suffix(data) == suffix
    assert image_suffix(data[: len(data) // 2]) is None


def test_what_is_no_image_or_too_large() -> None:
    """Too many bytes, too many pixels, and other formats."""
    assert image_suffix(whole_png(8, 8) + bytes(MAX_BYTES)) is None
    assert image_suffix(whole_png(MAX_PIXELS + 1, 1)) is None
    for data in (b"", png(8, 8), avif(8, 8), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a"):
        assert image_suffix(data) is None
