"""`main.py run`."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from typing import TYPE_CHECKING, Final

from bot.exits import Exit

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

WITHOUT: Final = """BOT_TOKEN is not set: the bot cannot talk to Telegram without a token.
Get one from @BotFather in Telegram (/newbot) and set BOT_TOKEN in the environment or in .env; .env.example explains each setting.
Without a token this works: main.py ask "Is Nikopol a member?"
"""


def run(_options: Namespace, environment: Mapping[str, str]) -> int:
    """Run the bot until it is stopped."""
    # The collector would walk through everything that a start builds, and find nothing; the runtime switches it on when it is up.
    gc.disable()
    # Asks python-telegram-bot for durations as timedelta, which will be its only way; read when it is imported.
    os.environ.setdefault("PTB_TIMEDELTA", "1")

    from bot.settings import read_settings  # noqa: PLC0415 - the token is asked for before Telegram is loaded

    settings = read_settings(environment)
    if settings.token is None:
        sys.stderr.write(WITHOUT)
        return Exit.CONFIG

    from bot.logs import set_up  # noqa: PLC0415 - as above
    from bot.runtime import run as live  # noqa: PLC0415 - as above

    hook = settings.webhook
    set_up(settings.log_level, [settings.token.value, *([hook.secret.value] if hook else [])])
    return asyncio.run(live(settings))
