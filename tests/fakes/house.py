"""The bot as it runs: the real application, the real data set, a database of its own, and an emulated Telegram."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from bot.app import build_application
from bot.callbacks import unpack
from bot.conversations import Conversations
from bot.delivery.budget import Budget, Rates
from bot.delivery.limiter import Limiter
from bot.following import FollowBook
from bot.i18n import Languages
from bot.metrics import Metrics
from bot.newsdesk import open_desk
from bot.newsroom import Newsroom
from bot.services import ChatBook, Services, Shelf
from bot.settings import Limits, Secret, Settings
from data.db import Database
from data.sources.fetch import Reach
from tests.fakes.clock import FakeClock
from tests.fakes.telegram import EmulatedRequest, RunningBot, new_telegram, sent

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from types import TracebackType

    from bot.app import App
    from bot.callbacks import Action
    from bot.emulator import BotApi, Call, User
    from data.catalogue import Catalogue


@dataclass
class Furniture:
    """What outlives a restart: the data set, the file of the database, and who administers the bot."""

    catalogue: Catalogue
    file: Path
    languages: Languages = field(default_factory=Languages)
    admins: Collection[int] = ()
    limits: Limits = field(default_factory=Limits)
    address: str = ""
    """Of another database than the file."""
    reach: Reach = field(default_factory=Reach)
    """How far looks at sources of news go."""


class House(RunningBot):
    """The whole bot. `clock` is Telegram's and the bot's; `restarts` leaves nothing of the bot but its database."""

    def __init__(self, furniture: Furniture) -> None:
        self.furniture = furniture
        self.clock = FakeClock()
        telegram = new_telegram(self.clock)
        self.db, application = self._build(telegram)
        super().__init__(application, telegram)

    @property
    def services(self) -> Services:
        """What the handlers use now."""
        services: Services = self.application.bot_data["services"]
        return services

    @property
    def catalogue(self) -> Catalogue:
        """The data set."""
        return self.services.catalogue

    async def restarts(self) -> None:
        """A new process on the same database: everything held in memory is gone."""
        await self.application.shutdown()
        await self.db.close()
        self.db, self.application = self._build(self.telegram)
        await self.application.initialize()

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await super().__aexit__(kind, error, trace)
        await self.db.close()

    async def loses_its_database(self) -> None:
        """The file is there, but it is not a database any more."""
        await self.db.close()
        for path in self.furniture.file.parent.glob(f"{self.furniture.file.name}*"):
            path.unlink()
        self.furniture.file.write_bytes(b"no database at all" * 100)

    def _build(self, telegram: BotApi) -> tuple[Database, App]:
        furniture = self.furniture
        db = Database(furniture.address or f"sqlite:///{furniture.file}")
        self.budget = Budget(Rates.of(furniture.limits))
        shelf = Shelf(furniture.catalogue)
        services = Services(
            shelf=shelf,
            chats=ChatBook(db, self.clock, furniture.limits.remembered_chats),
            follows=FollowBook(db, self.clock, furniture.limits.remembered_chats),
            newsroom=Newsroom(db, self.clock, lambda: open_desk(db, self.clock, shelf, furniture.reach)),
            languages=furniture.languages,
            metrics=Metrics(),
            conversations=Conversations(db, self.clock, furniture.limits),
            clock=self.clock,
            limits=furniture.limits,
            admins=frozenset(furniture.admins),
        )
        settings = Settings(token=Secret(telegram.token))
        limiter = Limiter(self.budget, self.clock, furniture.limits.reply_pause, self.clock.sleep)
        return db, build_application(settings, services, EmulatedRequest(telegram), EmulatedRequest(telegram), limiter)


def the(calls: list[Call], *methods: str) -> Call:
    """The only request among these that put words before a reader (or, with methods, the only one of them)."""
    (call,) = sent(calls, *methods)
    return call


def said(calls: list[Call]) -> str:
    """All that a reader reads of these requests."""
    return "\n".join(call.text for call in sent(calls))


def labels(shown: Call) -> list[str]:
    """The texts of the buttons under a message, in order."""
    return [button["text"] for row in shown.buttons for button in row]


def links(shown: Call) -> list[str]:
    """The addresses behind words of a message."""
    entities: list[dict[str, Any]] = shown.result.get("entities", []) if isinstance(shown.result, dict) else []
    return [entity["url"] for entity in entities if "url" in entity]


def bullets(shown: Call) -> list[str]:
    """The items of the list that a message shows."""
    return [row.removeprefix("• ") for row in shown.text.splitlines() if row.startswith("• ")]


async def all_pages(bot: RunningBot, first: Call, user: User) -> list[Call]:
    """A list page by page: the first as sent, the others as edited by pressing the button that leads on."""
    pages = [first]
    while forward := [label for label in labels(pages[-1]) if label.endswith("›")]:
        pages.append(the(await bot.presses(pages[-1], forward[0], user)))
    return pages


def unbroken(date: str) -> str:
    """A date as the bot writes it, so that it does not break across lines."""
    return date.replace(" ", "\N{NO-BREAK SPACE}")


def to(shown: Call, kind: type[Action], nth: int = 0) -> str:
    """The data of a button that does this kind of thing: what to press, whatever the button is called today."""
    packed: list[str] = [button["callback_data"] for row in shown.buttons for button in row if "callback_data" in button]
    return [data for data in packed if isinstance(unpack(data), kind)][nth]


def leads_to(shown: Call) -> list[type[Action] | None]:
    """What the buttons of a message do, in order; None for those that open an address or another chat."""
    return [type(action) if (action := unpack(button.get("callback_data", ""))) else None for row in shown.buttons for button in row]
