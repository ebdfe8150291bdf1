"""The HTTP server: connections, time limits and event streams, in one event loop."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qs

import h11

from sitegen.serve.http.messages import SERVER_PREFIX, Request, Response, plain_response
from sitegen.serve.http.requests import CHUNK_BYTES, body_refusal, has_body, new_connection, read_body, read_head
from sitegen.serve.http.same_origin import refusal_for
from sitegen.serve.http.site_files import respond_with_asset, respond_with_file
from sitegen.serve.live_state import LiveState, PublishedSite

MAX_CONNECTIONS = 400
"""The limit of open connections. One more closes the one that has been idle longest, else the oldest."""

REQUEST_SECONDS = 15.0
"""Seconds that a connection may take to send a whole request."""

SEND_SECONDS = 20.0
"""Seconds that a browser may take for each part of a response."""

CLOSE_SECONDS = 2.0
"""Seconds that a client may go on sending after its request was refused."""

KEEPALIVE_SECONDS = 20.0
"""Seconds between two keep-alive comments in an event stream."""

EDIT = f"{SERVER_PREFIX}edit"
"""The address of the editor."""

_COMMON_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
)

Headers = Iterable[tuple[str, str]]


class EditApi(Protocol):
    """Answers requests that edit. It may take long: the server calls it in a thread."""

    def refusal(self, request: Request) -> Response | None:
        """The refusal of a request to edit, before its body is read; None if it is allowed."""

    def answer(self, request: Request) -> Response:
        """The answer to a request to show or to change files."""


class PreviewServer:
    """Serves the site of `live_state` from the folder `root`; `editor` answers requests to edit, None forbids them."""

    def __init__(self, live_state: LiveState, root: str, host: str, editor: EditApi | None) -> None:
        self.live_state, self.root, self.host, self.editor = live_state, root, host, editor
        self._awaiting_request: dict[asyncio.StreamWriter, None] = {}
        self._connections: dict[asyncio.StreamWriter, None] = {}
        self._edit_lock = asyncio.Lock()

    async def serve_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side closes it."""
        if len(self._connections) >= MAX_CONNECTIONS:
            self._end(next(iter(self._awaiting_request or self._connections)))
        self._connections[writer] = None
        try:
            await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass  # the client is gone or too slow, or the server ends
        finally:
            abandoned = writer.transport.get_write_buffer_size() > 0  # the client does not read the response
            self._end(writer) if abandoned else writer.close()
            self._forget(writer)

    def _end(self, writer: asyncio.StreamWriter) -> None:
        """Abort a connection, and stop counting it; its task ends a little later."""
        self._forget(writer)
        writer.transport.abort()

    def _forget(self, writer: asyncio.StreamWriter) -> None:
        self._awaiting_request.pop(writer, None)
        self._connections.pop(writer, None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = new_connection()
        while True:
            self._awaiting_request[writer] = None
            try:
                async with asyncio.timeout(REQUEST_SECONDS):
                    request = await read_head(connection, reader)
                    refusal = self.refusal(request) if request else None
                    if request and not (refusal and has_body(request)):
                        request = replace(request, body=await read_body(connection, reader, writer))
            except h11.RemoteProtocolError as error:
                await _reject(reader, writer, error.error_status_hint)
                return
            self._awaiting_request.pop(writer, None)
            if request is None:
                return
            if request.path == f"{SERVER_PREFIX}events" and request.method == "GET" and not refusal:
                await self._stream(connection, reader, writer, request)
                return
            await _send(connection, writer, request, refusal or await self._answer(request))
            if connection.their_state is h11.SEND_BODY:  # an unread body
                await _close(reader, writer)
                return
            if (connection.our_state, connection.their_state) != (h11.DONE, h11.DONE):
                return
            connection.start_next_cycle()
            await asyncio.sleep(0)  # requests that arrived together take turns with those of others

    def refusal(self, request: Request) -> Response | None:
        """The refusal of a request, from its head alone; None if it is allowed."""
        refusal = refusal_for(request, self.host, self.editor is not None)
        if refusal is not None or request.method != "POST":
            return refusal or body_refusal(request)
        if self.editor is None or request.path != EDIT:
            return plain_response(405, "", ("Allow", "GET, HEAD"))
        return self.editor.refusal(request) or body_refusal(request)

    async def _answer(self, request: Request) -> Response:
        if self.editor is None or request.path != EDIT:
            return self.respond(request)
        async with self._edit_lock:  # one edit at a time
            return await asyncio.to_thread(self.editor.answer, request)

    def respond(self, request: Request) -> Response:
        """Respond to an allowed request that edits nothing."""
        if request.path.startswith(SERVER_PREFIX):
            return respond_with_asset(request, self.live_state.shown.build, self.editor is not None)
        return respond_with_file(request, self.live_state.shown, self.root)

    # --- events ------------------------------------------------------------------------------------------------

    async def _stream(
        self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request
    ) -> None:
        headers = (*_COMMON_HEADERS, ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"))
        await _write(
            writer, connection.send(h11.Response(status_code=200, headers=[*headers, ("Connection", "close")]))
        )
        gone = asyncio.ensure_future(reader.read(1))  # a browser sends nothing more: a read returns when it closes
        try:
            async for text in self._events(request, gone):
                await _write(writer, connection.send(h11.Data(data=text.encode())))
        finally:
            gone.cancel()

    async def _events(self, request: Request, gone: "asyncio.Future[bytes]") -> AsyncIterator[str]:
        """Yield the changes since the build of the page: those so far at once, later ones as they come."""
        query = parse_qs(request.query)
        since = request.headers.get("last-event-id") or query.get("since", [""])[0]
        path, page = (query.get(name, [""])[0] for name in ("path", "page"))
        yield "retry: 500\n\n"
        sent: PublishedSite | None = None
        asked = True
        while not gone.done():
            now = self.live_state.shown
            if now is sent:
                yield ": still here\n\n"
            elif now.build or now.problem:  # a page of an earlier server may ask before the first build
                if asked and page != now.files.get(path, ""):
                    since = ""  # the page was loaded before its script
                asked = False
                changed = self.live_state.since(since)
                yield f"id: {now.build}\ndata: {json.dumps({'changed': changed, 'problem': now.problem})}\n\n"
                since = now.build
            sent = now
            await self.live_state.wait(now, KEEPALIVE_SECONDS, gone)


async def _reject(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: int) -> None:
    """Refuse a malformed request and close the connection."""
    head = f"HTTP/1.1 {status} {_reason(status).decode()}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    await _write(writer, head.encode())
    await _close(reader, writer)


async def _close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close a connection. Read what the client still sends for a while: otherwise it may not get the response."""
    writer.write_eof()
    async with asyncio.timeout(CLOSE_SECONDS):
        while await reader.read(CHUNK_BYTES):
            pass


async def _send(connection: h11.Connection, writer: asyncio.StreamWriter, request: Request, response: Response) -> None:
    headers = [*_COMMON_HEADERS, *response.headers]
    if response.status != 304:
        headers.append(("Content-Length", str(len(response.body))))
    await _write(
        writer,
        connection.send(h11.Response(status_code=response.status, headers=headers, reason=_reason(response.status))),
    )
    if request.method != "HEAD" and response.status != 304:
        body = memoryview(response.body)
        for start in range(0, len(body), CHUNK_BYTES):
            await _write(writer, connection.send(h11.Data(data=bytes(body[start : start + CHUNK_BYTES]))))
    await _write(writer, connection.send(h11.EndOfMessage()))


def _reason(status: int) -> bytes:
    return HTTPStatus(status).phrase.encode()


async def _write(writer: asyncio.StreamWriter, data: bytes | None) -> None:
    writer.write(data or b"")
    async with asyncio.timeout(SEND_SECONDS):
        await writer.drain()
