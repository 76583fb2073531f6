"""/publish: an admin writes news, sees them first, and sends them once."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.callbacks import ManageItem, WriteNews
from data import publications
from data.follows import NETWORK, Kind, Target
from data.tables import drafts
from data.tables import publications as publication_table
from tests.fakes.databases import shipped_file
from tests.fakes.house import Furniture, House, labels, said, the, to
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, ADMIN, LESIA

__all__ = ["shipped_file"]  # a fixture

NEWS = """/publish Нікополь відкрив центр навчання
Центр працює для людей старшого віку.
https://example.org/nikopol
---
Nikopol opened a learning centre
The centre is for older people."""


@pytest.fixture
def furniture(furniture: Furniture, shipped_file: Path, tmp_path: Path) -> Furniture:
    """News are about cities that the database must hold."""
    shutil.copy(shipped_file, tmp_path / "shipped.db")
    return replace(furniture, file=tmp_path / "shipped.db")


async def items(bot: House) -> list[str]:
    async with bot.db.read() as connection:
        return list((await connection.scalars(select(publication_table.c.item))).all())


async def test_the_preview_shows_each_language_the_subjects_and_how_many_get_it(bot: House) -> None:
    await bot.hears("/subscribe Ukraine", ADA)
    await bot.hears("/subscribe Африка", LESIA)
    shown = the(await bot.hears(NEWS, ADMIN))

    assert "uk · Нікополь відкрив центр навчання" in shown.text
    assert "en · Nikopol opened a learning centre" in shown.text
    assert "Про: 🇺🇦 Нікополь" in shown.text
    assert "Отримає 1 чат." in shown.text
    assert labels(shown) == ["Опублікувати", "Змінити", "Скасувати"]
    assert await items(bot) == []


async def test_publishing_orders_the_delivery_once_however_often_it_is_pressed(troubled_bot: House) -> None:
    bot = troubled_bot  # an edit that changes nothing is refused, and that is well
    shown = the(await bot.hears(NEWS, ADMIN))
    publish = to(shown, WriteNews)
    bot.telegram.presses(ADMIN, shown.result, publish)
    bot.telegram.presses(ADMIN, shown.result, publish)
    await bot.catches_up()

    (item,) = await items(bot)
    async with bot.db.read() as connection:
        targets = await publications.targets_of(connection, item)
    assert targets == (
        Target(Kind.CITY, "nikopol"),
        Target(Kind.COUNTRY, "UA"),
        Target(Kind.REGION, "europe-north-america"),
        *(target for target in targets if target.kind is Kind.THEME),
        NETWORK,
    )


async def test_a_draft_survives_a_restart(bot: House) -> None:
    shown = the(await bot.hears(NEWS, ADMIN))
    await bot.restarts()
    card = the(await bot.presses(shown, to(shown, WriteNews), ADMIN))

    assert card.text.startswith("Нікополь відкрив центр навчання\nОпубліковано")
    assert len(await items(bot)) == 1


async def test_a_delivery_is_paused_resumed_stopped_and_withdrawn(bot: House) -> None:
    shown = the(await bot.hears(NEWS, ADMIN))
    card = the(await bot.presses(shown, "Опублікувати", ADMIN))
    (item,) = await items(bot)

    card = the(await bot.presses(card, ManageItem(item, "pause").pack(), ADMIN))
    assert "Призупинено" in card.text
    await bot.restarts()
    card = the(await bot.presses(card, ManageItem(item, "resume").pack(), ADMIN))
    assert "Триває надсилання." in card.text
    card = the(await bot.presses(card, ManageItem(item, "stop").pack(), ADMIN))
    assert "Зупинено" in card.text
    card = the(await bot.presses(card, ManageItem(item, "withdraw").pack(), ADMIN))
    assert "Відкликано" in card.text
    assert labels(card) == ["Оновити"]


async def test_what_is_missing_is_named_and_can_be_mended(bot: House) -> None:
    shown = the(await bot.hears("/publish Нікополь", ADMIN))

    assert "Бракує тексту" in shown.text
    assert "Бракує посилання" in shown.text
    assert labels(shown) == ["Змінити", "Скасувати"]
    asked = the(await bot.presses(shown, "Змінити", ADMIN))
    mended = the(await bot.hears("Нікополь\nВідкрив центр. https://example.org/1\nпро: Нікополь, здоровʼя", ADMIN, reply_to=asked.result))
    assert labels(mended)[0] == "Опублікувати"
    assert "Про: 🇺🇦 Нікополь" in mended.text


async def test_a_subject_that_nobody_knows_is_named(bot: House) -> None:
    shown = the(await bot.hears("/publish A\nB https://example.org\nabout: Zzzqqq, Nikopol", ADMIN))

    assert "Невідома назва: Zzzqqq" in shown.text
    assert "Опублікувати" not in labels(shown)


async def test_a_cancelled_draft_is_not_published(bot: House) -> None:
    shown = the(await bot.hears(NEWS, ADMIN))
    publish = to(shown, WriteNews)
    left = the(await bot.presses(shown, "Скасувати", ADMIN))
    assert left.text == "Чернетку скасовано. Нічого не надіслано."
    bot.message_of(shown)["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": publish}]]}

    bot.telegram.chats[ADMIN.id].messages[shown.result["message_id"]].markup = bot.message_of(shown)["reply_markup"]
    assert "вже опубліковано або скасовано" in the(await bot.presses(shown, publish, ADMIN)).text
    assert await items(bot) == []


async def test_a_forwarded_post_is_published_with_the_post_as_its_source(bot: House) -> None:
    origin = {
        "type": "channel",
        "date": 1,
        "chat": {"id": -1009, "type": "channel", "title": "News", "username": "gnlc_news"},
        "message_id": 7,
    }
    stored = bot.telegram.sends(None, ADMIN, {"text": "Lviv joins\nLviv joined the network.", "forward_origin": origin})
    await bot.catches_up()
    shown = the(await bot.hears("/publish", ADMIN, reply_to=stored["message"]))

    assert "https://t.me/gnlc_news/7" in shown.text
    assert labels(shown)[0] == "Опублікувати"


async def test_without_words_it_says_how(bot: House) -> None:
    assert said(await bot.hears("/publish", ADMIN)).startswith("Як опублікувати новину")


async def test_for_everybody_else_there_is_no_such_command(bot: House) -> None:
    assert said(await bot.hears(NEWS, ADA)).startswith("I do not know the command /publish")
    group = bot.telegram.group("Teachers", [ADMIN])
    assert not sent(await bot.hears(NEWS, ADMIN, group))
    shown = the(await bot.hears("/start", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = ManageItem("a1", "withdraw").pack()
    assert "no longer" in said(await bot.presses(shown, ManageItem("a1", "withdraw").pack(), ADA))


async def test_while_the_database_is_gone_it_says_so_and_the_words_stay_in_the_chat(troubled_bot: House) -> None:
    shown = the(await troubled_bot.hears(NEWS, ADMIN))
    await troubled_bot.loses_its_database()

    assert "Не вдалося зберегти" in said(await troubled_bot.presses(shown, "Опублікувати", ADMIN))
    assert "Не вдалося зберегти" in said(await troubled_bot.hears(NEWS, ADMIN))


async def test_a_draft_holds_no_more_than_what_was_typed(bot: House) -> None:
    await bot.hears(NEWS, ADMIN)

    async with bot.db.read() as connection:
        (row,) = (await connection.execute(select(drafts))).all()
    assert (row.admin, row.item, row.cancelled_at) == (ADMIN.id, None, None)
