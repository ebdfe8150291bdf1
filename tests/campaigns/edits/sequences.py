"""A sequence: a small registry, a few edits at a time, and after each the site of a build that knows the last one."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

from sitegen.build.session import Session
from sitegen.core.errors import SitegenError
from sitegen.settings.settings import Files, Privacy, Settings
from tests.campaigns.edits.databases import DATABASE_EDITS
from tests.campaigns.edits.trees import IMAGES, TREE_EDITS, Edit
from tests.support import databases, registries, sites
from tests.support.images import whole_png

STEPS = 6
"""Builds of one sequence."""

MAX_EDITS = 3
"""Edits before one build."""

FIRST, SECOND, THIRD = registries.RUNS
LOGGED, OTHER_LOGGED = "m-" + "6f" * 16, "m-" + "70" * 16


def _directory(root: Path) -> None:
    """Models of three and two versions, and a loose one; cards with images."""
    cards = {"churn/README.md": IMAGES[1], "churn/1/README.md": IMAGES[0], "loose/README.md": IMAGES[0]}
    plots = dict.fromkeys(("churn/docs/plot.png", "churn/1/plot.png", "loose/plot.png"), whole_png(8, 2))
    files: registries.Files = {"churn/model.yaml": "aliases: {champion: 2}\n"} | cards | plots
    for number in range(1, 4):
        own = {"metrics_json": registries.auc(0.8 + number / 100), "params_json": f'{{"depth": {number}}}'}
        files |= registries.layout("churn", str(number), **own)
    for number in range(1, 3):
        files |= registries.layout("other", str(number), metrics_json=registries.auc(number / 10))
    registries.write(root, files | {"loose/MLmodel": registries.SIGNED})


def _file_store(root: Path) -> None:
    """Two experiments with three runs and datasets, a registered model, logged models with and without files."""
    store = "mlruns"
    files = registries.experiment("1", "prices") | registries.experiment("2", "costs")
    for number, id in enumerate(registries.RUNS):
        metrics = {"rmse": f"1767434400000 {9 - number}.5 0\n", "loss": f"1767434400000 0.{number} 0\n" * 2}
        files |= registries.run(str(1 + number // 2), id, metrics=metrics, params={"depth": str(number)})
    for run, dataset in ((f"1/{FIRST}", "d1"), (f"1/{SECOND}", "d2"), (f"2/{THIRD}", "d1")):
        used = f"source_id: {dataset}\nsource_type: DATASET\ntags: {{mlflow.data.context: train}}\n"
        files[f"{store}/{run}/inputs/{dataset}/meta.yaml"] = used
        experiment = run.partition("/")[0]
        files[f"{store}/{experiment}/datasets/{dataset}/meta.yaml"] = f"name: {dataset}\ndigest: '{experiment}'\n"
    for id, run in ((LOGGED, FIRST), (OTHER_LOGGED, SECOND)):
        place = f"{store}/1/models/{id}"
        stated = f"model_id: {id}\nname: tree\nexperiment_id: '1'\nsource_run_id: {run}\nstatus: 2\n"
        files |= {f"{place}/meta.yaml": stated, f"{place}/metrics/mae": f"1767434400000 0.{run[0]} 0 {run}\n"}
        files |= {f"{place}/params/leaves": run[0], f"{place}/tags/team": run[0]}
    files[f"{store}/1/models/{LOGGED}/artifacts/MLmodel"] = registries.mlmodel(model_id=LOGGED)
    versions = [
        {"run_id": id, "source": f"runs:/{id}/model", "creation_timestamp": 1767434500000} for id in (FIRST, SECOND)
    ]
    registries.write(root, files | registries.registered("price", *versions, aliases={"champion": "1"}))


def _database(root: Path) -> None:
    """All tables with rows, and the files of one run beside them."""
    parts = (
        *(databases.experiment(1, "houses"), databases.experiment(2, "ships")),
        databases.run(
            metrics={"rmse": [3.0, 2.5], "mae": [1.0]}, params={"depth": "4", "rate": "5"}, tags={"team": "a"}
        ),
        databases.run(databases.OTHER, experiment=2, metrics={"mae": [1.0, 0.5], "rmse": [7.0]}, tags={"team": "b"}),
        *databases.datasets({"d1": databases.RUN, "d2": databases.RUN, "d3": databases.OTHER}),
        databases.registered(aliases={"champion": 1, "next": 2}),
        *(databases.version(), databases.version(number=2, run=databases.OTHER)),
        *(databases.registered("ships"), databases.version("ships", run=databases.OTHER, description="fast")),
        *(databases.logged(), databases.logged("m-" + "d" * 32, run=databases.OTHER, experiment=2)),
        {
            "registered_model_tags": [{"name": "prices", "key": "k", "value": "v", "workspace": "default"}],
            "model_version_tags": [{"name": "prices", "version": 1, "key": "k", "value": "v", "workspace": "default"}],
            "logged_model_metrics": [
                {"model_id": databases.MODEL, "metric_name": name, "metric_value": value, "metric_step": 0}
                for name, value in (("f1", 0.5), ("auc", 0.75))
            ],
            "logged_model_params": [{"model_id": databases.MODEL, "param_key": "a", "param_value": "1"}],
            "logged_model_tags": [{"model_id": databases.MODEL, "tag_key": "a", "tag_value": "1"}],
        },
    )
    databases.database(root / "mlflow.db", *parts)
    registries.write(root, {f"mlruns/1/{databases.RUN}/artifacts/model/MLmodel": registries.SIGNED})


KINDS: dict[str, tuple[Callable[[Path], None], tuple[Edit, ...]]] = {
    "directory": (_directory, TREE_EDITS),
    "file store": (_file_store, TREE_EDITS),
    "database": (_database, DATABASE_EDITS * 3 + TREE_EDITS),
}
"""Kinds of registries: what writes one, and its edits."""


def _damage_site(dice: Random, site: Path) -> str:
    """Somebody deletes, cuts or replaces a published file."""
    path = dice.choice(sorted(path for path in site.rglob("*") if path.is_file()))
    damage = dice.choice(["deleted", "cut off", "a folder", "longer"])
    match damage:
        case "cut off":
            os.truncate(path, dice.randrange(path.stat().st_size + 1))
        case "longer":
            with path.open("ab") as file:
                file.write(b" ")
        case _:
            path.unlink()
            if damage == "a folder" and path.name != "sitegen-manifest.txt":
                path.mkdir()
    return f"{path.relative_to(site)} of the site {damage}"


def _settings(dice: Random) -> Settings:
    return Settings(
        privacy=Privacy(secrets=dice.random() < 0.5, paths=dice.random() < 0.5),
        files=Files(publish=dice.choice([(), ("*",)])),
    )


def _edit(dice: Random, root: Path, edits: tuple[Edit, ...]) -> Iterator[str]:
    """Edit a registry a few times; the names of the edits that were possible."""
    for _ in range(dice.randint(1, MAX_EDITS)):
        edit = dice.choice(edits)
        with suppress(OSError, IndexError, ValueError, TypeError, sqlite3.Error):
            edit(dice, root)
            yield edit.__name__


def first_difference(kind: str, seed: int, root: Path, start: Path | None = None) -> str:
    """The first step of a sequence after which the site is not that of a clean build, and how; empty if there is none.

    `root` is an empty folder to work in, `start` a registry that is copied and edited instead of a generated one.
    """
    dice, (make, edits) = Random(f"{kind}/{seed}"), KINDS[kind]
    registry, site, settings = root / "registry", root / "site", Settings()
    shutil.copytree(start, registry, symlinks=True) if start else make(registry)
    session = Session(max_versions=dice.choice([3, 1000])) if dice.random() < 0.3 else None
    sites.update(registry, site, session=session)
    done: list[str] = []
    for step in range(STEPS):
        done += [f"{step}:", *_edit(dice, registry, edits)]
        if dice.random() < 0.1 and site.exists():
            done.append(_damage_site(dice, site))
            if session:
                session.output_digest = ""  # as a preview does when it scans everything again
        if dice.random() < 0.1:
            settings = _settings(dice)
        after = dice.choice([0, sites.LATER, sites.LATER])
        difference = _compare(registry, site, settings, after, session)
        if difference:
            return f"{kind} {seed}: {difference} after {' '.join(done)}"
    return ""


def _compare(registry: Path, site: Path, settings: Settings, after: int, session: Session | None) -> str:
    """Update the site, and compare it with that of a clean build."""
    clean = site.with_name("clean")
    refusals = []
    for place, kept in ((site, session), (clean, None)):
        try:
            sites.update(registry, place, settings, after=after, session=kept, allow_empty=True)
        except SitegenError as error:
            refusals.append((place, str(error)))
    if refusals:  # a store that is lost: the old site stays, and somebody takes it away
        for place in (site, clean):
            shutil.rmtree(place, ignore_errors=True)
        return ""
    old, new = sites.contents(site), sites.contents(clean)
    shutil.rmtree(clean)
    changed = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    return ", ".join(changed[:5])
