"""A digest: what happened since the one before it, country by country; and what the next one would hold now."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from bot.callbacks import ChooseFollow, ListFollows, OpenBeside, OpenTiming, PreviewDigest
from bot.markup import Block, Bullets, Button, Html, Screen, Title, bold, line, pack, rows
from bot.screens.news import news_row
from bot.screens.parts import flag
from bot.screens.timing import told_at
from data.follows import Pace
from data.types import CountryCode, ThemeId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Reader
    from bot.screens.timing import Managed
    from data.catalogue import Catalogue
    from data.chats import ChatPreferences
    from data.types import NewsItem

MOST: Final = 20
"""Items told one by one."""
WEEK: Final = dt.timedelta(days=7)


def digest(items: Sequence[NewsItem], pace: Pace, day: dt.date, catalogue: Catalogue, reader: Reader) -> Screen:
    """The digest of a date on the reader's calendar, as one message. Its buttons open beside it: what was sent by itself stays."""
    _ = reader.translate
    if pace is Pace.WEEKLY:
        # Translators: {days} are the first and the last of them: 17–24 Nov 2026.
        said = _("🔔 News of the week, {days}").format(days=reader.week(day - WEEK, day))
    else:
        # Translators: the heading of a daily digest; {day} is the date on which it comes: 24 November.
        said = _("🔔 News of the last 24 hours, {day}").format(day=reader.day(day))
    return Screen(
        blocks=_fitting((line(bold(said)),), items, catalogue, reader),
        buttons=rows(Button(_("All news"), OpenBeside("news")), Button(_("⏰ When news comes"), OpenBeside("timing"))),
    )


def preview(
    coming: tuple[Pace, dt.datetime],
    items: Sequence[NewsItem],
    managed: Managed,
    wishes: ChatPreferences,
    catalogue: Catalogue,
    reader: Reader,
) -> Screen:
    """What the next digest of a pace would hold now, and when it comes (UTC)."""
    _ = reader.translate
    pace, moment = coming
    said = _("Next weekly digest: {time}") if pace is Pace.WEEKLY else _("Next daily digest: {time}")
    head = line(bold(said.format(time=told_at(moment, wishes, reader))), managed.title)
    empty = line(_("Nothing waits for it yet. If that stays so, none is sent."))
    other = PreviewDigest(Pace.DAILY if pace is Pace.WEEKLY else Pace.WEEKLY, managed.chat)
    return Screen(
        blocks=_fitting((head,), items, catalogue, reader) if items else (head, empty),
        buttons=rows(
            Button(_("⏰ When news comes"), OpenTiming("", managed.chat)),
            Button(_("Daily digest") if pace is Pace.WEEKLY else _("Weekly digest"), other),
            Button(_("‹ What is followed"), ListFollows(0, managed.chat)),
        ),
    )


def no_digest(pace: str, managed: Managed, reader: Reader) -> Screen:
    """Nothing here is followed by a digest, or not by this one."""
    _ = reader.translate
    said = {
        Pace.DAILY: _("Nothing is followed here by a daily digest."),
        Pace.WEEKLY: _("Nothing is followed here by a weekly digest."),
    }
    return Screen(
        blocks=(
            line(
                said.get(Pace(pace), "") if pace else _("Nothing is followed here by a digest: all news comes at once."),
                _("Open something that is followed and choose “Daily” or “Weekly” there."),
            ),
        ),
        buttons=rows(
            Button(_("What is followed"), ListFollows(0, managed.chat)),
            Button(_("🔔 Choose what to follow"), ChooseFollow("", managed.chat)),
        ),
    )


def _fitting(head: tuple[Block, ...], items: Sequence[NewsItem], catalogue: Catalogue, reader: Reader) -> tuple[Block, ...]:
    """The head and as many items as one message holds, at most `MOST`; how many more there are."""
    for count in range(min(len(items), MOST), 0, -1):
        rest = len(items) - count
        more = line(reader.plural("And {n} more news item.", "And {n} more news items.", rest) if rest else "")
        blocks = (*head, *_grouped(items[:count], catalogue, reader), more)
        if len(pack(blocks)) == 1:
            return blocks
    return head


def _grouped(items: Sequence[NewsItem], catalogue: Catalogue, reader: Reader) -> tuple[Block, ...]:
    """A list a country, or a theme where no country is named; in the order of their first items."""
    groups: dict[str, list[Html]] = {}
    for item in items:
        groups.setdefault(_subject(item, catalogue, reader), []).append(news_row(item, reader))
    return tuple(Title(name, under=tuple(Bullets(tuple(told)).rendered())) for name, told in groups.items())


def _subject(item: NewsItem, catalogue: Catalogue, reader: Reader) -> str:
    _ = reader.translate
    homes = [catalogue.cities[city].country for city in item.cities if city in catalogue.cities]
    for code in (*item.countries, *homes):
        if country := catalogue.countries.get(CountryCode(code)):
            return f"{flag(country.code)} {reader.name(country)}"
    themes = [catalogue.themes[ThemeId(topic)] for topic in item.topics if topic in catalogue.themes]
    return reader.text(themes[0].label) if themes else _("News of the network")
