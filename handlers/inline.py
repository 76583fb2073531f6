"""Inline search: cards, and answers to questions, in any chat. In memory only, so that answers come in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import InlineQueryHandler

from bot.context import NO_PREVIEW, inline_keyboard
from bot.markup import pack
from bot.questions import answer
from bot.questions.answering import COURTESY
from bot.screens.inline import NETWORK, InlineCard, answer_card, inline_cards, open_bot_label
from data.questions.lexicon import Concept, Weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from data.questions.reading import Reading

TOO_OLD: Final = "query is too old"
IDLE: Final = COURTESY | {Concept(word) for word in ("filler", "and", "it")}
"""What stands beside a name without asking anything."""
NAME_ALONE: Final = "a name alone"
"""How an answer is marked that is the card of a name."""


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
    answered = _answer(query.query, cards, context) if start == 0 else None
    if answered and len(cards) == limits.inline_page:
        cards, more = cards[:-1], True
    try:
        await query.answer(
            [_article(card) for card in ((answered, *cards) if answered else cards)],
            cache_time=limits.inline_cache,
            is_personal=True,  # a shared cache does not know the language of who asks next
            next_offset=str(start + len(cards)) if more else "",
            button=InlineQueryResultsButton(open_bot_label(context.reader), start_parameter="inline"),
        )
    except BadRequest as error:
        if TOO_OLD not in error.message.lower():  # the reader typed on; nobody waits for this answer
            raise


def _answer(text: str, cards: Sequence[InlineCard], context: BotContext) -> InlineCard | None:
    """The answer to what was typed, if it reads like a question or nothing else fits. A name or a theme alone asks for cards.

    With a word that nobody knows, and the last one mostly is while it is being typed, or that speaks of what the data do not hold, no
    answer is looked for: that would take longest.
    """
    catalogue, this_year = context.catalogue, context.services.clock.now().year
    reading = catalogue.read(text, this_year)
    if reading.leftover or reading.concepts & catalogue.lexicon.of_weight(Weight.OTHER):
        return None
    if cards[0].id != NETWORK and not _asks(reading):
        return None
    given = answer(text, catalogue, context.reader, this_year=this_year)
    if not given.answered or given.frame == NAME_ALONE or given.reading is None or not _asks(given.reading):
        return None
    return answer_card(given.screen, context.reader)


def _asks(reading: Reading) -> bool:
    """Whether there is a word that asks: no name, no courtesy, nothing that only joins the others."""
    return any(piece.concepts - IDLE and not piece.refs for piece in reading.pieces)


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
