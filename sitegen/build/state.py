"""The state database of one registry and output: results of the last build, stored outside of the site.

Every row carries a digest of itself. A row that is damaged, foreign or half written reads as unknown, and the build
makes anew what is unknown.
"""

import hashlib
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from sitegen.build.packing import DIGEST, dump, load
from sitegen.storage.listing import is_inside
from sitegen.version import code_digest

_TABLES = """
create table if not exists header (name text primary key, value blob) without rowid;
create table if not exists stamps (identity text primary key, stamp blob, racy_files blob) without rowid;
create table if not exists summaries (identity text primary key, summary blob, lines blob, sizes blob);
create table if not exists models (identity text primary key, pages blob);
create table if not exists parts (identity text, name blob, part blob, primary key (identity, name));
"""
_MODELS = ("stamps", "summaries", "models", "parts")
"""Tables with one or more rows per model. SQLite reads whole rows, so values of all models that every build reads are
in separate tables."""

Pages = dict[str, tuple[bytes, str, int]]
"""The pages of the last build by path: the fingerprint each was made for, and SHA-256 in hex and size of its bytes."""

UNKNOWN_PAGE = b"", "", 0
"""A page that is in place and of which nothing else is known."""

_OUTSIDE = re.compile(rb"  (?:/|[^\n]*(?:\.\.(?:/|\n)|[\\\0]))")
"""A line of a manifest whose path may lead out of the site. No page or asset has a name that ends in two points."""

RacyFiles = dict[str, tuple[bytes, ...]]
"""Bundles whose stamps may hide a change: by path, the digests of the contents that the last build read."""


class IndexRow(NamedTuple):
    """The row of a model that every build reads: stamp, racy files, summary, sealed lines of the manifest and sealed
    sizes of their files.

    The stamp is valid while the racy files have the same content; empty bytes mean that there is no racy file.
    """

    identity: str
    stamp: bytes
    racy_files: bytes
    summary: bytes
    lines: bytes
    sizes: bytes


class ModelRow(NamedTuple):
    """The row of a model that only its own builds read: packed pages, new packed parts of its parsed values, and the
    names of parts to delete.
    """

    identity: str
    pages: bytes
    fresh: tuple[bytes, ...]
    gone: tuple[bytes, ...]


class DamagedStateError(Exception):
    """The state lacks a model, or a row of it cannot be read."""


class State:
    """The state of one pair of registry and output, in a database file. Use it as a context manager."""

    def __init__(self, folder: Path, registry: str, output: str) -> None:
        name = hashlib.sha256(f"{registry}\0{output}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
        self._path = folder / f"{name}.db"
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> "State":
        try:
            self._open()
        except (sqlite3.Error, OSError):
            self.forget()
        return self

    def __exit__(self, *_: object) -> None:
        if self._database is not None:
            self._database.close()

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.is_symlink():  # it could lead to any database of the user
            self._path.unlink()
        self._database = sqlite3.connect(self._path, isolation_level=None)
        self._database.execute("pragma synchronous = off")  # it need not outlive the machine, only the process
        self._database.executescript(_TABLES)
        if self.header("format") != code_digest():
            stores = self.header("stores")
            for table in ("header", *_MODELS):  # they may have had other columns
                self._database.execute(f"drop table {table}")
            self._database.executescript(_TABLES)
            self.set_header(format=code_digest(), **({} if stores is None else {"stores": stores}))

    def forget(self) -> None:
        """Start with an empty state, in memory where no file can be written."""
        if self._database is not None:
            self._database.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        try:
            self._open()
        except (sqlite3.Error, OSError):
            self._database = sqlite3.connect(":memory:", isolation_level=None)
            self._database.executescript(_TABLES)

    # --- the header --------------------------------------------------------------------------------------------

    def header(self, name: str) -> Any:
        """A fact about the whole build; None where it is not known."""
        rows = self._rows("select value from header where name = ?", (name,))
        value = load(rows[0][0], name) if rows else None
        pages = value if name == "extras" else value[-1] if name == "indexes" and value else {}
        return value if pages is None or _lie_inside(pages) else None

    def set_header(self, **facts: Any) -> None:
        """Save facts about the whole build."""
        for name, value in facts.items():
            self._write("insert or replace into header values (?, ?)", (name, dump(value, name)))

    def begin(self) -> None:
        """Mark a build as unfinished: until `commit`, the state does not describe the output."""
        self.set_header(building=True)

    def commit(self, facts: Mapping[str, object]) -> None:
        """Save the facts about a build that is finished."""
        self.set_header(**facts, building=False)

    # --- models ------------------------------------------------------------------------------------------------

    def stamps(self) -> dict[str, bytes]:
        """The stamp of every model that is known."""
        return dict(self._rows("select identity, stamp from stamps"))

    def racy_files(self) -> list[tuple[str, bytes, RacyFiles]]:
        """Identity, stamp and racy files of the models that have any; no files where the row is damaged."""
        rows = self._rows("select identity, stamp, racy_files from stamps where racy_files <> x''")
        return [(name, stamp, load(blob, name) or {}) for name, stamp, blob in rows]

    def save_racy(self, models: Mapping[str, RacyFiles | None]) -> None:
        """Save the racy files of models by identity; None deletes the stamp."""
        self._write("begin")
        for name, files in models.items():
            if files is None:
                self._write("update stamps set stamp = x'', racy_files = x'' where identity = ?", (name,))
            else:
                blob = dump(files, name) if files else b""
                self._write("update stamps set racy_files = ? where identity = ?", (blob, name))
        self._write("commit")

    def summaries(self) -> list[tuple[str, bytes, bytes, bytes]]:
        """Identity, packed summary, manifest lines and sizes of every model; none whose lines lead out of the site."""
        rows = self._rows("select identity, summary, lines, sizes from summaries")
        return [row for row in rows if not _OUTSIDE.search(row[2])]

    def pages(self, identity: str) -> Pages:
        """The pages of a model; none where it is not known, or where a path leads out of the site."""
        return self.readable_pages(identity) or {}

    def readable_pages(self, identity: str) -> Pages | None:
        """The pages of a model; None where they cannot be read, or where a path leads out of the site."""
        rows = self._rows("select pages from models where identity = ?", (identity,))
        pages: Pages | None = load(rows[0][0], identity) if rows else None
        return pages if pages is not None and _lie_inside(pages) else None

    def parts(self, identity: str) -> dict[bytes, bytes]:
        """The packed parts of a model's parsed values by name; none where the model is not known."""
        return dict(self._rows("select name, part from parts where identity = ?", (identity,)))

    def save_models(self, rows: Iterable[ModelRow]) -> None:
        """Save pages and parsed values of models."""
        self._write("begin")
        for row in rows:
            self._write("insert or replace into models values (?, ?)", (row.identity, row.pages))
            for name in row.gone:
                self._write("delete from parts where identity = ? and name = ?", (row.identity, name))
            for part in row.fresh:
                self._write("insert or replace into parts values (?, ?, ?)", (row.identity, part[:DIGEST], part))
        self._write("commit")

    def save(self, rows: Collection[IndexRow], gone: Iterable[str]) -> None:
        """Save the index rows of models, and delete all rows of those that are gone.

        One call per build: SQLite stores rows that are written together next to each other, so that they load fast.
        """
        self._write("begin")
        for row in rows:
            values = row.identity, row.summary, row.lines, row.sizes
            self._write("insert or replace into summaries values (?, ?, ?, ?)", values)
        for row in rows:
            self._write("insert or replace into stamps values (?, ?, ?)", (row.identity, row.stamp, row.racy_files))
        for identity in gone:
            for table in _MODELS:
                self._write(f"delete from {table} where identity = ?", (identity,))  # noqa: S608 - our own names
        self._write("commit")

    def _rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return list(self._database.execute(statement, values)) if self._database else []
        except sqlite3.Error:
            return []

    def _write(self, statement: str, values: tuple[Any, ...] = ()) -> None:
        with suppress(sqlite3.Error):
            if self._database is not None:
                self._database.execute(statement, values)


def _lie_inside(pages: object) -> bool:
    """Whether a value is a table of pages, all inside of the site."""
    return isinstance(pages, dict) and all(map(is_inside, pages))
