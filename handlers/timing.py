"""/quiet and /digest: when news comes to a chat, and what its next digest would hold.

A typed answer is a reply to our question, whose marker names the chat if it is another one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.callbacks import HERE, Elsewhere, ListNews, OpenBeside, OpenTiming, PreviewDigest, SetTiming, SetZone, pattern
from bot.managing import managed, may, place_of, receiver_of, take_zone
from bot.replies import AnswersQuestion, asked_about
from bot.screens.digests import no_digest, preview
from bot.screens.pages import page
from bot.screens.problems import gone
from bot.screens.timing import (
    DAYS,
    Managed,
    ask_city,
    ask_digest_time,
    ask_hours,
    choose_day,
    choose_digest_time,
    choose_quiet,
    choose_zone,
    is_off,
    only_admins_time,
    saved,
    timing_card,
    zone_taken,
)
from bot.wishes import read_hours, read_time
from bot.zones import is_zone, likely_zones, zone_at, zones_named
from data.follows import Pace
from data.timing import DIGEST_AT, DIGEST_DAY, next_send
from data.types import NewsId, Point

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from telegram import Update
    from telegram.ext import BaseHandler

    from bot.context import BotContext
    from bot.i18n import Reader
    from bot.markup import Screen
    from data.chats import ChatPreferences
    from data.timing import Timing

MARKER: Final = re.compile(r"#(quiet|digest|zone)(-\d{1,16})?\b", re.ASCII)
QUESTIONS: Final[dict[str, Question]] = {"ask-quiet": ask_hours, "ask-digest": ask_digest_time}
CHOICES: Final[dict[str, Callable[[Managed, Reader], Screen]]] = {"quiet": choose_quiet, "digest": choose_digest_time}
WEEK: Final = 7
"""Days."""


class Question(Protocol):
    """Asks for a time in one's own words."""

    def __call__(self, managed: Managed, reader: Reader, *, wrong: bool = False) -> Screen:
        """The question; `wrong` if the last answer could not be read."""
        ...


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Commands, buttons and replies about time."""
    said = (filters.TEXT & ~filters.COMMAND) | filters.LOCATION
    return [
        CommandHandler("quiet", command_quiet),
        CommandHandler("digest", command_digest),
        CallbackQueryHandler(button_open, pattern=pattern(OpenTiming)),
        CallbackQueryHandler(button_set, pattern=pattern(SetTiming)),
        CallbackQueryHandler(button_zone, pattern=pattern(SetZone)),
        CallbackQueryHandler(button_preview, pattern=pattern(PreviewDigest)),
        CallbackQueryHandler(button_beside, pattern=pattern(OpenBeside)),
        MessageHandler(said & filters.UpdateType.MESSAGE & AnswersQuestion(MARKER), message_answer),
    ]


async def command_quiet(_update: Update, context: BotContext) -> None:
    """When news comes; with hours behind the command, those are quiet from now on. Everybody in a group may look."""
    place = await place_of(context)
    if place is None:
        return
    if not place.words:
        await _show(place.managed, context)
    elif await _may(place.chat, context):
        await _set("quiet", place.words, place.managed, context)


async def command_digest(_update: Update, context: BotContext) -> None:
    """What the next digest would hold."""
    place = await place_of(context)
    if place:
        await _preview("", place.managed, context)


async def button_open(_update: Update, context: BotContext) -> None:
    """All of it, or the choices for a part."""
    match context.action:
        case OpenTiming(part, chat):
            if (part or chat) and not await _may(chat, context):
                return
            where = await managed(chat, context)
            if part:
                await _ask(part, where, context)
            else:
                await _show(where, context)
        case _:
            await context.reply(gone(context.reader))


async def button_set(_update: Update, context: BotContext) -> None:
    """A usual choice."""
    match context.action:
        case SetTiming(part, wish, chat):
            if await _may(chat, context):
                await _set(part, wish, await managed(chat, context), context)
        case _:
            await context.reply(gone(context.reader))


async def button_zone(_update: Update, context: BotContext) -> None:
    """Live by these clocks."""
    match context.action:
        case SetZone(zone, chat) if is_zone(zone):
            if await _may(chat, context):
                await _live_by(zone, await managed(chat, context), context)
        case _:
            await context.reply(gone(context.reader))


async def button_preview(_update: Update, context: BotContext) -> None:
    """What the next digest would hold."""
    match context.action:
        case PreviewDigest(pace, chat) if not pace or pace in set(Pace):
            if not chat or await _may(chat, context):
                await _preview(pace, await managed(chat, context), context)
        case _:
            await context.reply(gone(context.reader))


async def button_beside(_update: Update, context: BotContext) -> None:
    """News, or when it comes, in a message of its own: the digest stays to be read."""
    match context.action:
        case OpenBeside("news"):
            await context.reply(page(ListNews(0, None), context.services.limits, context.catalogue, context.reader), fresh=True)
        case OpenBeside("timing"):
            await _show(Managed(HERE), context, fresh=True)
        case _:
            await context.reply(gone(context.reader), fresh=True)


async def message_answer(update: Update, context: BotContext) -> None:
    """What was replied to a question of ours; what cannot be read is asked for again and changes nothing."""
    message = update.message
    marker = asked_about(message, MARKER)
    if message is None or marker is None:
        return
    chat = Elsewhere(int(marker[2] or 0))
    if not await _may(chat, context):
        return
    where = await managed(chat, context)
    if marker[1] != "zone":
        await _set(marker[1], message.text or "", where, context)
    elif message.location:
        await _live_by(zone_at(Point(message.location.latitude, message.location.longitude), context.catalogue), where, context)
    else:
        await _live_where(message.text or "", where, context)


async def _ask(part: str, where: Managed, context: BotContext) -> None:
    """The choices for a part, or a question to be answered in one's own words."""
    reader = context.reader
    if ask := QUESTIONS.get(part):
        await context.reply(ask(where, reader), fresh=True)
    elif part == "ask-zone":
        await context.reply(ask_city(where, reader), fresh=True)
    elif choose := CHOICES.get(part):
        await context.reply(choose(where, reader))
    elif part in DAYS:
        await context.reply(choose_day(where, part, reader))
    elif part == "zone":
        await context.reply(await _zones(where, context))
    else:
        await context.reply(gone(reader))


async def _zones(where: Managed, context: BotContext, *, first: str = "") -> Screen:
    now = context.services.clock.now()
    targets = [one.target for one in await context.services.follows.of(receiver_of(where.chat, context))]
    zones = likely_zones(targets, context.reader.lang, context.catalogue, now)
    return choose_zone(where, zones, now, context.catalogue, context.reader, first=first)


async def _set(part: str, wish: str, where: Managed, context: BotContext) -> None:
    """Quiet hours, or the time or day of digests, as typed or from a button; then the clocks by which they are meant."""
    receiver, chats = receiver_of(where.chat, context), context.services.chats
    timing = _chosen(part, wish, (await chats.preferences(receiver.chat)).timing, context.reader)
    if timing is None:
        ask = QUESTIONS.get(f"ask-{part}")
        await context.reply(ask(where, context.reader, wrong=True) if ask else gone(context.reader))
        return
    await chats.choose_timing(receiver.chat, timing)
    if part == "quiet" and timing.quiet is None:
        await _show(where, context)
        return
    taken = await take_zone(receiver, context)
    if (await chats.preferences(receiver.chat)).zone:
        await _show(where, context, said=zone_taken(taken, context.catalogue, context.reader) if taken else "")
    else:
        await context.reply(await _zones(where, context, first=saved(context.reader)))


def _chosen(part: str, wish: str, timing: Timing, reader: Reader) -> Timing | None:
    """What a chat wishes from now on; None if nobody can read it."""
    quiet, at = read_hours(wish), read_time(wish)
    if part == "quiet" and (quiet or is_off(wish, reader)):
        return replace(timing, quiet=quiet)
    if part == "digest" and at is not None:
        return replace(timing, digest_at=at)
    if part == "day" and wish.isdecimal() and int(wish) < WEEK:
        return replace(timing, digest_day=int(wish))
    return None


async def _live_where(name: str, where: Managed, context: BotContext) -> None:
    """By the clocks of a place; several places of one name are told apart by their time."""
    now, catalogue, reader = context.services.clock.now(), context.catalogue, context.reader
    zones = zones_named(name, catalogue, now)
    if len(zones) == 1:
        await _live_by(zones[0], where, context)
    elif zones:
        await context.reply(choose_zone(where, zones, now, catalogue, reader))
    else:
        await context.reply(ask_city(where, reader, unknown=name))


async def _live_by(zone: str, where: Managed, context: BotContext) -> None:
    await context.services.chats.choose_zone(receiver_of(where.chat, context).chat, zone)
    await _show(where, context)


async def _show(where: Managed, context: BotContext, *, fresh: bool = False, said: str = "") -> None:
    wishes = await context.services.chats.preferences(receiver_of(where.chat, context).chat)
    now = context.services.clock.now()
    await context.reply(timing_card(where, wishes, now, context.catalogue, context.reader, said=said), fresh=fresh)


async def _preview(wanted: str, where: Managed, context: BotContext) -> None:
    """The digest that comes first, or the one that is wanted."""
    receiver, services = receiver_of(where.chat, context), context.services
    paces = {one.pace for one in await services.follows.of(receiver) if not one.paused} - {Pace.INSTANT}
    coming = [one for one in await services.follows.upcoming(receiver) if not wanted or one.pace == wanted]
    wishes = await services.chats.preferences(receiver.chat)
    if coming:
        news = [context.catalogue.news_by_id.get(NewsId(item)) for item in coming[0].items]
        items = [item for item in news if item]
        screen = preview((coming[0].pace, coming[0].at), items, where, wishes, context.catalogue, context.reader)
    elif empty := _first(paces if not wanted else paces & {Pace(wanted)}, wishes, services.clock.now()):
        screen = preview(empty, (), where, wishes, context.catalogue, context.reader)
    else:
        screen = no_digest(wanted, where, context.reader)
    await context.reply(screen)


def _first(paces: set[Pace], wishes: ChatPreferences, now: dt.datetime) -> tuple[Pace, dt.datetime] | None:
    """Which of these digests comes first, and when."""
    timing = wishes.timing
    at = DIGEST_AT if timing.digest_at is None else timing.digest_at
    day = DIGEST_DAY if timing.digest_day is None else timing.digest_day
    coming = [(pace, next_send(now, wishes.zone, at, day if pace is Pace.WEEKLY else None)) for pace in paces]
    return min(coming, key=lambda one: (one[1], one[0]), default=None)


async def _may(chat: Elsewhere, context: BotContext) -> bool:
    return await may(chat, context, only_admins_time(context.reader))
