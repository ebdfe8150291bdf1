"""Where the bytes of a registry lie, and how they are read: ordinary files only, and only inside of its root."""

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sitegen.storage.listing import File
from sitegen.storage.parallel_scan import walk
from sitegen.storage.scan import Scan, inside, resolve

MAX_HASH_BYTES = 16 * 2**20
"""Bytes up to which a file is hashed."""

_CHUNK = 2**20
_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT")  # each system has some of them
ORDINARY = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in _FLAGS)
"""How a file is opened that may be none: no link is followed, no pipe is waited for, bytes stay as they are."""


class UnreadableError(Exception):
    """A file of the registry cannot be read; the text says why."""


class Content(NamedTuple):
    """A file's bytes, where they were asked for, and its SHA-256 in hex, where it is not too large to be hashed."""

    data: bytes | None
    sha256: str | None


class Tree(Protocol):
    """The files below the root of a registry. Paths are relative to it and `/`-separated."""

    def walk(self) -> Scan:
        """Every folder, and what could not be listed."""

    def ahead(self, files: Iterable[File]) -> None:
        """Learn which files are going to be read, in about this order: where they are far, many come together."""

    def read(self, file: File, limit: int) -> Content:
        """A file; its bytes if it has at most `limit` of them. Raises UnreadableError."""

    def local(self, path: str) -> str:
        """A file as one of this machine, for libraries that open files themselves."""


@dataclass(frozen=True)
class LocalTree:
    """A folder of this machine. Only ordinary files are opened, and only inside of the root."""

    root: str

    def walk(self) -> Scan:
        """Every folder below the root but version control, environments, sites; links to folders are not followed."""
        return walk(self.root)

    def ahead(self, files: Iterable[File]) -> None:
        """Nothing: each file is near."""

    def read(self, file: File, limit: int) -> Content:
        """A file; its bytes if it has at most `limit` of them. Raises UnreadableError."""
        if file.size > MAX_HASH_BYTES:
            return Content(None, None)
        try:
            handle = self._open(file.path)
        except (OSError, ValueError) as error:
            raise UnreadableError(getattr(error, "strerror", None) or str(error)) from error
        try:
            return _content(handle, limit)
        except OSError as error:
            raise UnreadableError(error.strerror or str(error)) from error
        finally:
            os.close(handle)

    def local(self, path: str) -> str:
        """A file as one of this machine, for libraries that open files themselves."""
        return f"{self.root}/{path}"

    def _open(self, path: str) -> int:
        whole = f"{self.root}/{path}"
        try:
            return os.open(whole, ORDINARY)
        except OSError:
            target = resolve(whole)
            if not os.path.islink(whole) or not inside(target, os.path.realpath(self.root)):
                raise
            return os.open(target, ORDINARY)


def _content(handle: int, limit: int) -> Content:
    """What an open file holds: the bytes up to `limit`, the hash up to 16 MiB. It may grow while it is read."""
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):
        raise UnreadableError("not an ordinary file")
    data = os.read(handle, min(facts.st_size, _CHUNK) + 1)
    digest, size = hashlib.sha256(data), len(data)
    ended = size <= facts.st_size < _CHUNK
    while not ended and (chunk := os.read(handle, _CHUNK)):
        digest.update(chunk)
        size += len(chunk)
        if size > MAX_HASH_BYTES:
            return Content(None, None)
        data = data + chunk if size <= limit else b""
    return Content(data if size <= limit else None, digest.hexdigest())
