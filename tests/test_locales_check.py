"""A translation with a lost field, a wrong plural or a foreign quotation mark does not ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.locales_check import catalogue_faults, template_faults

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
TEMPLATE = HEAD + 'msgid "Member since {year}"\nmsgstr ""\n\nmsgid "{n} city"\nmsgid_plural "{n} cities"\nmsgstr[0] ""\nmsgstr[1] ""\n'


def faults(tmp_path: Path, language: str, since: str, *forms: str) -> list[str]:
    (tmp_path / "messages.pot").write_text(TEMPLATE)
    catalogue = tmp_path / language / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    plurals = "".join(f'msgstr[{number}] "{form}"\n' for number, form in enumerate(forms))
    text = f'msgid "Member since {{year}}"\nmsgstr "{since}"\n\nmsgid "{{n}} city"\nmsgid_plural "{{n}} cities"\n{plurals}'
    catalogue.write_text(HEAD + text, encoding="utf-8")
    return list(catalogue_faults(tmp_path / "messages.pot", tmp_path))


def test_a_whole_translation_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, "uk", "Учасник з {year} року", "{n} місто", "{n} міста", "{n} міст") == []


def test_the_source_language_needs_no_translation(tmp_path: Path) -> None:
    assert faults(tmp_path, "en", "", "", "") == []


def test_a_form_for_one_number_may_say_it_in_words(tmp_path: Path) -> None:
    assert faults(tmp_path, "de", "Mitglied seit {year}", "eine Stadt", "{n} Städte") == []


@pytest.mark.parametrize(
    ("since", "forms", "fault"),
    [
        ("", ("{n} місто", "{n} міста", "{n} міст"), "not translated"),
        ("Учасник з року {рік}", ("{n} місто", "{n} міста", "{n} міст"), "its fields must be year"),
        ("Учасник з {year", ("{n} місто", "{n} міста", "{n} міст"), "its fields must be year"),
        ("Учасник з {year} ", ("{n} місто", "{n} міста", "{n} міст"), "white space"),
        ('Імʼя\\" з {year}', ("{n} місто", "{n} міста", "{n} міст"), "«»"),
        ("Ім'я з {year}", ("{n} місто", "{n} міста", "{n} міст"), "U+02BC"),
        ("Учасник - {year}", ("{n} місто", "{n} міста", "{n} міст"), "U+2013"),
        ("Учасник з {year} року", ("одне місто", "{n} міста", "{n} міст"), "its fields must be n"),  # 21 would be called one.
        ("Учасник з {year} року", ("{n} місто", "{n} міста", "{n} міст", "{n} міста"), "more translations than num_plurals"),
        ("Учасник з {year} року", ("{n} місто", "{n} міст"), "not translated"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, since: str, forms: tuple[str, ...], fault: str) -> None:
    found = faults(tmp_path, "uk", since, *forms)

    assert len(found) == 1
    assert found[0].startswith("messages.po:")
    assert fault in found[0]


def test_a_sentence_that_no_catalogue_holds_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path, "uk", "Учасник з {year} року", "{n} місто", "{n} міста", "{n} міст") == []
    (tmp_path / "messages.pot").write_text(TEMPLATE + '\nmsgid "New"\nmsgstr ""\n')

    assert [fault for fault in catalogue_faults(tmp_path / "messages.pot", tmp_path) if "New" in fault]


def test_a_template_behind_the_code_is_named(tmp_path: Path) -> None:
    (tmp_path / "now.pot").write_text(TEMPLATE + '\nmsgid "New"\nmsgstr ""\n')
    (tmp_path / "kept.pot").write_text(TEMPLATE + '\nmsgid "Gone"\nmsgstr ""\n')

    missing, needless = template_faults(tmp_path / "now.pot", tmp_path / "kept.pot")

    assert "not in it yet" in missing
    assert "New" in missing
    assert "no longer in the code" in needless
    assert "Gone" in needless
