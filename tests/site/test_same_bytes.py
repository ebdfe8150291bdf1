"""The same registry makes the same site wherever, whenever and however it is built.

`test_publish.py` turns one screw at a time; here all kinds of sources lie in one registry, and what differs
between two machines differs at once: the order in which a file system lists, the clock, the times of the files.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.campaigns.bench.registry import generate
from tests.support import sites
from tests.support.databases import PRICES, database
from tests.support.options import ROOT
from tests.support.registries import NAMES, every_layout, write

SHUFFLED = """
import os, random
dice, scandir, listdir = random.Random(int(os.environ["ORDER"])), os.scandir, os.listdir

class Shuffled:
    def __init__(self, path="."):
        with scandir(path) as entries:
            found = list(entries)
        dice.shuffle(found)
        self.left = iter(found)
    def __iter__(self):
        return self
    def __next__(self):
        return next(self.left)
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass
    close = __exit__

os.scandir = Shuffled
os.listdir = lambda path=".": [entry.name for entry in Shuffled(path)]
"""
"""A file system that lists in another order, and each time in another one."""

LATER = """
import datetime, time
shift, seconds, nanoseconds, now = 4000 * 86400, time.time, time.time_ns, datetime.datetime.now
time.time, time.time_ns = (lambda: seconds() + shift), (lambda: nanoseconds() + shift * 10**9)

class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return now(tz) + datetime.timedelta(seconds=shift)
    utcnow = today = now

datetime.datetime = Later
"""
"""A clock that is eleven years ahead."""

TURKISH = "import locale\nassert locale.setlocale(locale.LC_ALL, '') == 'tr_TR.UTF-8'\n"
"""The rules of another language for letters, numbers, dates and order; it ends the build where they are not there."""

ELSEWHERE = {"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "HOME": "/nowhere", "USER": "x", "COLUMNS": "40"}
CIRCUMSTANCES: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "elsewhere": (TURKISH, ("--jobs", "1"), ELSEWHERE | {"PYTHONHASHSEED": "1"}),
    "in three processes": ("", ("--jobs", "3"), {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "C"}),
    "listed in another order": (SHUFFLED, ("--jobs", "2"), {"ORDER": "1", "PYTHONHASHSEED": "3"}),
    "listed in yet another": (SHUFFLED, (), {"ORDER": "2", "PYTHONUTF8": "1"}),
    "years later": (LATER, ("--jobs", "1"), {"SOURCE_DATE_EPOCH": "2000000000"}),
}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's own files, a database, file stores, long histories, hostile names."""
    root = tmp_path_factory.mktemp("same") / "registry"
    shutil.copytree(ROOT / "sample_registry", root / "sample")
    write(root / "stores", every_layout())
    database(root / "tracked/mlflow.db", *PRICES)
    generate(root / "generated", 3, 25)
    write(root / "named", {f"{name}/1/MLmodel": "flavors: {}\n" for name in NAMES})
    return root


@pytest.fixture(scope="module")
def expected(registry: Path) -> dict[str, bytes]:
    """The site, as it is made here and now."""
    return sites.contents(sites.built(registry, registry.with_name("site")))


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the locale that a build elsewhere has: few systems have it, all can make it."""
    folder = tmp_path_factory.mktemp("locales")
    command = ["localedef", "-i", "tr_TR", "-f", "UTF-8", folder / "tr_TR.UTF-8"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the sources of locales are not installed: apt-get install locales\n{done.stderr}"
    return folder


@pytest.mark.parametrize(("code", "flags", "changes"), CIRCUMSTANCES.values(), ids=CIRCUMSTANCES)
def test_circumstances_do_not_matter(
    code: str,
    flags: tuple[str, ...],
    changes: dict[str, str],
    registry: Path,
    expected: dict[str, bytes],
    locales: Path,
    tmp_path: Path,
) -> None:
    """A copy at another path, whose files came in another order and have other times, without a cache."""
    other = tmp_path / "somewhere else/ö"
    for number, path in enumerate(sorted(registry.rglob("*"), key=lambda path: path.name, reverse=True)):
        if path.is_file():
            target = other / path.relative_to(registry)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            os.utime(target, (number, number))
    python, option, main = sites.SITEGEN
    command = [python, option, code + main, "build", "ö", "--output", "site", "--cache", "cache", *flags]
    environment = sites.locale_free(PYTHONPATH=str(ROOT), LOCPATH=str(locales), **changes)
    done = subprocess.run(command, cwd=other.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sites.contents(other.parent / "site") == expected
