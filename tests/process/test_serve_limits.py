"""What one client can do to the others and to the server: nothing, whatever it sends."""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest

from tests.support import previews, sites
from tests.support.previews import PATIENCE, Preview, built
from tests.support.registries import SIGNED, write

LATENCY = 0.2
"""Seconds that another client may wait."""

HOSTILE = 3000
"""Random requests of the fuzz test."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview that may edit; it is alive at the end and has written no traceback."""
    folder = tmp_path_factory.mktemp("limits")
    registry = write(folder / "registry", {"wine/1/MLmodel": SIGNED})
    with previews.preview(registry, "--edit", cwd=folder, cache=sites.warm(folder / "cache")) as running:
        built(running)
        yield running
        assert running.ask("/").status == 200
        code, said = running.end()
        assert (code, "Traceback" in said, "Unhandled" in said) == (0, False, False), said[-2000:]


def said_to(server: Preview, data: bytes, patience: float = PATIENCE) -> bytes:
    """All that the server answers to these bytes, until it ends the connection."""
    answer = b""
    with closing(socket.create_connection((server.host, server.port), timeout=patience)) as client:
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while part := client.recv(2**16):
                answer += part
    return answer


def head(server: Preview, *lines: str, first: str = "GET / HTTP/1.1") -> bytes:
    """The head of a request."""
    return "\r\n".join([first, f"Host: 127.0.0.1:{server.port}", *lines, "", ""]).encode("latin-1")


# --- numbers -------------------------------------------------------------------------------------------------------

NINES = "9" * 5000
NUMBERS = {
    "a range from far beyond": (f"Range: bytes={NINES}-", 416),
    "a range to far beyond": (f"Range: bytes=0-{NINES}", 206),
    "the last of very many bytes": (f"Range: bytes=-{NINES}", 206),
    "a range with many zeros": (f"Range: bytes={'0' * 5000}-1", 206),
    "a length without end": (f"Content-Length: {NINES}", 400),
    "a large length": ("Content-Length: 99999999999999999999", 413),
    "a length below zero": ("Content-Length: -1", 400),
    "a length in other digits": ("Content-Length: ²", 400),
    "a date that is none": (f"If-Modified-Since: {NINES}", 200),
    "an event that is none": (f"Last-Event-ID: {NINES}", 200),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_numbers_of_headers_have_limits(server: Preview, case: str) -> None:
    line, status = NUMBERS[case]
    assert said_to(server, head(server, line, "Connection: close")).startswith(f"HTTP/1.1 {status} ".encode())


# --- bodies --------------------------------------------------------------------------------------------------------

OURS = "Sec-Fetch-Site: same-origin"
BODIES = {
    "chunks to a page": (
        "POST / HTTP/1.1",
        ("Transfer-Encoding: chunked", "Content-Type: application/json", OURS),
        405,
    ),
    "chunks of a form": ("POST / HTTP/1.1", ("Transfer-Encoding: chunked", OURS), 415),
    "chunks with a question": ("GET / HTTP/1.1", ("Transfer-Encoding: chunked",), 411),
    "a body with a question": ("GET / HTTP/1.1", ("Content-Length: 9",), 400),
    "without the token": (
        "POST /~sitegen/edit HTTP/1.1",
        ("Content-Length: 9", "Content-Type: application/json", OURS),
        403,
    ),
    "of another site": ("POST /~sitegen/edit HTTP/1.1", ("Content-Length: 9", "Origin: http://evil.example"), 403),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_request_that_is_refused_is_refused_before_its_body(server: Preview, case: str) -> None:
    """The body never comes, and the answer is there at once."""
    first, lines, status = BODIES[case]
    begun = time.monotonic()
    with closing(socket.create_connection((server.host, server.port), timeout=PATIENCE)) as client:
        client.sendall(head(server, *lines, first=first))
        assert client.recv(99).startswith(f"HTTP/1.1 {status} ".encode())
    assert time.monotonic() - begun < 5


def token(server: Preview) -> str:
    """What a page of the server knows."""
    text = server.ask("/~sitegen/edit?page=models/wine/index.html").body.decode()
    return text.partition('"token": "')[2].partition('"')[0]


def test_a_body_that_is_wanted_may_be_asked_for_and_needs_a_length(server: Preview) -> None:
    """curl sends no large body before it is told to go on."""
    lines = ("Content-Type: application/json", f"X-Sitegen-Token: {token(server)}", OURS)
    first = "POST /~sitegen/edit HTTP/1.1"
    chunked = said_to(server, head(server, *lines, "Transfer-Encoding: chunked", first=first) + b"2\r\n{}\r\n0\r\n\r\n")
    assert chunked.startswith(b"HTTP/1.1 411 ")
    with closing(socket.create_connection((server.host, server.port), timeout=PATIENCE)) as client:
        client.sendall(head(server, *lines, "Content-Length: 2", "Expect: 100-continue", first=first))
        assert client.recv(99).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"{}")
        assert client.recv(99).startswith(b"HTTP/1.1 400 ")  # no page is named
    cut = said_to(server, head(server, *lines, "Content-Length: 99", first=first) + b"{}")
    assert cut.startswith(b"HTTP/1.1 400 ") or cut == b""


# --- time ----------------------------------------------------------------------------------------------------------


def in_chunks(server: Preview) -> bytes:
    """A megabyte, one byte at a time."""
    lines = ("Content-Type: application/json", f"X-Sitegen-Token: {token(server)}", OURS)
    first = "POST /~sitegen/edit HTTP/1.1"
    return head(server, *lines, "Transfer-Encoding: chunked", first=first) + b"1\r\na\r\n" * 2**20


ATTACKS: dict[str, Callable[[Preview], bytes]] = {
    "a body in chunks of one byte": in_chunks,
    "a refused body in chunks of one byte": lambda server: (
        head(server, "Transfer-Encoding: chunked", first="POST / HTTP/1.1") + b"1\r\na\r\n" * 2**20
    ),
    "thousands of requests at once": lambda server: head(server) * 5000,
    "thousands of headers": lambda server: head(server, *("A: b" for _ in range(9000))) * 20,
    "a head without an end": lambda server: head(server)[:-2] + b"A: b\r\n" * 2**18,
}


@pytest.mark.parametrize("case", ATTACKS)
def test_other_clients_do_not_wait_for_one(server: Preview, case: str) -> None:
    """The longest of the waits is that of the machine, too: half of them decide."""
    data = ATTACKS[case](server)
    attack = threading.Thread(target=said_to, args=(server, data), daemon=True)
    attack.start()
    waits = []
    for _ in range(21):
        begun = time.monotonic()
        assert server.ask("/").status == 200
        waits.append(time.monotonic() - begun)
        time.sleep(0.02)
    attack.join(PATIENCE)
    assert not attack.is_alive()
    assert sorted(waits)[10] < LATENCY
    assert max(waits) < 5 * LATENCY


def test_a_head_that_drips_costs_others_nothing(server: Preview) -> None:
    with closing(socket.create_connection((server.host, server.port), timeout=PATIENCE)) as client:
        for byte in head(server)[:40]:
            client.sendall(bytes([byte]))
            begun = time.monotonic()
            assert server.ask("/~sitegen/live.js").status == 200
            assert time.monotonic() - begun < 5 * LATENCY


# --- anything ------------------------------------------------------------------------------------------------------

METHODS = ("GET", "HEAD", "POST", "PUT", "CONNECT", "OPTIONS", "TRACE", "get", "\x00", "PRI")
TARGETS = (
    "/",
    "*",
    "/~sitegen/edit?page=" + "a" * 5000,
    "/~sitegen/edit?page=models/wine/index.html&&&=%00",
    "/~sitegen/events?since=x&path=%ff",
    "/%2e%2e/%00",
    "http://[::1",
    "//",
    "/feed.xml",
    "/é",
    "",
    "/models/wine",
)
NAMES = (
    "Range",
    "If-Range",
    "If-None-Match",
    "If-Modified-Since",
    "Content-Length",
    "Transfer-Encoding",
    "Last-Event-ID",
    "Origin",
    "Sec-Fetch-Site",
    "Content-Type",
    "X-Sitegen-Token",
    "Host",
    "Expect",
    "Upgrade",
    "Connection",
    "Accept-Encoding",
    "Cookie",
)
VALUES = (
    "",
    "*",
    NINES,
    f"bytes={NINES}-{NINES}",
    "bytes=-",
    "bytes=0-0",
    "-1",
    "0",
    "7",
    "chunked",
    "close",
    "keep-alive",
    "100-continue",
    "websocket",
    "application/json",
    "same-origin",
    "é\xff",
    "[::1",
    "a" * 20_000,
    '"', "\t", "\x0b",
    "nan",
    "1e999",
    "Thu, 99 Foo 99999 99:99:99 GMT",
)  # fmt: skip


def hostile(chance: random.Random, server: Preview, secret: str) -> bytes:
    """A request of parts that hurt, or of noise; some know the token."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(200))
    version = chance.choice(("HTTP/1.1",) * 8 + ("HTTP/1.0", "HTTP/9.9", ""))
    first = f"{chance.choice(METHODS)} {chance.choice(TARGETS)} {version}"
    lines = [f"{chance.choice(NAMES)}: {chance.choice(VALUES)}" for _ in range(chance.randrange(5))]
    if chance.random() < 0.3:
        lines += [OURS, "Content-Type: application/json", f"X-Sitegen-Token: {secret}"]
    body = chance.choice((b"", b"{}", b"2\r\n{}\r\n0\r\n\r\n", b"\xff" * 99, b"-1\r\n", b"f" * 5000 + b"\r\n"))
    whole = head(server, *lines, first=first).replace(b"\xe9", chance.choice((b"\xe9", b"e"))) + body
    return whole if chance.random() < 0.9 else whole[: chance.randrange(len(whole))]


def test_every_connection_is_answered_or_ended(server: Preview) -> None:
    """Those that stay open are of pages that listen to events, which end when the page does."""
    chance, secret = random.Random(5), token(server)
    for number in range(HOSTILE):
        data = hostile(chance, server, secret)
        answer = said_to(server, data, patience=30)  # a TimeoutError here is a connection that hangs
        assert answer == b"" or answer.startswith(b"HTTP/1.1 "), (number, data[:300])
    assert server.ask("/").status == 200
