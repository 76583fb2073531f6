"""The world a bot lives in: people, chats, messages, queries."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from bot.emulator.errors import refused_by_world
from bot.emulator.files import Files
from bot.emulator.moods import Moods
from bot.emulator.updates import UpdateQueue

if TYPE_CHECKING:
    from datetime import datetime

Json: TypeAlias = dict[str, Any]

ADMINISTRATOR_RIGHTS: Final = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
]
PRESENT: Final = frozenset({"creator", "administrator", "member", "restricted"})


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The moment, aware."""


@dataclass(frozen=True)
class User:
    """A person (or the bot), as Telegram shows them to bots."""

    id: int
    first_name: str
    language_code: str | None = None
    last_name: str | None = None
    username: str | None = None
    is_bot: bool = False
    is_premium: bool = False

    def json(self) -> Json:
        """The Bot API's User."""
        about: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        about |= {name: value for name, value in optional.items() if value is not None}
        return about | ({"is_premium": True} if self.is_premium else {})


@dataclass
class Topic:
    """A thread of a forum."""

    name: str
    closed: bool = False


@dataclass
class Stored:
    """A message with what its JSON does not tell: who wrote it, and the keyboard under the chat's input."""

    json: Json
    author: int
    markup: Json | None = None

    @property
    def id(self) -> int:
        """Its number within the chat."""
        return int(self.json["message_id"])


@dataclass
class Chat:
    """A private chat, group, supergroup or channel.

    `members` maps a user to a status of ChatMember; `denied` holds the permissions that the bot lacks, such as `can_send_messages`.
    """

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    owner: User | None = None
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Stored] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    blocked: bool = False
    deactivated: bool = False
    last_id: int = 0

    def json(self) -> Json:
        """The Bot API's Chat."""
        if self.owner is not None:
            own = self.owner.json()
            names = ("first_name", "last_name", "username")
            return {"id": self.id, "type": self.type} | {name: own[name] for name in names if name in own}
        about: Json = {"id": self.id, "type": self.type, "title": self.title}
        about |= {"username": self.username} if self.username else {}
        return about | ({"is_forum": True} if self.is_forum else {})

    @property
    def noun(self) -> str:
        """As Telegram's errors call it."""
        return {"supergroup": "supergroup chat", "channel": "channel chat"}.get(self.type, "group chat")

    def has_own_numbers(self) -> bool:
        """Whether messages are numbered per chat, rather than for the bot as a whole."""
        return self.type in {"supergroup", "channel"}


@dataclass
class CallbackQuery:
    """A pressed button that waits for its answer."""

    user: User
    at: datetime
    answer: Json | None = None


@dataclass
class InlineQuery:
    """Typed text that waits for results; `contents` are the messages the results would send, by result id."""

    user: User
    query: str
    offset: str
    at: datetime
    answer: Json | None = None
    contents: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A request that Telegram obeyed: its checked parameters and what came back."""

    method: str
    params: Json
    result: Any

    @property
    def chat_id(self) -> int | None:
        """The chat it went to, whichever way it was named."""
        if isinstance(self.result, dict) and "chat" in self.result:
            return int(self.result["chat"]["id"])
        given = self.params.get("chat_id")
        return given if isinstance(given, int) else None

    @property
    def text(self) -> str:
        """What the reader sees: the text or caption without markup."""
        if isinstance(self.result, dict) and ("text" in self.result or "caption" in self.result):
            return str(self.result.get("text", self.result.get("caption")))
        return str(self.params.get("text", self.params.get("caption", "")))

    @property
    def buttons(self) -> list[list[Json]]:
        """The inline keyboard."""
        return list((self.params.get("reply_markup") or {}).get("inline_keyboard", []))


@dataclass(frozen=True)
class Refusal:
    """A request that was refused; `faulty` as in ApiError."""

    method: str
    params: Mapping[str, object]
    code: int
    description: str
    faulty: bool


class Happening(enum.StrEnum):
    """What an observer may want to redraw."""

    MESSAGE = "message"
    EDITED = "edited"
    DELETED = "deleted"
    PINNED = "pinned"
    REACTION = "reaction"
    ACTION = "action"
    CHAT = "chat"
    CALLBACK_ANSWERED = "callback_answered"
    INLINE_ANSWERED = "inline_answered"
    COMMANDS = "commands"
    PROFILE = "profile"


@dataclass(frozen=True)
class Event:
    """Something visible happened; `details` is in Bot API form."""

    what: Happening
    chat_id: int | None
    details: Json


Listener: TypeAlias = Callable[[Event], None]


class World:
    """Everything Telegram would remember. `BotApi` adds what a bot and people can do to it.

    `history` is how many messages a chat keeps; the oldest go first, as if deleted.
    """

    def __init__(self, token: str, clock: Clock, bot: User | None = None, history: int = 10_000) -> None:
        self.token = token
        self.clock = clock
        self.bot = bot or User(int(token.partition(":")[0]), "Learning Cities", username="learning_cities_bot", is_bot=True)
        self.reads_all_group_messages = False
        self.inline_feedback = True
        self.history = history
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.moods = Moods()
        self.updates = UpdateQueue()
        self.callbacks: dict[str, CallbackQuery] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.inline_messages: dict[str, Stored] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int | None, Json] = {}
        self.log: list[Call] = []
        self.refused: list[Refusal] = []
        self._listeners: list[Listener] = []
        self._numbers: dict[str, int] = {}

    def number(self, series: str, start: int = 1) -> int:
        """The next number of a series."""
        self._numbers[series] = self._numbers.get(series, start - 1) + 1
        return self._numbers[series]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` of every event, at once and in order; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, what: Happening, chat_id: int | None, **details: Any) -> None:
        """Let the observers know."""
        event = Event(what, chat_id, details)
        for listener in tuple(self._listeners):
            listener(event)

    def timestamp(self) -> int:
        """Now, as the Bot API writes it."""
        return int(self.clock.now().timestamp())

    def find_chat(self, ref: object) -> Chat | None:
        """By id or @username."""
        if isinstance(ref, str) and ref.startswith("@"):
            return next((chat for chat in self.chats.values() if chat.username == ref[1:] and chat.type != "private"), None)
        if isinstance(ref, str) and ref.lstrip("-").isdecimal():
            ref = int(ref)
        return self.chats.get(ref) if isinstance(ref, int) else None

    def add_chat(self, chat: Chat) -> Chat:
        """A chat comes to be, or is seen for the first time."""
        self.chats[chat.id] = chat
        self.tell(Happening.CHAT, chat.id, chat=chat.json())
        return chat

    def add_message(self, chat: Chat, author: User, content: Json, **extra: Any) -> Stored:
        """A message appears in a chat. `extra` may hold thread, reply_to, markup, and fields of Message to add."""
        thread, reply_to, markup = extra.pop("thread", None), extra.pop("reply_to", None), extra.pop("markup", None)
        message: Json = {"message_id": self._message_number(chat), "date": self.timestamp(), "chat": chat.json()}
        message |= {"sender_chat": chat.json()} if chat.type == "channel" else {"from": author.json()}
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
            # In a topic, what replies to nothing replies to the message that opened the topic.
            reply_to = reply_to or chat.messages.get(thread)
        if reply_to is not None:
            message["reply_to_message"] = {name: value for name, value in reply_to.json.items() if name != "reply_to_message"}
        message |= extra | content
        if markup is not None and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        stored = Stored(message, author.id, markup)
        chat.messages[stored.id] = stored
        if len(chat.messages) > self.history:
            del chat.messages[next(iter(chat.messages))]
        self.tell(Happening.MESSAGE, chat.id, message=message, markup=markup)
        return stored

    def _message_number(self, chat: Chat) -> int:
        if not chat.has_own_numbers():
            return self.number("message")
        chat.last_id += 1
        return chat.last_id

    def put_update(self, kind: str, content: Json) -> Json:
        """Queue an update, as a snapshot: later edits must not reach into it."""
        return self.updates.put(kind, _copied(content), self.clock.now())

    def known_user(self, user_id: object) -> User:
        """A user the bot has seen."""
        user = self.users.get(user_id) if isinstance(user_id, int) else None
        if user is None:
            raise refused_by_world("user not found")
        return user


def _copied(value: Any) -> Any:
    """A deep copy of JSON; cheaper than copy.deepcopy."""
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def member_json(user: User, status: str, denied: set[str]) -> Json:
    """The Bot API's ChatMember."""
    about: Json = {"user": user.json(), "status": status}
    match status:
        case "creator":
            return about | {"is_anonymous": False}
        case "administrator":
            rights = {right: right not in denied for right in ADMINISTRATOR_RIGHTS}
            return about | rights | {"can_be_edited": False, "is_anonymous": False}
        case "kicked":
            return about | {"until_date": 0}
        case _:
            return about
