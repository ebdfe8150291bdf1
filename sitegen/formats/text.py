"""Bytes of a metadata file to text: UTF-8, or a problem that says what the bytes are instead; and texts made short."""

import codecs
import re

from sitegen.domain.diagnostic import Loaded, problem

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1"


def decode(data: bytes, path: str) -> Loaded[str | None]:
    """The text of a file, without a byte order mark; None and a problem when it is no UTF-8 text."""
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
    """A text of at most `limit` characters, cut between words; of one long word, its first letters.

    What is left of half a password or token would not be known for one, and be published.
    """
    if len(text) <= limit:
        return text
    return (re.sub(r"\S+\Z", "", text[: limit - 1]) or text[:8]) + "…"


def quote(text: str, limit: int = 60) -> str:
    """A text of the registry inside a message: quoted, on one line, of at most `limit` characters."""
    return repr(shorten(text, limit))
