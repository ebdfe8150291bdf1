"""What a user may name as a registry or an output: a path of this machine, or a URL of storage elsewhere."""

import os
import re
from urllib.parse import unquote

_URL = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_DRIVE = re.compile("/[A-Za-z]:")
_LOGIN = re.compile(r"(?<=://).*:.*(?=@)", re.DOTALL)
"""A user with a password, in which any letter may stand: also one that a URL gives another meaning."""

_NOT_STORAGE = frozenset(["", "file", "http", "https", "sqlite"])
"""Paths and databases of this machine, and servers that are asked in other ways."""

_PATHS = frozenset(["", "file", "sqlite"])

HERE = "memory"
"""The scheme of files that only this process sees."""


def is_remote(location: str) -> bool:
    """Whether a location is a URL of storage: `s3://`, `gs://`, `abfs://` or another that fsspec knows."""
    return scheme(location) not in _NOT_STORAGE


def scheme(location: str) -> str:
    """What stands before `://`, in lower case; nothing where it does not."""
    found = _URL.match(location)
    return found[1].lower() if found else ""


def normalize(location: str) -> str:
    """A location as the rest of the program knows it: `file://` is a path, a URL has no slash at its end."""
    if scheme(location) == "file":
        return path_of(location)
    return location.rstrip("/") if is_remote(location) and not location.endswith("://") else location


def path_of(url: str) -> str:
    """The path that a `file://` URL means; on Windows, `file:///C:/models` means `C:/models`."""
    path = unquote(url.partition("://")[2].removeprefix("localhost"))
    return path[1:] if os.name == "nt" and _DRIVE.match(path) else path


def to_absolute(location: str) -> str:
    """A location that does not depend on the folder where sitegen runs."""
    place = normalize(location)
    return place if scheme(place) else os.path.abspath(place)


def strip_credentials(location: str) -> str:
    """A location as it may be printed: without user, password and query, which may be a signature."""
    if scheme(location) in _PATHS:
        return location
    whole, query, _ = _LOGIN.sub("[redacted]", location).partition("?")
    return f"{whole}?[redacted]" if query else whole
