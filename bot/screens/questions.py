"""Answers to plain questions that are not a card or a list."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.callbacks import (
    ChooseFollow,
    ListAwards,
    ListCities,
    ListFollows,
    ListNews,
    ListPractices,
    OpenAbout,
    OpenCity,
    OpenFaq,
    OpenHelp,
    OpenJoin,
)
from bot.markup import Bullets, Button, Screen, Text, bold, fill, line, rows, shorten
from bot.screens.city import city_card
from bot.screens.parts import city_label, home_button, membership, region_name, source_line
from data.types import SOURCE_LANG, Basis, Filter, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.types import City, CountryCode, FaqEntry

OFFERED: Final = 60
"""Characters of a question on a button."""


def yes_member(city: City, catalogue: Catalogue, reader: Reader) -> Screen:
    """Yes, and the card."""
    _ = reader.translate
    card = city_card(city, catalogue, reader)
    return replace(card, blocks=(line(fill(_("Yes, {city} is a member of the network."), city=bold(reader.name(city)))), *card.blocks))


def no_longer(city: City, catalogue: Catalogue, reader: Reader) -> Screen:
    """No, and what the sources say."""
    _ = reader.translate
    card = city_card(city, catalogue, reader)
    said = fill(_("No, {city} is no longer a member of the network, as far as the sources tell."), city=bold(reader.name(city)))
    return replace(card, blocks=(line(said), *card.blocks))


def still_member(city: City, catalogue: Catalogue, reader: Reader) -> Screen:
    """A city that is supposed to have left, and has not."""
    _ = reader.translate
    card = city_card(city, catalogue, reader)
    name = bold(reader.name(city))
    if city.as_of:
        said = fill(
            _("No, {city} is still a member (last confirmed {date}). No source says that it left."), city=name, date=reader.date(city.as_of)
        )
    else:
        said = fill(_("No, {city} is still a member. No source says that it left."), city=name)
    return replace(card, blocks=(line(said), *card.blocks))


def whereabouts(city: City, catalogue: Catalogue, reader: Reader) -> Screen:
    """Where a city is: its country, the part of it if that has a name in the reader's language, UNESCO's region; then the card."""
    _ = reader.translate
    card = city_card(city, catalogue, reader)
    country = reader.name(catalogue.countries[city.country])
    # The data set names divisions in English only.
    place = " · ".join(filter(None, (country, city.admin1 if reader.lang == SOURCE_LANG else "")))
    # Translators: {place} is a country, perhaps with a part of it; {region} is one of UNESCO's five regions.
    said = fill(
        _("{city}: {place}. UNESCO region: {region}."), city=bold(reader.name(city)), place=place, region=region_name(city.region, reader)
    )
    return replace(card, blocks=(line(said), *card.blocks))


def award_answer(city: City, year: int | None, catalogue: Catalogue, reader: Reader) -> Screen:
    """Whether a city has the award, at all or of a year, and for what. Every awardee of every round is named, so that no is no."""
    _ = reader.translate
    won = [award for award in city.awards if year in {None, award.year}]
    if won:
        said = _("Yes, {city} received the Learning City Award: {years}.")
        sources = [source for award in won for source in award.sources[:1]]
    else:
        said = _("No, {city} is not among the cities with the Learning City Award.")
        sources = list(catalogue.award_rounds[-1].sources)
    years = reader.listing(str(award.year) for award in won)
    return Screen(
        blocks=(
            line(fill(said, city=bold(reader.name(city)), years=years), *(reader.text(award.reason) for award in won)),
            line(membership(city, reader)),
            source_line(sources, reader),
        ),
        buttons=rows(Button(city_label(city, reader), OpenCity(city.number)), Button(_("With an award"), ListAwards(0))),
    )


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


def joined_in_year(city: City, year: int, catalogue: Catalogue, reader: Reader) -> Screen:
    """Whether a city joined in a year."""
    _ = reader.translate
    told = since_when(city, catalogue, reader)
    if city.joined is None or city.joined_basis is not Basis.ANNOUNCED:
        return told
    said = _("Yes, {city} joined in {year}.") if city.joined == year else _("No, {city} did not join in {year}.")
    return replace(told, blocks=(line(fill(said, city=bold(reader.name(city)), year=str(year))), *told.blocks))


def since_when(city: City, catalogue: Catalogue, reader: Reader) -> Screen:
    """Since when a city is a member, as far as sources tell."""
    country = reader.name(catalogue.countries[city.country])
    return Screen(
        blocks=(
            line(fill("{city}, {country}. {said}", city=bold(reader.name(city)), country=country, said=membership(city, reader))),
            line(reader.text(city.note)),
            source_line(city.sources, reader, city.as_of if city.status is Status.MEMBER else None),
        ),
        buttons=rows(
            Button(city_label(city, reader), OpenCity(city.number)),
            Button(_joined_together(city, reader), ListCities(Filter(year=city.joined))) if city.joined else None,
        ),
    )


def _joined_together(city: City, reader: Reader) -> str:
    _ = reader.translate
    return _("Joined in {year}").format(year=city.joined)


def total_in_year(year: int, catalogue: Catalogue, reader: Reader) -> Screen:
    """How many members the network had in a year, by the numbers stated then; the nearest before it where none was."""
    _ = reader.translate
    totals = [total for total in catalogue.totals if total.scope == "network" and total.cities]
    stated = [total for total in totals if total.date.year == year] or [total for total in totals if total.date.year < year][-1:]
    if not stated:
        return Screen((line(fill(_("In {year} the network had no members yet, as far as the sources tell."), year=str(year))),))
    rows_ = [
        fill("{date}: {cities}", date=reader.date(total.date), cities=reader.plural("{n} city", "{n} cities", total.cities or 0))
        for total in stated
    ]
    intake = catalogue.intake(year)
    joined_then = reader.plural("{n} city joined in {year}.", "{n} cities joined in {year}.", intake.cities) if intake else ""
    return Screen(
        blocks=(
            line(joined_then.format(year=year), bold(fill(_("Members of the network in {year}"), year=str(year)))),
            Bullets(tuple(rows_)),
            line(_("Sources of one year did not count alike.") if len(stated) > 1 else ""),
            source_line(stated[-1].sources, reader),
        ),
        buttons=rows(Button(_("Joined in {year}").format(year=year), ListCities(Filter(year=year)))),
    )


def award_totals(catalogue: Catalogue, reader: Reader, of: Collection[CountryCode] = ()) -> Screen:
    """Who has most awards: cities with more than one, then countries; only some of the countries, if they are named."""
    _ = reader.translate
    won = [city for city in catalogue.cities.values() if city.awards and (not of or city.country in of)]
    twice = [city for city in won if len(city.awards) > 1]
    counted = Counter(dict.fromkeys(of, 0)) + Counter(city.country for city in won for _award in city.awards)
    counted.update(dict.fromkeys(of, 0))
    named = [
        (catalogue.countries[code], number)
        for code, number in sorted(counted.items(), key=lambda row: (-row[1], reader.order(reader.name(catalogue.countries[row[0]]))))
    ][:10]
    rows_ = [
        fill("{country}: {awards}", country=reader.name(country), awards=reader.plural("{n} award", "{n} awards", number))
        for country, number in named
    ]
    told = [f"{reader.name(city)} ({reader.listing(str(award.year) for award in city.awards)})" for city in twice]
    newest = max(catalogue.award_rounds, key=lambda round_: round_.year)
    return Screen(
        blocks=(
            line(fill(_("More than one Learning City Award: {cities}."), cities=reader.listing(told)) if told else ""),
            line(_("Awards by country:")),
            Bullets(tuple(rows_)),
            source_line(newest.sources, reader),
        ),
        buttons=rows(*(Button(str(round_.year), ListAwards(round_.year)) for round_ in reversed(catalogue.award_rounds)), width=3),
    )


def small_talk(kind: str, reader: Reader) -> Screen:
    """An answer to a courtesy."""
    _ = reader.translate
    said = {
        "thanks": _("You are welcome. Ask on whenever you like."),
        "bye": _("Goodbye. I am here whenever you need me."),
        "howareyou": _("I am fine, thank you. I am glad to help: ask me about learning cities."),
    }[kind]
    return Screen((line(said),), rows(home_button(reader), Button(_("Help"), OpenHelp())))


def how_to_follow(reader: Reader) -> Screen:
    """How news come by themselves."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(
                _("I can send you news as they happen: choose what to follow. /subscriptions shows what you follow, /unsubscribe ends it.")
            ),
        ),
        buttons=rows(Button(_("🔔 Follow the news"), ChooseFollow()), Button(_("What I follow"), ListFollows())),
    )


def how_to_report(reader: Reader) -> Screen:
    """Where a mistake is reported."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(
                _("Open the card of the city, the practice or the news item: it has a button “Report a mistake”."),
                _("For a city it stands behind “all sources”."),
            ),
        ),
        buttons=rows(home_button(reader), Button(_("This bot"), OpenAbout("bot"))),
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


def not_known(city: City | None, near: Sequence[FaqEntry], catalogue: Catalogue, reader: Reader) -> Screen:
    """A question that the data do not answer: what was understood, and what can be asked. Entries of the FAQ that are near are offered."""
    _ = reader.translate
    offered = [Button(shorten(reader.text(entry.question), OFFERED), OpenFaq(entry.id)) for entry in near]
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
        blocks=(line(_("I have no answer to that."), _("Perhaps you mean one of these questions:") if offered else hint),),
        buttons=(*rows(*offered, width=1), *rows(home_button(reader), Button(_("Help"), OpenHelp()))),
    )


def other_network(reader: Reader) -> Screen:
    """A question about another network or programme: which one this bot knows."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(
                _("That is another network or programme, and I have no answer about it."),
                _("I know the UNESCO Global Network of Learning Cities."),
            ),
        ),
        buttons=rows(Button(_("About the network"), OpenAbout("network")), Button(_("Help"), OpenHelp())),
    )
