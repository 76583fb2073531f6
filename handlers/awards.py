"""/awards: the rounds of the Learning City Award, and the cities of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import ListAwards, pattern
from bot.screens.awards import award_rounds, awardees, no_such_round

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/awards and its years."""
    return [CommandHandler("awards", command_awards), CallbackQueryHandler(button_awards, pattern=pattern(ListAwards))]


async def command_awards(_update: Update, context: BotContext) -> None:
    """All rounds, or the one of a year."""
    text = context.argument
    if not text:
        await context.reply(award_rounds(context.catalogue, context.reader))
        return
    year = re.search(r"(?<!\d)20\d\d(?!\d)", text)
    await _show(int(year.group()) if year else None, text, context)


async def button_awards(_update: Update, context: BotContext) -> None:
    """The cities of one round, or all rounds."""
    match context.action:
        case ListAwards(year) if year:
            await _show(year, str(year), context)
        case _:
            await context.reply(award_rounds(context.catalogue, context.reader))


async def _show(year: int | None, text: str, context: BotContext) -> None:
    round_ = next((round_ for round_ in context.catalogue.award_rounds if round_.year == year), None)
    if round_ is None:
        await context.reply(no_such_round(text, context.catalogue, context.reader))
    else:
        await context.reply(awardees(round_, context.catalogue, context.reader))
