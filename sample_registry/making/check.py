"""Whether the registry is what it claims to be: models load and predict, cards tell the truth, nothing is private."""

import json
import platform
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import yaml
from mlflow.exceptions import MlflowException
from mlflow.models import Model, validate_schema

BUDGET = 3_000_000  # bytes: the registry is part of the repository


def report(registry: Path) -> int:
    """Prints what was found, model by model; 1 if something is wrong."""
    wrong = []
    for mlmodel in sorted(registry.glob("**/MLmodel")):
        folder = mlmodel.parent
        said, problems = tried(folder)
        wrong += problems
        files = [path for path in folder.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1000
        print(f"{folder.relative_to(registry).as_posix():34} {len(files):3} files {size:7.1f} kB  {said}")
    wrong += [*private(registry), *untrue_cards(registry)]
    whole = sum(path.stat().st_size for path in registry.rglob("*") if path.is_file())
    if whole > BUDGET:
        wrong.append(f"the registry has {whole} bytes, the budget is {BUDGET}")
    print(f"{whole / 1000:.1f} kB in all, {len(wrong)} problems", *wrong, sep="\n  ")
    return 1 if wrong else 0


def tried(folder: Path) -> tuple[str, list[str]]:
    """Loads a model and calls it with its input example: what to say of it, and what is wrong."""
    model = Model.load(folder)
    if "fastai" in model.flavors:  # MLflow 3 has no such flavor, and there is no learner to load
        return "MLmodel read; a placeholder", []
    loaded = mlflow.pyfunc.load_model(str(folder))
    example = model.load_input_example(str(folder))
    if example is None:  # then all zeros must do
        zeros = np.zeros((1, loaded.get_raw_model().n_features_in_))
        return f"predicted {shown(loaded.predict(zeros))} of zeros; no input example", []
    predicted = loaded.predict(example, params=model.load_input_example_params(str(folder)))
    if optional := model.signature.inputs.optional_input_names():
        loaded.predict(example.drop(columns=optional, errors="ignore"))  # they may be absent: this must not raise
    promised = model.signature.outputs
    named = not promised.is_tensor_spec() and promised.has_input_names() and isinstance(predicted, np.ndarray)
    try:  # MLflow itself checks inputs only; an array has no names, the signature gives it one
        validate_schema(pd.DataFrame(predicted, columns=promised.input_names()) if named else predicted, promised)
    except MlflowException as why:
        return "predicted", [f"{folder}: predicts what the signature does not promise: {why}"]
    return f"predicted {shown(predicted)}", []


def shown(predicted) -> str:
    """The first prediction, short."""
    first = predicted.iloc[0].to_dict() if isinstance(predicted, pd.DataFrame) else np.asarray(predicted)[0]
    return str(first)[:70]


def private(registry: Path) -> Iterator[str]:
    """Files that name a folder, the user or the computer on which they were made."""
    words = {str(registry), str(Path.home()), tempfile.gettempdir(), "file:/"}
    words |= {name for name in (Path.home().name, platform.node()) if len(name) > 4}  # shorter ones occur by chance
    tops = sorted({mlmodel.relative_to(registry).parts[0] for mlmodel in registry.glob("**/MLmodel")})
    for path in sorted(path for top in tops for path in (registry / top).rglob("*") if path.is_file()):
        content = path.read_bytes()
        for word in sorted(words):
            if re.search(rb"(?<![\w.])" + re.escape(word.encode()) + rb"(?!\w)", content):
                yield f"{path.relative_to(registry)}: {word}"


def untrue_cards(registry: Path) -> Iterator[str]:
    """Tables of a card with a column `version`: what stands in the column of a metric must be its value, rounded."""
    for card in sorted(registry.glob("*/**/README.md")):
        header: list[str] = []
        for line in card.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip(" `*") for cell in line.strip("| ").split("|")] if line.startswith("|") else []
            if not cells or cells[0] in ("", "version"):
                header = cells
            elif header and cells[0] and not cells[0].startswith("--"):
                metrics = latest(card.parent / cells[0])
                for key, cell in zip(header, cells, strict=False):
                    if key in metrics and cell != f"{metrics[key]:.{len(cell.partition('.')[2])}f}":
                        yield f"{card.relative_to(registry)}: {key} of {cells[0]} is {metrics[key]}, not {cell}"


def latest(folder: Path) -> dict[str, float]:
    """The metrics of a version, from whichever form they have."""
    if (folder / "metrics.json").exists():
        return json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    if (folder / "metrics.yaml").exists():
        return yaml.safe_load((folder / "metrics.yaml").read_text(encoding="utf-8"))
    if (folder / "metrics.csv").exists():
        table = pd.read_csv(folder / "metrics.csv")
        return table.iloc[-1].to_dict() if "step" in table else dict(zip(table["key"], table["value"], strict=True))
    files = [path for path in (folder / "metrics").rglob("*") if path.is_file()]
    lines = {path.relative_to(folder / "metrics").as_posix(): path.read_text().splitlines()[-1] for path in files}
    return {key: float(line.split()[1]) for key, line in lines.items()}
