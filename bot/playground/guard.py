"""Who may talk to the playground: pages of this machine, served by the playground itself.

Any site can make a visitor's browser send requests to loopback addresses, and with DNS rebinding even read the answers. So the name asked
for must be one of this machine's, and what changes anything must come from our own page.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aiohttp import hdrs, web

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler, Middleware

_POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class NotLoopback(ValueError):
    """The playground was told to listen where others could reach it, but not that they may."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Without BOT_TOKEN this is a playground, and it listens only on this machine: {host} would open it to others. "
            "Set BOT_TOKEN to run the bot, HOST=127.0.0.1 to play, or PLAYGROUND_ANYWHERE=1 if whoever reaches this address may play."
        )


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine alone."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_host(host: str, *, anywhere: bool) -> None:
    """Raises NotLoopback."""
    if not anywhere and not is_loopback(host):
        raise NotLoopback(host)


def guard(*, anywhere: bool) -> Middleware:
    """Turns away strangers, and tells browsers to load nothing from elsewhere."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not anywhere and not is_loopback(_host_name(request.host)):
            raise web.HTTPMisdirectedRequest(text="This playground answers only to the names of this machine.\n", headers=HEADERS)
        if request.method not in {hdrs.METH_GET, hdrs.METH_HEAD} and not _is_own_page(request):
            raise web.HTTPForbidden(text="Only the playground's own page may do this.\n", headers=HEADERS)
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise
        if not response.prepared:
            response.headers.update({name: value for name, value in HEADERS.items() if name not in response.headers})
        return response

    return guarded


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_own_page(request: web.Request) -> bool:
    """Browsers always tell the origin of a POST; what tells none must at least speak JSON, which no foreign form can."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and urlsplit(origin).netloc != request.host:
        return False
    return request.content_type == "application/json"
