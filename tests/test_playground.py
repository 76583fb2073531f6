"""The playground's server: who may ask, what a person sees, and how a page that lost its connection catches up."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
import pytest_asyncio
from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestClient, TestServer

from bot.emulator import BotApi, Chat, ImpossibleAct
from bot.playground.acts import ACTS
from bot.playground.clock import MovableClock
from bot.playground.commands import menu
from bot.playground.guard import NotLoopback, check_host
from bot.playground.journal import KEPT, Journal
from bot.playground.server import WEB, add_playground
from bot.playground.telegram import local_telegram
from bot.playground.world import ADA, LESIA, OSTAP, new_token, new_world
from bot.settings import PUBLIC_SERVER, Settings
from tests.browser.playground import running_playground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

Json = dict[str, Any]
Client = TestClient[web.Request, web.Application]


class Page:
    """What a page in a browser can do."""

    def __init__(self, core: BotApi, client: Client) -> None:
        self.core = core
        self.client = client

    async def acts(self, act: str, *, answered: int = 200, **wish: Any) -> Any:
        async with self.client.post(f"/api/acts/{act}", json={"as": LESIA.id, "chat": LESIA.id} | wish) as response:
            answer = await response.json()
            assert response.status == answered, answer
            return answer.get("result", answer.get("error"))

    async def sees(self, person: int = LESIA.id) -> Json:
        async with self.client.get("/api/state", params={"as": person}) as response:
            assert response.status == 200
            found: Json = await response.json()
            return found

    async def hears(self, count: int, *, after: str, person: int = LESIA.id, last: str = "") -> list[tuple[str, Json]]:
        """The next events: their mark, and what they tell."""
        heard: list[tuple[str, Json]] = []
        mark = ""
        headers = {"Last-Event-ID": last} if last else {}
        async with asyncio.timeout(5), self.client.get("/api/events", params={"as": person, "after": after}, headers=headers) as response:
            async for line in response.content:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    mark = value
                if name in {"event", "data"}:
                    heard.append((mark, json.loads(value) if name == "data" else {"event": value}))
                if len(heard) >= count:
                    break
        return heard


@pytest_asyncio.fixture
async def page() -> AsyncIterator[Page]:
    clock = MovableClock()
    core = new_world(clock, new_token())
    app = web.Application()
    add_playground(app, core, clock, admins=frozenset({OSTAP.id}))
    async with TestClient(TestServer(app)) as client:
        yield Page(core, client)


def group(core: BotApi) -> Chat:
    return next(chat for chat in core.chats.values() if chat.is_forum)


def channel(core: BotApi) -> Chat:
    return next(chat for chat in core.chats.values() if chat.type == "channel")


# --- What a person sees and does ----------------------------------------------------------------------------------------------------------


async def test_a_message_reaches_the_bot_and_the_answer_reaches_the_page(page: Page) -> None:
    mark = (await page.sees())["mark"]

    await page.acts("say", text="/start")
    [update] = await page.core.call("getUpdates")
    await page.core.call("sendMessage", {"chat_id": LESIA.id, "text": "<b>Вітаю</b>", "parse_mode": "HTML"})

    assert update["message"]["text"] == "/start"
    heard = [told for _, told in await page.hears(3, after=mark)]
    assert [told["what"] for told in heard] == ["chat", "message", "message"]
    assert heard[2]["message"]["entities"] == [{"type": "bold", "offset": 0, "length": 5}]


async def test_nobody_sees_the_private_chat_of_another(page: Page) -> None:
    mark = (await page.sees(ADA.id))["mark"]
    await page.acts("say", text="a secret")
    await page.acts("say", chat=group(page.core).id, text="for all")

    [(_, told)] = await page.hears(1, after=mark, person=ADA.id)

    assert told["message"]["text"] == "for all"
    assert str(LESIA.id) not in (await page.sees(ADA.id))["messages"]


async def test_an_answer_to_a_press_is_told_to_the_one_who_pressed(page: Page) -> None:
    chat = group(page.core)
    button = {"inline_keyboard": [[{"text": "Go", "callback_data": "1:s"}]]}
    shown = await page.core.call("sendMessage", {"chat_id": chat.id, "text": "Shall we?", "reply_markup": button})
    mark = (await page.sees())["mark"]

    update = await page.acts("press", chat=chat.id, message=shown["message_id"], data="1:s")
    await page.core.call("answerCallbackQuery", {"callback_query_id": update["callback_query"]["id"], "text": "Done"})
    await page.acts("say", chat=chat.id, text="seen by both")

    assert [told["what"] for _, told in await page.hears(2, after=mark)] == ["callback_answered", "message"]
    [(_, told)] = await page.hears(1, after=mark, person=ADA.id)
    assert told["what"] == "message"


async def test_a_deep_link_says_start_with_its_parameter(page: Page) -> None:
    update = await page.acts("open", start="c_nikopol")
    assert update["message"]["text"] == "/start c_nikopol"


async def test_an_inline_result_is_sent_into_the_topic_on_screen(page: Page) -> None:
    chat = group(page.core)
    thread = list(chat.topics)[1]
    query = (await page.acts("inline", chat=chat.id, query="lv"))["inline_query"]
    assert query["chat_type"] == "supergroup"
    article = {"type": "article", "id": "1", "title": "Lviv", "input_message_content": {"message_text": "Lviv"}}
    await page.core.call("answerInlineQuery", {"inline_query_id": query["id"], "results": [article]})

    await page.acts("choose", chat=chat.id, query_id=query["id"], result="1", thread=thread)

    sent = list(chat.messages.values())[-1].json
    assert (sent["text"], sent["message_thread_id"], sent["via_bot"]["id"]) == ("Lviv", thread, page.core.bot.id)


async def test_only_administrators_post_in_the_channel(page: Page) -> None:
    chat = channel(page.core).id
    assert "administrators" in await page.acts("say", answered=409, chat=chat, text="News")
    wish: Json = {"as": OSTAP.id, "chat": chat, "text": "News"}
    update = await page.acts("say", **wish)
    assert update["channel_post"]["text"] == "News"


async def test_whoever_is_made_an_administrator_is_one_on_every_page(page: Page) -> None:
    mark = (await page.sees(ADA.id))["mark"]
    await page.acts("promote", chat=group(page.core).id, administrator=True)
    [(_, told)] = await page.hears(1, after=mark, person=ADA.id)
    assert told["chat"]["members"][str(LESIA.id)] == "administrator"


async def test_a_group_that_becomes_a_supergroup_is_one_chat_on_every_page(page: Page) -> None:
    basic = next(chat for chat in page.core.chats.values() if chat.type == "group").id
    assert "administrators" in await page.acts("upgrade", answered=409, **{"as": ADA.id, "chat": basic})
    mark = (await page.sees(ADA.id))["mark"]

    new = (await page.acts("upgrade", chat=basic))["chat"]

    *_, (_, told) = await page.hears(3, after=mark, person=ADA.id)
    assert (told["what"], told["old"], told["new"]) == ("moved", basic, new)
    seen = [chat["id"] for chat in (await page.sees(ADA.id))["chats"]]
    assert new in seen
    assert basic not in seen
    assert "basic groups" in await page.acts("upgrade", answered=409, chat=new)


async def test_the_page_tells_who_administers_the_bot(page: Page) -> None:
    people = (await page.sees())["people"]
    assert {person["id"] for person in people if person["administers"]} == {OSTAP.id}


async def test_a_blocked_bot_hears_nothing_until_it_is_unblocked(page: Page) -> None:
    await page.acts("say", text="/start")
    await page.acts("block", blocked=True)
    assert "unblocks" in await page.acts("say", answered=409, text="are you there?")
    await page.acts("block", blocked=False)
    await page.acts("say", text="are you there?")


async def test_a_person_may_come_in_any_language_and_with_any_name(page: Page) -> None:
    person = await page.acts("come", first_name="<b>فاطمة</b>", language_code="pt-br", username="@fatima")
    seen = await page.sees(person["id"])
    assert (seen["me"]["first_name"], seen["me"]["username"]) == ("<b>فاطمة</b>", "fatima")
    assert "language tag" in await page.acts("come", answered=400, first_name="X", language_code="<script>")


async def test_the_clock_can_be_moved_and_durations_stay_what_they_are(page: Page) -> None:
    before = page.core.clock.now()
    await page.acts("clock", offset=604_800)
    assert page.core.clock.now() - before >= dt.timedelta(days=7)
    assert (await page.sees())["clock"] == {"offset": 604_800}

    clock = MovableClock()
    before_move = clock.monotonic()
    clock.move(dt.timedelta(days=1))
    assert clock.monotonic() - before_move < 60


async def test_a_mood_of_telegram_meets_what_the_bot_sends_to_this_chat(page: Page) -> None:
    await page.acts("say", text="/start")
    await page.acts("mood", mood="flood", times=1)

    assert len(await page.core.call("getUpdates")) == 1
    with pytest.raises(Exception, match="retry after"):
        await page.core.call("sendMessage", {"chat_id": LESIA.id, "text": "Hello"})
    await page.core.call("sendMessage", {"chat_id": LESIA.id, "text": "Hello"})


async def test_the_menu_is_the_one_of_the_narrowest_scope_in_the_persons_language(page: Page) -> None:
    async def set_menu(name: str, scope: Json, **more: str) -> None:
        command = {"command": name, "description": name}
        await page.core.call("setMyCommands", {"commands": [command], "scope": scope, **more})

    await set_menu("help", {"type": "default"})
    await set_menu("private", {"type": "all_private_chats"})
    await set_menu("private_uk", {"type": "all_private_chats"}, language_code="uk")
    await set_menu("group", {"type": "all_group_chats"})
    await set_menu("admin", {"type": "all_chat_administrators"})

    def names(person: Any, chat: Chat | None) -> list[str]:
        return [command["command"] for command in menu(page.core, person, chat)]

    assert names(LESIA, None) == ["private_uk"]
    assert names(ADA, None) == ["private"]
    assert names(ADA, group(page.core)) == ["group"]
    assert names(OSTAP, group(page.core)) == ["admin"]
    assert names(OSTAP, channel(page.core)) == ["help"]


# --- Catching up --------------------------------------------------------------------------------------------------------------------------


async def test_a_page_that_lost_its_connection_hears_what_it_missed_and_nothing_twice(page: Page) -> None:
    mark = (await page.sees())["mark"]
    await page.acts("say", text="one")
    first = await page.hears(2, after=mark)
    await page.acts("say", text="two")

    [(_, told)] = await page.hears(1, after=mark, last=first[-1][0])

    assert told["message"]["text"] == "two"


@pytest.mark.parametrize("mark", ["", "of another run-3", "nonsense"])
async def test_a_page_of_an_earlier_run_is_told_to_read_everything_anew(page: Page, mark: str) -> None:
    [(_, told)] = await page.hears(1, after=mark)
    assert told == {"event": "anew"}


def test_a_page_that_missed_too_much_reads_everything_anew() -> None:
    journal = Journal(new_world(MovableClock(), new_token()))
    mark = journal.mark
    for _ in range(KEPT):
        journal.tell("clock")
    assert len(journal.after(mark, LESIA.id) or []) == KEPT
    journal.tell("clock")
    assert journal.after(mark, LESIA.id) is None


# --- Who may ask --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.5:8080", "[::ffff:5]", ""])
async def test_another_name_for_this_machine_is_turned_away(page: Page, host: str) -> None:
    async with page.client.get("/api/state", params={"as": LESIA.id}, headers={"Host": host}) as response:
        assert response.status in {400, 421}


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080", "127.8.8.8"])
async def test_names_of_this_machine_are_answered(page: Page, host: str) -> None:
    async with page.client.get("/", headers={"Host": host}) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json", "Origin": "https://evil.example"},
        {"Content-Type": "application/json", "Origin": "null"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
async def test_a_foreign_page_cannot_act(page: Page, headers: dict[str, str]) -> None:
    wish = json.dumps({"as": LESIA.id, "chat": LESIA.id, "text": "hi"})
    async with page.client.post("/api/acts/say", data=wish, headers=headers) as response:
        assert response.status == 403
    assert LESIA.id not in page.core.chats


async def test_the_page_may_load_nothing_from_elsewhere(page: Page) -> None:
    async with page.client.get("/") as response:
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "http" not in text.replace("/web/", "")
    for path in WEB.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "innerHTML" not in text, path
        assert " style=" not in text, path


@pytest.mark.parametrize(
    "path", ["/web/../server.py", "/web/%2e%2e%2fserver.py", "/web/server.py", "/web/", "/api/acts/say", "/api/files/none"]
)
async def test_only_the_pages_own_files_are_served(page: Page, path: str) -> None:
    async with page.client.get(path) as response:
        assert response.status in {403, 404, 405}


async def test_a_sent_file_comes_back_as_a_download_only(page: Page) -> None:
    update = await page.acts("file", name="evil.html", content="PHNjcmlwdD4=")
    async with page.client.get(f"/api/files/{update['message']['document']['file_id']}") as response:
        assert await response.read() == b"<script>"
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("act", "wish"),
    [
        ("say", {"text": ""}),
        ("say", {"text": "x" * 4097}),
        ("say", {"text": 5}),
        ("say", {"text": "hi", "as": 1}),
        ("say", {"text": "hi", "as": True}),
        ("say", {"text": "hi", "chat": ADA.id}),
        ("say", {"text": "hi", "chat": 77}),
        ("say", {"text": "hi", "reply_to": 77}),
        ("press", {"message": 77, "data": "1:s"}),
        ("location", {"latitude": 91, "longitude": 0}),
        ("location", {"latitude": float("inf"), "longitude": 0}),
        ("file", {"name": "x", "content": "not base64"}),
        ("choose", {"query_id": "7", "result": "1"}),
        ("clock", {"offset": 1e12}),
        ("mood", {"mood": "sunny", "times": 1}),
        ("place_bot", {"status": "creator"}),
        ("block", {"blocked": "yes"}),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(page: Page, act: str, wish: Json) -> None:
    assert await page.acts(act, answered=400, **wish)


async def test_every_act_refuses_an_empty_wish(page: Page) -> None:
    for act in ACTS:
        if act == "calm":
            continue
        async with page.client.post(f"/api/acts/{act}", json={}) as response:
            assert response.status == 400, act
        async with page.client.post(f"/api/acts/{act}", json=[]) as response:
            assert response.status == 400, act


async def test_nobody_without_a_name_is_shown_anything(page: Page) -> None:
    for who in ("", "1", "-5", "²", str(page.core.bot.id)):
        async with page.client.get("/api/state", params={"as": who}) as response:
            assert response.status == 404


def test_it_listens_on_this_machine_alone_unless_told_otherwise() -> None:
    for host in ("127.0.0.1", "localhost", "::1"):
        check_host(host, anywhere=False)
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.org"):
        with pytest.raises(NotLoopback, match="PLAYGROUND_ANYWHERE=1"):
            check_host(host, anywhere=False)
        check_host(host, anywhere=True)


# --- The Telegram beside it ---------------------------------------------------------------------------------------------------------------


async def test_ostap_administers_the_bot_whoever_else_does() -> None:
    async with local_telegram(Settings(admins=frozenset({5}))) as here:
        assert here.settings.admins == {5, OSTAP.id}


async def test_the_settings_lead_a_bot_to_the_emulated_telegram_and_nowhere_else() -> None:
    async with local_telegram(Settings(host="0.0.0.0")) as here:
        settings = here.settings
        assert settings.token
        assert settings.api_url.startswith("http://127.0.0.1:")
        assert settings.api_url != PUBLIC_SERVER
        assert settings.admins == {OSTAP.id}
        async with (
            ClientSession(timeout=ClientTimeout(total=5)) as session,
            session.get(f"{settings.api_url}/bot{settings.token.value}/getMe") as response,
        ):
            assert (await response.json())["result"]["username"] == here.core.bot.username


def test_every_playground_has_a_token_of_its_own() -> None:
    assert new_token() != new_token()


async def test_someone_thrown_out_of_a_group_sends_nothing_into_it_by_inline_query_either(page: Page) -> None:
    chat = group(page.core)
    chat.members[LESIA.id] = "kicked"
    query = page.core.types_inline(LESIA, "lv")["inline_query"]["id"]
    page.core.inline_queries[query].answer = {"results": [{"id": "1"}]}
    page.core.inline_queries[query].contents = {"1": {"text": "Lviv"}}
    with pytest.raises(ImpossibleAct):
        page.core.chooses(LESIA, query, "1", chat)


def test_one_command_without_a_token_leads_to_an_answer(tmp_path: Path) -> None:
    with running_playground(tmp_path) as address:

        def asked(path: str, **wish: Any) -> Any:
            data = json.dumps(wish).encode() if wish else None
            request = Request(f"{address}{path}", data, {"Content-Type": "application/json"})
            with urlopen(request, timeout=5) as response:
                return json.loads(response.read())

        asked("api/acts/say", **{"as": ADA.id, "chat": ADA.id, "text": "Is Nikopol a member?"})
        for _ in range(100):
            shown = asked(f"api/state?as={ADA.id}")["messages"].get(str(ADA.id), [])
            if len(shown) > 1:
                break
            time.sleep(0.05)

        assert "Nikopol" in shown[-1]["message"]["text"]
        with urlopen(f"{address}readyz", timeout=5) as response:
            assert response.read() == b"ok\n"


def test_without_a_token_the_bot_refuses_to_open_itself_to_others(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="PLAYGROUND_ANYWHERE"), running_playground(tmp_path, host="0.0.0.0"):
        pytest.fail("it listens")


def test_the_page_says_the_same_in_each_of_its_languages() -> None:
    texts = (WEB / "texts.js").read_text(encoding="utf-8")
    tables = [re.findall(r"^    (\w+):", part, re.MULTILINE) for part in texts.split("\n  uk: {")]
    assert tables[0] == tables[1]
    used = "".join(path.read_text(encoding="utf-8") for path in WEB.iterdir() if path.name != "texts.js")
    assert [key for key in tables[0] if f'"{key}"' not in used] == []
