"""A `Listing` of folders from the flat list of keys of an object store."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.settings.keep import MANIFEST
from sitegen.storage.listing import Folder, Listing, printable
from sitegen.storage.scan import MAX_DEPTH, MAX_ENTRIES, SKIPPED_FOLDERS, Scan

UNKNOWN = 2**63 - 1
"""The stamp of a file without hash and time. It is later than every build, so that the content decides."""

_CONTENT = ("ETag", "etag", "generation", "md5Hash", "crc32c", "content_md5", "checksum", "blob_id", "sha", "sha256")
_TIME = ("LastModified", "last_modified", "updated", "mtime", "modified", "created")

_Entry = tuple[str, int, int, int]
"""Name, size, stamp, and 0 for the inode: object stores move nothing, they copy."""


def stamp(facts: Mapping[str, Any]) -> int:
    """The stamp of a file from its metadata; it changes with every change of the file.

    A hash of ETag, checksum or generation where the store has one, too small to look like a time near a build; else
    the time of the last change in nanoseconds; else UNKNOWN.
    """
    known = [str(facts[name]) for name in _CONTENT if facts.get(name)]
    if known:
        return int.from_bytes(hashlib.blake2b("\0".join(known).encode(), digest_size=7).digest())
    for name in _TIME:
        time = facts.get(name)
        if isinstance(time, datetime):
            return int(time.timestamp() * 1e9)
        if isinstance(time, int | float) and time:
            return int(time * 1e9)
    return UNKNOWN


def listing_of_keys(found: Mapping[str, Mapping[str, Any]], root: str) -> Scan:
    """The folders of the files below the root, with the limits and skipped names of a local scan.

    An object store accepts any text as a name. A name that no file system allows is a problem and is not read.
    """
    folders: dict[str, tuple[list[_Entry], set[str]]] = {"": ([], set())}
    problems: list[Diagnostic] = []
    for key in sorted(found):
        facts, path = found[key], key[len(root) :].removeprefix("/")
        if facts.get("type") != "file" or path.endswith("/") or not path:  # stores keep empty files for empty folders
            continue
        parts = path.split("/")
        if any(part in ("", ".", "..") or "\0" in part for part in parts):
            problems.append(problem("unreadable", "a name with an empty part, . or .. is not read", printable(path)))
        elif len(parts) > MAX_DEPTH + 1:
            message = f"folders nest more than {MAX_DEPTH} deep"
            problems.append(problem("too-many-files", message, printable("/".join(parts[:MAX_DEPTH]))))
        elif SKIPPED_FOLDERS.isdisjoint(parts[:-1]):
            _add(folders, parts, facts)
    sites = {path for path, (files, _) in folders.items() if any(name == MANIFEST for name, *_ in files)}
    listing: Listing = {}
    for path, (files, inner) in folders.items():
        if not sites or sites.isdisjoint(_around(path)):
            listing[path] = _folder(path, files, inner, problems)
    return listing, tuple(sorted(dict.fromkeys(problems), key=lambda one: (one.path, one.rule, one.message)))


def _add(folders: dict[str, tuple[list[_Entry], set[str]]], parts: list[str], facts: Mapping[str, Any]) -> None:
    """Add a file and its parent folders."""
    parent = "/".join(parts[:-1])
    if parent not in folders:
        for number in range(1, len(parts)):
            folders.setdefault("/".join(parts[:number]), ([], set()))
            folders["/".join(parts[: number - 1])][1].add(parts[number - 1])
    folders[parent][0].append((parts[-1], int(facts.get("size") or 0), stamp(facts), 0))


def _around(path: str) -> Iterable[str]:
    """A folder and all folders above it."""
    parts = path.split("/") if path else []
    return ("/".join(parts[:number]) for number in range(len(parts) + 1))


def _folder(path: str, files: list[_Entry], inner: set[str], problems: list[Diagnostic]) -> Folder:
    if len(files) + len(inner) > MAX_ENTRIES:
        message = f"only {MAX_ENTRIES:,} entries of the folder are read"
        problems.append(problem("too-many-files", message, printable(path) or "."))
        files = files[:MAX_ENTRIES]
    return Folder.of(files, sorted(inner)[:MAX_ENTRIES])
