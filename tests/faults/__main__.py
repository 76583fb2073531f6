"""Plays each scenario on each engine, prints what became of it, and ends with 1 if anything was wrong."""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import time
import traceback
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

from tests.faults.grounds import ENGINES, ground
from tests.faults.scenarios import SCENARIOS, with_updates
from tests.faults.stage import Result

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from tests.faults.grounds import Ground
    from tests.faults.scenarios import Scenario

AT_ONCE: Final = 6
"""Scenarios that play at the same time: most of them wait for a lease to run out."""
COLUMNS: Final = ("chats", "accepted", "sent", "uncertain", "unreachable", "muted", "later", "failed", "duplicates", "kills", "seconds")
STATES: Final = ("sent", "uncertain", "unreachable", "muted", "later", "failed")


def main() -> int:
    """Play; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--times", type=int, default=1, help="how often to play everything")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="what chance begins with")
    parser.add_argument("--only", default="", help="scenarios whose name holds this")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="only this engine")
    parser.add_argument("--updates", type=int, help="play only that of the replicas, with so many updates; otherwise it has 1,500")
    asked = parser.parse_args()
    scenarios = [with_updates(asked.updates)] if asked.updates else [one for one in SCENARIOS if asked.only in one.name]
    return asyncio.run(_until_stopped(_play(scenarios, asked.engine or ENGINES, asked.times, asked.seed)))


async def _until_stopped(play: Coroutine[Any, Any, int]) -> int:
    """Play; a signal ends it in order, so that no bot, server or disk is left behind."""
    playing = asyncio.create_task(play)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, playing.cancel)
    try:
        return await playing
    except asyncio.CancelledError:
        print("stopped", flush=True)
        return 1


async def _play(scenarios: Sequence[Scenario], engines: Sequence[str], times: int, seed: int) -> int:
    print(f"seed {seed}\n\n{'scenario':<22}{'engine':<11}" + "".join(f"{name:>12}" for name in COLUMNS), flush=True)
    begun, failed, played = time.monotonic(), 0, 0
    async with AsyncExitStack() as stack:
        grounds = {engine: await stack.enter_async_context(ground(engine)) for engine in engines}
        for round_ in range(times):
            turns = asyncio.Semaphore(AT_ONCE)
            for alone in (True, False):
                plays = [
                    asyncio.create_task(_one(one, grounds[engine], f"{seed}/{round_}", turns))
                    for one in scenarios
                    for engine in engines
                    if engine in one.engines and one.alone is alone
                ]
                try:
                    for playing in asyncio.as_completed(plays):
                        played += 1
                        failed += not await playing
                finally:
                    await _end(plays)
            print(
                f"{'':<22}round {round_ + 1} of {times}: {played} played, {failed} failed, {time.monotonic() - begun:.0f} s\n", flush=True
            )
    return 1 if failed else 0


async def _end(plays: Sequence[asyncio.Task[bool]]) -> None:
    """Stop those that still play: their bots first, before the grounds that they stand on."""
    for playing in plays:
        playing.cancel()
    if plays:
        await asyncio.wait(plays)


async def _one(scenario: Scenario, where: Ground, seed: str, turns: asyncio.Semaphore) -> bool:
    async with turns:
        began = time.monotonic()
        try:
            async with asyncio.timeout(scenario.seconds):
                result = await scenario.play(where, random.Random(f"{seed}/{scenario.name}/{where.engine}"))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are played
            traceback.print_exc()
            result = Result(seconds=time.monotonic() - began, wrong=[f"{type(error).__name__}: {error}"])
    counts = {
        "chats": result.chats,
        "accepted": result.accepted,
        **{state: result.states.get(state, 0) for state in STATES},
        "duplicates": result.duplicates,
        "kills": result.kills,
        "seconds": round(result.seconds),
    }
    notes = f"  {'; '.join(result.notes)}" if result.notes else ""
    print(f"{scenario.name:<22}{where.engine:<11}" + "".join(f"{counts[name]:>12}" for name in COLUMNS) + notes, flush=True)
    for line in result.wrong:
        print(f"  WRONG: {line}", flush=True)
    return not result.wrong


if __name__ == "__main__":
    sys.exit(main())
