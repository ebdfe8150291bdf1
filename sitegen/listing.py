"""What lies below the root of a registry: every folder with its files, listed once and before any file is read."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MANIFEST = "sitegen-manifest.txt"
"""The file that marks a folder as a site written by sitegen; such a folder is no part of a registry."""


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

    def files(self, prefix: str = "") -> Iterator[File]:
        """The folder's files, their paths starting with `prefix`."""
        return (File(prefix + name, *facts) for name, *facts in zip(self.names, self.sizes, self.stamps, strict=True))


Listing = dict[str, Folder]
"""Every folder of a tree by its path relative to the root, which is itself the empty path."""


def name_lists(listing: Listing) -> set[tuple[str, ...]]:
    """What folders hold, by names: most folders of a registry hold the same, so that there are few of these."""
    return {folder.names for folder in listing.values()}


def printable(path: str) -> str:
    """A path that can be written as UTF-8: bytes of a name that are none become `\\xNN`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") if not path.isascii() else path


def folder_of(path: str) -> str:
    """The folder that a path lies in."""
    return path.rpartition("/")[0]
