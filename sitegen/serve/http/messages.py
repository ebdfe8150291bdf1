"""HTTP requests and responses as values."""

from dataclasses import dataclass, field
from http import HTTPStatus

from sitegen.formats.media import media_type

HTML, JSON, TEXT = media_type("page.html"), media_type("data.json"), media_type("line.txt")

SERVER_PREFIX = "/~sitegen/"
"""The prefix of the server's own addresses; no file of a site begins with a tilde."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request. Header names are in lower case; `path` is not decoded; `query` is the part after the `?`."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Response:
    """A response; `Content-Length` comes from the body."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def plain_response(status: int, text: str = "", *headers: tuple[str, str]) -> Response:
    """A response of one line."""
    line = f"{status} {HTTPStatus(status).phrase}{f': {text}' if text else ''}\n"
    return Response(status=status, headers=(("Content-Type", TEXT), *headers), body=line.encode())
