"""The lock of an output in an object store: an object with a heartbeat that only one build can create.

A killed build leaves its object behind without a heartbeat. The next build detects that by polling the object, because
clocks of other machines are not reliable. In stores without conditional uploads two builds that start at the same
moment may both get the lock.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from sitegen.core.errors import SitegenError
from sitegen.storage.location import strip_credentials
from sitegen.storage.object_store.filesystem import RemoteRoot, translate_errors
from sitegen.storage.object_store.output import LOCK, open_output_root

BEAT = 3.0
"""Seconds between two heartbeats."""

PATIENCE = 20.0
"""Seconds without a heartbeat after which a build counts as dead."""

_NOTE = "sitegen is writing a site here"


@contextmanager
def hold(url: str) -> Iterator[None]:
    """Hold the lock of the site at a URL. Raises SitegenError when another build has it or took it over."""
    lock = _Lock(open_output_root(url), secrets.token_hex(16))
    with translate_errors(url):
        if not lock.create() and not lock.take_over():
            raise SitegenError(f"another build is writing to {strip_credentials(url)}")
    ended = Event()
    beating = Thread(target=lock.beat, args=(ended,), daemon=True)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()
        with translate_errors(url):
            kept = lock.release()
    if not kept:
        raise SitegenError(f"another build has begun to write to {strip_credentials(url)}: build again when it is done")


class _Lock:
    """The lock object, which holds the id of its owner and the number of heartbeats."""

    def __init__(self, place: RemoteRoot, owner: str) -> None:
        self.place, self.owner = place, owner
        self.key = place.key(LOCK)
        self.beats = 0

    def create(self) -> bool:
        """Create the object; False where it exists."""
        try:
            self.place.files.pipe_file(self.key, self._sign(), mode="create")
        except Exception:  # noqa: BLE001 - any class: FileExistsError, or a library's own for a refused condition
            if self.place.files.exists(self.key):
                return self._mine()  # a retry after a lost answer finds the object of this build
            self._put()  # succeeds where the store only lacks conditional uploads
        return True

    def take_over(self) -> bool:
        """Replace the object of a build without a heartbeat; False where there is a heartbeat."""
        before, end = self._read(), time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(min(1.0, PATIENCE / 4))
            if self._read() != before:
                return False
        self._put()
        time.sleep(min(1.0, PATIENCE / 4))
        return self._mine()  # of several waiting builds the last writer wins

    def beat(self, ended: Event) -> None:
        """Write heartbeats until the build ends or another build owns the object."""
        while not ended.wait(BEAT):
            with suppress(Exception):  # any class, as in `translate_errors`; the next heartbeat may succeed
                if not self._mine():
                    return
                self.beats += 1
                self._put()

    def release(self) -> bool:
        """Delete the object; False where another build owns it."""
        if not self._mine():
            return False
        self.place.files.rm_file(self.key)
        return True

    def _sign(self) -> bytes:
        return f"{_NOTE} {self.owner} {self.beats}\n".encode()

    def _put(self) -> None:
        self.place.files.pipe_file(self.key, self._sign())

    def _mine(self) -> bool:
        return self.owner.encode() in self._read()

    def _read(self) -> bytes:
        try:
            data: bytes = self.place.files.cat_file(self.key)
        except FileNotFoundError:
            return b""
        return data
