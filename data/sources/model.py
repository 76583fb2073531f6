"""A source of news, and what it was seen to tell."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


class Trouble(enum.StrEnum):
    """What can be wrong with a look. A problem begins with one of these; after a colon may follow what a machine said, or a number."""

    ADDRESS = "the address cannot be asked"
    """No web address, a port other than 80 and 443, or a name and a password in it."""
    PRIVATE = "the address is not public"
    """It leads to this machine, to its network, or to nowhere."""
    CONNECTION = "no connection"
    SLOW = "too slow"
    LARGE = "too large"
    REDIRECTS = "too many redirects"
    STATUS = "refused with status"
    GONE = "gone for good"
    MOVED = "moved for good to"
    """It was read nevertheless. Only a person decides that another host is the same source."""
    NO_FEED = "no feed"
    NO_ITEMS = "nothing fits the selectors"
    DECLARATION = "declares a document type"
    """Entities can make a small file huge or read others; feeds need none."""
    UNREADABLE = "cannot be read"
    NO_FILE = "there is no such file"


class NotRead(Exception):
    """A source cannot be read; the text is a problem as in `Look`."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}" if detail else str(trouble))
        self.trouble = trouble


class SourceKind(enum.StrEnum):
    """What is at an address."""

    FEED = "feed"
    """RSS or Atom."""
    PAGE = "page"
    """An HTML page that lists news; selectors say where."""
    FILE = "file"
    """A feed in a file of this machine."""


class Trust(enum.StrEnum):
    """What becomes of an item whose tags are certain."""

    ASK = "ask"
    """An admin decides."""
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Source:
    """Where news is looked for, and how the last looks went."""

    id: str
    """A short name that never changes: letters, digits and hyphens."""
    kind: SourceKind
    url: str
    lang: str
    """In which language it is written."""
    selectors: Mapping[str, str]
    """CSS selectors of a page by what they find: `item`, and in it `title`, `link`, `summary`, `date`; on an article's own page
    `article_date` and `article_summary`."""
    keywords: tuple[str, ...]
    """What an item must say, one of them at least, to be about the network; none if the whole source is."""
    trust: Trust
    minutes: int
    """Between two looks, at least."""
    is_on: bool
    verified_at: dt.datetime | None
    """When a person last saw that it gives what it should."""
    etag: str | None
    modified: str | None
    next_at: dt.datetime | None
    fetched_at: dt.datetime | None
    succeeded_at: dt.datetime | None
    failures: int
    """Looks in a row that failed."""
    problem: str
    """Of the last look; empty if there was none."""
    told_at: dt.datetime | None
    """When admins were told of the problem that it has."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a source tells, cleaned: plain text, no control characters, lengths that a card can bear."""

    own_id: str
    """What the source calls it; empty if it gives it no name."""
    url: str
    """Where a reader goes: absolute, without fragment and tracking parameters. Empty if the source names no page."""
    title: str
    summary: str
    """The source's first sentence, shortened at a word; may be empty."""
    date: dt.date | None
    """When it was published by the source's account; None if it does not say, or says a day that has not come."""
    lang: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a source brought."""

    told: tuple[Told, ...] = ()
    """In the order of the source; empty if nothing changed."""
    etag: str | None = None
    modified: str | None = None
    """What to ask with the next time; those of the source again if nothing changed."""
    moved_to: str | None = None
    """Where the source says that it lives from now on."""
    rest_seconds: float = 0.0
    """How long the source asks to be left alone."""
    problem: str = ""
    """A `Trouble`, perhaps a colon and a detail. Empty if all went well."""
    failed: bool = False
    """Whether the problem kept us from reading."""
    gone: bool = False
    """Whether the source says that it has ended."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A source, and how many things that it told wait for an admin."""

    source: Source
    waiting: int


@dataclass(frozen=True, slots=True)
class Watch:
    """How many sources are on, and those of them that do not answer any more."""

    sources: int
    silent: tuple[Source, ...] = ()
