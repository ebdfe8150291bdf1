"""The listing of a registry: every folder with its files, before any file is read."""

from collections.abc import Collection, Iterable, Iterator
from struct import pack, unpack
from typing import NamedTuple


class File(NamedTuple):
    """A file of a registry: its path, its size in bytes, and a stamp that changes whenever the file does.

    Size and stamp of a `link` are those of the file that it leads to.
    """

    path: str
    size: int
    stamp: int
    link: bool = False


class Folder(NamedTuple):
    """The entries of one folder, names sorted.

    `facts` holds the sizes of the files, their stamps, one hash of all their inodes, and the places of links among the
    names, 64 bits each: a registry may have a million files.
    """

    names: tuple[str, ...]
    facts: bytes
    folders: tuple[str, ...]

    @classmethod
    def of(
        cls, files: Collection[tuple[str, int, int, int]], folders: Iterable[str], links: Collection[str] = ()
    ) -> "Folder":
        """A folder by name, size, stamp and inode of its files, by the names of the folders in it, and of its links.

        The inode tells a file from another of the same name, size and stamp that was moved to its place; it is 0 where
        no file can be moved. The hash of integers is the same in every process.
        """
        names, sizes, stamps, inodes = zip(*sorted(files), strict=True) if files else ((), (), (), ())
        places = [place for place, name in enumerate(names) if name in links] if links else ()
        facts = pack(f"<{2 * len(names) + 1 + len(places)}q", *sizes, *stamps, hash(inodes), *places)
        return cls(names, facts, tuple(sorted(folders)))

    def stamps(self) -> tuple[int, ...]:
        """The stamps of the files."""
        return self._numbers()[len(self.names) : 2 * len(self.names)]

    def files(self, prefix: str = "") -> Iterator[File]:
        """The folder's files, their paths starting with `prefix`."""
        numbers, count = self._numbers(), len(self.names)
        facts = zip(self.names, numbers[:count], numbers[count : 2 * count], strict=True)
        links = frozenset(numbers[2 * count + 1 :])
        if not links:
            return (File(prefix + name, size, stamp) for name, size, stamp in facts)
        return (File(prefix + name, size, stamp, n in links) for n, (name, size, stamp) in enumerate(facts))

    def _numbers(self) -> tuple[int, ...]:
        return unpack(f"<{len(self.facts) // 8}q", self.facts)


Listing = dict[str, Folder]
"""Every folder of a tree by its path relative to the root, which is itself the empty path."""


def name_lists(listing: Listing) -> set[tuple[str, ...]]:
    """The distinct lists of file names. They are few: most folders of a registry hold files of the same names."""
    return {folder.names for folder in listing.values()}


def printable(path: str) -> str:
    """A path that can be encoded as UTF-8: invalid bytes become `\\xNN`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") if not path.isascii() else path


def folder_of(path: str) -> str:
    """The parent folder of a path."""
    return path.rpartition("/")[0]


def is_inside(path: object) -> bool:
    """Whether a `/`-separated path stays below the folder that it starts from, on every system."""
    if not isinstance(path, str) or "\0" in path or "\\" in path or ":" in path.partition("/")[0]:
        return False
    return not {"", ".", ".."}.intersection(path.split("/"))
