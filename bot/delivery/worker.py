"""Sends what is due, one process for a token.

A step does whatever is due now and says how long to rest: so a test can pass the time, and stop between any two transactions. Each request
is a task; a slot is taken from the moment its row says `sending` until its outcome is committed, so a kill leaves at most as many rows
uncertain as there are slots.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.delivery import settling
from bot.delivery.breaker import Breaker
from bot.delivery.budget import ROUNDING
from bot.delivery.outcomes import (
    Defect,
    Failed,
    Flooded,
    Halt,
    Muted,
    NotReady,
    NotSent,
    Outcome,
    Sent,
    TopicClosed,
    Unreachable,
    outcome_of,
)
from bot.delivery.ports import Alert, What
from bot.delivery.settling import Done
from bot.logs import event, reason
from data import digests, leases, outbox, publications
from data.db import is_storage_error
from data.outbox import Delivery

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable
    from typing import Any

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.delivery.budget import Budget
    from bot.delivery.ports import Message, Ports
    from data.db import Database
    from data.follows import Receiver

TAKING_UP: Final = 2.0
"""Seconds until an item is looked for again that this process has not taken up yet."""

LOG: Final = logging.getLogger(__name__)

LEASE: Final = "sender"
VAIN: Final = 5
"""So many requests in a row that did not reach Telegram are not those chats' fault."""
LONGEST_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a worker works; seconds unless the name says otherwise."""

    slots: int = 16
    """Requests under way, and outcomes not yet written."""
    lease: float = 12
    """How long others wait for a sender that fell silent."""
    renewal: float = 4
    """How often the sender says that it is there."""
    asking: float = 1
    """How often a standby asks: with the lease, within 15 s of the sender's last breath."""
    row_lease: float = 60
    """How long a claimed or begun delivery stays ours; longer than any request takes."""
    group: float = 0.05
    """How long an outcome may wait for others to be written with it."""
    ahead: float = 0.5
    """What can be sent in this time is claimed at once."""
    chunk: int = 20_000
    """Followers put on a list in one transaction: a fifth of a second on either engine."""
    chunks: int = 3
    """So many in a row; then another process that writes to the same SQLite file gets its turn..."""
    breath: float = 0.11
    """...in this time: SQLite's writers look for it every 100 ms. https://www.sqlite.org/src/file/src/main.c, sqliteDefaultBusyCallback"""
    digest: float = 5.0
    """How often to look for digests that fall due; while there are any, portion follows portion."""
    timed: int = 5_000
    """Deliveries given the time of their digest in one transaction..."""
    collected: int = 1_000
    """...and chats whose digests are put together in one: a fifth of a second each."""
    checking: float = 300.0
    """How often to look for digests that wait by a clock that was ahead."""
    look: float = 1.0
    """How often to look for new work when there was none."""
    tidy: float = 5.0
    """How often to end leases and publications."""
    halt: float = 10.0
    """How long to stop when nothing can be sent at all."""


class Worker:
    """One sender; `run` it, or call `step` and rest as long as it says."""

    def __init__(
        self,
        db: Database,
        ports: Ports,
        budget: Budget,
        holder: str,
        *,
        habits: Habits = Habits(),
        breaker: Breaker | None = None,
        jitter: random.Random | None = None,
    ) -> None:
        self.halted = ""
        """Why nothing is sent at all; empty while all is well."""
        self.leading = False
        """Whether this is the process that sends."""
        self.holder = holder
        self._db, self._ports, self._clock, self._metrics = db, ports, ports.clock, ports.metrics
        self._budget, self._habits, self._breaker = budget, habits, breaker or Breaker()
        self._random = jitter or random.Random()  # noqa: S311 - it spreads load and guards nothing
        self._due = dict.fromkeys(("lease", "tidy", "claim", "begin", "fan_out", "digest", "checking", "write", "halt"), 0.0)
        self._claimed: deque[Delivery] = deque()
        self._asked: set[int] = set()
        """Deliveries from the moment when their requests start until their outcomes are written."""
        self._unsure = False
        """Whether a transaction may have been committed without our knowledge."""
        self._under_way: set[asyncio.Task[None]] = set()
        self._telling: set[asyncio.Task[None]] = set()
        self._done: list[Done] = []
        self._vain = 0
        self._chunks = 0
        self._news = asyncio.Event()

    # The life of a worker.

    async def run(self) -> None:
        """Send for ever. Whatever the database or Telegram does, this goes on; cancel it, then `stop`."""
        while True:
            self._news.clear()
            try:
                rest = await self.step()
            except Exception as error:  # noqa: BLE001 - nobody would start it again
                stored = is_storage_error(error)
                event(LOG, "delivery_stumbled", logging.ERROR, error=None if stored else error, reason=reason(error))
                rest = self._halt("database" if stored else "defect", reason(error))
            try:
                async with asyncio.timeout(rest):
                    await self._news.wait()
            except TimeoutError:
                pass

    async def step(self) -> float:
        """Do what is due; the seconds until something is, unless a request ends before. Raises what the database raises."""
        if self._unsure:
            async with self._db.write() as connection:
                await self._disown(connection)
        self._unsure = True
        rest = await self._do_what_is_due()
        self._unsure = False
        return rest

    async def _do_what_is_due(self) -> float:
        await self._keep_lease()
        await self._write_outcomes()
        if self._is_due("halt") <= 0:
            self.halted = ""
        if not self.leading or self.halted:
            return self._rest("lease", "halt") if self.halted else self._rest("lease")
        await self._tidy_up()
        await self._fan_out()
        await self._collect()
        await self._claim()
        await self._begin()
        return self._rest("lease", "tidy", "fan_out", "digest", *self._next_claim())

    async def stop(self, seconds: float = 5.0) -> None:
        """Let requests under way end, write what became of them, and make room for another sender."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        for task in (*self._under_way, *self._telling):
            task.cancel()
        async with self._db.write() as connection:
            await settling.write(connection, self.holder, self._done, self._clock.now())
            self._claimed.clear()
            await self._disown(connection)
            await leases.let_go(connection, LEASE, self.holder)
        self._done, self.leading = [], False

    @property
    def busy(self) -> int:
        """Slots taken."""
        return len(self._under_way) + len(self._done)

    def _is_due(self, what: str) -> float:
        """Seconds until then; not above zero when it is due. Clocks count in microseconds, so less than one is none."""
        left = self._due[what] - self._clock.monotonic()
        return left if left > ROUNDING else 0.0

    def _put_off(self, what: str, seconds: float) -> None:
        self._due[what] = self._clock.monotonic() + seconds

    def _rest(self, *until: str) -> float:
        waits = [self._is_due(what) for what in until]
        if self._done:
            waits.append(self._is_due("write"))
        return max(0.0, min(waits))

    def _next_claim(self) -> Iterable[str]:
        """When to claim or begin the next, if that is not for a request to say that frees its slot."""
        wait = self._budget.wait(self._clock.monotonic())
        if self._claimed and self.busy >= self._habits.slots:
            return ()
        self._put_off("begin", wait if self._claimed else max(wait, self._is_due("claim")))
        return ("begin",)

    # One step's parts, in their order.

    async def _keep_lease(self) -> None:
        if self._is_due("lease") > 0:
            return
        led = self.leading
        self.leading = False
        async with self._db.write() as connection:
            held = await leases.hold(connection, LEASE, self.holder, self._clock.now(), self._habits.lease)
            if held and not led:
                await outbox.release(connection, self._clock.now(), but_for=self.holder)
        self.leading = held
        self._metrics.delivering.set(held)
        if held != led:
            event(LOG, "delivery_taken_over" if held else "delivery_standing_by", holder=self.holder)
        if not held:
            self._claimed.clear()
        self._put_off("lease", self._habits.renewal if held else self._habits.asking)

    async def _write_outcomes(self) -> None:
        """Write in groups: at the latest after `Habits.group`, and at once when nothing else is under way or all slots are taken."""
        if not self._done or (self._under_way and self.busy < self._habits.slots and self._is_due("write") > 0):
            return
        group = list(self._done)
        async with self._db.write() as connection:
            await settling.write(connection, self.holder, group, self._clock.now())
        del self._done[: len(group)]
        self._asked.difference_update(one.delivery.number for one in group)
        self._put_off("write", self._habits.group)
        for one in group:
            await self._heed(one)

    async def _heed(self, one: Done) -> None:
        """What an outcome means for the others."""
        outcome, delivery = one.outcome, one.delivery
        for chat in settling.changed(one):
            self._ports.changed(chat)
        self._metrics.deliveries.labels(type(outcome).__name__.lower()).inc()
        match outcome:
            case TopicClosed():
                self._alert(Alert(What.TOPIC_CLOSED, delivery.item, delivery.receiver, delivery.follow))
            case Muted():
                self._alert(Alert(What.MUTED, delivery.item, delivery.receiver, delivery.follow))
            case Halt(why):
                self._halt(why, why)
        if not isinstance(outcome, Sent | Unreachable):
            return
        if self._breaker.note(self._clock.monotonic(), unreachable=isinstance(outcome, Unreachable)):
            async with self._db.write() as connection:
                items = await publications.pause_all(connection, self._clock.now(), "outage")
            event(LOG, "delivery_outage", logging.ERROR, items=",".join(items))
            self._alert(Alert(What.OUTAGE, reason=",".join(items)))

    async def _tidy_up(self) -> None:
        if self._is_due("tidy") > 0:
            return
        self._put_off("tidy", self._habits.tidy)
        async with self._db.write() as connection:
            ended = await outbox.release(connection, self._clock.now(), but_for=self.holder)
            early = await outbox.set_right(connection, self._clock.now())
            finished = await publications.finish(connection, self._clock.now())
            await digests.resume(connection, self._clock.now())
        if ended:
            event(LOG, "delivery_leases_ended", logging.WARNING, rows=ended)
        if early:
            event(LOG, "delivery_clock_set_back", logging.WARNING, rows=early)
        for item in finished:
            event(LOG, "publication_done", item=item)

    async def _fan_out(self) -> None:
        if self._is_due("fan_out") > 0:
            return
        async with self._db.read() as connection:
            waiting = await publications.is_waiting(connection)
        if waiting:
            async with self._db.write() as connection:
                await publications.fan_out(connection, self._clock.now(), self._habits.chunk)
            self._put_off("claim", 0)
            # What is published a moment before a digest is in it, however rarely digests are looked for.
            self._put_off("digest", 0)
        self._chunks = self._chunks + 1 if waiting else 0
        breath = self._habits.breath if self._db.backend == "sqlite" and self._chunks % self._habits.chunks == 0 else 0
        self._put_off("fan_out", breath if waiting else self._habits.look)

    async def _collect(self) -> None:
        """Give what waits for a digest its time, and put together the digests whose time has come; a portion of each."""
        if self._is_due("digest") > 0:
            return
        now, habits = self._clock.now(), self._habits
        async with self._db.read() as connection:
            busy = await digests.is_due(connection, now)
        if busy:
            async with self._db.write() as connection:
                await digests.schedule(connection, now, habits.timed)
            async with self._db.write() as connection:
                await digests.collect(connection, now, habits.collected)
            self._put_off("claim", 0)
        elif self._is_due("checking") <= 0:
            async with self._db.write() as connection:
                early = await digests.set_right(connection, now, habits.timed)
            self._put_off("checking", 0 if early else habits.checking)
        breath = habits.breath if self._db.backend == "sqlite" else 0
        self._put_off("digest", breath if busy else habits.digest)

    async def _claim(self) -> None:
        room = self._budget.room(self._clock.monotonic(), self._habits.ahead)
        if self._claimed or not room or self._is_due("claim") > 0:
            return
        taken = set[int]()

        def wait(receiver: Receiver) -> float:
            """A chat is claimed for once at a time: of its other topics' rows the next is due when the chat is."""
            if receiver.chat in taken:
                return 1 / self._budget.rates.chat
            seconds = self._budget.chat_wait(self._clock.monotonic(), receiver.chat)
            if not seconds:
                taken.add(receiver.chat)
            return seconds

        async with self._db.read() as connection:
            due = await outbox.next_due(connection)
        seconds = (due - self._clock.now()).total_seconds() if due else self._habits.look
        if seconds <= 0:
            async with self._db.write() as connection:
                self._claimed.extend(await outbox.claim(connection, self.holder, self._clock.now(), self._habits.row_lease, room, wait))
        self._put_off("claim", 0 if seconds <= 0 else min(seconds, self._habits.look))

    async def _begin(self) -> None:
        """Start as many requests as there are slots and the budget allows; their rows say so first."""
        now, starting = self._clock.monotonic(), list[Delivery]()
        while self._claimed and self.busy + len(starting) < self._habits.slots:
            chat = self._claimed[0].receiver.chat
            if self._budget.wait(now) > 0:
                break
            if self._budget.chat_wait(now, chat) > 0:
                # Telegram asked for patience with it after it was claimed.
                await self._give_back([self._claimed.popleft()])
                continue
            self._budget.take(now, chat)
            starting.append(self._claimed.popleft())
        if not starting:
            return
        async with self._db.write() as connection:
            numbers = [one.number for one in starting]
            begun = await outbox.begin(connection, self.holder, numbers, self._clock.now(), self._habits.row_lease)
        for one in starting:
            if one.number in begun:
                self._asked.add(one.number)
                self._spawn(self._under_way, self._deliver(one))
        if refused := [one for one in starting if one.number not in begun]:
            await self._give_back(refused)

    async def _give_back(self, those: list[Delivery]) -> None:
        async with self._db.write() as connection:
            await outbox.give_back(connection, self.holder, [one.number for one in those], self._clock.now())

    async def _disown(self, connection: AsyncConnection) -> None:
        """Whatever is ours by the rows only was never asked for."""
        known = self._asked.union(one.number for one in self._claimed)
        rows = await outbox.disown(connection, self.holder, known, self._clock.now())
        if rows:
            event(LOG, "delivery_unconfirmed", logging.WARNING, rows=rows)

    # One request.

    async def _deliver(self, delivery: Delivery) -> None:
        outcome = await self._outcome(delivery)
        if not self._done:
            self._put_off("write", self._habits.group)
        self._done.append(self._judged(delivery, outcome))
        self._news.set()

    async def _outcome(self, delivery: Delivery) -> Outcome:
        """What became of the first message; the others follow it as well as they can, for a delivery never goes out twice."""
        try:
            first, *others = self._ports.render(delivery) or (None,)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one item, the others go out
            event(LOG, "delivery_unspeakable", logging.ERROR, error=error, item=delivery.item)
            return outcome_of(error)
        if first is None:
            return NotReady()
        outcome = await self._ask(delivery, first)
        if isinstance(outcome, Defect):
            event(LOG, "delivery_refused", logging.ERROR, item=delivery.item, reason=outcome.reason)
            self._alert(Alert(What.DEFECT, item=delivery.item, receiver=delivery.receiver, reason=outcome.reason))
            outcome = await self._ask(delivery, first.without_markup)
        for message in others if isinstance(outcome, Sent) else ():
            self._budget.take(self._clock.monotonic(), delivery.receiver.chat)
            if not isinstance(await self._ask(delivery, message), Sent):
                event(LOG, "delivery_incomplete", logging.WARNING, item=delivery.item)
                break
        return outcome

    async def _ask(self, delivery: Delivery, message: Message) -> Outcome:
        try:
            return Sent(await self._ports.sender.send(delivery.receiver, message, silent=delivery.silent))
        except Exception as error:  # noqa: BLE001 - the table knows every class
            outcome = outcome_of(error)
            if isinstance(outcome, Failed):
                event(LOG, "delivery_failed", logging.ERROR, error=error, item=delivery.item)
            return outcome

    def _judged(self, delivery: Delivery, outcome: Outcome) -> Done:
        if isinstance(outcome, NotReady):
            return Done(delivery, outcome, seconds=TAKING_UP, counts=False)
        if isinstance(outcome, Sent):
            self._budget.went_through()
        if not isinstance(outcome, NotSent):
            self._vain = 0
        elif not self.halted:
            # Those that were under way when it halted say nothing new.
            self._vain += 1
        if isinstance(outcome, Flooded):
            now = self._clock.monotonic()
            seconds = self._budget.flooded(now, delivery.receiver.chat, outcome.seconds, self._random.random())
            return Done(delivery, outcome, seconds=seconds)
        if self._vain > VAIN:
            pause = min(LONGEST_PAUSE, 2.0 ** (self._vain - VAIN))
            self._halt("network", "nothing reaches Telegram", pause)
            return Done(delivery, outcome, seconds=pause, counts=False)
        return Done(delivery, outcome)

    # Telling.

    def _halt(self, why: str, detail: str, seconds: float | None = None) -> float:
        """Stop sending for a while; the seconds. Nothing is dead-lettered, and requests under way end as they may."""
        if not self.halted:
            self._metrics.halts.labels(why).inc()
            event(LOG, "delivery_halted", logging.ERROR, reason=detail)
            self._alert(Alert(What.HALTED, reason=why))
        self.halted = why
        pause = seconds or self._habits.halt
        self._put_off("halt", pause)
        return pause

    def _alert(self, alert: Alert) -> None:
        self._spawn(self._telling, self._told(alert))

    async def _told(self, alert: Alert) -> None:
        try:
            await self._ports.tell(alert)
        except Exception as error:  # noqa: BLE001 - nobody may be there to be told
            event(LOG, "alert_not_told", logging.WARNING, what=alert.what, reason=reason(error))

    def _spawn(self, tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
