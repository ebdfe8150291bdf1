"""Reviewing one model: which of its versions and pointers differ, and what callers meet."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sitegen.analysis.reference import Reference, find_baseline, references
from sitegen.analysis.review.assess import (
    LARGE_FILES,
    NO_LEVELS,
    assess,
    differing_parts,
    has_large_files,
    new_problems,
    other_parts,
    touches_model,
    without_signature,
)
from sitegen.analysis.review.pairs import ModelPair, join_by_content
from sitegen.analysis.review.pointers import Pointer, pointers_of
from sitegen.analysis.review.side import LoadedVersion, Side, SideModel
from sitegen.analysis.review.values import Assessment, ModelReview, PointerMove, Status, VersionReview
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.model import Model, Version
from sitegen.settings.settings import Level, Metrics
from sitegen.sources.directory.single_version import MLMODEL
from sitegen.sources.version_names import version_order


class _SideView:
    """A model on one side: its outline, and its versions, each loaded once."""

    def __init__(self, side: Side, model: SideModel | None) -> None:
        self.side, self.model = side, model
        self.tokens = {one.id: one.token for one in model.versions} if model else {}
        self.outline = side.outline(model) if model else None
        self._loaded: dict[str, LoadedVersion | None] = {}

    def load(self, ids: Iterable[str]) -> dict[str, LoadedVersion]:
        """The versions with these ids, as far as this side has them."""
        asked = [id for id in ids if id in self.tokens]
        fresh = [id for id in asked if id not in self._loaded]
        if fresh and self.model:
            found = self.side.load(self.model, fresh)
            self._loaded.update((id, found.get(id)) for id in fresh)
        return {id: one for id in asked if (one := self._loaded[id])}

    def one(self, id: str) -> LoadedVersion | None:
        """The version with an id; None where this side has none."""
        return self.load([id]).get(id)


def review_model(
    pair: ModelPair, base: Side, head: Side, settings: Metrics, levels: Mapping[str, Level] = NO_LEVELS
) -> ModelReview | None:
    """What differs in a model; None where nothing does. `levels` has those of problems by rule, where they are set."""
    return _ModelReviewer(pair, base, head, settings, levels).review()


class _ModelReviewer:
    def __init__(self, pair: ModelPair, base: Side, head: Side, settings: Metrics, levels: Mapping[str, Level]) -> None:
        self.pair, self.settings, self.levels = pair, settings, levels
        self.base, self.head = _SideView(base, pair.base), _SideView(head, pair.head)
        self.comparable = bool(base.scope) and base.scope == head.scope
        self.lacks = base.lacks | head.lacks
        self.kind = (pair.head or pair.base or _NOTHING).kind
        self.renamed = bool(pair.base and pair.head and pair.base.name != pair.head.name)

    def review(self) -> ModelReview | None:
        """What differs; None where nothing does."""
        old, new = self.base.outline, self.head.outline
        shown = new or old
        if shown is None:
            return None
        versions = tuple(self._versions())
        pointers = tuple(self._pointers())
        parts = _model_parts(old, new, self.lacks)
        problems = new_problems(old.problems if old else (), new.problems, self.levels) if new else ()
        problems = tuple(one for one in problems if one.rule != "alias-target")  # a pointer says it
        status: Status = "renamed" if self.renamed else "changed" if old and new else "added" if new else "removed"
        if status == "changed" and not (versions or pointers or parts or problems):
            return None
        return ModelReview(
            name=shown.name,
            raw_name=(self.pair.head or self.pair.base or _NOTHING).name,
            old_name=old.name if old and self.renamed else None,
            kind=shown.kind,
            store=shown.store,
            status=status,
            path=next((one.path for one in versions if one.path), None),
            pointers=pointers,
            versions=versions,
            parts=parts,
            problems=problems,
        )

    # --- versions ----------------------------------------------------------------------------------------------

    def _versions(self) -> Iterator[VersionReview]:
        """The versions that differ, in HEAD's order; those that HEAD lacks come last."""
        changed = self._changed_ids()
        old, new = self.base.load(changed), self.head.load(changed)
        gone = {id: one for id, one in old.items() if id not in new}
        fresh = {id: one for id, one in new.items() if id not in old}
        renames = join_by_content(gone.items(), fresh.items()) if self.kind == "registered" else {}
        self._order = self._names()
        for id, one in new.items():
            if id in old:
                review = self._changed_version(old[id], one)
                if review:
                    yield review
            elif id in renames:
                yield self._renamed_version(gone[renames[id]], one)
            else:
                yield self._added_version(one)
        for id, one in gone.items():
            if id not in renames.values():
                yield _version_review(one, "removed")

    def _changed_ids(self) -> list[str]:
        """The ids of versions that may differ, in HEAD's order, then BASE's."""
        old, new = self.base.tokens, self.head.tokens
        ids = [*new, *(id for id in old if id not in new)]
        return [id for id in ids if not (self.comparable and id in old and id in new and old[id] == new[id])]

    def _names(self) -> list[str]:
        """The versions of both sides in their order; a reference may be a version that HEAD lacks."""
        if self.kind == "logged":
            return []
        return sorted(self.base.tokens.keys() | self.head.tokens.keys(), key=version_order)

    def _changed_version(self, old: LoadedVersion, new: LoadedVersion) -> VersionReview | None:
        parts = differing_parts(old.version, new.version, self.lacks)
        problems = new_problems(old.version.problems, new.version.problems, self.levels)
        # Files above the limit have no hash: git knows that they differ, and the values do not.
        unseen = not parts and self.comparable and not self.renamed and has_large_files(new.version)
        if not (parts or problems or unseen):
            return None
        lead = assess(old, new, self.settings, self._pointer_to(old), self.lacks)
        if not (unseen or touches_model(old.version, new.version)):
            lead = without_signature(lead)
        others = (LARGE_FILES,) if unseen else other_parts(old.version, new.version, self.lacks)
        return _version_review(new, "changed", lead=lead, parts=others, problems=problems)

    def _renamed_version(self, old: LoadedVersion, new: LoadedVersion) -> VersionReview:
        """A version with another number; judged against its old state where the model itself differs."""
        lead = None
        if touches_model(old.version, new.version):
            lead = assess(old, new, self.settings, self._pointer_to(old), self.lacks)
        return _version_review(new, "renamed", old_name=old.version.name, lead=lead)

    def _pointer_to(self, old: LoadedVersion) -> str | None:
        """The first alias or stage that points at a version in BASE."""
        pointers = pointers_of(self.base.outline).items() if self.base.outline else ()
        return next((one.name for one, name in pointers if name == old.version.name), None)

    def _added_version(self, new: LoadedVersion) -> VersionReview:
        """A new version, judged against BASE's baseline or the version before; not judged where BASE has no model."""
        problems = new_problems((), new.version.problems, self.levels)
        lead = beside = None
        if self.base.outline is not None and self.kind == "registered":
            lead, beside = self._references(new)
        blockers = () if lead else tuple(one for one in new.blockers if one.rule != "signature-missing")
        return _version_review(new, "added", lead=lead, beside=beside, blockers=blockers, problems=problems)

    def _references(self, new: LoadedVersion) -> tuple[Assessment | None, Assessment | None]:
        place = self._order.index(new.version.name) if new.version.name in self._order else 0
        baseline = find_baseline(self._base_model(), self.settings.baseline)
        found = references(place, baseline)
        return self._against(found.lead, new), self._against(found.beside, new)

    def _base_model(self) -> Model:
        """BASE's aliases and stages over the versions of both sides."""
        outline = self.base.outline
        stages = {one.name: one.stage for one in outline.versions} if outline else {}
        shells = tuple(Version(name=name, stage=stages.get(name)) for name in self._order)
        return replace(outline, versions=shells) if outline else Model(name="", kind=self.kind)

    def _against(self, reference: Reference | None, new: LoadedVersion) -> Assessment | None:
        """The assessment against a reference, as BASE has it."""
        if reference is None:
            return None
        name = self._order[reference.place]
        old = self.base.one(name) or self.head.one(name)
        if old is None:
            return None
        pointer = None
        if reference.baseline:
            pointer = reference.baseline.alias or "Production"
        return assess(old, new, self.settings, pointer, self.lacks)

    # --- pointers ----------------------------------------------------------------------------------------------

    def _pointers(self) -> Iterator[PointerMove]:
        """The aliases and stages that point at another version, as long as both sides have the model."""
        if self.base.outline is None or self.head.outline is None or self.kind == "logged":
            return
        old, new = pointers_of(self.base.outline), pointers_of(self.head.outline)
        for pointer in sorted(old.keys() | new.keys()):
            before, after = old.get(pointer), new.get(pointer)
            if before != after or (after in self.base.tokens and after not in self.head.tokens):
                yield self._move(pointer, before, after)

    def _move(self, pointer: Pointer, before: str | None, after: str | None) -> PointerMove:
        lost = after is not None and after not in self.head.tokens
        old = self.base.one(before) if before else None
        new = self.head.one(after) if after else None
        assessment = assess(old, new, self.settings, pointer.name, self.lacks) if old and new else None
        return PointerMove(
            name=pointer.name,
            kind=pointer.kind,
            old=before,
            new=after,
            lost=lost,
            path=_mlmodel_path(new.version) if new else None,
            line=new.line if new else None,
            assessment=assessment,
        )


_NOTHING = SideModel("", "registered", "", (), None)


def _version_review(
    loaded: LoadedVersion,
    status: Status,
    *,
    old_name: str | None = None,
    lead: Assessment | None = None,
    beside: Assessment | None = None,
    blockers: tuple[Diagnostic, ...] = (),
    parts: tuple[str, ...] = (),
    problems: tuple[Diagnostic, ...] = (),
) -> VersionReview:
    version = loaded.version
    return VersionReview(
        name=version.name,
        status=status,
        old_name=old_name,
        path=_mlmodel_path(version),
        line=loaded.line,
        lead=lead,
        beside=beside,
        blockers=blockers,
        parts=parts,
        problems=problems,
    )


def _mlmodel_path(version: Version) -> str | None:
    if version.path is None:
        return None
    return MLMODEL if version.path == "." else f"{version.path}/{MLMODEL}"


def _model_parts(old: Model | None, new: Model | None, lacks: frozenset[str]) -> tuple[str, ...]:
    """The texts and tags of a model that differ."""
    if old is None or new is None:
        return ()
    names = ("description", "card", "tags", "facts")
    return tuple(name for name in names if name not in lacks and getattr(old, name) != getattr(new, name))
