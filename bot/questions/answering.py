"""From what was understood to an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.questions.reading import LONGEST, Reading, filter_of, read, read_news, read_practices
from bot.screens.awards import awardees
from bot.screens.city import choose_city, city_card, not_a_member
from bot.screens.lists import city_list
from bot.screens.lookup import lookup_answer
from bot.screens.network import help_, join, start
from bot.screens.news import news_list
from bot.screens.practices import practice_list
from bot.screens.problems import empty_text
from bot.screens.questions import award_answer, faq_answer, membership_in_year, not_known, yes_member, you_are_welcome
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

ELSEWHERE: Final = {Meaning.PRACTICE, Meaning.NEWS}
"""What is asked of a city besides its membership."""


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
    if len(named) == 1 and reading.meanings and _is_about_membership(reading):
        return Answer(_about_city(named[0], reading, catalogue, reader), answered=True)
    if _is_name(text, reading) and not isinstance(catalogue.find_city(text), Unknown):
        return Answer(lookup_answer(text, catalogue, reader), answered=True)
    screen = _told(text, reading, catalogue, reader) or _listed(reading, catalogue, reader)
    return Answer(screen or not_known(_understood(reading, catalogue), catalogue, reader), answered=screen is not None)


def _is_about_membership(reading: Reading) -> bool:
    """Whether nothing else is asked of a named city: no practice, no news, no theme, no word that means something unknown."""
    themes = any(ref.kind is Kind.THEME for refs in reading.refs for ref in refs)
    return not reading.leftover and not themes and not reading.meanings & ELSEWHERE


def _told(text: str, reading: Reading, catalogue: Catalogue, reader: Reader) -> Screen | None:
    """What is not about membership: practices, news, an answer of the FAQ, joining, a courtesy; None for none of these."""
    bare = not reading.refs and not reading.years
    if Meaning.PRACTICE in reading.meanings:
        return _practices(text, catalogue, reader)
    if bare and (entry := catalogue.faq_search.find(text)):
        return faq_answer(entry, reader)
    if reading.leftover or reading.years:
        return None
    if Meaning.NEWS in reading.meanings:
        return _news(text, catalogue, reader)
    return _courtesy(reading.meanings, catalogue, reader) if bare else None


def _courtesy(meanings: frozenset[Meaning], catalogue: Catalogue, reader: Reader) -> Screen | None:
    if Meaning.JOIN in meanings:
        return join("how", catalogue, reader)
    if Meaning.HELP in meanings:
        return help_(reader)
    if Meaning.THANKS in meanings:
        return you_are_welcome(reader)
    return start(catalogue, reader, greeted=True) if Meaning.GREETING in meanings else None


def _practices(text: str, catalogue: Catalogue, reader: Reader) -> Screen | None:
    wanted = read_practices(text, catalogue)
    if wanted is None:
        return None
    city = catalogue.by_number[wanted.city].id if wanted.city else None
    return practice_list(wanted, catalogue.select_practices(city, wanted.country, wanted.theme), PAGE, catalogue, reader)


def _news(text: str, catalogue: Catalogue, reader: Reader) -> Screen:
    wanted = read_news(text, catalogue)
    city = catalogue.by_number[wanted.city].id if wanted.city else None
    return news_list(wanted, catalogue.select_news(city, wanted.country), PAGE, catalogue, reader)


def _listed(reading: Reading, catalogue: Catalogue, reader: Reader) -> Screen | None:
    """The cities that pass what was named; those of one award round stand together with the reasons."""
    wanted = filter_of(reading)
    named = any(ref.kind in {Kind.CITY, Kind.PLACE} for refs in reading.refs for ref in refs)
    if reading.leftover or named or (wanted == Filter() and not _asks_for_all(reading)):
        return None
    round_ = next((round_ for round_ in catalogue.award_rounds if wanted == Filter(award=round_.year, status=None)), None)
    return awardees(round_, catalogue, reader) if round_ else city_list(wanted, 0, PAGE, catalogue, reader)


def _is_name(text: str, reading: Reading) -> bool:
    """Whether a text is nothing but a name, spelt well or not."""
    return SHORTEST <= len(text.strip()) <= LONGEST and not reading.years and not reading.meanings - {Meaning.FILLER}


def _asks_for_all(reading: Reading) -> bool:
    return bool(reading.meanings & {Meaning.LIST, Meaning.COUNT}) and Meaning.NETWORK in reading.meanings


def _about_city(refs: tuple[Ref, ...], reading: Reading, catalogue: Catalogue, reader: Reader) -> Screen:
    cities = [catalogue.cities[CityId(ref.id)] for ref in refs if ref.kind is Kind.CITY]
    places = [catalogue.places[PlaceId(ref.id)] for ref in refs if ref.kind is Kind.PLACE]
    if len(cities) + len(places) > 1:
        called = reader.name(cities[0]) if cities else reader.place(places[0])
        return choose_city(called, cities, places, catalogue, reader)
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
