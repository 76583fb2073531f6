"""What is corrected or withdrawn changes in the chats that got it, little by little."""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.callbacks import ManageItem, WriteNews
from bot.delivery.cards import update_cards
from bot.emulator import ApiError, Call, Mood, Unreachable, bad_request, forbidden, refused_by_world, too_many_requests
from bot.emulator.methods.edits import NOT_MODIFIED
from bot.markup import Screen  # noqa: TC001 - one import for one annotation
from data import news, publications
from data.tables import deliveries
from tests.fakes.databases import shipped_file
from tests.fakes.house import Furniture, House, labels, said, the, to
from tests.fakes.press import NEWS, amender, amends, delivers, publishes, takes_up
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, ADMIN, LESIA

__all__ = ["shipped_file"]  # a fixture

BETTER = "Нікополь відкрив два центри\nЦентри для всіх. https://example.org/2\n---\nNikopol opened two centres\nTwo centres for all."
CHANGES = ("editMessageText", "deleteMessage")


@pytest.fixture
def furniture(furniture: Furniture, shipped_file: Path, tmp_path: Path) -> Furniture:
    shutil.copy(shipped_file, tmp_path / "shipped.db")
    return replace(furniture, file=tmp_path / "shipped.db")


@pytest.fixture
def bot(troubled_bot: House) -> House:
    """An edit that changes nothing is refused, and that is well."""
    return troubled_bot


async def corrects(bot: House, card: Call, text: str = BETTER) -> Call:
    """An admin corrects an item; the card that tells how that goes."""
    asked = sent(await bot.presses(card, ManageItem("a1", "correct").pack(), ADMIN))[-1]
    shown = the(await bot.hears(text, ADMIN, reply_to=asked.result))
    return the(await bot.presses(shown, to(shown, WriteNews), ADMIN))


async def reasons(bot: House) -> dict[int, str | None]:
    """Why messages are not as they should be, by chat."""
    async with bot.db.read() as connection:
        return {row.chat_id: row.reason for row in await connection.execute(select(deliveries).where(deliveries.c.item == "a1"))}


async def test_a_correction_is_typed_over_the_present_text_and_shown_before_anything_changes(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    card = await publishes(bot)
    await delivers(bot)
    asked = the(await bot.presses(card, "Виправити", ADMIN))

    for part in ("https://example.org/1", "about: nikopol", "Нікополь відкрив центр\nЦентр для всіх.", "A centre for all."):
        assert part in asked.text
    shown = the(await bot.hears(BETTER, ADMIN, reply_to=asked.result))
    assert "uk · Нікополь відкрив два центри" in shown.text
    assert "Зміниться 1 повідомлення." in shown.text
    assert labels(shown) == ["Виправити", "Змінити", "Скасувати"]
    assert await amends(bot) == [], "nothing changes before a tap"


async def test_the_present_text_sent_back_changes_nothing(bot: House) -> None:
    await publishes(bot)
    before = await bot.services.newsroom.words("a1")
    card = the(await bot.hears("/publish", ADMIN))
    asked = sent(await bot.presses(the(await bot.presses(card, to(card, ManageItem), ADMIN)), ManageItem("a1", "correct").pack(), ADMIN))[
        -1
    ]
    copied = next(asked.text[one["offset"] : one["offset"] + one["length"]] for one in asked.result["entities"] if one["type"] == "code")
    shown = the(await bot.hears(copied, ADMIN, reply_to=asked.result))
    await bot.presses(shown, to(shown, WriteNews), ADMIN)

    after = await bot.services.newsroom.words("a1")
    assert before is not None
    assert after is not None
    assert (set(after.texts), after.cities, after.countries, after.topics, after.url, after.date) == (
        set(before.texts),
        before.cities,
        before.countries,
        before.topics,
        before.url,
        before.date,
    )


async def test_corrected_news_change_in_each_chat_in_its_language_and_in_the_list(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    await bot.hears("/subscribe Ukraine", ADA)
    card = await publishes(bot)
    first = {call.chat_id: call.result["message_id"] for call in sent(await delivers(bot))}
    await corrects(bot, card)
    await takes_up(bot)
    changed = sent(await amends(bot), *CHANGES)

    assert {call.chat_id: call.text.splitlines()[1] for call in changed} == {
        LESIA.id: "Нікополь відкрив два центри",
        ADA.id: "Nikopol opened two centres",
    }
    assert {call.chat_id: call.params["message_id"] for call in changed} == first
    assert all(call.method == "editMessageText" and call.buttons for call in changed)
    assert "Nikopol opened two centres" in said(await bot.hears("/news Nikopol", ADA))
    assert await amends(bot) == [], "once is enough"


async def test_what_still_waits_goes_out_in_the_new_words_even_if_the_sender_learns_of_them_later(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    card = await publishes(bot)
    await corrects(bot, card)
    assert sent(await delivers(bot)) == [], "this process has not taken up the new words yet"

    await takes_up(bot)
    (shown,) = sent(await delivers(bot))
    assert "Нікополь відкрив два центри" in shown.text
    assert sent(await amends(bot), *CHANGES) == []


async def test_a_correction_goes_on_after_a_restart(bot: House) -> None:
    people = [bot.telegram.user(f"Reader {number}") for number in range(60)]
    for person in people:
        await bot.hears("/subscribe Nikopol", person)
    card = await publishes(bot)
    for _ in range(5):
        await delivers(bot)
    await corrects(bot, card)
    await takes_up(bot)
    before = len(bot.telegram.log)
    await amender(bot).step()
    first = {call.chat_id for call in sent(bot.telegram.log[before:], "editMessageText")}
    await bot.restarts()
    await takes_up(bot)
    rest = [call.chat_id or 0 for call in sent(await amends(bot), "editMessageText")]

    assert len(first) == 50
    assert sorted(rest) == sorted({person.id for person in people} - first)


async def test_a_correction_keeps_within_the_bulk_budget(bot: House) -> None:
    for number in range(45):
        await bot.hears("/subscribe Nikopol", bot.telegram.user(f"Reader {number}"))
    card = await publishes(bot)
    for _ in range(5):
        await delivers(bot)
    await corrects(bot, card)
    await takes_up(bot)
    bot.clock.advance(60)
    began = bot.clock.monotonic()
    await amender(bot).step()

    rate = bot.services.limits.bulk_per_second
    assert 45 / rate - 0.2 <= bot.clock.monotonic() - began <= 45 / rate + 1


async def test_the_admin_sees_how_far_a_correction_came(bot: House) -> None:
    for number in range(2):
        await bot.hears("/subscribe Nikopol", bot.telegram.user(f"Reader {number}"))
    card = await publishes(bot)
    await delivers(bot)
    card = await corrects(bot, card)
    assert "Ще не виправлено: 2" in card.text
    await takes_up(bot)
    await amender(bot).step()
    shown: dict[int, Screen] = {}
    before = len(bot.telegram.log)
    await update_cards(bot.application.bot, bot.services, shown)
    await update_cards(bot.application.bot, bot.services, shown)

    (edit,) = bot.telegram.log[before:]
    assert (edit.chat_id, edit.result["message_id"]) == (ADMIN.id, card.result["message_id"])
    assert edit.text.startswith("Нікополь відкрив два центри")
    assert "Виправлено: 2" in edit.text
    assert "Ще не виправлено" not in edit.text


REFUSALS: list[tuple[ApiError, str | None]] = [
    (refused_by_world(NOT_MODIFIED), None),
    (refused_by_world("message to edit not found"), "message to edit not found"),
    (bad_request("message can't be edited"), "message can't be edited"),
    (forbidden("bot was blocked by the user"), "bot was blocked by the user"),
]


@pytest.mark.parametrize(("refusal", "why"), REFUSALS, ids=[error.description for error, _ in REFUSALS])
async def test_what_cannot_be_changed_is_noted_and_holds_up_nobody(bot: House, refusal: ApiError, why: str | None) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    await bot.hears("/subscribe Nikopol", ADA)
    card = await publishes(bot)
    await delivers(bot)
    await corrects(bot, card)
    await takes_up(bot)
    bot.telegram.answers("editMessageText", refusal, chat=LESIA, times=None)
    changed = {call.chat_id for call in sent(await amends(bot), "editMessageText")}

    assert ADA.id in changed
    noted = (await reasons(bot))[LESIA.id]
    assert noted is None if why is None else why in (noted or "")
    async with bot.db.read() as connection:
        progress = await publications.progress(connection, "a1")
    assert progress is not None
    assert (progress.amended, progress.unamended, progress.amending) == ((2, 0, False) if why is None else (1, 1, False))


async def test_long_flood_waits_of_several_chats_hold_up_no_others_corrections(bot: House) -> None:
    readers = [bot.telegram.user(f"Reader {number}") for number in range(10)]
    for reader in readers:
        await bot.hears("/subscribe Nikopol", reader)
    card = await publishes(bot)
    await delivers(bot)
    await corrects(bot, card)
    await takes_up(bot)
    for reader in readers[1::2]:
        bot.telegram.answers("editMessageText", too_many_requests(43_838), chat=reader.id)
    began = bot.clock.monotonic()
    await amender(bot).step()

    assert bot.clock.monotonic() - began < 60
    async with bot.db.read() as connection:
        progress = await publications.progress(connection, "a1")
    assert progress is not None
    assert (progress.amended, progress.outdated) == (5, 5)


@pytest.mark.parametrize("mood", [too_many_requests(30), Unreachable()], ids=["a flood wait", "no connection"])
async def test_what_fails_for_a_while_is_changed_later(bot: House, mood: Mood) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    await bot.hears("/subscribe Nikopol", ADA)
    card = await publishes(bot)
    await delivers(bot)
    await corrects(bot, card)
    await takes_up(bot)
    bot.telegram.answers("editMessageText", mood, chat=LESIA)
    changed = [call.chat_id or 0 for call in sent(await amends(bot), "editMessageText")]

    assert sorted(changed) == [LESIA.id, ADA.id]
    assert await reasons(bot) == {LESIA.id: None, ADA.id: None}


async def test_a_message_whose_reader_wanted_less_of_it_stays_so(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    card = await publishes(bot)
    (shown,) = sent(await delivers(bot))
    await bot.presses(shown, "Менше такого", LESIA)
    await corrects(bot, card)
    await takes_up(bot)
    (edit,) = [call for call in sent(await amends(bot), "editMessageText") if call.chat_id == LESIA.id]

    assert "🔔 Стежити знову" in labels(edit)


async def test_a_withdrawn_item_is_deleted_from_the_chats_that_got_it(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    card = await publishes(bot)
    (shown,) = sent(await delivers(bot))
    taken = the(await bot.presses(card, "Відкликати", ADMIN))
    assert "Ще не відкликано: 1" in taken.text
    deleted = sent(await amends(bot), *CHANGES)

    assert [(call.method, call.params["chat_id"], call.params["message_id"]) for call in deleted] == [
        ("deleteMessage", LESIA.id, shown.result["message_id"])
    ]
    shown_now = the(await bot.presses(taken, ManageItem("a1", "show").pack(), ADMIN))
    assert shown_now.text.startswith("Нікополь відкрив центр"), "it is known what was withdrawn"
    assert "Відкликано: 1" in shown_now.text


async def from_the_card(bot: House, card: Call) -> None:
    await bot.presses(card, ManageItem("a1", "withdraw").pack(), ADMIN)


async def from_the_command_line(bot: House, _card: Call) -> None:
    """`main.py news withdraw a1` is this, over its own connection."""
    assert await news.withdraw(bot.db, "a1", bot.clock.now())


@pytest.mark.parametrize("withdraws", [from_the_card, from_the_command_line])
async def test_what_may_not_be_deleted_any_more_says_that_it_was_withdrawn(bot: House, withdraws: Callable[[House, Call], object]) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    await bot.hears("/subscribe Nikopol", ADA)
    card = await publishes(bot)
    await delivers(bot)
    bot.clock.advance(dt.timedelta(hours=48))
    await withdraws(bot, card)  # type: ignore[misc]
    changed = sent(await amends(bot), *CHANGES)

    assert {(call.method, call.chat_id, call.text) for call in changed} == {
        ("editMessageText", LESIA.id, "Цю новину відкликано."),
        ("editMessageText", ADA.id, "This item was withdrawn."),
    }
    assert all(not call.buttons for call in changed)


async def test_a_message_that_telegram_does_not_let_us_delete_says_that_it_was_withdrawn(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    card = await publishes(bot)
    await delivers(bot)
    await from_the_card(bot, card)
    bot.telegram.answers("deleteMessage", refused_by_world("message can't be deleted for everyone"), chat=LESIA)

    assert the(await amends(bot)).text == "Цю новину відкликано."
    assert await reasons(bot) == {LESIA.id: None}


async def test_a_message_that_its_reader_deleted_is_no_trouble(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    card = await publishes(bot)
    (shown,) = sent(await delivers(bot))
    del bot.telegram.chats[LESIA.id].messages[shown.result["message_id"]]
    await from_the_card(bot, card)

    assert sent(await amends(bot), *CHANGES) == []
    assert await reasons(bot) == {LESIA.id: None}


async def test_a_withdrawn_item_cannot_be_corrected_and_the_words_are_kept(bot: House) -> None:
    card = await publishes(bot)
    asked = sent(await bot.presses(card, ManageItem("a1", "correct").pack(), ADMIN))[-1]
    shown = the(await bot.hears(BETTER, ADMIN, reply_to=asked.result))
    await from_the_command_line(bot, card)

    refused = the(await bot.presses(shown, to(shown, WriteNews), ADMIN))
    assert "a1 is withdrawn" in refused.text


async def test_a_correction_pressed_twice_is_made_once(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    card = await publishes(bot)
    await delivers(bot)
    asked = sent(await bot.presses(card, ManageItem("a1", "correct").pack(), ADMIN))[-1]
    shown = the(await bot.hears(BETTER, ADMIN, reply_to=asked.result))
    correct = to(shown, WriteNews)
    for _ in range(2):
        bot.telegram.presses(ADMIN, shown.result, correct)
    await bot.catches_up()
    await takes_up(bot)

    assert len(sent(await amends(bot), "editMessageText")) == 1
    assert bot.services.catalogue.news_by_id.keys() >= {"a1"}
    assert "a2" not in bot.services.catalogue.news_by_id


async def test_latest_items_are_found_where_news_is_written(bot: House) -> None:
    await publishes(bot)
    await publishes(bot, NEWS.replace("Нікополь відкрив центр", "Львів відкрив центр").replace("Nikopol opened", "Lviv opened"))
    listed = the(await bot.hears("/publish", ADMIN))

    assert labels(listed) == ["Львів відкрив центр", "Нікополь відкрив центр"]
    assert the(await bot.presses(listed, "Нікополь відкрив центр", ADMIN)).text.startswith("Нікополь відкрив центр")
