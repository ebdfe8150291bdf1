"""Reading a registry: the `Tree` protocol, and the local tree, which opens only regular files inside its root."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sitegen.core.errors import SitegenError
from sitegen.storage.listing import File
from sitegen.storage.mounts import mount_points
from sitegen.storage.parallel_scan import walk
from sitegen.storage.scan import Scan, inside, resolve

MAX_HASH_BYTES = 16 * 2**20
"""Bytes up to which a file is hashed."""

_CHUNK = 2**20
_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT")  # each system has some of them
ORDINARY = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in _FLAGS)
"""Flags for opening an untrusted path: follow no link, wait for no pipe, translate no bytes."""

_DEVICE_ERRORS = ("EIO", "ENXIO", "ENODEV", "ESTALE", "ENOTCONN", "ETIMEDOUT", "EHOSTDOWN", "EREMOTEIO")
DEVICE_FAILURES = frozenset(os.strerror(getattr(errno, name)) for name in _DEVICE_ERRORS if hasattr(errno, name))
"""Texts of UnreadableError for files on a disk or network that fails."""


class UnreadableError(Exception):
    """A file of the registry cannot be read; the text says why."""


class Content(NamedTuple):
    """A file's bytes, if requested, and its SHA-256 in hex, unless the file is larger than MAX_HASH_BYTES."""

    data: bytes | None
    sha256: str | None


class Tree(Protocol):
    """The files below the root of a registry. Paths are relative to it and `/`-separated."""

    def walk(self) -> Scan:
        """List every folder; the diagnostics name what could not be listed."""

    def ahead(self, files: Iterable[File]) -> None:
        """Announce the files to read, in about this order, so that remote storage can fetch them in batches."""

    def read(self, file: File, limit: int) -> Content:
        """A file; its bytes if it has at most `limit` of them. Raises UnreadableError."""

    def local(self, path: str) -> str:
        """The path of the file, or of a copy, on this machine, for libraries that open files themselves."""

    def target(self, path: str) -> str:
        """The path of the file that a link leads to; the path itself for any other file, empty where there is none."""


@dataclass(frozen=True)
class LocalTree:
    """A folder of this machine. It opens only regular files inside its root.

    `mounts` are the mount points of its disks; `open_local_tree` knows them.
    """

    root: str
    mounts: frozenset[str] = frozenset()

    def walk(self) -> Scan:
        """Every folder below the root but version control, environments, sites; links to folders are not followed."""
        return walk(self.root)

    def ahead(self, files: Iterable[File]) -> None:
        """Do nothing: local files need no batches."""

    def read(self, file: File, limit: int) -> Content:
        """A file; its bytes if it has at most `limit` of them.

        Raises UnreadableError, and SitegenError where the root or one of its disks is gone.
        """
        if file.size > MAX_HASH_BYTES:
            return Content(None, None)
        try:
            handle = self._open(file.path)
        except (OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError) and self.is_absent():
                raise SitegenError(f"{self.root} vanished while it was read") from error
            raise UnreadableError(getattr(error, "strerror", None) or str(error)) from error
        try:
            return _content(handle, limit)
        except OSError as error:
            raise UnreadableError(error.strerror or str(error)) from error
        finally:
            os.close(handle)

    def local(self, path: str) -> str:
        """The path of the file, or of a copy, on this machine, for libraries that open files themselves."""
        return f"{self.root}/{path}"

    def target(self, path: str) -> str:
        """The path of the file that a link leads to; the path itself for any other file, empty where there is none."""
        root = os.path.realpath(self.root)
        try:
            whole = resolve(f"{root}/{path}")
        except (OSError, ValueError):
            return ""
        return os.path.relpath(whole, root).replace(os.sep, "/") if inside(whole, root) else ""

    def is_absent(self) -> bool:
        """Whether the root is not there or empty, or one of its disks was unmounted."""
        try:
            with os.scandir(self.root) as entries:
                empty = next(entries, None) is None
        except OSError:
            return True
        return empty or not self.mounts <= mount_points(os.path.realpath(self.root))

    def _open(self, path: str) -> int:
        whole = f"{self.root}/{path}"
        try:
            return os.open(whole, ORDINARY)
        except OSError:
            target = resolve(whole)
            if not os.path.islink(whole) or not inside(target, os.path.realpath(self.root)):
                raise
            return os.open(target, ORDINARY)


def open_local_tree(root: str) -> LocalTree:
    """The tree of a folder, which notices when one of its disks is gone."""
    return LocalTree(root, mount_points(os.path.realpath(root)))


def _content(handle: int, limit: int) -> Content:
    """Read an open file: bytes up to `limit`, hash up to MAX_HASH_BYTES. The file may grow meanwhile."""
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
