"""Reading what somebody wishes of the news: words, hours, a time of day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wishes import LONGEST_WORD, MOST_WORDS, read_hours, read_time, read_words
from data.follows import Words
from data.names import normalise
from data.timing import Quiet

word = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=LONGEST_WORD)
minutes = st.integers(0, 24 * 60 - 1)


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("award", ("award",), ()),
        ("award, health -music", ("award", "health"), ("music",)),
        ("+премія, −музика – війна", ("премія",), ("музика", "війна")),
        ("навчання впродовж життя; онлайн-курси", ("навчання впродовж життя", "онлайн-курси"), ()),
        ("здоров'я, Здоровʼя, ЗДОРОВ’Я", ("здоров'я",), ()),
        ("«премія», “health”", ("премія", "health"), ()),
        ("- музика", (), ("музика",)),
        ("a,, b\nc", ("a", "b", "c"), ()),
    ],
)
def test_words_are_set_apart_by_commas_and_a_minus_leaves_out(text: str, wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> None:
    typed = read_words(text)

    assert typed.words == Words(wanted, unwanted)
    assert typed.is_right


@pytest.mark.parametrize(
    "text", ["-", "!!!", "a, -", "🎉", "a, -a", "x" * 41, ",".join(map(str, range(11))), "-" + ", -".join(map(str, range(11)))]
)
def test_what_cannot_be_a_filter_is_refused(text: str) -> None:
    assert not read_words(text).is_right


@given(st.lists(word, max_size=MOST_WORDS, unique_by=normalise), st.lists(word, max_size=MOST_WORDS, unique_by=normalise))
def test_what_was_said_back_can_be_typed_again(wanted: list[str], unwanted: list[str]) -> None:
    wanted = [one for one in wanted if normalise(one)]
    unwanted = [one for one in unwanted if normalise(one) and normalise(one) not in {normalise(other) for other in wanted}]
    typed = read_words(", ".join([*wanted, *(f"-{one}" for one in unwanted)]))

    assert typed.is_right
    assert typed.words == Words(tuple(wanted), tuple(unwanted))
    assert Words.unpack(typed.words.pack()) == typed.words


@given(st.text(max_size=300))
def test_nothing_that_is_typed_makes_the_reader_stumble(text: str) -> None:
    typed = read_words(text)

    for one in (*typed.words.wanted, *typed.words.unwanted):
        assert normalise(one)
    if typed.is_right:
        assert len(typed.words.wanted) <= MOST_WORDS
        assert len(typed.words.unwanted) <= MOST_WORDS
        assert all(len(one) <= LONGEST_WORD for one in (*typed.words.wanted, *typed.words.unwanted))
    quiet, at = read_hours(text), read_time(text)
    assert quiet is None or (0 <= quiet.begin < 24 * 60 and 0 <= quiet.end < 24 * 60 and quiet.begin != quiet.end)
    assert at is None or 0 <= at < 24 * 60


@given(minutes, minutes, st.sampled_from(["{}:{}-{}:{}", "{}.{} – {}.{}", "з {}:{} до {}:{}", "{}{}-{}{}", "from {}h{} to {}h{}"]))
def test_hours_are_read_however_they_are_written(begin: int, end: int, form: str) -> None:
    text = form.format(*(f"{part:02}" for moment in (begin, end) for part in divmod(moment, 60)))

    assert read_hours(text) == (Quiet(begin, end) if begin != end else None)


@pytest.mark.parametrize(
    ("text", "quiet"),
    [("22-7", (1320, 420)), ("10pm-7am", (1320, 420)), ("12 am to 12 p.m.", (0, 720)), ("22:00-24:00", (1320, 0)), ("22 00 7 00", None)],
)
def test_hours_without_minutes_and_by_halves_of_a_day(text: str, quiet: tuple[int, int] | None) -> None:
    assert read_hours(text) == quiet


@pytest.mark.parametrize("text", ["", "22", "25-7", "22-22", "22:60-7", "1-2-3", "222-7", "night", "22:00:00-7", "13pm-7am", "24:30-7"])
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    assert read_hours(text) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [("7", 420), ("07:30", 450), ("о 18.15", 1095), ("7 pm", 1140), ("1330", 810), ("24:00", 0), ("7 8", None), ("13:5", None)],
)
def test_a_time_of_day_is_the_only_one_named(text: str, at: int | None) -> None:
    assert read_time(text) == at
