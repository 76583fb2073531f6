"""/language: the language of a chat. In a group only its administrators choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.callbacks import ChooseLanguage, SetLanguage, pattern
from bot.screens.personal import choose_language, language_chosen, only_admins_choose

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """/language and its buttons."""
    return [
        CommandHandler("language", command_language),
        CallbackQueryHandler(button_choose, pattern=pattern(ChooseLanguage)),
        CallbackQueryHandler(button_language, pattern=pattern(SetLanguage)),
    ]


async def command_language(_update: Update, context: BotContext) -> None:
    """The languages to choose from."""
    languages = context.services.languages
    await context.reply(choose_language(languages.held, languages, context.reader))


async def button_choose(update: Update, context: BotContext) -> None:
    """The same, from a button."""
    await command_language(update, context)


async def button_language(update: Update, context: BotContext) -> None:
    """Remember the language and say so in it."""
    chat = update.effective_chat
    match context.action:
        case SetLanguage(lang) if chat and (not lang or lang in context.services.languages.held):
            if not await context.administers():
                await context.answer(only_admins_choose(context.reader))
                return
            await context.services.chats.choose_language(chat.id, lang or None)
            await context.reply(language_chosen(await context.read_anew()))
        case _:
            await command_language(update, context)
