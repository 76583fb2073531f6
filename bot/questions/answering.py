"""From what was understood to an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.questions.reading import LONGEST, Reading, filter_of, read
from bot.screens.awards import awardees
from bot.screens.city import choose_city, city_card, not_a_member
from bot.screens.lists import city_list
from bot.screens.lookup import lookup_answer
from bot.screens.problems import empty_text
from bot.screens.questions import award_answer, membership_in_year, not_known, yes_member
from data.catalogue import Unknown
from data.lexicon import Meaning
from data.names import Kind, Ref, tokens
from data.types import CityId, Filter, PlaceId, Status

if TYPE_CHECKING:
    from bot.i18n import Reader
    from bot.markup import Screen
    from data.catalogue import Catalogue
    from data.types import City

PAGE: Final = 10
SHORTEST: Final = 4
"""Letters of a name typed alone; shorter texts begin too many names to mean one. Those written in full are linked all the same."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown, and whether it answers what was asked."""

    screen: Screen
    answered: bool


def answer(text: str, catalogue: Catalogue, reader: Reader) -> Answer:
    """The answer to a name, a question about membership, or a question for a list or a number."""
    if not tokens(text):
        return Answer(empty_text(reader), answered=False)
    reading = read(text, catalogue)
    named = [refs for refs in reading.refs if refs[0].kind in {Kind.CITY, Kind.PLACE}]
    if len(named) == 1 and reading.meanings and not reading.leftover:
        return Answer(_about_city(text, named[0], reading, catalogue, reader), answered=True)
    if _is_name(text, reading) and not isinstance(catalogue.find_city(text), Unknown):
        return Answer(lookup_answer(text, catalogue, reader), answered=True)
    if reading.leftover or named:
        return Answer(not_known(_understood(reading, catalogue), catalogue, reader), answered=False)
    wanted = filter_of(reading)
    if wanted != Filter() or _asks_for_all(reading):
        return Answer(_list(wanted, catalogue, reader), answered=True)
    return Answer(not_known(None, catalogue, reader), answered=False)


def _list(wanted: Filter, catalogue: Catalogue, reader: Reader) -> Screen:
    """The cities that pass a filter; those of one award round stand together with the reasons."""
    round_ = next((round_ for round_ in catalogue.award_rounds if wanted == Filter(award=round_.year, status=None)), None)
    return awardees(round_, catalogue, reader) if round_ else city_list(wanted, 0, PAGE, catalogue, reader)


def _is_name(text: str, reading: Reading) -> bool:
    """Whether a text is nothing but a name, spelt well or not."""
    return SHORTEST <= len(text.strip()) <= LONGEST and not reading.years and not reading.meanings - {Meaning.FILLER}


def _asks_for_all(reading: Reading) -> bool:
    return bool(reading.meanings & {Meaning.LIST, Meaning.COUNT}) and Meaning.NETWORK in reading.meanings


def _about_city(text: str, refs: tuple[Ref, ...], reading: Reading, catalogue: Catalogue, reader: Reader) -> Screen:
    cities = [catalogue.cities[CityId(ref.id)] for ref in refs if ref.kind is Kind.CITY]
    places = [catalogue.places[PlaceId(ref.id)] for ref in refs if ref.kind is Kind.PLACE]
    if len(cities) + len(places) > 1:
        return choose_city(text, cities, places, catalogue, reader)
    if places:
        return not_a_member(catalogue.not_member(places[0]), catalogue, reader)
    return _about_member(cities[0], reading, catalogue, reader)


def _about_member(city: City, reading: Reading, catalogue: Catalogue, reader: Reader) -> Screen:
    if Meaning.AWARD in reading.meanings:
        return award_answer(city, reading.years[0] if reading.years else None, catalogue, reader)
    if reading.years:
        return membership_in_year(city, reading.years[0], reader)
    if reading.meanings & {Meaning.WHEN, Meaning.WHERE} or city.status is not Status.MEMBER:
        return city_card(city, catalogue, reader)
    return yes_member(city, catalogue, reader)


def _understood(reading: Reading, catalogue: Catalogue) -> City | None:
    """The city that a text names, for saying what was understood of it."""
    city = reading.the(Kind.CITY)
    return catalogue.cities[CityId(city)] if city else None
