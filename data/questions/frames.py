"""Kinds of questions, as a table: which concepts and names make one, and what is done to answer it.

A row of `frames.csv` fits a question if it accounts for everything in it that counts. So a word about something else, beside a city that is
known, is never talked over: the question fits no row, and is refused.

    words   concepts that must be there (`award|win`: either of them), and `?when` what may be, too; `@join` stands for a set of `groups`,
            `-next` is a concept that must not be there
    names   what must be named and how often: `place`, `place+` (two or more), `country?`; `-` is nothing
    does    what answers it, with an argument: `faq f031`
    spare   words that count and need not be accounted for, at most; such rows are tried when all else fails

Rows are tried in order; the first that fits is taken.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from data.names import Kind, Ref
from data.questions.lexicon import Concept, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from data.questions.reading import Piece, Reading

YEAR: Final = "year"
PLACE: Final = "place"
"""A city, whether it is in the list or not."""
KINDS: Final = {Kind.CITY: PLACE, Kind.PLACE: PLACE, Kind.COUNTRY: "country", Kind.REGION: "region", Kind.THEME: "theme"}
COUNTRY: Final = "country"
OF_MANY: Final = frozenset(map(Concept, ("who", "list", "count")))
"""Concepts that ask for several cities."""
WEIGHTY: Final = "weighty"
"""The group of concepts that no row spares: what else they ask for would go unanswered."""
ANY: Final = "*"
OPTIONAL: Final = "?"
BANNED: Final = "-"
MANY: Final = "+"
MOST_READINGS: Final = 16
"""Ways to read the ambiguous names of one question that are tried."""


@dataclass(frozen=True, slots=True)
class Named:
    """One way to read the names of a question: the kind chosen for each, and the things of that kind."""

    refs: tuple[tuple[str, tuple[Ref, ...]], ...]
    unnamed: tuple[Piece, ...] = ()
    """Those that are taken for words of the lexicon."""

    def of(self, kind: str) -> tuple[tuple[Ref, ...], ...]:
        """What is named of a kind, each once, in order; several refs where a name is ambiguous."""
        return tuple(dict.fromkeys(refs for held, refs in self.refs if held == kind))


@dataclass(frozen=True, slots=True)
class Frame:
    """A row of the table."""

    name: str
    needed: tuple[frozenset[Concept], ...]
    allowed: frozenset[Concept]
    banned: frozenset[Concept]
    names: Mapping[str, tuple[int, int | None]]
    """How often each kind is named, at least and at most."""
    does: str
    argument: str
    spare: int = 0
    """Words that count and are not accounted for, at most."""
    weighty: frozenset[Concept] = frozenset()
    """Concepts of words that are never spared."""

    def fits(self, reading: Reading, named: Named) -> bool:
        """Whether this is such a question: all that is needed is there, and nothing that counts is left, or no more than is spared."""
        if self.banned & reading.concepts or not all(
            any(alternatives & piece.concepts for piece in reading.pieces) for alternatives in self.needed
        ):
            return False
        counted = Counter({kind: len(named.of(kind)) for kind in {kind for kind, _ in named.refs}})
        counted[YEAR] = len(reading.years)
        for kind, (least, most) in self.names.items():
            if counted[kind] < least or (most is not None and counted[kind] > most):
                return False
        if any(count and kind not in self.names for kind, count in counted.items()):
            return False
        words = (*named.unnamed, *(piece for piece in reading.content if not piece.refs and not piece.year))
        foreign = [piece for piece in words if not piece.concepts & (self.allowed | reading.weightless)]
        return len(foreign) <= self.spare and not any(piece.concepts & self.weighty for piece in foreign)


class Frames:
    """The table. Immutable."""

    def __init__(self, groups: Mapping[str, str], rows: Iterable[Mapping[str, str]]) -> None:
        self._groups = {name: frozenset(map(Concept, words.split())) for name, words in groups.items()}
        self.rows = tuple(self._frame(row) for row in rows)

    @classmethod
    def read(cls, folder: Path) -> Frames:
        """The tables `groups.csv` and `frames.csv` of a folder."""
        groups = {row["group"]: row["concepts"] for row in rows_of(folder / "groups.csv")}
        return cls(groups, rows_of(folder / "frames.csv"))

    @property
    def concepts(self) -> frozenset[Concept]:
        """Every concept that some row speaks of."""
        return frozenset().union(*(frame.allowed for frame in self.rows))

    def fitting(self, reading: Reading, *, loosely: bool = False) -> Iterator[tuple[Frame, Named]]:
        """The rows that a question fits, the first of them first, and how its names are read then; `loosely`, those that spare a word."""
        ways = list(itertools.islice(_ways(reading), MOST_READINGS))
        for frame in self.rows:
            if bool(frame.spare) is not loosely:
                continue
            fits = next((named for named in ways if frame.fits(reading, named)), None)
            if fits:
                yield frame, fits

    def _frame(self, row: Mapping[str, str]) -> Frame:
        needed, allowed, banned = list[frozenset[Concept]](), set[Concept](), set[Concept]()
        for item in row["words"].split():
            if item.startswith(BANNED):
                banned.add(Concept(item[1:]))
                continue
            optional, alternatives = item.startswith(OPTIONAL), frozenset[Concept]()
            for part in item.removeprefix(OPTIONAL).split("|"):
                alternatives |= self._groups[part[1:]] if part.startswith("@") else {Concept(part)}
            allowed |= alternatives
            if not optional:
                needed.append(alternatives)
        does, _, argument = row["does"].partition(" ")
        return Frame(
            name=row["frame"],
            needed=tuple(needed),
            allowed=frozenset(allowed),
            banned=frozenset(banned),
            names=dict(_counts(row["names"])),
            does=does,
            argument=argument,
            spare=int(row.get("spare") or 0),
            weighty=self._groups.get(WEIGHTY, frozenset()),
        )


def _counts(names: str) -> Iterator[tuple[str, tuple[int, int | None]]]:
    """`city+` is two or more, `city?` none or one, `city*` any number."""
    for item in names.replace("-", "").split():
        if item.endswith(ANY):
            yield item[:-1], (0, None)
        elif item.endswith(MANY):
            yield item[:-1], (2, None)
        elif item.endswith(OPTIONAL):
            yield item[:-1], (0, 1)
        else:
            yield item, (1, 1)


def _ways(reading: Reading) -> Iterator[Named]:
    """Every choice of a kind for each name; a theme that is also a word of the lexicon may be no name at all."""
    choices: list[list[tuple[str, tuple[Ref, ...]] | None]] = []
    for piece in reading.names:
        kinds = dict.fromkeys(KINDS[ref.kind] for ref in piece.refs)
        if COUNTRY in kinds and reading.concepts & OF_MANY:
            kinds.pop(PLACE, None)  # "who is in from Tunis" asks for a country's cities
        choice: list[tuple[str, tuple[Ref, ...]] | None] = [
            (kind, tuple(ref for ref in piece.refs if KINDS[ref.kind] == kind)) for kind in kinds
        ]
        choices.append([*choice, None] if piece.concepts else choice)
    for way in itertools.product(*choices):
        unnamed = tuple(piece for piece, chosen in zip(reading.names, way, strict=True) if chosen is None)
        yield Named(tuple(chosen for chosen in way if chosen), unnamed)
