"""Moving a staged site, or its changed files, into a folder that readers use, in the order of publishing.

At every moment each file is the old one or the new one, and every link of every page leads to a file. New pages that
link to each other appear atomically: a new folder is renamed, and an existing folder is exchanged for a copy that holds
them. Where the system has no such exchange, the pages are first written without links to files that do not exist yet.
"""

import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from filecmp import cmp
from itertools import groupby

from sitegen.core.errors import SitegenError
from sitegen.settings.keep import MANIFEST, Keep
from sitegen.storage.exchange import exchange
from sitegen.storage.output import TEMPORARY, make_folder, walk, write_new
from sitegen.storage.page_links import is_page, without_links
from sitegen.storage.site_paths import leads_out


def move(staging: str, root: str, keep: Keep, gone: Collection[str] | None) -> None:
    """Move all files of `staging` into the site in `root`, on the same file system; then delete those that are `gone`.

    `gone` None: `staging` has the whole site, and what else lies in the site goes. Raises SitegenError, before anything
    is moved, where a link took the place of a folder, or the settings keep a path that the site needs.
    """
    staged = sorted(walk(staging))
    if gone is None:
        gone = {*walk(root, keep)}.difference(staged) - {MANIFEST}
        gone = [path for path in gone if not path.startswith(TEMPORARY)]  # the staged files, and the lock
        staged = [path for path in staged if not _drop_if_equal(staging, root, path)]
    lost = [path for path in gone if not leads_out(path) and not keep.covers(path)]
    _check(root, keep, staged, lost)
    moving = _Move(staging, root)
    moving.add_files(staged)
    moving.remove_files(lost)


def unit_of(path: str) -> str:
    """The folder whose pages link to each other and are published together; empty for all other files."""
    parts = path.split("/")
    if parts[0] == "models" and len(parts) > 2:
        return "/".join(parts[:2])
    return "page" if parts[0] == "page" and len(parts) > 1 else ""


def _drop_if_equal(staging: str, root: str, path: str) -> bool:
    """Delete a staged file if the site's file has the same bytes: that file keeps its mtime for mirroring tools."""
    target = f"{root}/{path}"
    if os.path.islink(target) or not os.path.isfile(target) or not cmp(f"{staging}/{path}", target, shallow=False):
        return False
    os.unlink(f"{staging}/{path}")
    return True


def _check(root: str, keep: Keep, staged: Sequence[str], lost: Sequence[str]) -> None:
    """Raises SitegenError where a file cannot be moved into the site."""
    for path in staged:
        if keep.covers(path):
            raise SitegenError(f"publish.keep covers {path}, which is a file of the site: choose another glob")
    parents = {path.rpartition("/")[0] for path in (*staged, *lost)}
    for folder in sorted({above for parent in parents for above in _folders_upwards(parent)}):
        place = f"{root}/{folder}"
        if os.path.lexists(place) and (os.path.islink(place) or not os.path.isdir(place)):
            raise SitegenError(f"{root} holds {folder}, which sitegen did not write; choose another --output")


def _folders_upwards(folder: str) -> Iterator[str]:
    """A folder and all above it, below the root."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


_FIRST = {"assets": 0, "api": 2, "models": 3, "page": 5}
"""The stage in which a folder is published; 6 for other files about all models. The manifest is last."""


def _publish_stage(path: str, there: bool) -> int:
    """The stage in which a file is published: files before those that load or link to them."""
    if path == MANIFEST:
        return 9
    if path.startswith("api/"):
        alone = path.startswith(("api/models/", "api/versions/", "api/schema/"))
        return (4 if there else 2) if alone else 7
    return 8 if path == "index.html" else _FIRST.get(path.partition("/")[0], 6)


class _Move:
    """One pass over the files of a folder, from `staging` to `root`."""

    def __init__(self, staging: str, root: str) -> None:
        self.staging, self.root = staging, root

    # --- adding ------------------------------------------------------------------------------------------------

    def add_files(self, paths: Sequence[str]) -> None:
        """Move all files into the site."""
        there = {path: self._exists(path) for path in paths}
        order = sorted(
            paths,
            key=lambda path: (_publish_stage(path, there[path]), unit_of(path), *_order_in_stage(path, there[path])),
        )
        if order and not self._exists(MANIFEST):  # by it the next build knows the files of this one as sitegen's
            self._put(MANIFEST, b"unfinished\n")
        linked = [path for path in order if is_page(path) and not unit_of(path) and not there[path]]
        early = [path for path in order if _publish_stage(path, there[path]) < 3]
        self._move_files(early)
        self._write_without_links(linked)
        for unit, group in groupby(order[len(early) :], key=unit_of):
            files = [*group]
            if unit:
                self._move_unit(unit, files)
            else:
                self._move_files(files)

    def _move_unit(self, unit: str, paths: Sequence[str]) -> None:
        """Move the files of one folder whose pages link to each other."""
        if not self._exists(unit):
            self._make_parent(unit)
            os.rename(f"{self.staging}/{unit}", f"{self.root}/{unit}")
            return
        pages = [path for path in paths if is_page(path) and not self._exists(path)]
        if len(pages) > 1:
            self._fill_from_site(unit, frozenset())
            if exchange(f"{self.staging}/{unit}", f"{self.root}/{unit}"):
                return
            self._move_files([path for path in paths if not is_page(path)])
            self._write_without_links(pages)
        self._move_files([path for path in paths if os.path.lexists(f"{self.staging}/{path}")])

    def _fill_from_site(self, unit: str, gone: Collection[str]) -> None:
        """Link or copy the site's files into the staged folder, except those that it has and those in `gone`."""
        for rest in walk(f"{self.root}/{unit}"):
            path = f"{unit}/{rest}"
            if path in gone or os.path.lexists(f"{self.staging}/{path}"):
                continue
            os.makedirs(f"{self.staging}/{path}".rpartition("/")[0], exist_ok=True)
            try:
                os.link(f"{self.root}/{path}", f"{self.staging}/{path}", follow_symlinks=False)
            except (OSError, NotImplementedError):  # this file system has no hard links
                shutil.copy2(f"{self.root}/{path}", f"{self.staging}/{path}", follow_symlinks=False)

    def _write_without_links(self, pages: Iterable[str]) -> None:
        """Write new pages without the links to files that do not exist yet."""
        for path in pages:
            with open(f"{self.staging}/{path}", "rb") as file:
                data = file.read()
            self._put(path, without_links(path, data, lambda target: not self._exists(target)))

    def _move_files(self, paths: Iterable[str]) -> None:
        """Move files one by one."""
        for path in paths:
            self._rename(f"{self.staging}/{path}", path)

    def _put(self, path: str, data: bytes) -> None:
        temporary = self._temporary_path()
        write_new(temporary, data)
        self._rename(temporary, path)

    def _rename(self, file: str, path: str) -> None:
        """Rename a file into the site; it replaces a file or an empty folder."""
        target = f"{self.root}/{path}"
        try:
            os.replace(file, target)
        except FileNotFoundError:
            self._make_parent(path)
            os.replace(file, target)
        except (IsADirectoryError, PermissionError):
            if not os.path.isdir(target):
                raise
            os.rmdir(target)
            os.replace(file, target)

    def _make_parent(self, path: str) -> None:
        """Create the parent folder of a path."""
        if "/" in path:
            make_folder(f"{self.root}/{path}".rpartition("/")[0])

    def _exists(self, path: str) -> bool:
        return os.path.lexists(f"{self.root}/{path}") if path and not leads_out(path) else False

    def _temporary_path(self) -> str:
        """An unused path in the staging folder."""
        return f"{self.staging}/{secrets.token_hex(8)}"

    # --- removing -----------------------------------------------------------------------------------------------

    def remove_files(self, paths: Collection[str]) -> None:
        """Delete files: pages before the files that they load, and pages that link to each other atomically."""
        order = sorted(filter(self._exists, paths), key=lambda path: (not is_page(path), unit_of(path), path))
        units: dict[str, list[str]] = {}
        for path in order:
            units.setdefault(unit_of(path), []).append(path)
        alone = units.pop("", [])
        for unit, files in units.items():
            self._remove_unit(unit, files)
        for path in alone:
            self._delete(path)

    def _remove_unit(self, unit: str, files: Sequence[str]) -> None:
        gone = frozenset(files)
        if all(f"{unit}/{path}" in gone for path in walk(f"{self.root}/{unit}")):
            os.rename(f"{self.root}/{unit}", self._temporary_path())
            self._remove_empty_parents(unit)
            return
        pages = [path for path in files if is_page(path)]
        if len(pages) > 1 and self._exchange_without(unit, gone):
            return
        if len(pages) > 1:
            for path in pages:
                with open(f"{self.root}/{path}", "rb") as file:
                    data = file.read()
                self._put(path, without_links(path, data, gone.__contains__))
        for path in files:
            self._delete(path)

    def _exchange_without(self, unit: str, gone: frozenset[str]) -> bool:
        """Exchange the folder for one without some files; False where the system cannot."""
        shutil.rmtree(f"{self.staging}/{unit}", ignore_errors=True)  # the old folder of an earlier exchange
        self._fill_from_site(unit, gone)
        return exchange(f"{self.staging}/{unit}", f"{self.root}/{unit}")

    def _delete(self, path: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(f"{self.root}/{path}")
        self._remove_empty_parents(path)

    def _remove_empty_parents(self, path: str) -> None:
        """Delete the parent folders that are empty now."""
        folder = path.rpartition("/")[0]
        while folder:
            try:
                os.rmdir(f"{self.root}/{folder}")
            except OSError:
                return
            folder = folder.rpartition("/")[0]


def _order_in_stage(path: str, there: bool) -> tuple[bool, bool]:
    """The order within a stage: new files before changed ones, other files before pages."""
    return there, is_page(path)
