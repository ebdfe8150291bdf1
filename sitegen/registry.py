"""A registry in Python: read it, look around, search, make tables."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sitegen.analysis.checks import add_findings
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.filter import parse_filter
from sitegen.domain.model import Model, Version
from sitegen.domain.table import frame
from sitegen.sources.discovery import open_registry
from sitegen.sources.load import load_models

if TYPE_CHECKING:
    from pandas import DataFrame


class SearchResult(NamedTuple):
    """A version that a search finds, and its model."""

    model: Model
    version: Version


@dataclass(frozen=True)
class Registry:
    """The models of a registry, by kind (registered before logged) and name.

    Where MlflowClient has the like, its name is used.
    """

    models: tuple[Model, ...]
    problems: tuple[Diagnostic, ...] = ()

    def search_registered_models(self) -> tuple[Model, ...]:
        """The models that are in a registry; the others were logged by a run and never registered."""
        return tuple(model for model in self.models if model.kind == "registered")

    def get_registered_model(self, name: str) -> Model:
        """A model by its name. Raises KeyError."""
        return _one((model for model in self.models if model.name == name), name)

    def get_model_version(self, name: str, version: str | int) -> Version:
        """A version by the model's name and its own. Raises KeyError."""
        versions = self.get_registered_model(name).versions
        return _one((one for one in versions if one.name == str(version)), f"{name} {version}")

    def get_model_version_by_alias(self, name: str, alias: str) -> Version:
        """The version that an alias of a model points at. Raises KeyError."""
        aliases = self.get_registered_model(name).aliases
        return self.get_model_version(name, _one((to for one, to in aliases if one == alias), f"{name}@{alias}"))

    def search(self, filter: str = "") -> tuple[SearchResult, ...]:
        """The versions that a filter such as `metrics.rmse < 60 AND tags.team = 'x'` finds, each with its model.

        The syntax is MLflow's: metrics, params, tags, and the attributes name, version, run_id, run_name, experiment,
        stage, status, created, start_time and end_time. Raises SitegenError for a filter that is not understood.
        """
        conditions = parse_filter(filter)
        return tuple(
            SearchResult(model, version)
            for model in self.models
            for version in model.versions
            if all(condition.holds(model, version) for condition in conditions)
        )

    def to_frame(self) -> "DataFrame":
        """A row for each version of each model, with the columns of MLflow's search_runs."""
        return frame(self.models)


T = TypeVar("T")


def _one(found: Iterator[T], what: str) -> T:
    for first in found:
        return first
    raise KeyError(what)


def read(registry: "str | os.PathLike[str]") -> Registry:
    """Read a registry whole: a folder, an `mlruns/`, a database file or address. Raises SitegenError.

    Nothing is withheld, since nothing is published: paths and users are as the files have them.
    """
    discovery = open_registry(os.fspath(registry))
    return Registry(tuple(map(add_findings, load_models(discovery))), discovery.problems)
