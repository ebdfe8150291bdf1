"""A registry of everything that could harm a build: each item costs what is said of it, and nothing else."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.rules import RULES
from tests import sites
from tests.hostile.confined import Confined, confined
from tests.hostile.item import own
from tests.hostile.registry import ITEMS, make
from tests.hostile.stores import locked
from tests.test_site import OPEN_LINKS, lost_links

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
    with locked(root / "registry"):
        built = confined(root, "build", "registry", "--output", "site")
        checked = confined(root, "check", "registry", "--format", "json")
    told("build", built)
    told("check", checked)
    if left:
        print(f"this system does not let tests make: {', '.join(left)}")
    assert (built.code, built.out, built.err.count("\n")) == (0, "", 1), built.err
    assert (checked.code, checked.err) == (1, ""), checked.err
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
    assert [link for link in lost_links(site) if not OPEN_LINKS.search(link)] == []
    assert [path for path, page in sites.pages(site).items() if page.mistakes] == []
    assert [path for path, data in sites.contents(site).items() if b"root:x:0" in data] == []


def test_every_rule_of_an_item_is_known() -> None:
    """A misspelt one would never be found."""
    assert {text.partition(" ")[0] for item in ITEMS.values() for text in item.problems} <= set(RULES)
