"""A client of GitHub's REST API: pages of lists, and one sentence for each failure."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from sitegen.core.errors import SitegenError

_PAGE, _MAX_PAGES = 100, 50
_SECONDS = 30
_MAX_BYTES = 16 * 2**20


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would take the token to another host."""

    def redirect_request(self, *_: Any) -> None:
        """Follow no redirect: urllib then raises HTTPError."""


class GitHub:
    """A repository at `url`, such as https://api.github.com. The token goes to this host alone, and to no message."""

    def __init__(self, url: str, repository: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise SitegenError(f"GITHUB_API_URL is no address: {url!r}")
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise SitegenError("GITHUB_API_URL must begin with https://: a token is sent there")
        if repository.count("/") != 1 or not all(repository.split("/")):
            raise SitegenError(f"GITHUB_REPOSITORY must be OWNER/NAME, not {repository!r}")
        if not token:
            raise SitegenError("GITHUB_TOKEN is not set")
        self._base, self._token = f"{url.rstrip('/')}/repos/{repository}", token
        self._opener = build_opener(_NoRedirects)

    def list(self, path: str) -> Iterator[dict[str, Any]]:
        """All items of a list, a hundred a request. Raises SitegenError."""
        sign = "&" if "?" in path else "?"
        for page in range(1, _MAX_PAGES + 1):
            found = self.send("GET", f"{path}{sign}per_page={_PAGE}&page={page}")
            items = found if isinstance(found, list) else []
            yield from (item for item in items if isinstance(item, dict))
            if len(items) < _PAGE:
                return

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer to one request, from JSON. Raises SitegenError."""
        data = None if body is None else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "sitegen",
            **({"Content-Type": "application/json"} if data else {}),
        }
        request = Request(self._base + path, data, headers, method=method)  # noqa: S310 - the scheme is checked
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                text = answer.read(_MAX_BYTES + 1)
        except HTTPError as error:
            raise SitegenError(f"GitHub answered {error.code} to {method} {path}{_why(error)}") from None
        except (URLError, OSError) as error:
            raise SitegenError(f"GitHub cannot be reached: {getattr(error, 'reason', error)}") from None
        try:
            return json.loads(text) if len(text) <= _MAX_BYTES else None
        except ValueError:
            raise SitegenError(f"GitHub's answer to {method} {path} is not JSON") from None


def _why(error: HTTPError) -> str:
    """GitHub's reason, and what helps where the token lacks a permission."""
    try:
        message = json.loads(error.read(10_000)).get("message", "")
    except (ValueError, AttributeError, OSError):
        message = ""
    hint = "; the job needs `permissions: pull-requests: write`" if error.code == 403 else ""
    return (f": {message}" if isinstance(message, str) and message else "") + hint
