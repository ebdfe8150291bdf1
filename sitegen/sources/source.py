"""Opening a registry, whatever it is: which models are there, and which stores know of them."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from sitegen.diagnostics import Diagnostic, SitegenError
from sitegen.sources.filestore import FileStore
from sitegen.sources.filestore_index import find_file_stores
from sitegen.sources.join import join
from sitegen.sources.refs import ModelRef
from sitegen.sources.stores import TrackingStore
from sitegen.storage import Listing, LocalTree, Tree

LOOKED_FOR = "an MLmodel file, an MLflow file store (mlruns/) or an MLflow database"


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
    path = Path(location)
    if not path.exists():
        raise SitegenError(f"{location} does not exist")
    if not path.is_dir():
        raise SitegenError(f"{location} is no folder and no database")
    tree = LocalTree(os.path.abspath(path))
    listing, problems = tree.walk()
    discovery = discover(tree, listing)
    return replace(discovery, problems=(*problems, *discovery.problems))


def discover(tree: Tree, listing: Listing) -> Discovery:
    """The models among the files of a tree. Raises SitegenError when nothing is recognised."""
    indexes = find_file_stores(tree, listing, 0)
    models = join(listing, indexes)
    if not models and not indexes:
        raise SitegenError(f"nothing that looks like a model registry: looked for {LOOKED_FOR} in it and below")
    stores: tuple[TrackingStore, ...] = tuple(FileStore(index.path) for index in indexes)
    problems = tuple(found for index in indexes for found in index.problems)
    return Discovery(Source(tree, stores), tuple(models), problems)
