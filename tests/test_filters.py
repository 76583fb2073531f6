"""What a follow's words let through: plain words, in the forms in which people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.filters import passes
from data.follows import ANY_WORDS, Words

AWARDED = (
    "Премії ЮНЕСКО вручено чотирьом містам",
    "Нікополь і ще три міста отримали відзнаку за освіту дорослих. The Learning City Award.",
)


@pytest.mark.parametrize(
    "word", ["премія", "Премію", "преміями", "ЮНЕСКО", "юнеско", "місто", "нікополя", "award", "awards", "city", "освіта дорослих"]
)
def test_a_word_is_found_in_whatever_form_it_is_written(word: str) -> None:
    assert passes(Words(wanted=(word,)), AWARDED)
    assert not passes(Words(unwanted=(word,)), AWARDED)


@pytest.mark.parametrize("word", ["премʼєра", "прем'єр", "конкурс", "ward", "три слова", "дорослих освіта", "ще й", "?!", ""])
def test_what_is_not_said_is_not_found(word: str) -> None:
    assert not passes(Words(wanted=(word,)), AWARDED)
    assert passes(Words(unwanted=(word,)), AWARDED)


@pytest.mark.parametrize("told", ["Премʼєра фільму", "Прем'єр відкрив музей", "Преміювання працівників", "Містобудування без міст"])
def test_another_word_that_begins_alike_is_another_word(told: str) -> None:
    assert not passes(Words(wanted=("премія", "містами")), [told])


def test_short_words_stand_for_themselves_alone() -> None:
    assert passes(Words(wanted=("ai",)), ["AI in schools"])
    assert not passes(Words(wanted=("ai",)), ["Aid for schools"])


def test_one_wanted_word_is_enough_and_one_unwanted_too_many() -> None:
    assert passes(Words(("конкурс", "премія"), ("музика",)), AWARDED)
    assert not passes(Words(("премія",), ("музика", "міста")), AWARDED)


@given(told=st.lists(st.text()), words=st.lists(st.text(), max_size=3))
def test_whatever_is_typed_an_item_passes_either_a_word_or_its_opposite(told: list[str], words: list[str]) -> None:
    wanted, unwanted = Words(wanted=tuple(words)), Words(unwanted=tuple(words))
    assert passes(ANY_WORDS, told)
    assert not words or passes(wanted, told) is not passes(unwanted, told)
