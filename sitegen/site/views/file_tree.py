"""The tree of a version's files: sidecars and Spark's parts folded, with what each file is and who else has it."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from sitegen.analysis.pickle_danger import dangerous_imports
from sitegen.core.memoize import memoize_by_identity
from sitegen.core.text import reveal
from sitegen.domain.model import LoggedFile, PickleFile, Version
from sitegen.formats.file_roles import SIDECARS
from sitegen.formats.pickle_imports import MAX_BYTES, MAX_FILES
from sitegen.settings.settings import Files
from sitegen.site import display, urls
from sitegen.site.anchors import anchors
from sitegen.site.copy_names import copy_path, copy_source, preview_file, preview_images, registry_path

MAX_SAME = 3
"""Earlier versions with the same file that are named; the others are counted."""

MAX_OPEN = 30
"""Files of a folder at the top of the tree that are not folded."""

_SPARK_PART = re.compile(r"(?:^|/)(?:part-\d+|_SUCCESS$)")
_FOLDED_NOTES = {"metrics": "one per metric", "params": "one per param", "tags": "one per tag"}


class ImportsView(NamedTuple):
    """The imports of a pickle by module, those that may run any command first. `complete`: no more follow.

    `unread` says why the pickle was not read; empty for one that was.
    """

    dangerous: tuple[str, ...]
    modules: tuple[tuple[str, str], ...]
    total: int
    complete: bool
    unread: str = ""


class FileRow(NamedTuple):
    """A file, or a folder followed by its files. `url` is empty if the file is neither copied nor linked.

    `anchor` is the id of the row of a file; a folder has none. `same` names earlier versions with the same content.
    `folded` are the files of a folder that is folded; its `role` says how many they are.
    """

    depth: int
    name: str
    size: str = ""
    role: str = ""
    sha256: str = ""
    url: str = ""
    anchor: str = ""
    same: str = ""
    imports: ImportsView | None = None
    folded: "tuple[FileRow, ...]" = ()


class PreviewRow(NamedTuple):
    """An image that was logged with the version, the address of its copy, and the id of its row among the files."""

    name: str
    url: str
    anchor: str


def preview_rows(version: Version, settings: Files) -> tuple[PreviewRow, ...]:
    """The images of a version that its page shows."""
    images = preview_images(version, settings.preview)
    if not images:
        return ()
    paths = sorted((file.path for file in version.files), key=lambda path: path.split("/"))
    ids = dict(zip(paths, anchors("file", paths), strict=True))
    rows = ((image, ids.get(image.name, "")) for image in images)
    return tuple(PreviewRow(_shown_path(image.name), f"../{preview_file(image)}", anchor) for image, anchor in rows)


def file_rows(version: Version, same: Sequence[str], settings: Files) -> tuple[FileRow, ...]:
    """The tree: each folder once, followed by its content. `same` has a text for each file of the version."""
    shared = dict(zip(version.files, same, strict=True)) if any(same) else {}
    pickles = {pickle.path: pickle for pickle in version.pickles}
    files = sorted(version.files, key=lambda file: file.path.split("/"))
    rows: list[FileRow] = []
    entries = zip(files, anchors("file", [file.path for file in files]), strict=True)
    has_urls = bool(settings.url or settings.publish)
    for top, group in groupby(entries, key=lambda entry: _shown_path(entry[0].path).partition("/")[0]):
        leaves = [
            FileRow(
                depth=0,
                name=_shown_path(file.path),
                size=display.size(file.size),
                role=file.role,
                sha256=file.sha256 or "",
                url=_url(version, file, settings) if has_urls else "",
                anchor=anchor,
                same=shared.get(file, ""),
                imports=_imports_view(pickles[file.path]) if file.path in pickles else None,
            )
            for file, anchor in group
        ]
        rows += _branch(top, leaves, files)
    return tuple(rows)


def _branch(top: str, leaves: list[FileRow], files: Iterable[LoggedFile]) -> Iterable[FileRow]:
    """The rows of one entry at the top of the tree. A folder with a single file is one row with it."""
    if len(leaves) == 1:
        return leaves
    if top not in SIDECARS and len(leaves) <= MAX_OPEN and not any(_SPARK_PART.search(row.name) for row in leaves):
        return _indent(leaves)
    inner = tuple(row._replace(name=row.name.partition("/")[2]) for row in leaves)
    if top in SIDECARS:  # a file of one value: the value stands elsewhere on the page, and its digest in the API
        inner = tuple(row._replace(sha256="") for row in inner)
    sizes = sum(file.size for file in files if _shown_path(file.path).startswith(f"{top}/"))
    note = f"{len(leaves)} files" + (f", {_FOLDED_NOTES[top]}" if top in SIDECARS else "")
    return [FileRow(depth=0, name=f"{top}/", size=display.size(sizes), role=note, folded=inner)]


def _indent(leaves: Iterable[FileRow]) -> Iterable[FileRow]:
    """The files of one folder, after rows for the folders that they are in."""
    open_folders: list[str] = []
    for row in leaves:
        *folders, name = row.name.split("/")
        common = 0
        while common < min(len(folders), len(open_folders)) and folders[common] == open_folders[common]:
            common += 1
        for depth in range(common, len(folders)):
            yield FileRow(depth=min(depth, 3), name=folders[depth] + "/")
        open_folders = folders
        yield row._replace(depth=min(len(folders), 3), name=name)


def _shown_path(path: str) -> str:
    """The path in the tree: files that the run logged outside of the model are in a folder of the tree."""
    if not path.startswith("../"):
        return path
    inside = path.rpartition("/artifacts/")[2] if "/artifacts/" in path else path.lstrip("./")
    return f"logged by the run/{inside}"


def _url(version: Version, file: LoggedFile, settings: Files) -> str:
    """The URL of the file: its copy in the site, else the one from the settings."""
    if copy_source(version, file, settings.publish):
        return copy_path(file.path)
    return (urls.external(settings.url, path=registry_path(version, file)) or "") if settings.url else ""


@memoize_by_identity(256)
def _imports_view(pickle: PickleFile) -> ImportsView:
    modules: dict[str, list[str]] = {}
    for module, name in pickle.imports:
        package, _, rest = module.partition(".")
        modules.setdefault(package, []).append(f"{rest}.{name}" if rest else name)
    return ImportsView(
        dangerous=tuple(reveal(".".join(pair)) for pair in dangerous_imports(pickle)),
        modules=tuple((reveal(module), reveal(", ".join(names))) for module, names in sorted(modules.items())),
        total=len(pickle.imports),
        complete=pickle.complete,
        unread=_UNREAD[pickle.unread] if pickle.unread else "",
    )


_UNREAD = {
    "size": f"larger than {MAX_BYTES // 2**20} MiB",
    "compression": "damaged, or compressed in an unknown way",
    "count": f"only those of {MAX_FILES} pickles are",
}


def same_files(versions: Sequence[Version], labels: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """For each file of each version, oldest first: the earlier versions that have a file of the same content.

    Only earlier ones: a new version changes no page but its own.
    """
    known: dict[str, tuple[int, tuple[int, ...]]] = {}
    texts: list[tuple[str, ...]] = []
    for place, version in enumerate(versions):
        digests = [file.sha256 if file.size else None for file in version.files]
        texts.append(tuple(_describe(known.get(digest), labels) if digest else "" for digest in digests))
        for digest in set(filter(None, digests)):
            count, last = known.get(digest, (0, ()))
            known[digest] = count + 1, (*last, place)[-MAX_SAME:]
    return tuple(texts)


def _describe(found: tuple[int, tuple[int, ...]] | None, labels: Sequence[str]) -> str:
    """The labels of the newest of the versions, and the number of the others."""
    if found is None:
        return ""
    count, last = found
    names = ", ".join(labels[place] for place in last)
    return names if count <= MAX_SAME else f"{names} and {count - MAX_SAME:,} more"
