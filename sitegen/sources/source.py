"""Opening a registry, whatever it is: which models are there, and which stores know of them."""

import os
from dataclasses import dataclass, replace

from sitegen.diagnostics import Diagnostic, SitegenError
from sitegen.listing import Listing, printable
from sitegen.sources.addresses import ids_of
from sitegen.sources.database_index import find_databases
from sitegen.sources.filestore import FileStore
from sitegen.sources.filestore_index import find_file_stores
from sitegen.sources.join import join, model_folders
from sitegen.sources.refs import ModelRef
from sitegen.sources.stores import TrackingStore
from sitegen.storage import LocalTree, Tree

LOOKED_FOR = "an MLmodel file, an MLflow file store (mlruns/) or an MLflow database"
SQLITE = "sqlite:///"
"""How MLflow's users write the path of a database."""


@dataclass(frozen=True)
class Source:
    """A registry that can be loaded: its files and its tracking stores. It travels to workers."""

    tree: Tree
    stores: tuple[TrackingStore, ...] = ()


@dataclass(frozen=True)
class Discovery:
    """What a registry holds: the models, and the problems of finding them."""

    source: Source
    models: tuple[ModelRef, ...]
    problems: tuple[Diagnostic, ...] = ()


def open_registry(location: str) -> Discovery:
    """Find every model of a registry: a folder, a database file or a `sqlite:///` address.

    Raises SitegenError when there is nothing of the kind.
    """
    path = location.removeprefix(SQLITE).partition("?")[0] if location.startswith(SQLITE) else location
    if not os.path.exists(path):
        raise SitegenError(f"{location} does not exist")
    if os.path.isdir(path):
        root, named = os.path.abspath(path), None
    elif os.path.isfile(path):
        root, named = os.path.split(os.path.realpath(path))  # artifacts lie beside the file, not beside a link to it
    else:
        raise SitegenError(f"{location} is no folder and no database")
    tree = LocalTree(root)
    listing, problems = tree.walk()
    discovery = discover(tree, listing, named)
    return replace(discovery, problems=(*problems, *discovery.problems))


def discover(tree: Tree, listing: Listing, named: str | None = None) -> Discovery:
    """The models among the files of a tree; `named` is a file that must be a database.

    Databases come before file stores: what was migrated from one to the other counts once, as the database has it.
    Raises SitegenError when nothing is recognised.
    """
    runs = {ids.run for path in model_folders(listing) if (ids := ids_of(path)).run}
    databases = find_databases(tree, listing, runs, named)
    refused = [f"{found.path} {found.message}" for found in databases.problems]
    if named and databases.problems and databases.problems[0].path == printable(named):
        raise SitegenError(refused[0])
    files = find_file_stores(tree, listing, len(databases.stores))
    indexes = [*databases.indexes, *files]
    models = join(listing, indexes)
    if not models and not indexes:
        reason = "; ".join([f"looked for {LOOKED_FOR} in it and below", *refused[:1]])
        raise SitegenError(f"nothing that looks like a model registry: {reason}")
    stores: tuple[TrackingStore, ...] = (*databases.stores, *(FileStore(index.path) for index in files))
    problems = (*databases.problems, *(found for index in indexes for found in index.problems))
    return Discovery(Source(tree, stores), tuple(models), problems)
