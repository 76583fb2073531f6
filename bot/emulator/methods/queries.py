"""Answers to pressed buttons and to inline queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from bot.emulator.errors import ApiError, bad_request, refused_by_world, would_be_lost
from bot.emulator.limits import CALLBACK_LIFETIME, INLINE_LIFETIME
from bot.emulator.methods.messages import caption_content, location_content, text_content, venue_content
from bot.emulator.state import Happening, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

Json = dict[str, Any]

_UNKNOWN_SIDE: Final = 100
TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"


class _Asked(Protocol):
    at: datetime
    answer: Json | None


def _check_open(world: World, query: _Asked | None, lifetime: timedelta) -> None:
    if query is None or world.clock.now() - query.at > lifetime:
        raise refused_by_world(TOO_OLD)
    if query.answer is not None:
        raise bad_request(TOO_OLD)


def answer_callback(world: World, params: Json) -> bool:
    """A toast, an alert, or the end of the spinner."""
    query = world.callbacks.get(params["callback_query_id"])
    _check_open(world, query, CALLBACK_LIFETIME)
    if query is not None:
        query.answer = {name: value for name, value in params.items() if name != "callback_query_id"}
        world.tell(Happening.CALLBACK_ANSWERED, None, user_id=query.user.id, **params)
    return True


def answer_inline(world: World, params: Json) -> bool:
    """Results to choose from; each is read as the message it would send."""
    query = world.inline_queries.get(params["inline_query_id"])
    _check_open(world, query, INLINE_LIFETIME)
    contents = {result["id"]: _content_of(world, result) for result in params["results"]}
    if query is not None:
        query.answer, query.contents = params, contents
        world.tell(Happening.INLINE_ANSWERED, None, user_id=query.user.id, **params)
    return True


def _content_of(world: World, result: Json) -> Json:
    try:
        if "input_message_content" in result:
            return _message_of(result["input_message_content"])
        return _own_content(world, result)
    except ApiError as error:
        if not error.faulty:
            raise
        reason = error.description.removeprefix("Bad Request: ")
        raise bad_request(f"can't parse inline query result: {reason[0].upper()}{reason[1:]}") from error


def _message_of(content: Json) -> Json:
    if "message_text" in content:
        return text_content(content)
    if "title" in content and "address" in content:
        return venue_content(content)
    if "latitude" in content:
        return location_content(content)
    raise would_be_lost("this input_message_content is not emulated")


def _own_content(world: World, result: Json) -> Json:
    """What a result without input_message_content sends: itself."""
    match result["type"]:
        case "photo" if "photo_file_id" in result:
            return {"photo": world.files.photo(result["photo_file_id"])} | caption_content(result)
        case "photo":
            sides = {"width": result.get("photo_width", _UNKNOWN_SIDE), "height": result.get("photo_height", _UNKNOWN_SIDE)}
            return {"photo": [_remote(result) | sides]} | caption_content(result)
        case "document" if "document_file_id" in result:
            return {"document": world.files.document(result["document_file_id"])} | caption_content(result)
        case "document":
            return {"document": _remote(result) | {"file_name": result["title"]}} | caption_content(result)
        case "location":
            return location_content(result)
        case "venue":
            return venue_content(result)
        case "article":
            raise bad_request('Can\'t find field "input_message_content"')
        case other:
            raise would_be_lost(f"inline results of type {other} are not emulated")


def _remote(result: Json) -> Json:
    """A file that Telegram would fetch from its URL when the result is chosen."""
    return {"file_id": f"remote-{result['id']}", "file_unique_id": f"remote-{result['id']}"}


METHODS: Final[Mapping[str, Callable[[World, Json], Any]]] = {
    "answerCallbackQuery": answer_callback,
    "answerInlineQuery": answer_inline,
}
