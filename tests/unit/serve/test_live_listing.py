"""The listing that is kept in memory: what was touched is listed again, and it is what a whole walk finds."""

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sitegen.core.errors import SitegenError
from sitegen.serve.live_listing import LiveListing
from tests.support import databases
from tests.support.registries import SIGNED, write


def folders(root: Path) -> list[Path]:
    return sorted(path for path in (root, *root.rglob("*")) if path.is_dir() and not path.is_symlink())


def edit(root: Path, chance: random.Random) -> list[Path]:
    """Change something in a tree; the paths that a watcher would name."""
    here, there = chance.choice(folders(root)), chance.choice(folders(root))
    name = chance.choice(["MLmodel", "a", "b", "1", "2", "..dots", "sitegen-manifest.txt", ".git"])
    target = here / name
    match chance.randrange(6):
        case 0 | 1 if not target.is_dir():
            target.unlink(missing_ok=True)
            target.write_text("x" * chance.randrange(9))
        case 2 if not os.path.lexists(target):
            (target / "1").mkdir(parents=True)
            (target / "1" / "MLmodel").write_text(SIGNED)
        case 3 if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        case 4 if (
            os.path.lexists(target) and not os.path.lexists(there / "moved") and target not in (there, *there.parents)
        ):
            target.rename(there / "moved")
            return [target, there / "moved"]
        case 5 if not os.path.lexists(target):
            target.symlink_to(chance.choice(["..", "nowhere", "/etc/passwd", "MLmodel"]))
        case _:
            return []
    return [target]


def walked(root: Path) -> LiveListing:
    """An inventory that knows nothing from before."""
    inventory = LiveListing(str(root))
    inventory.walk()
    return inventory


def models(inventory: LiveListing) -> tuple[object, ...]:
    """What is discovered: models and problems, or that there is nothing."""
    try:
        found = inventory.discovery()
    except SitegenError as error:
        return (str(error),)
    return found.models, found.problems


@pytest.mark.parametrize("seed", range(20))
def test_touching_what_changed_is_as_good_as_a_walk(seed: int, tmp_path: Path) -> None:
    """Files, folders and links come, go, move and take each other's places, one at a time and several at once."""
    chance = random.Random(seed)
    inventory = LiveListing(str(tmp_path))
    inventory.walk()
    for _ in range(60):
        touched = [path for _ in range(chance.randrange(1, 4)) for path in edit(tmp_path, chance)]
        inventory.touch(map(str, touched))
        assert models(inventory) == models(walked(tmp_path))
        assert not inventory.walk()


def test_a_touched_file_counts_even_when_it_looks_the_same(tmp_path: Path) -> None:
    """Clocks tick every few milliseconds; what lies outside or is not walked does not count."""
    files = {"registry/wine/1/MLmodel": SIGNED, "registry/..dots/1/MLmodel": SIGNED, "registry/.git/index": ""}
    write(tmp_path, files | {"else": ""})
    inventory = LiveListing(str(tmp_path / "registry"))
    inventory.walk()
    for model in ("wine", "..dots"):
        assert inventory.touch([str(tmp_path / "registry" / model / "1/MLmodel")])
    assert not inventory.touch([str(tmp_path / "registry/.git/index"), str(tmp_path / "else"), str(tmp_path)])


def test_a_registry_that_is_gone_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"registry/wine/1/MLmodel": SIGNED})
    inventory = LiveListing(str(tmp_path / "registry"))
    assert inventory.walk()
    assert len(inventory.discovery().models) == 1
    shutil.rmtree(tmp_path / "registry")
    with pytest.raises(SitegenError, match="does not exist"):
        inventory.discovery()
    with pytest.raises(SitegenError, match="does not exist"):
        inventory.walk()
    write(tmp_path, {"registry/wine/1/MLmodel": SIGNED})
    assert inventory.walk()
    assert len(inventory.discovery().models) == 1


def test_reading_a_database_is_no_change_of_it(tmp_path: Path) -> None:
    """SQLite sets the times of the files beside a database that is written to: nobody may build for ever for that."""
    path = databases.database(tmp_path / "mlflow.db", databases.registered(), databases.version())
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("pragma journal_mode = wal")
        writer.execute("update registered_models set description = 'Ours'")
        writer.commit()
        inventory = LiveListing(str(path))
        inventory.walk()
        beside = [str(tmp_path / "mlflow.db-wal"), str(tmp_path / "mlflow.db-shm")]
        assert [model.name for model in inventory.discovery().models] == ["prices"]
        inventory.ignore_own_reads()
        assert not inventory.touch(beside)
        assert not inventory.walk()
        writer.execute("update registered_models set description = 'Theirs'")
        writer.commit()
        assert inventory.touch(beside)
