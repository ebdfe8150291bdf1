"""MLflow's folder `.trash`, which holds deleted experiments of a file store: nothing in it is shown.

The files of its models may lie elsewhere, as in `mlartifacts/`, and are hidden by their ids.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sitegen.sources.filestore.index import MODEL_ID, RUN_ID
from sitegen.sources.refs import ModelRef, VersionRef
from sitegen.storage.listing import Listing

TRASH = ".trash"


def split_trash(listing: Listing) -> tuple[Listing, frozenset[str]]:
    """The listing without all that is in a trash, and the ids of the runs and logged models there."""
    if not any(TRASH in folder.folders for folder in listing.values()):
        return listing, frozenset()
    inside = {path for path in listing if TRASH in path.split("/")}
    names = (path.rpartition("/")[2] for path in inside)
    deleted_ids = frozenset(name for name in names if RUN_ID.match(name) or MODEL_ID.match(name))
    return {path: folder for path, folder in listing.items() if path not in inside}, deleted_ids


def hide_trash(refs: Iterable[ModelRef], deleted_ids: frozenset[str]) -> Iterator[ModelRef]:
    """The models without logged models of deleted experiments; a registered version stays."""
    for ref in refs:
        hidden = [one for one in ref.versions if ref.kind == "logged" and _is_in_trash(one, deleted_ids)]
        if not hidden:
            yield ref
        elif len(hidden) < len(ref.versions):
            yield replace(ref, versions=tuple(one for one in ref.versions if one not in hidden))


def _is_in_trash(version: VersionRef, deleted_ids: frozenset[str]) -> bool:
    """MLflow 3 keeps a logged model whose run is deleted; before, a model was a part of its run."""
    return (version.model_id or version.run_id) in deleted_ids
