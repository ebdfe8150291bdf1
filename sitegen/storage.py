"""Where bytes lie: the files of a registry, listed once and read on demand, and the files of a site."""

import hashlib
import os
import stat
import sys
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sitegen.diagnostics import Diagnostic, problem

MANIFEST = "sitegen-manifest.txt"
"""The file that marks a folder as a site written by sitegen; such a folder is no part of a registry."""

MOST_ENTRIES = 200_000
"""Entries of one folder that are listed."""

MOST_DEPTH = 64
"""Folders inside folders that are walked."""

HASHED = 16 * 2**20
"""Bytes up to which a file is hashed."""

_CHUNK = 2**20
_NOT_WALKED = frozenset(
    [".git", ".hg", ".svn", ".trash", ".venv", ".tox", ".nox", ".ipynb_checkpoints", "node_modules", "__pycache__"]
)
_ORDINARY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class File(NamedTuple):
    """A file of a registry: its path, its size in bytes, and a stamp that changes whenever the file does."""

    path: str
    size: int
    stamp: int


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in one folder, names sorted; held as arrays, because a registry may have a million files."""

    names: tuple[str, ...]
    sizes: "array[int]"
    stamps: "array[int]"
    folders: tuple[str, ...]

    def __reduce__(self) -> tuple[object, ...]:
        # Folders travel to workers by the thousand; what slots do by themselves takes four times as long.
        return Folder, (self.names, self.sizes, self.stamps, self.folders)

    def digest(self) -> bytes:
        """What changes whenever a file of the folder is added, removed or changed."""
        whole = hashlib.blake2b("/".join(self.names).encode("utf-8", "surrogateescape"), digest_size=16)
        whole.update(self.sizes)
        whole.update(self.stamps)
        return whole.digest()

    def files(self, prefix: str = "") -> Iterator[File]:
        """The folder's files, their paths starting with `prefix`."""
        return (File(prefix + name, *facts) for name, *facts in zip(self.names, self.sizes, self.stamps, strict=True))


Listing = dict[str, Folder]
"""Every folder of a tree by its path relative to the root, which is itself the empty path."""


class UnreadableError(Exception):
    """A file of the registry cannot be read; the text says why."""


class Content(NamedTuple):
    """A file's bytes, where they were asked for, and its SHA-256 in hex, where it is not too large to be hashed."""

    data: bytes | None
    sha256: str | None


class Tree(Protocol):
    """The files below the root of a registry. Paths are relative to it and `/`-separated."""

    def walk(self) -> tuple[Listing, tuple[Diagnostic, ...]]:
        """Every folder, and what could not be listed."""

    def read(self, file: File, limit: int) -> Content:
        """A file; its bytes if it has at most `limit` of them. Raises UnreadableError."""

    def local(self, path: str) -> str:
        """A file as one of this machine, for libraries that open files themselves."""


@dataclass(frozen=True)
class LocalTree:
    """A folder of this machine. Only ordinary files are opened, and only inside of the root."""

    root: str

    def walk(self) -> tuple[Listing, tuple[Diagnostic, ...]]:
        """Every folder below the root but version control, environments, sites; links to folders are not followed."""
        listing: Listing = {}
        problems: list[Diagnostic] = []
        todo = [""]
        while todo:
            path = todo.pop()
            folder = self._folder(path, problems)
            if folder is None:
                continue
            listing[path] = folder
            if folder.folders and path.count("/") >= MOST_DEPTH:
                problems.append(problem("too-many-files", f"folders nest more than {MOST_DEPTH} deep", printable(path)))
                continue
            prefix = f"{path}/" if path else ""
            todo += [prefix + name for name in folder.folders]
        return listing, tuple(problems)

    def _folder(self, path: str, problems: list[Diagnostic]) -> Folder | None:
        """One folder; None where it cannot be listed or holds a site."""
        files: list[tuple[str, int, int]] = []
        folders: list[str] = []
        try:
            with os.scandir(f"{self.root}/{path}") as entries:
                for number, entry in enumerate(entries):
                    if entry.is_file(follow_symlinks=False):
                        facts = entry.stat(follow_symlinks=False)
                        files.append((sys.intern(entry.name), facts.st_size, _stamp(facts)))
                    elif entry.is_dir(follow_symlinks=False):
                        if entry.name not in _NOT_WALKED:
                            folders.append(entry.name)
                    elif linked := self._linked(entry, path, problems):
                        files.append(linked)
                    if number >= MOST_ENTRIES:
                        message = f"only {MOST_ENTRIES:,} entries of the folder are read"
                        problems.append(problem("too-many-files", message, printable(path) or "."))
                        break
        except OSError as error:
            message = f"the folder cannot be listed: {error.strerror}"
            problems.append(problem("unreadable", message, printable(path) or "."))
            return None
        files.sort()
        folders.sort()
        names, sizes, stamps = zip(*files, strict=True) if files else ((), (), ())
        return None if MANIFEST in names else Folder(names, array("q", sizes), array("q", stamps), tuple(folders))

    def _linked(self, entry: "os.DirEntry[str]", path: str, problems: list[Diagnostic]) -> tuple[str, int, int] | None:
        """The file that a link inside the root leads to; a problem for all else that is no ordinary file."""
        place = printable(f"{path}/{entry.name}" if path else entry.name)
        if not entry.is_symlink():
            problems.append(problem("unreadable", "not an ordinary file", place))
            return None
        target = os.path.realpath(entry.path)
        with suppress(OSError):
            facts = os.stat(target, follow_symlinks=False)
            if stat.S_ISREG(facts.st_mode) and _inside(target, os.path.realpath(self.root)):
                return entry.name, facts.st_size, _stamp(facts)
        problems.append(problem("link", "a link to a folder, to nothing, or out of the registry", place))
        return None

    def read(self, file: File, limit: int) -> Content:
        """A file; its bytes if it has at most `limit` of them. Raises UnreadableError."""
        if file.size > HASHED:
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
            return os.open(whole, _ORDINARY)
        except OSError:
            target = os.path.realpath(whole)
            if not os.path.islink(whole) or not _inside(target, os.path.realpath(self.root)):
                raise
            return os.open(target, _ORDINARY)


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
        if size > HASHED:
            return Content(None, None)
        data = data + chunk if size <= limit else b""
    return Content(data if size <= limit else None, digest.hexdigest())


def _stamp(facts: os.stat_result) -> int:
    """When the file last changed in any way, in nanoseconds.

    POSIX's ctime: unlike the time of modification nobody can set it back, and a change of either moves it.
    """
    return facts.st_mtime_ns if os.name == "nt" else facts.st_ctime_ns


def _inside(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def printable(path: str) -> str:
    """A path that can be written as UTF-8: bytes of a name that are none become `\\xNN`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") if not path.isascii() else path
