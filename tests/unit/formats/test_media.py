"""What browsers are told of files."""

import pytest

from sitegen.formats.media import SUFFIXES, media_type

TYPES = {
    "index.html": "text/html; charset=utf-8",
    "feed.xml": "application/atom+xml; charset=utf-8",
    "sitemap.xml": "application/xml",
    "models/m/1/files/feed.xml": "application/xml",
    "models/m/1/files/README.md": "text/markdown; charset=utf-8",
    "models/m/1/files/model.pkl": "application/octet-stream",
    "models/m/1/files/png": "application/octet-stream",
}


@pytest.mark.parametrize("path", TYPES)
def test_a_file_has_the_type_of_its_name(path: str) -> None:
    """A name without a dot has no suffix."""
    assert media_type(path) == TYPES[path]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_image_that_browsers_show_is_an_image(suffix: str) -> None:
    """The preview forbids browsers to guess."""
    assert media_type(f"models/m/1/files/plot.{suffix}").startswith("image/")
