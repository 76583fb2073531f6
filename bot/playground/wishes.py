"""Reading what the page asks for: every field is checked before anything is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Container

    from bot.emulator import BotApi, Chat, User

MOST_TEXT: Final = 4096
"""What Telegram's own clients let a person write in one message."""


class BadWish(ValueError):
    """The page asked for something that makes no sense: a field is missing or of the wrong kind."""


class Wish:
    """The fields of one request."""

    def __init__(self, core: BotApi, fields: object) -> None:
        if not isinstance(fields, dict):
            raise BadWish("a JSON object is expected")
        self._core = core
        self._fields: dict[str, Any] = fields

    @property
    def person(self) -> User:
        """Who acts."""
        user = self._core.users.get(self.whole("as"))
        if user is None or user.is_bot:
            raise BadWish("as: nobody has this id")
        return user

    @property
    def chat(self) -> Chat:
        """Where; a person's own id means their chat with the bot, begun by this if need be."""
        number = self.whole("chat")
        if number == self.person.id:
            return self._core.chats.get(number) or self._core.private(self.person)
        chat = self._core.chats.get(number)
        if chat is None or chat.type == "private":
            raise BadWish("chat: no such chat")
        return chat

    @property
    def thread(self) -> int | None:
        """In which topic; None outside of any."""
        number = self.whole("thread", optional=True)
        return number or None

    @property
    def message(self) -> dict[str, Any]:
        """A message of the chat."""
        return self._message(self.whole("message"))

    @property
    def reply_to(self) -> dict[str, Any] | None:
        """The message that is answered; None for none."""
        number = self.whole("reply_to", optional=True)
        return self._message(number) if number else None

    def _message(self, number: int) -> dict[str, Any]:
        stored = self.chat.messages.get(number)
        if stored is None:
            raise BadWish("the message is not there any more")
        return stored.json

    def text(self, name: str, most: int = MOST_TEXT, *, optional: bool = False) -> str:
        """Words."""
        value = self._fields.get(name, "" if optional else None)
        if not isinstance(value, str) or len(value) > most or not (optional or value.strip()):
            raise BadWish(f"{name}: text of 1 to {most} characters is expected")
        return value

    def whole(self, name: str, *, optional: bool = False) -> int:
        """A whole number; 0 for none."""
        value = self._fields.get(name)
        if value is None and optional:
            return 0
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadWish(f"{name}: a whole number is expected")
        return value

    def number(self, name: str, least: float, most: float) -> float:
        """A number within bounds."""
        value = self._fields.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise BadWish(f"{name}: a number from {least} to {most} is expected")
        return float(value)

    def one_of(self, name: str, allowed: Container[str]) -> str:
        """One of a few words."""
        value = self._fields.get(name)
        if not isinstance(value, str) or value not in allowed:
            raise BadWish(f"{name}: not one of those known")
        return value

    def yes(self, name: str) -> bool:
        """Yes or no."""
        value = self._fields.get(name)
        if not isinstance(value, bool):
            raise BadWish(f"{name}: true or false is expected")
        return value
