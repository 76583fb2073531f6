"""How a bot gets its updates, and its files."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from bot.emulator.errors import ApiError, bad_request, conflict
from bot.emulator.updates import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.emulator.state import World

Json = dict[str, Any]

_TAKEN_OVER: Final = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_ACTIVE: Final = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


def get_me(world: World, _: Json) -> Json:
    """The bot, with what BotFather allows it."""
    return world.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all_group_messages,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, params: Json) -> list[Json]:
    """Long polling; a later poll ends this one with a conflict."""
    queue = world.updates
    if queue.webhook.url:
        raise conflict(_WEBHOOK_ACTIVE)
    queue.allow(params.get("allowed_updates"))
    if params.get("offset"):
        queue.confirm(params["offset"])
    queue.expire(world.clock.now())
    poll, deadline = queue.begin_poll(), time.monotonic() + params.get("timeout", 0)
    while not queue.pending and queue.is_current(poll) and time.monotonic() < deadline:
        await queue.wait(deadline - time.monotonic())
    if not queue.is_current(poll):
        raise conflict(_TAKEN_OVER)
    return queue.pending[: params.get("limit", 100)]


def set_webhook(world: World, params: Json) -> bool:
    """From now on updates are posted to a URL."""
    world.updates.webhook = Webhook(
        params["url"], params.get("secret_token", ""), params.get("max_connections", 40), params.get("ip_address", "")
    )
    world.updates.allow(params.get("allowed_updates"))
    if params.get("drop_pending_updates"):
        world.updates.clear()
    world.updates.begin_poll()
    return True


def delete_webhook(world: World, params: Json) -> bool:
    """From now on updates wait for a poll."""
    world.updates.webhook = Webhook()
    if params.get("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Json) -> Json:
    """Where updates go, how many wait, what went wrong last."""
    hook = world.updates.webhook
    about: Json = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": len(world.updates.pending)}
    if hook.url:
        about |= {"max_connections": hook.max_connections, "allowed_updates": sorted(world.updates.allowed)}
    if hook.last_error is not None:
        about |= {"last_error_date": int(hook.last_error[0].timestamp()), "last_error_message": hook.last_error[1]}
    return about


def get_file(world: World, params: Json) -> Json:
    """A file's path for download."""
    return world.files.describe(params["file_id"])


def log_out(_: World, __: Json) -> bool:
    """Telegram's own servers refuse a bot that has not been with them for ten minutes."""
    raise ApiError(429, "Too Many Requests: retry after 600", {"retry_after": 600}, faulty=False)


def close(_: World, __: Json) -> bool:
    """The emulator is not to be moved between servers."""
    raise bad_request("[strict] close is for moving a bot between local servers")


METHODS: Final[Mapping[str, Callable[[World, Json], Any]]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
    "logOut": log_out,
    "close": close,
}
