"""A digest as it is read: titled by the reader's date, grouped, one line an item, and always one message."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import HERE, OpenBeside
from bot.emulator.formatting import parse_html, trimmed, utf16
from bot.i18n import Reader
from bot.markup import Screen, pack, visible
from bot.screens.digests import MOST, digest, preview
from bot.screens.timing import Managed
from data.catalogue import Catalogue
from data.chats import ChatPreferences
from data.follows import Pace
from data.news import LONGEST_TITLE
from data.timing import Quiet, Timing
from data.types import CountryCode, Lang, NewsId, NewsItem
from tests.fakes.house import House, the, to, unbroken
from tests.fakes.updates import ADA

DAY = dt.date(2026, 11, 24)
letters = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=LONGEST_TITLE).filter(lambda text: text.strip())


def told(screen: Screen) -> str:
    """What a reader sees: one message."""
    (message,) = pack(screen.blocks)
    return visible(message)


def item(catalogue: Catalogue, number: int, title: str = "Title", **about: object) -> NewsItem:
    """An item of the data set with other words and subjects."""
    bare = {"cities": (), "countries": (), "topics": (), "date": None} | about
    return replace(catalogue.news[0], id=NewsId(f"a{number}"), title={Lang("en"): title, Lang("uk"): title}, **bare)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pace", "english", "ukrainian"),
    [
        (Pace.DAILY, "🔔 News of the last 24 hours, 24 November", "🔔 Новини за добу, 24 листопада"),
        (Pace.WEEKLY, "🔔 News of the week, 17–24 Nov 2026", "🔔 Новини за тиждень, 17–24 лист. 2026 р."),
    ],
)
def test_the_title_has_the_readers_own_date(catalogue: Catalogue, en: Reader, uk: Reader, pace: Pace, english: str, ukrainian: str) -> None:
    for reader, title in ((en, english), (uk, ukrainian)):
        shown = told(digest(catalogue.news[:1], pace, DAY, catalogue, reader)).splitlines()[0]
        assert shown.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == title


def test_items_stand_under_their_country_else_under_their_theme_else_under_the_network(catalogue: Catalogue, en: Reader) -> None:
    theme = next(iter(catalogue.themes))
    city = catalogue.cities[next(one.id for one in catalogue.cities.values() if one.country == "KR")]
    items = [
        item(catalogue, 1, "In Ukraine", countries=(CountryCode("UA"),)),
        item(catalogue, 2, "On a theme", topics=("call", theme)),
        item(catalogue, 3, "In Korea", cities=(city.id,)),
        item(catalogue, 4, "Of all"),
        item(catalogue, 5, "In Ukraine, too", countries=(CountryCode("UA"), CountryCode("PL")), topics=(theme,)),
    ]

    assert told(digest(items, Pace.DAILY, DAY, catalogue, en)).split("\n\n")[1:] == [
        "🇺🇦 Ukraine\n• In Ukraine\n• In Ukraine, too",
        f"{en.text(catalogue.themes[theme].label)}\n• On a theme",
        f"🇰🇷 {en.name(catalogue.countries[CountryCode('KR')])}\n• In Korea",
        "News of the network\n• Of all",
    ]


def test_each_line_opens_its_card(catalogue: Catalogue, reader: Reader) -> None:
    (message,) = pack(digest(catalogue.news[:5], Pace.DAILY, DAY, catalogue, reader).blocks)

    for one in catalogue.news[:5]:
        assert f"?start=n_{one.id}" in message


def test_a_line_in_another_language_says_so(catalogue: Catalogue, uk: Reader) -> None:
    english = replace(item(catalogue, 1), title={Lang("en"): "Only English"})

    assert "• Only English · англійська" in told(digest([english], Pace.DAILY, DAY, catalogue, uk))


@given(
    titles=st.lists(letters, min_size=1, max_size=60),
    apart=st.booleans(),
    pace=st.sampled_from([Pace.DAILY, Pace.WEEKLY]),
)
def test_a_digest_is_one_message_that_tells_as_much_as_fits_and_counts_the_rest(
    catalogue: Catalogue, en: Reader, titles: list[str], apart: bool, pace: Pace
) -> None:
    codes = list(catalogue.countries)
    items = [
        item(catalogue, number, title, date=catalogue.news[0].date, countries=(codes[number],) if apart else ())
        for number, title in enumerate(titles)
    ]
    (message,) = pack(digest(items, pace, DAY, catalogue, en).blocks)
    seen = trimmed(parse_html(message))

    assert utf16(seen.plain) <= 4096
    assert len(seen.entities) <= 100
    shown = message.count("?start=n_")
    assert 1 <= shown <= MOST
    assert shown == min(len(items), MOST) or utf16(seen.plain) > 4096 - 2 * LONGEST_TITLE - 200
    rest = len(items) - shown
    assert (f"And {rest} more news item" in seen.plain) == (rest > 0)


def test_a_preview_says_when_the_digest_comes_by_the_clocks_of_the_chat(catalogue: Catalogue, en: Reader) -> None:
    coming = (Pace.DAILY, dt.datetime(2026, 11, 24, 7, 0, tzinfo=dt.UTC))

    for wishes, time in (
        (ChatPreferences(), "24 November, 07:00"),
        (ChatPreferences(zone="Europe/Kyiv"), "24 November, 09:00"),
        (ChatPreferences(zone="Pacific/Auckland"), "24 November, 20:00"),
        (ChatPreferences(zone="Europe/Kyiv", timing=Timing(Quiet(8 * 60, 12 * 60))), "24 November, 12:00"),
    ):
        shown = told(preview(coming, catalogue.news[:1], Managed(HERE), wishes, catalogue, en))
        assert shown.splitlines()[0] == f"Next daily digest: {unbroken(time[:11])}{time[11:]}"


async def test_the_buttons_of_a_digest_leave_it_there_to_be_read(bot: House) -> None:
    await bot.hears("/start", ADA)
    reader = bot.services.languages.reader("en")
    before = len(bot.telegram.log)
    context = bot.application.context_types.context(bot.application)
    await context.send(ADA.id, digest(bot.catalogue.news[:3], Pace.DAILY, DAY, bot.catalogue, reader))
    shown = bot.telegram.log[before]

    for nth, beginning in enumerate(("News of the network", "⏰ When news comes")):
        opened = the(await bot.presses(shown, to(shown, OpenBeside, nth), ADA))
        assert (opened.method, opened.text.startswith(beginning)) == ("sendMessage", True)
    assert bot.message_of(shown)["text"].startswith("🔔 News of the last 24 hours")
