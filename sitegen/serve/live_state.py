"""The site shown now, and the files that changed since a given build."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

MAX_BUILDS = 100
"""The limit of builds whose changed files are remembered."""

MAX_CHANGED_FILES = 2_000
"""The limit of changed files listed by name; beyond it all files count as changed."""


@dataclass(frozen=True)
class PublishedSite:
    """The site of one build: `build` identifies it, `files` maps each path to the SHA-256 of the file in hex.

    `build` is empty before the first build. `problem` says why the last build failed.
    """

    build: str = ""
    files: dict[str, str] = field(default_factory=dict)
    problem: str | None = None


class LiveState:
    """Holds the newest site and wakes tasks that wait for it. Call its methods in the thread of the event loop only."""

    def __init__(self) -> None:
        self.shown = PublishedSite()
        self._changed: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._waiting: asyncio.Future[None] | None = None

    def show(self, shown: PublishedSite) -> None:
        """Set the site to show, or another problem of the same site."""
        before, self.shown = self.shown, shown
        if before.build != shown.build:
            changed = frozenset(path for path, _ in before.files.items() ^ shown.files.items())
            self._changed = OrderedDict(
                (build, paths | changed) for build, paths in [*self._changed.items(), (before.build, frozenset())]
            )
            while len(self._changed) > MAX_BUILDS:
                self._changed.popitem(last=False)
        if self._waiting is not None:
            self._waiting.set_result(None)
            self._waiting = None

    def since(self, build: str) -> list[str] | None:
        """The files that changed since a build; None if unknown: any file may have changed."""
        if build == self.shown.build:
            return []
        changed = self._changed.get(build) if build else None
        return None if changed is None or len(changed) > MAX_CHANGED_FILES else sorted(changed)

    async def wait(self, known: PublishedSite, seconds: float, gone: "asyncio.Future[bytes]") -> None:
        """Wait until the site differs from `known` or the client is gone, for at most `seconds`."""
        if self.shown is not known:
            return
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_future()
        either: list[asyncio.Future[Any]] = [self._waiting, gone]
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
