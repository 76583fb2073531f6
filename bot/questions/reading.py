"""Reading what stands behind a command: a filter, a list of practices or news, what to follow, a place to start from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.callbacks import ListNews, ListPractices
from data.follows import NETWORK, Target
from data.follows import Kind as FollowKind
from data.names import How, Kind, Ref
from data.questions.reading import Piece
from data.topics import Topic
from data.types import ANY_AWARD, CityId, CountryCode, Filter, PlaceId, Region, Status, ThemeId

if TYPE_CHECKING:
    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.questions.reading import Reading
    from data.types import City, Place, Point

NARROWING: Final = (Kind.COUNTRY, Kind.REGION, Kind.THEME)
ASKING: Final = frozenset({"award", "win", "list", "count", "join", "practice", "activity", "news", "last"})
"""Concepts that may stand behind a command besides names and years."""


def read(text: str, catalogue: Catalogue) -> Reading:
    """What a text says."""
    return catalogue.read(text)


def the(reading: Reading, kind: Kind) -> str | None:
    """The id of the only thing of a kind that is named; None if there is none or more than one."""
    ids = {ref.id for piece in reading.names for ref in piece.refs if ref.kind is kind}
    return ids.pop() if len(ids) == 1 else None


def foreign(reading: Reading) -> tuple[str, ...]:
    """The words behind a command that narrow nothing."""
    others = (piece for piece in reading.content if not piece.refs and not piece.year and not piece.concepts & ASKING)
    return tuple(word for piece in others for word in piece.words)


def filter_of(reading: Reading) -> Filter:
    """The narrowest list that a reading asks for."""
    country, region, theme = the(reading, Kind.COUNTRY), the(reading, Kind.REGION), the(reading, Kind.THEME)
    span = reading.span
    year = reading.years[0] if reading.years and not span else None
    award = (year or ANY_AWARD) if reading.concepts & {"award", "win"} else None
    return Filter(
        country=CountryCode(country) if country else None,
        region=Region(region) if region else None,
        year=None if award is not None else year,
        theme=ThemeId(theme) if theme else None,
        award=award,
        # Whoever won is named, whatever became of the membership since.
        status=None if award is not None else Status.MEMBER,
        since=span.since if span else None,
        until=span.until if span else None,
    )


def read_filter(text: str, catalogue: Catalogue) -> Filter | None:
    """What the words behind /cities narrow the list to; None if any of them narrows nothing."""
    for kind, make in ((Kind.COUNTRY, _country_filter), (Kind.REGION, _region_filter), (Kind.THEME, _theme_filter)):
        hits = catalogue.names.lookup(text, {kind})
        if len(hits) == 1:
            return make(hits[0].ref.id)
    reading = _with_theme(read(text, catalogue), catalogue)
    wanted = filter_of(reading)
    many = any(the(reading, kind) is None and _is_named(reading, kind) for kind in NARROWING)
    several = len(reading.years) > 1 and not reading.span
    return None if foreign(reading) or many or several or wanted == Filter() else wanted


def _is_named(reading: Reading, kind: Kind) -> bool:
    return any(kind in piece.kinds for piece in reading.names)


def _with_theme(reading: Reading, catalogue: Catalogue) -> Reading:
    """Words that a sentence would not link, but that behind a command can only mean a theme: `Ukraine digital`."""
    theme = catalogue.find_theme(" ".join(foreign(reading))) if foreign(reading) else None
    if theme is None or the(reading, Kind.THEME):
        return reading
    strange = set(foreign(reading))
    kept = tuple(piece for piece in reading.pieces if not strange.intersection(piece.words))
    return replace(reading, pieces=(*kept, Piece((), (Ref(Kind.THEME, theme.id),))))


def _country_filter(found: str) -> Filter:
    return Filter(country=CountryCode(found))


def _region_filter(found: str) -> Filter:
    return Filter(region=Region(found))


def _theme_filter(found: str) -> Filter:
    return Filter(theme=ThemeId(found))


def read_practices(text: str, catalogue: Catalogue) -> ListPractices | None:
    """The city, country or theme that the whole text names; None if it is words to search for."""
    if theme := catalogue.find_theme(text):
        return ListPractices(0, None, theme.id)
    reading = _with_theme(read(text, catalogue), catalogue)
    if foreign(reading):
        return None
    city, country, theme_id = the(reading, Kind.CITY), the(reading, Kind.COUNTRY), the(reading, Kind.THEME)
    if not (city or country or theme_id):
        return None
    number = catalogue.cities[CityId(city)].number if city else 0
    return ListPractices(number, CountryCode(country) if country else None, ThemeId(theme_id) if theme_id else None)


def read_news(text: str, catalogue: Catalogue) -> ListNews:
    """News about the city or the country that a text names; all news if it names neither."""
    reading = read(text, catalogue)
    city, country = the(reading, Kind.CITY), the(reading, Kind.COUNTRY)
    number = catalogue.cities[CityId(city)].number if city else 0
    return ListNews(number, CountryCode(country) if country and not city else None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to follow: one target, several to choose from, or none. `place` is a known place that is no member."""

    targets: tuple[Target, ...] = ()
    sure: bool = True
    place: Place | None = None


FOLLOWED: Final = {
    Kind.CITY: FollowKind.CITY,
    Kind.COUNTRY: FollowKind.COUNTRY,
    Kind.REGION: FollowKind.REGION,
    Kind.THEME: FollowKind.THEME,
}


SAYING: Final[tuple[tuple[Topic, frozenset[str], frozenset[str], int], ...]] = (
    (Topic.DEADLINES, frozenset({"deadline", "call", "apply"}), frozenset({"form", "last", "join", "news"}), 1),
    (Topic.NEW_MEMBERS, frozenset({"newcomer"}), frozenset({"last", "join", "who", "news"}), 1),
    (Topic.NEW_MEMBERS, frozenset({"last"}), frozenset({"join", "who"}), 2),
    (Topic.NEW_MEMBERS, frozenset({"join"}), frozenset({"who"}), 2),
)
"""Kinds of news that can be followed: concepts of which one must be said, what else may be, and of how many words at least."""
VAGUE: Final = frozenset({"what", "whether", "how"})
"""Whoever asks what is new, or how to join, wants no news of members."""


def read_topic(reading: Reading) -> Topic | None:
    """The kind of news that a text names, if it says nothing else that counts."""
    said = [piece.concepts for piece in reading.content]
    words = sum(len(piece.words) for piece in reading.pieces)
    if not all(said) or reading.names or reading.years or reading.concepts & VAGUE:
        return None
    for topic, telling, beside, least in SAYING:
        if words >= least and reading.concepts & telling and all(concepts & (telling | beside) for concepts in said):
            return topic
    return None


def read_wanted(text: str, catalogue: Catalogue) -> Wanted:
    """The city, country, region, theme or kind of news that a text names, or the whole network."""
    hits = catalogue.names.lookup(text)
    named = tuple(dict.fromkeys(Target(FOLLOWED[hit.ref.kind], hit.ref.id) for hit in hits if hit.ref.kind in FOLLOWED))
    sure = bool(hits) and hits[0].how <= How.KEY
    if named and sure:
        return Wanted(named)
    reading = read(text, catalogue)
    if topic := read_topic(reading):
        return Wanted((Target(FollowKind.TOPIC, topic),), sure=all(piece.sure for piece in reading.content))
    reading = _with_theme(reading, catalogue)
    if not foreign(reading) and not reading.years:
        inside = tuple(
            dict.fromkeys(Target(FOLLOWED[ref.kind], ref.id) for piece in reading.names for ref in piece.refs if ref.kind in FOLLOWED)
        )
        if inside:
            return Wanted(inside, sure=inside != named)
        if "network" in reading.concepts or ("list" in reading.concepts and not reading.names):
            return Wanted((NETWORK,))
    places = [catalogue.places[PlaceId(hit.ref.id)] for hit in hits if hit.ref.kind is Kind.PLACE]
    return Wanted(named, sure=False, place=places[0] if places and not named else None)


def read_origin(text: str, catalogue: Catalogue, reader: Reader) -> tuple[str, Point] | None:
    """The place that a text names, member or not, with its name and point; None for a name nobody has."""
    for hit in catalogue.names.lookup(text, {Kind.CITY, Kind.PLACE}):
        if hit.ref.kind is Kind.PLACE:
            place = catalogue.places[PlaceId(hit.ref.id)]
            return reader.place(place), place.point
        city: City = catalogue.cities[CityId(hit.ref.id)]
        if city.point:
            return reader.name(city), city.point
    return None
