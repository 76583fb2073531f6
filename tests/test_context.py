"""How an answer leaves: what it hangs on, where it goes, and what becomes of a pressed button."""

from dataclasses import replace

import pytest
from telegram import InlineKeyboardMarkup

from bot.callbacks import Download, ListCities
from bot.context import inline_keyboard
from bot.emulator import Call, refused_by_world
from bot.emulator.methods.edits import NOT_MODIFIED
from bot.markup import Button
from bot.settings import Limits
from data.types import CountryCode, Filter
from tests.fakes.house import Furniture, House, labels, said, the, to
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, LESIA


async def test_in_a_group_an_answer_hangs_on_its_question(bot: House) -> None:
    group = bot.telegram.group("Teachers", [ADA])
    shown = the(await bot.hears("/city Nikopol", ADA, group))

    assert shown.chat_id == group.id
    assert shown.result["reply_to_message"]["text"] == "/city Nikopol"


async def test_in_private_an_answer_stands_alone(bot: House) -> None:
    assert "reply_parameters" not in the(await bot.hears("/city Nikopol", ADA)).params


async def test_a_question_that_was_deleted_is_answered_all_the_same(bot: House) -> None:
    group = bot.telegram.group("Teachers", [ADA])
    update = bot.telegram.says(group, ADA, "/city Nikopol")
    del group.messages[update["message"]["message_id"]]

    assert the(await bot.catches_up()).text.startswith("🇺🇦 Nikopol")


async def test_in_a_topic_everything_stays_in_the_topic(bot: House) -> None:
    forum = bot.telegram.group("Teachers", [ADA], topics=["Cities"])
    thread = max(forum.topics)
    shown = the(await bot.hears("/city Nikopol", ADA, forum, thread=thread))
    venue = the(await bot.presses(shown, "🗺 On the map", ADA))
    cities = the(await bot.hears("/cities Ukraine", ADA, forum, thread=thread))
    file = the(await bot.presses(cities, to(cities, Download), ADA))

    assert [call.result.get("message_thread_id") for call in (shown, venue, cities, file)] == [thread] * 4


async def test_in_the_general_topic_the_thread_is_left_out(bot: House) -> None:
    forum = bot.telegram.group("Teachers", [ADA], topics=["Cities"])
    plain = the(await bot.hears("/city Nikopol", ADA, forum))
    assert "message_thread_id" not in plain.params

    # Clients may mark messages of the General topic with its number, 1, which Telegram does not take back.
    update = bot.telegram.says(forum, ADA, "/city Nikopol")
    update["message"] |= {"message_thread_id": 1, "is_topic_message": True}
    assert "message_thread_id" not in the(await bot.catches_up()).params


async def test_a_reply_outside_a_forum_is_not_taken_for_a_topic(bot: House) -> None:
    """In an ordinary supergroup a chain of replies has a thread number, too."""
    group = bot.telegram.group("Teachers", [ADA])
    update = bot.telegram.says(group, ADA, "/city Nikopol")
    update["message"] |= {"message_thread_id": 7}

    assert "message_thread_id" not in the(await bot.catches_up()).params


@pytest.mark.parametrize("closed", [True, False])
async def test_where_the_bot_may_not_write_the_log_stays_silent(bot: House, closed: bool) -> None:
    forum = bot.telegram.group("Teachers", [ADA], topics=["Cities"])
    if closed:
        bot.telegram.closes_topic(forum, max(forum.topics))
    else:
        forum.denied.add("can_send_messages")

    assert await bot.hears("/city Nikopol", ADA, forum, thread=max(forum.topics)) == []


async def presses_everything(bot: House, shown: Call) -> list[list[Call]]:
    """What each button of a message leads to."""
    data = [button["callback_data"] for row in shown.buttons for button in row if "callback_data" in button]
    answers = []
    for pressed in data:
        fresh = the(await bot.hears("/start", ADA))
        bot.message_of(fresh)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = pressed
        answers.append(await bot.presses(fresh, pressed, ADA))
    return answers


@pytest.mark.parametrize(
    "command",
    [
        *("/start", "/help", "/about", "/join", "/status", "/language", "/privacy", "/forget"),
        *("/city Nikopol", "/city La Paz", "/city Dnipro", "/city Verona", "/cities", "/cities Korea", "/cities Ukraine", "/countries"),
        *("/practices", "/practices older people", "/practices zeppelins", "/awards", "/awards 2019", "/awards 2018", "/news"),
        *("/subscribe", "/subscribe Nikopol", "/subscribe Nikopl", "/subscribe Dnipro", "/subscribe zzzqqq", "/subscriptions", "/missed"),
    ],
)
async def test_every_button_of_every_screen_works_and_is_answered_once_and_first(bot: House, command: str) -> None:
    shown = the(await bot.hears(command, ADA))
    assert all(len(row) <= 4 for row in shown.buttons)
    for calls in await presses_everything(bot, shown):
        assert calls[0].method == "answerCallbackQuery"
        assert len(sent(calls, "answerCallbackQuery")) == 1
        assert len(sent(calls) + sent(calls, "editMessageReplyMarkup")) == 1
        assert "no longer in the data set" not in said(calls)


async def test_a_second_tap_on_the_same_button_asks_for_no_needless_edit(bot: House) -> None:
    first = the(await bot.hears("/cities Korea", ADA))
    second = the(await bot.presses(first, "Next ›", ADA))
    late = bot.telegram.presses(ADA, second.result, "Next ›")
    late["callback_query"]["data"] = ListCities(Filter(country=CountryCode("KR")), 1).pack()

    assert [call.method for call in await bot.catches_up()] == ["answerCallbackQuery"]


async def test_a_message_that_already_shows_the_screen_counts_as_shown(bot: House) -> None:
    first = the(await bot.hears("/cities Korea", ADA))
    bot.telegram.answers("editMessageText", refused_by_world(NOT_MODIFIED))

    assert [call.method for call in await bot.presses(first, "Next ›", ADA)] == ["answerCallbackQuery"]


async def test_a_message_that_was_deleted_meanwhile_is_no_error(bot: House) -> None:
    first = the(await bot.hears("/cities Korea", ADA))
    bot.telegram.presses(ADA, first.result, "Next ›")
    del bot.telegram.chats[ADA.id].messages[first.result["message_id"]]

    assert [call.method for call in await bot.catches_up()] == ["answerCallbackQuery"]


async def test_a_press_that_telegram_gave_up_on_is_no_error(bot: House) -> None:
    first = the(await bot.hears("/cities Korea", ADA))
    bot.telegram.presses(ADA, first.result, "Next ›")
    bot.clock.advance(3600)

    await bot.catches_up()


async def test_a_message_too_old_to_be_seen_gets_its_screen_in_a_new_one(bot: House) -> None:
    """Telegram hands over only the number of a message that the bot may no longer see."""
    first = the(await bot.hears("/cities Korea", ADA))
    update = bot.telegram.presses(ADA, first.result, "Next ›")
    message = update["callback_query"]["message"]
    update["callback_query"]["message"] = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}

    shown = the(await bot.catches_up())
    assert (shown.method, "Page 2 of 5" in shown.text) == ("sendMessage", True)


async def test_links_in_answers_are_not_unfolded_into_previews(bot: House) -> None:
    assert the(await bot.hears("/city Nikopol", ADA)).params["link_preview_options"] == {"is_disabled": True}


async def test_another_chat_of_the_same_reader_may_speak_another_language(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA])
    shown = the(await bot.hears("/language", LESIA, group))
    await bot.presses(shown, "English", LESIA)

    assert "Nikopol" in said(await bot.hears("/city Nikopol", LESIA, group)).splitlines()[0]
    assert "English" in labels(the(await bot.hears("/start", LESIA))), "in private nothing has changed"


def test_buttons_are_made_as_telegram_takes_them() -> None:
    rows = ((Button("A", ListCities(Filter())), Button("B", url="https://example.org")), (), (Button("C", inline_query="nik"),))
    made = inline_keyboard(rows)

    everywhere = {"query": "nik", "allow_user_chats": True, "allow_group_chats": True, "allow_channel_chats": True}
    assert made.to_dict() == {
        "inline_keyboard": [
            [{"text": "A", "callback_data": "1:l:,,,,,m:0"}, {"text": "B", "url": "https://example.org"}],
            [{"text": "C", "switch_inline_query_chosen_chat": everywhere}],
        ]
    }
    # What PTB's own objects of these buttons say, so that a change there is noticed here.
    assert InlineKeyboardMarkup.de_json(made.to_dict()).to_dict() == made.to_dict()


async def test_every_update_is_timed_by_its_kind(bot: House) -> None:
    shown = the(await bot.hears("/start", ADA))
    await bot.presses(shown, labels(shown)[0], ADA)
    await bot.types_inline("nik", ADA)

    for kind in ("message", "callback_query", "inline_query"):
        assert f'bot_update_seconds_count{{kind="{kind}"}} 1.0'.encode() in bot.services.metrics.exposition()


async def test_languages_are_kept_even_of_chats_that_memory_forgot(furniture: Furniture) -> None:
    async with House(replace(furniture, limits=Limits(remembered_chats=1))) as bot:
        await bot.presses(the(await bot.hears("/language", ADA)), "Українська", ADA)
        for someone in range(3):
            await bot.hears("/start", bot.telegram.user(f"Reader {someone}"))

        assert the(await bot.hears("/city Nikopol", ADA)).text.startswith("🇺🇦 Нікополь")
