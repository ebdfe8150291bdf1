"""Stamps of runs and logged models in the cache folder: computing them reads every point of every metric.

A database that has not changed since the build that recorded its stamps is not read for them again.
"""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sitegen.settings.private_folder import read_private, write_private
from sitegen.sources.database.sqlite import Sqlite
from sitegen.sources.parse_cache import RACY_WINDOW
from sitegen.version import code_digest

FileState = tuple[tuple[int, ...], ...]
"""Size, inode and times of a database and its journals; nothing for a missing file."""

Stamps = dict[str, dict[str, str]]
"""Stamps in hex by kind and id; empty where the database has no such id."""


@dataclass
class DatabaseStamps:
    """The stamps of one database: `known` from an earlier build, `found` those that this build asked for."""

    known: Stamps = field(default_factory=dict)
    found: Stamps = field(default_factory=dict)

    def stamps(
        self, kind: str, ids: Collection[str], read: Callable[[list[str]], Mapping[str, bytes]]
    ) -> dict[str, bytes]:
        """The stamps of these ids; `read` gets those of which nothing is known."""
        known = self.known.get(kind, {})
        missing = [id for id in ids if id not in known]
        fresh = read(missing) if missing else {}
        added = {id: fresh[id].hex() if id in fresh else "" for id in missing}
        found = {id: added[id] if id in added else known[id] for id in ids}
        self.found.setdefault(kind, {}).update(found)
        return {id: bytes.fromhex(stamp) for id, stamp in found.items() if stamp}


@dataclass(frozen=True)
class StampCache:
    """The stamps of databases in a folder. `started` is when the build began, in nanoseconds since 1970.

    Without a folder nothing is known, and nothing is recorded.
    """

    folder: Path | None = None
    started: int = 0

    @contextmanager
    def open(self, file: Sqlite) -> Iterator[DatabaseStamps]:
        """The stamps of a database. At the end they are recorded, unless the database may change without a trace."""
        if self.folder is None:
            yield DatabaseStamps()
            return
        path = self.folder / f"stamps-{hashlib.sha256(os.fsencode(os.path.realpath(file.path))).hexdigest()[:32]}.json"
        state = _state(file.path)
        stamps = DatabaseStamps(_load(path, state))
        yield stamps
        newest = max((max(facts[2:]) for facts in state if facts), default=self.started)
        if newest < self.started - RACY_WINDOW and stamps.found != stamps.known and state == _state(file.path):
            with suppress(OSError):  # without a cache, the next build reads the database again
                self.folder.mkdir(parents=True, exist_ok=True)
            content = {"code": code_digest(), "state": state, "stamps": stamps.found}
            write_private(path, json.dumps(content).encode())


NO_CACHE = StampCache()


def _state(path: str) -> FileState:
    """The state of a database's files. Of journals the time of the last change of their facts is left out.

    SQLite sets their owner when the administrator reads them. The index of a WAL is left out: reading may change it.
    """
    own, wal, journal = map(_facts, (path, f"{path}-wal", f"{path}-journal"))
    return own, wal[:3], journal[:3]


def _facts(path: str) -> tuple[int, ...]:
    """Size, inode and times; nothing for a missing file."""
    try:
        facts = os.stat(path)
    except OSError:
        return ()
    return facts.st_size, facts.st_ino, facts.st_mtime_ns, facts.st_ctime_ns


def _load(path: Path, state: FileState) -> Stamps:
    """The stamps that were recorded for a database in this state by this code; none where anything is different."""
    try:
        content = json.loads(read_private(path) or b"{}")
    except ValueError:
        return {}
    wanted = {"code": code_digest(), "state": [list(facts) for facts in state]}
    if not isinstance(content, dict) or any(content.get(name) != value for name, value in wanted.items()):
        return {}
    stamps: Any = content.get("stamps")
    return stamps if _is_valid(stamps) else {}


def _is_valid(stamps: object) -> bool:
    """Whether a value of the cache has the type of stamps."""
    if not isinstance(stamps, dict) or not all(isinstance(kind, dict) for kind in stamps.values()):
        return False
    texts = [text for kind in stamps.values() for text in kind.values()]
    if not all(isinstance(text, str) for text in texts):
        return False
    return not "".join(texts).strip("0123456789abcdef") and all(len(text) in (0, 32) for text in texts)
