"""Killed at any moment: each file is the old one or the new one, every link resolves, the next build completes it."""

import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.process.test_full_disk import mounted
from tests.support import buckets, sites
from tests.support.kills import Killer, killer
from tests.support.options import LONG, untried
from tests.support.registries import Files, auc, layout, write


def registry_of(sizes: dict[str, range], value: float) -> Files:
    """Models with these versions."""
    found: Files = {}
    for name, versions in sizes.items():
        for number in versions:
            found |= layout(name, str(number), metrics_json=auc(value + number / 100))
    return found


OLD = {"grows": range(1, 4), "first": range(1, 2), "shrinks": range(1, 6), "goes": range(1, 4), "stays": range(1, 3)}
NEW = {"grows": range(1, 6), "first": range(1, 4), "shrinks": range(1, 3), "comes": range(1, 4), "stays": range(1, 3)}
"""Two versions and more join models at once, others leave, a model goes and one comes."""


@dataclass(frozen=True)
class Stage:
    """A registry that has changed, and the sites before and after."""

    root: Path
    old: dict[str, bytes]
    new: dict[str, bytes]

    def command(self, site: Path) -> list[str]:
        """The build."""
        return ["build", str(self.root / "registry"), "--output", str(site), "--cache", str(self.root / "cache")]

    def reset(self, site: Path, known: bool, old: bool) -> None:
        """The old site, or nothing, with its state or without."""
        for place in site.iterdir():
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        shutil.rmtree(self.root / "cache", ignore_errors=True)
        shutil.copytree(self.root / "saved/cache", self.root / "cache")
        if old:
            shutil.copytree(self.root / "saved/site", site, dirs_exist_ok=True)
        if not known:
            for state in (self.root / "cache").glob("*.db"):
                state.unlink()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Both sites, built."""
    root = tmp_path_factory.mktemp("kills")
    write(root / "registry", registry_of(OLD, 0.1))
    sites.warm(root / "cache")
    made = Stage(root, {}, {})
    assert sites.sitegen(*made.command(root / "site")).code == 0
    for name in ("site", "cache"):
        shutil.copytree(root / name, root / "saved" / name)
    old = sites.contents(root / "site")
    shutil.rmtree(root / "registry")
    write(root / "registry", registry_of(NEW, 0.2) | registry_of({"stays": range(1, 3)}, 0.1))
    assert sites.sitegen(*made.command(root / "site")).code == 0
    return Stage(root, old, sites.contents(root / "site"))


@pytest.fixture(scope="module")
def copies() -> Iterator[Killer]:
    """Builds to be killed."""
    with killer() as made:
        yield made


@pytest.fixture(params=range(60 if LONG else 1))
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Chooses the moments; in a long run there are many of them, none of which takes long."""
    return random.Random(request.param)


@pytest.fixture
def volume(stage: Stage) -> Iterator[Path]:
    """The site's folder as a file system of its own."""
    place = stage.root / "site"
    if not mounted(place, "64m"):
        untried("mount a file system")
        pytest.skip("no file system could be mounted")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def visible(site: Path) -> dict[str, bytes]:
    """What is published."""
    found = sites.contents(site)
    return {path: data for path, data in found.items() if not path.startswith(".")}


def dead_links(site: Path) -> list[str]:
    """The links of all pages, whoever links to those, that lead to no file."""
    found = {path: page for path, page in sites.pages(site).items() if not path.startswith(".")}
    return [
        f"{path}: {link}"
        for path, page in found.items()
        for link in page.links()
        if not sites.leads(site, {}, path, link)
    ]


def campaign(
    stage: Stage,
    copies: Killer,
    dice: random.Random,
    site: Path,
    *,
    known: bool = False,
    old: bool = True,
    keep: bool = False,
    **how: bool,
) -> None:
    """Kill at some moments, up to one that no build reaches."""
    moment, ended = 0, False
    kills = 0
    while not ended:
        moment += dice.randint(1, 40)
        stage.reset(site, known, old)
        if keep:
            (site / ".nojekyll").touch()
        code = copies.build(stage.command(site), str(stage.root), moment, **how)
        ended = code == 0
        assert code in (0, -9)
        kills += code == -9
        check(stage, site, old, how.get("exchange", True), moment)
        assert copies.build(stage.command(site), "/nowhere at all", 1, **how) == 0
        assert visible(site) == stage.new, moment
        left = {".nojekyll"} if keep else set()
        assert {path.name for path in site.iterdir() if path.name.startswith(".")} == left
    assert kills
    print(f"{kills} builds killed")


def check(stage: Stage, site: Path, old: bool, exchange: bool, moment: int) -> None:
    """What a kill left."""
    found, before = visible(site), stage.old if old else {}
    unknown = {path for path, data in found.items() if data not in (before.get(path), stage.new.get(path))}
    if not exchange:  # new pages, or pages about to go, without the links to others of their kind
        unknown = {path for path in unknown if path in before and path in stage.new}
    provisional = (
        set()
        if old
        else {"sitegen-manifest.txt", "index.html"}
        | {f"{name}/index.html" for name in ("about", "problems", "compare")}
    )
    assert unknown <= provisional, moment
    assert not (before.keys() & stage.new.keys()) - found.keys(), moment
    assert dead_links(site) == [], moment


def test_a_clean_build_that_swaps(stage: Stage, copies: Killer, dice: random.Random) -> None:
    """The old site or the new one, whole."""
    campaign(stage, copies, dice, stage.root / "site")
    assert sorted(path.name for path in stage.root.iterdir()) == ["cache", "registry", "saved", "site"]


def test_a_clean_build_beside_files_that_stay(stage: Stage, copies: Killer, dice: random.Random) -> None:
    """Written in place."""
    campaign(stage, copies, dice, stage.root / "site", keep=True)


def test_an_incremental_build(stage: Stage, copies: Killer, dice: random.Random) -> None:
    """Several versions at once, that come and that go; models that do."""
    campaign(stage, copies, dice, stage.root / "site", known=True)


@pytest.mark.parametrize("known", [False, True], ids=["clean", "incremental"])
def test_a_volume(known: bool, stage: Stage, copies: Killer, dice: random.Random, volume: Path) -> None:
    """A file system of its own, which cannot be renamed."""
    campaign(stage, copies, dice, volume, known=known)


def test_the_first_build_of_a_volume(stage: Stage, copies: Killer, dice: random.Random, volume: Path) -> None:
    """Pages of models link to the catalog, which links to them: it comes first, without them."""
    campaign(stage, copies, dice, volume, old=False)


@pytest.mark.parametrize("known", [False, True], ids=["clean", "incremental"])
def test_a_system_that_cannot_exchange_folders(known: bool, stage: Stage, copies: Killer, dice: random.Random) -> None:
    """Pages that link to each other come first without these links."""
    campaign(stage, copies, dice, stage.root / "site", known=known, exchange=False)


@pytest.mark.parametrize("first", [True, False], ids=["first", "incremental"])
def test_an_object_store(first: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After every single upload and deletion every link of every page resolves."""
    url = f"memory://kills-{first}"
    flags = ("--output", url, "--cache", str(sites.warm(tmp_path / "cache")))
    write(tmp_path / "registry", registry_of(OLD, 0.1))
    if not first:
        assert sites.sitegen("build", tmp_path / "registry", *flags).code == 0
    shutil.rmtree(tmp_path / "registry")
    write(tmp_path / "registry", registry_of(NEW, 0.2))
    store = type(buckets.files_of(url)[0])
    moments: list[dict[str, bytes]] = []

    def watch(name: str) -> None:
        """Look at the store after each call."""
        real = getattr(store, name)

        def call(files: object, *values: object, **more: object) -> object:
            answer = real(files, *values, **more)
            moments.append(buckets.contents(url))
            return answer

        monkeypatch.setattr(store, name, call)

    watch("pipe_file")
    watch("rm_file")
    assert sites.sitegen("build", tmp_path / "registry", *flags).code == 0
    seen: set[str] = set()
    for number, moment in enumerate(moments[:: 1 if LONG else 5]):
        moment.pop("sitegen-lock.txt", None)
        if sites.digest(moment) not in seen:
            seen.add(sites.digest(moment))
            place = write(tmp_path / f"moment-{number}", moment)
            assert dead_links(place) == [], number
            shutil.rmtree(place, ignore_errors=True)
    monkeypatch.undo()
    clean = sites.built(tmp_path / "registry", tmp_path / "clean")
    assert buckets.contents(url) == sites.contents(clean)
    print(f"{len(seen)} moments of an object store")
