"""Edits a text of unknown encoding without changing its other bytes.

Nobody says in which encoding a logged file is. Whatever it is, its letters of ASCII are found, and all of its other
bytes come back as they were.
"""

import codecs
from collections.abc import Callable
from typing import NamedTuple


class _Encoding(NamedTuple):
    """How letters become bytes; `mark` is what the file begins with to say so."""

    name: str
    mark: bytes = b""
    width: int = 1
    errors: str = "surrogateescape"
    """Bytes that are no UTF-8 - those of any older encoding - become letters of their own, and bytes again."""


_UTF8 = _Encoding("utf-8")
_LOW_FIRST = _Encoding("utf-16-le", width=2, errors="surrogatepass")
_HIGH_FIRST = _Encoding("utf-16-be", width=2, errors="surrogatepass")
_BYTE_ORDER_MARKS = (
    _Encoding("utf-32-le", codecs.BOM_UTF32_LE, 4, "replace"),
    _Encoding("utf-32-be", codecs.BOM_UTF32_BE, 4, "replace"),
    _UTF8._replace(mark=codecs.BOM_UTF8),
    _LOW_FIRST._replace(mark=codecs.BOM_UTF16_LE),
    _HIGH_FIRST._replace(mark=codecs.BOM_UTF16_BE),
)

_HEADS = (2**8, 2**16)
"""Bytes at the beginning of a file by which a binary is known: some are texts behind a short header."""

_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\b\t\n\f\r\x1b")
"""What no text holds; terminals are told of colours and of lines to be written again by the others."""


def change_text(data: bytes, change: Callable[[str], str]) -> bytes:
    """The bytes of a text after a change of its letters, in the same encoding; the same bytes where nothing changes."""
    encoding = _encoding(data)
    body = data.removeprefix(encoding.mark)
    whole = len(body) - len(body) % encoding.width  # a text may be cut off within a letter
    text = body[:whole].decode(encoding.name, encoding.errors)
    new = change(text)
    if new == text:
        return data
    return encoding.mark + new.encode(encoding.name, encoding.errors) + body[whole:]


def is_utf8(data: bytes) -> bool:
    """Whether it is certainly a text, by every byte."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def is_text(data: bytes) -> bool:
    """Whether people can read it, as far as its beginning tells: a binary holds control characters from there on."""
    encoding = _encoding(data)
    for size in _HEADS:
        letters = data[: size * encoding.width].decode(encoding.name, "ignore").encode("latin-1", "ignore")
        if len(letters) - len(letters.translate(None, _CONTROLS)) > 4 + size // 128:
            return False
    return True


def _encoding(data: bytes) -> _Encoding:
    """That of its byte order mark; without one UTF-16 is known by the zeros beside letters of ASCII."""
    for encoding in _BYTE_ORDER_MARKS:
        if data.startswith(encoding.mark):
            return encoding
    head = data[: _HEADS[0]]
    first, second = head[::2].count(0), head[1::2].count(0)
    if max(first, second) * 4 < max(len(head), 1) or min(first, second) * 16 > max(first, second):
        return _UTF8
    return _LOW_FIRST if second > first else _HIGH_FIRST
