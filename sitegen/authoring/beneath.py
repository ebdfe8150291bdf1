"""Files below a folder, read and written without following a link: not one that is there, nor one that appears.

Every folder on the way is opened by its name in the one above it, so a folder that is swapped for a link between a
check and a write changes nothing (CWE-59, CWE-367).
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
_READ_FLAGS = os.O_RDONLY | _flag("O_NONBLOCK") | _COMMON_FLAGS  # to open a pipe would wait for its other end
_NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _COMMON_FLAGS


class EditError(Exception):
    """The files cannot be changed like this; the text tells the user why."""


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
    """Write a new file beside the one at `path`; the function that is given puts it in the place of that one.

    It has the permissions of that one. Folders that are missing are made. At the end, nothing of it is left but what
    was put in its place. Raises EditError and OSError.
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
    """Remove a file, and the folders between it and the folder `top` that are empty then. Raises EditError."""
    folder, _, name = path.rpartition("/")
    with suppress(FileNotFoundError), _open_folder(root, folder) as above:
        os.unlink(name, dir_fd=above)
    while folder.startswith(f"{top}/" if top else "") and folder != top and _remove_folder(root, folder):
        folder = folder.rpartition("/")[0]


def _remove_folder(root: Path, path: str) -> bool:
    """Remove a folder that is empty; whether it was."""
    above, _, name = path.rpartition("/")
    try:
        with _open_folder(root, above) as handle:
            os.rmdir(name, dir_fd=handle)
    except (OSError, EditError):
        return False
    return True


@contextmanager
def _open_folder(root: Path, path: str, made: list[str] | None = None) -> Iterator[int]:
    """A handle of the folder at a path below `root`. Where `made` is given, missing folders are made and noted there.

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
    """Open what has a name in a folder. Raises EditError where it is a link, or the name leads elsewhere."""
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
