"""Texts of the data set that a question is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.callbacks import OpenCity
from bot.markup import Bullets, Button, Screen, bold, fill, line, rows
from bot.screens.city import city_card
from bot.screens.events import conference_cards
from bot.screens.news import news_card
from bot.screens.parts import city_in_country, city_label, record, source_line
from bot.screens.practices import practice_card
from data.questions.passages import Source
from data.types import CityId, NewsId, PracticeId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.questions.passages import Passage


def found(passages: Sequence[Passage], catalogue: Catalogue, reader: Reader) -> Screen:
    """One text as its card; several practices in a sentence each."""
    best = passages[0]
    practices = [catalogue.practices[PracticeId(passage.id)] for passage in passages if passage.source is Source.PRACTICE]
    match best.source:
        case Source.NEWS:
            return news_card(catalogue.news_by_id[NewsId(best.id)], catalogue, reader)
        case Source.CONFERENCE:
            return conference_cards([one for one in catalogue.conferences if one.id == best.id], catalogue, reader)
        case Source.AWARD | Source.NOTE:
            return city_card(catalogue.cities[CityId(best.id)], catalogue, reader)
    if len(practices) == 1:
        return practice_card(practices[0], catalogue, reader)
    _ = reader.translate
    cities = [catalogue.cities[practice.city] for practice in practices]
    told = (
        fill(
            "{city}. {title}. {summary}",
            city=city_in_country(city, catalogue, reader),
            title=bold(record(reader.text(practice.title), "p", practice.id, reader)),
            summary=reader.text(practice.summary),
        )
        for practice, city in zip(practices, cities, strict=True)
    )
    return Screen(
        blocks=(line(_("What I found about this:")), Bullets(tuple(told)), source_line(practices[0].sources, reader)),
        buttons=rows(*(Button(city_label(city, reader), OpenCity(city.number)) for city in {city.id: city for city in cities}.values())),
    )
