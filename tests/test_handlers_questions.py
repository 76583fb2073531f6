"""Plain text in a private chat: a name, or a question about membership, a list or a number."""

import pytest

from bot.emulator import User
from tests.fakes.house import House, labels, said, the
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, LESIA


@pytest.mark.parametrize("text", ["Nikopol", "Нікополь", "Нікополя", "никополь", "Ybrjgjkm", "nikopl", "місто Нікополь", "Nikopol?"])
@pytest.mark.parametrize(("user", "name"), [(ADA, "Nikopol"), (LESIA, "Нікополь")])
async def test_a_name_alone_is_enough(bot: House, text: str, user: User, name: str) -> None:
    assert f"🇺🇦 {name}" in the(await bot.hears(text, user)).text


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("Is Melitopol a member?", "Yes, Melitopol is a member"),
        ("Is Dnipro a member?", "No"),
        ("cities of Poland", "🇵🇱 Poland"),
        ("міста України", "🇺🇦 Ukraine"),
        ("How many cities are in the network?", "425 cities in 91 countries"),
    ],
)
async def test_a_question_is_answered_in_its_first_line(bot: House, question: str, beginning: str) -> None:
    assert the(await bot.hears(question, ADA)).text.startswith(beginning)


async def test_what_the_data_do_not_answer_is_said_with_what_was_understood(bot: House) -> None:
    shown = the(await bot.hears("What is the budget of Melitopol?", ADA))

    assert shown.text.startswith("I cannot answer that.")
    assert "Melitopol" in shown.text
    assert the(await bot.presses(shown, labels(shown)[0], ADA)).text.startswith("🇺🇦 Melitopol")


async def test_a_question_about_nothing_we_know_offers_what_can_be_asked(bot: House) -> None:
    shown = the(await bot.hears("What is the meaning of life?", ADA))

    assert shown.text.startswith("I have no answer to that.")
    assert labels(shown)


@pytest.mark.parametrize("text", ["🙂🙂🙂", "...", "?!", "👩‍👩‍👧‍👦", "—", "§§§"])
async def test_text_without_a_word_is_told_so(bot: House, text: str) -> None:
    assert said(await bot.hears(text, ADA)).startswith("I see no word in this message.")


async def test_in_a_group_the_bot_does_not_answer_what_was_not_said_to_it(bot: House) -> None:
    bot.telegram.reads_all_group_messages = True
    group = bot.telegram.group("Teachers", [ADA])

    assert sent(await bot.hears("Nikopol", ADA, group)) == []


async def test_a_card_shared_into_the_chat_with_the_bot_is_not_read_as_a_question(bot: House) -> None:
    await bot.hears("/start", ADA)
    answer = the(await bot.types_inline("nik", ADA), "answerInlineQuery")

    assert await bot.chooses(answer, "c328", ADA, bot.telegram.private(ADA)) == []
