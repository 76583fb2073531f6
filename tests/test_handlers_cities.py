"""/cities and /countries: lists, pages and downloads."""

import csv
import io

import pytest

from bot.callbacks import Download, ListAwards, ListCities, ListCountries, ListThemes
from bot.emulator import Call, User
from bot.screens.lists import CSV_COLUMNS
from data.types import ANY_AWARD, CountryCode, Filter, Region, Status, ThemeId
from tests.fakes.house import House, all_pages, bullets, labels, leads_to, links, said, the, to, unbroken
from tests.fakes.updates import ADA, LESIA

UA = CountryCode("UA")
FILTERS = {
    "Ukraine": Filter(country=UA),
    "України": Filter(country=UA),
    "Africa": Filter(region=Region.AFRICA),
    "Європа та Північна Америка": Filter(region=Region.EUROPE_NORTH_AMERICA),
    "2022": Filter(year=2022),
    "digital": Filter(theme=ThemeId("digital")),
    "award": Filter(award=ANY_AWARD, status=None),
    "award 2019": Filter(award=2019, status=None),
    "премія 2019": Filter(award=2019, status=None),
    "Ukraine 2022": Filter(country=UA, year=2022),
    "Ukraine digital": Filter(country=UA, theme=ThemeId("digital")),
    "Arab States award": Filter(region=Region.ARAB_STATES, award=ANY_AWARD, status=None),
    "міста України": Filter(country=UA),
}


def rows_of(csv_file: Call) -> list[dict[str, str]]:
    """The file that was sent, as a spreadsheet reads it."""
    content = csv_file.params["document"].content
    assert content.startswith(b"\xef\xbb\xbf"), "without the mark a spreadsheet would not read the Cyrillic"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("words", FILTERS)
@pytest.mark.parametrize("user", [ADA, LESIA], ids=["en", "uk"])
async def test_every_kind_of_filter_lists_exactly_the_cities_that_pass_it(bot: House, words: str, user: User) -> None:
    first = the(await bot.hears(f"/cities {words}", user))
    pages = await all_pages(bot, first, user)

    expected = [f"c_{city.id}" for city in bot.catalogue.select(FILTERS[words])]
    opened = [link.partition("start=")[2] for page in pages for link in links(page)]
    assert sorted(payload for payload in opened if payload in expected) == sorted(expected)
    assert sum(len(bullets(page)) for page in pages) == len(expected)


@pytest.mark.parametrize("words", ["qqqq", "Nikopol", "Ukraine Poland", "2019 2022", "Ukraine qqqq"])
async def test_words_that_narrow_nothing_are_named_and_never_guessed(bot: House, words: str) -> None:
    shown = the(await bot.hears(f"/cities {words}", ADA))

    assert shown.text.startswith(f"I cannot narrow the list by “{words}”.")
    assert labels(shown) == ["Countries", "By theme"]


async def test_without_a_filter_the_numbers_come_first_and_ways_to_narrow_them(bot: House) -> None:
    shown = the(await bot.hears("/cities", ADA))

    assert f"425 cities in 91 countries (as of {unbroken('4 Dec 2025')})." in shown.text
    assert "I know 370 of them by name." in shown.text
    assert leads_to(shown) == [ListCountries, ListAwards, ListThemes, ListCities, None]
    assert the(await bot.presses(shown, to(shown, ListCities), ADA)).text.startswith("Member cities of the network")


async def test_who_reads_ukrainian_finds_ukraine_first(bot: House) -> None:
    shown = the(await bot.hears("/cities", LESIA))

    assert leads_to(shown) == [ListCities, ListCountries, ListAwards, ListThemes, ListCities, None]
    assert len(bullets(the(await bot.presses(shown, to(shown, ListCities), LESIA)))) == 11


async def test_the_official_number_of_a_country_comes_before_the_named_ones(bot: House) -> None:
    _title, _, stated, named = the(await bot.hears("/cities Korea", ADA)).text.splitlines()[:4]

    assert stated.startswith(f"59 member cities (Korean National Commission for UNESCO, {unbroken('8 Dec 2025')}).")
    assert named.startswith("I know 48 of them by name")


async def test_the_official_number_comes_first_in_ukrainian_too(bot: House) -> None:
    shown = the(await bot.hears("/cities Корея", LESIA))

    assert shown.text.splitlines()[2].replace("\N{NO-BREAK SPACE}", " ").startswith("59 міст-учасників (Національна комісія Кореї")
    assert "48" in shown.text.splitlines()[3]


async def test_a_complete_country_is_said_to_be_complete(bot: House) -> None:
    words = said(await bot.hears("/cities Italy", ADA))

    assert f"8 member cities; the list is complete (data as of {unbroken('6 Dec 2025')})." in words


async def test_all_eleven_cities_of_ukraine_stand_on_one_page(bot: House) -> None:
    shown = the(await bot.hears("/cities Ukraine", LESIA))

    assert len(bullets(shown)) == 11
    assert "11" in shown.text.splitlines()[2]
    for name in (
        "Вінниця",
        "Київ",
        "Львів",
        "Мелітополь",
        "Нетішин",
        "Нікополь",
        "Новояворівськ",
        "Полтава",
        "Суми",
        "Тернопіль",
        "Харків",
    ):
        assert name in shown.text


async def test_an_intake_tells_how_many_joined_before_it_names_those_known(bot: House) -> None:
    words = said(await bot.hears("/cities 2019", ADA))

    assert "38 cities from 23 countries joined. The network then had 170 cities in 53 countries.\nI know 28 of them by name" in words


async def test_a_year_without_a_published_list_says_so(bot: House) -> None:
    words = said(await bot.hears("/cities 2017", ADA))

    assert "UNESCO published no list of this year; the list is incomplete." in words


async def test_a_filter_that_nothing_passes_says_so_and_that_the_list_is_incomplete(bot: House) -> None:
    words = said(await bot.hears("/cities 1999", ADA))

    assert "My list has no such cities." in words
    assert "My list of the network is incomplete: 370 of 425." in words


async def test_unconfirmed_cities_are_left_out_of_the_count_and_named_apart(bot: House) -> None:
    shown = the(await bot.hears("/cities Finland", ADA))

    unconfirmed = bot.catalogue.select(Filter(country=CountryCode("FI"), status=Status.UNCONFIRMED))
    assert [city.id for city in unconfirmed] == ["espoo"]
    assert not any("Espoo" in row for row in bullets(shown))
    assert "Admitted once, not confirmed since (not counted): 🇫🇮 Espoo." in shown.text
    assert "Former members: 🇹🇷 Bolu." in said(await bot.hears("/cities Turkey", ADA))


async def test_pages_turn_by_editing_the_same_message(bot: House) -> None:
    first = the(await bot.hears("/cities Korea", ADA))
    second = the(await bot.presses(first, "Next ›", ADA))
    back = the(await bot.presses(second, "‹ Back", ADA))

    assert "Page 1 of 5" in first.text
    assert "‹ Back" not in labels(first)
    assert second.method == "editMessageText"
    assert "Page 2 of 5" in second.text
    assert not set(bullets(first)) & set(bullets(second))
    assert back.text == first.text


async def test_pages_turn_after_a_restart_too(bot: House) -> None:
    first = the(await bot.hears("/cities Korea", ADA))
    await bot.restarts()

    assert "Page 2 of 5" in the(await bot.presses(first, "Next ›", ADA)).text


async def test_a_page_beyond_the_last_shows_the_last(bot: House) -> None:
    last = ListCities(Filter(country=CountryCode("KR")), 999).pack()
    first = the(await bot.hears("/cities Korea", ADA))
    bot.message_of(first)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = last

    assert "Page 5 of 5" in the(await bot.presses(first, last, ADA)).text


@pytest.mark.parametrize("words", ["Ukraine", "Korea", "award 2019", "digital", "2022"])
@pytest.mark.parametrize("user", [ADA, LESIA], ids=["en", "uk"])
async def test_a_download_holds_the_same_cities_as_the_list(bot: House, words: str, user: User) -> None:
    shown = the(await bot.hears(f"/cities {words}", user))
    wanted = FILTERS.get(words, Filter(country=CountryCode("KR")))
    file = the(await bot.presses(shown, Download(wanted).pack(), user))

    assert file.method == "sendDocument"
    assert file.result["document"]["file_name"].startswith("learning-cities-")
    assert file.result["document"]["file_name"].endswith(".csv")
    rows = rows_of(file)
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [row["id"] for row in rows] == [city.id for city in bot.catalogue.select(wanted)]
    assert all(row["source"].startswith("http") for row in rows)
    assert bot.message_of(shown)["text"] == shown.text, "the list stays"


async def test_a_download_speaks_the_language_of_its_reader(bot: House) -> None:
    shown = the(await bot.hears("/cities Ukraine", LESIA))
    file = the(await bot.presses(shown, Download(Filter(country=UA)).pack(), LESIA))

    nikopol = next(row for row in rows_of(file) if row["id"] == "nikopol")
    assert (nikopol["name"], nikopol["country"], nikopol["joined"]) == ("Нікополь", "Україна", "2017")


async def test_the_whole_network_can_be_downloaded(bot: House) -> None:
    choice = the(await bot.hears("/cities", ADA))
    shown = the(await bot.presses(choice, to(choice, ListCities), ADA))

    assert len(rows_of(the(await bot.presses(shown, to(shown, Download), ADA)))) == len(bot.catalogue.members) == 370


async def test_countries_come_with_their_numbers_those_with_most_first(bot: House) -> None:
    first = the(await bot.hears("/countries", ADA))

    assert f"91 countries (as of {unbroken('4 Dec 2025')})." in first.text
    assert bullets(first)[0] == "🇰🇷 Republic of Korea · 48 of 59"
    assert "🇺🇦 Ukraine · 11" in bullets(first)
    pages = await all_pages(bot, first, ADA)
    counts = [int(row.rpartition(" · ")[2].split()[0]) for page in pages for row in bullets(page)]
    assert len(counts) == len(bot.catalogue.member_countries)
    assert counts == sorted(counts, reverse=True)


async def test_countries_narrow_to_a_region(bot: House) -> None:
    africa = the(await bot.presses(the(await bot.hears("/countries", ADA)), "Africa", ADA))

    assert africa.text.startswith("Africa")
    assert {link.rpartition("l_")[2] for link in links(africa) if "l_" in link} == {
        country.code for country in bot.catalogue.member_countries if country.region is Region.AFRICA
    }
    assert ListCountries(Region.AFRICA).pack() not in str(africa.buttons)


async def test_each_country_opens_its_cities(bot: House) -> None:
    shown = the(await bot.hears("/countries", ADA))
    payload = links(shown)[0].partition("start=")[2]

    assert the(await bot.opens(payload, ADA)).text.startswith("🇰🇷 Republic of Korea")


@pytest.mark.parametrize(
    "data", ["1:l:ZZ,,,,,m:0", "1:l:,,,no-such-theme,,m:0", "1:l:UA,,,,,m", "1:l:UA,,,,,m:-1", "1:d:ZZ,,,,,m", "1:d:garbage", "1:k:z:0"]
)
async def test_a_damaged_button_of_a_list_is_answered_by_a_word_and_a_way_on(bot: House, data: str) -> None:
    shown = the(await bot.hears("/cities Korea", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data
    after = the(await bot.presses(shown, data, ADA))

    assert after.text == "This record is no longer in the data set."
    assert labels(after) == ["To the start"]
