"""A raw HTTP/1.1 server on the loopback that misbehaves on request.

Real servers refuse to send half an answer; this one does whatever a behaviour writes to the socket:

    async with Wire(says(200, b'{"ok":true,"result":true}')) as wire:
        ...
        wire.then(truncates())
"""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Self, cast

TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self.body))

    @property
    def parts(self) -> dict[str, tuple[str | None, str, bytes]]:
        """Multipart fields: name -> (file name, content type, content)."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return {
            str(part.get_param("name", header="content-disposition")): (
                part.get_filename(),
                part.get_content_type(),
                cast("bytes", part.get_payload(decode=True)),
            )
            for part in message.iter_parts()
        }


Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""What to do on a connection once a request was read from it."""


class Wire:
    """Reads requests, remembers them, and answers each with the current behaviour."""

    def __init__(self, behaviour: Behaviour, *, reads: bool = True) -> None:
        self.heard: list[Heard] = []
        self.connections = 0
        self.hung_up = asyncio.Event()
        self.busy = asyncio.Event()
        self._behaviour = behaviour
        self._reads = reads
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def then(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    async def __aenter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", 0))
        if not self._reads:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._port = listener.getsockname()[1]
        self._server = await asyncio.start_server(self._serve, sock=listener)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        with suppress(ConnectionError, asyncio.CancelledError):
            await self._converse(reader, writer)
        self.hung_up.set()
        with suppress(ConnectionError, asyncio.CancelledError):
            writer.close()
            await writer.wait_closed()
        self._tasks.discard(task)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (heard := await self._hear(reader)) is not None:
            self.heard.append(heard)
            self.busy.set()
            await self._behaviour(reader, writer)
            if writer.is_closing():
                return

    async def _hear(self, reader: asyncio.StreamReader) -> Heard | None:
        if not self._reads:
            return Heard("", "", {}, b"")
        start = await reader.read(1)
        if start == TLS_HANDSHAKE:
            return Heard("TLS", "", {}, b"")
        if not start:
            return None
        head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request_line, *lines = head.split("\r\n")
        method, target, _ = request_line.split(" ")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if line)}
        return Heard(method, target, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


def says(status: int, body: bytes, **headers: str) -> Behaviour:
    """A whole, well-formed answer; the connection stays open."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return writes("\r\n".join([*lines, "", ""]).encode() + body)


def writes(raw: bytes) -> Behaviour:
    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first behaviour, then the second, and so on, on the same answer."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for behaviour in behaviours:
            await behaviour(reader, writer)

    return behave


def waits_for(event: asyncio.Event) -> Behaviour:
    async def behave(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await event.wait()

    return behave


def sleeps(seconds: float) -> Behaviour:
    async def behave(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)

    return behave


def stalls() -> Behaviour:
    """Silence until the client hangs up."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65536):
            pass
        writer.close()

    return behave


def never_reads() -> Behaviour:
    """Silence, with the client's bytes left in the socket."""

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    return behave


def hangs_up() -> Behaviour:
    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    return behave


def resets() -> Behaviour:
    """An RST instead of a FIN."""

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        writer.transport.abort()

    return behave


def half_an_answer() -> Behaviour:
    return writes(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok":true,"resu')


def closed_port() -> int:
    """A loopback port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def a_port_that_does_not_accept() -> Iterator[int]:
    """A listener whose queue is full: the kernel drops the SYN, as a firewall would."""
    with ExitStack() as sockets:
        listener = sockets.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = int(listener.getsockname()[1])
        for _ in range(3):
            filler = sockets.enter_context(socket.socket())
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(("127.0.0.1", port))
        yield port
