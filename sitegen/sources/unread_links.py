"""Links and submodules of a revision that decide what callers get: git does not follow them, so nobody can judge it."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from sitegen.domain.diagnostic import Diagnostic
from sitegen.formats.meta_yaml import META
from sitegen.sources.directory.single_version import MLMODEL
from sitegen.storage.git.tree import GitTree
from sitegen.storage.listing import Listing, folder_of, printable
from sitegen.storage.scan import DATABASES, SKIPPED_FOLDERS

_MODEL_FILES = frozenset([MLMODEL, META, "model.yaml"])
"""Files that hold signatures, versions and aliases."""

_ALIASES = "aliases"
"""The folder of a model whose files are its aliases in MLflow's file store."""

_MAX_TARGET = 4096
"""Bytes of the path that a link leads to; a longer one is not read."""

_MAX_STEPS = 8
"""Links that lead to links."""


def judge_links(tree: GitTree, listing: Listing, problems: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The problems of a revision, with errors for links and submodules behind which a model may lie.

    A build from a work tree reads files through links. The message about a link has its target and what that holds, so
    that a link to something else is another problem.
    """
    files = tree.files
    models = [path for path in files.links if _is_model_file(path)]
    sizes = tree.objects.sizes(files.links.values()) if models else {}
    details = {printable(path): _target_text(tree, path, sizes) for path in models}
    details |= {printable(path): f" ({files.submodules[path]})" for path in _versions(listing, files.submodules)}
    if not details:
        return problems
    return tuple(
        replace(one, severity="error", message=one.message + details[one.path])
        if one.rule == "link" and one.path in details
        else one
        for one in problems
    )


def _is_model_file(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if not SKIPPED_FOLDERS.isdisjoint(path.split("/")):
        return False
    return name in _MODEL_FILES or name.endswith(DATABASES) or posixpath.basename(folder) == _ALIASES


def _versions(listing: Listing, paths: "dict[str, str]") -> Iterator[str]:
    """The paths that lie beside versions."""
    for path in paths:
        parent = folder_of(path)
        beside = listing[parent].folders if parent in listing else ()
        if any(
            MLMODEL in listing[place].names for name in beside if (place := posixpath.join(parent, name)) in listing
        ):
            yield path


def _target_text(tree: GitTree, path: str, sizes: dict[str, int]) -> str:
    """Where a link leads, and the id of the file there."""
    for _ in range(_MAX_STEPS):
        id = tree.files.links[path]
        data = tree.objects.read(id) if sizes[id] <= _MAX_TARGET else None
        if data is None:
            return f" ({id})"
        path = posixpath.normpath(posixpath.join(folder_of(path), data.decode("utf-8", "surrogateescape")))
        if path not in tree.files.links:
            break
    blob = tree.files.blobs.get(path)
    return f": it leads to {printable(path)}" + (f" ({blob.id})" if blob else "")
