"""Generated registries in the directory layout: eight files a version, 12 input columns, 8 metrics, 10 params, 4 tags.

    python -m tests.campaigns.bench.registry FOLDER --models 100 --versions 100

The same numbers give the same bytes.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

THEMES = ("churn", "credit", "demand", "fraud", "pricing", "ranking", "search", "vision")
TYPES = ("double", "long", "string", "integer", "boolean", "datetime")
METRICS = ("accuracy", "auc", "f1", "log_loss", "precision", "recall", "rmse", "seconds")
PARAMS = ("alpha", "bins", "depth", "estimators", "l1", "l2", "learning_rate", "min_leaf", "seed", "subsample")
PACKAGES = ("cloudpickle", "mlflow", "numpy", "pandas", "scikit-learn", "scipy")
COLUMNS = 12

MLMODEL = """artifact_path: model
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    predict_fn: predict
    python_version: 3.11.{minor}
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.{minor}.0
is_signature_from_type_hint: false
mlflow_version: 3.{minor}.0
model_size_bytes: {size}
model_uuid: {id}
prompts: null
run_id: {run}
signature:
  inputs: '{inputs}'
  outputs: '[{{"type": "double", "name": "prediction", "required": true}}]'
  params: null
type_hint_from_example: false
utc_time_created: '2026-{month:02d}-{day:02d} 10:{minute:02d}:00.000000'
"""
CONDA = "channels:\n- conda-forge\ndependencies:\n- python=3.11\n- pip\n- pip:\n{lines}name: mlflow-env\n"
PYTHON_ENV = (
    "python: 3.11.7\nbuild_dependencies:\n- pip==25.0\n- setuptools\n- wheel\ndependencies:\n- -r requirements.txt\n"
)


def generate(root: Path, models: int, versions: int) -> None:
    """Write the registry; versions in the second half of a long history have one column more."""
    for model in range(models):
        name = f"{THEMES[model % len(THEMES)]}-{model:05d}"
        for version in range(1, versions + 1):
            folder = root / name / str(version)
            folder.mkdir(parents=True)
            for path, text in _files(model, version):
                (folder / path).write_text(text, encoding="utf-8")


def _files(model: int, version: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(f"{model}/{version}")
    columns = [
        {"type": TYPES[(number + model) % len(TYPES)], "name": f"feature_{number:02d}", "required": number % 5 != 0}
        for number in range(COLUMNS + (version > 50))
    ]
    requirements = [
        f"{package}=={chance.randrange(9)}.{chance.randrange(30)}.{chance.randrange(9)}" for package in PACKAGES
    ]
    id_ = f"{chance.getrandbits(128):032x}"
    yield (
        "MLmodel",
        MLMODEL.format(
            minor=model % 9,
            size=chance.randrange(10**4, 10**8),
            id=id_,
            run=id_[::-1],
            inputs=json.dumps(columns),
            month=1 + version % 12,
            day=1 + model % 28,
            minute=version % 60,
        ),
    )
    yield "metrics.json", json.dumps({name: round(chance.random(), 6) for name in METRICS}, indent=1)
    yield "params.json", json.dumps({name: chance.choice([chance.randrange(999), "auto"]) for name in PARAMS}, indent=1)
    yield (
        "tags.json",
        json.dumps(
            {
                "owner": THEMES[model % len(THEMES)],
                "stage": ("staging", "production", "archived")[version % 3],
                "commit": id_[:12],
                "task": "classification",
            },
            indent=1,
        ),
    )
    yield "requirements.txt", "".join(f"{line}\n" for line in requirements)
    yield "conda.yaml", CONDA.format(lines="".join(f"  - {line}\n" for line in requirements))
    yield "python_env.yaml", PYTHON_ENV
    yield "model.pkl", "a placeholder: nobody loads it\n"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", type=int, default=100)
    parser.add_argument("--versions", type=int, default=100, help="of each model")
    options = parser.parse_args()
    generate(options.folder, options.models, options.versions)


if __name__ == "__main__":
    main()
