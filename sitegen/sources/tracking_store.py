"""The `TrackingStore` protocol, its facts and its index, for files, databases and servers.

The `digest` of facts changes with the facts and only then: it decides which pages are rebuilt.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.model import Dataset, Metric, Pairs, Run
from sitegen.sources.model_metrics import ModelMetric, ModelOutput
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.refs import Key

PROMPT_TAG, IS_PROMPT = "mlflow.prompt.is_prompt", "true"
"""Prompts are registered models with this tag of this value. Like MLflow, sitegen does not list them as models."""


class RunFacts(NamedTuple):
    """A run with its params, metrics, tags, datasets and logged models; `run` is None where the store lacks it."""

    run: Run | None = None
    params: Pairs = ()
    metrics: tuple[Metric, ...] = ()
    tags: Pairs = ()
    datasets: tuple[Dataset, ...] = ()
    outputs: tuple[ModelOutput, ...] = ()
    deleted: bool = False
    problems: tuple[Diagnostic, ...] = ()
    digest: bytes = b""


class LoggedFacts(NamedTuple):
    """A logged model of MLflow 3 (`m-...`). `run` is the id of its source run."""

    created: int | None = None
    updated: int | None = None
    status: str | None = None
    run: str | None = None
    params: Pairs = ()
    metrics: tuple[ModelMetric, ...] = ()
    tags: Pairs = ()
    problems: tuple[Diagnostic, ...] = ()
    digest: bytes = b""


class VersionFacts(NamedTuple):
    """The registry's facts about a version."""

    created: int | None = None
    updated: int | None = None
    description: str | None = None
    source: str | None = None
    stage: str | None = None
    status: str | None = None
    tags: Pairs = ()
    problems: tuple[Diagnostic, ...] = ()
    digest: bytes = b""


class ModelFacts(NamedTuple):
    """The registry's facts about a registered model."""

    updated: int | None = None
    description: str | None = None
    tags: Pairs = ()
    aliases: Pairs = ()
    problems: tuple[Diagnostic, ...] = ()
    digest: bytes = b""


class RunEntry(NamedTuple):
    """A run in the index."""

    key: Key
    experiment: str


class LoggedEntry(NamedTuple):
    """A logged model in the index. `experiment` and `run` are ids."""

    key: Key
    name: str | None
    experiment: str
    run: str | None


class VersionEntry(NamedTuple):
    """A registered version in the index. `address` lists the stored addresses of its files."""

    key: Key
    name: str
    run: str | None
    model: str | None
    address: tuple[str, ...]


class RegisteredEntry(NamedTuple):
    """A registered model in the index. `created` is in milliseconds since 1970, UTC."""

    key: Key
    versions: tuple[VersionEntry, ...]
    created: int | None = None


@dataclass(frozen=True, kw_only=True)
class Index:
    """The contents of a store by name and id: enough to join its entries with model folders.

    `experiments` maps ids to names. `deleted_ids` holds the ids of deleted experiments, runs and logged models.
    """

    path: str
    experiments: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, RunEntry] = field(default_factory=dict)
    logged: Mapping[str, LoggedEntry] = field(default_factory=dict)
    registered: Mapping[str, RegisteredEntry] = field(default_factory=dict)
    deleted_ids: frozenset[str] = frozenset()
    problems: tuple[Diagnostic, ...] = ()


class TrackingStore(Protocol):
    """A store that answers many keys at once, because it may be remote. Answers omit missing items.

    A file store uses the cache `recall` to parse only changed files.
    """

    def runs(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, RunFacts]:
        """Facts of runs, by id."""

    def logged_models(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, LoggedFacts]:
        """Facts of logged models, by id."""

    def versions(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, VersionFacts]:
        """Facts of registered versions, by the keys' ids."""

    def model(self, key: Key, recall: ParseCache) -> ModelFacts:
        """Facts of a registered model."""
