"""Whatever is typed: an answer that Telegram takes, without a stumble, and in time that grows no faster than the text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.context import inline_keyboard
from bot.emulator.formatting import parse_html, trimmed, utf16
from bot.emulator.limits import check_object
from bot.markup import ENTITIES, TEXT_UNITS, pack
from bot.questions import answer
from data.names import normalise
from data.questions.lexicon import rows_of
from data.questions.reading import LONGEST
from data.sheets import SEED
from tests.fakes.heavy import HEAVY, LONGEST_MESSAGE, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.i18n import Reader
    from data.catalogue import Catalogue

BUTTONS: Final = 100
"""Under one message, at most."""
MARKS: Final = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200d\ufe0f\u00ad\u0301\u0000"
"""What turns, joins, hides or adorns letters."""
SCRIPTS: Final = [
    st.characters(min_codepoint=low, max_codepoint=high)
    for low, high in [
        (0x20, 0x7E),
        (0xC0, 0x24F),
        (0x370, 0x3FF),
        (0x400, 0x52F),
        (0x530, 0x58F),
        (0x590, 0x5FF),
        (0x600, 0x6FF),
        (0x900, 0x97F),
        (0xE00, 0xE7F),
        (0x10A0, 0x10FF),
        (0x1100, 0x11FF),
        (0x1F1E6, 0x1F1FF),
        (0x1F300, 0x1FAFF),
        (0x3040, 0x30FF),
        (0x4E00, 0x9FFF),
        (0xAC00, 0xD7A3),
    ]
]
WORDS: Final = sorted({row["words"].replace("*", "") for lang in ("en", "uk") for row in rows_of(SEED / f"lexicon.{lang}.csv")})
NAMES: Final = sorted({row["name"] for table in ("city", "country", "region", "theme") for row in rows_of(SEED / f"{table}_names.csv")})
MARKUP: Final = ["<b>", "</a>", "&amp;", "&#0;", "<script>", '"', "`", "[x](tg://user?id=1)", "/start", "@everyone", "{city}", "%s", "\\"]

scripts = st.one_of(st.text(st.one_of(*SCRIPTS, st.sampled_from(MARKS)), max_size=120), st.text(max_size=120))
numbers = st.one_of(
    st.integers(-(10**6), 10**25).map(str), st.integers(1990, 2035).map(str), st.sampled_from(["2015–2019", "²", "٣", "½", "Ⅷ"])
)
known = st.one_of(st.sampled_from(WORDS), st.sampled_from(NAMES), numbers, st.sampled_from(MARKUP))
joints = st.sampled_from([" ", " ", " ", ", ", "? ", ". ", " – ", "-", "\n", "", "/", "\u00a0"])
mixes = st.lists(st.tuples(st.one_of(known, known, st.text(max_size=12)), joints), max_size=25).map(
    lambda parts: "".join(word + joint for word, joint in parts)
)
questions = st.one_of(scripts, mixes)


def assert_shown(text: str, catalogue: Catalogue, reader: Reader, before: str | None = None) -> None:
    """The answer is one that Telegram takes."""
    talked = catalogue.read(before, 2026) if before is not None else None
    found = answer(text, catalogue, reader, talked, this_year=2026)
    messages = pack(found.screen.blocks)
    assert messages
    for message in messages:
        seen = trimmed(parse_html(message))  # refuses whatever is not balanced
        assert 1 <= utf16(seen.plain) <= TEXT_UNITS
        assert len(seen.entities) <= ENTITIES
    buttons = [button for row in inline_keyboard(found.screen.buttons).to_dict().get("inline_keyboard", ()) for button in row]
    assert len(buttons) <= BUTTONS
    for button in buttons:
        check_object("InlineKeyboardButton", button)  # refuses what is too long, empty, or no address


@settings(max_examples=200)
@given(questions, st.one_of(st.none(), mixes))
@example("\u202eСкільки міст у Польщі?\u202c", None)
@example("?", "Is Lviv a member?")
@example("а Мелітополь?", "чи є Львів у мережі")
@example("<b>Lviv", None)
def test_whatever_is_typed_is_answered_with_what_telegram_takes(
    catalogue: Catalogue, en: Reader, uk: Reader, text: str, before: str | None
) -> None:
    for reader in (en, uk):
        assert_shown(text, catalogue, reader, before)


@pytest.mark.parametrize("part", HEAVY.values(), ids=HEAVY)
def test_the_longest_message_is_answered(catalogue: Catalogue, uk: Reader, part: str) -> None:
    assert_shown(written(part), catalogue, uk)


@given(questions)
def test_a_reading_has_every_word_of_the_question_once(catalogue: Catalogue, text: str) -> None:
    reading = catalogue.read(text, 2026)
    words = [word for piece in reading.pieces for word in piece.words]

    assert sum(map(len, words)) <= 3 * len(normalise(text[:LONGEST])) + 3
    assert set(reading.leftover) <= set(words)
    assert all(piece.is_known or piece in reading.content for piece in reading.pieces)


def work(do: Callable[[], object]) -> int:
    """Calls of functions: what a computation costs, whatever the machine does besides."""
    calls = 0

    def counts(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counts)
    try:
        do()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("part", HEAVY.values(), ids=HEAVY)
def test_twice_the_text_is_no_more_than_twice_the_work(catalogue: Catalogue, en: Reader, part: str) -> None:
    def ask(length: int) -> int:
        return work(lambda: answer(written(part, length), catalogue, en))

    ask(LONGEST_MESSAGE)  # what is built once is built
    assert ask(LONGEST_MESSAGE) <= 2.2 * ask(LONGEST_MESSAGE // 2) + 1000
