"""A client of GitHub's REST API: pages of lists, patience with limits, and one sentence for each failure."""

import json
import time
from collections.abc import Callable, Iterator
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from sitegen.core.errors import SitegenError

_PAGE, _MAX_PAGES = 100, 50
_SECONDS = 30
"""The longest pause in an answer, and twice as long is the longest answer."""

_MAX_BYTES = 16 * 2**20
_CHUNK = 2**16

_TRIES = 3
_MAX_PAUSE = 60
"""Seconds that a job waits because GitHub asks it to."""

_LOCAL = ("127.0.0.1", "::1", "localhost")


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would take the token to another host."""

    def redirect_request(self, *_: Any) -> None:
        """Follow no redirect: urllib then raises HTTPError."""


class GitHub:
    """A repository at `url`, such as https://api.github.com. The token goes to this host alone, and to no message.

    `pause` waits some seconds.
    """

    def __init__(self, url: str, repository: str, token: str, pause: Callable[[float], None] = time.sleep) -> None:
        _check_address(url)
        if repository.count("/") != 1 or not all(repository.split("/")):
            was = f", not {repository!r}" if repository else ": it is not set"
            raise SitegenError(f"GITHUB_REPOSITORY must be OWNER/NAME{was}")
        if not token:
            raise SitegenError("GITHUB_TOKEN is not set")
        if not (token.isascii() and token.isprintable()):
            raise SitegenError("GITHUB_TOKEN has characters that no token has")
        self._base, self._token, self._pause = f"{url.rstrip('/')}/repos/{repository}", token, pause
        self._opener = build_opener(_NoRedirects)

    def list(self, path: str) -> Iterator[dict[str, Any]]:
        """All items of a list, a hundred a request. Raises SitegenError."""
        sign = "&" if "?" in path else "?"
        for page in range(1, _MAX_PAGES + 1):
            items = self.send("GET", f"{path}{sign}per_page={_PAGE}&page={page}")
            if not isinstance(items, list):
                raise SitegenError(f"GitHub's answer to GET {path} is no list")
            yield from (item for item in items if isinstance(item, dict))
            if len(items) < _PAGE:
                return

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer to one request, from JSON. Raises SitegenError."""
        text = self._answer(method, path, body)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise SitegenError(f"GitHub's answer to {method} {path} is not JSON") from None

    def _answer(self, method: str, path: str, body: dict[str, Any] | None) -> bytes:
        """The bytes of an answer. Asks again where GitHub is busy, or names a time to wait."""
        for number in range(1, _TRIES + 1):
            try:
                with self._opener.open(self._request(method, path, body), timeout=_SECONDS) as answer:
                    return _read(answer)
            except HTTPError as error:
                wait = _seconds_to_wait(method, error)
                if wait is None or wait > _MAX_PAUSE or number == _TRIES:
                    raise SitegenError(f"GitHub answered {error.code} to {method} {path}{_why(error, wait)}") from None
                error.close()
                self._pause(wait)
            except (URLError, OSError, HTTPException) as error:
                raise SitegenError(f"GitHub cannot be reached: {getattr(error, 'reason', error)}") from None
        raise SitegenError(f"GitHub did not answer {method} {path}")

    def _request(self, method: str, path: str, body: dict[str, Any] | None) -> Request:
        data = None if body is None else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "sitegen",
            **({"Content-Type": "application/json"} if data else {}),
        }
        return Request(self._base + path, data, headers, method=method)  # noqa: S310 - the scheme is checked


def _check_address(url: str) -> None:
    """Raise SitegenError for an address to which no token should be sent."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise SitegenError("GITHUB_API_URL is no address") from None
    plain = url.isascii() and url.isprintable() and not set(" ?#@") & set(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or not plain:
        raise SitegenError("GITHUB_API_URL is no address, such as https://api.github.com")
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise SitegenError("GITHUB_API_URL must begin with https://: a token is sent there")


def _read(answer: HTTPResponse) -> bytes:
    """The bytes of an answer, which may be neither too long nor too slow. Raises SitegenError."""
    end = time.monotonic() + 2 * _SECONDS
    text = bytearray()
    while chunk := answer.read1(_CHUNK):
        text += chunk
        if len(text) > _MAX_BYTES:
            raise SitegenError(f"GitHub's answer has more than {_MAX_BYTES // 2**20} MiB")
        if time.monotonic() > end:
            raise SitegenError(f"GitHub's answer took more than {2 * _SECONDS} seconds")
    if answer.length:
        raise SitegenError("GitHub's answer ended early")
    return bytes(text)


def _seconds_to_wait(method: str, error: HTTPError) -> float | None:
    """The time after which a request may work; None where it will not."""
    if error.code in (403, 429) and (wait := _limit(error.headers)) is not None:
        return wait
    if error.code == 429:
        return 1
    # A server that fails may have written the comment of a POST: that is not sent twice.
    return 1 if error.code >= 500 and method != "POST" else None


def _limit(headers: Message) -> float | None:
    """The seconds that the headers of a refusal name; None where it is about no limit of requests."""
    after, left, reset = (
        headers.get(name, "") for name in ("Retry-After", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    )
    if after.isdecimal():
        return float(after[:9])
    return max(0.0, float(reset[:12]) - time.time()) if left == "0" and reset.isdecimal() else None


def _why(error: HTTPError, wait: float | None) -> str:
    """GitHub's reason, and what helps: to wait, or a permission that the token lacks."""
    try:
        message = json.loads(error.read1(10_000)).get("message", "")
    except (ValueError, AttributeError, OSError, HTTPException, RecursionError):
        message = ""
    hint = "; the job needs `permissions: pull-requests: write`" if error.code == 403 else ""
    if wait is not None and error.code < 500:
        hint = f"; GitHub's limit of requests is reached: run the job again in {max(1, round(wait / 60))} min"
    return (f": {message}" if isinstance(message, str) and message else "") + hint
