"""Where a site is written: a folder, or storage elsewhere."""

import os
from collections.abc import Container, Iterable, Iterator
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
"""How names of temporary files and folders begin, in an output: never published, never served."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_NEW |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Flags of a file that is not there yet: a link of its name is not followed; some systems lack some of them."""


class Output(Protocol):
    """A place for files, by path relative to the site's root. Each file that can be seen is whole.

    Where storage is far, writes are gathered until `flush`. No path leads out of the place: writing to one that would
    raises SitegenError, reading finds nothing.
    """

    @property
    def is_invisible(self) -> bool:
        """Whether nobody sees the files before all are there: then their order does not matter."""

    def write(self, path: str, data: bytes) -> None:
        """Put a file in place of the one that may be there."""

    def flush(self) -> None:
        """Wait until all that was written is there."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""

    def paths(self, keep: Keep = DEFAULT_KEEP) -> Iterator[str]:
        """All files but those that stay whatever is built."""

    def has_all(self, paths: Iterable[str], empty: Container[str] = ()) -> bool:
        """Whether all these files are there, and only those are empty that must be."""


@dataclass(frozen=True)
class FolderOutput:
    """A folder of this machine. New files are written into folders that nobody sees yet, see `sitegen.swap`."""

    root: str

    @property
    def is_invisible(self) -> bool:
        """True: only staged folders are written to."""
        return True

    def write(self, path: str, data: bytes) -> None:
        """Write a file that is not there yet, or make it anew."""
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
        """Nothing: all is there at once."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        if leads_out(path):
            return None
        try:
            return Path(self.root, path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def paths(self, keep: Keep = DEFAULT_KEEP) -> Iterator[str]:
        """All files, and links to folders; what a killed build left is none."""
        return (path for path in walk(self.root, keep) if not path.rpartition("/")[2].startswith(TEMPORARY))

    def has_all(self, paths: Iterable[str], empty: Container[str] = ()) -> bool:
        """Whether all these files are there, and only those are empty that must be; a link is no file."""
        found = list(paths)
        if any_leads_out(found):
            return False
        try:
            for path in found:
                facts = os.lstat(f"{self.root}/{path}")
                if not S_ISREG(facts.st_mode) or not (facts.st_size or path in empty):
                    return False
        except OSError:
            return False
        return not any(os.path.islink(f"{self.root}/{top}") for top in {path.partition("/")[0] for path in found})


def walk(root: str, keep: Keep = DEFAULT_KEEP) -> Iterator[str]:
    """All files and links below a folder by path, without what stays; links are not followed."""
    for folder, folders, names in os.walk(root):
        own = os.path.relpath(folder, root).replace(os.sep, "/")
        prefix = "" if own == "." else f"{own}/"
        folders[:] = [name for name in folders if not keep.covers(prefix + name, folder=True)]
        for name in [*names, *(one for one in folders if os.path.islink(f"{folder}/{one}"))]:
            if not keep.covers(prefix + name):
                yield prefix + name


def make_folder(folder: str) -> None:
    """Make a folder; mostly only the last one is missing."""
    try:
        os.mkdir(folder)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:
        if not os.path.isdir(folder):
            raise


def write_new(path: str, data: bytes) -> None:
    """Write a file that is not there yet. Raises OSError, FileExistsError also where a link has the name."""
    handle = os.open(path, _NEW, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
    except OSError as error:
        error.filename = path  # what the system says of a handle names no file
        with suppress(OSError):
            os.unlink(path)
        raise
    finally:
        os.close(handle)


def check_output(root: str) -> None:
    """Raises SitegenError where no site can be written: what is worth knowing before anything is read."""
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
