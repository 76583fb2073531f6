"""What becomes of the words, the dates and the addresses that others write."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.news import LONGEST_TITLE
from data.sheets import is_address
from data.sources.dates import believed, read_date
from data.sources.identity import address_of, clean, digest_of, key_of, same_host
from data.sources.keywords import is_about
from data.sources.model import Told
from data.sources.polite import LONGEST_WAIT, next_look, rest_seconds
from data.sources.text import LONGEST_SUMMARY, decode, first_sentence, headline, plain, shorten

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
TOLD = Told("", "https://example.org/1", "Nikopol opens a learning centre", "It opened.", None, "en")


# --- Text -------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hello <b>W</b>orld &amp; co<br>there</p><script>x()</script>", "Hello World & co there"),
        ("a < b and c > d", "a < b and c > d"),
        ("  one\n\ttwo\u2028three ", "one two three"),
        ("evil\u202etxt\u2066 zero\u200bwidth \x07bell", "eviltxt zerowidth bell"),
        ("<style>p{}</style>", ""),
        ("&lt;b&gt;", "<b>"),
        ("e\u0301", "é"),
    ],
)
def test_markup_becomes_the_text_that_a_reader_sees(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("markup", "sentence"),
    [
        ("Nikopol opened a centre. It is free.", "Nikopol opened a centre."),
        ("Prof. A. Smith of St. Anna came on 4 Dec. 2025. He left.", "Prof. A. Smith of St. Anna came on 4 Dec. 2025."),
        (
            "У 2025 р. м. Нікополь (Дніпропетровська обл.) увійшов до мережі. Далі.",
            "У 2025 р. м. Нікополь (Дніпропетровська обл.) увійшов до мережі.",
        ),
        ("Форум відвідали 3 тис. осіб з 12 міст. Далі буде.", "Форум відвідали 3 тис. осіб з 12 міст."),
        ("Am 28. November tagt der Rat der Stadt. Danach nicht.", "Am 28. November tagt der Rat der Stadt."),
        ("They came on day 1. Then they left.", "They came on day 1."),
        ("“Is it true?” asked the mayor of the city. Yes.", "“Is it true?” asked the mayor of the city."),
        ("北京学习型城市建设取得新进展。下一步。", "北京学习型城市建设取得新进展。"),
        (
            "<p>24 Nov 2026</p><h2>The very title of it</h2><p>The centre opened in Nikopol today. More.</p>",
            "The centre opened in Nikopol today.",
        ),
        ("The centre opened in Nikopol and [&hellip;]", "The centre opened in Nikopol and…"),
        ("<p>The very title of it</p>", ""),
        ("", ""),
    ],
)
def test_a_summary_is_the_first_sentence_of_the_source(markup: str, sentence: str) -> None:
    assert first_sentence(markup, "The very title of it", "de" if markup.startswith("Am") else "en") == sentence


def test_a_long_sentence_is_cut_between_two_words() -> None:
    told = first_sentence("слово " * 100)
    assert told.endswith(" слово…")
    assert len(told) <= LONGEST_SUMMARY


@given(st.text(max_size=2_000))
def test_whatever_is_written_fits_a_card_on_one_line(markup: str) -> None:
    for text, most in ((headline(markup), LONGEST_TITLE), (first_sentence(markup), LONGEST_SUMMARY)):
        assert len(text) <= most
        assert text == " ".join(text.split())
        assert text.isprintable() or not text


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(2, 300))
def test_what_is_shortened_begins_as_before(text: str, most: int) -> None:
    short = shorten(text, most)
    assert len(short) <= most
    assert text.startswith(short.removesuffix("…"))


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/xml; charset=utf-8", "text/html; charset=rot13", "x; charset=idna", "y;charset=zip"]),
)
def test_any_bytes_are_some_text(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type, "uk"), str)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=100))
def test_utf8_is_read_as_it_was_written(text: str) -> None:
    assert decode(text.encode(), "text/xml; charset=iso-8859-1", "en") == text


# --- Dates ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang", "date"),
    [
        ("4 December 2025", "en", "2025-12-04"),
        ("Thursday, Dec. 4th, 2025, 10:00", "en", "2025-12-04"),
        ("18.02.2019 - 15:57", "uk", "2019-02-18"),
        ("Вівторок, 24 листопада 2026, 10:00", "uk", "2026-11-24"),
        ("20 жовт. 2025 р.", "uk", "2025-10-20"),
        ("23 August 2016", "uk", "2016-08-23"),
        ("4 de dezembro de 2025", "pt-BR", "2025-12-04"),
        ("1. März 2025", "de", "2025-03-01"),
        ("2025년 12월 8일", "ko", "2025-12-08"),
        ("2025年12月4日", "zh", "2025-12-04"),
        ("2025-12-04T09:00:00+02:00", "en", "2025-12-04"),
        ("04/12/2025", "en", "2025-12-04"),
        ("12/31/2025", "en", "2025-12-31"),
        ("May 2025", "en", None),
        ("31.02.2025", "uk", None),
        ("in 2025, at 10:30, 24 cities", "en", None),
        ("", "xx", None),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, lang: str, date: str | None) -> None:
    assert read_date(text, lang) == (dt.date.fromisoformat(date) if date else None)


@given(st.text(max_size=80), st.sampled_from(["en", "uk", "ar", "no such"]))
def test_any_text_is_a_date_or_none(text: str, lang: str) -> None:
    assert isinstance(read_date(text, lang), dt.date | None)


@given(st.dates())
def test_a_date_that_is_believed_has_come_somewhere(date: dt.date) -> None:
    assert (believed(date, NOW) is not None) == (dt.date(1991, 1, 1) <= date <= dt.date(2026, 11, 25))


# --- Addresses --------------------------------------------------------------------------------------------------------------------------

SAME = (
    "https://www.example.org/a/?b=2&a=1",
    "HTTP://Example.org:80/a?a=1&b=2&utm_source=x",
    "https://example.org/a?a=1&b=2&fbclid=abc#top",
)


def test_one_page_has_one_address() -> None:
    assert {address_of(url) for url in SAME} == {"example.org/a?a=1&b=2"}


@pytest.mark.parametrize(
    "other", ["https://example.org/A", "https://example.org/a?a=1", "https://example.org:8080/a", "https://sub.example.org/a"]
)
def test_other_pages_have_others(other: str) -> None:
    assert address_of(other) != address_of("https://example.org/a")


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("/news/1?utm_campaign=x", "https://example.org/news/1"),
        ("?id=7#a", "https://example.org/list?id=7"),
        ("//other.org:443/x y", "https://other.org/x%20y"),
        ("http://приклад.укр/шлях?слово", "http://xn--80aikifvh.xn--j1amh/%D1%88%D0%BB%D1%8F%D1%85?%D1%81%D0%BB%D0%BE%D0%B2%D0%BE"),
        ("https://example.org/%D0%B0", "https://example.org/%D0%B0"),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("mailto:me@example.org", ""),
        ("https://me:secret@example.org/", ""),
        ("https://example.org:99999999/", ""),
        ("https://[::1", ""),
        ("https://example.org/" + "x" * 2_000, ""),
    ],
)
def test_a_link_leads_where_a_reader_can_go(url: str, cleaned: str) -> None:
    assert clean(url, "https://example.org/list") == cleaned


@given(st.text(max_size=60), st.sampled_from(["", "https://example.org/", "http://example.org/", "https://"]))
def test_what_is_clean_stays_clean_and_can_be_cited(text: str, begin: str) -> None:
    url = clean(f"{begin}{text}")
    assert clean(url) == url
    assert url == "" or url.isascii()
    assert address_of(url) == address_of(f"{url}#top")


def test_what_is_clean_is_an_address_that_news_may_have() -> None:
    assert is_address(clean("http://приклад.укр/шлях?слово=так"))


def test_hosts_are_the_same_whatever_the_scheme() -> None:
    assert same_host("https://www.example.org/a", "http://example.org/b")
    assert not same_host("https://example.org/", "https://example.org.evil.com/")
    assert not same_host("", "")


# --- Identity ---------------------------------------------------------------------------------------------------------------------------


def test_an_item_is_known_by_its_id_then_its_address_then_its_words() -> None:
    named = replace(TOLD, own_id="7")
    assert key_of(named) == key_of(replace(named, url="https://example.org/2", title="Other words altogether here"))
    assert key_of(TOLD) == key_of(replace(TOLD, url="http://www.example.org/1/", title="Other words altogether here"))
    nameless = replace(TOLD, url="")
    assert key_of(nameless) == digest_of(nameless)
    assert len({key_of(named), key_of(TOLD), key_of(nameless)}) == 3


def test_two_sources_with_one_headline_tell_one_story() -> None:
    assert digest_of(TOLD) == digest_of(
        replace(TOLD, url="https://other.org/", title="NIKOPOL opens a “learning” centre!", summary="Else.")
    )
    short = replace(TOLD, title="Newsletter, November")
    assert digest_of(short) != digest_of(replace(short, summary="Something else."))


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("Nikopol is a Learning City", True),
        ("LEARNING CITIES meet", True),
        ("Machine learning in a city", False),
        ("Міста, що навчаються, зустрілися", True),
        ("Місто, що навчає", True),
        ("Місто навчається", False),
        ("Creative cities", False),
    ],
)
def test_keywords_are_found_in_any_case_and_ending(title: str, about: bool) -> None:
    assert is_about(replace(TOLD, title=title, summary=""), ("learning cit*", "міст* що навча*")) == about


def test_without_keywords_everything_is_about_the_network() -> None:
    assert is_about(TOLD, ())


# --- Manners ----------------------------------------------------------------------------------------------------------------------------


@given(st.integers(5, 10_080), st.integers(0, 5_000), st.floats(0, 1e9), st.floats(0, 1))
def test_the_next_look_is_never_early_and_never_far(minutes: int, failures: int, rest: float, chance: float) -> None:
    wait = next_look(NOW, minutes, failures, rest, chance) - NOW
    assert wait >= dt.timedelta(minutes=minutes)
    assert wait >= min(dt.timedelta(seconds=rest), LONGEST_WAIT)
    assert wait <= max(LONGEST_WAIT, dt.timedelta(minutes=minutes)) * 1.1


def test_a_source_that_fails_is_asked_less_and_less() -> None:
    waits = [next_look(NOW, 60, failures, 0, 0) - NOW for failures in range(7)]
    assert waits == [dt.timedelta(hours=hours) for hours in (1, 2, 4, 8, 16, 24, 24)]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"Cache-Control": "max-age=600", "Age": "100"}, 500),
        ({"Cache-Control": "max-age=600", "Age": "1000"}, 0),
        ({"Cache-Control": "no-cache, max-age=600"}, 0),
        ({"Cache-Control": "s-maxage=600"}, 0),
        ({"Cache-Control": "max-age=soon"}, 0),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "Tue, 24 Nov 2026 12:10:00 GMT"}, 600),
        ({"Retry-After": "Tue, 24 Nov 2020 12:10:00 GMT"}, 0),
        ({"Retry-After": "later", "Cache-Control": "max-age=60"}, 60),
    ],
)
def test_a_source_is_left_alone_as_long_as_it_asks(headers: dict[str, str], seconds: float) -> None:
    assert rest_seconds(headers, NOW) == seconds
