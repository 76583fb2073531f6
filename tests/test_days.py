"""Days as people type them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Languages
from bot.questions.days import read_day

DAY = dt.date(2026, 12, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-05",
        "2026-12-5",
        " 5.12.2026 ",
        "05.12.2026.",
        "05/12/2026",
        "5 грудня 2026",
        "5 грудня 2026 р.",
        "5 Грудня 2026 року",
        "5 December 2026",
        "December 5, 2026",
        "5. December 2026",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, languages: Languages) -> None:
    assert read_day(text, languages.held) == DAY


@pytest.mark.parametrize("text", ["", "soon", "2026-12", "2026-13-01", "30.02.2026", "12/25/2026", "5 Smarch 2026", "5.12.26", "2026"])
def test_what_is_no_day_is_not_guessed(text: str, languages: Languages) -> None:
    assert read_day(text, languages.held) is None


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(["en", "uk"]))
def test_a_day_is_read_as_the_bot_writes_it(day: dt.date, lang: str) -> None:
    reader = Languages().reader(lang)

    assert read_day(reader.date(day), ["en", "uk"]) in {day, None}, "a short name of a month is not read, but never misread"
    assert read_day(reader.full_day(day).partition(",")[2], ["en", "uk"]) == day


@given(st.text(max_size=30))
def test_no_text_makes_it_stumble(text: str) -> None:
    read_day(text, ["en", "uk"])
