"""What the tables of questions must hold. A defect says where it stands and what would be right."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from data.names import normalise
from data.questions.frames import KINDS, YEAR
from data.questions.lexicon import SHORTEST_STEM, STEM, Weight
from data.sheets import Defect

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

PARAPHRASES: Final = 5
"""Wordings of each entry of the FAQ in each language, at least."""
NAMES: Final = re.compile(rf"-|(?:{'|'.join({*KINDS.values(), YEAR})})[+?*]?")
NUMBER: Final = re.compile(r"[1-9]?")

Row = tuple[int, dict[str, str]]
"""Where a row stands, and what it holds."""


def check_questions(folder: Path, entries: Collection[str]) -> Iterator[Defect]:
    """Defects of the tables in a seed folder; `entries` are the ids of the FAQ."""
    concepts = {row["concept"] for _line, row in _rows(folder / "concepts.csv")}
    groups = {row["group"] for _line, row in _rows(folder / "groups.csv")}
    yield from _check_concepts(folder / "concepts.csv")
    for path in sorted(folder.glob("lexicon.*.csv")):
        yield from _check_lexicon(path, concepts)
    yield from _check_groups(folder / "groups.csv", concepts)
    yield from _check_frames(folder / "frames.csv", concepts | {f"@{group}" for group in groups}, entries)
    for path in sorted(folder.glob("faq_questions.*.csv")):
        yield from _check_paraphrases(path, entries)


def _check_concepts(path: Path) -> Iterator[Defect]:
    seen = set[str]()
    for line, row in _rows(path):
        if row["weight"] not in set(Weight):
            yield Defect(path.name, line, f"{row['concept']}: the weight is {' or '.join(Weight)}")
        if row["concept"] in seen:
            yield Defect(path.name, line, f"{row['concept']} stands twice")
        seen.add(row["concept"])


def _check_lexicon(path: Path, concepts: Collection[str]) -> Iterator[Defect]:
    seen = set[tuple[str, str]]()
    for line, row in _rows(path):
        words, concept = row["words"], row["concept"]
        if concept not in concepts:
            yield Defect(path.name, line, f"{words}: {concept} is no concept of concepts.csv")
        first = words.partition(" ")[0]
        if not first or (first.endswith(STEM) and len(first.rstrip(STEM)) < SHORTEST_STEM):
            yield Defect(path.name, line, f"{words}: a stem that begins a row has at least {SHORTEST_STEM} letters")
        if (words, concept) in seen:
            yield Defect(path.name, line, f"{words} stands twice for {concept}")
        seen.add((words, concept))


def _check_groups(path: Path, concepts: Collection[str]) -> Iterator[Defect]:
    for line, row in _rows(path):
        for concept in row["concepts"].split():
            if concept not in concepts:
                yield Defect(path.name, line, f"{row['group']}: {concept} is no concept of concepts.csv")


def _check_frames(path: Path, known: Collection[str], entries: Collection[str]) -> Iterator[Defect]:
    seen = set[str]()
    for line, row in _rows(path):
        for word in (part for item in row["words"].split() for part in item.removeprefix("?").removeprefix("-").split("|")):
            if word not in known:
                yield Defect(path.name, line, f"{row['frame']}: {word} is neither a concept nor a group")
        for name in row["names"].split():
            if not NAMES.fullmatch(name):
                yield Defect(path.name, line, f"{row['frame']}: {name} is none of {', '.join(sorted({*KINDS.values(), YEAR}))}, nor `-`")
        does, _, argument = row["does"].partition(" ")
        if does == "faq" and argument not in entries:
            yield Defect(path.name, line, f"{row['frame']}: {argument or 'nothing'} is no entry of faq.csv")
        if not NUMBER.fullmatch(row["spare"]):
            yield Defect(path.name, line, f"{row['frame']}: spare is a number from 1 to 9, or empty")
        if row["frame"] in seen:
            yield Defect(path.name, line, f"{row['frame']} stands twice")
        seen.add(row["frame"])


def _check_paraphrases(path: Path, entries: Collection[str]) -> Iterator[Defect]:
    counted: Counter[str] = Counter()
    asked: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line, row in _rows(path):
        counted[row["id"]] += 1
        asked[normalise(row["question"])].append((line, row["id"]))
        if row["id"] not in entries:
            yield Defect(path.name, line, f"{row['id']} is no entry of faq.csv")
    for text, places in asked.items():
        if len(places) > 1:
            ids = ", ".join(sorted({entry for _line, entry in places}))
            yield Defect(path.name, places[-1][0], f"“{text}” stands more than once, for {ids}: once is enough")
    for entry in entries:
        if counted[entry] < PARAPHRASES:
            yield Defect(path.name, 1, f"{entry} has {counted[entry]} wordings; it needs {PARAPHRASES}")


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        yield from ((reader.line_num, row) for row in reader)
