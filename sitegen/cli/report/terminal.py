"""Writing text to a terminal, a pipe or a file: in any encoding, without an exception when the reader is gone."""

import codecs
import os
import sys
from contextlib import suppress
from typing import IO, TextIO

from sitegen.core.text import visible

ASCII_MARKS = {
    "✕": "x",
    "✓": "+",
    "◐": "!",
    "≈": "~",
    "→": "->",
    "·": "-",
    "…": "...",
    "–": "-",
    "—": "--",
    "×": "x",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
}
"""ASCII replacements for the marks that sitegen writes, for encodings that lack them."""

_ERROR_HANDLER = "sitegen.marks"
_DEFAULT_HANDLERS = ("strict", "surrogateescape", "backslashreplace")
"""The error handlers that Python sets by default; any other is the user's choice and stays."""


def set_error_handler() -> None:
    """Make standard output and standard error replace letters that their encoding lacks."""
    codecs.register_error(_ERROR_HANDLER, _replace)
    for stream in (sys.stdout, sys.stderr):
        if getattr(stream, "errors", None) in _DEFAULT_HANDLERS and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_ERROR_HANDLER)


def _replace(error: UnicodeError) -> tuple[str, int]:
    """Error handler: ASCII for marks, `\\u65e5` for other letters, `\\xff` for bytes that are not UTF-8."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_ascii, error.object[error.start : error.end])), error.end


def _ascii(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":  # a byte of a file's name
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return ASCII_MARKS.get(letter) or letter.encode("ascii", "backslashreplace").decode()


def write(text: str, ascii_only: bool = False) -> None:
    """Write a text to standard output and flush it. A closed pipe, as `head` leaves behind, is no error.

    With `ascii_only` the text is written byte for byte as ASCII, in any encoding of the terminal: JSON is for programs.
    Raises OSError when the text cannot be written for another reason, such as a full disk.
    """
    buffer: IO[bytes] | None = getattr(sys.stdout, "buffer", None)  # io.StringIO has none
    try:
        if ascii_only and buffer is not None:
            sys.stdout.flush()
            buffer.write(text.encode("ascii"))
            buffer.flush()
        else:
            sys.stdout.write(text)
            sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)


def is_interactive() -> bool:
    """Whether a person reads standard output: it is a terminal."""
    try:
        return sys.stdout.isatty()
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False


def has_color() -> bool:
    """Whether standard output shows colours: a terminal that is not dumb, of a user who has not set NO_COLOR."""
    return is_interactive() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and os.name != "nt"


def print_message(line: str) -> None:
    """Print one line to standard error, after `sitegen: `. Drops it if standard error is closed."""
    write_stderr(f"sitegen: {visible(line)}\n")


def write_stderr(text: str) -> None:
    """Write a text to standard error without a prefix; else like `say`."""
    _write_or_silence(text, sys.stderr)


def _write_or_silence(text: str, stream: TextIO) -> None:
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        _silence(stream)


def _silence(stream: TextIO) -> None:
    """Redirect a stream to the null device, so that its last flush at exit does not fail."""
    with suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


class ProgressStream:
    """Standard error for progress bars: writing to a terminal that is gone raises nothing.

    Holds the stream of the time of construction: rich replaces `sys.stderr` by a proxy while it draws.
    """

    def __init__(self) -> None:
        self._stream = sys.stderr
        self.encoding = sys.stderr.encoding

    def write(self, text: str) -> int:
        """Write a text."""
        _write_or_silence(text, self._stream)
        return len(text)

    def flush(self) -> None:
        """Do nothing: each text is flushed when it is written."""

    def isatty(self) -> bool:
        """Whether standard error is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The file descriptor of standard error; rich reads the width of the terminal from it."""
        return self._stream.fileno()
