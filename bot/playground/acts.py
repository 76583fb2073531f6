"""What the page can do, as a table: each act is something a person does in Telegram, or a turn of the playground's own knobs."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.emulator import Cut, ImpossibleAct, Mood, Slow, Unreachable, forbidden, server_error, too_many_requests
from bot.emulator.access import is_administrator
from bot.playground.views import clock_view
from bot.playground.wishes import BadWish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.emulator import BotApi, Chat, User
    from bot.playground.clock import MovableClock
    from bot.playground.journal import Journal
    from bot.playground.wishes import Wish

Json = dict[str, Any]

MOST_PEOPLE: Final = 50
MOST_BYTES: Final = 512 * 1024
"""The largest file the page may send."""
MOST_QUERY: Final = 256
"""As many characters of an inline query reach a bot."""
LONGEST: Final = dt.timedelta(days=3660)
LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")

MOODS: Final[Mapping[str, Mood]] = {
    "flood": too_many_requests(5),
    "forbidden": forbidden("bot was blocked by the user"),
    "server": server_error(),
    "slow": Slow(3),
    "cut": Cut(accepted=False),
    "cut_late": Cut(accepted=True),
    "unreachable": Unreachable(),
}
STATUSES: Final = frozenset({"administrator", "member", "kicked"})


@dataclass(frozen=True, slots=True)
class Playground:
    """What acts work on."""

    core: BotApi
    clock: MovableClock
    journal: Journal
    admins: frozenset[int] = frozenset()
    """Who administers the bot."""


def say(here: Playground, wish: Wish) -> Json:
    """Write a message, or a post in a channel."""
    chat, text = wish.chat, wish.text("text")
    if chat.type == "channel":
        _check_rules(here, chat, wish.person)
        return here.core.posts(chat, text)
    return here.core.says(chat, wish.person, text, thread=wish.thread, reply_to=wish.reply_to)


def edit(here: Playground, wish: Wish) -> Json:
    """Change a message of one's own."""
    return here.core.edits(wish.person, wish.message, wish.text("text"))


def press(here: Playground, wish: Wish) -> Json:
    """Press a button under a message, named by its data."""
    return here.core.presses(wish.person, wish.message, wish.text("data", 64))


def open_link(here: Playground, wish: Wish) -> Json:
    """Follow a deep link to the bot."""
    parameter = wish.text("start", 64, optional=True)
    return here.core.opens(wish.person, f"https://t.me/{here.core.bot.username}?start={parameter}")


def share_location(here: Playground, wish: Wish) -> Json:
    """Send a point."""
    point = {"latitude": wish.number("latitude", -90, 90), "longitude": wish.number("longitude", -180, 180)}
    return here.core.sends(wish.chat, wish.person, {"location": point}, thread=wish.thread)


def send_file(here: Playground, wish: Wish) -> Json:
    """Send a document."""
    name, encoded = wish.text("name", 128), wish.text("content", MOST_BYTES * 4 // 3 + 4)
    try:
        content = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise BadWish("content: base64 is expected") from None
    return here.core.sends_document(wish.person, name, content, mime="application/octet-stream", chat=wish.chat)


def type_inline(here: Playground, wish: Wish) -> Json:
    """Type the bot's name and a query."""
    kind = "sender" if wish.whole("chat") == wish.person.id else wish.chat.type
    query, offset = wish.text("query", MOST_QUERY, optional=True), wish.text("offset", 64, optional=True)
    return here.core.types_inline(wish.person, query, offset=offset, chat_type=kind)


def choose(here: Playground, wish: Wish) -> Json:
    """Send an inline result."""
    chat, query = wish.chat, wish.text("query_id", 64)
    if query not in here.core.inline_queries:
        raise BadWish("query_id: no such query")
    if chat.type == "channel":
        _check_rules(here, chat, wish.person)
    return here.core.chooses(wish.person, query, wish.text("result", 64), chat, thread=wish.thread)


def block(here: Playground, wish: Wish) -> Json:
    """Stop the bot, or let it write again."""
    return here.core.blocks(wish.person) if wish.yes("blocked") else here.core.unblocks(wish.person)


def promote(here: Playground, wish: Wish) -> Json:
    """Be an administrator of a group or channel, or no longer."""
    return here.core.promotes(wish.chat, wish.person, "administrator" if wish.yes("administrator") else "member")


def place_bot(here: Playground, wish: Wish) -> Json:
    """Make the bot an administrator or a member, or throw it out."""
    return here.core.adds_bot(wish.chat, wish.person, wish.one_of("status", STATUSES))


def upgrade(here: Playground, wish: Wish) -> Json:
    """Make a supergroup of a basic group, as Telegram does once its administrators turn on what only supergroups have."""
    group = wish.chat
    if not is_administrator(here.core, group, wish.person.id):
        raise ImpossibleAct("only administrators make a supergroup of a group")
    new = here.core.migrates(group)
    here.journal.tell("moved", old=group.id, new=new.id)
    return {"chat": new.id}


def come(here: Playground, wish: Wish) -> Json:
    """A new person to be."""
    language, username = wish.text("language_code", 35, optional=True), wish.text("username", 32, optional=True).lstrip("@")
    if language and not LANGUAGE.fullmatch(language):
        raise BadWish("language_code: a language tag such as uk or pt-br is expected")
    if username and not USERNAME.fullmatch(username):
        raise BadWish("username: 4 to 32 Latin letters, digits and _ are expected")
    if len(here.core.users) > MOST_PEOPLE:
        raise ImpossibleAct(f"the playground holds {MOST_PEOPLE} people")
    last_name = wish.text("last_name", 64, optional=True) or None
    user = here.core.user(wish.text("first_name", 64), language or None, last_name=last_name, username=username or None)
    here.core.knows(user)
    here.journal.tell("person", person=user.json())
    return user.json()


def move_clock(here: Playground, wish: Wish) -> Json:
    """Set the clock so many seconds apart from the machine's."""
    here.clock.move(dt.timedelta(seconds=wish.number("offset", -LONGEST.total_seconds(), LONGEST.total_seconds())))
    here.journal.tell("clock", clock=clock_view(here.clock))
    return clock_view(here.clock)


def set_mood(here: Playground, wish: Wish) -> Json:
    """Telegram's mood towards what the bot sends to this chat, for so many requests."""
    here.core.answers(None, MOODS[wish.one_of("mood", MOODS)], chat=wish.chat, times=int(wish.number("times", 1, 20)))
    here.journal.tell("moods", moods=len(here.core.moods.orders))
    return {"moods": len(here.core.moods.orders)}


def calm(here: Playground, _: Wish) -> Json:
    """Telegram is as usual again."""
    here.core.calms_down()
    here.journal.tell("moods", moods=0)
    return {"moods": 0}


def _check_rules(here: Playground, chat: Chat, person: User) -> None:
    if not is_administrator(here.core, chat, person.id):
        raise ImpossibleAct("only administrators write in a channel")


ACTS: Final[Mapping[str, Callable[[Playground, Wish], Json]]] = {
    "say": say,
    "edit": edit,
    "press": press,
    "open": open_link,
    "location": share_location,
    "file": send_file,
    "inline": type_inline,
    "choose": choose,
    "block": block,
    "promote": promote,
    "place_bot": place_bot,
    "upgrade": upgrade,
    "come": come,
    "clock": move_clock,
    "mood": set_mood,
    "calm": calm,
}
