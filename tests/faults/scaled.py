"""Two replicas that Telegram calls, a sender and a standby, all of them killed at random while people write and news goes out.

What people wrote is audited by what Telegram took and by what PostgreSQL was made to write down of each row that came or went.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from bot.roles import Role
from tests.faults.bots import MAIN
from tests.faults.courier import HOOK, Balancer, Courier, Errand
from tests.faults.stage import Result, Stage

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from bot.emulator import Call
    from tests.faults.bots import Bot
    from tests.faults.courier import Json
    from tests.faults.grounds import Ground

UPDATES: Final = 1_500
FOLLOWERS: Final = 150
A_CHAT: Final = 8
"""Updates of one group; Telegram takes 20 answers a minute there."""
ADMINS: Final = range(7, 15)
"""Each writes drafts in a private chat."""
DRAFTS: Final = 0.04
GROUPS: Final = -1_001_000_000_000
ANONYMOUS: Final = 1_087_968_824
"""The user that stands for a group's administrators who do not show who they are."""
BETWEEN: Final = (150, 400)
"""Updates between two ends of processes."""
GENTLY: Final = 0.25
"""So many of them are told to stop; the others are killed."""
UNKNOWN: Final = "zqwrtgmzqwr"
"""Words that nobody knows begin so."""
ITEMS: Final = ("spring", "summer", "autumn", "winter")
STARTING: Final = 60.0
STOPPING: Final = 10.0
"""Seconds within which a process ends at SIGTERM."""
TRIGGERS: Final = (
    "CREATE TABLE written (place text NOT NULL, key text NOT NULL)",
    """CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_TABLE_NAME = 'follows' THEN INSERT INTO written VALUES ('follow', COALESCE(NEW.chat_id, OLD.chat_id)::text);
    ELSIF TG_TABLE_NAME = 'drafts' THEN INSERT INTO written VALUES ('draft', NEW.text);
    ELSE INSERT INTO written VALUES ('question', NEW.words);
    END IF; RETURN NULL; END $$""",
    "CREATE TRIGGER note AFTER INSERT OR DELETE ON follows FOR EACH ROW EXECUTE FUNCTION note()",
    "CREATE TRIGGER note AFTER INSERT ON drafts FOR EACH ROW EXECUTE FUNCTION note()",
    "CREATE TRIGGER note AFTER INSERT ON unanswered FOR EACH ROW EXECUTE FUNCTION note()",
)


@dataclass
class Talk:
    """What all chats write, in their order, and what must be written down because of it."""

    queues: dict[int, list[Errand]] = field(default_factory=lambda: defaultdict(list))
    due: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def errands(self) -> Iterator[tuple[int, Errand]]:
        """Each with its chat."""
        return ((chat, one) for chat, queue in self.queues.items() for one in queue)


class Script:
    """Makes up what people write."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._numbers = iter(range(1, 10**9))
        self.talk = Talk()

    def write(self, updates: int) -> Talk:
        """So many updates: questions, wishes and drafts."""
        for admin in ADMINS:
            for _ in range(round(updates * DRAFTS) // len(ADMINS)):
                word = self._word()
                self.talk.due["draft", word] += 1
                self._say(admin, f"/publish {word}")
        group = GROUPS
        while sum(map(len, self.talk.queues.values())) < updates:
            group -= 1
            for _ in range(A_CHAT):
                self._speak(group)
        return self.talk

    def _speak(self, group: int) -> None:
        match self._chance.choice(("question", "vain", "follow", "follow")):
            case "question":
                self._say(group, self._chance.choice(("/city Okayama", "/help", "/awards", "/practices")))
            case "vain":
                word = self._word()
                self.talk.due["question", word] += 1
                self._say(group, f"@learning_cities_bot {word}")
            case _:
                # Each changes something: who does one of them twice leaves a trace.
                held = self.talk.due["follow", str(group)] % 2
                self.talk.due["follow", str(group)] += 1
                self._say(group, f"/{'unsubscribe' if held else 'subscribe'} Okayama")

    def _word(self) -> str:
        """A word that is in no dictionary, each another, and too long to be taken for the name of a town."""
        return UNKNOWN + "".join("bcdfghjkpx"[int(digit)] for digit in f"{next(self._numbers):06}")

    def _say(self, chat: int, words: str) -> None:
        number = next(self._numbers)
        where: Json = (
            {"id": chat, "type": "private", "first_name": "Admin"} if chat > 0 else {"id": chat, "type": "supergroup", "title": "Council"}
        )
        who = {"id": chat if chat > 0 else ANONYMOUS, "is_bot": chat < 0, "first_name": "Admin", "language_code": "en"}
        message: Json = {"message_id": number, "date": int(time.time()), "chat": where, "from": who, "text": words}
        if chat < 0:
            message["sender_chat"] = where
        if words.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(words.split(maxsplit=1)[0])}]
        self.talk.queues[chat].append(Errand({"update_id": number, "message": message}))


class Crew:
    """The processes of a scenario, each of which may end and is followed by another of its role."""

    def __init__(self, stage: Stage, balancer: Balancer) -> None:
        self._stage, self._balancer = stage, balancer
        self.roles: dict[int, Role] = {}
        self.killed = set[int]()
        self.told_to_stop = 0

    async def start(self, *roles: Role) -> None:
        """Start processes; those that answer are up when this ends."""
        bots = [(role, await self._stage.bot(*MAIN, "run", "--role", role, **HOOK, ADMIN_IDS=",".join(map(str, ADMINS)))) for role in roles]
        for role, bot in bots:
            self.roles[bot.pid] = role
        async with asyncio.timeout(STARTING):
            for role, bot in bots:
                if role.answers:
                    await self._balancer.opens(bot)

    async def ends(self, chance: random.Random) -> None:
        """One of them ends, and the next begins."""
        bot = chance.choice([bot for bot in self._stage.bots if bot.process.returncode is None and bot.has_logged("started mode=")])
        role = self.roles[bot.pid]
        if chance.random() < GENTLY:
            await self._stop(bot)
        else:
            await self._stage.kill(bot)
            self.killed.add(bot.pid)
        self._balancer.closes(bot)
        await self.start(role)

    async def _stop(self, bot: Bot) -> None:
        self.told_to_stop += 1
        began = time.monotonic()
        code = await bot.stop()
        if code or time.monotonic() - began > STOPPING:
            self._stage.wrong.append(f"SIGTERM ended it with {code} after {time.monotonic() - began:.1f} s")


async def brought_again(ground: Ground, chance: random.Random, updates: int = UPDATES) -> Result:
    """Each update is answered, twice only if it was in hand at a kill; nothing is written twice; no chat gets an item twice."""
    async with Stage(await ground.copy(), chance, per_second=400) as stage, Courier(balancer := Balancer(chance)) as courier:
        await _prepare(stage)
        talk, crew, items = Script(chance).write(updates), Crew(stage, balancer), list(ITEMS)
        meet(stage, talk)
        await crew.start(Role.WEB, Role.WEB, Role.WORKER, Role.WORKER)
        began = time.monotonic()
        courier.brings(talk.queues)
        while not courier.is_done:
            await courier.takes(chance.randint(*BETWEEN))
            if items:
                await stage.publish(f"Festival of {items.pop(0)}")
            if not courier.is_done:
                await crew.ends(chance)
        await courier.done()
        took = time.monotonic() - began
        while items:
            await stage.publish(f"Festival of {items.pop(0)}")
        await stage.over()
        stage.notes.append(f"{sum(map(len, talk.queues.values()))} updates in {took:.0f} s, {crew.told_to_stop} told to stop")
        # Whoever cuts short what takes for ever at SIGTERM is no better than killed.
        await _audit(stage, talk, crew.killed | {bot.pid for bot in stage.bots if bot.has_logged("drain_cut")})
        senders = sum(crew.roles[process].delivers for process in crew.killed)
        return await stage.close(in_flight=senders * stage.at_once)


def meet(stage: Stage, talk: Talk) -> None:
    """Telegram knows those who write."""
    world = stage.telegram.core
    for chat in talk.queues:
        if chat < 0:
            world.group("Council", id=chat)
        else:
            world.private(world.user("Admin", "en", id=chat))


def answers(stage: Stage, talk: Talk) -> Counter[tuple[int, str]]:
    """How often each update was answered."""
    return Counter(key for call in stage.telegram.core.log if (key := _answered(call, talk)))


async def _prepare(stage: Stage) -> None:
    await stage.followers(FOLLOWERS)
    async with stage.db.write() as connection:
        for statement in TRIGGERS:
            await connection.exec_driver_sql(statement)


async def _audit(stage: Stage, talk: Talk, killed: AbstractSet[int]) -> None:
    errands, found = list(talk.errands), answers(stage, talk)
    given = [(chat, one, found[_key(chat, one)]) for chat, one in errands]
    stage.wrong += [
        f"{one.update['message']['text']} of {chat} was answered {n} times, in hand at {kills} kills"
        for chat, one, n in given
        if not 0 < n <= 1 + (kills := one.cut + len(one.held & killed))
    ]
    async with stage.db.read() as connection:
        rows = await connection.execute(text("SELECT place, key, count(*) FROM written GROUP BY place, key"))
        written = Counter({(place, key): count for place, key, count in rows})
    for what in written.keys() | talk.due.keys():
        if written[what] != talk.due[what]:
            stage.wrong.append(f"{' '.join(what)} was written {written[what]} times instead of {talk.due[what]}")
    twice = sum(n > 1 for _, _, n in given)
    cut, back = sum(one.cut for _, one in errands), sum(one.back for _, one in errands)
    by = Counter(one.by for _, one in errands)
    stage.notes.append(
        f"{cut} calls cut, {back} sent back, {twice} answered twice, {len(by)} replicas took {min(by.values())} to {max(by.values())}"
    )


def _key(chat: int, one: Errand) -> tuple[int, str]:
    message = one.update["message"]
    return (chat, message["text"].split()[-1]) if chat > 0 else (chat, str(message["message_id"]))


def _answered(call: Call, talk: Talk) -> tuple[int, str] | None:
    """Which update a message answers: in a group it says so, an admin's preview shows the word that was typed."""
    chat = call.chat_id
    if call.method != "sendMessage" or chat not in talk.queues:
        return None
    if chat < 0:
        return (chat, str((call.params.get("reply_parameters") or {}).get("message_id")))
    words = [word for word in call.text.split() if word.startswith(UNKNOWN)]
    return (chat, words[0]) if words else None
