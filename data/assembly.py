"""Making the catalogue out of rows: the one place that knows how tables become the domain's values."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from data.catalogue import Catalogue
from data.gazetteer import read_forms, read_places, read_words
from data.names import Entry, Kind, NameIndex, Ref, Word
from data.questions.faq import Features, read_wordings
from data.questions.frames import Frames
from data.questions.lexicon import Lexicon
from data.types import (
    SOURCE_LANG,
    Award,
    AwardRound,
    Basis,
    City,
    CityId,
    Conference,
    Contact,
    Country,
    CountryCode,
    Document,
    FaqEntry,
    Feature,
    Forms,
    FuzzyDate,
    Intake,
    Lang,
    Listing,
    NameKind,
    Naming,
    Network,
    NewsId,
    NewsItem,
    Place,
    Point,
    Practice,
    PracticeId,
    Quality,
    Region,
    Rule,
    Source,
    Status,
    Theme,
    ThemeId,
    Total,
)

if TYPE_CHECKING:
    from pathlib import Path

    from data.sheets import Records, Row

LAST: Final = dt.date.min
Texts = Mapping[Lang, str]
NAMED: Final = (
    ("city_names", "city", Kind.CITY),
    ("country_names", "country", Kind.COUNTRY),
    ("region_names", "region", Kind.REGION),
    ("theme_names", "theme", Kind.THEME),
)
NO_TEXTS: Final[Texts] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tables:
    """What is read from files rather than from the database: it names and words that no admin edits."""

    places: Sequence[Place] = ()
    entries: Sequence[Entry] = ()
    """Names of places, and case forms of all names."""
    words: Sequence[Word] = ()
    """Ordinary words that look like names or stand beside them."""
    lexicon: Lexicon = field(default_factory=lambda: Lexicon({}, ()))
    frames: Frames = field(default_factory=lambda: Frames({}, ()))
    faq_features: Sequence[tuple[str, Features]] = ()
    """What the wordings of the FAQ's questions speak of, by entry."""


def read_tables(folder: Path) -> Tables:
    """The tables of a seed folder that go into the catalogue without passing through the database."""
    gazetteer = read_places(folder / "places.tsv")
    words = read_words(folder / "stopwords.csv", folder / "name_words.csv")
    forms = read_forms(folder / "name_forms.uk.tsv")
    return Tables(
        gazetteer.places,
        (*gazetteer.entries, *forms),
        words,
        Lexicon.read(folder),
        Frames.read(folder),
        tuple(read_wordings(folder / "faq_features.tsv")),
    )


def assemble(records: Records, revision: int, tables: Tables) -> Catalogue:
    """The catalogue of one revision."""
    return _Assembly(records, revision, tables).catalogue()


class _Assembly:
    def __init__(self, records: Records, revision: int, tables: Tables) -> None:
        self.records = records
        self.revision = revision
        self.tables = tables
        self.publishers = {row["host"]: row for row in records["publishers"]}
        self.dated = {row["url"]: row["date"] for row in records["sources"]}
        self.texts: dict[tuple[str, str, str], dict[Lang, str]] = defaultdict(dict)
        for row in records["texts"]:
            self.texts[row["subject"], row["key"], row["field"]][Lang(row["lang"])] = row["text"]
        self.city_names = _by(records["city_names"], "city")
        self.city_forms = _by(records["city_forms"], "city")
        self.country_names = _by(records["country_names"], "country")
        self.country_forms = _by(records["country_forms"], "country")
        self._sources: dict[str, Source] = {}

    def catalogue(self) -> Catalogue:
        awards = _by_value((award for award in map(self._award, self.records["awards"])), lambda award: award.city)
        cities = {
            city.id: city for city in (self._city(row, awards) for row in sorted(self.records["cities"], key=lambda row: row["number"]))
        }
        themes = {theme.id: theme for theme in sorted(map(self._theme, self.records["themes"]), key=lambda theme: theme.position)}
        practices = {practice.id: practice for practice in map(self._practice, self.records["practices"])}
        return Catalogue(
            revision=self.revision,
            cities=MappingProxyType(cities),
            countries=MappingProxyType({country.code: country for country in map(self._country, self._countries())}),
            themes=MappingProxyType(themes),
            practices=MappingProxyType(practices),
            places=MappingProxyType({place.id: place for place in self.tables.places}),
            totals=tuple(sorted(map(self._total, self.records["totals"]), key=lambda total: total.date)),
            intakes=tuple(sorted(map(self._intake, self.records["intakes"]), key=lambda intake: intake.year)),
            award_rounds=tuple(sorted(map(self._round, self.records["award_rounds"]), key=lambda round_: round_.year)),
            conferences=tuple(sorted(map(self._conference, self.records["conferences"]), key=lambda conference: conference.start)),
            documents=tuple(map(self._document, self.records["documents"])),
            features=tuple(sorted(map(self._feature, self.records["features"]), key=lambda feature: (feature.part, feature.position))),
            rules=tuple(sorted(map(self._rule, self.records["rules"]), key=lambda rule: (rule.topic, rule.position))),
            contacts=tuple(map(self._contact, self.records["contacts"])),
            networks=tuple(map(self._network, self.records["networks"])),
            faq=tuple(map(self._faq, self.records["faq"])),
            news=tuple(sorted(map(self._news, self.records["news"]), key=_newest_first, reverse=True)),
            names=NameIndex.build([*self._name_entries(), *self.tables.entries], self.tables.words),
            lexicon=self.tables.lexicon,
            frames=self.tables.frames,
            faq_features=self.tables.faq_features,
        )

    def _countries(self) -> list[Row]:
        """Rows of countries.csv, and of every country that only has a name: places may lie in it."""
        known = {row["country"] for row in self.records["countries"]}
        bare: Row = {"region": None, "listing": "", "as_of": None, "sources": []}
        return [*self.records["countries"], *({"country": code, **bare} for code in self.country_names if code not in known)]

    def _name_entries(self) -> Iterable[Entry]:
        for table, owner, kind in NAMED:
            for row in self.records[table]:
                yield Entry(row["name"], Ref(kind, row[owner]), row["lang"], NameKind(row["kind"]))
        for row in self.records["texts"]:
            if row["subject"] == "themes" and row["field"] == "label":
                yield Entry(row["text"], Ref(Kind.THEME, row["key"]), row["lang"], NameKind.MAIN)

    def _text(self, subject: str, key: str, field: str) -> Texts:
        found = self.texts.get((subject, key, field))
        return MappingProxyType(found) if found else NO_TEXTS

    def _source(self, url: str) -> Source:
        if url not in self._sources:
            host = (urlsplit(url).hostname or "").removeprefix("www.")
            row = self.publishers.get(host, {"name_en": host, "name_uk": host, "quality": Quality.MIRROR})
            publisher = {SOURCE_LANG: row["name_en"], Lang("uk"): row["name_uk"]}
            self._sources[url] = Source(url, MappingProxyType(publisher), Quality(row["quality"]), _date(self.dated.get(url)))
        return self._sources[url]

    def _cited(self, row: Row) -> tuple[Source, ...]:
        return tuple(map(self._source, row["sources"]))

    def _naming(self, names: Sequence[Row], forms: Sequence[Row]) -> Naming:
        return Naming(
            main=MappingProxyType({Lang(row["lang"]): row["name"] for row in names if row["kind"] == NameKind.MAIN}),
            local=tuple(row["name"] for row in names if row["kind"] == NameKind.LOCAL),
            forms=MappingProxyType({Lang(row["lang"]): Forms(row["genitive"], row["locative"]) for row in forms}),
        )

    def _city(self, row: Row, awards: Mapping[CityId, tuple[Award, ...]]) -> City:
        city = CityId(row["id"])
        return City(
            number=row["number"],
            id=city,
            naming=self._naming(self.city_names.get(city, ()), self.city_forms.get(city, ())),
            country=CountryCode(row["country"]),
            region=Region(row["region"]),
            admin1=row["admin1"] or "",
            status=Status(row["status"]),
            joined=row["joined"],
            joined_basis=Basis(row["joined_basis"]) if row["joined_basis"] else None,
            left_by=row["left_by"],
            abolished=_date(row["abolished"]),
            as_of=_date(row["as_of"]),
            point=None if row["lat"] is None or row["lon"] is None else Point(row["lat"], row["lon"]),
            zone=row["zone"] or "",
            note=self._text("cities", city, "note"),
            awards=tuple(sorted(awards.get(city, ()), key=lambda award: award.year)),
            sources=self._cited(row),
        )

    def _country(self, row: Row) -> Country:
        code = CountryCode(row["country"])
        naming = self._naming(self.country_names.get(code, ()), self.country_forms.get(code, ()))
        region = Region(row["region"]) if row["region"] else None
        return Country(code, naming, region, Listing(row["listing"]), _date(row["as_of"]), self._cited(row))

    def _award(self, row: Row) -> Award:
        return Award(CityId(row["city"]), row["year"], self._text("awards", f"{row['city']}/{row['year']}", "reason"), self._cited(row))

    def _round(self, row: Row) -> AwardRound:
        return AwardRound(
            row["year"], FuzzyDate.parse(row["date"]), row["conference"], row["cities"], Listing(row["listing"]), self._cited(row)
        )

    def _theme(self, row: Row) -> Theme:
        key = row["id"]
        return Theme(ThemeId(key), row["position"], self._text("themes", key, "label"), self._text("themes", key, "definition"))

    def _practice(self, row: Row) -> Practice:
        return Practice(
            id=PracticeId(row["id"]),
            city=CityId(row["city"]),
            themes=tuple(map(ThemeId, row["themes"])),
            sdgs=tuple(row["sdgs"]),
            year=row["year"],
            title=self._text("practices", row["id"], "title"),
            summary=self._text("practices", row["id"], "summary"),
            sources=self._cited(row),
        )

    def _total(self, row: Row) -> Total:
        return Total(
            row["scope"],
            row["key"],
            FuzzyDate.parse(row["date"]),
            row["cities"],
            row["countries"],
            approximate=row["approximate"] == "yes",
            sources=self._cited(row),
        )

    def _intake(self, row: Row) -> Intake:
        return Intake(
            row["year"],
            FuzzyDate.parse(row["date"]),
            row["cities"],
            row["countries"],
            row["network_cities"],
            row["network_countries"],
            Listing(row["listing"]),
            self._cited(row),
        )

    def _conference(self, row: Row) -> Conference:
        return Conference(
            id=row["id"],
            number=row["number"],
            start=FuzzyDate.parse(row["start"]),
            end=_date(row["end"]),
            country=CountryCode(row["country"]) if row["country"] else None,
            city=CityId(row["city"]) if row["city"] else None,
            place=self._text("conferences", row["id"], "place"),
            theme=self._text("conferences", row["id"], "theme"),
            summary=self._text("conferences", row["id"], "summary"),
            sources=self._cited(row),
        )

    def _document(self, row: Row) -> Document:
        return Document(
            id=row["id"],
            date=_date(row["date"]),
            conference=row["conference"] or "",
            url=row["url"] or "",
            title=self._text("documents", row["id"], "title"),
            summary=self._text("documents", row["id"], "summary"),
            sources=self._cited(row),
        )

    def _feature(self, row: Row) -> Feature:
        title, summary = self._text("features", row["id"], "title"), self._text("features", row["id"], "summary")
        return Feature(row["id"], row["part"], row["position"], title, summary, self._cited(row))

    def _rule(self, row: Row) -> Rule:
        title, text = self._text("rules", row["id"], "title"), self._text("rules", row["id"], "text")
        return Rule(row["id"], row["topic"], row["position"], FuzzyDate.parse(row["as_of"]), title, text, self._cited(row))

    def _contact(self, row: Row) -> Contact:
        country = CountryCode(row["country"]) if row["country"] else None
        label = self._text("contacts", row["id"], "label")
        return Contact(row["id"], row["kind"], row["value"], country, FuzzyDate.parse(row["as_of"]), label, self._cited(row))

    def _network(self, row: Row) -> Network:
        name, summary = self._text("networks", row["id"], "name"), self._text("networks", row["id"], "summary")
        return Network(row["id"], name, summary, self._cited(row))

    def _faq(self, row: Row) -> FaqEntry:
        question, answer = self._text("faq", row["id"], "question"), self._text("faq", row["id"], "answer")
        return FaqEntry(row["id"], row["topic"], FuzzyDate.parse(row["as_of"]), question, answer, self._cited(row))

    def _news(self, row: Row) -> NewsItem:
        return NewsItem(
            id=NewsId(row["id"]),
            date=_date(row["date"]),
            cities=tuple(map(CityId, row["cities"])),
            countries=tuple(map(CountryCode, row["countries"])),
            topics=tuple(row["topics"]),
            deadline=_day(row["deadline"]),
            title=self._text("news", row["id"], "title"),
            summary=self._text("news", row["id"], "summary"),
            sources=self._cited(row),
        )


def _date(text: str | None) -> FuzzyDate | None:
    return FuzzyDate.parse(text) if text else None


def _day(text: str | None) -> dt.date | None:
    return FuzzyDate.parse(text).first_day if text else None


def _newest_first(item: NewsItem) -> tuple[dt.date, str]:
    return (item.date.first_day if item.date else LAST, item.id)


def _by(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _by_value(values: Iterable[Any], key: Any) -> dict[Any, tuple[Any, ...]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for value in values:
        groups[key(value)].append(value)
    return {name: tuple(group) for name, group in groups.items()}
