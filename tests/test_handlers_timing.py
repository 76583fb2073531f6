"""/quiet and /digest: by which clocks, in which hours not, when digests come, and what the next one would hold."""

import datetime as dt
import json

import pytest

from bot.callbacks import OpenFollow, OpenTiming, PreviewDigest, SetTiming, SetZone
from bot.emulator import Call, Chat, User
from data import publications
from data.chats import ChatPreferences
from data.follows import Receiver
from data.holding import QUIET
from data.news import targets_of
from data.states import DeliveryState
from data.tables import deliveries
from data.timing import UNTIMED, Quiet, Timing
from data.types import NewsId
from tests.fakes.house import House, bullets, labels, leads_to, links, said, the, to
from tests.fakes.telegram import sent
from tests.fakes.updates import ADA, LESIA

KYIV = (50.45, 30.52)
NIGHT = Quiet(22 * 60, 7 * 60)


async def wishes(bot: House, chat: Chat | User = ADA) -> ChatPreferences:
    """What a chat chose, as the database has it."""
    bot.services.changed(chat.id)
    return await bot.services.chats.preferences(chat.id)


async def follows(bot: House, words: str, pace: str, user: User = ADA) -> Call:
    """Follow something by a digest."""
    await bot.hears(f"/subscribe {words}", user)
    listed = the(await bot.hears("/subscriptions", user))
    card = the(await bot.presses(listed, to(listed, OpenFollow), user))
    return the(await bot.presses(card, pace, user))


async def waits(bot: House, item: str, user: User = ADA, **row: object) -> None:
    """An item was published, and waits for this chat's time."""
    now = bot.clock.now()
    follow = next(iter(await bot.services.follows.of(Receiver(user.id))))
    values = {"item": item, "chat_id": user.id, "follow": follow.number, "not_before": now, "state_at": now} | row
    async with bot.db.write() as connection:
        await publications.publish(connection, item, targets_of(bot.catalogue.news_by_id[NewsId(item)], bot.catalogue), now)
        await connection.execute(deliveries.insert().values(**values))


async def test_who_chose_nothing_sees_what_holds_and_that_the_clocks_are_not_known(bot: House) -> None:
    shown = the(await bot.hears("/quiet", ADA))

    assert shown.text.startswith("⏰ When news comes")
    assert bullets(shown) == [
        "Time zone: not chosen yet, so that of Greenwich (UTC), where it is 09:00 now.",
        "Quiet hours: none. News comes at any time.",
        "Daily digest: 09:00",
        "Weekly digest: on Mondays, 09:00",
    ]
    assert said(await bot.hears("/mydata", ADA)) == "Nothing is stored about this chat.", "looking is not choosing"


async def test_quiet_hours_are_chosen_at_a_tap_and_ended_at_another(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    choices = the(await bot.presses(the(await bot.hears("/quiet", ADA)), "Quiet hours", ADA))
    shown = the(await bot.presses(choices, "22:00–07:00", ADA))

    assert "Quiet hours: 22:00–07:00. What happens meanwhile comes when they end." in bullets(shown)
    assert bullets(shown)[0] == "Time zone: Kyiv, it is 11:00 there now."
    assert shown.text.splitlines()[-1].startswith("Time zone: Kyiv, as 🇺🇦 Nikopol is followed here.")
    assert await wishes(bot) == ChatPreferences("en", "Europe/Kyiv", Timing(NIGHT))
    ended = the(await bot.presses(the(await bot.presses(shown, "Quiet hours", ADA)), "No quiet hours", ADA))
    assert "Quiet hours: none. News comes at any time." in bullets(ended)
    assert (await wishes(bot)).timing == UNTIMED


@pytest.mark.parametrize(
    ("typed", "quiet"),
    [("22:00-07:30", Quiet(1320, 450)), ("22-7", NIGHT), ("з 22 до 7", NIGHT), ("10pm – 7am", NIGHT), ("13.00–15.00", Quiet(780, 900))],
)
async def test_quiet_hours_are_typed_as_people_write_them(bot: House, typed: str, quiet: Quiet) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    await bot.hears(f"/quiet {typed}", ADA)

    assert (await wishes(bot)).timing.quiet == quiet


async def test_hours_that_nobody_can_read_change_nothing_and_are_asked_for_again(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    await bot.hears("/quiet 22-7", ADA)
    again = the(await bot.hears("/quiet 25-99", ADA))

    assert again.text.startswith("I could not read these hours; nothing was changed.")
    assert (await wishes(bot)).timing.quiet == NIGHT
    await bot.hears("23-6", ADA, reply_to=again.result)
    assert (await wishes(bot)).timing.quiet == Quiet(1380, 360)
    for off in ("off", "OFF "):
        await bot.hears("/quiet 22-7", ADA)
        await bot.hears(off, ADA, reply_to=again.result)
        assert (await wishes(bot)).timing == UNTIMED


async def test_the_word_that_ends_quiet_hours_is_of_the_readers_language(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    await bot.hears("/quiet 22-7", LESIA)
    await bot.hears("/quiet Ні", LESIA)

    assert (await wishes(bot, LESIA)).timing == UNTIMED


async def test_who_follows_nothing_that_tells_the_clocks_is_asked_when_quiet_hours_are_chosen(bot: House) -> None:
    asked = the(await bot.hears("/quiet 22-7", ADA))

    assert asked.text.splitlines() == ["Saved.", "By which clocks should news come?", "Beside each city is its time now."]
    assert (await wishes(bot)).timing.quiet == NIGHT
    assert leads_to(asked)[:4] == [SetZone] * 4
    shown = the(await bot.presses(asked, to(asked, SetZone), ADA))
    assert bullets(shown)[0] == "Time zone: London, it is 09:00 there now."
    assert (await wishes(bot)).zone == "Europe/London"


async def test_a_ukrainian_is_offered_ukrainian_clocks_first(bot: House) -> None:
    asked = the(await bot.presses(the(await bot.hears("/quiet", LESIA)), "Часовий пояс", LESIA))

    assert labels(asked) == ["Київ · 11:00", "Варшава · 10:00", "Лондон · 09:00", "Найробі · 12:00", "Інше місто…", "‹ Назад"]


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("Дніпро", "Europe/Kyiv"), ("Nikopol", "Europe/Kyiv"), ("New York", "America/New_York"), ("Japan", "Asia/Tokyo")],
)
async def test_any_known_place_tells_the_clocks(bot: House, typed: str, zone: str) -> None:
    asked = the(await bot.presses(the(await bot.presses(the(await bot.hears("/quiet", ADA)), "Time zone", ADA)), "Another city…", ADA))

    assert asked.params["reply_markup"]["force_reply"]
    assert the(await bot.hears(typed, ADA, reply_to=asked.result)).text.startswith("⏰ When news comes")
    assert (await wishes(bot)).zone == zone


async def test_a_name_of_several_zones_lets_choose_and_an_unknown_one_is_asked_for_again(bot: House) -> None:
    asked = the(await bot.presses(the(await bot.presses(the(await bot.hears("/quiet", ADA)), "Time zone", ADA)), "Another city…", ADA))

    again = the(await bot.hears("Zzzqqqxxx", ADA, reply_to=asked.result))
    assert again.text.startswith("I know no place called “Zzzqqqxxx”; nothing was changed.")
    which = the(await bot.hears("USA", ADA, reply_to=again.result))
    assert leads_to(which) == [SetZone] * 5 + [OpenTiming]
    assert (await wishes(bot)).zone is None


async def test_a_location_tells_the_clocks_and_is_not_stored(bot: House) -> None:
    asked = the(await bot.presses(the(await bot.presses(the(await bot.hears("/quiet", ADA)), "Time zone", ADA)), "Another city…", ADA))
    location = {"location": {"latitude": KYIV[0], "longitude": KYIV[1]}, "reply_to_message": bot.message_of(asked)}
    bot.telegram.sends(None, ADA, location)

    assert the(await bot.catches_up()).text.startswith("⏰ When news comes")
    assert (await wishes(bot)).zone == "Europe/Kyiv"
    _, file = sent(await bot.hears("/mydata", ADA))
    assert str(KYIV[0]) not in file.params["document"].content.decode()
    near = the(await bot.shares_location(*KYIV, ADA))
    assert not near.text.startswith("⏰"), "a location that answers nothing finds the nearest members"


async def test_the_time_and_the_day_of_digests_are_chosen(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    times = the(await bot.presses(the(await bot.hears("/quiet", ADA)), "Time of digests", ADA))
    shown = the(await bot.presses(times, "18:00", ADA))
    assert "Daily digest: 18:00" in bullets(shown)
    days = the(await bot.presses(shown, "Day of weekly digest", ADA))
    assert labels(days)[:4] == ["Monday", "Tuesday", "Wednesday", "Thursday"]
    more = the(await bot.presses(days, "Friday to Sunday ›", ADA))
    shown = the(await bot.presses(more, "Friday", ADA))
    assert "Weekly digest: on Fridays, 18:00" in bullets(shown)
    asked = the(await bot.presses(the(await bot.presses(shown, "Time of digests", ADA)), "Another time…", ADA))
    assert said(await bot.hears("noon", ADA, reply_to=asked.result)).startswith("I could not read this time; nothing was changed.")
    await bot.hears("8.30", ADA, reply_to=asked.result)

    assert (await wishes(bot)).timing == Timing(None, 510, 4)


async def test_a_digest_within_the_quiet_hours_is_said_to_come_after_them(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    await bot.presses(the(await bot.hears("/quiet 21-10", ADA)), "Time of digests", ADA)
    shown = the(await bot.hears("/quiet", ADA))

    assert shown.text.splitlines()[-1] == "Digests would fall into the quiet hours, so they come when these end: 10:00."


async def test_in_a_group_everybody_may_look_and_administrators_choose(bot: House) -> None:
    group = bot.telegram.group("Teachers", [LESIA, ADA])
    shown = the(await bot.hears("/quiet", ADA, group))

    refused = await bot.presses(shown, to(shown, OpenTiming), ADA)
    assert the(refused, "answerCallbackQuery").params["show_alert"]
    assert said(await bot.hears("/quiet 22-7", ADA, group)) == "Only administrators choose when news comes to this chat."
    assert (await wishes(bot, group)).timing == UNTIMED
    await bot.hears("/quiet 22-7", LESIA, group)
    assert (await wishes(bot, group)).timing.quiet == NIGHT
    assert (await wishes(bot, LESIA)).timing == UNTIMED


async def test_a_channel_has_hours_of_its_own_chosen_by_whoever_administers_it(bot: House) -> None:
    channel = bot.telegram.channel("Освіта", username="osvita")
    channel.members[LESIA.id] = "creator"
    bot.telegram.knows(ADA)
    await bot.hears("/subscribe @osvita Nikopol", LESIA)
    shown = the(await bot.hears("/quiet @osvita 22-7", LESIA))

    assert shown.text.splitlines()[0] == "⏰ Розклад новин · Освіта"
    asked = the(await bot.presses(the(await bot.presses(shown, "Тихі години", LESIA)), "Інші години…", LESIA))
    assert "Освіта" in asked.text
    await bot.hears("23-8", LESIA, reply_to=asked.result)
    assert await wishes(bot, channel) == ChatPreferences("uk", "Europe/Kyiv", Timing(Quiet(1380, 480)))
    assert await wishes(bot, LESIA) == ChatPreferences()
    assert said(await bot.hears("/quiet @osvita 1-2", ADA)).startswith("I cannot manage Освіта")
    channel.members[LESIA.id] = "member"
    assert said(await bot.hears("1-2", LESIA, reply_to=asked.result)).startswith("Коли цей чат отримує новини, вибирають лише")
    assert (await wishes(bot, channel)).timing.quiet == Quiet(1380, 480)


async def test_what_was_chosen_stands_in_the_data_and_is_forgotten_with_it(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    await bot.hears("/quiet 22-7", ADA)
    _, file = sent(await bot.hears("/mydata", ADA))

    known = json.loads(file.params["document"].content)
    assert (known["zone"], known["quiet_from"], known["quiet_to"]) == ("Europe/Kyiv", 1320, 420)
    await bot.presses(the(await bot.hears("/forget", ADA)), "Delete", ADA)
    assert await wishes(bot) == ChatPreferences()


async def test_privacy_names_the_clocks_the_hours_and_the_words(bot: House) -> None:
    told = said(await bot.hears("/privacy", ADA))

    assert "the time zone, the quiet hours, and the time and day of digests" in told
    assert "by which words" in told


async def test_without_a_digest_the_preview_says_how_to_have_one(bot: House) -> None:
    await bot.hears("/subscribe Nikopol", ADA)
    shown = the(await bot.hears("/digest", ADA))

    assert shown.text.startswith("Nothing is followed here by a digest: all news comes at once.")


async def test_a_preview_of_nothing_says_when_the_digest_would_come(bot: House) -> None:
    await follows(bot, "Nikopol", "Daily")
    listed = the(await bot.hears("/subscriptions", ADA))
    shown = the(await bot.presses(listed, "Next digest", ADA))

    assert shown.text.splitlines()[0] == "Next daily digest: 3\N{NO-BREAK SPACE}March, 09:00"
    assert "Nothing waits for it yet. If that stays so, none is sent." in shown.text
    other = the(await bot.presses(shown, "Weekly digest", ADA))
    assert other.text.startswith("Nothing is followed here by a weekly digest.")


async def test_a_preview_shows_what_waits_and_when_it_comes(bot: House) -> None:
    await follows(bot, "Ukraine", "Weekly")
    due = dt.datetime(2026, 3, 9, 7, 0, tzinfo=dt.UTC)
    await waits(bot, "n089", state=DeliveryState.WEEKLY, not_before=due)
    shown = the(await bot.hears("/digest", ADA))

    assert shown.text.splitlines()[0] == "Next weekly digest: 9\N{NO-BREAK SPACE}March, 09:00"
    assert "🇺🇦 Ukraine" in shown.text
    assert [link.rpartition("=")[2] for link in links(shown)] == ["n_n089"]
    assert PreviewDigest in leads_to(shown)


async def test_what_quiet_hours_hold_back_can_be_read_meanwhile(bot: House) -> None:
    await bot.hears("/subscribe Нікополь", LESIA)
    await bot.hears("/quiet 10:30-14:00", LESIA)
    until = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
    await waits(bot, "n089", LESIA, state=DeliveryState.LATER, not_before=until, reason=QUIET)
    shown = the(await bot.hears("/missed", LESIA))

    assert shown.text.startswith("Чекає кінця тихих годин: 1\nНадійде: 2\N{NO-BREAK SPACE}березня, 14:00\n")
    assert [link.rpartition("=")[2] for link in links(shown)] == ["n_n089"]
    card = the(await bot.presses(shown, labels(shown)[0], LESIA))
    assert card.text.splitlines()[0] == bullets(shown)[0].rpartition(" · ")[0]


@pytest.mark.parametrize(
    "data", ["1:z:Europe/Atlantis:0", "1:H:day:9:0", "1:H:nothing:1:0", "1:q:nowhere:0", "1:D:hourly:0", "1:B:nothing"]
)
async def test_a_button_that_means_nothing_changes_nothing(bot: House, data: str) -> None:
    shown = the(await bot.hears("/quiet", ADA))
    bot.message_of(shown)["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = data

    assert said(await bot.presses(shown, data, ADA)) == "This record is no longer in the data set."
    assert await wishes(bot) == ChatPreferences()


async def test_a_database_that_is_gone_is_admitted(troubled_bot: House) -> None:
    await troubled_bot.hears("/subscribe Nikopol", ADA)
    choices = the(await troubled_bot.presses(the(await troubled_bot.hears("/quiet", ADA)), "Quiet hours", ADA))
    await troubled_bot.loses_its_database()

    assert "could not be saved" in said(await troubled_bot.presses(choices, to(choices, SetTiming), ADA))
