"""How the bot introduces itself to those whose news it reads, and how far it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from data.sources.fetch import Reach

if TYPE_CHECKING:
    from bot.settings import Settings

VERSION: Final = "0.1.0"
ABOUT: Final = "independent bot on the UNESCO Global Network of Learning Cities"


def reach_of(settings: Settings, username: str = "") -> Reach:
    """How far a fetcher of these settings goes. The contact is the operator's, else the bot itself, if its name is known."""
    contact = settings.contact or (f"https://t.me/{username}" if username else "")
    return Reach(agent=f"learning-cities-bot/{VERSION} ({f'+{contact}' if contact else ABOUT})", private=settings.news_private_addresses)
