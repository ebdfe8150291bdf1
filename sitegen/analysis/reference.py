"""What a version is judged against: the baseline, which is what users call today, and the version before."""

from typing import NamedTuple

from sitegen.domain.model import Model

ALIASES = ("champion", "production", "prod", "live")
"""Aliases of the version that users call today, the first that a model has counts."""

STAGE = "Production"
"""The stage of the version that users call today, where no alias says it."""


class Baseline(NamedTuple):
    """The version of a model that users call today, by its place in the model's order.

    `alias` points at it; None: its stage is Production.
    """

    place: int
    alias: str | None


class Reference(NamedTuple):
    """A version that another one is judged against, by its place in the model's order.

    `baseline` is None for the version before. `backward`: the other version is older, so users would go back to it.
    """

    place: int
    baseline: Baseline | None = None
    backward: bool = False


class References(NamedTuple):
    """The references of one version: `lead` decides about its verdict and deltas, `beside` is shown next to it."""

    lead: Reference | None = None
    beside: Reference | None = None


def find_baseline(model: Model, preferred: str) -> Baseline | None:
    """The baseline of a model; None where no alias and no stage tells it.

    The alias `preferred` comes first, then those of ALIASES in their order, each in any case where no version has it
    exactly, then the newest version in stage Production. A logged model has no baseline: its versions are attempts,
    not releases.
    """
    if model.kind == "logged" or not (model.aliases or any(version.stage for version in model.versions)):
        return None
    places = {version.name: place for place, version in enumerate(model.versions)}
    aliases = [(alias, places[name]) for alias, name in model.aliases if name in places]
    for name in (preferred, *ALIASES):
        exact = (pair for pair in aliases if pair[0] == name)
        folded = (pair for pair in aliases if pair[0].casefold() == name.casefold())
        for alias, place in (*exact, *folded):
            return Baseline(place, alias)
    staged = [place for place, version in enumerate(model.versions) if is_production(version.stage)]
    return Baseline(staged[-1], None) if staged else None


def is_production(stage: str | None) -> bool:
    """Whether a stage is Production, in any case: MLflow accepts it so."""
    return stage is not None and stage.casefold() == STAGE.casefold()


def references(place: int, baseline: Baseline | None) -> References:
    """The references of the version at a place in the model's order.

    A version newer than the baseline is judged against it. The baseline itself and older ones, which users would go
    back to, are judged against the version before.
    """
    previous = Reference(place - 1) if place else None
    if baseline is None or place == baseline.place:
        return References(previous)
    if place < baseline.place:
        return References(previous, Reference(baseline.place, baseline, backward=True))
    beside = previous if baseline.place != place - 1 else None
    return References(Reference(baseline.place, baseline), beside)
