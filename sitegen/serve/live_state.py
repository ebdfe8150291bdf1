"""What the server shows at the moment, and what has changed since a browser loaded its page."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

MAX_BUILDS = 100
"""Builds of which it is known what they changed."""

MAX_CHANGED_FILES = 2_000
"""Changed files that are named one by one; more of them are all."""


@dataclass(frozen=True)
class PublishedSite:
    """The site of one build: `build` is its name, `files` has the SHA-256 of each file in hex by path.

    `build` is empty before the first build. `problem` says why there is no newer site than this one.
    """

    build: str = ""
    files: dict[str, str] = field(default_factory=dict)
    problem: str | None = None


class LiveState:
    """Holds the newest site and wakes who waits for it. All of its methods belong to the thread of the event loop."""

    def __init__(self) -> None:
        self.shown = PublishedSite()
        self._changed: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._waiting: asyncio.Future[None] | None = None

    def show(self, shown: PublishedSite) -> None:
        """Show another site, or the same with another problem."""
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
        """The files that changed since a build; None where that is not known, and all may have."""
        if build == self.shown.build:
            return []
        changed = self._changed.get(build) if build else None
        return None if changed is None or len(changed) > MAX_CHANGED_FILES else sorted(changed)

    async def wait(self, known: PublishedSite, seconds: float, gone: "asyncio.Future[bytes]") -> None:
        """Wait until something else is shown than what is known, or nobody listens, at most so many seconds."""
        if self.shown is not known:
            return
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_future()
        either: list[asyncio.Future[Any]] = [self._waiting, gone]
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
