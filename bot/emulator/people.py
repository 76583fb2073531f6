"""What people do: each act changes the world as it would in Telegram and returns the update the bot would get.

The update is returned even when the bot's `allowed_updates` or privacy mode keep it from the bot; then it is not queued.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

from bot.emulator.access import GENERAL_TOPIC, is_administrator
from bot.emulator.formatting import Text, with_detected
from bot.emulator.signatures import Upload
from bot.emulator.state import (
    PRESENT,
    CallbackQuery,
    Chat,
    Happening,
    InlineQuery,
    Stored,
    Topic,
    User,
    World,
    member_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Json: TypeAlias = dict[str, Any]
Message: TypeAlias = Json | Stored

_FIRST_USER: Final = 1001
_FIRST_GROUP: Final = 2001
_FIRST_SUPERGROUP: Final = 1_000_000_000_001
_TOPIC_COLOUR: Final = 7322096
_CHAT_INSTANCE: Final = "8100000000000000001"


class ImpossibleAct(Exception):
    """No person could do this in Telegram: a mistake in the test or the playground, not in the bot."""


class People(World):
    """The world with its inhabitants."""

    # Making people and chats.

    def user(self, first_name: str = "Reader", language_code: str | None = "en", **about: Any) -> User:
        """A person the bot has not met yet. `about` are more fields of User, `id` among them."""
        return User(about.pop("id", None) or self.number("user", _FIRST_USER), first_name, language_code, **about)

    def knows(self, user: User) -> User:
        """A person made elsewhere is now part of this world."""
        return self.users.setdefault(user.id, user)

    def private(self, user: User) -> Chat:
        """The private chat of a person who has pressed Start."""
        chat = self.chats.get(user.id)
        if chat is None:
            self.knows(user)
            chat = self.add_chat(Chat(user.id, "private", username=user.username, owner=user))
        chat.members = {user.id: "member", self.bot.id: "member"}
        return chat

    def group(self, title: str = "Group", members: Iterable[User] = (), **about: Any) -> Chat:
        """A group with the bot in it; the first member owns it.

        `about`: kind ("supergroup" or "group"), bot (its status, "member"), username, topics (names; makes a forum), id.
        """
        kind, topics = about.pop("kind", "supergroup"), about.pop("topics", None)
        chat = self._new_chat(kind, title, about)
        for index, user in enumerate(members):
            chat.members[self.knows(user).id] = "member" if index else "creator"
        if topics is not None:
            chat.is_forum, chat.last_id = True, GENERAL_TOPIC
            chat.topics = {GENERAL_TOPIC: Topic("General")}
        self.add_chat(chat)
        for name in topics or ():
            self.opens_topic(chat, name)
        return chat

    def channel(self, title: str = "Channel", **about: Any) -> Chat:
        """A channel that the bot administers; `about` as for `group`."""
        about.setdefault("bot", "administrator")
        return self.add_chat(self._new_chat("channel", title, about))

    def _new_chat(self, kind: str, title: str, about: Json) -> Chat:
        number = about.pop("id", None) or self._chat_number(kind)
        status = about.pop("bot", "member")
        return Chat(number, kind, title, members={self.bot.id: status}, **about)

    def _chat_number(self, kind: str) -> int:
        return -self.number("group", _FIRST_GROUP) if kind == "group" else -self.number("supergroup", _FIRST_SUPERGROUP)

    def opens_topic(self, chat: Chat, name: str) -> int:
        """A new topic of a forum; its thread id."""
        about = {"forum_topic_created": {"name": name, "icon_color": _TOPIC_COLOUR}, "is_topic_message": True}
        stored = self.add_message(chat, self._owner(chat), about)
        stored.json["message_thread_id"] = stored.id
        chat.topics[stored.id] = Topic(name)
        return stored.id

    def closes_topic(self, chat: Chat, thread: int = GENERAL_TOPIC) -> None:
        """Only administrators may write there now."""
        chat.topics[thread].closed = True

    def deletes_topic(self, chat: Chat, thread: int) -> None:
        """The topic and its messages are gone."""
        del chat.topics[thread]
        chat.messages = {number: stored for number, stored in chat.messages.items() if stored.json.get("message_thread_id") != thread}

    # Writing.

    def says(self, chat: Chat | None, user: User, text: str, *, thread: int | None = None, reply_to: Message | None = None) -> Json:
        """A person writes; in their private chat if `chat` is None."""
        detected = with_detected(Text(text))
        content: Json = {"text": text}
        if detected.entities:
            content["entities"] = list(detected.entities)
        return self.sends(chat, user, content, thread=thread, reply_to=reply_to)

    def sends(self, chat: Chat | None, user: User, content: Json, *, thread: int | None = None, reply_to: Message | None = None) -> Json:
        """A person sends any content, given as the content fields of Message."""
        chat = self.private(user) if chat is None else chat
        self._check_may_write(chat, user)
        replied = self._stored(chat, reply_to) if reply_to is not None else None
        stored = self.add_message(chat, user, content, thread=thread, reply_to=replied)
        return self._deliver("message", stored.json, heard=self._hears(chat, stored))

    def shares_location(self, user: User, latitude: float, longitude: float, chat: Chat | None = None) -> Json:
        """A person sends where they are."""
        return self.sends(chat, user, {"location": {"latitude": latitude, "longitude": longitude}})

    def sends_document(self, user: User, name: str, content: bytes, *, mime: str = "text/csv", chat: Chat | None = None) -> Json:
        """A person sends a file."""
        return self.sends(chat, user, {"document": self.files.document(Upload(name, content, mime))})

    def posts(self, channel: Chat, text: str) -> Json:
        """A post appears in a channel."""
        detected = with_detected(Text(text))
        entities = {"entities": list(detected.entities)} if detected.entities else {}
        stored = self.add_message(channel, User(0, channel.title or ""), {"text": text} | entities)
        return self._deliver("channel_post", stored.json, heard=channel.members.get(self.bot.id) in PRESENT)

    def edits(self, user: User, message: Message, text: str) -> Json:
        """A person changes what they wrote."""
        stored = self._stored(None, message)
        if stored.author != user.id:
            raise ImpossibleAct("people edit only their own messages")
        detected = with_detected(Text(text))
        stored.json = {name: value for name, value in stored.json.items() if name != "entities"} | {
            "text": text,
            "edit_date": self.timestamp(),
        }
        if detected.entities:
            stored.json["entities"] = list(detected.entities)
        chat = self.chats[stored.json["chat"]["id"]]
        self.tell(Happening.EDITED, chat.id, message=stored.json, inline_message_id=None)
        return self._deliver("edited_message", stored.json, heard=self._hears(chat, stored))

    def reacts(self, user: User, message: Message, emoji: str) -> Json:
        """A person puts an emoji under a message."""
        stored = self._stored(None, message)
        chat = self.chats[stored.json["chat"]["id"]]
        new = [{"type": "emoji", "emoji": emoji}]
        about = {"chat": chat.json(), "message_id": stored.id, "user": user.json(), "date": self.timestamp()}
        self.tell(Happening.REACTION, chat.id, message_id=stored.id, reaction=new)
        heard = chat.type == "private" or is_administrator(self, chat)
        return self._deliver("message_reaction", about | {"old_reaction": [], "new_reaction": new}, heard=heard)

    # Buttons and inline queries.

    def presses(self, user: User, message: Message, button: str) -> Json:
        """A person presses a button, named by its text, callback data or URL.

        A deep link to this bot says /start; a button of the keyboard under the input says its text.
        """
        stored = self._stored(None, message)
        found = _button(stored, button)
        if "callback_data" in found:
            return self._presses_callback(user, stored, found["callback_data"])
        if "url" in found:
            return self.opens(user, found["url"])
        if "switch_inline_query_current_chat" in found:
            return self.types_inline(user, found["switch_inline_query_current_chat"])
        if found.keys() <= {"text", "style", "icon_custom_emoji_id"}:
            return self.says(self.chats[stored.json["chat"]["id"]], user, found["text"])
        raise ImpossibleAct(f"the button {found['text']!r} sends nothing to the bot")

    def _presses_callback(self, user: User, stored: Stored, data: str) -> Json:
        number = str(self.number("callback", 10**17))
        self.callbacks[number] = CallbackQuery(self.knows(user), self.clock.now())
        query: Json = {"id": number, "from": user.json(), "chat_instance": _CHAT_INSTANCE, "data": data}
        inline_id = next((key for key, item in self.inline_messages.items() if item is stored), None)
        query |= {"message": stored.json} if inline_id is None else {"inline_message_id": inline_id}
        return self._deliver("callback_query", query)

    def opens(self, user: User, url: str) -> Json:
        """A person follows a deep link to this bot."""
        parts = urlsplit(url)
        if parts.hostname not in {"t.me", "telegram.me"} or parts.path.strip("/").lower() != str(self.bot.username).lower():
            raise ImpossibleAct(f"{url} does not lead to the bot")
        parameter = parse_qs(parts.query).get("start", [""])[0]
        return self.says(None, user, f"/start {parameter}".strip())

    def types_inline(
        self, user: User, query: str = "", *, offset: str = "", location: tuple[float, float] | None = None, chat_type: str = "sender"
    ) -> Json:
        """A person types the bot's name and `query` in some chat."""
        number = str(self.number("inline", 2 * 10**17))
        self.inline_queries[number] = InlineQuery(self.knows(user), query, offset, self.clock.now())
        about: Json = {"id": number, "from": user.json(), "query": query, "offset": offset, "chat_type": chat_type}
        if location is not None:
            about["location"] = {"latitude": location[0], "longitude": location[1]}
        return self._deliver("inline_query", about)

    def chooses(self, user: User, query_id: str, result_id: str, chat: Chat | None = None, *, thread: int | None = None) -> Json:
        """A person sends a result of an answered inline query, into `chat` if the emulator should hold the message."""
        query = self.inline_queries[query_id]
        result = next((item for item in (query.answer or {}).get("results", []) if item["id"] == result_id), None)
        if result is None:
            raise ImpossibleAct(f"no result {result_id!r} was offered")
        about: Json = {"result_id": result_id, "from": user.json(), "query": query.query}
        markup = result.get("reply_markup")
        stored = self._inline_message(user, query.contents[result_id], markup, chat, thread)
        if markup is not None:
            about["inline_message_id"] = f"inline-{self.number('inline_message')}"
            self.inline_messages[about["inline_message_id"]] = stored
        return self._deliver("chosen_inline_result", about, heard=self.inline_feedback)

    def _inline_message(self, user: User, content: Json, markup: Json | None, chat: Chat | None, thread: int | None) -> Stored:
        extra: Json = {"via_bot": self.bot.json()}
        if chat is None:
            message = {"message_id": 0, "from": user.json()} | extra | content | ({"reply_markup": markup} if markup else {})
            return Stored(message, user.id, markup)
        self._check_may_write(chat, user)
        stored = self.add_message(chat, user, content, thread=thread, markup=markup, **extra)
        self._deliver("channel_post" if chat.type == "channel" else "message", stored.json, heard=self._hears(chat, stored))
        return stored

    # Coming, going, ruling.

    def blocks(self, user: User) -> Json:
        """A person stops the bot."""
        chat = self.private(user)
        chat.blocked = True
        return self._bot_member(chat, user, "member", "kicked")

    def unblocks(self, user: User) -> Json:
        """A person restarts the bot."""
        chat = self.private(user)
        chat.blocked = False
        return self._bot_member(chat, user, "kicked", "member")

    def adds_bot(self, chat: Chat, user: User, status: str = "member") -> Json:
        """The bot is put into a group or channel, or made an administrator, or a mere member again."""
        before, chat.members[self.bot.id] = chat.members.get(self.bot.id, "left"), status
        return self._bot_member(chat, user, before, status)

    def kicks_bot(self, chat: Chat, user: User) -> Json:
        """The bot is thrown out."""
        return self.adds_bot(chat, user, "kicked")

    def joins(self, chat: Chat, user: User) -> Json:
        """A person comes into a group; service messages reach the bot whatever its privacy mode."""
        chat.members[self.knows(user).id] = "member"
        stored = self.add_message(chat, user, {"new_chat_members": [user.json()]})
        return self._deliver("message", stored.json)

    def leaves(self, chat: Chat, user: User) -> Json:
        """A person leaves a group."""
        chat.members[user.id] = "left"
        stored = self.add_message(chat, user, {"left_chat_member": user.json()})
        return self._deliver("message", stored.json)

    def promotes(self, chat: Chat, user: User, status: str = "administrator") -> Json:
        """A person becomes an administrator, or with "member" no longer is one."""
        before, chat.members[self.knows(user).id] = chat.members.get(user.id, "left"), status
        self.tell(Happening.CHAT, chat.id, chat=chat.json())
        change = self._member_change(chat, user, user, before, status)
        return self._deliver("chat_member", change, heard=is_administrator(self, chat))

    def migrates(self, group: Chat) -> Chat:
        """A basic group becomes a supergroup with another id; two service messages tell so."""
        if group.type != "group":
            raise ImpossibleAct("only basic groups become supergroups")
        new = Chat(self._chat_number("supergroup"), "supergroup", group.title, members=dict(group.members), denied=set(group.denied))
        owner = self._owner(group)
        farewell = self.add_message(group, owner, {"migrate_to_chat_id": new.id})
        self.add_chat(new)
        group.migrated_to = new.id
        welcome = self.add_message(new, owner, {"migrate_from_chat_id": group.id})
        self._deliver("message", farewell.json)
        self._deliver("message", welcome.json)
        return new

    def _owner(self, chat: Chat) -> User:
        found = next((user_id for user_id, status in chat.members.items() if status == "creator"), None)
        return self.users[found] if found is not None else self.knows(self.user("Owner"))

    # How acts become updates.

    def _bot_member(self, chat: Chat, user: User, before: str, after: str) -> Json:
        self.tell(Happening.CHAT, chat.id, chat=chat.json(), bot=after)
        return self._deliver("my_chat_member", self._member_change(chat, user, self.bot, before, after))

    def _member_change(self, chat: Chat, by: User, who: User, before: str, after: str) -> Json:
        return {
            "chat": chat.json(),
            "from": self.knows(by).json(),
            "date": self.timestamp(),
            "old_chat_member": member_json(who, before, chat.denied),
            "new_chat_member": member_json(who, after, chat.denied),
        }

    def _deliver(self, kind: str, content: Json, *, heard: bool = True) -> Json:
        if heard:
            return self.put_update(kind, content)
        return {"update_id": 0, kind: content}

    def _check_may_write(self, chat: Chat, user: User) -> None:
        if chat.blocked:
            raise ImpossibleAct("a person who blocked the bot unblocks it before writing")
        if chat.type in {"group", "supergroup"} and chat.members.setdefault(self.knows(user).id, "member") not in PRESENT:
            raise ImpossibleAct("this person is not in the group")
        if chat.migrated_to is not None:
            raise ImpossibleAct("nobody writes to a group that became a supergroup")

    def _hears(self, chat: Chat, stored: Stored) -> bool:
        """Privacy mode: in a group, an ordinary bot gets commands, replies to it and what names it, as @BotFather says at /setprivacy."""
        if chat.type == "private":
            return True
        if chat.members.get(self.bot.id) not in PRESENT:
            return False
        if self.reads_all_group_messages or is_administrator(self, chat):
            return True
        replied = stored.json.get("reply_to_message", {}).get("from", {}).get("id") == self.bot.id
        text = str(stored.json.get("text", ""))
        return replied or "via_bot" in stored.json or self._is_command_for_me(text) or self._is_named(text)

    def _is_command_for_me(self, text: str) -> bool:
        match = re.match(r"/\w+(?:@(\w+))?", text)
        return match is not None and (match[1] or str(self.bot.username)).lower() == str(self.bot.username).lower()

    def _is_named(self, text: str) -> bool:
        return str(self.bot.username).lower() in {name.lower() for name in re.findall(r"(?<![\w@])@(\w+)", text)}

    def _stored(self, chat: Chat | None, message: Message) -> Stored:
        if isinstance(message, Stored):
            return message
        home = chat or self.chats[message["chat"]["id"]]
        if message["message_id"] not in home.messages:
            raise ImpossibleAct("the message is not there any more")
        return home.messages[message["message_id"]]


def _button(stored: Stored, name: str) -> Json:
    markup = stored.markup or {}
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    buttons = [button if isinstance(button, dict) else {"text": button} for row in rows for button in row]
    for field in ("text", "callback_data", "url"):
        for button in buttons:
            if button.get(field) == name:
                return button
    raise ImpossibleAct(f"no button {name!r} among {[button['text'] for button in buttons]}")
