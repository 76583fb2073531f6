"""What the worker brings, seen in the chat: the item in the reader's language, alerts, and the card that tells how it goes."""

import asyncio
import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.callbacks import ManageItem, WriteNews
from bot.delivery.budget import Budget
from bot.delivery.cards import Alerts, DeliveredItems, update_cards
from bot.delivery.ports import Alert, Ports, What
from bot.delivery.service import new_worker
from bot.delivery.telegram import TelegramSender
from bot.emulator import Call
from bot.markup import Screen  # noqa: TC001 - one import for one annotation
from data import upkeep
from data.follows import NETWORK, Kind, Receiver, Target
from data.outbox import Delivery
from tests.fakes.databases import shipped_file
from tests.fakes.house import Furniture, House, bullets, said, the, to
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, ADMIN, LESIA

__all__ = ["shipped_file"]  # a fixture

NEWS = "/publish Нікополь відкрив центр\nЦентр для всіх. https://example.org/1\n---\nNikopol opened a centre\nA centre for all."


@pytest.fixture
def furniture(furniture: Furniture, shipped_file: Path, tmp_path: Path) -> Furniture:
    shutil.copy(shipped_file, tmp_path / "shipped.db")
    return replace(furniture, file=tmp_path / "shipped.db")


async def publishes(bot: House, text: str = NEWS) -> Call:
    """An admin publishes; the card of its delivery."""
    await bot.hears("/start", ADMIN)
    shown = the(await bot.hears(text, ADMIN))
    card = the(await bot.presses(shown, to(shown, WriteNews), ADMIN))
    bot.services.shelf.catalogue = await upkeep.read_catalogue(bot.db)
    return card


async def delivers(bot: House) -> list[Call]:
    """A worker sends all that is due."""
    telegram, services = bot.application.bot, bot.services
    ports = Ports(
        TelegramSender(telegram),
        DeliveredItems(services.shelf, services.languages, telegram.username),
        Alerts(telegram, services),
        bot.clock,
        services.metrics,
    )
    worker = new_worker(bot.db, ports, services.limits, Budget())
    before = len(bot.telegram.log)
    for _ in range(20):
        bot.clock.advance(max(await worker.step(), 0.1))
        if worker._under_way:
            await asyncio.wait(worker._under_way)
    await worker.stop()
    return bot.telegram.log[before:]


async def test_an_item_is_put_into_other_words_for_another_language_or_follow_and_once_it_is_corrected(bot: House) -> None:
    item = bot.catalogue.news[0]
    items = DeliveredItems(bot.services.shelf, bot.services.languages, "the_bot")

    def said(language: str, matched: Target) -> str:
        number = Delivery(1, item.id, Receiver(5), 1, matched, language, 0)
        assert items(number) is items(number), "it is put together once"
        return items(number)[-1].text

    assert len({said(language, target) for language in ("uk", "en") for target in (NETWORK, Target(Kind.COUNTRY, "UA"))}) == 4
    corrected = replace(item, title=dict.fromkeys(item.title, "Corrected"))
    bot.services.shelf.catalogue = replace(bot.catalogue, news=(corrected,))
    assert "Corrected" in said("en", NETWORK)


async def test_followers_get_an_item_once_each_in_their_language(bot: House) -> None:
    for words in ("Нікополь", "Україна", "мережа"):
        await bot.hears(f"/subscribe {words}", LESIA)
    await bot.hears("/subscribe Ukraine", ADA)
    await publishes(bot)
    calls = sent(await delivers(bot))

    assert {call.chat_id: call.text.splitlines()[1] for call in calls} == {
        LESIA.id: "Нікополь відкрив центр",
        ADA.id: "Nikopol opened a centre",
    }
    assert len(calls) == 2
    to_lesia = next(call for call in calls if call.chat_id == LESIA.id)
    assert to_lesia.text.splitlines()[-1] == "Ви стежите за новинами: 🇺🇦 Нікополь"


async def test_an_item_without_a_text_in_the_readers_language_comes_in_its_own_and_says_so(bot: House) -> None:
    await bot.hears("/subscribe Ukraine", ADA)
    await publishes(bot, "/publish Нікополь відкрив центр\nЦентр для всіх. https://example.org/1")
    (shown,) = sent(await delivers(bot))

    assert "Нікополь відкрив центр" in shown.text
    assert "There is no text in your language yet." in shown.text
    assert bullets(the(await bot.hears("/news Nikopol", ADA)))[0].endswith(" · Ukrainian"), "in the list it is marked, too"


async def test_a_topic_gets_its_news_in_the_topic(bot: House) -> None:
    forum = bot.telegram.group("Forum", [LESIA], topics=["News"])
    thread = next(number for number, topic in forum.topics.items() if topic.name == "News")
    await bot.hears("/subscribe Нікополь", LESIA, forum, thread=thread)
    await publishes(bot)
    (shown,) = sent(await delivers(bot))

    assert (shown.chat_id, shown.params["message_thread_id"]) == (forum.id, thread)


async def test_the_admin_sees_how_it_goes_and_nothing_is_edited_twice(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    card = await publishes(bot)
    await delivers(bot)
    shown: dict[int, Screen] = {}
    before = len(bot.telegram.log)
    await update_cards(bot.application.bot, bot.services, shown)
    await update_cards(bot.application.bot, bot.services, shown)

    (edit,) = bot.telegram.log[before:]
    assert edit.result["message_id"] == card.result["message_id"]
    assert "Готово." in edit.text
    assert "Надіслано: 1" in edit.text


async def test_alerts_reach_those_who_can_do_something(troubled_bot: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    bot = troubled_bot
    for person in (LESIA, ADMIN):
        await bot.hears("/start", person)
    group = bot.telegram.group("Вчителі", [LESIA])
    alerts = Alerts(bot.application.bot, bot.services)
    before = len(bot.telegram.log)
    await alerts(Alert(What.MUTED, "a1", Receiver(group.id)))
    await alerts(Alert(What.DEFECT, "a1"))

    told = sent(bot.telegram.log[before:])
    assert [call.chat_id for call in told] == [LESIA.id, ADMIN.id]
    assert "Вчителі" in said(told[:1])


async def test_a_withdrawn_item_is_deleted_from_the_chats_that_got_it(troubled_bot: House) -> None:
    bot = troubled_bot  # an edit that changes nothing is refused, and that is well
    await bot.hears("/subscribe Нікополь", LESIA)
    card = await publishes(bot)
    (shown,) = sent(await delivers(bot))
    await update_cards(bot.application.bot, bot.services, {})
    await bot.presses(card, ManageItem("a1", "withdraw").pack(), ADMIN)
    before = len(bot.telegram.log)
    for _ in range(3):
        await update_cards(bot.application.bot, bot.services, {})

    deleted = [call for call in bot.telegram.log[before:] if call.method == "deleteMessage"]
    assert [(call.params["chat_id"], call.params["message_id"]) for call in deleted] == [(LESIA.id, shown.result["message_id"])]
