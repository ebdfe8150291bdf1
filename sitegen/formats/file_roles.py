"""The role of each file in the folder of a model, and the files that its flavors need."""

from collections.abc import Iterable

from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.model import Flavor

DATA_KEYS = (
    *("data", "model_path", "pickled_model", "model_data", "saved_model_dir", "serialized_explainer"),
    *("model_binary", "adapter_weights", "entry", "model_file", "python_model"),
)
"""Keys of flavors whose value is the path of the trained model; the name differs by library."""

CODE = "code that the model needs"
TRAINED_MODEL = "trained model"
PICKLED_MODEL = "trained model, pickled: loading it runs code"
ROLE_BY_NAME = {
    "MLmodel": "the model's metadata: how to load it, what goes in and comes out",
    "conda.yaml": "Anaconda environment needed to run the model",
    "python_env.yaml": "Python environment needed to run the model; refers to requirements.txt",
    "requirements.txt": "Python packages required to run the model",
    "input_example.json": "example input logged with the model",
    "serving_input_example.json": "the example as a request body for a scoring server",
    "environment_variables.txt": "names of environment variables that the model reads",
    "registered_model_meta": "name and version under which the model was registered",
    "model.yaml": "description, tags and aliases of this version",
    "README.md": "model card",
    "uv.lock": "exact packages of the environment it was logged from",
    "pyproject.toml": "project that the model was logged from",
}
SIDECARS = {"metrics": "metrics", "params": "hyperparameters", "tags": "tags"}
SUFFIXES = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"), "image"),
    **dict.fromkeys((".csv", ".tsv", ".parquet"), "table"),
    ".json": "JSON data",
    ".html": "report",
    ".md": "text",
    ".txt": "text",
    ".log": "log",
    ".py": "code",
    **dict.fromkeys((".pkl", ".pickle", ".cloudpickle", ".dill", ".joblib"), "pickled object"),
    ".onnx": "ONNX model",
}


def roles(flavors: Iterable[Flavor]) -> dict[str, str]:
    """Path -> role of the files and folders that the flavors name."""
    named: dict[str, str] = {}
    for flavor in flavors:
        for key, value in flavor.keys.items():
            if not isinstance(value, str) or not value:
                continue
            if key == "code":
                named[value] = CODE
            elif key == "model_code_path":
                named[value.rpartition("/")[2]] = "the model, as code"
            elif key in DATA_KEYS:
                named[value] = PICKLED_MODEL if value.endswith((".pkl", ".pickle")) else TRAINED_MODEL
    return named


def role(path: str, named: dict[str, str]) -> str:
    """The role of the file at `path`, relative to the model folder; `named` is the result of `roles`."""
    if path in named:
        return named[path]
    if path in ROLE_BY_NAME:
        return ROLE_BY_NAME[path]
    first, _, rest = path.partition("/")
    if rest and first in named:
        return named[first]
    if rest and first in SIDECARS:
        return SIDECARS[first]
    stem, dot, suffix = path.rpartition(".")
    if stem in SIDECARS and suffix in ("json", "yaml", "yml", "csv"):
        return SIDECARS[stem]
    return SUFFIXES.get(dot + suffix.lower(), "logged file")


def missing_files(flavors: Iterable[Flavor], paths: Iterable[str]) -> dict[str, list[str]]:
    """The files and folders that flavors need and `paths` lacks, each with the names of those flavors."""
    present = set(paths)
    absent: dict[str, list[str]] = {}
    for flavor in flavors:
        for path in required_paths(flavor):
            if path not in present:
                absent.setdefault(path, []).append(flavor.name)
    folders = _folders(present) if absent else set()
    return {path: names for path, names in absent.items() if path not in folders}


def _folders(paths: Iterable[str]) -> set[str]:
    """All parent folders of the paths."""
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


@memoize_by_identity(512)
def required_paths(flavor: Flavor) -> tuple[str, ...]:
    """The files and folders that a flavor names. Cached, since versions share flavors."""
    paths = [value for key, value in flavor.keys.items() if key in _PATH_KEYS and isinstance(value, str)]
    return (*_relative(paths), *environment_paths(flavor))


def environment_paths(flavor: Flavor) -> list[str]:
    """The files that a flavor names as descriptions of its environment."""
    env = flavor.keys.get("env")
    return _relative(value for value in (env.values() if isinstance(env, dict) else [env]) if isinstance(value, str))


def _relative(paths: Iterable[str]) -> list[str]:
    return [path.rstrip("/") for path in paths if path and path[0] != "/" and "://" not in path]


_PATH_KEYS = frozenset([*DATA_KEYS, "code"])
