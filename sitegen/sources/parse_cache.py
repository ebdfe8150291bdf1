"""Values that an earlier build parsed, and the rule when they may be used again.

Like git: a file whose stamp is as it was has not changed, unless it was modified within two seconds of the build that
recorded it - then, and whenever the stamp differs, the content decides.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from sitegen.domain.model import Version
from sitegen.sources.reading import Contents
from sitegen.sources.refs import Bundle
from sitegen.storage.listing import File
from sitegen.storage.tree import Tree

RACY_WINDOW = 2_000_000_000
"""Nanoseconds before a build in which a modification may hide from the stamp."""

NO_VERSIONS: Mapping[bytes, Version] = MappingProxyType({})

T = TypeVar("T")


class CachedParse(NamedTuple):
    """A parsed value, with the stamp of its files (empty: not to be trusted) and the digest of their contents."""

    stamp: bytes
    digest: bytes
    value: Any


ParsedValues = dict[str, CachedParse]
"""Known values by the kind and path of their bundle."""


class ParseCache:
    """Looks values up in the memory of the last build and gathers the memory for the next.

    `started` is when the build began, in nanoseconds since 1970. `parsed` counts the bundles that had to be parsed.
    `racy_files` has, by their paths, the digests of those that may change without their stamps telling. `reasons` has,
    by kind and path, why each bundle was parsed or reused. `versions` are those that an earlier build of this process
    made of the same model, by digest.
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
        """What `parse` makes of the bundle's contents, now or at an earlier build; it reads nothing else.

        What versions share is looked at once.
        """
        name = f"{kind} {bundle.path}"
        if name not in self.fresh:
            self.fresh[name] = self._reuse_or_parse(name, bundle, read, parse)
        value: T = self.fresh[name].value
        return value

    def _reuse_or_parse(
        self, name: str, bundle: Bundle, read: Callable[[Tree, Bundle], Contents], parse: Callable[[Contents], T]
    ) -> CachedParse:
        """The value of an earlier build, where the rule lets it be used, or a new one."""
        stamp, known = bundle.digest(), self.known.get(name)
        if known is not None and known.stamp == stamp:
            self.reasons[name] = "reused (same stamp)"
            return known
        contents = read(self.tree, bundle)
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
        """The files of those bundles whose stamp is not the known one, in order: they will have to be read."""
        stamps = {name.partition(" ")[2]: known.stamp for name, known in self.known.items()}
        for bundle in bundles:
            if stamps.get(bundle.path) != bundle.digest():
                yield from map(bundle.within, bundle.files())


def is_racy(bundle: Bundle, started: int) -> bool:
    """Whether a file may change after it was listed without its stamp telling; `started` as in ParseCache."""
    newest = max((max(folder.stamps(), default=0) for _, folder in bundle.folders), default=0)
    return newest >= started - RACY_WINDOW
