"""File system events. Where the system cannot watch, the caller rescans instead."""

import os
import sys
import time
from collections.abc import Collection, Iterator
from threading import Event

from watchfiles import Change, watch

BURST_GAP_MS = 10
"""Milliseconds without a change that end a burst."""

MAX_BURST_MS = 200
"""Milliseconds after which a burst is reported even if it continues."""

POLL_MS = 50
"""Milliseconds between two checks for the stop event."""

_PER_FOLDER = sys.platform == "linux"
"""Whether the system watches single folders, as inotify does, so that links are not followed; others watch trees."""


class Watcher:
    """Watches folders. `works` is False if the system refuses, for example at the limit of inotify."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop
        self._folders: frozenset[str] = frozenset()
        self._changes: Iterator[set[tuple[Change, str]]] = iter(())
        self.works = True

    def watch(self, folders: Collection[str], tops: Collection[str]) -> bool:
        """Watch these folders, or the trees below `tops`. Returns whether they were watched already.

        If not, the caller rescans: changes in a folder before it is watched make no event.
        """
        wanted = frozenset(folders if _PER_FOLDER else tops)
        if wanted == self._folders:
            return True
        self._folders, self.works = wanted, True
        self._changes = self._start_watch(sorted(wanted))
        self._next()  # the watch begins with the first step
        return False

    def changes(self, seconds: float) -> set[str]:
        """The paths that changed, one set a burst; empty after `seconds` without a change, or when the server stops."""
        end = time.monotonic() + seconds
        while not self._stop.is_set():
            found = self._next()
            if found or time.monotonic() >= end:
                return found
        return set()

    def _start_watch(self, folders: list[str]) -> Iterator[set[tuple[Change, str]]]:
        return watch(
            *(folder for folder in folders if os.access(folder, os.R_OK)),
            watch_filter=None,
            debounce=MAX_BURST_MS,
            step=BURST_GAP_MS,
            stop_event=self._stop,
            rust_timeout=POLL_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=not _PER_FOLDER,
            ignore_permission_denied=False,  # it would hide that a limit is reached, too
        )

    def _next(self) -> set[str]:
        try:
            found = next(self._changes, None)
        except (OSError, RuntimeError):  # RuntimeError: watchfiles has no other name for a limit that is reached
            found, self.works = None, False
        if found is None:
            self._stop.wait(POLL_MS / 1000)
            return set()
        return {path for _, path in found}
