"""An admin publishes, and what a running bot does about it: delivering, and changing what was delivered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.callbacks import WriteNews
from bot.delivery.amending import Amender
from bot.delivery.cards import Alerts, DeliveredItems
from bot.delivery.ports import Ports
from bot.delivery.service import new_worker
from bot.delivery.telegram import TelegramSender
from data import upkeep
from tests.fakes.house import the, to
from tests.fakes.updates import ADMIN

if TYPE_CHECKING:
    from bot.emulator import Call
    from tests.fakes.house import House

NEWS: Final = "/publish Нікополь відкрив центр\nЦентр для всіх. https://example.org/1\n---\nNikopol opened a centre\nA centre for all."


async def publishes(bot: House, text: str = NEWS) -> Call:
    """An admin publishes; the card of its delivery."""
    await bot.hears("/start", ADMIN)
    shown = the(await bot.hears(text, ADMIN))
    card = the(await bot.presses(shown, to(shown, WriteNews), ADMIN))
    await takes_up(bot)
    return card


async def takes_up(bot: House) -> None:
    """The bot looks for a new revision of the data set."""
    bot.services.shelf.catalogue = await upkeep.read_catalogue(bot.db)


def items_of(bot: House) -> DeliveredItems:
    """Puts items into words."""
    return DeliveredItems(bot.services.shelf, bot.services.languages, bot.application.bot.username, bot.clock)


async def delivers(bot: House) -> list[Call]:
    """A worker sends all that is due."""
    telegram, services = bot.application.bot, bot.services
    ports = Ports(
        TelegramSender(telegram),
        items_of(bot),
        Alerts(telegram, services),
        bot.clock,
        services.metrics,
        services.changed,
    )
    worker = new_worker(bot.db, ports, services.limits, bot.budget)
    before = len(bot.telegram.log)
    for _ in range(20):
        bot.clock.advance(max(await worker.step(), 0.1))
        if worker._under_way:
            await asyncio.wait(worker._under_way)
    await worker.stop()
    return bot.telegram.log[before:]


def amender(bot: House) -> Amender:
    """What changes messages, as a process would have it."""
    return Amender(bot.db, bot.application.bot, items_of(bot), bot.budget, bot.clock, bot.clock.sleep)


async def amends(bot: House, most: int = 50) -> list[Call]:
    """Change whatever has to be changed."""
    before, working = len(bot.telegram.log), amender(bot)
    for _ in range(most):
        if not await working.step():
            bot.clock.advance(3)
    return bot.telegram.log[before:]
