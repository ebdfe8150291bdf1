"""A registry that changes while it is read: the build ends well, and the next one shows what is there then."""

import random
import shutil
import subprocess
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.support import sites
from tests.support.registries import SIGNED, Files, layout, write


def wide(models: int) -> Files:
    """Three versions a model."""
    found: Files = {}
    for number in range(models):
        for version in ("1", "2", "3"):
            found |= layout(f"model-{number}", version, metrics_json='{"auc": 0.5}')
    return found


def disturb(registry: Path, models: int, dice: random.Random, ended: Event) -> None:
    """Add, change, cut, and take away, until told to end."""
    while not ended.is_set():
        version = registry / f"model-{dice.randrange(models)}" / dice.choice("1234")
        match dice.randrange(5):
            case 0:
                shutil.rmtree(version, ignore_errors=True)
            case 1:
                write(version, {"metrics.json": f'{{"auc": {dice.random()}}}'})
            case 2:
                write(version, {"MLmodel": SIGNED, "metrics.json": "{"})
            case 3:
                write(version, {"MLmodel": SIGNED[: dice.randrange(len(SIGNED))]})
            case _:
                write(version, {f"logged-{dice.randrange(9)}.txt": "x" * dice.randrange(5000)})


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_build_of_a_changing_registry_ends_well(jobs: str, tmp_path: Path) -> None:
    """Four builds, one after the other, into the same output."""
    models = 30
    registry, site, ended = write(tmp_path / "registry", wide(models)), tmp_path / "site", Event()
    hand = Thread(target=disturb, args=(registry, models, random.Random(1), ended))
    hand.start()
    try:
        for _ in range(4):
            command = [*sites.SITEGEN, "build", registry, "--output", site, "--jobs", jobs]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
            assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    finally:
        ended.set()
        hand.join()
    sites.built(registry, site)
    assert sites.contents(site) == sites.contents(sites.built(registry, tmp_path / "clean"))
