"""Checks that end a build before it deletes pages because a lock or a lost disk hides a part of the registry."""

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sitegen.build.packing import PackedParts
from sitegen.build.plan import Plan
from sitegen.build.request import BuildRequest
from sitegen.build.state import State
from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic
from sitegen.settings.keep import MANIFEST, Keep, is_site_name
from sitegen.site.urls import is_site_path
from sitegen.sources.database.store import Database
from sitegen.sources.filestore.store import FileStore
from sitegen.storage.listing import printable
from sitegen.storage.location import strip_credentials
from sitegen.storage.manifest import manifest_paths
from sitegen.storage.output import output_at
from sitegen.storage.scan import LISTING_FAILURE
from sitegen.storage.tree import LocalTree

Stores = Mapping[str, tuple[str, ...]]
"""Stores by path, with the tables that each has, if it is a database."""

_RULES = frozenset(["database", "database-foreign", "lfs-pointer", "link", "unreadable"])
"""Rules of the problems with which a store cannot be read."""

_STAYS = "the last build could read it, so the site stays as it is"


def require_sources(request: BuildRequest) -> BuildRequest:
    """The request, with databases that end the build when they stop answering, if the last build read them.

    Raises SitegenError when a store or a folder that the last build read cannot be read now.
    """
    known: Stores = request.state.header("stores") or {}
    _check_stores(request, known)
    for found in _listing_problems(request.discovery.problems):
        if any(_lies_in(path, found.path) for path in (*known, *_read_paths(request.state))):
            raise SitegenError(f"{found.path}: {found.message}; {_STAYS}")
    failing: frozenset[str] = request.state.header("failing") or frozenset()
    source = request.discovery.source
    stores = tuple(
        replace(store, required=True)
        if isinstance(store, Database) and (path := printable(store.file.name)) in known and path not in failing
        else store
        for store in source.stores
    )
    return replace(request, discovery=replace(request.discovery, source=replace(source, stores=stores)))


def refuse_losses(request: BuildRequest, plan: Plan) -> None:
    """Raises SitegenError where the output would lose models because a part of the registry is missing.

    Without a state of the last build, a site that would lose models stays if a store cannot be read.
    """
    if not plan.refs and not request.allow_empty and _slugs(request):
        advice = "check that it is the right folder and mounted, or allow it with --allow-empty"
        root = strip_credentials(request.root)
        raise SitegenError(f"the registry holds no model, but the site in {root} does: {advice}")
    if request.state.header("stores") is not None:
        return
    unread = [found for found in request.discovery.problems if found.rule in ("database", "lfs-pointer")]
    unread = [found for found in unread if found.severity == "error"]
    for found in (*unread, *_listing_problems(request.discovery.problems)):
        if _slugs(request) - set(plan.slugs.values()):
            advice = "models of the site may lie in it, so the site stays as it is; else choose another --output"
            raise SitegenError(f"{found.path}: {found.message}; {advice}")


def check_still_there(request: BuildRequest) -> None:
    """Raises SitegenError when the folder of the registry or of a store vanished during the build."""
    source = request.discovery.source
    tree = source.tree
    if not isinstance(tree, LocalTree) or not request.discovery.models:
        return
    if tree.is_absent():
        raise SitegenError(f"{strip_credentials(tree.root)} vanished while it was read, so the site stays as it is")
    for path in {store.path for store in source.stores if isinstance(store, FileStore)}:
        try:
            there = bool(os.listdir(f"{tree.root}/{path}"))
        except OSError:
            there = False
        if not there:
            raise SitegenError(
                f"{printable(path) or strip_credentials(tree.root)} vanished while it was read, "
                "so the site stays as it is"
            )


def record_sources(request: BuildRequest) -> None:
    """Save which stores this build could read."""
    stores = dict(request.discovery.stores)
    if request.state.header("stores") != stores:
        request.state.set_header(stores=stores)


def _check_stores(request: BuildRequest, known: Stores) -> None:
    """Raises SitegenError when a known store cannot be read, has lost a table, or is an empty folder."""
    now = request.discovery.stores
    for found in request.discovery.problems:
        if found.rule in _RULES and found.path in known and found.path not in now:
            advice = f"{found.hint}; " if found.rule == "lfs-pointer" else ""
            raise SitegenError(f"{found.path}: {found.message}; {advice}{_STAYS}")
    for path, tables in known.items():
        lost = sorted(set(tables).difference(now.get(path, tables)))
        if lost:
            raise SitegenError(f"{path}: its schema is damaged: the table {lost[0]} is not there; {_STAYS}")
        if path and path in request.discovery.empty and not request.allow_empty:
            advice = "check that it is mounted, or allow it with --allow-empty"
            raise SitegenError(f"{path} is empty, but the last build found models in it: {advice}")


def _listing_problems(problems: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The problems of folders that cannot be listed, except folders that have just been deleted."""
    gone = f"{LISTING_FAILURE}: {os.strerror(errno.ENOENT)}"
    unread = (found for found in problems if found.rule == "unreadable" and found.message.startswith(LISTING_FAILURE))
    return (found for found in unread if found.message != gone)


def _read_paths(state: State) -> Iterator[str]:
    """The paths of the bundles that the last build read. Slow: it loads the whole state."""
    for name in state.stamps():
        for bundle in PackedParts(state.parts(name).values(), name).values():
            yield printable(bundle.partition(" ")[2])


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _slugs(request: BuildRequest) -> set[str]:
    """The slugs of the models in the site."""
    parts = (path.split("/") for path in manifest_paths(output_at(request.root).read(MANIFEST) or b""))
    return {part[1] for part in parts if part[0] == "models" and len(part) > 2}


def refuse_foreign(root: str, keep: Keep) -> None:
    """Raises SitegenError where a clean build would delete files that sitegen did not write."""
    output = output_at(root)
    manifest = output.read(MANIFEST)
    known = {MANIFEST, *manifest_paths(manifest or b"")}
    for path in output.paths(keep):
        if path not in known and not (manifest and is_site_path(path)):
            advice = "" if is_site_name(path.split("/")[0]) else ", or list it in [publish] keep"
            place = strip_credentials(root)
            raise SitegenError(f"{place} holds {path}, which sitegen did not write; choose another --output{advice}")


def forget_all_but_stores(state: State) -> None:
    """Empty the state, except for the stores of the last build, by which a lost store is noticed."""
    stores = state.header("stores")
    state.forget()
    if stores is not None:
        state.set_header(stores=stores)
