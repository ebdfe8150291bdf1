"""Pairing the models of BASE and HEAD: by kind and name, renamed ones by what their versions hold."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from sitegen.analysis.review.side import LoadedVersion, Side, SideModel


class ModelPair(NamedTuple):
    """A model in BASE and in HEAD; None where a side does not have it."""

    base: SideModel | None
    head: SideModel | None


def pair_models(base: Side, head: Side) -> list[ModelPair]:
    """The models of both sides that may differ: those of HEAD in their order, then those that HEAD lacks."""
    comparable = bool(base.scope) and base.scope == head.scope
    before, after = base.models(), head.models()
    old = dict(zip(_keys(before, after), before, strict=True))
    new = dict(zip(_keys(after, before), after, strict=True))
    pairs = [ModelPair(old.get(key), model) for key, model in new.items()]
    pairs += [ModelPair(model, None) for key, model in old.items() if key not in new]
    pairs = [one for one in pairs if not (comparable and _is_same(one))]
    return _join_renames(pairs, base, head) if old and new else pairs


def _is_same(pair: ModelPair) -> bool:
    return pair.base is not None and pair.head is not None and pair.base.token == pair.head.token


def _keys(models: Sequence[SideModel], others: Sequence[SideModel]) -> Iterator[tuple[str, ...]]:
    """A key for each model: kind and name where no side has them twice, else the store, too."""
    counts: Counter[tuple[str, str]] = Counter()
    for some in (models, others):
        counts |= Counter((one.kind, one.name) for one in some)
    for one in models:
        name = (one.kind, one.name)
        yield name if counts[name] == 1 else (*name, one.store)


def _join_renames(pairs: list[ModelPair], base: Side, head: Side) -> list[ModelPair]:
    """Pair a model that is gone with a new one whose versions are the same."""
    gone = [one.base for one in pairs if one.base and not one.head]
    new = [one.head for one in pairs if one.head and not one.base]
    if not gone or not new:
        return pairs
    contents = {number: _contents(base, model) for number, model in enumerate(gone)}
    joined: dict[int, SideModel] = {}  # by the identity of the new model
    for model in new:
        inside = _contents(head, model)
        best = max(contents, key=lambda number: len(inside & contents[number]), default=None)
        if best is not None and inside & contents[best] and gone[best].kind == model.kind:
            joined[id(model)] = gone[best]
            del contents[best]
    left = {id(gone[number]) for number in contents}
    return [
        one._replace(base=joined.get(id(one.head), one.base)) if one.head else one
        for one in pairs
        if one.head or id(one.base) in left
    ]


def _contents(side: Side, model: SideModel) -> frozenset[Hashable]:
    """What the versions of a model hold."""
    loaded = side.load(model, [version.id for version in model.versions])
    return frozenset(content for one in loaded.values() if (content := content_of(one)))


def content_of(loaded: LoadedVersion) -> Hashable:
    """What tells a version wherever it lies: its model_uuid, else its files; None where it has neither."""
    version = loaded.version
    if version.mlmodel and version.mlmodel.model_uuid:
        return version.mlmodel.model_uuid
    files = tuple((file.path, file.sha256) for file in version.files if not file.path.startswith("../"))
    return files or None


def join_by_content(
    old: Iterable[tuple[str, LoadedVersion]], new: Iterable[tuple[str, LoadedVersion]]
) -> dict[str, str]:
    """The ids of versions in HEAD with those that they had in BASE, by their contents."""
    known: dict[Hashable, str] = {}
    for id, one in old:
        if content := content_of(one):
            known.setdefault(content, id)
    return {id: former for id, one in new if (former := known.pop(content_of(one), None)) is not None}
