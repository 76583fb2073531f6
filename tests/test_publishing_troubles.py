"""While the database is locked, full or gone, whoever writes news is told so, and nothing is lost: a tap tries once more."""

import asyncio
import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.callbacks import ManageItem, WriteNews
from bot.emulator import Call
from data import db as storage
from data import drafts, upkeep
from data.db import Database
from data.tables import publications
from tests.fakes.databases import LOADED_AT, shipped_file
from tests.fakes.house import Furniture, House, labels, the, to
from tests.fakes.postgresql import PostgreSQL, postgresql
from tests.fakes.telegram import sent
from tests.fakes.updates import ADMIN

__all__ = ["shipped_file"]  # a fixture

WORDS = "Це оголошення розповідає про те, що відкрилося і для кого. " * 8
NEWS = (
    f"Нікополь відкрив центр\n{WORDS}\nhttps://example.org/1\n---\nNikopol opened a centre\n{'It tells what opened, and for whom. ' * 12}"
)
BETTER = NEWS.replace("відкрив центр", "відкрив два центри").replace("a centre", "two centres")
NUMBERS = itertools.count(1)


class Trouble(Protocol):
    """Something that keeps a database from writing."""

    async def begins(self, bot: House) -> None:
        """From now on."""

    async def ends(self, bot: House) -> None:
        """All is well again."""


class Locked:
    """Another process is writing, and does not come to an end."""

    async def begins(self, bot: House) -> None:
        self.other = sqlite3.connect(bot.furniture.file, isolation_level=None)
        self.other.execute("BEGIN IMMEDIATE")

    async def ends(self, bot: House) -> None:
        self.other.execute("ROLLBACK")
        self.other.close()


class Full:
    """There is no room for another page."""

    async def begins(self, bot: House) -> None:
        await self._limit(bot, None)
        for size in (2000, 200, 20, 0):
            with suppress(OperationalError):
                while True:
                    async with bot.db.write() as connection:
                        await drafts.keep(connection, 0, "x" * size, "", "en", bot.clock.now())

    async def ends(self, bot: House) -> None:
        await self._limit(bot, 1_000_000)

    async def _limit(self, bot: House, pages: int | None) -> None:
        async with bot.db.write() as connection:
            used = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
            spare = (await connection.exec_driver_sql("PRAGMA freelist_count")).scalar_one()
            assert spare == 0, "what is spare would be taken first"
            await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages or used}")


class Stopped:
    """PostgreSQL is down."""

    def __init__(self, server: PostgreSQL) -> None:
        self.server = server

    async def begins(self, bot: House) -> None:
        await asyncio.to_thread(self.server.stops)

    async def ends(self, bot: House) -> None:
        await asyncio.to_thread(self.server.starts)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """A PostgreSQL of our own, to be stopped, with the data set that ships in a database called `shipped`."""

    async def load(running: PostgreSQL) -> None:
        async with Database(address_of(running, "shipped")) as db:
            await upkeep.bring_up_to_date(db, LOADED_AT)

    with postgresql() as running:
        running.tells("CREATE DATABASE shipped")
        asyncio.run(load(running))
        yield running


def address_of(server: PostgreSQL, database: str) -> str:
    return make_url(server.address).set(database=database).render_as_string(hide_password=False)


@pytest.fixture(params=["locked", "full", "stopped"])
def trouble(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Trouble:
    """Each of them in turn."""
    monkeypatch.setattr(storage, "BUSY_SECONDS", 0.2)
    match request.param:
        case "locked":
            return Locked()
        case "full":
            return Full()
        case _:
            return Stopped(request.getfixturevalue("server"))


@pytest_asyncio.fixture
async def bot(trouble: Trouble, furniture: Furniture, shipped_file: Path, tmp_path: Path) -> AsyncIterator[House]:
    """The whole bot, with a database that can get into that trouble."""
    file, address = tmp_path / "shipped.db", ""
    if isinstance(trouble, Stopped):
        name = f"troubled_{next(NUMBERS)}"
        connection = await asyncpg.connect(address_of(trouble.server, "postgres"))
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE shipped")
        await connection.close()
        address = address_of(trouble.server, name)
    else:
        shutil.copy(shipped_file, file)
        packed = sqlite3.connect(file)
        packed.execute("VACUUM")
        packed.close()
    async with House(replace(furniture, file=file, address=address)) as house:
        await house.hears("/start", ADMIN)
        yield house


async def published(bot: House) -> list[str]:
    async with bot.db.read() as connection:
        return list((await connection.scalars(select(publications.c.item))).all())


def told_so(calls: list[Call], held: int) -> Call:
    """What an admin reads: that it could not be saved, that nothing is lost, and how to go on; under the message that holds the words."""
    shown = sent(calls)[-1]
    assert shown.text.startswith("Не вдалося зберегти: база даних зараз недоступна.")
    assert "Нічого не втрачено" in shown.text
    assert labels(shown) == ["Спробувати ще раз"]
    assert shown.result["reply_to_message"]["message_id"] == held
    return shown


async def test_news_that_cannot_be_kept_stay_in_the_chat_and_a_tap_takes_them_from_there(bot: House, trouble: Trouble) -> None:
    await trouble.begins(bot)
    typed = bot.telegram.says(None, ADMIN, f"/publish {NEWS}")["message"]
    failed = told_so(await bot.catches_up(), typed["message_id"])
    failed = told_so(await bot.presses(failed, "Спробувати ще раз", ADMIN), typed["message_id"])
    await trouble.ends(bot)

    shown = the(await bot.presses(failed, "Спробувати ще раз", ADMIN))
    assert "uk · Нікополь відкрив центр" in shown.text
    assert "en · Nikopol opened a centre" in shown.text
    assert labels(shown)[0] == "Опублікувати"


async def test_a_text_that_was_replied_to_is_taken_from_there(bot: House, trouble: Trouble) -> None:
    post = {"type": "channel", "date": 1, "chat": {"id": -1009, "type": "channel", "title": "N", "username": "gnlc_news"}, "message_id": 7}
    held = bot.telegram.sends(None, ADMIN, {"text": "Lviv joins\nLviv joined the network.", "forward_origin": post})["message"]
    await bot.catches_up()
    await trouble.begins(bot)
    bot.telegram.says(None, ADMIN, "/publish", reply_to=held)
    failed = told_so(await bot.catches_up(), held["message_id"])
    await trouble.ends(bot)

    shown = the(await bot.presses(failed, "Спробувати ще раз", ADMIN))
    assert "https://t.me/gnlc_news/7" in shown.text


async def test_what_could_not_be_published_is_published_once_by_a_later_tap(bot: House, trouble: Trouble) -> None:
    shown = the(await bot.hears(f"/publish {NEWS}", ADMIN))
    await trouble.begins(bot)
    failed = told_so(await bot.presses(shown, "Опублікувати", ADMIN), shown.result["message_id"])
    await trouble.ends(bot)
    assert await published(bot) == []

    card = the(await bot.presses(failed, "Спробувати ще раз", ADMIN))
    assert card.text.startswith("Нікополь відкрив центр\nОпубліковано")
    await bot.presses(shown, to(shown, WriteNews), ADMIN)
    assert await published(bot) == ["a1"]


async def test_other_words_for_a_draft_are_not_lost(bot: House, trouble: Trouble) -> None:
    shown = the(await bot.hears(f"/publish {NEWS}", ADMIN))
    asked = sent(await bot.presses(shown, "Змінити", ADMIN))[-1]
    await trouble.begins(bot)
    typed = bot.telegram.says(None, ADMIN, BETTER + "\n" + "Ще більше слів. " * 100, reply_to=asked.result)["message"]
    failed = told_so(await bot.catches_up(), typed["message_id"])
    await trouble.ends(bot)

    assert "відкрив два центри" in the(await bot.presses(failed, "Спробувати ще раз", ADMIN)).text


async def test_a_correction_is_not_lost(bot: House, trouble: Trouble) -> None:
    shown = the(await bot.hears(f"/publish {NEWS}", ADMIN))
    card = the(await bot.presses(shown, "Опублікувати", ADMIN))
    asked = sent(await bot.presses(card, ManageItem("a1", "correct").pack(), ADMIN))[-1]
    await trouble.begins(bot)
    typed = bot.telegram.says(None, ADMIN, BETTER, reply_to=asked.result)["message"]
    failed = told_so(await bot.catches_up(), typed["message_id"])
    await trouble.ends(bot)

    shown = the(await bot.presses(failed, "Спробувати ще раз", ADMIN))
    assert "відкрив два центри" in shown.text
    assert labels(shown)[0] == "Виправити"
    await bot.presses(shown, to(shown, WriteNews), ADMIN)
    words = await bot.services.newsroom.words("a1")
    assert words is not None
    assert {title for _, title, _ in words.texts} == {"Нікополь відкрив два центри", "Nikopol opened two centres"}


@pytest.mark.parametrize("trouble", ["locked", "stopped"], indirect=True)
async def test_what_cannot_be_withdrawn_now_is_withdrawn_by_a_later_tap(bot: House, trouble: Trouble) -> None:
    shown = the(await bot.hears(f"/publish {NEWS}", ADMIN))
    card = the(await bot.presses(shown, "Опублікувати", ADMIN))
    await trouble.begins(bot)
    failed = told_so(await bot.presses(card, "Відкликати", ADMIN), card.result["message_id"])
    await trouble.ends(bot)
    assert await bot.services.newsroom.words("a1") is not None

    assert "Відкликано" in the(await bot.presses(failed, "Спробувати ще раз", ADMIN)).text
    assert await bot.services.newsroom.words("a1") is None
