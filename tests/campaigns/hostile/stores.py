"""Hostile databases."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.campaigns.hostile.item import RUN, Item, beside, own
from tests.support import databases

LOCKED = "locked database"
"""The item that somebody must lock while it is read."""


def _good(root: Path) -> Path:
    """A database with one version, whose files are the model that is in order."""
    item = root.name
    run, name = own(RUN, item), f"kept {item}"
    return databases.database(
        root / "mlflow.db",
        databases.experiment(name=item),
        databases.run(run, metrics={"rmse": [3, 2, 1]}, params={"lr": "0.1"}),
        databases.registered(name, aliases={"champion": 1}),
        databases.version(name, run=run, source=f"file:///elsewhere/bad {item}/1"),
    )


def _made(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        beside(root)
        change(_good(root))

    return make


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return _made(lambda path: path.write_bytes(change(path.read_bytes())))


def _sql(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return _made(change)


def _damaged(data: bytes) -> bytes:
    """The first page kept, garbage behind it."""
    return data[:4096] + bytes(reversed(data[4096:]))


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the lock of the database that is to be locked."""
    with closing(sqlite3.connect(root / LOCKED / "mlflow.db", isolation_level=None)) as connection:
        connection.execute("begin exclusive")
        yield
        connection.execute("rollback")


def _foreign(root: Path) -> None:
    beside(root)
    with closing(sqlite3.connect(root / "other.db")) as connection:
        connection.execute("create table experiments (a)")
        connection.commit()


REFUSED = ("database mlflow.db",)
HOSTILE_VALUES = (
    "update runs set start_time = 9223372036854775807, end_time = 'never', status = x'ff00ff', name = x'c3'",
    "update latest_metrics set value = 'no number', step = 'x', timestamp = -9223372036854775808",
    "update model_versions set creation_time = 1e308, description = '[a](javascript:x)', current_stage = x'00'",
    "update registered_models set description = x'3c7363726970743e', creation_time = 'x'",
    "insert into tags select run_uuid, 'k' || char(0, 27, 8238), '<script>' || char(10) || '::error::x' from runs",
    "insert into params select run_uuid, null, null from runs",
    "insert into registered_models (name) values (null), (17), (x'ff')",
    "insert into model_versions (name, version) values (null, null), (17, 'x'), (x'ff', -1), ('kept', 2.5)",
    "insert into experiments (experiment_id, name) values (null, null), ('x', 5), (9223372036854775807, x'ff')",
)

ENDLESS = "create view runs as with recursive n(i) as (select 1 union all select i + 1 from n) select i run_uuid from n"

DATABASES: dict[str, Item] = {
    "corrupt database": Item(_bytes(_damaged), REFUSED),
    "truncated database": Item(_bytes(lambda data: data[: len(data) // 2]), REFUSED),
    "database of its header": Item(_bytes(lambda data: data[:100]), REFUSED),
    "database of no bytes": Item(_bytes(lambda _: b""), ("database mlflow.db",)),
    "database of text": Item(_bytes(lambda _: b"SQLite format 3\0" + b"x" * 10_000), REFUSED),
    LOCKED: Item(_made(lambda path: path), REFUSED),
    "database of others": Item(_foreign, ("database-foreign other.db",)),
    "database of views": Item(
        _sql(
            "drop table runs",
            "drop table experiments",
            ENDLESS,
            "create view experiments as select * from experiments_",
            "drop table registered_models",
            "create view registered_models as select * from runs",
        ),
        ("database mlflow.db",),
    ),
    "database of a huge value": Item(_sql("update registered_models set description = zeroblob(67108865)"), REFUSED),
    "database of hostile values": Item(_sql(*HOSTILE_VALUES), ("metric-value mlflow.db",), ("kept {item}",)),
    "database of a card": Item(
        _sql(f"update model_versions set description = '{'[' * 10_000}'"), ("card-limit bad/1",), ("kept {item}",)
    ),
    "database with a journal that is a pipe": Item(_made(lambda path: os.mkfifo(f"{path}-journal")), REFUSED),
    "database with a log that is a link": Item(
        _made(lambda path: Path(f"{path}-wal").symlink_to("/dev/zero")), REFUSED
    ),
}
