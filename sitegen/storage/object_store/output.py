"""The output in an object store. Uploads are atomic, so that no file needs a temporary name."""

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sitegen.core.errors import SitegenError
from sitegen.formats.media import media_type
from sitegen.settings.keep import DEFAULT_KEEP, Keep
from sitegen.storage.location import HERE, scheme, strip_credentials
from sitegen.storage.object_store.filesystem import EXTRAS, RemoteRoot, open_root, translate_errors
from sitegen.storage.page_links import is_page, without_links
from sitegen.storage.site_paths import any_leads_out, check_path, leads_out

LOCK = "sitegen-lock.txt"
"""The name of the lock object."""

MAX_BATCH_FILES = 128
"""Files in one batch."""

MAX_BATCH_BYTES = 16 * 2**20
"""Bytes in one batch."""


class RemoteOutput:
    """The files of a site below a URL. Writes are batched until `flush`.

    Pickles as the URL alone. Methods raise SitegenError when the storage refuses.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._root: RemoteRoot | None = None
        self._waiting: dict[str, bytes] = {}
        self._size = 0

    def __reduce__(self) -> tuple[type["RemoteOutput"], tuple[str]]:
        return RemoteOutput, (self.url,)

    def write(self, path: str, data: bytes) -> None:
        """Write or replace a file with the next batch."""
        check_path(path)
        self._waiting[path] = data
        self._size += len(data)
        if len(self._waiting) >= MAX_BATCH_FILES or self._size >= MAX_BATCH_BYTES:
            self.flush()

    @property
    def is_invisible(self) -> bool:
        """False: readers see each file at once."""
        return False

    def flush(self) -> None:
        """Upload all waiting files."""
        waiting, self._waiting, self._size = self._waiting, {}, 0
        by_type: dict[str, dict[str, bytes]] = {}
        for path, data in waiting.items():
            by_type.setdefault(media_type(path), {})[self._remote.key(path)] = data
        for kind, files in by_type.items():
            with translate_errors(self.url):
                self._remote.files.pipe(files, **_content_type(self.url, kind))

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files, missing ones included: first the links between the pages, then the pages, then the rest."""
        gone = {path for path in paths if not leads_out(path)} - {LOCK}
        pages = sorted(path for path in gone if is_page(path))
        with ThreadPoolExecutor(16) as threads:
            for start in range(0, len(pages) if len(pages) > 1 else 0, MAX_BATCH_FILES):
                some = pages[start : start + MAX_BATCH_FILES]
                for path, data in zip(some, threads.map(self.read, some), strict=True):
                    changed = without_links(path, data or b"", gone.__contains__)
                    if data and changed != data:
                        self.write(path, changed)
            self.flush()
            for chosen in (pages, sorted(gone.difference(pages))):
                with translate_errors(self.url):
                    list(threads.map(self._remove, chosen))

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        if leads_out(path):
            return None
        with translate_errors(self.url):
            try:
                data: bytes = self._remote.files.cat_file(self._remote.key(path))
            except FileNotFoundError:
                return None
        return data

    def paths(self, keep: Keep = DEFAULT_KEEP) -> Iterator[str]:
        """The paths of all files except the lock, those that `keep` covers, and markers of empty folders."""
        return (path for path in self._sizes() if path != LOCK and not keep.covers(path))

    def sizes(self, paths: Collection[str]) -> list[int] | None:
        """The size of each of these files; None where one of them does not exist."""
        known = self._sizes()
        return None if any_leads_out(paths) or not known.keys() >= set(paths) else [known[path] for path in paths]

    @property
    def _remote(self) -> RemoteRoot:
        if self._root is None:
            self._root = open_output_root(self.url)
        return self._root

    def _sizes(self) -> dict[str, int]:
        with translate_errors(self.url):
            found: dict[str, Any] = self._remote.files.find(self._remote.root, detail=True)
        prefix = self._remote.key("").rstrip("/") + "/"
        files = {key.removeprefix(prefix): facts for key, facts in found.items() if facts.get("type") == "file"}
        return {path: int(facts.get("size") or 0) for path, facts in files.items() if path and not path.endswith("/")}

    def _remove(self, path: str) -> None:
        try:
            self._remote.files.rm_file(self._remote.key(path))
        except FileNotFoundError:
            return


def check_output(url: str) -> None:
    """Raises SitegenError for storage without atomic uploads, web servers and databases."""
    if scheme(url) not in (*EXTRAS, HERE):
        stores = ", ".join(f"{kind}://" for kind in EXTRAS)
        raise SitegenError(
            f"{strip_credentials(url)} is no place for a site: use a folder, or an object store ({stores})"
        )


def open_output_root(url: str) -> RemoteRoot:
    """Open the root of an output. Raises SitegenError for a URL that cannot hold a site."""
    check_output(url)
    return open_root(url)


def _content_type(url: str, kind: str) -> dict[str, Any]:
    """The arguments by which each library takes the media type of a file."""
    names: dict[str, dict[str, Any]] = {
        "s3": {"ContentType": kind},
        "gs": {"content_type": kind},
        "abfs": {"content_settings": {"content_type": kind}},
    }
    return names.get(EXTRAS.get(scheme(url), ""), {})
