"""RSS and Atom. Pure: bytes in, what they tell out.

feedparser reads whatever calls itself a feed, well formed or not. Three of its ways are not ours: a text handed to it may be taken for an
address or the name of a file, so it gets a stream; its guess of the charset believes servers, so it gets UTF-8; and it would put up with
declarations of entities, which are refused before it sees them.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

import feedparser

from data.sources.dates import believed, read_date
from data.sources.identity import clean
from data.sources.model import NotRead, Told, Trouble
from data.sources.text import decode, first_sentence, headline

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ENTRIES: Final = 200
MOST_ELEMENTS: Final = 50_000
"""Begun or ended among those entries. What is not well formed takes feedparser 30 µs each."""
_BLANKS: Final = re.compile(r"\s*")
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>", re.IGNORECASE)
_SKIPPED: Final = (("<?", "?>"), ("<!--", "-->"))
_ROOT: Final = re.compile(r"<([A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")
_ENTRY: Final = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:item|entry)[\s>]")
_UNFIT: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f]")


def read(body: bytes, content_type: str, base: str, lang: str, now: dt.datetime) -> list[Told]:
    """What a feed tells, in its order, 200 entries at most.

    `base` is where it was found: links may be relative to it. Raises NotRead.
    """
    text = _UNFIT.sub("", _DECLARATION.sub("", decode(body, content_type, lang), count=1)).lstrip()
    if not text:
        raise NotRead(Trouble.NO_FEED, "empty")
    _refuse_declarations(text)
    text = _cut(text)
    _refuse_many(text)
    parsed = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": base},
        # All markup is taken away below: to clean it before would be for nothing.
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.version and not parsed.entries:
        raise NotRead(Trouble.NO_FEED, "a web page" if "<html" in text[:5_000].lower() else "")
    if parsed.bozo and not parsed.entries:
        raise NotRead(Trouble.UNREADABLE, type(parsed.bozo_exception).__name__)
    return [told for entry in parsed.entries[:MOST_ENTRIES] if (told := _told(entry, base, lang, now))]


def _refuse_declarations(text: str) -> None:
    """Raise NotRead if a document type is declared, which can be done only before the first element."""
    place = 0
    while begin := next((pair for pair in _SKIPPED if text.startswith(pair[0], place)), None):
        end = text.find(begin[1], place)
        if end < 0:
            return
        place = _after_blanks(text, end + len(begin[1]))
    if text[place : place + 9].lower() == "<!doctype":
        page = text.startswith(("html", "HTML"), _after_blanks(text, place + 9))
        raise NotRead(*((Trouble.NO_FEED, "a web page") if page else (Trouble.DECLARATION, "")))


def _after_blanks(text: str, place: int) -> int:
    """Where something stands again, from a place on."""
    found = _BLANKS.match(text, place)
    return found.end() if found else place


def _refuse_many(text: str) -> None:
    """Raise NotRead if there are more elements than a feed has; what stands in CDATA sections is text."""
    first, *sections = text.split("<![CDATA[")
    if first.count("<") + sum(section.partition("]]>")[2].count("<") for section in sections) > MOST_ELEMENTS:
        raise NotRead(Trouble.LARGE, f"{MOST_ELEMENTS} elements")


def _cut(text: str) -> str:
    """Without what follows the last entry that is wanted: parsing is the most expensive part of a look."""
    places = _entries(text)
    end = next((place for number, place in enumerate(places) if number == MOST_ENTRIES), None)
    root = _ROOT.search(text)
    if end is None or root is None:
        return text
    return f"{text[:end]}{'</channel>' if root[2].lower() == 'rss' else ''}</{root[1] or ''}{root[2]}>"


def _entries(text: str) -> Iterator[int]:
    return (match.start() for match in _ENTRY.finditer(text))


def _told(entry: Any, base: str, lang: str, now: dt.datetime) -> Told | None:
    """One entry; None if it says nothing."""
    title = headline(entry.get("title", ""))
    bodies = [entry.get("summary", ""), *(content.get("value", "") for content in entry.get("content", ()))]
    summary = next((sentence for body in bodies if (sentence := first_sentence(body, title, lang))), "")
    if not title:
        title, summary = headline(summary), ""
    if not title:
        return None
    date = next((date for name in ("published", "updated") if (date := _date(entry, name, lang))), None)
    return Told(
        own_id=entry.get("id", "").strip(),
        url=clean(entry.get("link", ""), base),
        title=title,
        summary=summary,
        date=believed(date, now),
        lang=lang,
    )


def _date(entry: Any, name: str, lang: str) -> dt.date | None:
    """The day by the clock of whoever wrote it: feedparser turns moments into UTC, where it may still be yesterday."""
    # As a plain dict: feedparser's own takes one date for the other, with a warning.
    text, parsed = dict.get(entry, name, ""), dict.get(entry, f"{name}_parsed")
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    if date := read_date(text, lang):
        return date
    try:
        return dt.date(*parsed[:3]) if parsed else None
    except ValueError:
        return None
