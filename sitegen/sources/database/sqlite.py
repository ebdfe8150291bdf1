"""Read-only, bounded SQLite access: it leaves no files, blocks no writer, and every query ends."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from sitegen.sources.database.checksum import CHECKSUM, Checksum
from sitegen.storage.tree import Tree, UnreadableError

PATIENCE = 5.0
"""Seconds to wait for a lock: the default timeout of Python's sqlite3."""

MAX_STEPS = 500_000_000
"""Instructions of SQLite's virtual machine per query, some seconds. A count gives equal results on all machines."""

MAX_ROWS = 2_000_000
"""Rows of one query."""

MAX_VALUE_BYTES = 64 * 2**20
"""Bytes of one value."""

MAX_COPY_BYTES = 2 * 2**30
"""Bytes of the largest database that is copied for recovery from its journals after a crash."""

_AT_ONCE = 500  # ids in one query; old versions of SQLite accept 999
_STRIDE = 1_000_000  # instructions between two checks of the count
_ATTEMPTS = 5
_ERRORS = (sqlite3.Error, ValueError, OverflowError, MemoryError)  # UnicodeDecodeError: a message quotes a damaged file
_MAGIC = b"SQLite format 3\0"
_MESSAGES = {
    sqlite3.SQLITE_BUSY: "another program has locked it",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_NOTADB: "it is damaged",
    sqlite3.SQLITE_INTERRUPT: f"reading it takes more than {MAX_STEPS:,} steps",
    sqlite3.SQLITE_TOOBIG: f"it holds a value of more than {MAX_VALUE_BYTES:,} bytes",
}

Row = tuple[Any, ...]
Schema = dict[str, frozenset[str]]
"""Tables with their columns."""


class LockedError(UnreadableError):
    """Another program has locked the database for longer than PATIENCE."""


class Sqlite:
    """A database file of a tree. The first query opens it; it pickles as tree and name."""

    def __init__(self, tree: Tree, name: str) -> None:
        self.tree, self.name = tree, name
        self._path = ""
        self._connection: sqlite3.Connection | None = None
        self._schema: Schema = {}
        self._alone = False  # opened as immutable: a query is valid only if the file has not changed
        self._state: tuple[object, ...] = ()
        self._copy: TemporaryDirectory[str] | None = None

    def __reduce__(self) -> tuple[type["Sqlite"], tuple[Tree, str]]:
        return Sqlite, (self.tree, self.name)

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next query opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    @property
    def path(self) -> str:
        """The path of the file on this machine; a worker on another machine has a copy."""
        if not self._path:
            self._path = self.tree.local(self.name)
        return self._path

    # --- queries -----------------------------------------------------------------------------------------------

    def read_start(self, limit: int) -> bytes:
        """The first bytes of the file, at most `limit`. Raises UnreadableError."""
        return _header(self.path, limit)

    def schema(self) -> Schema:
        """The tables; none where the file is not a SQLite database. Raises UnreadableError."""
        if self._connection is None:
            if not _header(self.path).startswith(_MAGIC):
                return {}
            self.rows("select 1")
        return self._schema

    def select(self, table: str, columns: Sequence[str], **among: Collection[str]) -> Iterator[Row]:
        """Select columns of the rows that match `among`, sets of values by column; ordered by all columns.

        Schemas differ by version: a missing column is None, a condition on it is ignored, and a missing table has no
        rows. The first condition may have any number of values. Raises UnreadableError.
        """
        known = self.schema().get(table)
        if not known:
            return
        stated = ", ".join(f'"{name}"' if name in known else "null" for name in columns)
        order = ", ".join(str(number) for number in range(1, len(columns) + 1))
        conditions = {name: tuple(values) for name, values in among.items() if name in known}
        first = next(iter(conditions), None)
        for part in batches(conditions[first]) if first else [()]:
            fixed = conditions | ({first: part} if first else {})
            where = " and ".join(f'"{name}" in ({placeholders(values)})' for name, values in fixed.items()) or "1"
            statement = f'select {stated} from "{table}" where {where} order by {order}'  # noqa: S608 - our own names
            yield from self.rows(statement, [value for values in fixed.values() for value in values])

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Run a query and fetch all rows at once, to hold no lock longer. Raises UnreadableError."""
        for _ in range(_ATTEMPTS):
            error: Exception | None = None
            try:
                found = self._ask(statement, values)
            except _ERRORS as refused:
                error = refused
            changed = (error is not None or self._alone) and self._state != _state(self.path)
            if error is None and not changed:
                return found
            if isinstance(error, sqlite3.OperationalError) and "decode" in str(error) and self._connection:
                self._connection.text_factory = _tolerant
                continue
            self.close()
            if error and not changed:
                raise _refusal(error) from error
        raise LockedError("it changes faster than it can be read")

    def _ask(self, statement: str, values: Sequence[object]) -> list[Row]:
        connection = self._connection or self._open()
        steps = iter(range(MAX_STEPS // _STRIDE))
        connection.set_progress_handler(lambda: next(steps, None) is None, _STRIDE)
        found = connection.execute(statement, values).fetchmany(MAX_ROWS + 1)
        if len(found) > MAX_ROWS:
            raise UnreadableError(f"it answers with more than {MAX_ROWS:,} rows")
        return found

    # --- opening -----------------------------------------------------------------------------------------------

    def _open(self) -> sqlite3.Connection:
        """Open the file in the way that writes nothing, whatever state a writer has left it in.

        Left to itself, SQLite finishes what a crashed writer began, and puts files beside a database in WAL mode
        even to read it: https://sqlite.org/wal.html#read_only_databases.
        """
        _refuse_special(self.path)
        wal, shm = (_facts(self.path + suffix) for suffix in ("-wal", "-shm"))
        self._alone, self._state = False, _state(self.path)
        if _header(self.path)[18:20] != b"\2\2":
            try:
                return self._connect(self.path, "mode=ro")
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_READONLY_ROLLBACK:
                    raise
            return self._connect(self._copy_with_journals(), "mode=rw")
        if shm:
            return self._connect(self.path, "mode=ro&readonly_shm=1")
        if wal and wal[0]:
            return self._connect(self._copy_with_journals(), "mode=rw")
        self._alone = True
        return self._connect(self.path, "mode=ro&immutable=1")

    def _connect(self, path: str, how: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(path))}?{how}",
            timeout=PATIENCE,
            isolation_level=None,
            uri=True,
            check_same_thread=False,  # one thread asks, but any may be the one that collects what is left over
        )
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
            connection.execute("pragma query_only = 1")
            connection.execute("pragma trusted_schema = 0")
            connection.create_aggregate(CHECKSUM, -1, Checksum)  # type: ignore[arg-type]  # typeshed: integers alone
            connection.text_factory = _tolerant  # names, too, may be no UTF-8
            self._schema = _schema(connection)
            connection.text_factory = str
        except _ERRORS:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _copy_with_journals(self) -> str:
        """A copy of the database with its journals, which SQLite may repair."""
        there = {suffix: facts[0] for suffix in ("", "-wal", "-journal") if (facts := _facts(self.path + suffix))}
        if sum(there.values()) > MAX_COPY_BYTES:
            raise UnreadableError("a writer crashed and left it unfinished, and it is too large to be copied")
        self._copy = TemporaryDirectory(prefix="sitegen-")
        target = f"{self._copy.name}/database"
        try:
            for suffix in there:
                shutil.copyfile(self.path + suffix, target + suffix)
        except OSError as error:
            raise UnreadableError(f"it cannot be copied: {error.strerror}") from error
        return target


def batches(values: Collection[str], size: int = _AT_ONCE) -> Iterator[tuple[str, ...]]:
    """Split distinct values into batches that fit into one query; a duplicate would give rows twice."""
    left = iter(dict.fromkeys(values))
    while some := tuple(islice(left, size)):
        yield some


def placeholders(values: Collection[str]) -> str:
    """A question mark for each value, as `in (...)` takes them."""
    return ", ".join("?" * len(values))


def _schema(connection: sqlite3.Connection) -> Schema:
    """The columns of ordinary tables. Views and virtual tables are unsafe, and MLflow has none."""
    tables: dict[str, list[str]] = {}
    statement = "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c where m.rootpage > 0"
    for table, column in connection.execute(statement):
        tables.setdefault(table, []).append(column)
    return {table: frozenset(columns) for table, columns in tables.items()}


def _header(path: str, limit: int = 100) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(limit)
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error


def _refuse_special(path: str) -> None:
    """Raises UnreadableError for a journal that is no ordinary file: SQLite waits for pipes and follows links."""
    for suffix in ("-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(os.lstat(path + suffix).st_mode):
                raise UnreadableError(f"its {suffix[1:]} is no ordinary file")


def _facts(path: str) -> tuple[int, int] | None:
    """Size and time of a file; None where there is none."""
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns


def _state(path: str) -> tuple[object, ...]:
    """A value that changes when a writer opens, changes or closes the database."""
    return tuple(_facts(path + suffix) for suffix in ("", "-wal", "-shm", "-journal"))


def _tolerant(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _refusal(error: Exception) -> UnreadableError:
    if isinstance(error, MemoryError):
        return UnreadableError("it holds more than fits into memory")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF  # the rest tells variants apart
    kind = LockedError if code == sqlite3.SQLITE_BUSY else UnreadableError
    return kind(_MESSAGES.get(code) or str(error))
