"""The listing of a registry in memory; watcher events rescan only the folders that changed."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sitegen.sources.database.stamp_cache import NO_CACHE, StampCache
from sitegen.sources.database_beside import find_neighbor_database, neighbor_note
from sitegen.sources.discovery import Discovery, discover, rediscover
from sitegen.sources.exclude import exclude_folders
from sitegen.sources.kinds import find_root
from sitegen.storage.listing import Listing, name_lists
from sitegen.storage.scan import Scan, rescan
from sitegen.storage.tree import LocalTree, open_local_tree


class LiveListing:
    """The listing of a registry: a folder, a database file or a `sqlite:///` address.

    `note` names the database that is read in place of a folder of artifacts.
    """

    def __init__(self, location: str) -> None:
        self._location = location
        self.root = ""
        self.note = ""
        self._database: str | None = None
        self._scan: Scan = {}, ()
        self._last: tuple[Discovery, Listing] | None = None

    def walk(self) -> bool:
        """Scan everything. True if something changed. Raises SitegenError if the registry does not exist."""
        before, self._scan = self._scan, ({}, ())
        place = find_root(self._location)
        scan = LocalTree(place[0]).walk()
        self.note = ""
        if place[1] is None and (beside := find_neighbor_database(place[0], scan[0])):
            self.note = neighbor_note(place[0], beside)
            place = find_root(beside)
            scan = LocalTree(place[0]).walk()
        if place != (self.root, self._database):
            self._last = None
        self.root, self._database = place
        self._scan = scan
        return self._scan != before

    def touch(self, paths: Iterable[str]) -> bool:
        """Rescan the folders of absolute paths that had an event. True if the registry may have changed.

        An event on a file counts even if its stamp is the same: clocks are coarse.
        """
        folders: set[str] = set()
        certain: set[str] = set()
        subtrees: set[str] = set()
        for path in paths:
            inner = os.path.relpath(path, self.root).replace(os.sep, "/")
            if inner in (".", "..") or inner.startswith("../"):
                continue
            folders.add(os.path.dirname(inner))
            if not _beside_database(inner):
                certain.add(os.path.dirname(inner))
            if inner in self._scan[0] or (os.path.isdir(path) and not os.path.islink(path)):
                subtrees.add(inner)
        before = self._scan
        self._scan = rescan(self.root, before, folders, subtrees) if folders else before
        return self._scan != before or not certain.isdisjoint(before[0])

    def ignore_own_reads(self) -> None:
        """Ignore changes of modification times that sitegen's reads of SQLite cause."""
        listing = self._scan[0]
        named = {names for names in name_lists(listing) if any(map(_beside_database, names))}
        beside = [path for path, folder in listing.items() if folder.names in named] if named else []
        if beside:
            self._scan = rescan(self.root, self._scan, beside, ())

    def folders(self) -> list[str]:
        """The absolute path of every listed folder."""
        return [f"{self.root}/{path}" if path else self.root for path in self._scan[0]]

    def discovery(self, exclude: Sequence[str] = (), stamps: StampCache = NO_CACHE) -> Discovery:
        """Discover the models, except in folders that match the globs `exclude`; `stamps` as `open_registry`.

        Raises SitegenError if the registry does not exist or has no layout that sitegen knows.
        """
        find_root(self._location)
        listing, problems = exclude_folders(self._scan, exclude)
        discovery = rediscover(*self._last, listing) if self._last else None
        discovery = discovery or discover(open_local_tree(self.root), listing, self._database, stamps)
        self._last = discovery, listing
        return replace(discovery, problems=(*problems, *discovery.problems), note=self.note)


def _beside_database(path: str) -> bool:
    """Whether SQLite keeps this file beside a database. Reading the database changes its modification time."""
    return path.endswith(("-wal", "-shm"))
