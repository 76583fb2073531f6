"""/about, /join and /status: the network, the way into it, and the age of the data."""

import pytest

from bot.screens.network import JOIN_PARTS
from data.catalogue import Catalogue
from tests.fakes.house import House, bullets, labels, links, said, the, unbroken
from tests.fakes.updates import ADA, LESIA

PARTS = {
    "Key features": "Key Features of Learning Cities",
    "Conferences": "Conferences on learning cities",
    "Documents": "Guiding documents and publications",
    "Contacts": "Contacts",
    "This bot": "This bot",
}
TOPICS = ["Who can join", "Deadlines, fee, language", "Duties of members", "What members gain", "Rules of the award"]


async def test_the_network_is_told_with_its_numbers_dates_and_official_page(bot: House) -> None:
    shown = the(await bot.hears("/about", ADA))

    assert shown.text.startswith("UNESCO Global Network of Learning Cities")
    assert f"425 cities in 91 countries (as of {unbroken('4 Dec 2025')})." in shown.text
    assert "https://www.uil.unesco.org/en/learning-cities" in links(shown)
    assert labels(shown) == list(PARTS)


@pytest.mark.parametrize("part", PARTS)
async def test_each_part_opens_in_place_and_leads_to_the_others(bot: House, part: str) -> None:
    shown = the(await bot.presses(the(await bot.hears("/about", ADA)), part, ADA))

    assert shown.method == "editMessageText"
    assert shown.text.startswith(PARTS[part])
    assert labels(shown) == ["The network", *(other for other in PARTS if other != part)]


async def test_all_twelve_features_conferences_and_documents_are_named(bot: House) -> None:
    about = the(await bot.hears("/about", ADA))
    features = the(await bot.presses(about, "Key features", ADA))
    assert len(bullets(features)) == len(bot.catalogue.features) == 12
    conferences = the(await bot.presses(features, "Conferences", ADA))
    assert len(bullets(conferences)) == len(bot.catalogue.conferences)
    documents = the(await bot.presses(conferences, "Documents", ADA))
    assert len(bullets(documents)) == len(bot.catalogue.documents)


async def test_the_bot_says_that_it_is_independent_and_incomplete(bot: House) -> None:
    shown = the(await bot.presses(the(await bot.hears("/about", ADA)), "This bot", ADA))

    assert "It is independent: not run or endorsed by UNESCO or UIL." in shown.text
    assert "My list is incomplete: 370 of 425 members" in shown.text
    assert "GeoNames" in shown.text


async def test_joining_is_told_step_by_step_with_a_source(bot: House) -> None:
    shown = the(await bot.hears("/join", ADA))

    assert shown.text.startswith("How a city joins")
    assert sum(row[:2] in {"1.", "2.", "3.", "4.", "5."} for row in shown.text.splitlines()) == 5
    assert "Source: " in shown.text
    assert labels(shown) == [*TOPICS, "Contacts"]


@pytest.mark.parametrize("topic", TOPICS)
async def test_each_topic_of_joining_opens_in_place_and_says_something(bot: House, topic: str) -> None:
    shown = the(await bot.presses(the(await bot.hears("/join", ADA)), topic, ADA))

    assert shown.method == "editMessageText"
    assert shown.text.startswith(topic)
    assert bullets(shown)
    assert shown.text.splitlines()[-1].startswith("Source: ")


def test_every_rule_of_the_data_set_stands_on_one_screen_of_joining(catalogue: Catalogue) -> None:
    shown = [topic for topics in JOIN_PARTS.values() for topic in topics]
    assert len(shown) == len(set(shown))
    assert {rule.topic for rule in catalogue.rules} - set(shown) == set()


@pytest.mark.parametrize("data", ["1:b:nothing", "1:b:", "1:j:nothing", "1:j:"])
async def test_a_part_that_is_no_more_shows_the_first(bot: House, data: str) -> None:
    shown = the(await bot.hears("/about" if ":b:" in data else "/join", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data
    after = the(await bot.presses(shown, data, ADA))

    assert after.text.startswith(("UNESCO Global Network", "How a city joins"))


async def test_the_age_and_extent_of_the_data_are_no_secret(bot: House) -> None:
    words = said(await bot.hears("/status", ADA))

    assert f"Members: 425 (as of {unbroken('4 Dec 2025')}), 370 of them known by name" in words
    assert f"Practices: {len(bot.catalogue.practices)}" in words
    assert f"News items: {len(bot.catalogue.news)}, the newest of {unbroken('15 Apr 2026')}" in words


@pytest.mark.parametrize("command", ["/about", "/join", "/status", "/awards", "/countries", "/news"])
async def test_everything_is_answered_in_ukrainian_too(bot: House, command: str) -> None:
    english, ukrainian = said(await bot.hears(command, ADA)), said(await bot.hears(command, LESIA))

    assert english != ukrainian
    assert sum("а" <= letter <= "ї" for letter in ukrainian.lower()) > 20
