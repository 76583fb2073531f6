"""Replies to questions of ours.

A question names in its own text what it is about (`#city-12`), so that the reply says it even after a restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import filters

if TYPE_CHECKING:
    import re

    from telegram import Message


class AnswersQuestion(filters.MessageFilter):
    """A reply to a question of ours that has this marker."""

    def __init__(self, marker: re.Pattern[str]) -> None:
        super().__init__()
        self._marker = marker

    def filter(self, message: Message) -> bool:
        """Whether a message is one."""
        return asked_about(message, self._marker) is not None


def asked_about(message: Message | None, marker: re.Pattern[str]) -> re.Match[str] | None:
    """The marker of the question that a message replies to; None if it replies to none of ours."""
    asked = message.reply_to_message if message else None
    is_ours = asked is not None and asked.from_user is not None and asked.from_user.is_bot
    return marker.search(asked.text or "") if asked and is_ours else None
