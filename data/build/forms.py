"""Build `data/seed/name_forms.uk.tsv` and `data/seed/name_words.csv`: Ukrainian case forms of names, and names that are also words.

    python -m data.build.forms [--check]

Names with a capital letter are proper names; the others are words: themes, and adjectives of countries and regions, held in the plural.

Forms are the union of three: the paradigms of the pymorphy3 dictionary (which knows words, not most foreign names), rules by ending
(`endings.uk.csv`: the reverse), and the forms checked by hand in `city_forms.uk.csv` and `country_forms.uk.csv`. They are for finding
only, so a form too many does no harm and a form too few does. Words are stricter, for they stand in every sentence: `data.build.words`.

A name or form of a place that is also an ordinary word of Ukrainian or Russian, or a theme or an adjective, goes into `name_words.csv`,
with the role that says when it is read as a name, and so does the name of a language. To be run again whenever names or places change.
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from data.build.tables import BUILD, SEED, progress, rows, settle
from data.build.words import analyzer, inflect_words, language_forms
from data.names import Kind, Ref, Role, normalise

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

CASES: Final = ("gent", "datv", "accs", "ablt", "loct")
COLUMNS: Final = ("genitive", "dative", "accusative", "instrumental", "locative")
UKRAINE: Final = "UA"
FOREIGN_POPULATION: Final = 400_000
"""Foreign places that are not members have forms from this size on: smaller ones are asked about in the nominative, if ever."""
SHORTEST: Final = 3
NAMED: Final = (
    ("city_names", "city", Kind.CITY),
    ("country_names", "country", Kind.COUNTRY),
    ("region_names", "region", Kind.REGION),
    ("theme_names", "theme", Kind.THEME),
)

_PARTS: Final = re.compile("([- ])")
_NUMBER_AND_GENDER: Final = frozenset({"plur", "masc", "femn", "neut"})
_CYRILLIC: Final = re.compile("[А-ЯЄІЇҐа-яєіїґёʼ']+")
_PROPER: Final = frozenset({"Geox", "Name", "Surn", "Patr", "Infr", "Orgn"})
Cased = tuple[frozenset[str], ...]
"""Forms of a word, case by case in the order of `CASES`."""


class Name(NamedTuple):
    """A Ukrainian name to be inflected."""

    ref: Ref
    text: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or check both tables; the exit code."""
    parser = argparse.ArgumentParser(description="Build data/seed/name_forms.uk.tsv and data/seed/name_words.csv.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a table is out of date")
    check = parser.parse_args(arguments).check
    progress("inflecting")
    names = list(ukrainian_names())
    forms: dict[Ref, dict[str, None]] = {}
    for name in names:
        forms.setdefault(name.ref, {}).update(dict.fromkeys(inflect(name.text)))
    for ref, form in by_hand():
        forms.setdefault(ref, {})[form] = None
    plain = {normalise(form) for word in ukrainian_words() for form in (word.text, *inflect_words(word.text))}
    known = dict(forms)
    for word in ukrainian_words():
        forms[word.ref] = {**forms.get(word.ref, {}), **dict.fromkeys(inflect_words(word.text))}
    lines = [f"{ref.kind}\t{ref.id}\t{'|'.join(sorted(held))}\n" for ref, held in sorted(forms.items()) if held]
    progress("looking for ordinary words")
    words = sorted(set(wordlike([*names, *place_names()], known, plain)) | set(languages()))
    return settle(SEED / "name_forms.uk.tsv", "kind\tid\tforms\n" + "".join(lines), check=check) | settle(
        SEED / "name_words.csv", "lang,word,role\n" + "".join(f"uk,{word},{role}\n" for word, role in words), check=check
    )


def ukrainian_names() -> Iterator[Name]:
    """Ukrainian names of cities, countries and regions, and of the places whose forms are worth their room."""
    for table, owner, kind in NAMED:
        for row in rows(SEED / f"{table}.csv"):
            if row["lang"] == "uk" and row["name"][:1].isupper():
                yield Name(Ref(kind, row[owner]), row["name"])
    for row in rows(SEED / "places.tsv"):
        if row["uk"] and (row["country"] == UKRAINE or int(row["population"]) >= FOREIGN_POPULATION):
            for text in filter(None, (row["uk"], *row["former"].split("|"))):
                yield Name(Ref(Kind.PLACE, row["id"]), text)


def ukrainian_words() -> Iterator[Name]:
    """Ukrainian names that are words: adjectives of countries and regions, themes and their labels."""
    for table, owner, kind in NAMED:
        for row in rows(SEED / f"{table}.csv"):
            if row["lang"] == "uk" and not row["name"][:1].isupper():
                yield Name(Ref(kind, row[owner]), row["name"])
    for row in rows(SEED / "themes.uk.csv"):
        yield Name(Ref(Kind.THEME, row["id"]), row["label"])


def place_names() -> Iterator[Name]:
    """All names of places in Ukrainian or Russian letters, whether or not they have forms here."""
    for row in rows(SEED / "places.tsv"):
        for text in (row["uk"], *row["former"].split("|"), *row["aliases"].split("|")):
            if _CYRILLIC.fullmatch(text):
                yield Name(Ref(Kind.PLACE, row["id"]), text)


def by_hand() -> Iterator[tuple[Ref, str]]:
    """The forms that sentences use; the preposition of the locative is left out."""
    for table, owner, kind in (("city_forms.uk", "city", Kind.CITY), ("country_forms.uk", "country", Kind.COUNTRY)):
        for row in rows(SEED / f"{table}.csv"):
            yield Ref(kind, row[owner]), row["genitive"]
            yield Ref(kind, row[owner]), row["locative"].partition(" ")[2]


def inflect(name: str) -> Iterator[str]:
    """The case forms of a name that differ from it: all its words in the same case, or the last word of a hyphenated one."""
    parts = _PARTS.split(name.partition("(")[0].strip())
    cased = [_cases(part) if place % 2 == 0 else None for place, part in enumerate(parts)]
    base = normalise(name)
    for case in range(len(CASES)):
        every = [sorted(forms[case]) if forms else [part] for part, forms in zip(parts, cased, strict=True)]
        last = [*([part] for part in parts[:-1]), every[-1]]
        for choice in (every, last) if "-" in parts else (every,):
            for form in itertools.product(*choice):
                text = "".join(form)
                if normalise(text) != base and len(text) >= SHORTEST:
                    yield text


def wordlike(names: Sequence[Name], forms: dict[Ref, dict[str, None]], words: Container[str]) -> Iterator[tuple[str, Role]]:
    """Names and forms of places, of one word, that mean something else in small letters; those of members are chosen by hand.

    `words` are themes and adjectives, normalised. The very name of a place is read as a name with any capital letter; a case form, or a
    name that is an adjective (`Нове`), only where the capital does not merely begin a sentence.
    """
    members = {normalise(name.text) for name in names if name.ref.kind is not Kind.PLACE}
    members.update(normalise(form) for ref, held in forms.items() if ref.kind is not Kind.PLACE for form in held)
    plain = {normalise(name.text) for name in names} - members
    inflected = {normalise(form) for held in forms.values() for form in held} - members - plain
    for norm in plain | inflected:
        if " " not in norm and (norm in words or _is_word(norm)):
            yield norm, Role.INSIDE if norm in inflected or _is_adjective(norm) else Role.CAPITAL


def languages() -> Iterator[tuple[str, Role]]:
    """The forms of adjectives that name languages: not even misspelt countries."""
    for word in ukrainian_words():
        for form in language_forms(word.text):
            yield normalise(form), Role.COMMON


@cache
def _cases(word: str) -> Cased:
    return tuple(
        frozenset(_match_case(word, form) for form in (*known, *ruled)) for known, ruled in zip(_known(word), _ruled(word), strict=True)
    )


def _match_case(word: str, form: str) -> str:
    return form[:1].upper() + form[1:] if word[:1].isupper() else form


def _known(word: str) -> Cased:
    """From the dictionary: every reading of the word as a nominative noun or adjective that is not a person."""
    readings = [
        parse
        for parse in analyzer("uk").parse(word.replace("ʼ", "'"))
        if parse.is_known and "nomn" in parse.tag and ("inan" in parse.tag or "ADJF" in parse.tag)
    ]
    return tuple(frozenset(form for reading in readings for form in _inflected(reading, case)) for case in CASES)


def _inflected(reading: Any, case: str) -> Iterator[str]:
    """All forms of the reading in a case: a locative often has two."""
    for form in reading.lexeme:
        if case in form.tag and form.tag.grammemes & _NUMBER_AND_GENDER == reading.tag.grammemes & _NUMBER_AND_GENDER:
            yield form.word.replace("'", "ʼ")


def _ruled(word: str) -> Cased:
    rule = next((rule for rule in _endings() if word.endswith(rule[0])), None)
    if rule is None:
        return tuple(frozenset({word}) for _ in CASES)
    stem = word.removesuffix(rule[0])
    return tuple(frozenset(stem + ending for ending in endings) for endings in rule[1])


@cache
def _endings() -> list[tuple[str, list[list[str]]]]:
    """Endings, the longest first, with those that take their place in each case."""
    table = [(row["ending"], [row[column].split("|") for column in COLUMNS]) for row in rows(BUILD / "endings.uk.csv")]
    return sorted(table, key=lambda rule: -len(rule[0]))


def _is_word(norm: str) -> bool:
    """Whether a dictionary has the word as something other than a proper name.

    The Russian dictionary marks geographical names. The Ukrainian one does not: there a noun counts if it has both numbers and the
    Russian one does not know its base form as a geographical name only. Adjectives from the names of places do not count.
    """
    if _readings("ru", norm, proper=False):
        return True
    return any(_is_common(parse) for parse in _readings("uk", norm, proper=False))


def _is_common(parse: Any) -> bool:
    if "ADJF" in parse.tag:
        return not re.search("[зсц]ьк", parse.normal_form)
    if "NOUN" in parse.tag:
        base = parse.normal_form
        if _readings("ru", base, proper=True) and not _readings("ru", base, proper=False):
            return False
        numbers = ["plur" in form.tag for form in parse.lexeme]
        return any(numbers) and not all(numbers)
    return True


def _is_adjective(norm: str) -> bool:
    return any("ADJF" in parse.tag for parse in _readings("uk", norm, proper=False))


@cache
def _readings(lang: str, norm: str, *, proper: bool) -> list[Any]:
    return [parse for parse in analyzer(lang).parse(norm) if parse.is_known and proper == bool(_PROPER & parse.tag.grammemes)]


if __name__ == "__main__":
    sys.exit(main())
