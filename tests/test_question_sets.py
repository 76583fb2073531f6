"""Questions that nobody tuned to: how many are answered rightly, and above all how few wrongly."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.markup import plain
from bot.questions import answer

if TYPE_CHECKING:
    from bot.i18n import Languages
    from data.catalogue import Catalogue

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


@pytest.mark.parametrize(("lang", "right", "wrong", "false"), [("uk", 45, 10, 1), ("en", 60, 10, 1)])
def test_strangers_questions_are_answered_rightly_or_not_at_all(
    catalogue: Catalogue, languages: Languages, lang: str, right: int, wrong: int, false: int
) -> None:
    reader = languages.reader(lang)
    rows = [json.loads(line) for line in (SETS / f"second.{lang}.jsonl").read_text(encoding="utf-8").splitlines()]
    counted: Counter[tuple[bool, str]] = Counter()
    for row in rows:
        found = answer(row["question"], catalogue, reader)
        counted[row["answerable"], verdict(row, plain(found.screen.blocks), found.answered)] += 1

    assert len(rows) == 250
    assert counted[True, "right"] >= right
    assert counted[True, "wrong"] <= wrong
    assert counted[False, "wrong"] <= false
