"""What a registry holds, kept in memory: after a change only the folders that changed are listed again."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sitegen.sources.database_beside import find_neighbor_database, neighbor_note
from sitegen.sources.discovery import Discovery, discover, rediscover
from sitegen.sources.exclude import exclude_folders
from sitegen.sources.kinds import find_root
from sitegen.storage.listing import Listing, name_lists
from sitegen.storage.scan import Scan, rescan
from sitegen.storage.tree import LocalTree


class LiveListing:
    """The listing of a registry: a folder, a database file or a `sqlite:///` address.

    `note` says which database is read in place of a folder of artifacts.
    """

    def __init__(self, location: str) -> None:
        self._location = location
        self.root = ""
        self.note = ""
        self._database: str | None = None
        self._scan: Scan = {}, ()
        self._last: tuple[Discovery, Listing] | None = None

    def walk(self) -> bool:
        """List everything; whether something is not as it was known. Raises SitegenError where nothing is there."""
        before, self._scan = self._scan, ({}, ())
        place = find_root(self._location)
        known = LocalTree(place[0]).walk()
        self.note = ""
        if place[1] is None and (beside := find_neighbor_database(place[0], known[0])):
            self.note = neighbor_note(place[0], beside)
            place = find_root(beside)
            known = LocalTree(place[0]).walk()
        if place != (self.root, self._database):
            self._last = None
        self.root, self._database = place
        self._scan = known
        return self._scan != before

    def touch(self, paths: Iterable[str]) -> bool:
        """List again where absolute paths below the root were touched; whether one of them is part of the registry.

        A file that was touched counts even when its stamp is as before: clocks are coarse.
        """
        folders: set[str] = set()
        sure: set[str] = set()
        whole: set[str] = set()
        for path in paths:
            inner = os.path.relpath(path, self.root).replace(os.sep, "/")
            if inner in (".", "..") or inner.startswith("../"):
                continue
            folders.add(os.path.dirname(inner))
            if not _beside_database(inner):
                sure.add(os.path.dirname(inner))
            if inner in self._scan[0] or (os.path.isdir(path) and not os.path.islink(path)):
                whole.add(inner)
        before = self._scan
        self._scan = rescan(self.root, before, folders, whole) if folders else before
        return self._scan != before or not sure.isdisjoint(before[0])

    def ignore_own_reads(self) -> None:
        """Take what reading has done to files beside databases for no change."""
        listing = self._scan[0]
        named = {names for names in name_lists(listing) if any(map(_beside_database, names))}
        beside = [path for path, folder in listing.items() if folder.names in named] if named else []
        if beside:
            self._scan = rescan(self.root, self._scan, beside, ())

    def folders(self) -> list[str]:
        """Every folder that was listed, as an absolute path."""
        return [f"{self.root}/{path}" if path else self.root for path in self._scan[0]]

    def discovery(self, exclude: Sequence[str] = ()) -> Discovery:
        """The models, without those of folders that the globs `exclude` match.

        Raises SitegenError when nothing is there or nothing is recognised.
        """
        find_root(self._location)
        listing, problems = exclude_folders(self._scan, exclude)
        found = rediscover(*self._last, listing) if self._last else None
        found = found or discover(LocalTree(self.root), listing, self._database)
        self._last = found, listing
        return replace(found, problems=(*problems, *found.problems), note=self.note)


def _beside_database(path: str) -> bool:
    """Whether it is a file that SQLite keeps beside a database; reading the database sets its times."""
    return path.endswith(("-wal", "-shm"))
