"""The Python API: read a registry, get models and versions, search, make tables."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sitegen.analysis.checks import add_findings
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.filter import parse_filter
from sitegen.domain.model import Model, Version
from sitegen.domain.table import frame
from sitegen.privacy.redactor import Redactor
from sitegen.settings.settings import Privacy
from sitegen.sources.discovery import open_registry
from sitegen.sources.load import load_models

if TYPE_CHECKING:
    from pandas import DataFrame


class SearchResult(NamedTuple):
    """A version that matches a search, and its model."""

    model: Model
    version: Version


@dataclass(frozen=True)
class Registry:
    """The models of a registry, by kind (registered before logged) and name.

    Methods that exist in MlflowClient have the same names.
    """

    models: tuple[Model, ...]
    problems: tuple[Diagnostic, ...] = ()

    def search_registered_models(self, filter: str = "") -> tuple[Model, ...]:
        """The registered models; others were logged by a run and never registered.

        A filter is about their names and their own tags: `name LIKE 'fraud%' AND tags.team = 'x'`. Raises SitegenError
        for another.
        """
        conditions = parse_filter(filter)
        registered = (model for model in self.models if model.kind == "registered")
        return tuple(model for model in registered if all(one.holds_for_model(model) for one in conditions))

    def get_registered_model(self, name: str) -> Model:
        """The model with this name. Raises KeyError."""
        return _only((model for model in self.models if model.name == name), name)

    def get_model_version(self, name: str, version: str | int) -> Version:
        """The version of a model, by the names of both. Raises KeyError."""
        versions = self.get_registered_model(name).versions
        return _only((candidate for candidate in versions if candidate.name == str(version)), f"{name} {version}")

    def get_model_version_by_alias(self, name: str, alias: str) -> Version:
        """The version that an alias of a model points at. Raises KeyError."""
        aliases = self.get_registered_model(name).aliases
        return self.get_model_version(name, _only((to for key, to in aliases if key == alias), f"{name}@{alias}"))

    def search(self, filter: str = "") -> tuple[SearchResult, ...]:
        """The versions that match a filter such as `metrics.rmse < 60 AND tags.team = 'x'`, each with its model.

        The syntax is MLflow's: metrics, params, tags, and the attributes name, version, version_number, source_path,
        run_id, run_name, experiment, stage, status, user_id, created, start_time and end_time. `model_tags.team` is a
        tag of the model itself, `inputs.age` the type of an input column; `alias` and `flavor` are all aliases and
        flavors of a version. Raises SitegenError for a filter that cannot be read.
        """
        conditions = parse_filter(filter)
        return tuple(
            SearchResult(model, version)
            for model in self.models
            for version in model.versions
            if all(condition.holds(model, version) for condition in conditions)
        )

    def to_frame(self) -> "DataFrame":
        """A row for each version of each model, with the columns of MLflow's search_runs.

        Of an `artifact_uri` that is private, such as a local path, the last part alone is there, as on pages.
        """
        return frame(self.models)


T = TypeVar("T")


def _only(items: Iterator[T], what: str) -> T:
    for first in items:
        return first
    raise KeyError(what)


def read(registry: "str | os.PathLike[str]") -> Registry:
    """Read a whole registry: a folder, an `mlruns/`, a database file or URL. Raises SitegenError.

    Nothing is published, so paths and users are as the files have them, except in `artifact_uri` of runs.
    """
    discovery = open_registry(os.fspath(registry))
    models = (_redact_addresses(add_findings(model)) for model in load_models(discovery))
    return Registry(tuple(models), discovery.problems)


def _redact_addresses(model: Model) -> Model:
    return replace(model, versions=tuple(map(_redact_address, model.versions)))


def _redact_address(version: Version) -> Version:
    """The version, without what is private in the address of its run's files."""
    run = version.run
    if not (run and run.artifact_uri):
        return version
    return replace(version, run=replace(run, artifact_uri=Redactor(Privacy()).text(run.artifact_uri)))
