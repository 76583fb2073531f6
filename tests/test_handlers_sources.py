"""/sources: an admin adds a source without code, and what it tells reaches whoever follows its subjects, once."""

import datetime as dt
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.callbacks import AddSource, JudgeEntry, ManageItem, ManageSource, WriteNews, unpack
from bot.emulator import Call
from bot.rounds import Visit
from bot.watching import tell_admins
from data.sources.fetch import Reach
from tests.fakes.clock import START
from tests.fakes.databases import shipped_file
from tests.fakes.house import Furniture, House, labels, said, the, to
from tests.fakes.newsstand import Newsstand, Story, newsstand
from tests.fakes.press import delivers, takes_up
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, ADMIN, FATIMA, LESIA

__all__ = ["shipped_file"]  # a fixture

TODAY = START.date()
OTHER_ADMIN = FATIMA
NIKOPOL = Story(
    "Nikopol opens a centre for adults",
    "The UNESCO learning city Nikopol opened a centre for older people. More follows.",
    "/news/nikopol",
    "n-1",
    TODAY,
)
CORK = Story("Cork invites learning cities to its festival", "The UNESCO learning city of Cork celebrates.", "/news/cork", "n-2", TODAY)
LVIV = Story("Lviv speaks of its learning cities office", "The UNESCO learning city Lviv has a new office.", "/news/lviv", "n-3", TODAY)


@pytest_asyncio.fixture
async def stand() -> AsyncIterator[Newsstand]:
    async with newsstand() as opened:
        yield opened


@pytest.fixture
def furniture(furniture: Furniture, shipped_file: Path, tmp_path: Path) -> Furniture:
    """News are about cities that the database must hold; the sources are on this machine."""
    shutil.copy(shipped_file, tmp_path / "shipped.db")
    admins = {ADMIN.id, OTHER_ADMIN.id}
    return replace(furniture, file=tmp_path / "shipped.db", reach=Reach(private=True, pause=0), admins=admins)


def entry_of(shown: Call) -> int:
    """The thing that a card of the queue is about."""
    action = unpack(to(shown, JudgeEntry))
    assert isinstance(action, JudgeEntry)
    return action.entry


def key_of(shown: Call) -> str:
    """The source that a card is about."""
    action = unpack(to(shown, ManageSource))
    assert isinstance(action, ManageSource)
    return action.source


async def adds(bot: House, asked: str, lang: str = "en") -> Call:
    """An admin adds what he is shown; the card of the new source."""
    shown = the(await bot.hears(f"/sources add {asked}", ADMIN))
    return the(await bot.presses(shown, AddSource(lang).pack(), ADMIN))


async def watches(bot: House, asked: str, *, trusted: bool = False) -> str:
    """An admin adds a source and switches it on; its id."""
    card = await adds(bot, asked)
    key = key_of(card)
    if trusted:
        await bot.presses(card, ManageSource(key, "trust").pack(), ADMIN)
    await bot.presses(card, ManageSource(key, "on").pack(), ADMIN)
    return key


async def looks(bot: House, minutes: float = 120) -> list[Visit]:
    """Time passes, the sources are looked at, and admins are told."""
    bot.clock.advance(minutes * 60)
    visits = await bot.services.newsroom.desk.rounds.round()
    await tell_admins(bot.application.bot, bot.services)
    return visits


async def told(bot: House) -> list[Call]:
    """What admins are told now."""
    before = len(bot.telegram.log)
    await tell_admins(bot.application.bot, bot.services)
    return sent(bot.telegram.log[before:])


def copies(calls: list[Call], word: str) -> list[int]:
    """The chats that got an item with this word."""
    return sorted(call.chat_id or 0 for call in sent(calls, "sendMessage") if word in call.text)


async def test_a_feed_that_an_admin_added_reaches_the_followers_of_its_subjects_once(bot: House, stand: Newsstand) -> None:
    await bot.hears("/subscribe Nikopol", LESIA)
    await bot.hears("/subscribe Cork", ADA)
    url = stand.tells("/feed", [])
    stand.tells("/feed", [CORK])
    await watches(bot, url, trusted=True)
    await looks(bot, 0)
    stand.tells("/feed", [NIKOPOL, CORK])
    await looks(bot)
    await takes_up(bot)
    delivered = await delivers(bot)

    assert copies(delivered, "Nikopol opens a centre") == [LESIA.id]
    assert copies(delivered, "Cork invites") == [ADA.id]
    for _ in range(3):
        await looks(bot)
        assert copies(await delivers(bot), "Nikopol opens a centre") == []


async def test_a_page_that_lists_news_is_read_without_a_word_about_selectors(bot: House, stand: Newsstand) -> None:
    await bot.hears("/subscribe Lviv", LESIA)
    url = stand.lists("/en/news", [NIKOPOL, CORK, replace(LVIV, date=TODAY - dt.timedelta(days=30))])
    await watches(bot, url, trusted=True)
    await looks(bot, 0)
    fresh = Story("Lviv opens one more centre", "Lviv, a UNESCO learning city, did it.", "/news/lviv-2", "", TODAY)
    stand.lists("/en/news", [fresh, NIKOPOL, CORK])
    await looks(bot)
    await takes_up(bot)

    assert copies(await delivers(bot), "one more centre") == [LESIA.id]


async def asks(bot: House, stand: Newsstand, *stories: Story) -> Call:
    """A source that admins want to see first tells something; what an admin is sent about it."""
    await bot.hears("/start", ADMIN)
    await bot.hears("/start", OTHER_ADMIN)
    await watches(bot, stand.tells("/feed", stories))
    before = len(bot.telegram.log)
    await looks(bot, 0)
    (message,) = [call for call in sent(bot.telegram.log[before:]) if call.chat_id == ADMIN.id]
    return message


async def test_admins_get_one_message_a_look_however_many_things_wait(bot: House, stand: Newsstand) -> None:
    shown = await asks(bot, stand, NIKOPOL, CORK, LVIV)

    assert "Lviv speaks" in shown.text, "the oldest comes first"
    assert "Джерело" in shown.text
    assert stand.url in shown.text
    assert "Львів" in shown.text
    assert "3" in shown.text
    assert await told(bot) == []


async def test_what_waits_goes_out_when_an_admin_says_so_and_once_for_all_admins(bot: House, stand: Newsstand) -> None:
    await bot.hears("/subscribe Nikopol", LESIA)
    shown = await asks(bot, stand, NIKOPOL)
    theirs = next(call for call in sent(bot.telegram.log) if call.chat_id == OTHER_ADMIN.id and "Nikopol opens" in call.text)
    entry = entry_of(shown)
    done = the(await bot.presses(shown, JudgeEntry(entry, "publish").pack(), ADMIN))
    again = the(await bot.presses(theirs, JudgeEntry(entry, "publish").pack(), OTHER_ADMIN))
    await takes_up(bot)

    assert "Опубліковано" in done.text
    assert to(done, ManageItem) == to(again, ManageItem)
    assert copies(await delivers(bot), "Nikopol opens") == [LESIA.id]


async def test_the_queue_survives_a_restart(bot: House, stand: Newsstand) -> None:
    shown = await asks(bot, stand, NIKOPOL)
    await bot.restarts()

    assert await told(bot) == []
    done = the(await bot.presses(shown, JudgeEntry(entry_of(shown), "publish").pack(), ADMIN))
    assert "Опубліковано" in done.text


async def test_next_leads_through_all_that_waits_and_begins_anew(bot: House, stand: Newsstand) -> None:
    shown = await asks(bot, stand, NIKOPOL, CORK)
    first, seen = shown.text.splitlines()[0], []
    for _ in range(2):
        shown = the(await bot.presses(shown, next(data for data in buttons(shown) if ":next" in data), ADMIN))
        seen.append(shown.text.splitlines()[0])

    assert seen == [NIKOPOL.title, CORK.title]
    assert first == CORK.title


async def test_what_is_dropped_never_comes_back(bot: House, stand: Newsstand) -> None:
    shown = await asks(bot, stand, NIKOPOL)
    done = the(await bot.presses(shown, JudgeEntry(entry_of(shown), "drop").pack(), ADMIN))
    assert "Відкинуто" in done.text

    stand.tells("/feed", [replace(NIKOPOL, own_id="another-id"), replace(NIKOPOL, own_id="", summary="Other words.")])
    (visit,) = await looks(bot)
    assert visit.taken.waiting == []


async def test_a_tag_is_taken_off_by_a_tap(bot: House, stand: Newsstand) -> None:
    await bot.hears("/subscribe Nikopol", LESIA)
    shown = await asks(bot, stand, NIKOPOL)
    number = entry_of(shown)
    tags = the(await bot.presses(shown, JudgeEntry(number, "tags").pack(), ADMIN))
    assert labels(tags)[0] == "🇺🇦 Нікополь ✕"
    left = the(await bot.presses(tags, JudgeEntry(number, "untag", "cnikopol").pack(), ADMIN))
    assert "🇺🇦 Нікополь ✕" not in labels(left)
    card = the(await bot.presses(left, JudgeEntry(number).pack(), ADMIN))
    await bot.presses(card, JudgeEntry(number, "publish").pack(), ADMIN)
    await takes_up(bot)

    assert copies(await delivers(bot), "Nikopol opens") == []


async def test_edit_goes_on_as_news_that_the_admin_writes_and_takes_it_off_the_queue(bot: House, stand: Newsstand) -> None:
    await bot.hears("/subscribe Nikopol", LESIA)
    shown = await asks(bot, stand, NIKOPOL)
    number = entry_of(shown)
    asked = the(await bot.presses(shown, JudgeEntry(number, "edit").pack(), ADMIN), "sendMessage")
    assert "about: nikopol" in asked.text
    text = "en\nNikopol has a new centre\nIt is for everybody. https://example.org/centre\nabout: nikopol"
    preview = the(await bot.hears(text, ADMIN, reply_to=asked.result))
    await bot.presses(preview, to(preview, WriteNews), ADMIN)
    await takes_up(bot)

    assert copies(await delivers(bot), "Nikopol has a new centre") == [LESIA.id]
    over = the(await bot.presses(shown, JudgeEntry(number, "publish").pack(), ADMIN))
    assert "Опубліковано" in over.text
    assert copies(await delivers(bot), "Nikopol") == []


async def test_a_draft_of_what_another_admin_published_meanwhile_is_over(bot: House, stand: Newsstand) -> None:
    shown = await asks(bot, stand, NIKOPOL)
    theirs = next(call for call in sent(bot.telegram.log) if call.chat_id == OTHER_ADMIN.id and "Nikopol opens" in call.text)
    number = entry_of(shown)
    asked = the(await bot.presses(shown, JudgeEntry(number, "edit").pack(), ADMIN), "sendMessage")
    await bot.presses(theirs, JudgeEntry(number, "publish").pack(), OTHER_ADMIN)
    answer = the(await bot.hears("en\nNikopol again\nIt is for everybody. https://example.org/2", ADMIN, reply_to=asked.result))

    assert "вже опубліковано або скасовано" in answer.text


async def test_probing_shows_what_a_source_would_give_and_keeps_nothing(bot: House, stand: Newsstand) -> None:
    await bot.hears("/start", ADMIN)
    card = await adds(bot, stand.tells("/feed", [NIKOPOL, CORK]))
    key = key_of(card)
    probe = the(await bot.presses(card, ManageSource(key, "probe").pack(), ADMIN))

    assert "Nikopol opens a centre" in probe.text
    assert "Нікополь" in probe.text
    assert await told(bot) == []
    assert (await bot.services.newsroom.desk.next_entry())[1] == 0


async def test_a_source_is_removed_after_a_question(bot: House, stand: Newsstand) -> None:
    card = await adds(bot, stand.tells("/feed", [NIKOPOL]))
    key = key_of(card)
    asked = the(await bot.presses(card, ManageSource(key, "remove").pack(), ADMIN))
    assert await bot.services.newsroom.desk.source(key)
    await bot.presses(asked, ManageSource(key, "gone").pack(), ADMIN)

    assert await bot.services.newsroom.desk.source(key) is None


async def test_a_page_names_its_feed_and_the_feed_is_what_is_added(bot: House, stand: Newsstand) -> None:
    stand.tells("/feed.xml", [NIKOPOL])
    page = stand.shows(
        "/", '<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>Hello</body></html>'
    )
    card = await adds(bot, page)

    assert f"{stand.url}/feed.xml" in card.text


async def test_an_address_that_is_a_source_already_leads_to_that_source(bot: House, stand: Newsstand) -> None:
    url = stand.tells("/feed", [NIKOPOL])
    assert key_of(await adds(bot, url)) == key_of(await adds(bot, f"{url}?utm_source=chat")) == "localhost"
    assert key_of(await adds(bot, stand.tells("/other", [CORK]))) == "localhost-2"


async def test_selectors_in_the_message_say_where_news_stand(bot: House, stand: Newsstand) -> None:
    page = stand.shows("/list", '<div class="x"><b>Nikopol learns</b><a href="/1">more</a></div><div class="x"><b>Lviv learns</b></div>')
    refused = the(await bot.hears(f"/sources add {page}", ADMIN))
    assert "item: .teaser" in refused.text
    shown = the(await bot.hears(f"/sources add {page}\nitem: .x\ntitle: b", ADMIN))

    assert "Nikopol learns" in shown.text


async def test_keywords_in_the_message_leave_other_things_out(bot: House, stand: Newsstand) -> None:
    feed = stand.tells("/all", [NIKOPOL, Story("Football results", "Three to one.", "/football", "f-1", TODAY)])
    shown = the(await bot.hears(f"/sources add {feed}\nkeyword: learning cit*, GNLC", ADMIN))

    assert "Nikopol opens" in shown.text
    assert "Football" not in shown.text


async def test_a_language_that_the_bot_does_not_speak_can_be_named(bot: House, stand: Newsstand) -> None:
    shown = the(await bot.hears(f"/sources add {stand.tells('/feed', [NIKOPOL])}\nlang: de", ADMIN))
    assert labels(shown) == ["німецька"]
    card = the(await bot.presses(shown, "німецька", ADMIN))

    found = await bot.services.newsroom.desk.source(key_of(card))
    assert found
    assert found.source.lang == "de"


async def test_wrong_selectors_are_explained(bot: House, stand: Newsstand) -> None:
    shown = the(await bot.hears(f"/sources add {stand.lists('/n', [NIKOPOL])}\nitem: ::[", ADMIN))

    assert "не додано" in shown.text or "не знайшов" in shown.text


async def test_an_address_of_the_machine_s_own_network_is_refused(troubled_bot: House, stand: Newsstand) -> None:
    bot = troubled_bot
    bot.furniture.reach = Reach()
    await bot.restarts()
    shown = the(await bot.hears(f"/sources add {stand.tells('/feed', [NIKOPOL])}", ADMIN))

    assert "приватн" in shown.text
    assert stand.asked["/feed"] == 0


async def test_a_feed_sent_as_a_file_waits_in_the_queue_once(bot: House, stand: Newsstand) -> None:
    content = stand.feed([NIKOPOL, replace(CORK, date=TODAY - dt.timedelta(days=400))]).encode()
    for new in ("2", "нічого нового"):
        bot.telegram.sends_document(ADMIN, "news.xml", content, mime="text/xml")
        assert new in the(await bot.catches_up()).text


async def test_a_file_that_is_no_feed_is_refused(bot: House) -> None:
    bot.telegram.sends_document(ADMIN, "news.xml", b"<html>no</html>", mime="text/xml")

    assert "RSS" in the(await bot.catches_up()).text


async def test_to_everybody_else_the_command_its_buttons_and_files_do_not_exist(bot: House, stand: Newsstand) -> None:
    shown = await asks(bot, stand, NIKOPOL)
    number = entry_of(shown)
    assert "/sources" in said(await bot.hears("/sources", LESIA))
    assert "/help" in said(await bot.hears("/sources add https://example.org/", LESIA))
    bot.telegram.sends_document(LESIA, "news.xml", stand.feed([LVIV]).encode(), mime="text/xml")
    await bot.catches_up()
    start = the(await bot.hears("/start", LESIA))
    for action in (JudgeEntry(number, "publish"), ManageSource("localhost", "gone"), AddSource("en")):
        forged = bot.telegram.chats[LESIA.id].messages[start.result["message_id"]]
        bot.telegram._presses_callback(LESIA, forged, action.pack())
        await bot.catches_up()

    assert (await bot.services.newsroom.desk.next_entry())[1] == 1
    assert await bot.services.newsroom.desk.source("localhost")


async def test_a_source_that_broke_is_told_once_and_again_after_it_recovered(troubled_bot: House, stand: Newsstand) -> None:
    bot = troubled_bot
    await bot.hears("/start", ADMIN)
    await watches(bot, stand.tells("/feed", [NIKOPOL]), trusted=True)
    await looks(bot, 0)

    async def breaks() -> list[str]:
        stand.shows("/feed", "oh no", status=500)
        before = len(bot.telegram.log)
        for _ in range(6):
            await looks(bot, 24 * 60)
        return [call.text for call in sent(bot.telegram.log[before:]) if call.chat_id == ADMIN.id]

    first = await breaks()
    status = the(await bot.hears("/status", LESIA)).text
    stand.tells("/feed", [NIKOPOL])
    await looks(bot, 48 * 60)
    well = the(await bot.hears("/status", LESIA)).text
    second = await breaks()

    assert len(first) == len(second) == 1
    assert "localhost" in first[0]
    assert "localhost" in status
    assert "localhost" not in well


async def test_a_broken_source_stops_no_other(troubled_bot: House, stand: Newsstand) -> None:
    bot = troubled_bot
    url = stand.tells("/feed", [NIKOPOL])
    await watches(bot, url, trusted=True)
    other = stand.tells("/other", [CORK])
    await watches(bot, other, trusted=True)
    stand.shows("/feed", "oh no", status=500)
    visits = await looks(bot, 0)

    assert sorted((visit.look.failed, len(visit.taken.items)) for visit in visits) == [(False, 1), (True, 0)]


def buttons(shown: Call) -> list[str]:
    return [button["callback_data"] for row in shown.buttons for button in row if "callback_data" in button]
