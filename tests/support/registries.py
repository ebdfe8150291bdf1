"""Registries for tests: files from texts, and the files that MLflow writes."""

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

Files = dict[str, str | bytes]
"""Contents by path."""

COLUMNS = [{"type": "double", "name": "bmi", "required": True}, {"type": "long", "name": "age", "required": True}]
ONE = [{"type": "double", "required": True}]

NAMES = (
    *("with space", "what?", "100%", "#1", "it's", 'say "hi"', "<script>alert(1)<script>", "\u202egnp", "a&b", "a;b"),
    *("new\nline", "tab\there", "back\\slash", "$(id)", "`id`", "-dash", "..dots", "con", "CON", "ünïcode", "e\u0301"),
    *("Model", "model", "MODEL", "x" * 200, "\x1b[31mred", "😀", "index.html", "api", "{{ 7 }}", "%00", "a:b", "*"),
)
"""What people and others call folders."""


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def mlmodel(inputs: object = None, outputs: object = None, params: object = None, **fields: object) -> str:
    """The text of an MLmodel file; parts of the signature are written as JSON texts."""
    parts = {"inputs": inputs, "outputs": outputs, "params": params}
    stated = {name: None if part is None else json.dumps(part) for name, part in parts.items()}
    flavors = {"python_function": {"loader_module": "mlflow.sklearn", "python_version": "3.11.9"}}
    signature = {"signature": stated} if any(stated.values()) else {}
    return yaml.safe_dump({"flavors": flavors, **signature, **fields})


SIGNED = mlmodel(COLUMNS, ONE)


def layout(name: str, version: str, **files: str | bytes) -> Files:
    """A version of the directory layout; `metrics_json="..."` is the file `metrics.json`."""
    own = {path.replace("_json", ".json").replace("_yaml", ".yaml"): content for path, content in files.items()}
    return {f"{name}/{version}/{path}": content for path, content in ({"MLmodel": SIGNED} | own).items()}


# --- MLflow's file store ---------------------------------------------------------------------------------------


def experiment(id: str, name: str, store: str = "mlruns") -> Files:
    """An experiment."""
    return {f"{store}/{id}/meta.yaml": yaml.safe_dump({"experiment_id": id, "name": name, "lifecycle_stage": "active"})}


def run(
    experiment: str,
    id: str,
    *,
    metrics: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    model: str | None = SIGNED,
    store: str = "mlruns",
    **meta: object,
) -> Files:
    """A run with the model that it logged, if any. Metrics are the texts of MLflow's files."""
    place = f"{store}/{experiment}/{id}"
    facts = {"experiment_id": experiment, "run_id": id, "run_name": f"run-{id[:4]}", "status": 3, "user_id": "someone"}
    files: Files = {f"{place}/meta.yaml": yaml.safe_dump({**facts, "lifecycle_stage": "active", **meta})}
    for folder, pairs in (("metrics", metrics), ("params", params), ("tags", tags)):
        files |= {f"{place}/{folder}/{key}": text for key, text in (pairs or {}).items()}
    return files | ({} if model is None else {f"{place}/artifacts/model/MLmodel": model})


def registered(name: str, *versions: Mapping[str, object], store: str = "mlruns", **meta: object) -> Files:
    """A registered model with its versions, each given by the fields of its meta.yaml."""
    place = f"{store}/models/{name}"
    files: Files = {f"{place}/meta.yaml": yaml.safe_dump({"name": name, **meta})}
    for number, fields in enumerate(versions, 1):
        own = {"name": name, "version": number, "current_stage": "None", **fields}
        files[f"{place}/version-{own['version']}/meta.yaml"] = yaml.safe_dump(own)
    return files


RUNS = ("1a" * 16, "2b" * 16, "3c" * 16)


def auc(value: float) -> str:
    """A metrics.json."""
    return json.dumps({"auc": value})


def every_layout() -> Files:
    """A registry of every layout: three versions of a folder, two of a store, a run, a loose folder; an empty file."""
    found: Files = {"churn/model.yaml": "aliases: {champion: 2}\n", "churn/README.md": "# Churn\n"}
    for number in (1, 2, 3):
        found |= layout("churn", str(number), metrics_json=auc(0.8 + number / 100), params_json='{"lr": 0.1}', empty="")
    found |= experiment("1", "prices")
    for number, id in enumerate(RUNS):
        found |= run("1", id, metrics={"rmse": f"1767434400000 {9 - number}.5 0\n"}, params={"depth": str(number)})
    versions = [{"run_id": id, "source": f"runs:/{id}/model", "creation_timestamp": 1767434500000} for id in RUNS[:2]]
    found |= registered("price", *versions, aliases={"champion": "1"})
    return found | {"loose/MLmodel": SIGNED, "other/1/MLmodel": SIGNED, "other/2/MLmodel": SIGNED}
