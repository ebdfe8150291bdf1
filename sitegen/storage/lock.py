"""The lock of an output, which allows one build at a time, and the removal of files that a killed build left.

The folder itself is locked: no lock file is needed, and a swapped folder keeps its lock. The system releases the lock
when the process ends. Where a system cannot lock folders (Windows, some network file systems), the library filelock
locks a file in the output. It is loaded only then: loading it takes longer than a build without changes.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType

from sitegen.core.errors import SitegenError
from sitegen.storage.location import scheme
from sitegen.storage.output import TEMPORARY, check_output, lock_remote

LOCK_FILE = f"{TEMPORARY}lock"
"""The name of the lock file, for systems that cannot lock folders."""

_LEFTOVER = re.compile(re.escape(TEMPORARY) + r"(?:[0-9a-f]{16}|\d+-.*)\Z")


@contextmanager
def lock_output(root: str) -> Iterator[None]:
    """Lock an output, and create its folder if it is missing. Raises SitegenError when another build has the lock.

    Deletes temporary files of killed builds in the folder and beside it. Behind a URL the lock is an object.
    """
    if scheme(root):
        with lock_remote(root):
            yield
        return
    check_output(root)
    real = os.path.realpath(root)
    release = _lock(real, root)
    try:
        _clean(real)
        yield
    finally:
        release()


def staging_name(real: str) -> str:
    """The common prefix of the staging folders beside an output."""
    folder, name = os.path.split(real)
    return os.path.join(folder, f".{name}.sitegen-new")


def _lock(real: str, root: str) -> Callable[[], None]:
    """Lock the folder, or a file in it. Returns the function that releases the lock."""
    with suppress(ImportError):
        fcntl = import_module("fcntl")
        handle = _lock_folder(real, root, fcntl)
        if handle is not None:
            return lambda: os.close(handle)
    return _lock_file(real, root)


def _lock_folder(real: str, root: str, fcntl: ModuleType) -> int | None:
    """The handle of the locked folder; None where the file system cannot lock folders."""
    while True:
        _make(real, root)
        handle = os.open(real, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise SitegenError(f"another build is writing to {root}") from error
        except OSError:
            os.close(handle)
            return None
        if os.path.exists(real) and os.stat(real).st_ino == os.fstat(handle).st_ino:
            return handle
        os.close(handle)  # the folder was swapped between the two calls


def _lock_file(real: str, root: str) -> Callable[[], None]:
    """Lock a file in the output. Returns the function that releases the lock."""
    filelock = import_module("filelock")
    _make(real, root)
    lock = filelock.FileLock(os.path.join(real, LOCK_FILE))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise SitegenError(f"another build is writing to {root}") from error
    release: Callable[[], None] = lock.release
    return release


def _make(real: str, root: str) -> None:
    try:
        os.makedirs(real, exist_ok=True)
    except FileExistsError as error:
        raise SitegenError(f"{root} is not a folder") from error


def _clean(real: str) -> None:
    """Delete the temporary files of killed builds in the output and beside it."""
    folder, begin = os.path.split(staging_name(real))
    beside = re.compile(re.escape(begin) + r"(?:-[0-9a-f]{16})?\Z")
    for place, name in ((real, _LEFTOVER), (folder, beside)):
        with suppress(OSError), os.scandir(place) as entries:  # a folder that may be entered, but not listed
            for path in [entry.path for entry in entries if name.match(entry.name)]:
                remove(path)


def remove(path: str) -> None:
    """Delete a folder with its contents, or a file, without following links."""
    with suppress(OSError):
        os.unlink(path)
        return
    shutil.rmtree(path, ignore_errors=True)
