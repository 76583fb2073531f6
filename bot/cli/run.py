"""`main.py run`."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping


def run(options: Namespace, environment: Mapping[str, str]) -> int:
    """Run the bot until it is stopped: in Telegram with a token, in a playground on this machine without."""
    # The collector would walk through everything that a start builds, and find nothing; the runtime switches it on when it is up.
    gc.disable()
    # Where click and rich are installed, as for developers, httpx imports a command line of its own with them: 0.13 s. None makes that
    # import fail, as it does where they are not.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
    # Asks python-telegram-bot for durations as timedelta, which will be its only way; read when it is imported.
    os.environ.setdefault("PTB_TIMEDELTA", "1")

    from bot.logs import set_up  # noqa: PLC0415 - Telegram is loaded only by the command that needs it
    from bot.roles import Role  # noqa: PLC0415 - as above
    from bot.settings import read_settings  # noqa: PLC0415 - as above

    settings = read_settings(environment, Role(options.role))
    hook = settings.webhook
    set_up(settings.log_level, [secret.value for secret in (settings.token, hook and hook.secret) if secret])
    if settings.token is None:
        from bot.playground.mode import play  # noqa: PLC0415 - no part of a bot that has a token

        return play(settings, environment)

    from bot.runtime import run as live  # noqa: PLC0415 - as above

    return asyncio.run(live(settings))
