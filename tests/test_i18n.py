"""Who reads what: languages by Telegram's tags, dates, numbers, plurals and lists."""

import datetime as dt
import os
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Languages, Reader, match_language
from data.catalogue import Catalogue
from data.types import City, Country, FuzzyDate, Lang
from tests.fakes.house import unbroken

SHIPPED = (Lang("en"), Lang("uk"))
NARROW, WIDE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
MANY = tuple(map(Lang, ("en", "uk", "pt", "pt_BR", "nb", "he", "id", "zh_Hans", "zh_Hant", "sr_Latn", "ru")))


@pytest.mark.parametrize(
    ("tag", "held", "found"),
    [
        ("uk", SHIPPED, "uk"),
        ("uk-UA", SHIPPED, "uk"),
        ("uk_UA", SHIPPED, "uk"),
        ("UK", SHIPPED, "uk"),
        ("ua", SHIPPED, "uk"),
        (" en ", SHIPPED, "en"),
        ("en-US", SHIPPED, "en"),
        ("en-gb-oed", SHIPPED, "en"),
        ("ru", SHIPPED, None),
        ("ru", MANY, "ru"),
        ("ru-RU", MANY, "ru"),
        ("pt-br", MANY, "pt_BR"),
        ("pt-BR", MANY, "pt_BR"),
        ("pt-PT", MANY, "pt"),
        ("pt-br", SHIPPED, None),
        ("zh-hans", MANY, "zh_Hans"),
        ("zh-hant", MANY, "zh_Hant"),
        ("zh-Hans-CN", MANY, "zh_Hans"),
        ("no", MANY, "nb"),
        ("nb", MANY, "nb"),
        ("no", SHIPPED, None),
        ("iw", MANY, "he"),
        ("in", MANY, "id"),
        ("sr-latn-rs", MANY, "sr_Latn"),
        ("fa", MANY, None),
        ("", MANY, None),
        (None, MANY, None),
        ("x", MANY, None),
        ("-", MANY, None),
        ("u", SHIPPED, None),
        ("ukr", SHIPPED, None),
    ],
)
def test_telegrams_tag_finds_the_language_that_is_held(tag: str | None, held: tuple[Lang, ...], found: str | None) -> None:
    assert match_language(tag, held) == found


@given(st.text(max_size=40))
def test_no_tag_makes_the_matcher_stumble(tag: str) -> None:
    assert match_language(tag, MANY) in {*MANY, None}


@pytest.mark.parametrize(
    ("chosen", "detected", "lang", "sure"),
    [
        ("en", "uk", "en", True),
        (None, "uk", "uk", True),
        (None, "uk-UA", "uk", True),
        (None, "ar", "en", False),
        (None, None, "en", False),
        ("xx", "uk", "uk", True),
        ("", "", "en", False),
    ],
)
def test_a_choice_comes_before_what_telegram_reports_and_that_before_english(
    languages: Languages, chosen: str | None, detected: str | None, lang: str, sure: bool
) -> None:
    reader = languages.reader(chosen, detected)

    assert (reader.lang, reader.chosen) == (lang, sure)


def test_ukrainian_and_english_are_held_and_called_by_their_own_names(languages: Languages) -> None:
    assert {"en", "uk"} <= set(languages.held)
    assert [languages.endonym(lang) for lang in SHIPPED] == ["English", "Українська"]
    assert languages.endonym(Lang("fr")) == "français"


@pytest.mark.parametrize(
    ("date", "english", "ukrainian"),
    [
        ("2025-12-04", "4 Dec 2025", "4 груд. 2025 р."),
        ("2024-02", "February 2024", "лютий 2024 р."),
        ("2017", "2017", "2017"),
    ],
)
def test_a_date_is_as_exact_as_it_is_known_and_does_not_break(en: Reader, uk: Reader, date: str, english: str, ukrainian: str) -> None:
    assert en.date(FuzzyDate.parse(date)) == unbroken(english)
    assert uk.date(FuzzyDate.parse(date)).replace(NARROW, WIDE) == unbroken(ukrainian)


def test_a_plain_day_is_written_like_a_known_one(uk: Reader) -> None:
    assert uk.date(dt.date(2026, 3, 2)) == uk.date(FuzzyDate.parse("2026-03-02"))


@pytest.mark.parametrize(
    ("n", "english", "ukrainian"),
    [
        (0, "0 cities", "0 міст"),
        (1, "1 city", "1 місто"),
        (2, "2 cities", "2 міста"),
        (5, "5 cities", "5 міст"),
        (11, "11 cities", "11 міст"),
        (21, "21 cities", "21 місто"),
        (91, "91 cities", "91 місто"),
        (112, "112 cities", "112 міст"),
        (425, "425 cities", "425 міст"),
        (1002, "1,002 cities", "1 002 міста"),
    ],
)
def test_numbers_take_the_form_that_the_language_asks_for(en: Reader, uk: Reader, n: int, english: str, ukrainian: str) -> None:
    assert en.plural("{n} city", "{n} cities", n) == english
    assert uk.plural("{n} city", "{n} cities", n) == unbroken(ukrainian)


def test_names_are_sorted_by_the_alphabet_of_the_reader(uk: Reader, en: Reader) -> None:
    alphabet = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
    assert "".join(sorted(alphabet, key=uk.order)) == alphabet
    assert sorted(["Єреван", "Еспоо", "Івано-Франківськ", "Жешув", "Йокогама", "Київ"], key=uk.order) == [
        "Еспоо",
        "Єреван",
        "Жешув",
        "Івано-Франківськ",
        "Йокогама",
        "Київ",
    ]
    assert sorted(["Zürich", "Évry", "espoo", "Łódź", "Fermo"], key=en.order)[:3] == ["espoo", "Évry", "Fermo"]


def test_lists_are_joined_as_the_language_joins_them(en: Reader, uk: Reader) -> None:
    assert en.listing(["a", "b", "c"]) == "a, b and c"
    assert uk.listing(["а", "б", "в"]) == "а, б і в"
    assert uk.listing(["а"]) == "а"
    assert uk.listing([]) == ""


def test_a_text_without_a_translation_is_shown_in_english_and_admitted(en: Reader, uk: Reader) -> None:
    only_english = {Lang("en"): "text"}

    assert uk.text(only_english) == "text"
    assert not uk.has(only_english)
    assert uk.text({Lang("en"): "text", Lang("uk"): "текст"}) == "текст"
    assert en.text({Lang("uk"): "текст"}) == "текст"
    assert en.text({}) == ""


def test_case_forms_are_given_only_where_they_are_held(en: Reader, uk: Reader, catalogue: Catalogue) -> None:
    nikopol = catalogue.cities["nikopol"]  # type: ignore[index]

    assert (uk.name_of(nikopol), uk.name_in(nikopol)) == ("Нікополя", "у Нікополі")
    assert (en.name_of(nikopol), en.name_in(nikopol)) == (None, None)


def test_every_city_and_country_has_a_name_in_both_languages(en: Reader, uk: Reader, catalogue: Catalogue) -> None:
    things: list[City | Country] = [*catalogue.cities.values(), *catalogue.member_countries]

    assert all(en.name(thing) for thing in things)
    assert [thing for thing in things if not any("а" <= letter <= "ї" for letter in uk.name(thing).lower())] == []


PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Help"
msgstr "{}"
"""


def test_a_compiled_catalogue_older_than_its_source_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "messages.po", folder / "messages.mo"
    source.write_text(PO.format("Aide ancienne"), encoding="utf-8")
    with source.open("rb") as read, compiled.open("wb") as written:
        write_mo(written, read_po(read))
    assert Languages(tmp_path).reader("fr").translate("Help") == "Aide ancienne"

    source.write_text(PO.format("Aide"), encoding="utf-8")
    os.utime(source, (compiled.stat().st_mtime + 10,) * 2)
    assert Languages(tmp_path).reader("fr").translate("Help") == "Aide"


def test_a_new_folder_is_a_new_language(tmp_path: Path) -> None:
    for tag in ("en", "pt_BR"):
        (tmp_path / tag / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / tag / "LC_MESSAGES" / "messages.po").write_text(PO.format("Ajuda"), encoding="utf-8")

    languages = Languages(tmp_path)
    assert languages.held == ("en", "pt_BR")
    assert languages.reader(None, "pt-br").translate("Help") == "Ajuda"
    assert languages.endonym(Lang("pt_BR")) == "português (Brasil)"
