"""What the bot shows: every screen in both languages, and how a fact is worded by what it rests on."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import HERE, Elsewhere, ListNews, ListPractices, ListUnanswered
from bot.emulator.formatting import parse_html, trimmed, utf16
from bot.i18n import Languages, Reader
from bot.markup import Screen, pack, visible
from bot.screens import (
    awards,
    city,
    digests,
    follows,
    inline,
    lists,
    network,
    news,
    personal,
    practices,
    problems,
    questions,
    timing,
    tuning,
)
from bot.screens import talk as talks
from bot.screens.parts import flag, membership, page_of, short_year, source_line
from bot.screens.timing import Managed
from bot.screens.unanswered import unanswered
from bot.wishes import TypedWords
from bot.zones import ANYWHERE, Taken
from data.catalogue import Catalogue, NotMember
from data.chats import ChatPreferences
from data.follows import NETWORK, Follow, Kind, Pace, Receiver, Target, Words
from data.timing import Quiet, Timing
from data.types import (
    ANY_AWARD,
    Award,
    Basis,
    City,
    CityId,
    CountryCode,
    Filter,
    FuzzyDate,
    Lang,
    Listing,
    Naming,
    Quality,
    Region,
    Source,
    Status,
)
from data.unanswered import Tally
from tests.fakes.house import unbroken

SIZE = 10
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
WIDEST = 4
SOURCE = Source("https://example.org/a?b=1&c='2'", {Lang("en"): "A & B <C>"}, Quality.CITY, FuzzyDate.parse("2024-02"))
BARE = City(
    number=1,
    id=CityId("bare"),
    naming=Naming({Lang("en"): "Bare <b>City</b>"}),
    country=CountryCode("UA"),
    region=Region.EUROPE_NORTH_AMERICA,
    admin1="",
    status=Status.MEMBER,
    joined=None,
    joined_basis=None,
    left_by=None,
    abolished=None,
    as_of=None,
    point=None,
    zone="",
    note={},
    awards=(),
    sources=(SOURCE,),
)


def cards(catalogue: Catalogue, reader: Reader) -> Iterator[tuple[str, Screen]]:
    """Each record that has a card."""
    yield from ((f"city {one.id}", city.city_card(one, catalogue, reader)) for one in catalogue.cities.values())
    yield from ((f"practice {one.id}", practices.practice_card(one, catalogue, reader)) for one in catalogue.practices.values())
    yield from ((f"news {one.id}", news.news_card(one, catalogue, reader)) for one in catalogue.news)


def pages(catalogue: Catalogue, reader: Reader) -> Iterator[tuple[str, Screen]]:
    """Lists of every kind."""
    countries = [Filter(country=country.code) for country in catalogue.member_countries]
    years = [Filter(year=year) for year in range(2012, 2026)]
    awarded = [Filter(award=year) for year in (ANY_AWARD, *(round_.year for round_ in catalogue.award_rounds))]
    mixed = [Filter(theme=theme) for theme in catalogue.themes] + [Filter(region=region) for region in Region]
    others = [Filter(status=status) for status in (Status.UNCONFIRMED, Status.FORMER)] + [Filter(), Filter(country=CountryCode("AQ"))]
    for wanted in (*countries, *years, *awarded, *mixed, *others):
        for page in (0, 1, 99):
            yield f"{wanted} {page}", lists.city_list(wanted, page, SIZE, catalogue, reader)
    for region in (None, *Region):
        yield f"countries {region}", lists.country_list(region, 0, 20, catalogue, reader)
    for theme in (None, *catalogue.themes):
        wanted_practices = ListPractices(0, None, theme)
        yield (
            f"practices {theme}",
            practices.practice_list(wanted_practices, catalogue.select_practices(theme=theme), SIZE, catalogue, reader),
        )
    yield "news", news.news_list(ListNews(0, None, 1), catalogue.news, SIZE, catalogue, reader)
    yield "no news", news.news_list(ListNews(0, CountryCode("AQ")), (), SIZE, catalogue, reader)


def others(catalogue: Catalogue, languages: Languages, reader: Reader) -> Iterator[tuple[str, Screen]]:
    """Screens that are there once."""
    yield from talk(catalogue, languages, reader)
    yield from wishes(catalogue, reader)
    nikopol = catalogue.cities[CityId("nikopol")]
    known = [(theme, len(catalogue.select_practices(theme=theme.id))) for theme in catalogue.themes.values()]
    yield "start", network.start(catalogue, reader)
    yield "help", network.help_(reader)
    for part in ("network", "features", "conferences", "documents", "contacts", "bot"):
        yield f"about {part}", network.about(part, catalogue, reader)
    for topic in network.JOIN_PARTS:
        yield f"join {topic}", network.join(topic, catalogue, reader)
    yield "status", network.status(catalogue, reader)
    yield "awards", awards.award_rounds(catalogue, reader)
    yield "no award", awards.no_such_round("2018", catalogue, reader)
    for round_ in catalogue.award_rounds:
        yield f"awards {round_.year}", awards.awardees(round_, catalogue, reader)
    yield "sources", city.city_sources(nikopol, reader)
    yield "no point", city.no_point(nikopol, reader)
    yield "similar", city.similar_cities(nikopol, catalogue, reader)
    yield "ask for a city", city.ask_for_city(reader)
    yield "suggestions", city.unknown_city("x", (nikopol,), reader)
    yield "unknown", city.unknown_city("x", (), reader)
    for place in list(catalogue.places.values())[::400]:
        yield f"no member {place.id}", city.not_a_member(catalogue.not_member(place), catalogue, reader)
    yield "nearest", city.nearest_cities("", catalogue.nearest(nikopol.point or BARE.point, 5), 5, reader)  # type: ignore[arg-type]
    yield "lists", lists.choose_list(catalogue, reader)
    yield "unknown filter", lists.unknown_filter("x", reader)
    yield "themes", practices.choose_theme(known, None, catalogue, reader)
    yield "themes of Ukraine", practices.choose_theme(known, CountryCode("UA"), catalogue, reader)
    yield "no practice", practices.no_practice_found("x", reader)
    yield "found practices", practices.found_practices("x", catalogue.select_practices()[:9], catalogue, reader)


def talk(catalogue: Catalogue, languages: Languages, reader: Reader) -> Iterator[tuple[str, Screen]]:
    """Screens about the reader and about what went wrong."""
    nikopol = catalogue.cities[CityId("nikopol")]
    yield "languages", personal.choose_language(languages.held, languages, reader)
    yield "chosen", personal.language_chosen(reader)
    yield "privacy", personal.privacy(reader)
    yield "my data", personal.my_data({"chat_id": 1}, reader)
    yield "no data", personal.my_data({}, reader)
    yield "forget", personal.confirm_forget(reader)
    yield "forgotten", personal.forgotten(True, reader)
    yield "nothing to forget", personal.forgotten(False, reader)
    yield "kept", personal.kept(reader)
    yield "location", personal.ask_location(reader)
    yield "location in a group", personal.ask_location_in_group(reader)
    yield "mistake", personal.ask_mistake("#city-1", "x", reader)
    yield "received", personal.mistake_received(reader)
    yield "not delivered", personal.mistake_not_delivered(reader)
    yield "too many", personal.too_many_reports(reader)
    yield "for admins", personal.mistake_for_admins("city", "1", "x", "y", "z", reader)
    yield "unknown command", problems.unknown_command("/x", reader)
    yield "not text", problems.not_understood(reader)
    yield "no word", problems.empty_text(reader)
    yield "failure", problems.failure("7F3A", reader)
    yield "storage", problems.storage_failure("7F3A", reader)
    yield "flood", problems.flood(reader)
    yield "gone", problems.gone(reader)
    yield "nothing more", talks.nothing_more(reader)
    yield "more of what", talks.more_of_what(reader)
    asked = Tally("uk", 9_999, [("w" * 40 + str(number), 99) for number in range(40)], [("r" * 64, 99)] * 40)
    yield "asked in vain", unanswered([asked, Tally("en", 1, [("zoo", 1)], [("other foreign", 1)])], ListUnanswered("uk", 1), 30, reader)
    yield (
        "asked in vain in English",
        unanswered([asked, Tally("en", 1, [("zoo", 1)], [("other foreign", 1)])], ListUnanswered("en"), 30, reader),
    )
    yield "nothing asked in vain", unanswered([], ListUnanswered("uk"), 30, reader)
    yield "yes", questions.yes_member(nikopol, catalogue, reader)
    yield "in a year", questions.membership_in_year(nikopol, 2016, reader)
    yield "not known", questions.not_known(nikopol, (), catalogue, reader)
    yield "nothing known", questions.not_known(None, (), catalogue, reader)


def wishes(catalogue: Catalogue, reader: Reader) -> Iterator[tuple[str, Screen]]:
    """Screens about what is followed, how and when."""
    targets = [*(Target(Kind.CITY, one) for one in list(catalogue.cities)[::100]), *(Target(Kind.REGION, one) for one in Region), NETWORK]
    words = Words(tuple("w" * 39 + str(n) for n in range(10)), tuple("v" * 39 + str(n) for n in range(10)))
    paces = list(Pace)
    followed = [
        Follow(n, Receiver(1), target, n == 1, NOW, paces[n % 3], n % 2 > 0, words if n else Words()) for n, target in enumerate(targets)
    ]
    far = ChatPreferences("en", "America/Argentina/ComodRivadavia", Timing(Quiet(1320, 600), 30, 6))
    for managed, chosen in ((Managed(HERE), ChatPreferences()), (Managed(Elsewhere(-1009999999999), "Channel of cities"), far)):
        for name, screen in (
            *listed(followed, managed, catalogue, reader),
            *tuned(followed, managed, chosen, catalogue, reader),
            *timed(followed, managed, chosen, catalogue, reader),
            *collected(managed, chosen, catalogue, reader),
        ):
            yield f"{name} of {managed.title or 'this chat'}", screen


def listed(followed: list[Follow], managed: Managed, catalogue: Catalogue, reader: Reader) -> Iterator[tuple[str, Screen]]:
    """Pages of what is followed."""
    for count, page in itertools.product((1, 4, len(followed)), (0, 1, 99)):
        yield f"follows {count} {page}", follows.follow_list(followed[:count], page, managed.chat, catalogue, reader, managed.title)


def tuned(
    followed: list[Follow], managed: Managed, chosen: ChatPreferences, catalogue: Catalogue, reader: Reader
) -> Iterator[tuple[str, Screen]]:
    """Cards of follows, and questions for words."""
    for one in followed:
        yield f"follow {one.number}", tuning.follow_card(one, 9, managed, chosen, catalogue, reader)
        yield f"words {one.number}", tuning.ask_words(one, managed, catalogue, reader)
    wrong = TypedWords(followed[2].words, ("?",), ("x" * 99,), ("a", "b", "c", "d"), many=True)
    yield "wrong words", tuning.ask_words(followed[0], managed, catalogue, reader, wrong)
    taken = Taken("Europe/Kyiv", Target(Kind.CITY, "nikopol"))
    yield "zone taken", tuning.follow_card(followed[4], 0, managed, chosen, catalogue, reader, taken=taken)


def timed(
    followed: list[Follow], managed: Managed, chosen: ChatPreferences, catalogue: Catalogue, reader: Reader
) -> Iterator[tuple[str, Screen]]:
    """When news comes."""
    yield "timing", timing.timing_card(managed, chosen, NOW, catalogue, reader)
    yield "quiet", timing.choose_quiet(managed, reader)
    yield "time", timing.choose_digest_time(managed, reader)
    for part in timing.DAYS:
        yield part, timing.choose_day(managed, part, reader)
    zones = (*ANYWHERE, "America/Chicago", "America/Denver", "Asia/Tokyo", "Asia/Kolkata", "Europe/Paris")
    for count in (1, 4, 9):
        first = tuning.digest_chosen(followed[1], catalogue, reader)
        yield f"zones {count}", timing.choose_zone(managed, zones[:count], NOW, catalogue, reader, first=first)
    for wrong in (False, True):
        yield f"hours {wrong}", timing.ask_hours(managed, reader, wrong=wrong)
        yield f"time {wrong}", timing.ask_digest_time(managed, reader, wrong=wrong)
        yield f"place {wrong}", timing.ask_city(managed, reader, unknown="x" if wrong else "")


def collected(managed: Managed, chosen: ChatPreferences, catalogue: Catalogue, reader: Reader) -> Iterator[tuple[str, Screen]]:
    """Digests, and what was missed."""
    for pace in (Pace.DAILY, Pace.WEEKLY):
        yield f"digest {pace}", digests.digest(catalogue.news, pace, NOW.date(), catalogue, reader)
        yield f"next {pace}", digests.preview((pace, NOW), catalogue.news, managed, chosen, catalogue, reader)
        yield f"next empty {pace}", digests.preview((pace, NOW), (), managed, chosen, catalogue, reader)
        yield f"no {pace}", digests.no_digest(pace, managed, reader)
    yield "no digest", digests.no_digest("", managed, reader)
    held, nothing = follows.Waiting(catalogue.news[:30], NOW, chosen), follows.Waiting((), NOW, chosen)
    for missed, waiting in itertools.product(((), catalogue.news[:30]), (held, nothing)):
        yield f"missed {len(missed)} {len(waiting.items)}", follows.missed_list(missed, waiting, reader)


@pytest.fixture(scope="session")
def screens(catalogue: Catalogue, languages: Languages, reader: Reader) -> dict[str, Screen]:
    """Everything the bot may show to this reader."""
    return dict((*others(catalogue, languages, reader), *cards(catalogue, reader), *pages(catalogue, reader)))


def text_of(screen: Screen) -> str:
    return "\n\n".join(visible(message) for message in pack(screen.blocks))


def said(text: object) -> str:
    return visible(text) if isinstance(text, str) else str(text)  # type: ignore[arg-type]


def test_every_screen_is_one_message_that_telegram_takes(screens: dict[str, Screen]) -> None:
    for name, screen in screens.items():
        (message,) = pack(screen.blocks)
        seen = trimmed(parse_html(message))
        assert 1 <= utf16(seen.plain) <= 4096, name
        assert len(seen.entities) <= 100, name


def test_every_screen_has_few_buttons_that_differ_and_fit_a_phone(screens: dict[str, Screen]) -> None:
    for name, screen in screens.items():
        shown = [button.text for row in screen.buttons for button in row]
        assert len(shown) <= 6, (name, shown)
        assert len(shown) == len(set(shown)), (name, shown)
        assert all(1 <= len(text) <= 45 for text in shown), (name, shown)
        assert all(len(row) <= WIDEST for row in screen.buttons), name
        assert all(len(row) <= 2 or all(len(button.text) < 25 for button in row) for row in screen.buttons), name
        for button in (button for row in screen.buttons for button in row):
            assert (button.action is not None) + bool(button.url) + (button.inline_query is not None) == 1, (name, button)


def test_no_button_is_too_long_for_telegram(screens: dict[str, Screen]) -> None:
    for name, screen in screens.items():
        for button in (button for row in screen.buttons for button in row if button.action):
            assert button.action is not None
            assert len(button.action.pack().encode()) <= 64, (name, button)


def test_no_field_is_left_unfilled_and_no_mark_is_shown(screens: dict[str, Screen]) -> None:
    for name, screen in screens.items():
        text = text_of(screen)
        assert not re.search(r"\{\w+\}|<[a-z/]|&(amp|lt|gt|quot);|\bNone\b", text), (name, text)
        assert "  " not in text, (name, text)
        assert " ." not in text, (name, text)
        assert " ," not in text, (name, text)


def test_the_bot_does_not_shout_or_greet(screens: dict[str, Screen]) -> None:
    for name, screen in screens.items():
        if not name.startswith(("practice", "news", "city", "found", "about documents", "about conferences")):
            assert "!" not in text_of(screen), name


def test_every_card_ends_with_its_source(screens: dict[str, Screen], reader: Reader) -> None:
    source = reader.translate("Source: {source}").partition("{")[0]
    for name, screen in screens.items():
        if name.startswith(("city", "practice p", "news n")):
            last = pack(screen.blocks)[-1].splitlines()[-1]
            assert visible(last).startswith(source), name  # type: ignore[arg-type]
            assert '<a href="http' in last, name


def test_a_ukrainian_reader_is_spoken_to_in_ukrainian(catalogue: Catalogue, languages: Languages, uk: Reader) -> None:
    sentences = {
        entry.msgid.partition("{")[0].strip()
        for entry in polib.pofile(str(Path(languages.folder) / "uk" / "LC_MESSAGES" / "messages.po"))
        if len(entry.msgid.partition("{")[0].split()) >= 3
    }
    for name, screen in (*others(catalogue, languages, uk), *pages(catalogue, uk)):
        shown = "\n".join([text_of(screen), *(button.text for row in screen.buttons for button in row)])
        assert [sentence for sentence in sentences if sentence in shown] == [], name


def test_ukrainian_screens_keep_to_ukrainian_typography(catalogue: Catalogue, languages: Languages, uk: Reader) -> None:
    for name, screen in (*others(catalogue, languages, uk), *cards(catalogue, uk)):
        text = text_of(screen)
        assert not re.search(r"[а-яіїєґ]['’][а-яіїєґ]", text, re.IGNORECASE), (name, text)
        assert not re.search(r"[\"“”]", text.replace("“x”", "")), (name, text)
        assert " - " not in text, (name, text)
        assert not re.search(r"\b[Вв]ас\b.*\bВи\b", text), (name, text)


@pytest.mark.parametrize(
    ("status", "basis", "worded"),
    [
        (Status.MEMBER, Basis.ANNOUNCED, r"^Member of the network since 2016\.$"),
        (Status.MEMBER, Basis.BY, r"^Member of the network\..*not found.*since 2016 at the latest\.$"),
        (Status.MEMBER, Basis.INFERRED, r"^Member of the network, probably since 2016"),
        (Status.MEMBER, None, r"^Member of the network\. The year of joining was not found"),
        (Status.UNCONFIRMED, Basis.ANNOUNCED, r"first mention 2016.*not confirmed"),
        (Status.UNCONFIRMED, None, r"was admitted.*not confirmed"),
        (Status.FORMER, Basis.ANNOUNCED, r"admitted to the network in 2016, but sources of 2022 no longer"),
        (Status.FORMER, None, r"was a member of the network once"),
    ],
)
def test_membership_is_worded_by_what_it_rests_on(en: Reader, status: Status, basis: Basis | None, worded: str) -> None:
    one = replace(
        BARE, status=status, joined=2016 if basis else None, joined_basis=basis, left_by=2022 if status is Status.FORMER else None
    )

    assert re.search(worded, str(membership(one, en)))


@pytest.mark.parametrize(("basis", "shown"), [(Basis.ANNOUNCED, "2016"), (Basis.BY, "by 2016"), (Basis.INFERRED, "about 2016")])
def test_a_year_in_a_row_is_as_sure_as_its_source(en: Reader, basis: Basis, shown: str) -> None:
    assert short_year(replace(BARE, joined=2016, joined_basis=basis), en) == shown
    assert short_year(BARE, en) == ""


def test_a_card_shows_only_what_is_known(catalogue: Catalogue, en: Reader) -> None:
    screen = city.city_card(BARE, catalogue, en)
    rows = text_of(screen).split("\n\n")

    assert rows[0] == "🇺🇦 Bare <b>City</b>\nUkraine"
    assert rows[-1] == f"Source: A & B <C>, {unbroken('February 2024')} · all sources"
    assert len(rows) == 3
    assert "🗺 On the map" not in [button.text for row in screen.buttons for button in row]


def test_the_name_in_the_language_of_the_place_stands_beside_the_readers_own(catalogue: Catalogue, en: Reader, uk: Reader) -> None:
    cork = catalogue.cities[CityId("cork")]

    assert text_of(city.city_card(cork, catalogue, uk)).splitlines()[0].startswith("🇮🇪 Корк · C")
    assert text_of(city.city_card(catalogue.cities[CityId("nikopol")], catalogue, en)).startswith("🇺🇦 Nikopol · Нікополь")


def test_an_award_stands_on_the_card_with_its_reason(catalogue: Catalogue, en: Reader) -> None:
    awarded = replace(BARE, awards=(Award(BARE.id, 2019, {Lang("en"): "For <x> & y."}, (SOURCE,)), Award(BARE.id, 2015, {}, (SOURCE,))))
    text = text_of(city.city_card(awarded, catalogue, en))

    assert "UNESCO Learning City Award 2019. For <x> & y." in text
    assert "UNESCO Learning City Award 2015." in text


def test_the_date_of_the_data_is_told_where_it_is_another_than_the_sources(en: Reader) -> None:
    same, later = source_line((SOURCE,), en, FuzzyDate.parse("2024-02")), source_line((SOURCE,), en, FuzzyDate.parse("2025"))

    assert [visible(row) for row in same.rendered()] == [f"Source: A & B <C>, {unbroken('February 2024')}"]
    assert "2025" in "".join(later.rendered())
    assert list(source_line((), en).rendered()) == []


@pytest.mark.parametrize("listing", Listing)
def test_a_flat_denial_needs_a_complete_list(catalogue: Catalogue, en: Reader, listing: Listing) -> None:
    place = next(place for place in catalogue.places.values() if place.country == "UA")
    ukraine = replace(catalogue.countries[CountryCode("UA")], listing=listing, as_of=FuzzyDate.parse("2025-12-17"))
    told = replace(catalogue, countries={**catalogue.countries, CountryCode("UA"): ukraine})
    text = text_of(city.not_a_member(NotMember(place, ()), told, en))

    assert text.startswith("No, ")
    assert ("incomplete (370 of 425 members)" in text) == (listing is not Listing.COMPLETE)
    assert ("is not among the members of the network" in text) == (listing is Listing.COMPLETE)


@pytest.mark.parametrize("tag", ["en", "uk"])
def test_a_denial_begins_with_no(catalogue: Catalogue, languages: Languages, tag: str) -> None:
    reader = languages.reader(tag)
    for place in list(catalogue.places.values())[::200]:
        text = text_of(city.not_a_member(catalogue.not_member(place), catalogue, reader))
        assert text.startswith({"en": "No", "uk": "Ні"}[tag]), text


def test_a_practice_without_a_translation_says_so(catalogue: Catalogue, en: Reader, uk: Reader) -> None:
    practice = next(iter(catalogue.practices.values()))
    english = replace(practice, summary={Lang("en"): "Only English."}, title={Lang("en"): "Title"})

    assert (
        text_of(practices.practice_card(english, catalogue, uk)).count("\n\n")
        == text_of(practices.practice_card(english, catalogue, en)).count("\n\n") + 1
    )


def test_the_deadline_of_news_is_told(catalogue: Catalogue, en: Reader) -> None:
    item = replace(catalogue.news[0], deadline=dt.date(2026, 5, 1))

    assert f"Deadline: {unbroken('1 May 2026')}" in text_of(news.news_card(item, catalogue, en))


def test_a_report_reaches_the_administrators_as_it_was_written(en: Reader) -> None:
    text = text_of(personal.mistake_for_admins("city", "12", "<i>Name</i>", "a\nb & <b>c</b>", "X <x>", en))

    assert "a\nb & <b>c</b>" in text
    assert "city 12, <i>Name</i>" in text


@given(st.lists(st.integers(), max_size=200), st.integers(1, 30))
def test_pages_divide_a_list_without_gaps_and_repeats(rows: list[int], size: int) -> None:
    _, count, _ = page_of(rows, 0, size)
    shown = [page_of(rows, page, size)[2] for page in range(count)]

    assert [row for page in shown for row in page] == rows
    assert all(len(page) == size for page in shown[:-1])
    assert len(shown[-1]) <= size + 2
    assert page_of(rows, 10**9, size) == page_of(rows, count - 1, size)


@pytest.mark.parametrize(("country", "shown"), [("UA", "🇺🇦"), ("KR", "🇰🇷")])
def test_a_country_is_marked_by_its_flag(country: str, shown: str) -> None:
    assert flag(country) == shown


@given(typed=st.text(max_size=50), start=st.integers(0, 200))
def test_inline_cards_are_short_titled_and_their_own(catalogue: Catalogue, en: Reader, typed: str, start: int) -> None:
    found, _ = inline.inline_cards(typed, start, 10, catalogue, en)

    assert len({card.id for card in found}) == len(found) <= 10
    for card in found:
        assert 1 <= len(card.id.encode()) <= 64
        assert card.title.strip()
        assert len(card.description) <= 80
        assert len(pack(card.screen.blocks)) == 1
