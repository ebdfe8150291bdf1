"""References to the places of the facts of models and versions. Discovery makes them before any fact is read.

There is one for each version, and they are sent to workers: named tuples are the smallest and fastest to pickle.
"""

import marshal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.model import Kind
from sitegen.storage.listing import File, Folder, Listing


class Bundle(NamedTuple):
    """Files that are read together: a model's folder, a run's folder, the folder of a registered version.

    `path` is relative to the registry's root; `folders` holds each folder below it with its path relative to it.
    `only` restricts the files to these names.
    """

    path: str
    folders: tuple[tuple[str, Folder], ...]
    only: frozenset[str] | None = None

    def files(self) -> Iterator[File]:
        """The files, their paths relative to the bundle's."""
        for path, folder in self.folders:
            for file in folder.files(f"{path}/" if path else ""):
                if self.only is None or file.path in self.only:
                    yield file

    def within(self, file: File) -> File:
        """The file with its path relative to the registry's root."""
        return File(f"{self.path}/{file.path}", file.size, file.stamp, file.link) if self.path else file

    def facts(self) -> tuple[Any, ...]:
        """The listing of the files as plain values, for marshal."""
        return self.path, [(path, one.names, one.facts) for path, one in self.folders]

    def digest(self) -> bytes:
        """The stamp of the files: a fingerprint of their names, sizes and stamps, and of `only`."""
        only = None if self.only is None else sorted(self.only)
        return fingerprint(marshal.dumps((self.facts(), only), 2))


def subtree(listing: Listing, path: str, without: frozenset[str] = frozenset()) -> Bundle:
    """The files of a folder and of all folders below it, except those of the folders `without`."""
    folders = []
    todo = [path]
    while todo:
        here = todo.pop()
        folder = listing.get(here)
        if folder is None:
            continue
        folders.append((here[len(path) :].lstrip("/"), folder))
        inner = (f"{here}/{name}" if here else name for name in reversed(folder.folders))
        todo += [child for child in inner if child not in without]
    return Bundle(path, tuple(folders))


@dataclass(frozen=True)
class SharedFolders:
    """Folders that many runs share, by name. `stamp` changes with every folder; equality compares path and stamp."""

    path: str
    stamp: bytes
    folders: Mapping[str, Folder] = field(compare=False, repr=False)


class Key(NamedTuple):
    """A reference to a run, a logged model, a registered model or a version in a tracking store.

    `store` is the store's place in the source. `bundle` is where the facts lie, with the files that hold them, and
    `datasets` are those that a run may have used. `stamp` changes whenever facts do that are in none of its files.
    """

    store: int
    id: str
    bundle: Bundle | None = None
    stamp: bytes = b""
    datasets: SharedFolders | None = None


class VersionRef(NamedTuple):
    """The places of the facts of one version. `name` None: the version is named by its ids, once they are read.

    `shares_run`: its run is the source of several logged models. `copy_of` names the version whose copy it is: the
    facts of stores are those of that version.
    """

    name: str | None = None
    folder: Bundle | None = None
    artifacts: Bundle | None = None
    registered: Key | None = None
    run: Key | None = None
    logged: Key | None = None
    run_id: str | None = None
    model_id: str | None = None
    experiment: str | None = None
    shares_run: bool = False
    copy_of: str | None = None

    def bundles(self) -> list[Bundle]:
        """All files that the version is read from."""
        return [bundle for bundle in (self.folder, self.artifacts, *self.fact_bundles()) if bundle is not None]

    def fact_bundles(self) -> tuple[Bundle | None, Bundle | None, Bundle | None]:
        """Where stores keep the facts about the registered version, the run and the logged model."""
        keys = self.registered, self.run, self.logged
        registered, run, logged = (key.bundle if key else None for key in keys)
        return registered, run, logged


@dataclass(frozen=True, kw_only=True)
class ModelRef:
    """The places of the facts of one model. `store` is the path of the store that has it."""

    name: str
    kind: Kind
    store: str = ""
    key: Key | None = None
    folder: Bundle | None = None
    versions: tuple[VersionRef, ...] = ()

    def bundles(self) -> list[Bundle]:
        """All files of the model and its versions; the files of the model itself come first."""
        folders = [bundle for one in self.versions for bundle in (one.folder, one.artifacts)]
        kept = [key.bundle for key in self._keys()]
        own = (self.folder, self.key.bundle if self.key else None, *folders, *kept)
        return [bundle for bundle in own if bundle is not None]

    def marks(self) -> list[bytes]:
        """The stamps of all facts that stores have about the model and its versions."""
        return [key.stamp for key in (self.key, *self._keys()) if key]

    def _keys(self) -> list[Key]:
        """Where stores keep facts of the versions."""
        return [key for one in self.versions for key in (one.registered, one.run, one.logged) if key]

    def reading(self) -> Iterator[Bundle]:
        """The same bundles in the order in which they are read: facts of stores first."""
        kept = [(one.run, one.logged, one.registered) for one in self.versions]
        for keys in zip(*kept, strict=True):
            yield from (key.bundle for key in keys if key and key.bundle)
        for version in self.versions:
            yield from (bundle for bundle in (version.folder, version.artifacts) if bundle)
        yield from (bundle for bundle in (self.key.bundle if self.key else None, self.folder) if bundle)
