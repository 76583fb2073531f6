"""How long a question takes, and what the tables of questions cost."""

from __future__ import annotations

import gc
import json
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.i18n import Languages
from bot.questions import answer
from data import upkeep
from data.questions.faq import FaqSearch, read_wordings
from data.questions.frames import Frames
from data.questions.lexicon import Lexicon, rows_of
from data.questions.passages import PassageSearch
from data.sheets import SEED
from tests.fakes.heavy import HEAVY, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue

SETS: Final = Path(__file__).parent.parent / "questions"
P50_MS, P99_MS, LONGEST_MS = 1.0, 5.0, 20.0
MEGABYTES, SECONDS = 60, 0.5

Asked = tuple[str, str]
"""A language and a question."""


@dataclass(frozen=True, slots=True)
class Times:
    """Of one run over all questions of a set, in milliseconds."""

    p50: float
    p99: float


def question_times(runs: int) -> Iterator[tuple[str, list[Times]]]:
    """Times of sets of questions by name, one after another on one core, after each was asked once to warm up."""
    catalogue, languages = upkeep.catalogue_of(upkeep.read_seed()), Languages()
    readers = {lang: languages.reader(lang) for lang in ("en", "uk")}
    for name, asked in (("strangers' questions", _strangers()), ("wordings of the FAQ", _wordings())):
        _milliseconds(asked, catalogue, readers)
        _settle()
        yield f"{name} ({len(asked)})", [_times(_milliseconds(asked, catalogue, readers)) for _ in range(runs)]


def longest_times(runs: int) -> list[tuple[str, list[float]]]:
    """Milliseconds of messages of 4,096 characters by what they are made of, slowest first."""
    catalogue, languages = upkeep.catalogue_of(upkeep.read_seed()), Languages()
    readers = {"uk": languages.reader("uk")}
    asked = [("uk", written(part)) for part in HEAVY.values()]
    _milliseconds(asked, catalogue, readers)
    _settle()
    taken = zip(*(_milliseconds(asked, catalogue, readers) for _ in range(runs)), strict=True)
    return sorted(((name, list(times)) for name, times in zip(HEAVY, taken, strict=True)), key=lambda row: -max(row[1]))


def load_times(runs: int) -> Iterator[tuple[str, list[float]]]:
    """Seconds that the tables take to load and the indexes to be built, by name; the last is all of them."""
    catalogue = upkeep.catalogue_of(upkeep.read_seed())
    _settle()
    taken = [[_seconds(build) for _name, build in _builds(catalogue)] for _ in range(runs)]
    names = [name for name, _build in _builds(catalogue)]
    yield from zip(names, map(list, zip(*taken, strict=True)), strict=True)
    yield "all of it", [sum(run) for run in taken]


def memory() -> float:
    """Megabytes (10^6 bytes) that the tables and indexes hold, as Python's allocator counts them."""
    catalogue = upkeep.catalogue_of(upkeep.read_seed())
    tracemalloc.start()
    held = [build() for _name, build in _builds(catalogue)]
    size, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del held
    return size / 1e6


def _builds(catalogue: Catalogue) -> list[tuple[str, Callable[[], object]]]:
    """What is loaded and built, each from the ones before it."""
    held: list[Lexicon] = []

    def lexicon() -> object:
        held[:] = [Lexicon.read(SEED)]
        return held[0]

    return [
        ("lexicon", lexicon),
        ("slips of its words", lambda: held[0].slips),
        ("frames", lambda: Frames.read(SEED)),
        ("wordings of the FAQ", lambda: tuple(read_wordings(SEED / "faq_features.tsv"))),
        ("index of the FAQ", lambda: FaqSearch(catalogue.faq, catalogue.faq_features, held[0])),
        ("index of passages", lambda: PassageSearch(catalogue)),
    ]


def _strangers() -> list[Asked]:
    lines = (line for path in sorted(SETS.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines())
    return [(row["lang"], row["question"]) for row in map(json.loads, lines)]


def _wordings() -> list[Asked]:
    return [(lang, row["question"]) for lang in ("en", "uk") for row in rows_of(SEED / f"faq_questions.{lang}.csv")]


def _settle() -> None:
    """What is held stays, as after a start of the bot: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


def _milliseconds(asked: Sequence[Asked], catalogue: Catalogue, readers: dict[str, Reader]) -> list[float]:
    return [1000 * _seconds(lambda lang=lang, text=text: answer(text, catalogue, readers[lang])) for lang, text in asked]  # type: ignore[misc]


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _times(taken: list[float]) -> Times:
    held = sorted(taken)
    return Times(held[len(held) // 2], held[len(held) * 99 // 100])
