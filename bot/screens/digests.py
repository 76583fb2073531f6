"""A digest: what happened since the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.callbacks import ListNews
from bot.markup import Bullets, Button, Screen, bold, joined, line, rows
from bot.screens.parts import record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.follows import Pace
    from data.types import NewsItem

MOST: Final = 12
"""Items told one by one."""


def digest(items: Sequence[NewsItem], _pace: Pace, _day: dt.date, _catalogue: Catalogue, reader: Reader) -> Screen:
    """The digest of a date on the reader's calendar, as one message."""
    _ = reader.translate
    told = [joined([record(reader.text(item.title), "n", item.id, reader), *reader.other_language(item.title)], " · ") for item in items]
    return Screen(
        blocks=(line("🔔 ", bold(_("News of the network"))), Bullets(tuple(told[:MOST]))),
        buttons=rows(Button(_("All news"), ListNews(0, None))),
    )
