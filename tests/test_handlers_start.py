"""/start, its deep links, and /help."""

import pytest

from bot.callbacks import OpenAbout, OpenHelp
from bot.emulator import User
from bot.registration import PRIVATE
from tests.fakes.house import House, bullets, labels, said, the, to
from tests.fakes.updates import ADA, FATIMA, LESIA, STRANGER


async def test_the_first_screen_says_what_the_bot_knows_and_gives_three_things_to_try(bot: House) -> None:
    shown = the(await bot.hears("/start", ADA))

    assert "UNESCO Global Network of Learning Cities: 425 cities in 91 countries" in shown.text.splitlines()[0]
    assert len(bullets(shown)) == 3
    assert "independent; it is not run or endorsed by UNESCO" in shown.text
    assert 4 <= len(labels(shown)) <= 6


async def test_each_thing_to_try_works(bot: House) -> None:
    for suggestion in bullets(the(await bot.hears("/start", ADA))):
        assert len(the(await bot.hears(suggestion, ADA)).text) > 100


@pytest.mark.parametrize("reader", [FATIMA, STRANGER], ids=["a language the bot does not speak", "a client that tells no language"])
async def test_whose_language_is_unknown_is_offered_ukrainian_and_english(bot: House, reader: User) -> None:
    shown = the(await bot.hears("/start", reader))

    assert "425 cities" in shown.text
    assert labels(shown)[-2:] == ["Українська", "English"]


@pytest.mark.parametrize(("reader", "offered"), [(ADA, "Українська"), (LESIA, "English")])
async def test_whose_language_is_known_is_offered_the_other_one(bot: House, reader: User, offered: str) -> None:
    assert [label for label in labels(the(await bot.hears("/start", reader))) if label in {"Українська", "English"}] == [offered]


async def test_a_language_offered_at_first_contact_is_one_press_away(bot: House) -> None:
    start = the(await bot.hears("/start", FATIMA))
    await bot.presses(start, "Українська", FATIMA)

    assert "Нікополь" in the(await bot.hears("/city Nikopol", FATIMA)).text


@pytest.mark.parametrize(
    ("payload", "beginning"),
    [
        ("c_nikopol", "🇺🇦 Nikopol"),
        ("p_p034", "Cork Lifelong Learning Festival"),
        ("n_n089", "Kharkiv"),
        ("l_UA", "🇺🇦 Ukraine"),
        ("t_digital", "What member cities do · Digital learning and skills"),
        ("t_digital_UA", "What member cities do · 🇺🇦 Ukraine · Digital learning and skills"),
    ],
)
async def test_a_deep_link_opens_its_record(bot: House, payload: str, beginning: str) -> None:
    assert the(await bot.opens(payload, ADA)).text.startswith(beginning)


@pytest.mark.parametrize("payload", ["c_atlantis", "p_p999", "n_n999", "l_ZZ", "c_", "l_ua", "t_alchemy", "t_digital_ZZ", "t_"])
async def test_a_deep_link_to_a_record_that_is_gone_says_so_and_leads_on(bot: House, payload: str) -> None:
    shown = the(await bot.opens(payload, ADA))

    assert shown.text == "This record is no longer in the data set." or shown.text == said(await bot.hears("/start", ADA))
    assert the(await bot.presses(shown, labels(shown)[0], ADA))


@pytest.mark.parametrize("payload", ["inline", "x_nikopol", "nikopol", "_", "c", "-" * 64])
async def test_a_start_parameter_that_means_nothing_shows_the_first_screen(bot: House, payload: str) -> None:
    assert said(await bot.opens(payload, ADA)) == said(await bot.hears("/start", ADA))


async def test_help_names_every_command_of_the_menu(bot: House) -> None:
    words = said(await bot.hears("/help", ADA))

    assert [command for command in PRIVATE if f"/{command}" not in words] == ["help"]
    assert "@learning_cities_bot" in words


async def test_buttons_lead_from_a_dead_end_to_help_and_on(bot: House) -> None:
    unknown = the(await bot.hears("/budget", ADA))
    help_ = the(await bot.presses(unknown, to(unknown, OpenHelp), ADA))

    assert help_.method == "editMessageText"
    assert help_.text.startswith("What I can do")
    assert the(await bot.presses(help_, to(help_, OpenAbout), ADA)).text.startswith("UNESCO Global Network of Learning Cities")
