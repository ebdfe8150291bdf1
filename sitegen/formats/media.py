"""Media types by name, and the pixel size of an image from its header."""

import re
import struct
from posixpath import splitext

_OTHER = "application/octet-stream"


_FEED = "application/atom+xml; charset=utf-8"


_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
"""Media types by suffix: browsers download a bucket's files that have none. Logged files get only inert types."""


def media_type(path: str) -> str:
    """The media type of a file of a site, by its suffix; the feed is recognized by its name."""
    return _FEED if path == "feed.xml" else _TYPES.get(splitext(path)[1], _OTHER)


SUFFIXES = ("avif", "gif", "jpeg", "jpg", "png", "webp")
"""Suffixes of the images that browsers show."""


MAX_PIXELS = 2**29 - 1
"""The largest image that browsers show: Chromium draws 32,768 x 16,383 pixels and refuses one row more."""


_MAX_SEGMENTS = 1000  # of a JPEG before its frame: a color profile and the camera's metadata have some 300


_BOXES = 2**16  # bytes at the beginning of an AVIF that hold the sizes of its parts


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


_EXTENT = re.compile(rb"ispe\0\0\0\0(.{8})", re.DOTALL)


Size = tuple[int, int]
"""Width and height."""


def image_size(data: bytes) -> Size | None:
    """Width and height of an image from its first bytes; None if browsers show no such image.

    The content decides, not the suffix, as in browsers.
    """
    if len(data) < 30:
        return None
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(">II", data, 16)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _pair("<HH", data, 6)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X":  # others have 14 bits for each side
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        extents = [_pair(">II", extent[1], 0) for extent in _EXTENT.finditer(data[:_BOXES])]
        return max(extents, key=lambda size: size[0] * size[1], default=None)
    return None


def _pair(form: str, data: bytes, at: int) -> Size:
    first, second = struct.unpack_from(form, data, at)
    return first, second


def _jpeg(data: bytes) -> Size | None:
    """The size of the first frame; skips the segments before it."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if at + 9 > len(data) or data[at] != 0xFF:
            return None
        if data[at + 1] in _FRAMES:
            height, width = _pair(">HH", data, at + 5)
            return width, height
        at += 1 if data[at + 1] == 0xFF else 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None
