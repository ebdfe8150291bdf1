"""The files of a revision: parsing what git says of a tree and of the difference of two trees."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from sitegen.core.errors import SitegenError

_TREE, _LINK, _SUBMODULE = "040000", "120000", "160000"


class Blob(NamedTuple):
    """A file of a revision: the id of its content, and its size in bytes."""

    id: str
    size: int


class Files(NamedTuple):
    """The files of a tree by path. `links` and `submodules` are not followed; they have an id by path."""

    blobs: dict[str, Blob]
    links: dict[str, str]
    submodules: dict[str, str]


NO_FILES = Files({}, {}, {})


class TreeChange(NamedTuple):
    """A path that differs between two trees. Mode and id are empty where a tree has nothing there."""

    path: str
    mode: str
    id: str


def parse_tree(output: bytes) -> Files:
    """The files in the output of `git ls-tree -r -l -z`. Raises SitegenError where an object is missing."""
    blobs: dict[str, Blob] = {}
    links: dict[str, str] = {}
    submodules: dict[str, str] = {}
    for record in os.fsdecode(output).split("\0"):
        facts, tab, path = record.partition("\t")
        if not tab:
            continue
        mode, _, id, size = facts.split()
        if mode == _LINK:
            links[path] = id
        elif mode == _SUBMODULE:
            submodules[path] = id
        elif size.isdecimal():
            blobs[path] = Blob(id, int(size))
        else:
            raise SitegenError("objects of the revision are missing in this clone, and sitegen fetches nothing")
    return Files(blobs, links, submodules)


def parse_difference(output: bytes) -> list[TreeChange]:
    """The old side of each path in the output of `git diff-tree -r -z --raw --no-renames OLD NEW`."""
    parts = os.fsdecode(output).split("\0")
    found = []
    for facts, path in zip(parts[::2], parts[1::2], strict=False):
        mode, _, id, _, _ = facts.removeprefix(":").split()
        found.append(TreeChange(path, mode if mode.strip("0") else "", id))
    return found


def apply_difference(files: Files, changes: list[TreeChange], sizes: Mapping[str, int]) -> Files:
    """The files of the old tree, from those of the new one and what differs."""
    blobs, links, submodules = dict(files.blobs), dict(files.links), dict(files.submodules)
    for path, mode, id in changes:
        blobs.pop(path, None)
        links.pop(path, None)
        submodules.pop(path, None)
        if mode == _LINK:
            links[path] = id
        elif mode == _SUBMODULE:
            submodules[path] = id
        elif mode:
            blobs[path] = Blob(id, sizes[id])
    return Files(blobs, links, submodules)


def has_content(change: TreeChange) -> bool:
    """Whether the old side of a path is a file."""
    return change.mode not in ("", _TREE, _LINK, _SUBMODULE)
