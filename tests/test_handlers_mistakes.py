"""Reporting a mistake in a record: the report reaches the administrators, and nothing is stored."""

from dataclasses import replace

import pytest

from bot import reports
from bot.callbacks import OpenSources
from bot.emulator import Call, User, forbidden
from bot.reports import ReportLimit
from tests.fakes.house import Furniture, House, labels, said, the
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, ADMIN, FATIMA, LESIA

REPORT = "The award is of 2017, see <https://example.org> & page 3"
RECORDS = [
    ("o_nikopol", "city 328, Nikopol"),
    ("p_p034", "practice p034, Cork Lifelong Learning Festival"),
    ("n_n089", "news n089, "),
]


@pytest.fixture
def furniture(furniture: Furniture) -> Furniture:
    return replace(furniture, admins={ADMIN.id, FATIMA.id})


async def asks(bot: House, payload: str = "o_nikopol", user: User = ADA) -> Call:
    """The question that the button under a record leads to."""
    shown = the(await bot.opens(payload, user))
    button = next(button["callback_data"] for row in shown.buttons for button in row if button.get("callback_data", "").startswith("1:r:"))
    return the(await bot.presses(shown, button, user))


@pytest.fixture
async def admins(bot: House) -> None:
    """Both have started the bot; otherwise Telegram would not let it write to them."""
    for admin in (ADMIN, FATIMA):
        await bot.hears("/start", admin)


@pytest.mark.parametrize(("payload", "record"), RECORDS)
@pytest.mark.usefixtures("admins")
async def test_a_report_reaches_every_administrator_with_the_record(bot: House, payload: str, record: str) -> None:
    question = await asks(bot, payload)
    calls = await bot.hears(REPORT, ADA, reply_to=question.result)

    reports = [call for call in calls if call.chat_id in {ADMIN.id, FATIMA.id}]
    assert {call.chat_id for call in reports} == {ADMIN.id, FATIMA.id}
    for report in reports:
        assert REPORT in report.text
        assert "Ada Lovelace" in report.text
    to_fatima = next(call for call in reports if call.chat_id == FATIMA.id)
    assert f"Record: {record}" in to_fatima.text
    assert said([calls[-1]]) == "Thank you. Your report was passed on to the administrators."


async def test_the_question_is_a_message_of_its_own_that_opens_an_input_field(bot: House) -> None:
    question = await asks(bot)

    assert question.method == "sendMessage"
    assert "Nikopol" in question.text.splitlines()[0]
    assert "Reply to this message" in question.text
    assert "#city-328" in question.text
    assert question.params["reply_markup"]["force_reply"] is True
    assert 1 <= len(question.params["reply_markup"]["input_field_placeholder"]) <= 64


@pytest.mark.usefixtures("admins")
async def test_a_report_is_passed_on_after_a_restart_too(bot: House) -> None:
    question = await asks(bot, user=LESIA)
    await bot.restarts()
    calls = await bot.hears("Рік неправильний", LESIA, reply_to=question.result)

    assert [call.chat_id for call in calls] == [FATIMA.id, ADMIN.id, LESIA.id]
    assert "328" in calls[1].text
    assert "@lesia" in calls[1].text


@pytest.mark.usefixtures("admins")
async def test_one_administrator_who_blocked_the_bot_does_not_hide_the_report_from_the_other(bot: House) -> None:
    question = await asks(bot)
    bot.telegram.blocks(FATIMA)  # the one who is asked first
    await bot.catches_up()
    calls = await bot.hears(REPORT, ADA, reply_to=question.result)

    assert [call.chat_id for call in calls] == [ADMIN.id, ADA.id]
    assert said([calls[-1]]).startswith("Thank you.")


async def test_who_reports_is_told_honestly_when_no_administrator_can_be_reached(bot: House) -> None:
    question = await asks(bot)
    bot.telegram.answers("sendMessage", forbidden("bot was blocked by the user"), chat=ADMIN)
    bot.telegram.answers("sendMessage", forbidden("bot was blocked by the user"), chat=FATIMA)

    assert said(await bot.hears(REPORT, ADA, reply_to=question.result)).startswith("The administrators cannot be reached right now.")


@pytest.mark.usefixtures("admins")
async def test_reports_are_limited_per_hour_and_the_limit_is_said(bot: House) -> None:
    question = await asks(bot)
    for _ in range(5):
        assert said(await bot.hears(REPORT, ADA, reply_to=question.result)).endswith("passed on to the administrators.")

    sixth = await bot.hears(REPORT, ADA, reply_to=question.result)
    assert [call.chat_id for call in sixth] == [ADA.id]
    assert "many reports within an hour" in said(sixth)
    bot.clock.advance(3601)
    assert len(await bot.hears(REPORT, ADA, reply_to=question.result)) == 3


@pytest.mark.usefixtures("admins")
async def test_the_longest_report_arrives_whole(bot: House) -> None:
    question = await asks(bot)
    longest = "<b>" + "слово " * 681 + "кінець"
    calls = await bot.hears(longest[:4096], ADA, reply_to=question.result)

    to_admin = "".join(call.text for call in calls if call.chat_id == ADMIN.id)
    assert to_admin.count("слово") == longest[:4096].count("слово")


@pytest.mark.usefixtures("admins")
async def test_a_reply_to_anything_else_is_no_report(bot: House) -> None:
    card = the(await bot.hears("/city Nikopol", ADA))
    calls = await bot.hears("Melitopol", ADA, reply_to=card.result)

    assert [call.chat_id for call in calls] == [ADA.id]
    assert the(calls).text.startswith("🇺🇦 Melitopol")


@pytest.mark.usefixtures("admins")
async def test_a_command_in_reply_to_the_question_is_still_a_command(bot: House) -> None:
    question = await asks(bot)

    assert the(await bot.hears("/city Melitopol", ADA, reply_to=question.result)).text.startswith("🇺🇦 Melitopol")


@pytest.mark.usefixtures("admins")
async def test_in_a_group_the_reply_reaches_the_administrators_too(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA, ADA])
    shown = the(await bot.hears("/city Nikopol", LESIA, group))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = OpenSources(328).pack()
    sources = the(await bot.presses(shown, OpenSources(328).pack(), LESIA))
    question = the(await bot.presses(sources, labels(sources)[0], LESIA))
    calls = await bot.hears("Рік неправильний", LESIA, group, reply_to=question.result)

    assert [call.chat_id for call in calls] == [FATIMA.id, ADMIN.id, group.id]


async def test_a_report_leaves_nothing_in_the_database(bot: House) -> None:
    question = await asks(bot)
    await bot.hears(REPORT, ADA, reply_to=question.result)

    assert said(await bot.hears("/mydata", ADA)) == "Nothing is stored about this chat."


@pytest.mark.parametrize("data", ["1:r:city:9999", "1:r:practice:p999", "1:r:news:n999", "1:r:place:1", "1:r:city:nikopol", "1:r:city:²"])
async def test_a_record_that_is_gone_cannot_be_reported(bot: House, data: str) -> None:
    shown = the(await bot.hears("/start", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data
    after = the(await bot.presses(shown, data, ADA))

    assert after.text in {"This record is no longer in the data set.", said(await bot.hears("/start", ADA))}
    assert len(sent([after])) == 1


def test_the_limit_is_of_each_chat_and_forgets_the_longest_silent_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "CHATS", 2)
    limit = ReportLimit(most=1)

    assert [limit.admits(1, 0), limit.admits(1, 0), limit.admits(2, 0)] == [True, False, True]
    assert limit.admits(3, 1), "the first chat is forgotten now"
    assert limit.admits(1, 2)
