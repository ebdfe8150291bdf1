"""Loose copies of logged and registered models: folders that state the ids of a model that a store knows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sitegen.sources.reading import read_text
from sitegen.sources.refs import Bundle, ModelRef, VersionRef
from sitegen.storage.listing import File, printable
from sitegen.storage.tree import Tree

_ID = re.compile(r"(?m)^(run_id|model_id|model_uuid):[ \t]*[\"']?([\w-]+)[\"']?[ \t]*\r?$")


class StatedIds(NamedTuple):
    """The ids that an MLmodel file states."""

    run: str | None = None
    model: str | None = None
    uuid: str | None = None


class Original(NamedTuple):
    """A version that a store knows, with what its copies call it: the names of model and version."""

    label: str
    version: VersionRef


def join_copies(refs: Sequence[ModelRef], tree: Tree) -> list[ModelRef]:
    """The models; those that are loose copies of a version of another one refer to its facts, too."""
    loose = {place: ref.versions[0] for place, ref in enumerate(refs) if _is_loose(ref)}
    originals = list(_originals(refs)) if loose else []
    if not originals:
        return list(refs)
    tree.ahead(file for version in loose.values() for file in _mlmodel(version.folder))
    found = _Originals(tree, originals)
    joined = {place: _join(version, found.original(version)) for place, version in loose.items()}
    return [
        replace(ref, versions=(joined[place],)) if place in joined and joined[place] is not loose[place] else ref
        for place, ref in enumerate(refs)
    ]


def _is_loose(ref: ModelRef) -> bool:
    """Whether a model is a folder outside of all registries and runs."""
    first = ref.versions[0] if len(ref.versions) == 1 else None
    known = first is None or first.folder is None or first.name or first.run_id or first.model_id
    return ref.kind == "logged" and not known


def _originals(refs: Sequence[ModelRef]) -> Iterator[Original]:
    """The versions that a store knows, the newest of a model first."""
    for ref in refs:
        for version in reversed(ref.versions):
            if version.run or version.logged:
                own = version.name or version.model_id or version.run_id or ""
                yield Original(f"{ref.name} {printable(own)}", version)


def _join(copy: VersionRef, original: Original | None) -> VersionRef:
    """A copy with the facts of its original; its files stay its own."""
    if original is None:
        return copy
    facts = original.version
    return facts._replace(name=None, folder=copy.folder, artifacts=None, copy_of=original.label)


class _Originals:
    """The originals by model id and by run; their files are read only where a copy states their run."""

    def __init__(self, tree: Tree, originals: Sequence[Original]) -> None:
        self.tree = tree
        self.models: dict[str, Original] = {}
        self.runs: dict[str, list[Original]] = {}
        self.known: dict[str, StatedIds] = {}
        for one in originals:
            if one.version.model_id:
                self.models.setdefault(one.version.model_id, one)
            elif one.version.run_id:
                self.runs.setdefault(one.version.run_id, []).append(one)

    def original(self, copy: VersionRef) -> Original | None:
        """The version with the same model id, or of the same run with the same model_uuid."""
        ids = self._ids(copy.folder)
        for model in (ids.model, ids.uuid):
            if model in self.models:
                return self.models[model]
        candidates = self.runs.get(ids.run or "", ()) if ids.uuid else ()
        return next((one for one in candidates if self._ids(one.version.folder).uuid == ids.uuid), None)

    def _ids(self, folder: Bundle | None) -> StatedIds:
        path = folder.path if folder else ""
        if path not in self.known:
            text = next((read_text(self.tree, file).value for file in _mlmodel(folder)), None)
            stated = dict(_ID.findall(text or ""))
            self.known[path] = StatedIds(stated.get("run_id"), stated.get("model_id"), stated.get("model_uuid"))
        return self.known[path]


def _mlmodel(folder: Bundle | None) -> Iterator[File]:
    """The MLmodel file of a folder."""
    if folder is None:
        return
    for path, inside in folder.folders[:1]:
        yield from (folder.within(file) for file in inside.files() if not path and file.path == "MLmodel")
