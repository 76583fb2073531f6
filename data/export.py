"""Writing the data set as CSV files, in the format in which it is shipped."""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from data.sheets import SHEETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from data.sheets import Records, Row, Sheet


def write(records: Records, folder: Path) -> list[Path]:
    """One file a table, and one more for each language of its texts. `data.sheets.read` reads them back as they were."""
    folder.mkdir(parents=True, exist_ok=True)
    texts: dict[str, list[Row]] = defaultdict(list)
    for row in records["texts"]:
        texts[row["subject"]].append(row)
    written = []
    for sheet in SHEETS:
        for name, columns, rows in (*_facts(sheet, records[sheet.table]), *_told(sheet, texts[sheet.table])):
            _write(folder / name, columns, rows)
            written.append(folder / name)
    return written


def _facts(sheet: Sheet, rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[str], Iterable[Sequence[str]]]]:
    columns = list(sheet.columns)
    for lang in sorted({row["lang"] for row in rows} | {sheet.lang}) if sheet.lang else [""]:
        name = f"{sheet.table}.{lang}.csv" if lang else sheet.file
        yield name, columns, ([_cell(row[column]) for column in columns] for row in rows if not lang or row["lang"] == lang)


def _told(sheet: Sheet, rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[str], Iterable[Sequence[str]]]]:
    told: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        told[row["lang"]][row["key"]][row["field"]] = row["text"]
    for lang, texts in sorted(told.items()):
        lines = ([*key.split("/"), *(fields.get(name, "") for name in sheet.texts)] for key, fields in texts.items())
        yield f"{sheet.table}.{lang}.csv", [*sheet.key, *sheet.texts], lines


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
