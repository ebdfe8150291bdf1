"""Read and write files below a folder without following symbolic links.

Each folder of a path is opened relative to its parent's handle, so an attacker who replaces a folder by a link between
check and write gains nothing (CWE-59, CWE-367).
"""

import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MAX_BYTES = 8 * 2**20
"""Bytes of a file that can be edited, as many as a build reads of one."""


def _flag(name: str) -> int:
    """A flag of `os.open`; 0 on a system without it, where `_open_folder` raises EditError."""
    return int(getattr(os, name, 0))


_COMMON_FLAGS = _flag("O_NOFOLLOW") | _flag("O_CLOEXEC")
_FOLDER_FLAGS = os.O_RDONLY | _flag("O_DIRECTORY") | _COMMON_FLAGS
_READ_FLAGS = os.O_RDONLY | _flag("O_NONBLOCK") | _COMMON_FLAGS  # opening a pipe would block
_NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _COMMON_FLAGS


class EditError(Exception):
    """An edit that is refused; the message is for the user."""


def read_file(root: Path, path: str) -> bytes | None:
    """The bytes of the file at a `/`-separated path below `root`; None where there is none. Raises EditError."""
    folder, _, name = path.rpartition("/")
    try:
        with _open_folder(root, folder) as above:
            handle = _open(above, path, name, _READ_FLAGS)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise EditError(f"{path} is no file")
    with open(handle, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise EditError(f"{path} has more than {MAX_BYTES:,} bytes")
    return data


@contextmanager
def new_file(root: Path, path: str, data: bytes) -> Iterator[Callable[[], None]]:
    """Write `data` to a temporary file beside `path`; yield a function that renames it to `path`.

    Keeps the permissions of the old file and creates missing folders. On exit, removes the temporary file and those
    new folders that are empty. Raises EditError and OSError.
    """
    folder, _, name = path.rpartition("/")
    made: list[str] = []
    temporary = f".sitegen-{secrets.token_hex(16)}"
    try:
        with _open_folder(root, folder, made) as above:
            mode = _mode(above, path, name)
            handle = os.open(temporary, _NEW_FILE_FLAGS, 0o666, dir_fd=above)
            try:
                with open(handle, "wb") as file:
                    file.write(data)
                    if mode is not None:
                        os.fchmod(handle, mode)
                yield lambda: os.replace(temporary, name, src_dir_fd=above, dst_dir_fd=above)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=above)
    finally:
        for one in reversed(made):
            _remove_folder(root, one)


def remove_file(root: Path, path: str, top: str) -> None:
    """Remove a file, then its empty parent folders below `top`. Raises EditError."""
    folder, _, name = path.rpartition("/")
    with suppress(FileNotFoundError), _open_folder(root, folder) as above:
        os.unlink(name, dir_fd=above)
    while folder.startswith(f"{top}/" if top else "") and folder != top and _remove_folder(root, folder):
        folder = folder.rpartition("/")[0]


def _remove_folder(root: Path, path: str) -> bool:
    """Remove an empty folder; False if it is not empty or cannot be removed."""
    above, _, name = path.rpartition("/")
    try:
        with _open_folder(root, above) as handle:
            os.rmdir(name, dir_fd=handle)
    except (OSError, EditError):
        return False
    return True


@contextmanager
def _open_folder(root: Path, path: str, made: list[str] | None = None) -> Iterator[int]:
    """A handle of the folder at a path below `root`. With `made`, creates missing folders and notes them in it.

    Raises EditError where a folder is a link. `root` itself may be one: the user named it.
    """
    if os.open not in os.supports_dir_fd:
        raise EditError("this system cannot open a file in a folder without following links, so nothing is edited")
    handle = os.open(root, os.O_RDONLY | _flag("O_DIRECTORY") | _flag("O_CLOEXEC"))
    try:
        reached = ""
        for name in path.split("/") if path not in ("", ".") else []:
            reached = f"{reached}/{name}" if reached else name
            if made is not None:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=handle)
                    made.append(reached)
            inner = _open(handle, reached, name, _FOLDER_FLAGS)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _open(above: int, path: str, name: str, flags: int) -> int:
    """Open an entry of a folder. Raises EditError for a link, and for the names `.` and `..`."""
    if name in ("", ".", ".."):
        raise EditError(f"{path} is no path of a file")
    try:
        return os.open(name, flags, dir_fd=above)
    except OSError:
        _mode(above, path, name)
        raise


def _mode(above: int, path: str, name: str) -> int | None:
    """The permissions of a file; None where there is none. Raises EditError where it is a link."""
    try:
        mode = os.stat(name, dir_fd=above, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(mode):
        raise EditError(f"{path} is a link; change what it leads to")
    return stat.S_IMODE(mode) & 0o777
