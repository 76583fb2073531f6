"""The address that Telegram calls with updates, when it does not wait to be asked."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.health import MOST_BYTES
from bot.logs import event

if TYPE_CHECKING:
    from bot.settings import Webhook

LOG: Final = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

Take = Callable[[dict[str, Any]], Awaitable[int]]
"""Handles an update and answers 0, or the seconds after which it has to be brought again."""


def route(webhook: Webhook, take: Take) -> web.RouteDef:
    """Where `webhook` leads: answers 200 when the update was handled, so that Telegram sends it again if we die before.

    Answers 401 to a caller without the secret, 415 and 413 to what is no update by its form, 400 to what is none by its content, 503 to
    an update that nobody can handle yet, or any more, or that is not done within 10 s.
    """

    async def receive(request: web.Request) -> web.Response:
        refusal = _refusal(request, webhook.secret.value)
        if refusal:
            return web.Response(status=refusal)
        update = _update(await request.read())
        if update is None:
            return web.Response(status=400)
        if seconds := await take(update):
            return web.Response(status=503, headers={"Retry-After": str(seconds)})
        return web.Response()

    return web.post(urlsplit(webhook.url).path or "/", receive)


def _refusal(request: web.Request, secret: str) -> int | None:
    given = request.headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(given.encode(), secret.encode()):
        event(LOG, "webhook_refused", logging.WARNING, reason="secret", peer=request.remote)
        return 401
    if request.content_type != "application/json":
        return 415
    if (request.content_length or 0) > MOST_BYTES:
        return 413
    return None


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None
