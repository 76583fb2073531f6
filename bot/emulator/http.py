"""The Bot API over HTTP: form, multipart and JSON bodies, long polling, files, webhook delivery.

Whoever runs it decides where it listens; that should be loopback, since there is no security here.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.emulator.core import BotApi
from bot.emulator.errors import ApiError, ConnectionCut, bad_request, not_found, unauthorized
from bot.emulator.limits import MAX_UPLOAD
from bot.emulator.signatures import Upload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

CORE: Final = web.AppKey("core", BotApi)

_RETRY_SECONDS: Final = (0.05, 0.2, 1.0, 5.0, 30.0)
"""Pauses before a webhook is tried again; the last one repeats. Telegram's own are longer and unpublished."""
_IDLE_SECONDS: Final = 0.5
_BODY_ROOM: Final = 2**20
_REDIRECT: Final = 300


def application(core: BotApi) -> web.Application:
    """The HTTP front of `core`; delivers to the webhook while it runs."""
    app = web.Application(client_max_size=MAX_UPLOAD + _BODY_ROOM)
    app[CORE] = core
    app.add_routes(
        [
            web.route("*", "/bot{token}/{method}", _method),
            web.get("/file/bot{token}/{path:.+}", _file),
        ]
    )
    app.cleanup_ctx.append(_webhook_delivery)
    app.on_shutdown.append(_end_polls)
    return app


async def _method(request: web.Request) -> web.StreamResponse:
    core = request.app[CORE]
    try:
        if request.match_info["token"] != core.token:
            raise unauthorized()
        if request.method not in {"GET", "POST"}:
            raise not_found()
        params, files = await _parameters(request)
        result = await core.call(request.match_info["method"], params, files)
    except ApiError as error:
        return web.json_response(error.payload(), status=error.code)
    except web.HTTPRequestEntityTooLarge:
        return web.json_response(ApiError(413, "Request Entity Too Large").payload(), status=413)
    except ConnectionCut:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    return web.json_response({"ok": True, "result": result})


async def _parameters(request: web.Request) -> tuple[dict[str, object], dict[str, Upload]]:
    """Parameters of the query string and of the body, the body's winning; and uploaded files."""
    params: dict[str, object] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        params |= _json_object(await request.text())
        return params, files
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            params[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    return params, files


def _json_object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError as error:
        raise bad_request("can't parse JSON object in the request body") from error
    if not isinstance(found, dict):
        raise bad_request("can't parse JSON object in the request body")
    return found


async def _file(request: web.Request) -> web.Response:
    core = request.app[CORE]
    content = core.files.content(request.match_info["path"]) if request.match_info["token"] == core.token else None
    if content is None:
        return web.json_response(not_found().payload(), status=404)
    return web.Response(body=content, content_type="application/octet-stream")


async def _end_polls(app: web.Application) -> None:
    """Stopping must not wait for a long poll to run out."""
    app[CORE].updates.begin_poll()


async def _webhook_delivery(app: web.Application) -> AsyncIterator[None]:
    async with ClientSession(timeout=ClientTimeout(sock_connect=5, sock_read=10)) as session:
        delivery = asyncio.create_task(_deliver_for_ever(app[CORE], session))
        yield
        delivery.cancel()
        with suppress(asyncio.CancelledError):
            await delivery


async def _deliver_for_ever(core: BotApi, session: ClientSession) -> None:
    """Post updates one by one; one that is not taken is tried again before the next."""
    failures = 0
    while True:
        hook, pending = core.updates.webhook, core.updates.pending
        if not hook.url or not pending:
            await core.updates.wait(_IDLE_SECONDS) if not pending else await asyncio.sleep(_IDLE_SECONDS)
            continue
        update = pending[0]
        error = await _post(session, hook.url, hook.secret, update)
        if error is None:
            core.updates.remove(update["update_id"])
            failures = 0
            continue
        hook.last_error = (core.clock.now(), error)
        await asyncio.sleep(_RETRY_SECONDS[min(failures, len(_RETRY_SECONDS) - 1)])
        failures += 1


async def _post(session: ClientSession, url: str, secret: str, update: dict[str, Any]) -> str | None:
    """None, or why the update was not taken."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    try:
        async with session.post(url, json=update, headers=headers, allow_redirects=False) as response:
            return None if response.status < _REDIRECT else f"Wrong response from the webhook: {response.status} {response.reason}"
    except (ClientError, OSError) as error:
        return f"Connection failed: {error.__class__.__name__}"
