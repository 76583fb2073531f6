"""/language: the language of a chat. In a group only its administrators choose."""

import pytest

from tests.fakes.house import House, labels, said, the
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, FATIMA, LESIA


async def test_languages_are_offered_by_their_own_names(bot: House) -> None:
    shown = the(await bot.hears("/language", ADA))

    assert shown.text == "Choose the language of this chat:"
    assert labels(shown)[:2] == ["English", "Українська"]
    assert len(labels(shown)) == 3


async def test_the_chosen_language_is_spoken_at_once_and_after_a_restart(bot: House) -> None:
    shown = the(await bot.hears("/language", ADA))
    after = the(await bot.presses(shown, "Українська", ADA))

    assert after.method == "editMessageText"
    assert "/language" in after.text
    assert "I will write" not in after.text
    assert "Нікополь" in the(await bot.hears("/city Nikopol", ADA)).text.splitlines()[0]
    await bot.restarts()
    assert the(await bot.hears("/city Nikopol", ADA)).text.startswith("🇺🇦 Нікополь")


async def test_a_choice_can_be_taken_back(bot: House) -> None:
    shown = the(await bot.hears("/language", ADA))
    await bot.presses(shown, "Українська", ADA)
    back = the(await bot.hears("/language", ADA))
    await bot.presses(back, labels(back)[-1], ADA)

    assert the(await bot.hears("/city Nikopol", ADA)).text.startswith("🇺🇦 Nikopol")


async def test_one_chat_does_not_change_the_language_of_another(bot: House) -> None:
    await bot.presses(the(await bot.hears("/language", ADA)), "Українська", ADA)

    assert said(await bot.hears("/city Nikopol", FATIMA)).startswith("🇺🇦 Nikopol")


async def test_the_button_under_help_offers_the_languages_too(bot: House) -> None:
    help_ = the(await bot.hears("/help", ADA))

    assert the(await bot.presses(help_, "Language", ADA)).text == "Choose the language of this chat:"


async def test_an_administrator_chooses_for_the_group(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA, ADA])
    shown = the(await bot.hears("/language", LESIA, group))
    await bot.presses(shown, "English", LESIA)

    assert the(await bot.hears("/city Nikopol", LESIA, group)).text.startswith("🇺🇦 Nikopol")
    assert the(await bot.hears("/city Nikopol", LESIA)).text.startswith("🇺🇦 Нікополь"), "in private nothing has changed"


async def test_other_members_of_a_group_get_an_alert_and_nothing_changes(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA, ADA])
    shown = the(await bot.hears("/language", LESIA, group))
    after = await bot.presses(shown, "English", ADA)

    assert sent(after) == []
    (answer,) = sent(after, "answerCallbackQuery")
    assert answer.params["text"] == "Only administrators choose the language of this chat."
    assert answer.params["show_alert"] is True
    assert the(await bot.hears("/city Nikopol", LESIA, group)).text.startswith("🇺🇦 Нікополь")


@pytest.mark.parametrize("data", ["1:v:xx", "1:v:../../etc", "1:v:UK"])
async def test_a_language_the_bot_does_not_speak_offers_those_it_does(bot: House, data: str) -> None:
    shown = the(await bot.hears("/language", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][1]["callback_data"] = data
    after = await bot.presses(shown, data, ADA)

    assert the(after).text == "Choose the language of this chat:"
