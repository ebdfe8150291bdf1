"""A folder of this user alone, for what is run: compiled templates, and the scripts of charts.

A folder for local state may be shared, by a team or between the machines of a build server (`--cache`): whoever writes
there could run code in the next build. So code lies in the user's own cache, in folders that nobody else may write,
and only files that belong to the user are read. Where there is no such folder, code is made anew each time.
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
    """The folder, made where it is missing; None where others could write in it or put another one in its place."""
    folder = cache_folder(None).absolute() / "private"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
    except OSError:
        return None
    return folder if is_private(folder) else None


def is_private(folder: Path) -> bool:
    """Whether a folder belongs to the user, and nobody else may write in it or replace a folder that it lies in."""
    if not hasattr(os, "geteuid"):  # Windows: a profile is its user's alone
        return folder.is_dir()
    try:
        whole = folder.resolve(strict=True)
        own = os.lstat(folder)
        above = [os.stat(one) for one in whole.parents]
    except OSError:
        return False
    if not stat.S_ISDIR(own.st_mode) or own.st_uid != os.geteuid() or own.st_mode & _WRITABLE_BY_OTHERS:
        return False
    return all(_is_safe(one) for one in above)


def _is_safe(above: os.stat_result) -> bool:
    """Whether nobody but the user and the administrator can replace what lies in a folder."""
    if above.st_uid not in (0, os.geteuid()):
        return False
    if above.st_mode & stat.S_ISVTX:  # as /tmp: who owns what lies in it decides
        return True
    alone = above.st_gid == above.st_uid  # the group of one user, as many systems have it
    return not above.st_mode & (stat.S_IWOTH if alone else _WRITABLE_BY_OTHERS)


def read_private(path: Path) -> bytes | None:
    """The bytes of a file that belongs to the user and is no link; None of any other, and where there is none."""
    try:
        handle = os.open(path, _READ_FLAGS)
    except OSError:
        return None
    with open(handle, "rb") as file:
        facts = os.fstat(handle)
        foreign = hasattr(os, "geteuid") and (facts.st_uid != os.geteuid() or facts.st_mode & _WRITABLE_BY_OTHERS)
        return None if foreign or not stat.S_ISREG(facts.st_mode) else file.read()


def write_private(path: Path, data: bytes) -> None:
    """Write a file, whole, that others may not write. That it cannot be written is no error: it is made anew."""
    with suppress(OSError):
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
