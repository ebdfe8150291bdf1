"""Responses with files: those that the site's manifest lists, and the server's own scripts and style sheet.

A file of the site is sent byte for byte; a page also gets the live script.
"""

import hashlib
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

from sitegen.formats.media import media_type
from sitegen.serve.http.messages import HTML, SERVER_PREFIX, Request, Response, plain_response
from sitegen.serve.live_state import PublishedSite
from sitegen.storage.tree import ORDINARY

_ASSETS = Path(__file__).resolve().parent.parent / "assets"
_ASSET_NAMES = ("live.js", "live.css", "edit.js")

_HASHED_ASSET = re.compile(r"assets/[^/]+-[0-9a-f]{10}\.\w+\Z")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z", re.ASCII)
_MAX_DIGITS = 18  # of a number in a header; no file has so many bytes

SCRIPT_ELEMENT = f'<script src="{SERVER_PREFIX}live.js" data-page="%s"></script>'
"""The element that is added to each page."""

PLACEHOLDER_PAGE = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    f'<link rel="stylesheet" href="{SERVER_PREFIX}live.css"></head>'
    '<body class="own"><main><h1>{title}</h1><p>{text}</p></main>'
    "</body></html>\n"
)
"""The page that the server sends where the site has none."""

_NO_PAGE = (
    "The model or version may have been renamed or removed. "
    'The <a href="/index.html">catalog</a> lists all that there are.'
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""The content security policy of the placeholder page: only files of this server."""


def respond_with_asset(request: Request, build: str, editing: bool) -> Response:
    """One of the server's own files. `live.js` gets the build in which its page was loaded, and whether pages edit."""
    name = request.path.removeprefix(SERVER_PREFIX)
    if name not in _ASSET_NAMES:
        return plain_response(404)
    text = (_ASSETS / name).read_text(encoding="utf-8")
    if name == "live.js":
        text = f"window.sitegenLive = {json.dumps({'build': build, 'edit': editing})};\n{text}"
    headers = (("Content-Type", media_type(name)), ("Cache-Control", "no-store"))
    return Response(headers=headers, body=text.encode())


def respond_with_file(request: Request, shown: PublishedSite, root: str) -> Response:
    """Respond with a file of the site, or with the reason why there is none."""
    path = resolve_path(request.path, shown)
    if path is None:
        folder = resolve_path(request.path + "/", shown)
        if folder is not None:
            return plain_response(301, "", ("Location", quote(unquote(request.path)) + "/"))
        return _respond_without_file(shown)
    data = _read_file(f"{root}/{path}")
    if data is None:
        return _respond_without_file(shown)
    sha256 = hashlib.sha256(data).hexdigest()
    kind = media_type(path)
    headers = [("Content-Type", kind), ("Accept-Ranges", "bytes")]
    if kind == HTML:
        data, sha256 = add_script(data, sha256), f"{sha256}-live"
    headers.append(("ETag", f'"{sha256}"'))
    headers.append(("Cache-Control", "max-age=31536000, immutable" if _HASHED_ASSET.match(path) else "no-cache"))
    return apply_conditions(request, Response(headers=tuple(headers), body=data))


def resolve_path(path: str, shown: PublishedSite) -> str | None:
    """The path of the file at an address; the index.html of a folder; None if there is none."""
    inner = unquote(path).removeprefix("/")
    found = f"{inner}index.html" if not inner or inner.endswith("/") else inner
    return found if found in shown.files else None


def add_script(page: bytes, sha256: str) -> bytes:
    """Add the live script to a page; `sha256` of the built page is the version that the script compares."""
    script = (SCRIPT_ELEMENT % sha256).encode()
    before, end, after = page.rpartition(b"</body>")
    return before + script + end + after if end else page + script


def apply_conditions(request: Request, response: Response) -> Response:
    """Apply `If-None-Match` and `Range` to a full response: 304, 206 or 416 where they ask for less."""
    tag = dict(response.headers)["ETag"]
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        headers = tuple(pair for pair in response.headers if pair[0] in ("ETag", "Cache-Control"))
        return Response(status=304, headers=headers)
    wanted = _RANGE.match(request.headers.get("range", ""))
    if wanted is None or wanted[0] == "bytes=-" or request.headers.get("if-range", tag) != tag:
        return response
    first, last, size = wanted[1], wanted[2], len(response.body)
    start = _parse_number(first) if first else max(size - _parse_number(last), 0)
    end = min(_parse_number(last), size - 1) if first and last else size - 1
    if start > end or start >= size:
        return plain_response(416, "", ("Content-Range", f"bytes */{size}"))
    span = ("Content-Range", f"bytes {start}-{end}/{size}")
    return replace(response, status=206, headers=(*response.headers, span), body=response.body[start : end + 1])


def _parse_number(digits: str) -> int:
    """Parse the digits of a range; more digits than any file size needs give a number above all sizes."""
    shown = digits.lstrip("0")
    return int(shown or "0") if len(shown) <= _MAX_DIGITS else 10**_MAX_DIGITS


def _respond_without_file(shown: PublishedSite) -> Response:
    """Respond with the placeholder page: 404, or 503 before the first build."""
    if shown.build:
        title, text, status = "There is no such page", _NO_PAGE, 404
    else:
        title, text, status = "Building the site", "This page shows it as soon as it is there.", 503
    page = add_script(PLACEHOLDER_PAGE.format(title=title, text=text).encode(), "")
    headers = (
        ("Content-Type", HTML),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", POLICY),
    )
    return Response(status=status, headers=headers, body=page)


def _read_file(path: str) -> bytes | None:
    """The bytes of a file; None if it is not a regular file."""
    try:
        handle = os.open(path, ORDINARY)
    except OSError:
        return None
    with open(handle, "rb") as file:
        return file.read()
