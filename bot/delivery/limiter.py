"""Lets replies to people share one budget with what is sent in bulk.

python-telegram-bot's own AIORateLimiter sends early after a flood wait (https://github.com/python-telegram-bot/python-telegram-bot/issues/5338)
and knows of one lane only.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter, ExtBot

from bot.delivery.budget import Lane
from bot.delivery.outcomes import patience

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from telegram import Bot

    from bot.delivery.budget import Budget
    from bot.services import Clock

COUNTED: Final = ("sendMessage", "sendPhoto", "sendDocument", "sendLocation", "sendVenue", "editMessage", "copyMessage", "forwardMessage")
"""Requests that begin so put something into a chat, and Telegram counts them; answers to buttons and inline queries it does not."""


class Limiter(BaseRateLimiter[Lane]):
    """Makes replies wait their turn, a few seconds at most. Whoever sends in bulk asked the budget before, and passes."""

    def __init__(
        self, budget: Budget, clock: Clock, longest_flood: float, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._budget, self._clock, self._longest_flood, self._sleep = budget, clock, longest_flood, sleep

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Any:
        """Make a request when its turn has come; once more if Telegram asks for a short pause."""
        chat = data.get("chat_id")
        if rate_limit_args is Lane.BULK or not isinstance(chat, int) or not endpoint.startswith(COUNTED):
            return await callback(*args, **kwargs)
        await self._turn(chat)
        try:
            answer = await callback(*args, **kwargs)
        except RetryAfter as flood:
            seconds = patience(flood)
            self._budget.flooded(self._clock.monotonic(), chat, seconds, 0.0)
            if seconds > self._longest_flood:
                raise
        else:
            self._budget.went_through()
            return answer
        await self._sleep(seconds)
        return await callback(*args, **kwargs)

    async def _turn(self, chat: int) -> None:
        """Take a place in the row, then wait for it: many who come at once must not go out at once."""
        now = self._clock.monotonic()
        wait = self._budget.wait(now, chat, Lane.REPLY)
        self._budget.take(now, chat, Lane.REPLY)
        if wait > 0:
            await self._sleep(wait)


def bulk_lane(bot: Bot) -> dict[str, Any]:
    """The arguments of a request that asked the budget itself; none for a bot without a limiter, which would refuse them."""
    return {"rate_limit_args": Lane.BULK} if isinstance(bot, ExtBot) and bot.rate_limiter else {}
