"""The same processes as those of compose's profile `scaled`, on the loopback: two replicas that answer, a sender and a standby."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

import aiohttp
import pytest

from bot.roles import Role
from tests.fakes.databases import Server
from tests.fakes.postgresql import postgresql
from tests.faults.bots import ask
from tests.faults.courier import PORT, Balancer, Courier
from tests.faults.grounds import load
from tests.faults.scaled import ITEMS, STOPPING, Crew, Script, answers, meet
from tests.faults.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.bots import Bot

UPDATES: Final = 60
PATIENCE: Final = 120
"""Seconds, on a machine that has much else to do."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A PostgreSQL database with the data set."""
    with postgresql() as server:
        made = Server(server.address).new()
        asyncio.run(load(made))
        yield made.replace("postgresql://", "postgresql+asyncpg://")


async def shows(bot: Bot, path: str) -> tuple[int, str]:
    """A page of a process."""
    (port,) = (found[1] for line in bot.lines if (found := PORT.search(line)))
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def test_two_replicas_answer_one_worker_sends_and_all_end_in_time(address: str) -> None:
    chance = random.Random(1)
    async with asyncio.timeout(PATIENCE), Stage(address, chance) as stage, Courier(balancer := Balancer(chance)) as courier:
        talk, crew = Script(chance).write(UPDATES), Crew(stage, balancer)
        meet(stage, talk)
        await stage.followers(20)
        await crew.start(Role.WEB, Role.WEB, Role.WORKER, Role.WORKER)
        courier.brings(talk.queues)
        await stage.publish(f"Festival of {ITEMS[0]}")
        await courier.done()
        await stage.over()
        leader = await stage.leader()

        assert {one.by for _, one in talk.errands} == {bot.pid for bot in stage.bots if crew.roles[bot.pid] is Role.WEB}
        assert Counter(answers(stage, talk).values()) == {1: len(list(talk.errands))}
        assert crew.roles[leader.pid] is Role.WORKER
        for bot in stage.bots:
            assert await shows(bot, "/readyz") == (200, "ok\n")
        told = [await shows(bot, "/metrics") for bot in stage.bots if crew.roles[bot.pid] is Role.WORKER]
        assert sorted(re.findall(r"^bot_delivering (.*)$", "".join(text for _, text in told), re.MULTILINE)) == ["0.0", "1.0"]

        began = time.monotonic()
        assert await asyncio.gather(*(bot.stop() for bot in stage.bots)) == [0] * 4
        assert time.monotonic() - began < STOPPING
        assert (await stage.close()).wrong == []


async def test_a_role_that_lacks_its_settings_says_so(address: str) -> None:
    code, said = await ask({"BOT_TOKEN": "1234567:a-token-of-nobody-in-particular", "DATABASE_URL": address}, "run", "--role", "web")
    assert code == 78
    assert "WEBHOOK_URL must be set for --role web" in said
