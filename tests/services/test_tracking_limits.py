"""Tracking servers that drip, swell, crawl and go on for ever: each ends in one sentence, and the site stays."""

import gzip
import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sitegen.sources.server import limits
from tests.support.sites import contents, sitegen, warm

Answer = Callable[[BaseHTTPRequestHandler], None]
"""Sends an answer of the server, its head too."""

GOOD = {
    "experiments": {"experiments": [{"experiment_id": "1", "name": "e", "lifecycle_stage": "active"}]},
    "registered-models": {"registered_models": [{"name": "wine", "creation_timestamp": 1}]},
    "model-versions": {"model_versions": [{"name": "wine", "version": "1", "run_id": "r", "source": "runs:/r/m"}]},
}
"""What a small server answers to searches, by a part of the path; everything else is an empty answer."""


def good(request: BaseHTTPRequestHandler) -> None:
    """What a small server says."""
    send(request, json.dumps(next((facts for part, facts in GOOD.items() if part in request.path), {})).encode())


def send(request: BaseHTTPRequestHandler, data: bytes, **headers: str) -> None:
    """One answer."""
    request.send_response(200)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(data)


def drip(request: BaseHTTPRequestHandler, data: bytes) -> None:
    """Some bytes, and then spaces until nobody listens any more."""
    with suppress(OSError):
        request.wfile.write(data)
        while True:
            request.wfile.write(b" ")
            request.wfile.flush()
            time.sleep(0.1)


def bomb(*encodings: str) -> bytes:
    """Four million bytes in a few thousand, compressed again and again."""
    data = b'{"experiments":[],"x":"' + b"a" * 2**22 + b'"}'
    for encoding in encodings:
        data = gzip.compress(data) if encoding == "gzip" else zlib.compress(data)
    return data


class Pages:
    """Pages without an end, each with a token of its own."""

    def __init__(self, name: str) -> None:
        self.name, self.count = name, 0

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        self.count += 1
        send(request, json.dumps({self.name: [], "next_page_token": str(self.count), "x": "a" * 2**18}).encode())


def chunked(request: BaseHTTPRequestHandler) -> None:
    """A chunk that is longer than what comes of it."""
    drip(request, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n{")


LATE = "it takes more than 1 s for one answer"
LARGE = "its answer has more than 1,048,576 bytes"
STRANGE = "its answer is compressed in a way that was not asked for"
HOSTILE: dict[str, tuple[str, Answer, str]] = {
    "a body that drips": (
        "",
        lambda request: drip(request, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
        f"cannot be read: {LATE}",
    ),
    "a body without a length that drips": (
        "",
        lambda request: drip(request, b"HTTP/1.1 200 OK\r\n\r\n{"),
        f"cannot be read: {LATE}",
    ),
    "a chunk that drips": ("", chunked, f"cannot be read: {LATE}"),
    "a head that drips": ("", lambda request: drip(request, b"HTTP/1.1 200 OK\r\nA: b"), f"cannot be read: {LATE}"),
    "a status that drips": ("", lambda request: drip(request, b"HTTP/1.1 "), f"cannot be read: {LATE}"),
    "gzip": ("", lambda request: send(request, bomb("gzip"), Content_Encoding="gzip"), f"cannot be read: {LARGE}"),
    "deflate": (
        "",
        lambda request: send(request, bomb("deflate"), Content_Encoding="deflate"),
        f"cannot be read: {LARGE}",
    ),
    "gzip in gzip": (
        "",
        lambda request: send(request, bomb("gzip", "gzip"), Content_Encoding="gzip, gzip"),
        f"cannot be read: {STRANGE}",
    ),
    "zstd": ("", lambda request: send(request, b"{}", Content_Encoding="zstd"), f"cannot be read: {STRANGE}"),
    "an answer that is not compressed": (
        "",
        lambda request: send(request, b" " * 2**21 + b"{}"),
        f"cannot be read: {LARGE}",
    ),
    "a list that drips": (
        "registered-models",
        lambda request: drip(request, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
        f"does not say what it has: {LATE}",
    ),
    "a list that swells": (
        "model-versions",
        lambda request: send(request, bomb("gzip"), Content_Encoding="gzip"),
        f"does not say what it has: {LARGE}",
    ),
    "pages without an end": (
        "registered-models",
        Pages("registered_models"),
        "does not say what it has: its pages have more than 4,194,304 bytes",
    ),
}


@contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[str]:
    """A server that answers by a part of the path, and in all else as a good one does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with suppress(OSError):
                next((answer for part, answer in answers.items() if part in self.path), good)(self)

        def do_POST(self) -> None:
            self.do_GET()

        def handle(self) -> None:
            with suppress(OSError):  # a client that has heard enough
                super().handle()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("case", HOSTILE)
def test_a_server_that_goes_beyond_a_limit_is_one_sentence(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits are smaller ones here; what was built before stays."""
    place, hostile, message = HOSTILE[case]
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(limits, "MAX_ANSWER_BYTES", 2**20)
    monkeypatch.setattr(limits, "MAX_SEARCH_BYTES", 2**22)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    cache, site, answers = warm(tmp_path / "cache"), tmp_path / "site", dict[str, Answer]()
    with serving(answers) as url:
        first = sitegen("build", url, "--output", site, "--cache", cache)
        assert first.code == 0, first.err
        before = contents(site)
        assert "models/wine/index.html" in before
        answers[place] = hostile
        begun = time.monotonic()
        done = sitegen("build", url, "--output", site, "--cache", cache)
        assert (done.code, done.err) == (2, f"sitegen: {url} {message}\n")
        assert time.monotonic() - begun < 20
        assert contents(site) == before


def test_a_file_that_drips_is_a_problem_of_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large answer in time, and compressed as asked for, is none."""
    monkeypatch.setattr(limits, "FILE_SECONDS", 1.0)
    listed = json.dumps({"files": [{"path": "MLmodel", "is_dir": False, "file_size": 9}]}).encode()
    run = {"run": {"info": {"run_id": "r", "run_uuid": "r", "experiment_id": "1", "status": "FINISHED"}}}
    answers: dict[str, Answer] = {
        "runs/search": lambda request: send(request, json.dumps({"runs": [run["run"]]}).encode()),
        "artifacts/list": lambda request: send(request, gzip.compress(listed + b" " * 2**20), Content_Encoding="gzip"),
        "get-artifact": lambda request: drip(request, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
    }
    with serving(answers) as url:
        done = sitegen("check", url, "--cache", tmp_path / "cache")
    assert "the server does not give it: it takes more than 1 s for one answer" in done.out


# --- a whole fetch -------------------------------------------------------------------------------------------------

MANY = 120
"""Runs of a server that is slow at each."""


def slow_server(asked: list[str], seconds: float, size: int = 0) -> dict[str, Answer]:
    """A server with many runs, each with one parsed file, that takes its time for every listing of files."""
    found = [
        {
            "info": {"run_id": f"r{n}", "run_uuid": f"r{n}", "experiment_id": "1", "status": "FINISHED", "end_time": 1},
            "data": {"tags": [{"key": "mlflow.log-model.history", "value": '[{"artifact_path": "m"}]'}]},
        }
        for n in range(MANY)
    ]
    listed = json.dumps({"files": [{"path": "MLmodel", "is_dir": False, "file_size": 9}]}).encode()

    def list_files(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        time.sleep(seconds)
        send(request, listed)

    return {
        "runs/search": lambda request: send(request, json.dumps({"runs": found}).encode()),
        "artifacts/list": list_files,
        "get-artifact": lambda request: send(request, b"flavors: {}\n" + b"#" * size),
    }


REST = "what was fetched is kept, and the next build fetches the rest"


def test_many_slow_items_end_in_one_sentence_and_the_next_build_goes_on(tmp_path: Path) -> None:
    """Each item is quick enough; all of them together are not."""
    cache, site, asked = warm(tmp_path / "cache"), tmp_path / "site", list[str]()
    (tmp_path / "sitegen.toml").write_text("[registry]\nfetch_minutes = 0.05")
    answers = slow_server(asked, 0.4)
    with serving(answers) as url:
        build = ("build", url, "--output", site, "--cache", cache)
        found, answers["runs/search"] = answers["runs/search"], good
        assert sitegen(*build).code == 0
        before = contents(site)
        answers["runs/search"] = found
        begun = time.monotonic()
        done = sitegen(*build, "--config", tmp_path / "sitegen.toml")
        seconds = time.monotonic() - begun
        late = "it takes more than 0.05 min (registry.fetch_minutes in sitegen.toml)"
        assert (done.code, done.err) == (2, f"sitegen: {url} cannot be fetched: {late}; {REST}\n")
        assert 3 <= seconds < 8
        assert contents(site) == before
        first = len(asked)
        assert 16 <= first < MANY
        assert sitegen(*build).code == 0
        assert len(set(asked)) == MANY
        assert len(asked) <= MANY + 2 * 8  # those that were under way at the end are asked for again
        assert contents(site) != before


def test_a_server_that_drips_to_the_end_of_the_fetch_is_late(tmp_path: Path) -> None:
    """An answer that is under way ends with the fetch, although it may take longer by itself."""
    (tmp_path / "sitegen.toml").write_text("[registry]\nfetch_minutes = 0.02")
    with serving({"": lambda request: drip(request, b"HTTP/1.1 200 OK\r\n\r\n{")}) as url:
        begun = time.monotonic()
        done = sitegen("check", url, "--cache", tmp_path / "cache", "--config", tmp_path / "sitegen.toml")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "cannot be fetched: it takes more than 0.02 min" in done.err
    assert time.monotonic() - begun < 6


TOTALS = {
    "requests": ("MAX_FETCH_REQUESTS", 50, "it takes more than 50 requests"),
    "bytes": ("MAX_FETCH_BYTES", 2**20, "it has more than 1,048,576 bytes"),
}


@pytest.mark.parametrize("case", TOTALS)
def test_a_fetch_has_a_limit_of_its_own(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no answer exceeds a limit."""
    name, limit, message = TOTALS[case]
    monkeypatch.setattr(limits, name, limit)
    with serving(slow_server([], 0, 2**15)) as url:
        done = sitegen("check", url, "--cache", tmp_path / "cache")
    assert (done.code, done.err) == (2, f"sitegen: {url} cannot be fetched: {message}; {REST}\n")
