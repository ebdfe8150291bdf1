"""Copies of logged files that the settings publish, next to the page of their version, never with active content."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from sitegen.core.errors import SitegenError
from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import LoggedFile, Model, Version
from sitegen.settings.settings import Privacy, Settings
from sitegen.site.copy_names import WITHHELD, copy_path, copy_source, registry_path
from sitegen.site.copy_screen import screen
from sitegen.site.model_pages import Page
from sitegen.site.views.context import ModelContext
from sitegen.storage.listing import File
from sitegen.storage.tree import DEVICE_FAILURES, MAX_HASH_BYTES, Tree, UnreadableError

_REVISION = "2"
"""Part of the fingerprint of copies: increase it if the same file is copied differently."""

_MAX_REASONS = 4096
_reasons: dict[tuple[str, Privacy, str], str] = {}
"""Cached reasons to withhold files, by digest: a preview screens a model's files at every change."""


def screen_model(model: Model, tree: Tree, settings: Settings) -> Model:
    """The model with a problem for each file that the settings publish but that is withheld."""
    if not settings.files.publish:
        return model
    versions = tuple(_screen_version(version, tree, settings) for version in model.versions)
    changed = [new.digest for new, old in zip(versions, model.versions, strict=True) if new.digest != old.digest]
    digest = fingerprint(model.digest, *changed) if changed else model.digest
    return replace(model, versions=versions, digest=digest)


def _screen_version(version: Version, tree: Tree, settings: Settings) -> Version:
    others = tuple(diagnostic for diagnostic in version.problems if diagnostic.rule != WITHHELD)
    bare = version if len(others) == len(version.problems) else replace(version, problems=others)
    withheld: list[Diagnostic] = []
    for file in bare.files:
        place = copy_source(bare, file, settings.files.publish)
        reason = _reason(bare, file, place, tree, settings.privacy) if place is not None else ""
        if place is not None and reason:
            withheld.append(problem(WITHHELD, f"the file is not published: {reason}", place))
    if not withheld:
        return bare
    digest = fingerprint(bare.digest, *(found.path + found.message for found in withheld))
    return replace(bare, problems=(*others, *withheld), digest=digest)


def _reason(version: Version, file: LoggedFile, place: str, tree: Tree, privacy: Privacy) -> str:
    """Why a file is not published; empty for one that is."""
    target = tree.target(place)
    if target != place and not any(registry_path(version, other) == target for other in version.files):
        return "it is a link to a file that is not logged with this version"
    key = file.sha256 or "", privacy, place.rpartition(".")[2]
    if key not in _reasons:
        if len(_reasons) > _MAX_REASONS:
            _reasons.clear()
        _reasons[key] = screen(place, read_or_empty(tree, File(place, file.size, 0)), privacy).reason
    return _reasons[key]


def copies(context: ModelContext, tree: Tree) -> Iterator[Page]:
    """The copies of the logged files of all versions."""
    if not context.settings.files.publish:
        return
    privacy = context.settings.privacy
    for version, folder in zip(context.model.versions, context.folders, strict=True):
        for file in version.files:
            place = copy_source(version, file, context.settings.files.publish)
            if place is not None:
                path = f"models/{context.slug}/{folder}/{copy_path(file.path)}"
                mark = fingerprint(_REVISION, repr(privacy), place, file.sha256 or "")
                yield Page(path, mark, partial(_copy, tree, File(place, file.size, 0), privacy))


def _copy(tree: Tree, file: File, privacy: Privacy) -> bytes:
    """The bytes to publish; empty if the file has changed since, so that it is withheld."""
    return screen(file.path, read_or_empty(tree, file), privacy).data or b""


def read_or_empty(tree: Tree, file: File) -> bytes:
    """The bytes of a file; empty if it was just deleted, which the next build notices.

    Raises SitegenError when its disk fails.
    """
    try:
        return tree.read(file, MAX_HASH_BYTES).data or b""
    except UnreadableError as error:
        if str(error) in DEVICE_FAILURES:
            raise SitegenError(f"{file.path} cannot be read: {error}") from error
        return b""
