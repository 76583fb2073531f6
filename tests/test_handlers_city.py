"""/city: the city a name means, and what its card opens."""

import pytest

from bot.callbacks import ListCities, ListCountries, ListPractices, OpenSimilar
from bot.emulator import User
from data.types import Listing
from tests.fakes.house import House, bullets, labels, links, said, the, to, unbroken
from tests.fakes.updates import ADA, LESIA

CARD = ("Practices", "News", "🔔 Follow", "🗺 On the map", "Similar cities", "Share")


@pytest.mark.parametrize(
    "name", ["Nikopol", "Нікополь", "Нікополя", "Никополь", "Ybrjgjkm", "nikopl", "  NIKOPOL  ", "nikopol'", "у Нікополі"]
)
@pytest.mark.parametrize(("user", "title"), [(LESIA, "🇺🇦 Нікополь · Nikopol"), (ADA, "🇺🇦 Nikopol · Нікополь")])
async def test_a_city_is_found_however_its_name_is_typed(bot: House, name: str, user: User, title: str) -> None:
    assert title in the(await bot.hears(f"/city {name}", user)).text.splitlines()


@pytest.mark.parametrize("slip", ["nikopl", "Ybrjgjkm"])
async def test_a_corrected_name_is_said_to_be_corrected(bot: House, slip: str) -> None:
    assert said(await bot.hears(f"/city {slip}", ADA)).splitlines()[0] == "The closest name I know is Nikopol."


@pytest.mark.parametrize("name", ["Nikopol", "Нікополя", "Никополь"])
async def test_a_name_spelt_right_is_not_called_corrected(bot: House, name: str) -> None:
    assert "closest" not in said(await bot.hears(f"/city {name}", ADA))


async def test_a_card_says_what_is_known_and_ends_with_its_source_and_date(bot: House) -> None:
    shown = the(await bot.hears("/city Melitopol", ADA))

    title, country, *_ = shown.text.splitlines()
    assert (title, country) == ("🇺🇦 Melitopol · Мелітополь", "Ukraine")
    assert "Member of the network since 2016." in shown.text
    assert "UNESCO Learning City Award 2019." in shown.text
    assert shown.text.splitlines()[-1].startswith("Source: ")
    assert links(shown)[-1].startswith("http")
    assert len(shown.buttons) <= 3
    assert all(len(row) <= 2 for row in shown.buttons)


async def test_a_command_without_a_name_asks_for_one_and_offers_choices(bot: House) -> None:
    shown = the(await bot.hears("/city", ADA))

    assert shown.text.startswith("Which city?")
    assert the(await bot.presses(shown, to(shown, ListCountries), ADA)).text.startswith("Countries of the network")


async def test_who_reads_ukrainian_is_offered_the_cities_of_ukraine(bot: House) -> None:
    shown = the(await bot.hears("/city", LESIA))

    assert len(bullets(the(await bot.presses(shown, to(shown, ListCities), LESIA)))) == 11


@pytest.mark.parametrize(("user", "no"), [(ADA, "No"), (LESIA, "Ні")])
async def test_a_place_that_is_not_listed_is_denied_as_far_as_the_list_of_its_country_goes(bot: House, user: User, no: str) -> None:
    shown = the(await bot.hears("/city Dnipro", user))

    assert shown.text.startswith(no)
    ukraine = bot.catalogue.countries["UA"]  # type: ignore[index]
    assert (f"{len(bot.catalogue.members)}" in shown.text) == (ukraine.listing is not Listing.COMPLETE)
    assert "111" in shown.text, "the nearest member is 111 km away"


async def test_where_the_list_is_incomplete_the_denial_says_so_and_points_to_the_official_page(bot: House) -> None:
    shown = the(await bot.hears("/city Gdańsk", ADA))

    assert shown.text.startswith("No, Gdańsk is not in my list. But the list is incomplete (370 of 425 members)")
    assert "Official list" in labels(shown)


async def test_where_the_list_is_complete_the_denial_is_flat_and_dated(bot: House) -> None:
    shown = the(await bot.hears("/city Verona", ADA))

    assert shown.text.startswith(
        f"No, Verona is not among the members of the network (my list of Italy is complete, as of {unbroken('6 Dec 2025')})."
    )
    assert "incomplete" not in shown.text
    assert "Official list" not in labels(shown)


async def test_a_city_admitted_once_is_neither_confirmed_nor_denied(bot: House) -> None:
    words = said(await bot.hears("/city Espoo", ADA))

    assert "Yes, the city was admitted to the network (first mention 2015, award 2015)." in words
    assert "Whether it is a member today is not confirmed by the sources." in words
    assert "Member of the network" not in words


async def test_the_same_is_said_in_ukrainian_and_begins_with_yes(bot: House) -> None:
    words = said(await bot.hears("/city Еспоо", LESIA))

    assert "Так, місто прийняли до мережі (перша згадка 2015, премія 2015)." in words
    assert "джерела не підтверджують" in words


async def test_a_former_member_is_called_so(bot: House) -> None:
    words = said(await bot.hears("/city Bolu", ADA))

    assert "was admitted to the network in 2018, but sources of 2022 no longer count it as a member." in words


async def test_a_name_that_fits_several_cities_offers_them_all_as_buttons(bot: House) -> None:
    asked = the(await bot.hears("/city La Paz", ADA))

    assert asked.text.startswith("Several cities are called “La Paz”.")
    assert [label[:2] for label in labels(asked)] == ["🇦🇷", "🇲🇽"]
    assert "🇧🇴 La Paz, Bolivia" in "\n".join(bullets(asked))
    chosen = the(await bot.presses(asked, labels(asked)[1], ADA))
    assert chosen.method == "editMessageText"
    assert chosen.text.splitlines()[1] == "Mexico"


async def test_an_unknown_name_gets_suggestions_that_open_cards(bot: House) -> None:
    shown = the(await bot.hears("/city Melitotown", ADA))

    assert shown.text.startswith("I do not know a city called “Melitotown”.")
    assert 1 <= len(labels(shown)) <= 3
    assert the(await bot.presses(shown, labels(shown)[0], ADA)).text.startswith(labels(shown)[0])


async def test_a_name_like_no_other_leads_to_the_list_of_countries(bot: House) -> None:
    shown = the(await bot.hears("/city Zzzqqqxxx", ADA))

    assert shown.text.startswith("I do not know a city called “Zzzqqqxxx”.")
    assert "/countries" in shown.text


@pytest.mark.parametrize("name", ["Ukraine", "Україна", "України"])
async def test_a_country_instead_of_a_city_shows_its_cities(bot: House, name: str) -> None:
    shown = the(await bot.hears(f"/city {name}", ADA))

    assert shown.text.startswith("🇺🇦 Ukraine")
    assert len(bullets(shown)) == 11


async def test_the_card_opens_practices_news_similar_cities_and_sources_and_leads_back(bot: House) -> None:
    card = the(await bot.hears("/city Nikopol", ADA))
    assert tuple(labels(card)) == CARD

    assert "🇺🇦 Nikopol" in the(await bot.presses(card, to(card, ListPractices), ADA)).text.splitlines()[0]
    card = the(await bot.hears("/city Nikopol", ADA))
    news = the(await bot.presses(card, "News", ADA))
    assert news.text.startswith("News · 🇺🇦 Nikopol")
    back = the(await bot.presses(news, "🇺🇦 Nikopol", ADA))
    assert (back.method, back.text) == ("editMessageText", card.text)


async def test_similar_cities_are_named_with_the_rule_and_open_their_cards(bot: House) -> None:
    card = the(await bot.hears("/city Nikopol", ADA))
    similar = the(await bot.presses(card, to(card, OpenSimilar), ADA))

    assert "Nikopol" in similar.text.splitlines()[0]
    assert len(bullets(similar)) == 4
    assert not any("Nikopol" in row for row in bullets(similar))
    assert the(await bot.presses(similar, labels(similar)[0], ADA)).text.startswith(labels(similar)[0])


async def test_the_map_comes_as_a_venue_and_the_card_stays(bot: House) -> None:
    card = the(await bot.hears("/city Nikopol", ADA))
    venue = the(await bot.presses(card, "🗺 On the map", ADA))

    assert venue.method == "sendVenue"
    assert (round(venue.params["latitude"], 1), round(venue.params["longitude"], 1)) == (47.6, 34.4)
    assert (venue.params["title"], venue.params["address"]) == ("Nikopol", "Ukraine")
    assert bot.message_of(card)["text"] == card.text


async def test_a_city_without_coordinates_offers_no_map(bot: House) -> None:
    unplaced = next(city for city in bot.catalogue.members if city.point is None)

    assert "🗺 On the map" not in labels(the(await bot.opens(f"c_{unplaced.id}", ADA)))


async def test_sources_are_listed_with_links_and_lead_to_a_report_and_back(bot: House) -> None:
    card = the(await bot.hears("/city Melitopol", ADA))
    assert links(card)[-1].endswith("?start=o_melitopol")
    sources = the(await bot.opens("o_melitopol", ADA))

    assert "Sources of these facts, the best first:" in sources.text
    city = bot.catalogue.cities["melitopol"]  # type: ignore[index]
    assert links(sources) == [source.url for source in city.sources]
    assert labels(sources) == ["Report a mistake", "🇺🇦 Melitopol"]
    assert the(await bot.presses(sources, "🇺🇦 Melitopol", ADA)).text == card.text


async def test_every_card_fits_one_message_in_both_languages(bot: House) -> None:
    for city in bot.catalogue.cities.values():
        for user in (ADA, LESIA):
            assert len(the(await bot.opens(f"c_{city.id}", user)).buttons) <= 3
