"""Packages that a requirement names by their place: wheels, archives, folders and addresses."""

import re
from typing import NamedTuple
from urllib.parse import unquote

_SCHEME = re.compile(r"(?:https?|ftp|file|ssh|(?:git|hg|svn|bzr)(?:\+\w+)?):", re.IGNORECASE)
_ARCHIVE = re.compile(r"\.(?:zip|whl|tar\.(?:bz2|gz|xz|lz|lzma)|tbz|tgz|tar|txz|tlz)\Z", re.IGNORECASE)
_WHEEL = re.compile(
    r"(?P<name>[^\s-]+?)-(?P<version>[^\s-]+?)(?:-\d[^-]*?)?-[^\s-]+-[^\s-]+-[^\s-]+\.whl\Z", re.IGNORECASE
)
_SOURCES = re.compile(r"(?P<name>.+)-v?(?P<version>\d[^-]*)\Z")
_EGG = re.compile(r"[#&]egg=(?P<name>[^&\[]*)")
_COMPARISON = re.compile(r"[<>=!]")
_EXTRAS = re.compile(r"\[[^\[\]]*\]\Z")
_ARCHIVE_OF_REVISION = re.compile(r"/(?P<name>[^/]+)/(?:-/)?(?:archive|zipball|tarball)/")


class PackageLocation(NamedTuple):
    """Name and version of a package from its location. `version` is None if the location does not say it."""

    name: str
    version: str | None = None


def has_location(text: str) -> bool:
    """Whether pip reads a requirement as a place: an address, an archive, or the path of a folder."""
    bare = split_marker(text)[0]
    if _SCHEME.match(bare):
        return True
    before, at, _ = bare.partition("@")
    if at and not _looks_like_path(before):
        return False
    place = _EXTRAS.sub("", bare)
    return bool(_ARCHIVE.search(place) or (_looks_like_path(place) and not _COMPARISON.search(place)))


def split_marker(text: str) -> tuple[str, str]:
    """A requirement and its marker; in an address a semicolon without a blank is part of the address."""
    bare, _, marker = text.partition("; " if _SCHEME.match(text) else ";")
    return bare.strip(), marker.strip()


def locate_package(text: str) -> PackageLocation | None:
    """The package at a location; None for a wheel with an invalid name, which pip refuses."""
    place = _EXTRAS.sub("", split_marker(text)[0])
    bare, mark, after = place.partition("#")
    fragment = mark + after
    path = unquote(bare.partition("?")[0]).replace("\\", "/").rstrip("/")
    name = path.rpartition("/")[2]
    if name.lower().endswith(".whl"):
        wheel = _WHEEL.match(name)
        return PackageLocation(wheel["name"], wheel["version"].replace("_", "-")) if wheel else None
    egg = _EGG.search(fragment)
    if egg and egg["name"]:
        return PackageLocation(unquote(egg["name"]))
    revision = _ARCHIVE_OF_REVISION.search(path)
    if revision:
        return PackageLocation(revision["name"])
    if not _ARCHIVE.search(name):
        repository = name.partition("@")[0] if _SCHEME.match(text) else name
        return PackageLocation(repository.removesuffix(".git") or path or place)
    sources = _SOURCES.match(_ARCHIVE.sub("", name))
    return PackageLocation(sources["name"], sources["version"]) if sources else PackageLocation(_ARCHIVE.sub("", name))


def _looks_like_path(text: str) -> bool:
    return "/" in text or "\\" in text or text in (".", "..")
