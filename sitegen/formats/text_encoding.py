"""Editing a text of unknown encoding without changing its other bytes.

A logged file does not state its encoding. In any encoding ASCII letters are found, and other bytes stay as they are.
"""

import codecs
from collections.abc import Callable
from typing import NamedTuple


class _Encoding(NamedTuple):
    """A text encoding; `mark` is its byte order mark."""

    name: str
    mark: bytes = b""
    width: int = 1
    errors: str = "surrogateescape"
    """Bytes that are not UTF-8, as in any older encoding, become surrogates, and the same bytes again."""


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
"""Sizes of the beginnings of a file that are checked: some binaries have a short header before a text."""

_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\b\t\n\f\r\x1b")
"""Control characters that no text contains, unlike those for line ends, colors and progress bars."""


def change_text(data: bytes, change: Callable[[str], str]) -> bytes:
    """Apply `change` to a text and encode the result as before; the same bytes if nothing changes."""
    encoding = _encoding(data)
    body = data.removeprefix(encoding.mark)
    length = len(body) - len(body) % encoding.width  # a text may be cut off inside a letter
    text = body[:length].decode(encoding.name, encoding.errors)
    new = change(text)
    if new == text:
        return data
    return encoding.mark + new.encode(encoding.name, encoding.errors) + body[length:]


def is_utf8(data: bytes) -> bool:
    """Whether the file is UTF-8 text: checks every byte."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def is_text(data: bytes) -> bool:
    """Whether the file looks like a text: a binary has control characters at its beginning."""
    encoding = _encoding(data)
    for size in _HEADS:
        letters = data[: size * encoding.width].decode(encoding.name, "ignore").encode("latin-1", "ignore")
        if len(letters) - len(letters.translate(None, _CONTROLS)) > 4 + size // 128:
            return False
    return True


def _encoding(data: bytes) -> _Encoding:
    """The encoding by the byte order mark; without one, zeros next to ASCII letters mean UTF-16."""
    for encoding in _BYTE_ORDER_MARKS:
        if data.startswith(encoding.mark):
            return encoding
    head = data[: _HEADS[0]]
    first, second = head[::2].count(0), head[1::2].count(0)
    if max(first, second) * 4 < max(len(head), 1) or min(first, second) * 16 > max(first, second):
        return _UTF8
    return _LOW_FIRST if second > first else _HIGH_FIRST
