"""The sources that the bot ships with: all off, for nobody has seen yet what they give."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from data.sheets import Defect
from data.sources.model import SourceKind
from data.sources.wish import Wish, faults_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = "news_sources.csv"
COLUMNS: Final = ("id", "kind", "url", "lang", "selectors", "keywords", "minutes")
KINDS: Final = (SourceKind.FEED, SourceKind.PAGE)
"""A file is one of the machine at hand."""
BETWEEN: Final = ";"
"""Stands between the selectors of a cell, and between its keywords: neither has one."""


def read(folder: Path) -> tuple[list[Wish], list[Defect]]:
    """The sources of a seed folder, and what is wrong with them. A folder without the file has none."""
    path, wishes, defects = folder / FILE, list[Wish](), list[Defect]()
    if not path.is_file():
        return wishes, defects
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != COLUMNS:
            return wishes, [Defect(FILE, 1, f"the columns must be {','.join(COLUMNS)}")]
        for cells in reader:
            wish, faults = _read(cells)
            if wish and not faults and any(wish.id == other.id for other in wishes):
                faults = [f"id: {wish.id} stands twice"]
            defects += [Defect(FILE, reader.line_num, fault) for fault in faults]
            if wish and not faults:
                wishes.append(wish)
    return wishes, defects


def _read(cells: list[str]) -> tuple[Wish | None, list[str]]:
    """The wish of a row, and what is wrong with it; None if the row cannot be read."""
    if len(cells) != len(COLUMNS):
        return None, [f"{len(cells)} cells in a row of {len(COLUMNS)}"]
    row = dict(zip(COLUMNS, map(str.strip, cells), strict=True))
    if not row["id"]:
        return None, ["id: must not be empty"]
    if row["kind"] not in KINDS:
        return None, [f"kind: must be one of {', '.join(KINDS)}"]
    if not row["minutes"].isdecimal():
        return None, ["minutes: must be a whole number"]
    wish = _wish(row)
    return wish, faults_of(wish)


def _wish(row: Mapping[str, str]) -> Wish:
    selectors = (part.partition("=") for part in _parts(row["selectors"]))
    return Wish(
        kind=SourceKind(row["kind"]),
        url=row["url"],
        lang=row["lang"],
        id=row["id"],
        selectors={name.strip(): selector.strip() for name, _, selector in selectors},
        keywords=tuple(_parts(row["keywords"])),
        minutes=int(row["minutes"]),
    )


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(BETWEEN) if part.strip()]
