"""The table of frames: a question fits a row only if the row accounts for everything in it."""

import pytest

from data.names import Kind, Ref
from data.questions.frames import Frames
from data.questions.lexicon import Concept
from data.questions.reading import Piece, Reading, Span

GROUPS = {"being": "join status"}
ROWS = [
    {"frame": "award", "words": "award|win ?when", "names": "place year?", "does": "award_of"},
    {"frame": "member", "words": "?@being", "names": "place country? year?", "does": "member"},
    {"frame": "several", "words": "?@being", "names": "place+", "does": "members"},
    {"frame": "fee", "words": "fee", "names": "-", "does": "faq f031"},
    {"frame": "theme", "words": "", "names": "theme", "does": "practices"},
]
LIGHT = frozenset({Concept("filler")})
CORK, LVIV = Piece(("cork",), (Ref(Kind.CITY, "cork"),)), Piece(("lviv",), (Ref(Kind.CITY, "lviv"),))
GEORGIA = Piece(("georgia",), (Ref(Kind.COUNTRY, "GE"), Ref(Kind.PLACE, "g1")))
UNKNOWN = Piece(("qqqq",))


def said(concept: str) -> Piece:
    return Piece((concept,), concepts=frozenset({Concept(concept)}))


def reading(*pieces: Piece) -> Reading:
    return Reading("", pieces, LIGHT)


@pytest.fixture(scope="module")
def frames() -> Frames:
    return Frames(GROUPS, ROWS)


def fitting(frames: Frames, *pieces: Piece) -> str | None:
    return next((frame.name for frame, _named in frames.fitting(reading(*pieces))), None)


def test_the_first_row_that_fits_is_taken(frames: Frames) -> None:
    assert fitting(frames, said("award"), CORK) == "award"
    assert fitting(frames, said("join"), CORK) == "member"
    assert fitting(frames, CORK, LVIV) == "several"


def test_a_word_that_a_row_does_not_speak_of_refuses_the_question(frames: Frames) -> None:
    assert fitting(frames, said("fee"), CORK) is None
    assert fitting(frames, UNKNOWN, CORK) is None
    assert fitting(frames, said("filler"), CORK) == "member"


def test_a_thing_of_a_kind_that_a_row_does_not_name_refuses_it(frames: Frames) -> None:
    assert fitting(frames, said("fee"), Piece(("2020",), year=2020)) is None
    assert fitting(frames, said("award"), CORK, LVIV) is None


def test_an_ambiguous_name_is_read_as_the_kind_that_fits(frames: Frames) -> None:
    assert fitting(frames, CORK, GEORGIA) in {"member", "several"}
    _frame, named = next(frames.fitting(reading(GEORGIA)))
    assert named.of("place") == ((Ref(Kind.PLACE, "g1"),),)


def test_a_theme_that_is_also_a_word_may_be_that_word(frames: Frames) -> None:
    theme = Piece(("fees",), (Ref(Kind.THEME, "fees"),), frozenset({Concept("fee")}))
    assert fitting(frames, theme) == "fee"


def test_a_row_names_what_answers_it_and_the_argument(frames: Frames) -> None:
    frame, _named = next(frames.fitting(reading(said("fee"))))
    assert (frame.does, frame.argument) == ("faq", "f031")


@pytest.mark.parametrize(
    ("words", "span"),
    [
        (["since", 2019], Span(since=2019)),
        (["after", 2019], Span(since=2020)),
        (["before", 2019], Span(until=2018)),
        (["until", 2019], Span(until=2019)),
        (["between", 2015, "filler", 2019], Span(2015, 2019)),
        (["since", 2019, "until", 2015], Span(2015, 2019)),
        (["since", "filler", 2019], Span(since=2019)),
        ([2019], None),
        (["since", "join", 2019], None),
    ],
)
def test_the_word_before_a_year_tells_how_it_is_meant(words: list[str | int], span: Span | None) -> None:
    pieces = [Piece((str(word),), year=word) if isinstance(word, int) else said(word) for word in words]
    light = frozenset(map(Concept, ("filler", "since", "after", "before", "until", "between")))
    assert Reading("", tuple(pieces), light).span == span
