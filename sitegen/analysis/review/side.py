"""One side of a review: a registry as it is in BASE or in HEAD, whose versions are loaded on demand."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from sitegen.analysis.gate import find_blockers
from sitegen.analysis.publishable import redact_and_check
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.model import Kind, Model, Version
from sitegen.privacy.redactor import Redactor
from sitegen.privacy.values import redact_model, redact_problems
from sitegen.settings.settings import Privacy
from sitegen.sources.directory.single_version import MLMODEL, OneModel, why_unreadable
from sitegen.sources.discovery import Discovery
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.reading import read_bundle, texts_of
from sitegen.sources.refs import ModelRef, VersionRef
from sitegen.storage.listing import printable

SIDECAR = "model.yaml"
"""The file of a version that may name its aliases and its stage."""

_SIGNATURE = re.compile(r"^(?:signature|\"signature\"|'signature')[ \t]*:", re.MULTILINE)


class SideVersion(NamedTuple):
    """A version of one side. `id` tells it from the others of its model; `token` changes whenever its facts may do."""

    id: str
    token: object


class SideModel(NamedTuple):
    """A model of one side, with its versions in their order. `token` changes whenever its facts may do."""

    name: str
    kind: Kind
    store: str
    versions: tuple[SideVersion, ...]
    token: object


@dataclass(frozen=True, kw_only=True)
class LoadedVersion:
    """A version as it may be published. `blockers` are the reasons why it cannot be judged.

    `line` is the line of the signature in its MLmodel.
    """

    version: Version
    blockers: tuple[Diagnostic, ...] = ()
    line: int | None = None


class Side(Protocol):
    """One side of a review.

    Tokens of two sides are comparable if both have the same `scope` and it is not empty. `lacks` names the parts of
    versions that this side does not have: they are not compared. `problems` are those of the registry itself.
    """

    scope: str
    lacks: frozenset[str]
    problems: tuple[Diagnostic, ...]

    def models(self) -> tuple[SideModel, ...]:
        """The models, registered ones first, by name."""

    def outline(self, model: SideModel) -> Model:
        """The model with its aliases and texts; its versions have only a name and a stage."""

    def load(self, model: SideModel, ids: Collection[str]) -> dict[str, LoadedVersion]:
        """The versions with these ids; those that MLflow hides are left out."""


class RegistrySide:
    """A side that is read from a registry of any kind."""

    lacks: frozenset[str] = frozenset()

    def __init__(self, discovery: Discovery | None, privacy: Privacy, scope: str = "") -> None:
        self.discovery, self.privacy, self.scope = discovery, privacy, scope
        self.problems = redact_problems(discovery.problems, privacy) if discovery else ()

    def models(self) -> tuple[SideModel, ...]:
        """The models, registered ones first, by name."""
        return tuple(map(_side_model, self.discovery.models)) if self.discovery else ()

    def outline(self, model: SideModel) -> Model:
        """The model with its aliases and texts; its versions have only a name and a stage."""
        ref = _ref(model)
        telling = tuple(_without_files(one) for one in ref.versions if one.registered or _has_sidecar(one))
        found = self._load(replace(ref, versions=telling if ref.kind == "registered" else ()))
        if found is None:
            return Model(name=ref.name, kind=ref.kind, store=ref.store)
        found = redact_model(found, self.privacy)
        if ref.kind == "logged":
            return found
        stages = {version.name: version.stage for version in found.versions}
        names = [version.id for version in model.versions]
        shells = tuple(Version(name=name, stage=stages.get(name)) for name in names)
        return replace(found, versions=shells, aliases=_point_at(found.aliases, frozenset(names)))

    def load(self, model: SideModel, ids: Collection[str]) -> dict[str, LoadedVersion]:
        """The versions with these ids; those that MLflow hides are left out."""
        ref = _ref(model)
        some = {id: one for one in ref.versions if (id := _id_of_ref(one)) in ids}
        found = self._load(replace(ref, versions=tuple(some.values()))) if some else None
        if found is None:
            return {}
        public = redact_and_check(found, self.privacy).versions
        loaded = {}
        for raw, version in zip(found.versions, public, strict=True):
            id = raw.name if ref.kind == "registered" else _id_of_version(raw)
            text = self._mlmodel_text(raw, some.get(id))
            place = MLMODEL if raw.path in (None, ".") else f"{raw.path}/{MLMODEL}"
            line = _line_of_signature(text or "")
            blockers = self._redact(_blockers(OneModel(version=raw, path=place, text=text)))
            loaded[id] = LoadedVersion(version=version, blockers=blockers, line=line)
        return loaded

    def _load(self, ref: ModelRef) -> Model | None:
        if self.discovery is None:
            return None
        source = self.discovery.source
        source.tree.ahead(bundle.within(file) for bundle in ref.reading() for file in bundle.files())
        return load_model(source.stores, ref, ParseCache(source.tree, {}, 0))

    def _mlmodel_text(self, version: Version, ref: VersionRef | None) -> str | None:
        """The text of a version's MLmodel, as it is in the file."""
        for text in version.texts:
            if text.path == MLMODEL and text.complete:
                return text.text
        if self.discovery is None or version.mlmodel is None or ref is None or ref.folder is None:
            return None
        only = ref.folder._replace(only=frozenset([MLMODEL]))
        return texts_of(read_bundle(self.discovery.source.tree, only, (MLMODEL,), ())).text(MLMODEL)

    def _redact(self, diagnostics: Iterator[Diagnostic]) -> tuple[Diagnostic, ...]:
        redactor = Redactor(self.privacy)
        return tuple(redactor.value(diagnostic) for diagnostic in diagnostics)


def _line_of_signature(text: str) -> int | None:
    """The line of the signature in an MLmodel; None where it has none. Parsing with positions takes milliseconds."""
    found = _SIGNATURE.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _blockers(model: OneModel) -> Iterator[Diagnostic]:
    """The reasons why a model cannot be judged."""
    unreadable = why_unreadable(model)
    yield from unreadable
    if not unreadable:
        yield from find_blockers(model.version, model.text or "", model.path)


def _side_model(ref: ModelRef) -> SideModel:
    versions = tuple(SideVersion(_id_of_ref(one), one) for one in ref.versions)
    return SideModel(ref.name, ref.kind, ref.store, versions, ref)


def _ref(model: SideModel) -> ModelRef:
    """The reference behind a model of a registry."""
    if not isinstance(model.token, ModelRef):
        raise TypeError("the model is of another side")
    return model.token


def _id_of_ref(ref: VersionRef) -> str:
    """The name of a registered version; of a logged one the folder, since a new run gives it a new name."""
    if ref.name is not None:
        return ref.name
    return (printable(ref.folder.path) or ".") if ref.folder else ref.model_id or ref.run_id or ""


def _id_of_version(version: Version) -> str:
    run = version.run.id if version.run else ""
    return version.path if version.path is not None else version.model_id or run


def _has_sidecar(ref: VersionRef) -> bool:
    return ref.folder is not None and any(not path and SIDECAR in one.names for path, one in ref.folder.folders)


def _without_files(ref: VersionRef) -> VersionRef:
    """The version with the facts that may name aliases and stages alone."""
    folder = ref.folder._replace(only=frozenset([SIDECAR])) if ref.folder and _has_sidecar(ref) else None
    return VersionRef(name=ref.name, folder=folder, registered=ref.registered)


def _point_at(aliases: tuple[tuple[str, str], ...], names: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Aliases with their targets among all names: 3 means v3 where a version has that name."""
    return tuple((alias, f"v{to}" if to not in names and f"v{to}" in names else to) for alias, to in aliases)
