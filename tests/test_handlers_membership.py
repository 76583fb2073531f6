"""Where the bot may write: blocked and back, thrown out, moved to a supergroup; and /missed."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.callbacks import ListMissed, OpenNews
from bot.emulator import Chat, User
from data import chats, publications
from data.follows import NETWORK, Kind, Receiver, Target
from data.states import ChatState, DeliveryState
from data.tables import deliveries
from tests.fakes.delivery import fan_out
from tests.fakes.house import House, bullets, labels, said, the, to
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, LESIA

NIKOPOL = Target(Kind.CITY, "nikopol")


async def state(bot: House, chat: Chat | User) -> ChatState:
    async with bot.db.read() as connection:
        return await chats.state(connection, chat.id)


async def publishes(bot: House, *items: str) -> None:
    """News go to whoever follows the network; nobody sends them."""
    async with bot.db.write() as connection:
        for item in items:
            assert await publications.publish(connection, item, [NETWORK], bot.clock.now())
    await fan_out(bot.db)


async def test_a_chat_that_blocked_the_bot_keeps_its_follows(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    bot.telegram.blocks(ADA)
    assert not sent(await bot.catches_up())
    assert await state(bot, ADA) is ChatState.BLOCKED
    bot.telegram.unblocks(ADA)
    await bot.catches_up()

    assert await state(bot, ADA) is ChatState.ACTIVE
    assert bullets(the(await bot.hears("/subscriptions", ADA))) == ["🇺🇦 Nikopol"]


async def test_a_chat_that_returns_is_offered_what_it_missed(bot: House) -> None:
    await bot.hears("/subscribe network", ADA)
    bot.telegram.blocks(ADA)
    await bot.catches_up()
    await publishes(bot, "n001", "n002")
    bot.telegram.unblocks(ADA)
    told = the(await bot.catches_up())

    assert told.text == "I can write here again. 2 news items did not arrive meanwhile."
    missed = the(await bot.presses(told, to(told, ListMissed), ADA))
    assert missed.text.splitlines()[0] == "News that perhaps did not reach you: 2"
    assert len(bullets(missed)) == 2
    assert the(await bot.presses(missed, to(missed, OpenNews), ADA)).text.startswith(
        bot.catalogue.news_by_id["n002"].title["en"]  # type: ignore[index]
    )


async def test_a_chat_that_missed_nothing_is_left_in_peace(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    bot.telegram.blocks(ADA)
    bot.telegram.unblocks(ADA)

    assert not sent(await bot.catches_up())
    shown = the(await bot.hears("/missed", ADA))
    assert shown.text == "You missed nothing: all news that you follow arrived."
    assert labels(shown) == ["News"]


async def test_nobody_is_told_that_they_missed_nothing_while_the_item_is_not_known_here_yet(bot: House) -> None:
    await bot.hears("/subscribe network", ADA)
    bot.telegram.blocks(ADA)
    await bot.catches_up()
    await publishes(bot, "n001")
    bot.telegram.unblocks(ADA)
    await bot.catches_up()
    known = bot.catalogue
    bot.services.shelf.catalogue = replace(known, news=())

    def renew() -> None:
        bot.services.shelf.catalogue = known

    asyncio.get_running_loop().call_later(0.05, renew)
    assert len(bullets(the(await bot.hears("/missed", ADA)))) == 1


async def test_uncertain_news_can_be_fetched(bot: House) -> None:
    await bot.hears("/subscribe network", ADA)
    await publishes(bot, "n001")
    async with bot.db.write() as connection:
        await connection.execute(update(deliveries).values(state=DeliveryState.UNCERTAIN))

    assert len(bullets(the(await bot.hears("/missed", ADA)))) == 1


async def test_nothing_is_kept_of_a_chat_that_only_blocks(bot: House) -> None:
    await bot.hears("/start", ADA)
    bot.telegram.blocks(ADA)
    bot.telegram.unblocks(ADA)
    await bot.catches_up()

    assert said(await bot.hears("/mydata", ADA)) == "Nothing is stored about this chat."


async def test_a_group_that_throws_the_bot_out_keeps_its_follows(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA])
    await bot.hears("/subscribe Nikopol", LESIA, group)
    bot.telegram.kicks_bot(group, LESIA)
    await bot.catches_up()
    assert await state(bot, group) is ChatState.KICKED
    bot.telegram.adds_bot(group, LESIA)
    await bot.catches_up()

    assert await state(bot, group) is ChatState.ACTIVE
    assert await bot.services.follows.targets(Receiver(group.id)) == {NIKOPOL}


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_a_channel_without_the_bot_is_not_written_to(bot: House, status: str) -> None:
    channel = bot.telegram.channel("Освіта", username="osvita")
    channel.members[LESIA.id] = "creator"
    await bot.hears("/subscribe @osvita Nikopol", LESIA)
    bot.telegram.adds_bot(channel, LESIA, status)
    await bot.catches_up()

    assert await state(bot, channel) is ChatState.KICKED


async def test_who_never_wrote_to_the_bot_is_not_an_error_when_a_channel_lets_it_in(bot: House) -> None:
    channel = bot.telegram.channel("Освіта", bot="left")
    channel.members[LESIA.id] = "creator"
    bot.telegram.knows(LESIA)
    bot.telegram.adds_bot(channel, LESIA, "administrator")

    await bot.catches_up()


async def test_a_group_that_becomes_a_supergroup_keeps_everything(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA, ADA], kind="group")
    await bot.hears("/subscribe Nikopol", LESIA, group)
    await bot.presses(the(await bot.hears("/language", LESIA, group)), "English", LESIA)
    supergroup = bot.telegram.migrates(group)

    assert await bot.catches_up() == []
    assert bullets(the(await bot.hears("/subscriptions", LESIA, supergroup))) == ["🇺🇦 Nikopol"]
    assert await bot.services.follows.of(Receiver(group.id)) == ()


async def test_a_topic_is_told_only_what_it_missed_itself(bot: House) -> None:
    forum = bot.telegram.group("Forum", [LESIA], topics=["News"])
    thread = next(number for number, topic in forum.topics.items() if topic.name == "News")
    await bot.hears("/subscribe мережа", LESIA, forum, thread=thread)
    await publishes(bot, "n001")
    async with bot.db.write() as connection:
        await connection.execute(update(deliveries).values(state=DeliveryState.UNCERTAIN))

    assert len(bullets(the(await bot.hears("/missed", LESIA, forum, thread=thread)))) == 1
    assert not bullets(the(await bot.hears("/missed", LESIA, forum)))
