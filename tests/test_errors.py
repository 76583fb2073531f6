"""What becomes of an exception: a line in the log, and a word to the reader with the code that stands in both."""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.emulator import Cut, Unreachable, bad_request, forbidden, server_error, too_many_requests
from bot.errors import cause_of
from bot.transport import AnswerTimedOut, NeverSent
from data.catalogue import Catalogue
from tests.fakes.house import House, labels, said, the
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, LESIA

CODE = re.compile(r"\b[0-9A-F]{4}\b")


def codes_in(caplog: pytest.LogCaptureFixture, level: int = logging.ERROR) -> list[str]:
    """The codes that stand in the log, of records of this level or a graver one."""
    return [code for record in caplog.records if record.levelno >= level for code in re.findall(r"code=(\w+)", record.getMessage())]


def failures(bot: House, cause: str) -> float:
    """What the metrics count."""
    return bot.services.metrics.registry.get_sample_value("bot_failures_total", {"cause": cause}) or 0


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on a lookup of a city is a defect of ours."""

    def broken(_self: Catalogue, _text: str) -> Any:
        raise ZeroDivisionError("the secret is xyzzy")

    return lambda: monkeypatch.setattr(Catalogue, "find_city", broken)


async def test_a_defect_is_admitted_with_the_code_that_stands_in_the_log(
    troubled_bot: House, breaks: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    breaks()
    shown = the(await troubled_bot.hears("/city Nikopol", ADA))

    assert shown.text.startswith("Something went wrong on my side; it has been noted. Please try again.")
    assert "xyzzy" not in shown.text
    assert CODE.findall(shown.text) == codes_in(caplog)
    assert "ZeroDivisionError" in caplog.text


async def test_a_defect_is_admitted_in_the_language_of_the_chat(troubled_bot: House, breaks: Callable[[], None]) -> None:
    breaks()

    assert "Something went wrong" not in said(await troubled_bot.hears("/city Nikopol", LESIA))


async def test_a_defect_is_counted_by_its_cause(troubled_bot: House, breaks: Callable[[], None]) -> None:
    breaks()
    await troubled_bot.hears("/city Nikopol", ADA)
    await troubled_bot.hears("/city Nikopol", ADA)

    assert failures(troubled_bot, "defect") == 2


async def test_after_a_defect_the_next_question_is_answered(
    troubled_bot: House, breaks: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks()
    await troubled_bot.hears("/city Nikopol", ADA)
    monkeypatch.undo()

    assert the(await troubled_bot.hears("/city Nikopol", ADA)).text.startswith("🇺🇦 Nikopol")


async def test_a_defect_behind_a_button_ends_the_waiting_and_leaves_the_message(
    troubled_bot: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = the(await troubled_bot.hears("/city Nikopol", ADA))
    monkeypatch.setattr(Catalogue, "similar", lambda _self, _city: 1 / 0)
    calls = await troubled_bot.presses(card, "Similar cities", ADA)

    assert [call.method for call in calls] == ["answerCallbackQuery", "sendMessage"]
    assert troubled_bot.message_of(card)["text"] == card.text


async def test_a_choice_that_cannot_be_saved_is_said_with_the_code_in_the_log(
    troubled_bot: House, caplog: pytest.LogCaptureFixture
) -> None:
    shown = the(await troubled_bot.hears("/language", ADA))
    await troubled_bot.loses_its_database()
    failed = the(await troubled_bot.presses(shown, "Українська", ADA))

    assert failed.text.startswith("It could not be saved: the database is unavailable right now.")
    assert CODE.findall(failed.text) == codes_in(caplog)
    assert failures(troubled_bot, "storage") == 1


async def test_a_failure_of_the_database_is_told_in_the_language_of_the_reader(troubled_bot: House) -> None:
    shown = the(await troubled_bot.hears("/language", LESIA))
    await troubled_bot.loses_its_database()

    words = said(await troubled_bot.presses(shown, "English", LESIA))
    assert "It could not be saved" not in words
    assert CODE.search(words)


@pytest.mark.parametrize("command", ["/mydata", "/forget"])
async def test_what_needs_the_database_says_that_it_is_gone(troubled_bot: House, command: str) -> None:
    asked = the(await troubled_bot.hears("/forget", ADA))
    await troubled_bot.loses_its_database()
    calls = await (troubled_bot.hears("/mydata", ADA) if command == "/mydata" else troubled_bot.presses(asked, labels(asked)[0], ADA))

    assert "the database is unavailable right now" in said(calls)


@pytest.mark.parametrize("asked", ["/city Nikopol", "Nikopol", "/start", "/cities Ukraine"])
async def test_reading_goes_on_without_a_database_and_is_noted_once_an_update(
    troubled_bot: House, asked: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The catalogue is in memory; only the chosen language is not, so Telegram's stands in."""
    await troubled_bot.loses_its_database()

    assert "Nikopol" in the(await troubled_bot.hears(asked, ADA)).text
    assert "Нікополь" in the(await troubled_bot.hears("/city Nikopol", LESIA)).text
    assert len(codes_in(caplog, logging.WARNING)) == 2
    assert failures(troubled_bot, "storage") == 0, "everybody had an answer"


async def test_inline_search_goes_on_without_a_database(troubled_bot: House) -> None:
    await troubled_bot.loses_its_database()

    assert the(await troubled_bot.types_inline("nik", ADA), "answerInlineQuery").params["results"][0]["title"] == "🇺🇦 Nikopol"


async def test_a_reader_who_blocked_the_bot_is_no_error(bot: House, caplog: pytest.LogCaptureFixture) -> None:
    bot.telegram.says(None, ADA, "/city Nikopol")
    bot.telegram.blocks(ADA)

    assert await bot.catches_up() == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert failures(bot, "unreachable") == 1


@pytest.mark.parametrize(
    "mood", [Unreachable(), Cut(), Cut(accepted=True), server_error(), too_many_requests(7)], ids=lambda mood: type(mood).__name__
)
async def test_a_network_that_fails_is_one_line_in_the_log_without_a_traceback(
    troubled_bot: House, mood: Any, caplog: pytest.LogCaptureFixture
) -> None:
    troubled_bot.telegram.answers("sendMessage", mood, times=2)
    calls = await troubled_bot.hears("/city Nikopol", ADA)

    assert len(sent(calls)) <= 1
    assert len(codes_in(caplog)) == 1
    assert all(record.exc_info is None for record in caplog.records if record.levelno >= logging.ERROR)


@pytest.mark.parametrize("mood", [Unreachable(), too_many_requests(1)], ids=lambda mood: type(mood).__name__)
async def test_a_person_is_answered_after_a_short_pause_and_after_a_request_that_never_left(bot: House, mood: Any) -> None:
    bot.telegram.answers("sendMessage", mood)

    [answer] = sent(await bot.hears("/city Nikopol", ADA))
    assert answer.text.startswith("🇺🇦 Nikopol")


async def test_a_failure_that_cannot_even_be_told_is_logged_and_no_more(
    troubled_bot: House, breaks: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    breaks()
    troubled_bot.telegram.answers("sendMessage", forbidden("bot was blocked by the user"))

    assert await troubled_bot.hears("/city Nikopol", ADA) == []
    assert len(set(codes_in(caplog, logging.WARNING))) == 1


async def test_a_request_that_telegram_refuses_is_our_defect_and_told_so(troubled_bot: House, caplog: pytest.LogCaptureFixture) -> None:
    troubled_bot.telegram.answers("sendMessage", bad_request("can't parse entities: Unclosed start tag"))
    shown = the(await troubled_bot.hears("/city Nikopol", ADA))

    assert shown.text.startswith("Something went wrong on my side")
    assert "can't parse entities" in caplog.text.lower()


async def test_no_failure_shows_the_token(troubled_bot: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for mood in (Unreachable(), server_error(), bad_request("x"), forbidden("bot was blocked by the user")):
        troubled_bot.telegram.answers("sendMessage", mood)
        await troubled_bot.hears("/city Nikopol", ADA)

    assert troubled_bot.telegram.token.partition(":")[2] not in "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("bot.")
    )


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (BadRequest("Message is not modified: specified new message content"), "benign"),
        (BadRequest("Query is too old and response timeout expired or query ID is invalid"), "benign"),
        (BadRequest("Message to edit not found"), "benign"),
        (BadRequest("Can't parse entities"), "defect"),
        (Forbidden("Forbidden: bot was blocked by the user"), "unreachable"),
        (NetworkError("x"), "network"),
        (TimedOut(), "network"),
        (NeverSent("x"), "network"),
        (AnswerTimedOut("x"), "network"),
        (RetryAfter(3), "network"),
        (ChatMigrated(-5), "unreachable"),
        (BadRequest("Chat not found"), "unreachable"),
        (BadRequest("Not enough rights to send text messages to the chat"), "unreachable"),
        (BadRequest("TOPIC_CLOSED"), "unreachable"),
        (Conflict("x"), "defect"),
        (InvalidToken("x"), "defect"),
        (OperationalError("SELECT 1", {}, Exception("gone")), "storage"),
        (ConnectionRefusedError(111, "Connect call failed"), "storage"),
        (TimeoutError(), "storage"),
        (KeyError("x"), "defect"),
    ],
    ids=repr,
)
def test_each_error_has_the_cause_that_an_operator_would_name(error: Exception, cause: str) -> None:
    assert cause_of(error) == cause


async def test_a_flood_is_told_once_and_the_rest_is_answered(bot: House) -> None:
    for _ in range(30):
        bot.telegram.says(None, ADA, "/city Nikopol")
    updates = [Update.de_json(json, bot.application.bot) for json in bot.telegram.updates.drain()]
    gate = bot.application.update_processor
    await asyncio.gather(*(gate.process_update(update, bot.application.process_update(update)) for update in updates))

    answers = [call.text for call in sent(bot.telegram.log)]
    assert sum(text.startswith("Too many messages at once") for text in answers) == 1
    assert sum(text.startswith("🇺🇦 Nikopol") for text in answers) == 21, "one in hand and twenty that waited"
