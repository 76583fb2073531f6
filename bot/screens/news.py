"""News of the network: pages of items, and one item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.callbacks import ListNews, OpenCity, Report
from bot.markup import Bullets, Button, Html, Screen, bold, fill, joined, line, rows
from bot.screens.parts import calendar_button, city_label, flag, follow_button, page_of, pager, record, source_line
from data.follows import NETWORK, Kind, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.types import NewsItem

LINKED = 4
"""Cities of an item that get a button."""


def news_list(wanted: ListNews, items: Sequence[NewsItem], size: int, catalogue: Catalogue, reader: Reader) -> Screen:
    """A page of news, newest first."""
    _ = reader.translate
    page, pages, shown = page_of(items, wanted.page, size)
    return Screen(
        blocks=(
            line(bold(_title(wanted, catalogue, reader))),
            line("" if items else _("My data set has no news of this.")),
            Bullets(tuple(news_row(item, reader) for item in shown)),
            line(_("Page {page} of {pages}").format(page=page + 1, pages=pages) if pages > 1 else ""),
        ),
        buttons=(
            pager(page, pages, Button(_("‹ Newer"), _turned(wanted, page - 1)), Button(_("Older ›"), _turned(wanted, page + 1))),
            *rows(
                follow_button(_target(wanted, catalogue), reader),
                Button(city_label(catalogue.by_number[wanted.city], reader), OpenCity(wanted.city)) if wanted.city else None,
                Button(_("All news"), ListNews(0, None)) if wanted.city or wanted.country else None,
            ),
        ),
    )


def _target(wanted: ListNews, catalogue: Catalogue) -> Target:
    if wanted.city:
        return Target(Kind.CITY, catalogue.by_number[wanted.city].id)
    return Target(Kind.COUNTRY, wanted.country) if wanted.country else NETWORK


def _title(wanted: ListNews, catalogue: Catalogue, reader: Reader) -> str:
    _ = reader.translate
    if wanted.city:
        return " · ".join((_("News"), city_label(catalogue.by_number[wanted.city], reader)))
    if wanted.country:
        return " · ".join((_("News"), f"{flag(wanted.country)} {reader.name(catalogue.countries[wanted.country])}"))
    return _("News of the network")


def _turned(wanted: ListNews, page: int) -> ListNews:
    return ListNews(wanted.city, wanted.country, max(page, 0))


def news_row(item: NewsItem, reader: Reader) -> Html:
    """A line of a list. An item that has no text in the reader's language stands in its own, which is named."""
    title = record(reader.text(item.title), "n", item.id, reader)
    return joined([title, *([reader.date(item.date)] if item.date else []), *reader.other_language(item.title)], " · ")


def news_card(item: NewsItem, catalogue: Catalogue, reader: Reader) -> Screen:
    """One item."""
    _ = reader.translate
    cities = [catalogue.cities[city] for city in item.cities if city in catalogue.cities]
    return Screen(
        blocks=(
            line(bold(reader.text(item.title)), "" if item.date is None else reader.date(item.date)),
            line(reader.text(item.summary)),
            line(fill(_("Deadline: {date}"), date=reader.date(item.deadline)) if item.deadline else ""),
            line("" if reader.has(item.title) else _("There is no text in your language yet.")),
            source_line(item.sources, reader),
        ),
        buttons=(
            *rows(*(Button(city_label(city, reader), OpenCity(city.number)) for city in cities[:LINKED])),
            *rows(
                calendar_button(item.id, item.deadline, reader) if item.deadline else None,
                Button(_("All news"), ListNews(0, None)),
                Button(_("Report a mistake"), Report("news", item.id)),
            ),
        ),
    )
