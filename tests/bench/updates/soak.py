"""Half of the most for as long as one likes: does memory, do sockets, do tasks grow?"""

from __future__ import annotations

import asyncio
import os
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.bench.updates.measuring import answering, generator, running, window

if TYPE_CHECKING:
    from tests.bench.updates.measuring import Bot

CHATS: Final = 5_000
LASTING: Final = 35.0
"""Seconds in which the most is measured: longer than chats are remembered, so that their second reading counts."""
WARM: Final = 60.0
"""Seconds at that load before anything is compared: memories fill and indexes are built."""
MORE_MB: Final = 5.0
MORE: Final = 8
"""Sockets, or tasks, that come and go."""


@dataclass(frozen=True, slots=True)
class Minute:
    """At its end: megabytes (10^6 bytes), open sockets and files, tasks; answers a second and milliseconds within it."""

    megabytes: float
    sockets: int
    tasks: int
    per_second: float
    p99: float


async def soak(minutes: int) -> None:
    """Measure and print, minute by minute, and the verdict."""
    async with generator() as source, running("ours", source, called=False) as bot:
        await answering(bot, source)
        most = await window(bot, source, "city", LASTING, chats=CHATS, warm_up=CHATS)
        rate = most.per_second / 2
        print(
            f"\nA soak of {minutes} minutes at {rate:.0f} updates/s, half of the most, from {CHATS:,} chats; load {os.getloadavg()[0]:.1f}"
        )
        await source.do("start", bot, kind="city", rate=rate, chats=CHATS)
        await asyncio.sleep(WARM)
        before, seen = await source.do("count", bot), list[Minute]()
        for number in range(1, minutes + 1):
            await asyncio.sleep(60)
            waits, after = await source.do("waits", bot), await source.do("count", bot)
            answered = (after["answered"] - before["answered"]) / (after["time"] - before["time"])
            seen.append(await _minute(bot, answered, waits["p99"] * 1e3))
            _tell(number, seen[-1])
            before = after
        print(f"  {_verdict(seen)}")


async def _minute(bot: Bot, per_second: float, p99: float) -> Minute:
    return Minute(bot.resident(), bot.sockets(), (await bot.told())["tasks"], per_second, p99)


def _tell(number: int, minute: Minute) -> None:
    print(
        f"  minute {number:3}  {minute.megabytes:6.1f} MB  {minute.sockets:4} sockets and files  {minute.tasks:4} tasks"
        f"  {minute.per_second:6.0f}/s  p99 {minute.p99:6.1f} ms",
        flush=True,
    )


def _verdict(seen: list[Minute]) -> str:
    """The last third beside the first: single minutes say little."""
    third = max(1, len(seen) // 3)
    grown = []
    for name, most, of in (
        ("memory", MORE_MB, lambda one: one.megabytes),
        ("sockets", MORE, lambda one: one.sockets),
        ("tasks", MORE, lambda one: one.tasks),
    ):
        first, last = (statistics.median(map(of, part)) for part in (seen[:third], seen[-third:]))
        if last - first > most:
            grown.append(f"{name} grew from {first:.0f} to {last:.0f}")
    return "; ".join(grown) or "nothing grew"
