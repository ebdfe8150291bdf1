"""Scanning a folder of this machine: names, sizes and stamps of all files, without reading any."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from heapq import nsmallest
from itertools import chain, islice
from operator import attrgetter

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.settings.keep import MANIFEST
from sitegen.storage.listing import Folder, Listing, printable

MAX_ENTRIES = 200_000
"""Entries of one folder that are listed."""

MAX_DEPTH = 64
"""Folders inside folders that are walked."""

MAX_PROBLEMS = 100
"""Diagnostics for entries of one folder with the same fault."""

DATABASES = (".db", ".sqlite", ".sqlite3")
"""The suffixes of database files."""

_OLD_STATES = (".git", ".hg", ".svn", ".dvc", ".snapshot", ".snapshots", ".zfs")
_PACKAGES = (".venv", "venv", "site-packages", "dist-packages", "node_modules", ".tox", ".nox")
SKIPPED_FOLDERS = frozenset([*_OLD_STATES, *_PACKAGES, ".ipynb_checkpoints", "__pycache__"])
"""Names of folders that a scan skips: old states of files, installed packages, and caches. README lists them."""

LISTING_FAILURE = "the folder cannot be listed"
"""The start of the message about a folder that cannot be listed."""

_NOT_A_FILE = ("unreadable", "not an ordinary file")
_BAD_LINK = ("link", "a link to a folder, to nothing, or out of the registry")
_LINK_LOOP = ("link", "a link to links without end")  # one diagnostic is enough for a loop
_JOURNALS = ("-journal", "-wal", "-shm")

Scan = tuple[Listing, tuple[Diagnostic, ...]]
"""The listing of a root without version control, environments and sites; and what could not be listed."""

_Faults = list[tuple[tuple[str, str], str]]
"""Rule and message, with the name of the skipped entry."""


def rescan(root: str, known: Scan, folders: Collection[str], whole: Collection[str]) -> Scan:
    """Update the scan `known` after changes in some folders; the result equals that of a new scan.

    Lists `folders` again, and all new folders below them. The folders in `whole` were replaced: everything known about
    them and below them is dropped first.
    """
    one = Scanner(root)
    listing = dict(known[0])
    for folder in whole:
        _drop(listing, folder)
    for folder in sorted({_nearest_listed_folder(folder, listing) for folder in folders}):
        before = listing.pop(folder, None)
        if folder and before is None:
            continue  # dropped with a folder above it
        inner = one.scan_folder(folder)
        after = one.listing.get(folder)
        one.scan_all([path for path in inner if path not in listing])
        for name in set(before.folders if before else ()).difference(after.folders if after else ()):
            _drop(listing, f"{folder}/{name}" if folder else name)
    return listing | one.listing, sort_problems({*_remaining_problems(known[1], listing, one.listing), *one.problems})


def _remaining_problems(problems: Collection[Diagnostic], kept: Listing, fresh: Listing) -> list[Diagnostic]:
    """The problems of folders that were not listed again, and of their entries."""
    if not problems:
        return []
    old, new = ({printable(path) for path in listing} for listing in (kept, fresh))
    places = [(found, "" if found.path == "." else found.path) for found in problems]
    return [found for found, path in places if (path if path in old | new else path.rpartition("/")[0]) in old]


def _nearest_listed_folder(folder: str, listing: Listing) -> str:
    """The folder itself if it is listed, else the nearest listed folder above it."""
    while folder and folder not in listing:
        folder = folder.rpartition("/")[0]
    return folder


def _drop(listing: Listing, path: str) -> None:
    """Remove a folder and all folders below it from a listing."""
    gone = listing.pop(path, None)
    for name in gone.folders if gone else ():
        _drop(listing, f"{path}/{name}" if path else name)


def sort_problems(problems: Collection[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort problems, so that their order depends on no file system and no process."""
    return tuple(sorted(problems, key=lambda found: (found.path, found.rule, found.message)))


class Scanner:
    """A scan in progress: its listing and problems so far. It does not follow links to folders."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.real = os.path.realpath(root)
        self.listing: Listing = {}
        self.problems: list[Diagnostic] = []
        self.known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def scan_all(self, todo: list[str]) -> None:
        """List folders and all below them."""
        waiting = list(reversed(todo))
        while waiting:
            waiting += self.scan_folder(waiting.pop())

    def scan_folder(self, path: str) -> list[str]:
        """List one folder. Returns the paths of the folders in it that remain to be scanned."""
        found = self._list_folder(path)
        if found is None:
            return []
        self.listing[path] = found
        if found.folders and path.count("/") >= MAX_DEPTH:
            self._add_problem("too-many-files", f"folders nest more than {MAX_DEPTH} deep", path)
            return []
        prefix = f"{path}/" if path else ""
        return [prefix + name for name in found.folders]

    def _list_folder(self, path: str) -> Folder | None:
        """List one folder; None where that fails or the folder holds a site."""
        files: list[tuple[str, int, int, int]] = []
        folders: list[str] = []
        links: list[str] = []
        faults: _Faults = []
        noted = len(self.problems)
        try:
            with os.scandir(f"{self.root}/{path}") as entries:
                for entry in self._first_entries(entries, path):
                    if entry.is_file(follow_symlinks=False):
                        facts = entry.stat(follow_symlinks=False)
                        files.append((entry.name, facts.st_size, stamp(facts), inode(facts)))
                    elif entry.is_dir(follow_symlinks=False):
                        if entry.name not in SKIPPED_FOLDERS:
                            folders.append(entry.name)
                    elif linked := self._follow_link(entry, faults):
                        files.append(linked)
                        links.append(entry.name)
        except OSError as error:
            self._add_problem("unreadable", f"{LISTING_FAILURE}: {error.strerror}", path)
            return None
        found = Folder.of(files, folders, links)
        if MANIFEST in found.names:
            del self.problems[noted:]  # problems inside a site do not concern the registry
            return None
        if faults:
            self._add_faults(faults, frozenset(found.names), path)
        return Folder(self._intern(found.names), found.facts, found.folders)

    def _intern(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Intern a tuple of names to save memory: most folders hold files of the same names."""
        known = self.known.get(names)
        if known is None:
            known = self.known[names] = tuple(map(sys.intern, names))
        return known

    def _first_entries(self, entries: "Iterator[os.DirEntry[str]]", path: str) -> "Iterable[os.DirEntry[str]]":
        """The entries of a folder; of too many, the first by name, independent of the system's order."""
        some = list(islice(entries, MAX_ENTRIES + 1))
        if len(some) <= MAX_ENTRIES:
            return some
        self._add_problem("too-many-files", f"only the first {MAX_ENTRIES:,} entries of the folder are read", path)
        return nsmallest(MAX_ENTRIES, chain(some, entries), key=attrgetter("name"))

    def _follow_link(self, entry: "os.DirEntry[str]", faults: _Faults) -> tuple[str, int, int, int] | None:
        """The file behind a link that stays inside the root; adds a fault for any other entry that is not a file.

        Its inode stands for the file and the link: a link to another file of the same content is a change.
        """
        fault = _BAD_LINK if entry.is_symlink() else _NOT_A_FILE
        if fault is _BAD_LINK:
            try:
                target = resolve(entry.path)
                facts = os.stat(target, follow_symlinks=False)
                if stat.S_ISREG(facts.st_mode) and inside(target, self.real):
                    link = entry.stat(follow_symlinks=False)
                    return entry.name, facts.st_size, stamp(facts), hash((inode(facts), inode(link), stamp(link)))
            except OSError as error:
                fault = _LINK_LOOP if error.errno == errno.ELOOP else _BAD_LINK
        faults.append((fault, entry.name))
        return None

    def _add_faults(self, faults: _Faults, files: frozenset[str], path: str) -> None:
        """Add problems for the skipped entries of a folder: the first by name, and the number of others."""
        for fault in (_NOT_A_FILE, _BAD_LINK, _LINK_LOOP):
            names = sorted(name for own, name in faults if own is fault and not is_part_of_database(name, files))
            most = 1 if fault is _LINK_LOOP else MAX_PROBLEMS
            more = f", and {len(names) - most:,} more of them in this folder" if len(names) > most else ""
            for number, name in enumerate(names[:most], 1):
                place = f"{path}/{name}" if path else name
                self._add_problem(fault[0], fault[1] + (more if number == most else ""), place)

    def _add_problem(self, rule: str, message: str, path: str) -> None:
        self.problems.append(problem(rule, message, printable(path) or "."))


def is_part_of_database(name: str, files: frozenset[str]) -> bool:
    """Whether a file is the journal of a database beside it; problems with it are reported for the database."""
    stem = name.rpartition("-")[0]
    return name.endswith(_JOURNALS) and stem.endswith(DATABASES) and stem in files


stamp: Callable[[os.stat_result], int] = attrgetter("st_mtime_ns" if os.name == "nt" else "st_ctime_ns")
"""The stamp of a file: the time of its last change in nanoseconds.

POSIX's ctime: no program can set it back, unlike mtime, and every change of the file or its mtime updates it.
"""

inode: Callable[[os.stat_result], int] = attrgetter("st_ctime_ns" if os.name == "nt" else "st_ino")
"""The inode of a file; on Windows, whose scans give none, the time of its creation stands for it.

A renamed folder leaves the stamps of its files as they are, and files that are written in one go share a stamp.
"""


def resolve(path: str) -> str:
    """The real path of a link's target. Raises OSError where the system finds none."""
    os.stat(path)  # realpath() alone would recurse along any number of links
    return os.path.realpath(path)


def inside(path: str, root: str) -> bool:
    """Whether a real path is a folder, given as a real path, or inside of it."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)
