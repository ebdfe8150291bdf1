"""Images that say how large they are: their beginnings, and a whole one."""

import struct
import zlib


def png(width: int, height: int) -> bytes:
    """A PNG up to its first chunk."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x06\0\0\0\0\0\0\0"


def whole_png(width: int, height: int) -> bytes:
    """A black PNG of a bit a pixel."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(height * (1 + width // 8)), 1)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def gif(width: int, height: int) -> bytes:
    """A GIF up to its first frame."""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0" * 30


def jpeg(width: int, height: int, *before: bytes) -> bytes:
    """A JPEG up to its frame; `before` are segments that come first, without their lengths."""
    segments = (b"\xff\xe0", *before)
    head = b"".join(one[:2] + struct.pack(">H", len(one)) + one[2:] for one in segments)
    return b"\xff\xd8" + head + b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", height, width) + b"\x01" + b"\0" * 20


def webp(width: int, height: int) -> bytes:
    """A WebP of the extended form."""
    sides = b"".join((side - 1).to_bytes(3, "little") for side in (width, height))
    return b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0" + sides + b"\0" * 20


def avif(width: int, height: int) -> bytes:
    """An AVIF with the extents of a thumbnail and of the image."""
    extents = b"".join(b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", *size) for size in ((16, 16), (width, height)))
    return b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"\0\0\0\x60meta\0\0\0\0" + extents
