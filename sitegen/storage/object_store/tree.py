"""The `Tree` of a registry in an object store: one request lists it, and files are fetched in batches."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from sitegen.core.errors import SitegenError
from sitegen.storage.listing import File
from sitegen.storage.location import normalize, strip_credentials
from sitegen.storage.object_store.filesystem import RemoteRoot, first_line, open_root, translate_errors
from sitegen.storage.object_store.listing import listing_of_keys
from sitegen.storage.object_store.local_copy import copy_to_disk
from sitegen.storage.scan import Scan
from sitegen.storage.tree import MAX_HASH_BYTES, Content, UnreadableError

MAX_BATCH_FILES = 256
"""Files in one batch."""

MAX_BATCH_BYTES = 32 * 2**20
"""Bytes in one batch, by the sizes of the listing."""

MAX_CACHE_BYTES = 2 * MAX_BATCH_BYTES
"""Bytes of fetched files in the cache."""


class RemoteTree:
    """The files below a URL. Pickles as the URL alone: each worker opens the storage itself."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._root: RemoteRoot | None = None
        self._upcoming: list[File] = []
        self._numbers: dict[str, int] = {}
        self._fetched_files: OrderedDict[str, bytes | Exception] = OrderedDict()
        self._size = 0
        self._answers = False  # whether the storage answered after it refused a file

    def __reduce__(self) -> tuple[type["RemoteTree"], tuple[str]]:
        return RemoteTree, (self.url,)

    def walk(self) -> Scan:
        """List every folder. Raises SitegenError where there is no file, or the storage does not answer."""
        with translate_errors(self.url):
            found = self._remote.files.find(self._remote.root, detail=True)
        if not found:
            raise SitegenError(f"{strip_credentials(self.url)} does not exist")
        return listing_of_keys(found, self._remote.root)

    def ahead(self, files: Iterable[File]) -> None:
        """Announce the files to read, in about this order, for fetching in batches."""
        for file in files:
            if file.path not in self._numbers and file.size <= MAX_HASH_BYTES:
                self._numbers[file.path] = len(self._upcoming)
                self._upcoming.append(file)

    def read(self, file: File, limit: int) -> Content:
        """A file; its bytes if it has at most `limit` of them. Raises UnreadableError."""
        if file.size > MAX_HASH_BYTES:
            return Content(None, None)
        data = self._fetched_files.get(file.path)
        if data is None:
            data = self._fetch(file)
        if isinstance(data, Exception):
            raise self._refusal(data)
        if len(data) > MAX_HASH_BYTES:
            return Content(None, None)
        return Content(data if len(data) <= limit else None, hashlib.sha256(data).hexdigest())

    def local(self, path: str) -> str:
        """The path of a local copy of a file, renewed when the file has changed. Raises UnreadableError."""
        return copy_to_disk(self.url, self._remote, path)

    def target(self, path: str) -> str:
        """The path itself: an object store has no links."""
        return path

    @property
    def _remote(self) -> RemoteRoot:
        if self._root is None:
            self._root = open_root(self.url)
        return self._root

    def _fetch(self, file: File) -> bytes | Exception:
        """Fetch a file with its batch: the announced files after it."""
        start = self._numbers.get(file.path)
        if start is not None and not self._upcoming[start].size:
            return b""
        files = [file] if start is None else _next_batch(self._upcoming, start, self._fetched_files)
        keys = [self._remote.key(one.path) for one in files]
        with translate_errors(self.url):  # one more byte than the limit shows that a file is too large
            found: list[Any] = self._remote.files.cat_ranges(keys, 0, MAX_HASH_BYTES + 1, on_error="return")
            if isinstance(found[0], OSError) and not file.size:
                found[0] = self._empty_or_error(keys[0], found[0])
        for one, data in zip(files, found, strict=True):
            self._hold(one.path, data)
        first: bytes | Exception = found[0]
        return first

    def _empty_or_error(self, key: str, error: OSError) -> bytes | OSError:
        """Empty bytes for an empty file, for which stores refuse a range request; else the error."""
        if isinstance(error, FileNotFoundError | PermissionError) or self._remote.files.info(key).get("size"):
            return error
        return b""

    def _hold(self, path: str, data: bytes | Exception) -> None:
        self._fetched_files[path] = data
        self._size += 0 if isinstance(data, Exception) else len(data)
        while self._size > MAX_CACHE_BYTES and len(self._fetched_files) > 1:
            _, old = self._fetched_files.popitem(last=False)
            self._size -= 0 if isinstance(old, Exception) else len(old)

    def _refusal(self, error: Exception) -> Exception:
        """The exception for a failed file: UnreadableError, or SitegenError where the whole storage fails."""
        if isinstance(error, FileNotFoundError):
            return UnreadableError("it is not there any more")
        if isinstance(error, PermissionError):
            if not self._answers:
                with translate_errors(self.url):
                    self._remote.files.ls(self._remote.root, detail=False)
                self._answers = True
            return UnreadableError(first_line(error))
        return SitegenError(f"{strip_credentials(self.url)}: {first_line(error)}")


def _next_batch(coming: list[File], start: int, held: OrderedDict[str, bytes | Exception]) -> list[File]:
    """The files to fetch: the one at `start`, and the next ones within the limits of a batch."""
    found, size = [coming[start]], coming[start].size
    for file in coming[start + 1 : start + MAX_BATCH_FILES]:
        size += file.size
        if size > MAX_BATCH_BYTES:
            break
        if file.size and file.path not in held:
            found.append(file)
    return found


def open_tree(url: str) -> tuple[RemoteTree, str | None]:
    """Open the tree behind a URL. Returns the name of the file as well where the URL is that of a file."""
    place = open_root(url)
    with translate_errors(url):
        alone = place.files.isfile(place.root)
    if not alone:
        return RemoteTree(url), None
    name = url.rpartition("/")[2]
    return RemoteTree(normalize(url.removesuffix(name))), name
