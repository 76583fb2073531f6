"""Whatever one chat does, every chat is answered in order, and soon."""

import asyncio
import gc
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ExtBot, TypeHandler
from telegram.request import BaseRequest, RequestData

from bot.gate import Gate, GateLimits, Intake, line_of

LESIA, TARAS = 11, 12
USER = {"id": LESIA, "is_bot": False, "first_name": "Леся"}


def update(kind: str, fields: dict[str, object], number: int = 1) -> Update:
    made = Update.de_json({"update_id": number, kind: fields})
    assert made is not None
    return made


def message(chat: int, number: int = 1) -> Update:
    return update("message", {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}}, number)


def inline(user: int, query: str) -> Update:
    return update("inline_query", {"id": "1", "query": query, "offset": "", "from": {**USER, "id": user}})


class Stage:
    """Feeds a gate as Application does: one task for each update, in order."""

    def __init__(self, at_once: int = 64, backlog: int = 20) -> None:
        self.told: list[object] = []
        self.gate = Gate(GateLimits(at_once=at_once, backlog=backlog), self.on_flood)
        self.tasks: list[asyncio.Task[None]] = []

    async def on_flood(self, update: object) -> None:
        self.told.append(update)

    def feed(self, update: object, handler: Awaitable[Any]) -> asyncio.Task[None]:
        task = asyncio.create_task(self.gate.process_update(update, handler))
        self.tasks.append(task)
        return task

    async def end(self) -> list[BaseException | None]:
        async with asyncio.timeout(2):
            return await asyncio.gather(*self.tasks, return_exceptions=True)

    def is_idle(self) -> bool:
        return not self.gate._lines and self.gate.waiting == self.gate.running == self.gate.current_concurrent_updates == 0


async def nothing() -> None: ...


async def settle() -> None:
    """Let every task that can run do so."""
    for _ in range(20):
        await asyncio.sleep(0)


@dataclass
class Job:
    chat: int
    steps: int
    fate: Literal["ends", "fails", "is cancelled"]
    cancelled_after: int


jobs = st.lists(
    st.builds(
        Job,
        chat=st.integers(0, 3),
        steps=st.integers(0, 4),
        fate=st.sampled_from(["ends", "ends", "ends", "fails", "is cancelled"]),
        cancelled_after=st.integers(0, 8),
    ),
    max_size=25,
)


@given(jobs, st.integers(1, 3))
def test_any_interleaving_keeps_the_order_within_a_chat(jobs: list[Job], at_once: int) -> None:
    started: list[int] = []
    running: Counter[int] = Counter()

    async def handler(number: int, job: Job) -> None:
        started.append(number)
        running[job.chat] += 1
        assert running[job.chat] == 1, "one at a time in a chat"
        assert running.total() <= at_once
        try:
            for _ in range(job.steps):
                await asyncio.sleep(0)
            if job.fate == "fails":
                raise LookupError
        finally:
            running[job.chat] -= 1

    async def cancel_later(task: asyncio.Task[None], steps: int) -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()

    async def play() -> None:
        stage = Stage(at_once, backlog=100)
        for number, job in enumerate(jobs):
            task = stage.feed(message(job.chat, number), handler(number, job))
            if job.fate == "is cancelled":
                stage.tasks.append(asyncio.create_task(cancel_later(task, job.cancelled_after)))
        results = await stage.end()

        assert not [result for result in results if isinstance(result, AssertionError)]
        assert stage.is_idle()
        assert stage.gate.handled == len(started)

    asyncio.run(play())

    for chat in range(4):
        of_this_chat = [number for number in started if jobs[number].chat == chat]
        assert of_this_chat == sorted(of_this_chat)
    assert set(started) >= {number for number, job in enumerate(jobs) if job.fate != "is cancelled"}


async def test_chats_are_handled_side_by_side() -> None:
    stage, meeting = Stage(), asyncio.Barrier(2)
    stage.feed(message(LESIA), meeting.wait())
    stage.feed(message(TARAS), meeting.wait())

    await stage.end()

    assert stage.gate.handled == 2


@pytest.mark.parametrize("at_once", [1, 64])
async def test_a_chat_with_a_thousand_updates_does_not_slow_another(at_once: int) -> None:
    stage, go = Stage(at_once, backlog=1000), asyncio.Event()
    handled_for_the_flooder = 0
    ahead_of_the_other: list[int] = []

    async def slow() -> None:
        nonlocal handled_for_the_flooder
        await go.wait()
        handled_for_the_flooder += 1

    async def quick() -> None:
        ahead_of_the_other.append(handled_for_the_flooder)

    for number in range(1000):
        stage.feed(message(LESIA, number), slow())
    await settle()
    assert (stage.gate.running, stage.gate.waiting) == (1, 999)

    stage.feed(message(TARAS), quick())
    await settle()
    assert ahead_of_the_other == ([0] if at_once > 1 else []), "a free place is given away though the flooder's first still runs"

    go.set()
    await stage.end()
    assert ahead_of_the_other == [0 if at_once > 1 else 1], "the only place is given away before the flooder's second"
    assert handled_for_the_flooder == 1000


async def test_a_flood_is_dropped_and_its_chat_told_once_until_it_ends() -> None:
    stage, go = Stage(backlog=20), asyncio.Event()
    for episode in (1, 2):
        go.clear()
        for number in range(1000):
            stage.feed(message(LESIA, number), go.wait())
        await settle()
        assert (stage.gate.dropped, stage.gate.waiting, stage.gate.running) == (979 * episode, 20, 1)
        assert len(stage.told) == episode

        go.set()
        await stage.end()
        assert stage.is_idle()

    assert stage.gate.handled == 42
    first = stage.told[0]
    assert isinstance(first, Update)
    assert first.update_id == 21, "the first that was dropped"


async def test_a_notice_that_fails_is_logged_and_harms_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def on_flood(_: object) -> None:
        raise ConnectionError

    stage, go = Stage(), asyncio.Event()
    stage.gate = Gate(GateLimits(backlog=0), on_flood)
    stage.feed(message(LESIA), go.wait())
    await settle()
    with caplog.at_level(logging.ERROR, "bot.gate"):
        stage.feed(message(LESIA), go.wait())
        await settle()
    go.set()

    assert await stage.end() == [None, None]
    assert caplog.messages == ["flood_notice_failed"]


async def test_of_the_letters_typed_only_the_newest_query_is_handled() -> None:
    stage, go = Stage(backlog=2), asyncio.Event()
    handled: list[str] = []

    async def search(text: str) -> None:
        handled.append(text)
        await go.wait()

    for text in ("n", "ni", "nik", "niko"):
        stage.feed(inline(LESIA, text), search(text))
        await settle()
    stage.feed(inline(TARAS, "kyiv"), search("kyiv"))
    stage.feed(message(LESIA), search("/start"))
    await settle()
    assert handled == ["n", "kyiv", "/start"]

    go.set()
    await stage.end()

    assert handled == ["n", "kyiv", "/start", "niko"]
    assert (stage.gate.superseded, stage.gate.dropped, stage.told) == (2, 0, [])
    assert stage.is_idle()


async def test_a_failing_handler_is_seen_by_application_and_the_next_update_is_handled() -> None:
    async def fails() -> None:
        raise LookupError

    stage = Stage()
    stage.feed(message(LESIA, 1), fails())
    stage.feed(message(LESIA, 2), nothing())

    first, second = await stage.end()

    assert isinstance(first, LookupError)
    assert second is None
    assert stage.gate.handled == 2


async def test_an_update_cancelled_as_its_turn_comes_passes_the_turn_on() -> None:
    stage, go, reached = Stage(), asyncio.Event(), asyncio.Event()

    async def reach() -> None:
        reached.set()

    first = stage.feed(message(LESIA, 1), go.wait())
    second = stage.feed(message(LESIA, 2), nothing())
    stage.feed(message(LESIA, 3), reach())
    await settle()
    go.set()
    first.add_done_callback(lambda _: second.cancel())

    await stage.end()

    assert reached.is_set()
    assert stage.is_idle()


async def test_a_cancelled_update_leaves_its_place_in_the_line_to_another() -> None:
    stage, go = Stage(backlog=1), asyncio.Event()
    stage.feed(message(LESIA, 1), go.wait())
    second = stage.feed(message(LESIA, 2), nothing())
    await settle()
    second.cancel()
    await settle()
    stage.feed(message(LESIA, 3), nothing())
    await settle()
    go.set()
    await stage.end()

    assert (stage.gate.handled, stage.gate.dropped) == (2, 0)


async def test_shutdown_sends_the_waiting_away_and_leaves_no_task() -> None:
    stage, go = Stage(at_once=1), asyncio.Event()
    for number in range(5):
        stage.feed(message(LESIA, number), go.wait())
    stage.feed(message(TARAS), nothing())
    await settle()

    await stage.gate.shutdown()
    go.set()
    await stage.end()
    gc.collect()

    assert stage.gate.handled == 1
    assert stage.is_idle()
    assert asyncio.all_tasks() == {asyncio.current_task()}

    await stage.gate.initialize()
    await stage.feed(message(LESIA), nothing())
    assert stage.gate.handled == 2


GROUP = {"id": -7, "type": "group"}
BUTTON = {"id": "1", "chat_instance": "1", "data": "x", "from": USER}
JOINED = {"old_chat_member": {"status": "left", "user": USER}, "new_chat_member": {"status": "member", "user": USER}}
LINES = [
    (message(LESIA), ("chat", LESIA)),
    (update("edited_channel_post", {"message_id": 1, "date": 0, "chat": {"id": -100, "type": "channel"}}), ("chat", -100)),
    (update("callback_query", {**BUTTON, "message": {"message_id": 1, "date": 0, "chat": GROUP}}), ("chat", -7)),
    (update("callback_query", {**BUTTON, "inline_message_id": "1"}), ("user", LESIA)),
    (update("my_chat_member", {**JOINED, "date": 0, "chat": GROUP, "from": USER}), ("chat", -7)),
    (inline(LESIA, "nik"), ("inline", LESIA)),
    (update("chosen_inline_result", {"result_id": "1", "query": "nik", "from": USER}), ("user", LESIA)),
    (Update(9), ("update", 9)),
]


@pytest.mark.parametrize(("given_update", "line"), LINES)
def test_an_update_waits_in_the_line_of_its_chat_else_of_its_user(given_update: Update, line: tuple[str, int]) -> None:
    assert line_of(given_update) == line


def test_what_is_no_update_waits_for_nobody() -> None:
    assert line_of(first := object()) != line_of(second := object()), (first, second)


class Offline(BaseRequest):
    """Answers every method as getMe."""

    read_timeout = None

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
    ) -> tuple[int, bytes]:
        return 200, b'{"ok":true,"result":{"id":7,"is_bot":true,"first_name":"Bot","username":"bot"}}'


AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def application(gate: Gate, handler: Callable[[Update, Any], Awaitable[None]]) -> AnyApplication:
    built = (
        ApplicationBuilder()
        .bot(ExtBot("7:token", request=Offline(), get_updates_request=Offline()))
        .update_queue(gate.intake)
        .concurrent_updates(gate)
        .build()
    )
    built.add_handler(TypeHandler(Update, handler))  # type: ignore[arg-type]
    return built


async def test_the_intake_holds_back_polling_and_stop_handles_what_was_admitted() -> None:
    stage, go = Stage(), asyncio.Event()
    stage.gate = Gate(GateLimits(intake=3), stage.on_flood)
    handled: list[int] = []

    async def handler(update: Update, _: object) -> None:
        await go.wait()
        handled.append(update.update_id)

    app = application(stage.gate, handler)
    async with app:
        await app.start()
        polling = [asyncio.create_task(app.update_queue.put(message(LESIA, number))) for number in range(6)]
        await settle()
        assert [put.done() for put in polling] == [True, True, True, False, False, False]
        assert stage.gate.waiting + stage.gate.running == 3

        go.set()
        await asyncio.gather(*polling)
        await app.stop()

    assert handled == [0, 1, 2, 3, 4, 5]
    assert stage.is_idle()


async def test_a_polling_task_cancelled_at_a_full_intake_leaves_it_usable() -> None:
    intake = Intake(1)
    await intake.put("first")
    second = asyncio.create_task(intake.put("second"))
    await settle()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)

    await intake.get()
    intake.task_done()
    await intake.put("third")

    assert intake.get_nowait() == "third"
