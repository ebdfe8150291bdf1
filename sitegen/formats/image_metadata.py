"""Removing metadata from images: texts, GPS locations, names of people and files."""

import struct
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset(
    (
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"cICP"),
        *(b"acTL", b"fcTL", b"fdAT"),
    )
)
_WEBP_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH"))
_WEBP_NOTES = 0x2C  # flags of the extended header: profile, EXIF, XMP
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def remove_metadata(data: bytes) -> bytes | None:
    """The image without metadata; None if the bytes are not a complete PNG, JPEG, GIF or WebP.

    Also removes all bytes after the end of the image.
    """
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return _gif(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):  # truncated
        return None
    return None


def _png(data: bytes) -> bytes | None:
    parts, at = [_PNG], len(_PNG)
    while True:
        size, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + size]
        (check,) = struct.unpack_from(">I", data, at + 8 + size)
        if check != zlib.crc32(kind + body):
            return None
        if kind in _PNG_CHUNKS:
            parts.append(data[at : at + 12 + size])
        if kind == b"IEND":
            return b"".join(parts)
        at += 12 + size


def _jpeg(data: bytes) -> bytes | None:
    parts, at = [data[:2]], 2
    while data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:  # a fill byte
            at += 1
            continue
        if kind == 0xD9:
            return b"".join([*parts, data[at : at + 2]])
        (size,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + size
        if kind == 0xDA:
            end = _scan_end(data, end)
        if not (0xE1 <= kind <= 0xEF or kind == 0xFE) or data[at + 4 : at + 9] == b"Adobe":
            parts.append(data[at:end])
        at = end
    return None


def _scan_end(data: bytes, at: int) -> int:
    """The offset at which the compressed pixels of a JPEG end: the first marker that is not part of them."""
    while (at := data.find(b"\xff", at)) >= 0:
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    raise IndexError


def _gif(data: bytes) -> bytes | None:
    at = 13 + _palette(data[10])
    parts = [data[:at]]
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            end = _blocks_end(data, at + 11 + _palette(data[at + 9]))
        elif data[at] == 0x21:
            end = _blocks_end(data, at + 2)
        else:
            return None
        if data[at] == 0x2C or data[at + 1] == 0xF9 or (data[at + 1] == 0xFF and data[at + 3 : at + 14] in _GIF_LOOPS):
            parts.append(data[at:end])
        at = end
    return b"".join([*parts, b"\x3b"])


def _palette(flags: int) -> int:
    """The size of the palette in bytes, from the flags."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def _webp(data: bytes) -> bytes | None:
    length = 8 + int.from_bytes(data[4:8], "little")
    if length > len(data):
        return None
    parts, at = [], 12
    while at + 8 <= length:
        kind, size = struct.unpack_from("<4sI", data, at)
        end = at + 8 + size + size % 2
        if kind == b"VP8X":
            parts.append(data[at : at + 8] + bytes([data[at + 8] & ~_WEBP_NOTES & 0xFF]) + data[at + 9 : end])
        elif kind in _WEBP_CHUNKS:
            parts.append(data[at:end])
        at = end
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body
