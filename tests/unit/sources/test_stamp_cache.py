"""Stamps of databases in the cache: they are used again only while nothing can have changed."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sitegen.sources.database.rows import run_stamps
from sitegen.sources.database.sqlite import Sqlite
from sitegen.sources.database.stamp_cache import DatabaseStamps, StampCache
from sitegen.storage.tree import open_local_tree
from tests.support import databases, sites

IDS = [databases.RUN, databases.OTHER, "f" * 32]


def later(cache: Path) -> StampCache:
    """The cache of a build that begins long after the last change."""
    return StampCache(cache, time.time_ns() + sites.LATER)


def ask(cache: StampCache, database: Path, ids: list[str] = IDS) -> tuple[dict[str, bytes], list[str]]:
    """The stamps of runs, and the ids for which the database was read."""
    file, read = Sqlite(open_local_tree(str(database.parent)), database.name), list[str]()

    def read_stamps(missing: list[str]) -> dict[str, bytes]:
        read.extend(missing)
        return run_stamps(file, missing)

    try:
        with cache.open(file) as stamps:
            found = stamps.stamps("runs", ids, read_stamps)
    finally:
        file.close()
    return found, read


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two runs with metrics."""
    runs = databases.run(metrics={"rmse": [3.0, 2.5]}), databases.run(databases.OTHER, metrics={"rmse": 1.0})
    return databases.database(tmp_path / "registry/mlflow.db", databases.experiment(), *runs)


def test_an_unchanged_database_is_read_once(tmp_path: Path, database: Path) -> None:
    """Not even for an id that it has not; for ids that are asked for the first time, it is."""
    first, read = ask(later(tmp_path / "cache"), database, IDS[:1])
    assert (sorted(first), read) == (IDS[:1], IDS[:1])
    found, read = ask(later(tmp_path / "cache"), database)
    assert (sorted(found), read) == (IDS[:2], IDS[1:])
    assert ask(later(tmp_path / "cache"), database) == (found, [])
    assert found[IDS[0]] == first[IDS[0]]


CHANGE = "update metrics set value = 9.0 where run_uuid = ? and step = 1"


def change_at_old_times(path: Path) -> None:
    """A change of a value, after which somebody sets the time of the file back."""
    before = path.stat()
    databases.change(path, CHANGE, databases.RUN)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_by_copy(path: Path) -> None:
    """Another file of the same size and time in its place."""
    other = path.with_name("other.db")
    other.write_bytes(path.read_bytes())
    databases.change(other, CHANGE, databases.RUN)
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a value": lambda path: databases.change(path, CHANGE, databases.RUN),
    "a value, at old times": change_at_old_times,
    "another file": replace_by_copy,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_database_is_read_again(tmp_path: Path, database: Path, change: str) -> None:
    """Whatever its size and times say."""
    before, _ = ask(later(tmp_path / "cache"), database)
    CHANGES[change](database)
    after, read = ask(later(tmp_path / "cache"), database)
    assert read == IDS
    assert {id for id in IDS if before.get(id) != after.get(id)} == {databases.RUN}


def test_a_change_in_a_journal_is_seen(tmp_path: Path, database: Path) -> None:
    """A writer in WAL mode leaves the database itself as it is until a checkpoint."""
    databases.change(database, "pragma journal_mode = wal")
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("pragma wal_autocheckpoint = 0")
        for value in (7.0, 8.0):
            before, _ = ask(later(tmp_path / "cache"), database)
            assert ask(later(tmp_path / "cache"), database) == (before, [])
            untouched = database.stat()
            writer.execute("update metrics set value = ? where run_uuid = ?", (value, databases.RUN))
            writer.commit()
            assert database.stat() == untouched
            assert ask(later(tmp_path / "cache"), database)[0][databases.RUN] != before[databases.RUN]


def test_a_young_database_is_not_trusted(tmp_path: Path, database: Path) -> None:
    """Within two seconds it may change without another time."""
    ask(StampCache(tmp_path / "cache", time.time_ns()), database)
    assert not (tmp_path / "cache").exists()
    assert ask(later(tmp_path / "cache"), database)[1] == IDS


def test_a_database_that_changes_while_it_is_read_is_not_recorded(tmp_path: Path, database: Path) -> None:
    """What was read may be older than the file."""
    file = Sqlite(open_local_tree(str(database.parent)), database.name)
    with later(tmp_path / "cache").open(file) as stamps:
        stamps.stamps("runs", IDS, lambda missing: run_stamps(file, missing))
        databases.change(database, CHANGE, databases.RUN)
    file.close()
    assert not (tmp_path / "cache").exists()


DAMAGE: dict[str, Callable[[str], str]] = {
    "cut off": lambda text: text[: len(text) // 2],
    "empty": lambda _: "",
    "no mapping": lambda _: "[1]",
    "other code": lambda text: text.replace('"code": "', '"code": "0'),
    "stamps of another type": lambda text: text[: text.index('"stamps"')] + '"stamps": {"runs": {"a": 1}}}',
    "no stamps": lambda text: text[: text.index('"stamps"')] + '"stamps": null}',
    "stamps that are no digests": lambda text: text[: text.index('"stamps"')] + '"stamps": {"runs": {"a": "xyz"}}}',
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cache_is_none(tmp_path: Path, database: Path, damage: str) -> None:
    """And is written again."""
    found, _ = ask(later(tmp_path / "cache"), database)
    (path,) = (tmp_path / "cache").iterdir()
    path.write_text(DAMAGE[damage](path.read_text()))
    assert ask(later(tmp_path / "cache"), database) == (found, IDS)
    assert ask(later(tmp_path / "cache"), database) == (found, [])


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path, database: Path) -> None:
    """The database is read again each time."""
    (tmp_path / "cache").write_text("a file")
    for _ in range(2):
        assert ask(later(tmp_path / "cache"), database)[1] == IDS


def test_without_a_folder_nothing_is_recorded(database: Path) -> None:
    """As for commands that read everything."""
    for _ in range(2):
        assert ask(StampCache(), database)[1] == IDS
    assert DatabaseStamps().known == {}
