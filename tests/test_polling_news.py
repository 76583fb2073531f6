"""Sources of news are looked at in time, each for itself, and whatever happens in between loses and repeats nothing."""

import asyncio
import datetime as dt
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from bot import watching
from bot.cli import main
from bot.rounds import Rounds
from bot.services import Shelf
from data.catalogue import Catalogue
from data.db import Database
from data.sources import store
from data.sources.fetch import Reach
from data.sources.model import SourceKind, Trust
from data.sources.wish import Wish
from data.tables import entries, news, publications
from tests.fakes.clock import START, FakeClock
from tests.fakes.databases import shipped_file
from tests.fakes.newsstand import Newsstand, Story, newsstand
from tests.fakes.post import Fuse, Killed, MortalDatabase

__all__ = ["shipped_file"]  # a fixture

REACH = Reach(private=True, pause=0)
STORIES = [
    Story(f"The learning city Nikopol opens centre {number}", "It is for all.", f"/news/{number}", f"n-{number}", START.date())
    for number in range(3)
]


@pytest_asyncio.fixture
async def stand() -> AsyncIterator[Newsstand]:
    async with newsstand() as opened:
        yield opened


@pytest.fixture
def file(shipped_file: Path, tmp_path: Path) -> Path:
    copied: Path = tmp_path / "bot.db"
    shutil.copy(shipped_file, copied)
    return copied


@pytest_asyncio.fixture
async def db(file: Path) -> AsyncIterator[Database]:
    async with Database(f"sqlite:///{file}") as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def rounds(db: Database, clock: FakeClock, catalogue: Catalogue) -> Callable[..., Rounds]:
    return lambda over=db, minutes=0: Rounds(over, clock, Shelf(catalogue), REACH, minutes)


async def watches(db: Database, url: str, key: str = "one", minutes: int = 60, trust: Trust = Trust.PUBLISH) -> None:
    async with db.write() as connection:
        await store.add(connection, Wish(SourceKind.FEED, url, "en", key, trust=trust, minutes=minutes), START)
        await store.switch(connection, key, START, on=True)


async def count(db: Database, table: Any) -> int:
    async with db.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def written(db: Database) -> int:
    """How many items of news came of sources."""
    async with db.read() as connection:
        return await connection.scalar(select(func.count()).select_from(news).where(news.c.origin == "admin")) or 0


async def test_a_source_is_asked_once_in_its_time_however_often_somebody_looks(
    db: Database, stand: Newsstand, rounds: Callable[..., Rounds], clock: FakeClock
) -> None:
    await watches(db, stand.tells("/feed", STORIES), minutes=60)
    looking = rounds()
    for _ in range(12):
        await looking.round()
        clock.advance(dt.timedelta(minutes=10))

    assert stand.asked["/feed"] == 2


async def test_the_setting_is_the_least_time_between_two_looks(
    db: Database, stand: Newsstand, rounds: Callable[..., Rounds], clock: FakeClock
) -> None:
    await watches(db, stand.tells("/feed", STORIES), minutes=5)
    looking = rounds(minutes=120)
    for _ in range(12):
        await looking.round()
        clock.advance(dt.timedelta(minutes=20))

    assert stand.asked["/feed"] == 2


async def test_a_source_that_is_off_is_never_asked(db: Database, stand: Newsstand, rounds: Callable[..., Rounds]) -> None:
    await watches(db, stand.tells("/feed", STORIES))
    async with db.write() as connection:
        await store.switch(connection, "one", START, on=False)

    assert await rounds().round(every=True) == []
    assert not stand.asked


@pytest.mark.parametrize("steps", range(8))
async def test_a_process_that_is_killed_at_any_moment_loses_and_repeats_nothing(
    steps: int, db: Database, file: Path, stand: Newsstand, rounds: Callable[..., Rounds], clock: FakeClock
) -> None:
    await watches(db, stand.tells("/feed", STORIES), "one")
    await watches(db, stand.tells("/other", [replace(story, path=f"/o{story.path}") for story in STORIES]), "two")
    async with MortalDatabase(f"sqlite:///{file}", Fuse(steps)) as mortal:
        try:
            await rounds(mortal).round()
        except* Killed:
            pass
    for _ in range(3):
        clock.advance(dt.timedelta(hours=2))
        await rounds().round()

    assert await written(db) == len(STORIES)
    assert await count(db, publications) == len(STORIES)
    assert await count(db, entries) == 2 * len(STORIES)


async def test_a_feed_that_lies_about_the_future_and_tells_things_twice_does_no_harm(
    db: Database, stand: Newsstand, rounds: Callable[..., Rounds], clock: FakeClock
) -> None:
    liar = [
        replace(STORIES[0], date=START.date() + dt.timedelta(days=900)),
        replace(STORIES[0], own_id="again", date=None),
        replace(STORIES[1], title="<b>Nikopol</b> & the learning city of <script>alert(1)</script> centres", summary="\x07<i>It is.</i>"),
    ]
    await watches(db, stand.tells("/feed", [STORIES[2]]))
    await rounds().round()
    for number in range(4):
        clock.advance(dt.timedelta(hours=2))
        stand.tells("/feed", [replace(story, own_id=f"{story.own_id}-{number}") for story in liar])
        await rounds().round()

    async with db.read() as connection:
        dates = list(await connection.scalars(select(news.c.date).where(news.c.origin == "admin")))
    assert dates == ["2026-03-02"] * 3


async def test_what_the_database_could_not_take_is_taken_the_next_time(
    db: Database, stand: Newsstand, rounds: Callable[..., Rounds], clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watches(db, stand.tells("/feed", STORIES))
    with monkeypatch.context() as patched:

        async def fails(*_: object, **__: object) -> None:
            raise OSError("disk full")

        patched.setattr("bot.rounds.arrivals.take", fails)
        (visit,) = await rounds().round()
        assert visit.look.failed
    (visit,) = await rounds().round()

    assert len(visit.taken.items) == len(STORIES)


async def test_only_the_process_that_leads_looks_and_it_goes_on_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = list[str]()

    class Desk:
        @property
        def rounds(self) -> "Desk":
            return self

        async def round(self) -> None:
            looks.append("look")
            raise OSError("no database")

    services: Any = SimpleNamespace(newsroom=SimpleNamespace(desk=Desk()), admins=())
    monkeypatch.setattr(watching, "EVERY", 0.001)
    leads = False
    watching_task = asyncio.create_task(watching.watch(SimpleNamespace(), services, lambda: leads))  # type: ignore[arg-type]
    await asyncio.sleep(0.02)
    assert not looks
    leads = True
    await asyncio.sleep(0.05)
    watching_task.cancel()

    assert len(looks) > 1


async def test_news_poll_looks_once_and_says_how_it_went(
    db: Database, file: Path, stand: Newsstand, capsys: pytest.CaptureFixture[str]
) -> None:
    today = dt.datetime.now(dt.UTC).date()
    environment = {"DATABASE_URL": f"sqlite:///{file}", "NEWS_PRIVATE_ADDRESSES": "1"}
    await watches(db, stand.tells("/feed", [replace(story, date=today) for story in STORIES]))

    assert await asyncio.to_thread(main, ["news", "poll"], environment) == 0
    assert "3 told, 3 published" in capsys.readouterr().out
    assert await asyncio.to_thread(main, ["news", "poll"], environment) == 0
    assert "no source is due" in capsys.readouterr().out
    stand.shows("/feed", "gone", status=500)
    assert await asyncio.to_thread(main, ["news", "poll", "--all"], environment) == 1
    assert "refused with status: 500" in capsys.readouterr().out
