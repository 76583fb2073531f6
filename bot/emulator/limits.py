"""Telegram's limits as a table: which field, what must hold, what Telegram says when it does not.

Numbers come from `telegram.constants` where python-telegram-bot knows them. Rules run on fields that are present; a rule with an empty
field sees the whole object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from telegram.constants import (
    BotCommandLimit,
    BotDescriptionLimit,
    BotNameLimit,
    BulkRequestLimit,
    CallbackQueryLimit,
    FileSizeLimit,
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    InlineQueryLimit,
    InlineQueryResultLimit,
    InlineQueryResultsButtonLimit,
    LocationLimit,
    WebhookLimit,
)

from bot.emulator.errors import bad_request, would_be_lost
from bot.emulator.formatting import utf16

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CALLBACK_LIFETIME: Final = timedelta(minutes=5)
"""Telegram publishes no figure; answers later than some minutes are refused."""
INLINE_LIFETIME: Final = timedelta(seconds=30)
DELETE_LIFETIME: Final = timedelta(hours=48)
"""A bot may delete its own message in a group or private chat for this long."""
UPDATE_LIFETIME: Final = timedelta(hours=24)
MAX_UPLOAD: Final = int(FileSizeLimit.FILESIZE_UPLOAD)
MAX_DOWNLOAD: Final = int(FileSizeLimit.FILESIZE_DOWNLOAD)
MAX_PHOTO: Final = 10 * 2**20
"""TDLib counts binary megabytes: https://github.com/tdlib/td/blob/master/td/telegram/files/FileLoaderUtils.cpp."""
MAX_PHOTO_SIDES: Final = 10_000
MAX_PHOTO_RATIO: Final = 20
MAX_PENDING: Final = 100
MAX_KEYBOARD_BYTES: Final = 10_240

MISSING: Final[Mapping[str, str]] = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "from_chat_id": "from_chat_id is empty",
    "action": "wrong parameter action in request",
    "file_id": "file_id not specified",
    "media": "media must be specified",
}
"""What Telegram says when a required parameter is absent, where it has words of its own for it."""

ACTIONS: Final = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
]

URL_BUTTON_SCHEMES: Final = frozenset({"http", "https", "tg", "ton"})
BUTTON_ACTIONS: Final = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


@dataclass(frozen=True)
class Rule:
    """`error` may name the value as `{value}`; `lost` marks what Telegram accepts in silence and drops."""

    field: str
    holds: Callable[[Any], bool]
    error: str
    lost: bool = False

    def check(self, found: Mapping[str, Any]) -> None:
        """Raise ApiError unless the rule holds."""
        value = found if not self.field else found.get(self.field)
        if value is None or self.holds(value):
            return
        text = self.error.format(value=value)
        raise would_be_lost(text) if self.lost else bad_request(text)


def units(low: int, high: int) -> Callable[[str], bool]:
    """UTF-16 length between the two, inclusive."""
    return lambda value: low <= utf16(value) <= high


def octets(low: int, high: int) -> Callable[[str], bool]:
    """Length in bytes of UTF-8 between the two, inclusive."""
    return lambda value: low <= len(value.encode()) <= high


def count(low: int, high: int) -> Callable[[list[Any]], bool]:
    """Number of items between the two, inclusive."""
    return lambda value: low <= len(value) <= high


def between(low: float, high: float) -> Callable[[float], bool]:
    """A number between the two, inclusive."""
    return lambda value: low <= value <= high


def matches(pattern: str) -> Callable[[str], bool]:
    """The whole string matches."""
    return lambda value: re.fullmatch(pattern, value) is not None


def _web_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and ("." in str(parts.hostname) or _is_loopback(value))


def _is_loopback(value: str) -> bool:
    return urlsplit(value).hostname in {"localhost", "127.0.0.1", "::1"}


def _button_scheme(value: str) -> bool:
    scheme, mark, _ = value.partition("://")
    return not mark or scheme.lower() in URL_BUTTON_SCHEMES


def _button_host(value: str) -> bool:
    scheme, mark, rest = value.partition("://")
    if mark and scheme.lower() in {"tg", "ton"}:
        return bool(rest)
    return _web_url(value if mark else f"http://{value}")


def _start_parameter(value: str) -> bool:
    """Clients open a deep link only when its parameter has up to 64 of the allowed characters."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return True  # Another rule refuses it.
    if parts.hostname not in {"t.me", "telegram.me"}:
        return True
    asked = parse_qs(parts.query, keep_blank_values=True)
    found = [item for name in ("start", "startgroup", "startapp") for item in asked.get(name, [])]
    return all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", item) or (not item and "startgroup" in asked) for item in found)


def _actions(button: Mapping[str, Any]) -> list[str]:
    return [name for name in BUTTON_ACTIONS if name in button]


def _has_action(button: Mapping[str, Any]) -> bool:
    return bool(_actions(button)) and button.get("callback_data") != ""


def _buttons(rows: list[list[Any]]) -> int:
    return sum(len(row) for row in rows)


def _unique_ids(results: list[dict[str, Any]]) -> bool:
    ids = [result.get("id") for result in results]
    return len(ids) == len(set(ids))


def _unique_commands(commands: list[dict[str, Any]]) -> bool:
    names = [command["command"] for command in commands]
    return len(names) == len(set(names))


def _language(value: str) -> bool:
    return value == "" or re.fullmatch(r"[a-z]{2}", value) is not None


def _webhook_url(value: str) -> bool:
    return not value or value.startswith("https://") or (value.startswith("http://") and _is_loopback(value))


def _webhook_port(value: str) -> bool:
    port = urlsplit(value).port
    return not value or _is_loopback(value) or port is None or port in {443, 80, 88, 8443}


_INLINE_TEXT: Final = "can't parse inline query result: "
_LOCATION: Final = (
    Rule("latitude", between(-90, 90), "wrong latitude specified"),
    Rule("longitude", between(-180, 180), "wrong longitude specified"),
    Rule("horizontal_accuracy", between(0, LocationLimit.HORIZONTAL_ACCURACY), "wrong horizontal accuracy specified"),
    Rule("heading", between(LocationLimit.MIN_HEADING, LocationLimit.MAX_HEADING), "wrong live location heading specified"),
)
_RESULT: Final = (
    Rule("id", octets(1, 10**6), "RESULT_ID_EMPTY"),
    Rule("id", octets(InlineQueryResultLimit.MIN_ID_LENGTH, InlineQueryResultLimit.MAX_ID_LENGTH), "RESULT_ID_INVALID"),
    Rule("thumbnail_url", _web_url, "WEBDOCUMENT_URL_INVALID"),
)

OBJECT_RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "InlineKeyboardButton": (
        Rule("text", lambda value: bool(value.strip()), "inline keyboard button text must be non-empty"),
        Rule("", _has_action, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        Rule("", lambda value: len(_actions(value)) == 1, "inline keyboard button has several actions; Telegram keeps one", lost=True),
        Rule("callback_data", octets(1, InlineKeyboardButtonLimit.MAX_CALLBACK_DATA), "BUTTON_DATA_INVALID"),
        Rule("url", _button_scheme, "inline keyboard button URL '{value}' is invalid: Unsupported URL protocol"),
        Rule("url", _button_host, "inline keyboard button URL '{value}' is invalid: Wrong HTTP URL"),
        Rule("url", _start_parameter, "the start parameter of {value} is not 1-64 of A-Z a-z 0-9 _ -", lost=True),
        Rule("switch_inline_query", units(0, 256), "switch_inline_query is longer than 256 characters", lost=True),
        Rule(
            "switch_inline_query_current_chat", units(0, 256), "switch_inline_query_current_chat is longer than 256 characters", lost=True
        ),
    ),
    "CopyTextButton": (
        Rule("text", units(InlineKeyboardButtonLimit.MIN_COPY_TEXT, InlineKeyboardButtonLimit.MAX_COPY_TEXT), "BUTTON_COPY_TEXT_INVALID"),
    ),
    "WebAppInfo": (
        Rule("url", matches(r"https://.+"), "inline keyboard button Web App URL '{value}' is invalid: Only HTTPS links are allowed"),
    ),
    "InlineKeyboardMarkup": (
        Rule("inline_keyboard", lambda rows: _buttons(rows) <= InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER, "reply markup is too long"),
        Rule(
            "inline_keyboard",
            lambda rows: all(len(row) <= InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in rows),
            f"a row has more than {InlineKeyboardMarkupLimit.BUTTONS_PER_ROW:d} buttons",
            lost=True,
        ),
        Rule("inline_keyboard", lambda rows: len(str(rows).encode()) <= MAX_KEYBOARD_BYTES, "reply markup is too long"),
    ),
    "KeyboardButton": (Rule("text", lambda value: bool(value.strip()), "keyboard button text must be non-empty"),),
    "ReplyKeyboardMarkup": (
        Rule("keyboard", lambda rows: _buttons(rows) <= 300, "reply markup is too long"),  # noqa: PLR2004
        Rule("keyboard", lambda rows: _buttons(rows) > 0, "reply keyboard markup has no buttons", lost=True),
        Rule("input_field_placeholder", units(1, 64), "input_field_placeholder is not of 1-64 characters", lost=True),
    ),
    "BotCommand": (
        Rule("command", matches(rf"/?[a-z0-9_]{{{BotCommandLimit.MIN_COMMAND:d},{BotCommandLimit.MAX_COMMAND:d}}}"), "BOT_COMMAND_INVALID"),
        Rule("description", units(BotCommandLimit.MIN_DESCRIPTION, BotCommandLimit.MAX_DESCRIPTION), "BOT_COMMAND_DESCRIPTION_INVALID"),
    ),
    "InlineQueryResultsButton": (
        Rule("", lambda value: ("start_parameter" in value) != ("web_app" in value), "BUTTON_TYPE_INVALID"),
        Rule("text", lambda value: bool(value.strip()), "SWITCH_PM_TEXT_EMPTY"),
        Rule("start_parameter", bool, "START_PARAM_EMPTY"),
        Rule(
            "start_parameter",
            matches(rf"[A-Za-z0-9_-]{{1,{InlineQueryResultsButtonLimit.MAX_START_PARAMETER_LENGTH:d}}}"),
            "START_PARAM_INVALID",
        ),
    ),
    "InlineQueryResultArticle": (
        *_RESULT,
        Rule("title", lambda value: bool(value.strip()), "ARTICLE_TITLE_EMPTY"),
        Rule("url", _web_url, "ARTICLE_URL_INVALID"),
    ),
    "InlineQueryResultPhoto": (*_RESULT, Rule("photo_url", _web_url, "PHOTO_CONTENT_URL_INVALID")),
    "InlineQueryResultCachedPhoto": _RESULT,
    "InlineQueryResultDocument": (
        *_RESULT,
        Rule("document_url", _web_url, "WEBDOCUMENT_URL_INVALID"),
        Rule("mime_type", lambda value: value in {"application/pdf", "application/zip"}, "DOCUMENT_MIME_TYPE_INVALID"),
    ),
    "InlineQueryResultLocation": (*_RESULT, *_LOCATION),
    "InlineQueryResultVenue": (*_RESULT, *_LOCATION),
    "InputLocationMessageContent": _LOCATION,
    "InputVenueMessageContent": _LOCATION,
    "MessageEntity": (
        Rule("offset", lambda value: value >= 0, "ENTITY_BOUNDS_INVALID"),
        Rule("length", lambda value: value > 0, "ENTITY_BOUNDS_INVALID"),
    ),
    "ReplyParameters": (Rule("message_id", lambda value: value > 0, "message to be replied not found"),),
    "LinkPreviewOptions": (Rule("url", _web_url, "WEBPAGE_URL_INVALID"),),
}

_CHAT: Final = (Rule("chat_id", lambda value: value not in {"", 0}, "chat_id is empty"),)

PARAMETER_RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "sendChatAction": (Rule("action", lambda value: value in ACTIONS, "wrong parameter action in request"),),
    "sendLocation": (
        *_LOCATION,
        Rule("live_period", lambda value: between(60, 86_400)(value) or value == 0x7FFFFFFF, "wrong live location period specified"),  # noqa: PLR2004
    ),
    "sendVenue": (*_LOCATION, Rule("title", bool, "VENUE_TITLE_EMPTY")),
    "answerCallbackQuery": (
        Rule("text", units(0, CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH), "MESSAGE_TOO_LONG"),
        Rule("url", matches(r"(?:tg|https?)://.+"), "URL_INVALID"),
        Rule("cache_time", lambda value: value >= 0, "cache_time must be non-negative"),
    ),
    "answerInlineQuery": (
        Rule("results", count(0, InlineQueryLimit.RESULTS), "RESULTS_TOO_MUCH"),
        Rule("results", _unique_ids, "RESULT_ID_DUPLICATE"),
        Rule("next_offset", octets(0, InlineQueryLimit.MAX_OFFSET_LENGTH), "NEXT_OFFSET_INVALID"),
        Rule("cache_time", lambda value: value >= 0, "cache_time must be non-negative"),
    ),
    "setMyCommands": (
        Rule("commands", count(0, BotCommandLimit.MAX_COMMAND_NUMBER), "BOT_COMMANDS_TOO_MUCH"),
        Rule("commands", _unique_commands, "two commands have the same name; Telegram shows both", lost=True),
        Rule("language_code", _language, "invalid language code specified"),
    ),
    "getMyCommands": (Rule("language_code", _language, "invalid language code specified"),),
    "deleteMyCommands": (Rule("language_code", _language, "invalid language code specified"),),
    "setMyDescription": (
        Rule("description", units(0, BotDescriptionLimit.MAX_DESCRIPTION_LENGTH), "BOT_DESCRIPTION_TOO_LONG"),
        Rule("language_code", _language, "invalid language code specified"),
    ),
    "setMyShortDescription": (
        Rule("short_description", units(0, BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH), "BOT_SHORT_DESCRIPTION_TOO_LONG"),
        Rule("language_code", _language, "invalid language code specified"),
    ),
    "setMyName": (
        Rule("name", units(0, BotNameLimit.MAX_NAME_LENGTH), "BOT_TITLE_INVALID"),
        Rule("language_code", _language, "invalid language code specified"),
    ),
    "setWebhook": (
        Rule("url", _webhook_url, "bad webhook: An HTTPS URL must be provided for webhook"),
        Rule("url", _webhook_port, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        Rule("secret_token", octets(0, WebhookLimit.MAX_SECRET_TOKEN_LENGTH), "secret token is too long"),
        Rule("secret_token", matches(r"[A-Za-z0-9_-]*"), "secret token contains unallowed characters"),
        Rule(
            "max_connections",
            between(WebhookLimit.MIN_CONNECTIONS_LIMIT, WebhookLimit.MAX_CONNECTIONS_LIMIT),
            "max_connections is not between 1 and 100",
            lost=True,
        ),
    ),
    "deleteMessages": (
        Rule("message_ids", count(BulkRequestLimit.MIN_LIMIT, BulkRequestLimit.MAX_LIMIT), "too many message identifiers specified"),
    ),
    "getUpdates": (
        Rule("timeout", lambda value: value >= 0, "timeout must be non-negative"),
        Rule("limit", between(1, 100), "limit is not between 1 and 100", lost=True),
    ),
    "setMessageReaction": (Rule("reaction", count(0, 1), "REACTIONS_TOO_MANY"),),
}


def check_object(name: str, found: Mapping[str, Any]) -> None:
    """Raise ApiError when an object of class `name` breaks a limit."""
    for rule in OBJECT_RULES.get(name, ()):
        rule.check(found)


def check_parameters(method: str, params: Mapping[str, Any]) -> None:
    """Raise ApiError when the parameters of `method` break a limit."""
    for rule in (*_CHAT, *PARAMETER_RULES.get(method, ())):
        rule.check(params)
