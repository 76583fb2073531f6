"""What the worker needs of the rest of the bot."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.markup import Html, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.markup import Button
    from bot.metrics import Metrics
    from bot.services import Clock
    from data.follows import Receiver
    from data.outbox import Delivery


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `plain` goes out instead where Telegram refuses the formatting or the buttons."""

    text: Html
    buttons: tuple[tuple[Button, ...], ...] = ()
    plain: str = ""

    @property
    def without_markup(self) -> Message:
        """The same words, and nothing that Telegram could refuse."""
        return Message(Html(), plain=self.plain or visible(self.text))


class Render(Protocol):
    """Puts an item into words for one receiver."""

    def __call__(self, delivery: Delivery, /) -> Sequence[Message]:
        """The messages that bring it; none while the item is not known here yet. The first one counts as the delivery."""
        ...


class Sender(Protocol):
    """Sends one message."""

    async def send(self, receiver: Receiver, message: Message, *, silent: bool = False) -> int:
        """The id that Telegram gave it; `silent` makes no sound. Raises python-telegram-bot's errors, and those of `bot.transport`."""
        ...


class What(enum.StrEnum):
    """What somebody should know."""

    TOPIC_CLOSED = "topic_closed"
    """Its follow is paused; for the admins of the chat."""
    MUTED = "muted"
    """The bot may not write; for an admin of the chat, in private."""
    DEFECT = "defect"
    """Telegram refused what we made of an item."""
    OUTAGE = "outage"
    """The breaker paused all publications."""
    HALTED = "halted"
    """Nothing can be sent."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One of them, and what it is about."""

    what: What
    item: str = ""
    receiver: Receiver | None = None
    follow: int = 0
    reason: str = ""


class Tell(Protocol):
    """Brings alerts to whom they are for. What it raises is logged and ends nothing."""

    async def __call__(self, alert: Alert, /) -> None:
        """Tell."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """All of them."""

    sender: Sender
    render: Render
    tell: Tell
    clock: Clock
    metrics: Metrics
    changed: Callable[[int], None] = lambda _chat: None
    """Told of each chat whose follows or id the worker changed."""
