"""Edits of MLflow's databases: any value of any table, values that change places, rows that come and go."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from tests.campaigns.edits.trees import Edit

INFINITE = 1.7976931348623157e308
"""What MLflow stores for infinity."""


class Column(NamedTuple):
    """A column of a table that has rows, with the numbers of these rows."""

    table: str
    name: str
    rows: list[int]


def _database(dice: Random, root: Path) -> Path:
    return dice.choice(sorted(root.rglob("*.db")))


def _column(dice: Random, connection: sqlite3.Connection) -> Column:
    """Any column of any table that sitegen may read."""
    tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table' order by name")]
    counts = {table: [row[0] for row in connection.execute(f'select rowid from "{table}"')] for table in tables}
    table = dice.choice([table for table, rows in counts.items() if rows and table != "alembic_version"])
    names = [row[1] for row in connection.execute(f'pragma table_info("{table}")')]
    return Column(table, dice.choice(names), counts[table])


def _value(connection: sqlite3.Connection, column: Column, row: int) -> Any:
    return connection.execute(f'select "{column.name}" from "{column.table}" where rowid = ?', (row,)).fetchone()[0]


def _set(connection: sqlite3.Connection, column: Column, row: int, value: object) -> None:
    connection.execute(f'update "{column.table}" set "{column.name}" = ? where rowid = ?', (value, row))


def _set_value(dice: Random, connection: sqlite3.Connection) -> None:
    """Another value of the same kind, or of another."""
    column = _column(dice, connection)
    row = dice.choice(column.rows)
    old = _value(connection, column, row)
    numbers = [old + 1, old - 0.5, INFINITE, -INFINITE, 1e-300] if isinstance(old, int | float) else []
    texts = [f"{old}x", old[::-1], "deleted", "active"] if isinstance(old, str) else []
    _set(connection, column, row, dice.choice([*numbers, *texts, *numbers, *texts, None, "x", 7, b"x", 0]))


def _swap_values(dice: Random, connection: sqlite3.Connection) -> None:
    """Two values of a column change places."""
    column = _column(dice, connection)
    one, other = dice.sample(column.rows, 2)
    values = _value(connection, column, one), _value(connection, column, other)
    _set(connection, column, one, None)
    _set(connection, column, other, values[0])
    _set(connection, column, one, values[1])


def _change_opposite(dice: Random, connection: sqlite3.Connection) -> None:
    """Two numbers of a column change by opposite amounts: their total stays."""
    column = _column(dice, connection)
    one, other = dice.sample(column.rows, 2)
    by = dice.choice([1, 0.25, 1e300])
    for row, amount in ((one, by), (other, -by)):
        value = _value(connection, column, row)
        if isinstance(value, int | float):
            _set(connection, column, row, value + amount)


def _delete_row(dice: Random, connection: sqlite3.Connection) -> None:
    column = _column(dice, connection)
    connection.execute(f'delete from "{column.table}" where rowid = ?', (dice.choice(column.rows),))


def _copy_row(dice: Random, connection: sqlite3.Connection) -> None:
    """A row comes that differs from another in one column."""
    column = _column(dice, connection)
    row = dice.choice(column.rows)
    old = _value(connection, column, row)
    changed = connection.execute(f'insert into "{column.table}" select * from "{column.table}" where rowid = ?', (row,))
    value = old + 1 if isinstance(old, int | float) else f"{old}2"
    _set(connection, column, changed.lastrowid or row, value)


_CHANGES: tuple[Callable[[Random, sqlite3.Connection], None], ...] = (
    _set_value,
    _swap_values,
    _change_opposite,
    _delete_row,
    _copy_row,
)


def _apply(dice: Random, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        dice.choice(_CHANGES)(dice, connection)
        connection.commit()


def change_row(dice: Random, root: Path) -> None:
    """One change of one table."""
    _apply(dice, _database(dice, root))


def replace_database(dice: Random, root: Path) -> None:
    """Another database of the same time takes the place of one."""
    path = _database(dice, root)
    copy = path.with_suffix(".copy")
    shutil.copy2(path, copy)
    _apply(dice, copy)
    facts = path.stat()
    os.utime(copy, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    copy.replace(path)


def rewrite_database(dice: Random, root: Path) -> None:
    """The same rows lie elsewhere in the file, or another journal is used from now on."""
    with closing(sqlite3.connect(_database(dice, root), isolation_level=None)) as connection:
        connection.execute(
            dice.choice(["vacuum", "analyze", "pragma journal_mode = wal", "pragma journal_mode = delete"])
        )


DATABASE_EDITS: tuple[Edit, ...] = (change_row, change_row, change_row, change_row, replace_database, rewrite_database)
