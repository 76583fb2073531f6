"""Reading news that an admin types: languages, titles, texts, the page that says so, and what it is about."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.questions.days import read_day
from bot.questions.reading import FOLLOWED, read_wanted
from data.follows import Kind, Target
from data.news import LONGEST_TEXT, LONGEST_TITLE, Draft
from data.topics import MARKS, Topic
from data.types import SOURCE_LANG, CountryCode

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from data.catalogue import Catalogue

ADDRESS: Final = re.compile(r"https?://\S+")
BREAK: Final = re.compile(r"(?m)^\s*-{3,}\s*$")
SUBJECTS: Final = re.compile(r"(?im)^\s*(?:about|про)\s*:(.*)$")
DEADLINE: Final = re.compile(
    r"(?im)^\s*(?:deadline|apply by|дедлайн|(?:крайній|кінцевий) (?:строк|термін)|останній день|подати до)\s*:(.*)$"
)
LANGUAGE: Final = re.compile(r"([a-z]{2}):?")
CYRILLIC: Final = re.compile(r"[А-Яа-яЄєІіЇїҐґ]")


class Lack(enum.StrEnum):
    """Why something typed cannot be published yet."""

    TITLE = "title"
    TEXT = "text"
    ADDRESS = "address"
    LONG_TITLE = "long title"
    LONG_TEXT = "long text"
    TWICE = "twice"
    """Two texts in one language."""
    DEADLINE = "deadline"
    """A deadline that is no day."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, understood. `unknown` are subjects that nobody knows."""

    texts: tuple[tuple[str, str, str], ...]
    url: str
    subjects: tuple[Target, ...]
    unknown: tuple[str, ...]
    lacks: tuple[Lack, ...]
    deadline: dt.date | None = None

    @property
    def targets(self) -> tuple[Target, ...]:
        """What it is about, as far as that was typed, and what it is."""
        dated = (Target(Kind.TOPIC, Topic.DEADLINES),) if self.deadline else ()
        return tuple(dict.fromkeys((*self.subjects, *dated)))

    def draft(self, today: str) -> Draft:
        """As news."""
        (lang, title, text), *others = self.texts
        return Draft(
            title,
            text,
            self.url,
            lang,
            today,
            self._of(Kind.CITY),
            self._of(Kind.COUNTRY),
            (*self._of(Kind.THEME), *(MARKS[Topic(topic)] for topic in self._of(Kind.TOPIC))),
            translations=tuple(others),
            deadline=self.deadline.isoformat() if self.deadline else "",
        )

    def _of(self, kind: Kind) -> tuple[str, ...]:
        return tuple(target.key for target in self.subjects if target.kind is kind)


def read_typed(text: str, url: str, held: Sequence[str], catalogue: Catalogue) -> Typed:
    """A title line and a text in each language, set apart by `---`.

    A first line `uk` or `en` names the language, else the letters tell it. `about: Nikopol, Ukraine, health` names the subjects; without
    that line they are the names in the text. `deadline: 2026-12-15` names the last day. The first link is the source, before `url`, where a
    forwarded text was found.
    """
    named = [name.strip() for line in SUBJECTS.findall(text) for name in line.split(",") if name.strip()]
    days = [line.strip() for line in DEADLINE.findall(text)]
    deadline = read_day(days[0], held) if days else None
    found = ADDRESS.search(text)
    plain = ADDRESS.sub("", DEADLINE.sub("", SUBJECTS.sub("", text)))
    texts = tuple(_told(part, held) for part in BREAK.split(plain) if part.strip())
    subjects, unknown = _subjects(named, catalogue) if named else (_linked(texts, catalogue), ())
    address = found.group().rstrip(".,;)»”") if found else url
    lacks = [*_lacks(texts, address), *([Lack.DEADLINE] if days and deadline is None else [])]
    return Typed(texts, address, subjects, unknown, tuple(dict.fromkeys(lacks)), deadline)


def write_typed(draft: Draft, catalogue: Catalogue) -> str:
    """News as an admin would type them: `read_typed` understands it as the same, except for topics that nobody can follow."""
    themes = (topic for topic in draft.topics if topic in catalogue.themes)
    kinds = (topic for topic, mark in MARKS.items() if mark in draft.topics)
    countries = (_country(CountryCode(code), catalogue) for code in draft.countries)
    about = ", ".join((*draft.cities, *countries, *themes, *kinds)) or "network"
    deadline = f"deadline: {draft.deadline}\n" if draft.deadline else ""
    parts = "\n---\n".join("\n".join(told) for told in draft.texts)
    return f"{draft.url}\nabout: {about}\n{deadline}{parts}"


def _country(code: CountryCode, catalogue: Catalogue) -> str:
    """A country by its code, or by its name where the code means something else: AI is not only Anguilla."""
    land = catalogue.countries.get(code)
    return code if land is None or _subject(code, catalogue) == Target(Kind.COUNTRY, code) else land.naming.in_lang(SOURCE_LANG)


def _told(part: str, held: Sequence[str]) -> tuple[str, str, str]:
    lines = [" ".join(line.split()) for line in part.splitlines() if line.strip()]
    mark = LANGUAGE.fullmatch(lines[0].lower())
    if mark and mark.group(1) in held:
        lang, lines = mark.group(1), lines[1:]
    else:
        lang = "uk" if CYRILLIC.search(part) else "en"
    return lang, lines[0] if lines else "", " ".join(lines[1:])


def _subjects(names: Sequence[str], catalogue: Catalogue) -> tuple[tuple[Target, ...], tuple[str, ...]]:
    found, unknown = [], []
    for name in names:
        if target := _subject(name, catalogue):
            found.append(target)
        else:
            unknown.append(name)
    return tuple(dict.fromkeys(found)), tuple(unknown)


def _subject(name: str, catalogue: Catalogue) -> Target | None:
    """What a name or an id stands for, if news can be about it: of a region it is by its cities and countries."""
    if name in catalogue.cities:
        return Target(Kind.CITY, name)
    if name in catalogue.themes:
        return Target(Kind.THEME, name)
    if name in set(Topic):
        return Target(Kind.TOPIC, name)
    wanted = read_wanted(name, catalogue)
    (target,) = wanted.targets if len(wanted.targets) == 1 and wanted.sure else (None,)
    return target if target and target.kind is not Kind.REGION else None


def _linked(texts: Sequence[tuple[str, str, str]], catalogue: Catalogue) -> tuple[Target, ...]:
    links = [link for _, title, text in texts for link in catalogue.names.link(f"{title}. {text}")]
    refs = [link.refs[0] for link in links if len(link.refs) == 1 and link.refs[0].kind in FOLLOWED]
    named = dict.fromkeys(Target(FOLLOWED[ref.kind], ref.id) for ref in refs)
    return tuple(target for target in named if target.kind is not Kind.REGION)


def _lacks(texts: Sequence[tuple[str, str, str]], url: str) -> list[Lack]:
    lacks = [] if texts else [Lack.TITLE]
    for _, title, text in texts:
        lacks += [Lack.TITLE] if not title else [Lack.LONG_TITLE] if len(title) > LONGEST_TITLE else []
        lacks += [Lack.TEXT] if title and not text else [Lack.LONG_TEXT] if len(text) > LONGEST_TEXT else []
    if len({lang for lang, _, _ in texts}) < len(texts):
        lacks.append(Lack.TWICE)
    return lacks if url else [*lacks, Lack.ADDRESS]
