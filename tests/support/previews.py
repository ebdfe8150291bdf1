"""`sitegen serve` in a process of its own, and requests to it."""

import hashlib
import http.client
import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from threading import Timer

from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.keep import MANIFEST
from tests.support import sites

PATIENCE = 60.0
"""Seconds after which something that must happen counts as never happening."""


PATIENT = (
    "from sitegen.serve.http import server; "
    f"server.REQUEST_SECONDS = server.SEND_SECONDS = server.CLOSE_SECONDS = {10 * PATIENCE}; "
)
"""Has the server outwait its clients: on a machine that stops now and then these are slow, too."""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Preview:
    """A running server."""

    process: "subprocess.Popen[str]"
    host: str
    port: int
    line: str
    cache: Path

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/"

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """One request; underscores in names of headers are hyphens."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def site(self) -> Path:
        """The folder that the server builds into."""
        (found,) = self.cache.glob("previews/*/site")
        return found

    def build(self) -> str:
        """The build of which a page is told that is loaded now."""
        script = self.ask("/~sitegen/live.js").body.decode()
        found: str = json.loads(script.splitlines()[0].partition("= ")[2].rstrip(";"))["build"]
        return found

    def shows(self, path: str, text: bytes) -> bool:
        """Whether a page says something, and is of a site that is wholly published: nothing loads it anew."""
        said = text in self.ask(path).body
        return said and self.build() == hashlib.sha256(self.ask(f"/{MANIFEST}").body).hexdigest()

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Ask the server to end, as Ctrl-C does; exit code and stderr."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


@contextmanager
def preview(registry: Path, *flags: str, cwd: Path, cache: Path | None = None, port: int = 0) -> Iterator[Preview]:
    """Serve a registry; `cwd` is where a sitegen.toml may lie. The scripts of charts are made once a cache."""
    cache = cache or cache_folder(None)
    python, option, main = sites.SITEGEN
    command = [
        python,
        option,
        PATIENT + main,
        "serve",
        str(registry),
        "--port",
        str(port),
        "--cache",
        str(cache),
        *flags,
    ]
    environment = sites.locale_free(PYTHONPATH=str(Path(__file__).parents[2]))
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        guard = Timer(PATIENCE, process.kill)
        guard.start()
        line = process.stdout.readline()
        guard.cancel()
        found = re.search(r" at http://([^/]+):(\d+)/ \(", line)
        assert found, (line, process.communicate(timeout=PATIENCE))
        yield Preview(process, found[1].strip("[]"), int(found[2]), line, cache)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE)


def built(server: Preview) -> None:
    """Wait until there is a site, and every page that is loaded is told that it is of this one."""
    waited(lambda: server.ask("/").status == 200 and server.shows("/", b""))


def waited(seen: Callable[[], object]) -> None:
    """Wait for what must happen where no browser has to work meanwhile."""
    end = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def free_port() -> int:
    """A port that nobody has, and that no system gives to those who ask for any, as clients do all the time."""
    while True:
        port = SystemRandom().randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
