"""Each rule of the data set finds its defect, and says where it stands and what would be right."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from data.check import RULES, Coverage, Rule, Seed, check, check_places, coverage, publisher_of
from data.sheets import SEED, SHEETS, Defect, Records, Row, read

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 11, 22)
URL = "https://www.uil.unesco.org/nikopol"
FILES = {sheet.table: sheet for sheet in SHEETS}


def add(records: Records, table: str, **row: Any) -> None:
    """Put a row below the last one of its file; line 1 is the heading."""
    sheet = FILES[table]
    if sheet.lang:
        row["lang"] = sheet.lang
    records.lines[table, tuple(row[column] for column in sheet.key)] = (sheet.file, len(records[table]) + 2)
    records[table].append(row)


def say(records: Records, table: str, key: str, **fields: tuple[str, str]) -> None:
    """Give a row its texts: field=(English, Ukrainian)."""
    for name, texts in fields.items():
        for lang, text in zip(("en", "uk"), texts, strict=True):
            records.lines["texts", (table, key, lang, name)] = (f"{table}.{lang}.csv", 2)
            records["texts"].append({"subject": table, "key": key, "lang": lang, "field": name, "text": text})


CITY = {
    "country": "UA",
    "region": "europe-north-america",
    "admin1": None,
    "status": "member",
    "joined": 2017,
    "joined_basis": "announced",
    "left_by": None,
    "abolished": None,
    "as_of": "2025-12",
    "lat": 47.57,
    "lon": 34.4,
    "zone": "Europe/Kyiv",
    "sources": [URL],
}


def name_city(records: Records, city: str, en: str, uk: str) -> None:
    add(records, "city_names", city=city, lang="en", kind="main", name=en)
    add(records, "city_names", city=city, lang="uk", kind="main", name=uk)


def good() -> Records:
    """The smallest set that breaks no rule: Nikopol and Lviv, and one row of everything that points to them."""
    records = Records()
    add(records, "publishers", host="uil.unesco.org", name_en="UIL", name_uk="Інститут ЮНЕСКО", quality="unesco")
    add(records, "sources", url=URL, date="2025-12-04")
    add(records, "countries", country="UA", region="europe-north-america", listing="complete", as_of="2025-12", sources=[URL])
    add(records, "country_names", country="UA", lang="en", kind="main", name="Ukraine")
    add(records, "country_names", country="UA", lang="uk", kind="main", name="Україна")
    add(records, "country_forms", country="UA", genitive="України", locative="в Україні")
    add(records, "region_names", region="africa", lang="uk", kind="main", name="Африка")
    add(records, "cities", number=1, id="nikopol", **CITY)
    add(records, "cities", number=2, id="lviv", **CITY)
    name_city(records, "nikopol", "Nikopol", "Нікополь")
    name_city(records, "lviv", "Lviv", "Львів")
    add(records, "city_forms", city="nikopol", genitive="Нікополя", locative="у Нікополі")
    add(records, "totals", scope="network", key="", date="2025-12-04", line=2, cities=425, countries=91, approximate="", sources=[URL])
    add(records, "totals", scope="country", key="UA", date="2025-12", line=3, cities=2, countries=None, approximate="", sources=[URL])
    add(records, "intakes", year=2017, date="2017-10", cities=30, countries=9, listing="partial", sources=[URL])
    add(records, "conferences", id="iclc3", number=3, start="2017-09-18", end="2017-09-20", country="UA", city="nikopol", sources=[URL])
    say(records, "conferences", "iclc3", place=("Nikopol", "Нікополь"), summary=("It met.", "Відбулася."))
    add(records, "award_rounds", year=2015, date="2015-09", conference="iclc3", cities=12, listing="partial", sources=[URL])
    add(records, "award_rounds", year=2019, date="2019-09-30", conference="iclc3", cities=1, listing="complete", sources=[URL])
    add(records, "awards", city="nikopol", year=2019, sources=[URL])
    say(records, "awards", "nikopol/2019", reason=("For its festival.", "За фестиваль."))
    add(records, "themes", id="digital", position=1)
    say(records, "themes", "digital", label=("Digital", "Цифрове"), definition=("Skills.", "Навички."))
    add(records, "practices", id="p001", city="nikopol", themes=["digital"], sdgs=[4], year=2019, sources=[URL])
    say(records, "practices", "p001", title=("A festival", "Фестиваль"), summary=("It learns.", "Місто вчиться."))
    add(records, "documents", id="guide", date="2017-12", conference="iclc3", url=URL, sources=[URL])
    say(records, "documents", "guide", title=("Guide", "Посібник"), summary=("Advice.", "Поради."))
    add(records, "contacts", id="mail", kind="email", value="a@b.org", country="UA", as_of="2024", sources=[URL])
    say(records, "contacts", "mail", label=("Mail", "Пошта"))
    add(records, "news", id="n001", date="2025", cities=["lviv"], countries=["UA"], topics=[], deadline="2025-06-15", sources=[URL])
    say(records, "news", "n001", title=("News", "Новина"), summary=("It happened.", "Сталося."))
    return records


@dataclass(frozen=True)
class Case:
    """One cell or text made wrong, and the defect as `data check` prints it."""

    table: str
    row: int
    cells: Row = field(default_factory=dict)
    defect: str = ""

    def records(self) -> Records:
        records = good()
        row = records[self.table][self.row]
        sheet = FILES.get(self.table)
        place = sheet and records.where(sheet.table, tuple(row[column] for column in sheet.key))
        row.update(self.cells)
        if sheet and place:
            records.lines[sheet.table, tuple(row[column] for column in sheet.key)] = place
        return records


@dataclass(frozen=True)
class Said:
    """One text of a practice made wrong in a language."""

    lang: str
    text: str
    defect: str
    field: str = "summary"

    def records(self) -> Records:
        records = good()
        for row in records["texts"]:
            if (row["subject"], row["lang"], row["field"]) == ("practices", self.lang, self.field):
                row["text"] = self.text
        return records


CASES: dict[str, Case | Said] = {
    "a practice of an unknown city": Case(
        "practices", 0, {"city": "nikopl"}, "practices.csv:2: city: nikopl is no row of cities.csv; perhaps nikopol"
    ),
    "news of an unknown country": Case("news", 0, {"countries": ["XX"]}, "news.csv:2: countries: XX is no row of country_names.csv"),
    "an unknown theme": Case("practices", 0, {"themes": ["dancing"]}, "practices.csv:2: themes: dancing is no row of themes.csv"),
    "a document of no conference": Case(
        "documents", 0, {"conference": "iclc9"}, "documents.csv:2: conference: iclc9 is no row of conferences.csv; perhaps iclc3"
    ),
    "a total of no country": Case("totals", 1, {"key": ""}, "totals.csv:3: key: nothing is no row of country_names.csv"),
    "a keyed total of the network": Case("totals", 0, {"key": "UA"}, "totals.csv:2: key: must be empty for network"),
    "a total of nothing": Case("totals", 1, {"cities": None}, "totals.csv:3: a total needs cities or countries"),
    "a made-up code": Case("country_names", 0, {"country": "QQ"}, "country_names.csv:2: QQ is no country code of ISO 3166"),
    "a number twice": Case("cities", 1, {"number": 1}, "cities.csv:3: number: 1 is already that of nikopol"),
    "a number of nought": Case("cities", 1, {"number": 0}, "cities.csv:3: number: must be 1 or more"),
    "a city without a Ukrainian name": Case(
        "city_names", 3, {"kind": "alias"}, "cities.csv:3: lviv needs a main name (uk) in city_names.csv"
    ),
    "two main names": Case(
        "city_names", 2, {"city": "nikopol"}, "city_names.csv:4: nikopol has a main name (en) already: Nikopol; make one of them an alias"
    ),
    "two cities of one name": Case(
        "city_names",
        3,
        {"name": "Нікополь"},
        "city_names.csv:5: Нікополь is the main name (uk) of nikopol too; tell them apart in brackets",
    ),
    "a year without a basis": Case(
        "cities", 0, {"joined_basis": None}, "cities.csv:2: joined and joined_basis stand together or not at all"
    ),
    "a year before the network": Case("cities", 0, {"joined": 2010}, "cities.csv:2: joined: must be 2013 to 2026"),
    "a year to come": Case("cities", 0, {"joined": 2027}, "cities.csv:2: joined: must be 2013 to 2026"),
    "left while a member": Case("cities", 0, {"left_by": 2020}, "cities.csv:2: left_by: must be empty for member"),
    "former since nobody knows when": Case("cities", 0, {"status": "former"}, "cities.csv:2: a former city needs left_by"),
    "left before it joined": Case(
        "cities", 0, {"status": "former", "left_by": 2016}, "cities.csv:2: left_by: must not be before 2017, the year it joined"
    ),
    "a city in another region": Case(
        "cities", 0, {"region": "africa"}, "cities.csv:2: region: UA is in europe-north-america by countries.csv"
    ),
    "half a point": Case("cities", 0, {"lat": None}, "cities.csv:2: lat and lon stand together or not at all"),
    "a clock of another continent": Case(
        "cities", 0, {"zone": "Asia/Seoul"}, "cities.csv:2: zone: Asia/Seoul is 6.7 h from the sun at 34.4°"
    ),
    "a wrong preposition": Case(
        "city_forms", 0, {"locative": "в Нікополі"}, "city_forms.uk.csv:2: locative: must begin with у (or на), then the name"
    ),
    "a genitive with a preposition": Case(
        "city_forms", 0, {"genitive": "до Нікополя"}, "city_forms.uk.csv:2: genitive: must stand without a preposition"
    ),
    "a country not listed": Case(
        "countries", 0, {"listing": ""}, "countries.csv:2: listing: must be complete or partial, since 2 members are named"
    ),
    "a list out of nowhere": Case("countries", 0, {"sources": []}, "countries.csv:2: listing: needs as_of and sources"),
    "complete and short": Case(
        "totals", 1, {"cities": 3}, "countries.csv:2: listing: must be partial, since 3 members are stated at 2025-12 and 2 named"
    ),
    "partial and all there": Case(
        "countries",
        0,
        {"listing": "partial"},
        "countries.csv:2: listing: must be complete, since 2 members are stated at 2025-12 and 2 named",
    ),
    "more named than stated": Case(
        "totals", 1, {"cities": 1}, "countries.csv:2: 1 members are stated at 2025-12 and 2 named: one of the two is wrong"
    ),
    "more than the network": Case("totals", 0, {"cities": 1}, "totals.csv:2: 2 members are named, 1 stated: one of the two is wrong"),
    "an intake said to be complete": Case(
        "intakes", 0, {"listing": "complete"}, "intakes.csv:2: listing: 2 cities named, 30 stated; must be partial or the rows mended"
    ),
    "a round said to be partial": Case(
        "award_rounds", 1, {"listing": "partial"}, "award_rounds.csv:3: listing: must be complete, since all 1 cities are named"
    ),
    "an award before membership": Case(
        "cities", 0, {"joined": 2020}, "awards.csv:2: nikopol joined in 2020 by cities.csv: one of the two years is wrong"
    ),
    "a statement of tomorrow": Case("cities", 0, {"as_of": "2026-11-23"}, "cities.csv:2: as_of: 2026-11-23 is still to come"),
    "a statement later than its sources": Case(
        "cities", 0, {"as_of": "2026-02"}, "cities.csv:2: as_of: 2026-02 is later than its newest source, 2025-12-04"
    ),
    "a member since nobody says": Case("cities", 0, {"as_of": None}, "cities.csv:2: as_of: must not be empty for member"),
    "an end before the start": Case("conferences", 0, {"end": "2017-09-10"}, "conferences.csv:2: end: must not be before 2017-09-18"),
    "a deadline of a month": Case("news", 0, {"deadline": "2025-06"}, "news.csv:2: deadline: must be a full date, YYYY-MM-DD"),
    "a practice of no theme": Case("practices", 0, {"themes": []}, "practices.csv:2: themes: needs at least one"),
    "an eighteenth goal": Case("practices", 0, {"sdgs": [18]}, "practices.csv:2: sdgs: 18 is none of the goals 1 to 17"),
    "a practice to come": Case("practices", 0, {"year": 2027}, "practices.csv:2: year: 2027 is still to come"),
    "an unknown publisher": Case(
        "awards", 0, {"sources": ["https://www.example.org/a"]}, "awards.csv:2: example.org needs a row in publishers.csv"
    ),
    "a publisher nobody cites": Case(
        "publishers", 0, {"host": "unesco.org"}, "publishers.csv:2: unesco.org is cited nowhere; take the row out"
    ),
    "a dated source nobody cites": Case("sources", 0, {"url": f"{URL}/x"}, "sources.csv:2: cited nowhere; take the row out"),
    "a source twice": Case("awards", 0, {"sources": [URL, URL]}, f"awards.csv:2: sources: {URL} stands 2 times"),
    "a text in one language": Case("texts", -1, {"lang": "fr"}, "news.csv:2: n001: summary is missing in news.uk.csv"),
    "a Cyrillic English name": Case(
        "city_names", 0, {"name": "Нікополь"}, "city_names.csv:2: Нікополь is not written in the letters of en"
    ),
    "a Latin Ukrainian name": Case("city_names", 1, {"name": "Nikopol"}, "city_names.csv:3: Nikopol is not written in the letters of uk"),
    "a title too long": Said("en", "a" * 121, "practices.en.csv:2: p001: title: 121 characters, at most 120", "title"),
    "another apostrophe": Said(
        "uk", "Памʼять і пам’ять", "practices.uk.csv:2: p001: summary: the apostrophe is ʼ (U+02BC): …амʼять і пам’ять…"
    ),
    "straight quotation marks": Said(
        "uk", 'Місто "вчиться"', 'practices.uk.csv:2: p001: summary: quotation marks are «»: …Місто "вчиться"…'
    ),
    "a hyphen for a dash": Said("uk", "Місто - учень", "practices.uk.csv:2: p001: summary: a dash is – with spaces: …Місто - учень…"),
    "a hyphen in a range": Said("uk", "2019-2021", "practices.uk.csv:2: p001: summary: a range has – without spaces: …2019-2021…"),
    "a Latin letter in a word": Said(
        "uk", "Нiкополь", "practices.uk.csv:2: p001: summary: Latin and Cyrillic letters in one word: …Нiкополь…"
    ),
    "a Russian letter": Said("uk", "Никополь был", "practices.uk.csv:2: p001: summary: a letter that Ukrainian has not: …Никополь был…"),
    "two spaces": Said("uk", "Місто  вчиться", "practices.uk.csv:2: p001: summary: a space too many: …Місто  вчиться…"),
    "Ukrainian among the English": Said(
        "en", "Нікополь learns", "practices.en.csv:2: p001: summary: Cyrillic letters belong in «» in an English text"
    ),
}


def found(records: Records) -> list[str]:
    return [str(defect) for defect in check(records, today=TODAY)]


def test_a_good_set_has_no_defect() -> None:
    assert found(good()) == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_defect_is_named_with_file_and_line(case: Case | Said) -> None:
    assert case.defect in found(case.records())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_is_shown_to_work(rule: Rule) -> None:
    assert any(list(rule(Seed(case.records(), TODAY))) for case in CASES.values())


@pytest.mark.parametrize("text", ["Корковʼяни", "2019–2021 роки – це «Час»", "IT-компанія та 3D-друк", "COVID-19", "12.30, 1,5 та 10:00"])
def test_right_ukrainian_is_left_alone(text: str) -> None:
    assert found(Said("uk", text, "").records()) == []


def test_a_ukrainian_name_may_be_quoted_in_english() -> None:
    assert found(Said("en", "It is called «Премія «Місто, що навчається»».", "").records()) == []


def test_an_optional_text_may_be_missing_in_both_languages_but_not_in_one() -> None:
    records = good()
    records["texts"][:] = [row for row in records["texts"] if row["subject"] != "awards"]
    assert found(records) == []
    say(records, "awards", "nikopol/2019", reason=("For its festival.", "За фестиваль."))
    records["texts"].pop()
    assert found(records) == ["awards.csv:2: nikopol/2019: reason is missing in awards.uk.csv"]


def test_the_first_award_went_to_cities_that_joined_later() -> None:
    records = good()
    add(records, "awards", city="lviv", year=2015, sources=[URL])
    assert found(records) == []


def test_an_old_or_rough_total_does_not_make_a_list_complete() -> None:
    old = Case("totals", 1, {"date": "2016-10"}).records()
    old["countries"][0]["listing"] = "partial"
    assert found(old) == []
    rough = Case("totals", 1, {"approximate": "yes", "cities": 1}).records()
    assert found(rough) == []


def test_a_list_may_stay_partial_while_a_member_is_known_from_the_count_alone() -> None:
    records = Case("cities", 1, {"joined": None, "joined_basis": None}).records()
    records["countries"][0]["listing"] = "partial"
    assert found(records) == []


def test_what_could_not_be_read_is_told_with_the_rest_in_order() -> None:
    unread = Defect("awards.csv", 1, "the columns must be city,year,sources")
    assert check(Case("practices", 0, {"sdgs": [18]}).records(), [unread], TODAY) == [
        unread,
        Defect("practices.csv", 2, "sdgs: 18 is none of the goals 1 to 17"),
    ]


def test_a_broken_line_of_a_file_is_found_where_it_stands(tmp_path: Path) -> None:
    seed = tmp_path / "seed"
    shutil.copytree(SEED, seed)
    path = seed / "award_rounds.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",iclc4,", ",iclc44,"), encoding="utf-8")
    line = next(number for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if "iclc44" in text)
    assert f"award_rounds.csv:{line}: conference: iclc44 is no row of conferences.csv; perhaps iclc4" in map(str, check(*read(seed)))


def test_crimea_is_ukraine_in_the_gazetteer(tmp_path: Path) -> None:
    path = tmp_path / "places.tsv"
    path.write_text(
        "id\tcountry\tlat\tlon\tzone\ten\n"
        "1\tUA\t44.948\t34.104\tEurope/Kyiv\tSimferopol\n"
        "2\tRU\t44.607\t33.532\tEurope/Simferopol\tSevastopol\n"
        "2\tUA\t45.355\t36.467\tEurope/Simferopol\tKerch\n"
        "3\tRU\t45.04\t38.976\tEurope/Moscow\tKrasnodar\n",
        encoding="utf-8",
    )
    assert list(map(str, check_places(path))) == [
        "places.tsv:3: Sevastopol lies in Crimea: country must be UA",
        "places.tsv:4: Kerch: zone must be Europe/Kyiv",
        "places.tsv:4: 2 stands twice",
    ]


def test_coverage_counts_what_is_known_of_what_there_is() -> None:
    table = {row.what: row for row in coverage(good())}
    assert table["members of the network named"] == Coverage("members of the network named", 2, 425)
    assert table["cities with a join year: announced"].share == 1.0
    assert table["cities with Ukrainian case forms"].known == 1
    assert table["cities with a local name"].share == 0.0
    assert table["intake of 2017: cities named with an announced year"] == Coverage(
        "intake of 2017: cities named with an announced year", 2, 30
    )
    assert table["sources: unesco"].known == 1


def test_nothing_of_nothing_is_all() -> None:
    assert Coverage("awards", 0, 0).share == 1.0


def test_a_publisher_is_found_by_its_host_without_www() -> None:
    assert publisher_of("https://www.uil.unesco.org:443/en?x=1") == "uil.unesco.org"
