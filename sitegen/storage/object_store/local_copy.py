"""Local copies of remote files for libraries that need a path; renewed when the file has changed."""

from tempfile import TemporaryDirectory
from typing import Any

from sitegen.storage.object_store.filesystem import RemoteRoot, translate_errors
from sitegen.storage.object_store.listing import stamp
from sitegen.storage.tree import UnreadableError

MAX_COPY_BYTES = 2 * 2**30
"""Bytes of a database that is copied, its journals included."""

_SUFFIXES = ("", "-wal", "-journal")
"""The database and SQLite's journals beside it."""

_copies: dict[tuple[str, str], tuple[tuple[object, ...], TemporaryDirectory[str]]] = {}
"""The copies of this process by URL and path; they are deleted when it ends."""


def copy_to_disk(url: str, place: RemoteRoot, path: str) -> str:
    """Copy a file, unless a current copy exists, and return the path. Raises UnreadableError."""
    with translate_errors(url):
        facts = {suffix: _facts(place, path + suffix) for suffix in _SUFFIXES}
    sizes = [int(one.get("size") or 0) for one in facts.values() if one]
    if not facts[""]:
        raise UnreadableError("it is not there any more")
    if sum(sizes) > MAX_COPY_BYTES:
        raise UnreadableError(f"it has {sum(sizes):,} bytes, more than the {MAX_COPY_BYTES:,} that are copied")
    state = tuple(None if one is None else (one.get("size"), stamp(one)) for one in facts.values())
    known = _copies.get((url, path))
    if known is None or known[0] != state:
        folder = TemporaryDirectory(prefix="sitegen-")
        with translate_errors(url):
            for suffix in (suffix for suffix, one in facts.items() if one):
                place.files.get_file(place.key(path + suffix), f"{folder.name}/database{suffix}")
        if known is not None:
            known[1].cleanup()
        known = _copies[url, path] = state, folder
    return f"{known[1].name}/database"


def _facts(place: RemoteRoot, path: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = place.files.info(place.key(path))
    except FileNotFoundError:
        return None
    return found if found.get("type") == "file" else None
