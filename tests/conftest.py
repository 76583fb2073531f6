"""What every test may ask for: the real data set, and the whole bot over an emulated Telegram."""

from __future__ import annotations

import os

os.environ["PTB_TIMEDELTA"] = "1"  # python-telegram-bot reads it when it is imported; without it it warns of every duration

import asyncio
import logging
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from hypothesis.vendor.pretty import for_type_by_name

from bot.i18n import Languages, Reader
from data.assembly import assemble, read_tables
from data.db import Database
from data.schema import upgrade
from data.sheets import SEED, read
from tests.fakes.house import Furniture, House
from tests.fakes.telegram import assert_valid
from tests.fakes.updates import ADMIN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from data.catalogue import Catalogue

# A database per test and a whole application per example say nothing about time; the benchmarks do.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
settings.load_profile("house")

# Hypothesis spells out every argument of a failed test; two megabytes of catalogue would hide the one that matters.
for_type_by_name("data.catalogue", "Catalogue", lambda _catalogue, printer, _cycle: printer.text("catalogue"))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The data set that ships."""
    records, defects = read(SEED)
    assert defects == []
    return assemble(records, 1, read_tables(SEED))


@pytest.fixture(scope="session")
def languages() -> Languages:
    """The languages that ship."""
    return Languages()


@pytest.fixture(scope="session")
def en(languages: Languages) -> Reader:
    """Someone who reads English."""
    return replace(languages.reader("en"), bot="learning_cities_bot")


@pytest.fixture(scope="session")
def uk(languages: Languages) -> Reader:
    """Someone who reads Ukrainian."""
    return replace(languages.reader("uk"), bot="learning_cities_bot")


@pytest.fixture(scope="session", params=["en", "uk"])
def reader(request: pytest.FixtureRequest, languages: Languages) -> Reader:
    """A reader of each language in turn."""
    return replace(languages.reader(request.param), bot="learning_cities_bot")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the newest schema, to be copied: migrating costs more than most tests."""
    file: Path = tmp_path_factory.mktemp("database") / "empty.db"

    async def make() -> None:
        async with Database(f"sqlite:///{file}") as db:
            await upgrade(db)

    asyncio.run(make())
    return file


@pytest.fixture
def furniture(catalogue: Catalogue, languages: Languages, migrated: Path, tmp_path: Path) -> Furniture:
    """What the bot of this test starts with; change it before asking for `troubled_bot`."""
    file = tmp_path / "bot.db"
    shutil.copy(migrated, file)
    return Furniture(catalogue, file, languages, admins={ADMIN.id})


@pytest_asyncio.fixture
async def troubled_bot(furniture: Furniture) -> AsyncIterator[House]:
    """The whole bot, for tests in which something breaks."""
    async with House(furniture) as house:
        yield house


@pytest_asyncio.fixture
async def bot(troubled_bot: House, caplog: pytest.LogCaptureFixture) -> AsyncIterator[House]:
    """The whole bot. In the end it has asked for nothing that Telegram refuses, and the log holds nothing to worry an operator."""
    caplog.set_level(logging.DEBUG, "bot")
    yield troubled_bot
    assert_valid(troubled_bot)
    assert [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING] == []
