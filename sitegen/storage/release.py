"""The release of a site: a build writes into a staging folder, which is published at the end.

A clean build fills a folder beside the output and exchanges the two. That is impossible where the output is a mount
point, where the parent folder is not writable, or where files of others stay in the output. In these cases, and when
only changed files are written, the staging folder lies in the output, and its files are moved one by one.
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
    """The output to write to, and the function that publishes it; it takes the paths of files to delete."""

    output: Output
    finish: Callable[[Collection[str]], None]


@contextmanager
def open_release(root: str, keep: Keep, clean: bool) -> Iterator[Release]:
    """Open a release of all files of a site (`clean`) or of changed files only. The caller holds the lock.

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
        """Publish the staged files and delete those in `gone`."""
        if beside:
            _swap(staging, real, keep, root)
        else:
            move(staging, real, keep, None if clean else gone)

    try:
        yield Release(FolderOutput(staging), finish)
    except OSError as error:
        if staging in str(error.filename):  # a temporary name would not help the user
            raise SitegenError(f"{root}: {error.strerror}") from error
        raise
    finally:
        remove(staging)


def _open_remote(root: str, keep: Keep, clean: bool) -> Release:
    """Open a release behind a URL: object stores cannot rename, so that files are written in place.

    Writes a manifest first, by which the build after a killed one recognizes the files of sitegen.
    """
    output = remote_output(root)
    if clean and output.read(MANIFEST) is None:
        output.write(MANIFEST, b"unfinished\n")
        output.flush()

    def finish(gone: Collection[str]) -> None:
        """Delete the files in `gone`."""
        output.delete([path for path in gone if not keep.covers(path)])

    return Release(output, finish)


def _make_sibling(real: str, keep: Keep) -> str | None:
    """Create a staging folder beside the output; None where an exchange is impossible."""
    if os.path.ismount(real) or os.path.lexists(f"{real}/{LOCK_FILE}") or not os.access(real, os.W_OK):
        return None
    if keep.globs or _has_protected_files(real, keep):  # others may write their files while this build runs
        return None
    staging = f"{staging_name(real)}-{secrets.token_hex(8)}"
    try:
        os.mkdir(staging)
    except OSError:  # the parent is not writable, or the name is too long
        return None
    return staging


def _make_inner(real: str, root: str) -> str:
    """Create a staging folder in the output, readable by its owner only."""
    staging = f"{real}/{TEMPORARY}{secrets.token_hex(8)}"
    try:
        os.mkdir(staging, 0o700)
    except OSError as error:
        raise SitegenError(f"{root} cannot be written: {error.strerror}; choose another --output") from error
    return staging


def _has_protected_files(real: str, keep: Keep) -> bool:
    """Whether a folder holds files that the settings keep."""
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
    """Exchange the staging folder for the output; where the system cannot, move its files."""
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
    """Move all staged files into a folder in the output, which may be on another file system."""
    for path in os.listdir(staging):
        try:
            os.rename(f"{staging}/{path}", f"{inside}/{path}")
        except OSError:
            shutil.move(f"{staging}/{path}", f"{inside}/{path}")
