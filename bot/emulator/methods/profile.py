"""The bot's own page: commands, names, descriptions, menu button."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bot.emulator.access import reachable_chat
from bot.emulator.state import Happening, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json = dict[str, Any]

DEFAULT_SCOPE: Final = {"type": "default"}
MENU_DEFAULT: Final = {"type": "commands"}


def scope_key(scope: Json) -> str:
    """A scope as a key of `World.commands`."""
    return json.dumps(scope, sort_keys=True)


def _key(world: World, params: Json) -> tuple[str, str]:
    scope = params.get("scope") or DEFAULT_SCOPE
    if "chat_id" in scope:
        scope = scope | {"chat_id": reachable_chat(world, scope["chat_id"]).id}
    return scope_key(scope), params.get("language_code") or ""


def set_commands(world: World, params: Json) -> bool:
    """The menu for a scope and language."""
    key = _key(world, params)
    world.commands[key] = [command | {"command": command["command"].removeprefix("/")} for command in params["commands"]]
    world.tell(Happening.COMMANDS, None, scope=key[0], language_code=key[1], commands=world.commands[key])
    return True


def get_commands(world: World, params: Json) -> list[Json]:
    """The menu of exactly this scope and language."""
    return world.commands.get(_key(world, params), [])


def delete_commands(world: World, params: Json) -> bool:
    """Back to the wider scope's menu."""
    key = _key(world, params)
    world.commands.pop(key, None)
    world.tell(Happening.COMMANDS, None, scope=key[0], language_code=key[1], commands=[])
    return True


def _setter(field: str) -> Callable[[World, Json], bool]:
    def set_text(world: World, params: Json) -> bool:
        key = (field, params.get("language_code") or "")
        world.profile[key] = params.get(field) or ""
        world.tell(Happening.PROFILE, None, field=field, language_code=key[1], text=world.profile[key])
        return True

    return set_text


def _getter(field: str, fallback: Callable[[World], str]) -> Callable[[World, Json], Json]:
    def get_text(world: World, params: Json) -> Json:
        for language in (params.get("language_code") or "", ""):
            if text := world.profile.get((field, language)):
                return {field: text}
        return {field: fallback(world)}

    return get_text


def set_menu_button(world: World, params: Json) -> bool:
    """What stands beside the input, for one private chat or all."""
    chat_id = reachable_chat(world, params["chat_id"]).id if "chat_id" in params else None
    world.menu_buttons[chat_id] = params.get("menu_button") or MENU_DEFAULT
    world.tell(Happening.PROFILE, chat_id, field="menu_button", menu_button=world.menu_buttons[chat_id])
    return True


def get_menu_button(world: World, params: Json) -> Json:
    """What stands beside the input."""
    return world.menu_buttons.get(params.get("chat_id"), world.menu_buttons.get(None, MENU_DEFAULT))


METHODS: Final[Mapping[str, Callable[[World, Json], Any]]] = {
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name", lambda world: world.bot.first_name),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description", lambda _: ""),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description", lambda _: ""),
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
}
