"""A folder that only this user can write, for code: compiled templates and the scripts of charts.

A team or a build server may share a cache folder (`--cache`), and whoever can write there could run code in the next
build. So cached code lies in the cache of the user, in folders that nobody else can write, and only files that belong
to the user are read. Without such a folder, each build generates the code again.
"""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from sitegen.settings.cache_folder import cache_folder

_READ_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def private_folder() -> Path | None:
    """The folder, created if missing; None when others could write into it or replace it."""
    folder = cache_folder(None).absolute() / "private"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
    except OSError:
        return None
    return folder if is_private(folder) else None


def is_private(folder: Path) -> bool:
    """Whether a folder belongs to the user, and nobody else can write into it or replace one of its parents."""
    if not hasattr(os, "geteuid"):  # Windows: a profile is private
        return folder.is_dir()
    try:
        resolved = folder.resolve(strict=True)
        own = os.lstat(folder)
        parents = [os.stat(parent) for parent in resolved.parents]
    except OSError:
        return False
    if not stat.S_ISDIR(own.st_mode) or own.st_uid != os.geteuid() or own.st_mode & _WRITABLE_BY_OTHERS:
        return False
    return all(_is_safe(parent) for parent in parents)


def _is_safe(parent: os.stat_result) -> bool:
    """Whether only the user and the administrator can replace what lies in a folder."""
    if parent.st_uid not in (0, os.geteuid()):
        return False
    if parent.st_mode & stat.S_ISVTX:  # like /tmp: only the owner of a file can replace it
        return True
    private_group = parent.st_gid == parent.st_uid  # a group of one user, as many systems create
    return not parent.st_mode & (stat.S_IWOTH if private_group else _WRITABLE_BY_OTHERS)


def read_private(path: Path) -> bytes | None:
    """The bytes of a file that belongs to the user and is not a link; None for any other file or none."""
    try:
        handle = os.open(path, _READ_FLAGS)
    except OSError:
        return None
    with open(handle, "rb") as file:
        status = os.fstat(handle)
        foreign = hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & _WRITABLE_BY_OTHERS)
        return None if foreign or not stat.S_ISREG(status.st_mode) else file.read()


def write_private(path: Path, data: bytes) -> None:
    """Write a file atomically, writable only by the user. Ignores failures: the file is only a cache."""
    with suppress(OSError):
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
