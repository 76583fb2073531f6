"""What the database promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from data import chats, export, loading, marks, news, schema, sheets, upkeep
from data.assembly import Tables, assemble
from data.db import Database, UnusableAddress, may_exist, parse_address
from data.news import Draft, WrongNews
from data.sheets import SEED, Records
from data.tables import cities as city_table
from data.tables import marks as mark_table
from data.tables import metadata
from tests.fakes.databases import LOADED_AT as NOW
from tests.fakes.databases import Engine, address, engine, shipped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy import Connection

__all__ = ["address", "engine", "shipped"]  # fixtures

LATER = NOW + dt.timedelta(days=1)
LESIA = 9_007_199_254
DRAFT = Draft(
    "Nikopol opens a learning centre", "It opened on Monday.", "https://example.org/news/1", "en", "2026-03-02", ("nikopol",), ("UA",)
)


@pytest.fixture(scope="session")
def seed() -> Records:
    """The data set that ships."""
    return upkeep.read_seed()


@pytest_asyncio.fixture
async def db(address: str) -> AsyncIterator[Database]:
    """A database with all its tables and nothing in them."""
    async with Database(address) as database:
        await schema.upgrade(database)
        yield database


@pytest_asyncio.fixture
async def stocked(stocked_address: str) -> AsyncIterator[Database]:
    """A database with the data set that ships."""
    async with Database(stocked_address) as database:
        yield database


@pytest.fixture
def stocked_address(engine: Engine, shipped: str) -> str:
    """Where `stocked` is."""
    return engine.copy(shipped)


def by_key(records: Records) -> dict[str, set[str]]:
    """All rows in an order that does not matter; lines of a file are no facts."""
    return {
        table: {
            json.dumps({name: value for name, value in row.items() if name not in {"line", "published_at"}}, sort_keys=True) for row in rows
        }
        for table, rows in records.rows.items()
    }


def without(records: Records, city: str) -> Records:
    """The data set after a city was taken out of it."""
    gone = {table: [row for row in rows if city not in {row.get("id"), row.get("city")}] for table, rows in records.rows.items()}
    return Records(gone, {})


# --- Schema -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step_by_step", [False, True], ids=["made at once", "migrated from the first revision"])
async def test_the_database_has_the_tables_that_the_code_means(db: Database, step_by_step: bool) -> None:
    def differences(connection: Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with db.write() as connection:
        if step_by_step:
            await connection.run_sync(lambda bare: command.downgrade(schema.configuration(bare), "base"))
    assert await schema.upgrade(db) == step_by_step
    async with db.write() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_migration_can_be_undone(db: Database) -> None:
    async with db.write() as connection:
        await connection.run_sync(lambda bare: command.downgrade(schema.configuration(bare), "base"))
    async with db.read() as connection:
        assert await connection.run_sync(lambda bare: inspect(bare).get_table_names()) == ["alembic_version"]
    assert await schema.upgrade(db)
    assert await schema.current(db) == schema.head()


async def test_upgrading_twice_does_nothing_the_second_time(db: Database) -> None:
    assert not await schema.upgrade(db)


async def test_processes_that_start_together_end_up_with_one_data_set(address: str) -> None:
    async with Database(address) as one, Database(address) as other:
        done = await asyncio.gather(*(upkeep.bring_up_to_date(database, NOW) for database in (one, other)))
        assert any(upkeep_.loaded and upkeep_.loaded.changes for upkeep_ in done)
        assert await loading.latest(one) == loading.Revision(1, sheets.digest())


@pytest.mark.parametrize("sheet", sheets.SHEETS, ids=lambda sheet: sheet.table)
def test_a_cell_may_be_empty_in_the_database_where_it_may_in_the_file(sheet: sheets.Sheet) -> None:
    table = metadata.tables[sheet.table]
    for name, parse in sheet.columns.items():
        try:
            optional = parse("") is None
        except ValueError:
            optional = False
        assert bool(table.columns[name].nullable) == optional, name


# --- The data set -----------------------------------------------------------------------------------------------------------------------


async def test_what_was_loaded_is_read_back_whole(stocked: Database, seed: Records) -> None:
    records, revision = await loading.read_back(stocked)
    assert revision == 1
    assert by_key(records) == by_key(seed)


async def test_loading_the_same_data_again_changes_nothing(stocked: Database, seed: Records) -> None:
    again = await loading.load(stocked, seed, sheets.digest(), LATER)
    assert again == loading.Loaded({}, 1)


async def test_a_city_that_is_gone_is_marked_and_comes_back_when_it_does(stocked: Database, seed: Records) -> None:
    gone = await loading.load(stocked, without(seed, "nikopol"), "another", LATER)
    assert gone.changes["cities"] == loading.Change(removed=1)
    records, revision = await loading.read_back(stocked)
    assert revision == gone.revision == 2
    assert "nikopol" not in {row["id"] for row in records["cities"]}
    async with stocked.read() as connection:
        assert await connection.scalar(select(city_table.c.removed_at).where(city_table.c.id == "nikopol")) == LATER

    back = await loading.load(stocked, seed, sheets.digest(), LATER + dt.timedelta(days=1))
    assert back.changes["cities"] == loading.Change(added=1)
    assert by_key((await loading.read_back(stocked))[0]) == by_key(seed)


async def test_what_an_admin_wrote_survives_a_new_data_set(stocked: Database, seed: Records) -> None:
    async with stocked.write() as connection:
        await connection.execute(update(city_table).where(city_table.c.id == "nikopol").values(origin="admin", admin1="as an admin says"))

    loaded = await loading.load(stocked, seed, "another", LATER)

    assert "cities" not in loaded.changes
    records, _ = await loading.read_back(stocked)
    assert next(row for row in records["cities"] if row["id"] == "nikopol")["admin1"] == "as an admin says"


async def test_a_load_that_fails_leaves_the_old_data_whole(stocked: Database, seed: Records) -> None:
    broken = Records({**seed.rows, "texts": [{"subject": "news", "key": "n001", "lang": "en", "field": "title", "text": None}]}, {})
    with pytest.raises(IntegrityError):
        await loading.load(stocked, broken, "another", LATER)
    assert by_key((await loading.read_back(stocked))[0]) == by_key(seed)
    assert await loading.latest(stocked) == loading.Revision(1, sheets.digest())


async def test_a_bad_data_set_never_replaces_a_good_one(stocked: Database, seed: Records, tmp_path: Path) -> None:
    folder = damaged_seed(tmp_path)
    done = await upkeep.bring_up_to_date(stocked, LATER, folder)
    assert done.loaded is None
    assert "themes.csv:2: position: must be a whole number" in map(str, done.refused)
    assert by_key((await loading.read_back(stocked))[0]) == by_key(seed)


async def test_a_bad_data_set_is_no_start_for_an_empty_database(db: Database, tmp_path: Path) -> None:
    with pytest.raises(upkeep.BadSeed):
        await upkeep.bring_up_to_date(db, NOW, damaged_seed(tmp_path))
    assert await loading.latest(db) is None


async def test_a_start_with_the_data_in_force_loads_nothing(stocked: Database) -> None:
    assert await upkeep.bring_up_to_date(stocked, LATER) == upkeep.Upkeep(migrated=False, loaded=None)
    assert await upkeep.is_up_to_date(stocked)


async def test_an_exported_data_set_is_the_same_when_read(stocked: Database, seed: Records, tmp_path: Path) -> None:
    records, _ = await loading.read_back(stocked)
    export.write(records, tmp_path)
    again, defects = sheets.read(tmp_path)
    assert defects == []
    assert by_key(again) == by_key(seed)


def damaged_seed(folder: Path) -> Path:
    """The data set that ships, with one cell that is no number."""
    copy = folder / "seed"
    shutil.copytree(SEED, copy)
    themes = copy / "themes.csv"
    themes.write_text(themes.read_text(encoding="utf-8").replace(",1\n", ",first\n", 1), encoding="utf-8")
    return copy


# --- News that admins write -------------------------------------------------------------------------------------------------------------


async def told(db: Database) -> dict[str, Any]:
    """The news that readers see, by id."""
    records, revision = await loading.read_back(db)
    return {str(item.id): item for item in assemble(records, revision, Tables()).news}


async def test_readers_see_news_once_they_are_published_and_until_they_are_withdrawn(stocked: Database) -> None:
    key = await news.add(stocked, DRAFT, NOW, published=False)
    assert key not in await told(stocked)
    assert (await loading.latest(stocked) or (0,))[0] == 1

    assert await news.publish(stocked, key, LATER)
    item = (await told(stocked))[key]
    assert (item.title, item.cities, item.sources[0].url) == ({"en": DRAFT.title}, ("nikopol",), DRAFT.url)

    assert await news.withdraw(stocked, key, LATER)
    assert key not in await told(stocked)
    assert not await news.withdraw(stocked, key, LATER)
    assert not await news.publish(stocked, "n001", LATER)


async def test_news_of_admins_survive_a_new_data_set(stocked: Database, seed: Records) -> None:
    key = await news.add(stocked, DRAFT, NOW, published=True)
    await loading.load(stocked, seed, "another", LATER)
    assert (await told(stocked))[key].title == {"en": DRAFT.title}


async def test_running_bots_notice_published_news(stocked: Database) -> None:
    await news.add(stocked, DRAFT, NOW, published=True)
    assert await loading.latest(stocked) == loading.Revision(2, sheets.digest())


async def test_an_id_of_withdrawn_news_is_not_used_again(stocked: Database) -> None:
    first = await news.add(stocked, DRAFT, NOW, published=True)
    await news.withdraw(stocked, first, NOW)
    assert await news.add(stocked, DRAFT, NOW, published=True) != first


async def test_news_that_cannot_be_told_say_everything_that_is_wrong(stocked: Database) -> None:
    draft = Draft("", "x" * 601, "ftp://example.org", "en", "yesterday", ("nikopo",), ("ZZ",), ("literac",))
    with pytest.raises(WrongNews) as caught:
        await news.add(stocked, draft, NOW, published=True)
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["title", "text", "url", "date", "city", "country", "theme"]
    assert "city: nikopo is not known; perhaps nikopol" in caught.value.faults


async def test_the_same_news_is_not_told_twice(stocked: Database) -> None:
    key = await news.add(stocked, DRAFT, NOW, published=True)
    with pytest.raises(WrongNews, match=f"{key} has it already"):
        await news.add(stocked, DRAFT, NOW, published=True)


async def test_the_list_of_news_shows_what_readers_do_not_see_yet(stocked: Database) -> None:
    key = await news.add(stocked, DRAFT, NOW, published=False)
    listed = {item.id: item for item in await news.listing(stocked)}
    assert (listed[key].origin, listed[key].published, listed[key].titles) == ("admin", False, {"en": DRAFT.title})
    assert listed["n001"].published


# --- Chats and marks --------------------------------------------------------------------------------------------------------------------


async def test_a_chosen_language_is_remembered_until_it_is_chosen_anew(db: Database) -> None:
    for language in ("uk", "en", None):
        async with db.write() as connection:
            await chats.choose_language(connection, LESIA, language, NOW)
        async with db.read() as connection:
            assert (await chats.preferences(connection, LESIA)).language == language


async def test_forgetting_leaves_nothing_behind(db: Database) -> None:
    async with db.write() as connection:
        await chats.choose_language(connection, LESIA, "uk", NOW)
    async with db.read() as connection:
        known = await chats.everything_known(connection, LESIA)
        assert (known["chat_id"], known["language"], known["created_at"]) == (LESIA, "uk", NOW.isoformat())
    async with db.write() as connection:
        assert await chats.forget(connection, LESIA)
    async with db.read() as connection:
        assert await chats.everything_known(connection, LESIA) == {}
    async with db.write() as connection:
        assert not await chats.forget(connection, LESIA)


async def test_a_forgotten_language_is_not_in_the_file_any_more(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    async with Database(f"sqlite:///{file}") as db:
        await schema.upgrade(db)
        async with db.write() as connection:
            await chats.choose_language(connection, LESIA, "uk-tell-tale", NOW)
        async with db.write() as connection:
            await chats.forget(connection, LESIA)
    assert b"uk-tell-tale" not in file.read_bytes()


async def test_a_mark_is_what_it_was_last_set_to(db: Database) -> None:
    for value in ("one", "two"):
        async with db.write() as connection:
            await marks.set_mark(connection, "registered", value, NOW)
    async with db.read() as connection:
        assert await marks.read(connection, "registered") == "two"
        assert await marks.read(connection, "unheard of") is None


# --- Transactions -----------------------------------------------------------------------------------------------------------------------


async def test_a_hundred_writers_at_once_lose_nothing_on_sqlite(tmp_path: Path) -> None:
    async with Database(f"sqlite:///{tmp_path / 'bot.db'}") as db:
        await schema.upgrade(db)
        async with db.write() as connection:
            await connection.execute(insert(mark_table).values(name="count", value="0", set_at=NOW))

        async def increment() -> None:
            async with db.write() as connection:
                held = await marks.read(connection, "count")
                await asyncio.sleep(0)
                await marks.set_mark(connection, "count", str(int(held or 0) + 1), NOW)

        await asyncio.gather(*(increment() for _ in range(100)))
        async with db.read() as connection:
            assert await marks.read(connection, "count") == "100"


async def test_a_reader_does_not_wait_for_a_writer(db: Database) -> None:
    async with db.write() as writing:
        await marks.set_mark(writing, "half", "done", NOW)
        async with asyncio.timeout(2), db.read() as reading:
            assert await marks.read(reading, "half") is None


async def test_what_reads_cannot_write_on_sqlite(tmp_path: Path) -> None:
    async with Database(f"sqlite:///{tmp_path / 'bot.db'}") as db:
        await schema.upgrade(db)
        async with db.read() as connection:
            with pytest.raises(OperationalError, match="readonly"):
                await marks.set_mark(connection, "no", "no", NOW)


async def test_a_task_that_is_cancelled_in_the_middle_of_writing_locks_out_nobody(db: Database) -> None:
    count = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000) SELECT max(n) FROM n"

    async def write() -> None:
        async with db.write() as connection:
            await marks.set_mark(connection, "half", "done", NOW)
            await connection.execute(text(count))
            await asyncio.Event().wait()

    cancelled = []  # A task that is kept keeps its traceback, and that its cursor.
    for number in range(20):
        cancelled.append(asyncio.create_task(write()))
        await asyncio.sleep(number / 1000)
        cancelled[-1].cancel()
        await asyncio.wait(cancelled)
        async with asyncio.timeout(5), db.write() as connection:
            await marks.set_mark(connection, "whole", str(number), NOW)
    async with db.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(mark_table).where(mark_table.c.name == "half")) == 0


async def test_who_comes_after_the_database_cut_its_connections_notices_nothing(db: Database, address: str) -> None:
    async def set_mark(number: int) -> None:
        async with db.write() as connection:
            await marks.set_mark(connection, f"mark {number}", "set", NOW)

    await asyncio.gather(*map(set_mark, range(4)))
    if db.backend == "postgresql":  # of a file nobody can cut one
        async with Database(address) as admin, admin.write() as connection:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            assert (await connection.execute(text(f"SELECT pg_terminate_backend(pid, 5000) {others}"))).rowcount >= 2
    await asyncio.gather(*map(set_mark, range(4, 12)))
    async with db.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(mark_table).where(mark_table.c.value == "set")) == 12


async def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    async def fail_halfway() -> None:
        async with db.write() as connection:
            await marks.set_mark(connection, "half", "done", NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_halfway()
    async with db.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(mark_table)) == 0


# --- Addresses --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["", "mysql://host/db", "sqlite://", "not an address", "postgresql+psycopg://host/db"])
def test_an_address_of_another_kind_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(UnusableAddress) as caught:
        parse_address(wrong)
    assert not wrong or wrong not in str(caught.value)


def test_asking_whether_a_database_is_there_does_not_make_it(tmp_path: Path) -> None:
    assert not may_exist(f"sqlite:///{tmp_path}/deep/bot.db")
    assert not (tmp_path / "deep").exists()


@pytest.mark.parametrize(("statement", "whole"), [("import data.db", False), ("import sqlalchemy.ext.asyncio", True)])
def test_sqlalchemy_comes_without_its_orm_only_by_our_way(statement: str, whole: bool) -> None:
    """If the second case fails, SQLAlchemy has mended it, and data/engine.py can go."""
    ask = f"{statement}; import sys; sys.exit('sqlalchemy.orm' in sys.modules)"
    assert bool(subprocess.run([sys.executable, "-c", ask], check=False).returncode) == whole


def test_whoever_asks_sqlalchemy_for_sessions_still_gets_them() -> None:
    ask = "import data.engine as ours; from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession; assert ours.AsyncEngine is AsyncEngine"
    subprocess.run([sys.executable, "-c", ask], check=True)
