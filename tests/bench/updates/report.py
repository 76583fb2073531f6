"""The report on updates: ours beside bare echo bots, in turns; then ours alone: by replicas, by known chats, by profile."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telegram import Update

from tests.bench.updates.kinds import kinds
from tests.bench.updates.known import tell_known
from tests.bench.updates.measuring import answering, generator, running, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.bench.updates.measuring import Bot, Generator, Window

CONTENDERS: Final = {
    "nothing": "no bot: the ceiling of the generator",
    "ptb": "bare python-telegram-bot echo",
    "aiogram": "bare aiogram echo",
    "ptb-ours": "bare PTB echo on our transport",
    "ours": "ours, /city Nikopol",
}
KINDS: Final = {"inline": "ours, inline query nik", "question": "ours, чи є Львів у мережі?"}
AIMS: Final = {False: (2.5, 1.3), True: (2.0, 1.5)}
"""Times the echo of python-telegram-bot and that of aiogram: by polling, by webhook."""
OVER_ECHO: Final = 1.2
P99_MS: Final = 25.0
HEAVIEST: Final = 12
FEWER: Final = 3
"""Windows where nothing is compared."""
LIBRARY: Final = "python-telegram-bot"

Row = tuple[str, str]
"""A contender and the kind of update it gets."""


@dataclass
class Seen:
    """Windows by contender."""

    most: dict[Row, list[Window]]
    half: dict[Row, list[Window]]

    def median(self, row: Row, what: Callable[[Window], float]) -> float:
        """Of the windows in which as much came as a bot takes."""
        return statistics.median(map(what, self.most[row]))


async def report(rounds: int, seconds: float) -> None:
    """Measure and print."""
    print(f"\nUpdates answered, {rounds} windows of {seconds:.0f} s each, in turns, 1,000 chats: median (least to most); {_load()}")
    for called in (False, True):
        print(f"  by {'webhook' if called else 'polling'}")
        seen = await _compare(called, rounds, seconds)
        _tell_most(seen, called)
        _tell_half(seen)
    await _tell_replicas(min(rounds, FEWER), seconds)
    await _tell_strangers(min(rounds, FEWER), seconds)
    await _tell_profile(seconds)
    await tell_known()


async def _compare(called: bool, rounds: int, seconds: float) -> Seen:
    """All contenders in each round, so that what else the machine does befalls all of them."""
    seen = Seen({}, {})
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(generator())
        bots = [await stack.enter_async_context(running(name, source, called=called)) for name in CONTENDERS]
        for bot in bots:
            await answering(bot, source)
        rows = [(bot, "city") for bot in bots] + [(bots[-1], kind) for kind in KINDS]
        for _ in range(rounds):
            for bot, kind in rows:
                seen.most.setdefault((bot.name, kind), []).append(await window(bot, source, kind, seconds))
        for _ in range(min(rounds, FEWER)):
            for bot, kind in rows[1:]:
                rate = seen.median((bot.name, kind), lambda one: one.per_second) / 2
                seen.half.setdefault((bot.name, kind), []).append(await window(bot, source, kind, seconds, rate=rate, warm_up=int(rate)))
    return seen


def _tell_most(seen: Seen, called: bool) -> None:
    print(f"    {'':<40}{'updates/s':<28}{'processor us an update':<26}")
    for row, windows in seen.most.items():
        rate, cost = _spread("{:.0f}", (one.per_second for one in windows)), _spread("{:.0f}", (one.cpu_us for one in windows))
        print(f"    {_name(row):<40}{rate:<28}{cost:<26}".rstrip())
    for other, aim in zip(("ptb", "aiogram"), AIMS[called], strict=True):
        rates, costs = _ratios(seen, lambda one: one.per_second, other), _ratios(seen, lambda one: 1 / one.cpu_us, other)
        print(f"    /city beside the {CONTENDERS[other]}: {rates} times as many, {costs} by processor; aim {aim}")
    over = _ratios(seen, lambda one: one.cpu_us, "ptb-ours")
    print(f"    /city beside the {CONTENDERS['ptb-ours']}: {over} of its processor time; aim {OVER_ECHO}")
    best = max(seen.median(row, lambda one: one.per_second) for row in seen.most if row[0] != "nothing")
    print(f"    the ceiling is {seen.median(('nothing', 'city'), lambda one: one.per_second) / best:.1f} times the best bot; aim 2")


def _tell_half(seen: Seen) -> None:
    print("    from update to answer at half of that              p50 ms                     p99 ms")
    for row, windows in seen.half.items():
        p50, p99 = (_spread("{:.1f}", (getattr(one, name) for one in windows)) for name in ("p50", "p99"))
        print(f"      {_name(row):<46}  {p50:<25}  {p99:<25}" + (f"  aim {P99_MS:.0f}" if row[0] == "ours" else ""))


async def _tell_replicas(rounds: int, seconds: float) -> None:
    print(f"\n  by webhook, replicas that share a database, /city; {_load()}")
    for replicas in (1, 2):
        windows = await _alone(rounds, seconds, called=True, replicas=replicas)
        cost, rate = _spread("{:.0f}", (one.cpu_us for one in windows)), _spread("{:.0f}", (one.per_second for one in windows))
        print(f"    {replicas:<44}  {cost} us of the processor an update, {rate} updates/s")


async def _tell_strangers(rounds: int, seconds: float) -> None:
    """Whoever was not heard of for half a minute: what they chose and follow is read from the database."""
    windows = await _alone(rounds, seconds, called=False, chats=10**6)
    cost, rate = _spread("{:.0f}", (one.cpu_us for one in windows)), _spread("{:.0f}", (one.per_second for one in windows))
    print(f"    {'by polling, each from another chat':<44}  {cost} us of the processor an update, {rate} updates/s")


async def _alone(rounds: int, seconds: float, *, called: bool, replicas: int = 1, chats: int = 1_000) -> list[Window]:
    async with generator() as source, running("ours", source, called=called, replicas=replicas) as bot:
        await answering(bot, source)
        return [await window(bot, source, "city", seconds, chats=chats) for _ in range(rounds)]


async def _tell_profile(seconds: float) -> None:
    """Whose code takes the time of an update, ours beside the echo; the heaviest functions; and what cannot be saved."""
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(generator())
        nothing, echo, ours = [
            await stack.enter_async_context(running(name, source, called=False)) for name in ("nothing", "ptb-ours", "ours")
        ]
        for bot in (nothing, echo, ours):
            await answering(bot, source)
        floor = await window(nothing, source, "city", seconds)
        bare, _ = await _profile(echo, source, seconds)
        full, functions = await _profile(ours, source, seconds)
    print(f"\n  whose code takes the time of /city by polling, microseconds an update: ours, and the echo on our transport; {_load()}")
    for owner in sorted(full | bare, key=lambda owner: -full.get(owner, 0)):
        print(f"    {owner:<44}  {full.get(owner, 0):6.0f}  {bare.get(owner, 0):6.0f}")
    print(f"    {'together':<44}  {sum(full.values()):6.0f}  {sum(bare.values()):6.0f}")
    print(f"    one exchange by hand, unread, and {LIBRARY}'s reading of the update take {floor.cpu_us:.0f} and {_parsing():.0f}")
    print("    the heaviest functions of ours, own time")
    for name, figure in sorted(functions.items(), key=lambda row: -row[1])[:HEAVIEST]:
        print(f"      {name:<66}  {figure:6.1f}")


async def _profile(bot: Bot, source: Generator, seconds: float) -> tuple[dict[str, float], dict[str, float]]:
    """Microseconds an update, by owner and by function."""
    await window(bot, source, "city", 1.0)
    await source.do("start", bot, kind="city", rate=0, chats=1_000)
    before = await source.do("count", bot)
    bot.look()
    await asyncio.sleep(2 * seconds)
    told, after = await bot.told(), await source.do("count", bot)
    await source.do("stop", bot)
    each = 1e6 / max(1, after["answered"] - before["answered"])
    owners, functions = ({name: spent * each for name, spent in told[what].items()} for what in ("owners", "functions"))
    return owners, functions


def _parsing() -> float:
    """Microseconds in which an update becomes python-telegram-bot's object."""
    update, times = kinds()["city"].update(1, 1), 2_000
    began = time.perf_counter()
    for _ in range(times):
        Update.de_json(json.loads(update), None)
    return (time.perf_counter() - began) / times * 1e6


def _ratios(seen: Seen, what: Callable[[Window], float], other: str) -> str:
    """Ours by another's, round by round: both of a round met the same machine."""
    pairs = zip(seen.most["ours", "city"], seen.most[other, "city"], strict=True)
    return _spread("{:.2f}", (what(ours) / what(theirs) for ours, theirs in pairs))


def _name(row: Row) -> str:
    return KINDS.get(row[1]) or CONTENDERS[row[0]]


def _spread(form: str, values: Iterable[float]) -> str:
    held = sorted(values)
    return f"{form.format(statistics.median(held))} ({form.format(held[0])} to {form.format(held[-1])})"


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
