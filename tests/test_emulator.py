from __future__ import annotations

import asyncio
import html
import inspect
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import telegram
from aiohttp import ClientSession, FormData, web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, InlineQueryHandler, MessageHandler, filters

from bot.emulator import (
    ApiError,
    BotApi,
    Chat,
    ConnectionCut,
    Cut,
    Event,
    Happening,
    ImpossibleAct,
    Mood,
    Slow,
    Unreachable,
    Upload,
    User,
    forbidden,
    server_error,
    too_many_requests,
)
from bot.emulator.formatting import Text, parse_html, utf16
from bot.emulator.http import application as http_front
from bot.emulator.methods import EMULATED
from bot.emulator.signatures import methods, signature_of
from bot.transport import AnswerTimedOut, NeverSent, PerhapsSent
from tests.fakes.clock import FakeClock
from tests.fakes.telegram import EmulatedRequest, RunningBot, assert_valid, new_telegram, sent
from tests.fakes.updates import ADA, ADMIN, FATIMA, LESIA, STRANGER, inline, message, press

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

Json = dict[str, Any]
App = Application[Any, Any, Any, Any, Any, Any]

FORUM, BASIC, CHANNEL, GONE, MUTED, READ_ONLY = -1_001, -1_002, -1_003, -1_004, -1_005, -1_006
OPEN_TOPIC, CLOSED_TOPIC = 2, 3
SHOWN, PICTURE = 2, 3
"""The bot's messages in the private chat: text with buttons, and a photo. Message 1 is the person's own."""


def png(width: int = 100, height: int = 80) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")


def keyboard(*buttons: Json) -> Json:
    return {"inline_keyboard": [[button] for button in buttons]}


def button(**fields: Any) -> Json:
    return {"text": "Go", "callback_data": "go"} | fields


def article(**fields: Any) -> Json:
    return {"type": "article", "id": "1", "title": "Nikopol", "input_message_content": {"message_text": "Nikopol"}} | fields


def without(thing: Json, name: str) -> Json:
    return {key: value for key, value in thing.items() if key != name}


async def furnished() -> BotApi:
    """A Telegram with a private chat, a forum, and chats that cannot be written to, each in its own way."""
    core = new_telegram()
    core.says(None, LESIA, "hello")
    await core.call("sendMessage", {"chat_id": LESIA.id, "text": "Shown", "reply_markup": keyboard(button())})
    await core.call("sendPhoto", {"chat_id": LESIA.id, "caption": "Map"}, {"photo": Upload("map.png", png())})
    forum = core.group("Forum", [ADMIN, ADA], id=FORUM, topics=["Open", "Closed"])
    core.closes_topic(forum, CLOSED_TOPIC)
    core.group("Basic", [ADMIN], id=BASIC, kind="group")
    core.channel("Read only", id=CHANNEL, bot="member")
    core.group("Gone", [ADMIN], id=GONE, bot="kicked")
    core.group("Muted", [ADMIN], id=MUTED).denied.add("can_send_messages")
    core.group("No pictures", [ADMIN], id=READ_ONLY).denied.add("can_send_photos")
    core.types_inline(LESIA, "nik")
    core.presses(LESIA, core.chats[LESIA.id].messages[SHOWN], "Go")
    core.updates.clear()
    core.log.clear()
    return core


CALLBACK, INLINE = str(10**17), str(2 * 10**17)

TO = {"chat_id": LESIA.id}
SAY = TO | {"text": "Hello"}
EDIT = TO | {"message_id": SHOWN}
CAN_T = "can't parse entities: "


def say(text: str, **fields: Any) -> tuple[str, Json]:
    return "sendMessage", TO | {"text": text, "parse_mode": "HTML"} | fields


def say_to(chat: object, **fields: Any) -> tuple[str, Json]:
    return "sendMessage", {"chat_id": chat, "text": "Hello"} | fields


def with_button(**fields: Any) -> tuple[str, Json]:
    return "sendMessage", SAY | {"reply_markup": keyboard(button(**fields))}


def linked(url: str) -> tuple[str, Json]:
    return "sendMessage", SAY | {"reply_markup": keyboard({"text": "Go", "url": url})}


def results(*items: Json, **fields: Any) -> tuple[str, Json]:
    return "answerInlineQuery", {"inline_query_id": INLINE, "results": list(items)} | fields


def commands(*items: Json, **fields: Any) -> tuple[str, Json]:
    return "setMyCommands", {"commands": list(items)} | fields


def command(name: str = "city", description: str = "A city") -> Json:
    return {"command": name, "description": description}


WRONG: list[tuple[tuple[str, Json], int, str]] = [
    # Methods, parameters, types.
    (("sendMesage", SAY), 404, "Not Found"),
    (("sendDice", TO), 404, "Not Found: method sendDice is not emulated"),
    (("sendMessage", {"text": "Hello"}), 400, "chat_id is empty"),
    (("sendMessage", TO), 400, "message text is empty"),
    (("sendMessage", SAY | {"colour": "red"}), 400, '[strict] method sendMessage has no parameter "colour"'),
    (
        ("sendMessage", SAY | {"disable_web_page_preview": True}),
        400,
        '[strict] method sendMessage has no parameter "disable_web_page_preview"',
    ),
    (("sendMessage", SAY | {"text": 5}), 400, 'parameter "text" must be of type String'),
    (("sendMessage", SAY | {"disable_notification": "maybe"}), 400, 'parameter "disable_notification" must be of type Boolean'),
    (("sendMessage", SAY | {"message_thread_id": "first"}), 400, 'parameter "message_thread_id" must be of type Integer'),
    (("sendMessage", SAY | {"reply_markup": "{broken"}), 400, "can't parse reply markup JSON object"),
    (("sendMessage", SAY | {"reply_markup": []}), 400, "object expected as reply markup"),
    (("answerInlineQuery", {"inline_query_id": INLINE}), 400, 'parameter "results" is required'),
    (("deleteMessage", TO), 400, "message identifier is not specified"),
    (("logOut", {}), 429, "Too Many Requests: retry after 600"),
    # Text.
    (say(""), 400, "message text is empty"),
    (say(" \n "), 400, "message text is empty"),
    (say("<b></b>"), 400, "message text is empty"),
    (say("x" * 4097), 400, "message is too long"),
    (say("😀" * 2049), 400, "message is too long"),
    (say("x", parse_mode="BBCode"), 400, "unsupported parse_mode"),
    (say("x", parse_mode="MarkdownV2"), 400, "[strict] parse_mode MarkdownV2 is not emulated: the bot writes HTML"),
    (say("<b>x</b>" * 101), 400, "[strict] more than 100 entities; Telegram ignores the rest"),
    (say("\ud800"), 400, "strings must be encoded in UTF-8"),
    (("sendMessage", SAY | {"entities": [{"type": "bold", "offset": 3, "length": 9}]}), 400, "ENTITY_BOUNDS_INVALID"),
    (("sendMessage", SAY | {"entities": [{"type": "bold", "offset": 0, "length": 0}]}), 400, "ENTITY_BOUNDS_INVALID"),
    (("sendMessage", SAY | {"entities": [{"type": "bold", "offset": 0}]}), 400, "can't parse message entity: Can't find field \"length\""),
    # HTML.
    (say("<br>"), 400, CAN_T + 'Unsupported start tag "br" at byte offset 0'),
    (say("Є 1 < 2"), 400, CAN_T + 'Unsupported start tag "" at byte offset 5'),
    (say("x <b"), 400, CAN_T + "Unclosed start tag at byte offset 2"),
    (say("<b>x"), 400, CAN_T + 'Can\'t find end tag corresponding to start tag "b"'),
    (say("x</b>"), 400, CAN_T + "Unexpected end tag at byte offset 1"),
    (say("<b>x</b"), 400, CAN_T + "Unclosed end tag at byte offset 4"),
    (say("<b>ж<i>x</b></i>"), 400, CAN_T + 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
    (say("<span>x</span>"), 400, CAN_T + 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    (say('<a ="x">y</a>'), 400, CAN_T + 'Empty attribute name in the tag "a" at byte offset 0'),
    (say('<a href="x"'), 400, CAN_T + "Unclosed start tag at byte offset 0"),
    (say("<a href"), 400, CAN_T + 'Unclosed start tag "a" at byte offset 0'),
    (say("<a href=x/>y</a>"), 400, CAN_T + "Unexpected end of name token at byte offset 8"),
    (say('<a href="/city">x</a>'), 400, "[strict] the link '/city' is not a URL that Telegram keeps"),
    (say('<tg-emoji emoji-id="x">y</tg-emoji>'), 400, "Invalid custom emoji identifier specified"),
    # Where to.
    (say_to(999), 400, "chat not found"),
    (say_to("@nobody"), 400, "chat not found"),
    (say_to("somewhere"), 400, "chat not found"),
    (say_to(0), 400, "chat_id is empty"),
    (say_to(ADA.id), 403, "Forbidden: bot can't initiate conversation with a user"),
    (say_to(GONE), 403, "Forbidden: bot was kicked from the supergroup chat"),
    (say_to(CHANNEL), 400, "need administrator rights in the channel chat"),
    (say_to(MUTED), 400, "not enough rights to send text messages to the chat"),
    (say_to(FORUM, message_thread_id=CLOSED_TOPIC), 400, "TOPIC_CLOSED"),
    (say_to(FORUM, message_thread_id=77), 400, "message thread not found"),
    (say_to(FORUM, message_thread_id=1), 400, "message thread not found"),
    (say_to(LESIA.id, message_thread_id=5), 400, "message thread not found"),
    (say_to(LESIA.id, reply_parameters={"message_id": 77}), 400, "message to be replied not found"),
    # Buttons.
    (with_button(text=" "), 400, "inline keyboard button text must be non-empty"),
    (with_button(text=5), 400, 'can\'t parse inline keyboard button: Field "text" must be of type String'),
    (with_button(callback_data=""), 400, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    (with_button(callback_data="є" * 33), 400, "BUTTON_DATA_INVALID"),
    (with_button(url="https://uil.unesco.org"), 400, "[strict] inline keyboard button has several actions; Telegram keeps one"),
    (with_button(url=None), 400, 'can\'t parse inline keyboard button: Field "url" must be of type String'),
    (with_button(colour="red"), 400, '[strict] inline keyboard button has no field "colour"'),
    (linked("ftp://unesco.org"), 400, "inline keyboard button URL 'ftp://unesco.org' is invalid: Unsupported URL protocol"),
    (linked("https://unesco"), 400, "inline keyboard button URL 'https://unesco' is invalid: Wrong HTTP URL"),
    (
        linked("https://t.me/a_bot?start=a=b"),
        400,
        "[strict] the start parameter of https://t.me/a_bot?start=a=b is not 1-64 of A-Z a-z 0-9 _ -",
    ),
    (("sendMessage", SAY | {"reply_markup": keyboard(*[button()] * 101)}), 400, "reply markup is too long"),
    (("sendMessage", SAY | {"reply_markup": {"inline_keyboard": [[button()] * 9]}}), 400, "[strict] a row has more than 8 buttons"),
    (
        ("sendMessage", SAY | {"reply_markup": {"inline_keyboard": [button()]}}),
        400,
        'can\'t parse inline keyboard markup: Field "inline_keyboard" must be of type Array',
    ),
    (
        ("sendMessage", SAY | {"reply_markup": {"force_reply": False}}),
        400,
        "can't parse inline keyboard markup: Can't find field \"inline_keyboard\"",
    ),
    # Files, places.
    (("sendPhoto", TO), 400, "there is no photo in the request"),
    (("sendPhoto", TO | {"photo": "attach://map"}), 400, "wrong file identifier/HTTP URL specified"),
    (("sendPhoto", TO | {"photo": "unknown-id"}), 400, "wrong file identifier/HTTP URL specified"),
    (("sendPhoto", TO | {"photo": "https://example.org/map.png"}), 400, "failed to get HTTP URL content"),
    (("sendPhoto", {"chat_id": READ_ONLY, "photo": "photos-1"}), 400, "wrong file identifier/HTTP URL specified"),
    (("sendLocation", TO | {"latitude": 91, "longitude": 0}), 400, "wrong latitude specified"),
    (("sendLocation", TO | {"latitude": 0}), 400, "longitude is empty"),
    (("sendVenue", TO | {"latitude": 0, "longitude": 0, "address": "x"}), 400, "VENUE_TITLE_EMPTY"),
    (("sendChatAction", TO | {"action": "thinking"}), 400, "wrong parameter action in request"),
    (("getFile", {"file_id": "x"}), 400, "invalid file_id"),
    # Editing, deleting.
    (("editMessageText", EDIT | {"text": "Shown", "reply_markup": keyboard(button())}), 400, "message is not modified: "),
    (("editMessageReplyMarkup", EDIT | {"reply_markup": keyboard(button())}), 400, "message is not modified: "),
    (("editMessageText", EDIT | {"text": "x" * 4097}), 400, "message is too long"),
    (("editMessageText", TO | {"message_id": 77, "text": "x"}), 400, "message to edit not found"),
    (("editMessageText", TO | {"message_id": 1, "text": "x"}), 400, "message can't be edited"),
    (("editMessageText", TO | {"text": "x"}), 400, "message identifier is not specified"),
    (("editMessageText", TO | {"message_id": PICTURE, "text": "x"}), 400, "there is no text in the message to edit"),
    (("editMessageCaption", EDIT | {"caption": "x"}), 400, "there is no caption in the message to edit"),
    (("editMessageCaption", TO | {"message_id": PICTURE, "caption": "x" * 1025}), 400, "message caption is too long"),
    (("editMessageMedia", EDIT | {"media": {"type": "video", "media": "x"}}), 400, "[strict] media of type video is not emulated"),
    (("editMessageMedia", EDIT | {"media": {"type": "photo", "media": "x"}}), 400, "wrong file identifier/HTTP URL specified"),
    (("close", {}), 400, "[strict] close is for moving a bot between local servers"),
    (("editMessageText", {"inline_message_id": "x", "text": "x"}), 400, "MESSAGE_ID_INVALID"),
    (("deleteMessage", TO | {"message_id": 77}), 400, "message to delete not found"),
    (("deleteMessages", TO | {"message_ids": list(range(101))}), 400, "too many message identifiers specified"),
    (("copyMessage", TO | {"from_chat_id": LESIA.id, "message_id": 77}), 400, "message to copy not found"),
    (("forwardMessage", TO | {"from_chat_id": LESIA.id, "message_id": 77}), 400, "message to forward not found"),
    # Queries.
    (("answerCallbackQuery", {"callback_query_id": "1"}), 400, "query is too old and response timeout expired or query ID is invalid"),
    (("answerCallbackQuery", {"callback_query_id": CALLBACK, "text": "x" * 201}), 400, "MESSAGE_TOO_LONG"),
    (
        ("answerInlineQuery", {"inline_query_id": "1", "results": []}),
        400,
        "query is too old and response timeout expired or query ID is invalid",
    ),
    (results(*[article(id=str(number)) for number in range(51)]), 400, "RESULTS_TOO_MUCH"),
    (results(article(), article()), 400, "RESULT_ID_DUPLICATE"),
    (results(article(id="")), 400, "RESULT_ID_EMPTY"),
    (results(article(id="x" * 65)), 400, "RESULT_ID_INVALID"),
    (results(article(title="")), 400, "ARTICLE_TITLE_EMPTY"),
    (results(article(type="poem")), 400, 'can\'t parse inline query result: type "poem" is unsupported'),
    (results(without(article(), "title")), 400, "can't parse inline query result article: Can't find field \"title\""),
    (results(article(), next_offset="x" * 65), 400, "NEXT_OFFSET_INVALID"),
    (results(article(), cache_time=-1), 400, "cache_time must be non-negative"),
    (results(article(thumbnail_url="nowhere")), 400, "WEBDOCUMENT_URL_INVALID"),
    (results(article(reply_markup=keyboard(button(callback_data="x" * 65)))), 400, "BUTTON_DATA_INVALID"),
    (
        results(article(input_message_content={"message_text": "<b>", "parse_mode": "HTML"})),
        400,
        "can't parse inline query result: Can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (results(button={"text": "Start", "start_parameter": "a b"}), 400, "START_PARAM_INVALID"),
    (results(button={"text": "Start", "start_parameter": "x" * 65}), 400, "START_PARAM_INVALID"),
    (results(button={"text": "Start"}), 400, "BUTTON_TYPE_INVALID"),
    # The bot's page.
    (commands(command("City")), 400, "BOT_COMMAND_INVALID"),
    (commands(command("x" * 33)), 400, "BOT_COMMAND_INVALID"),
    (commands(command(description="")), 400, "BOT_COMMAND_DESCRIPTION_INVALID"),
    (commands(command(description="x" * 257)), 400, "BOT_COMMAND_DESCRIPTION_INVALID"),
    (commands(*[command(f"c{number}") for number in range(101)]), 400, "BOT_COMMANDS_TOO_MUCH"),
    (commands(command(), language_code="ukr"), 400, "invalid language code specified"),
    (commands(command(), scope={"type": "everywhere"}), 400, 'can\'t parse bot command scope: type "everywhere" is unsupported'),
    (commands(command(), scope={"type": "chat", "chat_id": 999}), 400, "chat not found"),
    (("setMyDescription", {"description": "x" * 513}), 400, "BOT_DESCRIPTION_TOO_LONG"),
    (("setMyShortDescription", {"short_description": "x" * 121}), 400, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
    (("setMyName", {"name": "x" * 65}), 400, "BOT_TITLE_INVALID"),
    (
        results({"type": "article", "id": "1", "title": "x"}),
        400,
        "can't parse inline query result article: Can't find field \"input_message_content\"",
    ),
    (
        results({"type": "photo", "id": "1", "photo_file_id": "x"}),
        400,
        "can't parse inline query result: Wrong file identifier/HTTP URL specified",
    ),
    (results({"type": "photo", "id": "1", "photo_url": "x", "thumbnail_url": "https://unesco.org/t"}), 400, "PHOTO_CONTENT_URL_INVALID"),
    (
        results({"type": "gif", "id": "1", "gif_file_id": "x"}),
        400,
        "can't parse inline query result: [strict] inline results of type gif are not emulated",
    ),
    (
        results(article(input_message_content={"phone_number": "1", "first_name": "x"})),
        400,
        "can't parse inline query result: [strict] this input_message_content is not emulated",
    ),
    # Chats.
    (("pinChatMessage", TO | {"message_id": 77}), 400, "message to pin not found"),
    (("unpinChatMessage", TO), 400, "message to unpin not found"),
    (("setMessageReaction", TO | {"message_id": 77}), 400, "message to react not found"),
    (("sendMessage", SAY | {"link_preview_options": 1}), 400, "object expected as link preview options"),
    (("deleteMessages", TO | {"message_ids": 1}), 400, 'parameter "message_ids" must be of type Array'),
    (
        ("sendMessage", {"chat_id": FORUM, "text": "x", "reply_markup": {"keyboard": [[{"text": "x", "request_location": True}]]}}),
        400,
        "location can be requested in private chats only",
    ),
    (
        ("sendMessage", SAY | {"reply_markup": keyboard({"text": "Go", "web_app": {"url": "http://example.org"}})}),
        400,
        "inline keyboard button Web App URL 'http://example.org' is invalid: Only HTTPS links are allowed",
    ),
    (("pinChatMessage", {"chat_id": FORUM, "message_id": 2}), 400, "not enough rights to manage pinned messages in the chat"),
    (("getChatAdministrators", TO), 400, "there are no administrators in the private chat"),
    (("getChatMember", TO | {"user_id": 5}), 400, "user not found"),
    (("leaveChat", TO), 400, "chat member status can't be changed in private chats"),
    (("setMessageReaction", EDIT | {"reaction": [{"type": "emoji", "emoji": "🥔"}]}), 400, "REACTION_INVALID"),
    # Webhooks.
    (("setWebhook", {"url": "http://example.org"}), 400, "bad webhook: An HTTPS URL must be provided for webhook"),
    (("setWebhook", {"url": "https://example.org:1234"}), 400, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
    (("setWebhook", {"url": "https://example.org", "secret_token": "a b"}), 400, "secret token contains unallowed characters"),
    (("setWebhook", {"url": "https://example.org", "secret_token": "x" * 257}), 400, "secret token is too long"),
]


@pytest.mark.parametrize(("request_", "code", "expected"), WRONG, ids=[f"{row[0][0]}-{row[2][:40]}" for row in WRONG])
async def test_a_wrong_request_is_refused_as_telegram_does(request_: tuple[str, Json], code: int, expected: str) -> None:
    core = await furnished()

    with pytest.raises(ApiError) as refusal:
        await core.call(*request_)

    description = refusal.value.description.removeprefix("Bad Request: ")
    assert refusal.value.code == code
    assert description.startswith(expected) if expected.endswith(": ") else description == expected
    assert core.log == []
    assert [refused.description for refused in core.refused] == [refusal.value.description]


def test_the_wrong_requests_are_many_and_break_different_rules() -> None:
    assert len({row[2] for row in WRONG}) > 100


async def test_a_wrong_request_is_refused_the_same_way_as_a_form() -> None:
    for (method, params), _, expected in WRONG:
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
        if "must be of type" in expected or "\ud800" in str(params):
            continue  # A form has no types to get wrong at the top.

        with pytest.raises(ApiError) as refusal:
            await (await furnished()).call(method, form)

        assert expected in refusal.value.description


# HTML.

TAGS = st.sampled_from(["b", "i", "u", "s", "code", "blockquote", "tg-spoiler"])
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@st.composite
def balanced(draw: st.DrawFn) -> tuple[str, str]:
    """Markup and the text it stands for."""
    pairs = [(html.escape(words), words) for words in draw(st.lists(WORDS, min_size=1, max_size=4))]
    while len(pairs) > 1:
        tag, (first, one), (second, other) = draw(TAGS), pairs.pop(), pairs.pop()
        pairs.append((f"<{tag}>{first}</{tag}>{second}", one + other))
    return pairs[0]


@given(WORDS)
def test_escaped_text_reads_as_itself(words: str) -> None:
    # Telegram knows no &#x27; by name but every character by number.
    assert parse_html(html.escape(words)) == Text(words)


@given(balanced())
def test_balanced_markup_is_read(pair: tuple[str, str]) -> None:
    source, plain = pair
    text = parse_html(source)

    assert text.plain == plain
    assert all(0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16(plain) for entity in text.entities)


@given(balanced(), TAGS)
def test_unbalanced_markup_is_refused(pair: tuple[str, str], tag: str) -> None:
    for wrong in (f"<{tag}>{pair[0]}", f"{pair[0]}</{tag}>", f"<b>{pair[0]}</i>"):
        with pytest.raises(ApiError, match="can't parse entities"):
            parse_html(wrong)


@pytest.mark.parametrize(
    ("source", "plain", "entities"),
    [
        ("<B>x</B >".replace("</B", "</b"), "x", [{"type": "bold", "offset": 0, "length": 1}]),
        ("<b>x</>", "x", [{"type": "bold", "offset": 0, "length": 1}]),
        ("😀<i>x</i>", "😀x", [{"type": "italic", "offset": 2, "length": 1}]),
        ("&lt;b&gt; &amp; &nbsp; &", "<b> & &nbsp; &", []),
        ("&#128512;&#x27;&#0;", "😀'&#0;", []),
        (
            '<a href="https://uil.unesco.org/?a=1&amp;b=2">x</a>',
            "x",
            [{"type": "text_link", "offset": 0, "length": 1, "url": "https://uil.unesco.org/?a=1&b=2"}],
        ),
        ("<a>unesco.org</a>", "unesco.org", [{"type": "text_link", "offset": 0, "length": 10, "url": "unesco.org"}]),
        (
            "<a href='tg://user?id=5'>x</a>",
            "x",
            [{"type": "text_mention", "offset": 0, "length": 1, "user": {"id": 5, "is_bot": False, "first_name": ""}}],
        ),
        ("<blockquote expandable>x</blockquote>", "x", [{"type": "expandable_blockquote", "offset": 0, "length": 1}]),
        ('<span class="tg-spoiler">x</span>', "x", [{"type": "spoiler", "offset": 0, "length": 1}]),
        ('<pre><code class="language-py">x</code></pre>', "x", [{"type": "pre", "offset": 0, "length": 1, "language": "py"}]),
        (
            '<pre>x<code class="language-py">y</code></pre>',
            "xy",
            [{"type": "pre", "offset": 0, "length": 2}, {"type": "code", "offset": 1, "length": 1}],
        ),
        ('<tg-emoji emoji-id="5">x</tg-emoji>', "x", [{"type": "custom_emoji", "offset": 0, "length": 1, "custom_emoji_id": "5"}]),
        ("<b></b>x", "x", []),
    ],
)
def test_markup_is_read_as_telegram_reads_it(source: str, plain: str, entities: list[Json]) -> None:
    assert parse_html(source) == Text(plain, tuple(entities))


async def test_spaces_around_a_text_are_cut_and_its_entities_move_along() -> None:
    core = await furnished()

    sent_ = await core.call("sendMessage", TO | {"text": " \n <b>bold </b> ", "parse_mode": "HTML"})

    assert (sent_["text"], sent_["entities"]) == ("bold", [{"type": "bold", "offset": 0, "length": 4}])


async def test_commands_links_and_mentions_are_found_in_any_text() -> None:
    core = new_telegram()

    update = core.says(None, LESIA, "/city@learning_cities_bot see https://uil.unesco.org/x, @ostap #lll a@b.org 1/2")

    found = [(entity["type"], entity["offset"]) for entity in update["message"]["entities"]]
    assert found == [("bot_command", 0), ("url", 30), ("mention", 56), ("hashtag", 63), ("email", 68)]


# Every update and result is what PTB reads.


def read_back(cls: type[telegram.TelegramObject], found: Json) -> None:
    """PTB knows every field, and writes the same again."""
    read = cls.de_json(found, None)
    assert read.api_kwargs == {}
    assert cls.de_json(json.loads(read.to_json()), None).to_dict() == read.to_dict()


def acts(core: BotApi) -> list[Json]:
    """One update of every kind people can cause."""
    forum = core.chats[FORUM]
    core.adds_bot(forum, ADMIN, "administrator")
    said = core.says(forum, ADA, "/start", thread=OPEN_TOPIC)
    asked = core.types_inline(LESIA, "nik", location=(47.5, 34.4))
    core.inline_queries[asked["inline_query"]["id"]].answer = {"results": [article(reply_markup=keyboard(button()))]}
    core.inline_queries[asked["inline_query"]["id"]].contents = {"1": {"text": "Nikopol"}}
    chosen = core.chooses(LESIA, asked["inline_query"]["id"], "1")
    inline_shown = core.inline_messages[chosen["chosen_inline_result"]["inline_message_id"]]
    return [
        said,
        asked,
        chosen,
        core.presses(LESIA, inline_shown, "Go"),
        core.says(None, STRANGER, "hi", reply_to=None),
        core.says(None, LESIA, "a reply", reply_to=core.chats[LESIA.id].messages[PICTURE]),
        core.edits(ADA, said["message"], "/help"),
        core.posts(core.channel("News"), "A post"),
        core.shares_location(FATIMA, 30.0, 31.2),
        core.sends_document(ADMIN, "cities.csv", b"a,b"),
        core.presses(LESIA, core.chats[LESIA.id].messages[SHOWN], "go"),
        core.reacts(LESIA, core.chats[LESIA.id].messages[SHOWN].json, "👍"),
        core.blocks(LESIA),
        core.unblocks(LESIA),
        core.joins(forum, FATIMA),
        core.leaves(forum, FATIMA),
        core.promotes(forum, ADA),
        core.kicks_bot(forum, ADMIN),
        *_migration(core),
    ]


def _migration(core: BotApi) -> list[Json]:
    core.updates.clear()
    core.migrates(core.chats[BASIC])
    return core.updates.drain()


async def test_every_update_is_what_ptb_reads() -> None:
    for update in acts(await furnished()):
        read_back(Update, update)


RIGHT: list[tuple[str, Json, type[telegram.TelegramObject] | None]] = [
    ("getMe", {}, telegram.User),
    ("getChat", {"chat_id": FORUM}, telegram.ChatFullInfo),
    ("getChat", TO, telegram.ChatFullInfo),
    ("getChatMember", {"chat_id": FORUM, "user_id": ADMIN.id}, telegram.ChatMember),
    ("getWebhookInfo", {}, telegram.WebhookInfo),
    ("sendMessage", SAY | {"reply_markup": keyboard(button()), "reply_parameters": {"message_id": 1}}, telegram.Message),
    ("sendMessage", SAY | {"reply_markup": {"keyboard": [[{"text": "Where I am", "request_location": True}]]}}, telegram.Message),
    ("sendMessage", SAY | {"reply_markup": {"remove_keyboard": True}}, telegram.Message),
    ("sendMessage", {"chat_id": str(FORUM), "text": "x", "message_thread_id": str(OPEN_TOPIC)}, telegram.Message),
    ("sendLocation", TO | {"latitude": "47.5", "longitude": 34}, telegram.Message),
    ("sendVenue", TO | {"latitude": 47.5, "longitude": 34.4, "title": "Nikopol", "address": "Ukraine"}, telegram.Message),
    ("forwardMessage", {"chat_id": FORUM, "from_chat_id": LESIA.id, "message_id": PICTURE}, telegram.Message),
    ("copyMessage", {"chat_id": FORUM, "from_chat_id": LESIA.id, "message_id": PICTURE, "caption": "x"}, telegram.MessageId),
    ("editMessageText", EDIT | {"text": "<b>New</b>", "parse_mode": "HTML"}, telegram.Message),
    ("editMessageCaption", TO | {"message_id": PICTURE, "caption": "New"}, telegram.Message),
    ("editMessageCaption", TO | {"message_id": PICTURE}, telegram.Message),
    ("editMessageReplyMarkup", EDIT, telegram.Message),
    ("getMyName", {}, telegram.BotName),
    ("getMyDescription", {"language_code": "uk"}, telegram.BotDescription),
    ("getMyShortDescription", {}, telegram.BotShortDescription),
    ("getChatMenuButton", {}, telegram.MenuButton),
    ("setMyCommands", {"commands": [command()], "scope": {"type": "all_private_chats"}, "language_code": "uk"}, None),
    ("deleteMyCommands", {}, None),
    ("getMyCommands", {}, None),
    ("setMyName", {"name": "Cities"}, None),
    ("setMyDescription", {"description": "Knows cities", "language_code": "uk"}, None),
    ("setMyShortDescription", {}, None),
    ("setChatMenuButton", {"menu_button": {"type": "commands"}}, None),
    ("sendChatAction", TO | {"action": "typing"}, None),
    ("setMessageReaction", EDIT | {"reaction": [{"type": "emoji", "emoji": "👍"}]}, None),
    ("pinChatMessage", EDIT, None),
    ("getChatAdministrators", {"chat_id": FORUM}, None),
    ("getChatMemberCount", {"chat_id": FORUM}, None),
    ("leaveChat", {"chat_id": FORUM}, None),
    ("deleteMessage", EDIT, None),
    ("deleteMessages", TO | {"message_ids": [SHOWN, PICTURE, 99]}, None),
    ("answerCallbackQuery", {"callback_query_id": CALLBACK, "text": "x" * 200, "show_alert": "true"}, None),
    (*results(article(), next_offset="50", cache_time=300, button={"text": "Open", "start_parameter": "x"}), None),
    ("deleteWebhook", {"drop_pending_updates": True}, None),
]


@pytest.mark.parametrize(("method", "params", "cls"), RIGHT, ids=[row[0] for row in RIGHT])
async def test_a_right_request_is_obeyed_with_what_ptb_reads(method: str, params: Json, cls: type[telegram.TelegramObject] | None) -> None:
    core = await furnished()

    result = await core.call(method, params)

    assert core.refused == []
    if cls is not None:
        read_back(cls, result)


def test_every_emulated_method_is_one_of_ptb() -> None:
    assert set(EMULATED) <= set(methods())


def test_every_signature_of_ptb_can_be_read() -> None:
    for method in methods():
        assert signature_of(method).parameters.keys() <= inspect.signature(getattr(telegram.Bot, method)).parameters.keys()


def test_an_administrator_has_every_right_that_ptb_asks_for() -> None:
    core = new_telegram()
    forum = core.group("Forum", [ADMIN])
    change = core.adds_bot(forum, ADMIN, "administrator")["my_chat_member"]

    assert isinstance(telegram.ChatMember.de_json(change["new_chat_member"], None), ChatMemberAdministrator)


# Time.


async def test_an_inline_query_is_too_old_after_half_a_minute() -> None:
    clock = FakeClock()
    core = new_telegram(clock)
    asked = core.types_inline(LESIA, "nik")["inline_query"]["id"]
    clock.advance(31)

    with pytest.raises(ApiError, match="query is too old"):
        await core.call("answerInlineQuery", {"inline_query_id": asked, "results": []})
    assert core.faults() == []


async def test_a_pressed_button_waits_some_minutes_and_is_answered_once() -> None:
    core = await furnished()
    await core.call("answerCallbackQuery", {"callback_query_id": CALLBACK})

    with pytest.raises(ApiError, match="query is too old"):
        await core.call("answerCallbackQuery", {"callback_query_id": CALLBACK})


async def test_a_bot_deletes_its_message_for_two_days() -> None:
    clock = FakeClock()
    core = new_telegram(clock)
    core.private(LESIA)
    shown = await core.call("sendMessage", SAY)
    clock.advance(timedelta(hours=49))

    with pytest.raises(ApiError, match="message can't be deleted for everyone"):
        await core.call("deleteMessage", TO | {"message_id": shown["message_id"]})


async def test_an_update_waits_a_day() -> None:
    clock = FakeClock()
    core = new_telegram(clock)
    core.says(None, LESIA, "hello")
    clock.advance(timedelta(hours=25))

    assert await core.call("getUpdates") == []


# What reaches the bot.


async def test_only_asked_for_kinds_of_updates_come() -> None:
    core = new_telegram()
    await core.call("getUpdates", {"allowed_updates": ["inline_query"]})
    core.says(None, LESIA, "hello")
    core.types_inline(LESIA, "nik")

    assert [sorted(update) for update in await core.call("getUpdates")] == [["inline_query", "update_id"]]


async def test_updates_are_confirmed_by_the_next_offset() -> None:
    core = new_telegram()
    core.says(None, LESIA, "one")
    core.says(None, LESIA, "two")
    first, second = await core.call("getUpdates")

    assert await core.call("getUpdates", {"offset": first["update_id"] + 1}) == [second]
    assert await core.call("getUpdates", {"offset": second["update_id"] + 1}) == []


async def test_in_privacy_mode_a_group_tells_the_bot_only_what_is_meant_for_it() -> None:
    core = new_telegram()
    group = core.group("Group", [ADMIN, ADA])
    shown = await core.call("sendMessage", {"chat_id": group.id, "text": "Hello"})
    core.says(group, ADA, "chatter")
    core.says(group, ADA, "/city@other_bot Nikopol")
    core.says(group, ADA, "/city Nikopol")
    core.says(group, ADA, "thanks", reply_to=shown)
    core.says(group, ADA, f"and @{core.bot.username}?")
    core.says(group, ADA, f"@{core.bot.username}2 is another")

    heard = [update["message"]["text"] for update in core.updates.drain()]
    assert heard == ["/city Nikopol", "thanks", f"and @{core.bot.username}?"]


async def test_a_later_poll_ends_the_one_before() -> None:
    core = new_telegram()
    earlier = asyncio.create_task(core.call("getUpdates", {"timeout": 30}))
    await asyncio.sleep(0)
    await core.call("getUpdates")

    with pytest.raises(ApiError, match="terminated by other getUpdates request"):
        await earlier


async def test_a_poll_ends_as_soon_as_something_happens() -> None:
    core = new_telegram()
    poll = asyncio.create_task(core.call("getUpdates", {"timeout": 30}))
    await asyncio.sleep(0)
    core.says(None, LESIA, "hello")

    assert [update["message"]["text"] for update in await poll] == ["hello"]


async def test_polling_conflicts_with_a_webhook() -> None:
    core = new_telegram()
    await core.call("setWebhook", {"url": "https://example.org/hook"})

    with pytest.raises(ApiError, match="Conflict: can't use getUpdates method while webhook is active"):
        await core.call("getUpdates")


# The world.


async def test_every_emulated_kind_of_inline_result_can_be_chosen() -> None:
    core = await furnished()
    photo = core.chats[LESIA.id].messages[PICTURE].json["photo"][0]["file_id"]
    point = {"latitude": 47.5, "longitude": 34.4}
    offered = [
        article(),
        article(input_message_content=point),
        article(input_message_content=point | {"title": "Nikopol", "address": "Ukraine"}),
        {"type": "photo", "photo_file_id": photo, "caption": "Map"},
        {"type": "photo", "photo_url": "https://example.org/a.jpg", "thumbnail_url": "https://example.org/b.jpg"},
        {"type": "document", "title": "All", "document_url": "https://example.org/a.pdf", "mime_type": "application/pdf"},
        {"type": "location", "title": "Nikopol"} | point,
        {"type": "venue", "title": "Nikopol", "address": "Ukraine"} | point,
    ]
    await core.call(*results(*[result | {"id": str(number)} for number, result in enumerate(offered)]))
    group = core.group("Group", [LESIA])

    for number in range(len(offered)):
        core.chooses(LESIA, INLINE, str(number), group)

    for update in core.updates.drain():
        read_back(Update, update)
    kinds = [
        next(kind for kind in ("text", "venue", "location", "photo", "document") if kind in stored.json)
        for stored in group.messages.values()
    ]
    assert kinds == ["text", "location", "venue", "photo", "photo", "document", "location", "venue"]


async def test_a_button_does_what_telegram_does_with_it() -> None:
    core = await furnished()
    rows = {
        "inline_keyboard": [
            [{"text": "Open", "url": "https://t.me/learning_cities_bot?start=city-5"}],
            [{"text": "Search", "switch_inline_query_current_chat": "nik"}],
            [{"text": "Copy", "copy_text": {"text": "x"}}],
        ]
    }
    inline_keys = await core.call("sendMessage", SAY | {"reply_markup": rows})
    keys = await core.call("sendMessage", SAY | {"reply_markup": {"keyboard": [["Nikopol"]]}})

    assert core.presses(LESIA, inline_keys, "Open")["message"]["text"] == "/start city-5"
    assert core.presses(LESIA, inline_keys, "Search")["inline_query"]["query"] == "nik"
    assert core.presses(LESIA, keys, "Nikopol")["message"]["text"] == "Nikopol"
    with pytest.raises(ImpossibleAct, match="sends nothing"):
        core.presses(LESIA, inline_keys, "Copy")


async def test_a_deleted_topic_takes_its_messages_along() -> None:
    core = await furnished()
    forum = core.chats[FORUM]
    await core.call("sendMessage", {"chat_id": FORUM, "text": "Hello", "message_thread_id": OPEN_TOPIC})
    core.deletes_topic(forum, OPEN_TOPIC)

    assert [stored.id for stored in forum.messages.values()] == [CLOSED_TOPIC]
    with pytest.raises(ApiError, match="message thread not found"):
        await core.call("sendMessage", {"chat_id": FORUM, "text": "Hello", "message_thread_id": OPEN_TOPIC})


async def test_a_closed_general_topic_is_closed_to_all_but_administrators() -> None:
    core = await furnished()
    core.closes_topic(core.chats[FORUM])

    with pytest.raises(ApiError, match="TOPIC_CLOSED"):
        await core.call("sendMessage", {"chat_id": FORUM, "text": "Hello"})
    core.adds_bot(core.chats[FORUM], ADMIN, "administrator")
    await core.call("sendMessage", {"chat_id": FORUM, "text": "Hello"})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"deactivated": True}, "Forbidden: user is deactivated"),
        ({"owner": User(7, "Other", is_bot=True)}, "Forbidden: bot can't send messages to bots"),
    ],
)
async def test_some_people_cannot_be_written_to(change: Json, expected: str) -> None:
    core = await furnished()
    for name, value in change.items():
        setattr(core.chats[LESIA.id], name, value)

    with pytest.raises(ApiError, match=expected):
        await core.call("sendMessage", SAY)


async def test_a_pinned_message_is_named_until_unpinned() -> None:
    core = await furnished()
    await core.call("pinChatMessage", EDIT)
    assert (await core.call("getChat", TO))["pinned_message"]["message_id"] == SHOWN

    await core.call("unpinChatMessage", TO)
    assert "pinned_message" not in await core.call("getChat", TO)


async def test_protected_content_is_not_passed_on() -> None:
    core = await furnished()
    shown = await core.call("sendMessage", SAY | {"protect_content": True})

    for method, verb in (("copyMessage", "copied"), ("forwardMessage", "forwarded")):
        with pytest.raises(ApiError, match=f"message can't be {verb}"):
            await core.call(method, TO | {"from_chat_id": LESIA.id, "message_id": shown["message_id"]})


async def test_a_photo_may_be_a_jpeg_and_may_come_from_the_web() -> None:
    core = await furnished()
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + (80).to_bytes(2, "big") + (100).to_bytes(2, "big") + b"\x01\x11\x00"
    core.files.web["https://example.org/map.jpg"] = Upload("map.jpg", jpeg, "image/jpeg")

    shown = await core.call(
        "sendPhoto", TO | {"photo": "https://example.org/map.jpg", "has_spoiler": True, "show_caption_above_media": True, "caption": "x"}
    )

    assert (shown["photo"][0]["width"], shown["photo"][0]["height"]) == (100, 80)
    read_back(telegram.Message, shown)


async def test_a_chat_keeps_only_so_many_messages() -> None:
    core = new_telegram(history=2)
    core.private(LESIA)
    for _ in range(3):
        await core.call("sendMessage", SAY)

    assert list(core.chats[LESIA.id].messages) == [2, 3]


async def test_a_chat_that_blocked_the_bot_is_closed_until_unblocked() -> None:
    core = await furnished()
    core.blocks(LESIA)

    with pytest.raises(ApiError, match="Forbidden: bot was blocked by the user"):
        await core.call("sendMessage", SAY)
    core.unblocks(LESIA)
    assert (await core.call("sendMessage", SAY))["text"] == "Hello"
    assert core.faults() == []


async def test_a_group_that_became_a_supergroup_names_its_new_id() -> None:
    core = await furnished()
    new = core.migrates(core.chats[BASIC])

    with pytest.raises(ApiError) as refusal:
        await core.call("sendMessage", {"chat_id": BASIC, "text": "Hello"})

    assert refusal.value.parameters == {"migrate_to_chat_id": new.id}
    assert (await core.call("sendMessage", {"chat_id": new.id, "text": "Hello"}))["message_id"] == 2


async def test_a_message_in_a_topic_replies_to_what_opened_the_topic() -> None:
    core = await furnished()

    shown = await core.call("sendMessage", {"chat_id": FORUM, "text": "Hello", "message_thread_id": OPEN_TOPIC})

    assert shown["reply_to_message"]["forum_topic_created"]["name"] == "Open"
    assert shown["is_topic_message"]


async def test_a_chosen_result_can_be_edited_in_place() -> None:
    core = await furnished()
    await core.call(*results(article(reply_markup=keyboard(button()))))
    chosen = core.chooses(LESIA, INLINE, "1")["chosen_inline_result"]

    assert await core.call("editMessageText", {"inline_message_id": chosen["inline_message_id"], "text": "New"}) is True


async def test_a_photo_is_sent_again_by_its_id_and_downloaded() -> None:
    core = await furnished()
    first = core.chats[LESIA.id].messages[PICTURE].json["photo"][0]
    again = await core.call("sendPhoto", TO | {"photo": first["file_id"]})
    path = (await core.call("getFile", {"file_id": first["file_id"]}))["file_path"]

    assert again["photo"] == [first]
    assert core.files.content(path) == png()


@pytest.mark.parametrize(
    ("upload", "code", "expected"),
    [
        (b"not a picture", 400, "IMAGE_PROCESS_FAILED"),
        (b"", 400, "file must be non-empty"),
        (png(9000, 2000), 400, "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), 400, "PHOTO_INVALID_DIMENSIONS"),
        (png() + b"x" * 10 * 2**20, 400, "is too big for a photo; the maximum size is 10485760 bytes"),
        (png() + b"x" * 50 * 2**20, 413, "Request Entity Too Large"),
    ],
)
async def test_an_unusable_photo_is_refused(upload: bytes, code: int, expected: str) -> None:
    core = await furnished()

    with pytest.raises(ApiError, match=expected) as refusal:
        await core.call("sendPhoto", TO, {"photo": Upload("map.png", upload)})
    assert refusal.value.code == code


async def test_a_file_that_nothing_refers_to_is_refused() -> None:
    core = await furnished()

    with pytest.raises(ApiError, match="nothing refers to the uploaded file"):
        await core.call("sendMessage", SAY, {"map": Upload("map.png", png())})


async def test_people_do_only_what_people_can() -> None:
    core = await furnished()
    core.blocks(ADA)
    for act in (
        lambda: core.says(None, ADA, "hello"),
        lambda: core.presses(LESIA, core.chats[LESIA.id].messages[SHOWN], "Stop"),
        lambda: core.edits(ADA, core.chats[LESIA.id].messages[1], "mine"),
        lambda: core.opens(LESIA, "https://t.me/other_bot?start=x"),
        lambda: core.chooses(LESIA, INLINE, "1"),
        lambda: core.migrates(core.chats[FORUM]),
    ):
        with pytest.raises(ImpossibleAct):
            act()


async def test_an_observer_hears_of_everything_in_order_until_it_leaves() -> None:
    core = await furnished()
    heard: list[Event] = []
    leave = core.subscribe(heard.append)
    await core.call("sendMessage", SAY)
    await core.call("editMessageText", EDIT | {"text": "New"})
    await core.call("deleteMessage", EDIT)
    await core.call("answerCallbackQuery", {"callback_query_id": CALLBACK, "text": "Done"})
    await core.call("setMyCommands", {"commands": [command()]})
    leave()
    await core.call("sendMessage", SAY)

    assert [event.what for event in heard] == [
        Happening.MESSAGE,
        Happening.EDITED,
        Happening.DELETED,
        Happening.CALLBACK_ANSWERED,
        Happening.COMMANDS,
    ]


# Moods.


@pytest.mark.parametrize(
    ("mood", "raised"),
    [
        (too_many_requests(7), RetryAfter),
        (forbidden("bot was blocked by the user"), Forbidden),
        (server_error(502), NetworkError),
        (server_error(500, "Internal Server Error"), NetworkError),
        (ApiError(401, "Unauthorized"), InvalidToken),
        (Cut(), PerhapsSent),
        (Cut(accepted=True), PerhapsSent),
        (Slow(6), AnswerTimedOut),
        (Unreachable(), NeverSent),
    ],
)
async def test_a_mood_is_felt_by_ptb_and_passes(mood: Mood, raised: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    core = await furnished()
    core.answers("sendMessage", mood, chat=LESIA)
    async with telegram.Bot(core.token, request=EmulatedRequest(core), get_updates_request=EmulatedRequest(core)) as bot:
        with pytest.raises(raised):
            await bot.send_message(LESIA.id, "Hello")
        assert (await bot.send_message(LESIA.id, "Hello")).text == "Hello"

    obeyed = 1 + isinstance(mood, Slow) + (isinstance(mood, Cut) and mood.accepted)
    assert [call.method for call in core.log].count("sendMessage") == obeyed


async def test_a_mood_reaches_only_whom_it_is_meant_for() -> None:
    core = await furnished()
    core.private(ADA)
    core.answers("sendMessage", too_many_requests(3), chat=ADA, times=None)
    await core.call("sendMessage", SAY)
    for _ in range(2):
        with pytest.raises(ApiError, match="Too Many Requests: retry after 3"):
            await core.call("sendMessage", {"chat_id": ADA.id, "text": "Hello"})
    core.calms_down()
    await core.call("sendMessage", {"chat_id": ADA.id, "text": "Hello"})
    assert core.faults() == []


async def test_a_wrong_request_is_a_fault_whatever_the_mood() -> None:
    core = await furnished()
    core.answers(None, too_many_requests(3), times=None)

    with pytest.raises(ApiError):
        await core.call("sendMessage", SAY | {"colour": "red"})
    with pytest.raises(AssertionError):
        assert_valid(core)


async def test_ptb_raises_its_own_exceptions_for_what_the_world_says() -> None:
    core = await furnished()
    core.migrates(core.chats[BASIC])
    async with telegram.Bot(core.token, request=EmulatedRequest(core), get_updates_request=EmulatedRequest(core)) as bot:
        with pytest.raises(ChatMigrated):
            await bot.send_message(BASIC, "Hello")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(999, "Hello")
        await core.call("setWebhook", {"url": "https://example.org"})
        with pytest.raises(Conflict):
            await bot.get_updates()


async def test_whatever_ptb_sends_is_accepted() -> None:
    core = await furnished()
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go"), InlineKeyboardButton("Site", url="unesco.org")]])
    async with telegram.Bot(core.token, request=EmulatedRequest(core), get_updates_request=EmulatedRequest(core)) as bot:
        await bot.send_message(
            LESIA.id, "<b>x</b>", parse_mode="HTML", reply_markup=markup, disable_web_page_preview=True, reply_to_message_id=1
        )
        await bot.send_message(LESIA.id, "x", reply_markup=ReplyKeyboardRemove())
        await bot.edit_message_media(InputMediaPhoto(png(50, 50), caption="New"), LESIA.id, PICTURE, reply_markup=markup)
        await bot.send_document(LESIA.id, b"a,b", filename="cities.csv", caption="All of them")
        await bot.set_my_commands([BotCommand("city", "A city")], scope=BotCommandScopeChat(LESIA.id), language_code="uk")
        await bot.answer_inline_query(
            INLINE, [InlineQueryResultArticle("1", "Nikopol", InputTextMessageContent("<b>x</b>", "HTML"))], timedelta(minutes=5)
        )
        file = await bot.get_file(sent(core.log, "sendDocument")[0].result["document"]["file_id"])
        assert await file.download_as_bytearray() == b"a,b"

    assert_valid(core)


# The whole of PTB, with and without sockets.


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text(f"you said {update.effective_message.text}", reply_markup=MENU)


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("done")
    await update.callback_query.edit_message_text("pressed")


async def typed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.inline_query is not None
    content = InputTextMessageContent("Nikopol")
    await update.inline_query.answer([InlineQueryResultArticle("1", "Nikopol", content)], cache_time=0)


MENU = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


def with_handlers(application: App) -> App:
    application.add_handler(CommandHandler("start", echo))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(InlineQueryHandler(typed))
    return application


@pytest.fixture
async def bot() -> AsyncIterator[RunningBot]:
    core = new_telegram()
    builder = Application.builder().token(core.token).updater(None)
    application = with_handlers(builder.request(EmulatedRequest(core)).get_updates_request(EmulatedRequest(core)).build())
    async with RunningBot(application, core) as running:
        yield running


async def test_a_conversation_without_sockets(bot: RunningBot) -> None:
    [reply] = await bot.hears("hello", LESIA)
    after = await bot.presses(reply, "Go", LESIA)
    [answered] = await bot.types_inline("nik", ADA)
    await bot.chooses(answered, "1", ADA)
    group = bot.telegram.group("Forum", [ADMIN], topics=["Open"])
    [there] = await bot.hears("/start", ADMIN, group, thread=2)

    assert (reply.text, reply.chat_id, reply.buttons) == ("you said hello", LESIA.id, [[{"text": "Go", "callback_data": "go"}]])
    assert [call.method for call in after] == ["answerCallbackQuery", "editMessageText"]
    assert [call.text for call in sent(after)] == ["pressed"]
    assert answered.params["results"][0]["title"] == "Nikopol"
    assert [call.text for call in await bot.opens("city-5")] == ["you said /start city-5"]
    assert await bot.shares_location(47.5, 34.4) == []
    assert there.chat_id == group.id
    assert_valid(bot)


async def test_updates_for_a_handler_alone_are_what_ptb_reads() -> None:
    for update in (message("/start"), press("go"), inline("nik")):
        read_back(Update, update.to_dict())


@asynccontextmanager
async def over_http(core: BotApi) -> AsyncIterator[str]:
    async with TestServer(http_front(core)) as server:
        yield str(server.make_url(""))


def over(base: str, core: BotApi) -> App:
    builder = Application.builder().token(core.token).base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
    return with_handlers(builder.build())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - the conditions are about what several tasks and two servers did.
            await asyncio.sleep(0.005)


async def test_ptb_polls_over_http() -> None:
    core = new_telegram()
    async with over_http(core) as base, over(base, core) as application:
        assert application.updater is not None
        await application.updater.start_polling(poll_interval=0, timeout=5)
        await application.start()
        core.says(None, LESIA, "hello")
        await until(lambda: len(sent(core.log)) == 1)
        core.presses(LESIA, sent(core.log)[0].result, "Go")
        await until(lambda: len(sent(core.log)) == 2)
        await application.updater.stop()
        await application.stop()

    assert [call.text for call in sent(core.log)] == ["you said hello", "pressed"]
    assert core.faults() == []


async def test_a_webhook_gets_updates_again_until_it_takes_them() -> None:
    core = new_telegram()
    taken: list[Json] = []
    secrets: list[str | None] = []

    async def hook(request: web.Request) -> web.Response:
        secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if len(secrets) < 3:
            return web.Response(status=500)
        taken.append(await request.json())
        return web.Response()

    receiver = web.Application()
    receiver.router.add_post("/hook", hook)
    async with over_http(core), TestServer(receiver) as server:
        await core.call("setWebhook", {"url": str(server.make_url("/hook")), "secret_token": "s3cret"})
        core.says(None, LESIA, "one")
        core.says(None, LESIA, "two")
        await until(lambda: len(taken) == 2)
        await until(lambda: not core.updates.pending)

    assert [update["message"]["text"] for update in taken] == ["one", "two"]
    assert set(secrets) == {"s3cret"}
    assert (await core.call("getWebhookInfo"))["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_ptb_answers_a_webhook_over_http() -> None:
    core = new_telegram()
    async with over_http(core) as base, over(base, core) as application:

        async def hook(request: web.Request) -> web.Response:
            await application.update_queue.put(Update.de_json(await request.json(), application.bot))
            return web.Response()

        receiver = web.Application()
        receiver.router.add_post("/", hook)
        async with TestServer(receiver) as server:
            await application.start()
            await application.bot.set_webhook(str(server.make_url("/")))
            core.says(None, LESIA, "hello")
            await until(lambda: len(sent(core.log)) == 1)
            await application.stop()

    assert sent(core.log)[0].text == "you said hello"


async def test_the_http_front_reads_forms_multipart_json_and_queries() -> None:
    core = await furnished()
    upload = FormData({"chat_id": str(LESIA.id), "document": "attach://csv"})
    upload.add_field("csv", b"a,b", filename="cities.csv", content_type="text/csv")
    async with over_http(core) as base, ClientSession(f"{base}/bot{core.token}/") as session:
        for body in (
            {"data": {"chat_id": str(LESIA.id), "text": "form"}},
            {"json": {"chat_id": LESIA.id, "text": "json"}},
            {"params": {"chat_id": str(LESIA.id), "text": "query"}},
        ):
            async with session.post("sendMessage", **body) as response:
                assert (await response.json())["ok"] is True
        async with session.post("SENDDOCUMENT", data=upload) as response:
            path = core.files.describe((await response.json())["result"]["document"]["file_id"])["file_path"]
        async with session.get(f"{base}/file/bot{core.token}/{path}") as response:
            assert await response.read() == b"a,b"

    assert [call.text for call in core.log] == ["form", "json", "query", ""]


@pytest.mark.parametrize(
    ("path", "body", "code", "description"),
    [
        ("/bot1:wrong/getMe", b"", 401, "Unauthorized"),
        ("/bot{token}/getYou", b"", 404, "Not Found"),
        ("/bot{token}/sendMessage", b"[1]", 400, "Bad Request: can't parse JSON object in the request body"),
        ("/bot{token}/sendMessage", b"{", 400, "Bad Request: can't parse JSON object in the request body"),
        ("/bot{token}/sendMessage", b'{"chat_id": 999, "text": "x"}', 400, "Bad Request: chat not found"),
        ("/file/bot{token}/photos/none.png", None, 404, "Not Found"),
    ],
)
async def test_the_http_front_refuses_with_status_and_description(path: str, body: bytes | None, code: int, description: str) -> None:
    core = await furnished()
    async with over_http(core) as base, ClientSession() as session:
        verb = "GET" if body is None else "POST"
        headers = {"Content-Type": "application/json"} if body is not None else {}
        async with session.request(verb, base + path.format(token=core.token), data=body, headers=headers) as response:
            assert response.status == code
            assert await response.json() == {"ok": False, "error_code": code, "description": description}


async def test_a_cut_connection_gives_no_answer_over_http() -> None:
    core = await furnished()
    core.answers("sendMessage", Cut(accepted=True))
    async with over_http(core) as base, over(base, core) as application:
        with pytest.raises(NetworkError):
            await application.bot.send_message(LESIA.id, "Hello")

    assert len(sent(core.log)) == 1


async def test_a_cut_connection_is_told_apart_in_the_core() -> None:
    core = await furnished()
    core.answers("sendMessage", Cut())
    with pytest.raises(ConnectionCut) as cut:
        await core.call("sendMessage", SAY)
    assert not cut.value.accepted


def test_a_chat_is_found_by_its_public_name() -> None:
    core = new_telegram()
    news = core.channel("News", username="news")

    assert isinstance(news, Chat)
    assert core.find_chat("@news") is news
