"""Reading HTTP requests within limits: the head first, the body only if the server accepts it."""

import asyncio

import h11

from sitegen.serve.http.messages import Request, Response, plain_response

MAX_HEAD_BYTES = 2**14
"""The limit of the request line and the headers together."""

MAX_BODY_BYTES = 2**20
"""The limit of a request's body."""

CHUNK_BYTES = 2**16
"""The size of one read or write."""


def new_connection() -> h11.Connection:
    """The state of one connection, before its first request."""
    return h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)


async def read_head(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    """The next request, without its body; None at the end. Raises h11.RemoteProtocolError."""
    event = await _next_event(connection, reader)
    if not isinstance(event, h11.Request):
        return None
    path, _, query = event.target.decode("ascii", "replace").partition("?")
    headers = {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}
    return Request(method=event.method.decode("ascii"), path=path, query=query, headers=headers)


async def read_body(connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """The body of the request whose head was read. Raises h11.RemoteProtocolError.

    Call `body_refusal` first: it makes sure that the body states its length.
    """
    if connection.they_are_waiting_for_100_continue:
        writer.write(connection.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
    body = bytearray()
    while isinstance(event := await _next_event(connection, reader), h11.Data):
        body += event.data
        if len(body) > MAX_BODY_BYTES:
            raise h11.RemoteProtocolError("the body is too large", 413)
    if not isinstance(event, h11.EndOfMessage):
        raise h11.RemoteProtocolError("the body is cut short")
    return bytes(body)


def has_body(request: Request) -> bool:
    """Whether a body follows the head."""
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0").strip("0") != ""


def body_refusal(request: Request) -> Response | None:
    """The refusal of a body, before any of it is read.

    Chunked bodies are refused: pages state the length, and a million chunks of one byte would keep the server busy.
    """
    if not has_body(request):
        return None
    if "transfer-encoding" in request.headers:
        return plain_response(411, "state the length of the body")
    if int(request.headers["content-length"]) > MAX_BODY_BYTES:
        return plain_response(413)
    return plain_response(400, f"{request.method} takes no body") if request.method != "POST" else None


async def _next_event(connection: h11.Connection, reader: asyncio.StreamReader) -> object:
    """The next event. Raises h11.RemoteProtocolError."""
    while (event := _event(connection)) is h11.NEED_DATA:
        connection.receive_data(await reader.read(CHUNK_BYTES))
    return event


def _event(connection: h11.Connection) -> object:
    try:
        return connection.next_event()
    except ValueError as error:  # h11 before 0.15 accepts a length of any number of digits
        raise h11.RemoteProtocolError("a number in the head is too large") from error
