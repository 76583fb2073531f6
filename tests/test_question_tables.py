"""The tables of questions: each defect is named where it stands, those that ship have none and are up to date."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import pytest

from bot.markup import plain
from bot.questions.answering import DOES, NOTHING, answer
from data.build import questions
from data.questions.check import PARAPHRASES, check_questions
from data.questions.frames import Frames
from data.questions.reading import Span
from data.sheets import SEED

if TYPE_CHECKING:
    from pathlib import Path

    from bot.i18n import Reader
    from data.catalogue import Catalogue

GOOD: Final = {
    "concepts.csv": ["concept,weight,gloss", "join,content,becoming a member", "city,none,a city", "mayor,other,the mayor"],
    "lexicon.en.csv": ["words,concept", "join*,join", "city,city"],
    "groups.csv": ["group,concepts,gloss", "being,join city,words of membership"],
    "frames.csv": ["frame,words,names,does,spare", "a city,?@being|join,place country?,member,2", "joining,join,-,faq f1,"],
    "faq_questions.en.csv": ["id,question", *(f"f1,How does city {number} join?" for number in range(PARAPHRASES))],
}


def seed(folder: Path, **more: str) -> Path:
    """Good tables, some of them with a row more."""
    for name, lines in GOOD.items():
        extra = more.get(name.removesuffix(".csv").replace(".", "_"))
        (folder / name).write_text("\n".join([*lines, *([extra] if extra else [])]) + "\n", encoding="utf-8")
    return folder


def defects(folder: Path) -> list[str]:
    return list(map(str, check_questions(folder, ["f1"])))


def test_good_tables_have_no_defect(tmp_path: Path) -> None:
    assert defects(seed(tmp_path)) == []


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        ("concepts", "fee,heavy,money", "concepts.csv:5: fee: the weight is none or content or other"),
        ("concepts", "join,content,again", "concepts.csv:5: join stands twice"),
        ("lexicon_en", "cost*,fee", "lexicon.en.csv:4: cost*: fee is no concept of concepts.csv"),
        ("lexicon_en", "joi* in,join", "lexicon.en.csv:4: joi* in: a stem that begins a row has at least 4 letters"),
        ("lexicon_en", ",join", "lexicon.en.csv:4: : a stem that begins a row has at least 4 letters"),
        ("lexicon_en", "city,city", "lexicon.en.csv:4: city stands twice for city"),
        ("groups", "money,fee join,what it costs", "groups.csv:3: money: fee is no concept of concepts.csv"),
        ("frames", "cost,join ?fee,-,total,", "frames.csv:4: cost: fee is neither a concept nor a group"),
        ("frames", "cost,join ?@money,-,total,", "frames.csv:4: cost: @money is neither a concept nor a group"),
        ("frames", "cost,join,town?,total,", "frames.csv:4: cost: town? is none of country, place, region, theme, year, nor `-`"),
        ("frames", "cost,join,-,faq f9,", "frames.csv:4: cost: f9 is no entry of faq.csv"),
        ("frames", "cost,join,-,total,many", "frames.csv:4: cost: spare is a number from 1 to 9, or empty"),
        ("frames", "joining,join,-,total,", "frames.csv:4: joining stands twice"),
        ("faq_questions_en", "f9,What does it cost?", "faq_questions.en.csv:7: f9 is no entry of faq.csv"),
        (
            "faq_questions_en",
            "f1,how does CITY 0 join",
            "faq_questions.en.csv:7: “how does city 0 join” stands more than once, for f1: once is enough",
        ),
    ],
)
def test_a_defect_of_a_table_is_named_where_it_stands(tmp_path: Path, table: str, row: str, said: str) -> None:
    assert defects(seed(tmp_path, **{table: row})) == [said]


def test_an_entry_with_too_few_wordings_is_named(tmp_path: Path) -> None:
    path = seed(tmp_path) / "faq_questions.en.csv"
    path.write_text("\n".join(GOOD[path.name][:-1]) + "\n", encoding="utf-8")

    assert defects(tmp_path) == ["faq_questions.en.csv:1: f1 has 4 wordings; it needs 5"]


def test_the_tables_that_ship_have_no_defect(catalogue: Catalogue) -> None:
    assert list(check_questions(SEED, [entry.id for entry in catalogue.faq])) == []


def test_whatever_a_row_of_the_table_does_is_known() -> None:
    assert {frame.does for frame in Frames.read(SEED).rows} <= {*DOES, NOTHING}


def test_what_was_read_of_the_faq_is_up_to_date() -> None:
    assert questions.main(["--check"]) == 0


def test_what_was_read_of_the_faq_is_found_out_of_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(SEED / "faq_features.tsv", tmp_path)
    path = tmp_path / "faq_features.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("join", "leave", 1), encoding="utf-8")
    monkeypatch.setattr(questions, "SEED", tmp_path)

    assert questions.main(["--check"]) == 1


def test_the_question_that_the_readme_follows_goes_that_way(catalogue: Catalogue, en: Reader) -> None:
    found = answer("Hi! which towns in ukraine joined after 2021?", catalogue, en)

    assert found.reading
    assert [piece.words for piece in found.reading.content] == [("ukraine",), ("joined",), ("2021",)]
    assert found.reading.span == Span(since=2022)
    assert found.frame == "members by country and year"
    assert plain(found.screen.blocks).startswith("🇺🇦 Ukraine · Joined in 2022 or later\n\n8 cities in my list.")
