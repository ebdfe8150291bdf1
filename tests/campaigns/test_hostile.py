"""A registry of everything that could harm a build: each item costs what is said of it, and nothing else."""

import itertools
import json
import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sitegen.domain.rules import RULES
from sitegen.sources.discovery import open_registry
from sitegen.sources.load import load_model
from sitegen.sources.parse_cache import ParseCache
from tests.campaigns.hostile.item import own
from tests.campaigns.hostile.nodes import SPARSE
from tests.campaigns.hostile.registry import ITEMS, make
from tests.campaigns.hostile.stores import locked
from tests.support import sites
from tests.support.confined import Confined, confined
from tests.support.options import untried
from tests.support.registries import layout, write

ENTRIES = 201_000
"""More than are listed of a folder; the command that makes the registry makes a million."""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A folder that is not kept: what lies in it is large."""
    yield tmp_path
    for folder in tmp_path.rglob("plots"):
        folder.chmod(0o700)
    shutil.rmtree(tmp_path)


@pytest.mark.usefixtures("sample")  # makes the chart scripts, which takes more memory than the site
def test_each_item_of_the_hostile_registry_costs_what_is_said_of_it(root: Path) -> None:
    """Exit 0, one problem an item, in its place; the healthy models are there, and every link leads somewhere."""
    left = make(root / "registry", ENTRIES)
    if left:
        untried(f"make: {', '.join(left)}")
    with locked(root / "registry"):
        built = confined(root, "build", "registry", "--output", "site")
        checked = confined(root, "check", "registry", *sites.READING, "--format", "json")
    told("build", built)
    told("check", checked)
    assert (built.code, built.out, built.err.count("\n")) == (0, "", 1), built.err
    assert (checked.code, checked.err.count("\n")) == (1, 1), checked.err
    assert not (root / "executed").exists()
    found = json.loads(checked.out)
    assert by_item(found) == expected(left)
    counts = Counter(one["severity"] for one in found)
    assert sites.catalog(root / "site")["problems"] == {name: counts[name] for name in ("error", "warning", "info")}
    healthy(root / "site", left)
    whole(root / "site")


def told(command: str, done: Confined) -> None:
    """Print what a command took."""
    print(f"{command}: {done.seconds:.1f} s, at most {done.memory} MB a process")


def by_item(found: list[dict[str, str]]) -> dict[str, Counter[str]]:
    """The rules and places of problems, by the folder of their item."""
    grouped: dict[str, Counter[str]] = {name: Counter() for name in ITEMS}
    for one in found:
        item, _, place = one["path"].partition("/")
        grouped.setdefault(item, Counter())[f"{one['rule']} {place}"] += 1
    return grouped


def expected(left: list[str]) -> dict[str, Counter[str]]:
    """What each item costs."""
    return {
        name: Counter(own(text, name) for text in item.problems if name not in left) for name, item in ITEMS.items()
    }


def healthy(site: Path, left: list[str]) -> None:
    """The models beside the items are all there, and right; those of the items are there too."""
    models = {model["name"]: model for model in sites.api(site).values()}
    wanted = {own(model, name) for name, item in ITEMS.items() for model in item.models if name not in left}
    assert set(models) == wanted | {f"healthy {name}" for name in ITEMS}
    for name in ITEMS:
        [version] = models[f"healthy {name}"]["versions"]
        assert version["path"] == f"{name}/healthy {name}/1"
        assert version["metrics"] == {"rmse": 0.5}
        assert [column["name"] for column in version["signature"]["inputs"]] == ["bmi", "age"]
        assert [file["path"] for file in version["files"]] == ["MLmodel", "metrics.json"]
        assert version["problems"] == []


def whole(site: Path) -> None:
    """Links lead somewhere, elements are closed, and nothing from outside of the registry is in any file."""
    assert sites.lost_links(site) == []
    assert [path for path, page in sites.pages(site).items() if page.mistakes] == []
    assert [path for path, data in sites.contents(site).items() if b"root:x:0" in data] == []


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "vanishes": (Path.unlink, "unreadable"),
    "grows": (lambda place: place.write_bytes(b"[" * 9 * 2**20), "too-large"),
    "grows without end": (lambda place: os.truncate(place, SPARSE), "too-large"),
    "becomes empty": (lambda place: os.truncate(place, 0), "json-syntax"),
    "becomes a pipe": (lambda place: (place.unlink(), os.mkfifo(place)), "unreadable"),
    "becomes a folder": (lambda place: (place.unlink(), place.mkdir()), "unreadable"),
    "becomes a link out": (lambda place: (place.unlink(), place.symlink_to("/etc/passwd")), "unreadable"),
    "becomes a link to itself": (lambda place: (place.unlink(), place.symlink_to(place.name)), "unreadable"),
}


@pytest.mark.parametrize(("change", "rule"), CHANGES.values(), ids=CHANGES)
def test_a_file_that_changes_after_it_was_listed_is_one_problem(
    change: Callable[[Path], object], rule: str, tmp_path: Path
) -> None:
    """The version is there, without what the file said."""
    write(tmp_path, layout("bad", "1", metrics_json='{"rmse": 1}') | layout("healthy", "1", metrics_json='{"rmse": 2}'))
    found = open_registry(str(tmp_path))
    change(tmp_path / "bad/1/metrics.json")
    source = found.source
    bad, healthy = (load_model(source.stores, ref, ParseCache(source.tree, {}, 0)) for ref in found.models)
    assert bad
    assert healthy
    assert [(one.rule, one.path) for one in bad.versions[0].problems] == [(rule, "bad/1/metrics.json")]
    assert (bad.versions[0].metrics, healthy.versions[0].metrics[0].value) == ((), 2.0)
    assert not healthy.versions[0].problems


@pytest.mark.usefixtures("sample")
def test_a_registry_that_changes_all_the_time_is_built(root: Path) -> None:
    """Files come, go and grow while they are read; what does not change is right."""
    registry = write(root / "registry", layout("healthy", "1", metrics_json='{"rmse": 0.5}'))
    for number in range(50):
        write(registry, layout(f"bad {number}", "1", metrics_json='{"rmse": 1}'))
    done = threading.Event()
    changing = threading.Thread(target=restless, args=(registry, done))
    changing.start()
    try:
        built = confined(root, "build", "registry", "--output", "site")
    finally:
        done.set()
        changing.join()
    told("build", built)
    assert (built.code, built.err.count("\n")) == (0, 1), built.err
    models = {model["name"]: model for model in sites.api(root / "site").values()}
    [version] = models["healthy"]["versions"]
    assert (version["metrics"], version["problems"]) == ({"rmse": 0.5}, [])
    rules = {one["rule"] for model in models.values() for each in model["versions"] for one in each["problems"]}
    assert rules <= {"unreadable", "json-syntax", "mlmodel-empty", "mlmodel-missing"}
    whole(root / "site")


def restless(registry: Path, done: threading.Event) -> None:
    """Change files until it is done."""
    for number in itertools.cycle(range(50)):
        if done.is_set():
            return
        place = registry / f"bad {number}/1/metrics.json"
        with suppress(FileNotFoundError):
            place.unlink()
        place.write_text('{"rmse": 1}' + " " * number)
        with place.open("a") as file:
            file.write(" " * 1000)
        place.rename(place.with_name("MLmodel.part"))


def test_every_rule_of_an_item_is_known() -> None:
    """A misspelt one would never be found."""
    assert {text.partition(" ")[0] for item in ITEMS.values() for text in item.problems} <= set(RULES)
