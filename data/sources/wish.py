"""A source as somebody wishes it, and what is wrong with the wish. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from babel import Locale
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from data.sources.identity import clean
from data.sources.model import SourceKind, Trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SELECTORS: Final = ("item", "title", "link", "summary", "date", "article_date", "article_summary")
LEAST_MINUTES: Final = 5
MOST_MINUTES: Final = 7 * 24 * 60
LONGEST_ID: Final = 40
LONGEST_TAG: Final = 16
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class WrongSource(ValueError):
    """A source that cannot be; `faults` say what would be right, each beginning with the field that it is about."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person decides about a source; the fields are those of `data.sources.model.Source`."""

    kind: SourceKind
    url: str
    lang: str
    id: str = ""
    """Empty: made of the address."""
    selectors: Mapping[str, str] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    trust: Trust = Trust.ASK
    minutes: int = 60

    @property
    def name(self) -> str:
        """The id, or what makes a good one."""
        return self.id or _id_of(self.url)


def faults_of(wish: Wish) -> list[str]:
    """What is wrong with a wish, whatever other sources there are; empty if nothing is."""
    return [*_faults(wish)]


def _faults(wish: Wish) -> Iterator[str]:
    if not _ID.fullmatch(wish.name) or len(wish.name) > LONGEST_ID:
        yield f"id: must be lower-case letters and digits joined by hyphens, at most {LONGEST_ID}"
    if wish.kind is SourceKind.FILE:
        if not Path(wish.url).is_absolute():
            yield "url: must be the whole path of a file, from / on"
    elif not clean(wish.url):
        yield "url: must be an address that begins with http:// or https://, without a name and a password in it"
    if not is_language(wish.lang):
        yield "lang: must be a language tag such as en, uk or pt-BR"
    if not LEAST_MINUTES <= wish.minutes <= MOST_MINUTES:
        yield f"minutes: must be from {LEAST_MINUTES} to {MOST_MINUTES}"
    if not all(re.search(r"\w", keyword) for keyword in wish.keywords):
        yield "keyword: must hold a word"
    yield from _wrong_selectors(wish)


def _wrong_selectors(wish: Wish) -> Iterator[str]:
    if wish.kind is not SourceKind.PAGE:
        if wish.selectors:
            yield "select: only a page has selectors"
        return
    if "item" not in wish.selectors:
        yield "select: a page needs item=…, the CSS selector of what holds one piece of news"
    for name, selector in wish.selectors.items():
        if name not in SELECTORS:
            yield f"select: {name} is not known; there are {', '.join(SELECTORS)}"
        elif not is_selector(selector):
            yield f"select: {name} is no CSS selector: {selector}"


def is_selector(text: str) -> bool:
    """Whether a text is a CSS selector that the parser of pages understands."""
    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError:
        return False
    return bool(text.strip())


def is_language(tag: str) -> bool:
    """Whether a tag begins with a language that has a name."""
    language, *rest = tag.split("-")
    return language in Locale("en").languages and len(tag) <= LONGEST_TAG and all(re.fullmatch(r"[A-Za-z0-9]{2,8}", part) for part in rest)


def _id_of(url: str) -> str:
    """`https://www.uil.unesco.org/en/news` is `uil-unesco-org`; a file is called as its name says."""
    try:
        name = urlsplit(url).hostname or Path(url).stem
    except ValueError:
        return ""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower().removeprefix("www.")))[:LONGEST_ID].strip("-")
