"""What is to be made of a thing that a source tells: whether it is news of the network, whom it is about, and how sure that is. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from data.names import How, Kind
from data.newswords import Says
from data.sources.keywords import is_about
from data.sources.model import Trust
from data.topics import MARKS, Topic
from data.types import CityId, CountryCode, PlaceId, ThemeId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from data.catalogue import Catalogue
    from data.names import Link, Ref
    from data.newswords import NewsWords
    from data.sources.model import Look, Source, Told

TOPICS: Final = {Says.NEW_MEMBERS: MARKS[Topic.NEW_MEMBERS], Says.CALL: MARKS[Topic.DEADLINES]}


class Doubt(enum.StrEnum):
    """Why an admin is asked."""

    ASKED = "asked"
    """Of this source an admin wants to see everything."""
    NO_UNESCO = "no-unesco"
    """It speaks of learning cities without naming UNESCO."""
    OTHER_NETWORK = "other-network"
    """It speaks of another network, too."""
    SEVERAL_PLACES = "several-places"
    """A name in it fits several places."""
    NO_DATE = "no-date"
    """Its own page, where the date should stand, has none or could not be read."""
    OTHER_COUNTRY = "other-country"
    """It names a country, and a city of another one."""
    MANY = "many"
    """The source told more at once than goes out by itself."""
    FORM = "form"
    """It cannot go out as it is: there is no page to link to, or the like."""


class Relevance(enum.Enum):
    """Whether something is about the network."""

    SURE = enum.auto()
    LIKELY = enum.auto()
    MIXED = enum.auto()
    """It speaks of another network, or of something that is only called alike."""
    NONE = enum.auto()


DOUBTS: Final = {Relevance.LIKELY: Doubt.NO_UNESCO, Relevance.MIXED: Doubt.OTHER_NETWORK}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a thing told is about, in the order in which it names it."""

    cities: tuple[CityId, ...] = ()
    countries: tuple[CountryCode, ...] = ()
    """Those that it names; the countries of its cities go without saying."""
    topics: tuple[str, ...] = ()
    """Themes, and topics of news."""
    doubt: Doubt | None = None
    """None if it may go out by itself."""
    foreign: bool = False
    """Whether it is none of the network's news."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a source gives now, and what is to be made of each thing."""

    source: Source
    look: Look
    judged: Sequence[Judged]


FOREIGN: Final = Judged(foreign=True)


def judge(told: Told, source: Source, catalogue: Catalogue, words: NewsWords) -> Judged:
    """What to make of a thing that a source tells."""
    text = f"{told.title}. {told.summary}"
    said = words.in_text(text)
    relevance = _relevance(told, said, source)
    if relevance is Relevance.NONE:
        return FOREIGN
    found = _subjects(text, catalogue)
    topics = tuple(topic for says, topic in TOPICS.items() if says in said)
    undated = Doubt.NO_DATE if told.date is None and "article_date" in source.selectors else None
    asked = Doubt.ASKED if source.trust is Trust.ASK else None
    return replace(found, topics=(*found.topics, *topics), doubt=DOUBTS.get(relevance) or found.doubt or undated or asked)


def _relevance(told: Told, said: frozenset[Says], source: Source) -> Relevance:
    """Whether it is about the network: by the network's names, else by what the source is known for."""
    named = Says.NETWORK in said or {Says.LEARNING_CITY, Says.UNESCO} <= said
    if Says.OTHER in said:
        return Relevance.MIXED if named or not source.keywords else Relevance.NONE
    if named or not source.keywords:
        return Relevance.SURE
    if is_about(told, source.keywords):
        return Relevance.SURE if Says.UNESCO in said else Relevance.LIKELY
    return Relevance.LIKELY if Says.LEARNING_CITY in said else Relevance.NONE


def _subjects(text: str, catalogue: Catalogue) -> Judged:
    links = [link for link in catalogue.names.link(text) if link.how <= How.INFLECTED]
    countries = [CountryCode(ref.id) for link in links for ref in _only(link, Kind.COUNTRY)]
    themes = [ThemeId(ref.id) for link in links for ref in _only(link, Kind.THEME)]
    cities, unclear = list[CityId](), False
    for link in links:
        if text[link.start].islower() or not any(ref.kind is Kind.CITY for ref in link.refs):
            continue
        meant = _meant(link, countries, catalogue)
        unclear |= len(meant) != 1
        cities += [CityId(ref.id) for ref in meant if len(meant) == 1 and ref.kind is Kind.CITY]
    doubt = Doubt.SEVERAL_PLACES if unclear else Doubt.OTHER_COUNTRY if _elsewhere(cities, countries, catalogue) else None
    return Judged(tuple(dict.fromkeys(cities)), tuple(dict.fromkeys(countries)), tuple(dict.fromkeys(themes)), doubt)


def _only(link: Link, kind: Kind) -> Iterator[Ref]:
    """The one thing that a link names, if it is of this kind."""
    if len(link.refs) == 1 and link.refs[0].kind is kind:
        yield link.refs[0]


def _meant(link: Link, countries: Sequence[CountryCode], catalogue: Catalogue) -> list[Ref]:
    """Which of several things a name means: those in a country that is named; else the members of the network."""
    refs = [ref for ref in link.refs if ref.kind in {Kind.CITY, Kind.PLACE}]
    if len(refs) < len(link.refs):
        return list(link.refs)  # a city and a country of one name: nobody knows
    there = [ref for ref in refs if _country(ref, catalogue) in countries]
    return there or [ref for ref in refs if ref.kind is Kind.CITY]


def _country(ref: Ref, catalogue: Catalogue) -> CountryCode:
    return catalogue.cities[CityId(ref.id)].country if ref.kind is Kind.CITY else catalogue.places[PlaceId(ref.id)].country


def _elsewhere(cities: Sequence[CityId], countries: Sequence[CountryCode], catalogue: Catalogue) -> bool:
    """Whether the only country that is named is none of those of the cities."""
    return bool(cities) and len(set(countries)) == 1 and all(catalogue.cities[city].country != countries[0] for city in cities)
