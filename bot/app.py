"""The composition of the Telegram side: an Application that knows its handlers and has not started anything."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler

from bot.context import BotContext
from bot.errors import on_error
from bot.gate import Gate, GateLimits, OnFlood
from bot.screens.problems import flood
from bot.teller import Teller
from bot.writing import taken_in_hand
from data.db import is_storage_error
from handlers import handlers

if TYPE_CHECKING:
    from telegram.request import BaseRequest

    from bot.delivery.limiter import Limiter
    from bot.services import Services
    from bot.settings import Settings

LOG: Final = logging.getLogger(__name__)

ALLOWED_UPDATES: Final = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""What the bot asks Telegram for; anything else would only cost time."""

App = Application[Teller, BotContext, dict[Any, Any], dict[Any, Any], dict[str, Any], Any]


def build_application(
    settings: Settings, services: Services, request: BaseRequest, polling: BaseRequest, limiter: Limiter | None = None
) -> App:
    """An application over these two clients: `request` for everything, `polling` for getUpdates alone.

    With a `limiter` replies keep to its budget. Nothing is opened and nobody is asked before `initialize()`.
    """
    token = settings.token.value if settings.token else ""
    limits = services.limits
    box: list[App] = []
    gate = Gate(GateLimits(at_once=limits.at_once, backlog=limits.waiting_per_chat, intake=limits.waiting), _flood_teller(box))
    bot = Teller(
        token,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=request,
        get_updates_request=polling,
        rate_limiter=limiter,
    )
    application: App = (
        ApplicationBuilder()
        .application_class(Measured)
        .bot(bot)
        .context_types(ContextTypes(context=BotContext))
        .concurrent_updates(gate)
        .update_queue(gate.intake)
        .job_queue(None)
        .build()
    )
    box.append(application)
    application.bot_data["services"] = services
    application.bot_data["gate"] = gate
    services.metrics.watch_gate(gate)
    application.add_handler(TypeHandler(Update, _prepare), group=-1)
    application.add_handlers(handlers())
    application.add_error_handler(on_error)
    return application


class Measured(App):
    """An application that knows how long each update took."""

    async def process_update(self, update: object) -> None:
        """Handle one update and note its time and its outcome."""
        services: Services = self.bot_data["services"]
        start, kind = services.clock.monotonic(), kind_of(update)
        with taken_in_hand(update) as here:
            try:
                await super().process_update(update)
            finally:
                services.metrics.update_seconds.labels(kind).observe(services.clock.monotonic() - start)
        services.metrics.updates.labels(kind, here.outcome).inc()


def kind_of(update: object) -> str:
    """The kind of an update, as Telegram names its field: one of a few."""
    return next((kind for kind in ALLOWED_UPDATES if getattr(update, kind, None)), "other")


async def _prepare(_update: Update, context: BotContext) -> None:
    """Find out who reads. While the database is gone Telegram's language stands in: reading needs nothing else of it."""
    try:
        await context.prepare()
    except Exception as error:
        if not is_storage_error(error):
            raise
        LOG.warning("preferences_unavailable error=%s code=%s", type(error).__name__, context.request_id)
        context.read_by_default()


def _flood_teller(box: list[App]) -> OnFlood:
    """Tells a chat once that some of its messages were skipped. The gate exists before the application does, hence the box."""

    async def tell(update: object) -> None:
        if isinstance(update, Update) and update.effective_chat:
            context = BotContext.from_update(update, box[0])
            await _prepare(update, context)
            await context.reply(flood(context.reader), fresh=True)

    return tell
