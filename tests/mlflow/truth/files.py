"""MLmodel files: what sitegen reads from them and what MLflow reads from them, compared."""

import json
import math
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sitegen.domain.diagnostic import Loaded
from sitegen.domain.model import MLmodel, Version
from sitegen.formats.mlmodel import parse_mlmodel
from sitegen.formats.text import decode
from sitegen.site import json_api
from tests.mlflow.truth.asking import HERE, ask
from tests.mlflow.truth.outcome import Outcome

FIELDS = ("flavors", "model_uuid", "mlflow_version")


def mlmodels(folders: Iterable[Path]) -> list[Path]:
    """Every MLmodel below the folders, without the twins in `metadata/`."""
    found = (path for folder in folders for path in sorted(folder.resolve().rglob("MLmodel")) if path.is_file())
    return [path for path in found if path.parent.name != "metadata"]


def compare_files(python: str, paths: list[Path]) -> Outcome:
    """Signature, flavors and ids of each file."""
    outcome = Outcome()
    for path, theirs in zip(paths, said_by(python, paths), strict=True):
        loaded = read(path)
        place = os.path.relpath(path)
        outcome.compare(place, "refused", refused(loaded), "refused" in theirs)
        if "refused" in theirs:
            continue
        ours = fields(loaded.value)
        for name in FIELDS:
            outcome.compare(place, name, plain(ours[name]), plain(theirs[name]))
        outcome.compare(place, "run_id", loaded.value.run_id if loaded.value else None, theirs["run_id"])
        for part in ("inputs", "outputs", "params"):
            own, other = ((one["signature"] or {}).get(part) for one in (ours, theirs))
            outcome.compare(place, part, plain(own), plain(other))
    return outcome


def compare_scripts(python: str, oracle: Path, paths: list[Path]) -> Outcome:
    """Our script in MLflow's Python and another one, where there is one: two views of the same MLflow."""
    outcome = Outcome()
    others = (json.loads(line) for line in ask(python, oracle, "--jsonl", *paths).splitlines())
    for path, own, other in zip(paths, said_by(python, paths), others, strict=True):
        place = os.path.relpath(path)
        outcome.compare(place, "scripts: refused", "refused" in own, not other["ok"])
        if other["ok"]:
            signature = own["signature"] or {}
            for part in ("inputs", "outputs"):
                columns = [
                    {"name": one["name"], "type": one["type"], "required": bool(one["required"]), "shape": one["shape"]}
                    for one in other[part] or []
                ]
                outcome.compare(place, f"scripts: {part}", signature.get(part) or [], columns)
            outcome.compare(place, "scripts: params", signature.get("params"), other["params"])
    return outcome


def read(path: Path) -> Loaded[MLmodel | None]:
    """A file as sitegen reads it."""
    text = decode(path.read_bytes(), path.name)
    return Loaded(None, text.problems) if text.value is None else parse_mlmodel(text.value, path.name)


def refused(loaded: Loaded[MLmodel | None]) -> bool:
    """Whether sitegen says that MLflow cannot load the file."""
    return any(found.rule == "signature-refused" or found.severity == "error" for found in loaded.problems)


def fields(mlmodel: MLmodel | None) -> dict[str, Any]:
    """The fields of the file as the API writes them."""
    found: dict[str, Any] = json.loads(json_api.dumps(json_api.version_fields(Version(name="1", mlmodel=mlmodel))))
    return found


def said_by(python: str, paths: list[Path]) -> Iterator[dict[str, Any]]:
    """What MLflow reads from each path."""
    answer = ask(python, HERE / "mlflow_files.py", lines="".join(f"{path}\n" for path in paths))
    return (json.loads(line) for line in answer.splitlines())


def plain(value: Any) -> Any:
    """A value with all numbers that JSON lacks as texts, so that values can be compared."""
    if isinstance(value, float) and not math.isfinite(value):
        return json_api.strict(value)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value
