"""A preview from its beginning to its end: the server listens first, the builder works beside it."""

import asyncio
import errno
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from sitegen.core.errors import SitegenError
from sitegen.serve.builder import Builder, PreviewOptions
from sitegen.serve.edit_api import Editor
from sitegen.serve.http.server import Server
from sitegen.serve.live_state import LiveState

PORTS = 50
"""Ports that are tried, from the wished one on."""

STOP_SECONDS = 1.0
"""Seconds that the builder may take to end."""


def run(
    wish: PreviewOptions, host: str, port: int, edit: bool, say: Callable[[str], None], opened: Callable[[str], None]
) -> bool:
    """Serve until SIGINT or SIGTERM; whether the builder ended, too. `opened` is told the address at once.

    Raises SitegenError when no port is free.
    """
    return asyncio.run(_run(wish, host, port, edit, say, opened))


async def _run(
    wish: PreviewOptions, host: str, port: int, edit: bool, say: Callable[[str], None], opened: Callable[[str], None]
) -> bool:
    loop, stop, end = asyncio.get_running_loop(), threading.Event(), asyncio.Event()
    board = LiveState()

    def later(call: Callable[..., object], *values: object) -> None:
        """Call from another thread what belongs to this one."""
        with suppress(RuntimeError):  # the loop may be gone
            loop.call_soon_threadsafe(call, *values)

    _on_signals(loop, end.set, partial(later, end.set))
    builder = Builder(wish, stop, lambda shown: later(board.show, shown), say)
    editor = Editor(lambda: (builder.inventory.root, builder.discovery)) if edit else None
    server = Server(board, builder.root, host, editor)
    listening = await _listen(server, host, port)
    address = listening.sockets[0].getsockname()
    opened(f"http://{f'[{host}]' if ':' in host else host}:{address[1]}/")

    crashed = threading.Event()

    def build() -> None:
        """Build until the server ends; when the builder crashes, end the server."""
        try:
            builder.run()
        finally:
            if not stop.is_set():  # without its builder a preview would show old pages for ever
                crashed.set()
                later(end.set)

    building = threading.Thread(target=build, daemon=True)
    building.start()
    await end.wait()
    stop.set()
    listening.close()
    await asyncio.to_thread(building.join, STOP_SECONDS)
    if crashed.is_set():
        raise SitegenError("the preview ends, because of the mistake above")
    return not building.is_alive()


def _on_signals(loop: asyncio.AbstractEventLoop, end: Callable[[], None], end_later: Callable[[], None]) -> None:
    """Have SIGINT and SIGTERM end a loop: `end` is called in it, `end_later` wherever the signal finds the program."""
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # on Windows, event loops take no signals
            signal.signal(number, lambda *_: end_later())


async def _listen(server: Server, host: str, port: int) -> asyncio.Server:
    """Listen on the port, or on the next one that is free."""
    for number in range(port, port + PORTS) if port else [0]:
        try:
            return await asyncio.start_server(server.serve_connection, host, number, limit=2**16)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SitegenError(f"cannot listen on {host}: {error.strerror or error}") from error
    raise SitegenError(f"the ports {port} to {port + PORTS - 1} of {host} are all taken")
