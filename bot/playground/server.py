"""The web chat: a page, what it may ask, and a stream of what happens."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import hdrs, web

from bot.emulator import ImpossibleAct
from bot.playground.acts import ACTS, Playground
from bot.playground.guard import guard
from bot.playground.journal import Journal
from bot.playground.views import menus_view, people_view, state_view
from bot.playground.wishes import BadWish, Wish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.emulator import BotApi, User
    from bot.playground.clock import MovableClock

WEB: Final = Path(__file__).parent / "web"
TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
PICTURES: Final = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
HEARTBEAT: Final = 15.0
"""Seconds of silence after which a comment shows that the stream lives."""
PLAYGROUND: Final = web.AppKey("playground", Playground)


def add_playground(
    app: web.Application, core: BotApi, clock: MovableClock, *, admins: frozenset[int] = frozenset(), anywhere: bool = False
) -> None:
    """Put the web chat before `core` onto a web application that has not started.

    `admins` administer the bot: the page tells who they are.
    `anywhere` answers to any host name; without it only to names of this machine. Other routes of the application are guarded alike.
    """
    journal = Journal(core)
    end_hearing = core.subscribe(journal.hear)
    app[PLAYGROUND] = Playground(core, clock, journal, admins)
    app.middlewares.append(guard(anywhere=anywhere))
    app.add_routes(
        [
            web.get("/", _page),
            web.get("/web/{name}", _asset),
            web.get("/api/people", _people),
            web.get("/api/state", _state),
            web.get("/api/menus", _menus),
            web.get("/api/events", _events),
            web.get("/api/files/{file_id}", _file),
            web.post("/api/acts/{act}", _act),
        ]
    )

    async def close(_: web.Application) -> None:
        end_hearing()
        journal.close()

    app.on_shutdown.append(close)


async def _page(_: web.Request) -> web.Response:
    return _static("index.html")


async def _asset(request: web.Request) -> web.Response:
    return _static(request.match_info["name"])


def _static(name: str) -> web.Response:
    """A file of the page, by its plain name. The names are those in the folder: no path is ever built from a request."""
    known = {path.name: path for path in WEB.iterdir() if path.suffix in TYPES}
    if name not in known:
        raise web.HTTPNotFound
    body = known[name].read_bytes()
    return web.Response(body=body, content_type=TYPES[known[name].suffix], charset="utf-8", headers={hdrs.CACHE_CONTROL: "no-cache"})


async def _people(request: web.Request) -> web.Response:
    """Whom one may be, before being anyone."""
    here = request.app[PLAYGROUND]
    return _json(people_view(here.core, here.admins))


async def _state(request: web.Request) -> web.Response:
    here = request.app[PLAYGROUND]
    return _json(state_view(here.core, here.clock, _person(request), here.admins) | {"mark": here.journal.mark})


async def _menus(request: web.Request) -> web.Response:
    return _json(menus_view(request.app[PLAYGROUND].core, _person(request)))


async def _events(request: web.Request) -> web.StreamResponse:
    """Server-sent events from a mark on (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
    journal, person = request.app[PLAYGROUND].journal, _person(request)
    mark = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream", hdrs.CACHE_CONTROL: "no-store"})
    with suppress(ConnectionResetError):  # the page was closed: nobody is left to tell
        await response.prepare(request)
        await _stream(response, journal, person.id, mark)
    return response


async def _stream(response: web.StreamResponse, journal: Journal, person: int, mark: str) -> None:
    """Tell a person what happens, until no more is to come."""
    await response.write(b"retry: 1000\n\n")
    while not journal.closed:
        entries = journal.after(mark, person)
        if entries is None:
            mark = journal.mark
            await response.write(f"id: {mark}\nevent: anew\ndata: {{}}\n\n".encode())
            continue
        mark = journal.mark
        stream = "".join(f"id: {journal.run}-{entry.number}\ndata: {entry.payload}\n\n" for entry in entries)
        await response.write(stream.encode() if stream else b": still here\n\n")
        if mark == journal.mark:
            await journal.wait(HEARTBEAT)


async def _act(request: web.Request) -> web.Response:
    act = ACTS.get(request.match_info["act"])
    if act is None:
        raise web.HTTPNotFound
    here = request.app[PLAYGROUND]
    try:
        return _json({"ok": True, "result": act(here, Wish(here.core, await request.json()))})
    except (BadWish, json.JSONDecodeError) as error:
        return _json({"ok": False, "error": str(error)}, status=400)
    except ImpossibleAct as error:
        return _json({"ok": False, "error": str(error)}, status=409)


async def _file(request: web.Request) -> web.Response:
    """A photo to look at; anything else only to save, so that it cannot act as a page of ours."""
    stored = request.app[PLAYGROUND].core.files.by_id.get(request.match_info["file_id"])
    if stored is None:
        raise web.HTTPNotFound
    content = stored.upload.content
    picture = next((kind for magic, kind in PICTURES if content.startswith(magic)), None)
    if stored.kind == "photos" and picture:
        return web.Response(body=content, content_type=picture, headers={hdrs.CACHE_CONTROL: "private, max-age=3600"})
    return web.Response(
        body=content,
        content_type="application/octet-stream",
        headers={hdrs.CONTENT_DISPOSITION: "attachment", "Content-Security-Policy": "sandbox"},
    )


def _person(request: web.Request) -> User:
    core, number = request.app[PLAYGROUND].core, request.query.get("as", "")
    user = core.users.get(int(number)) if number.isdecimal() and number.isascii() else None
    if user is None or user.is_bot:
        raise web.HTTPNotFound(text="Nobody has this id.\n")
    return user


def _json(value: object, status: int = 200) -> web.Response:
    return web.json_response(
        value, status=status, dumps=lambda found: json.dumps(found, ensure_ascii=False), headers={hdrs.CACHE_CONTROL: "no-store"}
    )
