"""Pointers: the aliases and stages by which callers name a version without its number."""

from typing import Literal, NamedTuple

from sitegen.domain.model import Model

_NO_STAGES = frozenset(["none", "archived"])
"""Stages of versions that nobody calls."""


class Pointer(NamedTuple):
    """An alias, or a stage of MLflow's registry, which means the newest version in it."""

    name: str
    kind: Literal["alias", "stage"]


def pointers_of(model: Model) -> dict[Pointer, str]:
    """The versions that the aliases and stages of a model point at."""
    found = {
        Pointer(version.stage, "stage"): version.name
        for version in model.versions
        if version.stage and version.stage.casefold() not in _NO_STAGES
    }
    return found | {Pointer(alias, "alias"): name for alias, name in model.aliases}
