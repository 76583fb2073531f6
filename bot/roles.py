"""What a process does of the bot's work, where several share it."""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    """Any number of processes may have any role; of those that deliver one sends, and the others stand by."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"

    @property
    def answers(self) -> bool:
        """Whether it takes updates and answers them."""
        return self is not Role.WORKER

    @property
    def delivers(self) -> bool:
        """Whether it sends news, or stands by, and tidies up."""
        return self is not Role.WEB
