"""Locations of registries and outputs: a path on this machine, or a URL of remote storage."""

import os
import re
from urllib.parse import unquote

_URL = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_DRIVE = re.compile("/[A-Za-z]:")
_LOGIN = re.compile(r"(?<=://).*:.*(?=@)", re.DOTALL)
"""User and password. A password may hold any character, even one with a meaning in URLs."""

_NOT_STORAGE = frozenset(["", "file", "http", "https", "sqlite"])
"""Schemes of paths, databases and servers, which fsspec does not open."""

_PATHS = frozenset(["", "file", "sqlite"])

HERE = "memory"
"""The scheme of fsspec's in-memory files, which only this process sees."""


def is_remote(location: str) -> bool:
    """Whether a location is a URL of storage: `s3://`, `gs://`, `abfs://` or another that fsspec knows."""
    return scheme(location) not in _NOT_STORAGE


def scheme(location: str) -> str:
    """The scheme of a URL in lower case; an empty text for a path."""
    found = _URL.match(location)
    return found[1].lower() if found else ""


def normalize(location: str) -> str:
    """Normalize a location: `file://` becomes a path, a URL ends without a slash."""
    if scheme(location) == "file":
        return path_of(location)
    return location.rstrip("/") if is_remote(location) and not location.endswith("://") else location


def path_of(url: str) -> str:
    """The path of a `file://` URL; on Windows, `file:///C:/models` means `C:/models`."""
    path = unquote(url.partition("://")[2].removeprefix("localhost"))
    return path[1:] if os.name == "nt" and _DRIVE.match(path) else path


def to_absolute(location: str) -> str:
    """Make a location independent of the current folder."""
    place = normalize(location)
    return place if scheme(place) else os.path.abspath(place)


def strip_credentials(location: str) -> str:
    """Redact user, password and query (which may be a signature) for printing."""
    if scheme(location) in _PATHS:
        return location
    whole, query, _ = _LOGIN.sub("[redacted]", location).partition("?")
    return f"{whole}?[redacted]" if query else whole
