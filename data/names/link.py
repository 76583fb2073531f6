"""Names inside sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA

from data.names.folding import Token, normalise, tokens
from data.names.keys import phonetic_keys
from data.names.model import Hit, How, Kind, Link, Role
from data.names.nearness import closest_in_letters, hits_of, nearest, reach
from data.types import NameKind

if TYPE_CHECKING:
    from data.names.table import Kinds, NameTable, Numbers

Roles = Mapping[str, frozenset[Role]]

LONGEST_TEXT: Final = 4096
"""Characters that are read: Telegram's longest message."""
_BENT_TEXT: Final = 40
"""Words; in longer texts, which people do not type in a hurry, no misspelling is looked for."""
_BENT_LETTERS: Final = 6
_SHORT_NAME: Final = 4
_SHORT_ALIAS: Final = 6
_KNOWN_TO_ALL: Final = 1_000_000
"""Residents of a place whose name is meant even where all is written small: paris."""
_KEY_LETTERS: Final = 4
_KEY_SOUNDS: Final = 3
"""Sounds of a name that is found by its sound: a howl of vowels is no town."""
_SOUNDING_LETTERS: Final = 5
_SOUNDING_WORDS: Final = 3
_CODE_LETTERS: Final = 2
_UNSPACED_LONGEST: Final = 12
_UNSPACED: Final = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_SENTENCE_END: Final = re.compile(r"[.!?…:;\n][\s«\"“(]*$")
_SENTENCE_GAP: Final = 8
"""Characters between the last word of a sentence and the first of the next, at most."""
_PLACE_ROLES: Final = frozenset({Role.CAPITAL, Role.INSIDE, Role.LOCATIVE})
_MEMBERS: Final = frozenset({Kind.CITY, Kind.COUNTRY})
_PLAIN: Final = frozenset({Kind.COUNTRY, Kind.REGION, Kind.THEME})
"""Kinds whose names may be words in small letters."""
_NO_ROLES: Final[frozenset[Role]] = frozenset()


@dataclass(frozen=True, slots=True)
class Find:
    """A possible link: the tokens it covers, what it may name, how."""

    first: int
    stop: int
    start: int
    end: int
    hits: tuple[Hit, ...]

    @property
    def how(self) -> How:
        """The level at which the name was found."""
        return self.hits[0].how


def find_links(table: NameTable, roles: Roles, sentence: str, kinds: Kinds | None) -> tuple[Link, ...]:
    """See `NameIndex.link`."""
    return _Sentence(table, roles, sentence[:LONGEST_TEXT], kinds).links()


class _Sentence:
    """One sentence while it is read."""

    def __init__(self, table: NameTable, roles: Roles, text: str, kinds: Kinds | None) -> None:
        self._table = table
        self._roles = roles
        self._kinds = kinds
        self._text = text
        self._tokens: Sequence[Token] = [_without_possessive(token) for token in tokens(text)]
        self._keys = phonetic_keys([token.norm for token in self._tokens])
        self._bare = sum(Role.DESIGNATOR not in self._role(place) for place in range(len(self._tokens)))
        self._hits: dict[tuple[Numbers, How], tuple[Hit, ...]] = {}
        self._shouted = text.isupper()
        self._small = text.islower()

    def links(self) -> tuple[Link, ...]:
        """All links, in the order of the text."""
        chosen = _longest_first([*self._spelt(), *self._unspaced()])
        chosen = _with_rest(chosen, self._sounding())
        if len(self._tokens) <= _BENT_TEXT:
            chosen = _with_rest(chosen, self._bent(chosen))
        return tuple(Link(find.start, find.end, tuple(hit.ref for hit in find.hits), find.how) for find in chosen)

    def _spelt(self) -> Iterator[Find]:
        levels = ((self._table.exact, How.EXACT), (self._table.inflected, How.INFLECTED))
        norms = [token.norm for token in self._tokens]
        for first, norm in enumerate(norms):
            longest = min(self._table.longest.get(norm, 0), len(norms) - first)
            for stop in range(first + longest, first, -1):
                name = " ".join(norms[first:stop])
                for names, how in levels:
                    numbers = self._meant(first, stop, names.get(name, ()))
                    if numbers:
                        yield from self._find(first, stop, numbers, how)
            if norm in self._table.by_code and _FLAG.fullmatch(self._slice(first)):
                yield from self._find(first, first + 1, self._table.by_code[norm], How.EXACT)

    def _sounding(self) -> Iterator[Find]:
        for first in range(len(self._tokens)):
            for stop in range(first + 1, min(first + _SOUNDING_WORDS, len(self._tokens)) + 1):
                key = "".join(self._keys[first:stop])
                numbers = self._table.by_key.get(key) if len(key) >= _KEY_SOUNDS else None
                if numbers and self._may_sound_like_name(first, stop):
                    near = numbers if self._is_named(first, stop) else self._spelt_nearly(first, numbers)
                    yield from self._find(first, stop, near, How.KEY)

    def _unspaced(self) -> Iterator[Find]:
        """Names in scripts without blanks between words, or with particles run on: as parts of a token."""
        for place, token in enumerate(self._tokens):
            if not _UNSPACED.match(token.norm) or len(token.norm) != token.end - token.start:
                continue
            for begin in range(len(token.norm)):
                for end in range(min(begin + _UNSPACED_LONGEST, len(token.norm)), begin + 1, -1):
                    numbers = self._table.exact.get(token.norm[begin:end])
                    if numbers:
                        yield from self._find(place, place + 1, numbers, How.EXACT, token.start + begin, token.start + end)

    def _bent(self, chosen: Sequence[Find]) -> Iterator[Find]:
        """Misspelt names. A word that is not written like a name is only ever bent to a city of the list."""
        taken = {place for find in chosen for place in range(find.first, find.stop)}
        for place, token in enumerate(self._tokens):
            if place in taken or len(token.norm) < _BENT_LETTERS or self._role(place):
                continue
            hits = nearest(self._table, token.norm, self._keys[place], self._kinds)
            if len(hits) == 1 and (self._is_named(place, place + 1) or self._is_slip(token.norm, hits[0])):
                yield Find(place, place + 1, token.start, token.end, hits)

    def _find(self, first: int, stop: int, numbers: Numbers, how: How, *span: int) -> Iterator[Find]:
        hits = self._hits.get((numbers, how))
        if hits is None:
            hits = self._hits[numbers, how] = hits_of(self._table, self._table.of_kinds(numbers, self._kinds), how)
        if hits:
            start, end = span or (self._tokens[first].start, self._tokens[stop - 1].end)
            yield Find(first, stop, start, end, hits)

    def _meant(self, first: int, stop: int, numbers: Numbers) -> Numbers:
        """Those that may be meant: proper names where the words are written like one, else themes and adjectives, which are words."""
        if numbers and self._may_be_name(first, stop, numbers):
            return tuple(number for number in numbers if not self._is_plain(number)) or numbers
        return tuple(number for number in numbers if self._is_plain(number))

    def _is_plain(self, number: int) -> bool:
        entry = self._table.entries[number]
        return entry.ref.kind in _PLAIN and entry.text[:1].islower()

    def _may_be_name(self, first: int, stop: int, numbers: Numbers) -> bool:
        if stop - first > 1 or self._is_all(first, stop):
            return True
        if self._is_latin(first) and not self._has_capital(first) and self._is_small_place(first, numbers):
            return False
        if self._slice(first).isupper() and not self._shouted and self._is_small_place(first, numbers):
            return False  # an abbreviation: ESL is no town
        if len(self._tokens[first].norm) <= _CODE_LETTERS and self._is_latin(first):
            return self._slice(first).isupper() and not self._shouted
        return self._is_written_as_name(first, numbers)

    def _is_written_as_name(self, place: int, numbers: Numbers) -> bool:
        """Whether a word that has another meaning is meant as a name here."""
        strict = self._role(place) & _PLACE_ROLES
        if not strict:
            return True
        if Role.LOCATIVE in strict and place and Role.PREPOSITION in self._role(place - 1):
            return True
        if strict != {Role.CAPITAL}:
            if self._small and place and place == len(self._tokens) - 1 and Role.PREPOSITION in self._role(place - 1):
                return True  # "найближче до рівного": all in small letters, and nothing follows that it could belong to
            return self._has_capital(place) and not self._begins_sentence(place)
        return self._has_capital(place) or (self._small and any(self._is_plain_member(number) for number in numbers))

    def _is_plain_member(self, number: int) -> bool:
        """The very name of a member, or any name of a country: who writes all small means `turkey` so."""
        entry = self._table.entries[number]
        is_name = entry.kind is NameKind.MAIN or entry.ref.kind is Kind.COUNTRY
        known = entry.ref.kind is not Kind.PLACE or entry.rank >= _KNOWN_TO_ALL
        return known and is_name and not entry.inflected

    def _is_small_place(self, place: int, numbers: Numbers) -> bool:
        """Whether a short word in small letters names nothing but places: `dabei` is German before it is Dubai."""
        letters = len(self._tokens[place].norm)
        entries = [self._table.entries[number] for number in numbers]
        return all(entry.ref.kind is Kind.PLACE for entry in entries) and (
            letters <= _SHORT_NAME or (letters <= _SHORT_ALIAS and all(entry.kind is not NameKind.MAIN for entry in entries))
        )

    def _is_latin(self, place: int) -> bool:
        return self._tokens[place].norm.isascii()

    def _may_sound_like_name(self, first: int, stop: int) -> bool:
        letters = sum(len(token.norm) for token in self._tokens[first:stop])
        if self._is_all(first, stop):
            return letters >= _KEY_LETTERS
        if letters < _SOUNDING_LETTERS or any(self._role(place) for place in range(first, stop)):
            return False
        return stop - first == 1 or self._is_named(first, stop)

    def _spelt_nearly(self, place: int, numbers: Numbers) -> Numbers:
        """For a word not written like a name: members only, and only if it is nearly spelt so."""
        norm = self._tokens[place].norm
        members = self._table.of_kinds(numbers, _MEMBERS)
        return tuple(closest_in_letters(self._table, norm, members, reach(norm) - 1))

    def _is_slip(self, norm: str, hit: Hit) -> bool:
        """Whether a word not written like a name is one slip from the name of a city of the list or of a country."""
        return hit.ref.kind in _MEMBERS and hit.distance == 1 and OSA.distance(norm, normalise(hit.name)) <= 1

    def _is_named(self, first: int, stop: int) -> bool:
        """Whether the words are written like a name: the whole text, or a capital that does not merely begin a sentence."""
        return self._is_all(first, stop) or (self._has_capital(first) and not self._begins_sentence(first))

    def _is_all(self, first: int, stop: int) -> bool:
        """Whether these words are the whole text but for designators."""
        return stop - first >= self._bare

    def _role(self, place: int) -> frozenset[Role]:
        return self._roles.get(self._tokens[place].norm, _NO_ROLES)

    def _slice(self, place: int) -> str:
        return self._text[self._tokens[place].start : self._tokens[place].end]

    def _has_capital(self, place: int) -> bool:
        return self._slice(place)[0].isupper()

    def _before(self, place: int) -> str:
        start = self._tokens[place].start
        return self._text[max(0, start - _SENTENCE_GAP) : start]

    def _begins_sentence(self, place: int) -> bool:
        return place == 0 or _SENTENCE_END.search(self._before(place)) is not None


def _without_possessive(token: Token) -> Token:
    """`Cork's` is Cork."""
    return Token(token.start, token.end - 2, token.norm[:-2]) if token.norm.endswith("'s") else token


def _with_rest(chosen: Sequence[Find], others: Iterable[Find]) -> list[Find]:
    """The chosen, and of the others those in the gaps."""
    taken = {place for find in chosen for place in range(find.first, find.stop)}
    rest = [find for find in others if taken.isdisjoint(range(find.first, find.stop))]
    return sorted([*chosen, *_longest_first(rest)], key=lambda find: find.start)


def _longest_first(finds: Sequence[Find]) -> list[Find]:
    """The finds that stay when overlaps go to the longer, then the surer, then the earlier; in the order of the text."""
    chosen: list[Find] = []
    taken: set[int] = set()
    for find in sorted(finds, key=lambda find: (find.start - find.end, find.how, find.start)):
        span = range(find.start, find.end)
        if taken.isdisjoint(span):
            taken.update(span)
            chosen.append(find)
    return sorted(chosen, key=lambda find: find.start)
