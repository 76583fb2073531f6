"""The card of a follow: at which pace its news comes, with or without a sound, and filtered by which words."""

import json

import pytest

from bot.callbacks import EndFollow, OpenFollow, SetZone, TuneFollow, ZoneName
from bot.emulator import Call, Chat, User
from bot.screens.delivery import delivered
from data.follows import NETWORK, Follow, Kind, Pace, Receiver, Target, Words
from data.types import NewsId
from tests.fakes.house import House, bullets, labels, said, the, to
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, LESIA

NIKOPOL = Target(Kind.CITY, "nikopol")
UKRAINE = Target(Kind.COUNTRY, "UA")


async def stored(bot: House, target: Target, chat: Chat | User = LESIA, thread: int = 0) -> Follow:
    """A follow as the database has it."""
    bot.services.changed(chat.id)
    return next(one for one in await bot.services.follows.of(Receiver(chat.id, thread)) if one.target == target)


async def zone(bot: House, chat: Chat | User = LESIA) -> str | None:
    """By which clocks a chat lives, as the database has it."""
    bot.services.changed(chat.id)
    return (await bot.services.chats.preferences(chat.id)).zone


async def card(bot: House, words: str, user: User = LESIA) -> Call:
    """Follow something and open its card."""
    await bot.hears(f"/subscribe {words}", user)
    listed = the(await bot.hears("/subscriptions", user))
    return the(await bot.presses(listed, to(listed, OpenFollow), user))


async def asks_for_words(bot: House, shown: Call, user: User = LESIA) -> Call:
    """The question that a card leads to."""
    return the(await bot.presses(shown, to(shown, TuneFollow, 3), user))


async def test_a_card_says_how_news_comes_and_offers_everything_else(bot: House) -> None:
    shown = await card(bot, "Нікополь")

    assert shown.text.splitlines()[0] == "🇺🇦 Нікополь"
    assert bullets(shown) == ["Новини надходять одразу.", "Зі звуком.", "Слова: будь-які."]
    assert labels(shown) == ["Щодня", "Щотижня", "🔕 Без звуку", "Слова…", "Не стежити", "‹ Підписки"]


async def test_a_digest_is_chosen_at_a_tap_and_the_clocks_are_those_of_the_first_city_followed(bot: House) -> None:
    await bot.hears("/subscribe Africa", ADA)
    shown = await card(bot, "Nikopol", ADA)
    listed = the(await bot.presses(shown, "‹ What is followed", ADA))
    shown = the(await bot.presses(the(await bot.presses(listed, "🇺🇦 Nikopol", ADA)), "Daily", ADA))

    assert bullets(shown)[0] == "Comes in the daily digest: 09:00, time zone: Kyiv."
    assert shown.text.splitlines()[-1] == "Time zone: Kyiv, as 🇺🇦 Nikopol is followed here. It can be changed: /quiet"
    assert (await stored(bot, NIKOPOL, ADA)).pace is Pace.DAILY
    assert await zone(bot, ADA) == "Europe/Kyiv"
    weekly = the(await bot.presses(shown, "Weekly", ADA))
    assert bullets(weekly)[0] == "Comes in the weekly digest: on Mondays, 09:00, time zone: Kyiv."
    assert "as 🇺🇦 Nikopol" not in weekly.text, "said once"
    again = the(await bot.presses(weekly, "At once", ADA))
    assert bullets(again)[0] == "Comes at once."
    assert (await stored(bot, NIKOPOL, ADA)).pace is Pace.INSTANT


async def test_a_country_of_one_time_tells_the_clocks_too(bot: House) -> None:
    await bot.presses(await card(bot, "Україна"), "Щодня")

    assert await zone(bot) == "Europe/Kyiv"


@pytest.mark.parametrize("words", ["network", "Canada", "health"])
async def test_who_follows_nothing_that_tells_the_clocks_is_asked_once(bot: House, words: str) -> None:
    asked = the(await bot.presses(await card(bot, words, ADA), "Daily", ADA))

    assert asked.text.startswith("In the daily digest from now on: ")
    assert await zone(bot, ADA) is None
    shown = the(await bot.presses(asked, to(asked, SetZone), ADA))
    assert shown.text.startswith("⏰ When news comes")
    assert await zone(bot, ADA) is not None
    listed = the(await bot.hears("/subscriptions", ADA))
    weekly = the(await bot.presses(the(await bot.presses(listed, to(listed, OpenFollow), ADA)), "Weekly", ADA))
    assert bullets(weekly)[0].startswith("Comes in the weekly digest")


async def test_zones_offered_come_from_what_is_followed(bot: House) -> None:
    asked = the(await bot.presses(await card(bot, "Canada", ADA), "Daily", ADA))

    assert to(asked, SetZone) == SetZone(ZoneName("America/Toronto")).pack()
    assert [label.split(" · ")[0] for label in labels(asked)[:2]] == ["Toronto", "Vancouver"]


async def test_a_follow_is_silent_and_loud_again(bot: House) -> None:
    shown = the(await bot.presses(await card(bot, "Нікополь"), "🔕 Без звуку"))

    assert "Без звуку." in bullets(shown)
    assert (await stored(bot, NIKOPOL)).silent
    await bot.presses(shown, "🔔 Зі звуком")
    assert not (await stored(bot, NIKOPOL)).silent


async def test_the_list_tells_shortly_what_was_chosen(bot: House) -> None:
    shown = the(await bot.presses(the(await bot.presses(await card(bot, "Нікополь"), "Щодня")), "🔕 Без звуку"))
    await bot.hears("премія, -музика", reply_to=(await asks_for_words(bot, shown)).result)

    assert bullets(the(await bot.hears("/subscriptions"))) == ["🇺🇦 Нікополь · щодня · без звуку · лише: премія · крім: музика"]


async def test_words_are_taken_from_a_reply_and_said_back(bot: House) -> None:
    asked = await asks_for_words(bot, await card(bot, "Nikopol", ADA), ADA)
    assert asked.params["reply_markup"]["force_reply"]
    shown = the(await bot.hears("award, lifelong learning, -music", ADA, reply_to=asked.result))

    assert bullets(shown)[-2:] == ["Only news with the words: “award” or “lifelong learning”.", "No news with the words: “music”."]
    assert (await stored(bot, NIKOPOL, ADA)).words == Words(("award", "lifelong learning"), ("music",))


@pytest.mark.parametrize("text", ["здоров'я", "здоровʼя", "здоров’я"])
async def test_a_word_with_any_apostrophe_is_one_word(bot: House, text: str) -> None:
    asked = await asks_for_words(bot, await card(bot, "Нікополь"))
    await bot.hears(text, reply_to=asked.result)

    assert (await stored(bot, NIKOPOL)).words == Words((text,))


@pytest.mark.parametrize(("text", "complaint"), [("!!!", "Тут немає слова: «!!!»."), ("а, -а", "І потрібні, і зайві водночас: «а».")])
async def test_words_that_cannot_be_taken_change_nothing_and_are_asked_for_again(bot: House, text: str, complaint: str) -> None:
    asked = await asks_for_words(bot, await card(bot, "Нікополь"))
    await bot.hears("премія", reply_to=asked.result)
    again = the(await bot.hears(text, reply_to=asked.result))

    assert again.text.splitlines()[:2] == [complaint, "Нічого не змінено. Відповідайте на це повідомлення."]
    assert (await stored(bot, NIKOPOL)).words == Words(("премія",))
    await bot.hears("музика", reply_to=again.result)
    assert (await stored(bot, NIKOPOL)).words == Words(("музика",))


@pytest.mark.parametrize("text", ["усі", "все", "all"])
async def test_all_takes_the_filter_away(bot: House, text: str) -> None:
    asked = await asks_for_words(bot, await card(bot, "Нікополь"))
    await bot.hears("премія", reply_to=asked.result)
    shown = the(await bot.hears(text, reply_to=asked.result))

    assert bullets(shown)[-1] == "Слова: будь-які."
    assert (await stored(bot, NIKOPOL)).words == Words()


async def test_too_many_words_or_too_long_ones_are_named(bot: House) -> None:
    asked = await asks_for_words(bot, await card(bot, "Nikopol", ADA), ADA)

    many = the(await bot.hears(",".join(f"word{n}" for n in range(11)), ADA, reply_to=asked.result))
    assert many.text.startswith("At most 10 words can be wanted, and as many left out.")
    long = the(await bot.hears("x" * 41, ADA, reply_to=asked.result))
    assert long.text.startswith("Longer than 40 characters: “xxx")
    assert (await stored(bot, NIKOPOL, ADA)).words == Words()


async def test_words_for_a_follow_that_ended_meanwhile_say_so(bot: House) -> None:
    asked = await asks_for_words(bot, await card(bot, "Nikopol", ADA), ADA)
    await bot.hears("/unsubscribe Nikopol", ADA)

    assert said(await bot.hears("award", ADA, reply_to=asked.result)) == "This record is no longer in the data set."


async def test_in_a_group_everybody_may_look_and_administrators_decide(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA, ADA])
    await bot.hears("/subscribe Nikopol", LESIA, group)
    listed = the(await bot.hears("/subscriptions", ADA, group))
    shown = the(await bot.presses(listed, to(listed, OpenFollow), ADA))

    refused = await bot.presses(shown, to(shown, TuneFollow), ADA)
    assert the(refused, "answerCallbackQuery").params["text"] == "Підписки цього чату змінюють лише адміністратори."
    assert not sent(refused)
    asked = the(await bot.presses(shown, to(shown, TuneFollow, 3), LESIA))
    assert said(await bot.hears("award", ADA, group, reply_to=asked.result)) == "Підписки цього чату змінюють лише адміністратори."
    assert (await stored(bot, NIKOPOL, group)).words == Words()
    await bot.hears("award", LESIA, group, reply_to=asked.result)
    assert (await stored(bot, NIKOPOL, group)).words == Words(("award",))


async def test_a_topic_tunes_its_own_follow(bot: House) -> None:
    forum = bot.telegram.group("Forum", [LESIA], topics=["News"])
    thread = next(number for number, topic in forum.topics.items() if topic.name == "News")
    for place in (thread, None):
        await bot.hears("/subscribe Nikopol", LESIA, forum, thread=place)
    listed = the(await bot.hears("/subscriptions", LESIA, forum, thread=thread))
    await bot.presses(the(await bot.presses(listed, to(listed, OpenFollow))), "Щодня")

    assert (await stored(bot, NIKOPOL, forum, thread)).pace is Pace.DAILY
    assert (await stored(bot, NIKOPOL, forum)).pace is Pace.INSTANT


async def test_a_channel_is_tuned_from_the_private_chat_of_whoever_administers_it(bot: House) -> None:
    channel = bot.telegram.channel("Освіта", username="osvita")
    channel.members[LESIA.id] = "creator"
    await bot.hears("/subscribe @osvita Nikopol", LESIA)
    listed = the(await bot.hears("/subscriptions @osvita", LESIA))
    shown = the(await bot.presses(the(await bot.presses(listed, to(listed, OpenFollow))), "Щодня"))
    await bot.hears("премія", reply_to=(await asks_for_words(bot, shown)).result)

    tuned = await stored(bot, NIKOPOL, channel)
    assert (tuned.pace, tuned.words) == (Pace.DAILY, Words(("премія",)))
    assert await zone(bot, channel) == "Europe/Kyiv"
    assert await zone(bot) is None
    channel.members[LESIA.id] = "member"
    assert not sent(await bot.presses(shown, to(shown, EndFollow)))


async def test_what_was_chosen_stands_in_the_data(bot: House) -> None:
    await bot.presses(await card(bot, "Nikopol", ADA), "Daily", ADA)
    _, file = sent(await bot.hears("/mydata", ADA))

    known = json.loads(file.params["document"].content)
    assert (known["zone"], known["follows"][0]["pace"]) == ("Europe/Kyiv", "daily")


async def test_less_like_this_offers_a_daily_digest_instead_and_can_be_taken_back(bot: House) -> None:
    await bot.hears("/subscribe Україна")
    before = len(bot.telegram.log)
    context = bot.application.context_types.context(bot.application)
    reader = bot.services.languages.reader("uk")
    await context.send(LESIA.id, delivered(bot.catalogue.news_by_id[NewsId("n089")], UKRAINE, bot.catalogue, reader))
    shown = bot.telegram.log[before]

    paused = the(await bot.presses(shown, "Менше такого"))
    daily = the(await bot.presses(paused, "Раз на день"))
    assert daily.text.splitlines()[-1] == "Відтепер у щоденній добірці: 🇺🇦 Україна"
    tuned = await stored(bot, UKRAINE)
    assert (tuned.pace, tuned.paused) == (Pace.DAILY, False)
    again = the(await bot.presses(daily, "Знову одразу"))
    assert again.text.splitlines()[-1] == "Ви стежите за новинами: 🇺🇦 Україна"
    assert (await stored(bot, UKRAINE)).pace is Pace.INSTANT


@pytest.mark.parametrize("data", ["1:P:x:n:0:0", "1:P:d:lZZ:0:0", "1:G:cnikopol:0:0"])
async def test_a_button_of_a_follow_that_is_no_more_shows_what_there_is(bot: House, data: str) -> None:
    shown = await card(bot, "Ukraine", ADA)
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data

    seen = the(await bot.presses(shown, data, ADA)).text
    assert seen.startswith(("Followed here: 1", "This record is no longer"))
    assert NETWORK not in await bot.services.follows.targets(Receiver(ADA.id))


async def test_a_database_that_is_gone_is_admitted(troubled_bot: House) -> None:
    shown = await card(troubled_bot, "Nikopol", ADA)
    await troubled_bot.loses_its_database()

    assert "could not be saved" in said(await troubled_bot.presses(shown, "Daily", ADA))


async def test_how_news_comes_can_be_chosen_right_after_following(bot: House) -> None:
    shown = the(await bot.hears("/subscribe Nikopol", ADA))

    assert bullets(the(await bot.presses(shown, "How it comes…", ADA)))[0] == "Comes at once."
