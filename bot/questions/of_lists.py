"""Questions for lists and numbers: by country, region, year, theme, award; who is first, who has most; conferences, news, practices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.callbacks import ListNews, ListPractices
from bot.markup import line
from bot.screens.awards import award_rounds, awardees
from bot.screens.comparing import (
    country_comparison,
    farthest_cities,
    intake_comparison,
    members_by_time,
    region_comparison,
    top_countries,
)
from bot.screens.events import conference_cards
from bot.screens.lists import choose_list, city_list, country_list
from bot.screens.network import about
from bot.screens.news import news_list
from bot.screens.parts import region_name
from bot.screens.practices import practice_list, practices_under
from bot.screens.questions import award_totals, faq_answer, total_in_year
from data.types import ANY_AWARD, Filter, Region

if TYPE_CHECKING:
    from bot.markup import Screen
    from bot.questions.asked import Asked
    from data.types import City, Conference, Country, Practice

PAGE: Final = 10
COUNT: Final = 5
CAPITALS: Final = "f122"
"""The entry of the FAQ that names the capitals of the newest intake."""
GOALS: Final = range(1, 18)
OWN_GOALS: Final = {4, 11}
"""The goals that the network names as its own."""
ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}


def members(asked: Asked) -> Screen | None:
    """Members by whatever was named. A year without a word of joining asks who was a member then, where a country is named too.

    Of years to come nobody knows.
    """
    if asked.reading.years and max(asked.reading.years) > (asked.reading.this_year or asked.catalogue.as_of.year + 1):
        return None
    as_of = bool(asked.year and asked.countries) and not asked.has("join", "newcomer", "call", "last")
    if asked.year and not (asked.countries or asked.regions or asked.themes) and asked.has("count") and not asked.has("list", "who"):
        return total_in_year(asked.year, asked.catalogue, asked.reader)
    wanted = asked.filter(as_of=as_of and _is_past(asked))
    if wanted == Filter() and asked.has("count"):
        return choose_list(asked.catalogue, asked.reader)
    return city_list(wanted, 0, PAGE, asked.catalogue, asked.reader)


def _is_past(asked: Asked) -> bool:
    """Whether membership at a time is asked for, in words that say so."""
    return asked.has("member", "now", "past", "count")


def total(asked: Asked) -> Screen:
    """How many members there are."""
    return choose_list(asked.catalogue, asked.reader)


def awards(asked: Asked) -> Screen:
    """Who has the award: of a year, a country, a region, and who has most."""
    catalogue, reader = asked.catalogue, asked.reader
    wanted = asked.filter(award=True)
    if len(asked.countries) > 1:
        return award_totals(catalogue, reader, {country.code for country in asked.countries})
    if asked.has("again") or (asked.has("most") and not (asked.countries or asked.year or asked.has("when", "call", "year"))):
        return award_totals(catalogue, reader)
    if wanted == Filter(award=ANY_AWARD, status=None):
        by_year = sorted(catalogue.award_rounds, key=lambda round_: round_.year)
        meant = by_year[-1] if asked.has("last") else by_year[0] if asked.has("first") else None
        if meant is None and asked.has("city", "member", "who"):
            return city_list(wanted, 0, PAGE, catalogue, reader)
        return awardees(meant, catalogue, reader) if meant else award_rounds(catalogue, reader)
    round_ = next((round_ for round_ in catalogue.award_rounds if wanted == Filter(award=round_.year, status=None)), None)
    return awardees(round_, catalogue, reader) if round_ else city_list(wanted, 0, PAGE, catalogue, reader)


def first(asked: Asked) -> Screen | None:
    """Who joined first."""
    wanted = asked.filter()
    cities = [city for city in asked.catalogue.select(wanted) if city.joined]
    if not cities:
        return city_list(wanted, 0, PAGE, asked.catalogue, asked.reader)
    year = min(city.joined or 0 for city in cities)
    sure = [city for city in cities if city.joined == year]
    _ = asked.reader.translate
    opening = _("The earliest year of joining in my list: {year}.").format(year=year)
    return members_by_time(_by_name(asked, sure), wanted, opening, asked.catalogue, asked.reader)


def newest(asked: Asked) -> Screen | None:
    """Who joined last."""
    wanted = asked.filter()
    if asked.reading.years:
        return city_list(wanted, 0, PAGE, asked.catalogue, asked.reader)
    if wanted == Filter():
        return city_list(Filter(year=asked.catalogue.intakes[-1].year), 0, PAGE, asked.catalogue, asked.reader)
    cities = [city for city in asked.catalogue.select(wanted) if city.joined]
    if not cities:
        return city_list(wanted, 0, PAGE, asked.catalogue, asked.reader)
    year = max(city.joined or 0 for city in cities)
    _ = asked.reader.translate
    opening = _("The latest year of joining in my list: {year}.").format(year=year)
    return members_by_time(
        _by_name(asked, [city for city in cities if city.joined == year]), wanted, opening, asked.catalogue, asked.reader
    )


def _by_name(asked: Asked, cities: list[City]) -> list[City]:
    return sorted(cities, key=lambda city: asked.reader.order(asked.reader.name(city)))


def farthest(asked: Asked) -> Screen | None:
    """The members farthest to one side of the world, of those whose place is known."""
    wanted = asked.filter()
    placed = [(city, city.point) for city in asked.catalogue.select(wanted) if city.point]
    if not placed:
        return None
    by_latitude, ascending = asked.has("north", "south"), asked.has("south", "west")
    ranked = sorted(placed, key=lambda pair: pair[1].lat if by_latitude else pair[1].lon, reverse=not ascending)
    return farthest_cities([city for city, _point in ranked[:COUNT]], wanted, asked.catalogue, asked.reader)


def capitals(asked: Asked) -> Screen | None:
    """The capitals that joined last: of no other intake are they known."""
    newest = asked.catalogue.intakes[-1].year
    entry = next((entry for entry in asked.catalogue.faq if entry.id == CAPITALS), None)
    return faq_answer(entry, asked.reader) if entry and asked.year in {None, newest} else None


def largest_intake(asked: Asked) -> Screen:
    """The intake with most cities, then the others."""
    _ = asked.reader.translate
    intakes = sorted(asked.catalogue.intakes, key=lambda intake: -intake.cities)
    return intake_comparison(intakes, (), asked.reader, _("The largest intake: {year}.").format(year=intakes[0].year))


def smallest_intake(asked: Asked) -> Screen:
    """The intake with fewest cities, then the others."""
    _ = asked.reader.translate
    intakes = sorted(asked.catalogue.intakes, key=lambda intake: intake.cities)
    return intake_comparison(intakes, (), asked.reader, _("The smallest intake: {year}.").format(year=intakes[0].year))


def compare_years(asked: Asked) -> Screen:
    """Intakes beside one another; a span shows all in it."""
    span = asked.reading.span
    years = list(asked.reading.years)
    intakes = [intake for intake in asked.catalogue.intakes if intake.year in years]
    if span and span.since and span.until and not asked.has("grow", "compare", "history", "difference"):
        return city_list(asked.filter(), 0, PAGE, asked.catalogue, asked.reader)
    missing = [year for year in years if year not in {intake.year for intake in intakes}]
    return intake_comparison(intakes, missing, asked.reader)


def compare_countries(asked: Asked) -> Screen:
    """Countries beside one another."""
    return country_comparison(asked.countries, asked.catalogue, asked.reader)


def compare_regions(asked: Asked) -> Screen:
    """Regions beside one another."""
    return region_comparison(_by_region(asked, asked.regions), asked.catalogue, asked.reader)


def regions(asked: Asked) -> Screen:
    """All regions."""
    return region_comparison(_by_region(asked, tuple(Region)), asked.catalogue, asked.reader)


def _by_region(asked: Asked, wanted: tuple[Region, ...]) -> list[tuple[Region, int]]:
    counted = [(region, len(asked.catalogue.select(Filter(region=region)))) for region in wanted]
    return sorted(counted, key=lambda row: -row[1])


def most(asked: Asked) -> Screen:
    """The countries with most members."""
    return _ranked(asked, -1)


def least(asked: Asked) -> Screen:
    """The countries with fewest members."""
    return _ranked(asked, 1)


def _ranked(asked: Asked, direction: int) -> Screen:
    catalogue, reader = asked.catalogue, asked.reader
    region = asked.regions[0] if asked.regions else None

    def standing(country: Country) -> tuple[int, str]:
        stated = catalogue.country_total(country.code)
        named = len(catalogue.select(Filter(country=country.code)))
        return (direction * max(named, (stated.cities or 0) if stated else 0), reader.order(reader.name(country)))

    ranked = sorted((c for c in catalogue.member_countries if region is None or c.region is region), key=standing)
    return top_countries(ranked, region, catalogue, reader)


def most_practices(asked: Asked) -> Screen:
    """The countries with most practices in the data set: a list of practices tells how many there are."""
    return practice_list(ListPractices(0, None, None), asked.catalogue.select_practices(), PAGE, asked.catalogue, asked.reader)


def countries(asked: Asked) -> Screen:
    """The countries of the network; of those that joined in a year, the cities say which."""
    if asked.year:
        return city_list(asked.filter(), 0, PAGE, asked.catalogue, asked.reader)
    if asked.has("count") and asked.has("city", "member") and not asked.regions:
        return choose_list(asked.catalogue, asked.reader)
    return country_list(asked.regions[0] if asked.regions else None, 0, PAGE, asked.catalogue, asked.reader)


def news(asked: Asked) -> Screen:
    """News, of a country if one is named."""
    country = asked.countries[0].code if asked.countries else None
    items = asked.catalogue.select_news(country=country)
    if asked.year:
        items = tuple(item for item in items if item.date and item.date.year == asked.year) or items
    return news_list(ListNews(0, country), items, PAGE, asked.catalogue, asked.reader)


def practices(asked: Asked) -> Screen:
    """Practices, of a country and on a theme."""
    country = asked.countries[0].code if asked.countries else None
    theme = asked.themes[0].id if asked.themes else None
    found = asked.catalogue.select_practices(country=country, theme=theme)
    if asked.regions or len(asked.themes) > 1:
        every = {theme.id for theme in asked.themes}
        found = tuple(practice for practice in _in_regions(asked, found) if every <= set(practice.themes)) or _in_regions(asked, found)
        _ = asked.reader.translate
        return practices_under((_("What member cities do"), *_where(asked)), found, asked.catalogue, asked.reader)
    return practice_list(ListPractices(0, country, theme), found, PAGE, asked.catalogue, asked.reader)


def goal(asked: Asked) -> Screen | None:
    """Practices that serve a Sustainable Development Goal; of the network's own two the FAQ tells."""
    numbers = [number for number in asked.reading.numbers if number in GOALS]
    doing = asked.has("practice", "activity", "who", "theme", "idea") or asked.named.of("theme")
    if len(numbers) != 1 or (numbers[0] in OWN_GOALS and not doing):
        return None
    country = asked.countries[0].code if asked.countries else None
    serving = tuple(practice for practice in asked.catalogue.select_practices(country=country) if numbers[0] in practice.sdgs)
    _ = asked.reader.translate
    heading = _("Practices for Sustainable Development Goal {number}").format(number=numbers[0])
    return practices_under((heading, *_where(asked)), _in_regions(asked, serving), asked.catalogue, asked.reader)


def _where(asked: Asked) -> tuple[str, ...]:
    """The countries, regions and themes that a list is narrowed to."""
    reader = asked.reader
    named = (*(reader.name(country) for country in asked.countries), *(region_name(region, reader) for region in asked.regions))
    return (*named, *(reader.text(theme.label) for theme in asked.themes))


def _in_regions(asked: Asked, practices: tuple[Practice, ...]) -> tuple[Practice, ...]:
    if not asked.regions:
        return practices
    return tuple(practice for practice in practices if asked.catalogue.cities[practice.city].region in asked.regions)


def events(asked: Asked) -> Screen:
    """The conference of a number, a year or a country; all of them where none is meant."""
    held = _meant(asked)
    if held:
        return conference_cards(held, asked.catalogue, asked.reader)
    every = about("conferences", asked.catalogue, asked.reader)
    if asked.reading.years:
        _ = asked.reader.translate
        years = asked.reader.listing(map(str, asked.reading.years))
        absent = _("I know of no conference of the network in {years}.").format(years=years)
        return replace(every, blocks=(line(absent), *every.blocks))
    over = sum(bool(conference.number and conference.city) for conference in asked.catalogue.conferences)
    said = asked.reader.plural("{n} conference so far.", "{n} conferences so far.", over)
    return replace(every, blocks=(line(said), *every.blocks)) if asked.has("count") else every


def _meant(asked: Asked) -> list[Conference]:
    numbered = [conference for conference in asked.catalogue.conferences if conference.number]
    over = [conference for conference in numbered if conference.city]
    if asked.reading.years:
        return [conference for conference in asked.catalogue.conferences if conference.start.year in asked.reading.years]
    wanted = {number for word, number in ORDINALS.items() if asked.has(word)} | set(asked.reading.numbers)
    if wanted and not asked.has("count"):
        return [conference for conference in numbered if conference.number in wanted]
    if asked.countries:
        return [conference for conference in asked.catalogue.conferences if conference.country == asked.countries[0].code]
    return over[-1:] if asked.has("last") else []


def event_next(asked: Asked) -> Screen:
    """The conference ahead."""
    ahead = [conference for conference in asked.catalogue.conferences if conference.number and not conference.city]
    return conference_cards(ahead[-1:], asked.catalogue, asked.reader)
