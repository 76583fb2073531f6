"""/practices: what cities do, by theme, city, country or words."""

import pytest

from bot.emulator import User
from data.types import CountryCode, ThemeId
from tests.fakes.house import House, all_pages, bullets, labels, links, said, the
from tests.fakes.updates import ADA, LESIA


async def test_without_words_the_themes_are_offered_with_their_numbers(bot: House) -> None:
    shown = the(await bot.hears("/practices", ADA))

    assert shown.text.startswith("What member cities do")
    held = len(bot.catalogue.select_practices(theme=ThemeId("digital")))
    assert f"Digital learning and skills · {held}" in bullets(shown)
    assert len(bullets(shown)) == len(bot.catalogue.themes)
    assert len(labels(shown)) <= 6
    assert f"{held} practices in my data set:" in the(await bot.presses(shown, "Digital learning and skills", ADA)).text


async def test_every_theme_opens_its_practices(bot: House) -> None:
    shown = the(await bot.hears("/practices", ADA))
    for payload in [link.partition("start=")[2] for link in links(shown)]:
        label = bot.catalogue.themes[ThemeId(payload.removeprefix("t_"))].label["en"]  # type: ignore[index]
        assert the(await bot.opens(payload, ADA)).text.splitlines()[0] == f"What member cities do · {label}"


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ("digital", "What member cities do · Digital learning and skills"),
        ("Cork", "What member cities do · 🇮🇪 Cork"),
        ("Корк", "What member cities do · 🇮🇪 Cork"),
        ("Ukraine", "What member cities do · 🇺🇦 Ukraine"),
        ("Ukraine literacy", "What member cities do · 🇺🇦 Ukraine · Literacy and basic skills"),
    ],
)
async def test_a_theme_a_city_or_a_country_lists_its_practices(bot: House, words: str, heading: str) -> None:
    assert the(await bot.hears(f"/practices {words}", ADA)).text.splitlines()[0] == heading


@pytest.mark.parametrize(
    ("words", "user", "found"),
    [
        ("festival in the street", ADA, "Open-air fair of adult learning services"),
        ("вулиці", ADA, "Open-air fair of adult learning services"),
        ("вулиці", LESIA, "Полтава"),
        ("older people", ADA, "Universities of the Third Age in every district"),
        ("старші люди", LESIA, "Київ"),
    ],
)
async def test_words_find_practices_whatever_language_they_are_in(bot: House, words: str, user: User, found: str) -> None:
    shown = the(await bot.hears(f"/practices {words}", user))

    assert found in "\n".join(bullets(shown))
    assert len(bullets(shown)) <= 12


async def test_themes_of_a_country_open_the_practices_they_count(bot: House) -> None:
    practices = the(await bot.hears("/practices Ukraine", ADA))
    themes = the(await bot.presses(practices, "By theme", ADA))

    assert "🇺🇦 Ukraine" in themes.text
    for row, link in zip(bullets(themes), links(themes), strict=True):
        label, _, count = row.rpartition(" · ")
        opened = the(await bot.opens(link.partition("start=")[2], ADA))
        assert opened.text.splitlines()[0] == f"What member cities do · 🇺🇦 Ukraine · {label}"
        assert opened.text.splitlines()[2].startswith(f"{count} practice")


async def test_words_that_no_practice_speaks_of_are_answered_with_ways_on(bot: House) -> None:
    shown = the(await bot.hears("/practices zeppelins", ADA))

    assert shown.text.startswith("I found no practice for “zeppelins”.")
    assert labels(shown) == ["By theme", "All practices"]


async def test_all_practices_can_be_paged_through_without_repeats(bot: House) -> None:
    first = the(await bot.presses(the(await bot.hears("/practices", ADA)), "All practices", ADA))
    pages = await all_pages(bot, first, ADA)

    opened = [link.partition("start=")[2] for page in pages for link in links(page)]
    assert opened == [f"p_{practice.id}" for practice in bot.catalogue.select_practices()]


async def test_pages_survive_a_restart(bot: House) -> None:
    first = the(await bot.hears("/practices digital", ADA))
    await bot.restarts()

    assert "Page 2 of" in the(await bot.presses(first, "Next ›", ADA)).text


async def test_a_card_tells_what_a_city_does_with_its_source(bot: House) -> None:
    shown = the(await bot.opens("p_p034", ADA))

    title, city = shown.text.splitlines()[:2]
    assert (title, city) == ("Cork Lifelong Learning Festival", "🇮🇪 Cork")
    assert "Themes: " in shown.text
    assert shown.text.splitlines()[-1].startswith("Source: ")
    assert len(labels(shown)) <= 7
    assert the(await bot.presses(shown, "🇮🇪 Cork", ADA)).text.startswith("🇮🇪 Cork")


async def test_a_card_leads_to_its_themes_and_to_more_of_the_same_city(bot: House) -> None:
    shown = the(await bot.opens("p_p034", ADA))
    more = the(await bot.presses(shown, "More from this city", ADA))
    assert more.text.startswith("What member cities do · 🇮🇪 Cork")

    shown = the(await bot.opens("p_p034", ADA))
    theme = labels(shown)[2]
    assert the(await bot.presses(shown, theme, ADA)).text.splitlines()[0] == f"What member cities do · {theme}"


async def test_found_practices_open_as_cards(bot: House) -> None:
    found = the(await bot.hears("/practices festival in the street", ADA))

    for payload in [link.partition("start=")[2] for link in links(found)]:
        assert "Source: " in the(await bot.opens(payload, ADA)).text


async def test_a_country_without_practices_is_not_said_to_do_nothing(bot: House) -> None:
    without = next(
        country for country in bot.catalogue.member_countries if not bot.catalogue.select_practices(country=CountryCode(country.code))
    )
    words = said(await bot.hears(f"/practices {without.naming.main['en']}", ADA))  # type: ignore[index]

    assert "My data set has no such practices. That does not mean that there are none." in words


async def test_every_practice_fits_a_message_in_both_languages(bot: House) -> None:
    for practice in bot.catalogue.practices.values():
        for user in (ADA, LESIA):
            assert the(await bot.opens(f"p_{practice.id}", user)).text


@pytest.mark.parametrize("data", ["1:p:9999:::0", "1:p:0:ZZ::0", "1:p:0::no-such-theme:0", "1:t:ZZ", "1:p:0"])
async def test_a_button_of_a_record_that_is_gone_says_so(bot: House, data: str) -> None:
    shown = the(await bot.hears("/practices", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data

    assert the(await bot.presses(shown, data, ADA)).text == "This record is no longer in the data set."
