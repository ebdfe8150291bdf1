"""Publishing: as little as a change takes, the same bytes however it was made, and whole files at every moment."""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import sitegen
from sitegen.build import model_stage, shares
from sitegen.build.executor import start_processes
from sitegen.build.pipeline import build
from sitegen.build.request import BuildRequest, Counts
from sitegen.build.session import Session
from sitegen.build.state import State
from sitegen.core.errors import SitegenError
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import Privacy, Settings, Site
from sitegen.site import script_data
from sitegen.site.views import model as model_module
from sitegen.sources.discovery import discover, open_registry
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from sitegen.storage.listing import File, Folder
from sitegen.storage.lock import lock_output
from sitegen.storage.scan import Scan
from sitegen.storage.tree import Content, LocalTree
from tests.support import sites
from tests.support.options import LONG
from tests.support.previews import waited
from tests.support.registries import (
    COLUMNS,
    ONE,
    RUNS,
    SIGNED,
    Files,
    auc,
    every_layout,
    experiment,
    layout,
    mlmodel,
    registered,
    run,
    write,
)

RENAMED = mlmodel([{**COLUMNS[0], "name": "body_mass_index"}, COLUMNS[1]], ONE)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A registry of every layout."""
    return write(tmp_path / "registry", every_layout())


@pytest.fixture
def site(registry: Path, tmp_path: Path) -> Path:
    """Its site, built long after its files were written."""
    sites.update(registry, tmp_path / "site")
    return tmp_path / "site"


def clean(registry: Path, settings: Settings | None = None) -> dict[str, bytes]:
    """What a build in an empty folder makes."""
    place = registry.with_name("clean")
    shutil.rmtree(place, ignore_errors=True)
    sites.update(registry, place, settings)
    return sites.contents(place)


def touched(before: dict[str, tuple[int, int]], site: Path) -> set[str]:
    """The files that were written anew or are new."""
    after = sites.stamps(site)
    return {path for path, stamp in after.items() if before.get(path) != stamp and (site / path).is_file()}


# --- as little as a change takes -------------------------------------------------------------------------------


def test_what_is_kept_is_written_for_many_models_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction takes as long as a page does."""
    real, begun = State._write, Counter[int]()

    def counted(state: State, statement: str, values: tuple[object, ...] = ()) -> None:
        begun[size] += statement == "begin"
        real(state, statement, values)

    monkeypatch.setattr(State, "_write", counted)
    for size in (2, 60):
        registry = tmp_path / str(size)
        write(registry, {path: text for number in range(size) for path, text in layout(f"m{number}", "1").items()})
        sites.update(registry, tmp_path / f"site{size}")
    assert begun[60] == begun[2] > 0


def test_a_build_without_a_change_writes_nothing(registry: Path, site: Path) -> None:
    """Not even a folder's time changes; the sizes are told all the same."""
    before = sites.stamps(site)
    report = sites.update(registry, site)
    assert report.counts == Counts()
    assert (report.models, report.versions) == (5, 9)
    assert sites.stamps(site) == before


def test_workers_are_asked_for_what_they_can_share(registry: Path, tmp_path: Path) -> None:
    """The versions of one model are one worker's: where only one has changed, starting others would only cost time."""
    asked: list[int] = []

    def workers(versions: int) -> AbstractContextManager[None]:
        asked.append(versions)
        return nullcontext()

    sites.update(registry, tmp_path / "site", workers=workers)
    write(registry, {"churn/3/metrics.json": auc(0.9)})
    sites.update(registry, tmp_path / "site", workers=workers)
    sizes = [len(model.versions) for model in sitegen.read(str(registry)).models]
    assert asked == [sum(sizes) - max(sizes), 0]


def test_a_change_of_the_registry_does_not_make_what_pages_load(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Style sheets and scripts: they are those of the last build as long as templates and settings are."""
    cache, site = sites.warm(tmp_path / "cache/sitegen"), tmp_path / "site"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache.parent))
    sites.update(registry, site)
    for script in cache.glob("*.js"):
        script.unlink()
    write(registry, {"churn/3/metrics.json": auc(0.7)})
    sites.update(registry, site)
    assert list(cache.glob("*.js")) == []
    assert sites.contents(site) == clean(registry)


def test_files_that_were_only_touched_are_not_parsed(registry: Path, site: Path) -> None:
    """Another time of modification, another inode: the content decides."""
    before = sites.stamps(site)
    for path in [path for path in registry.rglob("*") if path.is_file()]:
        path.with_name("copy").write_bytes(path.read_bytes())
        path.with_name("copy").replace(path)
        os.utime(path, (1, 1))
    assert sites.update(registry, site).counts == Counts()
    assert touched(before, site) <= {"sitegen-manifest.txt"}
    assert sites.update(registry, site).counts == Counts()


def change(path: str, content: str | bytes) -> Callable[[Path], None]:
    """An edit: write a file."""
    return lambda registry: write(registry, {path: content}) and None


def remove(path: str) -> Callable[[Path], None]:
    """An edit: delete a file or folder."""

    def edit(registry: Path) -> None:
        place = registry / path
        shutil.rmtree(place) if place.is_dir() else place.unlink()

    return edit


def move(old: str, new: str) -> Callable[[Path], None]:
    """An edit: rename a folder."""
    return lambda registry: (registry / old).rename(registry / new) and None


CHURN = {"models/churn/index.html"}
PRICE = {"models/price/index.html"}
INDEXES = {"index.html"}
EDITS: dict[str, tuple[Callable[[Path], None], set[str], set[str]]] = {
    "a metric of the latest version": (
        change("churn/3/metrics.json", auc(0.9)),
        {"models/churn/3/index.html", *CHURN, *INDEXES},
        set(),
    ),
    "a metric of an old version": (
        change("churn/1/metrics.json", auc(0.9)),  # now the best, so that another page loses its mark
        {*(f"models/churn/{number}/index.html" for number in (1, 2, 3)), *CHURN},
        set(),
    ),
    "a param of an old version": (
        change("churn/1/params.json", '{"lr": 0.2}'),  # which the versions that are judged against it show, too
        {*(f"models/churn/{number}/index.html" for number in (1, 2, 3)), *CHURN},
        set(),
    ),
    "a new version": (
        change("churn/4/MLmodel", SIGNED),
        {"models/churn/4/index.html", "models/churn/3/index.html", *CHURN, *INDEXES},
        set(),
    ),
    "a deleted version": (
        remove("churn/3"),
        {"models/churn/2/index.html", *CHURN, *INDEXES},
        {"models/churn/3/index.html"},
    ),
    "a deleted model": (
        remove("loose"),
        INDEXES,
        {"models/loose/index.html", "models/loose/1/index.html"},
    ),
    "a renamed model": (
        move("loose", "tight"),
        {"models/tight/index.html", "models/tight/1/index.html", *INDEXES},
        {"models/loose/index.html", "models/loose/1/index.html"},
    ),
    "a new model": (
        change("new/1/MLmodel", SIGNED),
        {"models/new/index.html", "models/new/1/index.html", *INDEXES},
        set(),
    ),
    "an alias moved": (
        change("churn/model.yaml", "aliases: {champion: 3}\n"),
        {*(f"models/churn/{number}/index.html" for number in (1, 2, 3)), *CHURN, *INDEXES},
        set(),
    ),
    "a card": (change("churn/README.md", "# Another\n"), {*CHURN, *INDEXES}, set()),
    "a metric of a run": (
        change(f"mlruns/1/{RUNS[1]}/metrics/rmse", "1767434400000 1.5 0\n"),
        {"models/price/2/index.html", *PRICE, *INDEXES},
        set(),
    ),
    "a signature": (
        change("other/2/MLmodel", RENAMED),
        {"models/other/2/index.html", "models/other/index.html", *INDEXES},
        set(),
    ),
    "a broken MLmodel": (
        change("other/2/MLmodel", "a: ["),
        {"models/other/2/index.html", "models/other/index.html", *INDEXES, "problems/index.html"},
        set(),
    ),
    "a version that the registry hides": (
        change("mlruns/models/price/version-2/meta.yaml", "version: 2\ncurrent_stage: Deleted_Internal\n"),
        {"models/price/1/index.html", *PRICE, *INDEXES},
        {"models/price/2/index.html"},
    ),
}


@pytest.mark.parametrize(("edit", "pages", "gone"), EDITS.values(), ids=EDITS)
def test_a_change_renders_the_pages_that_show_it(
    edit: Callable[[Path], None], pages: set[str], gone: set[str], registry: Path, site: Path
) -> None:
    """And no other; the site is the one that a clean build makes."""
    before, old = sites.stamps(site), sites.contents(site)
    edit(registry)
    sites.update(registry, site)
    new = sites.contents(site)
    assert new == clean(registry)
    written = {path for path in touched(before, site) if path.endswith(".html")}
    apart = {path for path in written if path.startswith("models/price-") or "/compare/" in path or "prices" in path}
    assert written - apart == pages
    assert {path for path in old.keys() - new.keys() if path.endswith(".html") and "/compare/" not in path} == gone


def test_nothing_is_written_twice_and_nothing_for_nothing(registry: Path, site: Path) -> None:
    """A file whose bytes stay is left alone: its time tells mirrors and caches that it is the same."""
    old, before = sites.contents(site), sites.stamps(site)
    write(registry, {"churn/3/metrics.json": auc(0.9)})
    report = sites.update(registry, site)
    new, written = sites.contents(site), touched(before, site)
    assert {path for path in new if new[path] != old.get(path)} == written
    assert report.counts.written == len(written - {"sitegen-manifest.txt"})
    assert report.counts.parsed == 1


def test_of_a_long_table_of_versions_only_the_pages_that_change_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three pages that of the version that changed, and that of the next one, which is compared with it."""
    rendered = {}
    for per_page in (2, 100):
        monkeypatch.setattr(model_module, "PER_PAGE", per_page)
        registry, site = tmp_path / f"registry{per_page}", tmp_path / f"site{per_page}"
        versions = [layout("m", str(number)) | {f"m/{number}/metrics.json": auc(number / 8)} for number in range(1, 6)]
        write(registry, {path: text for version in versions for path, text in version.items()})
        sites.update(registry, site)
        write(registry, {"m/1/metrics.json": auc(0.5)})
        rendered[per_page] = sites.update(registry, site).counts.rendered
        assert sites.contents(site) == clean(registry)
    assert rendered[2] == rendered[100] + 1


ELSEWHERE = {
    "the best value of a second metric": {"m/5/metrics.json": '{"auc": 0.5, "loss": 0.01, "mae": 5}'},
    "the decimals of a metric": {"m/5/metrics.json": '{"auc": 0.5, "loss": 91234567.5, "mae": 5}'},
    "a metric for which there is no column": {"m/5/metrics.json": '{"auc": 0.5, "loss": 0.9, "mae": 5, "f1": 0.1}'},
    "a param more": {"m/5/params.json": '{"depth": 5, "rate": 5, "seed": 5, "other": 1}'},
    "which params most versions have": {"m/5/params.json": '{"depth": 5, "seed": 5}'},
    "an alias": {"m/model.yaml": "aliases: {champion: 1}"},
    "a name of the model's own": {"m/model.yaml": "owner: them"},
    "a version before": {"m/0/MLmodel": SIGNED},
}


@pytest.mark.parametrize("edit", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_a_change_means_for_versions_on_other_pages_is_shown(
    edit: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is best, how many decimals a column has, which columns there are: the rows of all versions follow."""
    monkeypatch.setattr(model_module, "PER_PAGE", 2)
    registry = tmp_path / "registry"
    for n in range(1, 6):
        metrics = f'{{"auc": 0.{n}, "loss": 0.{4 + n}, "mae": {n}}}'
        params = f'{{"depth": {n}, "rate": {n}, "seed": {n}}}'
        write(registry, layout("m", str(n)) | {f"m/{n}/metrics.json": metrics, f"m/{n}/params.json": params})
    sites.update(registry, tmp_path / "site")
    before = sites.contents(tmp_path / "site")["models/m/versions/3/index.html"]
    write(registry, edit)
    sites.update(registry, tmp_path / "site")
    after = sites.contents(tmp_path / "site")
    assert after == clean(registry)
    assert after["models/m/versions/3/index.html"] != before


def test_data_of_older_versions_moves_to_files_that_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest versions stay in one file; a new version leaves the files of older ones as they are."""
    monkeypatch.setattr(script_data, "PART", 2)
    registry, site = tmp_path / "registry", tmp_path / "site"
    for n in range(1, 8):
        write(registry, layout("m", str(n)))
        sites.update(registry, site)
    before = sites.contents(site)
    assert {path for path in before if "/versions-" in path} == {f"models/m/compare/versions-{n}.js" for n in (1, 2)}
    write(registry, layout("m", "8"))
    sites.update(registry, site)
    after = sites.contents(site)
    assert after == clean(registry)
    assert {path for path in after if "/versions-" in path and after[path] != before.get(path)} == set()
    write(registry, {"m/3/metrics.json": '{"auc": 0.5}'})
    sites.update(registry, site)
    changed = {path for path, data in sites.contents(site).items() if "/versions-" in path and data != after[path]}
    assert changed == {"models/m/compare/versions-2.js"}
    assert sites.contents(site) == clean(registry)


def test_settings_change_every_page_that_they_touch(registry: Path, site: Path) -> None:
    """And the same settings change nothing."""
    titled = Settings(site=Site(title="Another title"))
    sites.update(registry, site, titled)
    assert sites.contents(site) == clean(registry, titled)
    assert all("Another title" in page.title for page in sites.pages(site).values())
    before = sites.stamps(site)
    assert sites.update(registry, site, titled).counts == Counts()
    assert sites.stamps(site) == before


PAGE = '{% extends "sitegen/model.html" %}{% block versions %}<p>MARK</p>{% endblock %}'
THEMES = {"appears": PAGE, "changes": PAGE.replace("MARK", "other"), "goes": None}


def test_a_template_that_overrides_another_renders_its_pages(registry: Path, tmp_path: Path) -> None:
    """When it appears, changes and goes; each build is a process of its own."""
    write(tmp_path, {"sitegen.toml": "[site]\ntemplates = 'theme'\n", "theme/notes.txt": "mine"})
    for number, text in enumerate(THEMES.values()):
        template = tmp_path / "theme/model.html"
        template.write_text(text) if text else template.unlink()
        for site in ("site", f"clean{number}"):
            command = [*sites.SITEGEN, "build", registry, "--output", site]
            subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        assert sites.contents(tmp_path / "site") == sites.contents(tmp_path / f"clean{number}")
        shown = re.findall("<p>(MARK|other)</p>", (tmp_path / "site/models/churn/index.html").read_text())
        assert shown == (re.findall("<p>(MARK|other)</p>", text) if text else [])


def test_a_template_may_change_between_two_builds_of_a_process(registry: Path, site: Path, tmp_path: Path) -> None:
    """As a preview builds."""
    settings = Settings(site=Site(templates=str(tmp_path / "theme")))
    for mark in ("one", "other"):
        write(tmp_path, {"theme/model.html": PAGE.replace("MARK", mark)})
        sites.update(registry, site, settings)
    assert "<p>other</p>" in (site / "models/churn/index.html").read_text()


# --- incremental is clean --------------------------------------------------------------------------------------


def random_edit(dice: random.Random, registry: Path) -> None:
    """One edit of those that people make, and of those that nobody should."""
    number, id = dice.randint(1, 6), dice.choice(RUNS)
    place = dice.choice(["churn", "other", "new", "mlruns/deep/nested"])
    content = dice.choice([SIGNED, RENAMED, "a: [", "", mlmodel(), mlmodel(COLUMNS[:1], ONE, run_id=id)])
    edits: list[Callable[[Path], None]] = [
        change(f"{place}/{number}/MLmodel", content),
        change(f"{place}/{number}/metrics.json", dice.choice([auc(dice.random()), "{", '{"auc": NaN}'])),
        change(
            f"{place}/model.yaml", dice.choice([f"aliases: {{champion: {number}}}", "description: x", "tags: {a: b}"])
        ),
        change(f"{place}/README.md", dice.choice(["# One", "# Two", "[x](y)"])),
        change(f"mlruns/1/{id}/metrics/rmse", f"1 {dice.random()} 0\n"),
        change(
            f"mlruns/1/{id}/meta.yaml",
            f"run_id: {id}\nrun_name: {dice.choice('abc')}\nlifecycle_stage: {dice.choice(['active', 'deleted'])}\n",
        ),
        change("mlruns/1/meta.yaml", f"experiment_id: '1'\nname: {dice.choice(['prices', 'costs'])}\n"),
        change(
            f"mlruns/models/price/version-{number}/meta.yaml",
            f"version: {number}\nrun_id: {id}\nsource: runs:/{id}/model\n",
        ),
        change("mlruns/models/price/aliases/champion", str(number)),
        change(
            f"{place}/{number}/tags.json", dice.choice(['{"api_key": "x1"}', '{"at": "/home/someone/x"}', '{"a": "b"}'])
        ),
        remove(place),
        remove(f"{place}/{number}"),
        remove(f"mlruns/1/{id}"),
        remove("mlruns/models/price"),
        move(place, dice.choice(["new", "Churn", "a b"])),
        move(f"churn/{number}", f"other/{number}"),
    ]
    try:
        dice.choice(edits)(registry)
    except OSError:  # what the edit is about is not there any more, or already
        write(registry, {"other/1/MLmodel": content})


@pytest.mark.parametrize("seed", range(2000 if LONG else 8))
def test_any_sequence_of_edits_ends_in_the_site_of_a_clean_build(
    seed: int, registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every step, byte for byte; also where the versions of a model go on at further pages, scripts know the
    newest alone, and a preview keeps what it made of models.
    """
    dice, site, settings = random.Random(seed), tmp_path / "site", Settings()
    session = Session(max_versions=dice.choice([3, 1000])) if seed % 2 else None
    monkeypatch.setattr(model_module, "PER_PAGE", 1 + seed % 4)
    monkeypatch.setattr(script_data, "PART", 2)
    sites.update(registry, site, session=session)
    for _ in range(8):
        for _ in range(dice.randint(1, 3)):
            random_edit(dice, registry)
        if dice.random() < 0.2:
            settings = Settings(privacy=Privacy(secrets=dice.random() < 0.5, paths=dice.random() < 0.5))
        sites.update(registry, site, settings, after=dice.choice([0, sites.LATER]), session=session)
        assert sites.contents(site) == clean(registry, settings)


STALE = {
    "a dataset of a run": (
        f"mlruns/1/{RUNS[0]}/inputs/a/meta.yaml",
        "source_id: d\nsource_type: DATASET\n",
        "mlruns/1/datasets/d/meta.yaml",
        ("name: one\n", "name: two\n"),
    ),
    "a misspelt field of a model's model.yaml": (
        "churn/1/MLmodel",
        SIGNED,
        "churn/model.yaml",
        ("ownr: x\n", "owenr: x\n"),
    ),
}


@pytest.mark.parametrize(("path", "content", "changed", "versions"), STALE.values(), ids=STALE)
def test_what_lies_beside_changes_pages_too(
    path: str, content: str, changed: str, versions: tuple[str, str], registry: Path, tmp_path: Path
) -> None:
    """Files that are read for a model, but are no part of it."""
    write(registry, {path: content, changed: versions[0]})
    sites.update(registry, tmp_path / "site")
    write(registry, {changed: versions[1]})
    sites.update(registry, tmp_path / "site")
    assert sites.contents(tmp_path / "site") == clean(registry)


class Still:
    """A tree in memory whose stamps never change: every edit falls into the moment of the one before."""

    def __init__(self, files: Files, stamp: int) -> None:
        self.files, self.stamp = {path: str(text) for path, text in files.items()}, stamp
        self.reads: Counter[str] = Counter()

    def walk(self) -> Scan:
        """Every folder that a path names."""
        names: dict[str, set[str]] = {"": set()}
        for path in self.files:
            while path:
                path, _, name = path.rpartition("/")
                names.setdefault(path, set()).add(name)
        return {path: self._folder(path, sorted(inside)) for path, inside in names.items()}, ()

    def _folder(self, path: str, names: list[str]) -> Folder:
        within = {name: self.files.get(f"{path}/{name}" if path else name) for name in names}
        files = {name: len(text) for name, text in within.items() if text is not None}
        entries = [(name, size, self.stamp, 0) for name, size in files.items()]
        return Folder.of(entries, within.keys() - files.keys())

    def ahead(self, _files: object) -> None:
        """Nothing to be fetched."""

    def read(self, file: File, _limit: int) -> Content:
        """A file."""
        self.reads[file.path] += 1
        data = self.files[file.path].encode()
        return Content(data, sha256(data).hexdigest())


def test_what_versions_share_is_read_once() -> None:
    """The folder of the model, the run with its datasets, what it logged beside the model."""
    place, of_run = f"mlruns/1/{RUNS[0]}", {"run_id": RUNS[0], "source": f"runs:/{RUNS[0]}/model"}
    files = experiment("1", "exp") | run("1", RUNS[0], params={"depth": "4"})
    files |= registered("m", *(of_run | {"version": number} for number in range(1, 21)))
    files |= {f"{place}/artifacts/plots/{number}.svg": "<svg/>" for number in range(20)}
    files |= {f"{place}/inputs/a/meta.yaml": "source_id: d\n", "mlruns/1/datasets/d/meta.yaml": "name: one\n"}
    tree = Still(files, 1)
    discovery = discover(tree, tree.walk()[0])
    tree.reads.clear()
    (ref,) = discovery.models
    model = load_model(discovery.source.stores, ref, ParseCache(tree, {}, 0))
    assert model
    assert {(len(one.params), len(one.datasets), len(one.files)) for one in model.versions} == {(1, 1, 21)}
    assert tree.reads == dict.fromkeys(files.keys() - {"mlruns/1/meta.yaml"}, 1)


MOMENTS: dict[str, tuple[Files, str, tuple[str, str]]] = {
    "a file of a version": (layout("m", "1"), "m/1/metrics.json", ('{"auc": 0.1}', '{"auc": 0.2}')),
    "a dataset of a run": (
        experiment("1", "exp")
        | run("1", RUNS[0])
        | {f"mlruns/1/{RUNS[0]}/inputs/a/meta.yaml": "source_id: d\nsource_type: DATASET\n"},
        "mlruns/1/datasets/d/meta.yaml",
        ("name: one\n", "name: two\n"),
    ),
}
"""Files, the one that is edited, and what it says before and after."""


@pytest.mark.parametrize(("after", "seen"), [(1, 1), (1_999_999_999, 1), (2_000_000_001, 0)])
@pytest.mark.parametrize(("files", "path", "texts"), MOMENTS.values(), ids=MOMENTS)
def test_a_change_within_the_moment_of_a_build_is_seen(
    files: Files, path: str, texts: tuple[str, str], after: int, seen: int, tmp_path: Path
) -> None:
    """Same size, same stamp: within two seconds the content decides; later the stamp is trusted, as git does."""
    moment = time.time_ns()

    def site(name: str, text: str, started: int) -> dict[str, bytes]:
        tree = Still(files | {path: text}, moment)
        with State(tmp_path, name, name) as state, lock_output(str(tmp_path / name)):
            build(
                BuildRequest(discover(tree, tree.walk()[0]), Settings(), str(tmp_path / name), tmp_path, state, started)
            )
        return sites.contents(tmp_path / name)

    before, later = (site(name, text, moment) for name, text in zip(("old", "new"), texts, strict=True))
    assert before != later
    assert site("site", texts[0], moment + after) == before
    site("site", texts[1], moment + after)
    assert site("site", texts[1], moment + 60 * 10**9) == (before, later)[seen]


def test_what_is_in_doubt_is_read_and_nothing_is_built(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contents that are as they were settle it; the doubt lasts as long as a change may hide, and not longer."""
    site = tmp_path / "site"
    sites.update(registry, site, after=-sites.LATER)
    read: list[str] = []
    content = LocalTree.read
    monkeypatch.setattr(
        LocalTree, "read", lambda self, file, limit: read.append(file.path) or content(self, file, limit)
    )
    monkeypatch.setattr("sitegen.build.model_stage.build_models", None)
    counts = []
    for after in (-sites.LATER, sites.LATER, sites.LATER):
        read.clear()
        sites.update(registry, site, after=after)
        counts.append(len(read))
    assert counts[0] == counts[1] > counts[2]
    assert {path for path in read if not path.endswith("meta.yaml")} == {"loose/MLmodel"}  # a copy of a known version?


# --- what is there already -------------------------------------------------------------------------------------


def databases(registry: Path) -> list[Path]:
    """The state that is kept of sites of this test."""
    names = [sha256(f"{registry}\0{site}".encode()).hexdigest()[:32] for site in registry.parent.iterdir()]
    found = [Path(os.environ["XDG_CACHE_HOME"], "sitegen", f"{name}.db") for name in names]
    return [path for path in found if path.exists()]


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"not a database" * 100),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "overwritten inside": lambda path: path.write_bytes(_overwritten(path.read_bytes())),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "not readable": lambda path: path.chmod(0),
}


def _overwritten(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + b"\xaa" * 4000 + data[middle + 4000 :]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_state_costs_time_alone(
    damage: Callable[[Path], object], registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it says is not believed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(sites.warm(tmp_path / "cache/sitegen").parent))
    site = tmp_path / "site"
    sites.update(registry, site)
    expected = clean(registry)
    for path in databases(registry):
        damage(path)
    sites.update(registry, site)
    assert sites.contents(site) == expected


def test_a_state_that_is_damaged_anywhere_costs_time_alone(registry: Path, site: Path) -> None:
    """Page by page of the database: some questions to it are answered then, and others are not."""
    (path,) = databases(registry)
    whole, expected = path.read_bytes(), sites.contents(site)
    for place in range(4096, len(whole), 2048):
        path.write_bytes(whole[:place] + b"\xaa" * 4000 + whole[place + 4000 :])
        sites.update(registry, site)
        assert sites.contents(site) == expected, place


PARTS = {
    "stamp": "stamps",
    "racy_files": "stamps",
    "summary": "summaries",
    "lines": "summaries",
    "sizes": "summaries",
    "pages": "models",
    "part": "parts",
}
"""What is kept of each model, and in which table."""


@pytest.mark.parametrize(("part", "table"), PARTS.items(), ids=PARTS)
def test_a_damaged_part_of_the_state_costs_time_alone(part: str, table: str, registry: Path, site: Path) -> None:
    """Of models that have not changed, when another one has."""
    write(registry, {"churn/3/metrics.json": auc(0.9), "churn/3/tags.json": '{"a": "b"}'})
    (path,) = databases(registry)
    with closing(sqlite3.connect(path)) as database:
        cut = f"update {table} set {part} = substr({part}, 1, length({part}) - 1)"
        assert database.execute(f"{cut} where not instr(cast(identity as blob), 'churn')").rowcount > 1
        database.commit()
    sites.update(registry, site)
    assert sites.contents(site) == clean(registry)


def test_a_state_with_other_tables_is_made_anew(registry: Path, site: Path) -> None:
    """As another release of sitegen may leave it: all is built once, and kept from then on."""
    (path,) = databases(registry)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "drop table models; create table models (identity text primary key, other blob, more blob)"
        )
        database.execute("update header set value = x'00' where name = 'format'")
        database.commit()
    sites.update(registry, site)
    write(registry, {"churn/3/metrics.json": auc(0.9)})
    assert sites.update(registry, site).counts.parsed == 1


MANIFESTS: dict[str, tuple[Callable[[bytes], bytes], int]] = {
    "empty": (lambda _: b"", 2),
    "of another site": (lambda _: b"0" * 64 + b"  index.html\n", 0),
    "not UTF-8": (lambda _: b"\xff\xfe\x00", 0),
    "cut off": (lambda data: data[: len(data) // 2], 0),
    "with paths out of the site": (lambda data: data + b"0" * 64 + b"  ../registry/churn/1/MLmodel\n", 0),
    "with absolute paths": (lambda data: data + b"0" * 64 + b"  /etc/hostname\n", 0),
}
"""What happens to a manifest, and the exit code: without one the files count as somebody else's."""


@pytest.mark.parametrize(("damage", "code"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_damaged_manifest_deletes_nothing_else(
    damage: Callable[[bytes], bytes], code: int, registry: Path, site: Path
) -> None:
    """The site is built anew, or refused as it is; no path of the manifest is ever followed out of it."""
    manifest = site / "sitegen-manifest.txt"
    manifest.write_bytes(damage(manifest.read_bytes()))
    before, old = sites.contents(registry), sites.contents(site)
    done = sites.sitegen("build", registry, "--output", site)
    assert sites.contents(registry) == before
    assert Path("/etc/hostname").exists()
    assert done.code == code, done.err
    if code:
        assert re.fullmatch(r"sitegen: .* holds .*, which sitegen did not write; choose another --output\n", done.err)
    assert sites.contents(site) == (old if code else clean(registry))


KEEP = ", or list it in [publish] keep"
FOREIGN = {
    **dict.fromkeys(("notes.txt", ".gitignore", "docs/CNAME"), KEEP),
    **dict.fromkeys(("models/notes.txt", "models/churn/notes.html", "assets/logo.png"), ""),
}
"""With what else is advised: no setting can keep a file among those of the site."""


@pytest.mark.parametrize("path", FOREIGN)
@pytest.mark.parametrize("built", [False, True], ids=["in a new folder", "in a site"])
def test_foreign_files_are_refused_and_stay(path: str, built: bool, registry: Path, tmp_path: Path) -> None:
    """One sentence, exit 2, and nothing was deleted or written."""
    site = tmp_path / "output"
    if built:
        sites.update(registry, site, Settings(site=Site(title="old")))
        for database in databases(registry):
            database.unlink()
    write(site, {path: "mine"})
    before = sites.contents(site)
    done = sites.sitegen("build", registry, "--output", site)
    assert (done.code, done.out) == (2, "")
    advice = f"choose another --output{FOREIGN[path]}"
    assert done.err == f"sitegen: {site} holds {path}, which sitegen did not write; {advice}\n"
    assert sites.contents(site) == before


def test_a_foreign_link_to_a_folder_is_refused_and_stays(registry: Path, tmp_path: Path) -> None:
    """And what it leads to stays as well."""
    site, precious = tmp_path / "output", write(tmp_path / "precious", {"a.txt": "mine"})
    site.mkdir()
    (site / "docs").symlink_to(precious)
    done = sites.sitegen("build", registry, "--output", site)
    assert done.err == f"sitegen: {site} holds docs, which sitegen did not write; choose another --output{KEEP}\n"
    assert (site / "docs/a.txt").read_text() == "mine"


def test_the_registry_is_no_output(registry: Path) -> None:
    """Its files are foreign."""
    before = sites.contents(registry)
    assert sites.sitegen("build", registry, "--output", registry).code == 2
    assert sites.contents(registry) == before


def test_a_site_inside_of_the_registry_is_no_part_of_it(registry: Path) -> None:
    """Nor is an older one."""
    site = sites.built(registry, registry / "site")
    expected = sites.contents(site)
    sites.built(registry, registry / "another site")
    sites.built(registry, site)
    assert sites.contents(site) == expected


HOLDER = """
import sys
from sitegen.storage.lock import lock_output
with lock_output(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()  # until the test ends, however it does
"""


def test_an_output_that_is_built_elsewhere_is_refused(registry: Path, site: Path) -> None:
    """One build at a time; the one that came first is not disturbed."""
    command = [sites.SITEGEN[0], "-c", HOLDER, str(site)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        before = sites.stamps(site)
        done = sites.sitegen("build", registry, "--output", site)
        assert (done.code, done.err) == (2, f"sitegen: another build is writing to {site}\n")
        assert sites.stamps(site) == before
    assert sites.sitegen("build", registry, "--output", site).code == 0


UNWRITABLE = {
    "a file": lambda place: place.write_text("x"),
    "below a file": lambda place: place.parent.rmdir() or place.parent.write_text("x"),
    "a link to nothing": lambda place: place.symlink_to("/nowhere/at all"),
}


@pytest.mark.parametrize("make", UNWRITABLE.values(), ids=UNWRITABLE)
def test_an_output_that_is_no_folder_is_one_sentence(
    make: Callable[[Path], object], registry: Path, tmp_path: Path
) -> None:
    """Exit 2, no traceback."""
    place = tmp_path / "some/place"
    place.parent.mkdir()
    make(place)
    done = sites.sitegen("build", registry, "--output", place)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith("sitegen: ")
    assert str(place) in done.err


NOBODY = """
import os, sys, tempfile
from sitegen.cli.main import main
if os.geteuid() == 0:  # who may write everywhere; what is imported late must be read before
    with tempfile.TemporaryDirectory() as folder:
        main([*sys.argv[1:3], "--output", folder])
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
sys.stderr = sys.stdout
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("place", ["site", "site/models/churn", "."])
def test_a_folder_that_may_not_be_written_is_one_sentence(place: str, registry: Path, site: Path) -> None:
    """Exit 2, no traceback, and the old site stays as it is."""
    write(registry, {"churn/3/metrics.json": auc(0.9)})
    before = sites.contents(site)
    closed = site.parent / place
    for folder in (registry, *registry.parents):
        if len(folder.parts) > 2:
            folder.chmod(0o755)
    for folder in (path for path in (closed, *closed.rglob("*")) if path.is_dir()):
        folder.chmod(0o555)
    command = [sites.SITEGEN[0], "-c", NOBODY, "build", registry, "--output", site]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    for folder in (path for path in (closed, *closed.rglob("*")) if path.is_dir()):
        folder.chmod(0o755)
    assert (done.returncode, done.stdout.count("\n")) == (2, 1), done.stdout
    assert done.stdout.startswith("sitegen: ")
    assert sites.contents(site) == before


# --- the same bytes however it was made ------------------------------------------------------------------------


def broken_pool() -> Executor:
    """Workers that have died."""
    executor = start_processes(1)
    executor.submit(os._exit, 1).exception()
    return executor


def test_one_process_or_two_make_the_same_bytes(registry: Path, tmp_path: Path) -> None:
    """And tell the same."""
    reports = [sites.update(registry, tmp_path / str(jobs), jobs=jobs) for jobs in (1, 2)]
    assert sites.contents(tmp_path / "1") == sites.contents(tmp_path / "2")
    assert reports[0] == reports[1]


def patch_large_models(patch: pytest.MonkeyPatch, versions: int) -> None:
    """Make models of so few versions large."""
    for module, name in ((model_stage, "LARGE_MODEL"), (shares, "LARGE_MODEL"), (model_stage, "BATCH")):
        patch.setattr(module, name, versions)


def test_a_model_that_workers_share_gets_the_same_bytes(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More workers than it has versions, too; the next build knows all of its pages, and writes nothing."""
    patch_large_models(monkeypatch, 2)
    expected = sites.update(registry, tmp_path / "alone")
    for jobs in (4, 20):
        site = tmp_path / str(jobs)
        assert sites.update(registry, site, jobs=jobs) == expected
        assert sites.contents(site) == sites.contents(tmp_path / "alone")
        assert sites.update(registry, site, jobs=jobs).counts == Counts()
    write(registry, {"churn/3/metrics.json": auc(0.123)})
    sites.update(registry, tmp_path / "4", jobs=4)
    assert sites.contents(tmp_path / "4") == clean(registry)


def test_a_model_that_changed_while_workers_shared_it_is_read_again(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their first job is done by an executor that changes a file after it: the second one reads other values."""
    patch_large_models(monkeypatch, 3)

    class Changing(Executor):
        """Runs each job at once, and changes a file after the first."""

        changed = False

        def submit(self, function: Any, /, *args: Any, **options: Any) -> Future[Any]:
            """The finished job."""
            future: Future[Any] = Future()
            future.set_result(function(*args, **options))
            if args[0].tasks[0].identity.endswith("churn") and not self.changed:
                self.changed = True
                write(registry, {"churn/1/metrics.json": auc(0.77), "churn/3/metrics.json": auc(0.123)})
            return future

    executor = Changing()
    sites.update(registry, tmp_path / "site", jobs=4, workers=lambda _: nullcontext(executor))
    assert executor.changed
    with State(cache_folder(None), str(registry), str(tmp_path / "site")) as state:
        assert [name.rpartition("\0")[2] for name, stamp in state.stamps().items() if not stamp] == ["churn"]
    sites.update(registry, tmp_path / "site")
    assert sites.contents(tmp_path / "site") == clean(registry)


def test_a_build_whose_workers_died_is_finished_here(registry: Path, tmp_path: Path) -> None:
    """Without them."""
    site, cache = str(tmp_path / "site"), sites.warm(tmp_path / "cache")
    with lock_output(site), State(cache, str(registry), site) as state:
        build(BuildRequest(open_registry(str(registry)), Settings(), site, cache, state, 0, lambda _: broken_pool()))
    assert sites.contents(tmp_path / "site") == clean(registry)


CIRCUMSTANCES: dict[str, dict[str, str]] = {
    "another seed of hashes": {"PYTHONHASHSEED": "1"},
    "yet another": {"PYTHONHASHSEED": "4294967295"},
    "the plainest locale": {"LC_ALL": "C", "PYTHONUTF8": "0"},
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "another day": {"SOURCE_DATE_EPOCH": "1"},
    "another home": {"HOME": "/nowhere", "USER": "somebody"},
    "optimised": {"PYTHONOPTIMIZE": "1"},
}


@pytest.mark.parametrize("changes", CIRCUMSTANCES.values(), ids=CIRCUMSTANCES)
def test_circumstances_do_not_matter(changes: dict[str, str], registry: Path, tmp_path: Path) -> None:
    """A copy of the registry elsewhere, written in another order, built from another folder into another one."""
    expected = clean(registry)
    other = tmp_path / "elsewhere ünd more"
    for path in sorted(every_layout(), reverse=True):
        write(other / "copy", {path: every_layout()[path]})
    sites.warm(other / "cache")
    subprocess.run(
        [*sites.SITEGEN, "build", "copy", "--output", "deep/down/site", "--jobs", "2", "--cache", "cache"],
        cwd=other,
        env={**os.environ, **changes},
        check=True,
        capture_output=True,
    )
    assert sites.contents(other / "deep/down/site") == expected


# --- killed at any moment --------------------------------------------------------------------------------------


def wide(root: Path, value: float) -> Path:
    """A registry with so many pages that writing them takes a while."""
    found: Files = {}
    for number in range(30):
        for version in ("1", "2", "3"):
            found |= layout(f"model-{number}", version, metrics_json=auc(value + number / 1000))
    return write(root, found)


@dataclass(frozen=True)
class Stage:
    """A registry that was edited since its site was built, to be put back as often as one likes."""

    root: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    seconds: float

    def reset(self, known: bool) -> None:
        """Put the site of the old registry back, with its state or without: then the build is a clean one."""
        for name in ("site", "cache"):
            shutil.rmtree(self.root / name, ignore_errors=True)
            shutil.copytree(self.root / "saved" / name, self.root / name)
        if not known:
            [state] = (self.root / "cache").glob("*.db")
            state.unlink()

    def command(self, jobs: int) -> list[str]:
        """The build that brings the site up to date."""
        flags = ["--output", str(self.root / "site"), "--cache", str(self.root / "cache"), "--jobs", str(jobs)]
        return ["build", str(self.root / "registry"), *flags]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Every model changes, one comes, two go."""
    root = tmp_path_factory.mktemp("stage")
    registry = wide(root / "registry", 0.1)
    sites.warm(root / "cache")
    made = Stage(root, {}, {}, 0.0)
    assert sites.sitegen(*made.command(1)).code == 0
    old = sites.contents(root / "site")
    for name in ("site", "cache"):
        shutil.copytree(root / name, root / "saved" / name)
    write(wide(registry, 0.2), {"new/1/MLmodel": SIGNED})
    for name in ("model-7", "model-8"):
        shutil.rmtree(registry / name)
    begun = time.perf_counter()
    subprocess.run([*sites.SITEGEN, *made.command(1)], check=True, capture_output=True)
    return Stage(root, old, sites.contents(root / "site"), time.perf_counter() - begun)


@pytest.mark.parametrize("seed", range(1000 if LONG else 24))
def test_a_killed_build_leaves_old_files_or_new_ones(seed: int, stage: Stage) -> None:
    """Whole ones, and no link that leads nowhere; the next build completes the rest."""
    site, incremental, jobs = stage.root / "site", seed % 2 == 0, 1 + seed // 2 % 2
    stage.reset(known=incremental)
    command = [*sites.SITEGEN, *stage.command(jobs)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(random.Random(seed).uniform(0.2, 1.0) * stage.seconds)
        process.kill()
    done = completed(stage, site, incremental)
    assert done.code == 0, done.err
    assert sites.contents(site) == stage.new
    assert sorted(path.name for path in stage.root.iterdir()) == ["cache", "registry", "saved", "site"]


def test_the_old_site_that_a_killed_build_left_is_taken_away(registry: Path, site: Path) -> None:
    """It was killed after the new one was in its place: nothing is left to be built."""
    shutil.copytree(site, site.with_name(".site.sitegen-new"))
    assert sites.update(registry, site).counts == Counts()
    assert sorted(path.name for path in site.parent.iterdir()) == ["registry", "site"]


def completed(stage: Stage, site: Path, incremental: bool) -> sites.Outcome:
    """What the kill left, looked at once its workers are gone; then the next build."""
    found: dict[str, bytes] = {}

    def look() -> bool:
        """Whether nobody writes any more."""
        with suppress(SitegenError), lock_output(str(site)):
            found.update(sites.contents(site))
            return True
        return False

    waited(look)
    found = {path: data for path, data in found.items() if "/.sitegen-" not in f"/{path}"}
    if not incremental:
        assert found in (stage.old, stage.new)
    assert [path for path, data in found.items() if data not in (stage.old.get(path), stage.new.get(path))] == []
    assert [path for path in stage.old.keys() & stage.new.keys() if path not in found] == []
    assert sites.lost_files(site) == []
    return sites.sitegen(*stage.command(1))
