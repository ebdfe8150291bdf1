"""Fetching the files of a run or logged model from a server: a listing of all, the bytes of parsed ones."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sitegen.sources.directory.model_folder import has_parser
from sitegen.sources.reading import MAX_METADATA_BYTES
from sitegen.sources.server.client import TrackingServer
from sitegen.sources.server.failures import RefusedError
from sitegen.sources.server.limits import one_search
from sitegen.sources.server.rows import Entity, Rows
from sitegen.storage.scan import MAX_DEPTH

MAX_FILES = 2000
"""Files of one run or logged model that are listed; a run may have logged a million images."""

_HALF = re.compile("[\ud800-\udfff]")
_API = "/api/2.0/mlflow"


@dataclass(frozen=True)
class Root:
    """The artifact root of a run or logged model, and its endpoints. `path` is its folder in the mirror."""

    path: str
    list: str
    get: str
    ids: tuple[tuple[str, str], ...]
    folder: str
    file: str


def run_root(run: Entity) -> Root:
    """The files of a run."""
    id = run.info.run_id
    path = f"{run.info.experiment_id}/{id}/artifacts"
    return Root(path, f"{_API}/artifacts/list", "/get-artifact", (("run_id", id), ("run_uuid", id)), "path", "path")


def logged_root(model: Entity) -> Root:
    """The files of a logged model."""
    place = f"/mlflow/logged-models/{model.model_id}/artifacts"
    return Root(
        path=f"{model.experiment_id}/models/{model.model_id}/artifacts",
        list=f"/api/2.0{place}/directories",
        get=f"/ajax-api/2.0{place}/files",
        ids=(),
        folder="artifact_directory_path",
        file="artifact_file_path",
    )


def fetch_files(server: TrackingServer, root: Root) -> tuple[Rows, bool]:
    """All files with the contents of parsed ones, and whether the answer is complete.

    Raises GoneError, and RefusedError when the files cannot be listed.
    """
    with one_search():
        sizes, cut = _list_files(server, root)
    rows: list[tuple[Any, ...]] = []
    models = {path.rpartition("/")[0] for path in sizes if path.rpartition("/")[2] == "MLmodel"}
    for path, size in sorted(sizes.items()):
        names = (path[len(model) :].lstrip("/") for model in _around(path, models))
        if size <= MAX_METADATA_BYTES and any(map(has_parser, names)):
            rows.append(_fetch_file(server, root, path, size))
        else:
            rows.append((f"{root.path}/{path}", size, 0, None, None, None))  # known by name and size alone
    note = ("too-many-files", f"only the first {MAX_FILES:,} files are listed", root.path)
    return {"files": rows, "notes": [note] if cut else []}, not any(row[-1] for row in rows)


def _around(path: str, models: set[str]) -> Iterator[str]:
    """The folders of models that contain a file."""
    parts = path.split("/")[:-1]
    return (folder for n in range(len(parts) + 1) if (folder := "/".join(parts[:n])) in models)


def _list_files(server: TrackingServer, root: Root) -> tuple[dict[str, int], bool]:
    """Paths with sizes, and whether there are more than are listed."""
    found: dict[str, int] = {}
    folders = [""]
    for folder in folders:  # it grows on the way
        asked = dict(root.ids) | ({root.folder: folder} if folder else {})
        for one in server.listing(root.list, asked):
            path = one["path"]
            if path.rpartition("/")[0] != folder or not _is_file_name(path.rpartition("/")[2]):
                continue  # a path outside the listed folder
            if one.get("is_dir") is True:
                folders += [path] if path.count("/") < MAX_DEPTH else []
            else:
                found[path] = _size(one.get("file_size"))
            if len(found) + len(folders) > MAX_FILES:
                return found, True
    return found, False


def _size(stated: object) -> int:
    """A size, which JSON may hold as a number or, as Google writes it, as a text."""
    text = str(stated)
    return min(int(text), 2**62) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _is_file_name(name: str) -> bool:
    """Whether a name is valid for a file: no `..`, no null byte, no surrogates, which JSON may hold."""
    return name not in ("", ".", "..") and "\0" not in name and not _HALF.search(name)


def _fetch_file(server: TrackingServer, root: Root, path: str, size: int) -> tuple[Any, ...]:
    """The row of a file that is parsed. Raises GoneError."""
    whole = f"{root.path}/{path}"
    try:
        data = server.content(root.get, dict(root.ids) | {root.file: path}, MAX_METADATA_BYTES)
    except RefusedError as error:
        return whole, size, 0, None, None, f"the server does not give it: {error}"
    if data is None:
        return whole, MAX_METADATA_BYTES + 1, 0, None, None, None
    sha256 = hashlib.sha256(data)
    stamp = int.from_bytes(sha256.digest()[:7])  # like a time long ago, so that it is trusted
    return whole, len(data), stamp, sha256.hexdigest(), data, None
