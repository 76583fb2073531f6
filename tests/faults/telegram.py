"""A Telegram that can be trusted to remember: the emulated Bot API behind a socket, with an exact log of what it took."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from aiohttp import web

from bot.emulator import BotApi
from bot.emulator.http import application
from bot.services import SystemClock
from data.follows import Receiver
from tests.faults.audit import Taken

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable

    from tests.faults.fates import Fate

HOST: Final = "127.0.0.1"
SLOWNESS: Final = (0.002, 0.03)
"""Seconds that a request takes before it is obeyed, and again before it is answered: between these."""
BEAT: Final = 0.25
STILL: Final = 2.0
"""Seconds by which a beat is late when the machine stood still: then answers may come too late, though nobody meant them to."""


class Telegram:
    """One Telegram for one scenario. `fates` are what its chats have in store."""

    def __init__(self, chance: random.Random) -> None:
        self.core = BotApi(clock=SystemClock(), history=1)
        self.fates: dict[int, Fate] = {}
        self._dealt: dict[int, int] = {}
        self._chance = chance
        self._closing = False
        app = application(self.core)
        app.middlewares.append(self._meet)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        self._site: web.TCPSite | None = None
        self._port = 0
        self._heard = asyncio.Event()
        self._beating: asyncio.Task[None] | None = None
        self.stood_still: list[float] = []
        """For how many seconds, each time that the machine did."""

    @property
    def url(self) -> str:
        """What to put into BOT_API_URL."""
        return f"http://{HOST}:{self._port}"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await self._listen()
        self._beating = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._beating:
            self._beating.cancel()
        await self._runner.cleanup()

    def taken(self, title: str) -> list[Taken]:
        """The messages it took that begin with such a title, in order."""
        return [
            Taken(Receiver(call.chat_id or 0, call.params.get("message_thread_id") or 0), int(call.result["message_id"]))
            for call in self.core.log
            if call.method == "sendMessage" and title in call.text
        ]

    async def takes(self, title: str, more: int) -> None:
        """Wait until it took so many more."""
        target = len(self.taken(title)) + more
        while len(self.taken(title)) < target:
            self._heard.clear()
            await self._heard.wait()

    async def is_away(self, seconds: float) -> None:
        """Nobody can connect for a while. Who is connected gets an answer and has to connect anew, so that nothing is cut."""
        self._closing = True
        if self._site:
            await self._site.stop()
        await asyncio.sleep(seconds)
        self._closing = False
        await self._listen()

    async def _beat(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(BEAT)
            late = time.monotonic() - before - BEAT
            if late > STILL:
                self.stood_still.append(late)

    async def _listen(self) -> None:
        self._site = web.TCPSite(self._runner, HOST, self._port, reuse_address=True)
        await self._site.start()
        self._port = self._runner.addresses[0][1]

    @web.middleware
    async def _meet(self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
        if not request.path.endswith("/sendMessage"):
            return await handler(request)
        chat = int((await request.json())["chat_id"])

        async def take() -> web.StreamResponse:
            answer = await handler(request)
            self._heard.set()
            return answer

        await self._dawdle()
        fate = self._fate_of(chat)
        answer = await (fate.act(request, take) if fate else take())
        await self._dawdle()
        if self._closing:
            with suppress(RuntimeError):  # it is on its way already
                answer.force_close()
        return answer

    def _fate_of(self, chat: int) -> Fate | None:
        fate = self.fates.get(chat)
        if fate is None:
            return None
        self._dealt[chat] = self._dealt.get(chat, 0) + 1
        return fate if fate.times is None or self._dealt[chat] <= fate.times else None

    async def _dawdle(self) -> None:
        await asyncio.sleep(self._chance.uniform(*SLOWNESS))
