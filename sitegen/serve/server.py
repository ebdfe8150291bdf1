"""The HTTP server: one thread and one event loop, so that who is slow costs a socket and nobody's time."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from http import HTTPStatus
from urllib.parse import parse_qs

import h11

from sitegen.serve import own
from sitegen.serve.board import Board, Shown
from sitegen.serve.files import answer
from sitegen.serve.guard import refused
from sitegen.serve.messages import OWN, Request, Response, plain

MOST_CONNECTIONS = 400
"""Connections at once; for one more, the one that has waited longest with its request has to go."""

ASKING = 15.0
"""Seconds that a connection may take to send a whole request."""

TAKING = 20.0
"""Seconds that a browser may take for each part of an answer."""

PARTING = 2.0
"""Seconds that a client may go on after it was told that its request is wrong."""

SIGN = 20.0
"""Seconds between two signs of life in a stream of events."""

MOST_BODY = 2**20
"""Bytes of a request's body."""

_PART = 2**16
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
)

Headers = Iterable[tuple[str, str]]


class Server:
    """Answers for the site on the board that lies in `root`; `edit` answers what is asked for editing, if anything."""

    def __init__(self, board: Board, root: str, host: str, edit: Callable[[Request], Response] | None) -> None:
        self.board, self.root, self.host, self.edit = board, root, host, edit
        self._asking: dict[asyncio.StreamWriter, None] = {}
        self._open = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until one side has enough."""
        self._open += 1
        if self._open > MOST_CONNECTIONS and self._asking:
            oldest = next(iter(self._asking))
            del self._asking[oldest]  # it ends a little later: who comes until then takes the place of another one
            oldest.transport.abort()
        try:
            await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass  # it went away, was too slow, or the server ends
        finally:
            self._open -= 1
            self._asking.pop(writer, None)
            if writer.transport.get_write_buffer_size():
                writer.transport.abort()  # it does not take what it asked for
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=2**14)
        while True:
            self._asking[writer] = None
            try:
                async with asyncio.timeout(ASKING):
                    request = await _request(connection, reader)
            except h11.RemoteProtocolError as error:
                await _turned_away(reader, writer, error.error_status_hint)
                return
            self._asking.pop(writer, None)
            if request is None:
                return
            if request.path == f"{OWN}events" and request.method == "GET" and not self._refused(request):
                await self._stream(connection, reader, writer, request)
                return
            await _send(connection, writer, request, self.respond(request))
            if (connection.our_state, connection.their_state) != (h11.DONE, h11.DONE):
                return
            connection.start_next_cycle()

    def _refused(self, request: Request) -> Response | None:
        return refused(request, self.host, self.edit is not None)

    def respond(self, request: Request) -> Response:
        """The answer to one request."""
        refusal = self._refused(request)
        if refusal is not None:
            return refusal
        if self.edit is not None and request.path == f"{OWN}edit":
            return self.edit(request)
        if request.method == "POST":
            return plain(405, "", ("Allow", "GET, HEAD"))
        if request.path.startswith(OWN):
            return own.answer(request, self.board.shown.build, self.edit is not None)
        return answer(request, self.board.shown, self.root)

    # --- events ------------------------------------------------------------------------------------------------

    async def _stream(
        self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request
    ) -> None:
        headers = (*_ALWAYS, ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"))
        await _write(
            writer, connection.send(h11.Response(status_code=200, headers=[*headers, ("Connection", "close")]))
        )
        gone = asyncio.ensure_future(reader.read(1))  # a browser says nothing more: what comes is the end
        try:
            async for text in self._events(request, gone):
                await _write(writer, connection.send(h11.Data(data=text.encode())))
        finally:
            gone.cancel()

    async def _events(self, request: Request, gone: "asyncio.Future[bytes]") -> AsyncIterator[str]:
        """What changed since the build that the page was loaded in, at once and whenever it happens."""
        query = parse_qs(request.query)
        since = request.headers.get("last-event-id") or query.get("since", [""])[0]
        path, page = (query.get(name, [""])[0] for name in ("path", "page"))
        yield "retry: 500\n\n"
        told: Shown | None = None
        asked = True
        while not gone.done():
            now = self.board.shown
            if now is told:
                yield ": still here\n\n"
            elif now.build or now.problem:  # a page of the last server may ask before anything is shown
                if asked and page != now.files.get(path, ""):
                    since = ""  # the page was loaded before its script
                asked = False
                changed = self.board.since(since)
                yield f"id: {now.build}\ndata: {json.dumps({'changed': changed, 'problem': now.problem})}\n\n"
                since = now.build
            told = now
            await self.board.wait(now, SIGN, gone)


async def _request(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    """The next request with its body; None at the end. Raises h11.RemoteProtocolError."""
    head: h11.Request | None = None
    body = b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_PART))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MOST_BODY:
                raise h11.RemoteProtocolError("the body is too large", 413)
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            path, _, query = head.target.decode("ascii", "replace").partition("?")
            headers = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
            return Request(method=head.method.decode("ascii"), path=path, query=query, headers=headers, body=body)
        else:
            return None


async def _turned_away(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: int) -> None:
    """Say what is wrong with a request, and end. Who still speaks is heard out for a while: else it is told nothing."""
    head = f"HTTP/1.1 {status} {_reason(status).decode()}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    await _write(writer, head.encode())
    writer.write_eof()
    async with asyncio.timeout(PARTING):
        while await reader.read(_PART):
            pass


async def _send(connection: h11.Connection, writer: asyncio.StreamWriter, request: Request, response: Response) -> None:
    headers = [*_ALWAYS, *response.headers]
    if response.status != 304:
        headers.append(("Content-Length", str(len(response.body))))
    await _write(
        writer,
        connection.send(h11.Response(status_code=response.status, headers=headers, reason=_reason(response.status))),
    )
    if request.method != "HEAD" and response.status != 304:
        body = memoryview(response.body)
        for start in range(0, len(body), _PART):
            await _write(writer, connection.send(h11.Data(data=bytes(body[start : start + _PART]))))
    await _write(writer, connection.send(h11.EndOfMessage()))


def _reason(status: int) -> bytes:
    return HTTPStatus(status).phrase.encode()


async def _write(writer: asyncio.StreamWriter, data: bytes | None) -> None:
    writer.write(data or b"")
    async with asyncio.timeout(TAKING):
        await writer.drain()
