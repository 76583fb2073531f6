"""The emulated Telegram on a loopback port, and the settings that lead a bot to it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.emulator.http import application
from bot.playground.clock import MovableClock
from bot.playground.world import OSTAP, new_token, new_world
from bot.settings import Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.emulator import BotApi
    from bot.settings import Settings

LOOPBACK: Final = "127.0.0.1"
PATIENCE: Final = 0.5
"""Seconds that open polls get when everything stops; they end by themselves."""


@dataclass(frozen=True, slots=True)
class LocalTelegram:
    """An emulated Telegram, the clock it lives by, and the settings with which a bot finds it."""

    core: BotApi
    clock: MovableClock
    settings: Settings


@asynccontextmanager
async def local_telegram(settings: Settings) -> AsyncIterator[LocalTelegram]:
    """Serve an emulated Telegram over HTTP, for as long as the block lasts. Only this machine reaches it, whatever HOST says."""
    clock, token = MovableClock(), new_token()
    core = new_world(clock, token)
    # What an update wrote is written once: those of the next playground on the same database are others.
    core.updates.next_id = int(clock.now().timestamp())
    runner = web.AppRunner(application(core), access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        site = web.TCPSite(runner, LOOPBACK, 0)
        await site.start()
        port = runner.addresses[0][1]
        yield LocalTelegram(
            core,
            clock,
            replace(
                settings,
                token=Secret(token),
                api_url=f"http://{LOOPBACK}:{port}",
                webhook=None,
                admins=settings.admins | {OSTAP.id},
            ),
        )
    finally:
        await runner.cleanup()
