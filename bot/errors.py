"""What becomes of an exception: a table of causes, a line in the log, and a word to the reader with the code that stands in both."""

from __future__ import annotations

import logging
from typing import Final

from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.context import BotContext
from bot.screens.problems import failure, storage_failure
from bot.writing import failed
from data.db import is_storage_error

LOG: Final = logging.getLogger(__name__)

BENIGN: Final = (
    "message is not modified",
    "query is too old",
    "message to edit not found",
    "message can't be edited",
    "message to be replied not found",
)
"""Refusals that only mean that the reader was faster than we."""

OUT_OF_REACH: Final = (
    "chat not found",
    "not enough rights",
    "no rights to send",
    "need administrator rights",
    "chat_write_forbidden",
    "topic_closed",
    "message thread not found",
)
"""Refusals that mean that the bot may not write there, or not any more."""

REFUSALS: Final = ((BENIGN, "benign"), (OUT_OF_REACH, "unreachable"))
"""What Telegram's 400 means. In PTB it is a NetworkError, so it is asked first and apart."""

CAUSES: Final = (
    ((Forbidden, ChatMigrated), "unreachable"),
    ((NetworkError, RetryAfter), "network"),
)


async def on_error(update: object, context: object) -> None:
    """The application's error handler."""
    if not isinstance(context, BotContext) or context.error is None:
        return
    error = context.error
    cause = cause_of(error)
    if cause == "benign":
        LOG.debug("update_outdated error=%s code=%s", type(error).__name__, context.request_id)
        return
    context.services.metrics.failures.labels(cause).inc()
    failed(cause)
    if cause == "unreachable":
        LOG.info("reader_unreachable code=%s", context.request_id)
        return
    LOG.error("update_failed cause=%s code=%s", cause, context.request_id, exc_info=error if cause != "network" else None)
    if isinstance(update, Update) and cause != "network":
        await _tell(context, cause)


def cause_of(error: Exception) -> str:
    """Why an update failed: benign, unreachable, network, storage or defect."""
    if isinstance(error, BadRequest):
        found = (cause for phrases, cause in REFUSALS if any(phrase in error.message.lower() for phrase in phrases))
    else:
        found = (cause for kinds, cause in CAUSES if isinstance(error, kinds))
    return next(found, "storage" if is_storage_error(error) else "defect")


async def _tell(context: BotContext, cause: str) -> None:
    """Say so, if that at least works."""
    try:
        if not hasattr(context, "reader"):
            context.read_by_default()
        if cause == "storage":
            again, answered = context.retry
            await context.reply(storage_failure(context.request_id, context.reader, again), fresh=True, to=answered)
        else:
            await context.reply(failure(context.request_id, context.reader), fresh=True)
    except TelegramError as error:
        LOG.warning("failure_not_told error=%s code=%s", type(error).__name__, context.request_id)
