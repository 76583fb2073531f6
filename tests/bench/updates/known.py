"""What the memory does as more chats are known: each chose a language, and each asks once."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from data import schema
from data.db import Database
from tests.bench.updates.kinds import FIRST_CHAT
from tests.bench.updates.measuring import answering, generator, running

if TYPE_CHECKING:
    from tests.bench.updates.measuring import Bot, Generator

KNOWN: Final = (1, 10_000, 100_000)
SETTLED: Final = 6.0
"""Seconds after which a started bot has built all of its indexes."""
CALM: Final = 3.0


async def tell_known() -> None:
    """Measure and print."""
    print(f"\n  resident memory by known chats, each with a language, after each has asked; load {os.getloadavg()[0]:.1f}")
    for chats in KNOWN:
        with tempfile.TemporaryDirectory() as folder:
            address = f"sqlite:///{Path(folder) / 'known.db'}"
            await _fill(address, chats)
            async with generator() as source, running("ours", source, called=False, database=address) as bot:
                await answering(bot, source)
                await asyncio.sleep(SETTLED)
                before = bot.resident()
                seconds = await _each_asks(bot, source, chats)
                after = bot.resident()
        print(f"    {f'{chats:,}':<12}  {before:6.1f} MB at the start, {after:6.1f} MB after {seconds:.0f} s")


async def _each_asks(bot: Bot, source: Generator, chats: int) -> float:
    """One question from each chat, of a thousand at least; the seconds it took."""
    first, began = await source.do("start", bot, kind="city", rate=0, chats=max(chats, 1)), time.perf_counter()
    while (await source.do("count", bot))["answered"] - first["answered"] < max(chats, 1_000):  # noqa: ASYNC110 - the generator is asked
        await asyncio.sleep(0.05)
    seconds = time.perf_counter() - began
    await source.do("stop", bot)
    await asyncio.sleep(CALM)
    return seconds


async def _fill(address: str, chats: int) -> None:
    async with Database(address) as db:
        await schema.upgrade(db)
        numbers = f"WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {chats - 1})"
        now = "'2026-03-02 09:00:00'"
        async with db.write() as connection:
            await connection.execute(
                text(
                    f"INSERT INTO chats (chat_id, created_at, seen_at, state, language) {numbers}"
                    f" SELECT {FIRST_CHAT} + n, {now}, {now}, 'active', 'uk' FROM n"
                )
            )
