"""What inline search offers: the full card of a city, a country, a practice or the network itself, with buttons that open the bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.callbacks import DeepLink
from bot.markup import Button, Screen, pack, rows, shorten, visible
from bot.screens.city import city_card
from bot.screens.lists import city_list
from bot.screens.network import about
from bot.screens.parts import flag, membership
from bot.screens.practices import practice_card
from data.names import Kind
from data.types import CityId, CountryCode, Filter

if TYPE_CHECKING:
    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.types import City, Country, Practice

NETWORK: Final = "network"
"""The card of whoever typed nothing, or what nobody knows."""
NAMES: Final = 100
"""Cities and countries offered at most."""
PRACTICES: Final = 20
ROWS: Final = 10
DESCRIPTION: Final = 80
TITLE: Final = 60


@dataclass(frozen=True, slots=True)
class InlineCard:
    """One result: what is seen in the list, and what is sent when it is chosen. `id` is the same for the same record."""

    id: str
    title: str
    description: str
    screen: Screen


Made = Callable[[], InlineCard]
"""A card not made yet: of a hundred that fit, a page is shown."""


def inline_cards(text: str, start: int, count: int, catalogue: Catalogue, reader: Reader) -> tuple[tuple[InlineCard, ...], bool]:
    """A page of what fits, best first, and whether there is more; useful when nothing was typed."""
    fitting = _fitting(text.strip(), catalogue, reader) or [partial(_network, catalogue, reader)]
    return tuple(make() for make in fitting[start : start + count]), start + count < len(fitting)


def _fitting(text: str, catalogue: Catalogue, reader: Reader) -> list[Made]:
    if not text:
        return [partial(_network, catalogue, reader), *(partial(_city, city, catalogue, reader) for city in _welcome(catalogue))]
    kinds = {Kind.CITY, Kind.COUNTRY}
    hits = catalogue.names.complete(text, kinds, NAMES) or catalogue.names.lookup(text, kinds)
    cities = [catalogue.cities[CityId(hit.ref.id)] for hit in hits if hit.ref.kind is Kind.CITY]
    countries = [catalogue.countries[CountryCode(hit.ref.id)] for hit in hits if hit.ref.kind is Kind.COUNTRY]
    members = {country.code for country in catalogue.member_countries}
    return [
        *(partial(_city, city, catalogue, reader) for city in cities),
        *(partial(_country, country, catalogue, reader) for country in countries if country.code in members),
        *(partial(_practice, practice, catalogue, reader) for practice in catalogue.search_practices(text)[:PRACTICES]),
    ]


def _welcome(catalogue: Catalogue) -> tuple[City, ...]:
    """For whoever typed nothing: the cities of Ukraine, then the latest awardees."""
    ukraine = catalogue.select(Filter(country=CountryCode("UA")))
    latest = catalogue.award_rounds[-1].year if catalogue.award_rounds else 0
    return (*ukraine, *catalogue.select(Filter(award=latest)))


def _city(city: City, catalogue: Catalogue, reader: Reader) -> InlineCard:
    country = reader.name(catalogue.countries[city.country])
    return InlineCard(
        id=f"c{city.number}",
        title=f"{flag(city.country)} {reader.name(city)}",
        description=shorten(f"{country}. {membership(city, reader)}", DESCRIPTION),
        screen=_shared(city_card(city, catalogue, reader), DeepLink("c", city.id), reader),
    )


def _country(country: Country, catalogue: Catalogue, reader: Reader) -> InlineCard:
    screen = city_list(Filter(country=country.code), 0, ROWS, catalogue, reader)
    return InlineCard(
        id=f"l{country.code}",
        title=f"{flag(country.code)} {reader.name(country)}",
        description=shorten(visible(next(screen.blocks[1].rendered())), DESCRIPTION),
        screen=_shared(screen, DeepLink("l", country.code), reader),
    )


def _practice(practice: Practice, catalogue: Catalogue, reader: Reader) -> InlineCard:
    city = catalogue.cities[practice.city]
    return InlineCard(
        id=f"p{practice.id}",
        title=shorten(reader.text(practice.title), TITLE),
        description=shorten(f"{reader.name(city)}. {reader.text(practice.summary)}", DESCRIPTION),
        screen=_shared(practice_card(practice, catalogue, reader), DeepLink("p", practice.id), reader),
    )


def _network(catalogue: Catalogue, reader: Reader) -> InlineCard:
    _ = reader.translate
    screen = about("network", catalogue, reader)
    return InlineCard(
        id=NETWORK,
        title=_("UNESCO Global Network of Learning Cities"),
        description=shorten(visible(next(screen.blocks[1].rendered())), DESCRIPTION),
        screen=replace(screen, buttons=rows(_into_the_bot(reader))),
    )


def answer_card(screen: Screen, reader: Reader) -> InlineCard | None:
    """The answer to a question, named by its first line; None if it does not go into one message of text."""
    _ = reader.translate
    texts = pack(screen.blocks)
    if len(texts) > 1 or not screen.is_editable:
        return None
    title, *rest = [text for text in visible(texts[0]).splitlines() if text.strip()]
    return InlineCard(
        id="answer",
        title=shorten(title, TITLE),
        description=shorten(" ".join(rest), DESCRIPTION),
        screen=replace(screen, buttons=rows(_into_the_bot(reader))),
    )


def _into_the_bot(reader: Reader) -> Button:
    return Button(open_bot_label(reader), url=f"https://t.me/{reader.bot}")


def _shared(screen: Screen, link: DeepLink, reader: Reader) -> Screen:
    """The card as it travels: its only button opens the same record in the bot."""
    _ = reader.translate
    return replace(screen, buttons=rows(Button(_("Open in the bot"), url=link.url(reader.bot))))


def open_bot_label(reader: Reader) -> str:
    """The button above the results."""
    _ = reader.translate
    return _("Open the bot")
