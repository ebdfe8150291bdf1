"""An incremental build sees a change of any value that pages of databases are made from."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns.edits.sequences import KINDS
from tests.support import sites
from tests.support.databases import RUN, SCHEMAS, change

TABLES = SCHEMAS["3.17"]


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A database in which every table has rows."""
    root = tmp_path / "registry"
    KINDS["database"][0](root)
    return root


def values(path: Path, table: str, column: str) -> list[tuple[int, Any]]:
    """The values of a column by the numbers of their rows."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f'select rowid, "{column}" from "{table}" order by 1').fetchall()


def other(value: object) -> object:
    """Another value of the same kind."""
    return value + 1 if isinstance(value, int | float) else f"{value or ''}x"


def same_as_clean(registry: Path, site: Path) -> bool:
    """Whether an incremental build makes the site of a clean one."""
    clean = site.with_name("clean")
    for place in (site, clean):
        sites.update(registry, place, allow_empty=True)
    same = sites.contents(site) == sites.contents(clean)
    shutil.rmtree(clean)
    return same


@pytest.mark.parametrize("table", TABLES)
def test_a_change_of_any_column_is_seen(table: str, registry: Path, tmp_path: Path) -> None:
    """One value after the other, each put back before the next; a value that no page shows may change nothing."""
    path, site = registry / "mlflow.db", tmp_path / "site"
    sites.update(registry, site)
    unseen = []
    for column in TABLES[table].split():
        row, value = values(path, table, column)[-1]
        change(path, f'update "{table}" set "{column}" = ? where rowid = ?', other(value), row)
        unseen += [] if same_as_clean(registry, site) else [column]
        change(path, f'update "{table}" set "{column}" = ? where rowid = ?', value, row)
    assert unseen == []


def test_the_tables_of_tests_have_every_column_that_is_read(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nothing is asked for in its place, and the test above knows nothing of it."""
    statements: list[str] = []
    connect = sqlite3.connect

    def traced(place: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(place, **options)
        if "mode=ro" in str(place):
            connection.set_trace_callback(statements.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    sites.update(registry, tmp_path / "site")
    read = {table for statement in statements for table in re.findall(r'from "(\w+)"', statement)}
    assert read == set(TABLES)
    assert [statement for statement in statements if re.search(r"\bnull\b", statement.partition(" where ")[0])] == []


SAME_TOTALS = {
    "latest values change places": "update latest_metrics set value = 3.5 - value where run_uuid = ?",
    "opposite changes": "update latest_metrics set value = value - 1 + 2 * (key = 'mae') where run_uuid = ?",
    "points of a history change places": "update metrics set value = 5.5 - value where key = 'rmse' and run_uuid = ?",
    "params change places": "update params set value = 9 - value where run_uuid = ?",
    "a value beside an infinite one": "update latest_metrics set value = value + 1 where key = 'rmse' and run_uuid = ?",
}
"""Changes after which the total of each column is what it was."""


@pytest.mark.parametrize("statement", SAME_TOTALS.values(), ids=SAME_TOTALS)
def test_values_with_the_same_total_are_other_values(statement: str, registry: Path, tmp_path: Path) -> None:
    """Both kinds of stamps, of the latest values and of histories."""
    path, site = registry / "mlflow.db", tmp_path / "site"
    if "+ 1" in statement:
        change(path, "update latest_metrics set value = 1.7976931348623157e308 where key = 'mae' and run_uuid = ?", RUN)
    sites.update(registry, site)
    before = sites.contents(site)
    change(path, statement, RUN)
    assert same_as_clean(registry, site)
    assert sites.contents(site) != before


def test_text_that_is_no_utf_8_has_a_stamp(registry: Path, tmp_path: Path) -> None:
    """It is read with replacements, and so it is when it changes."""
    path, site = registry / "mlflow.db", tmp_path / "site"
    for text in ("x'61ff'", "x'62ff'"):
        change(path, f"update params set key = cast({text} as text) where rowid = 1")
        assert same_as_clean(registry, site)
        shown = sites.api(site)["prices"]["versions"][0]["params"]
        assert f"{bytes.fromhex(text[2:4]).decode()}\N{REPLACEMENT CHARACTER}" in shown
