"""Calls with a last day, from /publish to the reminder and the calendar; and new members, that can be followed by themselves."""

import asyncio
import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bot import reminding
from bot.callbacks import ListFollows, ManageItem, SendCalendar, WriteNews
from bot.emulator import Call, Chat, User
from bot.screens.reminders import passed
from data import publications
from data.follows import NETWORK, Kind, Receiver, Target
from data.reminding import remind
from data.topics import Topic
from data.types import FuzzyDate
from tests.fakes.databases import shipped_file
from tests.fakes.house import Furniture, House, labels, leads_to, said, the, to, unbroken
from tests.fakes.press import amends, delivers, publishes, takes_up
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, ADMIN, LESIA

__all__ = ["shipped_file"]  # a fixture

DEADLINES = Target(Kind.TOPIC, Topic.DEADLINES)
NEW_MEMBERS = Target(Kind.TOPIC, Topic.NEW_MEMBERS)
DAY = dt.date(2026, 4, 15)
WEDNESDAY = unbroken("середа, 15 квітня 2026") + "\N{NARROW NO-BREAK SPACE}р."
CALL = """/publish Конкурс для міст
Міста можуть подати заявку.
https://example.org/call
дедлайн: 15.04.2026
про: мережа, дедлайни
---
A call for cities
Cities may apply."""


@pytest.fixture
def furniture(furniture: Furniture, shipped_file: Path, tmp_path: Path) -> Furniture:
    shutil.copy(shipped_file, tmp_path / "shipped.db")
    return replace(furniture, file=tmp_path / "shipped.db")


async def followed(bot: House, chat: Chat | User) -> set[Target]:
    return {one.target for one in await bot.services.follows.of(Receiver(chat.id, 0))}


async def reminds(bot: House, days: int, of: dt.date = DAY) -> list[Call]:
    """So many days before, at eight in the morning: what goes out."""
    now = dt.datetime.combine(of - dt.timedelta(days=days), dt.time(8), tzinfo=dt.UTC)
    bot.clock.advance(now - bot.clock.now())
    await remind(bot.db, bot.catalogue, bot.clock.now())
    return sent(await delivers(bot))


def read(shown: Call) -> Any:
    """The file that was sent, as a calendar; the types of its values are its own."""
    assert shown.method == "sendDocument"
    return Calendar.from_ical(shown.params["document"].content)


@pytest.mark.parametrize(
    ("words", "target"),
    [
        *((words, NEW_MEMBERS) for words in ("new members", "New cities", "new member cities", "newcomers")),
        *((words, NEW_MEMBERS) for words in ("нові члени", "нові міста-учасники", "Нові міста мережі", "нових учасників", "новачки")),
        *((words, DEADLINES) for words in ("calls and deadlines", "deadlines", "open calls", "calls for applications")),
        *((words, DEADLINES) for words in ("конкурси та дедлайни", "дедлайни", "Дедлайн", "подання заявок", "заявки")),
    ],
)
async def test_kinds_of_news_are_followed_as_people_call_them(bot: House, words: str, target: Target) -> None:
    await bot.hears(f"/subscribe {words}", ADA)

    assert await followed(bot, ADA) == {target}


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("нові міста України", Target(Kind.COUNTRY, "UA")),
        ("нові громади", Target(Kind.THEME, "community-learning")),
        ("all news", NETWORK),
        ("latest news", None),
        ("що нового", None),
        ("new", None),
        ("how to join", None),
        ("дидлайни", None),
    ],
)
async def test_what_only_sounds_like_a_kind_of_news_is_not_taken_for_one(bot: House, words: str, target: Target | None) -> None:
    await bot.hears(f"/subscribe {words}", ADA)

    assert await followed(bot, ADA) == ({target} if target else set())


async def test_the_first_screen_and_links_offer_them_too(bot: House) -> None:
    shown = the(await bot.hears("/subscribe", LESIA))
    assert labels(shown)[2:4] == ["Нові міста-учасники", "Конкурси та дедлайни"]
    assert len(labels(shown)) <= 6
    assert ListFollows not in leads_to(shown), "/subscriptions lists them, and whoever follows is offered the list"
    done = the(await bot.presses(shown, "Нові міста-учасники", LESIA))
    assert done.text.startswith("🔔 Ви стежите за новинами: нові міста-учасники\n\nОстання новина: ")

    linked = the(await bot.hears("/start f_k_deadlines", LESIA))
    await bot.presses(linked, "🔔 Стежити", LESIA)
    assert await followed(bot, LESIA) == {NEW_MEMBERS, DEADLINES}
    listed = the(await bot.hears("/subscriptions", LESIA))
    assert "конкурси та дедлайни" in listed.text


async def test_who_follows_new_members_hears_of_those_only(bot: House) -> None:
    await bot.hears("/subscribe нові члени", LESIA)
    await publishes(bot, "/publish Нікополь відкрив центр\nЦентр для всіх. https://example.org/1")
    await publishes(bot, "/publish Рівне приєдналося\nРівне тепер у мережі. https://example.org/2\nпро: Україна, нові члени")
    (shown,) = sent(await delivers(bot))

    assert "Рівне приєдналося" in shown.text
    assert shown.text.splitlines()[-1] == "Ви стежите за новинами: нові міста-учасники"


async def test_the_preview_names_the_last_day_and_counts_who_follows_deadlines(bot: House) -> None:
    await bot.hears("/subscribe дедлайни", LESIA)
    shown = the(await bot.hears(CALL.replace("про: мережа, дедлайни\n", ""), ADMIN))

    assert f"Крайній строк: {WEDNESDAY}" in shown.text
    assert "дедлайн: 15" not in shown.text, "the line is no part of the text"
    assert "Отримає 1 чат." in shown.text
    await bot.presses(shown, to(shown, WriteNews), ADMIN)
    await takes_up(bot)
    (item,) = [item for item in bot.catalogue.news if item.deadline == DAY]
    assert (await bot.services.newsroom.words(item.id) or item).deadline == "2026-04-15"


@pytest.mark.parametrize("line", ["deadline: soon", "дедлайн: 31.02.2026", "Deadline:", "крайній строк: квітень"])
async def test_a_deadline_that_is_no_day_is_not_published(bot: House, line: str) -> None:
    shown = the(await bot.hears(f"/publish A\nB https://example.org\n{line}", ADMIN))

    assert "Дедлайном має бути день" in shown.text
    assert "Опублікувати" not in labels(shown)


async def test_a_deadline_that_is_over_is_refused_and_the_draft_stays(bot: House) -> None:
    shown = the(await bot.hears(CALL.replace("15.04.2026", "1 березня 2026"), ADMIN))
    answer = said(await bot.presses(shown, "Опублікувати", ADMIN))

    assert "deadline: must not be before the date of the item, 2026-03-02" in answer


async def test_followers_are_reminded_a_week_and_a_day_before_once_each(bot: House) -> None:
    await bot.hears("/subscribe дедлайни", LESIA)
    await bot.hears("/subscribe the network", ADA)
    await publishes(bot, CALL)
    (told, _) = sent(await delivers(bot))
    assert f"Крайній строк: {WEDNESDAY}" in told.text
    assert "📅 До календаря" in labels(told)

    assert await reminds(bot, 8) == []
    week = {call.chat_id: call for call in await reminds(bot, 7)}
    assert week[LESIA.id].text.splitlines() == [
        "⏰ До крайнього строку 7 днів",
        "Конкурс для міст",
        "",
        f"Крайній строк: {WEDNESDAY}",
        "",
        "Міста можуть подати заявку.",
        "",
        "Як подати заявку: example.org",
        "Ви стежите за новинами: конкурси та дедлайни",
    ]
    assert labels(week[LESIA.id]) == ["📅 До календаря", "Читати", "Не стежити"]
    assert week[ADA.id].text.startswith("⏰ 7 days are left until the deadline\nA call for cities")
    await bot.restarts()
    await takes_up(bot)
    assert await reminds(bot, 6) == []
    assert {call.chat_id: call.text.splitlines()[0] for call in await reminds(bot, 1)} == {
        LESIA.id: "⏰ Крайній строк завтра",
        ADA.id: "⏰ The deadline is tomorrow",
    }
    assert await reminds(bot, 0) == []
    assert await reminds(bot, -1) == []


async def test_a_reminder_that_comes_late_says_how_long_is_left_by_now(bot: House) -> None:
    await bot.hears("/subscribe deadlines", ADA)
    await publishes(bot, CALL)
    await delivers(bot)

    (late,) = await reminds(bot, 3)
    assert late.text.startswith("⏰ 3 days are left until the deadline\n")
    (last,) = await reminds(bot, 0)
    assert last.text.startswith("⏰ The deadline is today\n")


async def test_a_reminder_ends_its_follow_with_a_tap_and_takes_that_back(bot: House) -> None:
    await bot.hears("/subscribe deadlines", ADA)
    await publishes(bot, CALL)
    await delivers(bot)
    (shown,) = await reminds(bot, 7)

    ended = the(await bot.presses(shown, "Do not follow", ADA))
    assert ended.text.splitlines()[-1] == "No longer followed: calls and deadlines"
    assert ended.text.startswith("⏰ 7 days are left until the deadline")
    assert await followed(bot, ADA) == set()
    again = the(await bot.presses(ended, "🔔 Follow again", ADA))
    assert labels(again) == ["📅 To the calendar", "Read", "Do not follow"]
    assert await followed(bot, ADA) == {DEADLINES}


async def test_a_reminder_that_perhaps_did_not_arrive_is_missed_as_the_news_that_it_reminds_of(troubled_bot: House) -> None:
    bot = troubled_bot
    await bot.hears("/subscribe deadlines", ADA)
    await publishes(bot, CALL)
    await delivers(bot)
    bot.telegram.blocks(ADA)
    await reminds(bot, 7)
    bot.telegram.unblocks(ADA)
    await bot.catches_up()

    missed = the(await bot.hears("/missed", ADA))
    assert "News that perhaps did not reach you: 1" in missed.text
    assert "A call for cities" in missed.text


async def test_a_deadline_that_is_put_off_changes_what_was_sent_and_reminds_anew(bot: House) -> None:
    await bot.hears("/subscribe deadlines", ADA)
    card = await publishes(bot, CALL)
    await delivers(bot)
    await reminds(bot, 7)

    asked = the(await bot.presses(card, to(card, ManageItem, labels(card).index("Виправити")), ADMIN))
    assert "deadline: 2026-04-15" in asked.text
    later = asked.text.split("\n", 1)[1].rpartition("\n")[0].rpartition("\n")[0].replace("2026-04-15", "2026-05-20")
    shown = the(await bot.hears(later, ADMIN, reply_to=asked.result))
    await bot.presses(shown, to(shown, WriteNews), ADMIN)
    await takes_up(bot)
    edits = sent(await amends(bot), "editMessageText")
    assert len([call for call in edits if unbroken("Wednesday, 20 May 2026") in call.text]) == 2, "the news and the reminder"

    assert await reminds(bot, 1) == [], "of the old day nobody hears any more"
    (anew,) = [call for call in await reminds(bot, 7, dt.date(2026, 5, 20)) if "A call for cities" in call.text]
    assert anew.text.startswith("⏰ 7 days are left until the deadline\nA call for cities")


async def test_what_is_withdrawn_takes_its_reminders_along(bot: House) -> None:
    await bot.hears("/subscribe deadlines", ADA)
    card = await publishes(bot, CALL)
    await delivers(bot)
    await reminds(bot, 7)

    await bot.presses(card, "Відкликати", ADMIN)
    await takes_up(bot)
    calls = await amends(bot)
    assert len([call for call in calls if call.method in {"deleteMessage", "editMessageText"} and call.chat_id == ADA.id]) == 2
    assert await reminds(bot, 1) == []


async def test_the_process_that_sends_reminds_and_no_other(bot: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "EVERY", 0.01)
    bot.clock.advance(dt.datetime(2026, 5, 8, 8, tzinfo=dt.UTC) - bot.clock.now())
    leads = False
    task = asyncio.create_task(reminding.keep_reminding(bot.db, bot.services, lambda: leads))

    async def ordered(wait: int) -> list[str]:
        for _ in range(wait):
            await asyncio.sleep(0.01)
            async with bot.db.read() as connection:
                if items := await publications.unfinished(connection):
                    return items
        return []

    assert await ordered(10) == []
    leads = True
    assert await ordered(500) == ["r:n092:2026-05-15:7"]
    task.cancel()
    await asyncio.wait({task})


async def test_a_database_that_fails_is_asked_again(
    troubled_bot: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reminding, "EVERY", 0.01)
    await troubled_bot.loses_its_database()
    task = asyncio.create_task(reminding.keep_reminding(troubled_bot.db, troubled_bot.services, lambda: True))
    stumbled = 0
    for _ in range(1000):
        await asyncio.sleep(0.01)
        if (stumbled := sum("reminding_stumbled" in record.getMessage() for record in caplog.records)) > 1:
            break
    task.cancel()
    await asyncio.wait({task})

    assert stumbled > 1


async def test_a_tap_brings_the_day_as_a_file_for_the_calendar(bot: House) -> None:
    item = next(item for item in bot.catalogue.news if item.id == "n092")
    shown = the(await bot.hears("/start n_n092", LESIA))
    (file,) = [call for call in await bot.presses(shown, "📅 До календаря", LESIA) if call.method == "sendDocument"]
    (event,) = read(file).events

    assert file.result["document"]["file_name"] == "learning-cities-n092-2026-05-15.ics"
    assert event["uid"] == "n092@learning-cities-bot"
    assert event["dtstart"].dt == dt.date(2026, 5, 15)
    assert event["summary"] == f"Крайній строк: {item.title['uk']}"  # type: ignore[index]
    assert event["dtstamp"].dt == bot.clock.now()
    assert event["url"] == item.sources[0].url


async def test_a_conference_whose_days_are_known_has_a_file_too(bot: House) -> None:
    dated = tuple(
        replace(one, start=FuzzyDate.parse("2027-06-08"), end=FuzzyDate.parse("2027-06-10")) if one.id == "iclc7" else one
        for one in bot.catalogue.conferences
    )
    shown = the(await bot.hears("конференція 2027", LESIA))
    assert SendCalendar not in leads_to(shown), "a month is no day"
    bot.services.shelf.catalogue = replace(bot.catalogue, conferences=dated)
    shown = the(await bot.hears("конференція 2027", LESIA))
    (file,) = [call for call in await bot.presses(shown, to(shown, SendCalendar), LESIA) if call.method == "sendDocument"]
    (event,) = read(file).events

    assert (event["dtstart"].dt, event["dtend"].dt) == (dt.date(2027, 6, 8), dt.date(2027, 6, 11))
    assert event["summary"] == "Міжнародна конференція міст, що навчаються, №\N{NO-BREAK SPACE}7"


async def test_in_a_group_the_file_goes_to_who_asked_for_it_and_nobody_else(bot: House) -> None:
    group = bot.telegram.group("Вчителі", [LESIA, ADA])
    shown = the(await bot.hears("/start@learning_cities_bot n_n092", ADA, group))
    calls = await bot.presses(shown, to(shown, SendCalendar), ADA)

    assert sent(calls) == []
    assert the(calls, "answerCallbackQuery").params["url"] == "https://t.me/learning_cities_bot?start=k_n092"
    (file,) = [call for call in await bot.hears("/start k_n092", ADA) if call.method == "sendDocument"]
    assert len(read(file).events) == 1
    assert file.chat_id == ADA.id


async def test_of_a_day_that_has_passed_there_is_no_file(bot: House) -> None:
    shown = the(await bot.hears("/start n_n092", ADA))
    bot.clock.advance(dt.timedelta(days=90))
    alert = the(await bot.presses(shown, to(shown, SendCalendar), ADA), "answerCallbackQuery")

    assert alert.params["text"] == passed(bot.services.languages.reader("en"))
    assert SendCalendar not in leads_to(the(await bot.hears("/start n_n092", ADA))), "it is not offered either"
    assert "no longer" in said(await bot.hears("/start k_n092", ADA))
    assert "no longer" in said(await bot.hears("/start k_nothing", ADA))
