"""What the worker brings, seen in the chat: the item in the reader's language, alerts, and the card that tells how it goes."""

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.cards import Alerts, DeliveredItems, update_cards
from bot.delivery.ports import Alert, What
from bot.markup import Screen  # noqa: TC001 - one import for one annotation
from data.follows import NETWORK, Kind, Pace, Receiver, Target
from data.outbox import Delivery
from tests.fakes.databases import shipped_file
from tests.fakes.house import Furniture, House, bullets, said, the
from tests.fakes.press import NEWS, amends, delivers, publishes, takes_up
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, ADMIN, LESIA

__all__ = ["shipped_file"]  # a fixture

NIKOPOL = Target(Kind.CITY, "nikopol")


@pytest.fixture
def furniture(furniture: Furniture, shipped_file: Path, tmp_path: Path) -> Furniture:
    shutil.copy(shipped_file, tmp_path / "shipped.db")
    return replace(furniture, file=tmp_path / "shipped.db")


async def test_an_item_is_put_into_other_words_for_another_language_or_follow_and_once_it_is_corrected(bot: House) -> None:
    item = bot.catalogue.news[0]
    items = DeliveredItems(bot.services.shelf, bot.services.languages, "the_bot", bot.clock)

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


async def test_a_follow_that_a_closed_topic_paused_is_shown_as_paused_at_once(troubled_bot: House) -> None:
    bot = troubled_bot
    forum = bot.telegram.group("Forum", [LESIA], topics=["News"])
    thread = next(number for number, topic in forum.topics.items() if topic.name == "News")
    await bot.hears("/subscribe Нікополь", LESIA, forum, thread=thread)
    receiver = Receiver(forum.id, thread)
    assert await bot.services.follows.targets(receiver), "remembered"
    bot.telegram.closes_topic(forum, thread)
    await publishes(bot)
    await delivers(bot)

    assert await bot.services.follows.targets(receiver) == frozenset()


async def test_follows_of_a_group_that_moved_are_known_at_once_wherever_it_was_learnt(troubled_bot: House) -> None:
    bot = troubled_bot
    group = bot.telegram.group("Teachers", [LESIA], kind="group")
    await bot.hears("/subscribe Нікополь", LESIA, group)
    new = bot.telegram.migrates(group)
    assert await bot.services.follows.targets(Receiver(group.id)), "remembered"
    assert not await bot.services.follows.targets(Receiver(new.id)), "remembered"
    bot.telegram.updates.drain()  # the sender learns of it before the update comes
    await publishes(bot)
    assert [call.chat_id for call in sent(await delivers(bot))] == [new.id]

    assert await bot.services.follows.targets(Receiver(group.id)) == frozenset()
    assert len(await bot.services.follows.targets(Receiver(new.id))) == 1


async def test_a_digest_tells_its_items_and_is_told_anew_when_one_is_corrected_or_withdrawn(troubled_bot: House) -> None:
    bot = troubled_bot
    await bot.hears("/subscribe Нікополь", LESIA)
    await bot.services.follows.tune(Receiver(LESIA.id), NIKOPOL, pace=Pace.DAILY)
    await publishes(bot)
    assert sent(await delivers(bot)) == []
    await publishes(bot, NEWS.replace("центр", "музей").replace("centre", "museum"))
    assert sent(await delivers(bot)) == []
    (coming,) = await bot.services.follows.upcoming(Receiver(LESIA.id))
    assert coming.items == ("a1", "a2")

    bot.clock.advance(coming.at - bot.clock.now())
    (shown,) = sent(await delivers(bot))
    assert "Нікополь відкрив центр" in shown.text
    assert "Нікополь відкрив музей" in shown.text

    await bot.services.newsroom.withdraw("a1")
    await takes_up(bot)
    (changed,) = await amends(bot)
    assert (changed.method, changed.params["message_id"]) == ("editMessageText", shown.result["message_id"])
    assert "центр" not in changed.text
    assert "музей" in changed.text
    await bot.services.newsroom.withdraw("a2")
    await takes_up(bot)
    assert [call.method for call in await amends(bot)] == ["deleteMessage"]


async def test_the_admin_sees_who_waits_for_a_digest(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    await bot.services.follows.tune(Receiver(LESIA.id), NIKOPOL, pace=Pace.WEEKLY)
    await publishes(bot)
    await delivers(bot)
    before = len(bot.telegram.log)
    await update_cards(bot.application.bot, bot.services, {})

    (edit,) = bot.telegram.log[before:]
    assert "Чекає добірки: 1" in edit.text
