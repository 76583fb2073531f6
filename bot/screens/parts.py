"""What several screens share: how a city is named in a row, how a join year is worded, how a source is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from bot.callbacks import DeepLink, ListCities, ListCountries, SendCalendar, ToggleFollow
from bot.markup import Button, Html, Paragraph, Text, bold, escape, fill, line, link, shorten
from data.follows import NETWORK, Kind, Target
from data.topics import Topic
from data.types import SOURCE_LANG, Basis, City, CityId, CountryCode, Filter, FuzzyDate, Place, Region, Source, Status, ThemeId

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue

T = TypeVar("T")

QUOTED: Final = 60
"""Characters of a reader's own words that are repeated at most."""
STRAYS: Final = 2
"""Rows by which the last page may be longer."""
OFFICIAL_PAGE: Final = "https://www.uil.unesco.org/en/learning-cities"
OFFICIAL_MAP: Final = "https://www.uil.unesco.org/en/learning-cities/map"


def quoted(words: str) -> Html:
    """What a reader typed, repeated shortly."""
    return bold(shorten(words, QUOTED))


def flag(country: str) -> str:
    """The flag emoji of a country code."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country)


def record(label: Text, kind: str, record_id: str, reader: Reader) -> Html:
    """A label that opens a record in the bot; plain where there is no bot to open."""
    return link(label, DeepLink(kind, record_id).url(reader.bot)) if reader.bot else escape(label)


def city_link(city: City, reader: Reader) -> Html:
    """A city's flag and name, opening its card."""
    return Html(f"{flag(city.country)} {record(reader.name(city), 'c', city.id, reader)}")


def with_original(row: Html, city: City, reader: Reader) -> Html:
    """A city in a list with its English name, by which it is found elsewhere; without it where the reader's name is the local one."""
    english = city.naming.main[SOURCE_LANG]
    shown = reader.name(city)
    return row if shown == english or shown in city.naming.local else Html(f"{row} ({escape(english)})")


def city_row(city: City, reader: Reader) -> Html:
    """A city in a list: flag, name, join year as far as it is known."""
    return with_year(city_link(city, reader), city, reader)


def with_year(row: Html, city: City, reader: Reader) -> Html:
    """A row with the join year, as far as it is known."""
    year = short_year(city, reader)
    return Html(f"{row} · {escape(year)}") if year else row


def city_in_country(city: City, catalogue: Catalogue, reader: Reader) -> Html:
    """A city in a list of several countries: flag, name, country."""
    return Html(f"{city_link(city, reader)}, {escape(reader.name(catalogue.countries[city.country]))}")


def city_label(city: City, reader: Reader) -> str:
    """A city on a button."""
    return f"{flag(city.country)} {reader.name(city)}"


def place_label(place: Place, catalogue: Catalogue, reader: Reader) -> str:
    """A place and its country: Dnipro, Ukraine."""
    country = catalogue.countries.get(place.country)
    return f"{reader.place(place)}, {reader.name(country)}" if country else reader.place(place)


def short_year(city: City, reader: Reader) -> str:
    """The join year in a row of a list."""
    _ = reader.translate
    if city.joined is None:
        return ""
    match city.joined_basis:
        case Basis.BY:
            # Translators: {year} is the latest year in which a city can have joined; stands alone behind its name.
            return _("by {year}").format(year=city.joined)
        case Basis.INFERRED:
            # Translators: {year} is a join year that is not certain; stands alone behind a city's name.
            return _("about {year}").format(year=city.joined)
        case _:
            return str(city.joined)


def membership(city: City, reader: Reader, *, answering: bool = False) -> Text:
    """What is known of a city's membership, with the join year worded by what it rests on.

    `answering` words it as the answer to "is it a member?", which for a city not confirmed since begins with yes.
    """
    _ = reader.translate
    year = city.joined
    match city.status, city.joined_basis if year else None:
        case Status.MEMBER, Basis.ANNOUNCED:
            return _("Member of the network since {year}.").format(year=year)
        case Status.MEMBER, Basis.BY:
            return _(
                "Member of the network. The year of joining was not found in the sources; "
                "the city has been a member since {year} at the latest."
            ).format(year=year)
        case Status.MEMBER, Basis.INFERRED:
            return _("Member of the network, probably since {year}; no source states the year.").format(year=year)
        case Status.MEMBER, _:
            return _("Member of the network. The year of joining was not found in the sources.")
        case Status.FORMER, _:
            return _former(city, reader)
        case _:
            return _unconfirmed(city, answering, reader)


def _former(city: City, reader: Reader) -> Text:
    _ = reader.translate
    if city.joined and city.left_by:
        return _("The city was admitted to the network in {year}, but sources of {left} no longer count it as a member.").format(
            year=city.joined, left=city.left_by
        )
    return _("The city was a member of the network once; sources no longer count it.")


def _unconfirmed(city: City, answering: bool, reader: Reader) -> Text:
    _ = reader.translate
    mentions = [_("first mention {year}").format(year=city.joined)] if city.joined else []
    mentions += [_("award {year}").format(year=award.year) for award in city.awards]
    if not mentions:
        if answering:
            return _("Yes, the city was admitted to the network. Whether it is a member today is not confirmed by the sources.")
        return _("The city was admitted to the network. Whether it is a member today is not confirmed by the sources.")
    said = (
        _("Yes, the city was admitted to the network ({mentions}). Whether it is a member today is not confirmed by the sources.")
        if answering
        else _("The city was admitted to the network ({mentions}). Whether it is a member today is not confirmed by the sources.")
    )
    return said.format(mentions=", ".join(mentions))


def region_name(region: Region, reader: Reader) -> str:
    """One of UNESCO's five regions."""
    _ = reader.translate
    return {
        Region.AFRICA: _("Africa"),
        Region.ARAB_STATES: _("Arab States"),
        Region.ASIA_PACIFIC: _("Asia and the Pacific"),
        Region.EUROPE_NORTH_AMERICA: _("Europe and North America"),
        Region.LATIN_AMERICA_CARIBBEAN: _("Latin America and the Caribbean"),
    }[region]


def cited(source: Source, reader: Reader) -> Html:
    """A source by its publisher and date, opening the page."""
    publisher = link(reader.publisher(source), source.url)
    return Html(f"{publisher}, {escape(reader.date(source.date))}") if source.date else publisher


def number_source(sources: Sequence[Source], reader: Reader) -> Paragraph:
    """The last lines of a list: where its number comes from, if a source states it, and where to find the rest."""
    _ = reader.translate
    number = fill(_("Source of the number: {source}"), source=cited(sources[0], reader)) if sources else ""
    return line(number, _("The sources of each city are on its card."))


def source_line(sources: Sequence[Source], reader: Reader, as_of: FuzzyDate | None = None, more: Text = "") -> Paragraph:
    """The last line of a card: the best source and its date, the date of the data where that is another, the way to the rest."""
    _ = reader.translate
    if not sources:
        return line()
    shown = fill(_("Source: {source}"), source=cited(sources[0], reader))
    if as_of and as_of != sources[0].date:
        held = fill(_("last confirmed {date}"), date=reader.date(as_of))
        shown = Html(f"{shown} · {held}")
    return line(Html(f"{shown} · {escape(more)}") if more else shown)


def target_name(target: Target, catalogue: Catalogue, reader: Reader) -> str:
    """What is followed, as it stands alone: 🇺🇦 Nikopol. Something that the data set has no more is called by its id."""
    match target.kind:
        case Kind.CITY if city := catalogue.cities.get(CityId(target.key)):
            return city_label(city, reader)
        case Kind.COUNTRY if country := catalogue.countries.get(CountryCode(target.key)):
            return f"{flag(country.code)} {reader.name(country)}"
        case Kind.REGION if target.key in set(Region):
            return region_name(Region(target.key), reader)
        case Kind.THEME if theme := catalogue.themes.get(ThemeId(target.key)):
            return reader.text(theme.label)
        case Kind.TOPIC | Kind.NETWORK:
            return _kind_of_news(target.key, reader)
    return target.key


def _kind_of_news(key: str, reader: Reader) -> str:
    _ = reader.translate
    named = {
        # Translators: what a chat follows when it wants all news; stands alone behind a colon or on a button.
        NETWORK.key: _("all news of the network"),
        # Translators: news of cities that joined, as something to follow; stands alone behind a colon or on a button.
        Topic.NEW_MEMBERS: _("new members of the network"),
        # Translators: calls for applications and other deadlines, as something to follow; stands alone behind a colon or on a button.
        Topic.DEADLINES: _("calls and deadlines"),
    }
    return named.get(key, key)


def is_there(target: Target, catalogue: Catalogue) -> bool:
    """Whether the data set has what a button or a link names."""
    match target.kind:
        case Kind.CITY:
            return target.key in catalogue.cities
        case Kind.COUNTRY:
            return target.key in catalogue.countries
        case Kind.REGION:
            return target.key in set(Region)
        case Kind.THEME:
            return target.key in catalogue.themes
        case Kind.TOPIC:
            return target.key in set(Topic)
        case Kind.NETWORK:
            return True


def follow_button(target: Target, reader: Reader) -> Button:
    """Follows what a card is about, or ends that; says which of the two is so now."""
    return toggled(target, target in reader.follows, reader)


def toggled(target: Target, followed: bool, reader: Reader) -> Button:
    """The button of a card once it is followed, or no longer."""
    _ = reader.translate
    # Translators: the button of a card whose subject is followed already; pressing it ends that.
    return Button(_("✓ Following"), ToggleFollow(0, target)) if followed else Button(_("🔔 Follow"), ToggleFollow(1, target))


def calendar_button(record: str, day: dt.date, reader: Reader) -> Button | None:
    """Brings the day of a conference or a deadline as a file for the calendar; None once it is over."""
    _ = reader.translate
    return Button(_("📅 To the calendar"), SendCalendar(record)) if reader.lies_ahead(day) else None


def home_button(reader: Reader) -> Button:
    """Where most readers of a language begin: their own country, else the list of countries."""
    _ = reader.translate
    # Translators: the ISO code of the country in which most readers of your language live, if it has members; else leave it.
    country = _("home country code")
    if len(country) == len("UA"):
        return Button(_("Cities of Ukraine"), ListCities(Filter(country=CountryCode(country))))
    return Button(_("Countries"), ListCountries(None))


def kilometres(far: float, reader: Reader) -> str:
    """A distance, to the kilometre."""
    _ = reader.translate
    # Translators: a distance in kilometres.
    return _("{n} km").format(n=reader.number(round(far)))


def page_of(rows: Sequence[T], page: int, size: int) -> tuple[int, int, Sequence[T]]:
    """The page shown, how many there are, and its rows. A last page of one or two rows is not worth a press: they join the page before."""
    pages = max(1, -(-(len(rows) - STRAYS) // size))
    page = min(page, pages - 1)
    return page, pages, rows[page * size : (page + 1) * size if page + 1 < pages else None]


def pager(page: int, pages: int, previous: Button | None, following: Button | None) -> tuple[Button, ...]:
    """Buttons to the page before and the page after, where there are any."""
    return tuple(button for button, there in ((previous, page > 0), (following, page + 1 < pages)) if there and button)


def name_of_city(catalogue: Catalogue, city: CityId, reader: Reader) -> str:
    """A city's name by its id."""
    return reader.name(catalogue.cities[city])
