"""Limits for the answers of a tracking server, and for all of them together: seconds, unpacked bytes, requests.

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
from dataclasses import dataclass
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

MAX_FETCH_REQUESTS = 1_000_000
"""Requests of a whole fetch."""

MAX_FETCH_BYTES = 8 * 2**30
"""Bytes of a whole fetch, unpacked."""

CHUNK_BYTES = 2**13
"""Bytes that are unpacked at once; they become at most a thousand times as many."""

_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
"""Accepted encodings. Others, and nested ones, can unpack to any size."""


class LimitError(Exception):
    """A server exceeds a limit; the text says which."""


class BudgetError(LimitError):
    """A whole fetch exceeds a limit: no further request can be made."""


class FetchBudget:
    """What a whole fetch may take: `end` is its last moment; requests and bytes of all threads are counted."""

    def __init__(self, minutes: float) -> None:
        self.end = time.monotonic() + 60 * minutes
        self._minutes, self._requests, self._size = minutes, 0, 0
        self._lock = threading.Lock()

    def add_request(self) -> None:
        """Count a request. Raises BudgetError when it is one too many or too late."""
        with self._lock:
            self._requests += 1
        if time.monotonic() >= self.end:
            raise BudgetError(self.late)
        if self._requests > MAX_FETCH_REQUESTS:
            raise BudgetError(f"it takes more than {MAX_FETCH_REQUESTS:,} requests")

    def add_bytes(self, size: int) -> None:
        """Count unpacked bytes. Raises BudgetError when there are too many."""
        with self._lock:
            self._size += size
        if self._size > MAX_FETCH_BYTES:
            raise BudgetError(f"it has more than {MAX_FETCH_BYTES:,} bytes")

    @property
    def late(self) -> str:
        """What is wrong after the last moment."""
        return f"it takes more than {self._minutes:g} min (registry.fetch_minutes in sitegen.toml)"


@dataclass(frozen=True)
class _Deadline:
    """The moment at which an answer must be whole, and the error for a late one."""

    moment: float
    late: LimitError


class _Question(threading.local):
    """The current request of a thread: its deadline, and the limits of the search that it belongs to."""

    deadline: _Deadline | None = None
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
def limit_answers(minutes: float) -> Iterator[FetchBudget]:
    """Apply the limits to all answers in the block, which may take so many minutes together."""
    budget = FetchBudget(minutes)
    if find_spec("requests") is None:  # MLflow's client is missing as well, which is reported later
        yield budget
        return
    adapter, connection = import_module("requests.adapters").HTTPAdapter, import_module("urllib3.connection")
    send = adapter.send
    adapter.send = _limited_send(send, budget)
    connection.HTTPConnection.response_class = _LimitedResponse
    try:
        yield budget
    finally:
        adapter.send = send
        del connection.HTTPConnection.response_class


def _limited_send(send: Callable[..., Any], budget: FetchBudget) -> Callable[..., Any]:
    def limited_send(adapter: Any, request: Any, stream: bool = False, **how: Any) -> Any:
        """Send a request; its answer, retries included, must come whole within the limits of seconds and bytes."""
        _question.check_search()
        budget.add_request()
        request.headers["Accept-Encoding"] = "gzip, deflate"
        _question.deadline = _deadline(FILE_SECONDS if stream else ANSWER_SECONDS, budget)  # its retries count, too
        try:
            response = send(adapter, request, stream=stream, **how)
            encoding = response.headers.get("Content-Encoding", "").strip().lower()
            if encoding not in _ENCODINGS:
                response.close()
                raise LimitError("its answer is compressed in a way that was not asked for")
            if not stream:
                response._content = _read_body(response, budget)  # requests would read it without a limit
            return response
        finally:
            _question.deadline = None

    return limited_send


def _deadline(seconds: float, budget: FetchBudget) -> _Deadline:
    """The deadline of an answer: in so many seconds, or at the end of the whole fetch."""
    moment = time.monotonic() + seconds
    if budget.end < moment:
        return _Deadline(budget.end, BudgetError(budget.late))
    return _Deadline(moment, LimitError(f"it takes more than {seconds:,.0f} s for one answer"))


def _read_body(response: Any, budget: FetchBudget) -> bytes:
    """Read the body of an answer. Raises LimitError."""
    data = bytearray()
    for part in response.iter_content(CHUNK_BYTES):
        data += part
        budget.add_bytes(len(part))
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
            self.fp = io.BufferedReader(_DeadlineReader(raw, sock, _question.deadline))


class _DeadlineReader(io.RawIOBase):
    """Reads from a socket until a deadline."""

    def __init__(self, raw: io.RawIOBase, sock: Any, deadline: _Deadline) -> None:
        self._raw, self._sock, self._deadline = raw, sock, deadline
        self._each: float | None = sock.gettimeout()

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Receive some bytes. Raises LimitError at the deadline, TimeoutError after the timeout of the socket."""
        left = self._deadline.moment - time.monotonic()
        if left <= 0:
            raise self._deadline.late
        try:
            self._sock.settimeout(left if self._each is None else min(left, self._each))
            return self._raw.readinto(buffer)
        except TimeoutError:
            if time.monotonic() >= self._deadline.moment:
                raise self._deadline.late from None
            raise

    def close(self) -> None:
        """Close the socket's stream."""
        self._raw.close()
        super().close()
