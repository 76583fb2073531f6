"""Following and news, from the button of a card to the item that comes by itself: each part is somebody's page, side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_talking import GROUP, assert_fits

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.browser.screen import Screen

    Visit = Callable[..., Screen]

BASIC = "Neighbours"
ADMIN = "Остап"
LIVE = 15_000
"""Milliseconds within which an item is there; a few seconds are usual."""


def news(about: str, place: str, number: int = 1) -> str:
    """An item in two languages, as an admin types it; its page tells it from those of other tests."""
    return f"""uk
У місті {place} відкрили центр навчання
Центр працює щодня й приймає всіх охочих. https://example.org/{about.lower()}/{number}
---
en
{about} opened a learning centre
The centre works every day and takes everybody.
about: {about}"""


def is_admin(screen: Screen) -> Screen:
    """Be the one who administers the bot, and has begun to talk with it."""
    screen.is_someone(ADMIN)
    screen.opens("Learning Cities")
    if screen.instead.is_visible():
        screen.starts()
    return screen


def publishes(screen: Screen, text: str) -> Locator:
    """Write, look, confirm; the card that tells how it goes. The admin reads Ukrainian."""
    preview = screen.says(f"/publish {text}")
    expect(preview).to_contain_text("uk · ")
    expect(preview).to_contain_text("en · ")
    screen.presses("Опублікувати")
    expect(preview).to_contain_text("Надіслано:")
    return preview


def item(screen: Screen, words: str) -> Locator:
    """A message that came by itself."""
    return screen.answers.filter(has_text=words).filter(has_text="🔔")


def pinned(screen: Screen, words: str) -> Locator:
    """The message that says so now, whatever it says later."""
    number = screen.answers.filter(has_text=words).get_attribute("data-id")
    return screen.page.locator(f'article[data-id="{number}"]')


def chooses(screen: Screen, name: str) -> None:
    """One of the settings of the chat on screen."""
    screen.page.locator("#chat-menu").click()
    screen.dialog.get_by_role("button", name=name, exact=True).click()
    expect(screen.dialog).to_have_count(0)


def test_what_is_followed_from_a_card_comes_live_in_each_readers_language(visit: Visit) -> None:
    lesia, ada = visit("Оля", "uk"), visit("Grace", "en", phone=True)
    for screen, question, follow, following in (
        (lesia, "/city Нікополь", "🔔 Стежити", "✓ Стежу"),
        (ada, "/city Nikopol", "🔔 Follow", "✓ Following"),
    ):
        screen.starts()
        card = screen.says(question)
        screen.presses(follow)
        expect(card.get_by_role("button", name=following)).to_be_visible()
    admin = is_admin(visit("Admin", "uk"))

    card = publishes(admin, news("Nikopol", "Нікополь"))

    came = item(lesia, "У місті Нікополь відкрили центр навчання")
    expect(came).to_be_visible(timeout=LIVE)
    expect(came).to_contain_text("Центр працює щодня")
    expect(came.get_by_role("button")).to_contain_text(["Читати", "Менше такого", "Не стежити"])
    expect(came.locator(".text")).to_contain_text("Ви стежите за новинами: 🇺🇦 Нікополь")
    came = item(ada, "Nikopol opened a learning centre")
    expect(came).to_be_visible(timeout=LIVE)
    expect(came).to_contain_text("The centre works every day")
    expect(came).to_contain_text("You follow: 🇺🇦 Nikopol")
    expect(item(ada, "У місті")).to_have_count(0)
    expect(card).to_contain_text("Готово", timeout=LIVE)
    expect(card).to_contain_text("Надіслано: 2")
    assert_fits(ada)
    assert_fits(lesia)

    ada.presses("Do not follow")
    expect(came).to_contain_text("No longer followed: 🇺🇦 Nikopol")
    expect(came.get_by_role("button", name="🔔 Follow again")).to_be_visible()
    lesia.presses("Менше такого")
    expect(lesia.page.locator("#toast")).to_contain_text("Призупинено")


def test_nothing_goes_out_before_it_is_confirmed_and_once_however_often_that_is_pressed(visit: Visit) -> None:
    reader = visit("Grace", "en")
    reader.starts()
    reader.says("/subscribe Lviv")
    admin = is_admin(visit("Admin", "uk"))
    preview = admin.says(f"/publish {news('Lviv', 'Львів')}")
    expect(preview).to_contain_text("У місті Львів відкрили центр навчання")
    expect(preview).to_contain_text("Lviv opened a learning centre")
    expect(preview).to_contain_text("Отримає 1 чат")
    expect(item(reader, "learning centre")).to_have_count(0)

    preview.get_by_role("button", name="Опублікувати").dblclick()

    expect(item(reader, "Lviv opened a learning centre")).to_be_visible(timeout=LIVE)
    expect(preview).to_contain_text("Надіслано: 1", timeout=LIVE)
    expect(item(reader, "learning centre")).to_have_count(1)


def test_only_whoever_administers_the_bot_may_publish_and_the_list_of_people_says_who_that_is(visit: Visit) -> None:
    screen = visit("Grace", "en")
    screen.starts()
    expect(screen.says("/publish Hello\nThere. https://example.org/x")).to_contain_text("/publish")
    expect(screen.page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    screen.page.locator("#person").click()
    expect(screen.dialog.get_by_role("button", name=ADMIN)).to_contain_text("administers the bot")
    expect(screen.dialog.get_by_role("button", name="Grace").first).not_to_contain_text("administers")


def test_a_topic_that_follows_gets_the_item_and_the_other_topics_do_not(visit: Visit) -> None:
    screen = visit("Grace", "en")
    screen.opens(GROUP)
    screen.chooses_topic("Ideas")
    refused = screen.says("/subscribe@learning_cities_bot Melitopol")
    expect(refused).to_contain_text("Only administrators")
    chooses(screen, "Be an administrator")
    expect(screen.says("/subscribe@learning_cities_bot Melitopol")).to_contain_text("You follow: 🇺🇦 Melitopol")
    admin = is_admin(visit("Admin", "uk"))

    publishes(admin, news("Melitopol", "Мелітополь"))

    came = item(screen, "Melitopol opened a learning centre")
    expect(came).to_be_visible(timeout=LIVE)
    expect(came).to_contain_text("You follow: 🇺🇦 Melitopol")
    screen.chooses_topic("General")
    expect(item(screen, "Melitopol opened")).to_have_count(0)
    screen.chooses_topic("News")
    expect(item(screen, "Melitopol opened")).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_who_blocked_the_bot_gets_nothing_and_is_offered_what_was_missed_once_back(visit: Visit, phone: bool) -> None:
    city, place = ("Kharkiv", "Харків") if phone else ("Dublin", "Дублін")
    reader = visit("Марта", "uk", phone=phone)
    reader.starts()
    reader.says(f"/subscribe {city}")
    chooses(reader, "Заблокувати бота")
    expect(reader.instead).to_have_text("Перезапустити бота")
    before = reader.messages.count()
    admin = is_admin(visit("Admin", "uk"))
    card = publishes(admin, news(city, place))
    expect(card).to_contain_text("Не вдалося доставити: 1", timeout=LIVE)
    expect(reader.messages).to_have_count(before)

    reader.instead.click()
    offer = pinned(reader, "знову можу писати")
    expect(offer).to_contain_text("1 новина")
    offer.get_by_role("button", name="Показати пропущене").click()
    expect(offer).to_contain_text(f"У місті {place} відкрили центр навчання")
    offer.get_by_role("button").first.click()
    expect(offer).to_contain_text("Центр працює щодня")
    expect(reader.says("/missed")).to_contain_text(f"У місті {place}")
    assert_fits(reader)

    publishes(admin, news(city, f"{place} знову", number=2).replace("opened", "reopened"))
    expect(item(reader, f"У місті {place} знову")).to_be_visible(timeout=LIVE)


def test_a_group_that_becomes_a_supergroup_keeps_what_it_follows_and_gets_the_next_item(visit: Visit) -> None:
    screen = visit("Grace", "en")
    screen.opens(BASIC)
    chooses(screen, "Be an administrator")
    screen.says("/subscribe@learning_cities_bot Cork")

    chooses(screen, "Turn into a supergroup")

    expect(screen.page.get_by_role("heading", name=BASIC)).to_be_visible()
    expect(screen.page.get_by_role("log")).to_contain_text("turned into a supergroup")
    row = screen.page.get_by_role("navigation").get_by_role("button", name=BASIC)
    expect(row).to_have_count(1)
    expect(row.locator(".badge")).to_have_count(0)
    expect(screen.says("/subscriptions@learning_cities_bot")).to_contain_text("Cork")
    publishes(is_admin(visit("Admin", "uk")), news("Cork", "Корк"))
    expect(item(screen, "Cork opened a learning centre")).to_be_visible(timeout=LIVE)

    screen.page.reload()
    expect(item(screen, "Cork opened a learning centre")).to_be_visible()
    screen.page.locator("#chat-menu").click()
    expect(screen.dialog.get_by_role("button", name=re.compile("supergroup"))).to_have_count(0)
