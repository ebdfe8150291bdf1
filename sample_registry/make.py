#!/usr/bin/env python3
"""Makes the sample registry: trains its models, logs them with MLflow, and writes them as folders beside this file.

    pip install -r sample_registry/requirements.txt
    python sample_registry/make.py            # replaces the models' folders; README.md files are written by people
    python sample_registry/make.py --check    # loads every model with MLflow and looks for what must not be there

sitegen itself needs none of this: it reads the files. `making/` has a module per model, `making/export.py` says how
a run becomes a folder. A rerun with the same packages gives the same bytes.
"""

import argparse
import contextlib
import logging
import os
import shutil
import sys
import tempfile
import warnings
from datetime import UTC, datetime
from pathlib import Path

os.environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "GIT_PYTHON_REFRESH": "quiet", "MPLBACKEND": "Agg"}
sys.dont_write_bytecode = True  # a model in Python code would leave __pycache__ among its files
warnings.filterwarnings("ignore")

import mlflow  # noqa: E402 (reads the environment)
from making import check, diabetes, forest, heart, images, plain, text  # noqa: E402
from making.export import Place, export_model, export_version, unregistered  # noqa: E402

HERE = Path(__file__).resolve().parent
TRAINED = (diabetes.train, heart.train, images.train, forest.train, text.train, plain.train_legacy, plain.train_loose)


def day(number: int, hour: int, minute: int, month: int = 11, year: int = 2026) -> datetime:
    """A moment of the story that the sample tells, UTC."""
    return datetime(year, month, number, hour, minute, tzinfo=UTC)


# By registered model and MLflow's number of the version. Not every version is written in the same forms: together
# they show all that sitegen reads.
PLACES: dict[str, dict[str, Place]] = {
    diabetes.NAME: {
        "1": Place(folder="diabetes-regression/1", created=day(2, 9, 14)),
        "2": Place(folder="diabetes-regression/2", created=day(4, 15, 40), params="yaml", metrics="yaml"),
        "3": Place(folder="diabetes-regression/3", created=day(10, 11, 5)),
        "4": Place(folder="diabetes-regression/4", created=day(18, 8, 52), metrics="folder", params="folder"),
    },
    heart.NAME: {
        "1": Place(folder="heart-disease-classifier/1", created=day(3, 10, 30)),
        "2": Place(folder="heart-disease-classifier/2", created=day(9, 16, 20), metrics="csv", tags="yaml"),
        "3": Place(folder="heart-disease-classifier/3", created=day(17, 13, 45)),
    },
    images.NAME: {
        "1": Place(
            folder="breast-cancer-image-classifier/1",
            created=day(6, 12, 0, 10, 2021),
            # the ids of this example in Microsoft's course on MLflow; one of them has dashes
            run_id="e13da8ac-b1e6-45d4-a9b2-6a0a5cfac537",
            model_uuid="e694c68eba484299976b06ab9058f636",
        ),
    },
    forest.NAME: {
        "1": Place(folder="RandomForestRegressionModel/1", created=day(5, 9, 0)),
        "2": Place(folder="RandomForestRegressionModel/2", created=day(12, 9, 0), metrics="steps", tags="folder"),
    },
    text.NAME: {
        "1": Place(folder="text-scorer/1.0.0", created=day(11, 14, 10), params="csv", tags="csv"),
        "2": Place(folder="text-scorer/1.1.0", created=day(19, 10, 25), tags="model.yaml", alias_here=True),
    },
    plain.LEGACY: {
        "1": Place(folder="legacy-no-signature/v1", created=day(2, 7, 30)),
        "2": Place(folder="legacy-no-signature/v2", created=day(13, 7, 45)),
    },
}
LOOSE = {"churn-baseline": Place(folder="experiments/churn-baseline", created=day(16, 17, 35))}


def make(target: Path) -> None:
    """Trains everything in a temporary store and exports it to `target`."""
    with tempfile.TemporaryDirectory() as temporary, contextlib.chdir(temporary):
        mlflow.set_tracking_uri("sqlite:///mlflow.db")  # artifacts go to ./mlruns
        for train in TRAINED:
            train()
        for name, places in PLACES.items():
            export_model(name, places, target)
        for name, place in LOOSE.items():
            export_version(unregistered(name), place, target)


def replace(made: Path, registry: Path) -> None:
    """Puts the folders that were made in place of the old ones, and keeps the README.md files."""
    for folder in sorted(path for path in made.iterdir() if path.is_dir()):
        for card in (registry / folder.name).rglob("README.md"):
            kept = made / card.relative_to(registry)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(card, kept)
        shutil.rmtree(registry / folder.name, ignore_errors=True)
        shutil.copytree(folder, registry / folder.name)


def main() -> int:
    """Makes the registry, or checks it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="load and call every model instead of making them")
    logging.disable(logging.WARNING)  # MLflow warns about pickle, stages and its database
    if parser.parse_args().check:
        return check.report(HERE)
    with tempfile.TemporaryDirectory() as temporary:
        make(Path(temporary))
        replace(Path(temporary), HERE)
    return check.report(HERE)


if __name__ == "__main__":
    raise SystemExit(main())
