"""Sending, copying, forwarding and deleting messages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from telegram.constants import MessageLimit

from bot.emulator.access import is_administrator, reachable_chat, writable_chat
from bot.emulator.errors import bad_request, refused_by_world
from bot.emulator.formatting import Text, read_text, utf16, with_detected
from bot.emulator.limits import DELETE_LIFETIME
from bot.emulator.state import Chat, Happening, Stored, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json = dict[str, Any]

ENVELOPE: Final = frozenset(
    [
        "message_id",
        "date",
        "chat",
        "from",
        "sender_chat",
        "message_thread_id",
        "is_topic_message",
        "reply_to_message",
        "reply_markup",
        "edit_date",
        "via_bot",
        "forward_origin",
        "has_protected_content",
        "author_signature",
        "is_automatic_forward",
        "effect_id",
    ]
)
"""Fields of a message that are about its sending, not its content."""


def text_content(params: Json) -> Json:
    """The content of a text message, from the parameters or from an InputTextMessageContent."""
    source = params.get("text") or params.get("message_text") or ""
    text = read_text(source, params.get("parse_mode"), params.get("entities"))
    if not text.plain:
        raise bad_request("message text is empty")
    if utf16(text.plain) > MessageLimit.MAX_TEXT_LENGTH:
        raise bad_request("message is too long")
    content = _with_entities("text", "entities", text)
    preview = params.get("link_preview_options")
    return content | ({"link_preview_options": preview} if preview else {})


def caption_content(params: Json) -> Json:
    """The caption, if there is one."""
    text = read_text(params.get("caption") or "", params.get("parse_mode"), params.get("caption_entities"))
    if not text.plain:
        return {}
    if utf16(text.plain) > MessageLimit.CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    above = {"show_caption_above_media": True} if params.get("show_caption_above_media") else {}
    return _with_entities("caption", "caption_entities", text) | above


def _with_entities(name: str, entities: str, text: Text) -> Json:
    text = with_detected(text)
    return {name: text.plain} | ({entities: list(text.entities)} if text.entities else {})


def location_content(params: Json) -> Json:
    """A point, or the point of a venue."""
    if "latitude" not in params or "longitude" not in params:
        raise bad_request(f"{'latitude' if 'latitude' not in params else 'longitude'} is empty")
    names = ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
    return {"location": {name: params[name] for name in names if name in params}}


def venue_content(params: Json) -> Json:
    """A named place; Telegram repeats its point beside it."""
    for name in ("title", "address"):
        if not params.get(name):
            raise bad_request(f"VENUE_{name.upper()}_EMPTY")
    point = location_content({name: params[name] for name in ("latitude", "longitude") if name in params})
    names = ("title", "address", "foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
    return {"venue": point | {name: params[name] for name in names if name in params}} | point


def photo_content(world: World, params: Json) -> Json:
    """A photo with its caption."""
    caption = caption_content(params)
    spoiler = {"has_media_spoiler": True} if params.get("has_spoiler") else {}
    return {"photo": world.files.photo(params["photo"])} | caption | spoiler


def document_content(world: World, params: Json) -> Json:
    """A document with its caption."""
    caption = caption_content(params)
    return {"document": world.files.document(params["document"])} | caption


def send_message(world: World, params: Json) -> Json:
    """Text."""
    return _send(world, params, text_content(params))


def send_photo(world: World, params: Json) -> Json:
    """A picture."""
    return _send(world, params, photo_content(world, params), "can_send_photos")


def send_document(world: World, params: Json) -> Json:
    """A file."""
    return _send(world, params, document_content(world, params), "can_send_documents")


def send_location(world: World, params: Json) -> Json:
    """A point on the map."""
    return _send(world, params, location_content(params))


def send_venue(world: World, params: Json) -> Json:
    """A place on the map."""
    return _send(world, params, venue_content(params))


def _send(world: World, params: Json, content: Json, permission: str = "can_send_messages") -> Json:
    chat = writable_chat(world, params, permission)
    markup = params.get("reply_markup")
    _check_markup(chat, markup)
    return world.add_message(
        chat,
        world.bot,
        content | ({"has_protected_content": True} if params.get("protect_content") else {}),
        thread=params.get("message_thread_id"),
        reply_to=_replied(chat, params.get("reply_parameters")),
        markup=markup,
    ).json


def _check_markup(chat: Chat, markup: Json | None) -> None:
    buttons = [button for row in (markup or {}).get("inline_keyboard", []) for button in row]
    if chat.type != "private" and any("web_app" in button for button in buttons):
        raise bad_request("BUTTON_TYPE_INVALID")
    keys = [button for row in (markup or {}).get("keyboard", []) for button in row if isinstance(button, dict)]
    if chat.type != "private" and any("request_location" in key or "request_contact" in key for key in keys):
        raise bad_request("location can be requested in private chats only" if "request_location" in str(keys) else "BUTTON_TYPE_INVALID")


def _replied(chat: Chat, asked: Json | None) -> Stored | None:
    if asked is None:
        return None
    found = chat.messages.get(asked["message_id"])
    if found is None and not asked.get("allow_sending_without_reply"):
        raise refused_by_world("message to be replied not found")
    return found


def send_chat_action(world: World, params: Json) -> bool:
    """Typing, and the like."""
    chat = writable_chat(world, params)
    world.tell(Happening.ACTION, chat.id, action=params["action"], message_thread_id=params.get("message_thread_id"))
    return True


def _original(world: World, params: Json, verb: str) -> Stored:
    source = reachable_chat(world, params["from_chat_id"])
    stored = source.messages.get(params["message_id"])
    if stored is None:
        raise refused_by_world(f"message to {verb} not found")
    if stored.json.get("has_protected_content"):
        raise bad_request(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return stored


def _content(stored: Stored) -> Json:
    return {name: value for name, value in stored.json.items() if name not in ENVELOPE}


def copy_message(world: World, params: Json) -> Json:
    """The content again, as the bot's own."""
    content = _content(_original(world, params, "copy"))
    if "caption" in params:
        content = {name: value for name, value in content.items() if not name.startswith("caption")} | caption_content(params)
    return {"message_id": _send(world, params, content)["message_id"]}


def forward_message(world: World, params: Json) -> Json:
    """The message again, with where it came from."""
    stored = _original(world, params, "forward")
    date = stored.json["date"]
    if "sender_chat" in stored.json:
        origin = {"type": "channel", "date": date, "chat": stored.json["sender_chat"], "message_id": stored.id}
    else:
        origin = {"type": "user", "date": date, "sender_user": stored.json["from"]}
    return _send(world, params, _content(stored) | {"forward_origin": origin})


def delete_message(world: World, params: Json) -> bool:
    """The message is gone for everyone."""
    chat = reachable_chat(world, params["chat_id"])
    stored = chat.messages.get(params["message_id"])
    if stored is None:
        raise refused_by_world("message to delete not found")
    if not _may_delete(world, chat, stored):
        raise refused_by_world("message can't be deleted for everyone")
    _remove(world, chat, stored.id)
    return True


def _may_delete(world: World, chat: Chat, stored: Stored) -> bool:
    if is_administrator(world, chat) and "can_delete_messages" not in chat.denied:
        return True
    young = timedelta(seconds=world.timestamp() - stored.json["date"]) <= DELETE_LIFETIME
    return young and (chat.type == "private" or stored.author == world.bot.id)


def _remove(world: World, chat: Chat, message_id: int) -> None:
    del chat.messages[message_id]
    chat.pinned = [number for number in chat.pinned if number != message_id]
    world.tell(Happening.DELETED, chat.id, message_id=message_id)


def delete_messages(world: World, params: Json) -> bool:
    """Several at once; those that are not there are passed over."""
    chat = reachable_chat(world, params["chat_id"])
    found = [chat.messages[number] for number in params["message_ids"] if number in chat.messages]
    if not all(_may_delete(world, chat, stored) for stored in found):
        raise refused_by_world("message can't be deleted for everyone")
    for stored in found:
        _remove(world, chat, stored.id)
    return True


METHODS: Final[Mapping[str, Callable[[World, Json], Any]]] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
