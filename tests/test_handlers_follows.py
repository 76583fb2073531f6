"""/subscribe, /subscriptions, /unsubscribe and the follow buttons: what a chat or topic wants to hear of."""

import json

import pytest

from bot.callbacks import (
    ChangeListed,
    ChooseFollow,
    Elsewhere,
    EndAllFollows,
    EndFollow,
    ListFollows,
    OpenFollow,
    StartFollow,
    ToggleFollow,
    Tune,
)
from bot.emulator import Call, Chat, User
from bot.screens.delivery import Standing, delivered
from data.follows import NETWORK, Kind, Receiver, Target
from data.types import NewsId
from tests.fakes.house import House, bullets, labels, said, the, to
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, LESIA

NIKOPOL = Target(Kind.CITY, "nikopol")
UKRAINE = Target(Kind.COUNTRY, "UA")
HEALTH = Target(Kind.THEME, "health-wellbeing")
GROUP_ANONYMOUS = User(1087968824, "Group", None, username="GroupAnonymousBot", is_bot=True)


async def followed(bot: House, chat: Chat | User = ADA, thread: int = 0) -> set[Target]:
    """What a chat or topic follows, as the database has it."""
    bot.services.follows.changed(chat.id)
    return {one.target for one in await bot.services.follows.of(Receiver(chat.id, thread))}


def pressed_alert(calls: list[Call]) -> Call:
    """The only thing that a reader saw: an alert over the chat."""
    assert not sent(calls)
    return the(calls, "answerCallbackQuery")


@pytest.mark.parametrize(
    ("words", "target", "name"),
    [
        ("Nikopol", NIKOPOL, "🇺🇦 Nikopol"),
        ("Нікополя", NIKOPOL, "🇺🇦 Nikopol"),
        ("Ukraine", UKRAINE, "🇺🇦 Ukraine"),
        ("африка", Target(Kind.REGION, "africa"), "Africa"),
        ("health", HEALTH, "Health"),
        ("the network", NETWORK, "all news of the network"),
        ("мережа", NETWORK, "all news of the network"),
    ],
)
async def test_whatever_can_be_followed_is_followed_by_any_of_its_names(bot: House, words: str, target: Target, name: str) -> None:
    shown = the(await bot.hears(f"/subscribe {words}", ADA))

    assert shown.text.splitlines()[0].startswith(f"🔔 You follow: {name[:6]}")
    assert await followed(bot) == {target}
    assert await followed(bot, LESIA) == set()


async def test_following_shows_the_latest_news_of_it_and_how_to_take_it_back(bot: House) -> None:
    shown = the(await bot.hears("/subscribe Ukraine", ADA))

    assert "The latest news: " in shown.text
    ended = the(await bot.presses(shown, "Do not follow", ADA))
    assert ended.text == "No longer followed: 🇺🇦 Ukraine"
    assert await followed(bot) == set()
    again = the(await bot.presses(ended, "🔔 Follow again", ADA))
    assert again.text.startswith("🔔 You follow: 🇺🇦 Ukraine")
    assert await followed(bot) == {UKRAINE}


async def test_following_twice_says_that_it_was_so_already(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)

    assert said(await bot.hears("/subscribe Nikopol", ADA)).startswith("You follow this already: 🇺🇦 Nikopol")


async def test_a_name_that_was_only_nearly_typed_is_followed_after_a_tap(bot: House) -> None:
    asked = the(await bot.hears("/subscribe Nikopl", ADA))

    assert asked.text == "Did you mean 🇺🇦 Nikopol?"
    assert await followed(bot) == set()
    await bot.presses(asked, "🔔 Follow", ADA)
    assert await followed(bot) == {NIKOPOL}


async def test_a_name_of_several_cities_offers_them(bot: House) -> None:
    asked = the(await bot.hears("/subscribe La Paz", ADA))

    assert [label[:2] for label in labels(asked)] == ["🇦🇷", "🇲🇽"]
    assert await followed(bot) == set()


async def test_a_place_that_is_no_member_offers_its_country(bot: House) -> None:
    shown = the(await bot.hears("/subscribe Dnipro", ADA))

    assert shown.text.startswith("Dnipro, Ukraine is not in my list of members")
    await bot.presses(shown, to(shown, StartFollow), ADA)
    assert await followed(bot) == {UKRAINE}


@pytest.mark.parametrize("words", ["Zzzqqqxxx", "<b>&", "2022"])
async def test_what_nobody_knows_is_not_followed(bot: House, words: str) -> None:
    assert said(await bot.hears(f"/subscribe {words}", ADA)).startswith("I know nothing to follow called")
    assert await followed(bot) == set()


async def test_without_a_name_there_are_choices_for_every_kind(bot: House) -> None:
    shown = the(await bot.hears("/subscribe", LESIA))

    assert shown.text.startswith("За чим стежити?")
    assert labels(shown)[:2] == ["Усі новини мережі", "🇺🇦 Україна"]
    regions = the(await bot.presses(shown, "Регіони", LESIA))
    assert len(labels(regions)) == 5
    themes = the(await bot.presses(the(await bot.hears("/subscribe", LESIA)), "Теми", LESIA))
    assert len(bullets(themes)) == len(bot.catalogue.themes)


async def test_the_button_of_a_card_follows_in_place_and_says_so_from_then_on(bot: House) -> None:
    card = the(await bot.hears("/city Nikopol", ADA))
    calls = await bot.presses(card, "🔔 Follow", ADA)

    assert [call.method for call in calls] == ["answerCallbackQuery", "editMessageReplyMarkup"]
    assert calls[0].params["text"] == "You follow: 🇺🇦 Nikopol"
    assert "✓ Following" in labels(calls[1])
    assert await followed(bot) == {NIKOPOL}
    await bot.restarts()
    again = the(await bot.hears("/city Nikopol", ADA))
    assert "✓ Following" in labels(again)
    await bot.presses(again, "✓ Following", ADA)
    assert await followed(bot) == set()


@pytest.mark.parametrize(
    ("command", "target"),
    [("/cities Ukraine", UKRAINE), ("/news", NETWORK), ("/news Nikopol", NIKOPOL), ("/practices health", HEALTH)],
)
async def test_lists_can_be_followed_too(bot: House, command: str, target: Target) -> None:
    shown = the(await bot.hears(command, ADA))

    await bot.presses(shown, to(shown, ToggleFollow), ADA)
    assert await followed(bot) == {target}


async def test_two_taps_in_a_row_follow_once(troubled_bot: House) -> None:
    card = the(await troubled_bot.hears("/city Nikopol", ADA))
    troubled_bot.telegram.presses(ADA, card.result, "🔔 Follow")
    troubled_bot.telegram.presses(ADA, card.result, "🔔 Follow")

    assert not sent(await troubled_bot.catches_up()), "the second edit is refused as needless, and nobody hears of it"
    assert await followed(troubled_bot) == {NIKOPOL}


@pytest.mark.parametrize(
    ("payload", "target"),
    [("f_c_nikopol", NIKOPOL), ("f_l_UA", UKRAINE), ("f_n", NETWORK), ("f_r_africa", Target(Kind.REGION, "africa"))],
)
async def test_a_link_follows_after_a_confirmation(bot: House, payload: str, target: Target) -> None:
    asked = the(await bot.opens(payload, ADA))

    assert asked.text.startswith("Get news of this here: ")
    assert await followed(bot) == set()
    await bot.presses(asked, "🔔 Follow", ADA)
    assert await followed(bot) == {target}


@pytest.mark.parametrize("payload", ["f_c_atlantis", "f_x_nikopol", "f_", "f_c", "f_l_ZZ", "f_t_alchemy", "f_cnikopol"])
async def test_a_link_to_something_that_is_gone_follows_nothing(bot: House, payload: str) -> None:
    assert "Get news" not in said(await bot.opens(payload, ADA))
    assert await followed(bot) == set()


async def test_the_list_pages_and_each_line_can_be_removed(bot: House) -> None:
    for words in ("Nikopol", "Lviv", "Ukraine", "Africa", "health", "network"):
        await bot.hears(f"/subscribe {words}", ADA)
    first = the(await bot.hears("/subscriptions", ADA))

    assert first.text.splitlines()[0] == "Followed here: 6"
    assert len(bullets(first)) == 3
    second = the(await bot.presses(first, "Next ›", ADA))
    assert len(bullets(second)) == 3
    card = the(await bot.presses(second, to(second, OpenFollow, 2), ADA))
    assert card.text.startswith("all news of the network\n")
    again = the(await bot.presses(card, "‹ What is followed", ADA))
    assert again.text == second.text, "back to the same page"
    back = the(await bot.presses(again, "‹ Back", ADA))
    assert bullets(back) == bullets(first)
    card = the(await bot.presses(the(await bot.presses(back, "Next ›", ADA)), to(second, OpenFollow, 2), ADA))
    await bot.presses(card, "Do not follow", ADA)
    assert NETWORK not in await followed(bot)


async def test_a_list_of_an_older_message_still_ends_a_follow_at_a_tap(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    listed = the(await bot.hears("/subscriptions", ADA))
    data = ChangeListed(0, NIKOPOL).pack()
    bot.message_of(listed)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data

    assert the(await bot.presses(listed, data, ADA)).text == "Nothing is followed here yet."
    assert await followed(bot) == set()


async def test_who_follows_nothing_is_offered_choices(bot: House) -> None:
    shown = the(await bot.hears("/subscriptions", ADA))

    assert shown.text == "Nothing is followed here yet."
    assert the(await bot.presses(shown, to(shown, ChooseFollow), ADA)).text.startswith("What do you want to follow?")


async def test_one_follow_ends_by_its_name(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    await bot.hears("/subscribe Ukraine", ADA)

    assert said(await bot.hears("/unsubscribe Нікополь", ADA)) == "No longer followed: 🇺🇦 Nikopol"
    assert said(await bot.hears("/unsubscribe Lviv", ADA)) == "This was not followed: 🇺🇦 Lviv"
    assert await followed(bot) == {UKRAINE}


@pytest.mark.parametrize(("user", "word"), [(ADA, "all"), (LESIA, "все"), (LESIA, "ALL")])
async def test_everything_ends_after_a_question(bot: House, user: User, word: str) -> None:
    await bot.hears("/subscribe Nikopol", user)
    await bot.hears("/subscribe Ukraine", user)
    asked = the(await bot.hears(f"/unsubscribe {word}", user))

    assert await followed(bot, user) == {NIKOPOL, UKRAINE}
    await bot.presses(asked, to(asked, EndAllFollows), user)
    assert await followed(bot, user) == set()


async def test_in_a_group_only_administrators_choose(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA, ADA])
    refused = the(await bot.hears("/subscribe Nikopol", ADA, group))

    assert refused.text == "Only administrators choose what this chat follows."
    card = the(await bot.hears("/city Nikopol", ADA, group))
    alert = pressed_alert(await bot.presses(card, "🔔 Follow", ADA))
    assert alert.params["show_alert"]
    assert await followed(bot, group) == set()
    await bot.hears("/subscribe Nikopol", LESIA, group)
    assert await followed(bot, group) == {NIKOPOL}
    assert "🇺🇦 Нікополь" in said(await bot.hears("/subscriptions", ADA, group)), "everybody may know"
    card = the(await bot.presses(the(await bot.hears("/subscriptions", ADA, group)), "🇺🇦 Нікополь", ADA))
    alert = pressed_alert(await bot.presses(card, to(card, EndFollow), ADA))
    assert alert.params["show_alert"]
    assert await followed(bot, group) == {NIKOPOL}


async def test_an_anonymous_administrator_chooses_as_the_group(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA])
    bot.telegram.sends(
        group,
        GROUP_ANONYMOUS,
        {"text": "/subscribe Nikopol", "entities": [{"type": "bot_command", "offset": 0, "length": 10}], "sender_chat": group.json()},
    )
    await bot.catches_up()

    assert await followed(bot, group) == {NIKOPOL}


async def test_a_topic_has_follows_of_its_own_and_general_is_the_group(bot: House) -> None:
    forum = bot.telegram.group("Forum", [LESIA], topics=["News"])
    thread = next(number for number, topic in forum.topics.items() if topic.name == "News")
    shown = the(await bot.hears("/subscribe Nikopol", LESIA, forum, thread=thread))
    await bot.hears("/subscribe Ukraine", LESIA, forum)

    assert shown.params["message_thread_id"] == thread
    assert await followed(bot, forum, thread) == {NIKOPOL}
    assert await followed(bot, forum) == {UKRAINE}
    assert bullets(the(await bot.hears("/subscriptions", LESIA, forum, thread=thread))) == ["🇺🇦 Нікополь"]


async def test_who_lets_the_bot_into_a_channel_is_offered_to_manage_it(bot: House) -> None:
    await bot.hears("/start", LESIA)
    channel = bot.telegram.channel("Освіта", bot="left", username="osvita")
    channel.members[LESIA.id] = "creator"
    bot.telegram.adds_bot(channel, LESIA, "administrator")
    offer = the(await bot.catches_up())

    assert offer.chat_id == LESIA.id
    assert "Освіта" in offer.text
    choices = the(await bot.presses(offer, to(offer, ChooseFollow), LESIA))
    done = the(await bot.presses(choices, "🇺🇦 Україна", LESIA))
    assert done.text.startswith("🔔 Освіта стежить за новинами: 🇺🇦 Україна")
    assert await followed(bot, channel) == {UKRAINE}
    assert await followed(bot, LESIA) == set()
    listed = the(await bot.hears("/subscriptions @osvita", LESIA))
    assert bullets(listed) == ["🇺🇦 Україна"]
    card = the(await bot.presses(listed, to(listed, OpenFollow), LESIA))
    assert card.text.splitlines()[:2] == ["🇺🇦 Україна", "Освіта"]
    await bot.presses(card, to(card, EndFollow), LESIA)
    assert await followed(bot, channel) == set()


async def test_a_channel_is_managed_by_its_name_and_by_nobody_else(bot: House) -> None:
    channel = bot.telegram.channel("Освіта", username="osvita")
    channel.members[LESIA.id] = "creator"
    bot.telegram.knows(ADA)
    await bot.hears("/subscribe @osvita Nikopol", LESIA)

    assert await followed(bot, channel) == {NIKOPOL}
    assert said(await bot.hears("/subscribe @osvita Ukraine", ADA)).startswith("I cannot manage Освіта")
    assert said(await bot.hears("/subscribe @nosuchchannel Ukraine", ADA)).startswith("I cannot manage @nosuchchannel")
    assert await followed(bot, channel) == {NIKOPOL}


async def test_who_is_no_longer_an_administrator_manages_no_longer(bot: House) -> None:
    channel = bot.telegram.channel("Освіта", username="osvita")
    channel.members[LESIA.id] = "administrator"
    listed = the(await bot.hears("/subscribe @osvita Nikopol", LESIA))
    channel.members[LESIA.id] = "member"
    alert = pressed_alert(await bot.presses(listed, to(listed, EndFollow), LESIA))

    assert alert.params["show_alert"]
    assert await followed(bot, channel) == {NIKOPOL}


async def test_a_forwarded_post_opens_its_channel(bot: House) -> None:
    channel = bot.telegram.channel("Освіта")
    channel.members[LESIA.id] = "creator"
    origin = {"type": "channel", "date": 1, "chat": channel.json(), "message_id": 7}
    bot.telegram.sends(None, LESIA, {"text": "Нікополь", "forward_origin": origin})
    offer = the(await bot.catches_up())

    assert to(offer, ListFollows) == ListFollows(0, Elsewhere(channel.id)).pack()
    bot.telegram.sends(None, ADA, {"text": "Nikopol", "forward_origin": origin})
    assert said(await bot.catches_up()).startswith("I cannot manage Освіта")


async def test_follows_stand_in_the_data_and_are_forgotten_with_them(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    _, file = sent(await bot.hears("/mydata", ADA))

    known = json.loads(file.params["document"].content)
    assert [(row["kind"], row["target"]) for row in known["follows"]] == [("city", "nikopol")]
    await bot.presses(the(await bot.hears("/forget", ADA)), "Delete", ADA)
    assert said(await bot.hears("/mydata", ADA)) == "Nothing is stored about this chat."
    assert "🔔 Follow" in labels(the(await bot.hears("/city Nikopol", ADA)))


async def test_a_database_that_is_gone_is_admitted_and_the_card_still_comes(troubled_bot: House) -> None:
    await troubled_bot.loses_its_database()

    assert "could not be saved" in said(await troubled_bot.hears("/subscribe Nikopol", ADA))
    assert said(await troubled_bot.hears("/city Nikopol", ADA)).startswith("🇺🇦 Nikopol")


@pytest.mark.parametrize("data", ["1:w:1:catlantis", "1:F:lZZ:0", "1:w:1:tno-theme", "1:T:9:n:n001"])
async def test_a_button_of_something_that_is_gone_says_so(bot: House, data: str) -> None:
    shown = the(await bot.hears("/news", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data

    assert the(await bot.presses(shown, data, ADA)).text == "This record is no longer in the data set."


async def delivers(bot: House, target: Target, user: User = LESIA, item: str = "n089") -> dict[str, object]:
    """An item comes, as a sender would bring it."""
    reader = bot.services.languages.reader(user.language_code)
    await bot.hears("/start", user)
    before = len(bot.telegram.log)
    context = bot.application.context_types.context(bot.application)
    await context.send(user.id, delivered(bot.catalogue.news_by_id[NewsId(item)], target, bot.catalogue, reader))
    result: dict[str, object] = bot.telegram.log[before].result
    return result


async def test_a_delivered_item_says_what_it_is_and_why_it_came(bot: House) -> None:
    await bot.hears("/subscribe Україна", LESIA)
    shown = await delivers(bot, UKRAINE)

    rows = str(shown["text"]).splitlines()
    assert rows[0] == "🔔 Харків · Україна"
    assert rows[-1] == "Ви стежите за новинами: 🇺🇦 Україна"
    assert " · " in rows[-2]


async def test_less_like_this_pauses_that_follow_only_and_can_be_taken_back(bot: House) -> None:
    await bot.hears("/subscribe Україна", LESIA)
    await bot.hears("/subscribe Харків", LESIA)
    shown = await delivers(bot, UKRAINE)
    paused = the(await bot.presses(shown, "Менше такого"))

    assert paused.method == "editMessageText"
    assert paused.text.splitlines()[-1] == "Призупинено, інші підписки діють: 🇺🇦 Україна"
    assert "🇺🇦 Україна (призупинено)" in bullets(the(await bot.hears("/subscriptions", LESIA)))
    assert await bot.services.follows.targets(Receiver(LESIA.id)) == {Target(Kind.CITY, "kharkiv")}
    again = the(await bot.presses(paused, "🔔 Стежити знову"))
    assert again.text == shown["text"]
    assert UKRAINE in await bot.services.follows.targets(Receiver(LESIA.id))


async def test_do_not_follow_removes_it_and_can_be_taken_back(bot: House) -> None:
    await bot.hears("/subscribe Україна", LESIA)
    shown = await delivers(bot, UKRAINE)
    ended = the(await bot.presses(shown, "Не стежити"))

    assert ended.text.splitlines()[-1] == "Більше не стежите за новинами: 🇺🇦 Україна"
    assert await followed(bot, LESIA) == set()
    await bot.presses(ended, "🔔 Стежити знову")
    assert await followed(bot, LESIA) == {UKRAINE}


async def test_a_paused_follow_goes_on_from_the_list(bot: House) -> None:
    await bot.hears("/subscribe Ukraine", ADA)
    await bot.presses(await delivers(bot, UKRAINE, ADA), "Less like this", ADA)
    listed = the(await bot.hears("/subscriptions", ADA))

    assert bullets(listed) == ["🇺🇦 Ukraine (paused)"]
    card = the(await bot.presses(listed, "🇺🇦 Ukraine", ADA))
    assert bullets(card) == ["Paused: no news of this comes."]
    assert bullets(the(await bot.presses(card, "▶ Go on", ADA))) == ["🇺🇦 Ukraine"]


async def test_an_item_that_was_withdrawn_can_still_be_tuned(bot: House) -> None:
    await bot.hears("/subscribe Україна", LESIA)
    shown = await delivers(bot, UKRAINE)
    data = Tune(Standing.ENDED, UKRAINE, "a999").pack()
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][1][0]["callback_data"] = data

    assert the(await bot.presses(shown, data)).text == "Більше не стежите за новинами: 🇺🇦 Україна"
    assert await followed(bot, LESIA) == set()
