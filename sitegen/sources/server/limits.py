"""Limits for the answers of a tracking server: total seconds and unpacked bytes.

Timeouts of urllib3 and requests apply to each read, so that a server can exceed them byte by byte; and both libraries
unpack compressed answers without a limit. MLflow's client has no setting for this, so the two libraries below it are
patched while a server is read.
"""

import http.client
import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

ANSWER_SECONDS = 60.0
"""Seconds for one answer, from the request to the last byte."""

FILE_SECONDS = 120.0
"""Seconds for one file."""

MAX_ANSWER_BYTES = 64 * 2**20
"""Bytes of one answer, unpacked."""

SEARCH_SECONDS = 30 * 60.0
"""Seconds for all pages of one search or listing."""

MAX_SEARCH_BYTES = 512 * 2**20
"""Bytes of all pages of one search or listing, unpacked."""

CHUNK_BYTES = 2**13
"""Bytes that are unpacked at once; they become at most a thousand times as many."""

_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
"""Accepted encodings. Others, and nested ones, can unpack to any size."""


class LimitError(Exception):
    """A server exceeds a limit; the text says which."""


class _Question(threading.local):
    """The current request of a thread: its deadline, and the limits of the search that it belongs to."""

    deadline: float | None = None
    seconds = ANSWER_SECONDS
    search_end: float | None = None
    search_size = 0

    def check_search(self) -> None:
        """Raises LimitError when the search has exceeded its time or size."""
        if self.search_end is not None and time.monotonic() > self.search_end:
            raise LimitError(f"its pages take more than {SEARCH_SECONDS:,.0f} s")
        if self.search_end is not None and self.search_size > MAX_SEARCH_BYTES:
            raise LimitError(f"its pages have more than {MAX_SEARCH_BYTES:,} bytes")


_question = _Question()


@contextmanager
def one_search() -> Iterator[None]:
    """Apply the limits of a search to all requests of this thread in the block together."""
    _question.search_end, _question.search_size = time.monotonic() + SEARCH_SECONDS, 0
    try:
        yield
    finally:
        _question.search_end = None


@contextmanager
def limit_answers() -> Iterator[None]:
    """Apply the limits to all answers in the block."""
    if find_spec("requests") is None:  # MLflow's client is missing as well, which is reported later
        yield
        return
    adapter, connection = import_module("requests.adapters").HTTPAdapter, import_module("urllib3.connection")
    send = adapter.send
    adapter.send = _limited_send(send)
    connection.HTTPConnection.response_class = _LimitedResponse
    try:
        yield
    finally:
        adapter.send = send
        del connection.HTTPConnection.response_class


def _limited_send(send: Callable[..., Any]) -> Callable[..., Any]:
    def limited_send(adapter: Any, request: Any, stream: bool = False, **how: Any) -> Any:
        """Send a request; its answer, retries included, must come whole within the limits of seconds and bytes."""
        _question.check_search()
        request.headers["Accept-Encoding"] = "gzip, deflate"
        _question.seconds = FILE_SECONDS if stream else ANSWER_SECONDS
        _question.deadline = time.monotonic() + _question.seconds  # its retries count, too
        try:
            response = send(adapter, request, stream=stream, **how)
            encoding = response.headers.get("Content-Encoding", "").strip().lower()
            if encoding not in _ENCODINGS:
                response.close()
                raise LimitError("its answer is compressed in a way that was not asked for")
            if not stream:
                response._content = _read_body(response)  # requests would read it without a limit
            return response
        finally:
            _question.deadline = None

    return limited_send


def _read_body(response: Any) -> bytes:
    """Read the body of an answer. Raises LimitError."""
    data = bytearray()
    for part in response.iter_content(CHUNK_BYTES):
        data += part
        if len(data) > MAX_ANSWER_BYTES:
            response.close()
            raise LimitError(f"its answer has more than {MAX_ANSWER_BYTES:,} bytes")
    _question.search_size += len(data)
    return bytes(data)


class _LimitedResponse(http.client.HTTPResponse):
    """A response whose status, headers and body must arrive before the deadline of the request."""

    def __init__(self, sock: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        if _question.deadline is not None:
            raw = self.fp.detach()
            self.fp = io.BufferedReader(_DeadlineReader(raw, sock, _question.deadline, _question.seconds))


class _DeadlineReader(io.RawIOBase):
    """Reads from a socket until a deadline."""

    def __init__(self, raw: io.RawIOBase, sock: Any, deadline: float, seconds: float) -> None:
        self._raw, self._sock, self._deadline, self._seconds = raw, sock, deadline, seconds
        self._each: float | None = sock.gettimeout()

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Receive some bytes. Raises LimitError at the deadline, TimeoutError after the timeout of the socket."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self._late()
        try:
            self._sock.settimeout(left if self._each is None else min(left, self._each))
            return self._raw.readinto(buffer)
        except TimeoutError:
            if time.monotonic() >= self._deadline:
                raise self._late() from None
            raise

    def _late(self) -> LimitError:
        return LimitError(f"it takes more than {self._seconds:,.0f} s for one answer")

    def close(self) -> None:
        """Close the socket's stream."""
        self._raw.close()
        super().close()
