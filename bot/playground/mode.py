"""Running the whole bot as a playground: the real application over real HTTP, with Telegram emulated beside it."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

from bot.emulator import Happening
from bot.exits import Exit
from bot.playground.guard import NotLoopback, check_host
from bot.playground.server import add_playground
from bot.playground.telegram import local_telegram
from bot.runtime import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.emulator import BotApi, Event
    from bot.settings import Settings

ANYWHERE: Final = "PLAYGROUND_ANYWHERE"
WELCOME: Final = """
  The playground is open: http://{host}:{port}/
  The whole bot, with an emulated Telegram: nothing leaves this machine. Ctrl+C closes it.
  To run the bot in Telegram, set BOT_TOKEN in .env (.env.example says how).

"""


def play(settings: Settings, environment: Mapping[str, str]) -> int:
    """Run the playground until it is stopped; the exit code. It opens to others only where PLAYGROUND_ANYWHERE=1 says so."""
    anywhere = environment.get(ANYWHERE, "").strip() == "1"
    try:
        check_host(settings.host, anywhere=anywhere)
    except NotLoopback as error:
        sys.stderr.write(f"{error}\n")
        return Exit.CONFIG
    return asyncio.run(run_playground(settings, anywhere=anywhere))


async def run_playground(settings: Settings, *, anywhere: bool = False) -> Exit:
    """The bot as it runs with a token, its Telegram and its web server excepted."""
    async with local_telegram(settings) as here:
        _announce(here.core, settings)
        admins = here.settings.admins
        return await run(
            here.settings, here.clock, lambda web: add_playground(web, here.core, here.clock, admins=admins, anywhere=anywhere)
        )


def _announce(core: BotApi, settings: Settings) -> None:
    """Say where the page is once the bot is up: registering its commands is what it then does first. Port 0 is told by the log."""

    def heard(event: Event) -> None:
        if event.what is Happening.COMMANDS:
            stop()
            if settings.port:
                sys.stdout.write(WELCOME.format(host=settings.host, port=settings.port))
                sys.stdout.flush()

    stop = core.subscribe(heard)
