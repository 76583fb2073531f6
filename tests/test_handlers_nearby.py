"""/nearby: members nearest to a place or to a location, which is used once and not stored."""

import sqlite3

import pytest

from tests.fakes.house import House, bullets, labels, said, the
from tests.fakes.updates import ADA, LESIA

HERE = (48.4647, 35.0462)
"""Dnipro."""


@pytest.mark.parametrize("place", ["Dnipro", "Дніпро", "Дніпра", "Dnepr"])
async def test_the_nearest_members_to_a_place_are_named_with_distances(bot: House, place: str) -> None:
    shown = the(await bot.hears(f"/nearby {place}", ADA))

    assert shown.text.startswith("Members nearest to Dnipro")
    assert bullets(shown)[:2] == ["🇺🇦 Nikopol · 111 km", "🇺🇦 Poltava · 130 km"]
    assert len(bullets(shown)) == 5
    assert "5 members without known coordinates are left out." in shown.text
    assert the(await bot.presses(shown, "🇺🇦 Nikopol", ADA)).text.startswith("🇺🇦 Nikopol")


async def test_a_member_itself_is_its_own_nearest(bot: House) -> None:
    assert bullets(the(await bot.hears("/nearby Nikopol", ADA)))[0] == "🇺🇦 Nikopol · 0 km"


async def test_a_place_nobody_knows_is_answered_as_an_unknown_name(bot: House) -> None:
    assert said(await bot.hears("/nearby Zzzqqqxxx", ADA)).startswith("I do not know a city called “Zzzqqqxxx”.")


async def test_without_a_place_a_button_sends_the_location(bot: House) -> None:
    asked = the(await bot.hears("/nearby", ADA))
    keyboard = asked.params["reply_markup"]["keyboard"]

    assert "It is not stored." in asked.text
    assert keyboard == [[{"text": "📍 Send my location", "request_location": True}]]
    assert asked.params["reply_markup"]["one_time_keyboard"] is True


async def test_the_button_of_the_first_screen_asks_in_a_message_of_its_own(bot: House) -> None:
    start = the(await bot.hears("/start", ADA))
    asked = the(await bot.presses(start, "Nearest members", ADA))

    assert asked.method == "sendMessage"
    assert "keyboard" in asked.params["reply_markup"]
    assert bot.message_of(start)["text"] == start.text


async def test_a_location_is_answered_at_any_time(bot: House) -> None:
    shown = the(await bot.shares_location(*HERE, user=ADA))

    assert shown.text.startswith("Members nearest to you")
    assert bullets(shown)[0] == "🇺🇦 Nikopol · 111 km"


@pytest.mark.parametrize("point", [(90.0, 0.0), (-90.0, 180.0), (0.0, -180.0), (0.0, 0.0)])
async def test_the_ends_of_the_earth_have_nearest_members_too(bot: House, point: tuple[float, float]) -> None:
    assert len(bullets(the(await bot.shares_location(*point, user=ADA)))) == 5


async def test_a_location_is_not_stored(bot: House) -> None:
    await bot.shares_location(*HERE, user=ADA)

    with sqlite3.connect(bot.furniture.file) as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert "48.46" not in dump
    assert str(ADA.id) not in dump
    assert said(await bot.hears("/mydata", ADA)) == "Nothing is stored about this chat."


async def test_in_a_group_no_button_asks_for_a_location(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA, ADA])
    asked = the(await bot.hears("/nearby", ADA, group))

    assert "reply_markup" not in asked.params
    assert "/nearby Dnipro" in asked.text


async def test_a_name_that_fits_several_places_names_the_place_it_measures_from(bot: House) -> None:
    shown = the(await bot.hears("/nearby Kyiv", ADA))

    assert shown.text.startswith("Members nearest to Kyiv")
    assert labels(shown)[0] == "🇺🇦 Kyiv"
