"""Tracking servers for tests: MLflow's own on loopback, and a relay before it that counts, fails and dies at will."""

import base64
import http.client
import os
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.mlflow.truth.asking import SETTINGS
from tests.support.previews import free_port

PATIENCE = 120
"""Seconds that a server may take to start: it imports half of MLflow."""

CARELESS = {"MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES": "mlflow-artifacts"}
"""Lets a server name other hosts for its artifacts, as all servers did."""


@contextmanager
def mlflow_server(python: str, root: Path, *flags: str, trust: Path | None = None, **settings: str) -> Iterator[int]:
    """MLflow's server with the database `server` in a folder and the artifacts beside it; gives its port.

    `trust` is the certificate of one that speaks TLS; `settings` are variables of its environment.
    """
    port = free_port()
    command = [
        *(os.path.abspath(python), "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)),
        *("--backend-store-uri", f"sqlite:///{root / 'server'}", "--artifacts-destination", str(root)),
        *("--workers", "1"),
        *flags,
    ]
    settings = {**os.environ, **SETTINGS, **CARELESS, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", **settings}
    with open(root.parent / "server.log", "wb") as log:
        server = subprocess.Popen(
            command, cwd=root.parent, env=settings, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait(port, server, trust)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(port: int, server: "subprocess.Popen[bytes]", trust: Path | None) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        if trust:
            context = ssl.create_default_context(cafile=trust)
            connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    raise AssertionError("MLflow's server did not start")


Rule = Callable[[str], "int | str | bytes | None"]
"""What the relay does with a path: passes it on (None), answers with a status or a body, or `die`s."""


@dataclass
class Relay:
    """Passes requests on to a server. `asked` holds paths with bodies, `authorizations` what came with them."""

    target: int
    rule: Rule = lambda _: None
    location: str = ""
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    authorizations: set[str] = field(default_factory=set)
    dead: bool = False

    def __post_init__(self) -> None:
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def do_GET(self) -> None:
                relay.answer(self)

            def do_POST(self) -> None:
                relay.answer(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        """What was asked for, without bodies."""
        return [path for path, _ in self.asked]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Do with a request what the rule says."""
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        todo = "die" if self.dead else self.rule(request.path)
        if todo == "die":
            self.dead = True
            request.close_connection = True
            return
        self.asked.append((request.path, body))
        self.authorizations.add(request.headers.get("Authorization") or "")
        if isinstance(todo, int | bytes):
            data = todo if isinstance(todo, bytes) else b""
            request.send_response(todo if isinstance(todo, int) else 200)
            if self.location:
                request.send_header("Location", self.location)
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data)
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=60)
        kind = {"Content-Type": request.headers["Content-Type"]} if "Content-Type" in request.headers else {}
        try:
            connection.request(request.command, request.path, body, kind)
            response = connection.getresponse()
            data = response.read()
        finally:
            connection.close()
        request.send_response(response.status)
        request.send_header("Content-Type", response.headers.get("Content-Type", "text/plain"))
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def basic(user: str, password: str) -> str:
    """What a client sends for a user and password."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@contextmanager
def speaking_tls(certificate: Path, key: Path) -> Iterator[str]:
    """The address of a server that shows a certificate, and knows nothing else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            """Shake hands with whoever comes, until the socket is closed."""
            while True:
                try:
                    other, _ = listening.accept()
                except OSError:
                    return
                other.settimeout(PATIENCE)
                with suppress(OSError), other, context.wrap_socket(other, server_side=True) as guest:
                    guest.recv(1)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def certified(folder: Path, years: tuple[int, int], address: str = "127.0.0.1") -> tuple[Path, Path]:
    """A certificate that is signed by itself, valid from the one year to the other, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, address)])
    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in years)
    serial = x509.random_serial_number()
    made = x509.CertificateBuilder(name, name, key.public_key(), serial, begin, end)
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate, secret = folder / f"{begin.year}.pem", folder / f"{begin.year}.key"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(*form))
    return certificate, secret
