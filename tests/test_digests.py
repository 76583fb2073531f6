"""What digests and quiet hours promise, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, text, update

from data import amendments, chats, digests, follows, outbox, publications
from data.digests import Digest
from data.follows import NETWORK, Pace, Receiver, Words
from data.moving import move_chat
from data.outbox import Settlement
from data.states import AT_ONCE, ChatState, DeliveryState, PublicationState
from data.tables import SEED, deliveries, texts
from data.tables import publications as publication_table
from data.timing import Quiet, Timing
from tests.fakes.databases import engine
from tests.fakes.delivery import ITEM, NIKOPOL, NOW, UKRAINE, db, empty, fan_out, follow, publish, rows, states, tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.db import Database
    from data.follows import Target
    from data.outbox import Delivery

__all__ = ["db", "empty", "engine"]  # fixtures

LESIA, ADA = 101, 102
TODAY = Digest(Pace.DAILY, NOW.date()).key
TOMORROW = Digest(Pace.DAILY, NOW.date() + dt.timedelta(days=1)).key
DAY, HOUR, SOON = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(seconds=10)
NINE = NOW + DAY
"""NOW is nine o'clock in UTC, so this is the next digest of whoever chose nothing."""


async def wish(db: Database, *receivers: Receiver | int, pace: Pace = Pace.DAILY, target: Target = NETWORK, **more: Any) -> list[int]:
    """Let chats follow something at a pace."""
    numbers = await follow(db, *receivers, target=target)
    async with db.write() as connection:
        for one in receivers:
            receiver = one if isinstance(one, Receiver) else Receiver(one)
            assert await follows.tune(connection, receiver, target, pace=pace, **more)
    return numbers


async def works(db: Database, now: dt.datetime) -> None:
    """What the leading worker does for digests now."""
    async with db.write() as connection:
        while await digests.schedule(connection, now, 3):
            """One portion after another."""
    async with db.write() as connection:
        while await digests.collect(connection, now, 3):
            """The same."""


async def claims(db: Database, now: dt.datetime) -> list[Delivery]:
    """Claim whatever is due."""
    async with db.write() as connection:
        return await outbox.claim(connection, "me", now, 60, 1000)


async def sends(
    db: Database, now: dt.datetime, state: DeliveryState = DeliveryState.SENT, revision: int = 0
) -> dict[Receiver, tuple[str, tuple[str, ...]]]:
    """Send whatever is due; what went to whom."""
    claimed = await claims(db, now)
    async with db.write() as connection:
        begun = await outbox.begin(connection, "me", [one.number for one in claimed], now, 60)
        assert len(begun) == len(claimed)
        settled = [Settlement(one.number, state, message_id=1000 + one.number, revision=revision) for one in claimed]
        await outbox.settle(connection, "me", settled, now)
        await publications.finish(connection, now)
    return {one.receiver: (one.item, one.items) for one in claimed}


async def due_at(db: Database, item: str = ITEM) -> list[dt.datetime]:
    """When the deliveries of an item are due."""
    return [row.not_before for row in await rows(db, item)]


async def test_what_is_followed_daily_waits_for_the_digest_and_comes_in_it_once(db: Database) -> None:
    await wish(db, LESIA)
    await follow(db, ADA)
    await publish(db, "a1")
    await publish(db, "a2")
    await works(db, NOW)
    assert await sends(db, NOW) == {Receiver(ADA): ("a2", ())} | {Receiver(ADA): ("a2", ())}
    assert await due_at(db, "a1") == [NINE, AT_ONCE]
    await works(db, NINE - SOON)
    assert await sends(db, NINE - SOON) == {}
    await works(db, NINE)
    assert await sends(db, NINE) == {Receiver(LESIA): (TOMORROW, ("a1", "a2"))}
    for later in (NINE + HOUR, NINE + DAY, NINE + 9 * DAY):
        await works(db, later)
        assert await sends(db, later) == {}
    assert await states(db, "a1") == {(LESIA, 0): "digested", (ADA, 0): "sent"}
    async with db.read() as connection:
        found = await publications.progress(connection, "a1")
    assert found
    assert found.state is PublicationState.DONE


async def test_an_item_is_over_while_some_still_wait_for_their_digest_and_the_count_says_so(db: Database) -> None:
    await wish(db, LESIA)
    await wish(db, ADA, pace=Pace.WEEKLY)
    await publish(db)
    await sends(db, NOW)
    async with db.read() as connection:
        found = await publications.progress(connection, ITEM)
    assert found
    assert (found.state, found.held, found.pending) == (PublicationState.DONE, 2, 0)


async def test_each_chat_gets_its_digest_by_its_own_clocks_on_its_own_day(db: Database) -> None:
    await wish(db, 1, 2, 3, 4)
    await wish(db, 5, pace=Pace.WEEKLY)
    async with db.write() as connection:
        await chats.choose_zone(connection, 2, "America/New_York", NOW)
        await chats.choose_timing(connection, 3, Timing(digest_at=19 * 60 + 30), NOW)
        await chats.choose_zone(connection, 4, "Pacific/Kiritimati", NOW)
        await chats.choose_timing(connection, 5, Timing(digest_day=3), NOW)
    await publish(db)
    await works(db, NOW)
    assert await due_at(db) == [
        NINE,
        dt.datetime(2026, 3, 2, 14, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 2, 19, 30, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 2, 19, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 5, 9, tzinfo=dt.UTC),
    ]
    found = []
    for hour in range(24 * 8):
        await works(db, NOW + hour * HOUR)
        found += [(receiver.chat, item) for receiver, (item, _) in (await sends(db, NOW + hour * HOUR)).items()]
    assert found == [(2, "d:2026-03-02"), (4, "d:2026-03-03"), (3, "d:2026-03-02"), (1, "d:2026-03-03"), (5, "w:2026-03-05")]


async def test_topics_of_a_group_have_digests_of_their_own(db: Database) -> None:
    await wish(db, Receiver(-100, 5), Receiver(-100, 6))
    await publish(db)
    await works(db, NOW)
    await works(db, NINE)
    assert sorted(await sends(db, NINE)) == [Receiver(-100, 5), Receiver(-100, 6)]


async def test_the_pace_is_that_of_the_most_specific_follow_and_a_reminder_waits_for_no_digest(db: Database) -> None:
    await follow(db, LESIA, target=NIKOPOL)
    await wish(db, LESIA, target=UKRAINE)
    await publish(db)
    await publish(db, "a2", [UKRAINE])
    await publish(db, "r:n92:2026-12-15:1", [UKRAINE])
    assert [(await states(db, item))[LESIA, 0] for item in ("a1", "a2", "r:n92:2026-12-15:1")] == ["queued", "daily", "queued"]


async def test_a_digest_that_comes_late_comes_once_and_what_misses_it_comes_with_the_next(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db, "a1")
    await works(db, NOW)
    late = NINE + 3 * DAY + HOUR
    await works(db, late)
    assert await sends(db, late) == {Receiver(LESIA): ("d:2026-03-06", ("a1",))}
    await publish(db, "a2")
    await works(db, late + HOUR)
    assert await due_at(db, "a2") == [NINE + 4 * DAY]
    # The clock goes back: today's digest is out, whatever the clock says.
    await publish(db, "a3")
    await works(db, NINE + 2 * DAY + HOUR)
    assert await due_at(db, "a3") == [NINE + 4 * DAY]


async def test_what_falls_due_while_the_digest_of_that_date_is_on_its_way_comes_with_the_next(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db, "a1")
    await works(db, NOW)
    await publish(db, "a2")
    await works(db, NINE)
    (claimed,) = await claims(db, NINE)
    assert claimed.items == ("a1",), "a2 came after nine"
    async with db.write() as connection:
        await connection.execute(update(deliveries).where(deliveries.c.item == "a2").values(not_before=NINE))
    await works(db, NINE + SOON)
    assert await due_at(db, "a2") == [NINE + DAY]
    assert await states(db, "a2") == {(LESIA, 0): "daily"}


async def test_what_falls_due_while_the_digest_of_that_date_still_waits_goes_along(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db, "a1")
    await publish(db, "a2")
    await works(db, NOW)
    async with db.write() as connection:
        await connection.execute(update(deliveries).where(deliveries.c.item == "a2").values(not_before=NINE + SOON))
    await works(db, NINE)
    await works(db, NINE + SOON)
    assert await sends(db, NINE + SOON) == {Receiver(LESIA): (TOMORROW, ("a1", "a2"))}


@pytest.mark.parametrize("end", [publications.cancel, publications.withdraw])
@pytest.mark.parametrize("collected", [False, True])
async def test_what_is_taken_back_falls_out_of_the_digest_and_an_empty_one_is_not_sent(db: Database, end: Any, collected: bool) -> None:
    await wish(db, LESIA, ADA, target=NIKOPOL)
    await wish(db, ADA, target=UKRAINE)
    await publish(db, "a1", [NIKOPOL])
    await publish(db, "a2", [UKRAINE])
    await works(db, NOW)
    if collected:
        await works(db, NINE)
    async with db.write() as connection:
        assert await end(connection, "a1", NOW)
    await works(db, NINE)
    assert await sends(db, NINE) == {Receiver(ADA): (TOMORROW, ("a2",))}
    assert await tally(db, "a1") == {"skipped": 2}
    assert await tally(db, TOMORROW) == ({"skipped": 1, "sent": 1} if collected else {"sent": 1})


@pytest.mark.parametrize("collected", [False, True])
async def test_what_is_paused_waits_for_the_first_digest_after_it_is_resumed(db: Database, collected: bool) -> None:
    await wish(db, LESIA)
    await publish(db)
    await works(db, NOW)
    if collected:
        await works(db, NINE)
    async with db.write() as connection:
        assert await publications.pause(connection, ITEM, NOW)
    await works(db, NINE)
    assert await sends(db, NINE) == {}
    await works(db, NINE + HOUR)
    assert await due_at(db) == [NINE + DAY]
    async with db.write() as connection:
        assert await publications.resume(connection, ITEM, NINE + HOUR)
    await works(db, NINE + DAY)
    assert await sends(db, NINE + DAY) == {Receiver(LESIA): ("d:2026-03-04", (ITEM,))}


@pytest.mark.parametrize("collected", [False, True])
@pytest.mark.parametrize("how", ["unfollow", "unfollow all", "pause"])
async def test_what_is_not_followed_any_more_is_in_no_digest(db: Database, how: str, collected: bool) -> None:
    (number,) = await wish(db, LESIA)
    await publish(db)
    await works(db, NOW)
    if collected:
        await works(db, NINE)
    async with db.write() as connection:
        if how == "unfollow":
            await follows.unfollow(connection, Receiver(LESIA), NETWORK)
        elif how == "pause":
            await follows.pause(connection, Receiver(LESIA), number, NOW)
        else:
            await follows.unfollow_all(connection, Receiver(LESIA))
    await works(db, NINE)
    assert await sends(db, NINE) == {}
    assert await states(db) == {}


async def test_a_digest_that_was_sent_is_not_forgotten_when_its_follow_ends(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db)
    await works(db, NOW)
    await works(db, NINE)
    await sends(db, NINE)
    async with db.write() as connection:
        await follows.unfollow_all(connection, Receiver(LESIA))
    assert await states(db) == {(LESIA, 0): "digested"}


async def test_another_pace_takes_along_what_waits(db: Database) -> None:
    await wish(db, LESIA, ADA)
    await publish(db)
    await works(db, NOW)
    async with db.write() as connection:
        await publications.finish(connection, NOW)
        await follows.tune(connection, Receiver(LESIA), NETWORK, pace=Pace.WEEKLY)
        await follows.tune(connection, Receiver(ADA), NETWORK, pace=Pace.INSTANT)
    assert await sends(db, NOW) == {Receiver(ADA): (ITEM, ())}
    await works(db, NOW)
    assert await due_at(db) == [NOW + 7 * DAY, AT_ONCE]
    await works(db, NOW + 7 * DAY)
    assert await sends(db, NOW + 7 * DAY) == {Receiver(LESIA): ("w:2026-03-09", (ITEM,))}


async def test_other_clocks_give_what_waits_another_time(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db)
    await works(db, NOW)
    async with db.write() as connection:
        await chats.choose_timing(connection, LESIA, Timing(digest_at=18 * 60), NOW)
        await chats.choose_zone(connection, LESIA, "Europe/Kyiv", NOW)
        (coming,) = await digests.upcoming(connection, Receiver(LESIA), NOW)
    assert (coming.at, coming.items) == (NOW + 7 * HOUR, (ITEM,)), "told before the worker knows"
    await works(db, NOW)
    assert await due_at(db) == [NOW + 7 * HOUR]


async def test_a_later_time_of_the_same_day_brings_no_second_digest_that_day(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db, "a1")
    await works(db, NOW)
    await works(db, NINE)
    await sends(db, NINE)
    await publish(db, "a2")
    async with db.write() as connection:
        await chats.choose_timing(connection, LESIA, Timing(digest_at=18 * 60), NINE)
    await works(db, NINE + HOUR)
    assert await due_at(db, "a2") == [NINE + DAY + 9 * HOUR]


async def test_the_preview_tells_both_digests_and_leaves_out_what_was_taken_back(db: Database) -> None:
    await wish(db, LESIA, target=NIKOPOL)
    await wish(db, LESIA, target=UKRAINE, pace=Pace.WEEKLY)
    for item, target in (("a1", NIKOPOL), ("a2", UKRAINE), ("a3", NIKOPOL), ("a4", UKRAINE)):
        await publish(db, item, [target])
    async with db.write() as connection:
        await publications.withdraw(connection, "a3", NOW)
        daily, weekly = await digests.upcoming(connection, Receiver(LESIA), NOW)
        assert await digests.upcoming(connection, Receiver(ADA), NOW) == ()
    assert daily == digests.Upcoming(Pace.DAILY, NINE, ("a1",))
    assert weekly == digests.Upcoming(Pace.WEEKLY, NOW + 7 * DAY, ("a2", "a4"))


async def test_a_digest_whose_fate_is_unknown_is_told_as_its_items(db: Database) -> None:
    await wish(db, LESIA)
    for item in ("a1", "a2", "a3"):
        await publish(db, item)
    await works(db, NOW)
    await works(db, NINE)
    await sends(db, NINE, DeliveryState.UNCERTAIN)
    async with db.write() as connection:
        await publications.withdraw(connection, "a2", NINE)
        found = await outbox.missed(connection, LESIA, 10)
        assert len(await outbox.missed(connection, LESIA, 1)) == 1
    assert [(one.item, one.state) for one in found] == [("a1", "uncertain"), ("a3", "uncertain")]


async def test_a_chat_that_blocks_the_bot_is_told_what_its_digest_would_have_held(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db, "a1")
    await works(db, NOW)
    await works(db, NINE)
    await publish(db, "a2")
    async with db.write() as connection:
        await chats.change_state(connection, LESIA, ChatState.BLOCKED, NINE)
        assert {one.item for one in await outbox.missed(connection, LESIA, 10)} == {"a1", "a2"}
        await chats.change_state(connection, LESIA, ChatState.ACTIVE, NINE)
    await works(db, NINE + DAY)
    assert await sends(db, NINE + DAY) == {}


async def test_nothing_comes_by_itself_in_quiet_hours_and_all_of_it_afterwards(db: Database) -> None:
    await follow(db, LESIA, *range(1, 9), -100)
    await wish(db, ADA)
    async with db.write() as connection:
        await chats.choose_timing(connection, LESIA, Timing(Quiet(8 * 60, 10 * 60)), NOW)
        await chats.choose_timing(connection, ADA, Timing(Quiet(8 * 60, 10 * 60)), NOW)
        await chats.choose_timing(connection, -100, Timing(Quiet(8 * 60, 11 * 60)), NOW)
    await publish(db)
    assert sorted(one.chat for one in await sends(db, NOW)) == [*range(1, 9)]
    found = {row.chat_id: (row.state, row.reason, row.attempt, row.not_before) for row in await rows(db)}
    assert found[LESIA] == ("later", "quiet hours", 0, NOW + HOUR)
    assert found[-100] == ("later", "quiet hours", 0, NOW + 2 * HOUR)
    async with db.read() as connection:
        assert await outbox.held_back(connection, LESIA) == [outbox.HeldBack(ITEM, Receiver(LESIA), NOW + HOUR)]
    assert sorted(one.chat for one in await sends(db, NOW + HOUR)) == [LESIA]
    assert sorted(one.chat for one in await sends(db, NOW + 2 * HOUR)) == [-100]
    await works(db, NOW)
    await works(db, NINE)
    assert await sends(db, NINE) == {}, "the digest waits, too"
    async with db.read() as connection:
        assert await outbox.held_back(connection, ADA) == [outbox.HeldBack(ITEM, Receiver(ADA), NINE + HOUR)]
    assert await sends(db, NINE + HOUR) == {Receiver(ADA): (TOMORROW, (ITEM,))}
    async with db.read() as connection:
        assert await outbox.held_back(connection, ADA) == []


async def test_a_whole_country_asleep_holds_up_nobody_who_is_awake(db: Database) -> None:
    sleepers, awake = range(1, 1201), range(2001, 2006)
    await follow(db, *sleepers, *awake)
    async with db.write() as connection:
        for chat in sleepers:
            await chats.choose_timing(connection, chat, Timing(Quiet(8 * 60, 10 * 60)), NOW)
    async with db.write() as connection:
        await publications.publish(connection, ITEM, [NETWORK], NOW)
    await fan_out(db, 1000)
    found: list[int] = []
    looks = 0
    while len(found) < len(awake):
        async with db.write() as connection:
            found += [one.receiver.chat for one in await outbox.claim(connection, "me", NOW, 60, 5)]
        looks += 1
    assert sorted(found) == [*awake]
    assert looks <= 3


async def test_other_quiet_hours_are_minded_at_once(db: Database) -> None:
    await follow(db, LESIA)
    async with db.write() as connection:
        await chats.choose_timing(connection, LESIA, Timing(Quiet(8 * 60, 10 * 60)), NOW)
    await publish(db)
    assert await sends(db, NOW) == {}
    async with db.write() as connection:
        await chats.choose_timing(connection, LESIA, Timing(), NOW)
    assert await sends(db, NOW) == {Receiver(LESIA): (ITEM, ())}


async def test_a_digest_makes_no_sound_if_none_of_its_follows_does(db: Database) -> None:
    await follow(db, 1)
    await wish(db, 2, 3, silent=True)
    await wish(db, 3, target=NIKOPOL)
    async with db.write() as connection:
        await follows.tune(connection, Receiver(1), NETWORK, silent=True)
    await publish(db, "a1", [NETWORK])
    await publish(db, "a2", [NIKOPOL])
    assert [one.silent for one in await claims(db, NOW)] == [True]
    await works(db, NOW)
    await works(db, NINE)
    assert {one.receiver.chat: one.silent for one in await claims(db, NINE)} == {2: True, 3: False}


async def tells(db: Database, item: str, *told: str) -> None:
    """What an item says."""
    async with db.write() as connection:
        for number, words in enumerate(told):
            row = {"subject": "news", "key": item, "lang": f"l{number}", "field": "title", "text": words, "origin": SEED}
            await connection.execute(insert(texts).values(row))


async def test_only_what_passes_the_words_of_a_follow_comes_by_it(db: Database) -> None:
    await tells(db, "a1", "Премії вручено", "Awards were given")
    wishes = {
        1: Words(),
        2: Words(wanted=("премія",)),
        3: Words(wanted=("award", "school")),
        4: Words(unwanted=("премія",)),
        5: Words(wanted=("школа",)),
        6: Words(wanted=("премія",), unwanted=("given",)),
    }
    for chat, words in wishes.items():
        await wish(db, chat, pace=Pace.INSTANT, words=words)
    await publish(db, "a1", [NETWORK])
    assert [chat for chat, _ in await states(db, "a1")] == [1, 2, 3]


async def test_a_follow_that_filters_an_item_out_leaves_it_to_a_less_specific_one(db: Database) -> None:
    await tells(db, "a1", "Премії вручено")
    await wish(db, LESIA, target=NIKOPOL, pace=Pace.INSTANT, words=Words(unwanted=("премія",)))
    await wish(db, LESIA, target=UKRAINE, pace=Pace.WEEKLY)
    await publish(db, "a1")
    assert await states(db, "a1") == {(LESIA, 0): "weekly"}


async def test_what_waits_by_a_clock_that_was_ahead_is_given_its_time_anew(db: Database) -> None:
    await wish(db, LESIA, ADA)
    await publish(db)
    await works(db, NOW + 40 * DAY)
    async with db.write() as connection:
        assert await digests.set_right(connection, NOW, 1) == 1
        assert await digests.set_right(connection, NOW, 9) == 1
        assert await digests.set_right(connection, NOW, 9) == 0
    await works(db, NOW)
    assert await due_at(db) == [NINE, NINE]


async def test_digests_that_an_outage_paused_go_on_by_themselves(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db)
    await works(db, NOW)
    await works(db, NINE)
    async with db.write() as connection:
        await publications.finish(connection, NINE)
        assert await publications.pause_all(connection, NINE, "outage") == [TOMORROW]
        await digests.resume(connection, NINE + SOON)
    assert await claims(db, NINE + SOON) == []
    async with db.write() as connection:
        await digests.resume(connection, NINE + HOUR)
        assert await publications.recent(connection, 7, 5) != []
        assert [one.item for one in await publications.recent(connection, 7, 5)] == [ITEM], "admins look after items"
    assert len(await claims(db, NINE + HOUR)) == 1


async def test_what_waits_or_is_about_to_go_out_is_not_deleted_as_old(db: Database) -> None:
    await wish(db, LESIA)
    await wish(db, ADA, pace=Pace.WEEKLY)
    await follow(db, 7)
    await publish(db)
    await sends(db, NOW)
    await works(db, NOW)
    await works(db, NINE)
    async with db.write() as connection:
        assert await outbox.prune(connection, NOW + 90 * DAY, 100) == 1
    assert await tally(db) == {"digested": 1, "weekly": 1}
    await sends(db, NINE)
    async with db.write() as connection:
        assert await outbox.prune(connection, NOW + 90 * DAY, 100) == 2
    assert await tally(db) == {"weekly": 1}


async def test_whoever_is_forgotten_has_nothing_waiting(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db)
    await works(db, NOW)
    async with db.write() as connection:
        assert await chats.forget(connection, LESIA)
    await works(db, NINE)
    assert await sends(db, NINE) == {}
    assert await states(db) == {}


async def test_a_digest_of_a_closed_topic_goes_to_general_with_all_that_is_in_it(db: Database) -> None:
    await wish(db, Receiver(-100, 5))
    await publish(db)
    await works(db, NOW)
    await works(db, NINE)
    (one,) = await claims(db, NINE)
    async with db.write() as connection:
        await outbox.begin(connection, "me", [one.number], NINE, 60)
        await follows.pause(connection, one.receiver, one.follow, NINE)
        assert await outbox.send_to_general(connection, "me", one.number, NINE)
    assert await sends(db, NINE) == {Receiver(-100): (TOMORROW, (ITEM,))}


async def amending(db: Database, item: str) -> Sequence[amendments.Shown]:
    """The messages that have to change."""
    async with db.read() as connection:
        (one,) = [found for found in await amendments.under_way(connection) if found.item == item]
        return await amendments.outdated(connection, one, 0, 10)


async def test_a_digest_is_told_anew_when_an_item_of_it_is_corrected_or_withdrawn(db: Database) -> None:
    await wish(db, LESIA, ADA)
    await publish(db, "a1")
    await publish(db, "a2")
    await works(db, NOW)
    await works(db, NINE)
    await sends(db, NINE, revision=1)
    (digest, _) = await rows(db, TOMORROW)
    async with db.write() as connection:
        assert await amendments.order(connection, "a1", 2, NINE)
    shown, _ = await amending(db, "a1")
    assert (shown.receiver.chat, shown.digest, shown.message_id, shown.items) == (LESIA, TOMORROW, 1000 + digest.id, ("a1", "a2"))
    async with db.write() as connection:
        (one,) = await amendments.under_way(connection)
        await amendments.note(connection, one, {shown.number: None})
        found = await publications.progress(connection, "a1")
    assert found
    assert (found.amended, found.outdated) == (1, 1)
    assert [left.receiver.chat for left in await amending(db, "a1")] == [ADA]
    async with db.write() as connection:
        await publications.withdraw(connection, "a2", NINE)
        await amendments.order(connection, "a2", 3, NINE)
    shown, _ = await amending(db, "a2")
    assert shown.items == ("a1",)
    async with db.write() as connection:
        await publications.withdraw(connection, "a1", NINE)
        await amendments.order(connection, "a1", 4, NINE)
    shown, _ = await amending(db, "a1")
    assert shown.items == (), "nothing is left of it"


async def test_a_digest_that_tells_the_newer_words_already_is_left_alone(db: Database) -> None:
    await wish(db, LESIA)
    await publish(db)
    await works(db, NOW)
    async with db.write() as connection:
        await amendments.order(connection, ITEM, 5, NOW)
    await works(db, NINE)
    assert [one.revision for one in await claims(db, NINE)] == [5], "it waits until this process knows the words"
    async with db.write() as connection:
        await outbox.release(connection, NINE, but_for="nobody")
    await sends(db, NINE, revision=5)
    assert await amending(db, ITEM) == []


OLD, NEW = -200, -1_001_000_000_200


@pytest.mark.parametrize("mine", ["held", "collected", "sent"])
@pytest.mark.parametrize("theirs", ["nothing", "held", "collected", "sent"])
async def test_a_group_that_becomes_a_supergroup_gets_each_item_in_one_digest(db: Database, mine: str, theirs: str) -> None:
    """`a1` goes to both of them, `a2` to the group and `a3` to the supergroup."""
    told: list[str] = []
    for chat, stage, target in ((OLD, mine, NIKOPOL), (NEW, theirs, UKRAINE)):
        if stage != "nothing":
            await wish(db, chat)
            await wish(db, chat, target=target)
    await publish(db, "a1", [NETWORK])
    await publish(db, "a2", [NIKOPOL])
    await publish(db, "a3", [UKRAINE])
    await works(db, NOW)
    for stage in ("sent", "collected", "held"):
        others = [chat for chat, is_at in ((OLD, mine), (NEW, theirs)) if is_at == stage]
        async with db.write() as connection:
            late = deliveries.c.state.in_(["daily"]) & deliveries.c.chat_id.not_in(others)
            if stage != "held":
                await connection.execute(update(deliveries).where(late).values(not_before=NINE + 9 * DAY))
        if stage != "held":
            await works(db, NINE)
        if stage == "sent":
            told += [item for _, items in (await sends(db, NINE)).values() for item in items]
        async with db.write() as connection:
            await connection.execute(update(deliveries).where(deliveries.c.state == "daily").values(not_before=NINE))
    async with db.write() as connection:
        assert await move_chat(connection, OLD, NEW, NINE)
        assert not await move_chat(connection, OLD, NEW, NINE)
    for day in range(3):
        await works(db, NINE + day * DAY)
        told += [item for _, items in (await sends(db, NINE + day * DAY)).values() for item in items]
    twice = 2 if mine == theirs == "sent" else 1
    expected = {"a1": twice, "a2": 1} | ({} if theirs == "nothing" else {"a3": 1})
    assert {item: told.count(item) for item in sorted(set(told))} == expected


async def test_what_is_due_is_found_by_the_index_on_sqlite(db: Database) -> None:
    if db.backend != "sqlite":
        return
    async with db.read() as connection:
        query = "SELECT id FROM deliveries WHERE state IN ('daily', 'weekly') AND not_before <= '2026' LIMIT 1"
        plan = " ".join(row.detail for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {query}")))
        assert "ix_deliveries_held" in plan


async def test_a_digest_is_open_again_when_another_zone_has_its_hour(db: Database) -> None:
    await wish(db, LESIA, ADA)
    async with db.write() as connection:
        await chats.choose_zone(connection, ADA, "America/New_York", NOW)
    await publish(db)
    early = NOW - 2 * HOUR
    await works(db, early)
    await works(db, NOW)
    assert list(await sends(db, NOW)) == [Receiver(LESIA)]
    async with db.read() as connection:
        assert await connection.scalar(select(publication_table.c.state).where(publication_table.c.item == TODAY)) == "done"
    await works(db, NOW + 5 * HOUR)
    assert list(await sends(db, NOW + 5 * HOUR)) == [Receiver(ADA)]
