"""A database moves to another engine whole, or the operator hears what is wrong; SQLite and PostgreSQL, from each to each."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import threading
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import JSON, Boolean, Float, Integer, String, delete, insert, select, text

from bot.cli import main
from data import copying, follows, leases, schema, unanswered, upkeep
from data.copying import Copied, Difference, Refused
from data.db import Database
from data.follows import NETWORK, Receiver
from data.tables import UtcDateTime, metadata
from tests.fakes.databases import LOADED_AT, Engine, Files, Server
from tests.fakes.postgresql import postgresql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Column, Table

NOW: Final = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)
LONG_AGO: Final = dt.datetime(2025, 12, 31, 23, 59, 58, 123456, tzinfo=dt.UTC)
MANY: Final = 25
NUMBERED: Final = ("revisions", "follows", "deliveries", "drafts", "entries", "unanswered")

Rows = dict[str, list[dict[str, Any]]]


class Stopped(Exception):
    """Someone has enough of it."""


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """Both at the same time."""
    with postgresql() as server:
        yield {"sqlite": Files(tmp_path_factory.mktemp("copying")), "postgresql": Server(server.address)}


@pytest.fixture(scope="module")
def filled(engines: dict[str, Engine]) -> Callable[[str], str]:
    """Copies of databases with rows in every table: the data set that ships, and made-up rows besides."""
    made = dict[str, str]()

    def fill(engine: str) -> str:
        if engine not in made:
            made[engine] = engines[engine].new()
            asyncio.run(_fill(made[engine]))
        return engines[engine].copy(made[engine])

    return fill


@pytest.fixture(params=["sqlite-postgresql", "postgresql-sqlite", "sqlite-sqlite", "postgresql-postgresql"])
def both(request: pytest.FixtureRequest, engines: dict[str, Engine], filled: Callable[[str], str]) -> tuple[str, str]:
    """Addresses of a full database and of an empty one."""
    source, target = request.param.split("-")
    return filled(source), engines[target].new()


async def _fill(address: str) -> None:
    async with Database(address) as db:
        await upkeep.bring_up_to_date(db, LOADED_AT)
        for table in metadata.sorted_tables:
            async with db.write() as connection:
                rows = [{column.name: _value(column, number) for column in _given(table)} for number in range(MANY)]
                await connection.execute(insert(table), rows)


def _given(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column is not table.autoincrement_column]


def _value(column: Column[Any], number: int) -> Any:  # noqa: PLR0911 - one for each type
    """One of many different ones; NULL in every other row where it may be."""
    if column.nullable and number % 2:
        return None
    match column.type:
        case Boolean():
            return number % 3 == 0
        case UtcDateTime():
            return LONG_AGO + dt.timedelta(minutes=number)
        case Float():
            return 48.0 + number / 7
        case Integer():
            return -(5_000 + number) if column.name == "chat_id" else 5_000 + number
        case JSON():
            return ["Нікополь", number, {"ім'я": None}] if number % 3 else []
        case String(length=length):
            return f"їжак\n'{number}'"[: length or None] if (length or 16) >= 10 else f"{number}"
    raise AssertionError(column)


async def _everything(address: str) -> Rows:
    async with Database(address) as db, db.read() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in (await connection.execute(select(table))).mappings()),
                key=lambda row, table=table: tuple(row[column.name] for column in table.primary_key.columns),  # type: ignore[misc]
            )
            for table in metadata.sorted_tables
        }


async def _write(address: str, *statements: str) -> None:
    async with Database(address) as db, db.write() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def _empty_with_tables(address: str) -> str:
    async with Database(address) as db:
        await schema.upgrade(db)
    return address


async def test_every_row_of_every_table_arrives_as_it_was(both: tuple[str, str]) -> None:
    source, target = both
    before = await _everything(source)
    assert all(len(rows) >= MANY for rows in before.values())

    copied = await copying.copy(source, target, NOW, chunk=7)

    assert copied == Copied(sum(map(len, before.values())), ())
    after = await _everything(target)
    assert after == before
    assert await _everything(source) == before, "the source is only read"
    moments = [row[column.name] for table in metadata.sorted_tables for column in table.columns for row in after[table.name]]
    zones = {moment.utcoffset() for moment in moments if isinstance(moment, dt.datetime)}
    assert zones == {dt.timedelta(0)}
    async with Database(target) as db:
        assert await schema.current(db) == schema.head()


async def test_the_bot_goes_on_writing_in_the_copy(both: tuple[str, str]) -> None:
    source, target = both
    await copying.copy(source, target, NOW)
    before = await _everything(target)
    async with Database(target) as db, db.write() as connection:
        followed, _ = await follows.follow(connection, Receiver(77), NETWORK, NOW)
        assert followed.number > max(row["id"] for row in before["follows"])
        for name in NUMBERED:
            table = metadata.tables[name]
            given = {column.name: _value(column, 1_000) for column in _given(table)}
            (number,) = (await connection.execute(insert(table).values(**given))).inserted_primary_key or (0,)
            assert number > max(next(iter(row.values())) for row in before[name])


async def test_a_number_of_a_follow_that_is_gone_is_not_given_again(both: tuple[str, str]) -> None:
    source, target = both
    async with Database(source) as db, db.write() as connection:
        followed, _ = await follows.follow(connection, Receiver(77), NETWORK, NOW)
        table = metadata.tables["follows"]
        await connection.execute(delete(table).where(table.c.id == followed.number))
    await copying.copy(source, target, NOW)
    async with Database(target) as db, db.write() as connection:
        again, _ = await follows.follow(connection, Receiver(78), NETWORK, NOW)
    assert again.number == followed.number + 1


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_what_is_written_while_it_is_copied_is_left_out_altogether(
    engines: dict[str, Engine], filled: Callable[[str], str], engine: str
) -> None:
    source, target = await asyncio.to_thread(filled, engine), await asyncio.to_thread(engines["sqlite"].new)
    before = await _everything(source)
    statements = ("DELETE FROM chats", "DELETE FROM unanswered", "UPDATE drafts SET text = 'late'")
    someone = threading.Thread(target=lambda: asyncio.run(_write(source, *statements)))

    def someone_writes(_table: str, _done: int, _rows: int) -> None:
        if someone.ident is None:
            someone.start()
            someone.join()

    copied = await copying.copy(source, target, NOW, someone_writes)
    assert copied.differences == ()
    assert await _everything(target) == before
    assert (await _everything(source))["chats"] == []


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_nothing_is_copied_over_rows_that_are_there(engines: dict[str, Engine], filled: Callable[[str], str], engine: str) -> None:
    source = await asyncio.to_thread(filled, "sqlite")
    target = await _empty_with_tables(await asyncio.to_thread(engines[engine].new))
    async with Database(target) as db, db.write() as connection:
        await unanswered.note(connection, unanswered.Unanswered("uk", "unknown", ("слово",)), NOW)
    before = await _everything(target)
    with pytest.raises(Refused, match=r"^TO: holds rows in unanswered\. The copy goes into an empty database: name another"):
        await copying.copy(source, target, NOW)
    assert await _everything(target) == before


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_an_empty_database_that_has_its_tables_already_is_filled(
    engines: dict[str, Engine], filled: Callable[[str], str], engine: str
) -> None:
    source = await asyncio.to_thread(filled, "sqlite")
    target = await _empty_with_tables(await asyncio.to_thread(engines[engine].new))
    assert (await copying.copy(source, target, NOW)).differences == ()
    assert await _everything(target) == await _everything(source)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("present", ["CREATE TABLE news (headline TEXT)", "CREATE TABLE alembic_version (version_num TEXT)"])
async def test_tables_of_something_else_are_left_alone(
    engines: dict[str, Engine], filled: Callable[[str], str], engine: str, present: str
) -> None:
    source, target = await asyncio.to_thread(filled, "sqlite"), await asyncio.to_thread(engines[engine].new)
    await _write(target, present, *(["INSERT INTO alembic_version VALUES ('0001')"] if "alembic" in present else []))
    with pytest.raises(Refused, match=r"^TO: holds tables of another version, or of something else"):
        await copying.copy(source, target, NOW)


@pytest.mark.parametrize("at", ["chats", "deliveries"])
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_an_interrupted_copy_is_neither_continued_nor_taken_for_a_whole_one(
    engines: dict[str, Engine], filled: Callable[[str], str], engine: str, at: str
) -> None:
    source, target = await asyncio.to_thread(filled, "sqlite"), await asyncio.to_thread(engines[engine].new)

    def interrupt(table: str, _done: int, _rows: int) -> None:
        if table == at:
            raise Stopped

    with pytest.raises(Stopped):
        await copying.copy(source, target, NOW, interrupt, chunk=10)
    with pytest.raises(Refused, match=r"^TO: a copy into it was interrupted.* To begin again, name another"):
        await copying.copy(source, target, NOW)
    onward = await asyncio.to_thread(engines[engine].new)
    with pytest.raises(Refused, match=r"^FROM: a copy into it was interrupted"):
        await copying.copy(target, onward, NOW)
    assert (await copying.copy(source, onward, NOW)).differences == ()


LOSING: Final = {
    "sqlite": ("CREATE TRIGGER losing BEFORE INSERT ON deliveries WHEN NEW.chat_id = -5003 BEGIN SELECT RAISE(IGNORE); END",),
    "postgresql": (
        """CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.chat_id = -5003 THEN RETURN NULL; END IF; RETURN NEW; END $$""",
        "CREATE TRIGGER losing BEFORE INSERT ON deliveries FOR EACH ROW EXECUTE FUNCTION lose()",
    ),
}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_row_that_did_not_arrive_is_noticed(engines: dict[str, Engine], filled: Callable[[str], str], engine: str) -> None:
    source = await asyncio.to_thread(filled, "postgresql")
    target = await _empty_with_tables(await asyncio.to_thread(engines[engine].new))
    await _write(target, *LOSING[engine])
    copied = await copying.copy(source, target, NOW)
    assert copied.differences == (Difference("deliveries", MANY, MANY - 1),)
    with pytest.raises(Refused, match=r"^TO: a copy into it was interrupted"):
        await copying.copy(source, target, NOW)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_database_is_not_copied_while_a_bot_sends_from_it(
    engines: dict[str, Engine], filled: Callable[[str], str], engine: str
) -> None:
    source, target = await asyncio.to_thread(filled, engine), await asyncio.to_thread(engines["sqlite"].new)
    async with Database(source) as db, db.write() as connection:
        assert await leases.hold(connection, "sender", "a bot", NOW, 12)
    with pytest.raises(Refused, match=r"^FROM: a bot sends from it; .* 2026-03-04 12:00:12 UTC"):
        await copying.copy(source, target, NOW)
    assert (await copying.copy(source, target, NOW + dt.timedelta(seconds=13))).differences == ()


async def test_a_source_that_is_missing_or_old_is_named_and_not_made(tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'target.db'}"
    with pytest.raises(Refused, match=r"^FROM: there is no database"):
        await copying.copy(f"sqlite:///{tmp_path / 'none' / 'bot.db'}", target, NOW)
    old = f"sqlite:///{tmp_path / 'old.db'}"
    await _write(old, "CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('0001')")
    with pytest.raises(Refused, match=r"^FROM: not of this version; with DATABASE_URL naming it, main.py db upgrade"):
        await copying.copy(old, target, NOW)
    assert not any((tmp_path / name).exists() for name in ("none", "target.db"))


async def test_only_so_many_rows_are_in_memory(filled: Callable[[str], str], tmp_path: Path) -> None:
    source, target = await asyncio.to_thread(filled, "sqlite"), f"sqlite:///{tmp_path / 'target.db'}"
    told = list[tuple[str, int, int]]()
    copied = await copying.copy(source, target, NOW, lambda *told_now: told.append(told_now), chunk=10)
    steps = [later - earlier for (_, earlier, _), (_, later, _) in itertools.pairwise(told)]
    assert max(steps) == 10
    assert told[-1] == ("", copied.rows, copied.rows)
    assert {name for name, _, _ in told} == {*metadata.tables, ""}


# --- The command ------------------------------------------------------------------------------------------------------------------------


def test_the_command_copies_and_says_how_much(both: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    source, target = both
    assert main(["db", "copy", source, target], {}) == 0
    rows = sum(map(len, asyncio.run(_everything(target)).values()))
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (f"{rows} rows in {len(metadata.tables)} tables copied, counts compared\n", "")

    assert main(["db", "copy", source, target], {}) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("main.py: TO: holds rows in ")


def test_the_command_names_the_table_that_is_not_whole(
    engines: dict[str, Engine], filled: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    target = asyncio.run(_empty_with_tables(engines["postgresql"].new()))
    asyncio.run(_write(target, *LOSING["postgresql"]))
    assert main(["db", "copy", filled("sqlite"), target], {}) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"main.py: deliveries: {MANY} rows in FROM, {MANY - 1} in TO\n" in shown.err
    assert "begin again" in shown.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["postgresql://bot:{}@127.0.0.1:1/bot", "sqlite:///{folder}/new.db"], 1),
        (["sqlite:///{folder}/full.db", "postgresql://bot:{}@127.0.0.1:1/bot"], 1),
        (["postgresql://bot:{}@{}:{}@127.0.0.1/bot", "sqlite:///{folder}/new.db"], 2),
        (["mysql://bot:{}@127.0.0.1/bot", "sqlite:///{folder}/new.db"], 2),
        (["sqlite:///{folder}/full.db", "postgresql://bot:a", "{}@127.0.0.1/bot"], 2),
    ],
)
def test_no_password_is_ever_printed(
    filled: Callable[[str], str], tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    (tmp_path / "full.db").symlink_to(filled("sqlite").removeprefix("sqlite:///"))
    given = [argument.replace("{}", "hush-hush").replace("{folder}", str(tmp_path)) for argument in arguments]
    try:
        ended = main(["db", "copy", *given], {})
    except SystemExit as usage:
        ended = int(usage.code or 0)
    shown = capsys.readouterr()
    assert (ended, shown.out) == (code, "")
    assert "hush" not in shown.err
    assert "FROM" in shown.err or "TO" in shown.err


def test_a_file_that_is_no_database_is_named_by_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.db").write_text("Dear reader, " * 100)
    assert main(["db", "copy", f"sqlite:///{tmp_path / 'letter.db'}", f"sqlite:///{tmp_path / 'new.db'}"], {}) == 1
    assert capsys.readouterr().err == "main.py: FROM: the database cannot be used: DatabaseError: file is not a database\n"
