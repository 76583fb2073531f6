"""Text is safe, whole, and within what Telegram takes."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.emulator.formatting import parse_html, trimmed, utf16
from bot.markup import (
    CAPTION_UNITS,
    ENTITIES,
    TEXT_UNITS,
    Block,
    Bullets,
    Button,
    Html,
    Paragraph,
    Text,
    Title,
    bold,
    code,
    entities,
    escape,
    fill,
    italic,
    joined,
    line,
    link,
    pack,
    rows,
    shorten,
    units,
    visible,
)
from bot.markup import plain as as_plain

plain = st.text(max_size=40) | st.text(alphabet="<>&;\"'/ab{} \n", max_size=40)
long = st.builds(lambda text, times: text * times, st.text(alphabet="aё🦊 <&", min_size=1, max_size=30), st.integers(1, 400))
words = plain | long


def formatted(label: st.SearchStrategy[Html]) -> st.SearchStrategy[Html]:
    return st.builds(bold, label) | st.builds(italic, label) | st.builds(joined, st.lists(label, min_size=2, max_size=4), plain)


safe = st.recursive(
    st.builds(escape, plain) | st.builds(code, plain) | st.builds(link, plain, st.just("https://example.org/?a=1&b='2'")),
    formatted,
    max_leaves=6,
)
many_links = st.builds(lambda count: joined(link(str(n), "https://example.org") for n in range(count)), st.integers(90, 250))
texts = words | safe | many_links
blocks = (
    st.builds(Paragraph, st.lists(texts, max_size=4).map(tuple))
    | st.builds(Bullets, st.lists(texts, max_size=130).map(tuple))
    | st.builds(Title, plain, plain, st.lists(plain, max_size=2).map(tuple))
)


def read(text: str) -> str:
    """What is left for the eye: spaces and breaks may move when a message is divided."""
    return "".join(text.split())


@given(st.lists(blocks, max_size=6), st.sampled_from([TEXT_UNITS, CAPTION_UNITS]))
@example([Paragraph((" ",)), Paragraph((bold(""),))], TEXT_UNITS)
@example([Paragraph(("a" + " " * 5000 + "b",))], TEXT_UNITS)
@example([Paragraph(("🦊" * 5000,))], CAPTION_UNITS)
@example([Bullets(tuple(link("x", "https://example.org") for _ in range(101)))], TEXT_UNITS)
def test_packed_messages_are_whole_balanced_and_within_the_limits(made: list[Block], most: int) -> None:
    messages = pack(made, most)

    for message in messages:
        seen = trimmed(parse_html(message))  # refuses whatever is not balanced
        assert 1 <= utf16(seen.plain) <= most
        assert len(seen.entities) <= ENTITIES
    expected = "".join(read(visible(row)) for block in made for row in block.rendered())
    assert read("".join(visible(message) for message in messages)) == expected


@given(st.lists(blocks, max_size=3))
def test_what_fits_stays_in_one_message(made: list[Block]) -> None:
    rendered = [row for block in made for row in block.rendered()]
    if units("\n\n".join(map(visible, rendered))) <= TEXT_UNITS and sum(map(entities, rendered)) <= ENTITIES:
        assert len(pack(made)) <= 1


def test_blocks_are_set_apart_by_an_empty_line_and_lines_are_not() -> None:
    assert pack((line("a", "", "b"), line(), Bullets(("c", "d")))) == ("a\nb\n\n• c\n• d",)


def test_a_long_list_breaks_between_its_items() -> None:
    first, *others = pack((line("Heading"), Bullets(tuple(f"item {n} " + "x" * 90 for n in range(100)))))

    assert first.startswith("Heading\n\n• item 0 ")
    assert all(message.startswith("• item ") for message in others)


def test_a_title_stands_in_bold_beside_the_original_name() -> None:
    assert pack((Title("A & B", original="<Б>", under=("C", "")),)) == ("<b>A &amp; B</b> · &lt;Б&gt;\nC",)


@given(plain)
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    assert parse_html(escape(text)).plain == text
    assert parse_html(escape(text)).entities == ()
    assert visible(escape(text)) == text


@given(safe)
def test_the_packer_and_telegram_read_the_same(text: Html) -> None:
    assert visible(text) == parse_html(text).plain
    assert units(visible(text)) == utf16(parse_html(text).plain)
    assert entities(text) >= len(parse_html(text).entities)


@given(plain, plain)
def test_what_fills_a_sentence_is_never_markup(name: str, other: str) -> None:
    filled = fill("<i>{name}</i> & {other}", name=name, other=bold(other))

    assert parse_html(filled).plain == f"<i>{name}</i> & {other}"


def test_safe_text_is_not_escaped_twice() -> None:
    assert escape(bold("a<b")) == "<b>a&lt;b</b>"
    assert fill("{city}: {n}", city=bold("Ö"), n="1<2") == "<b>Ö</b>: 1&lt;2"


@given(st.text(max_size=200), st.integers(1, 80))
def test_shortened_text_is_short_and_the_beginning_of_the_whole(text: str, most: int) -> None:
    short = shorten(text, most)
    whole = " ".join(text.split())

    assert len(short) <= most
    assert short == whole or (short.endswith("…") and whole.startswith(short[:-1]))


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Learning festival", 17, "Learning festival"),
        ("Learning festival", 15, "Learning…"),
        ("Learning, festival", 16, "Learning…"),
        ("A festivalwithoutspaces", 10, "A festiva…"),
        ("  a \n b ", 10, "a b"),
        ("", 5, ""),
    ],
)
def test_text_is_cut_at_a_word_where_there_is_one(text: str, most: int, short: str) -> None:
    assert shorten(text, most) == short


def test_buttons_stand_in_rows_and_absent_ones_leave_no_hole() -> None:
    a, b, c = Button("a"), Button("b"), Button("c")

    assert rows(a, None, b, c) == ((a, b), (c,))
    assert rows(a, b, Button("a")) == ((a, b),)
    assert rows(None) == ()
    assert rows(a, b, c, width=3) == ((a, b, c),)


@given(st.lists(st.text() | st.builds(bold, plain), max_size=5).map(tuple))
def test_empty_lines_fall_out(lines: tuple[Text, ...]) -> None:
    assert all(line(*lines).lines)


def test_no_one_else_makes_safe_text_out_of_what_was_typed() -> None:
    """`Html(...)` around a bare variable would let markup through; only the helpers may do that."""
    screens = Path(__file__).parent.parent / "bot" / "screens"
    for module in screens.glob("*.py"):
        for made in re.findall(r"\bHtml\((?!f\")[^)]*", module.read_text(encoding="utf-8")):
            raise AssertionError(f"{module.name}: {made}")


def test_in_a_terminal_links_stand_behind_their_words_and_nothing_is_escaped() -> None:
    blocks = (Title("A & B"), line(link("the <page>", "https://example.org/?a=1&b=2"), ""), Bullets((bold("c"),)))

    assert as_plain(blocks) == "A & B\n\nthe <page> (https://example.org/?a=1&b=2)\n\n• c"
