"""The output of a site: a folder, or remote storage."""

import os
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Protocol

from sitegen.core.errors import SitegenError
from sitegen.settings.keep import DEFAULT_KEEP, Keep
from sitegen.storage.location import scheme
from sitegen.storage.site_paths import any_leads_out, check_path, leads_out

if TYPE_CHECKING:
    from sitegen.storage.object_store.output import RemoteOutput

TEMPORARY = ".sitegen-"
"""The prefix of temporary files and folders in an output; they are never published or served."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_NEW |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Flags that create a new file and never follow a link; some systems lack some of them."""


class Output(Protocol):
    """A store for files, by path relative to the site's root. Readers never see a partial file.

    Remote storage batches writes until `flush`. No path leads out of the root: writing to such a path raises
    SitegenError, reading returns None.
    """

    @property
    def is_invisible(self) -> bool:
        """Whether readers see no file before the end of the build: then the order of writes does not matter."""

    def write(self, path: str, data: bytes) -> None:
        """Write a file, or replace it."""

    def flush(self) -> None:
        """Wait until all written files exist."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""

    def paths(self, keep: Keep = DEFAULT_KEEP) -> Iterator[str]:
        """The paths of all files except those that `keep` covers."""

    def sizes(self, paths: Collection[str]) -> list[int] | None:
        """The size of each of these files; None where one of them does not exist."""


@dataclass(frozen=True)
class FolderOutput:
    """A folder of this machine. Builds write into a staging folder, see `sitegen.storage.release`."""

    root: str

    @property
    def is_invisible(self) -> bool:
        """True: only staged folders are written to."""
        return True

    def write(self, path: str, data: bytes) -> None:
        """Write a new file, or replace it."""
        check_path(path)
        target = f"{self.root}/{path}"
        try:
            write_new(target, data)
        except FileNotFoundError:
            make_folder(target.rpartition("/")[0])
            write_new(target, data)
        except FileExistsError:  # a worker died, and its job is done again
            os.unlink(target)
            write_new(target, data)

    def flush(self) -> None:
        """Do nothing: `write` has written the files."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        if leads_out(path):
            return None
        try:
            return Path(self.root, path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def paths(self, keep: Keep = DEFAULT_KEEP) -> Iterator[str]:
        """The paths of all files and links to folders, without temporary files."""
        return (path for path in walk(self.root, keep) if not path.rpartition("/")[2].startswith(TEMPORARY))

    def sizes(self, paths: Collection[str]) -> list[int] | None:
        """The size of each of these files; None where one of them does not exist; a link is not a file."""
        if any_leads_out(paths):
            return None
        if any(os.path.islink(f"{self.root}/{top}") for top in {path.partition("/")[0] for path in paths}):
            return None
        found: list[int] = []
        try:
            for path in paths:
                facts = os.lstat(f"{self.root}/{path}")
                if not S_ISREG(facts.st_mode):
                    return None
                found.append(facts.st_size)
        except OSError:
            return None
        return found


def walk(root: str, keep: Keep = DEFAULT_KEEP) -> Iterator[str]:
    """The paths of all files and links below a folder except those that `keep` covers. It follows no links."""
    for folder, folders, names in os.walk(root):
        own = os.path.relpath(folder, root).replace(os.sep, "/")
        prefix = "" if own == "." else f"{own}/"
        folders[:] = [name for name in folders if not keep.covers(prefix + name, folder=True)]
        for name in [*names, *(one for one in folders if os.path.islink(f"{folder}/{one}"))]:
            if not keep.covers(prefix + name):
                yield prefix + name


def make_folder(folder: str) -> None:
    """Create a folder and its missing parents; usually only the last one is missing."""
    try:
        os.mkdir(folder)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:
        if not os.path.isdir(folder):
            raise


def write_new(path: str, data: bytes) -> None:
    """Write a new file. Raises OSError, among them FileExistsError for an existing file or link."""
    handle = os.open(path, _NEW, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
    except OSError as error:
        error.filename = path  # errors of a handle do not name the file
        with suppress(OSError):
            os.unlink(path)
        raise
    finally:
        os.close(handle)


def check_output(root: str) -> None:
    """Raises SitegenError where no site can be written; called before the registry is read."""
    if scheme(root):
        from sitegen.storage.object_store.output import check_output as check_url

        check_url(root)
    elif os.path.islink(root) and not os.path.exists(root):
        raise SitegenError(f"{root} is a link to {os.readlink(root)}, which is not there; make that folder first")


def output_at(root: str) -> Output:
    """The output in a folder, or behind a URL."""
    return remote_output(root) if scheme(root) else FolderOutput(root)


def remote_output(url: str) -> "RemoteOutput":
    """The output behind a URL."""
    from sitegen.storage.object_store.output import RemoteOutput  # imports fsspec

    return RemoteOutput(url)


def lock_remote(url: str) -> AbstractContextManager[None]:
    """The lock of the output behind a URL."""
    from sitegen.storage.object_store.lock import hold

    return hold(url)
