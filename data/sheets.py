"""Reading the CSV files of the data set into rows, and telling file and line of whatever cannot be read.

Each sheet is one table of the same columns; `data/seed/README.md` is the format in words. Texts of a sheet stand in one more file
a language (`practices.uk.csv`) and become rows of `texts`.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import available_timezones

from data.types import Basis, FuzzyDate, Listing, NameKind, Quality, Region, Status

SEED: Final = Path(__file__).parent / "seed"

Row = dict[str, Any]
Parse = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong in the data set, where it stands, and what would be right."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One CSV file: its table, its columns in order, which of them make the key, and the fields that its language files hold."""

    table: str
    key: tuple[str, ...]
    columns: Mapping[str, Parse]
    texts: tuple[str, ...] = ()
    lang: str = ""
    """Set for a sheet that is one file a language without being texts: case forms."""

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.table}.{self.lang}.csv" if self.lang else f"{self.table}.csv"


@dataclass(slots=True)
class Records:
    """All rows of the data set by table. `lines` tells where a row stands, by table and key."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    lines: dict[tuple[str, tuple[Any, ...]], tuple[str, int]] = field(default_factory=dict)

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows.setdefault(table, [])

    def where(self, table: str, key: tuple[Any, ...]) -> tuple[str, int]:
        """File and line of a row."""
        return self.lines.get((table, key), (f"{table}.csv", 0))


def _text(cell: str) -> str:
    if not cell:
        raise ValueError("must not be empty")
    return cell


def _optional(parse: Parse) -> Parse:
    return lambda cell: parse(cell) if cell else None


def _date(cell: str) -> str:
    return str(FuzzyDate.parse(cell))


def _number(cell: str) -> int:
    if not re.fullmatch(r"-?\d+", cell):
        raise ValueError("must be a whole number")
    return int(cell)


def _degrees(limit: int) -> Parse:
    def parse(cell: str) -> float:
        value = float(cell)
        if not -limit <= value <= limit:
            raise ValueError(f"must be between -{limit} and {limit} degrees")
        return value

    return parse


def _one_of(*allowed: str) -> Parse:
    def parse(cell: str) -> str:
        if cell not in allowed:
            raise ValueError(f"must be one of {', '.join(repr(value) for value in allowed)}")
        return cell

    return parse


def _list(parse: Parse = _text) -> Parse:
    return lambda cell: [parse(part) for part in cell.split()]


def _some(parse: Parse) -> Parse:
    def some(cell: str) -> list[Any]:
        if not cell.split():
            raise ValueError("must not be empty: no fact without a source")
        return [parse(part) for part in cell.split()]

    return some


_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[\x21-\x7e]*)?(\?[\x21-\x7e]*)?")
_UNFIT = re.compile(r"https?://(preprod\.|[^/]*staging|\d+\.\d+\.\d+\.\d+|[^/]*/search\?)")


def _url(cell: str) -> str:
    if not _URL.fullmatch(cell):
        raise ValueError(f"not an address: {cell!r}")
    if _UNFIT.match(cell):
        raise ValueError(f"not a source fit to show (staging host, search page or bare IP address): {cell!r}")
    return cell


def is_address(text: str) -> bool:
    """Whether a text is the address of a page fit to be a source."""
    return bool(_URL.fullmatch(text)) and not _UNFIT.match(text)


_zones: Final = functools.cache(available_timezones)
"""Reading the system's list of zones takes longer than reading the whole data set."""


def _zone(cell: str) -> str:
    if cell not in _zones():
        raise ValueError(f"not an IANA time zone: {cell!r}")
    return cell


def _values(kind: type[Status | Basis | Region | Listing | Quality | NameKind]) -> Parse:
    return _one_of(*(member.value for member in kind))


_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _slug(cell: str) -> str:
    if not _SLUG.fullmatch(cell):
        raise ValueError("must be lower-case letters and digits joined by hyphens")
    return cell


_COUNTRY: Final = re.compile(r"[A-Z]{2}")


def _country(cell: str) -> str:
    if not _COUNTRY.fullmatch(cell):
        raise ValueError("must be an ISO 3166 code of two capital letters")
    return cell


def _lang(cell: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", cell):
        raise ValueError("must be a BCP 47 language tag")
    return cell


_DATE = _optional(_date)
_YEAR = _optional(_number)
_SOURCES = _some(_url)
_FORMS: Final[Mapping[str, Parse]] = {"genitive": _text, "locative": _text}

SHEETS: Final[tuple[Sheet, ...]] = (
    Sheet("publishers", ("host",), {"host": _text, "name_en": _text, "name_uk": _text, "quality": _values(Quality)}),
    Sheet("sources", ("url",), {"url": _url, "date": _DATE}),
    Sheet(
        "countries",
        ("country",),
        {"country": _country, "region": _optional(_values(Region)), "listing": _values(Listing), "as_of": _DATE, "sources": _list(_url)},
    ),
    Sheet(
        "region_names",
        ("region", "lang", "kind", "name"),
        {"region": _values(Region), "lang": _lang, "kind": _values(NameKind), "name": _text},
    ),
    Sheet(
        "country_names", ("country", "lang", "kind", "name"), {"country": _country, "lang": _lang, "kind": _values(NameKind), "name": _text}
    ),
    Sheet("country_forms", ("country", "lang"), {"country": _country, **_FORMS}, lang="uk"),
    Sheet(
        "cities",
        ("id",),
        {
            "number": _number,
            "id": _slug,
            "country": _country,
            "region": _values(Region),
            "admin1": _optional(_text),
            "status": _values(Status),
            "joined": _YEAR,
            "joined_basis": _optional(_values(Basis)),
            "left_by": _YEAR,
            "abolished": _DATE,
            "as_of": _DATE,
            "lat": _optional(_degrees(90)),
            "lon": _optional(_degrees(180)),
            "zone": _optional(_zone),
            "sources": _SOURCES,
        },
        texts=("note",),
    ),
    Sheet("city_names", ("city", "lang", "kind", "name"), {"city": _slug, "lang": _lang, "kind": _values(NameKind), "name": _text}),
    Sheet("city_forms", ("city", "lang"), {"city": _slug, **_FORMS}, lang="uk"),
    Sheet(
        "totals",
        ("scope", "key", "date", "line"),
        {
            "scope": _one_of("network", "country", "capitals", "residents", "newcomers"),
            "key": str,
            "date": _date,
            "cities": _YEAR,
            "countries": _YEAR,
            "approximate": _one_of("", "yes"),
            "sources": _SOURCES,
        },
    ),
    Sheet(
        "intakes",
        ("year",),
        {
            "year": _number,
            "date": _date,
            "cities": _number,
            "countries": _YEAR,
            "network_cities": _YEAR,
            "network_countries": _YEAR,
            "listing": _values(Listing),
            "sources": _SOURCES,
        },
    ),
    Sheet(
        "award_rounds",
        ("year",),
        {"year": _number, "date": _date, "conference": _slug, "cities": _number, "listing": _values(Listing), "sources": _SOURCES},
    ),
    Sheet("awards", ("city", "year"), {"city": _slug, "year": _number, "sources": _SOURCES}, texts=("reason",)),
    Sheet(
        "theme_names",
        ("theme", "lang", "kind", "name"),
        {"theme": _slug, "lang": _lang, "kind": _values(NameKind), "name": _text},
    ),
    Sheet("themes", ("id",), {"id": _slug, "position": _number}, texts=("label", "definition")),
    Sheet(
        "practices",
        ("id",),
        {"id": _slug, "city": _slug, "themes": _list(_slug), "sdgs": _list(_number), "year": _YEAR, "sources": _SOURCES},
        texts=("title", "summary"),
    ),
    Sheet(
        "conferences",
        ("id",),
        {
            "id": _slug,
            "number": _YEAR,
            "start": _date,
            "end": _DATE,
            "country": _optional(_country),
            "city": _optional(_slug),
            "sources": _SOURCES,
        },
        texts=("place", "theme", "summary"),
    ),
    Sheet(
        "documents",
        ("id",),
        {"id": _slug, "date": _DATE, "conference": _optional(_slug), "url": _optional(_url), "sources": _SOURCES},
        texts=("title", "summary"),
    ),
    Sheet(
        "features",
        ("id",),
        {"id": _slug, "part": _one_of("pediment", "column", "step"), "position": _number, "sources": _SOURCES},
        texts=("title", "summary"),
    ),
    Sheet(
        "rules", ("id",), {"id": _slug, "topic": _slug, "position": _number, "as_of": _date, "sources": _SOURCES}, texts=("title", "text")
    ),
    Sheet(
        "contacts",
        ("id",),
        {
            "id": _slug,
            "kind": _one_of("email", "postal", "web"),
            "value": _text,
            "country": _optional(_country),
            "as_of": _date,
            "sources": _SOURCES,
        },
        texts=("label",),
    ),
    Sheet("networks", ("id",), {"id": _slug, "sources": _SOURCES}, texts=("name", "summary")),
    Sheet("faq", ("id",), {"id": _slug, "topic": _slug, "as_of": _date, "sources": _SOURCES}, texts=("question", "answer")),
    Sheet(
        "news",
        ("id",),
        {
            "id": _slug,
            "date": _DATE,
            "cities": _list(_slug),
            "countries": _list(_country),
            "topics": _list(_slug),
            "deadline": _DATE,
            "sources": _SOURCES,
        },
        texts=("title", "summary"),
    ),
)


def digest(folder: Path = SEED) -> str:
    """A fingerprint of the files, by which a process sees that the seed changed."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def read(folder: Path = SEED) -> tuple[Records, list[Defect]]:
    """All rows of the data set in a folder, and what could not be read. Rows with a defect are left out."""
    records, defects = Records(), list[Defect]()
    for sheet in SHEETS:
        _read_sheet(folder, sheet, records, defects)
        for path in sorted(folder.glob(f"{sheet.table}.*.csv")) if sheet.texts else ():
            _read_texts(path, sheet, records, defects)
    return records, defects


def _read_sheet(folder: Path, sheet: Sheet, records: Records, defects: list[Defect]) -> None:
    rows = records[sheet.table]
    for line, cells in _lines(folder / sheet.file, tuple(sheet.columns), defects):
        row, wrong = _parse(sheet.columns, cells)
        defects += [Defect(sheet.file, line, message) for message in wrong]
        if wrong:
            continue
        if sheet.lang:
            row["lang"] = sheet.lang
        if "line" in sheet.key:
            row["line"] = line
        key = tuple(row[column] for column in sheet.key)
        if (sheet.table, key) in records.lines:
            defects.append(
                Defect(sheet.file, line, f"{' '.join(map(str, key))} stands twice; first on line {records.lines[sheet.table, key][1]}")
            )
            continue
        records.lines[sheet.table, key] = (sheet.file, line)
        rows.append(row)


def _read_texts(path: Path, sheet: Sheet, records: Records, defects: list[Defect]) -> None:
    lang = path.name.split(".")[1]
    seen = set[str]()
    for line, cells in _lines(path, (*sheet.key, *sheet.texts), defects):
        key = "/".join(cells[column] for column in sheet.key)
        if key in seen:
            defects.append(Defect(path.name, line, f"{key} stands twice"))
        elif (sheet.table, _typed_key(sheet, cells)) not in records.lines:
            defects.append(Defect(path.name, line, f"{key} is no row of {sheet.file}"))
        else:
            for name in sheet.texts:
                if cells[name]:
                    records["texts"].append({"subject": sheet.table, "key": key, "lang": lang, "field": name, "text": cells[name]})
                    records.lines["texts", (sheet.table, key, lang, name)] = (path.name, line)
        seen.add(key)


def _typed_key(sheet: Sheet, cells: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(_parse({column: sheet.columns[column]}, cells)[0].get(column) for column in sheet.key)


def _parse(columns: Mapping[str, Parse], cells: Mapping[str, str]) -> tuple[Row, list[str]]:
    row, wrong = Row(), list[str]()
    for column, parse in columns.items():
        try:
            row[column] = parse(cells[column])
        except ValueError as error:
            wrong.append(f"{column}: {error}")
    return row, wrong


def _lines(path: Path, columns: tuple[str, ...], defects: list[Defect]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and stripped cells of each row of a file with exactly these columns."""
    if not path.is_file():
        defects.append(Defect(path.name, 0, "the file is missing"))
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if tuple(header) != columns:
            defects.append(Defect(path.name, 1, f"the columns must be {','.join(columns)}"))
            return
        for cells in reader:
            if len(cells) != len(columns):
                defects.append(Defect(path.name, reader.line_num, f"{len(cells)} cells in a row of {len(columns)}"))
                continue
            yield reader.line_num, {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
