"""One build at a time in an object store: an object that only one build can create, and that goes on changing.

A build that was killed leaves its object behind. It does not change any more, and the next build sees that by watching
it, for no clock of another machine is to be trusted. Stores without conditional uploads have the lock too, but two
builds that begin in the same moment may both believe that they hold it.
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
"""Seconds between two signs of life."""

PATIENCE = 20.0
"""Seconds without one after which a build counts as dead."""

_NOTE = "sitegen is writing a site here"


@contextmanager
def hold(url: str) -> Iterator[None]:
    """Hold the site at a URL. Raises SitegenError when another build has it, or has taken it meanwhile."""
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
    """The object, and the sign by which a build knows its own."""

    def __init__(self, place: RemoteRoot, owner: str) -> None:
        self.place, self.owner = place, owner
        self.key = place.key(LOCK)
        self.beats = 0

    def create(self) -> bool:
        """Make the object; False where there is one."""
        try:
            self.place.files.pipe_file(self.key, self._sign(), mode="create")
        except Exception:  # noqa: BLE001 - FileExistsError of some, of others each library's own for a refused condition
            if self.place.files.exists(self.key):
                return self._mine()  # an answer that was lost: asked again, the store finds our own
            self._put()  # raises what is wrong, unless the store only knows no conditions
        return True

    def take_over(self) -> bool:
        """Take the object of a build that gives no sign of life; False where it lives."""
        before, end = self._read(), time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(min(1.0, PATIENCE / 4))
            if self._read() != before:
                return False
        self._put()
        time.sleep(min(1.0, PATIENCE / 4))
        return self._mine()  # of several that waited, the last to write

    def beat(self, ended: Event) -> None:
        """Give signs of life, until the build ends or the object belongs to another."""
        while not ended.wait(BEAT):
            with suppress(Exception):  # each library has its own, see `reached`; the next one may get through
                if not self._mine():
                    return
                self.beats += 1
                self._put()

    def release(self) -> bool:
        """Take the object away; False where it was another's."""
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
