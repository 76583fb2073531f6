"""/privacy, /mydata and /forget: what is kept of a chat, shown and deleted."""

import json

from tests.fakes.house import House, labels, said, the
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, LESIA


async def chooses_ukrainian(bot: House) -> None:
    await bot.presses(the(await bot.hears("/language", ADA)), "Українська", ADA)


async def chooses_english(bot: House) -> None:
    await bot.presses(the(await bot.hears("/language", ADA)), "English", ADA)


async def test_privacy_says_what_is_kept_and_how_to_see_and_delete_it(bot: House) -> None:
    shown = the(await bot.hears("/privacy", ADA))

    assert "No names, no messages, no locations." in shown.text
    assert "/mydata" in shown.text
    assert "/forget" in shown.text
    assert labels(shown) == ["Delete my data"]


async def test_who_chose_nothing_has_nothing_stored(bot: House) -> None:
    for text in ("/start", "/city Nikopol", "Nikopol", "/cities Ukraine"):
        await bot.hears(text, ADA)

    assert said(await bot.hears("/mydata", ADA)) == "Nothing is stored about this chat."


async def test_all_that_is_stored_comes_as_a_file(bot: House) -> None:
    await chooses_english(bot)
    text, file = sent(await bot.hears("/mydata", ADA))

    assert text.text == "This is all that is stored about this chat."
    assert file.method == "sendDocument"
    assert file.params["document"].name == "my-data.json"
    known = json.loads(file.params["document"].content)
    assert (known["chat_id"], known["language"]) == (ADA.id, "en")
    assert "Ada" not in str(known)
    assert "Lovelace" not in str(known)


async def test_forgetting_asks_first(bot: House) -> None:
    await chooses_english(bot)
    asked = the(await bot.hears("/forget", ADA))

    assert "cannot be undone" in asked.text
    assert labels(asked) == ["Delete", "Keep"]
    kept = the(await bot.presses(asked, "Keep", ADA))
    assert kept.text == "Nothing was changed."
    assert len(sent(await bot.hears("/mydata", ADA))) == 2


async def test_forgetting_works_at_once_and_everywhere(bot: House) -> None:
    await chooses_ukrainian(bot)
    asked = the(await bot.hears("/forget", ADA))
    await bot.presses(asked, labels(asked)[0], ADA)

    assert said(await bot.hears("/mydata", ADA)) == "Nothing is stored about this chat."
    assert the(await bot.hears("/city Nikopol", ADA)).text.startswith("🇺🇦 Nikopol"), "the choice is gone from memory, too"
    await bot.restarts()
    assert said(await bot.hears("/mydata", ADA)) == "Nothing is stored about this chat."


async def test_nothing_is_left_in_the_file_of_the_database(bot: House) -> None:
    await chooses_english(bot)
    await bot.presses(the(await bot.hears("/forget", ADA)), "Delete", ADA)
    await bot.restarts()

    async with bot.db.read() as connection:
        for table in (await connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all():
            rows = (await connection.exec_driver_sql(f'SELECT * FROM "{table}"')).all()
            assert not [row for row in rows if ADA.id in row], table


async def test_deletion_from_the_privacy_screen_has_the_same_two_steps(bot: House) -> None:
    shown = the(await bot.hears("/privacy", ADA))
    asked = the(await bot.presses(shown, "Delete my data", ADA))

    assert labels(asked) == ["Delete", "Keep"]
    assert the(await bot.presses(asked, "Delete", ADA)).text == "Nothing was stored about this chat."


async def test_forgetting_one_chat_leaves_the_others(bot: House) -> None:
    await chooses_ukrainian(bot)
    asked = the(await bot.hears("/forget", LESIA))
    await bot.presses(asked, labels(asked)[0], LESIA)

    assert the(await bot.hears("/city Nikopol", ADA)).text.startswith("🇺🇦 Нікополь")
