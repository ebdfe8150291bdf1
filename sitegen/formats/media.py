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
"""By suffix; without a type, pages of a bucket are downloaded, not shown. Of logged files only those are named that
run nothing."""


def media_type(path: str) -> str:
    """The type of a file of a site, by its path; the feed is known by its name."""
    return _FEED if path == "feed.xml" else _TYPES.get(splitext(path)[1], _OTHER)


SUFFIXES = ("avif", "gif", "jpeg", "jpg", "png", "webp")
"""Suffixes of the images that browsers show."""


MAX_PIXELS = 2**29 - 1
"""Pixels that a browser shows: Chromium draws 32,768 x 16,383 of them and refuses one row more."""


_MAX_SEGMENTS = 1000  # of a JPEG before its frame: a profile of colours and what the camera noted have some 300


_BOXES = 2**16  # bytes in which an AVIF says how large its parts are


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


_EXTENT = re.compile(rb"ispe\0\0\0\0(.{8})", re.DOTALL)


Size = tuple[int, int]
"""Width and height."""


def image_size(data: bytes) -> Size | None:
    """Width and height of an image; None where the bytes are the beginning of none that browsers show.

    The content decides: browsers do not trust names either.
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
        extents = [_pair(">II", found[1], 0) for found in _EXTENT.finditer(data[:_BOXES])]
        return max(extents, key=lambda size: size[0] * size[1], default=None)
    return None


def _pair(form: str, data: bytes, at: int) -> Size:
    first, second = struct.unpack_from(form, data, at)
    return first, second


def _jpeg(data: bytes) -> Size | None:
    """The size that the first frame has; segments before it are passed over."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if at + 9 > len(data) or data[at] != 0xFF:
            return None
        if data[at + 1] in _FRAMES:
            height, width = _pair(">HH", data, at + 5)
            return width, height
        at += 1 if data[at + 1] == 0xFF else 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None
