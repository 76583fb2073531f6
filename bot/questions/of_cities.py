"""Questions about cities that are named: membership, year, place, awards, practices, news, neighbours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.callbacks import ListNews
from bot.screens.city import choose_city, city_card, nearest_cities, not_a_member, similar_cities
from bot.screens.comparing import city_comparison, verdicts
from bot.screens.events import conference_cards, not_a_host
from bot.screens.lists import city_list
from bot.screens.news import news_card, news_list
from bot.screens.parts import place_label
from bot.screens.practices import told_practices
from bot.screens.questions import (
    award_answer,
    joined_in_year,
    membership_in_year,
    no_longer,
    since_when,
    still_member,
    whereabouts,
    yes_member,
)
from data.types import City, Filter, Place, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.markup import Screen
    from bot.questions.asked import Asked

PAGE: Final = 10
COUNT: Final = 5


def _of_one(answer: Callable[[Asked, City], Screen | None]) -> Callable[[Asked], Screen | None]:
    """Asks back which of several places is meant, and denies what is supposed of a place that is no member."""

    def of_one(asked: Asked) -> Screen | None:
        spots = asked.spots[0]
        if len(spots) > 1:
            return _which(asked)
        spot = spots[0]
        return answer(asked, spot) if isinstance(spot, City) else _absent(asked, spot)

    return of_one


def _which(asked: Asked) -> Screen:
    spots = asked.spots[0]
    cities = [spot for spot in spots if isinstance(spot, City)]
    places = [spot for spot in spots if isinstance(spot, Place)]
    called = asked.reader.name(cities[0]) if cities else asked.reader.place(places[0])
    return choose_city(called, cities, places, asked.catalogue, asked.reader)


def _absent(asked: Asked, place: Place) -> Screen:
    return not_a_member(asked.catalogue.not_member(place), asked.catalogue, asked.reader)


@_of_one
def member(asked: Asked, city: City) -> Screen:
    """Whether it is a member, or was in a year, or joined in it."""
    span = asked.reading.span
    if year := asked.year or (span and (span.until or span.since)):
        joining = asked.year and asked.has("join", "newcomer")
        return joined_in_year(city, year, asked.catalogue, asked.reader) if joining else membership_in_year(city, year, asked.reader)
    if city.status is Status.FORMER:
        return no_longer(city, asked.catalogue, asked.reader)
    if city.status is not Status.MEMBER:
        return city_card(city, asked.catalogue, asked.reader)
    return yes_member(city, asked.catalogue, asked.reader)


@_of_one
def left(asked: Asked, city: City) -> Screen:
    """Whether, when or why it left: most did not."""
    if city.status is Status.MEMBER:
        return still_member(city, asked.catalogue, asked.reader)
    return city_card(city, asked.catalogue, asked.reader)


@_of_one
def when(asked: Asked, city: City) -> Screen:
    """Since when."""
    return since_when(city, asked.catalogue, asked.reader)


@_of_one
def where(asked: Asked, city: City) -> Screen:
    """In which country, and in which part of it."""
    return whereabouts(city, asked.catalogue, asked.reader)


@_of_one
def card(asked: Asked, city: City) -> Screen:
    """What is known of it."""
    return city_card(city, asked.catalogue, asked.reader)


@_of_one
def premise(asked: Asked, city: City) -> Screen | None:
    """Why a city did something: that of an award is known, of nothing else; and a place that is no member did not join."""
    if asked.has("leave", "remove", "former") and city.status is Status.MEMBER:
        return still_member(city, asked.catalogue, asked.reader)
    if city.awards and not asked.has("join", "leave", "remove", "former", "benefit"):
        return award_answer(city, asked.year, asked.catalogue, asked.reader)
    return None


@_of_one
def award_of(asked: Asked, city: City) -> Screen:
    """Which awards it has."""
    return award_answer(city, asked.year, asked.catalogue, asked.reader)


@_of_one
def practices(asked: Asked, city: City) -> Screen | None:
    """What it does, on a theme if one is named."""
    theme = asked.themes[0].id if asked.themes else None
    found = asked.catalogue.select_practices(city.id, theme=theme)
    if not found and theme:
        found = tuple(p for p in asked.catalogue.practices_of.get(city.id, ()) if theme in p.themes)
    return told_practices(city, theme, found, asked.catalogue, asked.reader)


@_of_one
def news(asked: Asked, city: City) -> Screen:
    """News of it, of a year if one is named and had any; a single item is told."""
    items = asked.catalogue.select_news(city.id)
    items = tuple(item for item in items if item.date and item.date.year in asked.reading.years) or items
    if len(items) == 1:
        return news_card(items[0], asked.catalogue, asked.reader)
    return news_list(ListNews(city.number, None), items, PAGE, asked.catalogue, asked.reader)


@_of_one
def similar(asked: Asked, city: City) -> Screen:
    """Members like it."""
    return similar_cities(city, asked.catalogue, asked.reader)


@_of_one
def superlative_of(asked: Asked, city: City) -> Screen:
    """Whether it was the first or the last of its country to join: since when it is a member, beside the others."""
    if asked.has("award", "win"):
        return award_answer(city, asked.year, asked.catalogue, asked.reader)
    shown = city_list(Filter(country=city.country), 0, PAGE, asked.catalogue, asked.reader)
    told = since_when(city, asked.catalogue, asked.reader)
    return replace(shown, blocks=(*told.blocks[:1], *shown.blocks))


def nearest(asked: Asked) -> Screen | None:
    """Members nearest to any place, member or not, itself left out."""
    spots = asked.spots[0]
    if len({spot.country for spot in spots}) > 1:
        return _which(asked)
    spot = spots[0]
    if spot.point is None:
        return None
    name = asked.reader.name(spot) if isinstance(spot, City) else place_label(spot, asked.catalogue, asked.reader)
    found = [pair for pair in asked.catalogue.nearest(spot.point, COUNT + 1) if pair[0] is not spot][:COUNT]
    skipped = sum(1 for city in asked.catalogue.members if city.point is None)
    return nearest_cities(name, found, skipped, asked.reader)


def compare(asked: Asked) -> Screen:
    """Two or more cities beside one another."""
    return city_comparison(*_sure(asked), asked.catalogue, asked.reader)


def members(asked: Asked) -> Screen:
    """Whether each of several is a member."""
    return verdicts(*_sure(asked), asked.catalogue, asked.reader)


def _sure(asked: Asked) -> tuple[list[City], list[Place]]:
    """The likeliest meaning of each name: the member, else the first place."""
    chosen = [next((spot for spot in spots if isinstance(spot, City)), spots[0]) for spots in asked.spots]
    return [spot for spot in chosen if isinstance(spot, City)], [spot for spot in chosen if isinstance(spot, Place)]


def event(asked: Asked) -> Screen | None:
    """The conference in a city."""
    spot = asked.spots[0][0]
    held = [one for one in asked.catalogue.conferences if isinstance(spot, City) and one.city == spot.id]
    if asked.year:
        held = [one for one in held if one.start.year == asked.year]
    if held and (asked.year or asked.has("conference", "host", "topic")):
        return conference_cards(held, asked.catalogue, asked.reader)
    if not asked.has("conference", "host"):
        return None
    if elsewhere := [one for one in asked.catalogue.conferences if one.start.year == asked.year]:
        told = conference_cards(elsewhere, asked.catalogue, asked.reader)
        return replace(told, blocks=(*_no_host(asked, spot).blocks, *told.blocks))
    return _no_host(asked, spot)


def _no_host(asked: Asked, spot: City | Place) -> Screen:
    if isinstance(spot, City):
        return not_a_host(spot, asked.reader.name(spot), asked.reader)
    return not_a_host(None, asked.reader.place(spot), asked.reader)
