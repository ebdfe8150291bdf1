"""Compressed bytes as joblib and others write them: gzip, zlib, bzip2, xz and LZMA, decompressed up to a limit."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import NamedTuple, Protocol

MAX_STREAMS = 50
"""Compressed streams, one behind the other in the same file, that are read."""

_MAX_MEMORY = 80 * 2**20
"""Bytes of memory for one stream; the highest preset of xz needs 65 MiB."""

_MAX_WINDOW = 47
"""The option of zlib that takes its own header and that of gzip, with a window of any size."""

_LZ4 = b"\x04\x22\x4d\x18"


class _Stream(Protocol):
    """A decompressor of the standard library for one stream."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was reached."""

    @property
    def unused_data(self) -> bytes:
        """The bytes behind the end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """At most `max_length` bytes of content. Raises OSError, zlib.error or lzma.LZMAError for damaged data."""


_STREAMS: dict[bytes, Callable[[], _Stream] | None] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(_MAX_WINDOW),
    b"x": lambda: zlib.decompressobj(_MAX_WINDOW),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ": lambda: lzma.LZMADecompressor(memlimit=_MAX_MEMORY),
    b"]\x00": lambda: lzma.LZMADecompressor(memlimit=_MAX_MEMORY),
    _LZ4: None,
}
"""Decompressors by the bytes that a file begins with; None for a format that the standard library lacks.

No pickle begins with these bytes: they are no opcodes, or those of a value that is longer than any file.
"""


class Decompression(NamedTuple):
    """The bytes, up to the limit. `complete` is False if more follows, or the rest is damaged."""

    data: bytes
    complete: bool


def has_compression(data: bytes) -> bool:
    """Whether a file begins as a compressed one does."""
    return data.startswith(tuple(_STREAMS))


def decompress(data: bytes, limit: int) -> Decompression | None:
    """The content of a compressed file; None for one that is damaged at once, or in an unknown format."""
    content = b""
    for _ in range(MAX_STREAMS):
        start = next((make for prefix, make in _STREAMS.items() if data.startswith(prefix)), None)
        try:
            stream = start() if start else None
            content += stream.decompress(data, limit + 1 - len(content)) if stream else b""
        except (OSError, zlib.error, lzma.LZMAError):
            stream = None
        if stream is None:
            return Decompression(content, False) if content else None
        if len(content) > limit or not stream.eof:
            return Decompression(content[:limit], False)
        data = stream.unused_data
        if not data:
            return Decompression(content, True)
    return Decompression(content, False)
