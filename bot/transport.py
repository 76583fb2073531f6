"""The HTTP client behind python-telegram-bot, and the watchdog of its polling.

Telegram has no idempotency key, so whoever sends must know one thing about a failure: can the request have arrived?
python-telegram-bot's own client raises the same `TimedOut` for "no free connection" and for "sent, no answer". This one
says which. What polling does with each class is python-telegram-bot's: it asks again at once after a `TimedOut` and
waits 1 to 30 s after any other `NetworkError`, so what fails at once must not be a `TimedOut`.

| what happened                                      | raised                       | polling asks again |
|----------------------------------------------------|------------------------------|--------------------|
| no free connection, DNS, connect, TLS, proxy       | NeverSent                    | after a pause      |
| 3xx, or a 4xx that the Bot API did not write       | NeverSent                    | after a pause      |
| no answer in time, or an upload that stands still  | AnswerTimedOut               | at once            |
| a cut, truncated, garbled or oversized answer, 5xx | PerhapsSent                  | after a pause      |
| 413                                                | TooLarge                     | after a pause      |
| any other answer of the Bot API                    | as `BaseRequest` maps it     |                    |

No error text, cause or context holds the address of a request, because the address holds the bot's token.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, cast

import aiohttp
from aiohttp import hdrs
from aiohttp.payload import Payload, StringPayload, get_payload
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

if TYPE_CHECKING:
    import ssl
    from contextlib import AbstractAsyncContextManager

    from aiohttp.abc import AbstractResolver, AbstractStreamWriter
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace
    from telegram._utils.types import ODVInput

MEBIBYTE: Final = 1024 * 1024

Clock = Callable[[], float]
"""Monotonic seconds."""


class NeverSent(NetworkError):
    """The request did not reach Telegram: sending it again cannot make a second copy."""


class PerhapsSent(NetworkError):
    """The request may have been carried out: sending it again may make a second copy."""


class AnswerTimedOut(PerhapsSent, TimedOut):
    """The request was under way and the other side fell silent."""


class TooLarge(NetworkError):
    """The request was refused for its size (413): the same request will be refused again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportLimits:
    """How long and how much; seconds that are None mean no limit. Arguments of a single request come first.

    aiohttp has one clock for waiting in the pool and connecting: a request that finds no free connection fails after
    `pool_seconds + connect_seconds`, while one attempt to connect (TLS included) has `connect_seconds`.
    `read_seconds` is the longest silence, before and within an answer; a long poll adds its own time.
    aiohttp has no write timeout. `upload_seconds` bounds each 64 KiB of a file instead; parameters alone fit into the
    socket's buffer and are not timed. There is no total timeout, because it could not tell a request that left from one that
    did not.
    """

    connections: int = 256
    pool_seconds: float | None = 1.0
    connect_seconds: float | None = 5.0
    read_seconds: float | None = 5.0
    upload_seconds: float | None = 20.0
    answer_bytes: int = 16 * MEBIBYTE
    download_bytes: int = 64 * MEBIBYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How to get to Telegram.

    `proxy` is an `http://[user:password@]host:port` address; the environment's proxies are not read (aiohttp would
    read .netrc with them, for every request). `tls` is for a private authority; the default trusts the system's
    certificates, not certifi's as httpx does, so a container needs `ca-certificates`.
    """

    proxy: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    resolver: AbstractResolver | None = None


class AiohttpRequest(BaseRequest):
    """Requests to the Bot API over aiohttp.

    Give getUpdates an instance of its own (4 connections): a torn poll holds its connection until the read timeout,
    and `last_success` then means polling. Opens nothing before `initialize`; between `shutdown` and the next
    `initialize` every request is `NeverSent`. Redirects are not followed: aiohttp would turn a POST into a GET.
    """

    def __init__(
        self,
        limits: TransportLimits = TransportLimits(),
        route: Route = Route(),
        *,
        user_agent: str = BaseRequest.USER_AGENT,
        clock: Clock = time.monotonic,
    ) -> None:
        self._limits = limits
        self._route = route
        self._user_agent = user_agent
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._last_success: float | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds; python-telegram-bot adds the length of a long poll to them."""
        return self._limits.read_seconds

    @property
    def last_success(self) -> float | None:
        """When Telegram last answered with what was asked for, on the injected clock; None before the first time."""
        return self._last_success

    async def initialize(self) -> None:
        """Open the session; a second call changes nothing."""
        if self._session is None:
            self._session = _open_session(self._limits, self._route, self._user_agent)

    async def shutdown(self) -> None:
        """Close the session and its connections; requests under way fail as `PerhapsSent`."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of an answer that `BaseRequest` maps well; raises the classes of this module for the rest."""
        if self._session is None:
            raise NeverSent("The transport is not open")
        limits = self._limits
        body = _body(request_data, _chosen(write_timeout, limits.upload_seconds))
        timeout = _client_timeout(
            pool=_chosen(pool_timeout, limits.pool_seconds),
            connect=_chosen(connect_timeout, limits.connect_seconds),
            read=_chosen(read_timeout, limits.read_seconds),
        )
        most = limits.answer_bytes if method == hdrs.METH_POST else limits.download_bytes
        try:
            request = self._session.request(method, url, timeout=timeout, allow_redirects=False, **body)
            status, answer = await _exchange(request, most)
        except _NoConnection as error:
            failure: NetworkError = NeverSent(f"No connection: {error}")
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
            failure = NeverSent("The address of the Bot API is not an http address")
        except TimeoutError:
            failure = AnswerTimedOut("No answer in time")
        except (aiohttp.ClientError, OSError) as error:
            failure = PerhapsSent(f"Cut off: {type(error).__name__}")
        else:
            return self._judged(method, status, answer)
        # Raised here and not above, so that aiohttp's error with the address in it is neither cause nor context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a dict; raises `PerhapsSent` for what the Bot API never writes, and does not log it.

        The inherited method returns any JSON, and `BaseRequest.post` then raises KeyError or TypeError, which polling
        takes for a success and repeats without a pause.
        """
        answer = _bot_api_answer(payload)
        if answer is None:
            raise _foreign(HTTPStatus.OK)
        return answer

    def _judged(self, method: str, status: int, body: bytes) -> tuple[int, bytes]:
        downloaded = method != hdrs.METH_POST and _is_success(status)
        code = status if downloaded else _judged_status(status, body)
        if _is_success(code):
            self._last_success = self._clock()
        return code, body


class _NoConnection(aiohttp.ClientError):
    """No connection was handed to the request, so no byte of it left."""


class _Connector(aiohttp.TCPConnector):
    """Marks every failure on the way to a connection.

    aiohttp's classes cannot: ServerDisconnectedError is raised for a proxy that hangs up before the tunnel stands and
    for a server that hangs up after it read the request.
    """

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> Connection:
        try:
            return await super().connect(req, traces=traces, timeout=timeout)
        except (aiohttp.ClientError, OSError) as error:
            reason = _connect_reason(error)
        raise _NoConnection(reason)


def _connect_reason(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "none was free, or the other side did not accept, in time"
        case aiohttp.ClientHttpProxyError():
            return f"the proxy answered {error.status}"
        case aiohttp.ClientConnectorError():
            return f"{type(error).__name__}: {error.os_error.strerror or type(error.os_error).__name__}"
    return type(error).__name__


def _open_session(limits: TransportLimits, route: Route, user_agent: str) -> aiohttp.ClientSession:
    connector = _Connector(limit=limits.connections, ssl=route.tls or True, resolver=route.resolver)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={hdrs.USER_AGENT: user_agent},
        proxy=route.proxy,
    )


def _chosen(given: ODVInput[float], default: float | None) -> float | None:
    return default if given is BaseRequest.DEFAULT_NONE else cast("float | None", given)


def _client_timeout(*, pool: float | None, connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    waiting = None if pool is None or connect is None else pool + connect
    return aiohttp.ClientTimeout(total=None, connect=waiting, sock_connect=connect, sock_read=read)


async def _exchange(request: AbstractAsyncContextManager[aiohttp.ClientResponse], most: int) -> tuple[int, bytes]:
    body = bytearray()
    async with request as response:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > most:
                response.close()
                raise PerhapsSent(f"The answer is longer than {most} bytes")
        return response.status, bytes(body)


_JSON: Final = {hdrs.CONTENT_TYPE: "application/json"}
_written: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _body(request: RequestData | None, upload_seconds: float | None) -> dict[str, Any]:
    """Parameters as JSON: percent signs for each letter of a Ukrainian text would take ten times as long, and three times the room."""
    if request is None:
        return {}
    if request.contains_files:
        return {"data": _Upload(request, upload_seconds)}
    parameters = request.parameters
    return {"data": _written(parameters).encode(), "headers": _JSON} if parameters else {}


class _Upload(aiohttp.MultipartWriter):
    """Parameters and files as one body, streamed, with its length known in advance and each write timed."""

    def __init__(self, request: RequestData, seconds: float | None) -> None:
        super().__init__("form-data")
        self._seconds = seconds
        for name, value in request.json_parameters.items():
            self._add(StringPayload(value), name=name)
        for name, (filename, content, mime_type) in request.multipart_data.items():
            self._add(get_payload(_stream(content), content_type=mime_type), name=name, filename=filename)

    def _add(self, part: Payload, **names: str) -> None:
        # Quoting is off because Telegram would show the percent signs: "Нікополь.csv" must keep its name.
        part.set_content_disposition("form-data", quote_fields=False, **names)
        self.append_payload(part)

    async def write(self, writer: AbstractStreamWriter, close_boundary: bool = True) -> None:
        await super().write(cast("AbstractStreamWriter", _TimedWriter(writer, self._seconds)), close_boundary)

    async def close(self) -> None:
        """Leave the files open: aiohttp would close them after the request, but their owner opened them."""


class _TimedWriter:
    """What a part needs of a writer: aiohttp starts its read timeout after the body, so a stalled body hangs for ever."""

    def __init__(self, writer: AbstractStreamWriter, seconds: float | None) -> None:
        self._writer = writer
        self._seconds = seconds

    async def write(self, chunk: bytes) -> None:
        async with asyncio.timeout(self._seconds):
            await self._writer.write(chunk)


def _stream(content: bytes | IO[bytes]) -> io.IOBase:
    """A file object of a kind aiohttp knows: it warns about bytes over 1 MiB and rejects tempfile's wrappers."""
    if isinstance(content, io.IOBase):
        return content
    return io.BytesIO(content if isinstance(content, bytes) else content.read())


_OK: Final = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\b')
"""How an answer of the Bot API begins; saves parsing each twice, here and in `BaseRequest.post`."""


def _judged_status(status: int, body: bytes) -> int:
    """The code under which `BaseRequest` maps this answer of the Bot API; raises where its mapping would mislead.

    It takes a 403 or 404 by a proxy for a blocked bot or a wrong token, quotes the whole page in its message, and gives
    413 and 5xx the same class as everything else.
    """
    if _is_success(status) and _OK.match(body):
        return status
    answer = None if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST else _bot_api_answer(body)
    if answer is None:
        raise _foreign(status)
    if answer["ok"] or answer.get("parameters"):
        return _error_code(status, answer)
    code = _error_code(status, answer)
    text = f"{answer.get('description') or 'No description'} ({code})"
    if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        raise TooLarge(text)
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise PerhapsSent(text)
    return code


def _error_code(status: int, answer: dict[str, Any]) -> int:
    """The status, unless it is 200 and the answer itself says that it failed."""
    if answer["ok"] or not _is_success(status):
        return status
    code = answer.get("error_code")
    return code if isinstance(code, int) and code >= HTTPStatus.BAD_REQUEST else HTTPStatus.BAD_REQUEST


def _bot_api_answer(body: bytes) -> dict[str, Any] | None:
    """The JSON object that every answer of the Bot API is; None for anything else."""
    try:
        answer = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        return None
    return None if answer["ok"] and "result" not in answer else answer


def _foreign(status: int) -> NetworkError:
    """What to raise for an answer that the Bot API did not write: a proxy's, a portal's, a wrong host's."""
    if _is_success(status) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return PerhapsSent(f"The answer is not the Bot API's ({status})")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLarge(f"Request Entity Too Large ({status})")
    if status < HTTPStatus.BAD_REQUEST:
        return NeverSent(f"Redirected ({status}): the Bot API is at another address")
    return NeverSent(f"Refused on the way to the Bot API ({status}): a proxy, or a wrong address")


def _is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


class Polls(Protocol):
    """What the watchdog looks at."""

    @property
    def last_success(self) -> float | None:
        """When a poll last succeeded, on the watchdog's clock; None before the first time."""


class PollWatchdog:
    """Notices that polling died.

    python-telegram-bot repeats a poll that timed out at once, logs it at DEBUG and calls nobody, so a bot can be deaf
    for days and look healthy. `limit_seconds` without a successful poll are too long; they count from the last success,
    from `watch`, or from construction, whichever is latest. `request` and watchdog must share one clock.
    """

    def __init__(
        self,
        request: Polls,
        limit_seconds: float = 90.0,
        *,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._request = request
        self._limit = limit_seconds
        self._clock = clock
        self._sleep = sleep
        self._since = clock()

    @property
    def healthy(self) -> bool:
        """Whether a poll succeeded lately; true while the first may still come."""
        return self._remaining() > 0

    async def watch(self, on_stale: Callable[[], Awaitable[None]]) -> None:
        """Wait until no poll has succeeded for the limit, call back once, return. Cancel it to stop watching."""
        self._since = self._clock()
        while (remaining := self._remaining()) > 0:
            await self._sleep(remaining)
        await on_stale()

    def _remaining(self) -> float:
        last = self._request.last_success
        latest = self._since if last is None else max(last, self._since)
        return latest + self._limit - self._clock()
