"""The lexicon: what words stand for, the longest match first, one slip forgiven."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.questions.lexicon import Concept, Lexicon, Weight

WEIGHTS = {"filler": "none", "join": "content", "follow": "content", "fee": "content", "howareyou": "content", "weather": "other"}
ROWS = [
    ("the", "filler"),
    ("вступ*", "join"),
    ("вступний внесок", "fee"),
    ("внес*", "fee"),
    ("sign up", "join"),
    ("sign up", "follow"),
    ("як справи", "howareyou"),
    ("membership", "join"),
    ("weather", "weather"),
    ("вступник*", "weather"),
    ("пода* заявк*", "join"),
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(WEIGHTS, ROWS)


def concepts(lexicon: Lexicon, text: str) -> list[set[str]]:
    return [set(sense.concepts) for sense in lexicon.read_words(text.split())]


def test_a_stem_stands_for_every_word_that_begins_so(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "вступити") == concepts(lexicon, "вступу") == [{"join"}]


def test_a_longer_stem_wins_over_a_shorter_one(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "вступникам") == [{"weather"}]


def test_a_phrase_wins_over_its_words(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "вступний внесок") == [{"fee"}]
    assert concepts(lexicon, "вступний день") == [{"join"}]


def test_words_of_a_phrase_may_be_inflected(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "подаємо заявку") == concepts(lexicon, "подати заявку") == [{"join"}]
    assert concepts(lexicon, "подати документи") == []


def test_a_phrase_that_means_two_things_means_both(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "sign up") == [{"join", "follow"}]


@pytest.mark.parametrize("typed", ["membreship", "memberhip", "membershipp", "mambership"])
def test_one_slip_in_a_long_word_is_forgiven_and_marked(lexicon: Lexicon, typed: str) -> None:
    (sense,) = lexicon.read_words([typed])
    assert sense.concepts == {"join"}
    assert not sense.sure


def test_short_words_are_never_bent(lexicon: Lexicon) -> None:
    assert concepts(lexicon, "tha внсе") == []


def test_weights_tell_what_an_answer_must_account_for(lexicon: Lexicon) -> None:
    assert lexicon.of_weight(Weight.OTHER) == {"weather"}
    assert lexicon.weight(Concept("filler")) is Weight.NONE


@pytest.mark.parametrize("row", [("word", "nothing"), ("wor*", "join"), ("", "join")])
def test_a_row_that_cannot_be_meant_is_refused(row: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"concept|row of words"):
        Lexicon(WEIGHTS, [row])


@given(st.lists(st.text(min_size=1, max_size=12), max_size=30))
def test_any_words_are_read_in_order_without_overlap(words: list[str]) -> None:
    senses = Lexicon(WEIGHTS, ROWS).read_words(words)
    assert all(sense.start < sense.stop <= len(words) for sense in senses)
    assert all(first.stop <= second.start for first, second in itertools.pairwise(senses))
