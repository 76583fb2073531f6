"""A bot's life: what is opened in which order, what its role adds, what watches over it, and how it ends.

One stack owns everything that must be closed: health server, database, clients, application, background tasks. Whatever ends the process
gives its reason to `Ending`, and the first reason is the exit code.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import signal
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from bot import health, listening, webhook
from bot.app import build_application
from bot.conversations import Conversations
from bot.delivery.budget import FREE, Budget, Rates
from bot.delivery.limiter import Limiter
from bot.exits import Ended, Ending, Exit
from bot.following import FollowBook
from bot.holding import Holdings
from bot.i18n import Languages
from bot.inbox import SOON, Inbox
from bot.logs import event, reason
from bot.metrics import Metrics
from bot.newsroom import Newsroom
from bot.registration import register
from bot.services import ChatBook, Services, Shelf, SystemClock
from bot.transport import AiohttpRequest, PollWatchdog, TransportLimits
from data import changes, loading, upkeep
from data.db import Database, is_storage_error

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Coroutine, Iterator

    from aiohttp import web

    from bot.app import App
    from bot.delivery.worker import Worker
    from bot.health import Check
    from bot.newsdesk import NewsDesk
    from bot.services import Clock
    from bot.settings import Settings

LOG: Final = logging.getLogger(__name__)

POLLING: Final = TransportLimits(connections=4)
"""A torn poll holds its connection until the read timeout; the next must not wait for it."""

SETTLING: Final = 2.0
"""Seconds after a start in which people who waited are answered first."""

COLLECTED_AFTER: Final = 20_000
"""Objects made and kept, some 3 MB of them, after which the collector looks at the young ones."""


async def run(settings: Settings, clock: Clock | None = None, extend: Callable[[web.Application], None] | None = None) -> Exit:
    """Run the bot until something ends it; the exit code. `extend` may add to what its web server serves."""
    ending = Ending()
    with _stopped_by_signals(ending):
        try:
            async with AsyncExitStack() as stack:
                runtime = Runtime(settings, clock or SystemClock(), ending, stack, extend)
                await ending.unless(runtime.start())
                code = await ending.reason()
                runtime.begin_to_stop()
                event(LOG, "stopping", code=int(code))
        except Ended as ended:
            code = ended.code
    event(LOG, "stopped", code=int(code))
    return code


@contextmanager
def _stopped_by_signals(ending: Ending) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, ending.because, Exit.DONE)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


class Runtime:
    """One running bot. Everything it opens it gives to `stack` to close, last opened first."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        ending: Ending,
        stack: AsyncExitStack,
        extend: Callable[[web.Application], None] | None = None,
    ) -> None:
        self.settings = settings
        self.extend = extend
        self.limits = settings.limits
        self.clock = clock
        self.ending = ending
        self.stack = stack
        self.metrics = Metrics()
        self.budget = Budget(Rates.of(self.limits))
        """Shared by replies and whatever is sent in bulk."""
        # By the machine's own clock: `clock` may be one that people move.
        self.polling = AiohttpRequest(POLLING)
        self.watchdog = PollWatchdog(self.polling, self.limits.poll_silence)
        self.db: Database | None = None
        self.shelf: Shelf | None = None
        self.worker: Worker | None = None
        self.application: App | None = None
        """Set when Telegram was reached, and updates are answered if that is our role."""
        self.inbox: Inbox | None = None
        """Set when updates that Telegram brings are taken."""
        self.stops_at = math.inf
        """When what is under way has to end, by the event loop's clock."""

    async def start(self) -> None:
        """Open everything; afterwards the process does what its role asks for. Raises Ended."""
        role = self.settings.role
        port = await self._serve()
        db = self.db = await self._open_database()
        services = await self._services(db)
        application = self._application(services)
        self._in_background(self._keep_up(db, services))
        if role.answers:
            await self._listen(application, db)
        else:
            await listening.reach(application.initialize)
            self.application = application
        if role.delivers:
            # Whatever only one process may do for all belongs there.
            self._in_background(self._deliver(db, services, application))
        if role.answers:
            self._in_background(_afterwards(application, services, db))
        # What is here now stays; the collector, which the start did without, need not look at it again. Of what an update makes nearly all
        # goes with its last reference, so the collector looks seldom: at Python's pace it took an eighth of the processor for nothing.
        gc.freeze()
        gc.set_threshold(COLLECTED_AFTER)
        gc.enable()
        event(
            LOG,
            "started",
            mode=self._mode,
            role=role,
            bot=application.bot.username,
            port=port,
            database=db.backend,
            revision=services.catalogue.revision,
            cities=len(services.catalogue.cities),
        )

    @property
    def _mode(self) -> str:
        """How updates come in: by `polling`, by `webhook`, or not at all: `none`."""
        if not self.settings.role.answers:
            return "none"
        return "webhook" if self.settings.webhook else "polling"

    def begin_to_stop(self) -> None:
        """What is under way may take so long and no longer; nothing new begins."""
        self.stops_at = asyncio.get_running_loop().time() + self.limits.drain

    def _left(self) -> float:
        """Seconds for what is under way; those of a start that was broken off are counted from now."""
        return max(0.0, min(self.limits.drain, self.stops_at - asyncio.get_running_loop().time()))

    async def _serve(self) -> int:
        """Health, metrics and the webhook; the port."""
        hook, role = self.settings.webhook, self.settings.role
        alive: dict[str, Check] = {"polling": self._polling_works} if self._mode == "polling" else {}
        ready: dict[str, Check] = {
            "running": self._goes_on,
            **alive,
            "database": self._database_answers,
            "catalogue": self._catalogue_is_loaded,
            "telegram": self._telegram_is_reached,
            **({"delivery": self._delivery_works} if role.delivers else {}),
        }
        app = health.application(alive, ready, self.metrics, [webhook.route(hook, self._take)] if hook and role.answers else [])
        if self.extend:
            self.extend(app)
        try:
            port = await self.stack.enter_async_context(health.serving(app, self.settings.host, self.settings.port))
        except health.PortUnusable as error:
            event(LOG, "port_unusable", logging.ERROR, setting="PORT", host=self.settings.host, port=self.settings.port, reason=error)
            raise Ended(Exit.FAILED) from None
        event(LOG, "listening", host=self.settings.host, port=port)
        return port

    async def _open_database(self) -> Database:
        try:
            db = await self.stack.enter_async_context(Database(self.settings.database.value))
            done = await upkeep.bring_up_to_date(db, self.clock.now())
        except upkeep.BadSeed as error:
            event(LOG, "data_refused", logging.ERROR, defects=len(error.defects), first=error.defects[0], see="main.py data check")
            raise Ended(Exit.FAILED) from None
        except Exception as error:
            if not is_storage_error(error):
                raise
            event(LOG, "database_unusable", logging.ERROR, setting="DATABASE_URL", reason=reason(error))
            raise Ended(Exit.FAILED) from None
        if done.migrated:
            event(LOG, "database_migrated")
        if done.loaded:
            # The rows read, checked and compared make room for the catalogue.
            gc.collect()
            event(LOG, "data_loaded", revision=done.loaded.revision, tables=len(done.loaded.changes))
        if done.refused:
            self.metrics.reloads.labels("refused").inc()
            event(LOG, "data_refused", logging.ERROR, defects=len(done.refused), first=done.refused[0], see="main.py data check")
        return db

    async def _services(self, db: Database) -> Services:
        shelf = self.shelf = Shelf(await upkeep.read_catalogue(db))
        self.metrics.revision.set(shelf.catalogue.revision)
        return Services(
            shelf=shelf,
            chats=ChatBook(db, self.clock, self.limits.remembered_chats, self.limits.remembered),
            follows=FollowBook(db, self.clock, self.limits.remembered_chats, self.limits.remembered),
            newsroom=Newsroom(db, self.clock, lambda: self._open_desk(db, shelf)),
            languages=Languages(),
            metrics=self.metrics,
            conversations=Conversations(db, self.clock, self.limits),
            clock=self.clock,
            limits=self.limits,
            admins=self.settings.admins,
        )

    def _open_desk(self, db: Database, shelf: Shelf) -> NewsDesk:
        from bot.fetching import reach_of  # noqa: PLC0415 - it brings parsers along that a start need not wait for
        from bot.newsdesk import open_desk  # noqa: PLC0415 - as above

        username = self.application.bot.username if self.application else ""
        return open_desk(db, self.clock, shelf, reach_of(self.settings, username), self.settings.news_poll_minutes)

    def _application(self, services: Services) -> App:
        client = AiohttpRequest()
        # The application opens its clients before it asks who it is, and does not close them if nobody answers.
        self.stack.push_async_callback(client.shutdown)
        self.stack.push_async_callback(self.polling.shutdown)
        limiter = Limiter(self.budget, self.clock, self.limits.reply_pause)
        application = build_application(self.settings, services, client, self.polling, limiter)
        self.stack.push_async_callback(self._close, application)
        return application

    async def _close(self, application: App) -> None:
        await listening.close(application, self._left())

    async def _close_inbox(self, inbox: Inbox) -> None:
        await inbox.close(self._left())

    async def _listen(self, application: App, db: Database) -> None:
        hook = self.settings.webhook
        if hook:
            await listening.reach(application.initialize)
            await application.start()
            self.application = application
            self.inbox = Inbox(application, Holdings(db, self.clock), lambda: self.ending.has_begun)
            self.stack.push_async_callback(self._close_inbox, self.inbox)
            await listening.be_called(application, hook)
        else:
            self._in_background(self.watchdog.watch(self._polling_died))
            await listening.reach(application.initialize)
            await application.start()
            troubles = listening.Troubles(self.polling, self.limits.conflict, self.ending)
            await listening.poll(application, self.limits, troubles)
            self.application = application

    async def _take(self, update: dict[str, Any]) -> int:
        return await self.inbox.take(update) if self.inbox else SOON

    async def _keep_up(self, db: Database, services: Services) -> None:
        """Look for ever for what other processes changed. What cannot be read leaves the catalogue as it is."""
        looked_at = self.clock.now()
        while True:
            await asyncio.sleep(self.limits.catalogue_check)
            try:
                now = self.clock.now()
                await _hear_of_chats(db, services, looked_at)
                looked_at = now
                await _take_up_changes(db, services)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with a new revision, the old one answers
                services.metrics.reloads.labels("failed").inc()
                event(LOG, "catalogue_stays", logging.ERROR, error=error, revision=services.catalogue.revision)

    async def _deliver(self, db: Database, services: Services, application: App) -> None:
        """Bring published items to those who follow. Its modules are imported once updates are answered: nobody waits for them."""
        from bot.delivery import service  # noqa: PLC0415 - as above
        from bot.delivery.amending import Amender  # noqa: PLC0415
        from bot.delivery.cards import Alerts, DeliveredItems, keep_cards  # noqa: PLC0415
        from bot.delivery.ports import Ports  # noqa: PLC0415
        from bot.delivery.telegram import TelegramSender  # noqa: PLC0415
        from bot.reminding import keep_reminding  # noqa: PLC0415
        from bot.watching import watch  # noqa: PLC0415

        bot = application.bot
        render = DeliveredItems(services.shelf, services.languages, bot.username, self.clock)
        sender = TelegramSender(bot, paid=self.limits.bulk_per_second > FREE)
        ports = Ports(sender, render, Alerts(bot, services), self.clock, self.metrics, services.changed)
        worker = self.worker = service.new_worker(db, ports, self.limits, self.budget)
        amender = Amender(db, bot, render, self.budget, self.clock)
        beside = {
            asyncio.create_task(keep_cards(bot, services, lambda: worker.leading)),
            asyncio.create_task(amender.run(lambda: worker.leading)),
            asyncio.create_task(keep_reminding(db, services, lambda: worker.leading)),
            asyncio.create_task(watch(bot, services, lambda: worker.leading, looks=self.settings.news_poll_minutes > 0)),
        }
        try:
            await service.deliver(worker, db, ports, self.limits, self._left)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)

    async def _goes_on(self) -> str:
        return "stopping" if self.ending.has_begun else ""

    async def _delivery_works(self) -> str:
        return self.worker.halted if self.worker else ""

    async def _polling_died(self) -> None:
        event(LOG, "polling_silent", logging.ERROR, seconds=self.limits.poll_silence)
        self.ending.because(Exit.SILENT)

    async def _polling_works(self) -> str:
        return "" if self.watchdog.healthy else f"no poll succeeded for {self.limits.poll_silence:.0f} s"

    async def _database_answers(self) -> str:
        if self.db is None:
            return "not open yet"
        return "" if await loading.latest(self.db) else "empty"

    async def _catalogue_is_loaded(self) -> str:
        return "" if self.shelf else "not loaded yet"

    async def _telegram_is_reached(self) -> str:
        return "" if self.application else "not reached yet"

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        self.stack.push_async_callback(_cancel, asyncio.create_task(work))


async def _hear_of_chats(db: Database, services: Services, since: dt.datetime) -> None:
    async with db.read() as connection:
        changed = await changes.since(connection, since)
    if changed:
        services.changed(*changed)


async def _take_up_changes(db: Database, services: Services) -> None:
    newest = await loading.latest(db)
    if newest is None or newest.number == services.catalogue.revision:
        return
    services.shelf.catalogue = await upkeep.read_catalogue(db)
    services.metrics.revision.set(services.catalogue.revision)
    services.metrics.reloads.labels("taken_up").inc()
    event(LOG, "catalogue_renewed", revision=services.catalogue.revision, cities=len(services.catalogue.cities))


async def _afterwards(application: App, services: Services, db: Database) -> None:
    """What the first answers need not wait for, nor share the processor with."""
    try:
        await register(application.bot, services, db)
    except Exception as error:  # noqa: BLE001 - a menu without descriptions is no reason to stop answering
        event(LOG, "registration_failed", logging.ERROR, error=error)
    await asyncio.sleep(SETTLING)
    for index in ("search", "faq_search", "passages"):
        await asyncio.to_thread(getattr, services.catalogue, index)
    await asyncio.to_thread(getattr, services.catalogue.lexicon, "slips")


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
