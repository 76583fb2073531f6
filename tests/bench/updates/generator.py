"""A Bot API that does nothing but hand out updates and count answers: `python -m tests.bench.updates.generator`.

One process for all bots of a comparison, each known by its token. It checks nothing and keeps nothing: the emulator of the playground does,
and would take longer than the bots. HTTP/1.1 is read and written by hand for the same reason.

It is told what to do by lines of JSON on its standard input, and answers each with a line. No more than `window` updates are under way to
a bot at a time, since bots differ in how many they hoard; with a `rate` they come evenly.
"""

from __future__ import annotations

import abc
import asyncio
import json
import re
import sys
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Final

from tests.bench.updates.kinds import FIRST_CHAT, Kind, kinds

BATCH: Final = 100
"""Updates that Telegram gives at once, at most."""
CALLS: Final = 64
"""Connections to a webhook."""
TICK: Final = 0.001
AGAIN: Final = 0.2
"""Seconds until a bot that is not there yet is called again."""

_ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
_BOT: Final = b'{"id":1,"is_bot":true,"first_name":"bench","username":"bench_bot","can_join_groups":true,"supports_inline_queries":true}'
_SENT: Final = (
    b'{"ok":true,"result":{"message_id":%d,"from":' + _BOT + b',"chat":{"id":%d,"first_name":"Lesia","type":"private"},'
    b'"date":1780000000,"text":"sent"}}'
)
_CARD: Final = json.dumps(
    {
        "text": "🇺🇦 Нікополь · Nikopol\nУкраїна\n\n" + "Учасник мережі з 2017 року, а джерело цих слів названо нижче. " * 5,
        "entities": [{"type": "bold", "offset": 0, "length": 13}]
        + [{"type": "text_link", "offset": place, "length": 20, "url": "https://example.org/a/page/of/the/city"} for place in (40, 90)],
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": "Подібні міста", "callback_data": f"1:y:{row}"}] * 2 for row in range(3)]},
    }
).encode()
_SENT_CARD: Final = _SENT.removesuffix(b'"text":"sent"}}') + _CARD.removeprefix(b"{").replace(b"%", b"%%") + b"}"
"""Telegram repeats what it was sent: a card with buttons comes back as one."""
_DONE: Final = b'{"ok":true,"result":true}'
_LENGTH: Final = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_PATH: Final = re.compile(rb"[A-Z]+ /bot([^/ ]+)/(\w+)")
_CHAT: Final = re.compile(rb'\bchat_id(?:=|": ?)(\d+)')
_QUERY: Final = re.compile(rb'\binline_query_id(?:=|": ?")(\d+)')
_TIMEOUT: Final = re.compile(rb'\btimeout(?:=|": ?)(\d+)')


@dataclass
class Lane:
    """One bot: what it is given, and what it answered."""

    kind: Kind
    token: str
    window: int = 500
    chats: int = 1_000
    rate: float = 0.0
    """Updates a second; 0: as many as the bot takes."""
    open: bool = False
    given: int = 0
    answered: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds from handing an update out to its answer."""
    _since: float = 0.0
    _before: int = 0
    _under_way: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    """When updates of a chat were handed out; one that waits for the database may be overtaken by the chat's next."""
    _poll: Connection | None = None
    _idle: deque[Caller] = field(default_factory=deque)

    def start(self, kind: Kind, rate: float, chats: int) -> None:
        """Hand out updates from now on."""
        self.kind, self.rate, self.chats = kind, rate, chats
        self.open, self._since, self._before = True, time.perf_counter(), self.given
        self._under_way.clear()
        self.waits.clear()
        self.answered = self.given
        self.pump()

    def poll(self, connection: Connection, seconds: float) -> None:
        """A bot asks for updates, and waits for so long."""
        self._poll = connection
        asyncio.get_running_loop().call_later(seconds, self._end_poll, connection)
        self.pump()

    def calls(self, caller: Caller) -> None:
        """A connection to the bot's webhook is free."""
        self._idle.append(caller)
        self.pump()

    def pump(self) -> None:
        """Hand out what may be handed out."""
        if self._poll and (room := min(BATCH, self._room())):
            connection, self._poll = self._poll, None
            connection.answer(b'{"ok":true,"result":[' + b",".join(self._next() for _ in range(room)) + b"]}")
        while self._idle and self._room():
            self._idle.popleft().post(self._next())

    def answers(self, number: int) -> None:
        """The bot answered the update of this chat, or the query with this number."""
        if since := self._under_way[number]:
            self.waits.append(time.perf_counter() - since.popleft())
            self.answered += 1
            self.pump()

    def _room(self) -> int:
        if not self.open:
            return 0
        room = self.window - (self.given - self.answered)
        if self.rate:
            room = min(room, int((time.perf_counter() - self._since) * self.rate) - (self.given - self._before))
        return max(room, 0)

    def _next(self) -> bytes:
        self.given += 1
        chat = self.given % self.chats
        self._under_way[self.given if self.kind.name == "inline" else FIRST_CHAT + chat].append(time.perf_counter())
        return self.kind.update(self.given, chat)

    def _end_poll(self, connection: Connection) -> None:
        if self._poll is connection:
            self._poll = None
            connection.answer(b'{"ok":true,"result":[]}')


class Http(asyncio.Protocol, abc.ABC):
    """Messages with a body of a known length, one after another."""

    def __init__(self) -> None:
        self._held = bytearray()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        held = self._held
        held += data
        while (end := held.find(b"\r\n\r\n")) >= 0:
            head = bytes(held[:end])
            length = _LENGTH.search(head)
            stop = end + 4 + (int(length[1]) if length else 0)
            if len(held) < stop:
                return
            body = bytes(held[end + 4 : stop])
            del held[:stop]
            self.received(head, body)

    @abc.abstractmethod
    def received(self, head: bytes, body: bytes) -> None:
        """A whole message is here."""


class Connection(Http):
    """A bot calls us."""

    def __init__(self, lanes: dict[str, Lane]) -> None:
        super().__init__()
        self._lanes = lanes

    def received(self, head: bytes, body: bytes) -> None:
        path = _PATH.match(head)
        lane = self._lanes.get(path[1].decode()) if path else None
        if path is None or lane is None:
            raise ValueError(f"nobody's request: {head[:80]!r}")
        match path[2]:
            case b"sendMessage":
                chat = _number(_CHAT, body)
                self.answer((_SENT_CARD if b"reply_markup" in body else _SENT) % (lane.answered + 1, chat))
                lane.answers(chat)
            case b"answerInlineQuery":
                self.answer(_DONE)
                lane.answers(_number(_QUERY, body))
            case b"getUpdates":
                asked = _TIMEOUT.search(body)
                lane.poll(self, int(asked[1]) if asked else 0)
            case b"getMe":
                self.answer(b'{"ok":true,"result":' + _BOT + b"}")
            case _:
                self.answer(_DONE)

    def answer(self, body: bytes) -> None:
        """Write an answer."""
        self.transport.write(_ANSWER % (len(body), body))


class Caller(Http):
    """We call a bot."""

    def __init__(self, lane: Lane, path: str, secret: str) -> None:
        super().__init__()
        self._lane = lane
        self._brought = b""
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: %d\r\n\r\n%b"
        ).encode()

    def received(self, head: bytes, _body: bytes) -> None:
        if head.startswith(b"HTTP/1.1 200"):
            self._lane.calls(self)
        elif head.startswith(b"HTTP/1.1 503"):
            asyncio.get_running_loop().call_later(AGAIN, self.post, self._brought)
        else:
            raise ValueError(f"the webhook answered {head[:40]!r}")

    def post(self, update: bytes) -> None:
        """Bring an update."""
        self._brought = update
        self.transport.write(self._head % (len(update), update))


def _number(pattern: re.Pattern[bytes], body: bytes) -> int:
    found = pattern.search(body)
    if found is None:
        raise ValueError(f"an answer to nobody: {body[:80]!r}")
    return int(found[1])


async def _obey(order: dict[str, Any], lanes: dict[str, Lane]) -> dict[str, Any]:
    held = kinds()
    lane = lanes.setdefault(order["token"], Lane(held["city"], order["token"]))
    match order["do"]:
        case "call":
            loop = asyncio.get_running_loop()
            for _ in range(CALLS):
                _, caller = await loop.create_connection(lambda: Caller(lane, order["path"], order["secret"]), "127.0.0.1", order["port"])
                lane.calls(caller)
        case "start":
            lane.start(held[order["kind"]], order["rate"], order["chats"])
        case "stop":
            lane.open = False
        case "waits":
            waits, lane.waits = sorted(lane.waits), []
            return {"p50": waits[len(waits) // 2], "p99": waits[len(waits) * 99 // 100]} if waits else {}
    return {"given": lane.given, "answered": lane.answered, "time": time.perf_counter()}


async def serve() -> None:
    """Until the standard input ends."""
    loop = asyncio.get_running_loop()
    lanes: dict[str, Lane] = {}
    server = await loop.create_server(lambda: Connection(lanes), "127.0.0.1", 0, backlog=1_024)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    _say(server.sockets[0].getsockname()[1])

    async def tick() -> None:
        while True:
            await asyncio.sleep(TICK)
            for lane in lanes.values():
                if lane.rate:
                    lane.pump()

    ticking = asyncio.create_task(tick())
    while order := await orders.readline():
        _say(await _obey(json.loads(order), lanes))
    ticking.cancel()


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve())
