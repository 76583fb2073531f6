"""Kinds of news that can be followed by themselves, whatever place or theme they are about. Pure."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection


class Topic(enum.StrEnum):
    """The key of what is followed."""

    NEW_MEMBERS = "new-members"
    """Cities that joined."""
    DEADLINES = "deadlines"
    """Calls, and whatever else has a last day."""


MARKS: Final = {Topic.NEW_MEMBERS: "new-members", Topic.DEADLINES: "call"}
"""What the `topics` of a news item hold if it is of such a kind."""


def topics_of(marks: Collection[str], *, has_deadline: bool) -> tuple[Topic, ...]:
    """The kinds of an item with these `topics`. One with a deadline is among them, however it is marked."""
    return tuple(topic for topic, mark in MARKS.items() if mark in marks or (topic is Topic.DEADLINES and has_deadline))
