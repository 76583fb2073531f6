"""What waits for its time: digests, quiet hours, reminders, and news that a source tells. A week passes in a press."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import expect

from tests.browser.playground import running_playground
from tests.browser.test_following import LIVE, is_admin, item, news, publishes
from tests.browser.test_talking import assert_fits
from tests.fakes.newsstand import Story, newsstand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator

    from tests.browser.screen import Screen

    Visit = Callable[..., Screen]

KYIV: Final = ZoneInfo("Europe/Kyiv")
LOOKS: Final = 20
"""Times that somebody opens a card again before they stop believing in it."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A playground of their own: its clock is moved, and it looks for news on this machine."""
    settings = {"NEWS_POLL_MINUTES": "1", "NEWS_PRIVATE_ADDRESSES": "1"}
    with running_playground(tmp_path_factory.mktemp("playground"), settings=settings) as found:
        yield found


@pytest.fixture(scope="module")
def days() -> Iterator[dt.date]:
    """A month for each story, so that none sees what another one left behind."""
    today = dt.datetime.now(KYIV).date()
    return iter([today + dt.timedelta(days=30 * number) for number in range(1, 10)])


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A moment by Kyiv's clocks."""
    return dt.datetime.combine(day, dt.time(hour, minute), KYIV)


def days_after(day: dt.date, number: int) -> dt.date:
    return day + dt.timedelta(days=number)


def follower(visit: Visit, city: str) -> Screen:
    """Somebody with a phone who reads Ukrainian and follows a city."""
    screen = visit("Леся", "uk", phone=True)
    screen.starts()
    screen.says(f"/subscribe {city}")
    return screen


def digest_of(screen: Screen) -> Locator:
    return screen.answers.filter(has_text="Новини за добу")


def asked_until(screen: Screen, question: str, words: str) -> Locator:
    """Ask again until the answer says so: what waits is noted a moment after it is published."""
    for _ in range(LOOKS):
        answer = screen.says(question)
        if words in answer.inner_text():
            return answer
        screen.page.wait_for_timeout(500)
    raise AssertionError(f"{question} never said: {words}")


def opened_until(screen: Screen, card: Locator, words: str) -> None:
    """Open a source's card from the list again until it says so."""
    name = card.locator(".text strong").first.inner_text()
    for _ in range(LOOKS):
        screen.presses("Усі джерела")
        expect(card).to_contain_text("Щоб додати джерело")
        screen.presses(name)
        expect(card).to_contain_text("Джерело увімкнено.")
        if words in card.inner_text():
            return
        screen.page.wait_for_timeout(500)
    raise AssertionError(f"the card never said: {words}")


def test_what_is_followed_daily_comes_once_in_the_digest_of_the_next_morning(visit: Visit, days: Iterator[dt.date]) -> None:
    today = next(days)
    tomorrow, after = days_after(today, 1), days_after(today, 2)
    admin = is_admin(visit("Admin", "uk"))
    admin.moves_clock(at(today, 12))
    lesia = follower(visit, "Nikopol")
    card = lesia.last
    lesia.presses("Як надходять…")
    expect(card).to_contain_text("Новини надходять одразу.")
    lesia.presses("Щодня")
    expect(card).to_contain_text("Новини надходять у щоденній добірці: 09:00 (часовий пояс: Київ).")
    assert_fits(lesia)

    publishes(admin, news("Nikopol", "Нікополь"))
    asked_until(lesia, "/digest", "У місті Нікополь відкрили центр навчання")
    expect(digest_of(lesia)).to_have_count(0)

    admin.moves_clock(at(tomorrow, 9, 1))
    expect(digest_of(lesia)).to_have_count(1, timeout=LIVE)
    expect(digest_of(lesia)).to_contain_text("У місті Нікополь відкрили центр навчання")
    assert_fits(lesia)

    admin.moves_clock(at(today, 13))
    publishes(admin, news("Nikopol", "Нікополь на Дніпрі", number=2).replace("opened", "reopened"))
    asked_until(lesia, "/digest", "Нікополь на Дніпрі")
    admin.moves_clock(at(tomorrow, 9, 2))
    admin.moves_clock(at(after, 9, 1))
    expect(digest_of(lesia)).to_have_count(2, timeout=LIVE)
    expect(digest_of(lesia).last).to_contain_text("Нікополь на Дніпрі")
    expect(digest_of(lesia).last).not_to_contain_text("У місті Нікополь відкрили")


def test_in_quiet_hours_nothing_comes_and_missed_tells_what_waits_until_they_end(visit: Visit, days: Iterator[dt.date]) -> None:
    today = next(days)
    admin = is_admin(visit("Admin", "uk"))
    admin.moves_clock(at(today, 12))
    lesia = follower(visit, "Melitopol")
    card = lesia.says("/quiet")
    expect(card).to_contain_text("Тихих годин немає")
    lesia.presses("Тихі години")
    expect(card).to_contain_text("У які години не надсилати новин?")
    lesia.presses("22:00–07:00")
    expect(card).to_contain_text("Тихі години: 22:00–07:00.")
    expect(card).to_contain_text("Київ")
    assert_fits(lesia)

    admin.moves_clock(at(today, 23, 30))
    publishes(admin, news("Melitopol", "Мелітополь"))
    waiting = asked_until(lesia, "/missed", "Чекає кінця тихих годин: 1")
    expect(waiting).to_contain_text("У місті Мелітополь відкрили центр навчання")
    expect(waiting).to_contain_text("07:00")
    expect(item(lesia, "У місті Мелітополь")).to_have_count(0)
    assert_fits(lesia)

    admin.moves_clock(at(days_after(today, 1), 7, 1))
    expect(item(lesia, "У місті Мелітополь відкрили центр навчання")).to_have_count(1, timeout=LIVE)
    expect(lesia.says("/missed")).to_contain_text("Ви нічого не пропустили")


def test_a_deadline_is_reminded_of_a_week_and_a_day_before_and_not_when_it_is_over(visit: Visit, days: Iterator[dt.date]) -> None:
    today = next(days)
    admin = is_admin(visit("Admin", "uk"))
    admin.moves_clock(at(today, 12))
    lesia = follower(visit, "Lviv")
    for number, (place, left) in enumerate((("Львів", 10), ("Львів знову", 12))):
        text = news("Lviv", place, number).replace("opened", f"opened {number}")
        publishes(admin, f"{text}\ndeadline: {days_after(today, left)}")
    expect(item(lesia, "відкрили центр навчання")).to_have_count(2, timeout=LIVE)

    admin.moves_clock(at(days_after(today, 3), 12))
    reminder = lesia.answers.filter(has_text="До крайнього строку 7 днів")
    expect(reminder).to_have_count(1, timeout=LIVE)
    expect(reminder).to_contain_text("У місті Львів відкрили центр навчання")
    assert_fits(lesia)
    reminder.get_by_role("button", name="📅 До календаря").click()
    with lesia.page.expect_download() as download:
        lesia.last.get_by_role("link", name=re.compile(r"\.ics")).click()
    assert f"DTSTART;VALUE=DATE:{days_after(today, 10):%Y%m%d}" in download.value.path().read_text(encoding="utf-8")

    admin.moves_clock(at(days_after(today, 9), 12))
    tomorrow = lesia.answers.filter(has_text="Крайній строк завтра")
    expect(tomorrow).to_have_count(1, timeout=LIVE)
    expect(tomorrow).to_contain_text("У місті Львів відкрили центр навчання")

    # Once the other deadline is reminded of, whatever was to be said of the first one would have been said.
    admin.moves_clock(at(days_after(today, 11), 12))
    expect(tomorrow).to_have_count(2, timeout=LIVE)
    expect(tomorrow.last).to_contain_text("У місті Львів знову відкрили центр навчання")
    expect(lesia.answers.filter(has_text="⏰").filter(has_text="У місті Львів відкрили")).to_have_count(2)


def test_a_feed_that_an_admin_adds_and_switches_on_tells_followers_what_is_new_in_it(visit: Visit, days: Iterator[dt.date]) -> None:
    today = next(days)
    tomorrow = days_after(today, 1)
    old = Story("UNESCO learning city Kharkiv planted trees", "Many came.", "/trees", "1", days_after(today, -20))
    new = Story("UNESCO learning city Kharkiv opened a library", "It is open every day.", "/library", "2", tomorrow)
    lesia = follower(visit, "Kharkiv")
    admin = is_admin(visit("Admin", "uk", phone=True))
    admin.moves_clock(at(today, 12))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(newsstand()) as stand:
        card = admin.says(f"/sources add {portal.call(stand.tells, '/feed', [old])}")
        expect(card).to_contain_text("Це стрічка новин:")
        expect(card).to_contain_text(old.title)
        admin.presses("English")
        expect(card).to_contain_text("Джерело вимкнено.")
        admin.presses("Подивитися зараз")
        expect(card).to_contain_text("Це лише перегляд")
        admin.presses("Назад")
        admin.presses("Увімкнути")
        expect(card).to_contain_text("Джерело увімкнено.")
        assert_fits(admin)
        opened_until(admin, card, "Востаннє прочитано")

        portal.call(stand.tells, "/feed", [new, old])
        admin.moves_clock(at(tomorrow, 12))
        asked = admin.answers.filter(has_text=new.title)
        expect(asked).to_have_count(1, timeout=LIVE)
        expect(asked).to_contain_text("Про:")
        asked.get_by_role("button", name="Опублікувати").click()
        expect(asked).to_contain_text("Опубліковано")

    expect(item(lesia, new.title)).to_have_count(1, timeout=LIVE)
    expect(item(lesia, old.title)).to_have_count(0)
    assert_fits(admin)
    assert_fits(lesia)
