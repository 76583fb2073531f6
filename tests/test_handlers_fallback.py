"""Whatever nobody took, and whatever anybody may type: there is always a clear answer, and never an exception."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.emulator import User
from bot.registration import PRIVATE
from tests.fakes.house import House, labels, said, the
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, LESIA, STRANGER

COMMANDS = ("start", *PRIVATE)
ODD = {
    "html": "<b>Nikopol</b>",
    "broken html": "</b><i>a<a href='javascript:alert(1)'>&lt;",
    "markdown": "*Nikopol* _x_ [a](http://example.org) `b` \\",
    "a format string": "{city} {0} {name.__class__} %s %(x)s",
    "longest": "ы" * 4080,
    "longest words": "слово " * 680,
    "longest emoji": "🦊" * 2040,
    "emoji": "🙂🇺🇦👩‍👩‍👧‍👦",
    "control characters": "a\x00\x07\x1b[31m\x7f\u0085b",
    "right to left": "\u202eلوبوكين\u202c נִיקוֹפּוֹל",
    "combining marks": "N" + "\u0301" * 500,
    "zero width": "\u200b\u200d\ufeff\u2060",
    "separators": "a\u2028b\u2029c",
    "sql": "'; DROP TABLE chats; --",
    "path": "../../etc/passwd",
    "digits": "٢٠١٩ ²⁰¹⁹ 2019",
    "private use": "\ue000\U000f0000",
    "noncharacter": "\ufffe\U0010ffff",
}


async def test_an_unknown_command_is_named_and_leads_to_help(bot: House) -> None:
    shown = the(await bot.hears("/budget 5", ADA))

    assert "/budget" in shown.text.splitlines()[0]
    assert the(await bot.presses(shown, labels(shown)[0], ADA)).text.startswith("What I can do")


@pytest.mark.parametrize("command", ["/CITY Nikopol", "/City Nikopol", "/city@Learning_Cities_Bot Nikopol"])
async def test_a_command_is_understood_in_any_case_and_with_the_name_of_the_bot(bot: House, command: str) -> None:
    assert the(await bot.hears(command, ADA)).text.startswith("🇺🇦 Nikopol")


async def test_a_command_in_a_corrected_message_is_answered(bot: House) -> None:
    await bot.hears("/city Melitopol", ADA)
    written = bot.telegram.chats[ADA.id].messages[1].json
    bot.telegram.edits(ADA, written, "/city Nikopol")

    assert the(await bot.catches_up()).text.startswith("🇺🇦 Nikopol")


async def test_in_groups_an_unknown_command_is_left_to_other_bots_unless_it_names_this_one(bot: House) -> None:
    bot.telegram.reads_all_group_messages = True
    group = bot.telegram.group("Teachers", [ADA])

    assert await bot.hears("/budget", ADA, group) == []
    assert await bot.hears("/budget@other_bot", ADA, group) == []
    assert await bot.hears("/city@other_bot Nikopol", ADA, group) == []
    assert "/budget" in said(await bot.hears("/budget@learning_cities_bot", ADA, group))


@pytest.mark.parametrize(
    "content",
    [
        {
            "sticker": {
                "file_id": "s",
                "file_unique_id": "s",
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
            }
        },
        {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]},
        {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}], "caption": "/city Nikopol"},
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}},
        {"contact": {"phone_number": "1", "first_name": "A"}},
        {"dice": {"emoji": "🎲", "value": 1}},
    ],
    ids="+".join,
)
async def test_what_is_not_text_is_answered_in_private_and_passed_over_in_groups(bot: House, content: dict[str, object]) -> None:
    bot.telegram.sends(None, ADA, content)
    assert the(await bot.catches_up()).text.startswith("I read text.")

    bot.telegram.reads_all_group_messages = True
    bot.telegram.sends(bot.telegram.group("Teachers", [ADA]), ADA, content)
    assert await bot.catches_up() == []


async def test_comings_and_goings_in_a_group_are_passed_over(bot: House) -> None:
    group = bot.telegram.group("Teachers", [ADA])
    bot.telegram.joins(group, LESIA)
    bot.telegram.leaves(group, LESIA)
    bot.telegram.kicks_bot(group, ADA)

    assert await bot.catches_up() == []


async def test_a_channel_is_not_written_to(bot: House) -> None:
    channel = bot.telegram.channel("News of the city")
    for post in ("/city Nikopol", "Nikopol", "/start@learning_cities_bot"):
        bot.telegram.posts(channel, post)

    assert await bot.catches_up() == []


@pytest.mark.parametrize(
    "data",
    [
        "0:c:12",
        "2:c:12",
        "c:12",
        "city_12",
        "1:?:1",
        "1:c",
        "1:c:x",
        "1:c:1:2",
        "1:",
        "1",
        "🙂",
        "null",
        "1:v",
        "1:x:1",
        "1:b::",
        "1:j:a:b",
    ],
)
async def test_an_old_or_damaged_button_brings_a_fresh_screen(bot: House, data: str) -> None:
    shown = the(await bot.hears("/start", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data
    calls = await bot.presses(shown, data, ADA)

    assert calls[0].method == "answerCallbackQuery"
    assert the(calls).text


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("user", [ADA, LESIA], ids=["en", "uk"])
async def test_odd_input_is_answered_whatever_the_command(bot: House, odd: str, user: User) -> None:
    for command in COMMANDS:
        assert sent(await bot.hears(f"/{command} {odd}"[:4096], user)), command
    assert sent(await bot.hears(odd, user))
    assert (await bot.types_inline(odd[:256], user))[0].method == "answerInlineQuery"


@pytest.mark.parametrize("command", COMMANDS)
async def test_what_was_typed_is_never_markup(bot: House, command: str) -> None:
    shown = said(await bot.hears(f"/{command} <b>x</b><a href='http://evil.example'>y</a> &amp; {{n}}", ADA))

    assert "http://evil.example" not in str([call.result.get("entities") for call in bot.telegram.log if isinstance(call.result, dict)])
    assert shown


async def test_a_long_argument_is_repeated_shortly_if_at_all(bot: House) -> None:
    for command in COMMANDS:
        shown = sent(await bot.hears(f"/{command} " + "слово " * 600, ADA))
        assert len(shown) == 1, command
        assert shown[0].text.count("слово") < 20, command


@given(text=st.text(min_size=1, max_size=300), command=st.sampled_from(["", *COMMANDS]))
@example(text="{", command="awards")
@example(text="}", command="practices")
@settings(max_examples=300)
async def test_no_text_makes_the_bot_stumble(bot: House, text: str, command: str) -> None:
    written = f"/{command} {text}" if command else text.strip()
    if not written:
        return

    assert sent(await bot.hears(written, ADA))
    assert bot.telegram.refused == []


@given(text=st.text(alphabet="<>&/\"'{}%#@:;=abci ", min_size=1, max_size=60), command=st.sampled_from(COMMANDS))
@settings(max_examples=200)
async def test_no_markup_makes_the_bot_stumble(bot: House, text: str, command: str) -> None:
    assert sent(await bot.hears(f"/{command} {text}", STRANGER))
    assert bot.telegram.refused == []


@given(query=st.text(max_size=256))
@settings(max_examples=100)
async def test_no_inline_query_makes_the_bot_stumble(bot: House, query: str) -> None:
    assert [call.method for call in await bot.types_inline(query, ADA)] == ["answerInlineQuery"]
    assert bot.telegram.refused == []


@given(
    data=st.text(max_size=64).filter(lambda data: 1 <= len(data.encode()) <= 64)
    | st.from_regex(r"1:[a-z]:[A-Za-z0-9,:_-]{0,40}", fullmatch=True)
)
@settings(max_examples=300)
async def test_no_callback_data_makes_the_bot_stumble(bot: House, data: str) -> None:
    shown = the(await bot.hears("/start", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data
    calls = await bot.presses(shown, data, ADA)

    assert calls[0].method == "answerCallbackQuery"
    assert len(sent(calls, "answerCallbackQuery")) == 1
    assert bot.telegram.refused == []
