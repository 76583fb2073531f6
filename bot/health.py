"""The HTTP side of the process: is it alive, is it ready, what does it count.

GET /livez    200 while restarting would not help; 503 with the reason when it would, no answer from a process that is stuck
GET /readyz   200 when the process does its work: database, catalogue, Telegram, delivery; 503 with what is missing, or when it stops
GET /metrics  the text that Prometheus reads
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.logs import event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.metrics import Metrics

LOG: Final = logging.getLogger(__name__)

PATIENCE: Final = 3.0
"""Seconds that one check may take."""
CLOSING: Final = 1.0
"""Seconds that answers under way get when everything else is closed."""
MOST_BYTES: Final = 1024 * 1024
"""Of a request's body; updates are far smaller."""
EXPOSITION: Final = "text/plain; version=0.0.4; charset=utf-8"

Check = Callable[[], Awaitable[str]]
"""Answers what is wrong, in a few words; nothing if all is well."""


class PortUnusable(Exception):
    """We cannot listen there: another program does, or we may not."""


def application(
    alive: Mapping[str, Check], ready: Mapping[str, Check], metrics: Metrics, routes: Iterable[web.RouteDef] = ()
) -> web.Application:
    """What to serve: the three addresses above, and `routes`."""

    async def exposition(_request: web.Request) -> web.Response:
        return web.Response(body=metrics.exposition(), headers={"Content-Type": EXPOSITION})

    app = web.Application(client_max_size=MOST_BYTES)
    app.add_routes([web.get("/livez", _answers(alive)), web.get("/readyz", _answers(ready)), web.get("/metrics", exposition), *routes])
    return app


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve at an address while the block runs; gives the port, which for port 0 the system chose. Raises PortUnusable."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=CLOSING)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise PortUnusable(os.strerror(error.errno) if error.errno else type(error).__name__) from None
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _answers(checks: Mapping[str, Check]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        wrong = [f"{name}: {reason}" for name, check in checks.items() if (reason := await _reason(name, check))]
        return web.Response(status=503 if wrong else 200, text="".join(f"{line}\n" for line in wrong or ["ok"]))

    return answer


async def _reason(name: str, check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except TimeoutError:
        return f"no answer within {PATIENCE:.0f} s"
    except Exception as error:  # noqa: BLE001 - whatever a check raises is its answer
        event(LOG, "check_failed", logging.WARNING, check=name, reason=type(error).__name__)
        return type(error).__name__
