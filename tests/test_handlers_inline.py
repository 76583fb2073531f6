"""Inline search: cards for any chat."""

from typing import Any

import pytest

from bot.emulator import Call, User
from tests.fakes.house import House, the
from tests.fakes.updates import ADA, LESIA, STRANGER


async def results(bot: House, query: str, user: User = ADA, offset: str = "") -> list[dict[str, Any]]:
    """What is offered for a query."""
    offered: list[dict[str, Any]] = the(await bot.types_inline(query, user, offset=offset), "answerInlineQuery").params["results"]
    return offered


async def all_results(bot: House, query: str, user: User = ADA) -> list[Call]:
    """Every page, by the offset that each hands out."""
    pages = [the(await bot.types_inline(query, user), "answerInlineQuery")]
    while offset := pages[-1].params.get("next_offset"):
        pages.append(the(await bot.types_inline(query, user, offset=offset), "answerInlineQuery"))
    return pages


@pytest.mark.parametrize("typed", ["nik", "Nikopol", "нік", "Нікополь", "никоп", "nikopl", "Ybrjgjkm", "NIK"])
@pytest.mark.parametrize(("user", "title"), [(ADA, "🇺🇦 Nikopol"), (LESIA, "🇺🇦 Нікополь")])
async def test_nikopol_comes_first_from_its_first_letters_on(bot: House, typed: str, user: User, title: str) -> None:
    first = (await results(bot, typed, user))[0]

    assert first["title"] == title
    assert first["description"]
    assert len(first["description"]) <= 80


async def test_a_chosen_card_is_the_card_of_the_city_with_a_way_into_the_bot(bot: House) -> None:
    group = bot.telegram.group("Teachers", [ADA])
    answer = the(await bot.types_inline("nik", ADA), "answerInlineQuery")
    await bot.chooses(answer, answer.params["results"][0]["id"], ADA, group)

    message = list(group.messages.values())[-1].json
    card = the(await bot.hears("/city Nikopol", ADA))
    assert message["text"] == card.text
    ((button,),) = message["reply_markup"]["inline_keyboard"]
    assert button["url"] == "https://t.me/learning_cities_bot?start=c_nikopol"
    assert the(await bot.opens("c_nikopol", ADA)).text == card.text


async def test_a_country_brings_its_cities(bot: House) -> None:
    found = await results(bot, "ukraine")

    assert found[0]["title"] == "🇺🇦 Ukraine"
    assert "11 member cities" in found[0]["description"]
    assert "Nikopol" in found[0]["input_message_content"]["message_text"]


async def test_practices_are_found_by_their_words(bot: House) -> None:
    found = await results(bot, "older people")

    assert found[0]["id"].startswith("p")
    assert "?start=p_" in found[0]["reply_markup"]["inline_keyboard"][0][0]["url"]


async def test_an_empty_query_offers_the_network_ukraine_and_the_latest_awardees(bot: House) -> None:
    pages = await all_results(bot, "")
    offered = [result["id"] for page in pages for result in page.params["results"]]

    assert offered[0] == "network"
    assert len(offered) >= 20
    assert {f"c{city.number}" for city in bot.catalogue.members if city.country == "UA"} <= set(offered)
    assert "425 cities" in pages[0].params["results"][0]["input_message_content"]["message_text"]


async def test_a_query_that_fits_nothing_still_offers_the_network(bot: House) -> None:
    assert [result["id"] for result in await results(bot, "qqqqqqqq")] == ["network"]


@pytest.mark.parametrize("query", ["", "a", "s", "к", "learning"])
async def test_pages_follow_one_another_without_gaps_and_repeats(bot: House, query: str) -> None:
    pages = await all_results(bot, query)
    ids = [result["id"] for page in pages for result in page.params["results"]]

    assert len(ids) == len(set(ids))
    assert all(len(page.params["results"]) == bot.services.limits.inline_page for page in pages[:-1])
    assert "next_offset" not in pages[-1].params or pages[-1].params["next_offset"] == ""


@pytest.mark.parametrize("offset", ["999999", "-1", "abc", "²", "20.5", "9" * 60])
async def test_an_offset_that_makes_no_sense_is_no_error(bot: House, offset: str) -> None:
    answer = the(await bot.types_inline("a", ADA, offset=offset), "answerInlineQuery")

    assert answer.params.get("next_offset", "") in {"", str(bot.services.limits.inline_page)}


async def test_the_same_record_has_the_same_id_in_every_query_language_and_process(bot: House) -> None:
    before = (await results(bot, "nik"))[0]["id"]
    await bot.restarts()

    assert before == (await results(bot, "Нікополь", LESIA))[0]["id"] == "c328"


async def test_answers_are_kept_for_minutes_and_never_shown_to_readers_of_another_language(bot: House) -> None:
    answer = the(await bot.types_inline("nik", LESIA), "answerInlineQuery")

    assert 60 <= answer.params["cache_time"] <= 3600
    assert answer.params["is_personal"] is True
    assert answer.params["button"]["start_parameter"] == "inline"


async def test_cards_speak_the_language_that_the_reader_chose(bot: House) -> None:
    start = the(await bot.hears("/start", STRANGER))
    await bot.presses(start, "Українська", STRANGER)

    assert (await results(bot, "nik", STRANGER))[0]["title"] == "🇺🇦 Нікополь"


async def test_every_city_can_be_shared_by_its_own_name(bot: House) -> None:
    """The Share button starts an inline query with the name as the card shows it."""
    missed = []
    for user in (ADA, LESIA):
        for city in bot.catalogue.cities.values():
            card = the(await bot.opens(f"c_{city.id}", user))
            (share,) = (button for row in card.buttons for button in row if "switch_inline_query_chosen_chat" in button)
            offered = await results(bot, share["switch_inline_query_chosen_chat"]["query"], user)
            if f"c{city.number}" not in [result["id"] for result in offered[:3]]:
                missed.append((city.id, [result["id"] for result in offered[:3]]))
    assert missed == []


async def test_every_practice_can_be_shared_by_its_title(bot: House) -> None:
    missed = []
    for user in (ADA, LESIA):
        for practice in bot.catalogue.practices.values():
            card = the(await bot.opens(f"p_{practice.id}", user))
            (share,) = (button for row in card.buttons for button in row if "switch_inline_query_chosen_chat" in button)
            offered = await results(bot, share["switch_inline_query_chosen_chat"]["query"], user)
            if f"p{practice.id}" not in [result["id"] for result in offered]:
                missed.append((user.language_code, practice.id, share["switch_inline_query_chosen_chat"]["query"]))
    assert missed == []


async def test_an_answer_that_comes_too_late_is_no_error(bot: House) -> None:
    bot.telegram.types_inline(ADA, "nik")
    bot.clock.advance(60)

    assert await bot.catches_up() == []


async def test_commands_reach_the_inline_searcher_who_never_started_the_bot(bot: House) -> None:
    """Nothing is sent to a chat that does not exist: only the query is answered."""
    assert [call.method for call in await bot.types_inline("nik", STRANGER)] == ["answerInlineQuery"]


@pytest.mark.parametrize(
    ("question", "title", "user"),
    [
        ("is Melitopol a member?", "Yes, Melitopol is a member of the network.", ADA),
        ("чи є Нікополь учасником", "Так, Нікополь є в мережі.", LESIA),
        ("cities of Korea", "🇰🇷 Republic of Korea", ADA),
    ],
)
async def test_what_reads_like_a_question_offers_its_answer_first(bot: House, question: str, title: str, user: User) -> None:
    first = (await results(bot, question, user))[0]
    content = first["input_message_content"]["message_text"]

    assert first["title"] == title
    assert len(first["description"]) <= 80
    assert "https://" in content, "an answer names its source"
    ((button,),) = first["reply_markup"]["inline_keyboard"]
    assert button["url"] == "https://t.me/learning_cities_bot"


async def test_a_chosen_answer_is_the_answer_of_the_private_chat(bot: House) -> None:
    group = bot.telegram.group("Teachers", [ADA])
    offered = the(await bot.types_inline("is Melitopol a member?", ADA), "answerInlineQuery")
    await bot.chooses(offered, offered.params["results"][0]["id"], ADA, group)

    assert list(group.messages.values())[-1].json["text"] == the(await bot.hears("is Melitopol a member?", ADA)).text


@pytest.mark.parametrize(
    "typed", ["Melitopol", "місто Нікополь", "older people", "budget of Melitopol", "thanks", "🙂", "zzyzx frobnicates", ""]
)
async def test_without_an_answer_to_a_question_there_are_cards_only(bot: House, typed: str) -> None:
    found = await results(bot, typed)

    assert found
    assert "answer" not in {result["id"] for result in found}


async def test_with_an_answer_before_them_no_card_is_lost(bot: House) -> None:
    pages = await all_results(bot, "cities of Korea")
    offered = [result["id"] for page in pages for result in page.params["results"]]

    assert offered.count("answer") == 1
    assert len(offered) == len(set(offered))
    assert all(len(page.params["results"]) <= bot.services.limits.inline_page for page in pages)
