"""The rules of the data set that one row alone cannot tell, and how far the set goes.

`data.sheets` reads the files and says what cannot be read; here every rule is one function from the whole set to its defects, and `RULES`
lists them. A message says what would be right. `data/seed/README.md` has the rules in words.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale

from data.sheets import SEED, SHEETS, Defect, Records, Row
from data.types import Basis, FuzzyDate, Listing, NameKind, Precision, Quality, Status

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED: Final = ("en", "uk")
"""The languages that every text of the shipped set has."""
LAUNCHED: Final = 2013
"""The network was launched in Beijing in October 2013."""
GOALS: Final = range(1, 18)
MERIDIAN_DEGREES: Final = 15
LAX_HOURS: Final = 3.5
"""Clocks run this far from the sun at most (western China: about 3 h)."""
OPTIONAL: Final = {("cities", "note"), ("awards", "reason"), ("conferences", "theme")}
"""Texts that a row may do without; in one language they still need the other."""
LONGEST: Final[Mapping[str, int]] = {
    "title": 120,
    "label": 80,
    "name": 120,
    "place": 120,
    "theme": 200,
    "question": 200,
    "reason": 300,
    "note": 300,
    "definition": 300,
    "summary": 600,
    "text": 600,
    "answer": 900,
}
"""Characters of a text by its field: a card with its lines fits one message."""

_KEYS: Final = {sheet.table: sheet.key for sheet in SHEETS}
_FILES: Final = {sheet.table: sheet.file for sheet in SHEETS}


class Seed:
    """The rows, found by what the rules ask for. `today` is the day of the check."""

    def __init__(self, records: Records, today: dt.date) -> None:
        self.records = records
        self.today = today

    def __getitem__(self, table: str) -> list[Row]:
        return self.records[table]

    def defect(self, table: str, row: Row, message: str) -> Defect:
        """A defect where the row stands."""
        return Defect(*self.records.where(table, tuple(row[column] for column in _KEYS[table])), message)

    def text_defect(self, text: Row, message: str) -> Defect:
        """A defect where the row of a text stands."""
        sheet = text["subject"]
        key = (sheet, text["key"], text["lang"], text["field"])
        file, line = self.records.lines.get(("texts", key), (f"{sheet}.{text['lang']}.csv", 0))
        return Defect(file, line, f"{text['key']}: {text['field']}: {message}")

    def ids(self, table: str) -> set[Any]:
        """The first key column of a table: what other tables link to."""
        return self._ids.setdefault(table, {row[_KEYS[table][0]] for row in self[table]})

    @cached_property
    def _ids(self) -> dict[str, set[Any]]:
        return {}

    @cached_property
    def cited(self) -> tuple[tuple[str, Row, str], ...]:
        """Every address with the table and row that give it."""
        listed = ((table, row, url) for table in _KEYS for row in self[table] for url in row.get("sources", ()))
        single = ((table, row, row["url"]) for table in ("documents", "sources") for row in self[table] if row["url"])
        return (*listed, *single)

    @cached_property
    def named(self) -> Counter[str]:
        """How many members we name, by country."""
        return Counter(row["country"] for row in self["cities"] if row["status"] == Status.MEMBER)

    @cached_property
    def stated(self) -> dict[str, Row]:
        """The newest exact total that a source states, by country; the whole network under an empty key."""
        totals = (row for row in self["totals"] if row["scope"] in {"country", "network"} and row["cities"] and not row["approximate"])
        return {row["key"]: row for row in sorted(totals, key=lambda row: (row["date"], row["line"]))}

    @cached_property
    def newest_intake(self) -> str:
        """The month since when a total counts all intakes."""
        return max((row["date"][:7] for row in self["intakes"]), default="")


Findings = Iterator[Defect]
Rule = Callable[[Seed], Findings]


# --- What is linked exists ----------------------------------------------------------------------------------------------------------------

LINKS: Final = (
    ("cities", "country", "countries"),
    ("countries", "country", "country_names"),
    ("country_forms", "country", "country_names"),
    ("city_names", "city", "cities"),
    ("city_forms", "city", "cities"),
    ("awards", "city", "cities"),
    ("awards", "year", "award_rounds"),
    ("award_rounds", "conference", "conferences"),
    ("theme_names", "theme", "themes"),
    ("practices", "city", "cities"),
    ("practices", "themes", "themes"),
    ("conferences", "city", "cities"),
    ("conferences", "country", "country_names"),
    ("documents", "conference", "conferences"),
    ("contacts", "country", "country_names"),
    ("news", "cities", "cities"),
    ("news", "countries", "country_names"),
)
"""Table, column, and the table whose first key column its values are."""


def links_lead_somewhere(seed: Seed) -> Findings:
    """Ids name rows."""
    for table, column, target in LINKS:
        ids = seed.ids(target)
        for row in seed[table]:
            values = row[column] if isinstance(row[column], list) else [row[column]]
            for value in values:
                if value is not None and value not in ids:
                    yield seed.defect(table, row, f"{column}: {value} is no row of {_FILES[target]}{_perhaps(value, ids)}")


def country_totals_have_a_country(seed: Seed) -> Findings:
    """Only a total of a country has a key."""
    countries = seed.ids("country_names")
    for row in seed["totals"]:
        if row["scope"] == "country" and row["key"] not in countries:
            yield seed.defect("totals", row, f"key: {row['key'] or 'nothing'} is no row of country_names.csv")
        if row["scope"] != "country" and row["key"]:
            yield seed.defect("totals", row, f"key: must be empty for {row['scope']}")
        if row["cities"] is None and row["countries"] is None:
            yield seed.defect("totals", row, "a total needs cities or countries")


def country_codes_are_known(seed: Seed) -> Findings:
    """Codes are ISO 3166, as Babel has them."""
    known = Locale("en").territories
    for row in seed["country_names"]:
        if row["country"] not in known:
            yield seed.defect("country_names", row, f"{row['country']} is no country code of ISO 3166")


def _perhaps(value: Any, ids: Iterable[Any]) -> str:
    near = difflib.get_close_matches(str(value), map(str, ids), n=1)
    return f"; perhaps {near[0]}" if near else ""


# --- Cities and their names ---------------------------------------------------------------------------------------------------------------


def numbers_are_unique(seed: Seed) -> Findings:
    """Numbers stand in buttons: positive, each once."""
    for table, scope, column in (
        ("cities", (), "number"),
        ("conferences", (), "number"),
        ("themes", (), "position"),
        ("features", ("part",), "position"),
        ("rules", ("topic",), "position"),
    ):
        first: dict[tuple[Any, ...], Row] = {}
        for row in seed[table]:
            if row[column] is None:
                continue
            if row[column] < 1:
                yield seed.defect(table, row, f"{column}: must be 1 or more")
            key = (*(row[name] for name in scope), row[column])
            if first.setdefault(key, row) is not row:
                yield seed.defect(table, row, f"{column}: {row[column]} is already that of {first[key]['id']}")


def everything_has_one_main_name(seed: Seed) -> Findings:
    """One main name a language, and always an English and a Ukrainian one."""
    for owners, names, column in (
        ("cities", "city_names", "city"),
        ("countries", "country_names", "country"),
        ("country_names", "country_names", "country"),
    ):
        main = Counter((row[column], row["lang"]) for row in seed[names] if row["kind"] == NameKind.MAIN)
        for row in seed[owners]:
            owner = row[_KEYS[owners][0]]
            for lang in SHIPPED:
                if not main[owner, lang]:
                    main[owner, lang] = 1
                    yield seed.defect(owners, row, f"{owner} needs a main name ({lang}) in {_FILES[names]}")
    for names in ("city_names", "country_names", "region_names"):
        yield from _one_main_each(seed, names)


def _one_main_each(seed: Seed, names: str) -> Findings:
    first: dict[tuple[str, str], Row] = {}
    owner_of: dict[tuple[str, str], Row] = {}
    owner = _KEYS[names][0]
    for row in seed[names]:
        if row["kind"] != NameKind.MAIN:
            continue
        own = first.setdefault((row[owner], row["lang"]), row)
        other = owner_of.setdefault((row["name"].casefold(), row["lang"]), row)
        if own is not row:
            yield seed.defect(names, row, f"{row[owner]} has a main name ({row['lang']}) already: {own['name']}; make one of them an alias")
        elif other is not row:
            yield seed.defect(
                names, row, f"{row['name']} is the main name ({row['lang']}) of {other[owner]} too; tell them apart in brackets"
            )


def join_years_have_a_basis(seed: Seed) -> Findings:
    """A year never stands without its basis, and lies in the network's time."""
    for row in seed["cities"]:
        if (row["joined"] is None) != (row["joined_basis"] is None):
            yield seed.defect("cities", row, "joined and joined_basis stand together or not at all")
        if row["joined"] is not None and not LAUNCHED <= row["joined"] <= seed.today.year:
            yield seed.defect("cities", row, f"joined: must be {LAUNCHED} to {seed.today.year}")


def leaving_follows_joining(seed: Seed) -> Findings:
    """`left_by` belongs to former cities and is not before the join year."""
    for row in seed["cities"]:
        former = row["status"] == Status.FORMER
        if former != (row["left_by"] is not None):
            yield seed.defect("cities", row, "a former city needs left_by" if former else f"left_by: must be empty for {row['status']}")
        if row["left_by"] and row["joined"] and row["left_by"] < row["joined"]:
            yield seed.defect("cities", row, f"left_by: must not be before {row['joined']}, the year it joined")


def regions_agree(seed: Seed) -> Findings:
    """A city lies in the region of its country."""
    region_of = {row["country"]: row["region"] for row in seed["countries"]}
    for row in seed["cities"]:
        region = region_of.get(row["country"], row["region"])
        if row["region"] != region:
            yield seed.defect("cities", row, f"region: {row['country']} is in {region or 'no region'} by countries.csv")


def clocks_fit_the_place(seed: Seed) -> Findings:
    """A time zone far from the longitude is somebody else's."""
    for row in seed["cities"]:
        if (row["lat"] is None) != (row["lon"] is None):
            yield seed.defect("cities", row, "lat and lon stand together or not at all")
        if row["lon"] is None or row["zone"] is None:
            continue
        offset = ZoneInfo(row["zone"]).utcoffset(dt.datetime(seed.today.year, 1, 1))  # noqa: DTZ001 - the zone's own clock
        hours = (offset or dt.timedelta()) / dt.timedelta(hours=1)
        apart = abs((hours - row["lon"] / MERIDIAN_DEGREES + 12) % 24 - 12)
        if apart > LAX_HOURS:
            yield seed.defect("cities", row, f"zone: {row['zone']} is {apart:.1f} h from the sun at {row['lon']}°")


PREPOSITIONS: Final = (("аеиіоу", ("в",)), ("єїюяй", ("в", "у")), ("", ("у",)))
"""How «in» begins by the name's first letter: before a vowel, before the sound [j], else."""


def forms_have_their_shape(seed: Seed) -> Findings:
    """A genitive stands bare, a locative with a preposition that suits the first letter."""
    for table in ("city_forms", "country_forms"):
        for row in seed[table]:
            preposition, _, name = row["locative"].partition(" ")
            fitting = next(words for letters, words in PREPOSITIONS if name[:1].casefold() in letters or not letters)
            if preposition not in {"на", *fitting}:
                yield seed.defect(table, row, f"locative: must begin with {' or '.join(fitting)} (or на), then the name")
            if row["genitive"].startswith(("у ", "в ", "на ", "до ")):
                yield seed.defect(table, row, "genitive: must stand without a preposition")


# --- Totals and lists ---------------------------------------------------------------------------------------------------------------------


def country_lists_fit_the_totals(seed: Seed) -> Findings:
    """We never name more members than a full count states, and a list that names as many is complete.

    A member without a join year may be known from the count alone; a list with one may stay partial.
    """
    vague = {row["country"] for row in seed["cities"] if row["status"] == Status.MEMBER and row["joined"] is None}
    for row in seed["countries"]:
        named, total = seed.named[row["country"]], seed.stated.get(row["country"])
        if named and not row["listing"]:
            yield seed.defect("countries", row, f"listing: must be complete or partial, since {named} members are named")
        if row["listing"] and not (row["sources"] and row["as_of"]):
            yield seed.defect("countries", row, "listing: needs as_of and sources")
        if total is None:
            continue
        new = total["date"] >= seed.newest_intake
        complete = row["listing"] == Listing.COMPLETE
        said = f"{total['cities']} members are stated at {total['date']} and {named} named"
        if named > total["cities"] and (new or complete):
            yield seed.defect("countries", row, f"{said}: one of the two is wrong")
        elif complete and named < total["cities"]:
            yield seed.defect("countries", row, f"listing: must be partial, since {said}")
        elif new and named == total["cities"] and not complete and row["country"] not in vague:
            yield seed.defect("countries", row, f"listing: must be complete, since {said}")


def the_network_is_not_overcounted(seed: Seed) -> Findings:
    """All members named are at most the network's newest total."""
    total, named = seed.stated.get(""), sum(seed.named.values())
    if total and named > total["cities"]:
        yield seed.defect("totals", total, f"{named} members are named, {total['cities']} stated: one of the two is wrong")


def round_lists_fit_their_counts(seed: Seed) -> Findings:
    """An intake or award round is listed completely exactly when as many cities are named as it had."""
    awarded = Counter(row["year"] for row in seed["awards"])
    admitted = Counter(row["joined"] for row in seed["cities"] if row["joined_basis"] == Basis.ANNOUNCED)
    for table, named in (("award_rounds", awarded), ("intakes", admitted)):
        for row in seed[table]:
            count, complete = named[row["year"]], row["listing"] == Listing.COMPLETE
            if complete and count != row["cities"]:
                yield seed.defect(table, row, f"listing: {count} cities named, {row['cities']} stated; must be partial or the rows mended")
            if table == "award_rounds" and not complete and count >= row["cities"]:
                yield seed.defect(table, row, f"listing: must be complete, since all {row['cities']} cities are named")


def awards_are_for_members(seed: Seed) -> Findings:
    """Only members receive the award; in its first round, when the network had just opened, others did too."""
    joined = {row["id"]: row["joined"] for row in seed["cities"] if row["joined"]}
    first = min((row["year"] for row in seed["award_rounds"]), default=None)
    for row in seed["awards"]:
        year = joined.get(row["city"], row["year"])
        if row["year"] < year and row["year"] != first:
            yield seed.defect("awards", row, f"{row['city']} joined in {year} by cities.csv: one of the two years is wrong")


# --- Dates --------------------------------------------------------------------------------------------------------------------------------

DATED: Final = (
    *((table, "as_of") for table in ("cities", "countries", "rules", "contacts", "faq")),
    *((table, "date") for table in ("totals", "intakes", "award_rounds", "documents", "news", "sources")),
)


def dates_are_past(seed: Seed) -> Findings:
    """What a source states has happened by the day of the check."""
    for table, column in DATED:
        for row in seed[table]:
            if row[column] and FuzzyDate.parse(row[column]).first_day > seed.today:
                yield seed.defect(table, row, f"{column}: {row[column]} is still to come")


def statements_have_a_source_of_their_day(seed: Seed) -> Findings:
    """`as_of` is the date of the newest source; it cannot be later than all of them."""
    dated = {row["url"]: row["date"] for row in seed["sources"] if row["date"]}
    for table in ("cities", "countries"):
        for row in seed[table]:
            dates = [dated.get(url) for url in row["sources"]]
            newest = max((date for date in dates if date), default=None)
            if row["as_of"] and newest and None not in dates and not _reaches(newest, row["as_of"]):
                yield seed.defect(table, row, f"as_of: {row['as_of']} is later than its newest source, {newest}")


def _reaches(newest: str, as_of: str) -> bool:
    return newest >= as_of or as_of.startswith(newest)


def members_are_dated(seed: Seed) -> Findings:
    """Who is said to be a member today is so by a date."""
    for row in seed["cities"]:
        if row["status"] == Status.MEMBER and not row["as_of"]:
            yield seed.defect("cities", row, "as_of: must not be empty for member")


def spans_run_forward(seed: Seed) -> Findings:
    """A conference does not end before it starts."""
    for row in seed["conferences"]:
        if row["end"] and FuzzyDate.parse(row["end"]) < FuzzyDate.parse(row["start"]):
            yield seed.defect("conferences", row, f"end: must not be before {row['start']}")


def deadlines_are_days(seed: Seed) -> Findings:
    """A reminder needs a day."""
    for row in seed["news"]:
        if row["deadline"] and FuzzyDate.parse(row["deadline"]).precision is not Precision.DAY:
            yield seed.defect("news", row, "deadline: must be a full date, YYYY-MM-DD")


def practices_are_filed(seed: Seed) -> Findings:
    """A practice is found by a theme; its goals are among the seventeen; its year has begun."""
    for row in seed["practices"]:
        if not row["themes"]:
            yield seed.defect("practices", row, "themes: needs at least one")
        for goal in row["sdgs"]:
            if goal not in GOALS:
                yield seed.defect("practices", row, f"sdgs: {goal} is none of the goals 1 to 17")
        if row["year"] and row["year"] > seed.today.year:
            yield seed.defect("practices", row, f"year: {row['year']} is still to come")


# --- Sources ------------------------------------------------------------------------------------------------------------------------------


def hosts_have_publishers(seed: Seed) -> Findings:
    """Who speaks in a source is known."""
    hosts, missing = seed.ids("publishers"), set[str]()
    for table, row, url in seed.cited:
        host = publisher_of(url)
        if host not in hosts and host not in missing:
            missing.add(host)
            yield seed.defect(table, row, f"{host} needs a row in publishers.csv")


def publishers_are_cited(seed: Seed) -> Findings:
    """A publisher or a dated source that nobody cites is a leftover."""
    used = {publisher_of(url) for _, _, url in seed.cited}
    for row in seed["publishers"]:
        if row["host"] not in used:
            yield seed.defect("publishers", row, f"{row['host']} is cited nowhere; take the row out")
    cited = {url for table, _, url in seed.cited if table != "sources"}
    for row in seed["sources"]:
        if row["url"] not in cited:
            yield seed.defect("sources", row, "cited nowhere; take the row out")


def sources_stand_once(seed: Seed) -> Findings:
    """No address twice in one row."""
    for table in _KEYS:
        for row in seed[table]:
            addresses: list[str] = row.get("sources", [])
            for url, times in Counter(addresses).items():
                if times > 1:
                    yield seed.defect(table, row, f"sources: {url} stands {times} times")


def publisher_of(url: str) -> str:
    """The host by which an address is found in publishers.csv."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


# --- Texts --------------------------------------------------------------------------------------------------------------------------------


def texts_are_in_both_languages(seed: Seed) -> Findings:
    """Every row has its texts in English and Ukrainian; an optional text in both or in neither."""
    held = {(row["subject"], row["key"], row["lang"], row["field"]) for row in seed["texts"]}
    for sheet in SHEETS:
        for row in seed[sheet.table] if sheet.texts else ():
            key = "/".join(str(row[column]) for column in sheet.key)
            for field in sheet.texts:
                missing = [lang for lang in SHIPPED if (sheet.table, key, lang, field) not in held]
                if missing and not ((sheet.table, field) in OPTIONAL and len(missing) == len(SHIPPED)):
                    files = " and ".join(f"{sheet.table}.{lang}.csv" for lang in missing)
                    yield seed.defect(sheet.table, row, f"{key}: {field} is missing in {files}")


def texts_keep_their_length(seed: Seed) -> Findings:
    """A card fits a message."""
    for row in seed["texts"]:
        longest = LONGEST.get(row["field"])
        if longest and len(row["text"]) > longest:
            yield seed.text_defect(row, f"{len(row['text'])} characters, at most {longest}")


SLIPS: Final = (
    (re.compile(r"(?<=[А-ЩЬЮЯҐЄІЇа-щьюяґєії])['’`‘]|['’`‘](?=[А-ЩЬЮЯҐЄІЇа-щьюяґєії])"), "the apostrophe is ʼ (U+02BC)"),
    (re.compile(r"[\"“”„]"), "quotation marks are «»"),
    (re.compile(r" - | — | -- |--"), "a dash is – with spaces"),
    (re.compile(r"(?<![\w-])\d+-\d+(?![\w-])"), "a range has – without spaces"),
    (re.compile(r"[A-Za-z][А-Яа-яҐґЄєІіЇї]|[А-Яа-яҐґЄєІіЇї][A-Za-z]"), "Latin and Cyrillic letters in one word"),
    (re.compile(r"[ЁёЫыЭэЪъ]"), "a letter that Ukrainian has not"),
    (re.compile(r"  | [,.;:!?](?: |$)|\( | \)|« | »"), "a space too many"),
)
"""What a Ukrainian text must not hold, and what would be right."""


def ukrainian_is_set_right(seed: Seed) -> Findings:
    """Apostrophes, quotation marks, dashes and letters of Ukrainian texts and names."""
    for row in seed["texts"]:
        if row["lang"] == "uk":
            for wrong in _slips(row["text"]):
                yield seed.text_defect(row, wrong)
    for table, columns in (
        ("publishers", ("name_uk",)),
        ("city_names", ("name",)),
        ("country_names", ("name",)),
        ("region_names", ("name",)),
        ("theme_names", ("name",)),
        ("city_forms", ("genitive", "locative")),
        ("country_forms", ("genitive", "locative")),
    ):
        for row in seed[table]:
            for column in columns if row.get("lang", "uk") == "uk" else ():
                for wrong in _slips(row[column]):
                    yield seed.defect(table, row, f"{column}: {wrong}")


def _slips(text: str) -> Iterator[str]:
    for pattern, right in SLIPS:
        found = pattern.search(text)
        if found:
            start = max(0, found.start() - 12)
            yield f"{right}: …{text[start : found.end() + 12]}…"


_CYRILLIC: Final = re.compile(r"[Ѐ-ӿ]")
_QUOTED: Final = re.compile(r"«(?:[^«»]|«[^»]*»)*»")


def names_are_in_their_script(seed: Seed) -> Findings:
    """Ukrainian main names are Cyrillic, English names and texts are not, but for what they quote."""
    for table in ("city_names", "country_names", "region_names"):
        for row in seed[table]:
            if row["kind"] == NameKind.MAIN and row["lang"] in SHIPPED and bool(_CYRILLIC.search(row["name"])) != (row["lang"] == "uk"):
                yield seed.defect(table, row, f"{row['name']} is not written in the letters of {row['lang']}")
    for row in seed["texts"]:
        if row["lang"] == "en" and _CYRILLIC.search(_QUOTED.sub("", row["text"])):
            yield seed.text_defect(row, "Cyrillic letters belong in «» in an English text")


RULES: Final[tuple[Rule, ...]] = (
    links_lead_somewhere,
    country_totals_have_a_country,
    country_codes_are_known,
    numbers_are_unique,
    everything_has_one_main_name,
    join_years_have_a_basis,
    leaving_follows_joining,
    regions_agree,
    clocks_fit_the_place,
    forms_have_their_shape,
    country_lists_fit_the_totals,
    the_network_is_not_overcounted,
    round_lists_fit_their_counts,
    awards_are_for_members,
    dates_are_past,
    statements_have_a_source_of_their_day,
    members_are_dated,
    spans_run_forward,
    deadlines_are_days,
    practices_are_filed,
    hosts_have_publishers,
    publishers_are_cited,
    sources_stand_once,
    texts_are_in_both_languages,
    texts_keep_their_length,
    ukrainian_is_set_right,
    names_are_in_their_script,
)


def check(records: Records, defects: Sequence[Defect] = (), today: dt.date | None = None) -> list[Defect]:
    """The defects that reading found and those that the rules find, by file and line."""
    seed = Seed(records, today or dt.datetime.now(dt.UTC).date())
    found = {*defects, *(defect for rule in RULES for defect in rule(seed))}
    return sorted(found, key=lambda defect: (defect.file, defect.line, defect.message))


# --- The gazetteer ------------------------------------------------------------------------------------------------------------------------

CRIMEA: Final = ((44.3, 46.25), (32.4, 36.65))
"""Latitudes and longitudes of a box around Crimea and Sevastopol; the far side of the strait is outside."""


def check_places(path: Path = SEED / "places.tsv") -> list[Defect]:
    """Crimea is Ukraine, on Kyiv time, in the gazetteer as everywhere; ids stand once."""
    defects, seen = list[Defect](), set[str]()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        for row in reader:
            inside = all(low <= float(row[column]) <= high for column, (low, high) in zip(("lat", "lon"), CRIMEA, strict=True))
            if inside and row["country"] != "UA":
                defects.append(Defect(path.name, reader.line_num, f"{row['en']} lies in Crimea: country must be UA"))
            if row["country"] == "UA" and row["zone"] != "Europe/Kyiv":
                defects.append(Defect(path.name, reader.line_num, f"{row['en']}: zone must be Europe/Kyiv"))
            if row["id"] in seen:
                defects.append(Defect(path.name, reader.line_num, f"{row['id']} stands twice"))
            seen.add(row["id"])
    return defects


# --- Coverage -----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """One line of the coverage table: `known` of `of`."""

    what: str
    known: int
    of: int

    @property
    def share(self) -> float:
        """0 to 1; of nothing, all is known."""
        return self.known / self.of if self.of else 1.0


def coverage(records: Records) -> tuple[Coverage, ...]:
    """How far the set goes, for the table that `data check` prints."""
    seed = Seed(records, dt.date.max)
    return (*_network(seed), *_cities(seed), *_countries(seed), *_texts(seed), *_sources(seed))


def _network(seed: Seed) -> Iterator[Coverage]:
    total = seed.stated.get("")
    named = sum(seed.named.values())
    yield Coverage("members of the network named", named, total["cities"] if total else named)
    if total and total["countries"]:
        yield Coverage("countries of the network named", len(seed.named), total["countries"])


def _cities(seed: Seed) -> Iterator[Coverage]:
    cities = seed["cities"]
    names = defaultdict[str, set[str]](set)
    for row in seed["city_names"]:
        names[row["lang"] if row["kind"] == NameKind.MAIN else row["kind"]].add(row["city"])
    forms = {row["city"] for row in seed["city_forms"]}
    for status in Status:
        yield Coverage(f"cities: {status}", sum(row["status"] == status for row in cities), len(cities))
    for basis in Basis:
        yield Coverage(f"cities with a join year: {basis}", sum(row["joined_basis"] == basis for row in cities), len(cities))
    yield Coverage("cities with coordinates", sum(row["lat"] is not None for row in cities), len(cities))
    yield Coverage("cities with a Ukrainian name", len(names["uk"]), len(cities))
    yield Coverage("cities with Ukrainian case forms", len(forms), len(cities))
    yield Coverage("cities with a local name", len(names[NameKind.LOCAL]), len(cities))


def _countries(seed: Seed) -> Iterator[Coverage]:
    with_members = [row for row in seed["countries"] if seed.named[row["country"]]]
    for listing in (Listing.COMPLETE, Listing.PARTIAL):
        yield Coverage(f"countries with members: {listing}", sum(row["listing"] == listing for row in with_members), len(with_members))
    admitted = Counter(row["joined"] for row in seed["cities"] if row["joined_basis"] == Basis.ANNOUNCED)
    for row in seed["intakes"]:
        yield Coverage(f"intake of {row['year']}: cities named with an announced year", admitted[row["year"]], row["cities"])


def _texts(seed: Seed) -> Iterator[Coverage]:
    held = Counter((row["subject"], row["lang"], row["field"]) for row in seed["texts"])
    for what, table, field in (
        ("practices", "practices", "summary"),
        ("awards with a reason", "awards", "reason"),
        ("FAQ", "faq", "answer"),
        ("news", "news", "summary"),
        ("rules", "rules", "text"),
    ):
        for lang in SHIPPED:
            yield Coverage(f"{what}: {lang}", held[table, lang, field], len(seed[table]))
    yield Coverage("practices with a year", sum(row["year"] is not None for row in seed["practices"]), len(seed["practices"]))
    yield Coverage("news with a date", sum(row["date"] is not None for row in seed["news"]), len(seed["news"]))


def _sources(seed: Seed) -> Iterator[Coverage]:
    quality_of = {row["host"]: row["quality"] for row in seed["publishers"]}
    urls = {url for table, _, url in seed.cited if table != "sources"}
    count = Counter(quality_of.get(publisher_of(url)) for url in urls)
    for quality in Quality:
        yield Coverage(f"sources: {quality}", count[quality], len(urls))
    dated = {row["url"] for row in seed["sources"] if row["date"]}
    yield Coverage("sources with a date", len(urls & dated), len(urls))
