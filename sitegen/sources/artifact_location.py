"""Resolving stored artifact addresses, which often come from other machines, to folders below the root."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote

from sitegen.storage.scan import MAX_DEPTH

RUN_PATH = re.compile(r"(?:^|/)([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/artifacts(?:/|$)")
MODEL_PATH = re.compile(r"(?:^|/)models/(m-[0-9a-f]{32})/artifacts(?:/|$)")
MODEL_URI = re.compile(r"models:/(m-[0-9a-f]{32})$")
RUNS_URI = re.compile(r"runs:/+([^/]+)/?(.*)$")
ABSOLUTE = re.compile(r"[/\\]|\w+:")

MAX_PARTS = MAX_DEPTH + 1
"""Components of the longest path of a folder."""


@dataclass
class ModelFolders:
    """The folders that hold an MLmodel, indexed by the ids in their paths."""

    folders: frozenset[str]
    runs: dict[str, dict[str, str]] = field(default_factory=dict)
    """Run id -> path inside the run's artifacts -> folder."""
    models: dict[str, str] = field(default_factory=dict)
    """Id of a logged model -> folder."""

    @cached_property
    def suffixes(self) -> dict[str, str]:
        """Suffix of a path, of two components or more -> the folder nearest to the root that has it.

        Computed on demand, because most registries never need it.
        """
        found: dict[str, str] = {}
        for folder in sorted(self.folders, key=lambda path: (path.count("/"), path)):
            end = folder
            while "/" in end:
                found.setdefault(end, folder)
                end = end.partition("/")[2]
        return found


def group_folders(folders: Iterable[str]) -> ModelFolders:
    """Index the folders by ids; of two with the same ids (a copied store) the first by path counts."""
    found = ModelFolders(frozenset(folders))
    for folder in sorted(filter(may_have_ids, found.folders)):
        ids = ids_of(folder)
        if ids.model:
            found.models.setdefault(ids.model, folder)
        elif ids.run:
            found.runs.setdefault(ids.run, {}).setdefault(ids.inside, folder)
    return found


class Ids(NamedTuple):
    """The ids in the path of a folder, and `inside`, the path inside the run's artifacts."""

    run: str | None = None
    model: str | None = None
    experiment: str | None = None
    inside: str = ""


NO_IDS = Ids()


def may_have_ids(path: str) -> bool:
    """A fast check whether a path may hold ids; most registries have none."""
    return "artifacts" in path


def ids_of(path: str) -> Ids:
    """The ids in a path such as `<experiment>/<run>/artifacts/<path>` or `<experiment>/models/m-<id>/artifacts`."""
    if not may_have_ids(path):
        return NO_IDS
    for pattern in (MODEL_PATH, RUN_PATH):
        matches = list(pattern.finditer(path))
        if matches:
            last = matches[-1]
            experiment = path[: last.start()].rpartition("/")[2] or None
            if pattern is MODEL_PATH:
                return Ids(model=last[1], experiment=experiment, inside=path[last.end() :])
            return Ids(run=last[1], experiment=experiment, inside=path[last.end() :])
    return NO_IDS


def find_folder(addresses: Iterable[str], found: ModelFolders, run: str | None, model: str | None) -> str | None:
    """Find the folder below the root that a version's addresses mean; None where there is none.

    Ids count first, because they are the same on every machine; then the longest suffix of an address.
    """
    addresses = tuple(addresses)
    for address in addresses:
        if match := MODEL_URI.match(address):
            model = match[1]
    if model and model in found.models:
        return found.models[model]
    for address in addresses:
        folder = _find_by_ids(address, found)
        if folder is None and ids_of(_path(address)) == NO_IDS:
            folder = _find_by_suffix(address, found)
        if folder is not None:
            return folder
    inside = found.runs.get(run or "", {})
    return next(iter(inside.values())) if len(inside) == 1 else None


def _find_by_ids(address: str, found: ModelFolders) -> str | None:
    match = RUNS_URI.match(address)
    if match:
        return found.runs.get(match[1], {}).get(match[2].strip("/"))
    ids = ids_of(_path(address))
    if ids.model and ids.model in found.models:
        return found.models[ids.model]
    return found.runs.get(ids.run or "", {}).get(ids.inside.strip("/"))


def _find_by_suffix(address: str, found: ModelFolders) -> str | None:
    """The folder that has the longest suffix of the address, of at least two components.

    One component is enough for a relative address only: half of all models lie in a folder `model`. Addresses of runs
    and registered models name no folder.
    """
    if address.startswith(("runs:/", "models:/")):
        return None
    parts = _path(address).split("/")[-MAX_PARTS:]
    for start in range(len(parts) - 1):
        folder = found.suffixes.get("/".join(parts[start:]))
        if folder is not None:
            return folder
    return parts[-1] if parts[-1] in found.folders and parts[-1] and not ABSOLUTE.match(address) else None


def _path(address: str) -> str:
    """The path of an address without scheme, with `/` and without a leading slash."""
    scheme, separator, rest = address.partition(":/")
    path = rest if separator and len(scheme) > 1 else address
    return unquote(path).replace("\\", "/").strip("/")
