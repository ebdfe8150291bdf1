"""MLflow's database next to a folder of artifacts: the default layout since MLflow 3.7."""

import os
from collections.abc import Iterable

from sitegen.formats.meta_yaml import META
from sitegen.sources.artifact_location import NO_IDS, ids_of
from sitegen.sources.database.recognition import ForeignError, is_named_for_mlflow, tables_of
from sitegen.sources.database.sqlite import Sqlite
from sitegen.sources.join import model_folders
from sitegen.storage.listing import Listing
from sitegen.storage.scan import DATABASES
from sitegen.storage.tree import LocalTree, Tree, UnreadableError

_ARTIFACTS = ("mlruns", "mlartifacts")
"""MLflow's names for folders of artifacts."""

_FIRST = "mlflow.db"
"""MLflow's name for its database, which precedes others."""


def find_neighbor_database(root: str, listing: Listing) -> str | None:
    """The path of MLflow's database beside the folder `root`, whose files are listed.

    None where the folder holds more than artifacts, or there is no database.
    """
    parent = os.path.dirname(root)
    names = _databases(parent) if parent != root else []
    if not names or not holds_artifacts(root, listing):
        return None
    name = choose_database(LocalTree(parent), names)
    return os.path.join(parent, name) if name else None


def choose_database(tree: Tree, names: Iterable[str]) -> str | None:
    """The first of some files that is MLflow's database, MLflow's default name before others; None for none.

    An unreadable database counts if its name is one that MLflow uses.
    """
    unreadable = None
    for name in sorted(names, key=lambda one: (one != _FIRST, one)):
        file = Sqlite(tree, name)
        try:
            tables_of(file)
            return name
        except ForeignError:
            continue
        except UnreadableError:
            unreadable = unreadable or (name if is_named_for_mlflow(name) else None)
        finally:
            file.close()
    return unreadable


def neighbor_note(folder: str, database: str) -> str:
    """The note that a database is read instead of a folder, in one line."""
    return f"{os.path.basename(folder)} holds artifacts only; reading {os.path.basename(database)} beside it"


def _databases(folder: str) -> list[str]:
    """The files of a folder with a suffix of databases."""
    try:
        names = [name for name in os.listdir(folder) if name.endswith(DATABASES)]
    except OSError:
        return []
    return [name for name in names if os.path.isfile(f"{folder}/{name}")]


def holds_artifacts(root: str, listing: Listing) -> bool:
    """Whether a folder holds artifacts of runs and models, and no store."""
    models = model_folders(listing)
    if any(ids_of(path) == NO_IDS for path in models):
        return False
    for path, folder in listing.items():
        store = META in folder.names or any(name.endswith(DATABASES) for name in folder.names)
        if store and ids_of(f"{path}/") == NO_IDS:
            return False
    return bool(models) or os.path.basename(root) in _ARTIFACTS
