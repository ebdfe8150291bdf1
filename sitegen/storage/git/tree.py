"""The `Tree` of a git revision: listed by `git ls-tree`, read by `git cat-file`, without a checkout."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice

from sitegen.domain.diagnostic import Diagnostic, problem
from sitegen.settings.keep import MANIFEST
from sitegen.storage.git.files import Blob, Files
from sitegen.storage.git.objects import MAX_BATCH, Objects
from sitegen.storage.listing import File, Folder, Listing, folder_of, printable
from sitegen.storage.scan import MAX_DEPTH, MAX_ENTRIES, SKIPPED_FOLDERS, Scan, sort_problems
from sitegen.storage.tree import MAX_HASH_BYTES, Content, UnreadableError

_MAX_CACHE = 512
"""Contents in the cache: the versions of a model share most of their small files."""

_MAX_CACHE_BYTES = 2**14

MAX_COPY_BYTES = 2**30
"""The largest database that is read from git, in bytes. In a pull request, compressed, it may be far smaller."""

_MISSING = "its content is missing in this clone, and sitegen fetches nothing"


class GitTree:
    """The files below a folder of a git revision.

    `known` has the folders of a listing whose equal folders are used again, so that two revisions of one repository
    are compared fast.
    """

    def __init__(self, objects: Objects, files: Files, known: Mapping[str, Folder] | None = None) -> None:
        self.objects, self.files, self.known = objects, files, known or {}
        self._small_content = lru_cache(maxsize=_MAX_CACHE)(self._content)
        self._upcoming: dict[str, Blob] = {}
        self._batch: dict[str, bytes | None] = {}

    def walk(self) -> Scan:
        """Every folder, without those that a scan of a local folder skips; links and submodules are problems."""
        folders, problems = _group(self.files.blobs)
        sites = {path for path, entries in folders.items() if MANIFEST in entries[0]}
        listing: Listing = {}
        for path, (names, inner) in folders.items():
            if sites and any(path == site or not site or path.startswith(f"{site}/") for site in sites):
                continue
            files = [(name, blob.size, self.objects.number(blob.id), 0) for name, blob in names.items()]
            folder = Folder.of(files, sorted(inner))
            before = self.known.get(path)
            listing[path] = before if before == folder else folder
        problems += [
            problem("link", "a link, which is not followed in git", printable(path)) for path in self.files.links
        ]
        problems += [
            problem("link", "a submodule, whose files are in another repository", printable(path))
            for path in self.files.submodules
        ]
        return listing, sort_problems(problems)

    def ahead(self, files: Iterable[File]) -> None:
        """Announce the files to read, in about this order, so that git is asked for many at once."""
        blobs = (self.files.blobs[file.path] for file in files)
        self._upcoming.update((blob.id, blob) for blob in blobs if blob.size <= _MAX_CACHE_BYTES)

    def read(self, file: File, limit: int) -> Content:
        """A file; its bytes if it has at most `limit` of them. Raises UnreadableError."""
        blob = self.files.blobs[file.path]
        if blob.size > MAX_HASH_BYTES:
            return Content(None, None)
        content = self._small_content(blob) if blob.size <= _MAX_CACHE_BYTES else self._content(blob)
        return content if blob.size <= limit else Content(None, content.sha256)

    def local(self, path: str) -> str:
        """The path of a copy of a file in a temporary folder. Raises UnreadableError."""
        blob = self.files.blobs.get(path)
        if blob is None:
            raise UnreadableError("it is not in the revision")
        if blob.size > MAX_COPY_BYTES:
            raise UnreadableError(f"it has more than the {MAX_COPY_BYTES // 2**20:,} MiB that are read from git")
        copy = self.objects.copy(blob.id)
        if copy is None:
            raise UnreadableError(_MISSING)
        return copy

    def target(self, path: str) -> str:
        """The path itself: links are not followed."""
        return path

    def _content(self, blob: Blob) -> Content:
        data = self._bytes(blob)
        return Content(data, hashlib.sha256(data).hexdigest())

    def _bytes(self, blob: Blob) -> bytes:
        if blob.id not in self._batch:
            self._upcoming.pop(blob.id, None)
            ids = [blob.id, *islice(self._upcoming, MAX_BATCH - 1)]
            for id in ids[1:]:
                del self._upcoming[id]
            self._batch |= self.objects.read_many(ids)
        data = self._batch.pop(blob.id)
        if data is None:
            raise UnreadableError(_MISSING)
        return data


_Entries = tuple[dict[str, Blob], set[str]]
"""The files of a folder by name, and the names of the folders in it."""


def _group(blobs: Mapping[str, Blob]) -> tuple[dict[str, _Entries], list[Diagnostic]]:
    """The files by folder, with the limits and skipped names of a local scan."""
    folders: dict[str, _Entries | None] = {"": ({}, set())}
    problems: list[Diagnostic] = []
    for path, blob in blobs.items():
        parent, _, name = path.rpartition("/")
        entries = folders[parent] if parent in folders else _add_folder(folders, parent, problems)
        if entries is not None:
            entries[0][name] = blob
    found: dict[str, _Entries] = {}
    for path, entries in folders.items():
        if entries is not None:
            if len(entries[0]) + len(entries[1]) > MAX_ENTRIES:
                message = f"only the first {MAX_ENTRIES:,} entries of the folder are read"
                problems.append(problem("too-many-files", message, printable(path) or "."))
                entries = dict(sorted(entries[0].items())[:MAX_ENTRIES]), entries[1]
            found[path] = entries
    return found, problems


def _add_folder(folders: dict[str, _Entries | None], path: str, problems: list[Diagnostic]) -> _Entries | None:
    """Add a folder and those above it; None, now and later, for a folder that is not read."""
    parent, _, name = path.rpartition("/")
    above = folders[parent] if parent in folders else _add_folder(folders, folder_of(path), problems)
    if above is None or name in SKIPPED_FOLDERS:
        folders[path] = None
    elif name in ("", ".", ".."):
        problems.append(problem("unreadable", "a name with an empty part, . or .. is not read", printable(path)))
        folders[path] = None
    elif path.count("/") > MAX_DEPTH:
        problems.append(problem("too-many-files", f"folders nest more than {MAX_DEPTH} deep", printable(parent)))
        folders[path] = None
    else:
        above[1].add(name)
        folders[path] = ({}, set())
    return folders[path]
