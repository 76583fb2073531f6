"""The Bot API: one core (method, parameters -> result), whatever front stands before it."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, Final

from bot.emulator.access import known_chat
from bot.emulator.errors import ApiError, ConnectionCut, not_emulated, not_found
from bot.emulator.methods import EMULATED
from bot.emulator.moods import Cut, Mood, Order, Slow, Unreachable
from bot.emulator.people import People
from bot.emulator.signatures import Json, Upload, methods, signature_of
from bot.emulator.state import Call, Chat, Clock, Refusal, User

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

TOKEN: Final = "1000000000:emulated-token-of-no-real-bot-at-all"  # noqa: S105 - it opens nothing.

_WIRE_NAMES: Final[Mapping[str, str]] = {name.lower(): name for name in methods()}


class BotApi(People):
    """Telegram, for one bot.

    People act through the methods of `People`; a bot through `call`. `log` lists what was obeyed (polls left out), `refused` what was not.
    Everything is deterministic: time is the clock's, numbers count up. `sleep` is what a slow answer waits with.
    Under load, `keep_log=False` and a small `history` keep memory flat.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        clock: Clock,
        bot: User | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        keep_log: bool = True,
        history: int = 10_000,
    ) -> None:
        super().__init__(token, clock, bot, history)
        self._sleep = sleep
        self._keep_log = keep_log

    async def call(self, method: str, params: Mapping[str, object] | None = None, files: Mapping[str, Upload] | None = None) -> Any:
        """Obey a request. String values are read as form fields, others as JSON.

        Raises ApiError as Telegram refuses, ConnectionCut where the mood is to hang up.
        """
        given = params or {}
        try:
            return await self._obey(method, given, files or {})
        except ApiError as error:
            self.refused.append(Refusal(method, dict(given), error.code, error.description, error.faulty))
            raise

    def answers(self, method: str | None, mood: Mood, *, chat: int | Chat | User | None = None, times: int | None = 1) -> None:
        """From now on, answer `method` (None: any) for `chat` (None: any) with a mood, `times` times (None: until `calms_down`)."""
        chat_id = chat if isinstance(chat, int) or chat is None else chat.id
        self.moods.add(Order(mood, method, chat_id, times))

    def calms_down(self) -> None:
        """Lift all moods."""
        self.moods.lift()

    def faults(self) -> list[Refusal]:
        """Requests a correct bot would not have made."""
        return [refusal for refusal in self.refused if refusal.faulty]

    async def _obey(self, method: str, given: Mapping[str, object], files: Mapping[str, Upload]) -> Any:
        name = _WIRE_NAMES.get(method.lower())
        if name is None:
            raise not_found()
        if name not in EMULATED:
            raise not_emulated(name)
        params = signature_of(name).read(given, files)
        self._resolve_chat(params)
        mood = self.moods.take(name, params.get("chat_id"))
        if isinstance(mood, ApiError):
            raise mood
        if isinstance(mood, Unreachable) or (isinstance(mood, Cut) and not mood.accepted):
            raise ConnectionCut(accepted=False, sent=isinstance(mood, Cut))
        result = await self._run(name, params)
        if isinstance(mood, Slow):
            await self._sleep(mood.seconds)
        if isinstance(mood, Cut):
            raise ConnectionCut(accepted=True)
        return result

    async def _run(self, name: str, params: Json) -> Any:
        result = EMULATED[name](self, params)
        if inspect.isawaitable(result):
            result = await result
        if self._keep_log and name != "getUpdates":
            self.log.append(Call(name, params, result))
        return result

    def _resolve_chat(self, params: Json) -> None:
        """Write @channel as its id, so that whoever looks on sees one form."""
        ref = params.get("chat_id")
        if isinstance(ref, str):
            params["chat_id"] = known_chat(self, ref).id
