"""What may go wrong, played: each scenario sets its stage, lets things happen and hands back the audit."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.services import SystemClock
from data.follows import Receiver
from data.states import DeliveryState
from tests.faults.audit import ANSWER_TIMED_OUT, LEASE_RAN_OUT, SENT, End
from tests.faults.bots import ask
from tests.faults.courier import HOOK
from tests.faults.fates import ASKED_TO_WAIT, FATES, TOKEN_REFUSED
from tests.faults.grounds import load, running_server, small_disk
from tests.faults.polled import polled
from tests.faults.process import jump
from tests.faults.scaled import UPDATES, brought_again
from tests.faults.stage import CITY, TITLES, Result, Stage

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable

    from tests.faults.bots import Bot
    from tests.faults.grounds import Disk, Ground

KILLS: Final = 3
TAKE_OVER: Final = 15.0
"""Seconds within which a standby sends."""
FROZEN: Final = 18.0
"""Seconds; longer than the lease of a sender."""
HOUR: Final = 3600.0
CHATS_A_FATE: Final = 4


async def killed_with_one(ground: Ground, chance: random.Random) -> Result:
    """SIGKILL again and again, one request under way."""
    return await _killed(ground, chance, chats=240, at_once=1, per_second=100)


async def killed_with_many(ground: Ground, chance: random.Random) -> Result:
    """SIGKILL again and again, sixteen requests under way."""
    return await _killed(ground, chance, chats=900, at_once=16, per_second=200)


async def _killed(ground: Ground, chance: random.Random, *, chats: int, at_once: int, per_second: int) -> Result:
    async with Stage(await ground.copy(), chance, at_once=at_once, per_second=per_second) as stage:
        await stage.followers(chats)
        await stage.publish()
        bot = await stage.bot()
        # Once while it starts: the list of chats may be half written.
        await asyncio.sleep(chance.uniform(0.5, 2.5))
        await stage.kill(bot)
        for _ in range(KILLS):
            bot = await stage.bot()
            await stage.takes(1, chats // (KILLS + 1))
            await stage.kill(bot)
        await stage.bot()
        await stage.over()
        return await stage.close()


async def taken_over(ground: Ground, chance: random.Random) -> Result:
    """Of two processes the one that sends is killed; then the other, too."""
    async with Stage(await ground.copy(), chance, per_second=30) as stage:
        await stage.followers(500)
        await stage.publish()
        await stage.bot(**HOOK)
        await stage.bot(**HOOK)
        for _ in range(2):
            # Until the standby stands by, and over any moment between two renewals of the lease.
            await stage.takes(60, 120)
            await stage.kill(await stage.leader())
            killed = time.monotonic()
            await stage.bot(**HOOK)
            await stage.leader()
            await stage.telegram.takes(TITLES[0], 1)
            took = time.monotonic() - killed
            stage.notes.append(f"taken over after {took:.1f} s")
            if took > TAKE_OVER:
                stage.wrong.append(f"it took {took:.1f} s to take over")
        await stage.over()
        return await stage.close()


async def frozen(ground: Ground, chance: random.Random) -> Result:
    """The process that sends stands still for longer than its lease, and goes on as if nothing had been."""
    async with Stage(await ground.copy(), chance, per_second=40) as stage:
        await stage.followers(500)
        await stage.publish()
        await stage.bot(**HOOK)
        await stage.bot(**HOOK)
        await stage.takes(60, 120)
        still = await stage.leader()
        still.freeze()
        await asyncio.sleep(FROZEN)
        still.thaw()
        await stage.over()
        # While it stood still, answers came too late.
        return await stage.close(in_flight=stage.at_once, doubts={LEASE_RAN_OUT, ANSWER_TIMED_OUT})


async def any_answer(ground: Ground, chance: random.Random) -> Result:
    """All that Telegram may answer, or not answer; then nobody can connect for a while."""
    async with Stage(await ground.copy(), chance, per_second=60) as stage:
        numbers = await stage.followers(480)
        struck = chance.sample(numbers, CHATS_A_FATE * len(FATES) + 1)
        for place, fate in enumerate(FATES * CHATS_A_FATE):
            stage.telegram.fates[struck[place]] = fate
            stage.ends[Receiver(struck[place])] = fate.end
        stage.telegram.fates[struck[-1]] = TOKEN_REFUSED
        await _groups(stage)
        await stage.publish()
        await stage.bot()
        await stage.takes(50, 150)
        await stage.telegram.is_away(chance.uniform(2, 4))
        await stage.over(waiting=sum(end.state is DeliveryState.LATER for end in stage.ends.values()))
        return await stage.close()


async def _groups(stage: Stage) -> None:
    """A group that became a supergroup, a closed topic and one that is gone, a group that a bot may not write in."""
    world, moved_to = stage.telegram.core, End()
    owner = world.user("Owner", "uk", id=8)
    old = world.group("Council", [owner], kind="group")
    await stage.follow(Receiver(old.id))
    new = world.migrates(old)
    del stage.ends[Receiver(old.id)]
    stage.ends[Receiver(new.id)] = moved_to
    forums = [world.group(f"Forum {number}", [owner], topics=["News"]) for number in range(2)]
    threads = [max(forum.topics) for forum in forums]
    world.closes_topic(forums[0], threads[0])
    world.deletes_topic(forums[1], threads[1])
    for forum, thread in zip(forums, threads, strict=True):
        await stage.follow(Receiver(forum.id, thread))
        # It goes to General instead.
        del stage.ends[Receiver(forum.id, thread)]
        stage.ends[Receiver(forum.id)] = SENT
    still = world.group("Still", [owner], topics=["News"])
    await stage.follow(Receiver(still.id, max(still.topics)))
    silent = world.group("Silent", [owner])
    silent.denied.add("can_send_messages")
    await stage.follow(Receiver(silent.id), end=End(DeliveryState.MUTED, "no rights", taken=False))


async def database_restarted(_ground: Ground, chance: random.Random) -> Result:
    """PostgreSQL crashes and comes back, twice. Nobody is killed, so nothing may be in doubt."""
    async with running_server() as server:
        await load(server.address)
        async with Stage(server.address, chance, per_second=60) as stage:
            await stage.followers(500)
            await stage.publish()
            await stage.bot()
            for _ in range(2):
                await stage.takes(60, 150)
                await asyncio.to_thread(server.stops, "immediate")
                await asyncio.sleep(chance.uniform(0.5, 3))
                await asyncio.to_thread(server.starts)
            await stage.over()
            return await stage.close()


async def disk_full(ground: Ground, chance: random.Random) -> Result:
    """No room for a while: what was asked of Telegram is not forgotten, and publishing says that it cannot be done."""
    async with small_disk() as disk:
        file = disk.folder / "bot.db"
        await asyncio.to_thread(shutil.move, (await ground.copy()).removeprefix("sqlite:///"), file)
        async with Stage(f"sqlite:///{file}", chance, per_second=40) as stage:
            stage.notes.append(disk.kind)
            await stage.followers(240)
            await stage.publish()
            bot = await stage.bot()
            await stage.takes(40, 100)
            await _run_out_of_room(stage, disk, bot)
            await stage.over()
            return await stage.close()


async def _run_out_of_room(stage: Stage, disk: Disk, bot: Bot) -> None:
    fields = {"title": TITLES[1], "text": "It is in June.", "url": "https://example.org/week", "lang": "en", "city": CITY}
    write = ["news", "add", "--publish", *(f"--{name}={value}" for name, value in fields.items())]
    disk.fill(bot)
    code, said = await ask(stage.settings, *write, most_bytes=disk.most_bytes)
    if code != 1 or "cannot be used" not in said:
        stage.wrong.append(f"publishing on a full disk ended with {code} and said {said!r}")
    await asyncio.sleep(stage.chance.uniform(1, 3))
    if not bot.has_logged("delivery_halted"):
        stage.wrong.append("the disk was full, and the bot did not notice")
    disk.clear(bot)
    code, said = await ask(stage.settings, *write)
    if code:
        stage.wrong.append(f"publishing with room again ended with {code} and said {said!r}")
    else:
        stage.items[said.split()[0]] = TITLES[1]


async def clock_jumps(ground: Ground, chance: random.Random) -> Result:
    """The wall clock jumps by hours, forth and back, and stays behind; the bot is killed in between."""
    async with Stage(await ground.copy(), chance, per_second=40) as stage:
        file = stage.folder / "clock"
        jump(file, 0)
        for number in chance.sample(await stage.followers(400), 20):
            # Whoever is to be tried again in 2 s must not wait until the clock says so again.
            stage.telegram.fates[number] = ASKED_TO_WAIT
        await stage.publish()
        bot = await stage.bot("-m", "tests.faults.process", str(file))
        ahead = [chance.uniform(2, 9), -chance.uniform(2, 9), chance.uniform(1, 5), -chance.uniform(10, 20)]
        for hours in ahead:
            await stage.takes(30, 60)
            jump(file, hours * HOUR)
        await stage.takes(10, 30)
        await stage.kill(bot)
        jump(file, (min(ahead) - chance.uniform(1, 3)) * HOUR)
        await stage.bot("-m", "tests.faults.process", str(file))
        await stage.over()
        return await stage.close()


async def digests(ground: Ground, chance: random.Random) -> Result:
    """The hour of the digests comes, and whoever collects and sends them is killed again and again."""
    async with Stage(await ground.copy(), chance, per_second=50) as stage:
        file = stage.folder / "clock"
        jump(file, 0)
        program = ("-m", "tests.faults.process", str(file))
        numbers = await stage.followers(600)
        await stage.follow_daily(numbers[:500])
        for title in TITLES:
            await stage.publish(title)
        bot = await stage.bot(*program)
        await stage.over()
        jump(file, (await stage.digest_at() - SystemClock().now()).total_seconds())
        # Once while they are put together, more or less; enough are left for the kills that follow.
        await asyncio.sleep(chance.uniform(0, 3))
        await stage.kill(bot)
        for _ in range(KILLS):
            bot = await stage.bot(*program)
            await stage.takes(1, 500 // (KILLS + 2))
            await stage.kill(bot)
        await stage.bot(*program)
        await stage.digested()
        return await stage.close()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario, and the engines that it concerns."""

    name: str
    play: Callable[[Ground, random.Random], Awaitable[Result]]
    engines: tuple[str, ...] = ("sqlite", "postgresql")
    seconds: float = 180.0
    """How long it may take."""
    alone: bool = False
    """Whether it needs the whole machine."""


def with_updates(count: int) -> Scenario:
    """The one of the replicas, with so many updates."""
    return Scenario("brought again", partial(brought_again, updates=count), ("postgresql",), seconds=180 + count / 20, alone=True)


SCENARIOS: Final[tuple[Scenario, ...]] = (
    with_updates(UPDATES),
    # The longest of those that play at the same time: first, so that none waits for it alone.
    Scenario("polled", polled, seconds=240.0),
    Scenario("killed, 1 under way", killed_with_one),
    Scenario("killed, 16 under way", killed_with_many),
    Scenario("taken over", taken_over),
    Scenario("frozen and thawed", frozen),
    Scenario("any answer", any_answer),
    Scenario("database restarted", database_restarted, ("postgresql",)),
    Scenario("disk full", disk_full, ("sqlite",)),
    Scenario("clock jumps", clock_jumps),
    Scenario("digests", digests),
)
