"""Logged files that the settings publish: copies beside the page of their version, never with active content."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from sitegen.core.fingerprint import fingerprint
from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.domain.model import Model, Version
from sitegen.settings.settings import Privacy, Settings
from sitegen.site.copy_names import WITHHELD, copy_path, copy_source
from sitegen.site.copy_screen import screen
from sitegen.site.model_pages import Page
from sitegen.site.views.context import ModelContext
from sitegen.storage.listing import File
from sitegen.storage.tree import MAX_HASH_BYTES, Tree, UnreadableError

_REVISION = "2"
"""Changes whenever the same file is copied differently."""

_MAX_REASONS = 4096
_reasons: dict[tuple[str, Privacy, str], str] = {}
"""Why files are withheld, by digest: a preview asks again at every change of a model."""


def screen_model(model: Model, tree: Tree, settings: Settings) -> Model:
    """The model with a problem for each file that the settings ask for and that cannot be published."""
    if not settings.files.publish:
        return model
    return replace(model, versions=tuple(_screen_version(version, tree, settings) for version in model.versions))


def _screen_version(version: Version, tree: Tree, settings: Settings) -> Version:
    others = tuple(one for one in version.problems if one.rule != WITHHELD)
    bare = version if len(others) == len(version.problems) else replace(version, problems=others)
    found: list[Diagnostic] = []
    for file in bare.files:
        place = copy_source(bare, file, settings.files.publish)
        if place is not None:
            known = file.sha256 or "", settings.privacy, place.rpartition(".")[2]
            if known not in _reasons:
                if len(_reasons) > _MAX_REASONS:
                    _reasons.clear()
                _reasons[known] = screen(place, _read(tree, File(place, file.size, 0)), settings.privacy).reason
            if _reasons[known]:
                found.append(problem(WITHHELD, f"the file is not published: {_reasons[known]}", place))
    return replace(bare, problems=(*others, *found)) if found else bare


def copies(context: ModelContext, tree: Tree) -> Iterator[Page]:
    """The copies of all versions' files that the settings ask for."""
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
    """The bytes as they may be published; none of a file that has changed since into one that may not."""
    return screen(file.path, _read(tree, file), privacy).data or b""


def _read(tree: Tree, file: File) -> bytes:
    """The bytes of a file. One that has just gone is empty: the next build knows of it."""
    try:
        return tree.read(file, MAX_HASH_BYTES).data or b""
    except UnreadableError:
        return b""
