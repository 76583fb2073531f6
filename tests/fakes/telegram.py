"""The whole application over an emulated Telegram, without a socket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from telegram import Update
from telegram.request import BaseRequest, RequestData

from bot.emulator import ApiError, BotApi, Call, Chat, ConnectionCut, Upload, User
from bot.transport import AnswerTimedOut, NeverSent, PerhapsSent
from tests.fakes.clock import FakeClock
from tests.fakes.updates import LESIA

if TYPE_CHECKING:
    from types import TracebackType

    from telegram.ext import Application


def new_telegram(clock: FakeClock | None = None, **about: Any) -> BotApi:
    """An emulated Telegram whose time passes only when told to."""
    clock = clock or FakeClock()
    return BotApi(clock=clock, sleep=clock.sleep, **about)


class EmulatedRequest(BaseRequest):
    """PTB's requests, handed to the emulator; answers go through PTB's own mapping of errors."""

    def __init__(self, telegram: BotApi, read_timeout: float = 5.0) -> None:
        self._telegram = telegram
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        token, _, name = url.rpartition("/bot")[2].partition("/")
        if "/file/bot" in url:
            content = self._telegram.files.content(name)
            return (404, b"{}") if content is None else (200, content)
        if token != self._telegram.token:
            return 401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
        started = self._telegram.clock.now()
        try:
            answer = 200, {"ok": True, "result": await self._telegram.call(name, *_decoded(request_data))}
        except ApiError as error:
            answer = error.code, error.payload()
        except ConnectionCut as cut:
            raise (PerhapsSent if cut.sent else NeverSent)(str(cut)) from None
        timeout = self._read_timeout if read_timeout is self.DEFAULT_NONE else read_timeout
        if timeout is not None and (self._telegram.clock.now() - started).total_seconds() > timeout:
            raise AnswerTimedOut(f"no answer in {timeout} s")
        return answer[0], json.dumps(answer[1]).encode()


def _decoded(data: RequestData | None) -> tuple[dict[str, object], dict[str, Upload]]:
    if data is None:
        return {}, {}
    files = {
        name: Upload(filename, content if isinstance(content, bytes) else content.read(), mime)
        for name, (filename, content, mime) in data.multipart_data.items()
    }
    return dict(data.json_parameters), files


class RunningBot:
    """A built Application over an emulated Telegram. Each act returns the requests it led to, as values."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any], telegram: BotApi) -> None:
        self.application = application
        self.telegram = telegram

    async def __aenter__(self) -> Self:
        await self.application.initialize()
        if self.application.post_init is not None:
            await self.application.post_init(self.application)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.application.shutdown()
        if self.application.post_shutdown is not None:
            await self.application.post_shutdown(self.application)

    async def hears(
        self, text: str, user: User = LESIA, chat: Chat | User | None = None, *, thread: int | None = None, reply_to: Any = None
    ) -> list[Call]:
        """Someone writes; in private unless `chat` is a group."""
        if isinstance(chat, User):
            user, chat = chat, None
        self.telegram.says(chat, user, text, thread=thread, reply_to=reply_to)
        return await self.catches_up()

    async def presses(self, shown: Call | dict[str, Any], button: str, user: User = LESIA) -> list[Call]:
        """Someone presses a button (text, data or URL) under a message: a Call that sent it, or its JSON."""
        self.telegram.presses(user, self.message_of(shown), button)
        return await self.catches_up()

    async def types_inline(
        self, query: str = "", user: User = LESIA, *, offset: str = "", location: tuple[float, float] | None = None
    ) -> list[Call]:
        """Someone types the bot's name and `query`."""
        self.telegram.types_inline(user, query, offset=offset, location=location)
        return await self.catches_up()

    async def chooses(self, answered: Call, result_id: str, user: User = LESIA, chat: Chat | None = None) -> list[Call]:
        """Someone sends a result of an answered inline query."""
        self.telegram.chooses(user, answered.params["inline_query_id"], result_id, chat)
        return await self.catches_up()

    async def opens(self, parameter: str, user: User = LESIA) -> list[Call]:
        """Someone follows a deep link."""
        self.telegram.opens(user, f"https://t.me/{self.telegram.bot.username}?start={parameter}")
        return await self.catches_up()

    async def shares_location(self, latitude: float, longitude: float, user: User = LESIA, chat: Chat | None = None) -> list[Call]:
        """Someone shares where they are."""
        self.telegram.shares_location(user, latitude, longitude, chat)
        return await self.catches_up()

    async def catches_up(self) -> list[Call]:
        """Handle all waiting updates, in order; what the bot did meanwhile."""
        before = len(self.telegram.log)
        while waiting := self.telegram.updates.drain():
            for update in waiting:
                await self.application.process_update(Update.de_json(update, self.application.bot))
        return self.telegram.log[before:]

    def message_of(self, shown: Call | dict[str, Any]) -> dict[str, Any]:
        """The message as it is now."""
        result = shown.result if isinstance(shown, Call) else shown
        return self.telegram.chats[result["chat"]["id"]].messages[result["message_id"]].json


def sent(calls: list[Call], *methods: str) -> list[Call]:
    """The calls of these methods; without any, all that put words before a reader."""
    wanted = methods or ("sendMessage", "sendPhoto", "sendDocument", "sendVenue", "sendLocation", "editMessageText", "editMessageCaption")
    return [call for call in calls if call.method in wanted]


def assert_valid(bot: RunningBot | BotApi) -> None:
    """The bot asked for nothing that Telegram would refuse as wrong."""
    telegram = bot if isinstance(bot, BotApi) else bot.telegram
    assert telegram.faults() == []
