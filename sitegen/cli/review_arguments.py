"""The arguments of `sitegen diff`: which texts are revisions of git, and which are registries."""

import os
from argparse import Namespace
from typing import NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.sources.kinds import SQLITE
from sitegen.storage.git.repository import find_commit, open_repository
from sitegen.storage.location import scheme


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
    if not os.path.lexists(base):
        for dots in ("...", ".."):
            old, found, new = base.partition(dots)
            if found:
                return Arguments(old or "HEAD", new or "HEAD", dots == "...")
    if is_location(base) or (os.path.lexists(base) and options.registry is None):
        raise SitegenError("HEAD is missing: name the registry to compare with")
    return Arguments(base, "HEAD")


def is_location(text: str) -> bool:
    """Whether a text is the URL of a registry."""
    return bool(scheme(text)) or text.startswith(SQLITE)


def is_revision(text: str, has_registry: bool) -> bool:
    """Whether a text is to be read as a revision: what is no path; with --registry, whatever git knows."""
    if is_location(text):
        return False
    if not os.path.lexists(text):
        return True
    if not has_registry:
        return False
    try:
        find_commit(open_repository(), text)
    except SitegenError:
        return False
    return True
