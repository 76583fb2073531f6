"""Editing messages, in chats and those sent by inline queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.emulator.access import own_message
from bot.emulator.errors import bad_request
from bot.emulator.methods.messages import ENVELOPE, caption_content, document_content, photo_content, text_content
from bot.emulator.state import Chat, Happening, Stored, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json = dict[str, Any]

NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup "
    "of the message"
)
MEDIA: Final = frozenset({"photo", "document", "video", "audio", "animation"})


def edit_text(world: World, params: Json) -> Json | bool:
    """Another text."""
    chat, stored = own_message(world, params)
    content = text_content(params)
    if "text" not in stored.json:
        raise bad_request("there is no text in the message to edit")
    return _change(world, chat, stored, content, params)


def edit_caption(world: World, params: Json) -> Json | bool:
    """Another caption, or none."""
    chat, stored = own_message(world, params)
    if not stored.json.keys() & MEDIA:
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in _content(stored).items() if "caption" not in name}
    return _change(world, chat, stored, kept | caption_content(params), params)


def edit_media(world: World, params: Json) -> Json | bool:
    """Another photo or document in the same message."""
    chat, stored = own_message(world, params)
    media = params["media"]
    match media["type"]:
        case "photo":
            content = photo_content(world, media | {"photo": media["media"]})
        case "document":
            content = document_content(world, media | {"document": media["media"]})
        case other:
            raise bad_request(f"[strict] media of type {other} is not emulated")
    if chat is None and not isinstance(media["media"], str):
        raise bad_request("can't upload file in inline message; use file_id or URL")
    return _change(world, chat, stored, content, params)


def edit_markup(world: World, params: Json) -> Json | bool:
    """Other buttons under the same content."""
    chat, stored = own_message(world, params)
    return _change(world, chat, stored, _content(stored), params)


def _content(stored: Stored) -> Json:
    return {name: value for name, value in stored.json.items() if name not in ENVELOPE}


def _change(world: World, chat: Chat | None, stored: Stored, content: Json, params: Json) -> Json | bool:
    """Put content and markup; markup that is not given is taken away."""
    markup = params.get("reply_markup")
    if not (markup or {}).get("inline_keyboard"):
        markup = None
    before = _content(stored)
    if content == before and markup == stored.json.get("reply_markup"):
        raise bad_request(NOT_MODIFIED)
    kept = {name: value for name, value in stored.json.items() if name in ENVELOPE and name != "reply_markup"}
    edited = {"edit_date": world.timestamp()} if content != before else {}
    stored.json = kept | content | edited | ({"reply_markup": markup} if markup else {})
    stored.markup = markup
    world.tell(Happening.EDITED, chat.id if chat else None, message=stored.json, inline_message_id=params.get("inline_message_id"))
    return stored.json if chat is not None else True


METHODS: Final[Mapping[str, Callable[[World, Json], Any]]] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
}
