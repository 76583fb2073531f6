"""Finding the text that a question is about, in its own words: practices, news, reasons of awards, conferences, rules.

The last resort of a question that fits no frame and no entry of the FAQ. A text is taken only if nearly everything that was asked stands
in it, at least one word of it rare: what nobody wrote about is not answered by what sounds near.
"""

from __future__ import annotations

import enum
import math
import sys
from array import array
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from data.names import Kind, tokens
from data.questions.lexicon import Concept, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from data.catalogue import Catalogue
    from data.questions.reading import Piece, Reading

STEM: Final = 5
"""Letters that stand for a word: `бджоли` and `бджолярство` share them."""
LONG: Final = 7
"""Letters of a word from which on so many of them stand for it; of a shorter one, one less: its ending is a larger part of it."""
SHORTEST: Final = 3
COVERED: Final = 0.72
"""Weight of the words found in that of all words asked."""
BIG: Final = 13
"""Numbers from here on tell texts apart."""
HALF: Final = 0.5
RARE: Final = 0.03
"""Share of the texts that hold a word, up to which it tells them apart."""
ASKED_OF_PEOPLE: Final = frozenset(map(Concept, ("contact", "population", "deadline", "sign", "apply")))
"""Concepts of questions that no text of the data set answers."""
ASKED_OF_CITIES: Final = frozenset(map(Concept, ("join", "money", "when", "member")))
"""Concepts of questions about a city that its practices do not answer."""
OF_CITIES: Final = frozenset(map(Concept, ("organisation", "publication", "training")))
"""Concepts of what a city may have: beside its name they are looked for in its texts."""
RANKING: Final = frozenset(map(Concept, ("nearest", "first", "last", "most", "least", "compare", "more", "count")))
"""Concepts of questions that figures answer: a single word in a text answers none of them."""
THEME: Final = 0.8
"""What a theme of a text counts where its name was asked for in other words."""
MANY: Final = 6
"""So many texts at most are near one another; more are a list, and lists are made of themes."""
BESIDE: Final = 0.3
"""What a word of the lexicon counts beside one that it does not know."""
SINGLE: Final = 3
"""Texts that hold a word which tells by itself, at most."""
SHOWN: Final = 3
FOREIGN: Final = frozenset(map(Concept, ("foreign", "smartcity", "statistic")))
"""Concepts of which a text may speak, though no answer is about them."""
ALIKE: Final = 0.85
"""Further texts are shown whose score is that share of the best one's."""
SAYING: Final = frozenset(
    map(
        Concept,
        [
            "name",
            "when",
            "where",
            "why",
            "how",
            "count",
            "howlong",
            "howoften",
            "practice",
            "activity",
            "idea",
            "theme",
            "topic",
            "news",
            "list",
            "can",
            "need",
            "both",
            "only",
            "also",
            "past",
            "last",
            "status",
            "win",
            "award",
            "help",
            "resident",
            "first",
            "compare",
            "official",
            "organisation",
            "lifelong",
            "benefit",
            "person",
            "more",
            "partner",
        ],
    )
)
"""Concepts by which people ask for a text without its speaking of them."""


class Source(enum.StrEnum):
    """Where a text stands."""

    PRACTICE = "practice"
    NEWS = "news"
    AWARD = "award"
    CONFERENCE = "conference"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text: where it stands, whom it concerns; `id` is that of the practice, the item, the city, the conference, the rule."""

    source: Source
    id: str
    about: frozenset[tuple[Kind, str]]
    stems: frozenset[str]
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Word:
    """A word or a phrase that is looked for; `own` is one of the question's own, which the lexicon does not know or which names a theme."""

    stems: tuple[str, ...]
    themes: tuple[str, ...]
    weight: float
    own: bool

    def share(self, passage: Passage) -> float:
        """How much of it stands in a text: a theme of the text is most of its name."""
        spelt = sum(stem in passage.stems for stem in self.stems) / len(self.stems)
        return max(spelt, THEME if passage.themes.intersection(self.themes) else 0.0)


class PassageSearch:
    """All texts of the catalogue, in all languages. Immutable."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._passages = tuple(_passages(catalogue))
        self._at = _places((stem, number) for number, passage in enumerate(self._passages) for stem in passage.stems)
        self._on = _places((theme, number) for number, passage in enumerate(self._passages) for theme in passage.themes)
        self._light = catalogue.lexicon.of_weight(Weight.NONE)
        self._others = catalogue.lexicon.of_weight(Weight.OTHER)

    def find(self, reading: Reading) -> tuple[Passage, ...]:
        """The texts a question is about, best first; none if some of it is foreign to all of them."""
        if reading.concepts & (self._others - FOREIGN | ASKED_OF_PEOPLE):
            return ()
        about = [{(ref.kind, ref.id) for ref in piece.refs} for piece in reading.names if not piece.kinds <= {Kind.THEME}]
        in_city = any(Kind.CITY in {kind for kind, _ in names} for names in about)
        if in_city and reading.concepts & ASKED_OF_CITIES:
            return ()
        words = [self._weighed(piece, in_city) for piece in reading.pieces if self._is_telling(piece, in_city)]
        own = [word for word in words if word.own]
        if not own:
            return ()
        total = sum(word.weight for word in words)
        ranked = bool(reading.concepts & RANKING)
        scored: list[tuple[float, Passage]] = []
        for number in self._candidates(own):
            passage = self._passages[number]
            if not all(names & passage.about for names in about):
                continue
            score = sum(word.weight * word.share(passage) for word in words) / total
            met = [word for word in own if word.share(passage)]
            if (
                self._covers(score, met)
                and (in_city or self._tells(met, passage, len(words), bool(about)))
                and (len(met) > 1 or not ranked)
            ):
                scored.append((score, passage))
        scored.sort(key=lambda pair: -pair[0])
        best = [passage for score, passage in scored if score >= ALIKE * scored[0][0]]
        return tuple(best[:SHOWN]) if len(best) <= MANY else ()

    def _candidates(self, own: Iterable[_Word]) -> set[int]:
        found = set[int]()
        for word in own:
            for stem in word.stems:
                found.update(self._at.get(stem, ()))
            for theme in word.themes:
                found.update(self._on.get(theme, ()))
        return found

    def _is_telling(self, piece: Piece, in_city: bool) -> bool:
        """Whether a text must hold this: neither a name, for which texts are filed, nor a word by which one merely asks."""
        if piece.year or (piece.number is not None and piece.number < BIG):
            return False
        if piece.refs and piece.kinds != {Kind.THEME}:
            return False
        saying = SAYING - OF_CITIES if in_city else SAYING
        return bool(_stems(piece)) and not piece.concepts & (self._light | saying)

    def _weighed(self, piece: Piece, in_city: bool) -> _Word:
        stems = tuple(_stems(piece))
        themes = tuple(ref.id for ref in piece.refs if ref.kind is Kind.THEME)
        rare = bool(piece.concepts & FOREIGN) and all(0 < len(self._at.get(stem, ())) <= SINGLE for stem in stems)
        own = not piece.is_known or bool(themes) or rare or (in_city and bool(piece.concepts & (FOREIGN | OF_CITIES)))
        weight = max(self._rarity(stem) for stem in stems)
        return _Word(stems, themes, weight if own or piece.concepts & FOREIGN else weight * BESIDE, own)

    def _tells(self, met: Sequence[_Word], passage: Passage, words: int, placed: bool) -> bool:
        """Whether the words met tell texts apart: one of them rare, beside another or a name, or so rare that hardly any text has it.

        Two themes together tell as much.
        """
        rarest = min((len(self._at[stem]) for word in met for stem in word.stems if stem in passage.stems), default=len(self._passages))
        if rarest <= RARE * len(self._passages) and (placed or words > 1 or rarest <= SINGLE):
            return True
        return len({theme for word in met for theme in word.themes if theme in passage.themes}) > 1

    def _covers(self, score: float, met: Sequence[_Word]) -> bool:
        """Whether enough of the question stands in a text.

        Two words that the lexicon does not know, one of them in hardly any text, make up for one that is missing: verbs are rarely shared.
        """
        rare = any(len(self._at.get(stem, ())) <= SINGLE for word in met for stem in word.stems)
        return score >= COVERED or (score >= HALF and len(met) > 1 and rare)

    def _rarity(self, stem: str) -> float:
        return math.log(1 + len(self._passages) / (1 + len(self._at.get(stem, ()))))


def _passages(catalogue: Catalogue) -> Iterator[Passage]:
    def near(*cities: str) -> frozenset[tuple[Kind, str]]:
        held = [catalogue.cities[city] for city in cities if city in catalogue.cities]  # type: ignore[index]
        named = {(Kind.CITY, str(city.id)) for city in held} | {(Kind.COUNTRY, str(city.country)) for city in held}
        return frozenset(named | {(Kind.REGION, str(city.region)) for city in held})

    for practice in catalogue.practices.values():
        labels = [text for theme in practice.themes if theme in catalogue.themes for text in catalogue.themes[theme].label.values()]
        texts = (*practice.title.values(), *practice.summary.values(), *labels)
        yield Passage(Source.PRACTICE, practice.id, near(practice.city), _stems_of(texts), frozenset(practice.themes))
    for item in catalogue.news:
        about = near(*item.cities) | {(Kind.COUNTRY, str(country)) for country in item.countries}
        yield Passage(Source.NEWS, item.id, frozenset(about), _stems_of((*item.title.values(), *item.summary.values())))
    for city in catalogue.cities.values():
        for award in city.awards:
            yield Passage(Source.AWARD, city.id, near(city.id), _stems_of(award.reason.values()))
        if city.note:
            yield Passage(Source.NOTE, city.id, near(city.id), _stems_of(city.note.values()))
    for conference in catalogue.conferences:
        texts = (*conference.place.values(), *conference.theme.values(), *conference.summary.values())
        yield Passage(Source.CONFERENCE, conference.id, near(conference.city or ""), _stems_of(texts))


def _places(pairs: Iterable[tuple[str, int]]) -> dict[str, array[int]]:
    """Where something stands: numbers of passages, each once."""
    found: dict[str, array[int]] = defaultdict(partial(array, "I"))
    for thing, number in pairs:
        found[thing].append(number)
    return dict(found)


def _stems_of(texts: Iterable[str]) -> frozenset[str]:
    words = {token.norm for text in texts for token in tokens(text) if _tells(token.norm)}
    return frozenset(sys.intern(word[:length]) for word in words for length in (STEM, STEM - 1))


def _stems(piece: Piece) -> list[str]:
    return [word[: STEM if len(word) >= LONG else STEM - 1] for word in piece.words if _tells(word)]


def _tells(word: str) -> bool:
    return len(word) >= SHORTEST or (word.isdigit() and len(word) > 1)
