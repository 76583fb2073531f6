"""What a lookup by name found, as a screen: the same for commands and for a name typed alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.screens.city import choose_city, city_card, not_a_member, unknown_city
from bot.screens.lists import city_list
from data.catalogue import Found, IsCountry, NotMember, Several
from data.types import Filter

if TYPE_CHECKING:
    from bot.i18n import Reader
    from bot.markup import Screen
    from data.catalogue import Catalogue

PAGE: Final = 10


def lookup_answer(text: str, catalogue: Catalogue, reader: Reader) -> Screen:
    """The answer to a name: a card, candidates, a denial with the nearest members, a country's list, or suggestions."""
    match catalogue.find_city(text):
        case Found(city, corrected):
            return city_card(city, catalogue, reader, corrected=corrected)
        case Several(cities, places):
            return choose_city(text, cities, places, catalogue, reader)
        case NotMember() as answer:
            return not_a_member(answer, catalogue, reader)
        case IsCountry(country):
            return city_list(Filter(country=country.code), 0, PAGE, catalogue, reader)
        case unknown:
            return unknown_city(text, unknown.suggestions, reader)
