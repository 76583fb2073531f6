"""Which chat a command or a button is about, and whether whoever is heard may decide for it.

A channel is managed from a private chat by those who administer it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telegram.error import BadRequest, Forbidden

from bot.callbacks import HERE, Elsewhere
from bot.screens.follows import channel_not_ours
from bot.screens.timing import Managed
from bot.zones import Taken, zone_of_follows
from data.follows import Receiver

if TYPE_CHECKING:
    from bot.context import BotContext

CHANNEL: Final = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """The chat that a command is about, and what is left of its words."""

    chat: Elsewhere
    title: str
    words: str

    @property
    def managed(self) -> Managed:
        """The same for a screen."""
        return Managed(self.chat, self.title)


async def place_of(context: BotContext) -> Place | None:
    """The chat that a command names by `@name`, in private only; else this one. None, and said so, if it cannot be managed."""
    words = context.argument
    name, _, rest = words.partition(" ")
    if not (context.is_private and CHANNEL.fullmatch(name)):
        return Place(HERE, "", words)
    try:
        chat = await context.bot.get_chat(name)
    except (BadRequest, Forbidden):
        await context.reply(channel_not_ours(name, context.reader))
        return None
    if not await context.administers(chat.id):
        await context.reply(channel_not_ours(chat.title or name, context.reader))
        return None
    return Place(Elsewhere(chat.id), chat.title or name, rest)


async def may(chat: Elsewhere, context: BotContext, refusal: str) -> bool:
    """Whether whoever is heard may decide; says the refusal if not."""
    if await context.administers(chat):
        return True
    await context.refuse(refusal)
    return False


async def managed(chat: Elsewhere, context: BotContext) -> Managed:
    """A chat that a button names, with its title if it is another one."""
    return Managed(chat, (await context.bot.get_chat(chat)).title or "" if chat else "")


def receiver_of(chat: Elsewhere, context: BotContext) -> Receiver:
    """The chat or topic that a button is about, as one that follows."""
    return Receiver(chat) if chat else context.receiver


async def take_zone(receiver: Receiver, context: BotContext) -> Taken | None:
    """Let a chat that never said by which clocks it lives do so by those of what it follows; None if it said, or nothing tells."""
    services = context.services
    if (await services.chats.preferences(receiver.chat)).zone:
        return None
    targets = [one.target for one in await services.follows.of(receiver)]
    taken = zone_of_follows(targets, context.catalogue, services.clock.now())
    if taken:
        await services.chats.choose_zone(receiver.chat, taken.zone)
    return taken
