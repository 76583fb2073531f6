"""Speaking the reader's language: catalogues of sentences, names, dates, numbers and lists.

A folder under `locales/` makes a language. Its compiled catalogue is used where there is one as new as its source; otherwise it
is compiled in memory, so that a checkout speaks all its languages without a build step.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, get_day_names, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal

from data.types import SOURCE_LANG, City, Country, FuzzyDate, Lang, Naming, Place, Precision, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from data.follows import Target

LOCALES: Final = Path(__file__).resolve().parent.parent / "locales"
DOMAIN: Final = "messages"
DEFAULT: Final = SOURCE_LANG

ALIASES: Final[Mapping[str, str]] = {"ua": "uk", "no": "nb", "iw": "he", "in": "id"}
"""Tags that clients send for a language that has another one."""

FORMATS: Final[Mapping[str, str]] = {"en": "en_GB"}
"""Languages whose dates and lists are written as in one country: 4 Dec 2025, as most readers of English outside America expect."""

ALPHABET: Final = str.maketrans({"ґ": "г\uffff", "є": "е\uffff", "і": "и\uffff", "ї": "и\uffff\uffff", "й": "и\uffff\uffff\uffff", "ʼ": ""})
"""Cyrillic letters that Unicode puts outside the order of the Ukrainian alphabet."""
ACCENTS: Final = dict.fromkeys(range(0x300, 0x370))

ENDONYMS: Final[Mapping[str, str]] = {"en": "English", "uk": "Українська"}
"""Languages by their own name. Babel would write the Ukrainian one in lower case."""


def match_language(tag: str | None, held: Iterable[Lang]) -> Lang | None:
    """The held language that a BCP 47 tag asks for: `pt-br` and `pt_BR` find `pt_BR`, else `pt`; `uk-UA` finds `uk`. None if there is none.

    Babel's `negotiate_locale` fails for `pt-br`, `zh-cn` and `no`, all of which Telegram sends.
    """
    if not tag:
        return None
    parts = re.split(r"[-_]", tag.strip().lower())
    parts[0] = ALIASES.get(parts[0], parts[0])
    by_tag = {lang.lower().replace("_", "-"): lang for lang in held}
    for length in range(len(parts), 0, -1):
        if found := by_tag.get("-".join(parts[:length])):
            return found
    return None


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that depends on who reads. Every number, date, name and sentence on a screen passes through here."""

    lang: Lang
    locale: Locale
    catalogue: gettext.NullTranslations
    chosen: bool = True
    """False while the language is only our best guess."""
    bot: str = ""
    """The bot's username, for links that open it; empty where there is no Telegram."""
    follows: frozenset[Target] = frozenset()
    """What the chat or topic follows, for the buttons of cards."""
    today: dt.date | None = None
    """The date in UTC; None where nobody knows the time, and nothing can be said to lie ahead."""

    def translate(self, message: str) -> str:
        """A sentence in the reader's language."""
        return self.catalogue.gettext(message)

    def plural(self, singular: str, plural: str, n: int) -> str:
        """A sentence in the form that fits `n`; `{n}` in it is written as a number."""
        return self.catalogue.ngettext(singular, plural, n).replace("{n}", self.number(n))

    def number(self, value: float) -> str:
        """A number with the language's separators."""
        return _number(self.locale, value)

    def date(self, value: FuzzyDate | dt.date) -> str:
        """A date as exact as it is known: 4 груд. 2025 р., лютий 2024 р., 2017."""
        return _date(self.locale, value)

    def days(self, start: FuzzyDate, end: FuzzyDate | None) -> str:
        """The days of an event, written out: 18–20 September 2017; a single date where they are not known to the day."""
        if end is None or end == start or Precision.DAY not in {start.precision} & {end.precision}:
            return self.date(start)
        return _spaced(format_interval(start.first_day, end.first_day, "yMMMMd", locale=self.locale))

    def full_day(self, value: dt.date) -> str:
        """A date with its weekday, written out: Tuesday, 15 December 2026."""
        return _spaced(format_date(value, "full", locale=self.locale))

    def lies_ahead(self, value: dt.date) -> bool:
        """Whether a date is today or to come."""
        return self.today is not None and value >= self.today

    def day(self, date: dt.date) -> str:
        """A day of this time of the year, written out: 23 листопада."""
        return _spaced(format_skeleton("MMMMd", date, locale=self.locale))

    def week(self, first: dt.date, last: dt.date) -> str:
        """From one day to another: 17–24 лист. 2026 р."""
        return _spaced(format_interval(first, last, "yMMMMd", locale=self.locale))

    def clock(self, minutes: int) -> str:
        """A time of day, in minutes after midnight: 07:30."""
        return format_skeleton("Hm", dt.datetime.combine(dt.date.min, dt.time(*divmod(minutes, 60))), locale=self.locale)

    def weekday(self, number: int) -> str:
        """The name of a day of the week as it stands alone; 0 is Monday."""
        return str(get_day_names("wide", "stand-alone", locale=self.locale)[number])

    def zone(self, name: str) -> str:
        """The town of a time zone, as far as the language has a name for it."""
        return get_timezone_location(name, locale=self.locale, return_city=True).rpartition("/")[2]

    def order(self, name: str) -> str:
        """The key by which names are sorted as a reader expects: accents aside, and ґ, є, і, ї in their places of the alphabet."""
        return _sorting_key(name)

    def listing(self, items: Iterable[str]) -> str:
        """Items joined as the language joins them: a, b and c."""
        return format_list(list(items), locale=self.locale)

    def either(self, items: Iterable[str]) -> str:
        """Items of which one is enough, joined as the language joins them: a, b or c."""
        return format_list(list(items), style="or", locale=self.locale)

    def text(self, texts: Mapping[Lang, str]) -> str:
        """A text of the data set in the reader's language, else in English; empty if there is none."""
        return texts.get(self.lang) or texts.get(DEFAULT) or next(iter(texts.values()), "")

    def has(self, texts: Mapping[Lang, str]) -> bool:
        """Whether a text exists in the reader's own language."""
        return self.lang in texts

    def other_language(self, texts: Mapping[Lang, str]) -> tuple[str, ...]:
        """The name of the language in which a text is shown, if it is not the reader's own."""
        if not texts or self.has(texts):
            return ()
        lang = DEFAULT if DEFAULT in texts else next(iter(texts))
        return (self.locale.languages.get(lang) or lang,)

    def name(self, thing: City | Country) -> str:
        """The name of a city or a country."""
        return thing.naming.in_lang(self.lang)

    def name_of(self, thing: City | Country) -> str | None:
        """The name as it stands in "mayors of {city_of}": the genitive; None without a checked form."""
        return self._form(thing.naming, "genitive")

    def name_in(self, thing: City | Country) -> str | None:
        """The name with its preposition, as it stands in "learning {city_in}"; None without a checked form."""
        return self._form(thing.naming, "locative")

    def place(self, place: Place) -> str:
        """The name of a place that is not a member."""
        return place.names.get(self.lang) or place.names[DEFAULT]

    def publisher(self, source: Source) -> str:
        """Who speaks in a source."""
        return self.text(source.publisher)

    def _form(self, naming: Naming, case: str) -> str | None:
        forms = naming.forms.get(self.lang)
        return getattr(forms, case) if forms else None


class Languages:
    """The languages that the bot speaks, each read when it is first needed."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self.folder = folder
        found = sorted(path.parent.parent.name for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
        self.held: tuple[Lang, ...] = tuple(map(Lang, found))
        self._readers: dict[Lang, Reader] = {}

    def reader(self, chosen: str | None, detected: str | None = None) -> Reader:
        """Who reads: by the language they chose, else by the tag that Telegram detected, else English."""
        if lang := match_language(chosen, self.held):
            return self._reader(lang)
        if lang := match_language(detected, self.held):
            return self._reader(lang)
        guess = self._reader(DEFAULT)
        return Reader(guess.lang, guess.locale, guess.catalogue, chosen=False)

    def endonym(self, lang: Lang) -> str:
        """What a language calls itself."""
        return ENDONYMS.get(lang) or Locale.parse(lang).get_display_name() or lang

    def _reader(self, lang: Lang) -> Reader:
        if lang not in self._readers:
            self._readers[lang] = Reader(lang, Locale.parse(FORMATS.get(lang, lang)), _catalogue(self.folder / lang / "LC_MESSAGES"))
        return self._readers[lang]


@functools.lru_cache(maxsize=4096)
def _sorting_key(name: str) -> str:
    """Remembered, because every page of a long list sorts the same names."""
    return unicodedata.normalize("NFD", name.casefold().translate(ALPHABET)).translate(ACCENTS)


@functools.lru_cache(maxsize=4096)
def _number(locale: Locale, value: float) -> str:
    """Remembered, because Babel takes 12 us for a number, and those on cards are few and small."""
    return format_decimal(value, locale=locale)


@functools.lru_cache(maxsize=4096)
def _date(locale: Locale, value: FuzzyDate | dt.date) -> str:
    """Remembered as numbers are: nearly all dates are those of the sources."""
    if not isinstance(value, FuzzyDate):
        return _spaced(format_date(value, "medium", locale=locale))
    match value.precision:
        case Precision.DAY:
            return _spaced(format_date(value.first_day, "medium", locale=locale))
        case Precision.MONTH:
            return _spaced(format_skeleton("yMMMM", value.first_day, locale=locale))
        case Precision.YEAR:
            return _spaced(format_skeleton("y", value.first_day, locale=locale))


def _catalogue(folder: Path) -> gettext.NullTranslations:
    source, compiled = folder / f"{DOMAIN}.po", folder / f"{DOMAIN}.mo"
    if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only a checkout without compiled catalogues needs it
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    buffer = io.BytesIO()
    with source.open("rb") as file:
        write_mo(buffer, read_po(file))
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)


def _spaced(date: str) -> str:
    """A date that does not break across lines."""
    return date.replace(" ", "\N{NO-BREAK SPACE}")
