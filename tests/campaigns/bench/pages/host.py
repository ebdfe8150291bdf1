"""A static host on loopback: HTTP/1.1, gzip for texts, ten minutes of cache, as GitHub Pages serves a site."""

import gzip
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.support.weights import LEVEL

PATH = "/docs/"
"""Where on the host the site lies: most sites of projects lie below a path."""

TEXTS = ("text/", "application/json", "image/svg", "application/xml", "application/javascript")


@lru_cache(maxsize=256)
def _compress(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), LEVEL)


class _Host(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, site: Path) -> None:
        self.site = site
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send a file, a folder's index, or the page for addresses that do not exist."""
        path = unquote(urlsplit(self.path).path)
        file = self.site / path.removeprefix(PATH)
        file = file / "index.html" if file.is_dir() else file
        found = path.startswith(PATH) and file.is_file() and file.resolve().is_relative_to(self.site.resolve())
        self._send(file if found else self.site / "404.html", 200 if found else 404)

    def _send(self, file: Path, status: int) -> None:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        small = kind.startswith(TEXTS) and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _compress(file) if small else file.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", kind + ("; charset=utf-8" if kind.startswith("text/") else ""))
        self.send_header("Cache-Control", "max-age=600")
        if small:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def hosted(site: Path) -> Iterator[str]:
    """The address of a site that is built there later: a build needs the address first."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, site=site))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PATH}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
