"""Finding MLflow's databases in a tree, and indexing their experiments, runs and models."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.formats.meta_yaml import DELETED_STAGE
from sitegen.formats.times import milliseconds
from sitegen.sources.artifact_location import MODEL_URI, NO_IDS, ids_of
from sitegen.sources.database.recognition import ForeignError, PointerError, tables_of
from sitegen.sources.database.rows import (
    LOGGED_MODELS,
    RUNS,
    VersionRows,
    digest,
    logged_stamps,
    model_rows,
    run_stamps,
    text,
    version_name,
    version_rows,
)
from sitegen.sources.database.sqlite import Sqlite, batches
from sitegen.sources.database.stamp_cache import NO_CACHE, DatabaseStamps, StampCache
from sitegen.sources.database.store import HIDDEN_STAGE, Database
from sitegen.sources.refs import Bundle, Key
from sitegen.sources.tracking_store import (
    IS_PROMPT,
    PROMPT_TAG,
    Index,
    LoggedEntry,
    RegisteredEntry,
    RunEntry,
    VersionEntry,
)
from sitegen.storage.listing import Listing, name_lists, printable
from sitegen.storage.scan import DATABASES
from sitegen.storage.tree import Tree, UnreadableError

DEFAULT = "default"
"""The workspace of all models of a database that knows no other."""


@dataclass(frozen=True)
class Databases:
    """The databases of a tree: their stores, an index for each, and problems.

    `tables` maps the path of each file to the tables of MLflow in it.
    """

    stores: tuple[Database, ...] = ()
    indexes: tuple[Index, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[Diagnostic, ...] = ()


def find_databases(
    tree: Tree,
    listing: Listing,
    runs: Callable[[], Collection[str]],
    named: str | None = None,
    cache: StampCache = NO_CACHE,
) -> Databases:
    """Every database of MLflow's in a tree; the one that the user `named` comes first.

    `runs` gives the runs that model folders belong to. Of all other runs the index has only those of registered or
    logged models: most runs of a database have none. `cache` has the stamps of databases that have not changed.
    """
    stores: list[Database] = []
    indexes: list[Index] = []
    tables: dict[str, tuple[str, ...]] = {}
    problems: list[Diagnostic] = []
    for path in _candidates(listing, named):
        file = Sqlite(tree, path)
        try:
            having = tuple(sorted(tables_of(file)))
            found = [replace(store, required=path == named) for store in _stores(file, printable(path))]
            with cache.open(file) as stamps:
                indexes += [index_of(store, len(stores) + n, runs(), stamps) for n, store in enumerate(found)]
            stores += found
            tables[printable(path)] = having
        except UnreadableError as error:
            problems.append(_problem(error, printable(path)))
        finally:
            file.close()
    return Databases(tuple(stores), tuple(indexes), tables, tuple(problems))


def _problem(error: UnreadableError, path: str) -> Diagnostic:
    """The problem of an unreadable file; a Git LFS pointer in place of a database is an error."""
    match error:
        case ForeignError():
            return problem("database-foreign", str(error), path)
        case PointerError():
            return replace(problem("lfs-pointer", str(error), path), severity="error")
        case _:
            return problem("database", f"cannot be read: {error}", path)


def index_of(store: Database, place: int, runs: Collection[str], stamps: DatabaseStamps | None = None) -> Index:
    """Index a store. `place` is its position in the source; `runs` are indexed in addition to those of models.

    `stamps` are those of the database that are known. Raises UnreadableError.
    """
    return _Reader(store, place, stamps or DatabaseStamps()).index(runs)


def run_ids(store: Database, index: Index) -> set[str]:
    """The ids of all runs that MLflow does not hide; none where the database cannot be read any more."""
    try:
        rows = store.file.select("runs", ("run_uuid", "experiment_id", "lifecycle_stage"))
        return {text(id) or "" for id, *place in rows if _is_visible(index, *place)}
    except UnreadableError:
        return set()
    finally:
        store.file.close()


def _is_visible(index: Index, experiment: object, stage: object) -> bool:
    """Whether MLflow shows a run of this experiment in this stage."""
    id = text(experiment) or ""
    return stage != HIDDEN_STAGE and id in index.experiments and id not in index.deleted_ids


def _candidates(listing: Listing, named: str | None) -> list[str]:
    """Files with suffixes of databases, and the file that the user names, whatever its suffix.

    Files that a run logged are not stores.
    """
    having = {names for names in name_lists(listing) if any(name.endswith(DATABASES) for name in names)}
    found = {
        f"{path}/{name}" if path else name
        for path, folder in listing.items()
        if folder.names in having and ids_of(f"{path}/") == NO_IDS
        for name in folder.names
        if name.endswith(DATABASES)
    }
    return [*([named] if named else []), *sorted(found - {named})]


def _stores(file: Sqlite, path: str) -> list[Database]:
    """One store for each workspace of MLflow's database."""
    schema = file.schema()
    having = [table for table in ("registered_models", "experiments") if "workspace" in schema.get(table, ())]
    if not having:
        return [Database(file, path)]
    names = {text(row[0]) for table in having for row in file.rows(f"select distinct workspace from {table}")}  # noqa: S608
    others = sorted(name for name in names if name and name != DEFAULT)
    return [Database(file, path, DEFAULT), *(Database(file, f"{path}/{name}", name) for name in others)]


class _Reader:
    """Reads the entries of a store, each with a stamp that changes with its facts."""

    def __init__(self, store: Database, place: int, stamps: DatabaseStamps) -> None:
        self.store, self.file, self.place, self.stamps = store, store.file, place, stamps
        self.here = Bundle(store.path, ())
        self.experiments: dict[str, str] = {}
        self.deleted_ids: set[str] = set()

    def index(self, runs: Collection[str]) -> Index:
        """Index the store. Raises UnreadableError."""
        columns = ("experiment_id", "name", "lifecycle_stage")
        for id, name, stage in self.file.select("experiments", columns, **self.store.conditions()):
            self.experiments[text(id) or ""] = text(name) or text(id) or ""
            self._hide(text(id) or "", stage)
        registered, logged = dict(self._registered_models()), dict(self._logged_models())
        wanted = {version.run for entry in registered.values() for version in entry.versions}
        wanted |= {entry.run for entry in logged.values()} | set(runs)
        return Index(
            path=self.store.path,
            experiments=self.experiments,
            runs=dict(self._runs(sorted(id for id in wanted if id))),
            logged=logged,
            registered=registered,
            deleted_ids=frozenset(self.deleted_ids),
        )

    def _hide(self, id: str, stage: object) -> None:
        self.deleted_ids |= {id} if stage == HIDDEN_STAGE else set()

    def _own(self, experiment: str) -> bool:
        """Whether an experiment belongs to the workspace; the default one takes unassigned experiments."""
        return experiment in self.experiments or self.store.workspace in (None, DEFAULT)

    def _runs(self, ids: list[str]) -> Iterator[tuple[str, RunEntry]]:
        stamps = self.stamps.stamps("runs", ids, partial(run_stamps, self.file))
        for row in self.file.select(RUNS.table, (RUNS.id, "experiment_id", "lifecycle_stage"), run_uuid=ids):
            id, experiment, stage = text(row[0]) or "", text(row[1]) or "", row[2]
            if self._own(experiment):
                self._hide(id, stage)
                yield id, RunEntry(key=self._key(id, stamps), experiment=experiment)

    def _logged_models(self) -> Iterator[tuple[str, LoggedEntry]]:
        columns = (LOGGED_MODELS.id, "experiment_id", "lifecycle_stage", "name", "source_run_id")
        rows = [row for row in self.file.select(LOGGED_MODELS.table, columns) if self._own(text(row[1]) or "")]
        ids = [text(row[0]) or "" for row in rows]
        stamps = self.stamps.stamps("logged models", ids, partial(logged_stamps, self.file))
        for id, (_, experiment, stage, name, run) in zip(ids, rows, strict=True):
            self._hide(id, stage)
            key = self._key(id, stamps)
            yield id, LoggedEntry(key=key, name=text(name), experiment=text(experiment) or "", run=text(run))

    def _key(self, id: str, stamps: Mapping[str, bytes]) -> Key:
        return Key(self.place, id, self.here, stamps.get(id, b""))

    def _registered_models(self) -> Iterator[tuple[str, RegisteredEntry]]:
        names = [
            text(row[0]) or "" for row in self.file.select("registered_models", ("name",), **self.store.conditions())
        ]
        for some in batches(names):
            versions: dict[str, list[VersionEntry]] = {}
            for id, rows in version_rows(self.file, self.store.conditions(some)).items():
                if rows.own[0][4] != DELETED_STAGE:
                    versions.setdefault(version_name(id), []).append(self._version(id, rows))
            for name, own in model_rows(self.file, self.store.conditions(some)).items():
                if (PROMPT_TAG, IS_PROMPT) not in (row[1:] for row in own.tags):
                    key = Key(self.place, name, self.here, digest(*own))
                    created = milliseconds(own.own[0][2])
                    yield name, RegisteredEntry(key=key, versions=tuple(versions.get(name, ())), created=created)

    def _version(self, id: str, rows: VersionRows) -> VersionEntry:
        _, version, _, _, _, source, location, run, *_ = rows.own[0]
        model = MODEL_URI.match(text(source) or "")
        return VersionEntry(
            key=Key(self.place, id, self.here, digest(*rows)),
            name=text(version) or "",
            run=text(run) or None,
            model=model[1] if model else None,
            address=tuple(address for address in (text(location), text(source)) if address),
        )
