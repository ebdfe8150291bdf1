"""The lifetime of a preview: listen, build in a thread, stop."""

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
from sitegen.serve.http.server import PreviewServer
from sitegen.serve.live_state import LiveState

MAX_PORTS = 50
"""The number of ports to try, from the given one on."""

STOP_SECONDS = 1.0
"""Seconds to wait for the builder to end."""

Print = Callable[[str], None]


def run(options: PreviewOptions, host: str, port: int, edit: bool, say: Print, announce: Print) -> bool:
    """Serve until SIGINT or SIGTERM. Returns whether the builder ended, too.

    `announce` gets the address as soon as the server listens; `say` gets messages, a line each.
    Raises SitegenError when no port is free.
    """
    return asyncio.run(_run(options, host, port, edit, say, announce))


async def _run(options: PreviewOptions, host: str, port: int, edit: bool, say: Print, announce: Print) -> bool:
    loop, stop, end = asyncio.get_running_loop(), threading.Event(), asyncio.Event()
    live_state = LiveState()

    def call_later(call: Callable[..., object], *values: object) -> None:
        """Call a function in the thread of the event loop, from any thread."""
        with suppress(RuntimeError):  # the loop may be gone
            loop.call_soon_threadsafe(call, *values)

    _on_signals(loop, end.set, partial(call_later, end.set))
    builder = Builder(options, stop, lambda shown: call_later(live_state.show, shown), say)
    editor = Editor(lambda: (builder.inventory.root, builder.discovery)) if edit else None
    server = PreviewServer(live_state, builder.root, host, editor)
    socket_server = await _listen(server, host, port)
    address = socket_server.sockets[0].getsockname()
    announce(f"http://{f'[{host}]' if ':' in host else host}:{address[1]}/")

    crashed = threading.Event()

    def build() -> None:
        """Build until the server ends; when the builder crashes, end the server."""
        try:
            builder.run()
        finally:
            if not stop.is_set():  # the preview would show old pages forever
                crashed.set()
                call_later(end.set)

    build_thread = threading.Thread(target=build, daemon=True)
    build_thread.start()
    await end.wait()
    stop.set()
    socket_server.close()
    await asyncio.to_thread(build_thread.join, STOP_SECONDS)
    if crashed.is_set():
        raise SitegenError("the preview stopped because of the error above")
    return not build_thread.is_alive()


def _on_signals(loop: asyncio.AbstractEventLoop, end: Callable[[], None], end_later: Callable[[], None]) -> None:
    """Have SIGINT and SIGTERM end a loop: `end` is called in it, `end_later` wherever the signal finds the program."""
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # on Windows, event loops take no signals
            signal.signal(number, lambda *_: end_later())


async def _listen(server: PreviewServer, host: str, port: int) -> asyncio.Server:
    """Listen on the port, or on the next one that is free."""
    for number in range(port, port + MAX_PORTS) if port else [0]:
        try:
            return await asyncio.start_server(server.serve_connection, host, number, limit=2**16)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SitegenError(f"cannot listen on {host}: {error.strerror or error}") from error
    raise SitegenError(f"ports {port} to {port + MAX_PORTS - 1} of {host} are all in use")
