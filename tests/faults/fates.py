"""What may happen to a request, and how its delivery must end: the table of outcomes, played over a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from aiohttp import web

from data.states import DeliveryState
from tests.faults.audit import ANSWER_TIMED_OUT, SENT, End

Take: TypeAlias = Callable[[], Awaitable[web.StreamResponse]]
"""Let Telegram take the message; its answer."""
Act: TypeAlias = Callable[[web.Request, Take], Awaitable[web.StreamResponse]]

HALF_A_DAY: Final = 43_838
BEYOND_PATIENCE: Final = 7.0
"""Seconds; the bot waits five."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the first `times` requests to a chat (None: of all), and how the delivery must end."""

    name: str
    act: Act
    end: End
    times: int | None = 1


def _refuses(code: int, description: str, **parameters: int) -> Act:
    answer = {"ok": False, "error_code": code, "description": description} | ({"parameters": parameters} if parameters else {})

    async def act(_request: web.Request, _take: Take) -> web.StreamResponse:
        return web.json_response(answer, status=code)

    return act


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _cuts_before(request: web.Request, _take: Take) -> web.StreamResponse:
    return _cut(request)


async def _cuts_after(request: web.Request, take: Take) -> web.StreamResponse:
    await take()
    return _cut(request)


async def _cuts_its_answer(request: web.Request, take: Take) -> web.StreamResponse:
    await take()
    answer = web.StreamResponse(headers={"Content-Length": "500"})
    await answer.prepare(request)
    await answer.write(b'{"ok":true,"resu')
    return _cut(request)


async def _answers_late(_request: web.Request, take: Take) -> web.StreamResponse:
    answer = await take()
    await asyncio.sleep(BEYOND_PATIENCE)
    return answer


async def _breaks_after(_request: web.Request, take: Take) -> web.StreamResponse:
    await take()
    return web.json_response({"ok": False, "error_code": 500, "description": "Internal Server Error"}, status=500)


async def _shows_a_page(_request: web.Request, _take: Take) -> web.StreamResponse:
    return web.Response(text="<html><h1>504 Gateway Time-out</h1></html>", status=504, content_type="text/html")


def _uncertain(reason: str, *, taken: bool) -> End:
    return End(DeliveryState.UNCERTAIN, reason, taken)


def _unreachable(reason: str) -> End:
    return End(DeliveryState.UNREACHABLE, reason, taken=False)


LATER: Final = End(DeliveryState.LATER, None, taken=False)
MUTED: Final = End(DeliveryState.MUTED, "no rights", taken=False)
FAILED: Final = End(DeliveryState.FAILED, "BadRequest", taken=False)

ASKED_TO_WAIT: Final = Fate("asked to wait 2 s", _refuses(429, "Too Many Requests: retry after 2", retry_after=2), SENT)
FATES: Final[tuple[Fate, ...]] = (
    ASKED_TO_WAIT,
    Fate("asked to wait 2 s, three times", _refuses(429, "Too Many Requests: retry after 2", retry_after=2), SENT, 3),
    Fate("asked to wait half a day", _refuses(429, f"Too Many Requests: retry after {HALF_A_DAY}", retry_after=HALF_A_DAY), LATER),
    Fate("blocked", _refuses(403, "Forbidden: bot was blocked by the user"), _unreachable("blocked"), None),
    Fate("deactivated", _refuses(403, "Forbidden: user is deactivated"), _unreachable("gone"), None),
    Fate("never met", _refuses(403, "Forbidden: bot can't initiate conversation with a user"), _unreachable("gone"), None),
    Fate("kicked", _refuses(403, "Forbidden: bot was kicked from the group chat"), _unreachable("kicked"), None),
    Fate("not a member", _refuses(403, "Forbidden: bot is not a member of the channel chat"), _unreachable("kicked"), None),
    Fate("not found", _refuses(400, "Bad Request: chat not found"), _unreachable("gone"), None),
    Fate("no rights", _refuses(400, "Bad Request: not enough rights to send text messages to the chat"), MUTED, None),
    Fate("may not write", _refuses(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), MUTED, None),
    Fate("no administrator", _refuses(400, "Bad Request: need administrator rights in the channel chat"), MUTED, None),
    Fate("not parsed", _refuses(400, "Bad Request: can't parse entities: unclosed start tag at byte offset 4"), SENT),
    Fate("too long", _refuses(400, "Bad Request: message is too long"), SENT),
    Fate("too large", _refuses(413, "Request Entity Too Large"), SENT),
    Fate("unforeseen", _refuses(400, "Bad Request: something nobody foresaw"), FAILED, None),
    Fate("broken before", _refuses(502, "Bad Gateway"), _uncertain("PerhapsSent", taken=False), None),
    Fate("broken after", _breaks_after, _uncertain("PerhapsSent", taken=True), None),
    Fate("a page", _shows_a_page, _uncertain("PerhapsSent", taken=False), None),
    Fate("cut before", _cuts_before, _uncertain("PerhapsSent", taken=False), None),
    Fate("cut after", _cuts_after, _uncertain("PerhapsSent", taken=True), None),
    Fate("half an answer", _cuts_its_answer, _uncertain("PerhapsSent", taken=True), None),
    Fate("late", _answers_late, _uncertain(ANSWER_TIMED_OUT, taken=True), None),
)
"""Moved groups and closed topics the emulated Telegram plays by itself; `tests.faults.scenarios` closes the port."""

TOKEN_REFUSED: Final = Fate("token refused", _refuses(401, "Unauthorized"), SENT)
"""Stops the sender for a while; nobody is to blame."""
