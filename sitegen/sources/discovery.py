"""Discovery: opening a registry and finding its models and stores; updating the result after a small change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from operator import is_
from pathlib import Path

from sitegen.core import process
from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic
from sitegen.formats.meta_yaml import META
from sitegen.settings.settings import DEFAULT_REGISTRY, Registry
from sitegen.sources.artifact_location import ids_of
from sitegen.sources.copies import join_copies
from sitegen.sources.database.index import Databases, find_databases, index_of, run_ids
from sitegen.sources.database.stamp_cache import NO_CACHE, StampCache
from sitegen.sources.database.store import Database
from sitegen.sources.database_beside import find_neighbor_database, neighbor_note
from sitegen.sources.directory.dvc import missing_models
from sitegen.sources.exclude import exclude_folders
from sitegen.sources.filestore.index import active_runs, find_file_stores
from sitegen.sources.filestore.store import FileStore
from sitegen.sources.join import join, model_folders
from sitegen.sources.kinds import FetchOptions, Progress, RegistryFiles, find_root, kind_of
from sitegen.sources.refs import Bundle, ModelRef, VersionRef
from sitegen.sources.server.address import PAGE
from sitegen.sources.tracking_store import Index, TrackingStore
from sitegen.sources.trash import TRASH, hide_trash, split_trash
from sitegen.storage.listing import File, Listing, name_lists, printable
from sitegen.storage.location import strip_credentials
from sitegen.storage.parallel_scan import ParallelScan
from sitegen.storage.scan import DATABASES
from sitegen.storage.tree import LocalTree, Tree, UnreadableError, open_local_tree

LOG_ONE = 'log one in a run with mlflow.<flavor>.log_model(model, "model")'
LOOKED_FOR = "an MLmodel file, an MLflow file store (mlruns/) or an MLflow database"


@dataclass(frozen=True)
class Source:
    """A registry that can be loaded: its files and its tracking stores. It is sent to workers."""

    tree: Tree
    stores: tuple[TrackingStore, ...] = ()


@dataclass(frozen=True)
class Discovery:
    """The models of a registry, and the problems of finding them.

    `stores` maps the paths of readable stores to their tables (none for a file store), `empty` holds the empty folders,
    and `note` is a line for the user. `runs` is the number of runs, counted only where there is no model.
    """

    source: Source
    models: tuple[ModelRef, ...]
    problems: tuple[Diagnostic, ...] = ()
    stores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    note: str = ""
    runs: int = 0

    def notes(self) -> tuple[str, ...]:
        """The lines for the user: where the registry was found, and why it holds no model."""
        without = f"{self.runs:,} run{'' if self.runs == 1 else 's'} read; none logged a model; {LOG_ONE}"
        return tuple(filter(None, (self.note, without if self.runs else "")))

    def files(self) -> Iterator[File]:
        """The files of all models in the order in which they are read."""
        for ref in self.models:
            for bundle in ref.reading():
                yield from map(bundle.within, bundle.files())


def open_registry(
    location: str,
    cache: Path | None = None,
    page: int = PAGE,
    progress: Progress = lambda *_: None,
    walking: ParallelScan | None = None,
    settings: Registry = DEFAULT_REGISTRY,
    stamps: StampCache = NO_CACHE,
) -> Discovery:
    """Find every model of a registry of any kind: see `sitegen.sources.kinds`.

    `cache`, `page` and `progress` are for a registry that is copied to this machine, see `FetchOptions`. `walking` is a
    scan of the registry's folder that has started; `settings` say which folders to leave out, and how long copying may
    take; `stamps` has what is known of databases that have not changed. Raises SitegenError when there is no registry.
    """
    options = FetchOptions(cache, page, progress, settings.fetch_minutes)
    files = kind_of(location).open_files(location, options)
    if files.mirror is not None:
        return _discover_mirror(files, files.mirror)
    tree, name = files.tree, files.database
    found = walking.result() if walking else tree.walk()
    note = ""
    if name is None and isinstance(tree, LocalTree) and (beside := find_neighbor_database(tree.root, found[0])):
        note = neighbor_note(tree.root, beside)
        root, name = find_root(beside)
        tree = open_local_tree(root)
        found = tree.walk()
    if not found[0] and found[1]:
        raise SitegenError(f"{strip_credentials(location)}: {found[1][0].message}")
    listing, problems = exclude_folders(found, settings.exclude)
    discovery = discover(tree, listing, name, stamps)
    problems = tuple(one for one in problems if TRASH not in one.path.split("/"))
    return replace(discovery, problems=(*problems, *discovery.problems), note=note)


def _discover_mirror(files: RegistryFiles, mirror: Database) -> Discovery:
    """The models of a tracking server, from the local copy of it."""
    try:
        listing, noted = files.tree.walk()
        index = index_of(mirror, 0, runs_of(listing))
    except UnreadableError as error:
        raise SitegenError(f"{mirror.file.path} cannot be read: {error}; without it all is fetched again") from error
    finally:
        mirror.file.close()
    models = tuple(join_copies(join(listing, [index]), files.tree))
    runs = 0 if models else len(run_ids(mirror, index))
    return Discovery(Source(files.tree, (mirror,)), models, (*files.problems, *noted), runs=runs)


def runs_of(listing: Listing) -> set[str]:
    """The ids of the runs that model folders belong to."""
    return {ids.run for path in model_folders(listing) if (ids := ids_of(path)).run}


@process.pause_gc()
def discover(tree: Tree, listing: Listing, database: str | None = None, stamps: StampCache = NO_CACHE) -> Discovery:
    """The models among the files of a tree; `database` is a file that must be a database. `stamps` as `open_registry`.

    Databases come before file stores: what was migrated from one to the other counts once, as the database has it.
    Raises SitegenError when nothing is recognised.
    """
    listing, deleted_ids = split_trash(listing)
    databases = find_databases(tree, listing, cache(partial(runs_of, listing)), database, stamps)
    refused = [_sentence(found) for found in databases.problems]
    if database and databases.problems and databases.problems[0].path == printable(database):
        foreign = databases.problems[0].rule == "database-foreign"
        raise SitegenError(refused[0] + ("; name the folder of a registry, or a database" if foreign else ""))
    files = find_file_stores(tree, listing, len(databases.stores))
    indexes = [*databases.indexes, *files]
    models = join_copies(list(hide_trash(join(listing, indexes), deleted_ids)), tree)
    pointers = tuple(missing_models(listing))
    if not models and not indexes:
        refused += [f"{one.path}: {one.message}; {one.hint}" for one in pointers]
        where = f"in {printable(tree.root)}" if isinstance(tree, LocalTree) else "in it"
        reason = "; ".join([f"looked for {LOOKED_FOR} {where} and below", *refused[:1]])
        raise SitegenError(f"nothing that looks like a model registry: {reason}")
    stores: tuple[TrackingStore, ...] = (*databases.stores, *(FileStore(index.path) for index in files))
    problems = (*databases.problems, *pointers, *(found for index in indexes for found in index.problems))
    known = dict(databases.tables) | {printable(index.path): () for index in files}
    empty = frozenset(printable(path) for path, folder in listing.items() if not (folder.names or folder.folders))
    runs = 0 if models else _count_runs(tree, databases, files)
    return Discovery(Source(tree, stores), tuple(models), problems, known, empty, runs=runs)


def _count_runs(tree: Tree, databases: Databases, files: Sequence[Index]) -> int:
    """The number of runs that MLflow does not hide. A run in two stores (a migrated store) counts once."""
    ids = [run_ids(store, index) for store, index in zip(databases.stores, databases.indexes, strict=True)]
    return len(set().union(*ids, *(active_runs(tree, index) for index in files)))


def _sentence(found: Diagnostic) -> str:
    """Why a database is not read, with a hint for Git LFS pointers."""
    return (
        f"{found.path}: {found.message}; {found.hint}"
        if found.rule == "lfs-pointer"
        else f"{found.path} {found.message}"
    )


# --- discovery after a small change ----------------------------------------------------------------------------


def rediscover(last: Discovery, before: Listing, after: Listing) -> Discovery | None:
    """Update the discovery `last` of the listing `before` for `after`; None where `discover` must run again.

    That is the case when a name has changed or a store may be there. Else the models stay, with new sizes and stamps.
    """
    if last.source.stores or any(map(_needs_discovery, name_lists(after))) or before.keys() != after.keys():
        return None
    changed = {path for path, folder in after.items() if folder is not before[path]}
    if any(before[path].names != after[path].names or before[path].folders != after[path].folders for path in changed):
        return None
    return replace(last, models=tuple(_update_model(ref, changed, after) for ref in last.models))


def _needs_discovery(names: tuple[str, ...]) -> bool:
    return META in names or any(name.endswith(DATABASES) for name in names)


def _update_model(ref: ModelRef, changed: set[str], after: Listing) -> ModelRef:
    """The model with the changed folders replaced; the same object where none has changed."""
    folder = _update_bundle(ref.folder, changed, after)
    versions = [_update_version(version, changed, after) for version in ref.versions]
    same = folder is ref.folder and all(map(is_, versions, ref.versions))
    return ref if same else replace(ref, folder=folder, versions=tuple(versions))


def _update_version(ref: VersionRef, changed: set[str], after: Listing) -> VersionRef:
    folder, artifacts = _update_bundle(ref.folder, changed, after), _update_bundle(ref.artifacts, changed, after)
    same = folder is ref.folder and artifacts is ref.artifacts
    return ref if same else ref._replace(folder=folder, artifacts=artifacts)


def _update_bundle(bundle: Bundle | None, changed: set[str], after: Listing) -> Bundle | None:
    if bundle is None:
        return None
    paths = [f"{bundle.path}/{inner}".strip("/") if inner else bundle.path for inner, _ in bundle.folders]
    if changed.isdisjoint(paths):
        return bundle
    inner = (name for name, _ in bundle.folders)
    return bundle._replace(folders=tuple(zip(inner, map(after.__getitem__, paths), strict=True)))
