"""Discovery after a small change: where only sizes and times are new, the models are those that are known."""

from dataclasses import replace
from operator import is_

from sitegen.formats.meta_yaml import META
from sitegen.sources.discovery import Discovery
from sitegen.sources.refs import Bundle, ModelRef, VersionRef
from sitegen.storage.listing import Listing, name_lists
from sitegen.storage.scan import DATABASES


def rediscover(found: Discovery, before: Listing, after: Listing) -> Discovery | None:
    """What discovery finds in `after`, if it found `found` in `before`; None where only discovery itself can tell.

    It goes by names alone unless a file may be one of a store, which it opens.
    """
    if found.source.stores or any(map(_needs_discovery, name_lists(after))) or before.keys() != after.keys():
        return None
    changed = {path for path, folder in after.items() if folder is not before[path]}
    if any(before[path].names != after[path].names or before[path].folders != after[path].folders for path in changed):
        return None
    return replace(found, models=tuple(_model(ref, changed, after) for ref in found.models))


def _needs_discovery(names: tuple[str, ...]) -> bool:
    return META in names or any(name.endswith(DATABASES) for name in names)


def _model(ref: ModelRef, changed: set[str], after: Listing) -> ModelRef:
    """The model with the folders that changed; the very same one where none of its own did."""
    folder = _bundle(ref.folder, changed, after)
    versions = [_version(version, changed, after) for version in ref.versions]
    same = folder is ref.folder and all(map(is_, versions, ref.versions))
    return ref if same else replace(ref, folder=folder, versions=tuple(versions))


def _version(ref: VersionRef, changed: set[str], after: Listing) -> VersionRef:
    folder, artifacts = _bundle(ref.folder, changed, after), _bundle(ref.artifacts, changed, after)
    same = folder is ref.folder and artifacts is ref.artifacts
    return ref if same else ref._replace(folder=folder, artifacts=artifacts)


def _bundle(bundle: Bundle | None, changed: set[str], after: Listing) -> Bundle | None:
    if bundle is None:
        return None
    paths = [f"{bundle.path}/{inner}".strip("/") if inner else bundle.path for inner, _ in bundle.folders]
    if changed.isdisjoint(paths):
        return bundle
    inner = (name for name, _ in bundle.folders)
    return bundle._replace(folders=tuple(zip(inner, map(after.__getitem__, paths), strict=True)))
