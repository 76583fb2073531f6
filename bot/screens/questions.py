"""Answers to plain questions that are not a card or a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.callbacks import ListNews, ListPractices, OpenAbout, OpenCity, OpenHelp, OpenJoin
from bot.markup import Button, Screen, Text, bold, fill, line, rows
from bot.screens.city import city_card
from bot.screens.parts import city_label, home_button, membership, source_line
from data.types import Basis, Status

if TYPE_CHECKING:
    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.types import City, FaqEntry


def yes_member(city: City, catalogue: Catalogue, reader: Reader) -> Screen:
    """Yes, and the card."""
    _ = reader.translate
    card = city_card(city, catalogue, reader)
    return replace(card, blocks=(line(fill(_("Yes, {city} is a member of the network."), city=bold(reader.name(city)))), *card.blocks))


def award_answer(city: City, year: int | None, catalogue: Catalogue, reader: Reader) -> Screen:
    """Whether a city has the award, at all or of a year. Every awardee of every round is named, so that no is no."""
    _ = reader.translate
    card = city_card(city, catalogue, reader)
    won = [award.year for award in city.awards if year in {None, award.year}]
    if won:
        said = _("Yes, {city} received the Learning City Award: {years}.")
    else:
        said = _("No, {city} is not among the cities with the Learning City Award.")
    shown = fill(said, city=bold(reader.name(city)), years=reader.listing(map(str, won)))
    return replace(card, blocks=(line(shown), *card.blocks))


def membership_in_year(city: City, year: int, reader: Reader) -> Screen:
    """Whether a city was a member in a year, as far as sources tell."""
    return Screen(
        blocks=(
            line(fill(_verdict(city, year, reader), city=bold(reader.name(city)), year=str(year), joined=str(city.joined))),
            line(membership(city, reader)),
            source_line(city.sources, reader, city.as_of),
        ),
        buttons=rows(Button(city_label(city, reader), OpenCity(city.number))),
    )


def _verdict(city: City, year: int, reader: Reader) -> Text:
    _ = reader.translate
    if city.joined is None:
        return _("{city}, {year}: not known; the sources do not give the year of joining.")
    if year < city.joined:
        if city.joined_basis is Basis.ANNOUNCED:
            return _("No, in {year} {city} was not yet in the network.")
        return _("{city}, {year}: not known; the city was admitted no later than {joined}.")
    if city.status is Status.MEMBER or year == city.joined:
        return _("Yes, in {year} {city} was in the network.")
    return _verdict_after_leaving(city, year, reader)


def _verdict_after_leaving(city: City, year: int, reader: Reader) -> Text:
    _ = reader.translate
    if city.left_by and year >= city.left_by:
        return _("No, in {year} sources no longer counted {city} as a member.")
    return _("{city}, {year}: not known; the city was admitted earlier, but no source confirms that year.")


def faq_answer(entry: FaqEntry, reader: Reader) -> Screen:
    """An answer of the FAQ, under the question that was understood."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(reader.text(entry.answer)),
            line(fill(_("This answers: {question}"), question=reader.text(entry.question))),
            source_line(entry.sources, reader),
        ),
        buttons=rows(Button(_("About the network"), OpenAbout("network")), Button(_("How to join"), OpenJoin("how"))),
    )


def you_are_welcome(reader: Reader) -> Screen:
    """After thanks."""
    _ = reader.translate
    return Screen((line(_("You are welcome. Ask on whenever you like.")),))


def not_known(city: City | None, catalogue: Catalogue, reader: Reader) -> Screen:
    """A question that the data do not answer: what was understood, and what can be asked."""
    _ = reader.translate
    if city:
        said = fill(_("I cannot answer that. I understood that it is about {city}; of this city I know:"), city=bold(reader.name(city)))
        return Screen(
            blocks=(line(said),),
            buttons=rows(
                Button(city_label(city, reader), OpenCity(city.number)),
                Button(_("Practices"), ListPractices(city.number, None, None)) if city.id in catalogue.practices_of else None,
                Button(_("News"), ListNews(city.number, None)) if city.id in catalogue.news_of else None,
            ),
        )
    hint = _("Ask about a city, a country, practices, awards or joining, for example: “Nikopol” or “cities in Poland”.")
    return Screen(
        blocks=(line(_("I have no answer to that."), hint),),
        buttons=rows(home_button(reader), Button(_("Help"), OpenHelp())),
    )
