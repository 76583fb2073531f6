"""What became of a request, as a table: the first rule that matches counts, so the most specific stand first.

In python-telegram-bot BadRequest and TimedOut are NetworkErrors, and what was refused must not be taken for what never arrived.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy.exc import SQLAlchemyError
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.transport import NeverSent, PerhapsSent, TooLarge
from data.states import ChatState

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has it under this id."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Flooded:
    """Telegram asks for patience with this chat; not an attempt."""

    seconds: float


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request did not reach Telegram: an attempt in vain, to be repeated."""


@dataclass(frozen=True, slots=True)
class NotReady(NotSent):
    """Nothing was asked: this process has not taken up the item yet, and soon will."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have arrived: a second copy is worse than a question mark, and Telegram has no idempotency key."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nobody gets anything in this chat; its follows are kept."""

    chat: ChatState


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another id."""

    to: int


@dataclass(frozen=True, slots=True)
class TopicClosed:
    """The topic is closed or gone; General may be open."""


@dataclass(frozen=True, slots=True)
class Muted:
    """The bot is in the chat and may not write there."""


@dataclass(frozen=True, slots=True)
class Defect:
    """Telegram refuses what we made: plain text goes out instead, and somebody has to look."""

    reason: str


@dataclass(frozen=True, slots=True)
class Halt:
    """Nothing can be sent to anybody: no delivery is to blame."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Nobody foresaw this."""

    reason: str


Outcome: TypeAlias = Sent | Flooded | NotSent | Uncertain | Unreachable | Moved | TopicClosed | Muted | Defect | Halt | Failed


@dataclass(frozen=True, slots=True)
class Rule:
    """An error of this kind that says one of these phrases (in any case; without any: whatever it says) means this outcome."""

    error: type[Exception]
    outcome: Callable[[Exception], Outcome]
    phrases: tuple[str, ...] = ()

    def covers(self, error: Exception) -> bool:
        """Whether it is about this error."""
        return isinstance(error, self.error) and (not self.phrases or any(phrase in str(error).lower() for phrase in self.phrases))


def outcome_of(error: Exception) -> Outcome:
    """What an exception says about a request that raised it."""
    return next(rule.outcome(error) for rule in OUTCOMES if rule.covers(error))


def _flooded(error: Exception) -> Outcome:
    return Flooded(patience(error) if isinstance(error, RetryAfter) else 0.0)


def patience(flood: RetryAfter) -> float:
    """The seconds for which Telegram asks us to wait."""
    wait = flood.retry_after
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else float(wait)


def _moved(error: Exception) -> Outcome:
    return Moved(error.new_chat_id) if isinstance(error, ChatMigrated) else Failed("ChatMigrated")


def _always(outcome: Outcome) -> Callable[[Exception], Outcome]:
    return lambda _error: outcome


def _by_name(kind: type[Uncertain | Defect | Halt | Failed]) -> Callable[[Exception], Outcome]:
    """Classes are few, so they may be counted; what an error says may hold anything."""
    return lambda error: kind(type(error).__name__)


BLOCKED: Final = ("blocked by the user", "user_is_blocked")
KICKED: Final = ("bot was kicked", "bot is not a member", "not a member of the")
GONE: Final = (
    "user is deactivated",
    "can't initiate conversation",
    "group chat was deleted",
    "group chat was deactivated",
    "can't send messages to bots",
    "can't send messages to the user",
)
NO_CHAT: Final = ("chat not found", "user not found", "peer_id_invalid", "input_user_deactivated", "chat_id_invalid", "channel_private")
MUTED: Final = (
    "not enough rights",
    "have no rights to send",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "chat_restricted",
    "chat_send_plain_forbidden",
)
CLOSED: Final = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
DEFECTIVE: Final = (
    "can't parse",
    "too long",
    "entity_too_long",
    "entity_bounds_invalid",
    "text is empty",
    "reply markup",
    "reply_markup",
    "button_",
    "keyboard",
    "wrong file identifier",
    "wrong remote file",
    "wrong type of the web page content",
    "failed to get http url content",
    "webpage_",
    "media_",
    "photo_",
    "image_process_failed",
    "file is too big",
    "file must be non-empty",
)

OUTCOMES: Final[tuple[Rule, ...]] = (
    Rule(RetryAfter, _flooded),
    Rule(ChatMigrated, _moved),
    Rule(InvalidToken, _by_name(Halt)),
    Rule(Conflict, _by_name(Halt)),
    Rule(SQLAlchemyError, _always(Halt("database"))),
    Rule(Forbidden, _always(Unreachable(ChatState.BLOCKED)), BLOCKED),
    Rule(Forbidden, _always(Unreachable(ChatState.KICKED)), KICKED),
    Rule(Forbidden, _always(Unreachable(ChatState.GONE)), GONE),
    Rule(Forbidden, _always(Muted()), MUTED),
    Rule(NeverSent, _always(NotSent())),
    Rule(TooLarge, _by_name(Defect)),
    Rule(PerhapsSent, _by_name(Uncertain)),
    Rule(BadRequest, _always(Unreachable(ChatState.BLOCKED)), BLOCKED),
    Rule(BadRequest, _always(Unreachable(ChatState.KICKED)), KICKED),
    Rule(BadRequest, _always(Unreachable(ChatState.GONE)), NO_CHAT),
    Rule(BadRequest, _always(TopicClosed()), CLOSED),
    Rule(BadRequest, _always(Muted()), MUTED),
    Rule(BadRequest, _always(Defect("refused")), DEFECTIVE),
    Rule(BadRequest, _by_name(Failed)),
    # Not one of our transport's, which knows more: a timeout or a network error that could be either.
    Rule(NetworkError, _by_name(Uncertain)),
    Rule(Exception, _by_name(Failed)),
)
"""In order; the last rule takes whatever is left."""
