"""How long handlers take: the whole Application over a client that answers at once, so that only our work and PTB's is timed."""

from __future__ import annotations

import gc
import json
import os
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

os.environ.setdefault("PTB_TIMEDELTA", "1")  # read by PTB when it is imported

from telegram import Update
from telegram.request import BaseRequest, RequestData

from bot.app import build_application
from bot.callbacks import ListCities
from bot.conversations import Conversations
from bot.delivery.budget import Budget, Rates
from bot.delivery.limiter import Limiter
from bot.following import FollowBook
from bot.i18n import Languages
from bot.metrics import Metrics
from bot.newsdesk import open_desk
from bot.newsroom import Newsroom
from bot.services import ChatBook, Services, Shelf, SystemClock
from bot.settings import Limits, Secret, Settings
from data.assembly import assemble, read_tables
from data.db import Database
from data.schema import upgrade
from data.sheets import SEED, read
from data.sources.fetch import Reach
from data.types import Filter

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.app import App

UPDATES: Final = 1000
WARM_UP: Final = 100
LESIA: Final = {"id": 5, "is_bot": False, "first_name": "Леся", "language_code": "uk"}
CHAT: Final = {"id": 5, "type": "private", "first_name": "Леся"}


@dataclass(frozen=True, slots=True)
class Run:
    """Milliseconds."""

    p50: float
    p99: float


class AnswersAtOnce(BaseRequest):
    """Takes every request for granted."""

    @property
    def read_timeout(self) -> float:
        """As every client has one."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any) -> tuple[int, bytes]:
        """Answer; encoding the request is the transport's."""
        result: Any = True
        if url.endswith("/getMe"):
            result = {"id": 1, "is_bot": True, "first_name": "bot", "username": "measured_bot"}
        elif "/send" in url or "/editMessage" in url:
            result = {"message_id": 1, "date": 0, "chat": CHAT, "text": "sent"}
        return 200, json.dumps({"ok": True, "result": result}).encode()


async def handler_times(runs: int) -> dict[str, list[Run]]:
    """p50 and p99 of each case, run by run."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        db = await stack.enter_async_context(Database(f"sqlite:///{Path(folder) / 'bench.db'}"))
        await upgrade(db)
        app = await application(db, stack)
        return {name: [await _measure(app, make) for _ in range(runs)] for name, make in CASES.items()}


async def application(db: Database, stack: AsyncExitStack) -> App:
    """A bot with the shipped data set and this database, whose Telegram answers at once."""
    records, _ = read()
    clock, limits = SystemClock(), Limits()
    shelf = Shelf(assemble(records, 1, read_tables(SEED)))
    services = Services(
        shelf=shelf,
        chats=ChatBook(db, clock, limits.remembered_chats),
        follows=FollowBook(db, clock, limits.remembered_chats),
        newsroom=Newsroom(db, clock, lambda: open_desk(db, clock, shelf, Reach())),
        languages=Languages(),
        metrics=Metrics(),
        conversations=Conversations(db, clock, limits),
        clock=clock,
        limits=limits,
    )
    # The way through the limiter is timed, and nobody has to wait there.
    limiter = Limiter(Budget(Rates(bulk=1e9, beside=1e9)), clock, limits.reply_pause)
    app = build_application(Settings(token=Secret("1:a-token-of-no-bot")), services, AnswersAtOnce(), AnswersAtOnce(), limiter)
    await app.initialize()
    stack.push_async_callback(app.shutdown)
    # As the runtime does when it is up: what is here stays, and the collector need not walk through it.
    gc.freeze()
    return app


async def _measure(app: App, make: Callable[[int], dict[str, Any]]) -> Run:
    times = []
    for number in range(WARM_UP + UPDATES):
        update = Update.de_json(make(number), app.bot)
        start = time.perf_counter()
        await app.process_update(update)
        times.append((time.perf_counter() - start) * 1000)
    times = sorted(times[WARM_UP:])
    return Run(times[len(times) // 2], times[int(len(times) * 0.99)])


def says(text: str) -> Callable[[int], dict[str, Any]]:
    """A maker of updates, by number."""
    command = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}] if text.startswith("/") else []
    return lambda number: {
        "update_id": number,
        "message": {"message_id": number, "date": 0, "chat": CHAT, "from": LESIA, "text": text, "entities": command},
    }


def _presses(data: str) -> Callable[[int], dict[str, Any]]:
    message = {"message_id": 1, "date": 1, "chat": CHAT, "text": "a list"}
    return lambda number: {
        "update_id": number,
        "callback_query": {"id": str(number), "from": LESIA, "chat_instance": "1", "data": data, "message": message},
    }


def _types(query: str) -> Callable[[int], dict[str, Any]]:
    return lambda number: {"update_id": number, "inline_query": {"id": str(number), "from": LESIA, "query": query, "offset": ""}}


CASES: Final = {
    "/city Nikopol": says("/city Nikopol"),
    "/city nikopl (a typo)": says("/city nikopl"),
    "/cities, page 2 by a button": _presses(ListCities(Filter(), 1).pack()),
    "inline query nikopl (a typo)": _types("nikopl"),
    "inline query nik": _types("nik"),
    "inline query of one letter": _types("a"),
    "inline question: is Melitopol a member?": _types("is Melitopol a member?"),
    "a question: чи є Львів у мережі?": says("чи є Львів у мережі?"),
    "/practices older people": says("/practices older people"),
    "a message of 4,096 characters": says("nikopll " * 512),
}
