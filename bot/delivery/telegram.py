"""The sender that asks Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telegram.constants import ParseMode

from bot.context import NO_PREVIEW, inline_keyboard

if TYPE_CHECKING:
    from telegram import Bot

    from bot.delivery.ports import Message
    from data.follows import Receiver


FREE: Final = 30
"""Messages a second that Telegram takes for nothing."""


class TelegramSender:
    """Sends messages through python-telegram-bot's bot; `per_second` tells whether that is more than Telegram takes for nothing."""

    def __init__(self, bot: Bot, per_second: float = FREE) -> None:
        self._bot = bot
        self._paid = True if per_second > FREE else None

    async def send(self, receiver: Receiver, message: Message) -> int:
        """As Sender says. Thread 0 is left out: Telegram finds no General topic by number."""
        about: dict[str, Any] = {"message_thread_id": receiver.thread or None, "link_preview_options": NO_PREVIEW}
        about["allow_paid_broadcast"] = self._paid
        if message.text:
            markup = inline_keyboard(message.buttons) if message.buttons else None
            sent = await self._bot.send_message(receiver.chat, message.text, parse_mode=ParseMode.HTML, reply_markup=markup, **about)
        else:
            sent = await self._bot.send_message(receiver.chat, message.plain, **about)
        return sent.message_id
