"""Addresses of tracking servers, separated from credentials."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from sitegen.core.errors import SitegenError

SCHEMES = ("http://", "https://")
"""The prefixes of server addresses."""

PAGE = 1000
"""Results per page of a request: the maximum that all versions of MLflow accept."""


@dataclass(frozen=True)
class Address:
    """The address of a server. Only `url` is shown or stored; it has no trailing slash."""

    url: str
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


def is_address(location: str) -> bool:
    """Whether a location is the address of a server."""
    return location.lower().startswith(SCHEMES)


def parse_address(location: str) -> Address:
    """The address in a text such as `https://user:password@host:5000/prefix`; query and fragment are dropped.

    Raises SitegenError, which does not repeat the text: there may be a password in it.
    """
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or any(letter.isspace() or not letter.isprintable() for letter in location):
        raise SitegenError("the address of a tracking server must look like https://host:port")
    shown = f"[{host}]" if ":" in host else host
    url = f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}{parts.path.rstrip('/')}"
    return Address(
        url,
        None if parts.username is None else unquote(parts.username),
        None if parts.password is None else unquote(parts.password),
    )
