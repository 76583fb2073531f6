"""Names in, things out: whole texts, beginnings, near misses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

from data.names.folding import normalise, normalise_all
from data.names.keys import other_layouts, phonetic_key
from data.names.link import find_links
from data.names.model import Entry, Hit, How, Kind, Link, Ref, Role, Word
from data.names.nearness import hits_of, nearest, similar
from data.names.table import Kinds, NameTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

KEY_LETTERS: Final = 4
"""Shorter texts are looked up by their letters only: too much sounds like three letters."""
PREFIX_LETTERS: Final = 3
FEW: Final = 6
"""A beginning finds something when it fits no more things than this."""
_ALIKE: Final = 0.65
"""Similarity (1 - edits / letters) below which a suggestion is silly."""
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LONGEST_NAME: Final = 120
"""Letters; no name is longer, so a longer text is none."""


def _with_unbracketed(entries: Iterable[Entry]) -> Iterator[Entry]:
    """`Nam-gu (Busan)` is also found as `Nam-gu`."""
    for entry in entries:
        yield entry
        if entry.text.endswith(")"):
            yield entry._replace(text=_BRACKETS.sub("", entry.text).strip())


class NameIndex:
    """All names of all things. Immutable; safe to share between threads and tasks."""

    __slots__ = ("_beside", "_roles", "_table")

    def __init__(self, table: NameTable, roles: dict[str, frozenset[Role]]) -> None:
        self._table = table
        self._roles = roles
        self._beside = frozenset(word for word, held in roles.items() if held & {Role.DESIGNATOR, Role.PREPOSITION})

    @classmethod
    def build(cls, entries: Iterable[Entry], words: Iterable[Word] = ()) -> Self:
        """Index the names; `words` are the ordinary words that tell a name in a sentence from what only looks like one.

        A country is also found by its code and its flag, without entries for them.
        """
        held = tuple(words)
        roles: dict[str, frozenset[Role]] = {}
        for norm, word in zip(normalise_all([word.word for word in held]), held, strict=True):
            roles[norm] = roles.get(norm, frozenset()) | {word.role}
        return cls(NameTable(_with_unbracketed(entries)), roles)

    def lookup(self, text: str, kinds: Kinds | None = None) -> tuple[Hit, ...]:
        """What a whole text names: everything that fits at the surest level at which anything fits, members first.

        Levels are those of `How`. Designators (`city of`), brackets and what follows a comma may be left out by the name held.
        Empty when nothing is near. Never raises.
        """
        readings = self._readings(text)
        return (
            self._spelt(readings, kinds)
            or self._sounding(readings, kinds)
            or self._on_other_layouts(text, kinds)
            or self._beginning(readings, kinds)
            or self._misspelt(readings, kinds)
        )

    def suggest(self, text: str, kinds: Kinds | None = None, limit: int = 3) -> tuple[Hit, ...]:
        """Names that may have been meant when `lookup` finds nothing: closest first, none that is far off."""
        key = phonetic_key(normalise(text))
        if not PREFIX_LETTERS <= len(key) <= _LONGEST_NAME:
            return ()
        beginning = self.complete(text, kinds, limit) if len(key) >= PREFIX_LETTERS else ()
        edits = int(len(key) * (1 - _ALIKE))
        hits = [*beginning, *similar(self._table, key, edits, kinds)]
        best: dict[Ref, Hit] = {}
        for hit in hits:
            best.setdefault(hit.ref, hit)
        return tuple(best.values())[:limit]

    def complete(self, prefix: str, kinds: Kinds | None = None, limit: int = 10) -> tuple[Hit, ...]:
        """Names in which a word begins so, one a thing: the very name first, then members, main names, the more important.

        Tries the other keyboard layouts when nothing begins so. Empty for an empty prefix.
        """
        norm = normalise(prefix)
        if not norm or len(norm) > _LONGEST_NAME or limit < 1:
            return ()
        numbers = self._table.beginning_with(norm, kinds, limit)
        if numbers:
            return self._in_order(numbers, How.PREFIX)
        for swapped in other_layouts(prefix):
            numbers = self._table.beginning_with(normalise(swapped), kinds, limit)
            if numbers:
                return self._in_order(numbers, How.LAYOUT)
        return ()

    def link(self, sentence: str, kinds: Kinds | None = None) -> tuple[Link, ...]:
        """The names in a sentence, in order, not overlapping; the longest wins.

        A word of the table of ordinary words is no name unless it is written like one. Misspelt names are found in short texts only
        and only where a single thing is meant.
        """
        return find_links(self._table, self._roles, sentence, kinds)

    def _readings(self, text: str) -> Sequence[str]:
        norm = normalise(text[: 4 * _LONGEST_NAME])
        if not norm or len(norm) > _LONGEST_NAME:
            return ()
        unbracketed = normalise(_BRACKETS.sub(" ", text))
        before_comma = normalise(_BRACKETS.sub(" ", text).partition(",")[0])
        readings = {norm: None, unbracketed: None, before_comma: None}
        for reading in tuple(readings):
            readings[" ".join(word for word in reading.split() if word not in self._beside)] = None
        readings.pop("", None)
        return tuple(readings)

    def _spelt(self, readings: Sequence[str], kinds: Kinds | None) -> tuple[Hit, ...]:
        table = self._table
        levels = ((table.exact, How.EXACT), (table.by_code, How.EXACT), (table.inflected, How.INFLECTED))
        for names, how in levels:
            for reading in readings:
                hits = hits_of(self._table, table.of_kinds(names.get(reading, ()), kinds), how)
                if hits:
                    return hits
        return ()

    def _sounding(self, readings: Sequence[str], kinds: Kinds | None) -> tuple[Hit, ...]:
        for reading in readings:
            if len(reading) >= KEY_LETTERS:
                numbers = self._table.of_kinds(self._table.by_key.get(phonetic_key(reading), ()), kinds)
                hits = hits_of(self._table, (number for number in numbers if len(self._table.norms[number]) >= KEY_LETTERS), How.KEY)
                if hits:
                    return hits
        return ()

    def _on_other_layouts(self, text: str, kinds: Kinds | None) -> tuple[Hit, ...]:
        for swapped in other_layouts(text[: 4 * _LONGEST_NAME]):
            hits = self._spelt([reading for reading in self._readings(swapped) if len(reading) >= KEY_LETTERS], kinds)
            if hits:
                return tuple(replace(hit, how=How.LAYOUT) for hit in hits)
        return ()

    def _beginning(self, readings: Sequence[str], kinds: Kinds | None) -> tuple[Hit, ...]:
        for reading in readings:
            if len(reading) >= PREFIX_LETTERS:
                numbers = self._table.beginning_with(reading, kinds, FEW + 1)
                members = [number for number in numbers if self._table.entries[number].ref.kind is not Kind.PLACE]
                if numbers and min(len(numbers), len(members) or len(numbers)) <= FEW:
                    return self._in_order(numbers if len(numbers) <= FEW else members, How.PREFIX)
        return ()

    def _misspelt(self, readings: Sequence[str], kinds: Kinds | None) -> tuple[Hit, ...]:
        for reading in readings:
            if reading in self._roles:
                continue  # A word of the language is no misspelling.
            hits = nearest(self._table, reading, phonetic_key(reading), kinds)
            if hits:
                return hits
        return ()

    def _in_order(self, numbers: Sequence[int], how: How) -> tuple[Hit, ...]:
        names = (self._table.entries[number] for number in numbers)
        return tuple(Hit(name.ref, how, 0, name.text) for name in names)
