"""Decoding metadata files as UTF-8, or reporting what they are instead; shortening and quoting texts."""

import codecs
import re

from sitegen.core.text import reveal
from sitegen.domain.diagnostic import Loaded, problem

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1"


def decode(data: bytes, path: str) -> Loaded[str | None]:
    """The text of a file, without a byte order mark; None and a problem if it is not UTF-8."""
    if data.startswith(LFS_POINTER):
        return Loaded(None, (problem("lfs-pointer", "the file is a Git LFS pointer, not its content", path),))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Loaded(None, (problem("encoding", "the file is UTF-16, not UTF-8", path),))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Loaded(None, (problem("encoding", f"byte {error.start} is not UTF-8", path, line),))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return Loaded(None, (problem("encoding", "the file holds NUL bytes, so it is no text", path, line),))
    return Loaded(text.removeprefix("\ufeff"))


def shorten(text: str, limit: int) -> str:
    """A text cut to at most `limit` characters, between words if possible.

    A cut inside a password or token would leave a part that the redaction does not recognize.
    """
    if len(text) <= limit:
        return text
    return (re.sub(r"\S+\Z", "", text[: limit - 1]) or text[:8]) + "…"


def quote(text: str, limit: int = 60) -> str:
    """A text of the registry inside a message: quoted, on one line, of at most `limit` characters."""
    return reveal(repr(shorten(text, limit)))
