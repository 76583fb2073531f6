"""How updates come in: by asking Telegram, or by being called; and what happens when Telegram is not there."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.app import ALLOWED_UPDATES
from bot.exits import Ended, Exit
from bot.logs import event, reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.app import App
    from bot.exits import Ending
    from bot.settings import Limits, Webhook
    from bot.transport import Polls

LOG: Final = logging.getLogger(__name__)

LONGEST_PAUSE: Final = 30.0
"""Seconds between attempts to reach Telegram."""
CALLS_AT_ONCE: Final = 64


async def reach(action: Callable[[], Awaitable[object]]) -> None:
    """Do what needs Telegram, trying again until it is there. Raises Ended for a refusal that trying again will not mend."""
    pause = 1.0
    while True:
        try:
            await action()
        except InvalidToken:
            event(LOG, "token_refused", logging.ERROR, setting="BOT_TOKEN", see="@BotFather")
            raise Ended(Exit.CONFIG) from None
        except BadRequest as error:
            event(LOG, "request_refused", logging.ERROR, reason=error.message)
            raise Ended(Exit.CONFIG) from None
        except TelegramError as error:
            wait = _seconds(error) or pause
            event(LOG, "telegram_unreachable", logging.WARNING, reason=reason(error), again_in=wait)
            await asyncio.sleep(wait)
            pause = min(LONGEST_PAUSE, 2 * pause)
        else:
            return


async def poll(application: App, limits: Limits, troubles: Troubles) -> None:
    """Begin to ask Telegram for updates; a webhook that was set is taken away, what waited there is kept."""
    if application.updater is None:
        raise TypeError("an application without an updater cannot poll")
    await application.updater.start_polling(
        timeout=limits.poll_timeout,
        bootstrap_retries=-1,
        allowed_updates=ALLOWED_UPDATES,
        drop_pending_updates=False,
        error_callback=troubles,
    )


async def be_called(application: App, webhook: Webhook) -> None:
    """Tell Telegram where to bring updates."""

    async def tell() -> None:
        await application.bot.set_webhook(
            webhook.url,
            secret_token=webhook.secret.value,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
            max_connections=CALLS_AT_ONCE,
        )

    await reach(tell)


async def close(application: App, seconds: float) -> None:
    """Stop listening, let the updates in hand be answered for so long, close."""
    deadline = asyncio.get_running_loop().time() + seconds
    stops = [application.updater.stop] if application.updater and application.updater.running else []
    stops += [application.stop] if application.running else []
    for stop in stops:
        try:
            async with asyncio.timeout_at(deadline):
                await stop()
        except TimeoutError:
            event(LOG, "drain_cut", logging.WARNING, seconds=round(seconds, 1))
    await application.shutdown()


class Troubles:
    """What becomes of a poll that failed: a line in the log, and the end if someone else polls with our token all the time."""

    def __init__(self, polls: Polls, patience: float, ending: Ending) -> None:
        self._polls = polls
        self._patience = patience
        self._ending = ending
        self._since: float | None = None

    def __call__(self, error: TelegramError) -> None:
        """Called by the updater, which asks again after a pause."""
        event(LOG, "poll_failed", logging.WARNING, reason=reason(error))
        if isinstance(error, Conflict):
            self._conflict()

    def _conflict(self) -> None:
        now, last = time.monotonic(), self._polls.last_success
        if self._since is None or (last is not None and last > self._since):
            self._since = now
        if now - self._since >= self._patience:
            event(LOG, "token_used_elsewhere", logging.ERROR, setting="BOT_TOKEN", seconds=self._patience)
            self._ending.because(Exit.CONFLICT)


def _seconds(error: TelegramError) -> float | None:
    if not isinstance(error, RetryAfter):
        return None
    wait = error.retry_after
    return float(wait if isinstance(wait, int | float) else wait.total_seconds())
