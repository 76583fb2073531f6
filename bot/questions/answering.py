"""From a question to an answer.

    text -> reading (names, years, concepts) -> the row of the table of frames that accounts for all of it -> a screen

What no row accounts for is looked for in the FAQ. What is not there either is not known, and that is said: no guess is shown as a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.questions import of_cities, of_lists, talk
from bot.questions.asked import Asked
from bot.screens.city import not_a_member
from bot.screens.lookup import lookup_answer
from bot.screens.passages import found
from bot.screens.problems import empty_text
from bot.screens.questions import faq_answer, not_known, other_network
from data.catalogue import Unknown
from data.names import How, Kind, tokens
from data.questions.lexicon import Concept, Weight
from data.questions.parts import Part, parts
from data.questions.reading import merged
from data.types import CityId, PlaceId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.i18n import Reader
    from bot.markup import Screen
    from data.catalogue import Catalogue
    from data.questions.reading import Reading
    from data.types import City

SHORTEST: Final = 4
"""Letters of a name typed alone; shorter texts begin too many names to mean one. Those written in full are linked all the same."""
LONGEST: Final = 60
"""Characters of a name typed alone."""
NOTHING: Final = "nothing"
"""What a row does whose question nobody here can answer, though it sounds like others."""
VAGUE: Final = frozenset({"practices"})
"""What a text that speaks of everything asked answers better."""
PARTS: Final = 8
"""Sentences and clauses of a message that are tried."""
SUPPOSED: Final = frozenset(map(Concept, ("join", "award", "win", "leave", "remove", "report", "former", "ceremony")))
"""What only a member does."""
RECKONED: Final = frozenset(map(Concept, ("most", "least", "nearest", "compare", "more")))
SHORT: Final = 1
"""Words that count in a question that goes on from another without saying so."""
ASKED_OF_CITIES: Final = frozenset(map(Concept, ("award", "win", "practice", "news", "nearest", "similar", "when")))
DOING: Final = frozenset(map(Concept, ("practice", "activity")))
ORDERS: Final = frozenset(map(Concept, ("instruct", "abuse")))
MEMBERSHIP: Final = frozenset(map(Concept, ("member", "network", "join")))
COURTESY: Final = frozenset(map(Concept, ("greeting", "thanks", "bye", "praise", "sorry")))

DOES: Final[Mapping[str, Callable[[Asked], Screen | None]]] = {
    "member": of_cities.member,
    "members": of_cities.members,
    "left": of_cities.left,
    "when": of_cities.when,
    "where": of_cities.where,
    "card": of_cities.card,
    "premise": of_cities.premise,
    "award_of": of_cities.award_of,
    "practices_of": of_cities.practices,
    "news_of": of_cities.news,
    "similar": of_cities.similar,
    "superlative_of": of_cities.superlative_of,
    "nearest": of_cities.nearest,
    "compare": of_cities.compare,
    "event_in": of_cities.event,
    "list": of_lists.members,
    "total": of_lists.total,
    "awards": of_lists.awards,
    "first": of_lists.first,
    "newest": of_lists.newest,
    "farthest": of_lists.farthest,
    "capitals": of_lists.capitals,
    "largest_intake": of_lists.largest_intake,
    "smallest_intake": of_lists.smallest_intake,
    "compare_years": of_lists.compare_years,
    "compare_countries": of_lists.compare_countries,
    "compare_regions": of_lists.compare_regions,
    "regions": of_lists.regions,
    "most": of_lists.most,
    "least": of_lists.least,
    "most_practices": of_lists.most_practices,
    "countries": of_lists.countries,
    "news": of_lists.news,
    "practices": of_lists.practices,
    "goal": of_lists.goal,
    "event": of_lists.events,
    "event_next": of_lists.event_next,
    "courtesy": talk.courtesy,
    "about": talk.part,
    "help": talk.how_it_works,
    "follow": talk.follow,
    "privacy": talk.what_is_stored,
    "language": talk.language,
    "mistake": talk.mistake,
    "join": talk.joining,
    "faq": talk.entry,
    "nearest_to_me": talk.nearest_to_me,
}
"""What a row of the table may name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown, whether it answers what was asked, and how the question was understood."""

    screen: Screen
    answered: bool
    reading: Reading | None = None
    frame: str = ""


def answer(text: str, catalogue: Catalogue, reader: Reader, before: Reading | None = None, this_year: int = 0) -> Answer:
    """The answer to a question; `before` is what the same person asked before it, for `and in 2019?`."""
    if not tokens(text):
        return Answer(empty_text(reader), answered=False)
    reading = _without_courtesy(catalogue.read(text, this_year))
    if before and _goes_on(reading, before):
        found = _answered(merged(reading, before), catalogue, reader) or _alone(text, reading, catalogue, reader)
    else:
        found = _alone(text, reading, catalogue, reader)
        if found is None and before and not reading.leftover:
            found = _answered(merged(reading, before), catalogue, reader)
    return found or _unknown(reading, catalogue, reader)


def _goes_on(reading: Reading, before: Reading) -> bool:
    """Whether a question, such as `and Lviv?`, `when did it join?` or, of a city, `any awards?`, is read with the one before it."""
    if not reading.pieces:
        return False
    pointing = Concept("and") in reading.pieces[0].concepts or Concept("it") in reading.concepts
    of_city = any(piece.kinds & {Kind.CITY, Kind.PLACE} for piece in before.names)
    short = not reading.names and not reading.leftover and len(reading.content) <= SHORT and bool(reading.concepts & ASKED_OF_CITIES)
    return pointing or (of_city and short)


def _without_courtesy(reading: Reading) -> Reading:
    """A greeting before a question is no question of its own."""
    others = tuple(piece for piece in reading.pieces if not piece.concepts & COURTESY)
    without = replace(reading, pieces=others)
    return without if without.content else reading


def _alone(text: str, reading: Reading, catalogue: Catalogue, reader: Reader) -> Answer | None:
    if _is_name(text, reading) and not _only_sounds(text, catalogue) and not isinstance(catalogue.find_city(text), Unknown):
        return Answer(lookup_answer(text, catalogue, reader), answered=True, reading=reading, frame="a name alone")
    return (
        _answered(reading, catalogue, reader)
        or _told(reading, catalogue, reader)
        or _answered_in_part(reading, catalogue, reader)
        or _answered_loosely(reading, catalogue, reader)
        or _in_faq(reading, catalogue, reader, loosely=True)
        or _denied(reading, catalogue, reader)
    )


def _only_sounds(text: str, catalogue: Catalogue) -> bool:
    """Whether a word in small letters merely sounds like a town that is no member: bees are no Jolo."""
    hits = catalogue.names.lookup(text, {Kind.CITY, Kind.COUNTRY, Kind.PLACE})
    return text.islower() and bool(hits) and hits[0].how in {How.KEY, How.TYPO} and all(hit.ref.kind is Kind.PLACE for hit in hits)


def _answered_loosely(reading: Reading, catalogue: Catalogue, reader: Reader) -> Answer | None:
    """The answer where a word or two that count are not accounted for, but what is asked is said plainly enough."""
    if reading.concepts & catalogue.lexicon.of_weight(Weight.OTHER):
        return None
    for frame, named in catalogue.frames.fitting(reading, loosely=True):
        screen = DOES[frame.does](Asked(reading, named, frame.argument, catalogue, reader))
        if screen:
            return Answer(screen, answered=True, reading=reading, frame=frame.name)
    return None


def _answered_in_part(reading: Reading, catalogue: Catalogue, reader: Reader) -> Answer | None:
    """The answer to a sentence or a clause in which the question stands by itself, about what the whole text names."""
    others = catalogue.lexicon.of_weight(Weight.OTHER)
    if reading.concepts & ORDERS:
        return None
    for part in parts(reading.text)[:PARTS]:
        if not part.is_sentence and reading.concepts & others:
            return None
        read = _without_courtesy(catalogue.read(part.text, reading.this_year))
        if read.leftover or Concept("it") in read.concepts or not _stands_alone(part, read, reading):
            continue
        found = _answered(read if read.names else replace(read, pieces=(*reading.names, *read.pieces)), catalogue, reader)
        if found:
            return found
    return None


def _stands_alone(part: Part, read: Reading, whole: Reading) -> bool:
    """Whether a part asks something by itself: nothing that counts is said outside of it, or it is a sentence that says enough."""
    said = {concept for piece in read.content if not piece.refs for concept in piece.concepts}
    if not said and not (read.names and read.concepts & MEMBERSHIP):
        return False
    outside = len([piece for piece in whole.content if not piece.refs]) - len([piece for piece in read.content if not piece.refs])
    return outside <= 1 or (part.is_sentence and len(read.content) > 1)


def _told(reading: Reading, catalogue: Catalogue, reader: Reader) -> Answer | None:
    """A text of the data set that speaks of everything asked."""
    passages = catalogue.passages.find(reading)
    return Answer(found(passages, catalogue, reader), answered=True, reading=reading, frame=f"text {passages[0].id}") if passages else None


def _denied(reading: Reading, catalogue: Catalogue, reader: Reader) -> Answer | None:
    """What is asked of a place as if it had joined, won or left, while it is no member, is denied whatever else was asked."""
    if reading.concepts & catalogue.lexicon.of_weight(Weight.OTHER) or not reading.concepts & SUPPOSED:
        return None
    for piece in reading.names:
        if piece.sure and piece.kinds == {Kind.PLACE}:
            absent = catalogue.not_member(catalogue.places[PlaceId(piece.refs[0].id)])
            return Answer(not_a_member(absent, catalogue, reader), answered=True, reading=reading, frame="a false premise")
    return None


def _is_name(text: str, reading: Reading) -> bool:
    """Whether a text is nothing but a name, spelt well or not."""
    if not SHORTEST <= len(text.strip()) <= LONGEST or reading.years or len(reading.names) > 1 or (reading.names and "?" in text):
        return False
    return not reading.concepts - {Concept("filler"), Concept("city")} and not any(
        ref.kind in {Kind.THEME, Kind.REGION} for piece in reading.names for ref in piece.refs
    )


def _answered(reading: Reading, catalogue: Catalogue, reader: Reader) -> Answer | None:
    if not _is_reckoned(reading) and (entry := catalogue.faq_search.find_plain(reading)):
        return Answer(faq_answer(entry, reader), answered=True, reading=reading, frame=f"faq {entry.id}")
    for frame, named in catalogue.frames.fitting(reading):
        if frame.does == NOTHING:
            return _unknown(reading, catalogue, reader)
        told = _told(reading, catalogue, reader) if frame.does in VAGUE else None
        if told:
            return told
        screen = DOES[frame.does](Asked(reading, named, frame.argument, catalogue, reader))
        if screen:
            return Answer(screen, answered=True, reading=reading, frame=frame.name)
    told = _told(reading, catalogue, reader) if reading.leftover else None
    return told or _in_faq(reading, catalogue, reader, loosely=False)


def _is_reckoned(reading: Reading) -> bool:
    """Whether reckoning, what cities do or what the bot does answers a question, however well the FAQ knows something like it."""
    themes = any(piece.kinds == {Kind.THEME} for piece in reading.names)
    follows = Concept("follow") in reading.concepts and Concept("newsletter") not in reading.concepts
    return follows or bool(reading.concepts & RECKONED) or (themes and bool(reading.concepts & DOING))


def _in_faq(reading: Reading, catalogue: Catalogue, reader: Reader, *, loosely: bool) -> Answer | None:
    entry = catalogue.faq_search.find(reading, loosely=loosely)
    return Answer(faq_answer(entry, reader), answered=True, reading=reading, frame=f"faq {entry.id}") if entry else None


def _unknown(reading: Reading, catalogue: Catalogue, reader: Reader) -> Answer:
    others = reading.concepts & catalogue.lexicon.of_weight(Weight.OTHER)
    if NETWORKS & others:
        return Answer(other_network(reader), answered=False, reading=reading)
    near = () if others or reading.names else catalogue.faq_search.near(reading)
    return Answer(not_known(_the_city(reading, catalogue), near, catalogue, reader), answered=False, reading=reading)


NETWORKS: Final = frozenset(
    map(
        Concept,
        [
            "creative",
            "heritage",
            "geopark",
            "biosphere",
            "aspnet",
            "educating",
            "childfriendly",
            "smartcity",
            "healthycity",
            "sistercity",
            "othernetwork",
        ],
    )
)


def _the_city(reading: Reading, catalogue: Catalogue) -> City | None:
    """The only city that a question names, for saying what was understood of it."""
    ids = {ref.id for piece in reading.names for ref in piece.refs if ref.kind is Kind.CITY}
    return catalogue.cities[CityId(ids.pop())] if len(ids) == 1 else None
