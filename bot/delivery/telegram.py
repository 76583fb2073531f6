"""The sender that asks Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.constants import ParseMode

from bot.context import NO_PREVIEW, inline_keyboard
from bot.delivery.limiter import bulk_lane

if TYPE_CHECKING:
    from telegram import Bot

    from bot.delivery.ports import Message
    from data.follows import Receiver


class TelegramSender:
    """Sends messages through python-telegram-bot's bot; `paid` lets more than 30 of them a second through, for Stars.

    https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once
    """

    def __init__(self, bot: Bot, *, paid: bool = False) -> None:
        self._bot = bot
        self._about: dict[str, Any] = {"link_preview_options": NO_PREVIEW} | bulk_lane(bot)
        if paid:
            self._about["allow_paid_broadcast"] = True

    async def send(self, receiver: Receiver, message: Message, *, silent: bool = False) -> int:
        """As Sender says. Thread 0 is left out: Telegram finds no General topic by number."""
        about = self._about | {"message_thread_id": receiver.thread or None, "disable_notification": silent or None}
        if message.text:
            markup = inline_keyboard(message.buttons) if message.buttons else None
            sent = await self._bot.send_message(receiver.chat, message.text, parse_mode=ParseMode.HTML, reply_markup=markup, **about)
        else:
            sent = await self._bot.send_message(receiver.chat, message.plain, **about)
        return sent.message_id
