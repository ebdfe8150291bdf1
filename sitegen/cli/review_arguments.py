"""The arguments of `sitegen diff`: which texts are revisions of git, and which are registries."""

import os
from argparse import Namespace
from typing import NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.sources.kinds import SQLITE
from sitegen.storage.git.repository import InnerRepositoryError, Repository, find_commit, is_bare, open_repository
from sitegen.storage.location import scheme

_HEAD = ("HEAD", "@")
"""Names of the current revision: never folders, which anybody could add to the files that are reviewed."""


class Arguments(NamedTuple):
    """BASE and HEAD as texts. `branches_off`: BASE is where HEAD branched off from it, as in `main...HEAD`."""

    base: str
    head: str
    branches_off: bool = False


def parse_arguments(options: Namespace) -> Arguments:
    """BASE and HEAD; HEAD is `HEAD` where BASE is a revision and stands alone. Raises SitegenError for one registry."""
    base, head = options.base, options.head
    if head is not None:
        return Arguments(base, head)
    if found := _parse_range(base):
        return found
    if is_location(base) or (options.registry is None and not is_revision(base, False)):
        raise SitegenError("HEAD is missing: name the registry to compare with")
    return Arguments(base, "HEAD")


def _parse_range(text: str) -> Arguments | None:
    """BASE and HEAD of `main...HEAD` or `main..HEAD`; None for a path, and for a single revision."""
    for dots in ("...", ".."):
        old, found, new = text.partition(dots)
        if found:
            range = Arguments(old or "HEAD", new or "HEAD", dots == "...")
            # The files that are reviewed may have a folder of this name.
            is_range = not os.path.lexists(text) or (_names_commit(range.base) and _names_commit(range.head))
            return range if is_range else None
    return None


def is_location(text: str) -> bool:
    """Whether a text is the URL of a registry."""
    return bool(scheme(text)) or text.startswith(SQLITE)


def is_revision(text: str, has_registry: bool) -> bool:
    """Whether a text is to be read as a revision: what is no path; with --registry, whatever git knows.

    Raises SitegenError for what may be both: a change that is reviewed could add a folder with the name of a branch.
    """
    if is_location(text):
        return False
    if not os.path.lexists(text) or _is_git_file(text):
        return True
    if text.startswith(("/", "./", "../")) or not _names_commit(text):
        return False
    if not has_registry and text not in _HEAD:
        raise SitegenError(
            f"{text} is a revision of git and a path: say ./{text} for the path, or --registry . for the revision"
        )
    return True


def _names_commit(name: str) -> bool:
    """Whether git knows a revision by this name."""
    repository = _repository()
    try:
        return repository is not None and bool(find_commit(repository, name))
    except SitegenError:
        return False


def _is_git_file(path: str) -> bool:
    """Whether a path is one of git's own files, such as `refs/heads/main` in a bare repository."""
    repository = _repository()
    if repository is None or not is_bare(repository.folder):
        return False
    return os.path.realpath(path).startswith(f"{os.path.realpath(repository.folder)}{os.sep}")


def _repository() -> Repository | None:
    """The repository of the current folder; None where there is none, or git refuses it."""
    try:
        return open_repository()
    except InnerRepositoryError:
        raise
    except SitegenError:
        return None
