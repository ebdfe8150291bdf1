"""Finding file stores in a tree, and indexing their experiments, runs, logged and registered models."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from sitegen.domain.diagnostic import Diagnostic, Loaded, problem
from sitegen.formats.meta_yaml import EXPERIMENT_FIELDS, META, Meta, parse_meta
from sitegen.formats.text import quote
from sitegen.sources.reading import read_text
from sitegen.sources.refs import Key, SharedFolders, subtree
from sitegen.sources.tracking_store import (
    IS_PROMPT,
    PROMPT_TAG,
    Index,
    LoggedEntry,
    RegisteredEntry,
    RunEntry,
    VersionEntry,
)
from sitegen.storage.listing import File, Folder, Listing, folder_of, printable
from sitegen.storage.tree import Tree

RUN_ID = re.compile(r"[0-9a-f]{32}\Z")
MODEL_ID = re.compile(r"m-[0-9a-f]{32}\Z")
_OF_MODELS = ("creation_timestamp", "last_updated_timestamp", "aliases")
"""Fields that MLflow writes before the name of a registered model."""
VERSION = re.compile(r"version-(\d+)\Z")


@dataclass
class _StoreFolders:
    """The folders of one store, by kind."""

    experiments: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)


def find_file_stores(tree: Tree, listing: Listing, first: int) -> list[Index]:
    """Index every file store of a tree. `first` is the position of the first one in the source's list of stores."""
    stores: dict[str, _StoreFolders] = {}
    for path in sorted(path for path, folder in listing.items() if _is_of_store(path, folder)):
        parent, _, name = path.rpartition("/")
        above, _, within = parent.rpartition("/")
        if within in ("datasets", "inputs", "outputs", "traces") or VERSION.match(name):
            continue
        if MODEL_ID.match(name) and within == "models":
            stores.setdefault(folder_of(above), _StoreFolders()).logged.append(path)
        elif RUN_ID.match(name):
            stores.setdefault(above, _StoreFolders()).runs.append(path)
        elif within == "models" and _is_registered_model(listing, path):
            stores.setdefault(above, _StoreFolders()).models.append(path)
        else:
            stores.setdefault(parent, _StoreFolders()).experiments.append(path)
    indexes: list[Index] = []
    for path, found in sorted(stores.items()):
        index = _Reader(tree, listing, first + len(indexes)).index(path, found)
        if index:
            indexes.append(index)
    return indexes


def _is_of_store(path: str, folder: Folder) -> bool:
    """Whether a folder has a meta.yaml, or is that of a run: it is called so, and holds what a run logs."""
    if META in folder.names:
        return True
    inside = folder.folders
    logged = bool(inside) and ("metrics" in inside or "params" in inside or "tags" in inside)
    return logged and RUN_ID.match(_last(path)) is not None and "MLmodel" not in folder.names


def active_runs(tree: Tree, index: Index) -> set[str]:
    """The ids of the runs that MLflow does not hide. Reads a file of each run."""
    shown = {id: run for id, run in index.runs.items() if run.experiment not in index.deleted_ids}
    files = {id: File(f"{run.key.bundle.path}/{META}", 0, 0) for id, run in shown.items() if run.key.bundle}
    tree.ahead(files.values())
    texts = ((id, read_text(tree, file).value) for id, file in files.items())
    return {id for id, text in texts if text is None or not parse_meta(text, "").value.deleted}


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _is_registered_model(listing: Listing, path: str) -> bool:
    """A registered model's folder: MLflow makes it with versions, tags or aliases, or it is bare."""
    return all(VERSION.match(name) or name in ("tags", "aliases") for name in listing[path].folders)


class _Reader:
    """Reads the few fields that are needed to join files.

    It reports problems only of files that become no entry: entries are loaded later, with their problems.
    """

    def __init__(self, tree: Tree, listing: Listing, store: int) -> None:
        self.tree, self.listing, self.store = tree, listing, store
        self.problems: list[Diagnostic] = []
        self.deleted_ids: set[str] = set()
        self.datasets: dict[str, SharedFolders] = {}

    def index(self, path: str, found: _StoreFolders) -> Index | None:
        """Index the store at `path`; None when the folders only look like a store."""
        self.tree.ahead(self._metas(found))
        experiments = {}
        for folder in found.experiments:
            meta = self._meta(folder, *EXPERIMENT_FIELDS)
            id = meta.value.text("experiment_id") or self._experiment(folder)
            self.problems += meta.problems if id or not meta.value.fields else ()
            if id is None:
                continue
            experiments[id] = meta.value.text("name") or id
            self.deleted_ids |= {id} if meta.value.deleted else set()
        registered = dict(self._registered_models(found.models))
        if not (experiments or found.logged or registered or any(map(self._shows_a_store, found.runs))):
            return None
        return Index(
            path=path,
            experiments=experiments,
            runs={folder.rpartition("/")[2]: self._run(folder) for folder in found.runs},
            logged={folder.rpartition("/")[2]: self._logged_models(folder) for folder in found.logged},
            registered=registered,
            deleted_ids=frozenset(self.deleted_ids),
            problems=tuple(self.problems),
        )

    def _shows_a_store(self, folder: str) -> bool:
        """Whether a run's folder alone tells that it is MLflow's: it has a meta.yaml, or artifacts."""
        return META in self.listing[folder].names or "artifacts" in self.listing[folder].folders

    def _experiment(self, folder: str) -> str | None:
        """The id of an experiment whose meta.yaml does not say it: MLflow calls the folder so.

        None where the folder does not look like one: other programs call their files meta.yaml, too.
        """
        name = _last(folder)
        return name if name.isdecimal() or any(map(RUN_ID.match, self.listing[folder].folders)) else None

    def _metas(self, found: _StoreFolders) -> Iterator[File]:
        """The files that `index` reads, in this order."""
        models = ((model, *self._versions(model)) for model in found.models)
        for folder in (*found.experiments, *chain.from_iterable(models), *found.logged):
            inside = self.listing[folder].files(f"{folder}/" if folder else "")
            yield from (file for file in inside if file.path.rpartition("/")[2] == META)

    def _versions(self, model: str) -> list[str]:
        """The folders of a registered model's versions."""
        return [f"{model}/{name}" for name in self.listing[model].folders if VERSION.match(name)]

    def _run(self, folder: str) -> RunEntry:
        experiment, _, id = folder.rpartition("/")
        bundle = subtree(self.listing, folder, frozenset([f"{folder}/artifacts"]))
        datasets = self._datasets(experiment) if "inputs" in self.listing[folder].folders else None
        key = Key(self.store, id, bundle, datasets.stamp if datasets else b"", datasets)
        return RunEntry(key=key, experiment=experiment.rpartition("/")[2])

    def _datasets(self, experiment: str) -> SharedFolders:
        """The datasets of an experiment, which its runs share."""
        if experiment not in self.datasets:
            bundle = subtree(self.listing, f"{experiment}/datasets".lstrip("/"))
            self.datasets[experiment] = SharedFolders(bundle.path, bundle.digest(), dict(bundle.folders))
        return self.datasets[experiment]

    def _logged_models(self, folder: str) -> LoggedEntry:
        meta = self._meta(folder).value
        id = folder.rpartition("/")[2]
        self.deleted_ids |= {id} if meta.deleted else set()
        bundle = subtree(self.listing, folder, frozenset([f"{folder}/artifacts"]))
        experiment = meta.text("experiment_id") or _last(folder_of(folder_of(folder)))
        key = Key(self.store, id, bundle)
        return LoggedEntry(key=key, name=meta.text("name"), experiment=experiment, run=meta.text("source_run_id"))

    def _registered_models(self, folders: list[str]) -> Iterator[tuple[str, RegisteredEntry]]:
        metas: dict[str, Meta] = {}
        for folder in folders:
            loaded = self._meta(folder)
            if not (loaded.value.text("name") or self._is_model(folder, loaded.value)):
                self.problems += loaded.problems
            elif not self._prompt(folder):
                metas[folder] = loaded.value
        stated = {
            folder: (self._stated_name("name", folder, meta, _last(folder)), _last(folder))
            for folder, meta in metas.items()
        }
        names = self._names("name", stated)
        for folder, meta in metas.items():
            versions = self._versions(folder)
            bundle = subtree(self.listing, folder, frozenset(versions))
            name = printable(names[folder])
            key, created = Key(self.store, name, bundle), meta.time("creation_timestamp")
            yield name, RegisteredEntry(key=key, versions=tuple(self._entries(versions)), created=created)

    def _is_model(self, folder: str, meta: Meta) -> bool:
        """Whether a folder is a registered model's, although its meta.yaml is empty, damaged or cut off.

        Other programs call their files meta.yaml, too.
        """
        inside = self.listing[folder]
        empty = not next(file.size for file in inside.files() if file.path == META)
        return empty or bool(inside.folders) or not meta.fields.keys().isdisjoint(_OF_MODELS)

    def _entries(self, folders: list[str]) -> Iterator[VersionEntry]:
        """The versions in these folders that are not deleted."""
        metas = {folder: meta for folder in folders if not (meta := self._meta(folder).value).deleted}
        numbers = {folder: folder.rpartition("-")[2] for folder in metas}
        stated = {
            folder: (self._stated_name("version", folder, meta, numbers[folder]), numbers[folder])
            for folder, meta in metas.items()
        }
        for folder, name in self._names("version", stated).items():
            meta = metas[folder]
            yield VersionEntry(
                key=Key(self.store, folder, subtree(self.listing, folder)),
                name=name,
                run=meta.text("run_id"),
                model=meta.text("model_id"),
                address=tuple(text for text in (meta.text("storage_location"), meta.text("source")) if text),
            )

    def _stated_name(self, field: str, folder: str, meta: Meta, own: str) -> str:
        """The name in a meta.yaml; the folder's name where it is missing or cut off."""
        name = meta.text(field) or own
        if meta.complete or name == own or not own.startswith(name):
            return name
        message = f"the field {field} is cut off"
        self.problems.append(problem("meta-incomplete", message, printable(f"{folder}/{META}")))
        return own

    def _names(self, field: str, stated: dict[str, tuple[str, str]]) -> dict[str, str]:
        """Unique names by folder, from pairs of stated name and folder name.

        MLflow writes the same name to both and looks up by folder. Where a copied folder states the name of another,
        the names of the folders count.
        """
        if len({name for name, _ in stated.values()}) == len(stated):
            return {folder: name for folder, (name, _) in stated.items()}
        for folder, (name, own) in stated.items():
            if name != own:
                message = f"{field} is {quote(name)}, as another folder is called or states"
                self.problems.append(problem("meta-shape", message, printable(f"{folder}/{META}")))
        return {folder: own for folder, (_, own) in stated.items()}

    def _prompt(self, folder: str) -> bool:
        tags = self.listing.get(f"{folder}/tags")
        if tags is None or PROMPT_TAG not in tags.names:
            return False
        return read_text(self.tree, File(f"{folder}/tags/{PROMPT_TAG}", 0, 0)).value == IS_PROMPT

    def _meta(self, folder: str, *required: str) -> Loaded[Meta]:
        path = f"{folder}/{META}" if folder else META
        text = read_text(self.tree, File(path, 0, 0))
        if text.value is None:
            return Loaded(Meta(fields={}), text.problems)
        return parse_meta(text.value, printable(path), *required)
