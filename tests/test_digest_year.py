"""A year of digests in four zones, on SQLite and on PostgreSQL: each date's once, and everything in exactly one of them.

The clock goes from event to event, is put forward and back by hours, and the worker is another one now and then.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from data import chats, digests, follows, outbox, publications
from data.digests import read_key
from data.follows import NETWORK, Kind, Pace, Receiver, Target
from data.outbox import Settlement
from data.states import HELD, DeliveryState
from data.tables import deliveries
from data.timing import DIGEST_AT, Quiet, Timing, quiet_until, zone_of
from tests.fakes.databases import engine
from tests.fakes.delivery import db, empty, fan_out, follow

if TYPE_CHECKING:
    from data.db import Database

__all__ = ["db", "empty", "engine"]  # fixtures

ZONES: Final = ("Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham")
BEGIN: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
END: Final = BEGIN + dt.timedelta(days=365)
DAY: Final = dt.timedelta(days=1)
CITY: Final = Target(Kind.CITY, "nikopol")
CHANGES: Final = tuple(
    dt.datetime(2026, month, day, tzinfo=dt.UTC) for month, day in ((3, 8), (3, 29), (4, 5), (9, 27), (10, 4), (10, 25), (11, 1))
)
"""Clocks are put forward or back in one of the zones."""
SCATTERED: Final = 14
JUMPS: Final = 24
WISHES: Final = (
    (Pace.DAILY, Timing()),
    (Pace.WEEKLY, Timing(digest_at=20 * 60, digest_day=4)),
    (Pace.DAILY, Timing(Quiet(22 * 60, 600), 150)),
)
"""A daily digest; a weekly one on Friday evenings; a daily one at half past two at night, when it must not come before ten."""


class Year:
    """A year, and what came when."""

    def __init__(self, db: Database, chance: random.Random) -> None:
        self.db, self.chance = db, chance
        self.now = BEGIN
        self.sender = 0
        self.told: dict[tuple[Receiver, str], list[tuple[dt.datetime, tuple[str, ...]]]] = defaultdict(list)
        self.wishes: dict[int, tuple[str, Pace, Timing]] = {}

    async def people(self) -> None:
        """Each wish in each zone."""
        for number, (zone, (pace, timing)) in enumerate(((zone, wish) for zone in ZONES for wish in WISHES), start=1):
            self.wishes[number] = (zone, pace, timing)
            target = (NETWORK, CITY)[number % 2]
            await follow(self.db, number, target=target)
            async with self.db.write() as connection:
                await follows.tune(connection, Receiver(number), target, pace=pace)
                await chats.choose_zone(connection, number, zone, self.now)
                await chats.choose_timing(connection, number, timing, self.now)

    async def works(self) -> None:
        """What a leading worker does at this moment, another one each time."""
        self.sender += 1
        async with self.db.read() as connection:
            due = await digests.is_due(connection, self.now)
        async with self.db.write() as connection:
            if due:
                while await digests.schedule(connection, self.now, 5):
                    """One portion after another."""
                while await digests.collect(connection, self.now, 5):
                    """The same."""
            await outbox.set_right(connection, self.now)
            claimed = await outbox.claim(connection, f"worker {self.sender}", self.now, 60, 100)
            await outbox.begin(connection, f"worker {self.sender}", [one.number for one in claimed], self.now, 60)
            sent = [Settlement(one.number, DeliveryState.SENT, message_id=one.number) for one in claimed]
            await outbox.settle(connection, f"worker {self.sender}", sent, self.now)
            await publications.finish(connection, self.now)
        for one in claimed:
            self.told[one.receiver, one.item].append((self.now, one.items))

    async def lives_until(self, moment: dt.datetime) -> None:
        """Do what is due, whenever it is."""
        while (event := await self.event()) < moment:
            self.now = max(self.now, event)
            await self.works()

    async def event(self) -> dt.datetime:
        """When anything is to be done next."""
        async with self.db.read() as connection:
            held = await connection.scalar(select(func.min(deliveries.c.not_before)).where(deliveries.c.state.in_(HELD)))
            return min(filter(None, (held, await outbox.next_due(connection))), default=END)


async def test_in_a_year_each_date_has_one_digest_at_its_hour_and_each_item_is_in_exactly_one(db: Database) -> None:
    chance = random.Random(5)
    year = Year(db, chance)
    await year.people()
    moments = [BEGIN + chance.random() * (END - BEGIN - 9 * DAY) for _ in range(SCATTERED)]
    moments += [change + chance.uniform(-2, 1) * DAY for change in CHANGES for _ in range(3)]
    for number, moment in enumerate(sorted(moments)):
        await year.lives_until(moment)
        year.now = moment
        async with db.write() as connection:
            await publications.publish(connection, f"a{number}", [CITY, NETWORK], year.now)
        await fan_out(db)
        await year.works()
    await year.lives_until(END)

    assert all(len(came) == 1 for came in year.told.values()), "no digest twice"
    told: Counter[tuple[int, str]] = Counter()
    for (receiver, item), [(moment, inside)] in year.told.items():
        assert inside, "none is empty"
        told.update((receiver.chat, one) for one in inside)
        zone, pace, timing = year.wishes[receiver.chat]
        digest = read_key(item)
        assert digest
        assert digest.pace is pace
        here = moment.astimezone(zone_of(zone))
        assert here.date() == digest.day
        assert quiet_until(moment, zone, timing.quiet) is None
        wanted = 600 if timing.quiet else DIGEST_AT if timing.digest_at is None else timing.digest_at
        assert here.hour * 60 + here.minute == wanted
        assert pace is Pace.DAILY or here.weekday() == timing.digest_day
    assert told == {(chat, f"a{number}"): 1 for chat in year.wishes for number in range(len(moments))}


async def test_whatever_the_clock_does_no_date_has_two_digests_and_nothing_is_lost(db: Database) -> None:
    chance = random.Random(7)
    year = Year(db, chance)
    await year.people()
    for number in range(JUMPS):
        async with db.write() as connection:
            await publications.publish(connection, f"a{number}", [CITY, NETWORK], year.now)
        await fan_out(db)
        for _ in range(chance.randint(1, 3)):
            # Hours ahead, now and then back by hours, or by days; and somebody wants another time.
            year.now += dt.timedelta(hours=chance.choice((1, 5, 7, 13, 30, -6, -11, -40)))
            async with db.write() as connection:
                await digests.set_right(connection, year.now, 100)
            await year.works()
        if number % 5 == 0:
            chat = chance.randint(1, len(year.wishes))
            async with db.write() as connection:
                await chats.choose_timing(connection, chat, Timing(digest_at=chance.randrange(24 * 60)), year.now)
    await year.lives_until(year.now + 40 * DAY)

    assert all(len(came) == 1 for came in year.told.values()), "no digest twice"
    told = Counter((receiver.chat, one) for (receiver, _), [(_, inside)] in year.told.items() for one in inside)
    assert told == {(chat, f"a{number}"): 1 for chat in year.wishes for number in range(JUMPS)}
    assert all(inside for ((_, inside),) in year.told.values())
