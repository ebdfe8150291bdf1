"""Which requests are refused: all that do not come from a page of this server.

A page of another site can make a browser send requests to 127.0.0.1. Three headers reveal it: `Origin`,
`Sec-Fetch-Site`, and, if its name resolves to this machine (DNS rebinding), `Host`.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from sitegen.serve.http.messages import JSON, Request, Response, plain_response

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`: 127.0.0.0/8, ::1, localhost."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def refusal_for(request: Request, host: str, writable: bool) -> Response | None:
    """The refusal of a request; None if it is allowed. The server listens on `host`; `writable` allows POST."""
    stated = request.headers.get("host", "")
    if not _names_this_server(stated, host):
        return plain_response(421, f"{stated or 'no host'} is not served here")
    methods = ("GET", "HEAD", "POST") if writable else ("GET", "HEAD")
    if request.method not in methods:
        return plain_response(405, "", ("Allow", ", ".join(methods)))
    origin = request.headers.get("origin")
    if origin is not None and origin != f"http://{stated}":
        return plain_response(403, "another site asks")
    site = request.headers.get("sec-fetch-site", "same-origin" if origin or request.method != "POST" else "")
    followed = (
        request.headers.get("sec-fetch-mode") == "navigate" and request.headers.get("sec-fetch-dest") == "document"
    )
    if site not in ("same-origin", "none") and not (followed and request.method == "GET"):
        return plain_response(403, "another site asks")
    if request.method == "POST" and request.headers.get("content-type", "").partition(";")[0] != JSON:
        return plain_response(415, f"send {JSON}")
    return None


def _names_this_server(stated: str, host: str) -> bool:
    """Whether a `Host` header names this server. Addresses are safe; a foreign name can resolve to this machine."""
    try:
        name = urlsplit(f"//{stated}").hostname or ""
    except ValueError:
        return False
    if name in (*LOOPBACK_NAMES, host.lower()) or name.endswith(".localhost"):
        return True
    if host in LOOPBACK_NAMES:
        return False
    return _is_address(name) or name == socket.gethostname().lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
