"""A client that answers without reading, to measure how fast the generator can be: a request a connection at a time, as bots make them."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from typing import TYPE_CHECKING, Final

from tests.bench.updates.generator import Http

if TYPE_CHECKING:
    from asyncio import BaseTransport

CONNECTIONS: Final = 64
_CHAT: Final = re.compile(rb'"chat":\{"id":(\d+)')
_OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_ASK: Final = b'{"timeout":10}'


class _Polling(Http):
    def __init__(self, token: str, answers: Answers) -> None:
        super().__init__()
        self._ask = f"POST /bot{token}/getUpdates HTTP/1.1\r\nContent-Length: {len(_ASK)}\r\n\r\n".encode() + _ASK
        self._answers = answers

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.write(self._ask)

    def received(self, _head: bytes, body: bytes) -> None:
        self.transport.write(self._ask)
        self._answers.give(_CHAT.findall(body))


class _Called(Http):
    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self._answers = answers

    def received(self, _head: bytes, body: bytes) -> None:
        self.transport.write(_OK)
        self._answers.give(_CHAT.findall(body))


class _Answer(Http):
    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self._answers = answers

    def received(self, _head: bytes, _body: bytes) -> None:
        self._answers.free(self)


class Answers:
    """Who waits for an answer, and the connections that are free to bring one."""

    def __init__(self, token: str) -> None:
        self._say = f"POST /bot{token}/sendMessage HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n".encode()
        self._chats: deque[bytes] = deque()
        self._free: deque[_Answer] = deque()

    async def connect(self, host: str, port: int) -> None:
        """Open the connections."""
        for _ in range(CONNECTIONS):
            _, answer = await asyncio.get_running_loop().create_connection(lambda: _Answer(self), host, port)
            self._free.append(answer)

    def give(self, chats: list[bytes]) -> None:
        """Answer these chats."""
        self._chats += chats
        while self._free and self._chats:
            self._bring(self._free.popleft())

    def free(self, answer: _Answer) -> None:
        """An answer arrived; the next."""
        if self._chats:
            self._bring(answer)
        else:
            self._free.append(answer)

    def _bring(self, answer: _Answer) -> None:
        body = b"chat_id=" + self._chats.popleft() + b"&text=sent"
        answer.transport.write(self._say + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


async def poll(host: str, port: int, token: str) -> None:
    """Ask for updates for ever."""
    answers = Answers(token)
    await answers.connect(host, port)
    await asyncio.get_running_loop().create_connection(lambda: _Polling(token, answers), host, port)
    await asyncio.Event().wait()


async def called(host: str, port: int, token: str, own_port: int) -> None:
    """Be called for ever."""
    answers = Answers(token)
    await answers.connect(host, port)
    server = await asyncio.get_running_loop().create_server(lambda: _Called(answers), "127.0.0.1", own_port)
    await server.serve_forever()
