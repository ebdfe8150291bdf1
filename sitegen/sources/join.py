"""Joining model folders and entries of tracking stores to models, by their ids.

Folders of registered versions are assigned first. Each of the others is a version of the directory layout
`<model>/<version>/MLmodel`, a model that a run logged, or a loose model.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, count

from sitegen.sources.artifact_location import find_folder, group_folders, ids_of, may_have_ids
from sitegen.sources.reading import CARD, is_image
from sitegen.sources.refs import Bundle, Key, ModelRef, VersionRef, subtree
from sitegen.sources.tracking_store import Index, LoggedEntry, RunEntry, VersionEntry
from sitegen.sources.version_names import folder_order, is_version, version_order
from sitegen.storage.listing import Listing, folder_of, printable

SIDECARS = frozenset(["model.yaml", "README.md"])

MAX_IMAGES = 500
"""Images beside the card of a model that are looked at."""

MAX_COPIES = 9
"""The longest chain of copies that is followed to the original version: two versions may refer to each other."""


def join(listing: Listing, indexes: list[Index]) -> list[ModelRef]:
    """All models, sorted by kind, name and store. If two stores have the same run or model, the first one wins.

    `indexes` is in the order of the source's stores: `Key.store` is an index into it.
    """
    joined = _Join(listing, indexes)
    registered = list(joined.registered_models())
    refs = _make_stores_unique([*registered, *joined.other_models()])
    return sorted(refs, key=lambda ref: (ref.kind != "registered", ref.name, ref.store))


def _make_stores_unique(refs: Iterable[ModelRef]) -> Iterator[ModelRef]:
    """Make the pairs of store and name unique: a model with the name of an earlier one gets its folder as store.

    For example, a model in the root and one in the folder `model` are both named `model`.
    """
    seen: set[tuple[str, str, str]] = set()
    for ref in refs:
        if (ref.kind, ref.store, ref.name) in seen:
            place = printable(_place(ref)) or "."
            stores = chain([place], (f"{place} {number}" for number in count(2)))
            ref = replace(ref, store=next(store for store in stores if (ref.kind, store, ref.name) not in seen))
        seen.add((ref.kind, ref.store, ref.name))
        yield ref


def model_folders(listing: Listing) -> list[str]:
    """All folders with an MLmodel, sorted, without the copies that MLflow writes to `metadata/`."""
    folders = {path for path, folder in listing.items() if "MLmodel" in folder.names}
    return sorted(
        path for path in folders if not (path.rpartition("/")[2] == "metadata" and folder_of(path) in folders)
    )


def _place(ref: ModelRef) -> str:
    """The folder of a model; of a logged model, the folder of its first version."""
    first = next((bundle.path for bundle in ref.bundles()), ref.store)
    is_layout = ref.kind == "registered" and ref.key is None and ref.folder is None
    return folder_of(first) if is_layout else first


class _Join:
    def __init__(self, listing: Listing, indexes: list[Index]) -> None:
        self.listing, self.indexes = listing, indexes
        self.folders = model_folders(listing)
        self.model_folders = group_folders(self.folders)
        self.used_folders: set[str] = set()
        self.used_model_ids: set[str] = set()
        self.artifacts: dict[str, str] = {}
        self.artifact_bundles: dict[str, Bundle | None] = {}
        for path in sorted(filter(may_have_ids, listing)):
            ids = ids_of(path)
            full = listing[path].names or listing[path].folders  # stores keep empty folders for artifacts elsewhere
            if ids.run and not ids.inside and full:
                self.artifacts.setdefault(ids.run, path)
        self.runs: dict[str, RunEntry] = {}
        self.logged: dict[str, LoggedEntry] = {}
        for index in reversed(indexes):  # the entries of the first store win
            self.runs.update(index.runs)
            self.logged.update(index.logged)
        self.model_counts = Counter(entry.run for entry in self.logged.values())

    # --- registered models -------------------------------------------------------------------------------------

    def registered_models(self) -> Iterator[ModelRef]:
        """The registered models of all stores, without versions that an earlier store has, too."""
        seen: set[tuple[str, str, str]] = set()
        copies = self._copies()
        for index in self.indexes:
            for name, entry in index.registered.items():
                fresh = []
                for version in entry.versions:
                    identity = (name, version.name, version.model or version.run or "".join(version.address[-1:]))
                    if not identity[2] or identity not in seen:
                        fresh.append(self._registered_version(version, copies))
                    seen.add(identity)
                itself = (name, "", str(entry.created))
                if fresh or not (entry.versions or itself in seen):
                    fresh.sort(key=lambda ref: version_order(ref.name or ""))
                    store = printable(index.path)
                    yield ModelRef(name=name, kind="registered", store=store, key=entry.key, versions=tuple(fresh))
                seen.add(itself)

    def _copies(self) -> dict[str, VersionEntry]:
        """Versions by their URI `models:/<name>/<version>`, by which copies refer to them."""
        return {
            f"models:/{name}/{version.name}": version
            for index in reversed(self.indexes)
            for name, entry in index.registered.items()
            for version in entry.versions
        }

    def _registered_version(self, entry: VersionEntry, copies: dict[str, VersionEntry]) -> VersionRef:
        origin, steps = entry, 0
        while steps < MAX_COPIES and (
            copied := next((copies[text] for text in origin.address if text in copies), None)
        ):
            origin, steps = copied, steps + 1
        folder = find_folder(
            (*entry.address, *origin.address), self.model_folders, entry.run or origin.run, origin.model
        )
        ids = ids_of(folder or "")
        model_id = entry.model or origin.model or ids.model
        if model_id:
            self.used_model_ids.add(model_id)
        if folder is not None:
            self.used_folders.add(folder)
        run_id = entry.run or origin.run or ids.run
        return self._version(folder, run_id, model_id, name=printable(entry.name), registered=entry.key)

    # --- all other folders -------------------------------------------------------------------------------------

    def other_models(self) -> Iterator[ModelRef]:
        """Models that are in no registry: the directory layout, models that runs logged, loose folders."""
        logged: dict[tuple[str, str], list[VersionRef]] = {}
        loose: list[str] = []
        layout: dict[str, list[VersionRef]] = {}
        for folder in self.folders:
            ids, (parent, _, name) = ids_of(folder), folder.rpartition("/")
            if folder in self.used_folders or ids.model in self.used_model_ids:
                continue
            if ids.model or ids.run:
                for key, ref in self._version_of_folder(folder):
                    logged.setdefault(key, []).append(ref)
            elif is_version(name):
                layout.setdefault(parent, []).append(VersionRef(name, self._bundle(folder)))
            else:
                loose.append(folder)
        for key, ref in self._without_files():
            logged.setdefault(key, []).append(ref)
        for (store, name), versions in logged.items():
            yield ModelRef(name=name, kind="logged", store=store, versions=tuple(versions))
        for path, versions in layout.items():
            yield self._of_layout(path, versions)
        for folder in loose:
            version = VersionRef(folder=self._bundle(folder))
            yield ModelRef(name=printable(folder) or "model", kind="logged", versions=(version,))

    def _of_layout(self, path: str, versions: list[VersionRef]) -> ModelRef:
        parent, _, name = path.rpartition("/")
        entries = self.listing[path]
        return ModelRef(
            name=printable(name) or "model",
            kind="registered",
            store=printable(parent),
            folder=self._sidecars(path, versions) if SIDECARS & set(entries.names) else None,
            versions=tuple(sorted(versions, key=lambda ref: folder_order(ref.name or ""))),
        )

    def _sidecars(self, path: str, versions: list[VersionRef]) -> Bundle:
        """A model's own files, and the images that its card may show: those outside of its versions."""
        entries = self.listing[path]
        alone = Bundle(path, (("", entries),), SIDECARS)
        others = len(entries.folders) > len(versions) or any(map(is_image, entries.names))
        if CARD not in entries.names or not others:
            return alone
        whole = subtree(self.listing, path, frozenset(self._below(path)))
        folders = tuple(part for part in whole.folders if not part[0] or any(map(is_image, part[1].names)))
        images = [file.path for file in Bundle(path, folders).files() if is_image(file.path)]
        return Bundle(path, folders, SIDECARS.union(images[:MAX_IMAGES])) if images else alone

    def _version_of_folder(self, folder: str) -> Iterator[tuple[tuple[str, str], VersionRef]]:
        """The version in a folder of a run or logged model; nothing if another folder has the same ids."""
        ids = ids_of(folder)
        first = self.model_folders.models.get(ids.model or "") or self.model_folders.runs.get(ids.run or "", {}).get(
            ids.inside
        )
        if first == folder:
            entry = self.logged.get(ids.model or "")
            name = (entry.name if entry else None) or ids.inside or "model"
            yield from self._with_group(folder, ids.run, ids.model, name, ids.experiment)

    def _without_files(self) -> Iterator[tuple[tuple[str, str], VersionRef]]:
        """Logged models of the stores whose files are not in the listing."""
        for id, entry in self.logged.items():
            if id not in self.model_folders.models and id not in self.used_model_ids:
                yield from self._with_group(None, entry.run, id, entry.name or "model", entry.experiment)

    def _with_group(
        self, folder: str | None, run_id: str | None, model_id: str | None, name: str, experiment: str | None
    ) -> Iterator[tuple[tuple[str, str], VersionRef]]:
        """The version and its group (store, experiment and name of the model); nothing if MLflow hides it."""
        ref = self._version(folder, run_id, model_id, experiment=experiment)
        id = self._experiment(ref.run_id, model_id, experiment)
        home = self._store_of(ref, id)
        # MLflow 3 keeps a logged model if its run is deleted; before, a model was a part of its run.
        if home and {id, ref.model_id if ref.logged else ref.run_id} & home.deleted_ids:
            return
        group = f"{ref.experiment or ''}/{printable(name)}".strip("/")
        yield (printable(home.path) if home else "", group), ref

    # --- versions ----------------------------------------------------------------------------------------------

    def _version(
        self,
        folder: str | None,
        run_id: str | None,
        model_id: str | None,
        name: str | None = None,
        registered: Key | None = None,
        experiment: str | None = None,
    ) -> VersionRef:
        logged = self.logged.get(model_id or "")
        run_id = run_id or (logged.run if logged else None)
        run = self.runs.get(run_id or "")
        ref = VersionRef(
            name=name,
            folder=None if folder is None else self._bundle(folder),
            artifacts=self._artifacts(run_id, folder),
            registered=registered,
            run=run.key if run else None,
            logged=logged.key if logged else None,
            run_id=run_id,
            model_id=model_id,
            shares_run=logged is not None and self.model_counts[logged.run] > 1 and logged.run is not None,
        )
        id = self._experiment(run_id, model_id, experiment)
        home = self._store_of(ref, id)
        return ref if id is None else ref._replace(experiment=printable(home.experiments.get(id, id) if home else id))

    def _experiment(self, run_id: str | None, model_id: str | None, stated: str | None) -> str | None:
        """The id of the experiment: from the store if it has the run or model, else from the path."""
        entry = self.runs.get(run_id or "") or self.logged.get(model_id or "")
        return entry.experiment if entry else stated

    def _store_of(self, ref: VersionRef, experiment: str | None) -> Index | None:
        """The store of a version: that of its run, else the one that contains its folder, else the only one with the
        experiment (the files of a server are outside of its store)."""
        key = ref.run or ref.logged
        if key:
            return self.indexes[key.store]
        path = ref.folder.path if ref.folder else ""
        around = [index for index in self.indexes if path.startswith(f"{index.path}/" if index.path else "")]
        having = [index for index in around or self.indexes if experiment in index.experiments]
        return having[0] if len(having) == 1 else max(around, key=lambda index: len(index.path), default=None)

    def _bundle(self, folder: str) -> Bundle:
        """The files of a folder, without those of models inside of it."""
        itself = self.listing[folder]
        if not itself.folders:  # fast path for nearly all folders
            return Bundle(folder, (("", itself),))
        return subtree(self.listing, folder, frozenset(self._below(folder)))

    def _artifacts(self, run_id: str | None, folder: str | None) -> Bundle | None:
        """The files that the run logged in addition to its models."""
        path = self.artifacts.get(run_id) if run_id else None
        if path is None or path == folder:
            return None
        if path not in self.artifact_bundles:
            bundle = subtree(self.listing, path, frozenset(self._below(path)))
            self.artifact_bundles[path] = bundle if any(part.names for _, part in bundle.folders) else None
        return self.artifact_bundles[path]

    def _below(self, folder: str) -> list[str]:
        """The folders of other models inside of a folder."""
        if not self.listing[folder].folders:
            return []
        prefix = f"{folder}/" if folder else ""
        start = bisect_left(self.folders, prefix)
        inner = []
        for number in range(start, len(self.folders)):
            other = self.folders[number]
            if not other.startswith(prefix):
                break
            if other != folder:
                inner.append(other)
        return inner
