"""The local mirror of a tracking server: a database in the cache folder with MLflow's tables, and files.

Each item (a run, the histories of a run, the files of a logged model) is written in one transaction, with a mark that
tells whether it is up to date. A fetch after an interruption continues with the missing items.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import problem
from sitegen.sources.database.rows import digest
from sitegen.sources.database.sqlite import Sqlite
from sitegen.sources.server.rows import TABLES, Rows
from sitegen.storage.listing import File, Folder, is_inside, printable
from sitegen.storage.scan import Scan
from sitegen.storage.tree import Content, UnreadableError

PATIENCE = 60.0
"""Seconds to wait for another build that writes into the same mirror."""

FILES = ("path", "size", "stamp", "sha256", "data", "refusal")
"""The columns of the files: `data` where it was fetched, `refusal` where the server did not give it."""

OWN: dict[str, tuple[str, ...]] = {"files": FILES, "notes": ("rule", "message", "path")}
"""Tables that MLflow does not have."""

_INDEXES = {
    "runs": ("run_uuid",),
    "latest_metrics": ("run_uuid",),
    "metrics": ("run_uuid", "key"),
    "params": ("run_uuid",),
    "tags": ("run_uuid",),
    "inputs": ("destination_id",),
    "input_tags": ("input_uuid",),
    "datasets": ("dataset_uuid",),
    "logged_models": ("model_id",),
    "logged_model_metrics": ("model_id",),
    "logged_model_params": ("model_id",),
    "logged_model_tags": ("model_id",),
    "model_versions": ("name",),
    "model_version_tags": ("name",),
    "files": ("path",),
}
_ALL = TABLES | OWN


class MirrorWriter:
    """Writes a mirror, in one thread. Methods raise SitegenError when that fails."""

    def __init__(self, path: Path, parsed: str) -> None:
        """`parsed` is the key of the set of parsed files; a mirror with another key is emptied."""
        self.path = path
        form = digest(sorted(_ALL.items()), parsed).hex()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():  # it could lead to any database of the user
            path.unlink()
        with self._translate_errors():
            try:
                self._open(form)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged, or no database: all of it can be fetched again
                self.close()
                path.unlink()
                self._open(form)

    def _open(self, form: str) -> None:
        self._database = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        self._database.execute("pragma synchronous = off")  # losing the mirror in a system crash is acceptable
        self._database.execute("create table if not exists fetched (item primary key, mark, digest)")
        found = self._database.execute("select digest from fetched where item = 'form'").fetchone()
        if found is None or found[0] != form:
            self._begin(form)
        known = self._database.execute("select item, mark, digest from fetched where item <> 'form'")
        self._known: dict[str, tuple[bytes, bytes]] = {item: (mark, facts) for item, mark, facts in known}

    def _begin(self, form: str) -> None:
        with self._whole() as database:
            for table, columns in _ALL.items():
                database.execute(f"drop table if exists {table}")
                database.execute(f"create table {table} ({', '.join(columns)}, item)")
                database.execute(f"create index {table}_item on {table} (item)")
                if table in _INDEXES:
                    database.execute(f"create index {table}_id on {table} ({', '.join(_INDEXES[table])})")
            database.execute("delete from fetched")
            database.execute("insert into fetched values ('form', x'', ?)", (form,))

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Translate SQLite's errors to SitegenError."""
        try:
            yield
        except sqlite3.Error as error:
            raise SitegenError(f"{self.path} cannot be written: {error}") from error

    @contextmanager
    def _whole(self) -> Iterator[sqlite3.Connection]:
        """Run the block in a transaction."""
        self._database.execute("begin immediate")
        with self._database:
            yield self._database

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def has(self, item: str, mark: bytes) -> bool:
        """Whether the mirror has an item with this mark; false for an empty mark."""
        return bool(mark) and item in self._known and self._known[item][0] == mark

    def put(self, item: str, mark: bytes, rows: Rows) -> None:
        """Write or replace an item. An unchanged item keeps its rows, and so its stamps."""
        facts = digest(sorted(rows.items()))
        known = self._known.get(item)
        if known == (mark, facts):
            return
        with self._translate_errors():
            self._put(item, mark, facts, rows if known is None or known[1] != facts else {})
        self._known[item] = mark, facts

    def _put(self, item: str, mark: bytes, facts: bytes, rows: Rows) -> None:
        with self._whole() as database:
            for table, some in rows.items():
                marks = ", ".join("?" * (len(_ALL[table]) + 1))
                insert = f"insert into {table} values ({marks})"  # noqa: S608 - our own names
                database.execute(f"delete from {table} where item = ?", (item,))  # noqa: S608 - our own names
                database.executemany(insert, ((*row, item) for row in some))
            database.execute("insert or replace into fetched values (?, ?, ?)", (item, mark, facts))

    def delete_others(self, items: Collection[str]) -> None:
        """Delete all items except these."""
        gone = [(item,) for item in self._known if item not in items]
        if gone:
            with self._translate_errors(), self._whole() as database:
                for table in (*_ALL, "fetched"):
                    database.executemany(f"delete from {table} where item = ?", gone)  # noqa: S608 - our own names


@dataclass(frozen=True)
class MirrorTree:
    """A server's artifacts, in `<experiment>/<run>/artifacts` and `<experiment>/models/<id>/artifacts`.

    Only files with a parser were fetched: of all others it has name and size, and no hash.
    """

    file: Sqlite

    def walk(self) -> Scan:
        """Every folder, and what could not be listed."""
        facts: dict[str, list[tuple[str, int, int, int]]] = {"": []}
        folders: dict[str, set[str]] = {}
        for path, size, stamp in self.file.rows("select path, size, stamp from files order by path"):
            if not is_inside(path):  # never fetched: somebody has changed the mirror
                continue
            folder, _, name = path.rpartition("/")
            facts.setdefault(folder, []).append((name, size, stamp, 0))
            while folder:
                above, _, name = folder.rpartition("/")
                if name in folders.setdefault(above, set()):
                    break
                folders[above].add(name)
                folder = above
        paths = sorted(facts.keys() | folders)
        listing = {path: Folder.of(facts.get(path, ()), folders.get(path, ())) for path in paths}
        notes = self.file.rows("select distinct rule, message, path from notes order by path, rule, message")
        return listing, tuple(problem(rule, message, printable(path)) for rule, message, path in notes)

    def ahead(self, files: Iterable[File]) -> None:
        """Do nothing: the files were fetched before."""

    def read(self, file: File, limit: int) -> Content:
        """A file; its bytes if it has at most `limit` of them and was fetched. Raises UnreadableError."""
        data = "case when size <= ?2 then data end"
        found = self.file.rows(f"select {data}, sha256, refusal from files where path = ?1", (file.path, limit))  # noqa: S608
        if not found:
            raise UnreadableError("the server has it no more")
        content, sha256, refusal = found[0]
        if refusal:
            raise UnreadableError(refusal)
        return Content(content, sha256)

    def local(self, path: str) -> str:
        """Raises UnreadableError: no file of a server has a local path."""
        raise UnreadableError(f"{printable(path)} lies on a server")

    def target(self, path: str) -> str:
        """The path itself: a server has no links."""
        return path
