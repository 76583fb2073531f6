"""The methods that are emulated: each module offers a table from wire name to function of the world and the checked parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.emulator.methods import chats, edits, messages, profile, queries, receiving

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.emulator.state import World

EMULATED: Final[Mapping[str, Callable[[World, dict[str, Any]], Any]]] = {
    **receiving.METHODS,
    **messages.METHODS,
    **edits.METHODS,
    **queries.METHODS,
    **chats.METHODS,
    **profile.METHODS,
}
