"""The release of a site: a build writes into a folder that nobody sees, and at its end all comes to its place.

A clean build fills a folder beside the output, and both change places. That is impossible where the output is a mount
point, where nobody may write beside it, or where files in it stay whatever is built. Then, and when only changed files
are written, the folder lies in the output, under a name that is never published, and its files are moved one by one.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from stat import S_IMODE
from typing import NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.settings.keep import MANIFEST, Keep, is_site_name
from sitegen.storage.exchange import exchange
from sitegen.storage.location import scheme
from sitegen.storage.lock import LOCK_FILE, remove, staging_name
from sitegen.storage.move import move
from sitegen.storage.output import TEMPORARY, FolderOutput, Output, remote_output


class Release(NamedTuple):
    """Where a build writes, and what it calls at its end with the paths of files that the site has no more."""

    output: Output
    finish: Callable[[Collection[str]], None]


@contextmanager
def open_release(root: str, keep: Keep, clean: bool) -> Iterator[Release]:
    """A release of all files of a site, if it is clean, else of the changed ones. The caller holds the lock.

    Raises SitegenError where nothing can be written.
    """
    if scheme(root):
        yield _open_remote(root, keep, clean)
        return
    real = os.path.realpath(root)
    staging = _make_sibling(real, keep) if clean else None
    beside = staging is not None
    staging = staging or _make_inner(real, root)

    def finish(gone: Collection[str]) -> None:
        """Bring all to its place."""
        if beside:
            _swap(staging, real, keep, root)
        else:
            move(staging, real, keep, None if clean else gone)

    try:
        yield Release(FolderOutput(staging), finish)
    except OSError as error:
        if staging in str(error.filename):  # a name that means nothing to anybody
            raise SitegenError(f"{root}: {error.strerror}") from error
        raise
    finally:
        remove(staging)


def _open_remote(root: str, keep: Keep, clean: bool) -> Release:
    """A release behind a URL: object stores cannot rename, so that files are written in place.

    A manifest is there from the start: by it the next build knows the files of one that was killed as sitegen's.
    """
    output = remote_output(root)
    if clean and output.read(MANIFEST) is None:
        output.write(MANIFEST, b"unfinished\n")
        output.flush()

    def finish(gone: Collection[str]) -> None:
        """Delete what is gone."""
        output.delete([path for path in gone if not keep.covers(path)])

    return Release(output, finish)


def _make_sibling(real: str, keep: Keep) -> str | None:
    """A new folder beside the output, to be exchanged for it; None where that is impossible."""
    if os.path.ismount(real) or os.path.lexists(f"{real}/{LOCK_FILE}") or not os.access(real, os.W_OK):
        return None
    if _has_protected_files(real, keep):
        return None
    staging = f"{staging_name(real)}-{secrets.token_hex(8)}"
    try:
        os.mkdir(staging)
    except OSError:  # nobody may write there, or the name is too long
        return None
    return staging


def _make_inner(real: str, root: str) -> str:
    """A new folder in the output. Its mode lets nobody else look."""
    staging = f"{real}/{TEMPORARY}{secrets.token_hex(8)}"
    try:
        os.mkdir(staging, 0o700)
    except OSError as error:
        raise SitegenError(f"{root} cannot be written: {error.strerror}; choose another --output") from error
    return staging


def _has_protected_files(real: str, keep: Keep) -> bool:
    """Whether a folder holds something that stays whatever is built."""
    for folder, folders, names in os.walk(real):
        own = os.path.relpath(folder, real).replace(os.sep, "/")
        prefix = "" if own == "." else f"{own}/"
        if any(keep.covers(prefix + name, folder=True) for name in folders):
            return True
        if any(keep.covers(prefix + name) for name in names):
            return True
        if not prefix:
            folders[:] = [name for name in folders if not is_site_name(name)]
    return False


def _swap(staging: str, real: str, keep: Keep, root: str) -> None:
    """Exchange the new folder for the output; where the system refuses, move its files."""
    with suppress(OSError):
        os.chmod(staging, S_IMODE(os.stat(real).st_mode))
    if exchange(staging, real):
        return
    inside = _make_inner(real, root)
    try:
        _move_all(staging, inside)
        move(inside, real, keep, None)
    finally:
        remove(inside)


def _move_all(staging: str, inside: str) -> None:
    """Bring all staged files into the output, which may be another file system."""
    for path in os.listdir(staging):
        try:
            os.rename(f"{staging}/{path}", f"{inside}/{path}")
        except OSError:
            shutil.move(f"{staging}/{path}", f"{inside}/{path}")
