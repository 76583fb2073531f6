"""/news: pages of items, and one item."""

import pytest

from bot.emulator import User
from tests.fakes.house import House, all_pages, bullets, labels, links, said, the
from tests.fakes.updates import ADA, LESIA


async def test_news_come_newest_first_and_page_without_repeats(bot: House) -> None:
    first = the(await bot.hears("/news", ADA))
    pages = await all_pages(bot, first, ADA)

    assert first.text.startswith("News of the network")
    opened = [link.partition("start=")[2] for page in pages for link in links(page)]
    assert opened == [f"n_{item.id}" for item in bot.catalogue.news]
    dates = [item.date.first_day for item in bot.catalogue.news if item.date]
    assert dates == sorted(dates, reverse=True)
    assert "‹ Newer" in labels(pages[-1])


@pytest.mark.parametrize(
    ("words", "heading"), [("Nikopol", "News · 🇺🇦 Nikopol"), ("Нікополя", "News · 🇺🇦 Nikopol"), ("Ukraine", "News · 🇺🇦 Ukraine")]
)
async def test_news_narrow_to_a_city_or_a_country(bot: House, words: str, heading: str) -> None:
    shown = the(await bot.hears(f"/news {words}", ADA))

    assert shown.text.splitlines()[0] == heading
    assert bullets(shown)
    assert the(await bot.presses(shown, "All news", ADA)).text.startswith("News of the network")


async def test_a_city_without_news_says_so(bot: House) -> None:
    quiet = next(city for city in bot.catalogue.members if city.id not in bot.catalogue.news_of and "," not in city.naming.main["en"])  # type: ignore[index]

    assert "My data set has no news of this." in said(await bot.hears(f"/news {quiet.naming.main['en']}", ADA))  # type: ignore[index]


@pytest.mark.parametrize("user", [ADA, LESIA])
async def test_every_item_is_a_card_with_source_and_fits_a_message(bot: House, user: User) -> None:
    for item in bot.catalogue.news:
        shown = the(await bot.opens(f"n_{item.id}", user))
        assert item.sources[0].url in links(shown)


async def test_an_item_leads_to_its_cities_and_back_to_all_news(bot: House) -> None:
    shown = the(await bot.opens("n_n089", ADA))

    assert labels(shown) == ["🇺🇦 Kharkiv", "All news", "Report a mistake"]
    assert the(await bot.presses(shown, "🇺🇦 Kharkiv", ADA)).text.startswith("🇺🇦 Kharkiv")


async def test_pages_of_news_survive_a_restart(bot: House) -> None:
    first = the(await bot.hears("/news", ADA))
    await bot.restarts()

    assert "Page 2 of" in the(await bot.presses(first, "Older ›", ADA)).text


@pytest.mark.parametrize("data", ["1:n:9999::0", "1:n:0:ZZ:0", "1:i:n999", "1:n:0::-1"])
async def test_a_button_of_news_that_are_gone_says_so(bot: House, data: str) -> None:
    shown = the(await bot.hears("/news", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data

    assert the(await bot.presses(shown, data, ADA)).text == "This record is no longer in the data set."
