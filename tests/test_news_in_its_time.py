"""From a tap to what comes of it: news that is published waits for a digest, or for the end of the quiet hours."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.callbacks import OpenFollow
from tests.fakes.databases import shipped_file
from tests.fakes.house import Furniture, House, said, the, to
from tests.fakes.press import delivers, publishes
from tests.fakes.updates import ADA

__all__ = ["shipped_file"]  # a fixture


@pytest.fixture
def furniture(furniture: Furniture, shipped_file: Path, tmp_path: Path) -> Furniture:
    """News are about cities that the database must hold."""
    shutil.copy(shipped_file, tmp_path / "shipped.db")
    return replace(furniture, file=tmp_path / "shipped.db")


async def test_what_is_followed_daily_waits_and_comes_in_the_morning_of_the_chats_own_clocks(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    listed = the(await bot.hears("/subscriptions", ADA))
    await bot.presses(the(await bot.presses(listed, to(listed, OpenFollow), ADA)), "Daily", ADA)
    await publishes(bot)
    assert not [call for call in await delivers(bot) if call.chat_id == ADA.id]

    shown = the(await bot.hears("/digest", ADA))
    assert shown.text.splitlines()[0] == "Next daily digest: 3\N{NO-BREAK SPACE}March, 09:00"
    assert "Nikopol opened a centre" in shown.text
    bot.clock.advance(dt.datetime(2026, 3, 3, 6, 59, 30, tzinfo=dt.UTC) - bot.clock.now())
    assert not [call for call in await delivers(bot) if call.chat_id == ADA.id], "in Kyiv it is not nine yet"
    bot.clock.advance(60)
    came = the([call for call in await delivers(bot) if call.chat_id == ADA.id])
    assert came.text.startswith("🔔 News of the last 24 hours, 3\N{NO-BREAK SPACE}March\n")
    assert "🇺🇦 Ukraine\n• Nikopol opened a centre" in came.text
    assert said(await bot.hears("/digest", ADA)).startswith("Next daily digest: 4\N{NO-BREAK SPACE}March, 09:00")


async def test_what_happens_in_quiet_hours_is_in_missed_until_they_end(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    await bot.hears("/quiet 10:30-14:00", ADA)
    await publishes(bot)
    assert not [call for call in await delivers(bot) if call.chat_id == ADA.id], "in Kyiv it is eleven"

    shown = the(await bot.hears("/missed", ADA))
    assert shown.text.startswith("Waiting for the end of the quiet hours: 1\nTo come: 2\N{NO-BREAK SPACE}March, 14:00\n")
    assert "Nikopol opened a centre" in shown.text
    bot.clock.advance(dt.timedelta(hours=3))
    came = the([call for call in await delivers(bot) if call.chat_id == ADA.id])
    assert "Nikopol opened a centre" in came.text
    assert said(await bot.hears("/missed", ADA)).startswith("You missed nothing")
