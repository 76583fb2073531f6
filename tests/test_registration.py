"""What Telegram shows of the bot by itself is sent once, and again only when it changed."""

import json
import logging

import pytest

from bot import registration
from bot.emulator import Unreachable, server_error, too_many_requests
from bot.i18n import Reader
from bot.registration import ADMIN as FOR_ADMINS
from bot.registration import GROUP, PRIVATE, command_descriptions, description, register, short_description
from tests.fakes.house import House, said, the
from tests.fakes.updates import ADA, ADMIN


async def registers(bot: House) -> bool:
    return await register(bot.application.bot, bot.services, bot.db)


async def test_commands_and_descriptions_are_told_once_per_language_and_scope(bot: House) -> None:
    await bot.hears("/start", ADMIN)
    assert await registers(bot)
    told = [call.method for call in bot.telegram.log if call.method.startswith("setMy")]
    asked_again = len(bot.telegram.log)
    assert not await registers(bot)

    assert told.count("setMyCommands") == 7, "private and group, for English, Ukrainian and everybody else; and the admin"
    assert told.count("setMyDescription") == told.count("setMyShortDescription") == 3
    assert len(bot.telegram.log) == asked_again
    for scope in ("all_private_chats", "all_group_chats"):
        assert {lang for kind, lang in bot.telegram.commands if json.loads(kind)["type"] == scope} == {"", "en", "uk"}


async def test_a_restart_tells_nothing_anew(bot: House) -> None:
    await registers(bot)
    await bot.restarts()

    assert not await registers(bot)


async def test_the_menu_speaks_the_language_of_its_reader_and_english_to_the_rest(bot: House) -> None:
    await registers(bot)
    scope = json.dumps({"type": "all_private_chats"})
    menus = {
        lang: {command["command"]: command["description"] for command in bot.telegram.commands[scope, lang]} for lang in ("", "en", "uk")
    }

    assert menus[""] == menus["en"] != menus["uk"]
    assert list(menus["uk"]) == list(PRIVATE)
    assert all(any("а" <= letter <= "ї" for letter in text.lower()) for text in menus["uk"].values())


@pytest.mark.parametrize("changed", ["PRIVATE", "GROUP"])
async def test_a_change_of_the_menu_is_told(bot: House, monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    await registers(bot)
    shorter = tuple(reversed(getattr(registration, changed)))
    scopes = tuple((scope, shorter if commands == getattr(registration, changed) else commands) for scope, commands in registration.SCOPES)
    monkeypatch.setattr(registration, "SCOPES", scopes)

    assert await registers(bot)
    assert not await registers(bot)


async def test_a_change_of_words_is_told(bot: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await registers(bot)
    monkeypatch.setattr(registration, "short_description", lambda _reader: "Other words.")

    assert await registers(bot)
    assert bot.telegram.profile["short_description", "uk"] == "Other words."


@pytest.mark.parametrize("mood", [server_error(), too_many_requests(30), Unreachable()])
async def test_a_failure_stops_nothing_and_is_tried_again_at_the_next_start(
    troubled_bot: House, mood: object, caplog: pytest.LogCaptureFixture
) -> None:
    troubled_bot.telegram.answers("setMyDescription", mood)  # type: ignore[arg-type]
    assert not await registers(troubled_bot)
    assert [record.levelno for record in caplog.records if record.name == "bot.registration"] == [logging.WARNING]
    await troubled_bot.restarts()

    assert await registers(troubled_bot)


@pytest.mark.parametrize("command", PRIVATE)
async def test_every_command_of_the_menu_is_one_the_bot_has(bot: House, command: str) -> None:
    assert the(await bot.hears(f"/{command}", ADA))
    assert "I do not know the command" not in said(await bot.hears(f"/{command}", ADA))


def test_groups_are_offered_what_works_in_groups() -> None:
    assert set(GROUP) < set(PRIVATE)
    assert not {"mydata", "forget", "nearby"} & set(GROUP)


def test_every_text_keeps_within_what_telegram_shows(reader: Reader) -> None:
    assert all(1 <= len(text) <= 40 for text in command_descriptions(reader).values()), "longer ones are cut on phones"
    assert len(description(reader)) <= 512
    assert len(short_description(reader)) <= 120
    assert set(command_descriptions(reader)) == {*PRIVATE, *FOR_ADMINS}
