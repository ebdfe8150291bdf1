"""A snapshot of the facts that databases have about some models, so that a later lock does no harm."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sitegen.sources.database.store import Database
from sitegen.sources.discovery import Source
from sitegen.sources.parse_cache import ParseCache
from sitegen.sources.refs import Key, ModelRef
from sitegen.sources.tracking_store import LoggedFacts, ModelFacts, RunFacts, VersionFacts


@dataclass(frozen=True, kw_only=True)
class Answers:
    """An in-memory tracking store: facts of runs, logged models, versions and registered models by id."""

    runs_by_id: Mapping[str, RunFacts]
    logged_by_id: Mapping[str, LoggedFacts]
    versions_by_id: Mapping[str, VersionFacts]
    models_by_id: Mapping[str, ModelFacts]

    def runs(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, RunFacts]:  # noqa: ARG002
        """Facts of runs, by id."""
        return {key.id: self.runs_by_id[key.id] for key in keys if key.id in self.runs_by_id}

    def logged_models(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, LoggedFacts]:  # noqa: ARG002
        """Facts of logged models, by id."""
        return {key.id: self.logged_by_id[key.id] for key in keys if key.id in self.logged_by_id}

    def versions(self, keys: Iterable[Key], recall: ParseCache) -> dict[str, VersionFacts]:  # noqa: ARG002
        """Facts of registered versions, by the keys' ids."""
        return {key.id: self.versions_by_id[key.id] for key in keys if key.id in self.versions_by_id}

    def model(self, key: Key, recall: ParseCache) -> ModelFacts:  # noqa: ARG002
        """Facts of a registered model."""
        return self.models_by_id.get(key.id, ModelFacts())


def has_database(source: Source) -> bool:
    """Whether a source has a store that may be locked while it is read."""
    return any(isinstance(store, Database) for store in source.stores)


def ask_databases(source: Source, refs: Sequence[ModelRef]) -> Source:
    """Replace the databases of a source by snapshots for these models.

    Raises SitegenError when a database that is required does not answer.
    """
    stores = (
        _answers(store, place, refs, ParseCache(source.tree, {}, 0)) if isinstance(store, Database) else store
        for place, store in enumerate(source.stores)
    )
    return replace(source, stores=tuple(stores))


def _answers(store: Database, place: int, refs: Sequence[ModelRef], recall: ParseCache) -> Answers:
    versions = [version for ref in refs for version in ref.versions]
    return Answers(
        runs_by_id=store.runs(_own(place, (one.run for one in versions)), recall),
        logged_by_id=store.logged_models(_own(place, (one.logged for one in versions)), recall),
        versions_by_id=store.versions(_own(place, (one.registered for one in versions)), recall),
        models_by_id={key.id: store.model(key, recall) for key in _own(place, (ref.key for ref in refs))},
    )


def _own(place: int, keys: Iterable[Key | None]) -> list[Key]:
    """The keys of one store, each once."""
    return list({key.id: key for key in keys if key is not None and key.store == place}.values())
