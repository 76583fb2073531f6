"""A source tells more and more while whoever looks at it is killed: each thing told becomes one item, which each follower gets once.

Meanwhile a deadline comes near, and those who follow are reminded of it once.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import enum
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aiohttp import ClientConnectionResetError, web
from sqlalchemy import select, update

from bot.services import SystemClock
from data import news
from data.reminders import AHEAD, Reminder
from data.sources import store
from data.sources.model import SourceKind, Trust
from data.sources.wish import Wish
from data.states import EntryState
from data.tables import entries, news_sources, texts
from data.tables import news as news_table
from tests.fakes.newsstand import Newsstand, Story, opened
from tests.faults.audit import ANSWER_TIMED_OUT, LEASE_RAN_OUT
from tests.faults.courier import HOOK
from tests.faults.process import jump
from tests.faults.stage import CITY, LOOK, Result, Stage

if TYPE_CHECKING:
    import random

    from tests.faults.grounds import Ground

SOURCE: Final = "stand"
FEED: Final = "/feed"
FOLLOWERS: Final = 40
AT_ONCE: Final = 6
BY_TURNS: Final = 2
"""Stories that the source tells more before each kill. All of them might be told at once, and ten at once go out without an admin."""
STORY: Final = "Learning story"
CALL: Final = "Grants for festivals"
WORDS: Final = (
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heath",
    "inlet",
    "jetty",
    "karst",
    "lagoon",
    "marsh",
    "north",
)
FROZEN: Final = 18.0
"""Seconds within which another looks, while one stands still."""
DRIP: Final = 0.3
"""Seconds between the halves of what the source says."""
OFTEN: Final = "0.3"
"""Seconds between two looks for what is due: a scenario cannot wait for as long as people can."""


class Moment(enum.Enum):
    """Where in a look somebody is struck."""

    ASKED = enum.auto()
    """The source was asked and has not said a word."""
    HALF = enum.auto()
    TOLD = enum.auto()
    """It said all: that is read, judged and written down."""
    SENT = enum.auto()
    """What it told is on its way to followers."""


AFTER: Final = {Moment.ASKED: 0.1, Moment.HALF: DRIP, Moment.TOLD: 0.4, Moment.SENT: 0.05}
"""Seconds after the moment within which it happens."""
STRUCK: Final = (Moment.ASKED, Moment.HALF, Moment.TOLD, Moment.TOLD, Moment.SENT)


@dataclass
class Dripping(Newsstand):
    """A site whose feed grows, comes in two halves, and is not told again to whoever has it."""

    stories: list[Story] = field(default_factory=list)
    moments: dict[Moment, asyncio.Event] = field(default_factory=lambda: {moment: asyncio.Event() for moment in Moment})

    @property
    def tag(self) -> str:
        """What its feed is known again by."""
        return f'"{len(self.stories)}"'

    def tells_more(self, day: dt.date) -> None:
        """Some stories more, of that day, the newest first."""
        for _ in range(BY_TURNS):
            word = WORDS[len(self.stories)]
            told = Story(f"{STORY} {word}", "It is told in Nikopol.", f"/{word}", f"urn:{word}", day)
            self.stories.insert(0, told)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """As the class says."""
        self._is(Moment.ASKED)
        if request.headers.get("If-None-Match") == self.tag:
            return web.Response(status=304, headers={"ETag": self.tag})
        await asyncio.sleep(AFTER[Moment.ASKED])
        said = web.StreamResponse(headers={"Content-Type": "application/rss+xml; charset=utf-8", "ETag": self.tag})
        body = self.feed(self.stories).encode()
        with suppress(ClientConnectionResetError):  # whoever asked was killed
            await said.prepare(request)
            await said.write(body[: len(body) // 2])
            self._is(Moment.HALF)
            await asyncio.sleep(DRIP)
            await said.write(body[len(body) // 2 :])
            await said.write_eof()
            self._is(Moment.TOLD)
        return said

    def _is(self, moment: Moment) -> None:
        """Wake whoever waits for it, and nobody who comes later."""
        self.moments[moment].set()
        self.moments[moment].clear()


async def polled(ground: Ground, chance: random.Random) -> Result:
    """Of two processes the one that looks at a source is killed at any moment of a look, and once stands still in it."""
    async with Stage(await ground.copy(), chance, at_once=AT_ONCE) as stage, opened(Dripping()) as site:
        reminder = await _deadline(stage)
        play = _Play(stage, site, reminder)
        await play.begin()
        moments = list(STRUCK)
        chance.shuffle(moments)
        for moment in moments:
            await play.kill(moment)
        await play.stand_still()
        await play.finish()
        most = (stage.kills + 1) * AT_ONCE
        # While one stood still, answers came too late.
        result = await stage.close(in_flight=most, doubts={LEASE_RAN_OUT, ANSWER_TIMED_OUT})
        if not stage.telegram.stood_still and result.states.get("uncertain", 0) > most:
            stage.wrong.append(f"{result.states['uncertain']} are in doubt, though at most {most} were under way")
        return result


async def _deadline(stage: Stage) -> Reminder:
    """A call that was told of long ago, whose reminder comes tomorrow: that is all that its followers are owed."""
    today = SystemClock().now().date()
    reminder = Reminder(today + dt.timedelta(days=AHEAD[0] + 1), "", AHEAD[0])
    told = f"{today - dt.timedelta(days=60):%Y-%m-%d}"
    draft = news.Draft(CALL, "Apply.", "https://example.org/grants", "en", told, cities=(CITY,), deadline=f"{reminder.day}")
    now = SystemClock().now()
    key = await news.add(stage.db, draft, now, published=False)
    async with stage.db.write() as connection:
        await connection.execute(update(news_table).where(news_table.c.id == key).values(published_at=now))
    return Reminder(reminder.day, key, reminder.ahead)


class _Play:
    """The source, and two processes whose clocks say that the time for a reminder has just come."""

    def __init__(self, stage: Stage, site: Dripping, reminder: Reminder) -> None:
        self._stage, self._site, self._reminder = stage, site, reminder
        self._clock = stage.folder / "clock"

    async def begin(self) -> None:
        """Followers, the source, and both processes."""
        await self._stage.followers(FOLLOWERS)
        now = SystemClock().now()
        jump(self._clock, (self._reminder.begins - now).total_seconds())
        wish = Wish(SourceKind.FEED, f"{self._site.url}{FEED}", "en", SOURCE, trust=Trust.PUBLISH)
        async with self._stage.db.write() as connection:
            await store.add(connection, wish, now)
            await store.switch(connection, SOURCE, now, on=True)
        for _ in range(2):
            await self._process()

    async def kill(self, moment: Moment) -> None:
        """Whoever looks, then."""
        await self._comes(moment)
        await asyncio.sleep(self._stage.chance.uniform(0, AFTER[moment]))
        await self._stage.kill(await self._stage.leader())
        await self._process()

    async def stand_still(self) -> None:
        """Whoever looks stops in it, and goes on when another has looked.

        When nothing is being sent: of SQLite it may else hold the lock, and all would stand still with it.
        """
        await self._stage.digested()
        await self._comes(Moment.HALF)
        still = await self._stage.leader()
        still.freeze()
        await asyncio.sleep(2 * DRIP)  # until all is said to it
        # The source stays due, as that look was never noted.
        self._site.tells_more(self._reminder.begins.date())
        try:
            await asyncio.wait_for(self._wait(Moment.TOLD), FROZEN)
        except TimeoutError:
            self._stage.notes.append("nobody else looked while one stood still")
        await asyncio.sleep(self._stage.chance.uniform(0, AFTER[Moment.TOLD]))
        still.thaw()

    async def finish(self) -> None:
        """Until all that was told is written down and has arrived, and the last look says so."""
        titles = {story.title for story in self._site.stories}
        while len(found := await self._entries()) < len(titles):
            await self._is_due()
            await asyncio.sleep(LOOK)
        self._stage.items = {item: title for title, state, item in found if state == EntryState.PUBLISHED}
        self._stage.items[self._reminder.key] = CALL
        await self._stage.over()
        self._stage.wrong += [f"{title!r} is {times} items" for title, times in (await self._told()).items() if times != 1]
        self._stage.wrong += [f"{title!r} is {state}" for title, state, _item in found if state != EntryState.PUBLISHED]
        self._stage.wrong += [f"{title!r} is {times} entries" for title, times in Counter(row[0] for row in found).items() if times != 1]
        self._stage.wrong += await self._health()

    async def _process(self) -> None:
        settings = HOOK | {"NEWS_POLL_MINUTES": "1", "NEWS_PRIVATE_ADDRESSES": "1"}
        await self._stage.bot("-m", "tests.faults.process", str(self._clock), OFTEN, **settings)

    async def _comes(self, moment: Moment) -> None:
        """The source tells more, and a look at it comes to that moment."""
        if moment is Moment.SENT:
            some = self._stage.chance.randint(1, FOLLOWERS)
            coming = asyncio.create_task(self._stage.telegram.takes(STORY, some))
        else:
            coming = asyncio.create_task(self._wait(moment))
        await asyncio.sleep(0)
        self._site.tells_more(self._reminder.begins.date())
        while not coming.done():
            await self._is_due()
            await asyncio.wait({coming}, timeout=1)
        await coming

    async def _wait(self, moment: Moment) -> None:
        await self._site.moments[moment].wait()

    async def _is_due(self) -> None:
        """Nobody waits for a minute: the next look comes now."""
        async with self._stage.db.write() as connection:
            await connection.execute(update(news_sources).values(next_at=None))

    async def _entries(self) -> list[tuple[str, str, str]]:
        """Title, state and item of whatever the source was seen to tell."""
        async with self._stage.db.read() as connection:
            rows = await connection.execute(select(entries.c.title, entries.c.state, entries.c.item))
            return [(row.title, row.state, row.item or "") for row in rows]

    async def _told(self) -> Counter[str]:
        """How many items have which title of the source."""
        titles = select(texts.c.text).where(texts.c.subject == "news", texts.c.field == "title", texts.c.text.startswith(STORY))
        async with self._stage.db.read() as connection:
            return Counter((await connection.scalars(titles)).all())

    async def _health(self) -> list[str]:
        """What the source's row says that is not so, when the last look is over."""
        while True:
            async with self._stage.db.read() as connection:
                source = await store.by_id(connection, SOURCE)
            assert source
            if source.next_at:
                break
            await asyncio.sleep(LOOK)
        says = {"failures": source.failures, "problem": source.problem, "etag": source.etag, "on": source.is_on}
        right = {"failures": 0, "problem": "", "etag": self._site.tag, "on": True}
        return [f"the source's row says {says} instead of {right}"] if says != right else []
