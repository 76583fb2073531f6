"""What the delivery of messages relies on: which failures left the machine and which did not, over real sockets."""

import asyncio
import gc
import io
import json
import logging
import tempfile
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from aiohttp.abc import AbstractResolver
from telegram import Bot, InputFile
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest

from bot.transport import AiohttpRequest, AnswerTimedOut, NeverSent, PerhapsSent, PollWatchdog, Route, TooLarge, TransportLimits
from tests.fakes import wire
from tests.fakes.wire import Behaviour, Wire

TOKEN = "7007:secret-of-the-bot-AAbbCCdd"
TRUE = b'{"ok":true,"result":true}'
SENT = b'{"ok":true,"result":{"message_id":1,"date":0,"chat":{"id":1,"type":"private"}}}'
PATIENT = TransportLimits(connections=4)
SOON_CONNECTED = TransportLimits(pool_seconds=0.02, connect_seconds=0.08)
SOON_ANSWERED = TransportLimits(read_seconds=0.08, upload_seconds=0.08)
HTML = b"<html><body>/bot" + TOKEN.encode() + b"/sendMessage cannot be served</body></html>"


def failed(code: int, description: str, **parameters: int) -> Behaviour:
    answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return wire.says(code, json.dumps(answer).encode())


class NoSuchName(AbstractResolver):
    async def resolve(self, *_: object, **__: object) -> NoReturn:
        raise OSError(None, "Name or service not known")

    async def close(self) -> None: ...


@asynccontextmanager
async def bot_at(address: str, limits: TransportLimits = PATIENT, route: Route | None = None, scheme: str = "http") -> AsyncIterator[Bot]:
    base = f"{scheme}://{address}"
    async with AiohttpRequest(limits, route or Route()) as request:
        yield Bot(TOKEN, f"{base}/bot", f"{base}/file/bot", request=request, get_updates_request=request)


Attempt = Callable[[], Awaitable[object]]


async def sending_to(behaviour: Behaviour, limits: TransportLimits = PATIENT) -> object:
    async with Wire(behaviour) as server, bot_at(server.address, limits) as bot:
        return await bot.send_message(1, "Нікополь")


async def sending_to_a_closed_port() -> object:
    async with bot_at(f"127.0.0.1:{wire.closed_port()}") as bot:
        return await bot.send_message(1, "text")


async def sending_to_an_unknown_name() -> object:
    async with bot_at("telegram.invalid", route=Route(resolver=NoSuchName())) as bot:
        return await bot.send_message(1, "text")


async def sending_to_a_full_port() -> object:
    with wire.a_port_that_does_not_accept() as port:
        async with bot_at(f"127.0.0.1:{port}", SOON_CONNECTED) as bot:
            return await bot.send_message(1, "text")


async def speaking_tls_to_a_plain_port() -> object:
    async with Wire(wire.says(400, b"plain")) as server, bot_at(server.address, scheme="https") as bot:
        return await bot.send_message(1, "text")


async def waiting_for_a_tls_handshake() -> object:
    async with Wire(wire.stalls()) as server, bot_at(server.address, SOON_CONNECTED, scheme="https") as bot:
        return await bot.send_message(1, "text")


async def sending_through_a_refusing_proxy() -> object:
    route = Route(proxy=f"http://user:password@127.0.0.1:{wire.closed_port()}")
    async with bot_at("telegram.invalid", route=route) as bot:
        return await bot.send_message(1, "text")


async def tunnelling_through(behaviour: Behaviour, limits: TransportLimits = PATIENT) -> object:
    async with (
        Wire(behaviour) as server,
        bot_at("telegram.invalid", limits, Route(proxy=f"http://{server.address}"), scheme="https") as bot,
    ):
        return await bot.send_message(1, "text")


async def finding_the_pool_exhausted() -> object:
    limits = TransportLimits(connections=1, pool_seconds=0.02, connect_seconds=0.08)
    async with Wire(wire.stalls()) as server, bot_at(server.address, limits) as bot:
        first = asyncio.create_task(bot.send_message(1, "first"))
        await server.busy.wait()
        try:
            return await bot.send_message(1, "second")
        finally:
            assert [heard.json["text"] for heard in server.heard] == ["first"]
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)


async def sending_to_no_http_address() -> object:
    async with bot_at("telegram", scheme="gopher") as bot:
        return await bot.send_message(1, "text")


async def sending_after_shutdown() -> object:
    async with Wire(wire.says(200, TRUE)) as server:
        async with bot_at(server.address) as bot:
            pass
        return await bot.send_message(1, "text")


async def uploading_to_a_server_that_does_not_read() -> object:
    async with Wire(wire.never_reads(), reads=False) as server, bot_at(server.address, SOON_ANSWERED) as bot:
        return await bot.send_document(1, bytes(16 * 1024 * 1024))


async def reading_a_huge_answer() -> object:
    limits = TransportLimits(answer_bytes=1000)
    async with Wire(wire.says(200, b'{"ok":true,"result":"' + b"x" * 2000 + b'"}')) as server, bot_at(server.address, limits) as bot:
        return await bot.send_message(1, "text")


def to(behaviour: Callable[[], Behaviour], limits: TransportLimits = PATIENT) -> Attempt:
    return lambda: sending_to(behaviour(), limits)


def tunnel(behaviour: Callable[[], Behaviour], limits: TransportLimits = PATIENT) -> Attempt:
    return lambda: tunnelling_through(behaviour(), limits)


NEVER_SENT: dict[str, Attempt] = {
    "a_refused_connection": sending_to_a_closed_port,
    "a_name_that_does_not_resolve": sending_to_an_unknown_name,
    "a_connect_that_stalls": sending_to_a_full_port,
    "tls_to_a_plain_port": speaking_tls_to_a_plain_port,
    "a_tls_handshake_that_stalls": waiting_for_a_tls_handshake,
    "an_exhausted_pool": finding_the_pool_exhausted,
    "a_proxy_that_is_down": sending_through_a_refusing_proxy,
    "a_proxy_that_wants_a_password": tunnel(lambda: wire.says(407, b"")),
    "a_proxy_that_hangs_up": tunnel(wire.hangs_up),
    "a_proxy_that_stalls": tunnel(wire.stalls, SOON_CONNECTED),
    "a_proxy_that_forbids": to(lambda: wire.says(403, HTML)),
    "a_page_that_is_not_found": to(lambda: wire.says(404, HTML)),
    "a_redirect": to(lambda: wire.says(301, HTML, Location=f"http://127.0.0.1:1/bot{TOKEN}/sendMessage")),
    "a_redirect_that_keeps_the_method": to(lambda: wire.says(308, TRUE, Location="/elsewhere")),
    "an_address_that_is_not_http": sending_to_no_http_address,
    "a_transport_that_was_shut_down": sending_after_shutdown,
}
TIMED_OUT: dict[str, Attempt] = {
    "silence_before_the_headers": to(wire.stalls, SOON_ANSWERED),
    "silence_within_the_body": to(lambda: wire.in_turn(wire.half_an_answer(), wire.stalls()), SOON_ANSWERED),
    "an_upload_that_stands_still": uploading_to_a_server_that_does_not_read,
}
PERHAPS_SENT: dict[str, Attempt] = {
    "a_truncated_body": to(lambda: wire.in_turn(wire.half_an_answer(), wire.hangs_up())),
    "a_reset": to(wire.resets),
    "a_hang_up_before_the_answer": to(wire.hangs_up),
    "an_answer_that_is_not_http": to(lambda: wire.writes(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")),
    "an_answer_that_is_not_json": to(lambda: wire.says(200, HTML)),
    "an_answer_with_half_its_json": to(lambda: wire.says(200, b'{"ok":true,"result":{"message_id"')),
    "an_answer_without_a_result": to(lambda: wire.says(200, b'{"ok":true}')),
    "an_answer_that_is_a_list": to(lambda: wire.says(200, b"[1]")),
    "an_answer_nested_beyond_reason": to(lambda: wire.says(200, b"[" * 200_000)),
    "an_empty_answer": to(lambda: wire.says(200, b"")),
    "a_huge_answer": reading_a_huge_answer,
    "an_internal_error": to(lambda: failed(500, "Internal Server Error: restart")),
    "a_bad_gateway_page": to(lambda: wire.says(502, HTML)),
    "a_gateway_timeout": to(lambda: wire.says(504, b"")),
}
ANSWERED: dict[str, tuple[type[TelegramError], Attempt]] = {
    "a_bad_request": (BadRequest, to(lambda: failed(400, "Bad Request: can't parse entities"))),
    "a_revoked_token": (InvalidToken, to(lambda: failed(401, "Unauthorized"))),
    "a_blocked_bot": (Forbidden, to(lambda: failed(403, "Forbidden: bot was blocked by the user"))),
    "a_wrong_token": (InvalidToken, to(lambda: failed(404, "Not Found"))),
    "a_second_poller": (Conflict, to(lambda: failed(409, "Conflict: terminated by other getUpdates request"))),
    "a_body_too_large": (TooLarge, to(lambda: failed(413, "Request Entity Too Large"))),
    "a_body_too_large_for_the_front_end": (TooLarge, to(lambda: wire.says(413, HTML))),
    "a_flood": (RetryAfter, to(lambda: failed(429, "Too Many Requests: retry after 7", retry_after=7))),
    "a_migrated_group": (ChatMigrated, to(lambda: failed(400, "group was upgraded", migrate_to_chat_id=-100123))),
    "a_failure_under_status_200": (Forbidden, to(lambda: wire.says(200, b'{"ok":false,"error_code":403,"description":"Forbidden"}'))),
    "a_failure_under_status_200_without_a_code": (BadRequest, to(lambda: wire.says(200, b'{"ok":false,"error_code":200}'))),
}


def every(kinds: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("attempt", kinds.values(), ids=kinds.keys())


@pytest.fixture(autouse=True)
def _future_retry_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the constructor of RetryAfter warns of a deprecation."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def every_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All but what `telegram.Bot` logs at DEBUG: its constructor writes its whole address, token and all."""
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.INFO, "telegram.Bot"):
        yield caplog


async def failure_of(attempt: Attempt) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        async with asyncio.timeout(5):
            await attempt()
    return caught.value


@every(NEVER_SENT)
async def test_this_is_never_sent_and_not_retried_at_once(attempt: Attempt) -> None:
    error = await failure_of(attempt)

    assert isinstance(error, NeverSent)
    assert not isinstance(error, TimedOut | PerhapsSent), "polling would ask again at once, for ever"


@every(TIMED_OUT)
async def test_this_is_perhaps_sent_and_a_timeout(attempt: Attempt) -> None:
    error = await failure_of(attempt)

    assert isinstance(error, AnswerTimedOut)
    assert isinstance(error, PerhapsSent)
    assert isinstance(error, TimedOut)


@every(PERHAPS_SENT)
async def test_this_is_perhaps_sent_and_not_retried_at_once(attempt: Attempt) -> None:
    error = await failure_of(attempt)

    assert isinstance(error, PerhapsSent)
    assert not isinstance(error, TimedOut | NeverSent)


@every(ANSWERED)
async def test_this_is_what_telegram_answered(attempt: tuple[type[TelegramError], Attempt]) -> None:
    expected, sending = attempt

    error = await failure_of(sending)

    assert type(error) is expected


@every({**NEVER_SENT, **TIMED_OUT, **PERHAPS_SENT, **{name: attempt for name, (_, attempt) in ANSWERED.items()}})
async def test_this_shows_neither_token_nor_password(attempt: Attempt, every_log: pytest.LogCaptureFixture) -> None:
    error = await failure_of(attempt)
    gc.collect()

    shown = "".join([*traceback.format_exception(error), *map(repr, chain_of(error)), *map(repr, error.__reduce__()), every_log.text])
    assert "secret-of-the-bot" not in shown
    assert "password" not in shown
    assert "<html>" not in shown


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """The error and everything that hangs on it, suppressed or not."""
    if error is not None:
        yield error
        yield from chain_of(error.__cause__)
        yield from chain_of(error.__context__)


async def test_what_telegram_said_is_kept() -> None:
    blocked = await failure_of(ANSWERED["a_blocked_bot"][1])
    flood = await failure_of(ANSWERED["a_flood"][1])
    migrated = await failure_of(ANSWERED["a_migrated_group"][1])
    restart = await failure_of(PERHAPS_SENT["an_internal_error"])

    assert str(blocked) == "Forbidden: bot was blocked by the user"
    assert isinstance(flood, RetryAfter)
    assert flood._retry_after.total_seconds() == 7
    assert isinstance(migrated, ChatMigrated)
    assert migrated.new_chat_id == -100123
    assert str(restart) == "Internal Server Error: restart (500)"


async def test_a_failure_says_why_to_an_operator() -> None:
    refused = await failure_of(sending_to_a_closed_port)
    unknown = await failure_of(sending_to_an_unknown_name)
    wanted = await failure_of(NEVER_SENT["a_proxy_that_wants_a_password"])
    redirect = await failure_of(NEVER_SENT["a_redirect"])

    assert "ClientConnectorError: Connect call failed" in str(refused)
    assert "Name or service not known" in str(unknown)
    assert "the proxy answered 407" in str(wanted)
    assert str(redirect) == "Redirected (301): the Bot API is at another address"


async def test_a_redirect_is_not_followed() -> None:
    async with Wire(wire.says(301, b"", Location="/elsewhere")) as server, bot_at(server.address) as bot:
        await failure_of(lambda: bot.send_message(1, "text"))

        assert [heard.method for heard in server.heard] == ["POST"]


async def test_parameters_arrive_as_json_and_the_answer_comes_back() -> None:
    answer = '{"ok": true, "result": {"id": 7, "is_bot": true, "first_name": "Бот"}}'
    async with Wire(wire.says(200, answer.encode())) as server, bot_at(server.address) as bot:
        me = await bot.get_me()
        await bot.set_my_name("Міста & люди", language_code="uk")

    asked_who, named = server.heard
    assert me.first_name == "Бот"
    assert (asked_who.method, asked_who.target, asked_who.body) == ("POST", f"/bot{TOKEN}/getMe", b"")
    assert named.json == {"name": "Міста & люди", "language_code": "uk"}
    assert named.headers["content-type"] == "application/json"
    assert named.headers["user-agent"] == BaseRequest.USER_AGENT
    assert server.connections == 1


async def test_an_answer_that_is_not_utf_8_is_still_read() -> None:
    answer = b'{"ok":true,"result":{"id":7,"is_bot":true,"first_name":"\xff"}}'
    async with Wire(wire.says(200, answer)) as server, bot_at(server.address) as bot:
        assert (await bot.get_me()).first_name == "\ufffd"


@pytest.mark.parametrize("megabytes", [0, 2])
async def test_an_upload_arrives_intact_under_its_own_name(megabytes: int) -> None:
    content = b"\x00\r\n--" + bytes(range(256)) * 4096 * megabytes
    async with Wire(wire.says(200, SENT)) as server, bot_at(server.address) as bot:
        await bot.send_document(1, content, caption='Список "міст"', filename='Нікополь "1".csv')

    (heard,) = server.heard
    assert heard.parts["document"] == ('Нікополь "1".csv', "text/csv", content)
    assert heard.parts["caption"] == (None, "text/plain", 'Список "міст"'.encode())
    assert "content-length" in heard.headers


async def test_an_opened_file_is_streamed_and_left_open(tmp_path: Path) -> None:
    path = tmp_path / "map.png"
    path.write_bytes(bytes(300_000))
    with path.open("rb") as opened:
        async with Wire(wire.says(200, SENT)) as server, bot_at(server.address) as bot:
            await bot.send_photo(1, InputFile(opened, read_file_handle=False))
        assert not opened.closed

    assert server.heard[0].parts["photo"] == ("map.png", "image/png", bytes(300_000))


async def test_a_temporary_file_and_a_buffer_can_be_uploaded() -> None:
    with tempfile.NamedTemporaryFile() as opened:
        opened.write(b"written")
        opened.seek(0)
        async with Wire(wire.says(200, SENT)) as server, bot_at(server.address) as bot:
            await bot.send_document(1, InputFile(opened, filename="a.txt", read_file_handle=False))
            await bot.send_document(1, InputFile(io.BytesIO(b"held"), filename="b.txt", read_file_handle=False))

    assert [heard.parts["document"][2] for heard in server.heard] == [b"written", b"held"]


async def test_a_download_may_be_larger_than_an_answer() -> None:
    limits = TransportLimits(answer_bytes=10, download_bytes=3000)
    async with Wire(wire.says(200, b"x" * 2000)) as server, bot_at(server.address, limits) as bot:
        assert await bot.request.retrieve(f"{bot.base_file_url}/photos/1.jpg") == b"x" * 2000

        server.then(wire.says(200, b"x" * 4000))
        await failure_of(lambda: bot.request.retrieve(f"{bot.base_file_url}/photos/1.jpg"))
        assert server.heard[0].method == "GET"


async def test_requests_go_through_the_proxy() -> None:
    async with (
        Wire(wire.says(200, TRUE)) as proxy,
        bot_at("telegram.invalid", route=Route(proxy=f"http://user:password@{proxy.address}")) as bot,
    ):
        await bot.log_out()

    assert proxy.heard[0].target == f"http://telegram.invalid/bot{TOKEN}/logOut"
    assert proxy.heard[0].headers["proxy-authorization"].startswith("Basic ")


async def test_a_long_poll_may_be_silent_for_its_own_time_too() -> None:
    slow = wire.in_turn(wire.sleeps(0.15), wire.says(200, b'{"ok":true,"result":[]}'))
    async with Wire(slow) as server, bot_at(server.address, SOON_ANSWERED) as bot:
        assert await bot.get_updates(timeout=1) == ()
        assert isinstance(await failure_of(lambda: bot.get_updates(timeout=0)), TimedOut)


async def test_timeouts_of_one_request_come_before_the_defaults() -> None:
    slow = wire.in_turn(wire.sleeps(0.15), wire.says(200, TRUE))
    async with Wire(slow) as server, bot_at(server.address, SOON_ANSWERED) as bot:
        assert await bot.log_out(read_timeout=2, connect_timeout=2, pool_timeout=None)
        assert await bot.log_out(read_timeout=None)


async def test_a_cancelled_request_closes_its_connection() -> None:
    async with Wire(wire.stalls()) as server, bot_at(server.address, TransportLimits(connections=1)) as bot:
        sending = asyncio.create_task(bot.send_message(1, "text"))
        await server.busy.wait()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        async with asyncio.timeout(2):
            await server.hung_up.wait()

        server.then(wire.says(200, TRUE))
        assert await bot.log_out(), "its place in the pool is free again"


async def test_nothing_is_opened_before_initialize_and_all_is_closed_by_shutdown() -> None:
    request = AiohttpRequest(PATIENT)
    await request.shutdown()
    async with Wire(wire.says(200, TRUE)) as server:
        url = f"http://{server.address}/bot{TOKEN}/logOut"
        assert isinstance(await failure_of(lambda: request.post(url)), NeverSent)
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            assert await request.post(url) is True
            await request.shutdown()
            await request.shutdown()
            async with asyncio.timeout(2):
                await server.hung_up.wait()
            server.hung_up.clear()
        assert server.connections == 2
    gc.collect()


async def test_shutdown_ends_the_requests_under_way() -> None:
    async with Wire(wire.stalls()) as server, AiohttpRequest() as request:
        sending = asyncio.create_task(request.post(f"http://{server.address}/bot{TOKEN}/logOut"))
        await server.busy.wait()
        await request.shutdown()

        assert isinstance(await failure_of(lambda: sending), PerhapsSent)


def test_reading_the_default_read_timeout_needs_no_session() -> None:
    assert AiohttpRequest(TransportLimits(read_seconds=7)).read_timeout == 7
    assert "password" not in repr(Route(proxy="http://user:password@localhost"))


class Clock:
    """Time that passes only when told to, or when slept."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


async def test_only_what_was_asked_for_counts_as_a_success() -> None:
    clock = Clock()
    async with Wire(wire.says(200, TRUE)) as server, AiohttpRequest(PATIENT, clock=clock) as request:
        url = f"http://{server.address}/bot{TOKEN}/logOut"
        successes = [request.last_success]
        await request.post(url)

        clock.now = 1050
        for failure in (failed(409, "Conflict"), wire.says(502, HTML), wire.hangs_up()):
            server.then(failure)
            await failure_of(lambda: request.post(url))
            successes.append(request.last_success)

    assert successes == [None, 1000, 1000, 1000]


class Polls:
    last_success: float | None = None


async def test_the_watchdog_calls_once_when_no_poll_succeeded_for_90_seconds() -> None:
    clock, polls = Clock(), Polls()
    calls: list[tuple[float, bool]] = []
    dog = PollWatchdog(polls, clock=clock, sleep=clock.sleep)

    async def on_stale() -> None:
        calls.append((clock.now, dog.healthy))

    clock.now = 1200
    await dog.watch(on_stale)

    assert calls == [(1290, False)], "the time before watching does not count"


async def test_the_watchdog_waits_on_while_polls_succeed() -> None:
    clock, polls, called = Clock(), Polls(), asyncio.Event()
    dog = PollWatchdog(polls, clock=clock, sleep=clock.sleep)

    async def on_stale() -> None:
        called.set()

    async def polling() -> float:
        for _ in range(5):
            polls.last_success = clock.now
            assert dog.healthy
            await asyncio.sleep(0)
        return clock.now

    _, last_poll = await asyncio.gather(dog.watch(on_stale), polling())

    assert last_poll > 1300
    assert clock.now >= last_poll
    assert called.is_set()
    assert not dog.healthy


def test_the_classes_fit_the_table_of_outcomes() -> None:
    for outcome in (NeverSent, PerhapsSent, AnswerTimedOut, TooLarge):
        assert issubclass(outcome, NetworkError)
        assert str(outcome("why")) == "why"
