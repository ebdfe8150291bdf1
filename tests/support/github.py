"""A GitHub on this machine: the pull requests and comments of one repository, by its REST API."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

TOKEN = "token-of-the-job"
BOT = "github-actions[bot]"


class Answer(NamedTuple):
    """A raw answer. With `drip`, seconds pass between its bytes."""

    status: int
    body: bytes = b"[]"
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
    drip: float = 0


class Host:
    """Pull requests and comments, as GitHub lists them, and the requests that came."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.pulls: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str]] = []
        self.url = ""
        self.refusal: tuple[int, dict[str, str]] | None = None
        self.answers: list[Answer] = []
        """What is answered first, one after the other, whatever is asked."""

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        parts, query = urlsplit(path), parse_qs(urlsplit(path).query)
        if self.refusal and method != "GET":
            return self.refusal
        if method == "POST":
            self.comments.append({"id": len(self.comments) + 1, "body": body["body"], "user": {"login": BOT}})
            return 201, self.comments[-1]
        if method == "PATCH":
            [comment] = [one for one in self.comments if one["id"] == int(parts.path.rpartition("/")[2])]
            comment["body"] = body["body"]
            return 200, comment
        items = self.comments if parts.path.endswith("/comments") else self.pulls
        size, page = int(query["per_page"][0]), int(query["page"][0])
        return 200, items[size * (page - 1) : size * page]


@contextmanager
def serve() -> Iterator[Host]:
    """A GitHub that answers at `url` while the context is open."""
    found = Host()

    class Handler(BaseHTTPRequestHandler):
        def reply(self) -> None:
            """Answer any request of a job that has the token."""
            found.requests.append((self.command, self.path))
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.give(found.answers.pop(0) if found.answers else self.made(data))

        def made(self, data: bytes) -> Answer:
            """What the repository answers."""
            allowed = self.headers["Authorization"] == f"Bearer {TOKEN}" and self.path.startswith("/repos/o/r/")
            status, answer = found.answer(self.command, self.path, json.loads(data or b"{}")) if allowed else (401, {})
            return Answer(status, json.dumps(answer).encode())

        def give(self, answer: Answer) -> None:
            """Send an answer."""
            self.send_response(answer.status)
            for name, text in answer.headers.items():
                self.send_header(name, text)
            self.end_headers()
            with suppress(ConnectionError):
                for start in range(0, len(answer.body), 1 if answer.drip else 2**20):
                    self.wfile.write(
                        answer.body[start : start + 1] if answer.drip else answer.body[start : start + 2**20]
                    )
                    time.sleep(answer.drip)

        do_GET = do_POST = do_PATCH = reply  # noqa: N815 - the names of the standard library

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
