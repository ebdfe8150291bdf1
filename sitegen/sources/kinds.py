"""The table of source kinds: how a location is recognised and opened, and which commands its kind does not support."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Diagnostic
from sitegen.settings.cache_folder import cache_folder
from sitegen.settings.settings import DEFAULT_REGISTRY
from sitegen.sources.database.store import Database
from sitegen.sources.server.address import PAGE, is_address, parse_address
from sitegen.storage.location import HERE, is_remote, normalize, scheme, to_absolute
from sitegen.storage.tree import Tree, open_local_tree

SQLITE = "sqlite:///"
"""The prefix with which MLflow's users write the path of a database."""

SERVER = "server"
"""The path of the store of a tracking server, so that pages do not publish its URL."""

Progress = Callable[[int, int], None]
"""Takes the number of items that have just been fetched from a server, and the number of all items to fetch."""


class FetchOptions(NamedTuple):
    """How a registry is copied to this machine, where its kind needs that.

    The copy is in the folder `cache`, or in the user's cache folder; `page` is the number of results per response.
    `minutes` is the longest time of the whole fetch.
    """

    cache: Path | None = None
    page: int = PAGE
    progress: Progress = lambda *_: None
    minutes: float = DEFAULT_REGISTRY.fetch_minutes


class RegistryFiles(NamedTuple):
    """An open registry whose models are not known yet.

    `database` is the name of a file in `tree` that must be a database. `mirror` is the only store of a registry that
    was copied from a server. `problems` are those of copying.
    """

    tree: Tree
    database: str | None = None
    mirror: Database | None = None
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SourceKind:
    """One kind of location of a registry.

    `recognizes` and `identify` take a location as the user wrote it; `identify` gives the text that distinguishes the
    registry from all others on this machine, without credentials. `open_files` raises SitegenError when nothing is
    there. `watch_refusal` and `cluster_refusal` say why the preview cannot watch such a registry and why a Dask cluster
    cannot see it; they are empty where it is possible. `fetches` is true where opening copies items one by one.
    """

    name: str
    recognizes: Callable[[str], bool]
    open_files: Callable[[str, FetchOptions], RegistryFiles]
    identify: Callable[[str], str] = to_absolute
    watch_refusal: str = ""
    cluster_refusal: str = ""
    fetches: bool = False


def kind_of(location: str) -> SourceKind:
    """The kind of a location: the first row of the table that recognises it."""
    return next(kind for kind in KINDS if kind.recognizes(location))


def find_root(location: str) -> tuple[str, str | None]:
    """The root folder of a registry on this machine, and the name of the database in it that the location names.

    Raises SitegenError when the location is neither a folder nor a file.
    """
    if not location:
        raise SitegenError("REGISTRY is empty: name a folder, a database or a URL")
    path = location.removeprefix(SQLITE).partition("?")[0] if location.startswith(SQLITE) else location
    if not os.path.exists(path):
        raise SitegenError(f"{location} does not exist")
    if os.path.isdir(path):
        return os.path.abspath(path), None
    if os.path.isfile(path):
        return os.path.split(os.path.realpath(path))  # artifacts are next to the file, not next to a link to it
    raise SitegenError(f"{location} is neither a folder nor a database")


def _open_path(location: str, _: FetchOptions) -> RegistryFiles:
    root, name = find_root(normalize(location))
    return RegistryFiles(open_local_tree(root), name)


def _open_storage(location: str, _: FetchOptions) -> RegistryFiles:
    from sitegen.storage.object_store.tree import open_tree  # imports fsspec

    return RegistryFiles(*open_tree(normalize(location)))


def _open_server(location: str, options: FetchOptions) -> RegistryFiles:
    from sitegen.sources.server.fetch import fetch  # imports threads and more that no other kind needs

    cache = options.cache or cache_folder(None)
    tree, problems = fetch(parse_address(location), cache, options.page, options.minutes, options.progress)
    return RegistryFiles(tree, mirror=Database(tree.file, SERVER), problems=problems)


def _identify_server(location: str) -> str:
    return parse_address(location).url


_WATCH_REFUSAL = "serve needs a local folder or database; use sitegen build for other registries"

KINDS = (
    SourceKind(
        name="tracking server",
        recognizes=is_address,
        open_files=_open_server,
        identify=_identify_server,
        watch_refusal=_WATCH_REFUSAL,
        cluster_refusal="a tracking server is copied to this machine, where a cluster cannot read it",
        fetches=True,
    ),
    SourceKind(
        name="memory",
        recognizes=lambda location: scheme(location) == HERE,
        open_files=_open_storage,
        watch_refusal=_WATCH_REFUSAL,
        cluster_refusal=f"{HERE}:// exists in this process only; a cluster cannot reach it",
    ),
    SourceKind(name="storage", recognizes=is_remote, open_files=_open_storage, watch_refusal=_WATCH_REFUSAL),
    SourceKind(
        name="file URL",
        recognizes=lambda location: scheme(location) == "file",
        open_files=_open_path,
        watch_refusal=_WATCH_REFUSAL,
    ),
    SourceKind(name="path", recognizes=lambda _: True, open_files=_open_path),
)
"""All kinds; of several rows that recognise a location the first counts. A path or `sqlite:///` is the last."""
