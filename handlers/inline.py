"""Inline search: cards in any chat. In memory only, so that answers come in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import InlineQueryHandler

from bot.context import NO_PREVIEW, inline_keyboard
from bot.markup import pack
from bot.screens.inline import InlineCard, inline_cards, open_bot_label

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext

TOO_OLD = "query is too old"


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Inline queries."""
    return [InlineQueryHandler(inline_search)]


async def inline_search(update: Update, context: BotContext) -> None:
    """Cards for what was typed so far; a page at a time."""
    query = update.inline_query
    if query is None:
        return
    limits = context.services.limits
    start = int(query.offset) if query.offset.isdecimal() else 0
    cards, more = inline_cards(query.query, start, limits.inline_page, context.catalogue, context.reader)
    try:
        await query.answer(
            [_article(card) for card in cards],
            cache_time=limits.inline_cache,
            is_personal=True,  # a shared cache does not know the language of who asks next
            next_offset=str(start + limits.inline_page) if more else "",
            button=InlineQueryResultsButton(open_bot_label(context.reader), start_parameter="inline"),
        )
    except BadRequest as error:
        if TOO_OLD not in error.message.lower():  # the reader typed on; nobody waits for this answer
            raise


def _article(card: InlineCard) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=card.id,
        title=card.title,
        description=card.description,
        input_message_content=InputTextMessageContent(
            pack(card.screen.blocks)[0], parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
        reply_markup=inline_keyboard(card.screen.buttons),
    )
