"""The cache of parsed values, and the rule for reusing them.

The rule is git's: a file with an equal stamp has not changed, unless it is racy (modified within two seconds before the
build that recorded it). For racy files and different stamps the content decides.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from sitegen.core.errors import SitegenError
from sitegen.domain.model import Version
from sitegen.sources.reading import UNREADABLE, Contents, add_folder
from sitegen.sources.refs import Bundle
from sitegen.storage.listing import File, printable
from sitegen.storage.tree import DEVICE_FAILURES, Tree

RACY_WINDOW = 2_000_000_000
"""Nanoseconds before a build in which a file can change twice without a new stamp."""

NO_VERSIONS: Mapping[bytes, Version] = MappingProxyType({})

T = TypeVar("T")


class CachedParse(NamedTuple):
    """A parsed value, with the stamp of its files (empty for racy files) and the digest of their contents."""

    stamp: bytes
    digest: bytes
    value: Any


ParsedValues = dict[str, CachedParse]
"""Parsed values by kind and path of their bundle."""


class ParseCache:
    """The parsed values of one model: `known` from the last build, `fresh` for the next.

    `started` is the start of the build in nanoseconds since 1970. `parsed` counts the parsed bundles; `racy_files` maps
    paths of racy bundles to digests of their contents. `versions` are the versions of the same model from an earlier
    build of this process, by digest.
    """

    def __init__(
        self,
        tree: Tree,
        known: Mapping[str, CachedParse],
        started: int,
        versions: Mapping[bytes, Version] = NO_VERSIONS,
    ) -> None:
        self.tree, self.known, self.started, self.versions = tree, known, started, versions
        self.fresh: ParsedValues = {}
        self.parsed = 0
        self.reasons: dict[str, str] = {}
        self.racy_files: dict[str, tuple[bytes, ...]] = {}

    def value(
        self,
        kind: str,
        bundle: Bundle,
        read: Callable[[Tree, Bundle], Contents],
        parse: Callable[[Contents], T],
    ) -> T:
        """The value of `parse` for the bundle's contents, from the cache if possible. `parse` reads nothing else.

        A bundle that several versions share is read once.
        """
        name = f"{kind} {bundle.path}"
        if name not in self.fresh:
            self.fresh[name] = self._reuse_or_parse(name, bundle, read, parse)
        value: T = self.fresh[name].value
        return value

    def _reuse_or_parse(
        self, name: str, bundle: Bundle, read: Callable[[Tree, Bundle], Contents], parse: Callable[[Contents], T]
    ) -> CachedParse:
        """The value of an earlier build if it is valid, else a new one."""
        stamp, known = bundle.digest(), self.known.get(name)
        if known is not None and known.stamp == stamp:
            self.reasons[name] = "reused (same stamp)"
            return known
        contents = read(self.tree, bundle)
        if self.known:
            _require_device(contents)
        if known is not None and known.digest == contents.digest:
            self.reasons[name] = "reused (same content digest)"
        else:
            self.reasons[name] = "parsed (files changed)" if known else "parsed (new)"
            self.parsed += 1
            known = CachedParse(b"", contents.digest, parse(contents))
        if is_racy(bundle, self.started):
            self.racy_files[bundle.path] = (*self.racy_files.get(bundle.path, ()), known.digest)
            stamp = b""
        return known if known.stamp == stamp else CachedParse(stamp, known.digest, known.value)

    def unread(self, bundles: Iterable[Bundle]) -> Iterator[File]:
        """The files of the bundles with a new stamp, in order: these must be read."""
        stamps = {(name.partition(" ")[2], known.stamp) for name, known in self.known.items()}
        for bundle in bundles:
            if (bundle.path, bundle.digest()) not in stamps:
                yield from map(bundle.within, bundle.files())


def _require_device(contents: Contents) -> None:
    """Raises SitegenError where files of a model that the last build read are on a disk or network that fails."""
    for found in contents.problems:
        if found.rule == "unreadable" and found.message.removeprefix(UNREADABLE) in DEVICE_FAILURES:
            path = add_folder(found, printable(f"{contents.place}/") if contents.place else "").path
            raise SitegenError(f"{path} {found.message}; the last build read this model, so the site stays as it is")


def is_racy(bundle: Bundle, started: int) -> bool:
    """Whether a bundle holds a racy file; `started` as in `ParseCache`."""
    newest = max((max(folder.stamps(), default=0) for _, folder in bundle.folders), default=0)
    return newest >= started - RACY_WINDOW
