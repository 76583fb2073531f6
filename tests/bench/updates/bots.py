"""The bots that are compared, each a process: `python -m tests.bench.updates.bots NAME API TOKEN PORT`; with port 0 they poll.

The echo bots are what their authors' first examples show, nothing tuned. python-telegram-bot's own webhook server needs tornado; here
aiohttp, which all three have in common, puts updates into the same queue.
"""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tests.bench.updates.telling import listen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PATH: Final = "/hook"
SECRET: Final = "a-secret-of-the-bench"
"""What our webhook is called with."""
AT_ONCE: Final = 64
"""Updates that the echo on our transport handles side by side, as our bot does."""
UNLIMITED: Final = 1e9
"""Messages a second: what Telegram would take of one bot is far less than what is measured."""


def ptb(api: str, token: str, port: int, *, ours: bool) -> None:
    """A python-telegram-bot echo, as it comes or on our transport."""
    from telegram import Update  # noqa: PLC0415 - each process loads what it needs
    from telegram.ext import Application, ContextTypes, MessageHandler, filters  # noqa: PLC0415

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    builder = Application.builder().token(token).base_url(f"{api}/bot")
    if ours:
        from bot.transport import AiohttpRequest  # noqa: PLC0415

        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest()).concurrent_updates(AT_ONCE)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    if not port:
        application.run_polling()
        return

    async def called() -> None:
        from aiohttp import web  # noqa: PLC0415

        async def take(request: web.Request) -> web.Response:
            await application.update_queue.put(Update.de_json(await request.json(), application.bot))
            return web.Response()

        async with application:
            await application.start()
            await _serve_for_ever(take, port)

    asyncio.run(called())


def aiogram(api: str, token: str, port: int) -> None:
    """An aiogram echo, as it comes."""
    from aiogram import Bot, Dispatcher  # noqa: PLC0415
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.types import Message  # noqa: PLC0415, TC002 - read at run time by aiogram
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler  # noqa: PLC0415

    dispatcher = Dispatcher()

    async def echo(message: Message) -> None:
        if message.text:
            await message.answer(message.text)

    dispatcher.message.register(echo)

    async def live() -> None:
        bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
        if port:
            await _serve_for_ever(SimpleRequestHandler(dispatcher, bot).handle, port)
        else:
            await dispatcher.start_polling(bot)

    asyncio.run(live())


def ours(api: str, token: str, port: int) -> None:
    """Our bot as `main.py run` starts it, but for the limit on what Telegram takes."""
    from dataclasses import replace  # noqa: PLC0415

    from bot import settings  # noqa: PLC0415
    from bot.cli.run import run  # noqa: PLC0415
    from bot.roles import Role  # noqa: PLC0415

    read = settings.read_settings

    def unlimited(environment: Mapping[str, str], role: Role = Role.ALL) -> settings.Settings:
        found = read(environment, role)
        return replace(found, limits=replace(found.limits, bulk_per_second=UNLIMITED))

    settings.read_settings = unlimited
    hook = {"WEBHOOK_URL": f"https://bench.example{PATH}", "WEBHOOK_SECRET": SECRET} if port else {}
    run(Namespace(role=Role.ALL), {**os.environ, "BOT_TOKEN": token, "BOT_API_URL": api, "PORT": str(port), **hook})


def nothing(api: str, token: str, port: int) -> None:
    """No bot: whatever comes is answered at once, unread, to see how fast the generator is."""
    from tests.bench.updates.ceiling import called, poll  # noqa: PLC0415

    host, _, where = api.removeprefix("http://").partition(":")
    asyncio.run(called(host, int(where), token, port) if port else poll(host, int(where), token))


async def _serve_for_ever(take: Any, port: int) -> None:
    from aiohttp import web  # noqa: PLC0415

    application = web.Application()
    application.add_routes([web.post(PATH, take)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


BOTS: Final[dict[str, Callable[[str, str, int], None]]] = {
    "nothing": nothing,
    "ptb": partial(ptb, ours=False),
    "aiogram": aiogram,
    "ptb-ours": partial(ptb, ours=True),
    "ours": ours,
}

if __name__ == "__main__":
    name, api, token, port = sys.argv[1:]
    listen()
    BOTS[name](api, token, int(port))
