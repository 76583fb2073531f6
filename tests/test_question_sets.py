"""Questions that nobody tuned to: how many are answered rightly, and above all how few wrongly."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from bot.markup import plain
from bot.questions import answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.i18n import Languages
    from data.catalogue import Catalogue

OUTSIDE: Final = "outside"
"""The kind of questions that the data cannot answer."""
SETS = Path(__file__).parent / "questions"
READ = 2000
"""Characters of an answer that count: pouring out everything is no answer."""


def folded(text: str) -> str:
    text = re.sub("[’ʼ‘`´]", "'", unicodedata.normalize("NFKC", text))
    text = unicodedata.normalize("NFD", re.sub("[‐‑‒–—]", "-", text).casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", re.sub(r"(?<=\d)[ ,](?=\d{3}(?!\d))", "", text))


def holds(text: str, needle: str) -> bool:
    return any(re.search(_pattern(folded(part.strip())), text) for part in needle.split("|") if part.strip())


def _pattern(needle: str) -> str:
    whole_word = len(needle) <= 3 and needle.isalpha()
    before = r"(?<!\w)" if whole_word or needle.endswith((",", ":")) else r"(?<!\d)" if needle[0].isdigit() else ""
    after = r"(?!\w)" if whole_word else r"(?!\d)" if needle[-1].isdigit() else ""
    return before + re.escape(needle) + after


def verdict(row: dict[str, Any], text: str, answered: bool) -> str:
    """right, abstained or wrong."""
    text = folded(text[:READ])
    forbidden = any(holds(text, needle) for needle in row["forbid"])
    met = all(holds(text, needle) for needle in row["expect_all"]) and (
        not row["expect_any"] or any(holds(text, needle) for needle in row["expect_any"])
    )
    if not answered:
        return "abstained" if row["answerable"] else "wrong" if forbidden else "right"
    good = met and not forbidden and (row["answerable"] or bool(row["expect_any"]))
    return "right" if good else "wrong"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a set of one language was answered when it was last measured, with a little slack."""

    right: int
    """Of 200 answerable ones, at least: five points below what was measured."""
    wrong: int
    """Of them, at most: one more than was measured; the rest is "I do not know"."""
    false: int
    """Of 50 that the data cannot answer, at most."""
    kinds: Mapping[str, int]
    """Right ones of each kind, at least: one below what was measured."""


BOUNDS: Final = {
    "uk": Bounds(
        right=178,
        wrong=6,
        false=3,
        kinds={
            "award": 14,
            "city_fact": 24,
            "compare": 7,
            "concept": 9,
            "count": 19,
            "event": 7,
            "join_how": 13,
            "list": 23,
            "membership": 33,
            "nearest": 8,
            "news": 1,
            "practice": 9,
            "superlative": 9,
        },
    ),
    "en": Bounds(
        right=179,
        wrong=5,
        false=2,
        kinds={
            "award": 14,
            "city_fact": 23,
            "compare": 7,
            "concept": 7,
            "count": 19,
            "event": 6,
            "join_how": 14,
            "list": 23,
            "membership": 31,
            "nearest": 9,
            "news": 5,
            "practice": 10,
            "superlative": 9,
        },
    ),
}

Score = Counter[tuple[str, str]]
"""How often each kind was met by each verdict."""


@pytest.fixture(scope="module", params=BOUNDS)
def measured(request: pytest.FixtureRequest, catalogue: Catalogue, languages: Languages) -> tuple[Score, Bounds]:
    """A language's set, answered once."""
    lang, score = request.param, Score()
    for line in (SETS / f"second.{lang}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = answer(row["question"], catalogue, languages.reader(lang))
        score[row["kind"] if row["answerable"] else OUTSIDE, verdict(row, plain(found.screen.blocks), found.answered)] += 1
    assert score.total() == 250
    return score, BOUNDS[lang]


def count(score: Score, verdict_: str) -> int:
    """Answerable questions that met a verdict."""
    return sum(number for (kind, met), number in score.items() if met == verdict_ and kind != OUTSIDE)


def test_strangers_questions_are_answered_rightly_or_not_at_all(measured: tuple[Score, Bounds]) -> None:
    score, bounds = measured

    assert count(score, "right") >= bounds.right
    assert count(score, "wrong") <= bounds.wrong


def test_what_the_data_cannot_answer_is_not_answered(measured: tuple[Score, Bounds]) -> None:
    score, bounds = measured

    assert score[OUTSIDE, "wrong"] <= bounds.false


def test_no_kind_of_question_is_answered_worse_than_it_was(measured: tuple[Score, Bounds]) -> None:
    score, bounds = measured

    assert {kind for kind, _met in score} == {*bounds.kinds, OUTSIDE}
    assert {kind: score[kind, "right"] for kind, least in bounds.kinds.items() if score[kind, "right"] < least} == {}


@pytest.mark.parametrize(
    ("text", "answered", "met"),
    [
        ("Yes, Cork is in.", True, "right"),
        ("No, Cork is not in.", True, "wrong"),
        ("Cork is a city.", True, "wrong"),
        ("I have no answer to that.", False, "abstained"),
    ],
)
def test_an_answer_is_right_only_if_it_holds_what_it_must_and_nothing_that_it_must_not(text: str, answered: bool, met: str) -> None:
    row = {"answerable": True, "expect_all": ["cork"], "expect_any": ["yes|member"], "forbid": ["no,"]}

    assert verdict(row, text, answered) == met
