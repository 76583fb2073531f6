"""The states that chats, publications, deliveries and what sources tell can be in, and which of them belong together."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Final


class ChatKind(enum.StrEnum):
    """What kind of chat it is, in Telegram's words."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class ChatState(enum.StrEnum):
    """Whether we may write to a chat."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    """A person stopped the bot."""
    KICKED = "kicked"
    """The bot was thrown out of a group or channel, or left it."""
    GONE = "gone"
    """The account or the group is no more, or never spoke to the bot."""
    MUTED = "muted"
    """The bot is there but may not write."""


class PublicationState(enum.StrEnum):
    """Where the delivery of an item stands."""

    WAITING = "waiting"
    """Ordered; nobody is on the list yet."""
    FANNING_OUT = "fanning_out"
    """The list is being written, and what is on it is sent already."""
    SENDING = "sending"
    """The list is complete."""
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    """Taken back: nothing more is sent, and what was sent is to be edited or deleted."""


class DeliveryState(enum.StrEnum):
    """What became of an item on its way to one chat or topic."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    """A sender holds it and has not begun."""
    SENDING = "sending"
    """A sender is about to ask Telegram, or has asked."""
    SENT = "sent"
    LATER = "later"
    """It did not go out; it will be tried again, not before its time."""
    UNCERTAIN = "uncertain"
    """It may have arrived; never sent again by itself."""
    UNREACHABLE = "unreachable"
    MOVED = "moved"
    """The chat has another id now, and the item goes there; `reason` is that id."""
    MUTED = "muted"
    FAILED = "failed"
    """Refused for a reason that nobody foresaw."""
    DAILY = "daily"
    """Waits for the chat's daily digest."""
    WEEKLY = "weekly"
    """Waits for the chat's weekly digest."""
    DIGESTED = "digested"
    """Went into a digest: what became of that one became of it."""
    SKIPPED = "skipped"
    """Not told after all: an item that was taken back before its digest, and a digest of which nothing was left when its time came."""


class EntryState(enum.StrEnum):
    """What became of a thing that a source told."""

    OLD = "old"
    """It was there before the source was watched, or is older than news."""
    FOREIGN = "foreign"
    """None of the network's news."""
    WAITING = "waiting"
    """An admin is to decide."""
    PUBLISHED = "published"
    DROPPED = "dropped"
    TWIN = "twin"
    """Another telling of a story that is known."""


OUT_OF_REACH: Final = (ChatState.BLOCKED, ChatState.KICKED, ChatState.GONE)
ACTIVE: Final = (PublicationState.FANNING_OUT, PublicationState.SENDING)
"""Publications whose deliveries go out."""
UNFINISHED: Final = (PublicationState.WAITING, *ACTIVE, PublicationState.PAUSED)
IDLE: Final = (DeliveryState.QUEUED, DeliveryState.LATER)
"""Deliveries that nobody holds and that are still to be sent."""
HELD: Final = (DeliveryState.DAILY, DeliveryState.WEEKLY)
"""Deliveries that wait for a digest."""
PENDING: Final = (*IDLE, DeliveryState.CLAIMED, DeliveryState.SENDING)
"""Deliveries without an outcome."""
AT_ONCE: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When a delivery is due that need not wait: by any clock, also by one that was set back."""
