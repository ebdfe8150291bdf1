"""A campaign of damages to MLflow's database: whatever its bytes are, a command ends in one of the ways that it may.

`SITEGEN_SEED` and `SITEGEN_DAMAGES` choose the damages and how many there are; with SITEGEN_TESTS=long the seed is new
each time, and is printed.
"""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import SystemRandom

import pytest

from sitegen.build.session import Session, single_build
from sitegen.core.errors import SitegenError
from sitegen.settings.settings import Settings
from tests.support.databases import PRICES, database, logged, registered, version
from tests.support.options import LONG
from tests.support.registries import layout, write
from tests.support.sites import READING, Outcome, contents, sitegen, update

SEED = int(os.environ.get("SITEGEN_SEED", SystemRandom().randrange(2**32) if LONG else 1))
DAMAGES = int(os.environ.get("SITEGEN_DAMAGES", 2000 if LONG else 30))
PAGE = 512
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"

Damage = Callable[[bytes, random.Random], bytes]


def flipped(data: bytes, dice: random.Random) -> bytes:
    """Some bytes are others: few, or many, anywhere."""
    found = bytearray(data)
    for _ in range(dice.choice([1, 1, 1, 4, 64])):
        found[dice.randrange(len(found))] = dice.randrange(256)
    return bytes(found)


def renamed(data: bytes, dice: random.Random) -> bytes:
    """A letter in the schema is another, or no letter."""
    places = [place for place in range(100, len(data)) if data[place : place + 12] == b"CREATE TABLE"]
    place = dice.choice(places) + dice.randrange(13, 120)
    return data[:place] + bytes([dice.choice([0, 0x22, 0x28, 0x41, 0x80, 0xC3, 0xFF])]) + data[place + 1 :]


def reheaded(data: bytes, dice: random.Random) -> bytes:
    """A field of the header is another."""
    place = dice.randrange(100)
    return data[:place] + bytes([dice.choice([0, 1, 2, 3, 4, 127, 255])]) + data[place + 1 :]


def cut(data: bytes, dice: random.Random) -> bytes:
    """The file ends at the border of a page, or beside one."""
    return data[: max(0, dice.randrange(len(data) // PAGE) * PAGE + dice.choice([-1, 0, 0, 0, 1, 99]))]


def repaged(data: bytes, dice: random.Random) -> bytes:
    """A page is another one's copy, or holds nothing, or noise."""
    place, other = (dice.randrange(len(data) // PAGE) * PAGE for _ in range(2))
    page = dice.choice([data[other : other + PAGE], bytes(PAGE), b"\xff" * PAGE, dice.randbytes(PAGE)])
    return data[:place] + page + data[place + PAGE :]


def shifted(data: bytes, dice: random.Random) -> bytes:
    """Some bytes are gone, or came."""
    place = dice.randrange(len(data))
    return data[:place] + dice.choice([b"", b"\0", dice.randbytes(7)]) + data[place + dice.choice([0, 1, PAGE]) :]


def replaced(_: bytes, dice: random.Random) -> bytes:
    """Another file lies there."""
    noise = b"SQLite format 3\0" + dice.randbytes(dice.randrange(2000))
    return dice.choice([b"", POINTER, b"hello\n", b"\0" * 4096, b"SQLite format 3\0", noise])


KINDS: tuple[Damage, ...] = (flipped, renamed, reheaded, cut, repaged, shifted, replaced)


def leave(path: Path, dice: random.Random, data: bytes) -> None:
    """What writers leave beside a database that they did not close."""
    suffix = dice.choice(["-wal", "-journal", "-shm"])
    noise = dice.choice([b"", dice.randbytes(100), b"\x37\x7f\x06\x82" + dice.randbytes(2000), data[:1500]])
    Path(f"{path}{suffix}").write_bytes(noise)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a registry, one of its models in a database, and the sites of a command and of a preview."""
    root = tmp_path_factory.mktemp("good")
    write(root / "registry", layout("churn", "1"))
    path = root / "registry/store/mlflow.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma page_size = {PAGE}")
        connection.execute("create table alembic_version (version_num)")
        connection.commit()
    database(path, *PRICES, logged(), registered("rents", {"champion": 1}), version("rents"))
    assert run("build", root, "--output", root / "site").code == 0
    update(root / "registry", root / "preview")
    return root


def run(command: str, root: Path, *flags: str | Path) -> Outcome:
    """A command, which ends without a traceback."""
    done = sitegen(command, root / "registry", *flags)
    assert "Traceback" not in done.err + done.out
    return done


def test_no_damage_raises_or_empties_a_site(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build of what was readable fails and leaves the site, or reads what is there and tells no error of the file;
    a build of what never was tells the error and makes the rest. With the file repaired the site is as it was.
    """
    monkeypatch.setattr("sitegen.sources.database.sqlite.PATIENCE", 0.1)
    print(f"SITEGEN_SEED={SEED} SITEGEN_DAMAGES={DAMAGES}")
    dice, path = random.Random(SEED), good / "registry/store/mlflow.db"
    whole, before, session = path.read_bytes(), sites(good), single_build()
    refused = 0
    for number in range(DAMAGES):
        path.write_bytes(dice.choice(KINDS)(whole, dice))
        if dice.randrange(5) == 0:
            leave(path, dice, whole)
        codes = judge(good, before, tmp_path / str(number), session)
        refused += codes == 2
        for suffix in ("-wal", "-journal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        path.write_bytes(whole)
        if codes == 0:
            assert run("build", good, "--output", good / "site").code == 0, number
            update(good / "registry", good / "preview", session=session)
            assert sites(good) == before, number
    print(f"{DAMAGES} damages: {refused} refused, {DAMAGES - refused} readable")
    assert 0 < refused < DAMAGES


def sites(root: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """All files of the two sites."""
    return contents(root / "site"), contents(root / "preview")


def judge(root: Path, before: tuple[dict[str, bytes], dict[str, bytes]], fresh: Path, session: Session) -> int:
    """The exit code of a build over a good site, once all commands have ended as they may."""
    checked = run("check", root, *READING)
    told = "store/mlflow.db: error[" in checked.out
    assert checked.code in (0, 1)
    assert not told or checked.code == 1
    done = run("build", root, "--output", root / "site")
    assert done.code in (0, 2)
    assert done.err.count("\n") == 1
    # What has not changed is not asked of the database again, so that check may tell more than the build.
    assert b"cannot be read" not in (root / "site/problems/index.html").read_bytes()
    again = 0
    try:
        update(root / "registry", root / "preview", Settings(), session=session)
    except SitegenError:
        again = 2
    assert again == done.code
    if done.code == 2:
        assert sites(root) == before
    first = run("build", root, "--output", fresh, "--strict")
    assert first.code in ((1,) if told else (0, 1))
    assert "models/churn/1/index.html" in contents(fresh)
    shutil.rmtree(fresh)
    return done.code
