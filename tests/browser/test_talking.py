"""What a visitor of the playground does, from the first press of Start to an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.screen import Screen

    Visit = Callable[..., Screen]

GROUP = "Learning team"
CHANNEL = "City news"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_first_visit_leads_to_an_answer(visit: Visit, phone: bool) -> None:
    screen = visit("Ada", "en", phone=phone)
    expect(screen.page.get_by_role("banner").first).to_contain_text("nothing leaves this machine")
    expect(screen.page.get_by_role("heading", name="What can this bot do?")).to_be_visible()

    screen.starts()
    answer = screen.says("Is Nikopol a member?")

    expect(answer).to_contain_text("Nikopol")
    expect(answer).to_contain_text("Source:")
    assert_fits(screen)


def test_the_language_can_be_switched_and_stays(visit: Visit) -> None:
    screen = visit("Оксана", "uk")
    screen.starts()
    screen.says("/language")

    screen.presses("English")
    expect(screen.last).to_contain_text("English")

    expect(screen.says("/city Львів")).to_contain_text("Member of the network")


def test_a_city_card_shows_its_place_on_the_map_and_its_practices(visit: Visit) -> None:
    screen = visit("Леся", "uk")
    screen.starts()
    expect(screen.says("/city Львів").locator("strong").first).to_contain_text("Львів")

    screen.presses("На карті")
    expect(screen.last.locator("svg.map")).to_be_visible()
    expect(screen.last).to_contain_text("49.8")

    screen.presses("Практики")
    expect(screen.answers.nth(1)).to_contain_text("змінено")


def test_a_long_list_is_paged_in_place(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.says("/countries")
    list_ = screen.last
    first = list_.locator(".text").inner_text()
    count = screen.messages.count()

    list_.locator(".key").filter(has_text=re.compile("Next|→|›|More")).last.click()

    expect(list_.locator(".text")).not_to_have_text(first, use_inner_text=True)
    expect(list_).to_contain_text("edited")
    expect(screen.messages).to_have_count(count)
    expect(screen.page.locator("[aria-busy]")).to_have_count(0)


def test_a_list_comes_as_a_file(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.says("/cities Germany")
    screen.presses("CSV")
    with screen.page.expect_download() as download:
        screen.last.get_by_role("link", name=re.compile(r"\.csv")).click()
    assert download.value.suggested_filename.endswith(".csv")


def test_inline_search_shows_results_as_one_types_and_sends_the_chosen_one(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.input.press_sequentially("@learning_cities_bot mel", delay=20)
    expect(screen.options.filter(has_text="Melitopol").first).to_be_visible()
    expect(screen.options.first).to_have_text("Open the bot")

    screen.options.filter(has_text="Melitopol").first.click()

    mine = screen.page.locator("article.mine").last
    expect(mine).to_contain_text("via @learning_cities_bot")
    expect(mine).to_contain_text("Melitopol")
    expect(screen.input).to_have_value("")


def test_the_name_of_the_bot_is_completed_as_one_types(visit: Visit) -> None:
    screen = visit("Леся", "uk")
    screen.starts()
    expect(screen.page.locator("#chat-status")).to_have_text("бот · @learning_cities_bot")

    screen.input.press_sequentially("@", delay=20)
    expect(screen.options).to_have_count(1)
    expect(screen.options).to_contain_text("@learning_cities_bot")
    expect(screen.options).to_contain_text("ділитися")
    screen.input.press_sequentially("someone", delay=20)
    expect(screen.options).to_have_count(0)

    screen.input.fill("@Learn")
    expect(screen.options).to_have_count(1)
    screen.input.press("Enter")
    expect(screen.input).to_have_value("@learning_cities_bot ")
    expect(screen.options.nth(3)).to_be_visible()


def test_inline_results_come_page_by_page(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.input.fill("@learning_cities_bot a")
    more = screen.options.filter(has_text="More results")
    expect(more).to_be_visible()
    before = screen.options.count()

    more.click()

    expect(screen.options.nth(before + 5)).to_be_visible()


def test_a_location_finds_the_nearest_cities(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.says("/nearby")

    screen.page.get_by_role("group", name="Keyboard of the bot").get_by_role("button").first.click()
    screen.dialog.get_by_role("button", name="Dnipro").click()

    expect(screen.last).to_contain_text("Nikopol")
    expect(screen.last).to_contain_text("111 km")
    expect(screen.page.locator("article.mine svg.map")).to_be_visible()
    keyboard = screen.page.locator("#reply-keyboard")
    expect(keyboard).to_be_hidden()
    screen.page.reload()
    expect(screen.last).to_contain_text("Nikopol")
    expect(keyboard).to_be_hidden()
    screen.says("/nearby")
    expect(keyboard).to_be_visible()


def test_a_reload_keeps_the_chat_the_topic_and_what_is_being_written(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.input.fill("For the bot")
    screen.opens(GROUP)
    expect(screen.input).to_have_value("")
    screen.chooses_topic("Ideas")
    screen.input.fill("Half a thought")

    screen.page.reload()

    expect(screen.page.get_by_role("heading", name=GROUP)).to_be_visible()
    expect(screen.page.get_by_role("tab", name="Ideas")).to_have_attribute("aria-selected", "true")
    expect(screen.input).to_have_value("Half a thought")
    screen.opens("Learning Cities")
    expect(screen.input).to_have_value("For the bot")


def test_a_message_too_long_for_telegram_is_not_cut(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    count = screen.messages.count()
    screen.input.fill("a" * 4097)
    screen.input.press("Enter")
    expect(screen.page.locator("#toast")).to_contain_text("at most 4096")
    expect(screen.input).to_have_value("a" * 4097)
    screen.input.fill("a" * 4096)
    screen.input.press("Enter")
    expect(screen.page.locator("article.mine")).to_have_count(2)
    assert screen.messages.count() > count


def test_the_time_of_a_message_from_right_to_left_stands_apart_from_its_text(visit: Visit) -> None:
    screen = visit("فاطمة", "ar")
    screen.starts()
    screen.says("مرحبا")
    bubble = screen.page.locator("article.mine .bubble").last
    edges = "([text, time]) => [text.getBoundingClientRect().bottom, time.getBoundingClientRect().top]"
    bottom, top = bubble.evaluate(f"node => ({edges})([node.querySelector('.text'), node.querySelector('.meta')])")
    assert bottom <= top + 1


def test_on_a_phone_the_menu_has_a_name(visit: Visit) -> None:
    screen = visit("Леся", "uk", phone=True)
    screen.starts()
    screen.page.get_by_role("button", name="Меню", exact=True).click()
    expect(screen.options.first).to_be_visible()


def test_where_the_bot_is_not_its_menu_is_not_either(visit: Visit) -> None:
    screen = visit("Warden", "en")
    screen.opens(GROUP)
    menu = screen.page.get_by_role("button", name="Menu", exact=True)
    expect(menu).to_be_visible()
    for act in ("Be an administrator", "Remove the bot"):
        screen.page.get_by_role("button", name="Chat settings").click()
        screen.dialog.get_by_role("button", name=act).click()
        expect(screen.dialog).to_have_count(0)
    expect(menu).to_be_hidden()
    screen.page.get_by_role("button", name="Chat settings").click()
    screen.dialog.get_by_role("button", name="Make the bot an administrator").click()
    expect(menu).to_be_visible()


def test_a_topic_of_a_group_gets_its_answer_in_that_topic(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.opens(GROUP)
    screen.chooses_topic("Ideas")

    answer = screen.says("/city@learning_cities_bot Lviv")
    expect(answer.locator(".quote")).to_contain_text("/city@learning_cities_bot Lviv")

    count = screen.messages.count()
    screen.input.fill("Nobody asked the bot this")
    screen.input.press("Enter")
    expect(screen.messages).to_have_count(count + 1)
    screen.chooses_topic("General")
    expect(screen.page.get_by_role("log")).not_to_contain_text("Nobody asked")


def test_only_administrators_choose_the_language_of_a_group(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.opens(GROUP)
    screen.says("/language@learning_cities_bot")
    screen.presses("English")
    alert = screen.page.get_by_role("alertdialog")
    expect(alert).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(alert).to_have_count(0)

    screen.page.get_by_role("button", name="Chat settings").click()
    screen.dialog.get_by_role("button", name="Be an administrator").click()
    screen.presses("English")
    expect(screen.last).to_contain_text("English")


def test_a_deep_link_opens_the_city_inside(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    list_ = screen.says("/cities Ukraine")
    list_.get_by_role("link", name="Nikopol", exact=True).click()
    expect(screen.last.locator("strong").first).to_contain_text("Nikopol")
    assert len(screen.page.context.pages) == 1


def test_a_card_is_shared_into_another_chat(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.says("/city Nikopol")
    screen.presses("Share")
    screen.dialog.get_by_role("button", name=GROUP).click()
    expect(screen.input).to_have_value(re.compile("^@learning_cities_bot .*Nikopol", re.IGNORECASE))
    screen.options.filter(has_text="Nikopol").first.click()
    expect(screen.page.locator("article.mine").last).to_contain_text("Open in the bot")


def test_a_card_is_shared_with_the_keyboard(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.says("/city Nikopol")
    screen.page.locator("article .key").filter(has_text="Share").press("Enter")
    screen.dialog.get_by_role("button", name=GROUP).press("Enter")
    expect(screen.input).to_be_focused()
    expect(screen.options.filter(has_text="Nikopol").first).to_be_visible()

    screen.input.press("ArrowDown")
    chosen = screen.page.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Nikopol")
    screen.input.press("ArrowUp")
    expect(chosen).to_have_text("Open the bot")
    screen.input.press("ArrowDown")
    screen.input.press("Enter")

    expect(screen.page.locator("article.mine").last).to_contain_text("Open in the bot")
    expect(screen.page.get_by_role("heading", name=GROUP)).to_be_visible()


def test_a_page_outside_opens_only_after_a_question(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.says("/city Nikopol").get_by_role("link").first.click()
    expect(screen.dialog).to_contain_text("://")
    screen.dialog.get_by_role("button", name="Cancel").click()
    assert len(screen.page.context.pages) == 1


def test_an_unknown_command_is_answered_with_what_to_do(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    answer = screen.says("/nosuchthing")
    expect(answer).to_contain_text("/nosuchthing")
    answer.get_by_role("button", name="/help").click()
    expect(screen.last).to_contain_text("/city")


def test_a_blocked_bot_can_be_restarted(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.page.get_by_role("button", name="Chat settings").click()
    screen.dialog.get_by_role("button", name="Block the bot").click()
    expect(screen.instead).to_have_text("Restart the bot")
    screen.starts()
    expect(screen.page.locator("article.mine").last).to_contain_text("/start")
    expect(screen.says("/city Nikopol")).to_contain_text("Nikopol")


def test_the_clock_and_the_moods_of_telegram_can_be_turned(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.page.get_by_role("button", name="Playground").click()
    screen.dialog.get_by_label("Answer").select_option("slow")
    screen.dialog.get_by_role("button", name="Set", exact=True).click()
    expect(screen.dialog).to_contain_text("Moods waiting: 1")
    screen.dialog.get_by_role("button", name="+1 day").click()
    screen.page.keyboard.press("Escape")

    screen.says("/city Lviv")

    expect(screen.page.locator("[data-day]")).to_have_count(2)
    screen.page.get_by_role("button", name="Playground").click()
    expect(screen.dialog).to_contain_text("Moods waiting: 0")
    screen.dialog.get_by_role("button", name="Back to now").click()


def test_a_hostile_name_stays_text(visit: Visit) -> None:
    screen = visit("<img src=x onerror=alert(1)>", "en")
    screen.opens(GROUP)
    screen.says("/city@learning_cities_bot <b>Lviv</b> <script>alert(1)</script>")
    expect(screen.page.locator("#person")).to_contain_text("<img src=x")
    expect(screen.page.locator("img[src=x]")).to_have_count(0)


def test_two_people_see_each_other_write(visit: Visit) -> None:
    ada, lesia = visit("Ada", "en"), visit("Леся", "uk")
    ada.opens(GROUP)
    lesia.opens(GROUP)
    ada.input.fill("Hello from Ada, live")
    ada.input.press("Enter")
    expect(lesia.last).to_contain_text("Hello from Ada, live")

    ada.page.locator("article.mine").last.hover()
    ada.page.locator("article.mine").last.get_by_role("button", name="Edit").click()
    ada.input.fill("Hello from Ada, edited")
    ada.input.press("Enter")
    expect(lesia.last).to_contain_text("Hello from Ada, edited")
    expect(lesia.last).to_contain_text("змінено")


def test_the_administrator_of_the_bot_posts_in_the_channel(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.opens(CHANNEL)
    expect(screen.instead).to_have_text("Only administrators write here")
    screen.is_someone("Остап")
    screen.opens(CHANNEL)
    screen.input.fill("Місто відкрило центр навчання")
    screen.input.press("Enter")
    expect(screen.messages.last).to_contain_text("Місто відкрило центр навчання")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_everything_works_with_the_keyboard_alone(visit: Visit, phone: bool) -> None:
    screen = visit("Ada", "en", phone=phone)
    keyboard = screen.page.keyboard
    expect(screen.instead).to_be_focused()
    keyboard.press("Enter")
    expect(screen.input).to_be_focused()

    keyboard.type("/ci")
    expect(screen.options.filter(has_text="/city")).to_be_visible()
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(screen.answers).to_have_count(2)
    expect(screen.last).to_contain_text("/cities")
    expect(screen.input).to_be_focused()

    keyboard.press("Shift+Tab")
    keyboard.press("Shift+Tab")
    focused = screen.page.locator(":focus")
    expect(focused).to_have_class(re.compile("key|round"))
    focused.press("ArrowUp")
    expect(screen.page.locator("article:focus")).to_have_count(1)
    expect(screen.page.locator("article:focus")).to_have_attribute("aria-label", re.compile(r"Learning Cities|You"))


def test_a_pressed_button_keeps_the_focus_when_its_message_changes(visit: Visit) -> None:
    screen = visit("Ada", "en")
    screen.starts()
    screen.says("/countries")
    screen.last.locator(".key").filter(has_text=re.compile("Next|→|›|More")).last.press("Enter")
    expect(screen.last).to_contain_text("edited")
    expect(screen.last.locator(".key:focus")).to_have_count(1)


def test_a_dialog_gives_the_focus_back(visit: Visit) -> None:
    screen = visit("Ada", "en")
    button = screen.page.get_by_role("button", name="Playground")
    button.focus()
    button.press("Enter")
    expect(screen.dialog).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_the_theme_follows_the_system_until_it_is_chosen(visit: Visit) -> None:
    screen = visit("Ada", "en", dark=True)
    ground = "getComputedStyle(document.body).color"
    dark = screen.page.evaluate(ground)
    screen.page.get_by_role("button", name="Playground").click()
    screen.dialog.get_by_label("Light").check()
    assert screen.page.evaluate(ground) != dark
    screen.page.reload()
    expect(screen.foot).to_be_visible()
    assert screen.page.evaluate(ground) != dark


def assert_fits(screen: Screen) -> None:
    """Nothing sticks out to the side."""
    width, room = screen.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= room
    log = screen.page.get_by_role("log")
    assert log.evaluate("node => node.scrollWidth <= node.clientWidth")
