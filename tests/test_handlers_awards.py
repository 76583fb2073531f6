"""/awards: the rounds of the Learning City Award, and the cities of one."""

import pytest

from bot.emulator import User
from tests.fakes.house import House, bullets, labels, links, the
from tests.fakes.updates import ADA, LESIA

YEARS = ["2024", "2021", "2019", "2017", "2015"]


async def test_the_rounds_come_newest_first_with_their_numbers(bot: House) -> None:
    shown = the(await bot.hears("/awards", ADA))

    assert shown.text.startswith("UNESCO Learning City Award\n\n58 awards so far.")
    assert [row[:4] for row in bullets(shown)] == YEARS
    assert bullets(shown)[2].startswith("2019: 10 cities; presented in Medellín, Colombia")
    assert labels(shown) == [*YEARS, "Rules of the award"]


@pytest.mark.parametrize(("user", "melitopol"), [(ADA, "🇺🇦 Melitopol"), (LESIA, "🇺🇦 Мелітополь")])
async def test_the_round_of_2019_names_its_ten_cities_with_reasons(bot: House, user: User, melitopol: str) -> None:
    shown = the(await bot.hears("/awards 2019", user))

    assert len(bullets(shown)) == 10
    row = next(row for row in bullets(shown) if row.startswith(melitopol))
    assert len(row) > len(melitopol) + 20, "the reason follows the name"
    assert "c_melitopol" in " ".join(links(shown))


@pytest.mark.parametrize("year", YEARS)
async def test_every_round_names_as_many_cities_as_it_had(bot: House, year: str) -> None:
    shown = the(await bot.hears(f"/awards {year}", ADA))
    held = next(round_ for round_ in bot.catalogue.award_rounds if str(round_.year) == year)

    assert f"{held.cities} cities" in shown.text
    assert len(bullets(shown)) == held.cities


@pytest.mark.parametrize("words", ["2018", "xyz", "20190"])
async def test_a_year_without_an_award_offers_the_years_that_had_one(bot: House, words: str) -> None:
    shown = the(await bot.hears(f"/awards {words}", ADA))

    assert "no award" in shown.text.splitlines()[0]
    assert words in shown.text.splitlines()[0]
    assert "2015, 2017, 2019, 2021 and 2024" in shown.text
    assert labels(shown) == YEARS


async def test_rounds_open_by_buttons_and_lead_to_the_others(bot: House) -> None:
    shown = the(await bot.hears("/awards", ADA))
    of_2019 = the(await bot.presses(shown, "2019", ADA))
    assert of_2019.method == "editMessageText"
    assert labels(of_2019) == ["2024", "2021", "2017", "2015"]

    assert the(await bot.presses(of_2019, "2015", ADA)).text.startswith("Learning City Award 2015")


async def test_the_rules_of_the_award_are_a_press_away(bot: House) -> None:
    shown = the(await bot.hears("/awards", ADA))

    assert the(await bot.presses(shown, "Rules of the award", ADA)).text.startswith("Rules of the award")
