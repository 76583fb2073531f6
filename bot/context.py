"""The context of one update: who reads, what they may use, and how the answer leaves."""

from __future__ import annotations

import io
import secrets
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from telegram import (
    CallbackQuery,
    Chat,
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import BadRequest, Forbidden
from telegram.ext import Application, CallbackContext

from bot.callbacks import Action, DeepLink, unpack
from bot.conversations import Speaker
from bot.markup import Button, Html, Screen, line, pack, visible
from bot.teller import Teller
from bot.transport import NeverSent
from data.follows import Receiver

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.i18n import Reader
    from bot.services import Services
    from data.catalogue import Catalogue

GENERAL_TOPIC = 1
"""The General topic of a forum; its id must be left out when sending. https://github.com/tdlib/telegram-bot-api/issues/447"""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
NOT_MODIFIED = "message is not modified"
ADMINISTERS = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}

T = TypeVar("T")
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ForceReply


_AT_HAND: ContextVar[BotContext | None] = ContextVar("_AT_HAND", default=None)
"""That of the update which this task handles: python-telegram-bot makes another for an error."""


class BotContext(CallbackContext[Teller, dict[Any, Any], dict[Any, Any], dict[str, Any]]):
    """What a handler has at hand. `reader` is set before any handler runs."""

    reader: Reader

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], chat_id: int | None = None, user_id: int | None = None
    ) -> None:
        super().__init__(application=application, chat_id=chat_id, user_id=user_id)
        self.request_id = secrets.token_hex(2).upper()
        self._update: Update | None = None
        self._answered = False
        self.retry: tuple[Action | None, int | None] = (None, None)
        """What tries once more if the database fails, and the message that holds what it needs: that one is answered then."""

    @classmethod
    def from_update(cls, update: object, application: Application[Any, Any, Any, Any, Any, Any]) -> BotContext:
        """The context of this update."""
        context = super().from_update(update, application)
        context.take(update)
        _AT_HAND.set(context)
        return context

    @classmethod
    def from_error(
        cls,
        update: object,
        error: Exception,
        application: Application[Any, Any, Any, Any, Any, Any],
        job: Any = None,
        coroutine: Any = None,
    ) -> BotContext:
        """The context in which it happened: it knows who reads, whether the button was answered, and what may be tried again."""
        context = _AT_HAND.get()
        if context is None or update is None or context._update is not update:  # noqa: SLF001 - it is one of us
            context = super().from_error(update, error, application, job, coroutine)
        context.error = error
        return context

    def take(self, update: object) -> None:
        """Keep the update that this context is of."""
        self._update = update if isinstance(update, Update) else None

    @property
    def services(self) -> Services:
        """What a handler may use."""
        services: Services = self.bot_data["services"]
        return services

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return self.services.catalogue

    async def prepare(self) -> None:
        """Find out who reads, before any handler runs."""
        self.reader = await self.read_anew()

    def read_by_default(self) -> None:
        """Who reads, as far as Telegram alone tells: for when the database does not answer."""
        user = self._update.effective_user if self._update else None
        self.reader = self._addressed(self.services.languages.reader(None, user.language_code if user else None))

    async def read_anew(self) -> Reader:
        """Who reads, by what this chat chose and Telegram detected; an inline query is read by its sender."""
        chat = self._chat or (self._update.effective_user if self._update else None)
        chosen = (await self.services.chats.preferences(chat.id)).language if chat else None
        user = self._update.effective_user if self._update else None
        reader = self.services.languages.reader(chosen, user.language_code if user else None)
        follows = await self.services.follows.targets(self.receiver) if self._chat else frozenset()
        return self._addressed(reader, follows=follows)

    async def reader_of(self, chat: int) -> Reader:
        """Who reads in another chat."""
        return self._addressed(self.services.languages.reader((await self.services.chats.preferences(chat)).language))

    def _addressed(self, reader: Reader, **about: Any) -> Reader:
        return replace(reader, bot=self.bot.username, today=self.services.clock.now().date(), **about)

    @property
    def argument(self) -> str:
        """What was typed behind the command."""
        message = self._update.effective_message if self._update else None
        _, _, rest = (message.text if message and message.text else "").partition(" ")
        return " ".join(rest.split())

    @property
    def action(self) -> Action | None:
        """What the pressed button does."""
        query = self._query
        return unpack(query.data) if query and query.data else None

    @property
    def is_private(self) -> bool:
        """Whether this is a chat with one person."""
        chat = self._chat
        return chat is not None and chat.type == ChatType.PRIVATE

    @property
    def receiver(self) -> Receiver:
        """This chat or topic, as one that follows."""
        return Receiver(self._chat.id if self._chat else 0, self._thread or 0)

    async def administers(self, chat: int = 0) -> bool:
        """Whether whoever is heard may decide for a chat, by default this one: in private everybody, elsewhere its administrators.

        Telegram is asked each time: nobody keeps a right that was taken away. An anonymous administrator speaks as the group itself.
        """
        here, user, message = (
            self._chat,
            self._update.effective_user if self._update else None,
            self._update.message if self._update else None,
        )
        if here and chat in {0, here.id}:
            if self.is_private or (message and message.sender_chat and message.sender_chat.id == here.id):
                return True
            chat = here.id
        if not user or not chat:
            return False
        try:
            return (await self.bot.get_chat_member(chat, user.id)).status in ADMINISTERS
        except (BadRequest, Forbidden):  # the bot is not there, or the person never was
            return False

    @property
    def speaker(self) -> Speaker:
        """Whoever speaks here: each has a talk of their own."""
        user = self._update.effective_user if self._update else None
        return Speaker(self.receiver, user.id if user else 0)

    @property
    def _query(self) -> CallbackQuery | None:
        return self._update.callback_query if self._update else None

    @property
    def _chat(self) -> Chat | None:
        return self._update.effective_chat if self._update else None

    async def answer(self, alert: str = "", *, passing: str = "", link: DeepLink | None = None) -> None:
        """End the waiting on a pressed button; `alert` is shown over the chat, `passing` fades, `link` opens the private chat with the bot.

        Only the first call counts.
        """
        if self._query and not self._answered:
            self._answered = True
            await self._query.answer(alert or passing or None, show_alert=bool(alert), url=link.url(self.bot.username) if link else None)

    async def refuse(self, why: str) -> None:
        """Say that something may not be done: over the chat after a button, else as an answer."""
        if self._query:
            await self.answer(why)
        else:
            await self.reply(Screen((line(why),)))

    async def swap(self, button: Button) -> None:
        """Put another button in place of the one that was pressed; the message stays."""
        await self.answer()
        message, pressed = (self._query.message, self._query.data) if self._query else (None, None)
        if not isinstance(message, Message) or message.reply_markup is None:
            return
        shown = message.reply_markup.to_dict()["inline_keyboard"]
        swapped = [[_button(button) if one.get("callback_data") == pressed else one for one in row] for row in shown]
        try:
            await message.edit_reply_markup(Keyboard(swapped))
        except BadRequest as error:
            if NOT_MODIFIED not in error.message.lower():
                raise

    async def reply(self, screen: Screen, *, fresh: bool = False, to: int | None = None) -> int | None:
        """Show a screen: a pressed button's message becomes it, anything else is answered by a new message.

        `fresh` sends a new message after a button too, and `to` names the message that it answers. A message that already shows the screen
        counts as shown. Returns the number of the new message, if one holds all of the screen.
        """
        sent: list[int | None] = []
        await self.answer()
        texts = pack(screen.blocks)
        edited = self._message_to_edit(screen, texts) if not fresh else None
        if edited:
            await self._edit(edited, texts[0], _inline(screen.buttons))
        else:
            for number, text in enumerate(texts, 1):
                sent.append(await self._send(text, self._markup(screen) if number == len(texts) else None, to))
        await self._send_along(screen)
        (only,) = sent if len(sent) == 1 else (None,)
        return only

    async def rewrite(self, message: int, screen: Screen) -> bool:
        """Make a message of ours in this chat into a screen; False if the screen needs more than that, or the message is gone."""
        texts = pack(screen.blocks)
        if self._chat is None or len(texts) > 1 or not screen.is_editable:
            return False
        edit = partial(
            self.bot.edit_message_text,
            texts[0],
            chat_id=self._chat.id,
            message_id=message,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=_inline(screen.buttons),
        )
        try:
            await self._patiently(edit)
        except BadRequest as error:
            return NOT_MODIFIED in error.message.lower()
        return True

    async def send(self, chat: int, screen: Screen) -> None:
        """Show a screen in another chat."""
        for number, text in enumerate(texts := pack(screen.blocks), 1):
            markup = _inline(screen.buttons) if number == len(texts) else None
            await self.bot.tell(chat, text, reply_markup=markup)

    def _message_to_edit(self, screen: Screen, texts: Sequence[Html]) -> Message | None:
        message = self._query.message if self._query else None
        fits = len(texts) == 1 and screen.is_editable
        return message if fits and isinstance(message, Message) and message.text else None

    async def _edit(self, message: Message, text: Html, markup: InlineKeyboardMarkup | None) -> None:
        if message.text == visible(text).strip() and _written(message.reply_markup) == _written(markup):
            return  # a second tap on the same button
        try:
            edit = partial(message.edit_text, text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW, reply_markup=markup)
            await self._patiently(edit)
        except BadRequest as error:
            if NOT_MODIFIED not in error.message.lower():
                raise

    async def _send(self, text: Html, markup: Markup | None, to: int | None = None) -> int | None:
        if self._chat is None:
            return None
        reply_to = ReplyParameters(to, allow_sending_without_reply=True) if to else self._reply_parameters()
        about = {"reply_markup": markup, "message_thread_id": self._thread, "reply_parameters": reply_to}
        return await self._patiently(partial(self.bot.tell, self._chat.id, text, **about))

    async def _patiently(self, request: Callable[[], Awaitable[T]]) -> T:
        """Make a request; once more if it surely never left the machine."""
        try:
            return await request()
        except NeverSent:
            return await request()

    async def _send_along(self, screen: Screen) -> None:
        if self._chat is None:
            return
        if screen.document:
            file = InputFile(io.BytesIO(screen.document.content), filename=screen.document.name)
            await self.bot.send_document(self._chat.id, file, message_thread_id=self._thread)
        if screen.venue:
            venue = screen.venue
            await self.bot.send_venue(
                self._chat.id, venue.lat, venue.lon, title=venue.title, address=venue.address, message_thread_id=self._thread
            )

    @property
    def _thread(self) -> int | None:
        message = self._update.effective_message if self._update else None
        if not isinstance(message, Message) or not message.is_topic_message or message.message_thread_id == GENERAL_TOPIC:
            return None
        return message.message_thread_id

    def _reply_parameters(self) -> ReplyParameters | None:
        """In a group an answer hangs on its question, so that people see who is answered."""
        message = (self._update.message or self._update.edited_message) if self._update else None
        if message is None or self.is_private:
            return None
        return ReplyParameters(message.message_id, allow_sending_without_reply=True)

    def _markup(self, screen: Screen) -> Markup | None:
        if screen.ask_reply:
            return ForceReply(selective=True, input_field_placeholder=screen.ask_reply)
        if screen.ask_location and self.is_private:
            button = KeyboardButton(screen.ask_location, request_location=True)
            return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
        return _inline(screen.buttons)


class Keyboard(InlineKeyboardMarkup):
    """An inline keyboard in Telegram's own words. An object for each button, which nobody reads, took a tenth of the time of an answer."""

    __slots__ = ("_rows",)

    def __init__(self, buttons: list[list[dict[str, Any]]]) -> None:
        super().__init__(())
        self._rows = buttons

    def to_dict(self, recursive: bool = True) -> dict[str, Any]:  # noqa: ARG002 - PTB's signature
        """As Telegram takes it."""
        return {"inline_keyboard": self._rows}


def _inline(buttons: Sequence[Sequence[Button]]) -> Keyboard | None:
    return inline_keyboard(buttons) if buttons else None


def inline_keyboard(buttons: Sequence[Sequence[Button]]) -> Keyboard:
    """Buttons as Telegram takes them."""
    return Keyboard([[_button(button) for button in row] for row in buttons if row])


def _button(button: Button) -> dict[str, Any]:
    if button.action:
        return {"text": button.text, "callback_data": button.action.pack()}
    if button.url:
        return {"text": button.text, "url": button.url}
    chats = {"query": button.inline_query, "allow_user_chats": True, "allow_group_chats": True, "allow_channel_chats": True}
    return {"text": button.text, "switch_inline_query_chosen_chat": chats}


def _written(markup: InlineKeyboardMarkup | None) -> dict[str, Any] | None:
    return markup.to_dict() if markup else None
