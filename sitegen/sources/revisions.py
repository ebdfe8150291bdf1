"""Registries in revisions of a git repository: HEAD is listed, BASE is derived from what differs."""

import posixpath
from typing import NamedTuple

from sitegen.core import process
from sitegen.core.errors import SitegenError
from sitegen.formats.meta_yaml import META
from sitegen.settings.settings import Registry
from sitegen.sources.database_beside import choose_database, holds_artifacts, neighbor_note
from sitegen.sources.discovery import LOOKED_FOR, Discovery, Source, discover
from sitegen.sources.exclude import exclude_folders
from sitegen.sources.unread_links import judge_links
from sitegen.storage.git.files import NO_FILES, Files, apply_difference, has_content, parse_difference, parse_tree
from sitegen.storage.git.objects import Objects
from sitegen.storage.git.repository import Commit, Repository
from sitegen.storage.git.tree import GitTree
from sitegen.storage.listing import Listing
from sitegen.storage.scan import DATABASES

MAX_TEXT_BYTES = 2**20
"""Bytes of a settings file that is read from a revision."""


_DATABASES = tuple(suffix.encode() for suffix in DATABASES)


class Place(NamedTuple):
    """What a revision has at a path: the kind of git's object, and its id."""

    kind: str
    id: str


class Revisions(NamedTuple):
    """A registry in two revisions. `base` and `head` are None where a revision has nothing at its path.

    `folder` is the path of its root in the repository. `note` is one line for the user.
    """

    base: Discovery | None
    head: Discovery | None
    folder: str
    note: str = ""


@process.pause_gc()
def open_revisions(objects: Objects, base: Commit, head: Commit, path: str, settings: Registry) -> Revisions:
    """The registry at a path, relative to the root of the repository, in two revisions.

    Raises SitegenError where neither revision has it.
    """
    repository = objects.repository
    places = [_find_registry(repository, commit, path) for commit in (base, head)]
    if places == [None, None]:
        raise SitegenError(f"{path or '.'} exists neither in {base.name} nor in {head.name}")
    database = posixpath.basename(path) if any(place and place.kind == "blob" for place in places) else None
    if database:
        places = [_find(repository, commit, posixpath.dirname(path)) if place else None
                  for commit, place in zip((base, head), places, strict=True)]  # fmt: skip
    old, new = _files(objects, *places)
    after = _walk(GitTree(objects, new), settings) if places[1] else None
    known = after[1] if after else {}
    before = _walk(GitTree(objects, old, known), settings) if places[0] else None
    if not database and (
        beside := _find_beside(objects, (head, after), path) or _find_beside(objects, (base, before), path)
    ):
        return open_revisions(objects, base, head, beside, settings)._replace(note=neighbor_note(path, beside))
    found = Revisions(
        _discover(before, database if places[0] else None),
        _discover(after, database if places[1] else None),
        posixpath.dirname(path) if database else path,
    )
    if not any(one and one.models for one in found[:2]) and not any(map(_is_registry, (before, after))):
        raise SitegenError(
            f"nothing that looks like a model registry: looked for {LOOKED_FOR} in {path or '.'} and below"
        )
    return found


def read_text(objects: Objects, commit: Commit, path: str) -> str | None:
    """The text of a file of a revision; None where there is none. Raises SitegenError for what is no text."""
    place = _find(objects.repository, commit, path)
    if place is None or place.kind != "blob":
        return None
    if objects.sizes([place.id])[place.id] > MAX_TEXT_BYTES:
        raise SitegenError(f"{commit.name}:{path} has more bytes than the {MAX_TEXT_BYTES:,} that are read")
    data = objects.read(place.id)
    if data is None:
        raise SitegenError(f"{commit.name}:{path} is missing in this clone, and sitegen fetches nothing")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise SitegenError(f"{commit.name}:{path}: {error}") from error


def _find_registry(repository: Repository, commit: Commit, path: str) -> Place | None:
    """What a revision has at the path of a registry. Raises SitegenError for links and submodules."""
    place = _find(repository, commit, path)
    if place is not None and place.kind not in ("tree", "blob"):
        what = "a link" if place.kind == "link" else "a submodule"
        raise SitegenError(f"{path} is {what} in {commit.name}, which is not followed")
    return place


def _find(repository: Repository, commit: Commit, path: str) -> Place | None:
    if not path:
        tree = repository.run("rev-parse", "--verify", f"{commit.id}^{{tree}}")
        return Place("tree", tree.decode().strip())
    output = repository.run("ls-tree", "-z", "--full-tree", commit.id, "--", path)
    if not output:
        return None
    mode, kind, id = output.partition(b"\t")[0].split()
    return Place("link" if mode == b"120000" else kind.decode(), id.decode())


def _files(objects: Objects, base: Place | None, head: Place | None) -> tuple[Files, Files]:
    """The files of both trees: one is listed, the other one derived."""
    repository = objects.repository
    if base is None or head is None:
        files = [_list(repository, place) if place else NO_FILES for place in (base, head)]
        return files[0], files[1]
    new = _list(repository, head)
    if base.id == head.id:
        return new, new
    output = repository.run("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", base.id, head.id)
    changes = parse_difference(output)
    sizes = objects.sizes(change.id for change in changes if has_content(change))
    return apply_difference(new, changes, sizes), new


def _list(repository: Repository, place: Place) -> Files:
    return parse_tree(repository.run("ls-tree", "-r", "-l", "-z", "--full-tree", place.id))


def _find_beside(objects: Objects, side: "tuple[Commit, _Walk | None]", path: str) -> str | None:
    """The path of MLflow's database beside a folder of artifacts in a revision; None where there is none."""
    commit, walk = side
    parent = posixpath.dirname(path)
    if walk is None or not path or not holds_artifacts(path, walk[1]):
        return None
    place = _find(objects.repository, commit, parent)
    entries = objects.repository.run("ls-tree", "-l", "-z", "--full-tree", place.id).split(b"\0") if place else []
    files = parse_tree(b"\0".join(one for one in entries if one.endswith(_DATABASES) and b" blob " in one[:12]))
    name = choose_database(GitTree(objects, files), files.blobs)
    return posixpath.join(parent, name) if name else None


_Walk = tuple[GitTree, Listing, Discovery]
"""A tree, its listing without excluded folders, and a discovery that has the problems of listing alone."""


def _walk(tree: GitTree, settings: Registry) -> _Walk:
    listing, problems = exclude_folders(tree.walk(), settings.exclude)
    return tree, listing, Discovery(Source(tree), (), judge_links(tree, listing, problems))


def _discover(walk: _Walk | None, database: str | None) -> Discovery | None:
    """The models of a revision; none where it holds nothing that is recognised."""
    if walk is None:
        return None
    tree, listing, empty = walk
    if not _is_registry(walk):
        return empty
    found = discover(tree, listing, database)
    return Discovery(found.source, found.models, (*empty.problems, *found.problems), runs=found.runs)


def _is_registry(walk: _Walk | None) -> bool:
    """Whether a listing has a file that may belong to a registry."""
    if walk is None:
        return False
    return any(
        "MLmodel" in folder.names or META in folder.names or any(name.endswith(DATABASES) for name in folder.names)
        for folder in walk[1].values()
    )
