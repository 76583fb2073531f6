"""Case forms of Ukrainian words and phrases in small letters: adjectives of countries and regions, themes."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pymorphy3
from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CASES: Final = ("nomn", "gent", "datv", "accs", "ablt", "loct")
FEMININE: Final = ("а", "ої", "ій", "у", "ою")
ADJECTIVE: Final = ("ий", "ого", "ому", "им", "ім", "е", "их", "ими", *FEMININE)
"""Endings that take the place of the -і of a plural adjective with a hard stem."""
COUNTRY_LIKE: Final = re.compile("[сцз]ькі$")
_JOINED: Final = re.compile("[,;]| (?:та|і|й) ")
_NAMES: Final = frozenset({"Geox", "Name", "Surn", "Patr", "Orgn"})
_GENDERS: Final = frozenset({"masc", "femn", "neut"})


@cache
def analyzer(lang: str) -> Any:
    """The dictionary of a language: `uk` or `ru`."""
    return pymorphy3.MorphAnalyzer(lang=lang)


def inflect_words(text: str) -> Iterator[str]:
    """The case forms of a word or phrase that differ from it; none for an abbreviation.

    A plural adjective has all forms of all genders, but no feminine singular where that names a language: `українською` is no country.
    Of a phrase the first noun bends, with the adjectives before it; what follows stays: `людей похилого віку`. Words joined by `та` or a
    comma bend together, each part for itself.
    """
    if text.isupper():
        return
    lower = text.lower()
    forms = _adjective(lower) if _is_adjective(lower) else _phrases(lower)
    yield from (form for form in dict.fromkeys(forms) if form != lower)


def language_forms(text: str) -> list[str]:
    """The feminine singular of an adjective in the plural if it names a language: `українською` for `українські`; else nothing."""
    stem = text.removesuffix("і")
    return [stem + ending for ending in FEMININE] if COUNTRY_LIKE.search(text) and f"{stem}а" in _languages() else []


def _is_adjective(text: str) -> bool:
    if " " in text:
        return False
    readings = _readings(text)
    return bool(COUNTRY_LIKE.search(text)) or (
        text.endswith("і") and any({"ADJF", "plur"} <= reading.tag.grammemes for reading in readings) and not any(map(_is_noun, readings))
    )


def _adjective(text: str) -> Iterator[str]:
    stem = text.removesuffix("і")
    of_language = set(language_forms(text))
    yield from (stem + ending for ending in ADJECTIVE if stem + ending not in of_language)


@cache
def _languages() -> frozenset[str]:
    return frozenset(Locale("uk").languages.values())


def _phrases(text: str) -> Iterator[str]:
    """All parts of the text in the same case."""
    seams = _JOINED.findall(text)
    parts = [_phrase(part.split()) for part in _JOINED.split(text)]
    for case in CASES:
        for choice in itertools.product(*(part[case] for part in parts)):
            yield "".join(form + seam for form, seam in itertools.zip_longest(choice, seams, fillvalue="")).replace(",", ", ")


def _phrase(words: Sequence[str]) -> dict[str, list[str]]:
    """The phrase in each case; unchanged if it has no noun in the nominative."""
    head = next((place for place, word in enumerate(words) if any(map(_is_noun, _readings(word)))), None)
    if head is None:
        return {case: [" ".join(words)] for case in CASES}
    found: dict[str, dict[str, None]] = {case: {} for case in CASES}
    for noun in filter(_is_noun, _readings(words[head])):
        number = "plur" if "plur" in noun.tag else "sing"
        before = [_agreeing(word, number, noun.tag.grammemes & _GENDERS) for word in words[:head]]
        for case in CASES:
            every = [*(forms[case] for forms in before), _cased(noun, case, number, frozenset())]
            for choice in itertools.product(*every):
                found[case][" ".join([*choice, *words[head + 1 :]])] = None
    return {case: list(forms) for case, forms in found.items()}


def _agreeing(word: str, number: str, gender: frozenset[str]) -> dict[str, list[str]]:
    """An adjective before its noun, in each case; a word that is none stays as it is."""
    adjectives = [reading for reading in _readings(word) if "ADJF" in reading.tag and (number != "plur" or "plur" in reading.tag)]
    within = gender if number == "sing" else frozenset[str]()
    forms = {case: [form for reading in adjectives for form in _cased(reading, case, number, within)] for case in CASES}
    return {case: list(dict.fromkeys(held)) or [word] for case, held in forms.items()}


def _cased(reading: Any, case: str, number: str, gender: frozenset[str]) -> list[str]:
    """The forms of a reading in a case: a locative often has two. The word itself if it has none."""
    wanted = gender | {case}
    return [
        form.word.replace("'", "ʼ")
        for form in reading.lexeme
        if wanted <= form.tag.grammemes and ("plur" in form.tag) == (number == "plur") and "comp" not in form.tag.grammemes
    ] or [reading.word.replace("'", "ʼ")]


def _is_noun(reading: Any) -> bool:
    return "NOUN" in reading.tag


def _readings(word: str) -> list[Any]:
    """What a word may be in the nominative; as the dictionary knows it, else as it guesses."""
    readings = [parse for parse in analyzer("uk").parse(word.replace("ʼ", "'")) if "nomn" in parse.tag]
    known = [parse for parse in readings if parse.is_known]
    common = [parse for parse in known if not parse.tag.grammemes & _NAMES]
    return common or known or readings[:1]
