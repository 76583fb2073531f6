"""Reading a question: the names in it, the years, the concepts its words stand for, and what remains unaccounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from data.names import How, Kind, Ref, other_layouts, tokens
from data.questions.lexicon import Concept, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from data.names import Link, NameIndex, Token
    from data.questions.lexicon import Lexicon, Sense

LONGEST: Final = 600
"""Characters of a question that are read: nobody asks longer ones."""
YEAR: Final = re.compile(r"((?:19|20)\d\d)(?:р|рр|й|го|му|ті|s)?")
RANGE: Final = re.compile(r"((?:19|20)\d\d)\s?[-–—]\s?((?:19|20)\d\d)")
NUMBERED: Final = re.compile(r"([^\W\d]{3,})(\d{1,2})")
"""A word and a number run together: iclc7."""
NUMBER: Final = re.compile(r"\d{1,4}(?:й|ої|а|ма|th|st|nd|rd)?")
ENDING: Final = re.compile(r"(?:го|му|й|ий|ого|ому|тій|ті|х|ма|та|а|р|рр|th|s)")
"""What is written behind a number with a hyphen: 2020-го."""
GAP: Final = 2
"""Words between a relation and its year, at most: since the year 2020."""
COMMON: Final = frozenset(
    map(Concept, ("only", "list", "city", "member", "network", "count", "first", "last", "most", "what", "award", "win"))
)
"""Concepts of phrases that may hold the name of a country without being about anything else: the only Ukrainian city."""
POINTING: Final = ("since", "after", "before", "until", "between")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a phrase of a question, and what it may stand for; nothing at all for a word nobody knows."""

    words: tuple[str, ...]
    refs: tuple[Ref, ...] = ()
    concepts: frozenset[Concept] = frozenset()
    year: int | None = None
    number: int | None = None
    sure: bool = True
    """False where a name or a word was only nearly spelt so."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of things that it may name."""
        return frozenset(ref.kind for ref in self.refs)

    @property
    def is_known(self) -> bool:
        """Whether it stands for anything."""
        return bool(self.refs or self.concepts or self.year or self.number is not None)


@dataclass(frozen=True, slots=True)
class Span:
    """Years that a question speaks of, both included; None is open."""

    since: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class Reading:
    """What was understood of a question, piece by piece in the order of its words."""

    text: str
    pieces: tuple[Piece, ...]
    weightless: frozenset[Concept]
    """Concepts that any question may hold."""
    ranged: tuple[int, int] | None = None
    """Two years written with a dash between them."""
    this_year: int = 0
    """The year that `last year` counts from; 0 if nobody said."""

    @cached_property
    def content(self) -> tuple[Piece, ...]:
        """The pieces that an answer must account for."""
        return tuple(piece for piece in self.pieces if piece.refs or not (piece.is_known and self._is_light(piece)))

    @cached_property
    def concepts(self) -> frozenset[Concept]:
        """Every concept that any word may stand for."""
        return frozenset(concept for piece in self.pieces for concept in piece.concepts)

    @cached_property
    def names(self) -> tuple[Piece, ...]:
        """The pieces that name something."""
        return tuple(piece for piece in self.pieces if piece.refs)

    @cached_property
    def leftover(self) -> tuple[str, ...]:
        """The words that nothing accounts for."""
        return tuple(word for piece in self.pieces if not piece.is_known for word in piece.words)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years named, in order, each once."""
        return tuple(dict.fromkeys(piece.year for piece in self.pieces if piece.year))

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The other numbers named."""
        return tuple(dict.fromkeys(piece.number for piece in self.pieces if piece.number is not None))

    @cached_property
    def span(self) -> Span | None:
        """The years of `since 2019`, `before 2020`, `between 2015 and 2019`; None where years are named as they are."""
        pointed = [(self._pointing(place), piece.year) for place, piece in enumerate(self.pieces) if piece.year]
        years = self.years
        if self.ranged:
            return Span(*self.ranged)
        if len(years) == 2 and any(pointer in {"between", "since", "after"} for pointer, _ in pointed[:1]):  # noqa: PLR2004 - a span has two ends
            return Span(min(years), max(years))
        if len(years) != 1 or not pointed or not pointed[0][0]:
            return None
        year = years[0]
        return {
            "since": Span(since=year),
            "after": Span(since=year + 1),
            "before": Span(until=year - 1),
            "until": Span(until=year),
            "between": None,
        }[pointed[0][0]]

    def _pointing(self, place: int) -> str:
        """The relation that stands before a year."""
        for before in reversed(self.pieces[max(0, place - GAP) : place]):
            for pointer in POINTING:
                if pointer in before.concepts:
                    return pointer
            if not before.is_known or not self._is_light(before):
                break
        for behind in self.pieces[place + 1 : place + 1 + GAP]:
            for pointer in ("since", "until"):
                if pointer in behind.concepts and len(behind.words) > 1:
                    return pointer  # "2019 or later"
        return ""

    def _is_light(self, piece: Piece) -> bool:
        return piece.year is None and (bool(piece.concepts & self.weightless) or (piece.number is not None and not piece.concepts))


def read(text: str, names: NameIndex, lexicon: Lexicon, this_year: int = 0) -> Reading:
    """What a text says; `this_year` is what `last year` counts from.

    A text typed on the wrong keyboard layout is read as if it had been typed on the right one.
    """
    text = text[:LONGEST]
    reading = _read(text, names, lexicon, this_year)
    if len(reading.leftover) * 2 > len(reading.pieces):
        others = [_read(other, names, lexicon, this_year) for other in other_layouts(text)]
        return min([reading, *others], key=lambda other: len(other.leftover))
    return reading


def _read(text: str, names: NameIndex, lexicon: Lexicon, this_year: int = 0) -> Reading:
    words = tokens(text)
    norms = [word.norm for word in words]
    senses = lexicon.read_words(norms)
    links = [(link, *_covered(link, words)) for link in names.link(text)]
    links = [(link, start, stop) for link, start, stop in links if not _is_ordinary(link, start, stop, senses, text)]
    pieces = list(_pieces(words, text, links, lexicon, this_year))
    range_ = RANGE.search(text)
    ranged = (min(range_.groups()), max(range_.groups())) if range_ else None
    return Reading(text, tuple(pieces), lexicon.of_weight(Weight.NONE), (int(ranged[0]), int(ranged[1])) if ranged else None, this_year)


def _covered(link: Link, words: Sequence[Token]) -> tuple[int, int]:
    """The words of a link."""
    places = [place for place, word in enumerate(words) if word.start < link.end and link.start < word.end]
    return places[0], places[-1] + 1


def _is_ordinary(link: Link, start: int, stop: int, senses: Sequence[Sense], text: str) -> bool:
    """Whether words that only sound like a name, or stand inside a longer phrase, are of the lexicon: дякую is no case form of Дакка."""
    for sense in senses:
        if not sense.sure or sense.stop <= start or stop <= sense.start:
            continue
        inside = sense.stop - sense.start > stop - start and sense.start <= start and stop <= sense.stop
        if inside and not (link.how <= How.INFLECTED and sense.concepts & COMMON):
            return True
        if sense.start <= start and stop <= sense.stop and (link.how >= How.KEY or _is_no_name(link, text)):
            return True
    return False


def _is_no_name(link: Link, text: str) -> bool:
    """Whether a word of the lexicon, spelt as a place that is no member, is not written like a name: `set` is no town here."""
    if any(ref.kind is not Kind.PLACE for ref in link.refs) or " " in text[link.start : link.end].strip():
        return False
    before = text[: link.start].rstrip()
    return not text[link.start].isupper() or text.isupper() or not before or before[-1] in ".!?…:;\n"


def _pieces(words: Sequence[Token], text: str, links: Iterable[tuple[Link, int, int]], lexicon: Lexicon, this_year: int) -> Iterator[Piece]:
    place = 0
    for link, start, stop in links:
        if start < place:  # two names in one word, as in scripts without blanks
            yield Piece((), link.refs, sure=link.how < How.KEY)
            continue
        yield from _between(words[place:start], text, lexicon, this_year)
        norms = tuple(word.norm for word in words[start:stop])
        soft = frozenset[Concept]()
        if {ref.kind for ref in link.refs} == {Kind.THEME}:
            soft = frozenset(concept for sense in lexicon.read_words(norms) if sense.sure for concept in sense.concepts)
        if soft & lexicon.of_weight(Weight.OTHER):
            yield Piece(norms, concepts=soft)  # intangible heritage is another list than a theme of practices
            place = stop
            continue
        yield Piece(norms, link.refs, soft, sure=link.how < How.KEY)
        place = stop
    yield from _between(words[place:], text, lexicon, this_year)


def _between(words: Sequence[Token], text: str, lexicon: Lexicon, this_year: int) -> Iterator[Piece]:
    """The pieces of words that are no names."""
    norms = [word.norm for word in words]
    senses = {sense.start: sense for sense in lexicon.read_words(norms)}
    place = 0
    while place < len(words):
        sense = senses.get(place)
        if found := YEAR.fullmatch(norms[place]):
            yield Piece((norms[place],), year=int(found.group(1)))
            place = _behind(words, place, text)
        elif sense:
            yield _of_sense(sense, tuple(norms[sense.start : sense.stop]), this_year)
            place = sense.stop
        elif NUMBER.fullmatch(norms[place]):
            yield Piece((norms[place],), number=int(re.sub(r"\D", "", norms[place])))
            place = _behind(words, place, text)
        elif (joined := NUMBERED.fullmatch(norms[place])) and (known := lexicon.read_words([joined.group(1)])):
            yield _of_sense(known[0], (joined.group(1),), this_year)
            yield Piece((joined.group(2),), number=int(joined.group(2)))
            place += 1
        else:
            yield Piece((norms[place],))
            place += 1


def _of_sense(sense: Sense, norms: tuple[str, ...], this_year: int) -> Piece:
    for concept, year in ((Concept("thisyear"), this_year), (Concept("lastyear"), this_year - 1)):
        if concept in sense.concepts and this_year:
            return Piece(norms, year=year)
    number = next((int(norm) for norm in norms if norm.isdecimal()), None)  # "sdg 13" is a phrase with a number
    return Piece(norms, concepts=sense.concepts, number=number, sure=sense.sure)


def _behind(words: Sequence[Token], place: int, text: str) -> int:
    """The place behind a number and the ending hung on it with a hyphen."""
    following = words[place + 1] if place + 1 < len(words) else None
    if following and following.start - words[place].end == 1 and text[words[place].end] != " " and ENDING.fullmatch(following.norm):
        return place + 2
    return place + 1


def merged(now: Reading, before: Reading) -> Reading:
    """A question that goes on from another: what is named anew takes the place of what it named then, the rest stays.

    Words of its own displace the concepts asked for before; with nothing but names or years it asks the same of them.
    """
    renewed = {kind for piece in now.names for kind in piece.kinds}
    if renewed & {Kind.CITY, Kind.PLACE}:
        renewed |= {Kind.CITY, Kind.PLACE}
    asks = any(not piece.refs and piece.concepts for piece in now.content)
    kept = [
        piece
        for piece in before.pieces
        if (piece.refs and not piece.kinds & renewed)
        or (piece.year and not now.years)
        or (not piece.refs and not piece.year and not asks and piece.is_known)
    ]
    return replace(now, pieces=(*kept, *now.pieces))
